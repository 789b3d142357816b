"""What the ledger holds of each row of a dataset: the standing events, and how late they were said.

A row is told from others by the passage of its events, `row KEY`. The index is a file that is
deleted at the end: a dataset may be longer than memory.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from domain.events import EventReinstated, EventRetracted, ReportFiled, SituationEvent
from domain.occurred import Instant, Occurred
from domain.values import EventId, ReportId, SourceId
from infra.ledger.codec import Recorded, id_without
from infra.ledger.reader import LedgerReader

_PREFIX = "row "
_TABLES = """
CREATE TABLE event (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, content TEXT NOT NULL, said_at INTEGER NOT NULL,
    live INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX event_of_row ON event (key);
CREATE TABLE row (key TEXT PRIMARY KEY, said_at INTEGER NOT NULL, line INTEGER) WITHOUT ROWID;
CREATE TABLE report (id TEXT PRIMARY KEY, said_at INTEGER NOT NULL) WITHOUT ROWID;
"""
_MOST_PARAMETERS = 10_000
_NEVER = Instant(-(2**62))
"""The time of a row that the ledger has not heard of."""


def passage_of(key: str) -> str:
    """The place of a row in every report of its dataset."""
    return f"{_PREFIX}{key}"


def key_of(event: SituationEvent) -> str | None:
    """The row that an event is from."""
    passage = event.passage or ""
    return passage.removeprefix(_PREFIX) if passage.startswith(_PREFIX) else None


def said_at_of(published: Occurred) -> Instant:
    """The order of what a dataset says: by the close of the publication."""
    return Instant(published.window.latest - 1)


def content_of(event: SituationEvent) -> str:
    """The same for two events that say the same, in different reports."""
    return id_without(event, "report")


class HeldRow(NamedTuple):
    """What the ledger holds of a row."""

    said_at: Instant
    """The last time that the dataset said anything of it, a deletion too."""
    live: dict[str, EventId]
    """The standing events by content."""
    retracted: frozenset[EventId]


class StandingRows:
    """The rows of one dataset in the ledger, and those of the file read so far."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="tenure-import-")
        self._index = sqlite3.connect(Path(self._folder.name) / "rows.db", isolation_level=None)
        self._index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)

    def __enter__(self) -> "StandingRows":
        return self

    def __exit__(self, *_: object) -> None:
        self._index.close()
        self._folder.cleanup()

    def learn_from(self, ledger: LedgerReader, source: SourceId) -> None:
        """Takes in all that a source has said."""
        self._index.execute("BEGIN")
        for each in ledger.of_source(source):
            self._learn(each)
        self._index.execute("COMMIT")

    def _learn(self, recorded: Recorded) -> None:
        match recorded.event:
            case ReportFiled(report=report, published=published):
                row = (report, said_at_of(published))
                self._index.execute("INSERT OR REPLACE INTO report VALUES (?, ?)", row)
            case EventRetracted(event=event, report=report):
                self._set(event, live=False, said_at=self._published(report))
            case EventReinstated(event=event, report=report):
                self._set(event, live=True, said_at=self._published(report))
            case SituationEvent(passage=str(passage)) as event if passage.startswith(_PREFIX):
                key = passage.removeprefix(_PREFIX)
                said_at = self._published(event.report)
                self._index.execute(
                    "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, 1)",
                    (recorded.statement.id, key, content_of(event), said_at),
                )
                self._said(key, said_at)

    def _published(self, report: ReportId) -> Instant:
        asked = "SELECT said_at FROM report WHERE id = ?"
        found = self._index.execute(asked, (report,)).fetchone()
        return Instant(found[0]) if found else _NEVER

    def _set(self, event: EventId, *, live: bool, said_at: Instant) -> None:
        self._index.execute("UPDATE event SET live = ? WHERE id = ?", (live, event))
        found = self._index.execute("SELECT key FROM event WHERE id = ?", (event,)).fetchone()
        if found:
            self._said(found[0], said_at)

    def _said(self, key: str, said_at: Instant) -> None:
        self._index.execute(
            "INSERT INTO row VALUES (?, ?, NULL) "
            "ON CONFLICT (key) DO UPDATE SET said_at = max(said_at, excluded.said_at)",
            (key, said_at),
        )

    def of(self, keys: Sequence[str]) -> dict[str, HeldRow]:
        """What the ledger holds of these rows."""
        found: dict[str, HeldRow] = {}
        for some in _parts(keys):
            marks = ", ".join("?" * len(some))
            said = dict(
                self._index.execute(
                    f"SELECT key, said_at FROM row WHERE said_at > ? AND key IN ({marks})",
                    (_NEVER, *some),
                )
            )
            events: dict[str, list[tuple[str, EventId, int]]] = {key: [] for key in said}
            for key, content, id, live in self._index.execute(
                f"SELECT key, content, id, live FROM event WHERE key IN ({marks})", some
            ):
                events[key].append((content, id, live))
            for key, said_at in said.items():
                live_now = {content: id for content, id, live in events[key] if live}
                gone = frozenset(id for _, id, live in events[key] if not live)
                found[key] = HeldRow(said_at, live_now, gone)
        return found

    def first_lines(self, lines: Sequence[tuple[str, int]]) -> dict[str, int]:
        """Takes in rows of the file: the line of the first row with each of their keys."""
        self._index.execute("BEGIN")
        self._index.executemany(
            "INSERT INTO row VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET line = coalesce(line, excluded.line)",
            [(key, _NEVER, line) for key, line in lines],
        )
        self._index.execute("COMMIT")
        found: dict[str, int] = {}
        for some in _parts([key for key, _ in lines]):
            marks = ", ".join("?" * len(some))
            found.update(
                self._index.execute(f"SELECT key, line FROM row WHERE key IN ({marks})", some)
            )
        return found

    def keys(self) -> Iterator[str]:
        """The rows with standing events, in the order of their keys."""
        asked = "SELECT DISTINCT key FROM event WHERE live ORDER BY key"
        yield from (key for (key,) in self._index.execute(asked))

    def lines_read(self, keys: Sequence[str]) -> set[str]:
        """Which of these rows the file has."""
        found: set[str] = set()
        for some in _parts(keys):
            marks = ", ".join("?" * len(some))
            asked = f"SELECT key FROM row WHERE line IS NOT NULL AND key IN ({marks})"
            found |= {key for (key,) in self._index.execute(asked, some)}
        return found


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _MOST_PARAMETERS):
        yield keys[start : start + _MOST_PARAMETERS]
