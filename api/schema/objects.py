"""What can be asked about a place, an actor, a source, a report, an event?"""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from api.answers import Known
from api.schema.arguments import After, At, First, KnownAt, Position
from api.schema.connections import BadPage, Connection, connection, key_and_position, size_of
from api.schema.context import Context
from api.schema.ids import global_id, slug_of
from api.schema.scalars import Date, DateTime, Moment
from domain.events import EVENT_TYPES, SituationEvent
from domain.occurred import Instant, Precision, Window
from domain.occurred import Occurred as Time
from domain.references import references_of
from domain.statements import statement
from domain.values import (
    ActorId,
    ActorKind,
    EventId,
    LocationId,
    LocationKind,
    Reliability,
    ReportId,
    Sector,
    SourceId,
    Stance,
    Tactic,
)
from projections.actors import ActorRow
from projections.entries import Entry
from projections.entries import EventFilter as Filter
from projections.places import Place
from projections.sources import Report as ReportRow

if TYPE_CHECKING:
    from api.schema.control import Control

Info = strawberry.Info[Context, None]
LazyControl = Annotated["Control", strawberry.lazy("api.schema.control")]

for enum in (Reliability, LocationKind, ActorKind, Precision, Tactic, Stance, Sector):
    strawberry.enum(enum, description=enum.__doc__)


@strawberry.interface(description="Anything that has a global id.")
class Node:
    named: strawberry.Private[tuple[str, str]]
    """Its kind, and its name among that kind."""

    @strawberry.field(description="Its global id.")
    def id(self) -> ID:
        return ID(global_id(*self.named))


@strawberry.type(description="When something happened, as exactly as it is known: a window.")
class Occurred:
    earliest: DateTime = strawberry.field(description="Its first microsecond.")
    latest: DateTime = strawberry.field(description="The first microsecond after it.")
    precision: Precision = strawberry.field(description="How exactly it is known.")
    day: Date | None = strawberry.field(description="The day, where it is known to the day.")

    @staticmethod
    def of(window: Window) -> "Occurred":
        return Occurred(
            earliest=DateTime(window.earliest),
            latest=DateTime(window.latest),
            precision=window.precision,
            day=Date(window.earliest) if window.precision is Precision.DAY else None,
        )


@strawberry.type(description="A publisher or person whose word is recorded.")
class Source(Node):
    slug: str
    name: str
    reliability: Reliability = strawberry.field(
        description="Trust in the source, as known at the position that is asked about."
    )
    continuous: bool = strawberry.field(
        description="It keeps its word current, so that its silence means no change."
    )
    url: str | None

    @staticmethod
    def find(context: Context, source: SourceId, known: Known) -> "Source | None":
        row = context.answers.sources.source(source, known=known.position)
        if row is None:
            return None
        return Source(
            named=("Source", row.source),
            slug=row.source,
            name=row.name,
            reliability=row.reliability,
            continuous=row.continuous,
            url=row.url,
        )


@strawberry.type(description="One item received from a source.")
class Report(Node):
    row: strawberry.Private[ReportRow]
    known: strawberry.Private[Known]
    slug: str
    published: Occurred = strawberry.field(description="When the source said so (published time).")
    title: str
    url: str | None
    content_hash: str | None = strawberry.field(
        description="The SHA-256 of what was received, as sha256:…"
    )

    @strawberry.field(description="Who published it.")
    def source(self, info: Info) -> Source | None:
        return Source.find(info.context, self.row.source, self.known)

    @strawberry.field(description="Whose word it is, behind all copying.")
    def origin(self, info: Info) -> Source | None:
        return Source.find(info.context, self.row.origin, self.known)

    @strawberry.field(description="The report that this one copies.")
    def syndicated_from(self, info: Info) -> "Report | None":
        copied = self.row.syndicated_from
        return Report.find(info.context, copied, self.known) if copied else None

    @staticmethod
    def find(context: Context, report: ReportId, known: Known) -> "Report | None":
        row = context.answers.sources.report(report, known=known.position)
        if row is None:
            return None
        return Report(
            named=("Report", row.report),
            row=row,
            known=known,
            slug=row.report,
            published=Occurred.of(Time.parse(row.published).window),
            title=row.title,
            url=row.url,
            content_hash=row.content_hash,
        )


