"""The map that moves, asked in GraphQL."""

import pytest

from tests.api.server import Server

COLUMN = """query ($at: Moment!, $within: ID, $perspective: PerspectiveInput) {
  controlColumn(at: $at, within: $within, perspective: $perspective) {
    position at places ids numbers lastHeard
    looks { status holders certain disputed told besieged siegeCertain }
  }
}"""
DATES = """query ($span: ChangeSpan!, $within: ID) {
  changeDates(span: $span, within: $within) { at changes }
}"""
DAY = "2023-11-20"


@pytest.fixture
def war(server: Server) -> Server:
    server.seized("fama", on="2023-11-14")
    return server


def test_a_column_says_the_same_as_the_map_and_as_http(war: Server) -> None:
    column = war.ask(COLUMN, at=DAY)["controlColumn"]
    looks = dict(zip(column["ids"], (column["looks"][n] for n in column["numbers"]), strict=True))
    asked = "{ controlMap(at: %s) { location { slug } status certain holders { slug } } }"
    for each in war.ask(asked % f'"{DAY}"')["controlMap"]:
        look = looks.pop(each["location"]["slug"])
        assert (look["status"], look["certain"]) == (each["status"], each["certain"])
        assert look["holders"] == [holder["slug"] for holder in each["holders"]]
    assert looks == {}
    told = war.http.get("/map/column", params={"at": DAY}).json()
    assert (column["position"], column["numbers"]) == (told["position"], told["column"])
    assert column["places"] == told["places"]
    assert column["lastHeard"] == [None, "2023-11-14", None]


def test_a_column_is_narrowed_by_place_and_perspective(war: Server) -> None:
    assert war.ask(COLUMN, at=DAY, within="kidal")["controlColumn"]["ids"] == ["kidal-camp"]
    whose = {"excludeSources": ["rfi"]}
    column = war.ask(COLUMN, at=DAY, perspective=whose)["controlColumn"]
    assert {look["status"] for look in column["looks"]} == {"UNKNOWN"}


def test_the_dates_of_change_are_those_of_http(war: Server) -> None:
    span = {"from": "2023-11-01", "to": DAY}
    told = war.http.get("/map/dates", params=span).json()
    dates = war.ask(DATES, span=span)["changeDates"]
    assert [each["at"] for each in dates] == told["dates"] != []
    assert [each["changes"] for each in dates] == told["changes"]
    assert war.ask(DATES, span=span | {"unit": "YEAR"})["changeDates"][0]["at"] == "2023"
    assert war.ask(DATES, span=span, within="kidal")["changeDates"] == []


def test_a_span_that_ends_before_it_begins_is_refused(war: Server) -> None:
    code, message = war.error(DATES, span={"from": DAY, "to": "2023-11-01"})
    assert (code, message) == ("BadSpan", "'from' lies after 'to'")
