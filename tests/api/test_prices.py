"""Answers: has every list of the contract a bound or a price, and every price a field?"""

import pickle

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_nullable_type,
    is_list_type,
)

from api.schema.contract import schema
from api.schema.prices import PRICES

SCHEMA = schema()._schema
TYPES = [
    each
    for each in SCHEMA.type_map.values()
    if isinstance(each, GraphQLObjectType | GraphQLInterfaceType) and each.name[:2] != "__"
]


def test_every_list_of_the_contract_has_a_price() -> None:
    unpriced = [
        f"{each.name}.{name}"
        for each in TYPES
        for name, field in each.fields.items()
        if is_list_type(get_nullable_type(field.type)) and not _has_a_length(each, name)
    ]
    assert unpriced == []


def test_every_price_is_that_of_a_field() -> None:
    fields = {f"{each.name}.{name}" for each in TYPES for name in each.fields}
    assert [name for name in PRICES if name not in fields and not name.endswith(".*")] == []


def test_prices_can_be_sent_to_another_process() -> None:
    assert set(pickle.loads(pickle.dumps(dict(PRICES)))) == set(PRICES)


def _has_a_length(of: GraphQLObjectType | GraphQLInterfaceType, name: str) -> bool:
    around = [of.name, *(each.name for each in of.interfaces)]
    named = [PRICES.get(f"{each}.{field}") for each in around for field in (name, "*")]
    return any(price is not None and price.length is not None for price in named)
