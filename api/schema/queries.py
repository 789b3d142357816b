"""Which questions can be asked?"""

from typing import Annotated

import strawberry

from api.answers import situation as told
from api.answers.basis import Known
from api.ids import NotAnId, parts_of, slug_of
from api.schema.actors import Actor
from api.schema.arguments import (
    After,
    At,
    Before,
    Box,
    First,
    From,
    GlobalId,
    Inherit,
    KnownAt,
    Last,
    PlaceId,
    Position,
    Search,
    ThingId,
    To,
    Token,
    Within,
)
from api.schema.connections import BadPage, Connection, connection, key_and_position, size_of
from api.schema.control import (
    Control,
    ControlPeriod,
    ControlRevision,
    controls,
)
from api.schema.entry import Event, EventFilter, Wanted
from api.schema.node import Info, Node
from api.schema.perspective import Whose, asked_of
from api.schema.places import Location
from api.schema.proofs import ConsistencyProof, NewSize, OldSize, TreeSize, checkpoint_of
from api.schema.replay import Replay, replayed
from api.schema.reports import Report, Source
from api.schema.scalars import DateTime
from api.schema.situation import ControlDifference, MomentPair, Situation
from domain.control.verdict import RULE
from domain.occurred import Instant
from domain.refusals import NotUnderstood
from domain.values import ActorId, ActorKind, EventId, LocationId, LocationKind, ReportId, SourceId
from projections.names import Found
from projections.places import PlaceFilter

FromPair = Annotated[MomentPair, strawberry.argument(name="from", description="The one situation.")]
ToPair = Annotated[MomentPair, strawberry.argument(description="The other one.")]
SomeLocationKind = Annotated[
    LocationKind | None, strawberry.argument(description="Only places of this kind.")
]
SomeActorKind = Annotated[
    ActorKind | None, strawberry.argument(description="Only actors of this kind.")
]


class BadBox(NotUnderstood):
    """The bounding box can't be read; the message says why."""


@strawberry.type(description="The ledger, as far as the views of this node have followed it.")
class Ledger:
    known: strawberry.Private[Known]
    position: int = strawberry.field(description="The last position; 0 while it is empty.")
    rule: str = strawberry.field(description="The version of the rule of control in force.")

    @strawberry.field(description="When the last entry was recorded.")
    def recorded_at(self, info: Info) -> DateTime | None:
        recorded_at = info.context.recorded_at(self.known)
        return None if recorded_at is None else DateTime(recorded_at)

    @strawberry.field(
        description="The newest signed checkpoint of the log, or that of a size, as a signed note "
        "(C2SP tlog-checkpoint) with the cosignatures of witnesses; null where none was signed."
    )
    def checkpoint(self, info: Info, size: TreeSize = None) -> str | None:
        return checkpoint_of(info.context.node.log, size)

    @strawberry.field(description="The newest checkpoint that a witness has cosigned.")
    def cosigned_checkpoint(self, info: Info) -> str | None:
        note = info.context.node.log.cosigned()
        return None if note is None else str(note)


