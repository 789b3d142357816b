"""Answers: are the counts for the cost of a question those of the views, and do they stay so?"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.answers.situation import Situation
from api.graphql.documents import Documents
from api.graphql.limits import Limits
from api.node import Node, open_node
from api.schema.contract import schema
from api.schema.prices import PRICES
from domain.control.perspective import Perspective
from domain.occurred import Instant, parse_moment
from domain.situation.ties import TieKind
from infra.settings import Settings
from projections.statistics import Totals
from tests.benchmarks.data import Said, statements
from tests.wide_ledger import REGIONS, build

PLACES, WORDS, DEEP = 200, 100, 30
BEGINNING, END = parse_moment("2000-01-01"), parse_moment("2030-01-01")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    directory = tmp_path_factory.mktemp("narrow")
    with open_node(build(directory, places=PLACES, words=WORDS, deep=DEEP)) as opened:
        opened.answers.statistics.refresh()
        yield opened


def test_the_totals_are_those_of_the_views(node: Node) -> None:
    totals = node.answers.statistics.totals
    assert totals.places == PLACES + REGIONS + 1
    assert (totals.claims, totals.most_claims) == (WORDS + DEEP, DEEP)
    assert (totals.statements, totals.position) == (WORDS + DEEP, node.answers.head)


def test_places_are_counted_in_a_region_and_in_a_box(node: Node) -> None:
    statistics = node.answers.statistics
    assert statistics.places_inside("region-1") == PLACES // REGIONS
    assert statistics.places_inside("place-1") == 0
    assert statistics.places_in_box(-180, -90, 180, 90) == statistics.totals.places
    assert statistics.places_in_box(100, 10, 120, 20) == 0
    across = statistics.places_in_box(170, -90, -11.5, 90)
    assert 0 < across < statistics.totals.places


def test_statements_are_counted_by_day(node: Node) -> None:
    statistics = node.answers.statistics
    assert statistics.statements_between(None, BEGINNING, END) == WORDS + DEEP
    assert statistics.statements_between(None, END, Instant(END + 1)) == 0
    early = statistics.statements_between(None, BEGINNING, parse_moment("2016-01-01"))
    late = statistics.statements_between(None, parse_moment("2016-01-02"), END)
    assert early + late == WORDS + DEEP
    registered = 1
    assert statistics.statements_between("deep", BEGINNING, END) == DEEP + registered


def test_a_misspelt_name_costs_the_search_for_others(node: Node) -> None:
    statistics = node.answers.statistics
    assert statistics.names_beside("location", "deep") == 0
    assert statistics.names_beside("location", "deap") == statistics.totals.places
    assert statistics.names_beside("source", "nobody") == statistics.totals.sources


def test_totals_are_counted_again_once_the_views_have_grown() -> None:
    totals = Totals(position=100_000)
    assert not totals.grown_by(104_000)
    assert totals.grown_by(106_000)
    assert totals.grown_by(50_000), "the views were built anew"
    assert not Totals(position=10).grown_by(400)


@pytest.mark.parametrize(
    ("fewer", "more"),
    [
        ('controlMap(at: "2020-01-01", within: "region-1")', 'controlMap(at: "2020-01-01")'),
        (
            'controlMap(at: "2020-01-01", bbox: [-12, 10, -11.5, 11])',
            'controlMap(at: "2020-01-01")',
        ),
        (
            'controlMap(at: "2020-01-01")',
            'controlMap(at: "2020-01-01", perspective: { minCredibility: 3 })',
        ),
        (
            'revisions(location: "place-1", at: "2020-01-01")',
            'revisions(location: "deep", at: "2020-01-01")',
        ),
    ],
)
def test_the_cost_follows_from_what_there_is(node: Node, fewer: str, more: str) -> None:
    field = "position" if "revisions" in fewer else "status"
    assert cost(node, f"{{ {fewer} {{ {field} }} }}") < cost(node, f"{{ {more} {{ {field} }} }}")


SWEPT = 'controlledBy(at: "2020-01-01", perspective: {}) { status }'
HELD = 'holdings(at: "2020-01-01", perspective: {}) { status }'


@pytest.mark.parametrize(
    ("around", "asked"),
    [
        ('actor(id: "actor-1") { events(first: 1) { nodes { locations { %s } } } }', SWEPT),
        ('event(id: "place-1") { locations { %s } }', SWEPT),
        ('location(id: "place-1") { within { %s } }', SWEPT),
        ("events(first: 1000) { nodes { locations { %s } } }", SWEPT),
        ('location(id: "place-1") { events(first: 1) { nodes { actors { %s } } } }', HELD),
        ("actors(first: 1) { nodes { %s } }", HELD),
    ],
)
def test_an_id_further_out_is_of_another_thing(node: Node, around: str, asked: str) -> None:
    named = {SWEPT: 'location(id: "deep")', HELD: 'actor(id: "actor-1")'}[asked]
    alone = cost(node, f"{{ {named} {{ {asked} }} }}")
    assert cost(node, f"{{ {around % asked} }}") >= alone > Limits().inline


def test_a_question_by_a_token_costs_what_the_question_costs(node: Node) -> None:
    answers = node.answers
    whose = Perspective(min_credibility=3)
    basis = answers.basis(parse_moment("2020-01-01"), perspective=whose)
    token = answers.control("deep", basis).token
    found = cost(node, "query($t: String!) { answer(token: $t) { status } }", t=token)
    assert found == cost(
        node,
        '{ control(location: "deep", at: "2020-01-01", perspective: { minCredibility: 3 })'
        " { status } }",
    )


def test_a_situation_by_a_token_costs_what_the_situation_costs(node: Node) -> None:
    basis = node.answers.basis(parse_moment("2020-01-01"))
    token = Situation(node.answers, basis).token
    fields = "{ reported(days: 3000) { statement } }"
    found = cost(node, f"query($t: String!) {{ situationOf(token: $t) {fields} }}", t=token)
    assert found >= cost(node, f'{{ situation(at: "2020-01-01") {fields} }}') > Limits().inline


def test_a_page_is_as_long_as_its_own_field_says(node: Node) -> None:
    inner = "nodes { chronicle { nodes { statement } } }"
    assert cost(node, f"{{ locations(first: 1) {{ {inner} }} }}") > 10
    asked = "query($n: Int) { events(first: $n) { nodes { statement } } }"
    assert cost(node, asked, n=1000.0) == cost(node, asked, n=1000)


def test_a_slug_of_digits_may_be_written_as_a_number(node: Node) -> None:
    asked = 'query($id: ID!) { control(location: $id, at: "2020-01-01") { status } }'
    assert cost(node, asked, id=7) == cost(node, asked, id="7")


def test_a_long_text_to_search_for_is_not_read_on_the_event_loop(node: Node) -> None:
    for field in ("locations(search: $s)", "actors(search: $s)", "events(filter: { text: $s })"):
        asked = f"query($s: String) {{ {field} {{ nodes {{ id }} }} }}"
        assert cost(node, asked, s="a* " * 10_000) > Limits().inline


def test_ties_members_and_convoys_are_counted(tmp_path: Path) -> None:
    settings = Settings(ledger=f"sqlite:///{tmp_path / 'l.db'}", views=tmp_path / "v.db")
    with open_node(settings) as node:
        node.ledger.record(list(statements(_coalition(60))), by="builder")
        node.projector.catch_up()
        totals = node.answers.statistics.refresh()
        assert (totals.members, totals.most_tied, totals.told) == (60, 60, 60)
        assert totals.tied[TieKind.MEMBER_OF] == 60
        for field in (
            "events(first: 1, members: true) { nodes { id } }",
            'missions(at: "2021-01-01", members: true) { certain }',
            'holdings(at: "2021-01-01", members: true) { status }',
            "lineage { members { certain } }",
            'convoys(at: "2021-01-01") { events { id } }',
        ):
            assert cost(node, f'{{ actor(id: "co") {{ {field} }} }}') > Limits().inline, field


def _coalition(members: int) -> Iterator[Said]:
    yield {"type": "SourceRegistered", "source": "s", "name": "S", "reliability": "A"}
    yield {"type": "ReportFiled", "report": "r", "source": "s", "published": "2023-06-01"} | {
        "title": "A report"
    }
    yield {"type": "LocationRegistered", "location": "town", "name": "Town", "kind": "town"}
    yield {"type": "ActorRegistered", "actor": "co", "name": "Co", "kind": "coalition"}
    said = {"report": "r", "credibility": 1}
    for number in range(members):
        actor, day = f"a-{number}", f"2020-0{1 + number // 20}-{1 + number % 20:02}"
        yield {"type": "ActorRegistered", "actor": actor, "name": actor, "kind": "armed-group"}
        yield (
            said
            | {"type": "CoalitionJoined", "members": [actor], "coalition": "co"}
            | {"occurred": day}
        )
        yield (
            said
            | {"type": "ConvoyStalled", "convoy": "c", "owners": ["co"]}
            | {
                "location": "town",
                "occurred": day,
            }
        )


def test_a_usual_document_is_reckoned_within_a_millisecond(node: Node) -> None:
    document = DOCUMENTS.prepare(USUAL)
    statistics, variables = node.answers.statistics, {"at": "2020-01-01"}
    times = []
    for _ in range(50):
        began = time.thread_time()
        document.cost(None, statistics, variables)
        times.append(time.thread_time() - began)
    assert min(times) < 0.001


DOCUMENTS = Documents(schema(), Limits(), PRICES)
USUAL = """query ($at: Moment!) { control(location: "place-1", at: $at) {
    status holders { slug name } evidence { position report { slug source { slug } } }
    rivals { status evidence { position } } explanation basis { token } } }"""


def cost(node: Node, query: str, **variables: object) -> float:
    return DOCUMENTS.prepare(query).cost(None, node.answers.statistics, variables)
