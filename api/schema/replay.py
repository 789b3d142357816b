"""How is a replay shown?"""

import strawberry

from api.answers.basis import Answer, Known
from api.answers.replay import Replayed, Told, replay_from
from api.schema.context import Context
from api.schema.control import Control
from api.schema.entry import Event
from api.schema.node import Info
from api.schema.places import Location
from api.schema.scalars import Moment, explained_enum
from domain.control.perspective import Perspective
from domain.control.verdict import RULE, Period, Silence
from domain.occurred import Instant
from domain.replay import Because, Reason
from projections.entries import EntryRow

explained_enum(Because, name="ReplayBecause")


@strawberry.type(description="One thing that an entry did to the answer.")
class ReplayReason:
    replayed: strawberry.Private[Replayed]
    reason: strawberry.Private[Reason]
    because: Because = strawberry.field(description="By which step of the rule.")
    why: Silence | None = strawberry.field(description="Why an earlier word falls silent.")

    @strawberry.field(
        description="The other events that it is about; of SILENCES, the event that falls silent "
        "and the one that silences it."
    )
    def events(self) -> list[Event]:
        steps = {told.recorded.statement.id: told for told in self.replayed.steps}
        return [_event(self.replayed, steps[event]) for event in self.reason.events]


@strawberry.type(description="An entry that bears on the place, and what it did to the answer.")
class ReplayStep:
    replayed: strawberry.Private[Replayed]
    told: strawberry.Private[Told]
    heard: str = strawberry.field(description="What was recorded, in plain English.")
    source: str | None = strawberry.field(
        description="Whose word it is, with its grade then and its date; null of what is ours."
    )
    reason: str = strawberry.field(description="What it did, in plain English.")

    @strawberry.field(description="The entry.")
    def event(self) -> Event:
        return _event(self.replayed, self.told)

    @strawberry.field(description="The answer before it.")
    def before(self) -> Control:
        return _control(self.replayed, self.told.step.before, self.told.recorded.position - 1)

    @strawberry.field(description="The answer after it.")
    def after(self) -> Control:
        return _control(self.replayed, self.told.step.after, self.told.recorded.position)

    @strawberry.field(description="What it did, each thing with the step of the rule.")
    def because(self) -> list[ReplayReason]:
        return [
            ReplayReason(
                replayed=self.replayed, reason=reason, because=reason.because, why=reason.why
            )
            for reason in self.told.step.reasons
        ]


@strawberry.type(
    description="How an answer came about. What is folded are the entries of the ledger; names and "
    "further fields of the places, actors and events in it are looked up as everywhere."
)
class Replay:
    replayed: strawberry.Private[Replayed]
    at: Moment = strawberry.field(description="The moment in the world that is asked about.")
    position: int = strawberry.field(description="The position up to which it is folded.")
    rule: str = strawberry.field(description="The version of the rule of control.")
    passed_over: int = strawberry.field(
        description="How many events are about the place and assert nothing about its control."
    )

    @strawberry.field(description="The place.")
    def location(self, info: Info) -> Location:
        known, at = Known(self.position, closed=True), self.replayed.at
        return Location.of(info.context, self.replayed.location, known=known, at=at)

    @strawberry.field(description="Every entry that bears on the place, as it was recorded.")
    def steps(self) -> list[ReplayStep]:
        return [
            ReplayStep(
                replayed=self.replayed,
                told=told,
                heard=told.words.heard,
                source=told.words.source,
                reason=" ".join(told.words.because),
            )
            for told in self.replayed.steps
        ]

    @strawberry.field(description="The answer with which it ends.")
    def control(self) -> Control:
        return Control.of(self.replayed.answer)


def replayed(
    context: Context, location: str, at: Instant, position: int | None, perspective: Perspective
) -> Replay:
    """The replay, for those who may ask for it. Raises NotPermitted and what questions raise."""
    context.permit("audit", "replaying")
    known = context.known(position=position)
    ledger = context.node.ledger
    found = replay_from(ledger, location, at=at, position=known.position, perspective=perspective)
    return Replay(
        replayed=found,
        at=Moment(at),
        position=found.position,
        rule=RULE,
        passed_over=found.replay.passed_over,
    )


def _control(replayed: Replayed, period: Period, position: int) -> Control:
    known = Known(position, closed=True)
    whose = replayed.answer.perspective
    return Control.of(Answer(replayed.location, replayed.at, known, period, whose))


def _event(replayed: Replayed, told: Told) -> Event:
    recorded = told.recorded
    entry = EntryRow(
        recorded.position,
        recorded.statement.id,
        recorded.recorded_at,
        recorded.recorded_by,
        recorded.event,
        told.retracted,
    )
    return Event.of(entry, Known(replayed.position, closed=True))
