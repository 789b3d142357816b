"""Who controlled X on date Y, as known on date Z, according to whom, and why do we say so?

The one place where the views meet. GraphQL and the command line both ask here, so that they give
the same answer in the same words.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import orjson

from domain.claims import Grade
from domain.control import RULE, Verdict
from domain.events import SituationEvent
from domain.explanation import Testimony, explain
from domain.occurred import DAY, Instant, Occurred, instant_of, rfc3339
from domain.perspective import DEFAULT, Perspective
from domain.refusals import DomainError, InTheFuture, UnknownReference
from domain.statements import Names
from domain.timeline import Period, Timeline
from domain.values import ActorId, EventId, LocationId, Reliability
from infra.ledger import utc_now
from infra.nearest import nearest
from infra.views import ViewFile
from projections.actors import Actors
from projections.control import UNKNOWN_FOR_EVER, Control
from projections.entries import Entries
from projections.places import Place, PlaceFilter, Places
from projections.sources import Sources


class NotRecordedYet(DomainError):
    """The position that is asked about lies ahead of the ledger as these views know it."""

    field = "position"

    def __init__(self, position: int, head: int) -> None:
        super().__init__(f"position {position} is not recorded yet; the last one is {head}")


class TwoKnowledges(DomainError):
    """Both a time and a position say as of when it is to be known."""

    field = "position"

    def __init__(self) -> None:
        super().__init__("give knownAt or position, not both: each says what was known")


@dataclass(frozen=True, slots=True)
class Known:
    """What was recorded up to a position: the knowledge axis of a question, resolved."""

    position: int
    closed: bool
    """Whether nothing that is recorded later can come to lie before it."""


class Pinned(Protocol):
    """An answer of any kind, and what pins it."""

    @property
    def at(self) -> Instant: ...
    @property
    def known(self) -> Known: ...
    @property
    def token(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Who controlled a place at an instant, and all that pins the answer."""

    location: LocationId
    at: Instant
    known: Known
    period: Period
    perspective: Perspective = DEFAULT
    inherited_from: LocationId | None = None

    @property
    def verdict(self) -> Verdict:
        return self.period.reading.verdict

    @property
    def token(self) -> str:
        """The basis as one opaque text: equal tokens have equal answers, for ever."""
        perspective = self.perspective
        pins: dict[str, Any] = {
            "at": rfc3339(self.at),
            "inherited": self.inherited_from,
            "location": self.location,
            "position": self.known.position,
            "rule": RULE,
        }
        if not perspective.is_default:
            pins["perspective"] = [
                None if perspective.sources is None else sorted(perspective.sources),
                sorted(perspective.exclude_sources),
                perspective.min_reliability,
                perspective.min_credibility,
                perspective.published_by,
            ]
        return token_of(pins)


def token_of(pins: dict[str, Any]) -> str:
    """What pins an answer, as one opaque text."""
    text = orjson.dumps(pins, option=orjson.OPT_SORT_KEYS)
    return urlsafe_b64encode(text).decode().rstrip("=")


