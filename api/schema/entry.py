"""What can be asked about an event, and which events are asked for?"""

import re
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from api.answers.basis import Known
from api.ids import slug_of
from api.schema.connections import BadPage, Connection, connection, key_and_position, size_of
from api.schema.context import Context
from api.schema.node import Info, Node, Occurred, instant_at
from api.schema.proofs import InclusionProof, TreeSize
from api.schema.reports import Report, Source
from api.schema.scalars import DateTime, Moment, When
from domain.events import EVENT_TYPES, SituationEvent
from domain.occurred import Instant
from domain.references import references_of
from domain.values import ActorId, EventId, LocationId
from domain.words.names import moment_of
from domain.words.statements import statement
from infra.time_zones import resolved
from projections.entries import ChronicleKey, EntryRow
from projections.entries import EventFilter as Filter

if TYPE_CHECKING:
    from api.schema.actors import Actor
    from api.schema.places import Location

LazyActor = Annotated["Actor", strawberry.lazy("api.schema.actors")]
LazyLocation = Annotated["Location", strawberry.lazy("api.schema.places")]


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
            occurred_from=instant_at(self.occurred_from),
            occurred_to=None if self.occurred_to is None else Instant(self.occurred_to + 1),
            recorded_from=None if since is None else resolved(since).window.earliest,
            recorded_to=None if until is None else resolved(until).window.latest,
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
    entry: strawberry.Private[EntryRow]
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
        return Occurred.told(event.occurred) if isinstance(event, SituationEvent) else None

    @strawberry.field(description="The place that it is about.")
    def location(self, info: Info) -> LazyLocation | None:
        location = getattr(self.entry.event, "location", None)
        return self.names_place(info, location) if location else None

    @strawberry.field(description="Every place that it names.")
    def locations(self, info: Info) -> list[LazyLocation]:
        named = [each.slug for each in references_of(self.entry.event) if each.kind == "location"]
        return [self.names_place(info, LocationId(slug)) for slug in dict.fromkeys(named)]

    @strawberry.field(description="Every actor that it names.")
    def actors(self, info: Info) -> list[LazyActor]:
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
        from api.schema.places import Location

        at = moment_of(self.entry.event)
        return Location.of(info.context, location, known=self.known, at=at)

    def names_actor(self, info: Info, actor: ActorId) -> "Actor":
        """The actor, by its name when it happened."""
        from api.schema.actors import Actor

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
    def of(entry: EntryRow, known: Known) -> "Event":
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
        known = Event.known_to_page(context, after, before, of=of)
        low, high = (None if each is None else _position_in(each)[0] for each in (after, before))
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
    def known_to_page(context: Context, *cursors: str | None, of: Known | None) -> Known:
        """What is known to a page: every one is read at the position of the first."""
        pinned = {_position_in(each)[1] for each in cursors if each is not None}
        if len(pinned) > 1:
            raise BadPage("after and before were given out for lists read at different positions")
        return context.known(position=pinned.pop() if pinned else None, of=of)

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
