"""Reads the files of a log from a server that may be slow, broken or hostile."""

from infra.log.http_exchange import LONGEST_ANSWER, BadAddress, HttpExchange, NoAnswer
from infra.log.regular_files import UnreadableLog

_NOT_FOR_EVERYBODY = (
    "the log needs a bearer token, and for its entries, which say who recorded them, one with the "
    "scope 'audit'; --token-file names a file with one"
)


class HttpFiles:
    """The files of a log below an address; no redirect is followed."""

    has_entries = True

    def __init__(
        self, url: str, *, token: str | None = None, longest_answer: float = LONGEST_ANSWER
    ) -> None:
        """With a bearer `token` for logs whose entries are not for everybody.

        Raises UnreadableLog where the address is none of http or https.
        """
        try:
            self._exchange = HttpExchange(
                url, user_agent="tenure verify-log", token=token, longest_answer=longest_answer
            )
        except BadAddress as bad:
            raise UnreadableLog(str(bad)) from None

    def close(self) -> None:
        self._exchange.close()

    def read(self, path: str, longest: int) -> bytes | None:
        """The content at a path; None for status 404. Raises UnreadableLog."""
        try:
            answer = self._exchange.get(path, longest)
        except NoAnswer as none:
            raise self._unreadable(path, str(none)) from None
        if answer.status == 404:
            return None
        if answer.status in (401, 403):
            why = f"the server answers {answer.status}: {_NOT_FOR_EVERYBODY}"
            raise self._unreadable(path, why)
        if answer.status != 200:
            raise self._unreadable(path, f"the server answers with status {answer.status}")
        return answer.body

    def _unreadable(self, path: str, why: str) -> UnreadableLog:
        return UnreadableLog(f"{self._exchange.url}/{path} can't be read: {why}")
