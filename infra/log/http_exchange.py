"""Requests to a server that may be slow, broken or hostile: bounded in time and size."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    InvalidURL,
)
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR, socket
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit

from domain.refusals import Refusal

_LONGEST_SILENCE = 15.0
LONGEST_ANSWER = 60.0
"""Seconds without a byte, and seconds for a whole answer, by default."""


class NoAnswer(Refusal):
    """A server gave no usable answer; the message says why."""


class BadAddress(Refusal):
    """The text is no address of http or https."""


class HttpAnswer(NamedTuple):
    """A whole answer."""

    status: int
    type: str
    """The content type."""
    body: bytes


class HttpExchange:
    """One connection to a server; no redirect is followed."""

    def __init__(
        self,
        url: str,
        *,
        user_agent: str,
        token: str | None = None,
        longest_answer: float = LONGEST_ANSWER,
    ) -> None:
        """Sends a bearer `token` with each request. Raises BadAddress."""
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError as bad:
            raise BadAddress(f"{url} is no address: {bad}") from None
        kinds: dict[str, Callable[..., HTTPConnection]] = {
            "http": HTTPConnection,
            "https": HTTPSConnection,
        }
        if parts.scheme not in kinds or not host or parts.query or parts.fragment:
            raise BadAddress(f"{url} is no address such as https://example.com/tlog")
        self.url, self._path = url.rstrip("/"), parts.path.rstrip("/")
        self._headers = {"Accept-Encoding": "identity", "User-Agent": user_agent}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        # A whole answer is late first, whichever clock is quicker.
        silence = min(_LONGEST_SILENCE, longest_answer + 1)
        try:
            self._connection = kinds[parts.scheme](host, port, timeout=silence)
        except InvalidURL as bad:
            raise BadAddress(f"{url} is no address: {bad}") from None
        self._longest_answer = longest_answer
        self._socket: socket | None = None

    def close(self) -> None:
        """Closes the connection; an awaited answer is broken off."""
        self._shut_down()
        self._connection.close()

    def get(self, path: str, longest: int) -> HttpAnswer:
        """The answer to GET below the address; no bytes for status 404. Raises NoAnswer."""
        return self._ask("GET", f"/{path}", longest, None, {})

    def post(self, path: str, body: bytes, content_type: str, longest: int) -> HttpAnswer:
        """The answer to POST, at the address itself for an empty path. Raises NoAnswer."""
        at = f"/{path}" if path else ""
        return self._ask("POST", at, longest, body, {"Content-Type": content_type})

    def _ask(
        self, method: str, at: str, longest: int, body: bytes | None, headers: Mapping[str, str]
    ) -> HttpAnswer:
        answers: SimpleQueue[HttpAnswer | Exception] = SimpleQueue()
        connection = self._connection

        def ask() -> None:
            try:
                answers.put(self._answer(connection, method, at, longest, body, headers))
            except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
                connection.close()
                answers.put(error)

        # A server that sends a byte now and then is never silent: its time ends here.
        Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self._longest_answer)
        except Empty:
            self._break_off()
            raise NoAnswer(
                f"no whole answer came within {self._longest_answer:g} seconds"
            ) from None
        if isinstance(answer, OSError | HTTPException | UnicodeError):
            raise NoAnswer(str(answer) or type(answer).__name__) from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _break_off(self) -> None:
        """Ends the waiting thread's connection; the next request opens another."""
        old = self._connection
        self._connection = type(old)(old.host, old.port, timeout=old.timeout)
        self._shut_down()

    def _shut_down(self) -> None:
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(SHUT_RDWR)

    def _answer(
        self,
        connection: HTTPConnection,
        method: str,
        at: str,
        longest: int,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> HttpAnswer:
        headers = {**self._headers, **headers}
        with self._response(connection, method, f"{self._path}{at}" or "/", body, headers) as found:
            content = found.read(longest + 1)
            is_whole = found.isclosed()
        if not is_whole:
            connection.close()
        if found.status in (404, 410):
            return HttpAnswer(404, "", b"")
        if 300 <= found.status < 400:
            elsewhere = found.getheader("Location", "nowhere")[:200]
            raise NoAnswer(f"the server sends to {elsewhere!r}, which is not asked")
        if found.getheader("Content-Encoding", "identity") != "identity":
            raise NoAnswer("the server compresses what it was asked for as it is")
        if len(content) > longest:
            raise NoAnswer(f"the answer is longer than {longest:,} bytes")
        return HttpAnswer(found.status, found.getheader("Content-Type", ""), content)

    def _response(
        self,
        connection: HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> HTTPResponse:
        """The answer on the open connection, or on a new one after the server closed the old."""
        for is_last in (False, True):
            try:
                connection.request(method, path, body, headers)
                self._socket = connection.sock
                return connection.getresponse()
            except ConnectionError:
                connection.close()
                if is_last:
                    raise
        raise AssertionError
