"""Answers: has every list of the contract a bound or a price, and every price a field?"""

import pickle
from pathlib import Path
from time import process_time

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_nullable_type,
    is_list_type,
)

from api.graphql.documents import Documents
from api.graphql.execution import Question, Reply
from api.graphql.limits import Limits
from api.graphql.messages import JSON
from api.http.question_process import carry_for
from api.node import open_node
from api.schema.context import Principal
from api.schema.contract import schema
from api.schema.prices import PRICES
from tests.wide_ledger import build

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


@pytest.mark.parametrize(
    ("perspective", "least", "most"),
    [("", 0.2, 5.0), (', perspective: {publishedBy: "2023-10-10"}', 0.2, 5.0)],
)
def test_a_map_is_priced_about_as_it_takes(
    perspective: str, least: float, most: float, tmp_path: Path
) -> None:
    document = f'{{ controlColumn(at: "2020-01-01"{perspective}) {{ places }} }}'
    settings = build(tmp_path, places=2_000, words=3_000, deep=0)
    with open_node(settings) as node:
        plan = Documents(schema(), Limits(), PRICES).prepare(document).plans[None]
        price = plan.cost(node.answers.statistics, {})
        carry = carry_for(node, schema(), Limits())
        began = process_time()
        reply = carry((Question(document, {}, None, {}, JSON, False), Principal("", frozenset())))
        took = (process_time() - began) * 1000
    assert isinstance(reply, Reply) and reply.errors is None
    assert least < price / took < most, (price, took)
