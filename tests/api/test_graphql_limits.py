"""Answers: which documents do we refuse to execute, and what do we keep of the others?"""

import time
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, get_introspection_query

from api.graphql.documents import Cache, Documents, InvalidDocument
from api.graphql.limits import Limits, TooMuch


@strawberry.type
class Item:
    name: str

    @strawberry.field
    def parts(self) -> list["Item"]:
        return []

    @strawberry.field
    def whole(self) -> "Item":
        return self

    @strawberry.field
    def page(self, first: int | None = None, last: int | None = None) -> "Page":
        return Page(nodes=[], count=0)

    @strawberry.field
    def usual_page(self, first: int = 40) -> "Page":
        return Page(nodes=[], count=0)


@strawberry.type
class Page:
    nodes: list[Item]
    count: int


@strawberry.type
class Query:
    @strawberry.field
    def item(self) -> Item:
        return Item(name="x")


SCHEMA = strawberry.Schema(Query)


def prepare(query: str, variables: dict[str, Any] | None = None, **limits: int) -> Documents:
    documents = Documents(SCHEMA, Limits(**limits))
    documents.prepare(query, variables or {})
    return documents


def refusal(query: str, variables: dict[str, Any] | None = None, **limits: int) -> str:
    with pytest.raises(GraphQLError) as refused:
        prepare(query, variables, **limits)
    return refused.value.message


def cost(query: str, variables: dict[str, Any] | None = None) -> int:
    """The cost, as the refusal tells it."""
    message = refusal(query, variables, cost=0)
    return int(message.removeprefix("Estimated cost of the request: ").split(";")[0])


def test_a_refusal_says_the_number_and_the_limit() -> None:
    query = "{ item { name } }"
    assert refusal(query, query_bytes=9) == "Bytes of the query: 17; the limit is 9."
    assert refusal(query, depth=1) == "Levels of nesting in the document: 2; the limit is 1."
    assert refusal(query, cost=1) == "Estimated cost of the request: 2; the limit is 1."
    assert "more than 5 tokens" in refusal(query, tokens=5)
    assert refusal("{ a: item { b: name } }", aliases=1).startswith("Aliases in the document: 2;")


def test_a_field_costs_one_and_a_list_multiplies_what_is_under_it() -> None:
    assert cost("{ item { name } }") == 2
    assert cost("{ item { whole { name } } }") == 3
    assert cost("{ item { parts { name } } }") == 2 + 10
    assert cost("{ item { parts { parts { name } } } }") == 2 + 10 * 11


def test_the_length_of_a_page_is_the_one_asked_for() -> None:
    assert cost("{ item { page(first: 50) { count nodes { name } } } }") == 2 + 2 + 50
    assert cost("{ item { page(last: 7) { nodes { name } } } }") == 2 + 1 + 7
    assert cost("{ item { page { nodes { name } } } }") == 2 + 1 + 10
    assert cost("{ item { usualPage { nodes { name } } } }") == 2 + 1 + 40
    assert cost("{ item { page(first: 5) { nodes { parts { name } } } } }") == 2 + 1 + 5 * 11
    assert cost("{ item { page(first: -5) { nodes { name } } } }") == 2 + 1 + 1


def test_the_length_may_be_a_variable_or_its_default() -> None:
    query = "query ($n: Int = 30) { item { page(first: $n) { nodes { name } } } }"
    assert cost(query, {"n": 500}) == 2 + 1 + 500
    assert cost(query) == 2 + 1 + 30
    assert cost(query, {"n": None}) == 2 + 1 + 10
    assert cost(query, {"n": "many"}) == 2 + 1 + 10


def test_a_known_document_is_measured_again_when_its_variables_decide() -> None:
    query = "query ($n: Int!) { item { page(first: $n) { nodes { name } } } }"
    documents = prepare(query, {"n": 5}, cost=100)
    with pytest.raises(TooMuch, match=r"503; the limit is 100"):
        documents.prepare(query, {"n": 500})
    documents.prepare(query, {"n": 6})


def test_the_dearest_operation_counts_whichever_is_chosen() -> None:
    assert cost("query A { item { parts { name } } } query B { item { name } }") == 12


def test_a_fragment_costs_as_much_as_what_it_stands_for() -> None:
    fragment = "fragment F on Page { nodes { name } }"
    assert cost("{ item { page(first: 50) { ...F } } }" + fragment) == 2 + 1 + 50
    assert cost("{ item { ... on Item { name ... { whole { name } } } } }") == 4


