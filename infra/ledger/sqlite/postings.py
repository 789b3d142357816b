"""The index of a ledger file: the positions of each tag and each type.

The newest events are found through a *tail* in memory, read back from their own rows. A long tail
is settled: written to the file as postings, sorted, in one go. Small sorted writes into a big index
would touch a page for every event; settling thousands together makes bulk recording fast.

A posting's key is the CRC-32 of its term, so a posting is a candidate and the event itself
decides.
"""

import json
import sqlite3
import struct
import threading
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from infra.ledger.dcb import StoredEvent
from infra.ledger.outages import LedgerUnavailable, Outage
from infra.ledger.sqlite.file import SqliteFile

SHORT_TAIL, LONGEST_TAIL = 8192, 16384  # events
CHUNK = 512  # positions in one posting
CHUNKS_AT_ONCE = 32
POSITION_BITS = 31
LAST_POSITION = (1 << POSITION_BITS) - 1

EXTENT = "SELECT (SELECT position FROM settled), (SELECT max(position) FROM event)"

UNSETTLED = """
SELECT position, type, tags FROM event
WHERE position > :after AND position <= :head ORDER BY position
"""

KEYS_WITH_POSTINGS = """
SELECT key.value FROM json_each(:keys) AS key
WHERE EXISTS (
    SELECT 1 FROM posting
    WHERE id > (key.value << 31 | :after) AND id <= (key.value << 31 | 2147483647)
)
"""

POSTINGS = """
SELECT id, positions FROM posting
WHERE id > :after AND id <= :last ORDER BY id LIMIT :limit
"""

CHUNKS = "SELECT count(*) FROM posting WHERE id > :after AND id <= :last"

Tail = dict[str, int | list[int]]  # most terms are in one event only: the tag of its id


@dataclass(frozen=True)
class IndexSnapshot:
    """The ledger and its index at a moment: an unchanging past, to be read at leisure."""

    after: int
    settled: int
    head: int
    recent: dict[str, Sequence[int]]


