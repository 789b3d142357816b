"""What is recorded, and how does anything come to be?

The ledger is the only shared state. There is one way to write: read what the statements name,
decide, append on condition that nobody wrote about it meanwhile, and decide again if somebody did.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from domain.actor import BEARING, Actor
from domain.actor import fold as fold_actor
from domain.events import (
    EVENT_TYPES,
    ActorDissolved,
    Amendment,
    ConvoyEvent,
    Event,
    EventRetracted,
    LineageEvent,
    LocationAmended,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SiegeLifted,
    SituationEvent,
    SourceEnded,
)
from domain.location import Location
from domain.location import fold as fold_location
from domain.occurred import Instant, instant_of
from domain.references import REGISTERED_BY, Reference, amended_by, subject_of
from domain.refusals import (
    AlreadyRecorded,
    DomainError,
    RestsOnUnreadable,
    UnknownReference,
)
from domain.registry import Registry, Statement, decide, moves
from domain.values import ActorId, EventId, LocationId, ReportId, SourceId
from infra.ledger.codec import Recorded, decode, read_back, recorded_at_of
from infra.ledger.dcb import (
    AppendCondition,
    AppendConflict,
    KeepsAnIndex,
    KeepsPositions,
    Query,
    QueryItem,
    Recorder,
    SequencedEvent,
    StoredEvent,
    Subscription,
    restore,
)
from infra.ledger.engines import open_recorder
from infra.ledger.legibility import PassedOver, Sieve
from infra.spelling import nearest

_PAGE = 5_000
"""The most entries that are asked of an engine at once."""

_LINEAGE = [name for name, kind in EVENT_TYPES.items() if issubclass(kind, LineageEvent)]
"""The events that say who is whom."""

_ACTOR = [name for name, kind in EVENT_TYPES.items() if issubclass(kind, BEARING)]
"""The events that bear on the names, ties and convoys of actors."""

_RECORD_KEEPING = [name for name, kind in EVENT_TYPES.items() if issubclass(kind, RecordKeeping)]
"""The events that take another back, or reinstate it."""

_AMENDMENTS = [name for name, kind in EVENT_TYPES.items() if issubclass(kind, Amendment)]
"""The events that amend a registration."""

_BEARING = {
    tag: [name for name, kind in EVENT_TYPES.items() if issubclass(kind, (about, RecordKeeping))]
    for tag, about in (
        ("actor", ActorDissolved),
        ("location", SiegeLifted),
        ("convoy", ConvoyEvent),
    )
}
"""The events that bear on an actor though they may not name it: by what else they name."""

_NO_POSITION = 2**62
"""A position that no ledger reaches."""

_REMEMBERED = 200_000
"""How many registrations a ledger keeps in memory, to decide without reading them again."""


class Receipt(NamedTuple):
    """What became of one statement."""

    id: EventId
    position: int
    duplicate: bool
    """It was recorded before, at that position."""


class Refused(Exception):
    """One of several statements was refused, and so none was recorded."""

    def __init__(self, index: int, refusal: DomainError) -> None:
        super().__init__(str(refusal))
        self.index, self.refusal = index, refusal


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def open_ledger(url: str, now: Callable[[], datetime] = utc_now) -> Iterator["Ledger"]:
    """The ledger behind a URL; raises what `open_recorder` raises."""
    with open_recorder(url) as recorder:
        yield Ledger(recorder, now)


class Ledger:
    """Facts, in the order in which they were recorded."""

    def __init__(self, recorder: Recorder, now: Callable[[], datetime] = utc_now) -> None:
        self._recorder = recorder
        self._now = now
        self.sieve = Sieve()
        """What it came upon that can't be read. Whatever reads the ledger passes that over."""
        self._looked_up: set[str] = set()
        self._registrations: dict[str, tuple[Statement, Sequence[str]]] = {}

    def record(self, statements: Sequence[Statement], *, by: str) -> list[Receipt]:
        """Records all of them in one append, or none; `by` is who was authenticated.

        Raises Refused. What was recorded before is answered as a duplicate.
        """
        while True:
            boundary = self._read_boundary(statements)
            fresh = self._decide(statements, boundary, by)
            if not fresh:
                return boundary.receipts(statements, {})
            guard = _guard(statements, boundary.around)
            condition = AppendCondition(guard, after=boundary.head)
            try:
                last = self._recorder.append(list(fresh.values()), condition)
            except AppendConflict:
                continue
            first = last - len(fresh) + 1
            return boundary.receipts(
                statements, dict(zip(fresh, range(first, last + 1), strict=True))
            )

    def restore(self, stored: Sequence[tuple[int, bytes]], *, after: int) -> None:
        """Takes over entries as another ledger stored them, at the positions that they had there.

        Each is read, decided anew, as it was when it was recorded, and tagged by what it says.
        Nothing may be recorded behind `after`. Raises Refused, AppendConflict and LeavesNoGaps,
        and UnreadableEntry: what can't be read is not taken over.
        """
        entries = [decode(position, data) for position, data in stored]
        statements = [each.statement for each in entries]
        boundary = self._read_boundary(statements)
        events: list[SequencedEvent] = []
        for index, (each, (_, data)) in enumerate(zip(entries, stored, strict=True)):
            self._decide_again(boundary.registry, each, index)
            tags = boundary.registry.tags_of(each.statement)
            boundary.registry.learn(each.statement, tags)
            event = StoredEvent(type(each.event).__name__, data, tags)
            events.append(SequencedEvent(event, each.position))
        restore(self._recorder, events, after=after)

    @property
    def leaves_gaps(self) -> bool:
        """Whether its engine can leave out positions, as another one did."""
        return isinstance(self._recorder, KeepsPositions)

    def entries(self, after: int, limit: int | None = None) -> Iterator[Recorded | PassedOver]:
        """Every entry after that position, in order; or that it is passed over. Of what comes
        before it, `sieve` has to know what is passed over. Raises NewerEntry."""
        return map(self.sieve.take, self.stored(after, limit))

    def entry_at(self, position: int) -> Recorded | PassedOver | None:
        """The entry at that position, if there is one. Raises NewerEntry."""
        found = next(self.entries(position - 1, 1), None)
        return found if found and found.position == position else None

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Every entry after that position that can be read, in order, with the recorded time its
        writer gave it. Raises NewerEntry."""
        return self._legible(self.stored(after, limit))

    def stored(self, after: int = 0, limit: int | None = None) -> Iterator[SequencedEvent]:
        """Every entry after that position, as it is stored.

        It is read a page at a time: an engine hands over all that it is asked for at once, and a
        ledger may be longer than memory.
        """
        wanted = _NO_POSITION if limit is None else limit
        while wanted > 0:
            size = min(wanted, _PAGE)
            page = list(self._recorder.read(after=after or None, limit=size))
            yield from page
            if len(page) < size:
                return
            wanted, after = wanted - size, page[-1].position

    def subscribe(self, after: int) -> Subscription[Recorder]:
        """Every entry after that position, and then each new one as it is recorded."""
        return self._recorder.subscribe(after=after or None)

    @property
    def head(self) -> int:
        """The last position; 0 while nothing is recorded."""
        # Two of the engines read the rows as they are asked for their head: there are none here.
        return self._recorder.read(after=_NO_POSITION).head or 0

    @property
    def now(self) -> Instant:
        """What its clock shows."""
        return instant_of(self._now())

    def location(self, location: LocationId, *, until: int | None = None) -> Location:
        """The aggregate of a place, folded from the ledger alone, up to that position."""
        about = self.about(location, until=until)
        return fold_location(location, [each.entry for each in about])

    def about(self, *locations: LocationId, until: int | None = None) -> list[Recorded]:
        """All that the aggregates of places are folded from, in the order of recording."""
        about = self._tagged([f"location:{location}" for location in locations], until)
        return self._with_sources([*about, *self._kinship(about, until)], until)

    def _with_sources(self, told: list[Recorded], until: int | None) -> list[Recorded]:
        """These entries with the reports and sources behind them, as far as all can be read."""
        reports, sources = self._behind(told, until)
        # What took an amendment of a source back has a report too, and that one a source.
        while kept := [each for each in sources if _cites(each) and each not in told]:
            told += kept
            reports, sources = self._behind(told, until)
        by_position = {each.position: each for each in (*sources, *reports, *told)}
        self._look_up_registrations(by_position.values())
        ordered = (by_position[position] for position in sorted(by_position))
        return [each for each in ordered if self.sieve.hold(each) is each]

    def _behind(
        self, told: Sequence[Recorded], until: int | None
    ) -> tuple[list[Recorded], list[Recorded]]:
        """The reports that are cited, and what is recorded of their sources."""
        cited = {
            each.event.report
            for each in told
            if isinstance(each.event, SituationEvent | RecordKeeping)
        }
        reports = self._reports(cited, until)
        publishers = {each.event.source for each in reports if isinstance(each.event, ReportFiled)}
        return reports, self._sources(publishers, until)

    def _look_up_registrations(self, told: Iterable[Recorded]) -> None:
        """Comes upon all that registers a place or an actor that is named: what rests on one that
        can't be read is passed over. Sources and reports are read anyway."""
        waiting = _named_in(told) - self._looked_up
        while waiting:
            self._looked_up |= waiting
            types = {kind: REGISTERED_BY[kind].__name__ for kind in _LOOKED_UP}
            items = [QueryItem([types[tag.partition(":")[0]]], [tag]) for tag in waiting]
            found = self._legible(self._recorder.read(Query(items)))
            waiting = _named_in(found) - self._looked_up

    def registrations(self, kind: str, slugs: Iterable[str]) -> list[Recorded]:
        """What introduces these ids of that kind, whenever it was recorded."""
        registered = REGISTERED_BY[kind].__name__
        return self._tagged([f"{kind}:{slug}" for slug in slugs], None, registered)

    def amendments(
        self, kind: str, slugs: Iterable[str], *, until: int | None = None
    ) -> list[Recorded]:
        """What amends the registrations of these ids of that kind, and what takes that back, up to
        that position; in the order of recording."""
        made = self._tagged([f"{kind}:{slug}" for slug in slugs], until, *_AMENDMENTS)
        kept = self._kept({each.statement.id for each in made}, until)
        return sorted((*made, *kept), key=lambda each: each.position)

    def _kept(self, events: Iterable[EventId], until: int | None) -> list[Recorded]:
        """What takes these events back, or reinstates them."""
        return self._tagged([f"event:{id}" for id in events], until, *_RECORD_KEEPING)

    def tagged(self, tags: Iterable[str], *types: str, until: int | None = None) -> list[Recorded]:
        """What carries any of these tags and is of any of these types, in the order of recording;
        of any type, where none is given."""
        return self._tagged(list(tags), until, *types)

    def of_type(self, kind: type[Event]) -> Iterator[Recorded]:
        """Every entry of that type, in the order of recording."""
        return self._legible(self._recorder.read(Query([QueryItem(types=[kind.__name__])])))

    def _legible(self, stored: Iterable[SequencedEvent]) -> Iterator[Recorded]:
        for each in stored:
            taken = self.sieve.take(each)
            if isinstance(taken, Recorded):
                yield taken

    def index_faults(self) -> list[str]:
        """What is wrong with the index of the engine, where it keeps one that can be checked."""
        return self._recorder.index_faults() if isinstance(self._recorder, KeepsAnIndex) else []

    def event(self, event: EventId) -> Recorded | None:
        """The entry of that event."""
        found = self._tagged([f"event:{event}"], None)
        return next((each for each in found if each.statement.id == event), None)

    def unknown(self, kind: str, slug: str) -> UnknownReference:
        """The refusal of an id that nothing introduces; it names the nearest that are known."""
        refusal = self._with_hint(UnknownReference(kind, slug, kind), Registry())
        assert isinstance(refusal, UnknownReference), "a hint leaves the refusal what it is"
        return refusal

    def position_at(self, recorded_at: Instant) -> int:
        """The last position recorded at that instant or before; 0 where nothing was.

        The clocks of writers differ, and no entry counts as recorded before an earlier one; so
        each is looked at until the first that is later.
        """
        position = 0
        for each in self.stored():
            then = recorded_at_of(each.event.data)  # None of some that can't be read: they pass
            if then is not None and then > recorded_at:
                break
            position = each.position
        return position

    def actor(self, actor: ActorId, *, until: int | None = None) -> Actor:
        """The aggregate of an actor, folded from the ledger alone, up to that position."""
        return fold_actor(actor, [each.entry for each in self.about_actor(actor, until=until)])

    def about_actor(
        self, actor: ActorId, *, until: int | None = None, is_whole: bool = False
    ) -> list[Recorded]:
        """The entries behind the aggregate of an actor, in the order of recording; a whole one has
        all other entries too that name the actor."""
        told = self._tagged([f"actor:{actor}"], until, *(() if is_whole else _ACTOR))
        return self._with_sources([*told, *self._bearing_on(told, until)], until)

    def _bearing_on(self, told: Sequence[Recorded], until: int | None) -> Iterator[Recorded]:
        """What else may end a tie that is told of, and what else is said of its convoys."""
        named = {reference for each in told for reference in each.statement.references}
        for kind, types in _BEARING.items():
            tags = {reference.tag for reference in named if reference.kind == kind}
            yield from self._tagged(sorted(tags), until, *types)

    def _kinship(self, told: Sequence[Recorded], until: int | None) -> list[Recorded]:
        """What is said of the lineage of all actors that are named, and of theirs in turn."""
        found: list[Recorded] = []
        waiting, asked = _actors_in(told), set[str]()
        while waiting:
            asked |= waiting
            fresh = self._tagged([f"actor:{actor}" for actor in waiting], until, *_LINEAGE)
            found += fresh
            waiting = _actors_in(fresh) - asked
        # Few events are of lineage, while an actor may have been named in thousands of retractions.
        return [*found, *self._kept({each.statement.id for each in found}, until)]

    def told_by(self, source: SourceId) -> list[Recorded]:
        """All that concerns the source: its registration, its reports, and what they say."""
        return self._tagged([f"source:{source}"], None)

    def _reports(self, wanted: set[ReportId], until: int | None) -> list[Recorded]:
        """The reports, and those that they copy."""
        found: dict[ReportId, Recorded] = {}
        while wanted:
            copied: set[ReportId | None] = set()
            for each in self._tagged([f"report:{it}" for it in wanted], until, "ReportFiled"):
                if isinstance(each.event, ReportFiled):
                    found[each.event.report] = each
                    copied.add(each.event.syndicated_from)
            wanted = {report for report in copied if report and report not in found}
        return list(found.values())

    def _sources(self, sources: set[SourceId], until: int | None) -> list[Recorded]:
        tags = [f"source:{source}" for source in sources]
        types = ("SourceRegistered", "SourceRegraded", "SourceEnded", "SourceAmended")
        told = self._tagged(tags, until, *types)
        amended = {each.statement.id for each in told if isinstance(each.event, Amendment)}
        return [*told, *self._kept(amended, until)]

    def _tagged(self, tags: Sequence[str], until: int | None, *types: str) -> list[Recorded]:
        if not tags:
            return []
        items = [QueryItem(types=list(types), tags=[tag]) for tag in tags]
        found = self._recorder.read(Query(items))
        return [*self._legible(it for it in found if until is None or it.position <= until)]

    def _decide(
        self, statements: Sequence[Statement], boundary: "_Boundary", by: str
    ) -> dict[EventId, StoredEvent]:
        now = self._now()
        fresh: dict[EventId, StoredEvent] = {}
        for index, statement in enumerate(statements):
            if (position := self.sieve.position_of(statement)) is not None:
                boundary.positions[statement.id] = position  # it is recorded, if unreadable now
                continue
            try:
                if statement.id not in boundary.registry.events:
                    self._refuse_unreadable(statement)
                accepted = decide(boundary.registry, statement, instant_of(now))
                written = [
                    (each, read_back(each, recorded_at=now, recorded_by=by)) for each in accepted
                ]
            except DomainError as refusal:
                raise Refused(index, self._with_hint(refusal, boundary.registry)) from None
            for each, data in written:
                tags = boundary.registry.tags_of(each)
                boundary.registry.learn(each, tags)
                fresh[each.id] = StoredEvent(type(each.event).__name__, data, tags)
        return fresh

    def _refuse_unreadable(self, statement: Statement) -> None:
        if found := self.sieve.rests_on(statement):
            reference, position = found
            raise RestsOnUnreadable(reference.kind, reference.slug, reference.field, position)

    def _decide_again(self, known: Registry, each: Recorded, index: int) -> None:
        try:
            accepted = decide(known, each.statement, each.recorded_at, is_restored=True)
        except DomainError as refusal:
            raise Refused(index, refusal) from None
        if not accepted:
            raise Refused(index, AlreadyRecorded(each.statement.id))

    def _with_hint(self, refusal: DomainError, known: Registry) -> DomainError:
        if not isinstance(refusal, UnknownReference) or refusal.kind not in REGISTERED_BY:
            return refusal
        # One question for each type: the recorder of PostgreSQL takes no two without a tag.
        naming = [REGISTERED_BY[refusal.kind], *(EVENT_TYPES[name] for name in _AMENDMENTS)]
        names: dict[str, set[str]] = {}
        for event in (each.event for kind in naming for each in self.of_type(kind)):
            named = subject_of(event) or amended_by(event)
            if named and named.kind == refusal.kind:
                name = getattr(event, "name", None)
                names.setdefault(named.slug, {named.slug}).update([name] if name else [])
        for slug in known.known[refusal.kind]:
            names.setdefault(slug, {slug})
        return UnknownReference(
            refusal.kind, refusal.slug, refusal.field or "", nearest(refusal.slug, names)
        )

    def _read_boundary(self, statements: Sequence[Statement]) -> "_Boundary":
        boundary = _Boundary()
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
        boundary.take_in((found[position] for position in sorted(found)), self.sieve)
        self._remember(boundary)
        return boundary

    def _read_around(
        self,
        statements: Sequence[Statement],
        found: dict[int, SequencedEvent],
        boundary: "_Boundary",
    ) -> None:
        """Where a statement moves a place into another: all that says what lies within what, as far
        as one can come from there by anything that was ever said."""
        told = [each.event for each in statements]
        kept = {each.event for each in told if isinstance(each, RecordKeeping)}
        targets = self._legible(found[position] for position in sorted(found)) if kept else ()
        moving = [*filter(moves, told)]
        moving += [
            each.event for each in targets if each.statement.id in kept and moves(each.event)
        ]
        waiting = _places_in(moving)
        while waiting:
            boundary.around |= waiting
            tags = [f"location:{place}" for place in sorted(waiting)]
            items = [QueryItem(types=_CONTAINING, tags=[tag]) for tag in tags]
            read = list(self._recorder.read(Query(items)))
            heard = [*self._legible(read)]
            moved = [each.statement.id for each in heard if moves(each.event)]
            if moved:
                items = [QueryItem(types=_RECORD_KEEPING, tags=[f"event:{id}"]) for id in moved]
                read += self._recorder.read(Query(items))
            found |= {each.position: each for each in read}
            said = [*told, *(each.event for each in heard)]
            about = [each for each in said if getattr(each, "location", None) in waiting]
            waiting = _places_in(about) - boundary.around

    def _read_continuity(
        self, statements: Sequence[Statement], found: dict[int, SequencedEvent]
    ) -> None:
        """Where a source is said to have ended: what amends whether it is continuous."""
        ending = [each.event.source for each in statements if isinstance(each.event, SourceEnded)]
        if not ending:
            return
        items = [QueryItem(["SourceAmended"], [f"source:{source}"]) for source in ending]
        read = list(self._recorder.read(Query(items)))
        if read:
            ids = [each.statement.id for each in self._legible(read)]
            items = [QueryItem(types=_RECORD_KEEPING, tags=[f"event:{id}"]) for id in ids]
            read += self._recorder.read(Query(items))
        found |= {each.position: each for each in read}

    def _remember(self, boundary: "_Boundary") -> None:
        if len(self._registrations) > _REMEMBERED:
            self._registrations.clear()
        for statement, tags in boundary.registrations:
            if subject := statement.subject:
                self._registrations[subject.tag] = (statement, tags)


