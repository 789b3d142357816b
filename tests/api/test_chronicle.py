"""What happened at a place and inside it, in the order in which it happened?"""

from typing import Any

import pytest

from tests.api.server import Server

CHRONICLE = """
query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $from: Moment,
       $to: Moment, $filter: EventFilter, $inside: Boolean = true, $perspective: PerspectiveInput) {
  location(id: $id) {
    chronicle(first: $first, after: $after, last: $last, before: $before, from: $from, to: $to,
              filter: $filter, inside: $inside, perspective: $perspective) {
      position nodes { position retracted }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
FIRST = 17
"""The position of the first event that is told."""


@pytest.fixture
def told(server: Server) -> Server:
    server.seized("fama", on="2023-11-14")
    server.seized("csp", on="2014-05-21")
    server.seen("minusma", on="2023-10", location="kidal-camp")
    server.seen("fama", on="2023-11-14", location="gao", report="un-1")
    return server


def chronicle(server: Server, location: str, **asked: Any) -> Any:
    return server.ask(CHRONICLE, id=location, **asked)["location"]["chronicle"]


def numbers(page: Any) -> list[int]:
    return [node["position"] - FIRST for node in page["nodes"]]


def test_it_reads_in_the_order_in_which_it_happened(told: Server) -> None:
    assert numbers(chronicle(told, "mali")) == [1, 2, 0, 3]
    assert numbers(chronicle(told, "kidal")) == [1, 2, 0]
    assert numbers(chronicle(told, "kidal", inside=False)) == [1, 0]


def test_it_may_be_asked_for_a_time_only(told: Server) -> None:
    assert numbers(chronicle(told, "mali", **{"from": "2023-10-15", "to": "2023-11-13"})) == [2]
    assert numbers(chronicle(told, "mali", **{"from": "2023-11-14"})) == [0, 3]
    assert numbers(chronicle(told, "mali", to="2014-05-21")) == [1]
    narrower = {"occurredFrom": "2023-11-14"}
    assert numbers(chronicle(told, "mali", **{"from": "2023-10-15"}, filter=narrower)) == [0, 3]


def test_it_may_be_filtered(told: Server) -> None:
    assert numbers(chronicle(told, "mali", filter={"actor": "fama"})) == [0, 3]
    assert numbers(chronicle(told, "mali", filter={"source": "un"})) == [3]


def test_what_was_taken_back_is_left_out_unless_it_is_asked_for(told: Server) -> None:
    query = '{ events(filter: {types: ["TownSeized"]}) { nodes { id } } }'
    seized = told.ask(query)["events"]["nodes"][0]["id"]
    told.tell("retractEvent", event=seized, reason="it was wrong", report="un-1")
    assert numbers(chronicle(told, "mali")) == [1, 2, 3]
    gone = chronicle(told, "mali", filter={"retracted": True})
    assert gone["nodes"] == [{"position": FIRST, "retracted": True}]


def test_a_late_report_neither_repeats_nor_skips_an_event(told: Server) -> None:
    found, after, head = [], None, told.head
    for number in range(4):
        page = chronicle(told, "mali", first=1, after=after)
        found += numbers(page)
        after = page["pageInfo"]["endCursor"]
        assert page["position"] == head
        assert page["pageInfo"]["hasNextPage"] is (number < 3)
        assert page["pageInfo"]["hasPreviousPage"] is (number > 0)
        told.seized("csp", on=f"201{number}")
        told.seized("fama", on=f"2023-11-16T0{number}Z")
    assert found == [1, 2, 0, 3]
    assert len(chronicle(told, "mali")["nodes"]) == 12


def test_it_is_read_backwards_from_the_end_of_a_time(told: Server) -> None:
    last = chronicle(told, "mali", last=2, to="2023-11-14")
    assert numbers(last) == [0, 3]
    assert last["pageInfo"]["hasPreviousPage"]
    told.seized("csp", on="2023-11-01")
    before = chronicle(told, "mali", last=5, before=last["pageInfo"]["startCursor"])
    assert numbers(before) == [1, 2]
    assert before["pageInfo"]["hasNextPage"]
    assert not before["pageInfo"]["hasPreviousPage"]
    refused = told.error(CHRONICLE, id="mali", first=1, last=1)
    assert refused == ("BadPage", "give first or last, not both")


def test_whose_word_counts_decides_what_it_tells(told: Server) -> None:
    without_un = {"excludeSources": ["un"]}
    assert numbers(chronicle(told, "mali", perspective=without_un)) == [1, 2, 0]
    assert numbers(chronicle(told, "mali", perspective={"sources": ["un"]})) == [3]
    last = chronicle(told, "mali", perspective=without_un, last=1)
    assert numbers(last) == [0]
    assert last["pageInfo"]["hasPreviousPage"]


def test_a_perspective_still_hears_what_a_word_that_it_leaves_out_took_back(told: Server) -> None:
    query = '{ events(filter: {types: ["TownSeized"]}) { nodes { id } } }'
    seized = told.ask(query)["events"]["nodes"][0]["id"]
    told.tell("retractEvent", event=seized, reason="it was wrong", report="un-1")
    assert numbers(chronicle(told, "mali")) == [1, 2, 3]
    assert numbers(chronicle(told, "mali", perspective={"excludeSources": ["un"]})) == [1, 2, 0]
    taken_back = chronicle(
        told, "mali", filter={"retracted": True}, perspective={"minCredibility": 2}
    )
    assert numbers(taken_back) == [0]


@pytest.mark.parametrize("cursor", ["MTc6MTc", "MTc6MTo6Mg", "MTc6MTotMjotMw", "MTc6MToyOsKy", "!"])
def test_a_cursor_that_nobody_gave_out_is_refused(server: Server, cursor: str) -> None:
    assert server.error(CHRONICLE, id="mali", after=cursor)[0] == "BadPage"
