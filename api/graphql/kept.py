"""Answers that are given again, as long as nothing that they rest on has changed.

An answer for ever is kept until the views are built anew, perhaps by another rule; an answer of
what is known now, until the next entry. Both alike are for whoever may ask: an answer that depends
on the caller, or on anything besides the request and the views, is never kept.
"""

from collections.abc import Hashable
from typing import NamedTuple

from graphql import OperationType

from api.graphql.documents import Cache
from api.graphql.execution import Reply
from api.graphql.request_notes import RequestNotes

_SHARE = 8
"""An answer may have this part of the bound, so that it pushes out no more than that."""
_OVERHEAD = 500
"""The bytes of an entry besides request and answer."""

Request = tuple[bytes, bool, bytes]
"""The media type of the answer, whether it was asked by URL, and the bytes of the question."""


class Resting(NamedTuple):
    """What answers rest on, at one moment; equal values have equal answers."""

    build: Hashable
    """What even an answer for ever rests on: this build of the views."""
    now: Hashable
    """What is known now, in this build."""


class KeptAnswers:
    """Answers for ever, and as many again of what is known now."""

    def __init__(self, *, number: int, weight: int) -> None:
        """`weight` in bytes, for each of the two kinds."""
        self._number, self._weight = number, weight
        self._rests_on: Resting | None = None
        self.for_ever = self._empty()
        self.of_now = self._empty()

    def _empty(self) -> Cache[Request, Reply]:
        return Cache(number=self._number, weight=self._weight)

    def __len__(self) -> int:
        return len(self.for_ever) + len(self.of_now)

    @property
    def weight(self) -> int:
        """The weight of all kept answers, in bytes."""
        return self.for_ever.weight + self.of_now.weight

    def get(self, asked: Request, rests_on: Resting | None) -> Reply | None:
        """The answer, if it was kept and still holds. None tells that nobody knows what answers
        rest on, as while the views can't be read."""
        if rests_on is None:
            return None
        self.follow(rests_on)
        return self.for_ever.get(asked) or self.of_now.get(asked)

    def keep(self, asked: Request, reply: Reply, rests_on: Resting) -> None:
        """Keeps an answer that may be shared, unless what it rests on holds no more."""
        if rests_on != self._rests_on:
            return
        weight = len(asked[2]) + len(reply.body) + _OVERHEAD
        if weight > self._weight // _SHARE:
            return
        kept = self.for_ever if reply.is_the_same_for_ever else self.of_now
        kept.keep(asked, reply, weight=weight)

    def has(self, asked: Request) -> bool:
        """Whether an answer was kept that may still hold."""
        return asked in self.for_ever or asked in self.of_now

    def follow(self, rests_on: Resting) -> None:
        """Drops the answers that rest on anything else than what holds now."""
        if self._rests_on == rests_on:
            return
        if self._rests_on is None or self._rests_on.build != rests_on.build:
            self.for_ever = self._empty()
        self.of_now = self._empty()
        self._rests_on = rests_on


def note_kept(notes: RequestNotes, reply: Reply) -> None:
    """Notes that the request was given a kept answer."""
    notes.kind, notes.position = OperationType.QUERY.value, reply.position
    notes.is_kept, notes.is_closed = True, reply.is_the_same_for_ever
