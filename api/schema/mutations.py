"""The commands of the ledger in GraphQL, and refusals.

Each event has a command, read off the types of the event's fields; a refusal is data, no error.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Union

import strawberry

from api.schema.entry import EventObject
from api.schema.events import event_objects
from api.schema.node import Info
from api.schema.refused import RefusedObject, refused
from api.schema.statement_inputs import (
    COMMANDS,
    INPUTS,
    CorrectEventInput,
    PlacedStatement,
    StatementInput,
    corrected,
    placed_event,
    statements_in,
)
from domain.events import Event
from domain.refusals import Refusal
from infra.intake.recorded_zones import Zones
from infra.ledger.ledger import Receipt

log = logging.getLogger(__name__)


@strawberry.type(name="Recorded", description="What was asked for is in the ledger.")
class RecordedObject:
    event: EventObject = strawberry.field(description="The event as it is recorded.")
    position: int = strawberry.field(description="Where it stands in the ledger.")
    duplicate: bool = strawberry.field(description="It had been recorded before.")


class RecordedAhead(Refusal):
    """The statement is recorded, and only the answer about it is missing: the views are behind."""

    is_public = True

    def __init__(self, receipt: Receipt, failure: Exception) -> None:
        why = f" ({failure})" if isinstance(failure, Refusal) and failure.is_public else ""
        super().__init__(
            f"recorded at position {receipt.position}, but the views could not follow{why}: the "
            "event will be found once they have caught up. Nothing has to be sent again; the same "
            "sent again is answered as a duplicate"
        )
        self.extensions = {
            "recorded": True,
            "position": receipt.position,
            "eventId": receipt.id,
            "duplicate": receipt.duplicate,
        }


def _record(
    info: Info, asked: Callable[[Zones], Sequence[PlacedStatement]], answers_for: int = 0
) -> RecordedObject | RefusedObject:
    """Records all statements or none, and answers for one of them. The one place for refusals."""
    context = info.context
    placed: Sequence[PlacedStatement] = ()
    try:
        context.permit("record", "recording")
        placed = asked(Zones(context.node.ledger))
        statements = [each.statement for each in placed]
        by = context.principal.subject
        receipt = context.node.ledger.record(statements, by=by)[answers_for]
    except Refusal as refusal:
        return refused(refusal, placed)
    context.has_seen(receipt.position)
    try:
        context.node.projector.catch_up()
        context.forget_now()
        basis = context.basis()
        event = event_objects(context, [receipt.id], basis)[0]
    except Exception as failure:
        log.exception("recorded at position %s, but the views could not follow", receipt.position)
        raise RecordedAhead(receipt, failure) from failure
    return RecordedObject(event=event, position=receipt.position, duplicate=receipt.duplicate)


def _mutation(name: str, event_type: type[Event]) -> Any:
    def resolve(self: Any, info: Info, input: Any) -> Any:
        return _record(info, lambda zones: [placed_event(event_type, input, zones)])

    return _field(name, resolve, INPUTS[event_type], event_type.__doc__)


def _field(name: str, resolve: Callable[..., Any], given: type, description: str | None) -> Any:
    result = Annotated[
        Union[RecordedObject, RefusedObject],  # noqa: UP007 - strawberry wants its unions so
        strawberry.union(
            f"{name[0].upper()}{name[1:]}Result", description="What became of the request."
        ),
    ]
    asked: Any = Annotated[given, strawberry.argument(description="What is to be recorded.")]
    resolve.__annotations__ |= {"input": asked, "return": result | None}
    return strawberry.mutation(resolver=resolve, name=name, description=description)


def _resolve_correction(self: Any, info: Info, input: CorrectEventInput) -> Any:
    return _record(info, lambda zones: corrected(input, zones))


def _resolve_statement(self: Any, info: Info, input: StatementInput) -> Any:
    along = sum(each is not None for each in (input.source, input.report))
    return _record(info, lambda zones: statements_in(input, zones), answers_for=along)


_FIELDS = {name: _mutation(name, event_type) for name, event_type in COMMANDS.items()}
_FIELDS["correctEvent"] = _field(
    "correctEvent",
    _resolve_correction,
    CorrectEventInput,
    "Takes an event back and records the right one, in one append.",
)
_FIELDS["recordStatement"] = _field(
    "recordStatement",
    _resolve_statement,
    StatementInput,
    "Records a statement of any type, with its report and its source where these are new, in one "
    "append. `supposed` tells before what would become of the same input.",
)
Mutation = strawberry.type(
    type("Mutation", (), _FIELDS), description="What can be recorded. A refusal is an answer."
)
