"""The questions of the GraphQL contract."""

from typing import Annotated

import strawberry

from api.answers.basis import LATEST, Basis
from api.answers.pages import filed_in, filed_key, found_in, key_of, size_of
from api.answers.situation import Situation, compare
from api.ids import GlobalId, NotAnId, parts_of, slug_of
from api.schema.actors import ActorObject
from api.schema.arguments import (
    After,
    At,
    Before,
    Box,
    First,
    From,
    Inherit,
    KnownAt,
    Last,
    NodeId,
    PlaceId,
    Position,
    Search,
    ThingId,
    To,
    Token,
    Within,
)
from api.schema.connections import Connection, connection
from api.schema.context import Context, Targets
from api.schema.control import ControlObject, ControlPeriod, ControlRevision, control_map
from api.schema.entry import EventObject
from api.schema.event_filter import EventFilterInput, Wanted
from api.schema.event_pages import event_page
from api.schema.events import find_event
from api.schema.map_column import (
    ChangeDateObject,
    ControlColumnObject,
    Span,
    change_date_objects,
)
from api.schema.node import Info, NodeObject, instant_at
from api.schema.perspective import Whose
from api.schema.places import LocationObject
from api.schema.proofs import ConsistencyProof, NewSize, OldSize, TreeSize, checkpoint_of
from api.schema.replay import ReplayObject, replay_object
from api.schema.report_filters import (
    ReportFilterInput,
    SomeReports,
    SomeSources,
    SourceFilterInput,
)
from api.schema.reports import ReportObject, SourceObject
from api.schema.scalars import DateTime
from api.schema.situation import ControlDifferenceObject, MomentPair, SituationObject
from api.schema.supposed import Supposed, SupposedAt, SuppositionResult, supposed
from domain.control.timeline import BEGINNING
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


TARGETS: Targets = {"Location": LocationObject.of, "Actor": ActorObject.of}
"""The objects named in fields of every other object."""


class BadBox(NotUnderstood):
    """The bounding box can't be read; the message says why."""


@strawberry.type(
    name="Ledger", description="The ledger, as far as the views of this node have followed it."
)
class LedgerObject:
    position: int = strawberry.field(description="The last position; 0 while it is empty.")
    rule: str = strawberry.field(description="The version of the rule of control in force.")

    @strawberry.field(description="When the last entry was recorded.")
    def recorded_at(self, info: Info) -> DateTime | None:
        recorded_at = info.context.recorded_at(self.position)
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

    @strawberry.field(
        description="The verifier key of the log (C2SP signed-note), as this node tells it; null "
        "where none signs. Take the key that you check with from elsewhere: told by the node, it "
        "shows only that node and log agree."
    )
    def verifier_key(self, info: Info) -> str | None:
        signer = info.context.node.log.keys.signer
        return None if signer is None else str(signer.verifier)


