"""Which names of the event-sourcing library do we build on?

Every other module takes them from here, because version 10 of the library renames `DCB…` to `Dcb…`.

A query is a list of items, and an event matches if it matches one of them: its type is among the
item's types (or the item names none), and it carries all of the item's tags. No item: every event.
A tag is one line of text, not empty; the tags of an item are all different.

Shapes of queries that all four engines answer:

* no query: everything, after a position, up to a limit
* items that each have a tag, any number of them, with or without types; an index finds them
  (the engine in memory has none and always scans)
* one item with one type and no tag; SQLite finds these by an index, PostgreSQL scans

What PostgreSQL refuses with `ProgrammingError`: an item without tags beside other items, and an
item without tags that has several types. Read such types one after the other.

Append conditions should only use items that each have a tag. Without a condition the PostgreSQL
recorder takes no lock, so positions may become visible out of order and a follower would skip
events: always append with a condition. The empty query as a condition means "nothing at all after
this position". PostgreSQL's sequence also spends a position on an append that is rolled back in
the middle: a gap there means that nothing was recorded, not that something was lost.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from eventsourcing.dcb.api import DCBAppendCondition as AppendCondition
from eventsourcing.dcb.api import DCBEvent as StoredEvent
from eventsourcing.dcb.api import DCBQuery as Query
from eventsourcing.dcb.api import DCBQueryItem as QueryItem
from eventsourcing.dcb.api import DCBReadResponse as ReadResponse
from eventsourcing.dcb.api import DCBRecorder as Recorder
from eventsourcing.dcb.api import DCBSequencedEvent as SequencedEvent
from eventsourcing.dcb.api import DCBSubscription as Subscription
from eventsourcing.dcb.persistence import DCBListenNotifySubscription as ListenNotifySubscription
from eventsourcing.persistence import IntegrityError as AppendConflict
from eventsourcing.persistence import ProgrammingError


@runtime_checkable
class KeepsPositions(Protocol):
    """A recorder that can put events at positions that they have already, gaps between them too."""

    def restore(self, events: Sequence[SequencedEvent], *, after: int) -> None: ...


@runtime_checkable
class KeepsAnIndex(Protocol):
    """A recorder with an index of its own over types and tags, which somebody may have altered."""

    def index_faults(self) -> list[str]: ...


def runs_of(events: Sequence[SequencedEvent]) -> Iterator[list[SequencedEvent]]:
    """The events in rows whose positions follow each other."""
    run: list[SequencedEvent] = []
    for each in events:
        if run and each.position != run[-1].position + 1:
            yield run
            run = []
        run.append(each)
    if run:
        yield run


class LeavesNoGaps(Exception):
    """The engine numbers without gaps, and what it should take over has one."""

    def __init__(self, before: int, position: int) -> None:
        super().__init__(
            f"behind position {before} comes {position}, and the engine of this ledger numbers "
            "without gaps; SQLite and PostgreSQL can leave one"
        )


class PositionTooHigh(Exception):
    """The engine can't number so far."""

    def __init__(self, position: int, last: int) -> None:
        super().__init__(
            f"position {position:,} is behind {last:,}, the last that SQLite can index"
        )


def restore(recorder: Recorder, events: Sequence[SequencedEvent], *, after: int) -> None:
    """Puts events at the positions that they had elsewhere; nothing may stand behind `after`.

    Raises LeavesNoGaps, and AppendConflict where something does stand there.
    """
    if isinstance(recorder, KeepsPositions):
        recorder.restore(events, after=after)
        return
    before = after
    for each in events:
        if each.position != before + 1:
            raise LeavesNoGaps(before, each.position)
        before = each.position
    last = recorder.append([each.event for each in events], AppendCondition(after=after or None))
    if last != before:
        raise AppendConflict("somebody else records into the same ledger")


class AppendTooLarge(Exception):
    """The engine can't take so much in one append; the message says how much it can."""

    def __init__(self, engine: str, size: int, most: int) -> None:
        super().__init__(
            f"{engine} takes at most {most:,} bytes in one append, and these are {size:,}; "
            "split what is to be recorded"
        )


__all__ = [
    "AppendCondition",
    "AppendConflict",
    "AppendTooLarge",
    "KeepsAnIndex",
    "KeepsPositions",
    "LeavesNoGaps",
    "ListenNotifySubscription",
    "PositionTooHigh",
    "ProgrammingError",
    "Query",
    "QueryItem",
    "ReadResponse",
    "Recorder",
    "SequencedEvent",
    "StoredEvent",
    "Subscription",
    "restore",
    "runs_of",
]
