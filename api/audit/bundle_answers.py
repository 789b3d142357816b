"""Who controlled X on date Y, asked of a bundle alone?

Answers are the pure fold of the entries, in the words of a node and with the same token. A question
about a place or position outside the bundle is refused.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from api.answers.basis import Answer, Basis, inherited, refuse_ahead, refuse_future, with_around
from api.answers.tokens import OtherRule
from api.audit.bundle_sources import BundleActors, BundleEntries, BundleRegistrations, BundleSources
from domain.control.perspective import DEFAULT, Perspective
from domain.control.verdict import RULE
from domain.events import ActorRegistered, LocationRegistered, SourceRegistered
from domain.location import Location, fold
from domain.occurred import Instant, instant_of, parse_moment
from domain.reachability import reachable
from domain.refusals import DomainError, UnknownReference
from domain.values import LocationId
from domain.words.names import Naming
from domain.words.statements import Names
from infra.bundle.files import BundleFolder
from infra.bundle.layout import Manifest
from infra.bundle.place_entries import read_place
from infra.ledger.ledger import utc_now
from infra.spelling import nearest
from infra.views.rows import NOW
from projections.places import Place


class OutsideBundle(DomainError):
    """The question is about something outside the bundle."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} can't answer that: {why}")


class BundleAnswers:
    """The answers of a checked bundle about one place and the places around."""

    def __init__(
        self, folder: BundleFolder, location: str, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        """Raises OtherRule where the answers of the bundle go by another version of the rule."""
        if folder.manifest.rule != RULE:
            raise OtherRule(folder.manifest.rule)
        self._path, self._manifest, self._now = folder.path, folder.manifest, now
        self._kept = read_place(folder, location)
        self._naming = lru_cache(1)(self._named)
        self._registrations = BundleRegistrations(self._kept.entries)
        self._places = {
            event.location: event
            for each in self._kept.entries
            if isinstance(event := each.event, LocationRegistered)
        }
        self.entries = BundleEntries(self._kept.entries, self._kept.clock.recorded_at)
        self.sources = BundleSources(self._kept.entries, self._registrations)
        self.actors = BundleActors(self._kept.entries, self._registrations)

    def basis(
        self,
        at: Instant | None = None,
        *,
        known_at: Instant | None = None,
        position: int | None = None,
        perspective: Perspective = DEFAULT,
    ) -> Basis:
        """The basis of a question. Without recorded time and position the whole bundle counts.

        Raises NotRecordedYet, TwoKnowledges, InTheFuture and OutsideBundle.
        """
        now, closed = instant_of(self._now()), position is not None
        position = self._position(known_at, position, now)
        return Basis.asked(at, position, closed, perspective, now)

    def _position(self, known_at: Instant | None, position: int | None, now: Instant) -> int:
        manifest = self._manifest
        if position is not None:
            refuse_ahead(position, known_at, manifest.head)
            if position > manifest.last:
                raise OutsideBundle(
                    self._path, f"it ends with position {manifest.last}, of {manifest.head}"
                )
            return position
        if known_at is None:
            return manifest.last
        refuse_future("knownAt", known_at, now)
        if not _includes(manifest, known_at):
            assert manifest.until is not None
            why = f"it holds what had been recorded until {manifest.until.moment}"
            raise OutsideBundle(self._path, why)
        return self._kept.clock.position_at(known_at, manifest.last)

    def place(self, slug: str, *, known: int = NOW) -> Place:
        """The place, as registered and amended by a position. Raises UnknownReference and
        OutsideBundle."""
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

    def names(self, basis: Basis) -> Names:
        """The names of places and actors in use at the instant."""
        return self._naming(basis.position).at(basis.at)

    def control(self, location: str, basis: Basis, *, inherit: bool = False) -> Answer:
        """Who controlled the place. Raises UnknownReference and OutsideBundle."""
        place = self.place(location)
        self._refuse_outside(place.location)
        answer = self._answer(place.location, basis)
        place_of = partial(self.place, known=basis.position)
        ask = partial(self._answer, basis=basis)
        if inherit:
            answer = inherited(answer, place_of, ask)
        kinship = self._fold(place.location, basis.position).lineage(basis.perspective)
        return with_around(answer, place_of, ask, kinship.at(basis.at).meet)

    def _answer(self, location: LocationId, basis: Basis) -> Answer:
        timeline = self._fold(location, basis.position).timeline(basis.perspective)
        return Answer(location, basis, timeline.at(basis.at))

    def left_out(self, answer: Answer) -> int:
        """How many statements about the place the perspective of the answer leaves out."""
        basis = answer.basis
        return self._fold(answer.location, basis.position).left_out(basis.perspective)

    def first_recorded(self, location: LocationId, *, known: int | None = None) -> int | None:
        """The first position at which anything says who holds the place, as known at a position;
        with none, as the bundle is."""
        made = self._fold(location, self._manifest.last if known is None else known).claims_made
        return min((claim.position for claim in made), default=None)

    def _fold(self, location: LocationId, known: int) -> Location:
        told = (each.entry for each in self._kept.entries if each.position <= known)
        return fold(location, told)

    def _refuse_outside(self, location: LocationId) -> None:
        region, around = self._manifest.within, self._kept.around.__getitem__
        if region is not None and LocationId(region) not in reachable([location], around):
            why = f"it was exported within {region}, and {location} lies elsewhere"
            raise OutsideBundle(self._path, why)

    def _named(self, known: int) -> Naming:
        return Naming(
            each.entry
            for each in self._kept.entries
            if each.position <= known or isinstance(each.event, _REGISTERED)
        )


_UNCODED = None, None
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
        *((point.precision.scale, point.precision.code) if point and point.precision else _UNCODED),
    )


def _includes(manifest: Manifest, at: Instant) -> bool:
    return (
        manifest.until is None
        or manifest.last == manifest.head
        or at <= parse_moment(manifest.until.moment)
    )