@strawberry.type(
    description="What can be asked. Every answer says what was known. A field that is refused is "
    "null, and the others are answered all the same."
)
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
    ) -> ControlObject | None:
        place = slug_of(location, "Location")
        basis = info.context.basis(at, known_at, position, perspective)
        answer = info.context.answers.control(place, basis, inherit=bool(inherit))
        return ControlObject.of(answer)

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
    ) -> list[ControlPeriod] | None:
        place = slug_of(location, "Location")
        basis = info.context.basis(None, known_at, position, perspective)
        return [
            ControlPeriod.of(answer)
            for answer in info.context.answers.timeline(
                place, basis, since=instant_at(from_), until=instant_at(to)
            )
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
    ) -> list[ControlObject] | None:
        wanted = PlaceFilter(within=_within(info, within), bbox=_box(bbox))
        basis = info.context.basis(at, known_at, position, perspective)
        return control_map(info.context, wanted, basis)

    @strawberry.field(
        description="What `controlMap` says of every place at that moment, as columns, without the "
        "reasons: for a map that moves."
    )
    def control_column(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        within: Within = None,
        bbox: Box = None,
        perspective: Whose = None,
    ) -> ControlColumnObject | None:
        wanted = PlaceFilter(within=_within(info, within), bbox=_box(bbox))
        basis = info.context.basis(at, known_at, position, perspective)
        return ControlColumnObject.of(info.context, wanted, basis)

    @strawberry.field(
        description="When the map changes, and how much: the days, or other units, of a span."
    )
    def change_dates(
        self,
        info: Info,
        span: Span,
        known_at: KnownAt = None,
        position: Position = None,
        within: Within = None,
        perspective: Whose = None,
    ) -> list[ChangeDateObject] | None:
        wanted = PlaceFilter(within=_within(info, within))
        basis = info.context.basis(span.to, known_at, position, perspective)
        return change_date_objects(info.context, wanted, basis, span)

    @strawberry.field(
        description="How the answer for one place and moment changed as reports came in."
    )
    def revisions(
        self, info: Info, location: PlaceId, at: At, perspective: Whose = None
    ) -> list[ControlRevision] | None:
        place = slug_of(location, "Location")
        basis = info.context.basis(at, perspective=perspective)
        found = info.context.answers.revisions(place, basis)
        before = [None, *(answer for _, answer in found)]
        return [
            ControlRevision(position=position, answer=answer, before_=previous)
            for (position, answer), previous in zip(found, before, strict=False)
        ]

    @strawberry.field(
        description="The answer of `control` whose basis has that token, word for word as it was "
        "given, whatever has been recorded since."
    )
    def answer(self, info: Info, token: Token) -> ControlObject | None:
        answer = info.context.answers.again(token)
        info.context.basis(position=answer.basis.position)
        return ControlObject.of(answer)

    @strawberry.field(
        description="The answer of `situation` whose basis has that token; the token does not say "
        "how many days its fields looked back."
    )
    def situation_of(self, info: Info, token: Token) -> SituationObject | None:
        found = Situation.again(info.context.answers, token)
        info.context.basis(position=found.basis.position)
        return SituationObject.of(found)

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
    ) -> ReplayObject | None:
        place = slug_of(location, "Location")
        return replay_object(info.context, place, at, position, perspective)

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
    ) -> SituationObject | None:
        basis = info.context.basis(at, known_at, position, perspective)
        found = Situation(info.context.answers, basis, _within(info, within))
        return SituationObject.of(found)

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
    ) -> list[ControlDifferenceObject] | None:
        answers, place = info.context.answers, _within(info, within)
        before, after = (
            Situation(answers, pair.basis(info.context, perspective), place) for pair in (from_, to)
        )
        found = compare(answers, before, after)
        return [ControlDifferenceObject(difference=each) for each in found]

    @strawberry.field(description="The place of that slug or id.")
    def location(self, info: Info, id: ThingId) -> LocationObject | None:
        basis = info.context.basis()
        return LocationObject.find(info.context, LocationId(slug_of(id, "Location")), basis)

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
    ) -> Connection[LocationObject] | None:
        key, basis = _start(info, after, "places or actors")
        wanted = PlaceFilter(_within(info, within), kind, _box(bbox))
        rows, more = info.context.answers.page_of_places(
            wanted, search, basis, size=size_of(first), after=key
        )
        items = [
            (key_of(each), LocationObject.shown(info.context, row, basis)) for each, row in rows
        ]
        return connection(items, basis.position, more_before=key is not None, more_after=more)

    @strawberry.field(description="The actor of that slug or id.")
    def actor(self, info: Info, id: ThingId) -> ActorObject | None:
        basis = info.context.basis()
        return ActorObject.find(info.context, ActorId(slug_of(id, "Actor")), basis)

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
    ) -> Connection[ActorObject] | None:
        key, basis = _start(info, after, "places or actors")
        rows, more = info.context.answers.page_of_actors(
            kind, search, basis, size=size_of(first), after=key
        )
        items = [(key_of(each), ActorObject.shown(info.context, row, basis)) for each, row in rows]
        return connection(items, basis.position, more_before=key is not None, more_after=more)

    @strawberry.field(description="The event of that id.")
    def event(self, info: Info, id: ThingId) -> EventObject | None:
        basis = info.context.basis()
        return find_event(info.context, EventId(slug_of(id, "Event")), basis)

    @strawberry.field(description="Events in the order of recording.")
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Wanted = None,
    ) -> Connection[EventObject] | None:
        wanted = (filter or EventFilterInput()).rows(info.context)
        return event_page(info.context, wanted, first=first, after=after, last=last, before=before)

    @strawberry.field(description="The report of that slug or id.")
    def report(self, info: Info, id: ThingId) -> ReportObject | None:
        basis = info.context.basis()
        return ReportObject.find(info.context, ReportId(slug_of(id, "Report")), basis)

    @strawberry.field(description="The source of that slug or id.")
    def source(self, info: Info, id: ThingId) -> SourceObject | None:
        basis = info.context.basis()
        return SourceObject.find(info.context, SourceId(slug_of(id, "Source")), basis)

    @strawberry.field(description="Sources in the order of their slugs.")
    def sources(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: SomeSources = None,
    ) -> Connection[SourceObject] | None:
        key, basis = _start(info, after, "sources")
        wanted = (filter or SourceFilterInput()).rows()
        rows, more = info.context.answers.page_of_sources(
            wanted, basis, size=size_of(first), after=key
        )
        items = [(key_of(each), SourceObject.shown(row, basis)) for each, row in rows]
        return connection(items, basis.position, more_before=key is not None, more_after=more)

    @strawberry.field(
        description="Reports in the order of publication: by the last moment at which each may "
        "have been published."
    )
    def reports(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: SomeReports = None,
    ) -> Connection[ReportObject] | None:
        key, position = (None, None) if after is None else filed_in(after)
        basis = info.context.basis(position=position)
        wanted = (filter or ReportFilterInput()).rows(info.context)
        rows, more = info.context.answers.sources.reports(
            wanted, known=basis.position, size=size_of(first), after=key
        )
        items = [(filed_key(each), ReportObject.shown(row, basis)) for each, row in rows]
        return connection(items, basis.position, more_before=key is not None, more_after=more)

    @strawberry.field(
        description="What would become of a statement if `recordStatement` were asked now, with "
        "the same refusals; nothing is recorded. For bearers of a token whose scopes include "
        "'record'."
    )
    def supposed(
        self, info: Info, input: Supposed, at: SupposedAt = None
    ) -> SuppositionResult | None:
        return supposed(info, input, at)

    @strawberry.field(description="What the bearer of the token may do: the scopes.")
    def scopes(self, info: Info) -> list[str] | None:
        return sorted(info.context.principal.scopes)

    @strawberry.field(description="How far the ledger is, as this node knows it.")
    def ledger(self, info: Info) -> LedgerObject | None:
        return LedgerObject(position=info.context.basis().position, rule=RULE)

    @strawberry.field(
        description="What proves that the log only added leaves between two sizes of it."
    )
    def consistency_proof(self, info: Info, from_: OldSize, to: NewSize) -> ConsistencyProof | None:
        return ConsistencyProof.of(info.context.node.log.consistency(from_, to))

    @strawberry.field(description="Anything, by its global id.")
    def node(self, info: Info, id: NodeId) -> NodeObject | None:
        named = parts_of(id)
        if named is None:
            raise NotAnId(id, "anything in this ledger")
        context, slug = info.context, named.slug
        basis = _pinned(context, named)
        match named.kind:
            case "Location":
                return LocationObject.find(context, LocationId(slug), basis)
            case "Actor":
                return ActorObject.find(context, ActorId(slug), basis)
            case "Source":
                return SourceObject.find(context, SourceId(slug), basis)
            case "Report":
                return ReportObject.find(context, ReportId(slug), basis)
        return find_event(context, EventId(slug), basis)


def _pinned(context: Context, named: GlobalId) -> Basis:
    """The basis on which the thing was shown. Raises NotAnId for an id that no answer has, and
    NotRecordedYet for one of an answer by a node that is further."""
    basis = context.basis(position=named.position)
    if named.at is None:
        return basis
    # A moment to come is not refused: what happened "in 2026" has its names of the end of the year.
    if named.kind not in TARGETS or not BEGINNING <= named.at < LATEST:
        raise NotAnId(str(named), "anything in this ledger")
    return basis.on(Instant(named.at))


def _start(info: Info, after: str | None, what: str) -> tuple[Found | None, Basis]:
    if after is None:
        return None, info.context.basis()
    found, position = found_in(after, what)
    return found, info.context.basis(position=position)


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
