"""What may be recorded?

The registry is the knowledge of the write side: the ids taken, and the events that stand. A
decision reads one dynamic consistency boundary: the ids in a statement; for an amendment of a
container also the places around; for the end of a source also the amendments of the source.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from domain.events import (
    Amendment,
    Event,
    EventReinstated,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
    RecordKeeping,
    ReportAmended,
    ReportFiled,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegistered,
)
from domain.occurred import DAY, Instant, Occurred, rfc3339
from domain.reachability import reachable
from domain.references import (
    REGISTERED_BY,
    Reference,
    amended_by,
    references_of,
    subject_of,
)
from domain.refusals import (
    AfterItsReport,
    AlreadyRegistered,
    AlreadySaid,
    InTheFuture,
    NothingToEnd,
    NothingToReinstate,
    NothingToRetract,
    UnknownReference,
    WithinItself,
)
from domain.values import EventId, LocationId, LocationKind, ReportId, SourceId


@dataclass(frozen=True)
class Statement:
    """An event to be recorded, with the id that follows from its content."""

    id: EventId
    event: Event

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every id in the event, in the order of the fields."""
        return tuple(references_of(self.event))

    @cached_property
    def subject(self) -> Reference | None:
        """The id of a registration; None for other events."""
        return subject_of(self.event)

    @cached_property
    def amends(self) -> Reference | None:
        """The id of the amended registration; None for other events."""
        return amended_by(self.event)

    @cached_property
    def tags(self) -> frozenset[str]:
        """Everything that the event concerns: all ids in it.

        A registration concerns its own id, and a report its source; not the place around or the
        copied report: else a question about a country would read every village. An amendment
        concerns the amended id.
        """
        if self.amends:
            return frozenset([self.amends.tag])
        if self.subject is None:
            return frozenset([reference.tag for reference in self.references])
        subject = self.subject
        return frozenset(
            [each.tag for each in self.references if each == subject or each.kind == "source"]
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement at its position in the ledger."""

    position: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class EventStatus:
    """A recorded event, and whether the event stands."""

    event: Event
    tags: frozenset[str]
    live: bool = True


class Registry:
    """The record, as far as a decision needs it, statement by statement.

    Only `learn` changes the registry: a file of 100,000 statements is decided line by line, each in
    the light of the lines before.
    """

    def __init__(self) -> None:
        self.known: dict[str, set[str]] = {kind: set() for kind in REGISTERED_BY}
        self.sources: dict[ReportId, SourceId] = {}
        self._continuous: set[SourceId] = set()
        self._continuity: dict[SourceId, list[EventId]] = {}
        """The amendments of continuity for each source, in the order of recording."""
        self.published: dict[ReportId, Occurred] = {}
        self.places: dict[LocationId, LocationKind] = {}
        self.events: dict[EventId, EventStatus] = {}
        self._within: dict[LocationId, LocationId | None] = {}
        self._moves: dict[LocationId, list[EventId]] = {}
        """The amendments of the container for each place, in the order of recording."""

    def learn(self, statement: Statement, tags: Iterable[str]) -> None:
        """Takes in a recorded statement, without refusals: a recorded statement stays recorded."""
        event = statement.event
        self.events.setdefault(statement.id, EventStatus(event, frozenset(tags)))
        if subject := statement.subject:
            self.known[subject.kind].add(subject.slug)
        if isinstance(event, ReportFiled):
            self.sources[event.report] = event.source
            self.published[event.report] = event.published
        if isinstance(event, SourceRegistered) and event.continuous:
            self._continuous.add(event.source)
        if isinstance(event, SourceAmended) and event.continuous is not None:
            self._continuity.setdefault(event.source, []).append(statement.id)
        if isinstance(event, LocationRegistered):
            self.places[event.location] = event.kind
            self._within[event.location] = event.within
        if isinstance(event, LocationAmended) and moves(event):
            self._moves.setdefault(event.location, []).append(statement.id)
        if isinstance(event, RecordKeeping) and (target := self.events.get(event.event)):
            stands = isinstance(event, EventReinstated)
            self.events[event.event] = EventStatus(target.event, target.tags, live=stands)

    def tags_of(self, statement: Statement) -> list[str]:
        """Everything that the statement concerns: its own ids, its source, and, for a retraction or
        a reinstatement, everything that the target concerns."""
        event = statement.event
        tags = set(statement.tags)
        if isinstance(event, SituationEvent | RecordKeeping | ReportAmended):
            tags.add(f"source:{self.sources[event.report]}")
        if isinstance(event, RecordKeeping):
            tags |= self.events[event.event].tags
        return [f"event:{statement.id}", *sorted(tags)]

    def is_continuous(self, source: SourceId) -> bool:
        """Whether silence of the source means no change, by its registration and amendments."""
        is_continuous = source in self._continuous
        for id in self._continuity.get(source, ()):
            event = self.events[id].event
            if isinstance(event, SourceAmended) and self.events[id].live:
                is_continuous = bool(event.continuous)
        return is_continuous

    def around(
        self, location: LocationId, *, without: EventId | None = None, with_: EventId | None = None
    ) -> list[LocationId]:
        """The places that contain it, the smallest first, as far as they are known here; where it
        contains itself, up to itself. What was amended is read with one amendment taken back, or
        reinstated."""

        def within(place: LocationId) -> list[LocationId]:
            container = self._container(place, without, with_)
            return [container] if container else []

        return list(reachable(within(location), within))

    def _container(
        self, location: LocationId, without: EventId | None, with_: EventId | None
    ) -> LocationId | None:
        container = self._within.get(location)
        for id in self._moves.get(location, ()):
            event, live = self.events[id].event, self.events[id].live
            if isinstance(event, LocationAmended) and (live or id == with_) and id != without:
                container = event.changes["within"]
        return container


def moves(event: Event) -> bool:
    """Whether the event amends the container of a place."""
    return isinstance(event, LocationAmended) and "within" in event.changes


def decide(
    known: Registry, statement: Statement, now: Instant, *, is_restored: bool = False
) -> tuple[Statement, ...]:
    """The statements to append: the statement, or nothing for a duplicate.

    Raises the DomainError with the reason for a refusal. `now` is recorded time. `is_restored`
    means that another ledger recorded the statement, perhaps before the rule about events that
    begin after their reports, and that the statement comes back as recorded.
    """
    event = statement.event
    if statement.id in known.events:
        _refuse_echo(known, event)
        return ()
    _refuse_unknown(known, statement)
    _refuse_future(event, now)
    if isinstance(event, SituationEvent) and not is_restored:
        refuse_after_its_report(event, known.published[event.report])
    if isinstance(event, SourceEnded) and not known.is_continuous(event.source):
        raise NothingToEnd(event.source)
    if isinstance(event, RecordKeeping):
        _refuse_idle(known, event)
        _refuse_unknown_replacement(known, event)
    _refuse_cycle(known, event)
    return (statement,)


def _refuse_unknown(known: Registry, statement: Statement) -> None:
    subject = statement.subject
    if subject and subject.slug in known.known[subject.kind]:
        raise AlreadyRegistered(subject.kind, subject.slug)
    for reference in statement.references:
        registered = known.known.get(reference.kind)
        if registered is None or reference == subject or reference.slug in registered:
            continue
        raise UnknownReference(reference.kind, reference.slug, reference.field)


def _refuse_future(event: Event, now: Instant) -> None:
    for field in _times_of(type(event)):
        said = getattr(event, field)
        if isinstance(said, Occurred) and said.window.earliest > now:
            raise InTheFuture(field, said.written, rfc3339(now))


@cache
def _times_of(event_type: type[Event]) -> tuple[str, ...]:
    """The fields with a time in the world."""
    times = ("occurred", "published", "ended")
    return tuple(name for name in times if name in event_type.model_fields)


def refuse_after_its_report(event: SituationEvent, published: Occurred) -> None:
    """Raises AfterItsReport where the event begins more than a day after its report came out.

    A day, since the zones of the world, in which days are told, lie a day apart.
    """
    if event.occurred.window.earliest > published.window.latest + DAY:
        raise AfterItsReport(event.occurred.written, event.report, published.written)


def _refuse_idle(known: Registry, event: RecordKeeping) -> None:
    target = known.events.get(event.event)
    if isinstance(event, EventRetracted):
        if event.replaced_by == event.event:
            raise NothingToRetract(event.event, "the corrected event is the same as before")
        if not target or not isinstance(target.event, SituationEvent | Amendment):
            raise NothingToRetract(event.event, _NOTHING_THERE)
        if not target.live:
            raise NothingToRetract(event.event, "it is retracted already")
        if event.replaced_by and isinstance(target.event, Amendment):
            raise NothingToRetract(event.event, _NO_CORRECTION)
    elif not target or not isinstance(target.event, SituationEvent | Amendment):
        raise NothingToReinstate(event.event, _NOTHING_THERE)
    elif target.live:
        raise NothingToReinstate(event.event, "it is not retracted")


_NOTHING_THERE = "no situation event and no amendment is recorded under that id"
_NO_CORRECTION = (
    "it is an amendment, which no statement corrects; record the right amendment, or retract this "
    "one without another in its place"
)


def _refuse_cycle(known: Registry, event: Event) -> None:
    """No place contains itself, at any depth."""
    if isinstance(event, LocationAmended) and event.within:
        around = [event.within, *known.around(event.within)]
        if event.location in around:
            end = around.index(event.location) + 1
            raise WithinItself(event.location, around[:end], "within")
    target = known.events.get(event.event) if isinstance(event, RecordKeeping) else None
    if isinstance(event, RecordKeeping) and target and isinstance(target.event, LocationAmended):
        stands, place = isinstance(event, EventReinstated), target.event.location
        without, with_ = (None, event.event) if stands else (event.event, None)
        around = known.around(place, without=without, with_=with_)
        if place in around:
            raise WithinItself(place, around, "event")


def _refuse_unknown_replacement(known: Registry, event: RecordKeeping) -> None:
    replacement = event.replaced_by if isinstance(event, EventRetracted) else None
    if replacement and replacement not in known.events:
        raise UnknownReference("event", replacement, "replaced_by")


def _refuse_echo(known: Registry, event: Event) -> None:
    """A retraction repeated after a reinstatement would be lost as a duplicate."""
    if isinstance(event, RecordKeeping):
        stands = isinstance(event, EventReinstated)
        if known.events[event.event].live is not stands:
            raise AlreadySaid(event.event)