class Answers:
    """Every question that a frontend, a command or a court may ask of the views."""

    def __init__(self, views: ViewFile, now: Callable[[], datetime] = utc_now) -> None:
        self._views = views
        self._now = now
        self.control_view = Control(views)
        self.entries = Entries(views)
        self.places = Places(views)
        self.actors = Actors(views)
        self.sources = Sources(views)

    @property
    def projections(self) -> tuple[Entries, Sources, Places, Actors, Control]:
        return (self.entries, self.sources, self.places, self.actors, self.control_view)

    @property
    def head(self) -> int:
        """The position that the views stand for."""
        return self._views.position

    def known(self, *, at: Instant | None = None, position: int | None = None) -> Known:
        """What was known at that recorded time, or position, or is known now.

        Raises NotRecordedYet, TwoKnowledges and InTheFuture.
        """
        head = self.head
        if position is not None:
            if at is not None:
                raise TwoKnowledges
            if not 0 <= position <= head:
                raise NotRecordedYet(position, head)
            return Known(position, closed=True)
        if at is None:
            return Known(head, closed=False)
        self._refuse_future("knownAt", at)
        # A later entry never gets an earlier recorded time than the head: what lies before it is
        # settled, while the same microsecond may still receive more.
        latest = self.entries.recorded_at(head)
        position = min(head, self.entries.position_at(at))
        return Known(position, closed=latest is not None and at < latest)

    def place(self, slug: str) -> Place:
        """The place; raises UnknownReference, which names the nearest."""
        if place := self.places.get(LocationId(slug)):
            return place
        raise UnknownReference("location", slug, "location", nearest(slug, self.places.names()))

    def control(
        self,
        location: str,
        *,
        at: Instant,
        known: Known,
        perspective: Perspective = DEFAULT,
        inherit: bool = False,
    ) -> Answer:
        """Who controlled the place at that instant. Raises UnknownReference and InTheFuture."""
        self._refuse_future("at", at)
        place = self.place(location)
        answer = self._control(place.location, at, known, perspective)
        around = place.within if inherit else None
        while around and not answer.verdict.has_voice:
            container = self.place(around)
            above = self._control(around, at, known, perspective)
            if above.verdict.has_voice:
                return Answer(place.location, at, known, above.period, perspective, around)
            around = container.within
        return answer

    def timeline(
        self, location: str, *, known: Known, perspective: Perspective = DEFAULT
    ) -> list[Answer]:
        """Every period of the place, each as the answer for its first instant."""
        place = self.place(location).location
        if perspective.is_default:
            periods = self.control_view.timeline(place, known=known.position)
        else:
            periods = self._swept(place, perspective, known).periods()
        return [Answer(place, period.start, known, period, perspective) for period in periods]

    def map(self, wanted: PlaceFilter, *, at: Instant, known: Known) -> list[Answer]:
        """The answer for every place that can be held and fulfils the filter."""
        self._refuse_future("at", at)
        places, _ = self.places.page(wanted, known=known.position, size=None)
        held = [place.location for place in places if place.kind.can_be_held]
        found = dict(self.control_view.map(at=at, known=known.position, places=held))
        return [
            Answer(location, at, known, found.get(location, UNKNOWN_FOR_EVER)) for location in held
        ]

    def holdings(self, actor: ActorId, *, at: Instant, known: Known) -> list[Answer]:
        """The places that the actor held, alone or with others."""
        self._refuse_future("at", at)
        found = self.control_view.holdings(actor, at=at, known=known.position)
        return [Answer(location, at, known, period) for location, period in found]

    def revisions(self, location: str, *, at: Instant, known: Known) -> list[tuple[int, Answer]]:
        """How the answer for that instant changed, each with the position that changed it."""
        self._refuse_future("at", at)
        place = self.place(location).location
        return [
            (each.position, Answer(place, at, Known(each.position, closed=True), each.period))
            for each in self.control_view.revisions(place, at=at, known=known.position)
        ]

    def explanation(self, answer: Answer) -> str:
        """The answer in plain English, with its reasons."""
        place = self.place(answer.location)
        name = place.name
        if answer.inherited_from:
            name = f"{place.name}, as part of {self.place(answer.inherited_from).name},"
        testimony = self.testimony(answer.period.reading.events, answer.known.position)
        return explain(name, answer.at, answer.period, testimony, self.names())

    def names(self) -> Names:
        """What places and actors are called, looked up once each."""
        return _Names(self)

    def _refuse_future(self, field: str, asked: Instant) -> None:
        """Nobody knows about a day that lies ahead; today has begun, and may be asked about."""
        now = instant_of(self._now())
        if asked // DAY > now // DAY:
            said = rfc3339(asked)[:10] if (asked + 1) % DAY == 0 else rfc3339(asked)
            raise InTheFuture(field, said, rfc3339(now))

    def _control(
        self, location: LocationId, at: Instant, known: Known, perspective: Perspective
    ) -> Answer:
        if perspective.is_default:
            period = self.control_view.at(location, at=at, known=known.position)
        else:
            period = self._swept(location, perspective, known).at(at)
        return Answer(location, at, known, period, perspective)

    def _swept(self, location: LocationId, perspective: Perspective, known: Known) -> Timeline:
        return self.control_view.from_perspective(location, perspective, known=known.position)

    def testimony(self, events: Iterable[EventId], known: int) -> dict[EventId, Testimony]:
        """Those of the events that are statements, and who makes them."""
        found = self.entries.many(set(events), known=known)
        return {
            event: self._testify(entry.event, known)
            for event, entry in found.items()
            if isinstance(entry.event, SituationEvent)
        }

    def _testify(self, event: SituationEvent, known: int) -> Testimony:
        report = self.sources.report(event.report, known=known)
        assert report is not None, "an event cites a report that was filed before it"
        origin = self.sources.source(report.origin, known=known)
        via = self.sources.source(report.source, known=known)
        assert origin is not None and via is not None, "a report cites a registered source"
        return Testimony(
            event=event,
            source=origin.name,
            via=via.name if via.source != origin.source else None,
            grade=Grade(Reliability(origin.reliability), event.credibility),
            published=Occurred.parse(report.published),
        )


@dataclass
class _Names:
    answers: Answers
    _actors: dict[ActorId, str] = field(default_factory=dict)

    def actor(self, actor: ActorId) -> str:
        if actor not in self._actors:
            found = self.answers.actors.get(actor)
            self._actors[actor] = found.name if found else actor
        return self._actors[actor]

    def location(self, location: LocationId) -> str:
        found = self.answers.places.get(location)
        return found.name if found else location
