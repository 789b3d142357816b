"""The recorder of events in a SQLite file: atomic appends, reading, and subscriptions.

The library has no recorder of this kind for SQLite. Ours is held to the library's own test cases
and to the contract suite of all engines.
"""

import heapq
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from infra.findings import Finding
from infra.ledger.dcb import (
    AppendCondition,
    AppendConflict,
    ListenNotifySubscription,
    PositionTooHigh,
    ProgrammingError,
    Query,
    QueryItem,
    ReadResponse,
    Recorder,
    SequencedEvent,
    StoredEvent,
)
from infra.ledger.sqlite.checkpoints import keep_checkpoint, kept_checkpoints
from infra.ledger.sqlite.file import PATIENCE, SqliteFile
from infra.ledger.sqlite.index_check import index_faults
from infra.ledger.sqlite.postings import (
    LAST_POSITION,
    LONGEST_TAIL,
    IndexSnapshot,
    Postings,
    lines_of,
    tags_of,
    type_term,
)
from infra.ledger.sqlite.watch import Watch

MANY_CHUNKS = 2  # of positions, from which on it pays to count those of the types too
ROWS_AT_ONCE = 500

# SQLite numbers the rows: the position after the highest one, and nobody else can insert meanwhile.
INSERT = "INSERT INTO event (type, tags, data) VALUES (?, ?, ?)"

INSERT_AT = "INSERT INTO event (position, type, tags, data) VALUES (?, ?, ?, ?)"

# Whoever alters a cell by hand may alter its type too.
EVERYTHING = """
SELECT position, CAST(type AS TEXT), CAST(tags AS TEXT), CAST(data AS BLOB) FROM event
WHERE position > :after AND position <= :head ORDER BY position LIMIT :limit
"""

CANDIDATES = """
SELECT position, CAST(type AS TEXT), CAST(tags AS TEXT), CAST(data AS BLOB) FROM event
WHERE position IN (SELECT value FROM json_each(:positions))
  AND (:types IS NULL OR type IN (SELECT value FROM json_each(:types)))
ORDER BY position
"""

Row = tuple[int, str, str, bytes]