@dataclass
class _Boundary:
    """What a decision has to know, as it stood at one position."""

    registry: Registry = field(default_factory=Registry)
    positions: dict[EventId, int] = field(default_factory=dict)
    registrations: list[tuple[Statement, Sequence[str]]] = field(default_factory=list)
    around: set[LocationId] = field(default_factory=set)
    """The places of which it matters within which others they lie."""
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

    def receipts(self, statements: Sequence[Statement], fresh: dict[EventId, int]) -> list[Receipt]:
        """One for each statement; the second of two equal ones in a file is a duplicate too."""
        unclaimed = dict(fresh)
        return [
            Receipt(
                each.id,
                fresh.get(each.id) or self.positions[each.id],
                unclaimed.pop(each.id, None) is None,
            )
            for each in statements
        ]


_LOOKED_UP = ("actor", "location")


def _named_in(told: Iterable[Recorded]) -> set[str]:
    """The tags of the places and actors that these statements name."""
    named = (reference for each in told for reference in each.statement.references)
    return {reference.tag for reference in named if reference.kind in _LOOKED_UP}


def _cites(recorded: Recorded) -> bool:
    return isinstance(recorded.event, RecordKeeping)


def _actors_in(told: Iterable[Recorded]) -> set[str]:
    """The actors that these statements name."""
    return {
        reference.slug
        for each in told
        for reference in each.statement.references
        if reference.kind == "actor"
    }


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


_CONTAINING = [LocationRegistered.__name__, LocationAmended.__name__]
"""The events that say within which place another lies."""


def _places_in(events: Iterable[Event]) -> set[LocationId]:
    """The places of which these events say within which others they lie, and those others."""
    containing = [each for each in events if isinstance(each, LocationRegistered | LocationAmended)]
    return {place for each in containing for place in (each.location, each.within) if place}


def _guard(statements: Sequence[Statement], around: Iterable[LocationId]) -> Query:
    """Nobody may have recorded these statements, taken their ids, touched what they revoke, or
    moved any of those places."""
    items = [QueryItem(tags=[f"event:{event}"]) for event in _events_of(statements)]
    subjects = [subject for each in statements if (subject := each.subject)]
    items += [
        QueryItem(types=[REGISTERED_BY[each.kind].__name__], tags=[each.tag]) for each in subjects
    ]
    moving = [LocationAmended.__name__, *_RECORD_KEEPING]
    items += [QueryItem(types=moving, tags=[f"location:{place}"]) for place in sorted(around)]
    return Query(items)
