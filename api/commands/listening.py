"""The socket of a server."""

import socket

from domain.refusals import Refusal


class CannotServe(Refusal):
    """An address is taken, or open to others without keys."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises CannotServe."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as taken:
        why = (taken.strerror or str(taken)).lower()
        raise CannotServe(
            f"can't listen on {host} port {port}: {why}; try another --port"
        ) from None