@pytest.mark.parametrize("spread", ["whole { ...F%d } x: whole { ...F%d }", "...F%d ...F%d"])
def test_a_fragment_bomb_is_refused_in_an_instant(spread: str) -> None:
    levels = 22
    chain = "".join(f"fragment F{i} on Item {{ {spread % (i + 1, i + 1)} }}" for i in range(levels))
    query = "{ item { ...F0 } }" + chain + f"fragment F{levels} on Item {{ name }}"
    began = time.perf_counter()
    message = refusal(query, depth=100)
    assert time.perf_counter() - began < 0.5
    assert message.startswith("Estimated cost of the request: ")


def test_fragments_count_as_levels() -> None:
    query = "{ item { ...F } } fragment F on Item { whole { name } }"
    assert "Levels of nesting in the document: 4;" in refusal(query, depth=3)
    twice = "{ item { ...F whole { ...F } } } fragment F on Item { whole { name } }"
    assert "Levels of nesting in the document: 5;" in refusal(twice, depth=4)


def test_a_fragment_within_itself_is_left_to_validation() -> None:
    with pytest.raises(InvalidDocument) as invalid:
        prepare("{ item { ...F } } fragment F on Item { whole { ...F } }")
    assert "within itself" in invalid.value.errors[0].message


@pytest.mark.parametrize(
    "query",
    [
        "{ nothing { at { all } } }",
        "{ ...Unknown }",
        "{ ... on Unknown { name } }",
        "{ item { ... on Int { name } } }",
        "subscription { item { name } }",
        "{ item { page(first: $n) { count } } }",
    ],
)
def test_what_the_schema_does_not_know_is_left_to_validation(query: str) -> None:
    with pytest.raises(InvalidDocument):
        prepare(query)


def test_many_fields_of_one_name_are_refused_before_validation_compares_them() -> None:
    began = time.perf_counter()
    message = refusal("{ " + "item { name } " * 400 + "}")
    assert time.perf_counter() - began < 0.5
    assert message.startswith("Pairs of fields with the same name in the document: 159600;")


@pytest.mark.parametrize(
    "query",
    [
        "{" + "item{" * 900,
        "{" + "...{" * 900,
        "{item" + "{whole" * 200 + "{name}" + "}" * 201,
        "{...F0}" + "".join(f"fragment F{i} on Query{{...F{i + 1}}}" for i in range(200)),
        "{item{page(first:" + "[" * 150 + "]" * 150 + "){count}}}",
    ],
)
def test_deep_nesting_never_breaks_us(query: str) -> None:
    with pytest.raises((GraphQLError, InvalidDocument)):
        prepare(query)


def test_an_empty_selection_is_refused() -> None:
    assert "Syntax Error" in refusal("{ item { } }")


def test_introspection_by_the_usual_tools_is_affordable_and_a_bomb_of_it_is_not() -> None:
    prepare(get_introspection_query(specified_by_url=True, input_value_deprecation=True))
    bomb = "{ __schema { types { " + "fields { type { " * 5 + "name" + " } }" * 5 + " } } }"
    assert refusal(bomb).startswith("Estimated cost of the request: ")


def test_a_document_of_our_own_may_cost_what_it_costs() -> None:
    query = "{ item { parts { name } } }"
    with pytest.raises(TooMuch):
        prepare(query, cost=5)
    Documents(SCHEMA, Limits(cost=5), trusted=[query]).prepare(query, {})
    with pytest.raises(TooMuch):
        Documents(SCHEMA, Limits(cost=5), trusted=[query]).prepare(f"{query} ", {})


def test_only_documents_that_passed_are_remembered() -> None:
    documents = Documents(SCHEMA, Limits(cost=5))
    known = documents.prepare("{ item { name } }", {})
    for query in ("{", "{ nothing }", "{ item { parts { name } } }"):
        with pytest.raises((GraphQLError, InvalidDocument)):
            documents.prepare(query, {})
    assert documents.prepare("{ item { name } }", {}) is known
    assert len(documents.recent) == 1


def test_memory_is_bounded_in_number_and_in_weight() -> None:
    recent: Cache[str, int] = Cache(number=3, weight=100)
    for number, name in enumerate("abcd"):
        recent.keep(name, number, weight=10)
    assert [recent.get(name) for name in "abcd"] == [None, 1, 2, 3]
    recent.get("b")
    recent.keep("e", 4, weight=85)
    assert [recent.get(name) for name in "bcde"] == [1, None, None, 4]
    recent.keep("e", 5, weight=20)
    recent.keep("huge", 6, weight=101)
    assert (len(recent), recent.weight, recent.get("huge")) == (2, 30, None)
