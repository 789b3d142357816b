"""Answers about control in GraphQL."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import ClassVar

import strawberry

from api.answers.availability import Available, available
from api.answers.basis import Answer, Basis
from api.answers.parts import (
    PARTS,
    evidence_of,
    lineage_of,
    other_evidence_of,
    outweighed_by,
    outweighed_of,
)
from api.answers.situation import Situation
from api.answers.sources import explanation_of
from api.schema.context import Context
from api.schema.control_columns import DIRECT
from api.schema.entry import EventObject
from api.schema.events import event_object, event_objects
from api.schema.node import (
    ActorTarget,
    Info,
    LocationTarget,
    OccurredObject,
    actor_object,
    place_object,
)
from api.schema.perspective import PerspectiveObject
from api.schema.scalars import DateTime, Moment, explained_enum
from domain.control.claims import ControlStatus
from domain.control.timeline import BEGINNING, END
from domain.control.verdict import RULE, Holding, Side, Silence, Silenced, SinceIs, Verdict
from domain.values import LocationId
from projections.control import common_columns
from projections.places import PlaceFilter

strawberry.enum(ControlStatus, description=ControlStatus.__doc__)
explained_enum(Silence, name="OutweighedBecause")
explained_enum(SinceIs)


@strawberry.type(name="Basis", description="What pins an answer, so that it can be had again.")
class BasisObject:
    pinned: strawberry.Private[Answer | Situation]
    position: int = strawberry.field(description="The position of the ledger that was known.")

    @strawberry.field(description="When the entry at that position was recorded.")
    def recorded_at(self, info: Info) -> DateTime | None:
        recorded_at = info.context.recorded_at(self.position)
        return None if recorded_at is None else DateTime(recorded_at)

    at: Moment = strawberry.field(description="The moment in the world that was asked about.")
    rule: str = strawberry.field(description="The version of the rule of control.")

    @strawberry.field(description="Whose word counts; null where everybody's does.")
    def perspective(self) -> PerspectiveObject | None:
        return PerspectiveObject.of(self.pinned.basis)

    @strawberry.field(
        description="All of this as one text: equal tokens have equal answers, for ever."
    )
    def token(self) -> str:
        return self.pinned.token

    @staticmethod
    def of(pinned: Answer | Situation) -> "BasisObject":
        at, position = Moment(pinned.basis.at), pinned.basis.position
        return BasisObject(pinned=pinned, position=position, at=at, rule=RULE)


@strawberry.type(description="One reading of who controlled a place, and what speaks for it.")
class ControlReading:
    said: strawberry.Private[Side | Verdict]
    answer: strawberry.Private[Answer]
    around: strawberry.Private[LocationId | None]
    status: ControlStatus = strawberry.field(description="What it says of the place.")
    corroboration: int = strawberry.field(description="How many independent origins say so.")

    @strawberry.field(description="Who held it, best corroborated first.")
    def holders(self, info: Info) -> list[ActorTarget]:
        return actors_in(info, self.said, ControlStatus.HELD, self.answer)

    @strawberry.field(description="Of a contested place, who contested it.")
    def contenders(self, info: Info) -> list[ActorTarget]:
        return actors_in(info, self.said, ControlStatus.CONTESTED, self.answer)

    @strawberry.field(description="The events that say so: one for each independent origin.")
    def evidence(self, info: Info) -> list[EventObject]:
        evidence = self.said.evidence
        return event_objects(info.context, evidence, self.answer.basis, other_evidence_of)

    @strawberry.field(
        description="Of another answer that is possible, the events by which actors count as one "
        "in it, or do so no longer; those that may not have happened by then among them."
    )
    def lineage(self, info: Info) -> list[EventObject]:
        lineage = self.said.lineage if isinstance(self.said, Verdict) else ()
        return event_objects(info.context, lineage, self.answer.basis)

    @strawberry.field(
        description="The place around whose answer it is, where that has changed hands since the "
        "last word about the place itself."
    )
    def inherited_from(self, info: Info) -> LocationTarget | None:
        around = self.around
        return place_object(info, around, self.answer.basis) if around else None

    @staticmethod
    def of(
        said: Side | Verdict, answer: Answer, around: LocationId | None = None
    ) -> "ControlReading":
        return ControlReading(
            said=said,
            answer=answer,
            around=around,
            status=said.status,
            corroboration=len(said.evidence),
        )


@strawberry.type(name="Holding", description="One of those who held a place, and since when.")
class HoldingObject:
    holding: strawberry.Private[Holding]
    answer: strawberry.Private[Answer]

    @strawberry.field(description="Who held it.")
    def actor(self, info: Info) -> ActorTarget:
        return actor_object(info, self.holding.actor, self.answer.basis)

    @strawberry.field(description="When this one came to hold it, as exactly as it is known.")
    def since(self) -> OccurredObject:
        return OccurredObject.of(self.holding.since)


@strawberry.type(description="A claim that does not count in the answer.")
class OutweighedClaim:
    silenced: strawberry.Private[Silenced]
    answer: strawberry.Private[Answer]
    because: Silence = strawberry.field(description="Why it does not count.")

    @strawberry.field(description="The event that made the claim.")
    def event(self, info: Info) -> EventObject:
        event = [self.silenced.event]
        return event_objects(info.context, event, self.answer.basis, outweighed_of)[0]

    @strawberry.field(
        description="The event because of which it does not; null where no other is the reason."
    )
    def by(self, info: Info) -> EventObject | None:
        by, basis = self.silenced.by, self.answer.basis
        return event_objects(info.context, [by], basis, outweighed_by)[0] if by else None


@strawberry.type(name="Available", description="What could be had where an answer is unknown.")
class AvailableObject:
    found: strawberry.Private[Available]
    location: strawberry.Private[LocationId]
    left_out: int = strawberry.field(
        description="How many statements about the place the perspective leaves out."
    )

    @strawberry.field(
        description="The answer of the nearest place around of which anybody speaks: that of "
        "`control` with `inherit`. Null where there is none."
    )
    def around(self) -> "ControlObject | None":
        return ControlObject.of(self.found.around) if self.found.around else None

    @strawberry.field(
        description="The answer of the nearest place around by everybody's word, where the "
        "perspective leaves out all that says so. Null where it leaves out no such answer."
    )
    def around_left_out(self) -> "ControlObject | None":
        return ControlObject.of(self.found.around_left_out) if self.found.around_left_out else None

    @strawberry.field(
        description="The first position at which anything was recorded that says who holds the "
        "place, as the ledger is now, whatever was known of it; null where nothing was. The one "
        "thing here that the basis does not pin."
    )
    def first_recorded(self, info: Info) -> int | None:
        info.context.basis()  # so that no cache keeps the answer for ever
        return info.context.answers.first_recorded(self.location)


@strawberry.type(
    name="Control", description="Who controlled a place at a moment, as known then, and why."
)
class ControlObject:
    COMMON_FIELDS: ClassVar = frozenset(
        {"status", "certain", "disputed", "corroboration", "holders", "contenders", "since_is"}
    )
    """What many places of a map have in common, and follows from `common_key`."""
    DIRECT: ClassVar = DIRECT
    answer: strawberry.Private[Answer]

    @strawberry.field(description="The moment that was asked about.")
    def at(self) -> Moment:
        return Moment(self.answer.basis.at)

    @strawberry.field(description="Whether anybody held it, as far as known.")
    def status(self) -> ControlStatus:
        return self.answer.told.status

    @strawberry.field(
        description="False where another answer is possible: those are listed in `possible`."
    )
    def certain(self) -> bool:
        return self.answer.certain

    @strawberry.field(description="Whether there are rivals to this answer.")
    def disputed(self) -> bool:
        return self.answer.told.disputed

    @strawberry.field(description="How many independent origins say so.")
    def corroboration(self) -> int:
        return self.answer.told.corroboration

    @strawberry.field(description="The place that was asked about.")
    def location(self, info: Info) -> LocationTarget:
        return place_object(info, self.answer.location, self.answer.basis)

    @strawberry.field(description="Who held it, best corroborated first.")
    def holders(self, info: Info) -> list[ActorTarget]:
        return actors_in(info, self.answer, ControlStatus.HELD, self.answer)

    @strawberry.field(description="Of a contested place, who contested it.")
    def contenders(self, info: Info) -> list[ActorTarget]:
        return actors_in(info, self.answer, ControlStatus.CONTESTED, self.answer)

    @strawberry.field(description="When that began, as exactly as it is known.")
    def since(self) -> OccurredObject | None:
        since = self.answer.told.since
        return OccurredObject.of(since) if since else None

    @strawberry.field(
        description="Whether it began then, or was only seen by then; null where nobody speaks."
    )
    def since_is(self) -> SinceIs | None:
        return self.answer.told.since_is

    @strawberry.field(
        description="The latest word among the voices that answer: how fresh the answer is."
    )
    def last_heard(self) -> OccurredObject | None:
        heard = self.answer.told.last_heard
        return OccurredObject.of(heard) if heard else None

    @strawberry.field(description="Each of the holders, and since when it has been one.")
    def holding(self) -> list[HoldingObject]:
        found = self.answer.told.holding
        return [HoldingObject(holding=each, answer=self.answer) for each in found]

    @strawberry.field(description="When it ended, if it did.")
    def until(self) -> OccurredObject | None:
        until = self.answer.told.until
        return OccurredObject.of(until) if until else None

    @strawberry.field(
        description="Where the answer is not certain: every other one that is possible."
    )
    def possible(self) -> list[ControlReading]:
        answer = self.answer
        return [ControlReading.of(verdict, answer, around) for verdict, around in answer.possible]

    @strawberry.field(description="The events that say so: one for each independent origin.")
    def evidence(self, info: Info) -> list[EventObject]:
        evidence = evidence_of(self.answer)
        return event_objects(info.context, evidence, self.answer.basis, evidence_of)

    @strawberry.field(description="The sides that did not prevail; of a disputed place, all.")
    def rivals(self) -> list[ControlReading]:
        return [ControlReading.of(side, self.answer) for side in self.answer.verdict.rivals]

    @strawberry.field(description="The claims that do not count, and why.")
    def outweighed(self) -> list[OutweighedClaim]:
        return [
            OutweighedClaim(silenced=each, answer=self.answer, because=each.why)
            for each in self.answer.verdict.outweighed
        ]

    @strawberry.field(
        description="The events by which voices that name different actors agree, or one actor "
        "counts as another."
    )
    def lineage(self, info: Info) -> list[EventObject]:
        lineage = lineage_of(self.answer)
        return event_objects(info.context, lineage, self.answer.basis, lineage_of)

    @strawberry.field(description="The answer and its reasons in plain English.")
    def explanation(self, info: Info) -> str:
        return explanation_of(info.context.answers, self.answer)

    @strawberry.field(description="The place whose answer this is, where it was inherited.")
    def inherited_from(self, info: Info) -> LocationTarget | None:
        around = self.answer.inherited_from
        return place_object(info, around, self.answer.basis) if around else None

    @strawberry.field(
        description="Where the answer is unknown, what could be had instead; else null."
    )
    def available(self, info: Info) -> AvailableObject | None:
        location, found = self.answer.location, available(info.context.answers, self.answer)
        if found is None:
            return None
        return AvailableObject(found=found, location=location, left_out=found.left_out)

    @strawberry.field(description="What pins the answer.")
    def basis(self) -> BasisObject:
        return BasisObject.of(self.answer)

    @staticmethod
    def common_key(names: Iterable[str]) -> Callable[["ControlObject"], Hashable]:
        """The function that gives equal keys for objects with equal values of these fields."""
        get = common_columns(names)

        def key(source: ControlObject) -> Hashable:
            answer = source.answer
            return get(answer.told), answer.around is None, id(answer.basis)

        return key

    @staticmethod
    def of(answer: Answer) -> "ControlObject":
        return ControlObject(answer=answer)


@strawberry.type(description="A stretch of time that has one answer, for the same reasons.")
class ControlPeriod:
    from_: DateTime | None = strawberry.field(
        name="from", description="The first microsecond with this answer; null from the beginning."
    )
    to: DateTime | None = strawberry.field(
        description="The first microsecond after it; null without end."
    )
    control: ControlObject = strawberry.field(description="The answer, at the first microsecond.")

    @staticmethod
    def of(answer: Answer) -> "ControlPeriod":
        start, end = answer.told.start, answer.told.end
        return ControlPeriod(
            from_=None if start == BEGINNING else DateTime(start),
            to=None if end == END else DateTime(end),
            control=ControlObject.of(answer),
        )


@strawberry.type(description="How the answer for one moment changed as a report came in.")
class ControlRevision:
    position: int = strawberry.field(description="The entry that changed it.")
    answer: strawberry.Private[Answer]
    before_: strawberry.Private[Answer | None]

    @strawberry.field(description="When that was recorded.")
    def recorded_at(self, info: Info) -> DateTime | None:
        recorded_at = info.context.recorded_at(self.position)
        return None if recorded_at is None else DateTime(recorded_at)

    @strawberry.field(description="The event that changed the answer.")
    def event(self, info: Info) -> EventObject:
        entry = info.context.answers.entries.at_position(self.position)
        assert entry is not None, "a revision names the entry that made it"
        return event_object(entry, self.answer.basis)

    @strawberry.field(description="The answer until then; null where there was none.")
    def before(self) -> ControlObject | None:
        return ControlObject.of(self.before_) if self.before_ else None

    @strawberry.field(description="The answer from then on.")
    def control(self) -> ControlObject:
        return ControlObject.of(self.answer)


def controls(context: Context, answers: Sequence[Answer], basis: Basis) -> list[ControlObject]:
    """Answers on the same basis; the rows of their places, actors and events are looked up
    together."""
    places = {answer.location for answer in answers}
    actors = {holder for held_by in {answer.holders for answer in answers} for holder in held_by}
    context.prepare(places, actors, basis)
    context.await_events(PARTS, answers, basis)
    return [ControlObject.of(answer) for answer in answers]


def control_map(context: Context, wanted: PlaceFilter, basis: Basis) -> list[ControlObject]:
    """The answers of a map, whose places have been read for it."""
    pairs = [pair for page in context.answers.map_pages(wanted, basis) for pair in page]
    context.found((place for place, _ in pairs), basis.position)
    return controls(context, [answer for _, answer in pairs], basis)


def actors_in(
    info: Info, said: Side | Verdict | Answer, status: ControlStatus, answer: Answer
) -> list[ActorTarget]:
    """The actors of a verdict, or of an answer, with the status; for another status, none."""
    if said.status is not status:
        return []
    return info.context.show_actors(said.holders, answer.basis)
