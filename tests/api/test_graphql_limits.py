"""Answers: which documents do we refuse to execute, and what do we keep of the others?"""

import pickle
import time
from typing import Any

import pytest
import strawberry
from graphql import get_introspection_query

from api.graphql.costs import LEAF, Asked, Price
from api.graphql.documents import Cache, Documents, InvalidDocument
from api.graphql.limits import Limits


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


def page(asked: Asked[None]) -> float:
    length = asked.given("first", "last")
    return length if isinstance(length, int) else 10


PRICES = {
    "Query.item": Price(0.0),
    "Item.whole": Price(0.0),
    "Item.parts": Price(0.0, 10),
    "Item.page": Price(0.0),
    "Item.usualPage": Price(0.0),
    "Page.nodes": Price(0.0, page),
}


def prepare(query: str, **limits: Any) -> Documents:
    documents = Documents(SCHEMA, Limits(**limits), {})
    documents.prepare(query)
    return documents


def refusal(query: str, **limits: int) -> str:
    with pytest.raises(InvalidDocument) as refused:
        prepare(query, **limits)
    return str(refused.value.errors[0].message)


def cost(query: str, variables: dict[str, Any] | None = None) -> int:
    """The cost in leaves, with objects for nothing."""
    document = Documents(SCHEMA, Limits(), PRICES).prepare(query)
    return round(max(plan.cost(None, variables or {}) for plan in document.plans.values()) / LEAF)


def test_a_refusal_says_the_number_and_the_limit() -> None:
    query = "{ item { name } }"
    assert refusal(query, query_bytes=9) == "Bytes of the query: 17; the limit is 9."
    assert refusal(query, depth=1) == "Levels of nesting in the document: 2; the limit is 1."
    assert refusal(query, tokens=5) == "Tokens of the document: 6; the limit is 5."
    assert refusal("{ a: item { b: name } }", aliases=1).startswith("Aliases in the document: 2;")
    assert "Fields of the document, its fragments spread: 2;" in refusal(query, fields=1)


@pytest.mark.parametrize("number", ["1" * 5_000, "1" * 101, "-" + "9" * 4_301, "1." + "1" * 200])
def test_a_number_without_end_is_refused_before_it_is_read(number: str) -> None:
    said = refusal(f"{{ items(first: {number}) {{ name }} }}")
    digits = len(number.lstrip("-"))
    assert said == f"Digits of a number in the document: {digits}; the limit is 100."


def test_a_list_multiplies_what_is_under_it() -> None:
    assert cost("{ item { name } }") == 1
    assert cost("{ item { whole { name } } }") == 1
    assert cost("{ item { parts { name } } }") == 10
    assert cost("{ item { parts { parts { name } } } }") == 100


def test_the_length_of_a_page_is_the_one_asked_for() -> None:
    assert cost("{ item { page(first: 50) { count nodes { name } } } }") == 1 + 50
    assert cost("{ item { page(last: 7) { nodes { name } } } }") == 7
    assert cost("{ item { page { nodes { name } } } }") == 10
    assert cost("{ item { usualPage { nodes { name } } } }") == 40
    assert cost("{ item { page(first: 5) { nodes { parts { name } } } } }") == 5 * 10


def test_the_length_may_be_a_variable_or_its_default() -> None:
    query = "query ($n: Int = 30) { item { page(first: $n) { nodes { name } } } }"
    assert cost(query, {"n": 500}) == 500
    assert cost(query) == 30
    assert cost(query, {"n": None}) == 10
    assert cost(query, {"n": "many"}) == 10


def test_the_dearest_field_is_named_with_what_would_narrow_it() -> None:
    query = "{ item { page(first: 50) { nodes { name } } other: page { count } } }"
    (plan, *_) = Documents(SCHEMA, Limits(), PRICES).prepare(query).plans.values()
    dearest = plan.dearest(None, {})
    assert (dearest.path, dearest.narrowing) == ("item.page.nodes", ("first", "last"))


def test_each_operation_has_a_cost_of_its_own() -> None:
    query = "query A { item { parts { name } } } query B { item { name } }"
    document = Documents(SCHEMA, Limits(), PRICES).prepare(query)
    assert document.cost("A", None, {}) == pytest.approx(10 * document.cost("B", None, {}))
    assert document.cost(None, None, {}) == 0


def test_a_plan_can_be_sent_to_another_process() -> None:
    query = "query ($n: Int) { item { page(first: $n) { nodes { name } } } }"
    document = Documents(SCHEMA, Limits(), PRICES).prepare(query)
    received = pickle.loads(pickle.dumps(document.elsewhere))
    assert received.node is None
    assert received.cost(None, None, {"n": 9}) == document.cost(None, None, {"n": 9})