@strawberry.type(description="What can be asked. Every answer says what was known.")
class Query:
    @strawberry.field(
        description="Who controlled the place at that moment, as known then, and why."
    )
    def control(
        self,
        info: Info,
        location: PlaceId,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
        inherit: Inherit = False,
    ) -> Control:
        answer = info.context.answers.control(
            slug_of(location, "Location"),
            at=Instant(at),
            known=info.context.known(known_at, position),
            perspective=asked_of(info.context, perspective),
            inherit=bool(inherit),
        )
        return Control.of(answer)

    @strawberry.field(description="Who controlled the place, period by period, as known then.")
    def control_timeline(
        self,
        info: Info,
        location: PlaceId,
        from_: From = None,
        to: To = None,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
    ) -> list[ControlPeriod]:
        answers = info.context.answers.timeline(
            slug_of(location, "Location"),
            known=info.context.known(known_at, position),
            perspective=asked_of(info.context, perspective),
        )
        return [
            ControlPeriod.of(answer)
            for answer in answers
            if (from_ is None or answer.period.end > from_)
            and (to is None or answer.period.start <= to)
        ]

    @strawberry.field(
        description="The answer for every place that can be held, in a region or a box of degrees "
        "[west, south, east, north]."
    )
    def control_map(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        within: Within = None,
        bbox: Box = None,
        perspective: Whose = None,
    ) -> list[Control]:
        context = info.context
        found = context.answers.map(
            PlaceFilter(within=_within(info, within), bbox=_box(bbox)),
            at=Instant(at),
            known=context.known(known_at, position),
            perspective=asked_of(context, perspective),
        )
        return controls(context, found)

    @strawberry.field(
        description="How the answer for one place and moment changed as reports came in."
    )
    def revisions(
        self, info: Info, location: PlaceId, at: At, perspective: Whose = None
    ) -> list[ControlRevision]:
        found = info.context.answers.revisions(
            slug_of(location, "Location"),
            at=Instant(at),
            known=info.context.known(),
            perspective=asked_of(info.context, perspective),
        )
        before = [None, *(answer for _, answer in found)]
        return [
            ControlRevision(position=position, answer=answer, before_=previous)
            for (position, answer), previous in zip(found, before, strict=False)
        ]

    @strawberry.field(
        description="The answer of `control` whose basis has that token, word for word as it was "
        "given, whatever has been recorded since."
    )
    def answer(self, info: Info, token: Token) -> Control:
        answer = info.context.answers.again(token)
        info.context.known(position=answer.known.position)
        return Control.of(answer)

    @strawberry.field(
        description="The answer of `situation` whose basis has that token; the token does not say "
        "how many days its fields looked back."
    )
    def situation_of(self, info: Info, token: Token) -> Situation:
        found = told.Situation.again(info.context.answers, token)
        info.context.known(position=found.known.position)
        return Situation.of(found)

    @strawberry.field(
        description="How the answer for one place and moment came about, entry by entry, folded "
        "from the ledger alone. For bearers of a token whose scopes include 'audit'."
    )
    def replay(
        self,
        info: Info,
        location: PlaceId,
        at: At,
        position: Position = None,
        perspective: Whose = None,
    ) -> Replay:
        whose = asked_of(info.context, perspective)
        return replayed(info.context, slug_of(location, "Location"), Instant(at), position, whose)

    @strawberry.field(
        description="The situation at that moment, as known then, everywhere or in a place: who "
        "holds what, what changed, who moves, who is where, and who suffers. A perspective counts "
        "in all its parts; only names, and what lies where, are those of the whole record."
    )
    def situation(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        within: Within = None,
        perspective: Whose = None,
    ) -> Situation:
        return Situation.of(
            told.Situation(
                info.context.answers,
                at=Instant(at),
                known=info.context.known(known_at, position),
                within=_within(info, within),
                perspective=asked_of(info.context, perspective),
            )
        )

    @strawberry.field(
        description="The places of which two situations say otherwise: of two dates with the same "
        "knowledge, of one date with two states of knowledge, or both; both from one perspective."
    )
    def compare(
        self,
        info: Info,
        from_: FromPair,
        to: ToPair,
        within: Within = None,
        perspective: Whose = None,
    ) -> list[ControlDifference]:
        answers, place = info.context.answers, _within(info, within)
        whose = asked_of(info.context, perspective)
        before, after = (
            told.Situation(answers, at=at, known=known, within=place, perspective=whose)
            for at, known in (from_.resolved(info.context), to.resolved(info.context))
        )
        found = told.compare(answers, before, after)
        return [ControlDifference(difference=each) for each in found]

    @strawberry.field(description="The place of that slug or id.")
    def location(self, info: Info, id: ThingId) -> Location | None:
        known = info.context.known()
        return Location.find(info.context, LocationId(slug_of(id, "Location")), known)

    @strawberry.field(
        description="Places in the order of their slugs; of a search, the best answers first."
    )
    def locations(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        search: Search = None,
        within: Within = None,
        kind: SomeLocationKind = None,
        bbox: Box = None,
    ) -> Connection[Location]:
        key, known = _start(info, after)
        wanted = PlaceFilter(_within(info, within), kind, _box(bbox))
        rows, more = info.context.answers.page_of_places(
            wanted, search, known=known, size=size_of(first), after=key
        )
        items = [
            (f"{each.rank}:{each.slug}", Location.shown(info.context, row, known=known, at=None))
            for each, row in rows
        ]
        return connection(items, known.position, more_before=key is not None, more_after=more)

    @strawberry.field(description="The actor of that slug or id.")
    def actor(self, info: Info, id: ThingId) -> Actor | None:
        known = info.context.known()
        return Actor.find(info.context, ActorId(slug_of(id, "Actor")), known)

    @strawberry.field(
        description="Actors in the order of their slugs; of a search, the best answers first."
    )
    def actors(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        search: Search = None,
        kind: SomeActorKind = None,
    ) -> Connection[Actor]:
        key, known = _start(info, after)
        rows, more = info.context.answers.page_of_actors(
            kind, search, known=known, size=size_of(first), after=key
        )
        items = [
            (f"{each.rank}:{each.slug}", Actor.shown(info.context, row, known=known, at=None))
            for each, row in rows
        ]
        return connection(items, known.position, more_before=key is not None, more_after=more)

    @strawberry.field(description="The event of that id.")
    def event(self, info: Info, id: ThingId) -> Event | None:
        return Event.find(info.context, EventId(slug_of(id, "Event")), info.context.known())

    @strawberry.field(description="Events in the order of recording.")
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Wanted = None,
    ) -> Connection[Event]:
        wanted = (filter or EventFilter()).rows(info.context)
        return Event.page(info.context, wanted, first=first, after=after, last=last, before=before)

    @strawberry.field(description="The report of that slug or id.")
    def report(self, info: Info, id: ThingId) -> Report | None:
        known = info.context.known()
        return Report.find(info.context, ReportId(slug_of(id, "Report")), known)

    @strawberry.field(description="The source of that slug or id.")
    def source(self, info: Info, id: ThingId) -> Source | None:
        known = info.context.known()
        return Source.find(info.context, SourceId(slug_of(id, "Source")), known)

    @strawberry.field(description="How far the ledger is, as this node knows it.")
    def ledger(self, info: Info) -> Ledger:
        known = info.context.known()
        return Ledger(known=known, position=known.position, rule=RULE)

    @strawberry.field(
        description="What proves that the log only added leaves between two sizes of it."
    )
    def consistency_proof(self, info: Info, from_: OldSize, to: NewSize) -> ConsistencyProof:
        return ConsistencyProof.of(info.context.node.log.consistency(from_, to))

    @strawberry.field(description="Anything, by its global id.")
    def node(self, info: Info, id: GlobalId) -> Node | None:
        kind, slug = parts_of(id) or ("", "")
        context, known = info.context, info.context.known()
        match kind:
            case "Location":
                return Location.find(context, LocationId(slug), known)
            case "Actor":
                return Actor.find(context, ActorId(slug), known)
            case "Source":
                return Source.find(context, SourceId(slug), known)
            case "Report":
                return Report.find(context, ReportId(slug), known)
            case "Event":
                return Event.find(context, EventId(slug), known)
        raise NotAnId(id, "anything in this ledger")


def _start(info: Info, after: str | None) -> tuple[Found | None, Known]:
    if after is None:
        return None, info.context.known()
    key, position = key_and_position(after)
    rank, colon, slug = key.partition(":")
    if not colon or not rank.isascii() or not rank.isdigit() or len(rank) > _DIGITS:
        raise BadPage(f"{after[:60]!r} is not a cursor of a list of places or actors")
    return Found(int(rank), slug), info.context.known(position=position)


_DIGITS = 9
"""No rank has more."""


def _within(info: Info, within: str | None) -> LocationId | None:
    if within is None:
        return None
    return info.context.answers.place(slug_of(within, "Location")).location


def _box(bbox: list[float] | None) -> tuple[float, float, float, float] | None:
    if bbox is None:
        return None
    if len(bbox) != 4:
        raise BadBox(f"a box is [west, south, east, north], four numbers, not {len(bbox)}")
    west, south, east, north = bbox
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BadBox("a box lies within -180 to 180 degrees east and -90 to 90 north, south first")
    return west, south, east, north
