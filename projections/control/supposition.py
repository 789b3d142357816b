"""What would the answers be if some events were taken back, or counted again?

The claims on a touched place, and the lineage, are read with the supposed revocations behind all
recorded ones, and swept by the same rule; every other place has the answer of its rows. Nothing is
written.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from domain.control.lineage import Lineage
from domain.control.perspective import DEFAULT, Perspective, Provenance, Revocation
from domain.control.timeline import Timeline
from domain.occurred import Instant
from domain.values import EventId, LocationId, Reliability, SourceId
from infra.views.file import ViewFile
from infra.views.rows import FOR_EVER
from projections.control.claims import ClaimKeeper, claims_on_many
from projections.control.lineage import is_of_lineage, lineage_known, places_akin
from projections.control.stored import SomePeriod
from projections.control.view import Control
from projections.record import EntryRow, Record

_WORD = Provenance(SourceId(""), SourceId(""), Instant(0), Reliability.A)
"""The provenance of a supposed revocation, which everybody's word takes into account."""


class Supposed(NamedTuple):
    """A statement to be revoked or reinstated, as far as control is concerned."""

    event: EventId
    position: int
    type: str
    place: LocationId | None
    """The place of the claim, if any."""
    is_of_lineage: bool

    @staticmethod
    def of(entry: EntryRow) -> "Supposed":
        said = entry.event
        place = ClaimKeeper.place_of(said)
        return Supposed(entry.id, entry.position, type(said).__name__, place, is_of_lineage(said))


class SupposedControl(Control):
    """The control of places, by everybody's word, as if some events had been revoked or reinstated
    after all that is known at a position."""

    def __init__(
        self, views: ViewFile, record: Record, statements: Iterable[Supposed], *, reinstates: bool
    ) -> None:
        super().__init__(views, record)
        self._claimed: dict[LocationId, list[Revocation]] = {}
        self._of_lineage: list[Revocation] = []
        self._periods: dict[tuple[LocationId, int], list[SomePeriod]] = {}
        for each in statements:
            revocation = Revocation(each.event, FOR_EVER, reinstates, _WORD)
            if each.is_of_lineage:
                self._of_lineage.append(revocation)
            elif each.place:
                self._claimed.setdefault(each.place, []).append(revocation)

    @cached_property
    def touched(self) -> frozenset[LocationId]:
        """The places on which the events make claims, or on whose actors they bear."""
        akin = (places_akin(self._db, each.event) for each in self._of_lineage)
        return frozenset(self._claimed).union(*akin)

    @property
    def _db(self) -> sqlite3.Connection:
        return self._views.reader

    def at(self, location: LocationId, *, at: Instant, known: int) -> SomePeriod:
        if location not in self.touched:
            return super().at(location, at=at, known=known)
        periods = self.timeline(location, known=known)
        return periods[bisect_right(periods, at, key=attrgetter("start")) - 1]

    def timeline(self, location: LocationId, *, known: int) -> list[SomePeriod]:
        if location not in self.touched:
            return super().timeline(location, known=known)
        key = location, known
        if key not in self._periods:
            ((_, admitted),) = claims_on_many(
                self._db,
                [location],
                known=known,
                perspective=DEFAULT,
                supposed=self._claimed.get(location, ()),
            )
            lineage = self.lineage(DEFAULT, known=known)
            self._periods[key] = [*Timeline(admitted, lineage).periods()]
        return self._periods[key]

    def map(
        self, *, at: Instant, known: int, places: Iterable[LocationId]
    ) -> Iterator[tuple[LocationId, SomePeriod]]:
        for place in places:
            yield place, self.at(place, at=at, known=known)

    def lineage(self, perspective: Perspective, *, known: int) -> Lineage:
        return lineage_known(
            self._db, known=known, perspective=perspective, supposed=self._of_lineage
        )


def said_otherwise(before: Collection[SomePeriod], after: Collection[SomePeriod]) -> bool:
    """Whether two timelines of a place differ at any instant in what they say of the place."""
    return _steps(before) != _steps(after)


def _steps(periods: Iterable[SomePeriod]) -> list[tuple[Instant, object]]:
    """The instants at which the content of the answer changes, each with the content."""
    found: list[tuple[Instant, object]] = []
    for period in periods:
        reading = period.reading
        gist = reading.verdict.gist, frozenset(each.gist for each in reading.possible)
        if not found or found[-1][1] != gist:
            found.append((period.start, gist))
    return found
