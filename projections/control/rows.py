"""Which period rows does a place get, and which are closed, when its timeline changes?

A row is a period of valid time and the positions of its answer. New knowledge closes untrue rows
and opens others; no row is rewritten. A verdict of many rows is stored once, under a name made of
its content.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from domain.control.claims import ControlStatus
from domain.control.timeline import BEGINNING, NOT_TOUCHED, Timeline, Touched
from domain.control.verdict import Period, Verdict
from domain.occurred import Instant
from domain.values import LocationId
from infra.views.rows import FOR_EVER, columns, insertion
from projections.control.encoding import (
    held_since_to_row,
    name_of,
    since_is_to_row,
    verdict_to_row,
    window_to_row,
)
from projections.control.stored import StoredPeriod


class _OpenPeriod(NamedTuple):
    """A row without an end of knowledge, in the table or to be written."""

    row: StoredPeriod
    known_from: int
    period: Period | None
    """None for a row in the table."""


class _MadePeriod(NamedTuple):
    """A row to be written, with the end of knowledge."""

    opened: _OpenPeriod
    known_to: int
    period: Period


def _valid_to(each: _OpenPeriod) -> Instant:
    return each.row.valid_to


def _valid_from(each: _OpenPeriod) -> Instant:
    return each.row.valid_from


class PeriodRows:
    """The present rows of one place, while the place is resolved again and again."""

    def __init__(self, db: sqlite3.Connection, location: LocationId) -> None:
        self._db = db
        self._location = location
        self._open: list[_OpenPeriod] = []
        """In the order of valid time."""
        self._read: tuple[Instant, Instant] | None = None
        """The rows ending after the one and beginning by the other instant have been read."""
        self._closed: list[tuple[int, LocationId, Instant, int]] = []
        self._made: list[_MadePeriod] = []
        self._verdicts: dict[int, tuple[Verdict, str, str]] = {}
        """Verdicts by identity, since comparing is slow; each with name and text."""

    def show(self, timeline: Timeline, touched: Touched, position: int) -> None:
        """The periods of the timeline hold from the position on; only some are touched."""
        if touched == NOT_TOUCHED:
            return
        after, until = Instant(max(touched.after - 1, BEGINNING)), touched.until
        self._read_range(after, until)
        first = bisect_right(self._open, after, key=_valid_to)
        last = bisect_right(self._open, until, key=_valid_from)
        before = {each.row.valid_from: each for each in self._open[first:last]}
        now: list[_OpenPeriod] = []
        for period in timeline.periods(after, until):
            known = before.get(period.start)
            opened = self._opened(period, known, position)
            if opened is known:
                del before[period.start]
            now.append(opened)
        for each in before.values():
            self._close(each, position)
        self._open[first:last] = now

    def _opened(self, period: Period, known: _OpenPeriod | None, position: int) -> _OpenPeriod:
        """The row of the period: the known one, if nothing differs."""
        if known and known.period == period:
            return known
        row = self._row_of(period)
        return known if known and known.row == row else _OpenPeriod(row, position, period)

    def write(self) -> None:
        for each in self._open:
            if each.period:
                self._make(each, FOR_EVER, each.period)
        self._db.executemany(
            "UPDATE control_period SET known_to = ? "
            "WHERE location = ? AND valid_from = ? AND known_from = ?",
            self._closed,
        )
        self._db.executemany(
            _INSERT,
            [(each.opened.known_from, each.known_to, *each.opened.row) for each in self._made],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO control_verdict VALUES (?, ?, ?)",
            [(self._location, name, told) for _, name, told in self._verdicts.values()],
        )
        self._db.executemany(
            "INSERT INTO control_holding VALUES (?, ?, ?, ?)",
            [
                (holder, self._location, each.period.start, each.opened.known_from)
                for each in self._made
                if each.period.reading.verdict.status is ControlStatus.HELD
                for holder in each.period.reading.verdict.holders
            ],
        )

    def _read_range(self, after: Instant, until: Instant) -> None:
        """Reads the rows ending after an instant and beginning by another, unless read before."""
        if self._read is None:
            self._open = list(self._stored(after, until))
            self._read = after, until
            return
        first, last = self._read
        if after < first:
            self._open[:0] = (
                each for each in self._stored(after, first) if _valid_to(each) <= first
            )
        if until > last:
            later = self._stored(last, until)
            self._open += (each for each in later if _valid_from(each) > last)
        self._read = min(after, first), max(until, last)

    def _stored(self, after: Instant, until: Instant) -> Iterator[_OpenPeriod]:
        found = self._db.execute(
            f"SELECT known_from, {columns(StoredPeriod)} FROM control_period "
            f"WHERE location = ? AND known_to = {FOR_EVER} AND valid_to > ? ORDER BY valid_to",
            (self._location, after),
        )
        for known_from, *row in found:
            stored = StoredPeriod._make(row)
            if stored.valid_from > until:
                return
            yield _OpenPeriod(stored, known_from, None)

    def _close(self, opened: _OpenPeriod, position: int) -> None:
        if opened.period:
            self._make(opened, position, opened.period)
        else:
            self._closed.append(
                (position, self._location, opened.row.valid_from, opened.known_from)
            )

    def _make(self, opened: _OpenPeriod, known_to: int, period: Period) -> None:
        self._made.append(_MadePeriod(opened, known_to, period))

    def _row_of(self, period: Period) -> StoredPeriod:
        reading = period.reading
        possible = "[]"
        if reading.possible:
            possible = orjson.dumps([*map(self._named, reading.possible)]).decode()
        verdict = reading.verdict
        return StoredPeriod(
            location=self._location,
            valid_from=period.start,
            valid_to=period.end,
            status=verdict.status.value,
            holders=" ".join(verdict.holders),
            certain=int(reading.certain),
            disputed=int(verdict.disputed),
            corroboration=len(verdict.evidence),
            since=window_to_row(period.since),
            since_is=since_is_to_row(period),
            held_since=held_since_to_row(period),
            until=window_to_row(period.until),
            last_heard=window_to_row(period.last_heard),
            verdict=self._named(verdict),
            possible=possible,
        )

    def _named(self, verdict: Verdict) -> str:
        known = self._verdicts.get(id(verdict))
        if known is None:
            told = verdict_to_row(verdict)
            known = self._verdicts[id(verdict)] = verdict, name_of(told), told
        return known[1]


_INSERT = insertion("control_period", ("known_from", "known_to", *StoredPeriod._fields))
