"""Answers: are the counts for the cost of a question those of the views, and do they stay so?"""

import time
from collections.abc import Iterator

import pytest

from api.graphql.documents import Documents
from api.graphql.limits import Limits
from api.node import Node, open_node
from api.schema.contract import schema
from api.schema.prices import PRICES
from domain.occurred import Instant, parse_moment
from projections.statistics import Totals
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


def cost(node: Node, query: str) -> float:
    return DOCUMENTS.prepare(query).cost(None, node.answers.statistics, {})
