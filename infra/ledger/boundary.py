"""The part of the ledger needed by a decision, and the condition of its append."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from domain.events import (
    Event,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
    RecordKeeping,
    SourceAmended,
    SourceEnded,
)
from domain.references import REGISTERED_BY, Reference
from domain.registry import Registry, Statement, moves
from domain.values import EventId, LocationId
from infra.ledger.codec import Recorded
from infra.ledger.dcb import (
    AppendCondition,
    Query,
    QueryItem,
    Recorder,
    SequencedEvent,
    StoredEvent,
)
from infra.ledger.legibility import PassedOver, Sieve
from infra.ledger.reader import RECORD_KEEPING

_REMEMBERED = 20_000
"""How many registrations a ledger keeps in memory, to decide without reading again."""

_CONTAINING = [LocationRegistered.__name__, LocationAmended.__name__]
"""The types of events on containment."""


@dataclass
class Boundary:
    """The part of the ledger needed by a decision, as of a single position."""

    registry: Registry = field(default_factory=Registry)
    positions: dict[EventId, int] = field(default_factory=dict)
    registrations: list[tuple[Statement, Sequence[str]]] = field(default_factory=list)
    around: set[LocationId] = field(default_factory=set)
    """The places whose containment matters to the decision."""
    head: int | None = None

    def take_in(self, stored: Iterable[SequencedEvent], sieve: Sieve) -> None:
        for each in stored:
            recorded = sieve.take(each)
            if isinstance(recorded, PassedOver):
                continue
            self.registry.learn(recorded.statement, each.event.tags)
            self.positions[recorded.statement.id] = each.position
            if recorded.statement.subject:
                self.registrations.append((recorded.statement, each.event.tags))

    def enter(self, statement: Statement, data: bytes) -> StoredEvent:
        """The entry to append, known to all decisions after."""
        tags = self.registry.tags_of(statement)
        self.registry.learn(statement, tags)
        return StoredEvent(type(statement.event).__name__, data, tags)

    def condition(self, statements: Sequence[Statement]) -> AppendCondition:
        """The condition of the append: nobody recorded the statements, took their ids, touched an
        event to be revoked, or moved a place of `around` since `head`."""
        items = [QueryItem(tags=[f"event:{event}"]) for event in _events_of(statements)]
        subjects = [subject for each in statements if (subject := each.subject)]
        items += [
            QueryItem(types=[REGISTERED_BY[each.kind].__name__], tags=[each.tag])
            for each in subjects
        ]
        moving = [LocationAmended.__name__, *RECORD_KEEPING]
        items += [QueryItem(moving, [f"location:{place}"]) for place in sorted(self.around)]
        return AppendCondition(Query(items), after=self.head)


class BoundaryReader:
    """Reads the boundaries of decisions, and remembers registrations between decisions."""

    def __init__(self, recorder: Recorder, sieve: Sieve) -> None:
        self._recorder, self._sieve = recorder, sieve
        self._registrations: dict[str, tuple[Statement, Sequence[str]]] = {}

    def read(self, statements: Sequence[Statement]) -> Boundary:
        boundary = Boundary()
        wanted = {reference.tag: kind for reference, kind in _registrations_of(statements)}
        items = [QueryItem(tags=[f"event:{event}"]) for event in _events_of(statements)]
        for tag, kind in wanted.items():
            if tag in self._registrations:
                boundary.registry.learn(*self._registrations[tag])
            else:
                items.append(QueryItem(types=[kind], tags=[tag]))
        response = self._recorder.read(Query(items))
        found = {each.position: each for each in response}
        boundary.head = response.head
        self._read_around(statements, found, boundary)
        self._read_continuity(statements, found)
        boundary.take_in((found[position] for position in sorted(found)), self._sieve)
        self._remember(boundary)
        return boundary

    def _read_around(
        self, statements: Sequence[Statement], found: dict[int, SequencedEvent], boundary: Boundary
    ) -> None:
        """Adds the entries on containment to `found`, for statements that move a place into
        another: all places reachable from there by any entry, retracted or not."""
        told = [each.event for each in statements]
        kept = {each.event for each in told if isinstance(each, RecordKeeping)}
        targets = self._sieve.readable(found[at] for at in sorted(found)) if kept else ()
        moving = [*told, *(each.event for each in targets if each.statement.id in kept)]
        waiting = _places_in(filter(moves, moving))
        while waiting:
            boundary.around |= waiting
            read = self._tagged([f"location:{place}" for place in sorted(waiting)], _CONTAINING)
            heard = [*self._sieve.readable(read)]
            read += self._kept(each for each in heard if moves(each.event))
            found |= {each.position: each for each in read}
            said = [*told, *(each.event for each in heard)]
            about = [each for each in said if getattr(each, "location", None) in waiting]
            waiting = _places_in(about) - boundary.around

    def _read_continuity(
        self, statements: Sequence[Statement], found: dict[int, SequencedEvent]
    ) -> None:
        """Adds the amendments of continuity to `found`, for sources about to be ended."""
        ended = [each.event.source for each in statements if isinstance(each.event, SourceEnded)]
        read = self._tagged([f"source:{source}" for source in ended], [SourceAmended.__name__])
        read += self._kept(self._sieve.readable(read))
        found |= {each.position: each for each in read}

    def _kept(self, entries: Iterable[Recorded]) -> list[SequencedEvent]:
        """The retractions and reinstatements of some entries."""
        return self._tagged([f"event:{each.statement.id}" for each in entries], RECORD_KEEPING)

    def _tagged(self, tags: Sequence[str], types: Sequence[str]) -> list[SequencedEvent]:
        items = [QueryItem(types=[*types], tags=[tag]) for tag in tags]
        return list(self._recorder.read(Query(items))) if items else []

    def _remember(self, boundary: Boundary) -> None:
        if len(self._registrations) > _REMEMBERED:
            self._registrations.clear()
        for statement, tags in boundary.registrations:
            if subject := statement.subject:
                self._registrations[subject.tag] = (statement, tags)


def _registrations_of(statements: Sequence[Statement]) -> Iterator[tuple[Reference, str]]:
    for statement in statements:
        for reference in statement.references:
            if reference.kind in REGISTERED_BY:
                yield reference, REGISTERED_BY[reference.kind].__name__


def _events_of(statements: Sequence[Statement]) -> Iterator[EventId]:
    for statement in statements:
        yield statement.id
        if isinstance(statement.event, RecordKeeping):
            yield statement.event.event
        if isinstance(statement.event, EventRetracted) and statement.event.replaced_by:
            yield statement.event.replaced_by


def _places_in(events: Iterable[Event]) -> set[LocationId]:
    """The inner and the outer places of events on containment."""
    containing = [each for each in events if isinstance(each, LocationRegistered | LocationAmended)]
    return {place for each in containing for place in (each.location, each.within) if place}
