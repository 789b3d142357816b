"""A recorder for what is only supposed: the entries of another recorder, and more behind them.

The other recorder is read up to a position, and never written to.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import UnsupportedOperation
from itertools import islice

from infra.ledger.dcb import (
    AppendCondition,
    Query,
    QueryItem,
    ReadResponse,
    Recorder,
    SequencedEvent,
    StoredEvent,
    Subscription,
)


class SupposingRecorder(Recorder):
    """Keeps in memory what is appended, behind the recorded entries up to a position."""

    def __init__(self, recorded: Recorder, until: int) -> None:
        self._recorded, self._until = recorded, until
        self._supposed: list[SequencedEvent] = []

    def read(
        self, query: Query | None = None, *, after: int | None = None, limit: int | None = None
    ) -> ReadResponse:
        found = self._found(query, after or 0, limit)
        return _SupposedResponse(islice(found, limit), self._head or None)

    def append(
        self, events: Sequence[StoredEvent], condition: AppendCondition | None = None
    ) -> int:
        """Nobody else appends here, so that every condition holds."""
        numbered = enumerate(events, self._head + 1)
        self._supposed += [SequencedEvent(event, position) for position, event in numbered]
        return self._head

    def subscribe(
        self, query: Query | None = None, *, after: int | None = None
    ) -> "Subscription[SupposingRecorder]":
        """Raises UnsupportedOperation: what is only supposed ends with its question."""
        raise UnsupportedOperation("what is only supposed can't be followed")

    @property
    def _head(self) -> int:
        return self._until + len(self._supposed)

    def _found(
        self, query: Query | None, after: int, limit: int | None
    ) -> Iterator[SequencedEvent]:
        if after < self._until:
            recorded = self._recorded.read(query, after=after or None, limit=limit)
            yield from (each for each in recorded if each.position <= self._until)
        for each in self._supposed:
            if each.position > after and _matches(each.event, query):
                yield each


class _SupposedResponse(ReadResponse):
    def __init__(self, events: Iterable[SequencedEvent], head: int | None) -> None:
        self._events, self._head = iter(events), head

    @property
    def head(self) -> int | None:
        return self._head

    def __next__(self) -> SequencedEvent:
        return next(self._events)


def _matches(event: StoredEvent, query: Query | None) -> bool:
    return query is None or not query.items or any(_is_of(event, each) for each in query.items)


def _is_of(event: StoredEvent, item: QueryItem) -> bool:
    return (not item.types or event.type in item.types) and set(item.tags) <= set(event.tags)
