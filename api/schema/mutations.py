"""What can be recorded, and how is a refusal answered?

One command for each event, read off the types of its fields; a refusal is data, not an error.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Union

import strawberry
from pydantic import ValidationError
from strawberry import ID

from api.schema.events import event_from, input_of
from api.schema.ids import NotAnId, slug_of
from api.schema.objects import Event, Info
from domain.events import (
    EVENT_TYPES,
    ActorRegistered,
    EventReinstated,
    EventRetracted,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
    SourceRegraded,
)
from domain.events import Event as DomainEvent
from domain.refusals import DomainError
from domain.registry import Statement
from domain.values import EventId, ReportId
from infra.codec import correction, identify
from infra.ledger import Refused as RefusedByLedger


class NotPermitted(DomainError):
    """Whoever asks may not record."""

    def __init__(self) -> None:
        super().__init__("recording needs a bearer token whose scopes include 'record'")


@strawberry.type(description="What was asked for is in the ledger.")
class Recorded:
    event: Event
    position: int
    duplicate: bool = strawberry.field(description="It had been recorded before.")


@strawberry.type(description="What was asked for was not recorded, and nothing was.")
class Refused:
    code: str = strawberry.field(description="The sort of refusal, as UnknownReference.")
    message: str
    field: str | None = strawberry.field(description="The field of the input that it is about.")


_REGISTRATIONS: dict[str, type[DomainEvent]] = {
    "registerLocation": LocationRegistered,
    "registerActor": ActorRegistered,
    "registerSource": SourceRegistered,
    "regradeSource": SourceRegraded,
    "fileReport": ReportFiled,
    "retractEvent": EventRetracted,
    "reinstateEvent": EventReinstated,
}
_COMMANDS = _REGISTRATIONS | {
    f"record{name}": event_type
    for name, event_type in EVENT_TYPES.items()
    if issubclass(event_type, SituationEvent)
}
_INPUTS = {
    event_type: input_of(event_type, *(["replaced_by"] if event_type is EventRetracted else []))
    for event_type in _COMMANDS.values()
}


def _corrected_input() -> type:
    situation = {
        event_type: given
        for event_type, given in _INPUTS.items()
        if issubclass(event_type, SituationEvent)
    }
    maybe: Any = strawberry.Maybe
    annotations = {
        _lower(event_type.__name__): maybe[given]
        for event_type, given in situation.items()
    }
    made = type("CorrectedEventInput", (), {"__annotations__": annotations})
    return strawberry.input(made, one_of=True, description="The event as it should have been.")


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


CorrectedEventInput = _corrected_input()


@strawberry.input(description="Takes an event back and records the right one, in one append.")
class CorrectEventInput:
    event: ID
    reason: str
    report: ID = strawberry.field(description="Who told us that it was wrong.")
    corrected: CorrectedEventInput  # type: ignore[valid-type]


def _correct(given: CorrectEventInput) -> Sequence[Statement]:
    chosen = {
        event_type: getattr(given.corrected, _lower(event_type.__name__), None)
        for event_type in _INPUTS
    }
    ((event_type, fields),) = ((t, value.value) for t, value in chosen.items() if value)
    corrected = event_from(event_type, fields)
    assert isinstance(corrected, SituationEvent)
    event = EventId(slug_of(given.event, "Event"))
    return correction(event, given.reason, ReportId(slug_of(given.report, "Report")), corrected)


def _record(info: Info, statements: Callable[[], Sequence[Statement]]) -> Recorded | Refused:
    """Records them all or none; the answer is about the first. The one place for refusals."""
    context = info.context
    try:
        if "record" not in context.principal.scopes:
            raise NotPermitted
        asked = statements()
        receipt = context.node.ledger.record(asked, by=context.principal.subject)[0]
    except RefusedByLedger as refused:
        return _refused(refused.refusal)
    except DomainError as refusal:
        return _refused(refusal)
    except NotAnId as wrong:
        return Refused(code="NotAnId", message=str(wrong), field=None)
    except ValidationError as wrong:
        return _invalid(wrong)
    context.node.projector.catch_up()
    known = context.known()
    event = Event.of(context.entry(receipt.id, known), known)
    return Recorded(event=event, position=receipt.position, duplicate=receipt.duplicate)


def _refused(refusal: DomainError) -> Refused:
    return Refused(code=type(refusal).__name__, message=str(refusal), field=refusal.field)


def _invalid(wrong: ValidationError) -> Refused:
    first = wrong.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"] if part != "function-plain")
    return Refused(code="InvalidValue", message=first["msg"], field=field or None)


def _mutation(name: str, event_type: type[DomainEvent]) -> Any:
    def resolve(self: Any, info: Info, input: Any) -> Any:
        return _record(info, lambda: [identify(event_from(event_type, input))])

    return _field(name, resolve, _INPUTS[event_type], event_type.__doc__)


def _field(name: str, resolve: Callable[..., Any], given: type, description: str | None) -> Any:
    result = Annotated[
        Union[Recorded, Refused],  # noqa: UP007 - strawberry wants its unions so
        strawberry.union(f"{name[0].upper()}{name[1:]}Result"),
    ]
    resolve.__annotations__ |= {"input": given, "return": result}
    return strawberry.mutation(resolver=resolve, name=name, description=description)


def _resolve_correction(self: Any, info: Info, input: Any) -> Any:
    return _record(info, lambda: _correct(input))


_FIELDS = {name: _mutation(name, event_type) for name, event_type in _COMMANDS.items()}
_FIELDS["correctEvent"] = _field(
    "correctEvent",
    _resolve_correction,
    CorrectEventInput,
    "Takes an event back and records the right one, in one append.",
)
Mutation = strawberry.type(type("Mutation", (), _FIELDS))
