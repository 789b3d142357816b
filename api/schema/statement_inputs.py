"""The inputs of all commands, and the statements that they ask to record."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import strawberry
from strawberry import ID

from api.schema.event_inputs import InvalidValue, event_from, input_of, names
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
from domain.registry import Statement
from domain.values import EventId, ReportId
from infra.intake.recorded_zones import Zones
from infra.ledger.codec import correction, identify


class PlacedStatement(NamedTuple):
    """A statement that is asked to be recorded."""

    statement: Statement
    within: str = ""
    """Where its fields stand in the input, as "corrected.townSeized."."""


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
SITUATION = [each for each in EVENT_TYPES.values() if issubclass(each, SituationEvent)]
COMMANDS = _REGISTRATIONS | {f"record{each.__name__}": each for each in SITUATION}
INPUTS = {
    event_type: input_of(event_type, *(["replaced_by"] if event_type is EventRetracted else []))
    for event_type in COMMANDS.values()
}


def _corrected_input() -> type:
    maybe: Any = strawberry.Maybe
    annotations = {name_of(each): maybe[INPUTS[each]] for each in SITUATION}
    fields = {name_of(each): strawberry.field(description=each.__doc__) for each in SITUATION}
    made = type("CorrectedEventInput", (), {"__annotations__": annotations, **fields})
    return strawberry.input(made, one_of=True, description="The event as it should have been.")


def name_of(event_type: type[Event]) -> str:
    name = event_type.__name__
    return name[0].lower() + name[1:]


CorrectedEventInput = _corrected_input()


@strawberry.input(description="Takes an event back and records the right one, in one append.")
class CorrectEventInput:
    event: ID = strawberry.field(
        description="The event that was wrong, by its UUID or global id.", directives=names(EventId)
    )
    reason: str = strawberry.field(description="What was wrong with it.")
    report: ID = strawberry.field(
        description="Who told us that it was wrong.", directives=names(ReportId)
    )
    corrected: CorrectedEventInput = strawberry.field(  # type: ignore[valid-type]
        description="The event as it should have been."
    )


@strawberry.input(one_of=True, description="A statement: exactly one of these.")
class SomeStatementInput:
    event: strawberry.Maybe[CorrectedEventInput] = strawberry.field(  # type: ignore[valid-type]
        description="What happened."
    )
    correction: strawberry.Maybe[CorrectEventInput] = strawberry.field(
        description="An event is taken back, and the right one recorded."
    )
    retraction: strawberry.Maybe[INPUTS[EventRetracted]] = strawberry.field(  # type: ignore[valid-type]
        description=EventRetracted.__doc__
    )
    reinstatement: strawberry.Maybe[INPUTS[EventReinstated]] = strawberry.field(  # type: ignore[valid-type]
        description=EventReinstated.__doc__
    )


@strawberry.input(
    description="A statement with the report that makes it and the source of that report, where "
    "these are new. All is recorded in one append, or nothing."
)
class StatementInput:
    statement: SomeStatementInput = strawberry.field(description="What is to be recorded.")
    source: INPUTS[SourceRegistered] | None = strawberry.field(  # type: ignore[valid-type]
        default=None, description="A source to be registered first."
    )
    report: INPUTS[ReportFiled] | None = strawberry.field(  # type: ignore[valid-type]
        default=None, description="A report to be filed first."
    )


def statements_in(given: StatementInput, zones: Zones) -> list[PlacedStatement]:
    """What an input asks to record, in order. Raises InvalidValue."""
    return [*statements_along(given, zones), *_statements(given.statement, zones)]


def statements_along(given: Any, zones: Zones) -> Iterator[PlacedStatement]:
    """The source and the report that come along; `zones` learns theirs. Raises InvalidValue."""
    for event_type, each, within in (
        (SourceRegistered, given.source, "source."),
        (ReportFiled, given.report, "report."),
    ):
        if each is not None:
            placed = placed_event(event_type, each, zones, within)
            zones.learn(placed.statement.event)
            yield placed


def _statements(given: Any, zones: Zones) -> list[PlacedStatement]:
    if given.correction:
        return corrected(given.correction.value, zones, "statement.correction.")
    if given.event:
        return [_chosen(given.event.value, zones, "statement.event.")]
    if given.retraction:
        taken_back = given.retraction.value
        return [placed_event(EventRetracted, taken_back, zones, "statement.retraction.")]
    assert given.reinstatement, "exactly one is given"
    reinstated = given.reinstatement.value
    return [placed_event(EventReinstated, reinstated, zones, "statement.reinstatement.")]


def corrected(given: CorrectEventInput, zones: Zones, within: str = "") -> list[PlacedStatement]:
    """The right event, and the retraction of the wrong one. Raises InvalidValue."""
    told = {"event": given.event, "reason": given.reason, "report": given.report}
    wrong = placed_event(EventRetracted, SimpleNamespace(**told), zones, within).statement.event
    right = _chosen(given.corrected, zones, f"{within}corrected.")
    assert isinstance(wrong, EventRetracted) and isinstance(right.statement.event, SituationEvent)
    new, old = correction(wrong.event, wrong.reason, wrong.report, right.statement.event)
    return [PlacedStatement(new, right.within), PlacedStatement(old, within)]


def _chosen(given: Any, zones: Zones, within: str) -> PlacedStatement:
    chosen = next(each for each in SITUATION if getattr(given, name_of(each), None))
    name = name_of(chosen)
    return placed_event(chosen, getattr(given, name).value, zones, f"{within}{name}.")


def placed_event(
    event_type: type[Event], given: Any, zones: Zones, within: str = ""
) -> PlacedStatement:
    """The event of an input, at its place. Raises InvalidValue with the place of the field."""
    try:
        return PlacedStatement(identify(event_from(event_type, given, zones)), within)
    except InvalidValue as wrong:
        field = f"{within}{wrong.field or ''}".rstrip(".")
        raise InvalidValue(str(wrong), field or None) from None
