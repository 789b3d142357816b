"""Which entries does a bundle need, so that every question about some places is answered as before?

All that is said of the places and of those around them, who is whom among the actors, and all that
these entries name: reports, registrations, names, what was taken back. What the bundle does not
need stays out: nothing else is said of other places.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from domain.events import EVENT_TYPES as _EVENTS
from domain.events import (
    ActorAmended,
    ActorRegistered,
    Event,
    EventRetracted,
    LineageEvent,
    LocationAmended,
    LocationRegistered,
    LocationRenamed,
    RecordKeeping,
    ReportAmended,
    ReportFiled,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.reachability import reachable
from domain.values import EventId, LocationId
from infra.bundle.containment import containers_in, contents_in
from infra.ledger.codec import Recorded
from infra.ledger.ledger import Ledger

_AT_ONCE = 250
"""Of how many things an engine is asked at once."""

_ABOUT = {
    "location": (LocationRegistered, LocationAmended, LocationRenamed, RecordKeeping),
    "actor": (ActorRegistered, ActorAmended, LineageEvent, RecordKeeping),
    "report": (ReportFiled, ReportAmended, RecordKeeping),
}
"""What is taken of a thing that an entry names. Of sources all that is said of them is taken."""
_TYPES = {
    kind: [name for name, event in _EVENTS.items() if issubclass(event, about)]
    for kind, about in _ABOUT.items()
}


_RECORD_KEEPING = [name for name, event in _EVENTS.items() if issubclass(event, RecordKeeping)]


def positions_within(ledger: Ledger, region: LocationId, until: int) -> set[int]:
    """The positions of these entries, up to one of them. Raises UnknownReference."""
    told = [
        each.event
        for kind in (LocationRegistered, LocationAmended)
        for each in ledger.of_type(kind)
        if each.position <= until
    ]
    if region not in {each.location for each in told if isinstance(each, LocationRegistered)}:
        raise ledger.unknown("location", region)
    gathered = _Gathered(ledger, until)
    containers, can_be_held = containers_in(told), _ever_held(told)
    contents = contents_in(containers)
    inside = list(reachable([region], lambda place: sorted(contents[place])))
    # A place inside may also have lain in another region, whose answer it then inherited.
    around = {each for place in inside for each in reachable([place], containers.__getitem__)}
    gathered.want("location", sorted(around.union(inside)))
    places = [*inside, *sorted((around - set(inside)) & can_be_held)]
    for some in _portions(places):
        gathered.take(ledger.about(*map(LocationId, some), until=until))
    amended: list[Recorded] = []
    for kind in (SourceRegistered, SourceRegraded, SourceEnded, SourceAmended):
        found = [each for each in ledger.of_type(kind) if each.position <= until]
        gathered.take(found)
        amended += [each for each in found if isinstance(each.event, SourceAmended)]
    for some in _portions([f"event:{each.statement.id}" for each in amended]):
        gathered.take(ledger.tagged(some, *_RECORD_KEEPING, until=until))
    gathered.follow()
    if ledger.sieve.passed:  # what rests on it, in whichever order it was come upon, is out too
        return gathered.positions & {each.position for each in ledger.read()}
    return gathered.positions


def _ever_held(told: Iterable[Event]) -> set[LocationId]:
    """The places that were ever said to be of a kind of which sources say who controls it."""
    return {
        each.location
        for each in told
        if isinstance(each, LocationRegistered | LocationAmended)
        and each.kind
        and each.kind.may_be_controlled
    }


class _Gathered:
    """What was taken so far, and what it names that was not looked for yet."""

    def __init__(self, ledger: Ledger, until: int) -> None:
        self._ledger, self._until = ledger, until
        self.positions: set[int] = set()
        self._ids: set[EventId] = set()
        self._wanted: dict[str, set[str]] = defaultdict(set)
        self._asked: dict[str, set[str]] = defaultdict(set)

    def want(self, kind: str, slugs: Iterable[str]) -> None:
        self._wanted[kind].update(slug for slug in slugs if slug not in self._asked[kind])

    def take(self, found: Iterable[Recorded]) -> None:
        """Takes what bears on the places; reports only by way of what cites them."""
        for each in found:
            event = each.event
            if isinstance(event, RecordKeeping) and event.event not in self._ids:
                continue
            if not isinstance(event, ReportFiled):
                self._keep(each)

    def follow(self) -> None:
        """Takes what the entries name, and what that names in turn."""
        while any(self._wanted.values()):
            for kind in list(self._wanted):
                asked = self._wanted.pop(kind)
                self._asked[kind] |= asked
                for some in _portions(sorted(asked)):
                    self._look_for(kind, some)

    def _look_for(self, kind: str, slugs: list[str]) -> None:
        tags = [f"{kind}:{slug}" for slug in slugs]
        if kind == "event":
            found = self._ledger.tagged(tags, until=self._until)
            for each in found:
                if each.statement.id in slugs:
                    self._keep(each)
        elif kind in _TYPES:
            found = self._ledger.tagged(tags, *_TYPES[kind], until=self._until)
            for each in found:
                if isinstance(each.event, ReportFiled):
                    self._keep(each)
            self.take(found)

    def _keep(self, each: Recorded) -> None:
        if each.position in self.positions:
            return
        self.positions.add(each.position)
        self._ids.add(each.statement.id)
        for reference in each.statement.references:
            self.want(reference.kind, [reference.slug])
        event = each.event
        if isinstance(event, SituationEvent | RecordKeeping):
            self.want("report", [event.report])
        if isinstance(event, EventRetracted) and event.replaced_by:
            self.want("event", [event.replaced_by])


def _portions(things: list[str] | list[LocationId]) -> Iterator[list[str]]:
    for start in range(0, len(things), _AT_ONCE):
        yield [*things[start : start + _AT_ONCE]]
