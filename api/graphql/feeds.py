"""Feeds: what a subscription's resolver gives, to be read page by page.

A subscription is pulled. It remembers the place up to which its client was told (a cursor), and
reads on once the head of the views has moved: a slow client keeps a cursor waiting, and no results.
"""

import re
from abc import abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from typing import Any, NamedTuple


class BadCursor(Exception):
    """The text is no cursor."""


class NotYetFollowed(Exception):
    """The views have not come to the position after which the client wants to go on."""

    def __init__(self, position: int) -> None:
        super().__init__(f"the views have not followed the ledger to position {position}")
        self.position = position


class FeedOutage(Exception):
    """The feed can't be read for now: storage is out of use."""


class TakesLong(Exception):
    """The next results take too long for the event loop."""


class Cursor(NamedTuple):
    """The place of a client in a feed: what it was told up to an entry, and of the next entry."""

    position: int
    given: int = 0
    """How many results of the next entry the client has."""
    last: str = ""
    """What the last of these results is about, where known: it need not be counted up to."""

    @property
    def begun_with(self) -> int:
        """The last entry of which the client has anything."""
        return self.position + 1 if self.given else self.position

    @property
    def id(self) -> str:
        """The id of the result before, as `parse` reads it."""
        return f"{self.begun_with}:{self.given}" if self.given else str(self.position)

    @staticmethod
    def parse(text: str) -> "Cursor":
        """The cursor after the result with that id: "17", or "18:2" for the second of several
        results of one entry. Raises BadCursor."""
        found = _CURSOR.fullmatch(text)
        if found is None or (found[2] and int(found[1]) == 0):
            raise BadCursor(text)
        if found[2] is None:
            return Cursor(int(found[1]))
        return Cursor(int(found[1]) - 1, int(found[2]))


_CURSOR = re.compile(r"([0-9]{1,15})(?::([0-9]{1,9}))?", re.ASCII)


class FeedResult(NamedTuple):
    """A result of an entry, before it is executed."""

    position: int
    number: int
    """The first result of an entry is number 1."""
    is_last: bool
    """Whether it is the last of its entry."""
    value: Any
    """The value of the root field."""
    about: str = ""

    @property
    def cursor(self) -> Cursor:
        """The place of a client that has this result."""
        if self.is_last:
            return Cursor(self.position)
        return Cursor(self.position - 1, self.number, self.about)


class Feed(AsyncIterable[Any]):
    """The results of a subscription, in the order of the ledger.

    It is the event stream that GraphQL asks a resolver for; it is read by `read` alone.
    """

    start: Cursor | None
    """Where the client wants to go on; None for what comes from now on."""
    span: int
    """The number of entries that one page may look through."""

    @abstractmethod
    def read(self, cursor: Cursor, until: int, *, is_brief: bool) -> Iterator[FeedResult]:
        """The results after the cursor, up to the entry at a position. Raises TakesLong where they
        have to be brief."""

    def __aiter__(self) -> AsyncIterator[Any]:
        raise TypeError("a feed is read page by page, as the views move on")
