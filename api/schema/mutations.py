"""The commands of the ledger in GraphQL, and refusals.

Each event has a command, read off the types of the event's fields; a refusal is data, no error.
"""

import logging
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Annotated, Any, Union

import strawberry
from strawberry import ID
from strawberry.utils.str_converters import to_camel_case

from api.schema.entry import EventObject
from api.schema.event_inputs import InvalidValue, event_from, input_of
from api.schema.events import event_objects
from api.schema.node import Info
from domain.events import (
    EVENT_TYPES,
    ActorAmended,
    ActorRegistered,
    Event,
    EventReinstated,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
    ReportAmended,
    ReportFiled,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.refusals import Refusal, Unavailable
from domain.registry import Statement
from infra.intake.recorded_zones import Zones
from infra.ledger.codec import correction, identify
from infra.ledger.ledger import Receipt, StatementRefused

log = logging.getLogger(__name__)


@strawberry.type(name="Recorded", description="What was asked for is in the ledger.")
class RecordedObject:
    event: EventObject = strawberry.field(description="The event as it is recorded.")
    position: int = strawberry.field(description="Where it stands in the ledger.")
    duplicate: bool = strawberry.field(description="It had been recorded before.")


@strawberry.type(
    name="Refused", description="What was asked for was not recorded, and nothing was."
)
class RefusedObject:
    code: str = strawberry.field(description="The sort of refusal, as UnknownReference.")
    message: str = strawberry.field(description="Why, in plain English.")
    field: str | None = strawberry.field(description="The field of the input that it is about.")


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


_REGISTRATIONS: dict[str, type[Event]] = {
    "registerLocation": LocationRegistered,
    "registerActor": ActorRegistered,
    "registerSource": SourceRegistered,
    "regradeSource": SourceRegraded,
    "endSource": SourceEnded,
    "fileReport": ReportFiled,
    "amendLocation": LocationAmended,
    "amendActor": ActorAmended,
    "amendSource": SourceAmended,
    "amendReport": ReportAmended,
    "retractEvent": EventRetracted,
    "reinstateEvent": EventReinstated,
}
_SITUATION = [each for each in EVENT_TYPES.values() if issubclass(each, SituationEvent)]
_COMMANDS = _REGISTRATIONS | {f"record{each.__name__}": each for each in _SITUATION}
_INPUTS = {
    event_type: input_of(event_type, *(["replaced_by"] if event_type is EventRetracted else []))
    for event_type in _COMMANDS.values()
}


def _corrected_input() -> type:
    maybe: Any = strawberry.Maybe
    annotations = {_name_of(each): maybe[_INPUTS[each]] for each in _SITUATION}
    fields = {_name_of(each): strawberry.field(description=each.__doc__) for each in _SITUATION}
    made = type("CorrectedEventInput", (), {"__annotations__": annotations, **fields})
    return strawberry.input(made, one_of=True, description="The event as it should have been.")


def _name_of(event_type: type[Event]) -> str:
    name = event_type.__name__
    return name[0].lower() + name[1:]


CorrectedEventInput = _corrected_input()


@strawberry.input(description="Takes an event back and records the right one, in one append.")
class CorrectEventInput:
    event: ID = strawberry.field(description="The event that was wrong, by its UUID or global id.")
    reason: str = strawberry.field(description="What was wrong with it.")
    report: ID = strawberry.field(description="Who told us that it was wrong.")
    corrected: CorrectedEventInput = strawberry.field(  # type: ignore[valid-type]
        description="The event as it should have been."
    )


def _correct(
    given: CorrectEventInput, chosen: type[SituationEvent], zones: Zones
) -> Sequence[Statement]:
    told = {"event": given.event, "reason": given.reason, "report": given.report}
    wrong = event_from(EventRetracted, SimpleNamespace(**told), zones)
    right = _corrected(given, chosen, zones)
    assert isinstance(wrong, EventRetracted)
    return correction(wrong.event, wrong.reason, wrong.report, right)


def _corrected(
    given: CorrectEventInput, chosen: type[SituationEvent], zones: Zones
) -> SituationEvent:
    try:
        right = event_from(chosen, getattr(given.corrected, _name_of(chosen)).value, zones)
    except InvalidValue as wrong:
        field = f"{_place_of(chosen)}{wrong.field or ''}".rstrip(".")
        raise InvalidValue(str(wrong), field) from None
    assert isinstance(right, SituationEvent)
    return right


def _place_of(chosen: type[SituationEvent]) -> str:
    return f"corrected.{_name_of(chosen)}."


def _record(
    info: Info, statements: Callable[[Zones], Sequence[Statement]], first_within: str = ""
) -> RecordedObject | RefusedObject:
    """Records all statements or none, and answers for the first; `first_within` is the place of the
    first in the input. The one place for refusals.
    """
    context = info.context
    try:
        context.permit("record", "recording")
        asked = statements(Zones(context.node.ledger))
        receipt = context.node.ledger.record(asked, by=context.principal.subject)[0]
    except Refusal as refusal:
        if isinstance(refusal, Unavailable) or not refusal.is_public:
            raise
        is_first = isinstance(refusal, StatementRefused) and refusal.index == 0
        return _refused(refusal, within=first_within if is_first else "")
    try:
        context.node.projector.catch_up()
        context.forget_now()
        basis = context.basis()
        event = event_objects(context, [receipt.id], basis)[0]
    except Exception as failure:
        log.exception("recorded at position %s, but the views could not follow", receipt.position)
        raise RecordedAhead(receipt, failure) from failure
    return RecordedObject(event=event, position=receipt.position, duplicate=receipt.duplicate)


def _refused(refusal: Refusal, within: str) -> RefusedObject:
    field = refusal.field and within + to_camel_case(refusal.field)
    return RefusedObject(code=refusal.code, message=str(refusal), field=field)


def _mutation(name: str, event_type: type[Event]) -> Any:
    def resolve(self: Any, info: Info, input: Any) -> Any:
        return _record(info, lambda zones: [identify(event_from(event_type, input, zones))])

    return _field(name, resolve, _INPUTS[event_type], event_type.__doc__)


def _field(name: str, resolve: Callable[..., Any], given: type, description: str | None) -> Any:
    result = Annotated[
        Union[RecordedObject, RefusedObject],  # noqa: UP007 - strawberry wants its unions so
        strawberry.union(
            f"{name[0].upper()}{name[1:]}Result", description="What became of the request."
        ),
    ]
    asked: Any = Annotated[given, strawberry.argument(description="What is to be recorded.")]
    resolve.__annotations__ |= {"input": asked, "return": result}
    return strawberry.mutation(resolver=resolve, name=name, description=description)


def _resolve_correction(self: Any, info: Info, input: Any) -> Any:
    chosen = next(each for each in _SITUATION if getattr(input.corrected, _name_of(each), None))
    return _record(info, lambda zones: _correct(input, chosen, zones), _place_of(chosen))


_FIELDS = {name: _mutation(name, event_type) for name, event_type in _COMMANDS.items()}
_FIELDS["correctEvent"] = _field(
    "correctEvent",
    _resolve_correction,
    CorrectEventInput,
    "Takes an event back and records the right one, in one append.",
)
Mutation = strawberry.type(
    type("Mutation", (), _FIELDS), description="What can be recorded. A refusal is an answer."
)
