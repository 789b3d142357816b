"""Replays in GraphQL."""

import strawberry

from api.answers.basis import Answer
from api.answers.replay import Replayed, ReplayedStep, replay_from
from api.schema.context import Context
from api.schema.control import ControlObject
from api.schema.entry import EventObject
from api.schema.events import event_object
from api.schema.node import Info, LocationTarget, place_object
from api.schema.perspective import PerspectiveInput
from api.schema.scalars import Moment, explained_enum
from domain.control.verdict import RULE, Period, Silence
from domain.replay import Effect, EntryEffect
from projections.entries import EntryRow

explained_enum(Effect, name="ReplayBecause")


@strawberry.type(description="One thing that an entry did to the answer.")
class ReplayReason:
    replayed: strawberry.Private[Replayed]
    effect: strawberry.Private[EntryEffect]
    because: Effect = strawberry.field(description="By which step of the rule.")
    why: Silence | None = strawberry.field(description="Why an earlier word falls silent.")

    @strawberry.field(
        description="The other events that it is about; of SILENCES, the event that falls silent "
        "and the one that silences it."
    )
    def events(self) -> list[EventObject]:
        steps = {told.recorded.statement.id: told for told in self.replayed.steps}
        return [_event(self.replayed, steps[event]) for event in self.effect.events]


@strawberry.type(
    name="ReplayStep",
    description="An entry that bears on the place, and what it did to the answer.",
)
class ReplayStepObject:
    replayed: strawberry.Private[Replayed]
    told: strawberry.Private[ReplayedStep]
    heard: str = strawberry.field(description="What was recorded, in plain English.")
    source: str | None = strawberry.field(
        description="Whose word it is, with its grade then and its date; null of what is ours."
    )
    reason: str = strawberry.field(description="What it did, in plain English.")

    @strawberry.field(description="The entry.")
    def event(self) -> EventObject:
        return _event(self.replayed, self.told)

    @strawberry.field(description="The answer before it.")
    def before(self) -> ControlObject:
        return _control(self.replayed, self.told.step.before, self.told.recorded.position - 1)

    @strawberry.field(description="The answer after it.")
    def after(self) -> ControlObject:
        return _control(self.replayed, self.told.step.after, self.told.recorded.position)

    @strawberry.field(description="What it did, each thing with the step of the rule.")
    def because(self) -> list[ReplayReason]:
        return [
            ReplayReason(
                replayed=self.replayed, effect=effect, because=effect.effect, why=effect.why
            )
            for effect in self.told.step.effects
        ]


@strawberry.type(
    name="Replay",
    description="How an answer came about. What is folded are the entries of the ledger; names and "
    "further fields of the places, actors and events in it are looked up as everywhere.",
)
class ReplayObject:
    replayed: strawberry.Private[Replayed]
    at: Moment = strawberry.field(description="The moment in the world that is asked about.")
    position: int = strawberry.field(description="The position up to which it is folded.")
    rule: str = strawberry.field(description="The version of the rule of control.")
    passed_over: int = strawberry.field(
        description="How many events are about the place and assert nothing about its control."
    )

    @strawberry.field(description="The place.")
    def location(self, info: Info) -> LocationTarget:
        return place_object(info, self.replayed.location, self.replayed.basis)

    @strawberry.field(description="Every entry that bears on the place, as it was recorded.")
    def steps(self) -> list[ReplayStepObject]:
        return [
            ReplayStepObject(
                replayed=self.replayed,
                told=told,
                heard=told.words.heard,
                source=told.words.source,
                reason=" ".join(told.words.because),
            )
            for told in self.replayed.steps
        ]

    @strawberry.field(description="The answer with which it ends.")
    def control(self) -> ControlObject:
        return ControlObject.of(self.replayed.answer)


def replay_object(
    context: Context,
    location: str,
    at: Moment,
    position: int | None,
    perspective: PerspectiveInput | None,
) -> ReplayObject:
    """The replay, with the scope "audit". Raises NotPermitted and the refusals of a question."""
    context.permit("audit", "replaying")
    basis = context.basis(at, None, position, perspective)
    found = replay_from(context.node.ledger, location, basis)
    return ReplayObject(
        replayed=found,
        at=at,
        position=basis.position,
        rule=RULE,
        passed_over=found.replay.passed_over,
    )


def _control(replayed: Replayed, period: Period, position: int) -> ControlObject:
    return ControlObject.of(Answer(replayed.location, replayed.basis.up_to(position), period))


def _event(replayed: Replayed, told: ReplayedStep) -> EventObject:
    recorded = told.recorded
    entry = EntryRow(
        recorded.position,
        recorded.statement.id,
        recorded.recorded_at,
        recorded.recorded_by,
        recorded.event,
        told.retracted,
    )
    return event_object(entry, replayed.basis)
