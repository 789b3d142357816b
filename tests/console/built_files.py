"""What a browser asks a server for, without a browser."""

from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from api.console.build import CONSOLE

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def script() -> Path:
    """The script of the page, once it is built."""
    (found,) = CONSOLE.built.glob("index-*.js")
    return found


def got(
    address: str, method: str, path: str, headers: dict[str, str]
) -> tuple[bytes, HTTPResponse]:
    """The body and the answer, of a path that no client has tidied up."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return body, answer