@strawberry.input(description="Which events are asked for: those that fulfil every condition.")
class EventFilter:
    types: list[str] | None = strawberry.field(
        default=None, description="Only of these types, as BaseCaptured."
    )
    location: ID | None = strawberry.field(default=None, description="Only about this place.")
    actor: ID | None = strawberry.field(default=None, description="Only what names this actor.")
    source: ID | None = strawberry.field(default=None, description="Only this source's word.")
    report: ID | None = strawberry.field(default=None, description="Only from this report.")
    convoy: ID | None = strawberry.field(default=None, description="Only about this convoy.")
    occurred_from: Moment | None = strawberry.field(
        default=None, description="Only what may have happened at that moment or later."
    )
    occurred_to: Moment | None = strawberry.field(
        default=None, description="Only what may have happened by that moment."
    )
    retracted: bool | None = strawberry.field(
        default=None, description="Only what was taken back, or only what stands."
    )

    def rows(self, context: Context, *more: str) -> Filter:
        """Raises BadFilter, NotAnId and UnknownReference."""
        for name in self.types or ():
            if name not in EVENT_TYPES:
                raise BadFilter(f"no event is called {name[:60]!r}")
        asked = {
            "location": self.location,
            "actor": self.actor,
            "source": self.source,
            "report": self.report,
        }
        tags = [
            f"{kind}:{context.registered(kind, slug_of(given, kind.capitalize()), kind)}"
            for kind, given in asked.items()
            if given is not None
        ]
        if self.convoy is not None:
            tags.append(f"convoy:{self.convoy}")
        return Filter(
            types=tuple(self.types or ()),
            tags=(*tags, *more),
            occurred_from=_instant(self.occurred_from),
            occurred_to=None if self.occurred_to is None else Instant(self.occurred_to + 1),
            retracted=self.retracted,
        )


Wanted = Annotated[
    EventFilter | None,
    strawberry.argument(description="Which events; all of them where nothing is said."),
]


class BadFilter(ValueError):
    """The filter can't be read; the message says why."""


