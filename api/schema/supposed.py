"""In GraphQL: what would the answers be if a statement were recorded?"""

from typing import Annotated, Union

import strawberry

from api.answers.basis import Answer
from api.answers.supposed import Supposition
from api.answers.undo import SupposedChange
from api.schema.control import ControlObject, actors_in
from api.schema.node import (
    ActorTarget,
    Info,
    LocationTarget,
    OccurredObject,
    place_object,
)
from api.schema.refused import RefusedObject, refused
from api.schema.scalars import Moment
from api.schema.statement_inputs import PlacedStatement, StatementInput, statements_in
from domain.control.claims import ControlStatus
from domain.control.verdict import SinceIs
from domain.refusals import Refusal
from domain.words.statements import statement
from infra.intake.recorded_zones import Zones


@strawberry.type(
    name="SupposedControl",
    description="What a place's answer would become. Events that are not recorded yet can't be "
    "asked about, and so it has no evidence to follow; its explanation tells of all of them.",
)
class SupposedControlObject:
    supposition: strawberry.Private[Supposition]
    answer: strawberry.Private[Answer]
    shown_as: strawberry.Private[Answer]
    """The answer without the statements: on its basis places and actors are shown."""
    status: ControlStatus = strawberry.field(description="Whether anybody would hold it.")
    certain: bool = strawberry.field(description="False where another answer would be possible.")
    disputed: bool = strawberry.field(description="Whether there would be rivals to this answer.")
    corroboration: int = strawberry.field(description="How many independent origins would say so.")

    @strawberry.field(description="Who would hold it, best corroborated first.")
    def holders(self, info: Info) -> list[ActorTarget]:
        return actors_in(info, self.answer, ControlStatus.HELD, self.shown_as)

    @strawberry.field(description="Of a contested place, who would contest it.")
    def contenders(self, info: Info) -> list[ActorTarget]:
        return actors_in(info, self.answer, ControlStatus.CONTESTED, self.shown_as)

    @strawberry.field(description="When that would have begun, as exactly as it is known.")
    def since(self) -> OccurredObject | None:
        since = self.answer.told.since
        return OccurredObject.of(since) if since else None

    @strawberry.field(description="Whether it would have begun then, or was only seen by then.")
    def since_is(self) -> SinceIs | None:
        return self.answer.told.since_is

    @strawberry.field(description="The answer and its reasons in plain English.")
    def explanation(self) -> str:
        return self.supposition.explanation(self.answer)


@strawberry.type(
    name="SupposedChange", description="The answer for a place, and what it would become."
)
class SupposedChangeObject:
    supposition: strawberry.Private[Supposition]
    change: strawberry.Private[SupposedChange]

    @strawberry.field(description="The place.")
    def location(self, info: Info) -> LocationTarget:
        return place_object(info, self.change.before.location, self.change.before.basis)

    @strawberry.field(description="The answer as it is.")
    def before(self) -> ControlObject:
        return ControlObject.of(self.change.before)

    @strawberry.field(description="The answer as it would be.")
    def after(self) -> SupposedControlObject:
        answer = self.change.after
        return SupposedControlObject(
            supposition=self.supposition,
            answer=answer,
            shown_as=self.change.before,
            status=answer.status,
            certain=answer.certain,
            disputed=answer.told.disputed,
            corroboration=answer.told.corroboration,
        )

    @strawberry.field(
        description="Whether it would describe the place otherwise; else only its reasons may "
        "differ."
    )
    def differs(self) -> bool:
        return not self.change.before.says_the_same_as(self.change.after)


@strawberry.type(
    name="Supposition", description="What would become of a statement if it were recorded now."
)
class SuppositionObject:
    supposition: strawberry.Private[Supposition]
    changes_: strawberry.Private[list[SupposedChange]]
    at: Moment = strawberry.field(description="The moment in the world of the answers.")
    duplicate: bool = strawberry.field(description="Whether all of it is recorded already.")

    @strawberry.field(
        description="What is said, as a plain English sentence without its time; of a retraction, "
        "what is taken back."
    )
    def statement(self, info: Info) -> str | None:
        said = self.supposition.said
        return statement(said, info.context.answers.names(self.supposition.then)) if said else None

    @strawberry.field(
        description="The places that the statement names, with their answers. A change in the "
        "lineage of actors, or in places around, may change answers of further places."
    )
    def changes(self) -> list[SupposedChangeObject]:
        supposition = self.supposition
        return [SupposedChangeObject(supposition=supposition, change=it) for it in self.changes_]


SuppositionResult = Annotated[
    Union[SuppositionObject, RefusedObject],  # noqa: UP007 - strawberry wants its unions so
    strawberry.union("SuppositionResult", description="What would become of the request."),
]

Supposed = Annotated[StatementInput, strawberry.argument(description="What is supposed.")]
SupposedAt = Annotated[
    Moment | None,
    strawberry.argument(
        description="The moment in the world of the answers; where nothing is said, the close of "
        "the time that the statement tells of, or now, if that is earlier."
    ),
]


def supposed(info: Info, given: StatementInput, at: Moment | None) -> SuppositionResult:
    """Decides as a recording would, and records nothing. The refusals are those of a recording."""
    context = info.context
    placed: list[PlacedStatement] = []
    try:
        context.permit("record", "supposing a recording")
        known, by = context.basis(), context.principal.subject
        placed = statements_in(given, Zones(context.node.ledger))
        statements = [each.statement for each in placed]
        supposition = Supposition.of(context.answers, context.node.ledger, known, statements, by=by)
    except Refusal as refusal:
        return refused(refusal, placed)
    basis = context.basis(supposition.moment if at is None else at)
    return SuppositionObject(
        supposition=supposition,
        changes_=supposition.changes(basis),
        at=Moment(basis.at),
        duplicate=supposition.is_recorded,
    )
