"""Reads the files of a log from a server that may be slow, broken or hostile."""

from infra.log.http_exchange import LONGEST_ANSWER, BadAddress, HttpExchange, NoAnswer
from infra.log.regular_files import UnreadableLog


class HttpFiles:
    """The files of a log below an address; no redirect is followed."""

    has_entries = True

    def __init__(self, url: str, *, longest_answer: float = LONGEST_ANSWER) -> None:
        """Raises UnreadableLog where the address is none of http or https."""
        try:
            self._exchange = HttpExchange(
                url, user_agent="tenure verify-log", longest_answer=longest_answer
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
        if answer.status != 200:
            raise self._unreadable(path, f"the server answers with status {answer.status}")
        return answer.body

    def _unreadable(self, path: str, why: str) -> UnreadableLog:
        return UnreadableLog(f"{self._exchange.url}/{path} can't be read: {why}")
