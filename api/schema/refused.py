"""Refusals in GraphQL: data, no errors."""

from collections.abc import Sequence

import strawberry
from strawberry.utils.str_converters import to_camel_case

from api.schema.statement_inputs import PlacedStatement
from domain.refusals import Refusal, Unavailable
from infra.ledger.ledger import StatementRefused


@strawberry.type(
    name="Refused", description="What was asked for was not recorded, and nothing was."
)
class RefusedObject:
    code: str = strawberry.field(description="The sort of refusal, as UnknownReference.")
    message: str = strawberry.field(description="Why, in plain English.")
    field: str | None = strawberry.field(description="The field of the input that it is about.")


def refused(refusal: Refusal, placed: Sequence[PlacedStatement]) -> RefusedObject:
    """The refusal of statements as an answer; where it is none of the public's business, or the
    ledger can't be reached, raises it again."""
    if isinstance(refusal, Unavailable) or not refusal.is_public:
        raise refusal
    within = placed[refusal.index].within if isinstance(refusal, StatementRefused) else ""
    field = refusal.field and within + to_camel_case(refusal.field)
    return RefusedObject(code=refusal.code, message=str(refusal), field=field)
