"""The names of the event-sourcing library we build on, imported from here by all other modules:
version 10 of the library renames `DCB…` to `Dcb…`.

A query is a list of items, and an event matches a query if an item matches: the event's type is
among the item's types (or the item has no types), and the event carries all of the item's tags. A
query without items matches every event. A tag is a line of text, not empty; the tags of an item are
all different.

Shapes of queries answered by all four engines:

* no query: everything, after a position, up to a limit
* any number of items with a tag each, with or without types, by an index (the engine in memory
  always scans)
* a single item with a single type and no tag; SQLite uses an index, PostgreSQL scans

PostgreSQL refuses with `ProgrammingError`: an item without tags beside other items, and an item
without tags and with several types. Read several types one after the other.

Append conditions should only use items with a tag. Without a condition the PostgreSQL recorder
takes no lock, so positions may become visible out of order and a follower would skip events: always
append with a condition. The empty query as a condition means "nothing at all after this position".
PostgreSQL's sequence also spends a position on an append rolled back in the middle: a gap there
means nothing was recorded, not something was lost.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
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

from domain.refusals import Refusal
from infra.findings import Finding


@runtime_checkable
class KeepsPositions(Protocol):
    """A recorder that can put events at given positions, with gaps between them."""

    def restore(self, events: Sequence[SequencedEvent], *, after: int) -> None: ...


@runtime_checkable
class KeepsAnIndex(Protocol):
    """A recorder with its own index over types and tags, which somebody may have altered."""

    def index_faults(self) -> list[str]: ...


@runtime_checkable
class KeepsCheckpoint(Protocol):
    """A recorder whose database also holds the last signed checkpoint of each log: the ledger's
    memory of what was signed."""

    def kept_checkpoints(self) -> list[str]:
        """The signed notes, as they are stored."""

    def keep_checkpoint(self, origin: str, note: str) -> None:
        """Replaces the note under the name of a log, durably."""


@runtime_checkable
class KeepsAFile(Protocol):
    """A recorder in a file of this machine, which may be damaged, and can be copied."""

    def file_faults(self) -> list[Finding]: ...

    def copy_to(self, path: Path, progress: Callable[[int, int], None]) -> None:
        """Copies one state of the file into a new one; progress tells the pages left, of all."""


@runtime_checkable
class CanBeProbed(Protocol):
    """A recorder that tells at once whether it could write."""

    def probe(self) -> None:
        """Raises LedgerUnavailable where nothing could be written now."""


def runs_of(events: Sequence[SequencedEvent]) -> Iterator[list[SequencedEvent]]:
    """The events in runs of consecutive positions."""
    run: list[SequencedEvent] = []
    for each in events:
        if run and each.position != run[-1].position + 1:
            yield run
            run = []
        run.append(each)
    if run:
        yield run


class LeavesNoGaps(Refusal):
    """Entries with a gap in their positions, for an engine without gaps."""

    def __init__(self, before: int, position: int) -> None:
        super().__init__(
            f"behind position {before} comes {position}, and the engine of this ledger numbers "
            "without gaps; SQLite and PostgreSQL can leave one"
        )


class PositionTooHigh(Refusal):
    """A position beyond the last number of the engine."""

    def __init__(self, position: int, last: int) -> None:
        super().__init__(
            f"position {position:,} is behind {last:,}, the last that SQLite can index"
        )


def restore(recorder: Recorder, events: Sequence[SequencedEvent], *, after: int) -> None:
    """Puts events at their positions in another ledger; nothing may stand behind `after`.

    Raises LeavesNoGaps, and AppendConflict where something stands behind `after`.
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


class AppendTooLarge(Refusal):
    """An append above the engine's limit; the message says the limit."""

    def __init__(self, engine: str, size: int, most: int) -> None:
        super().__init__(
            f"{engine} takes at most {most:,} bytes in one append, and these are {size:,}; "
            "split what is to be recorded"
        )


__all__ = [
    "AppendCondition",
    "AppendConflict",
    "AppendTooLarge",
    "CanBeProbed",
    "KeepsAFile",
    "KeepsAnIndex",
    "KeepsCheckpoint",
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
