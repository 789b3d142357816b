"""The two steps of following the ledger: note the places that an entry touches; resolve the places
that were touched.

A place is noted with the position of the entry, and resolved later, once for many entries: position
by position, each as known then.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from domain.control.lineage import Lineage
from domain.control.perspective import DEFAULT
from domain.control.timeline import BEGINNING, END, Timeline, Touched
from domain.events import (
    EventRetracted,
    LocationRegistered,
    RecordKeeping,
    SituationEvent,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.values import EventId, LocationId, SourceId
from infra.ledger.codec import Recorded
from infra.views.file import Progress
from projections.control.claims import ClaimKeeper, claims_made, claims_on
from projections.control.lineage import is_of_lineage, lineage_known, places_akin
from projections.control.rows import PeriodRows
from projections.record import Record

_REMEMBERED_CLAIMS = 20_000
"""How many claims the timelines kept in memory may hold together: each takes some 4 kB."""


class _Touch(NamedTuple):
    """A place is touched by the entry at a position: by a claim, by the revocation or reinstatement
    of a claim, or by any other change."""

    position: int
    by_claim: bool = False
    takes_back: EventId | None = None
    reinstates: EventId | None = None

    @property
    def is_of_claims(self) -> bool:
        """Whether nothing changes but one claim."""
        return self.by_claim or bool(self.takes_back or self.reinstates)


class Resolution:
    """The touched places that wait, and the timelines in memory."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._claims = ClaimKeeper(record)
        self._touched: dict[LocationId, list[_Touch]] = {}
        self._timelines: dict[LocationId, Timeline] = {}
        self._remembered = 0
        self._lineage: Lineage | None = None

    def forget(self) -> None:
        self._claims.forget()
        self._touched.clear()
        self._forget_timelines()

    def _forget_timelines(self) -> None:
        self._timelines.clear()
        self._remembered = 0
        self._lineage = None

    def write(self, db: sqlite3.Connection) -> None:
        self._record.write(db)
        self._claims.write(db)

    # ---- what an entry touches ---------------------------------------------------------------

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Notes the places that an entry touches. Lineage is part of every timeline: before a
        change of lineage all waiting places are resolved."""
        event, position = recorded.event, recorded.position
        if isinstance(event, SituationEvent):
            if is_of_lineage(event):
                self._change_lineage(db, recorded.statement.id, position)
            elif location := self._claims.take_in(db, event, recorded):
                self._note([location], _Touch(position, by_claim=True))
            return
        if isinstance(event, SourceRegraded | SourceEnded):
            self._note(self._told_by(db, event.source), _Touch(position))
        elif isinstance(event, RecordKeeping):
            said = self._record.statement(db, event.event).event
            if is_of_lineage(said):
                self._change_lineage(db, event.event, position)
            elif location := self._claims.place_of(said):
                is_retracted = isinstance(event, EventRetracted)
                events = (event.event, None) if is_retracted else (None, event.event)
                self._note([location], _Touch(position, False, *events))
        self._note(self._reread(db), _Touch(position))

    def _note(self, places: Iterable[LocationId], touch: _Touch) -> None:
        for location in places:
            self._touched.setdefault(location, []).append(touch)

    def _told_by(self, db: sqlite3.Connection, source: SourceId) -> list[LocationId]:
        return self._claims.places_told_of(db, source)

    def _reread(self, db: sqlite3.Connection) -> list[LocationId]:
        """The places that an amendment bears on: a place of another kind, or the places of a source
        that became continuous or ceased to be."""
        match self._record.reread:
            case (_, LocationRegistered() as before, LocationRegistered() as after):
                return [after.location] if before.kind is not after.kind else []
            case (_, SourceRegistered() as before, SourceRegistered() as after):
                if before.continuous is not after.continuous:
                    return self._told_by(db, after.source)
        return []

    def _change_lineage(self, db: sqlite3.Connection, event: EventId, position: int) -> None:
        self.write(db)
        self._resolve_these(db, list(self._touched))
        self._forget_timelines()
        self._note(places_akin(db, event), _Touch(position))

    # ---- what was touched --------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """How many claims wait for their places to be resolved."""
        return sum(each.by_claim for touched in self._touched.values() for each in touched)

    def resolve(
        self, db: sqlite3.Connection, progress: Progress | None = None, at_most: int | None = None
    ) -> None:
        """Resolves the touched places; with `at_most`, some places with about so many claims."""
        due = list(self._touched) if at_most is None else list(self._first(at_most))
        self._resolve_these(db, due, progress)

    def _first(self, at_most: int) -> Iterator[LocationId]:
        claims = 0
        for location, touched in self._touched.items():
            if claims >= at_most:
                return
            claims += len(touched)
            yield location

    def _resolve_these(
        self,
        db: sqlite3.Connection,
        places: Iterable[LocationId],
        progress: Progress | None = None,
    ) -> None:
        for location in places:
            touched = self._touched.pop(location)
            self._resolve_place(db, location, touched)
            if progress:
                progress(sum(each.by_claim for each in touched))

    def _resolve_place(
        self, db: sqlite3.Connection, location: LocationId, touched: list[_Touch]
    ) -> None:
        shown = PeriodRows(db, location)
        for is_of_claims, some in groupby(touched, lambda each: each.is_of_claims):
            if is_of_claims:
                self._change_claims(db, location, shown, list(some))
            else:
                for each in some:
                    self._show_again(db, location, shown, each.position)
        shown.write()

    def _change_claims(
        self, db: sqlite3.Connection, location: LocationId, shown: PeriodRows, touched: list[_Touch]
    ) -> None:
        """Shows the place after each of some claims, revocations and reinstatements."""
        first, last = touched[0].position, touched[-1].position
        timeline = self._timeline(db, location, known=first - 1)
        made = claims_made(db, location, first=first, last=last)
        claims = {claim.position: claim for claim in made}
        self._remembered += len(claims)
        for each in touched:
            if each.takes_back:
                changed = timeline.take_back(each.takes_back)
            elif each.reinstates:
                changed = timeline.reinstate(each.reinstates)
            elif claim := claims.get(each.position):
                changed = timeline.add(claim)
            else:
                continue
            shown.show(timeline, changed, each.position)

    def _show_again(
        self, db: sqlite3.Connection, location: LocationId, shown: PeriodRows, position: int
    ) -> None:
        """Shows the place after a change other than of claims."""
        if timeline := self._timelines.get(location):
            self._become(db, timeline, location, shown, position)
        else:
            timeline = self._timeline(db, location, known=position)
            shown.show(timeline, Touched(BEGINNING, END), position)

    def _become(
        self,
        db: sqlite3.Connection,
        timeline: Timeline,
        location: LocationId,
        shown: PeriodRows,
        position: int,
    ) -> None:
        known = claims_on(db, location, known=position, perspective=DEFAULT)
        self._remembered += len(known.claims) - len(timeline.claims)
        shown.show(timeline, timeline.become(known), position)

    def _timeline(self, db: sqlite3.Connection, location: LocationId, *, known: int) -> Timeline:
        timeline = self._timelines.pop(location, None)
        if timeline is None:
            if self._lineage is None:
                self._lineage = lineage_known(db, known=known, perspective=DEFAULT)
            admitted = claims_on(db, location, known=known, perspective=DEFAULT)
            timeline = Timeline(admitted, self._lineage)
            self._remembered += len(timeline.claims)
        while self._timelines and self._remembered > _REMEMBERED_CLAIMS:
            forgotten = self._timelines.pop(next(iter(self._timelines)))
            self._remembered -= len(forgotten.claims)
        self._timelines[location] = timeline
        return timeline