@strawberry.interface(description="A fact in the ledger. There is one type for each sort of it.")
class Event(Node):
    entry: strawberry.Private[Entry]
    known: strawberry.Private[Known]
    event_id: str = strawberry.field(description="The UUID that its content gives it.")
    position: int = strawberry.field(description="Where it stands in the ledger.")
    recorded_at: DateTime = strawberry.field(description="When it was recorded (recorded time).")
    recorded_by: str = strawberry.field(description="Who was authenticated when it was.")
    retracted: bool = strawberry.field(
        description="Whether it was taken back, as known at the position that is asked about."
    )

    @strawberry.field(description="When it happened in the world (valid time).")
    def occurred(self) -> Occurred | None:
        event = self.entry.event
        return Occurred.of(event.occurred.window) if isinstance(event, SituationEvent) else None

    @strawberry.field(description="The place that it is about.")
    def location(self, info: Info) -> "Location | None":
        location = getattr(self.entry.event, "location", None)
        return Location.of(info.context.place(location)) if location else None

    @strawberry.field(description="Every place that it names.")
    def locations(self, info: Info) -> list["Location"]:
        named = [each.slug for each in references_of(self.entry.event) if each.kind == "location"]
        return [Location.of(info.context.place(LocationId(slug))) for slug in dict.fromkeys(named)]

    @strawberry.field(description="Every actor that it names.")
    def actors(self, info: Info) -> list["Actor"]:
        named = [each.slug for each in references_of(self.entry.event) if each.kind == "actor"]
        return [Actor.of(info.context.actor(ActorId(slug))) for slug in dict.fromkeys(named)]

    @strawberry.field(description="The report that says so.")
    def report(self, info: Info) -> Report | None:
        report = getattr(self.entry.event, "report", None)
        return Report.find(info.context, report, self.known) if report else None

    @strawberry.field(description="Whose report it is.")
    def source(self, info: Info) -> Source | None:
        event = self.entry.event
        source = getattr(event, "source", None)
        if source is None and (report := getattr(event, "report", None)):
            found = info.context.answers.sources.report(report, known=self.known.position)
            source = found and found.source
        return Source.find(info.context, source, self.known) if source else None

    @strawberry.field(description="Trust in the information: 1 confirmed to 6 not judged.")
    def credibility(self) -> int | None:
        return getattr(self.entry.event, "credibility", None)

    @strawberry.field(description="What is said, in the words of whoever recorded it.")
    def summary(self) -> str | None:
        return getattr(self.entry.event, "summary", None)

    @strawberry.field(description="Where in the report it is said.")
    def passage(self) -> str | None:
        return getattr(self.entry.event, "passage", None)

    @strawberry.field(description="What is said, as a plain English sentence without its time.")
    def statement(self, info: Info) -> str | None:
        event = self.entry.event
        if not isinstance(event, SituationEvent):
            return None
        return statement(event, info.context.answers.names())

    @staticmethod
    def of(entry: Entry, known: Known) -> "Event":
        from api.schema.events import EVENT_OBJECTS

        return EVENT_OBJECTS[type(entry.event)](
            named=("Event", entry.id),
            entry=entry,
            known=known,
            event_id=entry.id,
            position=entry.position,
            recorded_at=DateTime(entry.recorded_at),
            recorded_by=entry.recorded_by,
            retracted=entry.retracted,
        )

    @staticmethod
    def find(context: Context, event: EventId, known: Known) -> "Event | None":
        entry = context.answers.entries.get(event, known=known.position)
        return Event.of(entry, known) if entry else None

    @staticmethod
    def page(
        context: Context,
        wanted: Filter,
        *,
        first: int | None,
        after: str | None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection["Event"]:
        size = size_of(first, last)
        cursors = [None if each is None else _position_in(each) for each in (after, before)]
        pinned = {each[1] for each in cursors if each}
        if len(pinned) > 1:
            raise BadPage("after and before were given out for lists read at different positions")
        # Every page is read at the position of the first one.
        known = context.known(position=pinned.pop() if pinned else None)
        low, high = (None if each is None else each[0] for each in cursors)
        page = context.answers.entries.page(
            wanted,
            known=known.position,
            size=size,
            after=low or 0,
            before=high,
            from_end=last is not None or (before is not None and first is None),
        )
        items = [(str(entry.position), Event.of(entry, known)) for entry in page.entries]
        return connection(
            items, known.position, more_before=page.more_before, more_after=page.more_after
        )


@strawberry.type(description="A place that events speak of.")
class Location(Node):
    row: strawberry.Private[Place]
    slug: str
    name: str
    kind: LocationKind
    latitude: float | None = strawberry.field(description="Degrees north, WGS 84.")
    longitude: float | None = strawberry.field(description="Degrees east, WGS 84.")

    @strawberry.field(description="Its other names.")
    def aliases(self) -> list[str]:
        return list(self.row.aliases)

    @strawberry.field(description="The smallest registered place that contains it.")
    def within(self, info: Info) -> "Location | None":
        return Location.of(info.context.place(self.row.within)) if self.row.within else None

    @strawberry.field(description="Who controlled it at that moment, as known then.")
    def controlled_by(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> LazyControl:
        from api.schema.control import Control

        known = info.context.known(known_at, position)
        found = info.context.answers.control(self.row.location, at=Instant(at), known=known)
        return Control.of(found)

    @strawberry.field(description="The events about it, in the order of recording.")
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: Wanted = None,
    ) -> Connection[Event]:
        wanted = (filter or EventFilter()).rows(info.context, f"location:{self.row.location}")
        return Event.page(info.context, wanted, first=first, after=after)

    @staticmethod
    def of(row: Place) -> "Location":
        return Location(
            named=("Location", row.location),
            row=row,
            slug=row.location,
            name=row.name,
            kind=row.kind,
            latitude=row.latitude,
            longitude=row.longitude,
        )

    @staticmethod
    def find(context: Context, location: LocationId) -> "Location | None":
        row = context.answers.places.get(location)
        return Location.of(row) if row else None


@strawberry.type(description="A force, group, coalition, mission or state that acts.")
class Actor(Node):
    row: strawberry.Private[ActorRow]
    slug: str
    name: str
    kind: ActorKind

    @strawberry.field(description="Its other names.")
    def aliases(self) -> list[str]:
        return list(self.row.aliases)

    @strawberry.field(description="The places that it held at that moment, alone or with others.")
    def holdings(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list[LazyControl]:
        from api.schema.control import controls

        known = info.context.known(known_at, position)
        held = info.context.answers.holdings(self.row.actor, at=Instant(at), known=known)
        return controls(info.context, held)

    @strawberry.field(description="The events that name it, in the order of recording.")
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: Wanted = None,
    ) -> Connection[Event]:
        wanted = (filter or EventFilter()).rows(info.context, f"actor:{self.row.actor}")
        return Event.page(info.context, wanted, first=first, after=after)

    @staticmethod
    def of(row: ActorRow) -> "Actor":
        return Actor(
            named=("Actor", row.actor),
            row=row,
            slug=row.actor,
            name=row.name,
            kind=row.kind,
        )

    @staticmethod
    def find(context: Context, actor: ActorId) -> "Actor | None":
        row = context.answers.actors.get(actor)
        return Actor.of(row) if row else None


def _position_in(cursor: str) -> tuple[int, int]:
    """The position of the event that a cursor stands for, and that of its list."""
    key, position = key_and_position(cursor)
    if not key.isascii() or not key.isdigit() or len(key) > _DIGITS:
        raise BadPage(f"{cursor[:60]!r} is not a cursor of a list of events")
    return int(key), position


_DIGITS = 18
"""No position of a ledger has more."""


def _instant(moment: Moment | None) -> Instant | None:
    return None if moment is None else Instant(moment)