class SqliteRecorder(Recorder):
    """Records events in a SQLite file; safe for many threads and many processes at once."""

    def __init__(
        self,
        path: Path | str,
        *,
        longest_tail: int = LONGEST_TAIL,
        patience: float = PATIENCE,
        reads_only: bool = False,
    ) -> None:
        """Creates the ledger if the file does not exist. Raises NotALedger.

        longest_tail: how many events may wait to be settled in the index.
        patience: the seconds to wait for the lock of another process.
        reads_only: the file, and the folder around it, stay as they are.
        """
        self._file = SqliteFile(Path(path), patience=patience, reads_only=reads_only)
        self._postings = Postings(self._file, longest_tail)
        self._appending = threading.Lock()
        self._watch = Watch(self._file)

    def append(
        self, events: Sequence[StoredEvent], condition: AppendCondition | None = None
    ) -> int:
        """Records all events or none, durably; returns the position of the last.

        Raises AppendConflict if a recorded event matches the condition, and ValueError for a tag
        that is empty or has a line break.
        """
        if not events:
            raise ProgrammingError("nothing to append")
        rows = [(event.type, lines_of(event.tags), event.data) for event in events]
        with self._appending:
            with self._file.writing() as db:
                head = self._guard(condition)
                settled = self._postings.settle_if_due(db)
                db.executemany(INSERT, rows)
            self._postings.recorded(head + 1, events, settled)
        self._watch.wake_all()
        return head + len(events)

    def restore(self, events: Sequence[SequencedEvent], *, after: int) -> None:
        """Puts all events or none at their given positions, behind the last recorded position.

        Raises AppendConflict where something is recorded behind `after`, and PositionTooHigh.
        """
        if events[-1].position > LAST_POSITION:
            raise PositionTooHigh(events[-1].position, LAST_POSITION)
        stored = [(each.position, each.event) for each in events]
        rows = [(at, each.type, lines_of(each.tags), each.data) for at, each in stored]
        with self._appending:
            with self._file.writing() as db:
                self._guard(AppendCondition(after=after))
                settled = self._postings.settle_if_due(db)
                db.executemany(INSERT_AT, rows)
            # There may be gaps between the positions, so the tail is read back from the rows.
            self._postings.recorded(0, (), settled)
        self._watch.wake_all()

    def probe(self) -> None:
        """Raises LedgerUnavailable where nothing could be written now."""
        self._file.probe()

    def file_faults(self) -> list[Finding]:
        """The faults of the file itself."""
        return self._file.faults()

    def copy_to(self, path: Path, progress: Callable[[int, int], None]) -> None:
        """Copies one state of the ledger into a new file, whoever writes meanwhile."""
        self._file.copy_to(path, progress)

    def index_faults(self) -> list[str]:
        """The faults of the file's index, in words."""
        with self._file.connection() as db:
            db.execute("BEGIN")
            try:
                return index_faults(db)
            finally:
                db.execute("ROLLBACK")

    def kept_checkpoints(self) -> list[str]:
        """The last signed checkpoint of each log."""
        with self._file.connection() as db:
            return kept_checkpoints(db)

    def keep_checkpoint(self, origin: str, note: str) -> None:
        """Replaces the last signed checkpoint of a log."""
        with self._appending, self._file.connection() as db:
            keep_checkpoint(db, origin, note)

    def read(
        self,
        query: Query | None = None,
        *,
        after: int | None = None,
        limit: int | None = None,
    ) -> ReadResponse:
        """The events recorded now, in order of position, read in batches on demand."""
        head, events = self._select(query, after or 0, limit)
        if limit is None:
            return SqliteReadResponse(events, head=head or None, limited=False)
        return SqliteReadResponse(islice(events, limit), head=None, limited=True)

    def subscribe(
        self, query: Query | None = None, *, after: int | None = None
    ) -> "SqliteSubscription":
        return SqliteSubscription(self, query=query, after=after)

    def close(self) -> None:
        """Stops the subscriptions and closes the file; may be called twice."""
        self._watch.close()
        self._file.close()

    def _guard(self, condition: AppendCondition | None) -> int:
        """The head before the new events; the caller holds the lock for writing."""
        if condition is None:
            with self._file.connection() as db:
                return self._postings.snapshot(db, (), 0).head
        head, events = self._select(condition.fail_if_events_match, condition.after or 0, 1)
        if (found := next(events, None)) is not None:
            conflict = f"{found.event.type} at position {found.position} matches the condition"
            raise AppendConflict(conflict)
        return head

    def _select(
        self, query: Query | None, after: int, limit: int | None
    ) -> tuple[int, Iterator[SequencedEvent]]:
        items = query.items if query else []
        terms = {term for item in items for term in _terms(item)}
        with self._file.connection() as db:
            seen = self._postings.snapshot(db, terms, after)
            if not items:
                return seen.head, self._everything(seen, limit)
            present = self._postings.present(db, terms, seen)
        if any(not item.tags and not item.types for item in items):
            return seen.head, self._everything(seen, limit)
        possible = [item for item in items if _is_possible(item, present)] if present else []
        return seen.head, self._matching(possible, seen, limit)

    def _everything(self, seen: IndexSnapshot, limit: int | None) -> Iterator[SequencedEvent]:
        after, size = seen.after, _batch_size(limit)
        while after < seen.head:
            arguments = {"after": after, "head": seen.head, "limit": size}
            rows = self._rows(EVERYTHING, arguments)
            yield from map(_sequenced, rows)
            after = rows[-1][0]

    def _matching(
        self, items: Sequence[QueryItem], seen: IndexSnapshot, limit: int | None
    ) -> Iterator[SequencedEvent]:
        positions = _ascending([self._candidates(item, seen) for item in items])
        typed = all(item.types for item in items)
        types = json.dumps(sorted({kind for item in items for kind in item.types}))
        fits = _matcher(items)
        while batch := list(islice(positions, _batch_size(limit))):
            arguments = {"positions": str(batch), "types": types if typed else None}
            for row in self._rows(CANDIDATES, arguments):
                found = _sequenced(row)
                if fits(found.event):
                    yield found

    def _candidates(self, item: QueryItem, seen: IndexSnapshot) -> Iterator[int]:
        """Positions with all tags of the item; of an item without tags, with any of its types."""
        if not item.tags:
            return self._of_types(item, seen)
        first, *others = (self._postings.positions(tag, seen) for tag in item.tags)
        for other in others:
            first = _common(first, other)
        if item.types and self._are_rarer(item.types, item.tags[0], seen):
            # The snapshot lacks the types' tails: events in the tail are held to the types later.
            types = [self._postings.settled(type_term(kind), seen) for kind in item.types]
            return _common(first, _ascending(types), up_to=seen.settled)
        return first

    def _of_types(self, item: QueryItem, seen: IndexSnapshot) -> Iterator[int]:
        return _ascending([self._postings.positions(type_term(kind), seen) for kind in item.types])

    def _are_rarer(self, types: Sequence[str], tag: str, seen: IndexSnapshot) -> bool:
        """Whether the types have fewer events than the tag, by far."""
        many = self._postings.settled_chunks(tag, seen)
        if many < MANY_CHUNKS:
            return False
        return sum(self._postings.settled_chunks(type_term(kind), seen) for kind in types) < many

    def _rows(self, statement: str, arguments: Mapping[str, object]) -> list[Row]:
        with self._file.connection() as db:
            return db.execute(statement, arguments).fetchall()


