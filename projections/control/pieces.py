"""What does a map show of each place, and from which instant on?

A piece is a stretch of valid time with one look of the place: as much of a period as a map shows,
without evidence and reasons, so that the pieces of many places are read quickly.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from domain.control.claims import ControlStatus
from domain.control.perspective import Perspective
from domain.control.verdict import NOTHING, SinceIs
from domain.occurred import Instant
from domain.values import ActorId, LocationId
from infra.views.file import ViewFile
from infra.views.rows import known as known_in
from projections.control.encoding import verdict_name
from projections.control.perspectives import Seen, pairs_as_json
from projections.control.stored import SomePeriod


class Shown(NamedTuple):
    """What a map shows of a place."""

    status: ControlStatus
    holders: tuple[ActorId, ...]
    """The holders, best corroborated first; of a contested place, the contenders."""
    certain: bool
    disputed: bool
    is_told: bool
    """Whether any event is behind the answer."""
    heard: Instant | None
    """The end of the window of the latest word among the answering voices (valid time)."""
    began: Instant | None
    """Of a held place, the earliest instant of the known beginning (valid time)."""

    @staticmethod
    def of(period: SomePeriod) -> "Shown":
        reading = period.reading
        said, heard, since = reading.verdict, period.last_heard, period.since
        has_begun = period.since_is is SinceIs.BEGAN and said.status is ControlStatus.HELD
        return Shown(
            said.status,
            said.holders,
            reading.certain,
            said.disputed,
            bool(reading.events),
            heard.latest if heard else None,
            since.earliest if has_begun and since else None,
        )


class MapPiece(NamedTuple):
    """A look of a place, from an instant of valid time to the start of the next piece."""

    start: Instant
    shown: Shown


PiecesOfPlaces = Iterator[tuple[LocationId, list[MapPiece]]]


class MapPieces:
    """Questions about pieces, to the rows of control. A place without any word has no pieces."""

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def known(self, places: Collection[LocationId], *, known: int) -> PiecesOfPlaces:
        """The pieces of the places, as known at a position."""
        asked = orjson.dumps(list(places)).decode()
        db = self._views.reader
        return _read(db.execute(_SELECT, {"places": asked, "known": known}))

    def with_claims(self, places: Collection[LocationId], *, known: int) -> frozenset[LocationId]:
        """Those of the places on which anybody had made a claim by a position, live or not."""
        found = self._views.reader.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS ("
            "SELECT 1 FROM control_claim WHERE location = value AND position <= ?)",
            (orjson.dumps(list(places)).decode(), known),
        )
        return frozenset(LocationId(location) for (location,) in found)

    def seen(
        self, perspective: Perspective, places: Collection[LocationId], *, known: int
    ) -> PiecesOfPlaces:
        """The same from a perspective. Places that need a sweep are swept."""
        db, seen = self._views.reader, Seen(perspective, known)
        as_known, to_sweep = seen.told_apart(db, places)
        yield from _read(db.execute(_SELECT_PAIRS, {"places": pairs_as_json(as_known)}))
        if to_sweep:
            periods = seen.periods(db, to_sweep)
            for place in to_sweep:
                yield place, pieces_of(periods[place])


def pieces_of(periods: Iterable[SomePeriod]) -> list[MapPiece]:
    return [MapPiece(period.start, Shown.of(period)) for period in periods]


def _read(rows: sqlite3.Cursor) -> PiecesOfPlaces:
    for location, found in groupby(rows, itemgetter(0)):
        yield location, [MapPiece(start, shown_of(shown)) for _, start, *shown in found]


def shown_of(row: Sequence[Any]) -> Shown:
    """The look in a row, from the columns of `SHOWN`."""
    status, holders, certain, disputed, verdict, heard, began = row
    return Shown(
        _STATUSES[status],
        _actors(holders),
        bool(certain),
        bool(disputed),
        not certain or verdict != _NOTHING,
        None if heard is None else _latest(heard),
        None if began is None else _earliest(began),
    )


@lru_cache(maxsize=10_000)  # many periods have the same holders, and words of the same day
def _actors(ids: str) -> tuple[ActorId, ...]:
    return tuple(map(ActorId, ids.split()))


@lru_cache(maxsize=10_000)
def _latest(window: str) -> Instant:
    """The end of a stored window."""
    return Instant(int(window.split()[1]))


@lru_cache(maxsize=10_000)
def _earliest(window: str) -> Instant:
    return Instant(int(window.split(maxsplit=1)[0]))


_STATUSES = {each.value: each for each in ControlStatus}
_NOTHING = verdict_name(NOTHING.verdict)
SHOWN = f"""status, holders, certain, disputed, verdict, last_heard,
    CASE WHEN since_is = '{SinceIs.BEGAN.name}' AND status = '{ControlStatus.HELD}' THEN since END
"""
_IS_KNOWN = known_in("control_period")
_SELECT = f"""SELECT location, valid_from, {SHOWN} FROM json_each(:places) CROSS JOIN control_period
    ON location = value AND {_IS_KNOWN} ORDER BY key, valid_from"""
_SELECT_PAIRS = f"""
    WITH asked (place, known) AS MATERIALIZED (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:places)
    )
    SELECT location, valid_from, {SHOWN} FROM asked CROSS JOIN control_period
    ON location = asked.place AND {known_in("control_period", "asked.known")}
    ORDER BY location, valid_from"""
