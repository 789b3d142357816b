"""Local requests: made on this machine, by a program of this machine, for nobody else.

A node without keys lets every local request do everything, so a page in a browser and a proxy in
front of the node must not pass for local. A proxy without a trace in the headers can't be
recognised.
"""

import re
from functools import lru_cache
from ipaddress import ip_address

from starlette.requests import HTTPConnection

_PROXIED = {
    *("forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip"),
    *("x-original-forwarded-for", "true-client-ip", "cf-connecting-ip", "fastly-client-ip"),
}
"""The headers, besides X-Forwarded-..., by which a proxy names its client."""

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]@/]+))(?::\d*)?")


def why_not_local(asked: HTTPConnection) -> tuple[int, str] | None:
    """The status and the reason with which a request is refused as not local; None if local."""
    host = asked.headers.get("host", "")
    if not _is_loopback(_name_in(host)):
        # Any page in a browser can point a name of its own at loopback, and post to it.
        return 421, "only loopback is served"
    if asked.client and not _is_loopback(asked.client.host, if_no_address=True):
        return 403, "only requests from this machine are served"
    if _is_proxied(asked):
        return 403, "what came through a proxy is not served"
    if _is_of_another_site(asked, host):
        return 403, "what a page of another site asks is not served"
    return None


def _is_proxied(asked: HTTPConnection) -> bool:
    # As it comes, nginx long said nothing but HTTP/1.0.
    return asked.scope.get("http_version") == "1.0" or any(
        name in _PROXIED or name.startswith("x-forwarded") for name in asked.headers
    )


def _is_of_another_site(asked: HTTPConnection, host: str) -> bool:
    headers = asked.headers
    origins = set(headers.getlist("origin"))
    if origins - {f"http://{host}", f"https://{host}"}:
        return True
    # A link that somebody follows is a navigation; pictures and scripts of a page are not.
    is_followed = headers.get("sec-fetch-mode") == "navigate" and asked.scope["method"] == "GET"
    return headers.get("sec-fetch-site") in ("cross-site", "same-site") and not is_followed


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