class Postings:
    """Finds the positions of a term, settled or not; shared by all threads of a process."""

    def __init__(self, file: SqliteFile, longest_tail: int = LONGEST_TAIL) -> None:
        self._file = file
        self._longest_tail = longest_tail
        self._lock = threading.Lock()
        self._tail: Tail = {}
        self._settled = 0
        self._head = 0

    def snapshot(self, db: sqlite3.Connection, terms: Collection[str], after: int) -> IndexSnapshot:
        """The state of the file now, with the positions of the terms in the tail."""
        with self._lock:
            settled, head = self._catch_up(db) if terms else _extent(db)
            tail = self._tail
            recent = {term: _later(_listed(tail[term]), after) for term in terms if term in tail}
            return IndexSnapshot(after, settled, head, recent)

    def present(
        self, db: sqlite3.Connection, terms: Collection[str], seen: IndexSnapshot
    ) -> set[str]:
        """The terms with a possible event after the snapshot's `after`, found set-wise."""
        present = {term for term, positions in seen.recent.items() if positions}
        if seen.after < seen.settled:
            keys = {term: crc32(term.encode()) for term in terms if term not in present}
            arguments = {"keys": json.dumps([*keys.values()]), "after": seen.after}
            found = {key for (key,) in db.execute(KEYS_WITH_POSTINGS, arguments)}
            present.update(term for term, key in keys.items() if key in found)
        return present

    def positions(self, term: str, seen: IndexSnapshot) -> Iterator[int]:
        """Candidates in ascending order; holds no connection between two batches."""
        yield from self.settled(term, seen)
        yield from seen.recent.get(term, ())

    def settled(self, term: str, seen: IndexSnapshot) -> Iterator[int]:
        """The settled positions of a term, whether or not the snapshot was for the term."""
        prefix = crc32(term.encode()) << POSITION_BITS
        reached = prefix | min(seen.after, LAST_POSITION)
        last = prefix | seen.settled
        while reached < last:
            rows = self._chunks(reached, last)
            for chunk_id, packed in rows:
                yield from _later(unpack(chunk_id, packed), seen.after)
                reached = chunk_id
            if len(rows) < CHUNKS_AT_ONCE:
                break

    def settled_chunks(self, term: str, seen: IndexSnapshot) -> int:
        """How many chunks of settled positions the term has."""
        key = crc32(term.encode()) << POSITION_BITS
        arguments = {"after": key | min(seen.after, LAST_POSITION), "last": key | seen.settled}
        with self._file.connection() as db:
            (found,) = db.execute(CHUNKS, arguments).fetchone()
        return int(found)

    def settle_if_due(self, db: sqlite3.Connection) -> int | None:
        """Settles a long tail in the writer's transaction, before the inserts; returns the position
        settled by the commit, else None."""
        with self._lock:
            settled, head = self._catch_up(db)
            tail = self._tail
        # A long tail makes recording faster, a short one the first question of a new process.
        if head - settled < min(max(settled // 4, SHORT_TAIL), self._longest_tail):
            return None
        db.executemany("INSERT INTO posting VALUES (?, ?)", _rows(tail))
        db.execute("UPDATE settled SET position = ?", (head,))
        return head

    def recorded(self, first: int, events: Sequence[StoredEvent], settled: int | None) -> None:
        """Adds the events just committed by this process to the tail, without reading them back."""
        with self._lock:
            if settled is not None:
                self._restart(settled)
            if self._head == first - 1:
                self._extend((at, e.type, e.tags) for at, e in enumerate(events, first))

    def _catch_up(self, db: sqlite3.Connection) -> tuple[int, int]:
        # The extent is read under the lock, so that it never falls behind the tail.
        settled, head = _extent(db)
        if not isinstance(settled, int):  # as nobody but a damaged disk, or a hand, writes it
            why = "its index doesn't say how far it goes; restore the ledger from a copy"
            raise LedgerUnavailable(Outage.DAMAGED, why)
        self._restart(settled)
        if self._head < head:
            rows = db.execute(UNSETTLED, {"after": self._head, "head": head})
            self._extend((at, kind, tags_of(lines)) for at, kind, lines in rows)
        return settled, head

    def _restart(self, settled: int) -> None:
        if settled > self._settled:
            self._tail = {}
            self._settled = self._head = settled

    def _extend(self, events: Iterable[tuple[int, str, Sequence[str]]]) -> None:
        tail = self._tail
        for position, kind, tags in events:
            for term in {type_term(kind), *tags}:
                found = tail.get(term)
                if found is None:
                    tail[term] = position
                elif isinstance(found, list):
                    found.append(position)
                else:
                    tail[term] = [found, position]
            self._head = position

    def _chunks(self, after: int, last: int) -> list[tuple[int, bytes | None]]:
        # A chunk is named by its last position, so none of a settled past lies beyond `last`.
        arguments = {"after": after, "last": last, "limit": CHUNKS_AT_ONCE}
        with self._file.connection() as db:
            return db.execute(POSTINGS, arguments).fetchall()


def type_term(kind: str | None) -> str:
    """A type as a term; no tag contains a line break, so the two are never confused. A damaged
    file may have lost the type."""
    return f"\n{kind or ''}"


def tags_of(lines: str) -> list[str]:
    return lines.split("\n") if lines else []


def lines_of(tags: Sequence[str]) -> str:
    """The stored form of tags, a line each. Raises ValueError for an empty tag or a line break."""
    lines = "\n".join(tags)
    if tags and (lines.count("\n") != len(tags) - 1 or "" in tags):
        raise ValueError(f"a tag is one line of text, but here they are {tags!r}")
    return lines


def _extent(db: sqlite3.Connection) -> tuple[Any, int]:
    settled, head = db.execute(EXTENT).fetchone()
    return settled, head or 0


def _later(positions: Sequence[int], after: int) -> Sequence[int]:
    return positions[bisect_right(positions, after) :]


def _listed(found: int | list[int]) -> Sequence[int]:
    return found if isinstance(found, list) else (found,)


def _rows(tail: Tail) -> Iterator[tuple[int, bytes | None]]:
    merged: dict[int, int | list[int]] = {}
    for term, found in tail.items():
        key = crc32(term.encode()) << POSITION_BITS
        if key in merged:
            found = sorted({*_listed(merged[key]), *_listed(found)})
        merged[key] = found
    for key, found in sorted(merged.items()):
        if isinstance(found, int):
            yield key | found, None
        else:
            yield from _chunked(key, found)


def _chunked(key: int, found: list[int]) -> Iterator[tuple[int, bytes | None]]:
    for start in range(0, len(found), CHUNK):
        chunk = found[start : start + CHUNK]
        yield key | chunk[-1], struct.pack(f"<{len(chunk)}I", *chunk)


def unpack(chunk_id: int, packed: bytes | None) -> Sequence[int]:
    """The positions of a posting."""
    if packed is None:
        return (chunk_id & LAST_POSITION,)
    if not isinstance(packed, bytes) or len(packed) % 4:
        why = "a posting of its index has another form than a ledger's; restore it from a copy"
        raise LedgerUnavailable(Outage.DAMAGED, why)
    return struct.unpack(f"<{len(packed) // 4}I", packed)
