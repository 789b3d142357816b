"""Local requests: made on this machine, by a program of this machine, for nobody else.

A node without keys lets every local request do everything, so a page in a browser and a proxy in
front of the node must not pass for local. A proxy without a trace in the headers can't be
recognised.
"""

import re
from collections.abc import Iterable, Set
from functools import lru_cache
from ipaddress import ip_address

from starlette.requests import HTTPConnection
from starlette.types import Scope

_PROXIED = {
    *(b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip"),
    *(b"x-original-forwarded-for", b"true-client-ip", b"cf-connecting-ip", b"fastly-client-ip"),
}
"""The headers, besides X-Forwarded-..., by which a proxy names its client."""

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]@/]+))(?::\d*)?")


def why_not_local(asked: HTTPConnection, origins: Set[str] = frozenset()) -> tuple[int, str] | None:
    """The status and the reason with which a request is refused as not local; None if local. Pages
    of the `origins` are those of a program of this machine: its owner named them."""
    scope = asked.scope
    headers = _by_name(scope["headers"])
    host = headers.get(b"host", [b""])[0].decode("latin-1")
    client: tuple[str, int] | None = scope.get("client")
    if not _is_loopback(_name_in(host)):
        # Any page in a browser can point a name of its own at loopback, and post to it.
        return 421, "only loopback is served"
    if client and not _is_loopback(client[0], if_no_address=True):
        return 403, "only requests from this machine are served"
    # As it comes, nginx long said nothing but HTTP/1.0.
    if scope.get("http_version") == "1.0" or any(map(_names_a_client, headers)):
        return 403, "what came through a proxy is not served"
    if _is_of_another_site(scope, headers, host, origins):
        return 403, "what a page of another site asks is not served"
    return None


def _by_name(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found


def _names_a_client(name: bytes) -> bool:
    return name in _PROXIED or name.startswith(b"x-forwarded")


def is_of_another_origin(asked: HTTPConnection, allowed: Set[str]) -> bool:
    """Whether a page asks that came neither from this server nor from an origin of `allowed`."""
    origins = asked.headers.getlist("origin")
    return bool(origins) and _is_foreign(origins, asked.headers.get("host", ""), allowed)


def _is_foreign(origins: Iterable[str], host: str, allowed: Set[str]) -> bool:
    return bool(set(origins) - {f"http://{host}", f"https://{host}"} - allowed)


def _is_of_another_site(
    scope: Scope, headers: dict[bytes, list[bytes]], host: str, allowed: Set[str]
) -> bool:
    origins = [each.decode("latin-1") for each in headers.get(b"origin", ())]
    if origins and _is_foreign(origins, host, allowed):
        return True
    fetched = headers.get(b"sec-fetch-site")
    if not fetched or fetched[0] not in (b"cross-site", b"same-site"):
        return False
    if origins and origins[0] in allowed:
        return False
    # A link that somebody follows is a navigation; pictures and scripts of a page are not.
    mode = headers.get(b"sec-fetch-mode", [b""])[0]
    return not (mode == b"navigate" and scope.get("method") == "GET")


@lru_cache(maxsize=64)
def _name_in(host: str) -> str:
    """The host without the port; empty for a text of another form."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).lower() if found else ""


@lru_cache(maxsize=64)
def _is_loopback(name: str, *, if_no_address: bool = False) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return if_no_address
