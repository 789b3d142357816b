"""Which rows does a place have, as its periods come to be otherwise?

A row is a period of valid time and the positions between which it was the answer. What comes to be
known closes the rows that it makes untrue and opens others; none is ever rewritten.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from domain.claims import ControlStatus
from domain.occurred import Instant
from domain.timeline import BEGINNING, END, Period, Timeline
from domain.values import LocationId
from infra.readings import reading_of_row, reading_to_row, window_of_row, window_to_row

FOR_EVER = 2**62
"""A position that no ledger reaches: what is known now is known until then."""

Told = tuple[Any, ...]
"""What a row says: from when, until when, status, since, until, and the reading."""


class _Opened(NamedTuple):
    """A row that holds for now: one that stands in the table, or one to be written."""

    known_from: int
    rowid: int | None
    period: Period | None


class PeriodRows:
    """The rows of one place that hold for now, while it is resolved again and again."""

    def __init__(self, db: sqlite3.Connection, location: LocationId) -> None:
        self._db = db
        self._location = location
        self._open: dict[Told, _Opened] = {}
        self._read_after = END
        """The rows that end after this instant have been read."""
        self._closed: list[tuple[int, int]] = []
        self._made: list[tuple[tuple[Any, ...], Period]] = []

    def show(self, timeline: Timeline, changed_from: Instant, position: int) -> None:
        """From that position on the periods of the timeline hold; before `changed_from` they are
        what they were."""
        after = Instant(max(changed_from - 1, BEGINNING))
        self._read(after)
        true = {_row_of(period): period for period in timeline.periods(after)}
        for row in [row for row in self._open if row[1] > after and row not in true]:
            self._close(row, self._open.pop(row), position)
        for row, period in true.items():
            if row not in self._open:
                self._open[row] = _Opened(position, None, period)

    def write(self) -> None:
        """Writes what has changed."""
        for row, opened in self._open.items():
            if opened.rowid is None:
                self._make(row, opened, FOR_EVER)
        self._db.executemany("UPDATE control_period SET known_to = ? WHERE rowid = ?", self._closed)
        self._db.executemany(
            "INSERT INTO control_period (location, known_from, known_to, valid_from, valid_to, "
            "status, since, until, reading) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [row for row, _ in self._made],
        )
        self._db.executemany(
            "INSERT INTO control_holding VALUES (?, ?, ?, ?)",
            [
                (holder, self._location, period.start, row[1])
                for row, period in self._made
                if period.reading.verdict.status is ControlStatus.HELD
                for holder in period.reading.verdict.holders
            ],
        )

    def _read(self, after: Instant) -> None:
        if after >= self._read_after:
            return
        found = self._db.execute(
            "SELECT rowid, known_from, valid_from, valid_to, status, since, until, reading "
            "FROM control_period WHERE location = ? AND known_to = ? "
            "AND valid_to > ? AND valid_to <= ?",
            (self._location, FOR_EVER, after, self._read_after),
        )
        for rowid, known_from, *row in found:
            self._open[tuple(row)] = _Opened(known_from, rowid, None)
        self._read_after = after

    def _close(self, row: Told, opened: _Opened, position: int) -> None:
        if opened.rowid is None:
            self._make(row, opened, position)
        else:
            self._closed.append((position, opened.rowid))

    def _make(self, row: Told, opened: _Opened, known_to: int) -> None:
        assert opened.period is not None, "a row that is to be written has its period"
        written = (self._location, opened.known_from, known_to, *row)
        self._made.append((written, opened.period))


def _row_of(period: Period) -> Told:
    return (
        period.start,
        period.end,
        period.reading.verdict.status.value,
        window_to_row(period.since),
        window_to_row(period.until),
        reading_to_row(period.reading),
    )


def period_of(row: Sequence[Any]) -> Period:
    """The period that was stored, without its status."""
    start, end, reading, since, until = row
    return Period(start, end, reading_of_row(reading), window_of_row(since), window_of_row(until))
