"""Which entries does a bundle need to answer every question about some places as before?

Everything about the places and those around, the lineage of actors, and everything that these
entries name. All other entries stay out.
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

_BATCH = 250
"""Of how many things an engine is asked at once."""

ABOUT_SOURCES = (SourceRegistered, SourceRegraded, SourceEnded, SourceAmended)
ABOUT_PLACES = (LocationRegistered, LocationAmended, LocationRenamed)
ABOUT_ACTORS = (ActorRegistered, ActorAmended, LineageEvent)
_ABOUT = {
    "location": (*ABOUT_PLACES, RecordKeeping),
    "actor": (*ABOUT_ACTORS, RecordKeeping),
    "report": (ReportFiled, ReportAmended, RecordKeeping),
}
"""The entries that are taken of a named place, actor or report; of sources, all are taken."""
_TYPES = {
    kind: [name for name, event in _EVENTS.items() if issubclass(event, about)]
    for kind, about in _ABOUT.items()
}
_RECORD_KEEPING = [name for name, event in _EVENTS.items() if issubclass(event, RecordKeeping)]


def positions_within(ledger: Ledger, region: LocationId, until: int) -> set[int]:
    """The positions of these entries, at most `until`. Raises UnknownReference."""
    told = [
        each.event
        for kind in (LocationRegistered, LocationAmended)
        for each in ledger.of_type(kind)
        if each.position <= until
    ]
    if region not in {each.location for each in told if isinstance(each, LocationRegistered)}:
        raise ledger.unknown("location", region)
    gathered = _Selection(ledger, until)
    containers, can_be_held = containers_in(told), _controllable(told)
    contents = contents_in(containers)
    inside = list(reachable([region], lambda place: sorted(contents[place])))
    # A place inside may also have lain in another region, whose answer it then inherited.
    around = {each for place in inside for each in reachable([place], containers.__getitem__)}
    gathered.want("location", sorted(around.union(inside)))
    places = [*inside, *sorted((around - set(inside)) & can_be_held)]
    for some in _batches_of(places):
        gathered.take(ledger.about(*map(LocationId, some), until=until))
    amended: list[Recorded] = []
    for kind in ABOUT_SOURCES:
        found = [each for each in ledger.of_type(kind) if each.position <= until]
        gathered.take(found)
        amended += [each for each in found if isinstance(each.event, SourceAmended)]
    for some in _batches_of([f"event:{each.statement.id}" for each in amended]):
        gathered.take(ledger.tagged(some, *_RECORD_KEEPING, until=until))
    gathered.follow()
    if ledger.sieve.passed:  # what rests on it, in whichever order it was come upon, is out too
        return gathered.positions & {each.position for each in ledger.read()}
    return gathered.positions


def _controllable(told: Iterable[Event]) -> set[LocationId]:
    """The places of a kind that can be controlled, by any event."""
    return {
        each.location
        for each in told
        if isinstance(each, LocationRegistered | LocationAmended)
        and each.kind
        and each.kind.may_be_controlled
    }


class _Selection:
    """The collected entries, and the names that were not followed yet."""

    def __init__(self, ledger: Ledger, until: int) -> None:
        self._ledger, self._until = ledger, until
        self.positions: set[int] = set()
        self._ids: set[EventId] = set()
        self._wanted: dict[str, set[str]] = defaultdict(set)
        self._asked: dict[str, set[str]] = defaultdict(set)

    def want(self, kind: str, slugs: Iterable[str]) -> None:
        self._wanted[kind].update(slug for slug in slugs if slug not in self._asked[kind])

    def take(self, found: Iterable[Recorded]) -> None:
        """Takes entries about the places; reports come in through citations."""
        for each in found:
            event = each.event
            if isinstance(event, RecordKeeping) and event.event not in self._ids:
                continue
            if not isinstance(event, ReportFiled):
                self._keep(each)

    def follow(self) -> None:
        """Takes the entries about every named thing, and about the things named there."""
        while any(self._wanted.values()):
            for kind in list(self._wanted):
                asked = self._wanted.pop(kind)
                self._asked[kind] |= asked
                for some in _batches_of(sorted(asked)):
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


def _batches_of(things: list[str] | list[LocationId]) -> Iterator[list[str]]:
    for start in range(0, len(things), _BATCH):
        yield [*things[start : start + _BATCH]]
