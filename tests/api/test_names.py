"""By which name does an answer call a place and an actor?"""

from collections.abc import Iterable
from typing import Any

import pytest

from projections.names import NamesView
from tests.api.server import Server

CONTROL = """
query ($at: Moment!, $position: Int) {
  control(location: "kidal", at: $at, position: $position) {
    location { name } holders { name names }
    evidence { location { name } actors { name } statement
               ... on TownSeized { by { name } } }
    explanation
  }
}
"""
NAMES = 'query ($at: Moment) { actor(id: "csp") { name names(at: $at) aliases } }'


def renamed(server: Server, name: str, on: str, report: str = "rfi-1") -> Any:
    common = {"actor": "csp", "report": report, "credibility": 2}
    return server.tell("recordActorRenamed", **common, name=name, occurred=on)


def place_renamed(server: Server, name: str, on: str) -> Any:
    common = {"location": "kidal", "report": "rfi-1", "credibility": 2}
    return server.tell("recordLocationRenamed", **common, name=name, occurred=on)


@pytest.fixture
def seized(server: Server) -> Server:
    """The CSP took Kidal on 21 May 2014, and both have taken other names since."""
    server.seized("csp", on="2014-05-21")
    renamed(server, "CSP-PSD", "2021-05-06")
    place_renamed(server, "Kidal-Ville", "2022")
    return server


def asked(server: Server, at: str, position: int | None = None) -> tuple[str, str]:
    """What place and holder are called in the answer for that moment."""
    found = server.ask(CONTROL, at=at, position=position)["control"]
    return found["location"]["name"], found["holders"][0]["name"]


def test_an_answer_calls_all_by_the_names_in_use_at_its_moment(seized: Server) -> None:
    assert asked(seized, "2021-05-05") == ("Kidal", "CSP")
    assert asked(seized, "2021-05-06") == ("Kidal", "CSP-PSD")
    assert asked(seized, "2023-01-01") == ("Kidal-Ville", "CSP-PSD")


def test_an_explanation_too_calls_all_by_the_names_of_that_moment(seized: Server) -> None:
    told = [seized.ask(CONTROL, at=at)["control"] for at in ("2015-01-01", "2023-01-01")]
    assert [each["explanation"].split(" at the close")[0] for each in told] == [
        "Kidal was held by CSP",
        "Kidal-Ville was held by CSP-PSD",
    ]


def test_an_event_calls_all_by_the_names_in_use_when_it_happened(seized: Server) -> None:
    (event,) = seized.ask(CONTROL, at="2023-01-01")["control"]["evidence"]
    assert event == {
        "location": {"name": "Kidal"},
        "actors": [{"name": "CSP"}],
        "statement": "CSP seized Kidal",
        "by": [{"name": "CSP"}],
    }


def test_a_renaming_is_told_with_the_name_before_it(seized: Server) -> None:
    query = """{ events(filter: {types: ["ActorRenamed", "LocationRenamed"]}) {
        nodes { statement actors { name } location { name } } } }"""
    first, second = seized.ask(query)["events"]["nodes"]
    assert first["statement"] == "CSP took the name CSP-PSD"
    assert first["actors"] == [{"name": "CSP"}]
    assert second["statement"] == "Kidal was renamed Kidal-Ville"
    assert second["location"] == {"name": "Kidal"}


def test_without_a_moment_the_last_name_that_is_known_is_given(seized: Server) -> None:
    query = '{ actor(id: "csp") { name } location(id: "kidal") { name within { name } } }'
    assert seized.ask(query) == {
        "actor": {"name": "CSP-PSD"},
        "location": {"name": "Kidal-Ville", "within": {"name": "Mali"}},
    }
    listed = seized.ask('{ actors(search: "csp") { nodes { name } } }')
    assert listed["actors"]["nodes"] == [{"name": "CSP-PSD"}]


def test_the_names_of_an_actor_are_asked_for_at_a_date(seized: Server) -> None:
    renamed(seized, "CSP-DPA", "2023-04")
    told = [
        seized.ask(NAMES, at=at)["actor"]["names"]
        for at in ("2014-05-21", "2023-03-31", "2023-04-15", "2023-04-30", None)
    ]
    assert told == [["CSP"], ["CSP-PSD"], ["CSP-PSD", "CSP-DPA"], ["CSP-DPA"], ["CSP-DPA"]]


