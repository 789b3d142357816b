"""What does an answer about control tell straight from the columns of its row?

The same values as those of the fields of `ControlObject`, as they stand in an answer, without the
objects of GraphQL between: most questions ask for nothing else. A property holds both to each other
(tests/api/test_compiled_queries.py).
"""

from functools import lru_cache
from typing import Any, Protocol

from api.answers.basis import Answer, Basis
from api.graphql.compiled.direct import Direct, ToldObjects
from api.schema.context import Context
from domain.control.claims import ControlStatus
from domain.control.verdict import RULE
from domain.occurred import Window, rfc3339
from domain.values import ActorId
from projections.names import ACTOR, LOCATION

Values = dict[str, Any]
"""By the names of fields in Python."""


class Answered(Protocol):
    """An object with an answer about control."""

    answer: Answer


def _place(source: Answered, context: Context) -> Values:
    basis = source.answer.basis
    row = context.place(source.answer.location, basis)
    return {
        "slug": row.location,
        "name": context.name(LOCATION, row.location, row.name, basis),
        "kind": row.kind._name_,
        "latitude": row.latitude,
        "longitude": row.longitude,
    }


def _with_status(source: Answered, context: Context, status: ControlStatus) -> list[Values]:
    answer = source.answer
    if answer.told.status is not status:
        return []
    return [_actor(context, each, answer.basis) for each in answer.told.holders]


def _actor(context: Context, actor: ActorId, basis: Basis) -> Values:
    row = context.actor(actor, basis)
    name = context.name(ACTOR, row.actor, row.name, basis)
    return {"slug": row.actor, "name": name, "kind": row.kind._name_}


@lru_cache(maxsize=20_000)  # many periods begin with the same day
def _window(window: Window | None) -> Values | None:
    if window is None:
        return None
    return {
        "earliest": rfc3339(window.earliest),
        "latest": rfc3339(window.latest),
        "precision": window.precision._name_,
    }


def _basis(source: Answered, _: Context) -> Values:
    basis = source.answer.basis
    return {"position": basis.position, "at": rfc3339(basis.at), "rule": RULE}


_OF_A_WINDOW = frozenset({"earliest", "latest", "precision"})
_OF_AN_ACTOR = frozenset({"slug", "name", "kind"})

DIRECT: Direct = {
    "at": lambda source, _: rfc3339(source.answer.basis.at),
    "status": lambda source, _: source.answer.told.status._name_,
    "certain": lambda source, _: source.answer.certain,
    "disputed": lambda source, _: source.answer.told.disputed,
    "corroboration": lambda source, _: source.answer.told.corroboration,
    "location": ToldObjects(_place, _OF_AN_ACTOR | {"latitude", "longitude"}),
    "holders": ToldObjects(
        lambda source, context: _with_status(source, context, ControlStatus.HELD), _OF_AN_ACTOR
    ),
    "contenders": ToldObjects(
        lambda source, context: _with_status(source, context, ControlStatus.CONTESTED), _OF_AN_ACTOR
    ),
    "since": ToldObjects(lambda source, _: _window(source.answer.told.since), _OF_A_WINDOW),
    "until": ToldObjects(lambda source, _: _window(source.answer.told.until), _OF_A_WINDOW),
    "last_heard": ToldObjects(
        lambda source, _: _window(source.answer.told.last_heard), _OF_A_WINDOW
    ),
    "basis": ToldObjects(_basis, frozenset({"position", "at", "rule"})),
}
