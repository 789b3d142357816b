"""Who controlled X on date Y, asked of a bundle alone? By the pure fold of what it holds.

The answer is the one that a node gives, in the same words and with the same token; where the bundle
can't give it, because the place or the position lies outside, it is refused.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from api.answers.basis import Answer, Known, inherited, refuse_ahead, refuse_future, with_around
from api.answers.tokens import OtherRule
from api.audit.bundle_sources import ActorsKept, EntriesKept, RegistrationsKept, SourcesKept
from domain.control.perspective import DEFAULT, Perspective
from domain.control.verdict import RULE
from domain.events import (
    ActorRegistered,
    LocationRegistered,
    SourceRegistered,
)
from domain.location import Location, fold
from domain.occurred import Instant, instant_of, parse_moment
from domain.refusals import DomainError, UnknownReference
from domain.values import LocationId
from domain.words.names import Naming
from domain.words.statements import Names
from infra.bundle.containment import reachable
from infra.bundle.files import BundleFolder
from infra.bundle.layout import Manifest
from infra.bundle.place_entries import read_place
from infra.ledger.ledger import utc_now
from infra.spelling import nearest
from infra.views.rows import NOW
from projections.places import Place


class OutsideBundle(DomainError):
    """The bundle does not hold what the question is about."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} can't answer that: {why}")


class BundleAnswers:
    """What a bundle that was checked says of one place, and of those around it."""

    def __init__(
        self,
        folder: BundleFolder,
        location: str,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Raises OtherRule where the answers of the bundle go by another version of the rule."""
        if folder.manifest.rule != RULE:
            raise OtherRule(folder.manifest.rule)
        self._path, self._manifest, self._now = folder.path, folder.manifest, now
        self._kept = read_place(folder, location)
        self._naming = lru_cache(1)(self._named)
        self._registrations = RegistrationsKept(self._kept.entries)
        self._places = {
            event.location: event
            for each in self._kept.entries
            if isinstance(event := each.event, LocationRegistered)
        }
        self.entries = EntriesKept(self._kept.entries, self._kept.clock.recorded_at)
        self.sources = SourcesKept(self._kept.entries, self._registrations)
        self.actors = ActorsKept(self._kept.entries, self._registrations)

    def known(self, *, at: Instant | None = None, position: int | None = None) -> Known:
        """What was known at that recorded time, or position, or at the end of the bundle.

        Raises NotRecordedYet, TwoKnowledges, InTheFuture and OutsideBundle.
        """
        manifest = self._manifest
        if position is not None:
            refuse_ahead(position, at, manifest.head)
            if position > manifest.last:
                raise OutsideBundle(
                    self._path, f"it ends with position {manifest.last}, of {manifest.head}"
                )
            return Known(position, closed=True)
        if at is None:
            return Known(manifest.last, closed=False)
        refuse_future("knownAt", at, instant_of(self._now()))
        if not _reaches(manifest, at):
            assert manifest.until is not None
            why = f"it holds what had been recorded until {manifest.until.moment}"
            raise OutsideBundle(self._path, why)
        return Known(self._kept.clock.position_at(at, manifest.last), closed=False)

    def place(self, slug: str, *, known: int = NOW) -> Place:
        """The place, as it read at that position; raises UnknownReference, which names the
        nearest, and OutsideBundle."""
        if registered := self._places.get(LocationId(slug)):
            return _place(self._registrations.read(registered, known=known))
        if self._manifest.within is not None:
            raise OutsideBundle(
                self._path, f"it was exported within {self._manifest.within}, without {slug[:60]!r}"
            )
        places = [self.place(each) for each in sorted(self._places)]
        names: dict[str, set[str]] = {
            each.location: {each.location, each.name, *each.aliases} for each in places
        }
        raise UnknownReference("location", slug, "location", nearest(slug, names))

    def names(self, *, at: Instant | None, known: int) -> Names:
        """What places and actors were called at that instant, as known at that position."""
        return self._naming(known).at(at)

    def control(
        self,
        location: str,
        *,
        at: Instant,
        known: Known,
        perspective: Perspective = DEFAULT,
        inherit: bool = False,
    ) -> Answer:
        """Who controlled the place at that instant.

        Raises UnknownReference, InTheFuture and OutsideBundle.
        """
        refuse_future("at", at, instant_of(self._now()))
        place = self.place(location)
        self._refuse_outside(place.location)
        answer = self._answer(place.location, at, known, perspective)
        place_of = partial(self.place, known=known.position)
        ask = partial(self._answer, at=at, known=known, perspective=perspective)
        if inherit:
            answer = inherited(answer, place_of, ask)
        kinship = self._fold(place.location, known).lineage(perspective).at(at)
        return with_around(answer, place_of, ask, kinship.meet)

    def _answer(
        self, location: LocationId, at: Instant, known: Known, perspective: Perspective
    ) -> Answer:
        period = self._fold(location, known).timeline(perspective).at(at)
        return Answer(location, at, known, period, perspective)

    def left_out(self, answer: Answer) -> int:
        """How many statements about the place the perspective of the answer leaves out."""
        return self._fold(answer.location, answer.known).left_out(answer.perspective)

    def first_recorded(self, location: LocationId, *, known: int | None = None) -> int | None:
        """The first position at which anything says who holds the place, as known at a position;
        with none, as the bundle is."""
        then = Known(self._manifest.last if known is None else known, closed=True)
        made = self._fold(location, then).claims_made
        return min((claim.position for claim in made), default=None)

    def _fold(self, location: LocationId, known: Known) -> Location:
        told = (each.entry for each in self._kept.entries if each.position <= known.position)
        return fold(location, told)

    def _refuse_outside(self, location: LocationId) -> None:
        region = self._manifest.within
        if region is not None and region not in reachable(location, self._kept.around.__getitem__):
            why = f"it was exported within {region}, and {location} lies elsewhere"
            raise OutsideBundle(self._path, why)

    def _named(self, known: int) -> Naming:
        return Naming(
            each.entry
            for each in self._kept.entries
            if each.position <= known or isinstance(each.event, _REGISTERED)
        )


_REGISTERED = (ActorRegistered, LocationRegistered, SourceRegistered)


def _place(place: LocationRegistered) -> Place:
    point = place.coordinates
    latitude, longitude = (point.latitude, point.longitude) if point else (None, None)
    return Place(
        place.location,
        place.name,
        place.kind,
        latitude,
        longitude,
        place.within,
        tuple(alias.text for alias in place.aliases),
    )


def _reaches(manifest: Manifest, at: Instant) -> bool:
    return (
        manifest.until is None
        or manifest.last == manifest.head
        or at <= parse_moment(manifest.until.moment)
    )
