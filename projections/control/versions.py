"""Since when, and until when, has each period of a place been the answer?

Every version of a timeline: its periods, each with the positions from which and before which the
period was an answer, bounds and reasons included. For any instant and any position exactly one
version is the answer, from the first claim on.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from domain.control.perspective import Perspective
from domain.control.timeline import BEGINNING, END, NOT_TOUCHED, Timeline, Touched
from domain.control.verdict import Period
from domain.occurred import Instant
from domain.values import LocationId
from projections.control import claims
from projections.control.lineage import lineage_known, positions_of
from projections.control.stored import PERIOD, StoredPeriods

EVERYTHING = Touched(BEGINNING, END)
_AT_ONCE = 500
"""How many versions are read together with their verdicts."""


class Version(NamedTuple):
    """A period, and the positions of its answer: from `known_from`, before `known_to`."""

    period: Period
    known_from: int
    known_to: int | None
    """None for what still holds at the position of the question."""


def versions_known(
    db: sqlite3.Connection, location: LocationId, *, known: int, superseded: bool
) -> Iterator[Version]:
    """The versions up to a position, in the order of valid time, then of positions; without
    `superseded` only the answers at the position."""
    found = db.execute(
        f"SELECT known_from, known_to, {PERIOD} FROM control_period "
        "WHERE location = :location AND known_from <= :known AND (:all OR known_to > :known) "
        "ORDER BY valid_from, known_from",
        {"location": location, "known": known, "all": superseded},
    )
    while some := found.fetchmany(_AT_ONCE):
        stored = StoredPeriods(lambda: db)
        told = [stored.add(row) for _, _, *row in some]
        for (known_from, known_to, *_), period in zip(some, told, strict=True):
            end = known_to if known_to <= known else None
            yield Version(period.period, known_from, end)


def versions_from(
    db: sqlite3.Connection, location: LocationId, perspective: Perspective, *, known: int
) -> Iterator[Version]:
    """The same from a perspective: the entries about the place are taken in again, in order."""
    if not _was_ever_claimed(db, location, known=known):
        return iter(())
    history = History()
    timeline = _timeline(db, location, perspective, known=0)
    for position in positions_of(db, location, known=known):
        made = claims.claims_made(db, location, first=position, last=position)
        touched = [timeline.add(each) for each in made if perspective.admits(each)]
        if not made:
            timeline, touched = _timeline(db, location, perspective, known=position), [EVERYTHING]
        history.show(timeline, touched, position)
    return history.versions()


def _was_ever_claimed(db: sqlite3.Connection, location: LocationId, *, known: int) -> bool:
    """Whether a claim was made: by the kind that the place had then, whatever the kind is now."""
    found = db.execute(
        "SELECT 1 FROM control_claim WHERE location = ? AND position <= ? LIMIT 1",
        (location, known),
    )
    return found.fetchone() is not None


def _timeline(
    db: sqlite3.Connection, location: LocationId, perspective: Perspective, *, known: int
) -> Timeline:
    return Timeline(
        claims.claims_on(db, location, known=known, perspective=perspective),
        lineage_known(db, known=known, perspective=perspective),
    )


class History:
    """The versions of one timeline while claims are added."""

    def __init__(self) -> None:
        self._open: list[Version] = []
        """In the order of valid time."""
        self._closed: list[Version] = []

    def show(self, timeline: Timeline, touched: list[Touched], position: int) -> None:
        """The periods of the timeline hold from the position on; only some are touched."""
        touched = [each for each in touched if each != NOT_TOUCHED]
        if not touched or not (self._open or timeline.claims):
            return
        if not self._open:
            touched = [EVERYTHING]
        after = Instant(max(min(each.after for each in touched) - 1, BEGINNING))
        until = max(each.until for each in touched)
        first = bisect_right(self._open, after, key=_end)
        last = bisect_right(self._open, until, key=_start)
        before = {each.period: each for each in self._open[first:last]}
        now = [
            before.pop(period) if period in before else Version(period, position, None)
            for period in timeline.periods(after, until)
        ]
        self._closed += (each._replace(known_to=position) for each in before.values())
        self._open[first:last] = now

    def versions(self) -> Iterator[Version]:
        yield from sorted([*self._open, *self._closed], key=_in_order)


def _start(version: Version) -> Instant:
    return version.period.start


def _end(version: Version) -> Instant:
    return version.period.end


def _in_order(version: Version) -> tuple[Instant, int]:
    return version.period.start, version.known_from
