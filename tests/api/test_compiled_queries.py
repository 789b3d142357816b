"""Answers: does a compiled query answer as graphql-core does, whatever is asked?"""

import gc
import re
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from os import environ
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from api.commands.demo import AFTERWARDS, SCENARIO
from api.commands.record import record
from api.graphql.documents import Cache, Documents, InvalidDocument
from api.graphql.execution import Execution, Question
from api.graphql.limits import Limits
from api.graphql.view import GraphQLView
from api.http.app import create_app
from api.http.outages import refusal_of
from api.http.question_process import cache_control
from api.ids import global_id
from api.node import Node
from api.schema.actors import ActorObject
from api.schema.context import Context, Principal
from api.schema.contract import schema
from api.schema.control import BasisObject
from api.schema.node import OccurredObject
from api.schema.prices import PRICES
from api.schema.queries import TARGETS
from infra.intake.recorded_zones import Zones
from infra.intake.situation_file import read_situation
from infra.ledger.codec import Recorded
from infra.settings import Settings
from infra.views.rows import NOW
from projections.places import PlaceFilter
from tests.api.query_strategies import Query, Values, every_field, paths_to, queries
from tests.nodes import node_at

SCHEMA = schema()
LATER = datetime(2026, 1, 1, tzinfo=UTC)
ANYBODY = Principal("a reader", frozenset({"read", "audit"}))
EVERYWHERE = PlaceFilter()
LIMITS = Limits(aliases=10_000, query_bytes=10**6, tokens=10**5, repeats=10**9, cost=1e9)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The Mali scenario."""
    minutes = count()
    recording = [True]

    def now() -> datetime:
        return LATER + timedelta(minutes=next(minutes) if recording else 100_000)

    with node_at(tmp_path_factory.mktemp("mali") / "views.db", now=now) as node:
        for path in (SCENARIO, AFTERWARDS):
            record(node.ledger, read_situation(path, Zones()), by="a desk")
        node.projector.catch_up()
        recording.clear()
        yield node


def context(node: Node) -> Context:
    return Context(node, ANYBODY, TARGETS)


def question(text: str, variables: dict[str, Any] | None = None) -> Question:
    return Question(text, variables or {}, None, None, b"application/json", by_url=False)


def execution(*, compiles: bool) -> Execution[Context]:
    limits = replace(LIMITS, compiles=compiles)
    return Execution(SCHEMA, Documents(SCHEMA, limits, PRICES), limits, cache_control, refusal_of)


@pytest.fixture(scope="module")
def values(node: Node) -> Values:
    """Values of arguments that the scenario knows, and some that it does not."""
    asked = """{
      control(location: "kidal", at: "2023-11-14") { basis { token } }
      situation(at: "2024-03-20") { basis { token } }
      events(first: 60) { nodes { id __typename } pageInfo { endCursor } }
      places: locations(first: 3) { pageInfo { endCursor } }
      reports(first: 3) { nodes { id slug } pageInfo { endCursor } }
    }"""
    answer = execution(compiles=False).answer(question(asked), context(node))
    told = orjson.loads(answer.body)["data"]
    events = [each["id"] for each in told["events"]["nodes"]]
    reports = [each["slug"] for each in told["reports"]["nodes"]]
    cursors = [told[each]["pageInfo"]["endCursor"] for each in ("events", "places", "reports")]
    places = ["kidal", "mali", "bourem", "minusma-camp-kidal", global_id("Location", "gao")]
    actors = ["fama", "csp", "wagner", "minusma", global_id("Actor", "mnla")]
    sources = ["united-nations", "csp-spokesman", global_id("Source", "world-press")]
    said = {"location": "kidal", "occurred": "2024-01", "report": reports[-1], "credibility": 3}
    days = ["2023-11-14", "2024-03-20", "2023-09-12T06:00:00Z", "2012-04-01", "2023-11-14+01:00"]
    known: dict[str, list[Any]] = {
        "location.id": places,
        "location": places,
        "within": ["mali", "kidal-region"],
        "actor.id": actors,
        "actor": actors,
        "source.id": sources,
        "sources": [sources, ["united-nations"], []],
        "excludeSources": [["csp-spokesman"], []],
        "report.id": reports,
        "event.id": events,
        "node.id": [*events[:3], global_id("Actor", "fama"), global_id("Location", "kidal"), "x"],
        "supposed.input": [
            {"statement": {"event": {"townSeized": {**said, "by": ["fama"]}}}},
            {"statement": {"event": {"townSeized": {**said, "by": ["nobody-known"]}}}},
        ],
        "answer.token": [told["control"]["basis"]["token"]],
        "situationOf.token": [told["situation"]["basis"]["token"]],
        "after": [None, *cursors],
        "before": [None, *cursors],
        "bbox": [[-20.0, 10.0, 5.0, 25.0]],
        "search": ["kidal", "camp", ""],
        "knownAt": ["2026-01-02", "2026-01-01T02:00:00Z"],
        "consistencyProof.from": [0],
        "consistencyProof.to": [0],
        "position": [60, 100, 150],
        "days": [400, 36_600],
        "first": [100, 3],
        "last": [1, 3],
        "ID": ["kidal"],
        "Moment": days,
        "DateTime": days,
        "When": days,
        "Date": days,
        "String": ["kidal", "Le « camp »", ""],
        "Int": [1, 3],
        "Float": [0.5, 16.0],
        "Boolean": [True, False],
        "Count": [1],
    }
    return {name: [*given * 5, *_WRONG.get(name, ())] for name, given in known.items()}


_WRONG: Values = {
    "location": ["nowhere"],
    "actor.id": ["nobody"],
    "excludeSources": [["hearsay", "x"]],
    "event.id": ["no-event"],
    "answer.token": ["no token"],
    "bbox": [[1.0]],
    "Moment": ["9999-01-01"],
    "position": [0, 10**6],
    "first": [0],
}
"""What is refused, in place of a value of the scenario."""


def without_ids(body: bytes) -> bytes:
    return re.sub(rb"Internal error [0-9a-f]+", b"Internal error", body)


def kinds_in(told: Any) -> Iterator[str]:
    """The names of types in an answer."""
    if isinstance(told, list):
        for each in told:
            yield from kinds_in(each)
    elif isinstance(told, dict):
        if isinstance(told.get("__typename"), str):
            yield told["__typename"]
        for each in told.values():
            yield from kinds_in(each)


def compared(
    node: Node, compiling: Execution[Context], plain: Execution[Context], asked: Question
) -> tuple[bool, Any]:
    """Whether the answer has no errors, and the answer, which is the same both ways.

    An answer without errors is a compiled one; one with errors is not.
    """
    theirs, ours = context(node), context(node)
    expected = plain.answer(asked, theirs)
    document = compiling.documents.prepare(asked.text)
    compiled = document.compiled[None]
    compiled.had_errors = False  # as other variables of the same document may have left it
    compiled.data(asked.variables, context(node))  # the first time
    compiled.had_errors = False
    data = compiled.data(asked.variables, ours)
    told = orjson.loads(expected.body)
    is_whole = "errors" not in told
    assert (data is not None) is is_whole
    if is_whole:
        assert orjson.dumps({"data": data}) == expected.body
        assert ours.closed == theirs.closed
    answer = compiling.answer(asked, context(node))
    assert without_ids(answer.body) == without_ids(expected.body)
    assert answer.cache_control == expected.cache_control
    return is_whole, told


def test_a_compiled_query_answers_as_graphql_core_does(node: Node, values: Values) -> None:
    """Every answer without errors is compiled, and every error is graphql-core's."""
    compiling, plain = execution(compiles=True), execution(compiles=False)
    counted = Counter[str]()

    @settings(
        max_examples=int(environ.get("HISTORIES", "150")),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(queries(SCHEMA._schema, values))
    def check(query: Query) -> None:
        try:
            compiling.documents.prepare(query.text)
        except InvalidDocument:
            counted["invalid"] += 1
            return
        is_whole, _ = compared(node, compiling, plain, question(query.text, query.variables))
        counted["compiled" if is_whole else "errors"] += 1

    check()
    assert counted["errors"] > 5 and counted["compiled"] > 50


def test_every_field_of_every_object_is_compiled(node: Node, values: Values) -> None:
    compiling, plain = execution(compiles=True), execution(compiles=False)
    paths, reached = paths_to(SCHEMA._schema), set[str]()
    texts = {every_field(SCHEMA._schema, values, path) for path in set(paths.values())}
    last = [each.replace("{ events(first: 100)", "{ events(last: 100)") for each in texts]
    for text in sorted({*texts, *last}):
        is_whole, told = compared(node, compiling, plain, question(text))
        assert is_whole, (text, told["errors"])
        reached.update(kinds_in(told))
    recorded = {
        type(each.event).__name__ for each in node.ledger.entries(0) if isinstance(each, Recorded)
    }
    assert recorded <= reached
    assert len(reached - recorded) > 30, "objects that are no events"


_OF_AN_ACTOR = "slug called: name kind"
_OF_A_WINDOW = "earliest latest precision latest"
_OF_CONTROL = f"""
    at status certain disputed corroboration held: status
    location {{ {_OF_AN_ACTOR} latitude longitude }}
    holders {{ {_OF_AN_ACTOR} }} contenders {{ {_OF_AN_ACTOR} }}
    since {{ {_OF_A_WINDOW} }} until {{ {_OF_A_WINDOW} }} lastHeard {{ {_OF_A_WINDOW} }}
    basis {{ position at rule }}"""
"""Every field that is told straight from the columns of a row."""
_FIELDS_OF_CONTROL = (
    "holders { name } status certain",
    "location { name } since { precision } disputed",
    _OF_CONTROL,
)


@pytest.mark.parametrize("fields", _FIELDS_OF_CONTROL)
def test_what_columns_tell_is_told_without_objects(
    node: Node, monkeypatch: pytest.MonkeyPatch, fields: str
) -> None:
    """And as graphql-core tells it, of every place on many days."""
    pinned = "at: $at, position: $position"
    text = f"""query ($place: ID!, $at: Moment!, $position: Int, $from: PerspectiveInput) {{
        control(location: $place, {pinned}, perspective: $from, inherit: true) {{ {fields} }}
        location(id: $place) {{ slug controlledBy({pinned}) {{ {fields} }} }}
        controlMap({pinned}, perspective: $from) {{ {fields} }}
    }}"""
    places = [each.location for each in node.answers.places.page(EVERYWHERE, known=NOW, size=99)[0]]
    days = [f"{year}-{month:02}-14" for year in (2012, 2022, 2023, 2024) for month in (4, 9, 11)]
    some = [None, {"excludeSources": ["csp-spokesman"]}, {"publishedBy": "2023-11-14T12:00:00Z"}]
    asked = [
        question(text, {"place": place, "at": day, "position": known, "from": whose})
        for place, (day, known), whose in zip(
            places * 12, product(days, (None, 40, 90)), some * 99, strict=False
        )
    ]
    plain, compiled = execution(compiles=False), execution(compiles=True)
    told = [plain.answer(each, context(node)).body for each in asked]
    for needless in (ActorObject, OccurredObject, BasisObject):
        monkeypatch.setattr(needless, "__init__", None)
    query = compiled.documents.prepare(text).compiled[None]
    query.data(asked[0].variables, context(node))
    statuses = set[bytes]()
    for each, expected in zip(asked, told, strict=True):
        data = query.data(each.variables, context(node))
        assert data is not None, (each, expected)
        assert orjson.dumps({"data": data}) == expected
        statuses.update(re.findall(rb'"status":"(\w+)"', expected))
    assert "status" not in fields or len(statuses) > 2, statuses


def test_other_fields_beside_those_of_columns_have_their_objects(node: Node) -> None:
    compiling, plain = execution(compiles=True), execution(compiles=False)
    fields = "holders { name aliases } since { day precision } basis { token __typename }"
    text = f'{{ control(location: "kidal", at: "2023-11-14") {{ {fields} }} }}'
    assert compared(node, compiling, plain, question(text))[0]


def test_a_document_is_compiled_when_it_comes_again(node: Node) -> None:
    compiling = execution(compiles=True)
    asked = question('{ control(location: "kidal", at: "2023-11-14") { status } }')
    compiled = compiling.documents.prepare(asked.text).compiled[None]
    assert compiled.data({}, context(node)) is None
    assert compiled.data({}, context(node)) == {"control": {"status": "HELD"}}


def test_a_question_with_an_error_is_worked_out_once_from_then_on(node: Node) -> None:
    """graphql-core answers it alone, until an answer has no error."""
    compiling = execution(compiles=True)
    text = 'query ($place: ID!) { control(location: $place, at: "2023-11-14") { status } }'
    compiled = compiling.documents.prepare(text).compiled[None]
    counted = Counted(node, ANYBODY, TARGETS)
    for place, asked in (("kidal", 1), ("nowhere", 2), ("nowhere", 1), ("kidal", 1), ("kidal", 1)):
        counted.asked = 0
        compiling.answer(question(text, {"place": place}), counted)
        assert counted.asked == asked
    assert not compiled.had_errors


class Counted(Context):
    """A context that counts the questions."""

    asked = 0

    def basis(self, *given: Any, **named: Any) -> Any:
        self.asked += 1
        return super().basis(*given, **named)


@pytest.mark.parametrize("compiles", [True, False])
def test_the_setting_says_whether_a_server_compiles(compiles: bool) -> None:
    given = {"TENURE_LEDGER": "memory:", "TENURE_COMPILED_PLANS": str(int(compiles))}
    app = create_app(Settings.of(given))
    ends = [getattr(each, "endpoint", None) for each in app.routes]
    (view,) = [each for each in ends if isinstance(each, GraphQLView)]
    assert bool(view.documents.prepare("{ ledger { position } }").compiled) is compiles


def test_a_document_is_freed_with_what_was_compiled(node: Node) -> None:
    """Without the cycle collector, which the server hardly ever runs."""
    compiling = execution(compiles=True)
    asked = question("{ events(first: 9) { nodes { id ... on TownSeized { by { name } } } } }")
    compiled = [weakref.ref(compiling.documents.prepare(asked.text).compiled[None])]
    for _ in range(3):
        compiling.answer(asked, context(node))
    gc.collect()
    gc.disable()
    try:
        compiling.documents.recent = Cache(number=1, weight=1)
        assert compiled[0]() is None
    finally:
        gc.enable()


def test_what_is_kept_compiled_of_a_document_is_bounded(node: Node) -> None:
    """However often other things are skipped; and a document of few letters and many fields is
    graphql-core's."""
    compiling, flags = execution(compiles=True), [f"f{number}" for number in range(6)]
    declared = ", ".join(f"${each}: Boolean!" for each in flags)
    skipped = " ".join(f"{each}: position @skip(if: ${each})" for each in flags)
    text = f"query ({declared}) {{ ledger {{ {skipped} }} }}"
    compiled = compiling.documents.prepare(text).compiled[None]
    compiled.data({}, context(node))
    for number in range(20):
        given = {each: bool(number >> place & 1) for place, each in enumerate(flags)}
        told = compiled.data(given, context(node))
        assert told is not None
        assert [*told["ledger"]] == [each for each in flags if not given[each]]
        assert len(compiled._choices) <= 4
    fields = " ".join(f"x{number}: id" for number in range(60))
    bomb = f"{{ events(first: 100) {{ nodes {{ ...F }} }} }} fragment F on Event {{ {fields} }}"
    compiled = compiling.documents.prepare(bomb).compiled[None]
    asked = [compiled.data({}, context(node)) for _ in range(2)]
    assert asked == [None, None]
    assert compiled.is_never_covered


def test_introspection_and_mutations_are_not_compiled() -> None:
    documents = execution(compiles=True).documents
    assert not documents.prepare("{ __schema { types { name } } }").compiled
    asked = (
        'mutation { retractEvent(input: {event: "x", report: "y", reason: "z"}) { __typename } }'
    )
    assert not documents.prepare(asked).compiled