def test_names_are_those_of_the_moment_of_the_answer_where_no_other_is_given(
    seized: Server,
) -> None:
    (holder,) = seized.ask(CONTROL, at="2015-01-01")["control"]["holders"]
    assert holder == {"name": "CSP", "names": ["CSP"]}


def test_nobody_is_asked_for_the_names_of_a_day_that_lies_ahead(seized: Server) -> None:
    assert seized.error(NAMES, at="2999-01-01")[0] == "InTheFuture"


def test_a_renaming_that_becomes_known_later_does_not_change_a_closed_answer(
    seized: Server,
) -> None:
    query = """{ control(location: "kidal", at: "2023-01-01", position: 19) {
        location { name names(at: "2023-01-02") chronicle { nodes { statement } } }
        holders { name names(at: "2023-01-02")
                  holdings(at: "2023-01-02") { location { name } } } explanation } }"""
    first = seized.get(query)
    assert "immutable" in first.headers["cache-control"]
    renamed(seized, "Another", "2022-12-31")
    place_renamed(seized, "Elsewhere", "2022-12-31")
    again = seized.get(query.replace(" explanation", "  explanation"))  # not the same bytes asked
    assert "Elsewhere" not in again.text
    assert "Another" not in again.text
    assert again.json() == first.json()
    assert asked(seized, "2023-01-01") == ("Elsewhere", "Another")


def test_a_renaming_that_was_taken_back_is_forgotten_and_the_past_keeps_it(seized: Server) -> None:
    event = renamed(seized, "CSP-DPA", "2022-12-31")
    seized.tell("retractEvent", event=event["id"], reason="too early", report="un-1")
    assert asked(seized, "2023-01-01")[1] == "CSP-PSD"
    assert asked(seized, "2023-01-01", position=event["position"])[1] == "CSP-DPA"


def test_a_question_inside_an_answer_knows_what_the_answer_knows(server: Server) -> None:
    server.seized("csp", on="2014-05-21")
    late = server.seized("fama", on="2023-11-14")["position"]
    query = """query ($position: Int) {
        control(location: "kidal", at: "2023-11-20", position: $position) {
          location { controlledBy(at: "2023-11-20") { basis { position } }
                     events { position } chronicle { position } }
          holders { holdings(at: "2023-11-20") { basis { position } location { slug } }
                    events { position nodes { position } } } } }"""
    told = server.ask(query, position=late - 1)["control"]
    assert told["location"] == {
        "controlledBy": {"basis": {"position": late - 1}},
        "events": {"position": late - 1},
        "chronicle": {"position": late - 1},
    }
    assert told["holders"] == [
        {
            "holdings": [{"basis": {"position": late - 1}, "location": {"slug": "kidal"}}],
            "events": {"position": late - 1, "nodes": [{"position": 13}, {"position": late - 1}]},
        }
    ]


def test_all_are_called_by_their_names_where_too_many_were_renamed_to_list_them(
    seized: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NamesView, "renamed", lambda view, kind: None)
    assert asked(seized, "2021-05-05") == ("Kidal", "CSP")
    assert asked(seized, "2023-01-01") == ("Kidal-Ville", "CSP-PSD")
    assert seized.ask('{ controlMap(at: "2023-01-01") { location { name } } }') == {
        "controlMap": [
            {"location": {"name": name}} for name in ("Gao", "Kidal-Ville", "Camp Kidal")
        ]
    }


def test_a_map_names_every_place_with_as_many_questions_as_one(
    seized: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, called = [], NamesView.called

    def counted(self: NamesView, kind: str, slugs: Iterable[str], **asked: Any) -> dict[str, str]:
        calls.append(kind)
        return called(self, kind, slugs, **asked)

    monkeypatch.setattr(NamesView, "called", counted)
    for each in ("kidal-camp", "gao"):
        common = {"location": each, "report": "rfi-1", "credibility": 2, "name": f"New {each}"}
        seized.tell("recordLocationRenamed", **common, occurred="2022-01-01")
    found = seized.ask('{ controlMap(at: "2023-01-01") { location { name } holders { name } } }')
    names = [each["location"]["name"] for each in found["controlMap"]]
    assert names == ["New gao", "Kidal-Ville", "New kidal-camp"]
    assert sorted(calls) == ["actor", "location"]