class SqliteReadResponse(ReadResponse):
    """Events read on demand. The head is the ledger's; of a limited reading, the last event's."""

    def __init__(
        self, events: Iterator[SequencedEvent], *, head: int | None, limited: bool
    ) -> None:
        self._events = events
        self._head = head
        self._limited = limited

    @property
    def head(self) -> int | None:
        return self._head

    def __next__(self) -> SequencedEvent:
        event = next(self._events)
        if self._limited:
            self._head = event.position
        return event


class SqliteSubscription(ListenNotifySubscription[SqliteRecorder]):
    """Every event from a position on, waiting for new events."""

    def __init__(
        self, recorder: SqliteRecorder, query: Query | None = None, after: int | None = None
    ) -> None:
        super().__init__(recorder=recorder, query=query, after=after)
        recorder._watch.add(self)
        self.wake()

    def wake(self) -> None:
        self._has_been_notified.set()

    def stop(self) -> None:
        super().stop()
        self._recorder._watch.remove(self)


def _terms(item: QueryItem) -> Iterable[str]:
    return item.tags or map(type_term, item.types)


def _is_possible(item: QueryItem, present: set[str]) -> bool:
    found = (term in present for term in _terms(item))
    return all(found) if item.tags else any(found)


def _ascending(streams: Sequence[Iterator[int]]) -> Iterator[int]:
    previous = None
    for position in heapq.merge(*streams):
        if position != previous:
            yield position
        previous = position


def _common(
    left: Iterator[int], right: Iterator[int], *, up_to: int = LAST_POSITION
) -> Iterator[int]:
    """The positions in both streams; beyond `up_to`, all positions of `left`."""
    candidate = next(right, None)
    for position in left:
        while candidate is not None and candidate < position:
            candidate = next(right, None)
        if candidate == position or position > up_to:
            yield position
        elif candidate is None and up_to == LAST_POSITION:
            return


def _matcher(items: Sequence[QueryItem]) -> Callable[[StoredEvent], bool]:
    """The exact test of an event; of a thousand items only items with a common tag are tried."""
    by_tag: dict[str | None, list[QueryItem]] = {}
    for item in items:
        by_tag.setdefault(item.tags[0] if item.tags else None, []).append(item)

    def fits(event: StoredEvent) -> bool:
        related = (item for tag in (*event.tags, None) for item in by_tag.get(tag, ()))
        return any(_matches(item, event) for item in related)

    return fits


def _matches(item: QueryItem, event: StoredEvent) -> bool:
    typed = not item.types or event.type in item.types
    return typed and all(tag in event.tags for tag in item.tags)


def _batch_size(limit: int | None) -> int:
    return ROWS_AT_ONCE if limit is None else min(max(limit, 16), ROWS_AT_ONCE)


def _sequenced(row: Row) -> SequencedEvent:
    position, kind, lines, data = row
    return SequencedEvent(StoredEvent(kind, data, tags_of(lines)), position)
