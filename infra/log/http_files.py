"""Reads the files of a log from a server that may be slow, broken or hostile."""

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from infra.log.regular_files import UnreadableLog

_LONGEST_SILENCE = 15.0
_LONGEST_ANSWER = 60.0
"""Seconds without a byte, and seconds for a whole answer, by default."""
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "tenure verify-log"}
_NOT_FOR_EVERYBODY = (
    "the log needs a bearer token, and for its entries, which say who recorded them, one with the "
    "scope 'audit'; --token-file names a file with one"
)


class HttpFiles:
    """The files of a log below an address; no redirect is followed."""

    has_entries = True

    def __init__(
        self, url: str, *, token: str | None = None, longest_answer: float = _LONGEST_ANSWER
    ) -> None:
        """With a bearer `token` for logs whose entries are not for everybody.

        Raises UnreadableLog where the address is none of http or https.
        """
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError as bad:
            raise UnreadableLog(f"{url} is no address: {bad}") from None
        kinds: dict[str, Callable[..., HTTPConnection]] = {
            "http": HTTPConnection,
            "https": HTTPSConnection,
        }
        if parts.scheme not in kinds or not host or parts.query or parts.fragment:
            raise UnreadableLog(f"{url} is no address of a log, such as https://example.com/tlog")
        self._url, self._path = url.rstrip("/"), parts.path.rstrip("/")
        self._connection = kinds[parts.scheme](host, port, timeout=_LONGEST_SILENCE)
        self._longest_answer = longest_answer
        self._headers = _HEADERS | ({"Authorization": f"Bearer {token}"} if token else {})

    def close(self) -> None:
        self._connection.close()

    def read(self, path: str, longest: int) -> bytes | None:
        """The content at a path; None for status 404. Raises UnreadableLog."""
        answers: SimpleQueue[bytes | Exception | None] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._content(path, longest))
            except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
                self._connection.close()
                answers.put(error)

        # A server that sends a byte now and then is never silent: the thread is left to itself.
        Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self._longest_answer)
        except Empty:
            raise self._unreadable(
                path, f"no whole answer came within {self._longest_answer:g} seconds"
            ) from None
        if isinstance(answer, OSError | HTTPException | UnicodeError):
            raise self._unreadable(path, str(answer) or type(answer).__name__) from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _content(self, path: str, longest: int) -> bytes | None:
        with self._response(path) as response:
            content = response.read(longest + 1)
            is_whole = response.isclosed()
        if not is_whole:
            self._connection.close()
        if response.status in (404, 410):
            return None
        if 300 <= response.status < 400:
            elsewhere = response.getheader("Location", "nowhere")[:200]
            raise self._unreadable(path, f"the server sends to {elsewhere!r}, which is not asked")
        if response.status in (401, 403):
            raise self._unreadable(
                path, f"the server answers {response.status}: {_NOT_FOR_EVERYBODY}"
            )
        if response.status != 200:
            raise self._unreadable(path, f"the server answers with status {response.status}")
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise self._unreadable(path, "the server compresses what it was asked for as it is")
        if len(content) > longest:
            raise self._unreadable(path, f"the answer is longer than {longest:,} bytes")
        return content

    def _response(self, path: str) -> HTTPResponse:
        """The answer on the open connection, or on a new one after the server closed the old."""
        for is_last in (False, True):
            try:
                self._connection.request("GET", f"{self._path}/{path}", headers=self._headers)
                return self._connection.getresponse()
            except ConnectionError:
                self._connection.close()
                if is_last:
                    raise
        raise AssertionError

    def _unreadable(self, path: str, why: str) -> UnreadableLog:
        return UnreadableLog(f"{self._url}/{path} can't be read: {why}")