def test_a_fragment_costs_as_much_as_what_it_stands_for() -> None:
    fragment = "fragment F on Page { nodes { name } }"
    assert cost("{ item { page(first: 50) { ...F } } }" + fragment) == 50
    assert cost("{ item { ... on Item { name ... { whole { name } } } } }") == 2


@pytest.mark.parametrize("spread", ["whole { ...F%d } x: whole { ...F%d }", "...F%d ...F%d"])
def test_a_fragment_bomb_is_refused_without_spreading_it(spread: str) -> None:
    """Its 2^45 fields would take for ever."""
    levels = 45
    chain = "".join(f"fragment F{i} on Item {{ {spread % (i + 1, i + 1)} }}" for i in range(levels))
    query = "{ item { ...F0 } }" + chain + f"fragment F{levels} on Item {{ name }}"
    message = refusal(query, depth=100)
    assert message.startswith("Fields of the document, its fragments spread: ")


def test_a_document_that_another_process_checked_can_be_executed_here_too() -> None:
    text = "{ item { name } }"
    documents = Documents(SCHEMA, Limits(), PRICES)
    documents.keep(text, Documents(SCHEMA, Limits(), PRICES).prepare(text).elsewhere)
    assert documents.prepare(text).node is None
    assert documents.parsed(text).node is not None


@pytest.mark.parametrize("quotes", ['"', '"""', '\\"""', "'#"])
def test_counting_tokens_takes_no_time_in_squares(quotes: str) -> None:
    began = time.thread_time()
    refusal("{ a(b: " + quotes * (18_000 // len(quotes)))
    assert time.thread_time() - began < 1


def test_of_many_unknown_fields_the_first_is_told() -> None:
    few, many = (" ".join(f"unknown{i}" for i in range(number)) for number in (19, 640))
    assert refusal(f"{{ item {{ name nmae {few} }} }}") == (
        "Cannot query field 'nmae' on type 'Item'. Did you mean 'name'?"
    )
    assert refusal(f"{{ item {{ name {many} }} }}") == (
        "The schema has no 'unknown0', and 639 more names of the document are unknown too; "
        "ask for fields of the schema."
    )


def test_names_that_a_document_gives_itself_are_not_unknown() -> None:
    numbers = range(30)
    spreads = " ".join(f"...  Part{i}" for i in numbers)
    parts = " ".join(
        f"fragment Part{i} on Item {{ alias{i} : name @include(if: $v{i}) }}" for i in numbers
    )
    variables = ", ".join(f"$v{i}: Boolean!" for i in numbers)
    comment = "# " + "words of a comment " * 20
    prepare(f"query Mine({variables}) {{ {comment}\n item {{ {spreads} }} }} {parts}")


def test_of_many_errors_a_few_are_told_briefly() -> None:
    query = "{ item { " + " ".join(f"a{i}: page(x{i}: 1) {{ count }}" for i in range(40)) + " } }"
    with pytest.raises(InvalidDocument) as refused:
        prepare(query)
    assert len(refused.value.errors) <= 6
    long = "{ item { page(first: " + '"' + "x" * 9_000 + '"' + ") { count } } }"
    with pytest.raises(InvalidDocument) as refused:
        prepare(long)
    assert all(len(each.message) < 600 for each in refused.value.errors)


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
    began = time.thread_time()
    message = refusal("{ " + "item { name } " * 400 + "}")
    assert time.thread_time() - began < 1
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
    with pytest.raises(InvalidDocument):
        prepare(query)


def test_an_empty_selection_is_refused() -> None:
    assert "Syntax Error" in refusal("{ item { } }")


def test_introspection_by_the_usual_tools_is_affordable_and_a_bomb_of_it_is_not() -> None:
    usual = get_introspection_query(specified_by_url=True, input_value_deprecation=True)
    assert cost(usual) * LEAF < 1_000
    bomb = "{ __schema { types { " + "fields { type { " * 5 + "name" + " } }" * 5 + " } } }"
    assert refusal(bomb) == "Maximum introspection depth exceeded"


def test_documents_that_passed_are_remembered_and_refusals_too() -> None:
    documents = Documents(SCHEMA, Limits(depth=2), {})
    known = documents.prepare("{ item { name } }")
    for query in ("{", "{ nothing }", "{ item { parts { name } } }"):
        errors = []
        for _ in range(2):
            with pytest.raises(InvalidDocument) as refused:
                documents.prepare(query)
            errors.append(refused.value.errors)
        assert errors[0] is errors[1]
    assert documents.prepare("{ item { name } }") is known
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
