"""What can be asked about a place, an actor, a source, a report, an event?"""

import re
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from api.answers import Known, moment_of
from api.schema.arguments import (
    After,
    At,
    AtSome,
    First,
    HappenedFrom,
    HappenedTo,
    Inside,
    KnownAt,
    Members,
    NamesAt,
    Position,
)
from api.schema.connections import BadPage, Connection, connection, key_and_position, size_of
from api.schema.context import Context
from api.schema.ids import global_id, slug_of
from api.schema.proofs import InclusionProof, TreeSize
from api.schema.scalars import Date, DateTime, Moment, When
from domain.events import EVENT_TYPES, SituationEvent
from domain.occurred import Instant, Precision, Window
from domain.occurred import Occurred as Time
from domain.references import references_of
from domain.statements import statement
from domain.ties import TieKind
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
from projections.entries import ChronicleKey, Entry
from projections.entries import EventFilter as Filter
from projections.names import ACTOR, LOCATION
from projections.places import Place
from projections.sources import Report as ReportRow

if TYPE_CHECKING:
    from api.schema.control import Control
    from api.schema.lasting import Convoy, Deployment, Lineage, Siege

_NAME = (
    "The name in use at the moment of the answer that this is part of; where there is none, the "
    "last that is known."
)
_NAMES = (
    "All that it went by: the name in use, one that it may have taken by then, and its aliases."
)
Info = strawberry.Info[Context, None]
LazyControl = Annotated["Control", strawberry.lazy("api.schema.control")]
LazyConvoy = Annotated["Convoy", strawberry.lazy("api.schema.lasting")]
LazyDeployment = Annotated["Deployment", strawberry.lazy("api.schema.lasting")]
LazyLineage = Annotated["Lineage", strawberry.lazy("api.schema.lasting")]
LazySiege = Annotated["Siege", strawberry.lazy("api.schema.lasting")]

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
    within: ID | None = strawberry.field(
        default=None, description="Only about this place or one inside it, at any depth."
    )
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
    recorded_from: When | None = strawberry.field(
        default=None,
        description="Only what was recorded at that time or later; a day counts from its first "
        "microsecond.",
    )
    recorded_to: When | None = strawberry.field(
        default=None,
        description="Only what was recorded by that time; a day counts to its last microsecond.",
    )
    text: str | None = strawberry.field(
        default=None,
        description='Only where summary or passage has all of these words. "A phrase" stands in '
        "quotes, and begin* finds what begins so. Case and accents don't matter.",
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
        within = None
        if self.within is not None:
            slug = context.registered("location", slug_of(self.within, "Location"), "within")
            within = LocationId(slug)
        if self.convoy is not None:
            tags.append(f"convoy:{self.convoy}")
        since, until = self.recorded_from, self.recorded_to
        return Filter(
            types=tuple(self.types or ()),
            tags=(*tags, *more),
            within=within,
            occurred_from=_instant(self.occurred_from),
            occurred_to=None if self.occurred_to is None else Instant(self.occurred_to + 1),
            recorded_from=None if since is None else since.window.earliest,
            recorded_to=None if until is None else until.window.latest,
            text=self.text,
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
        return self.names_place(info, location) if location else None

    @strawberry.field(description="Every place that it names.")
    def locations(self, info: Info) -> list["Location"]:
        named = [each.slug for each in references_of(self.entry.event) if each.kind == "location"]
        return [self.names_place(info, LocationId(slug)) for slug in dict.fromkeys(named)]

    @strawberry.field(description="Every actor that it names.")
    def actors(self, info: Info) -> list["Actor"]:
        named = [each.slug for each in references_of(self.entry.event) if each.kind == "actor"]
        return [self.names_actor(info, ActorId(slug)) for slug in dict.fromkeys(named)]

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
        names = info.context.answers.names(at=moment_of(event), known=self.known.position)
        return statement(event, names)

    def names_place(self, info: Info, location: LocationId) -> "Location":
        """The place, by its name when it happened."""
        at = moment_of(self.entry.event)
        return Location.of(info.context, location, known=self.known, at=at)

    def names_actor(self, info: Info, actor: ActorId) -> "Actor":
        """The actor, by its name when it happened."""
        at = moment_of(self.entry.event)
        return Actor.of(info.context, actor, known=self.known, at=at)

    @strawberry.field(
        description="What proves that it is in the log; null until the log has taken it in."
    )
    def inclusion_proof(self, info: Info, size: TreeSize = None) -> InclusionProof | None:
        info.context.known()  # the log grows: this is no answer for ever
        log = info.context.node.log
        found = log.inclusion(self.entry.position, size)
        return InclusionProof.of(found, log) if found else None

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
        of: Known | None = None,
    ) -> Connection["Event"]:
        size = size_of(first, last)
        cursors = [None if each is None else _position_in(each) for each in (after, before)]
        pinned = {each[1] for each in cursors if each}
        if len(pinned) > 1:
            raise BadPage("after and before were given out for lists read at different positions")
        # Every page is read at the position of the first one.
        known = context.known(position=pinned.pop() if pinned else None, of=of)
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

    @staticmethod
    def chronicle(
        context: Context,
        location: LocationId,
        wanted: Filter,
        *,
        first: int | None,
        after: str | None,
        inside: bool,
        of: Known,
    ) -> Connection["Event"]:
        key, position = (None, None) if after is None else _moment_in(after)
        known = context.known(position=position, of=of)
        page = context.answers.entries.chronicle(
            location,
            known=known.position,
            size=size_of(first),
            after=key,
            wanted=wanted,
            inside=inside,
        )
        items = [
            (":".join(map(str, ChronicleKey.of(entry))), Event.of(entry, known))
            for entry in page.entries
        ]
        return connection(
            items, known.position, more_before=page.more_before, more_after=page.more_after
        )


@strawberry.type(description="A place that events speak of.")
class Location(Node):
    row: strawberry.Private[Place]
    known: strawberry.Private[Known]
    at: strawberry.Private[Instant | None]
    slug: str
    name: str = strawberry.field(description=_NAME)
    kind: LocationKind
    latitude: float | None = strawberry.field(description="Degrees north, WGS 84.")
    longitude: float | None = strawberry.field(description="Degrees east, WGS 84.")

    @strawberry.field(description="Its other names.")
    def aliases(self) -> list[str]:
        return list(self.row.aliases)

    @strawberry.field(description=_NAMES)
    def names(self, info: Info, at: NamesAt = None) -> list[str]:
        return _names_of(info.context, LOCATION, self, at)

    @strawberry.field(description="The smallest registered place that contains it.")
    def within(self, info: Info) -> "Location | None":
        around = self.row.within
        if around is None:
            return None
        return Location.of(info.context, around, known=self.known, at=self.at)

    @strawberry.field(description="Who controlled it at that moment, as known then.")
    def controlled_by(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> LazyControl:
        from api.schema.control import Control

        known = info.context.known(known_at, position, of=self.known)
        found = info.context.answers.control(self.row.location, at=Instant(at), known=known)
        return Control.of(found)

    @strawberry.field(description="Who besieged it at that moment.")
    def sieges(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list[LazySiege]:
        from api.schema.lasting import Siege, lasting

        known, moment = info.context.known(known_at, position, of=self.known), Instant(at)
        found = info.context.answers.ties(
            at=moment, known=known, kinds=[TieKind.BESIEGES], other=self.row.location
        )
        return [lasting(Siege, each, moment, known, standing=each) for each in found]

    @strawberry.field(
        description="Which missions were there at that moment, or in a place within it."
    )
    def missions(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list[LazyDeployment]:
        from api.schema.lasting import deployments
        from api.situation import Situation

        known, moment = info.context.known(known_at, position, of=self.known), Instant(at)
        here = Situation(info.context.answers, at=moment, known=known, within=self.row.location)
        return deployments(here.missions, moment, known)

    @strawberry.field(description="The events about it, in the order of recording.")
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: Wanted = None,
    ) -> Connection[Event]:
        wanted = (filter or EventFilter()).rows(info.context, f"location:{self.row.location}")
        return Event.page(info.context, wanted, first=first, after=after, of=self.known)

    @strawberry.field(
        description="All that is said to have happened there, in the order in which it happened. "
        "What was taken back is left out, unless the filter asks for it."
    )
    def chronicle(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        from_: HappenedFrom = None,
        to: HappenedTo = None,
        filter: Wanted = None,
        inside: Inside = True,
    ) -> Connection[Event]:
        wanted = (filter or EventFilter()).rows(info.context)
        return Event.chronicle(
            info.context,
            self.row.location,
            wanted.between(_instant(from_), None if to is None else Instant(to + 1)),
            first=first,
            after=after,
            inside=inside,
            of=self.known,
        )

    @staticmethod
    def of(
        context: Context, location: LocationId, *, known: Known, at: Instant | None
    ) -> "Location":
        """The place, as known at that position, by its name at that instant."""
        return Location.shown(context, context.place(location), known=known, at=at)

    @staticmethod
    def shown(context: Context, row: Place, *, known: Known, at: Instant | None) -> "Location":
        return Location(
            named=("Location", row.location),
            row=row,
            known=known,
            at=at,
            slug=row.location,
            name=context.name(LOCATION, row.location, row.name, at=at, known=known),
            kind=row.kind,
            latitude=row.latitude,
            longitude=row.longitude,
        )

    @staticmethod
    def find(context: Context, location: LocationId, known: Known) -> "Location | None":
        row = context.answers.places.get(location)
        return Location.shown(context, row, known=known, at=None) if row else None


@strawberry.type(description="A force, group, coalition, mission or state that acts.")
class Actor(Node):
    row: strawberry.Private[ActorRow]
    known: strawberry.Private[Known]
    at: strawberry.Private[Instant | None]
    slug: str
    name: str = strawberry.field(description=_NAME)
    kind: ActorKind

    @strawberry.field(description="Its other names.")
    def aliases(self) -> list[str]:
        return list(self.row.aliases)

    @strawberry.field(description=_NAMES)
    def names(self, info: Info, at: NamesAt = None) -> list[str]:
        return _names_of(info.context, ACTOR, self, at)

    @strawberry.field(description="The places that it held at that moment, alone or with others.")
    def holdings(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        members: Members = False,
    ) -> list[LazyControl]:
        from api.schema.control import controls

        known = info.context.known(known_at, position, of=self.known)
        whose = self._whose(info, Instant(at), known, members)
        answers = info.context.answers
        held = [
            each for who in whose for each in answers.holdings(who, at=Instant(at), known=known)
        ]
        places = {each.location: each for each in held}
        return controls(info.context, [places[place] for place in sorted(places)])

    @strawberry.field(description="Its allies at that moment.")
    def allies(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list["Actor"]:
        known = info.context.known(known_at, position, of=self.known)
        return self._tied(info, TieKind.ALLIED_WITH, Instant(at), known)

    @strawberry.field(description="The patrons that it leaned on at that moment.")
    def patrons(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list["Actor"]:
        known = info.context.known(known_at, position, of=self.known)
        return self._tied(info, TieKind.BACKED_BY, Instant(at), known)

    @strawberry.field(
        description="Where it is or was deployed, by that moment, since when and until when."
    )
    def missions(
        self,
        info: Info,
        at: AtSome = None,
        known_at: KnownAt = None,
        position: Position = None,
        members: Members = False,
    ) -> list[LazyDeployment]:
        from api.schema.lasting import Deployment, lasting

        known, moment = info.context.known(known_at, position, of=self.known), _instant(at)
        spells = [
            spell
            for who in self._whose(info, moment, known, members)
            for spell in info.context.answers.deployments(who, at=moment, known=known)
        ]
        return [lasting(Deployment, spell, moment, known, spell=spell) for spell in spells]

    @strawberry.field(description="Its convoys, and whether they moved, at that moment.")
    def convoys(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        members: Members = False,
    ) -> list[LazyConvoy]:
        from api.schema.lasting import convoys

        known, moment = info.context.known(known_at, position, of=self.known), Instant(at)
        owners = self._whose(info, moment, known, members)
        found = info.context.answers.convoys(at=moment, known=known, owners=owners)
        return convoys(found, moment, known)

    @strawberry.field(description="What it came from, became, and belongs to, as sources say.")
    def lineage(
        self, info: Info, at: AtSome = None, known_at: KnownAt = None, position: Position = None
    ) -> LazyLineage:
        from api.schema.lasting import Lineage

        known = info.context.known(known_at, position, of=self.known)
        return Lineage(actor=self.row.actor, at=_instant(at), known=known)

    def _tied(self, info: Info, kind: TieKind, at: Instant, known: Known) -> list["Actor"]:
        tied = info.context.answers.ties(at=at, known=known, kinds=[kind], subject=self.row.actor)
        others = [ActorId(each.tie.object) for each in tied if not each.since.is_open_at(at)]
        return [Actor.of(info.context, other, known=known, at=at) for other in others]

    def _whose(self, info: Info, at: Instant | None, known: Known, members: bool) -> list[ActorId]:
        if not members:
            return [self.row.actor]
        return info.context.answers.members(self.row.actor, at=at, known=known)

    @strawberry.field(description="The events that name it, in the order of recording.")
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: Wanted = None,
    ) -> Connection[Event]:
        wanted = (filter or EventFilter()).rows(info.context, f"actor:{self.row.actor}")
        return Event.page(info.context, wanted, first=first, after=after, of=self.known)

    @staticmethod
    def of(context: Context, actor: ActorId, *, known: Known, at: Instant | None) -> "Actor":
        """The actor, as known at that position, by its name at that instant."""
        return Actor.shown(context, context.actor(actor), known=known, at=at)

    @staticmethod
    def shown(context: Context, row: ActorRow, *, known: Known, at: Instant | None) -> "Actor":
        return Actor(
            named=("Actor", row.actor),
            row=row,
            known=known,
            at=at,
            slug=row.actor,
            name=context.name(ACTOR, row.actor, row.name, at=at, known=known),
            kind=row.kind,
        )

    @staticmethod
    def find(context: Context, actor: ActorId, known: Known) -> "Actor | None":
        row = context.answers.actors.get(actor)
        return Actor.shown(context, row, known=known, at=None) if row else None


def _names_of(context: Context, kind: str, of: Location | Actor, at: Moment | None) -> list[str]:
    if at is None:
        view = context.answers.names_view
        return view.names_at(kind, of.slug, at=of.at, known=of.known.position)
    return context.answers.names_at(kind, of.slug, at=Instant(at), known=of.known)


def _position_in(cursor: str) -> tuple[int, int]:
    """The position of the event that a cursor stands for, and that of its list."""
    key, position = key_and_position(cursor)
    if not key.isascii() or not key.isdigit() or len(key) > _DIGITS:
        raise BadPage(f"{cursor[:60]!r} is not a cursor of a list of events")
    return int(key), position


def _moment_in(cursor: str) -> tuple[ChronicleKey, int]:
    """When that happened for which a cursor stands, and the position of its list."""
    key, position = key_and_position(cursor)
    if not _MOMENT.fullmatch(key):
        raise BadPage(f"{cursor[:60]!r} is not a cursor of a chronicle")
    earliest, latest, recorded = map(int, key.split(":"))
    return ChronicleKey(Instant(earliest), Instant(latest), recorded), position


_MOMENT = re.compile(r"-?[0-9]{1,18}:-?[0-9]{1,18}:[0-9]{1,18}")
_DIGITS = 18
"""No position of a ledger has more."""


def _instant(moment: Moment | None) -> Instant | None:
    return None if moment is None else Instant(moment)
