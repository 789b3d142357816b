"""Who is at this place, around it, and whose hands are one? Recorded and asked over HTTP."""

from typing import Any

import pytest

from tests.api.server import CONTROL, Server, slugs

PRESENT = """
query ($id: ID!, $at: Moment!, $position: Int) {
  location(id: $id) {
    sieges(at: $at, position: $position) {
      besieger { slug name } location { slug } since { day } certain events { position }
    }
    missions(at: $at, position: $position) {
      mission { slug } location { slug } since { day } until { day } certain
      mandateEnded { position }
    }
  }
}
"""
WHY = """
query ($location: ID!, $at: Moment!, $position: Int) {
  control(location: $location, at: $at, position: $position) {
    status disputed corroboration holders { slug } rivals { holders { slug } }
    lineage { __typename position statement } explanation
  }
}
"""


def say(server: Server, event: str, on: str, **more: Any) -> Any:
    """The event, now that it is recorded."""
    common = {"report": "rfi-1", "credibility": 2, "occurred": on}
    return server.tell(f"record{event}", **(common | more))


def present(server: Server, place: str, at: str, **more: Any) -> Any:
    return server.ask(PRESENT, id=place, at=at, **more)["location"]


def why(server: Server, at: str, **more: Any) -> Any:
    return server.ask(WHY, location="kidal", at=at, **more)["control"]


# ---- sieges and missions ---------------------------------------------------------------------


def test_a_place_is_besieged_until_the_siege_is_lifted(server: Server) -> None:
    laid = say(server, "SiegeLaid", "2023-08", location="kidal", by=["csp", "wagner"])["position"]
    say(server, "SiegeLifted", "2023-10-01", location="kidal", by=["csp"])
    (csp, wagner) = present(server, "kidal", "2023-08-31")["sieges"]
    assert csp == {
        "besieger": {"slug": "csp", "name": "CSP"},
        "location": {"slug": "kidal"},
        "since": {"day": None},
        "certain": True,
        "events": [{"position": laid}],
    }
    assert wagner["besieger"]["slug"] == "wagner"
    assert [each["certain"] for each in present(server, "kidal", "2023-08-15")["sieges"]] == [
        *(False, False)
    ]
    left = present(server, "kidal", "2023-10-01")["sieges"]
    assert [each["besieger"]["slug"] for each in left] == ["wagner"]
    assert len(present(server, "kidal", "2023-10-01", position=laid)["sieges"]) == 2
    assert present(server, "kidal", "2023-07-31")["sieges"] == []
    assert present(server, "gao", "2023-08-31")["sieges"] == []


def test_a_besieger_has_its_name_of_that_moment(server: Server) -> None:
    say(server, "SiegeLaid", "2023-08-08", location="kidal", by=["csp"])
    say(server, "ActorRenamed", "2023-09-01", actor="csp", name="CSP-DPA")
    moments = ("2023-08-31", "2023-09-01")
    found = [present(server, "kidal", at)["sieges"][0]["besieger"]["name"] for at in moments]
    assert found == ["CSP", "CSP-DPA"]


def test_missions_are_those_of_the_place_what_lies_in_it_and_what_is_around_it(
    server: Server,
) -> None:
    say(server, "MissionDeployed", "2013-07-01", mission="minusma", location="kidal-camp")
    say(server, "MissionDeployed", "2021-12-01", mission="wagner", location="mali")
    ended = say(server, "MandateEnded", "2023-06-30", mission="minusma")["position"]
    say(server, "MissionWithdrawn", "2023-10-31", mission="minusma", location="kidal-camp")

    def there(place: str, at: str) -> list[tuple[str, str]]:
        found = present(server, place, at)["missions"]
        return [(each["mission"]["slug"], each["location"]["slug"]) for each in found]

    un, corps = ("minusma", "kidal-camp"), ("wagner", "mali")
    for place in ("mali", "kidal", "kidal-camp"):
        assert there(place, "2023-10-30") == [un, corps]
    assert there("gao", "2023-10-30") == [corps]
    assert there("kidal", "2021-11-30") == [un]
    assert there("kidal", "2023-10-31") == [corps]
    (mission, _) = present(server, "kidal", "2023-10-30")["missions"]
    assert (mission["since"], mission["until"]) == ({"day": "2013-07-01"}, None)
    assert mission["mandateEnded"] == [{"position": ended}]


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"at": "2999-01-01"}, "InTheFuture"), ({"at": "2023", "position": 1}, "NotATime")],
)
def test_what_nobody_can_know_or_read_is_refused(server: Server, asked: Any, code: str) -> None:
    answer = server.post(PRESENT, id="kidal", **asked).json()
    assert {each["extensions"]["code"] for each in answer["errors"]} == {code}


# ---- whose hands are one ---------------------------------------------------------------------


@pytest.fixture
def two_words(server: Server) -> Server:
    """One source says that the CSP hold Kidal, another names the FLA."""
    server.tell("registerActor", actor="fla", name="FLA", kind="ARMED_GROUP")
    server.seen("csp", on="2023-01-01")
    server.seen("fla", on="2023-01-01", report="csp-comms-1")
    return server


def test_a_coalition_agrees_with_its_member_and_the_answer_says_why(two_words: Server) -> None:
    before = why(two_words, "2023-01-01")
    assert (before["disputed"], before["lineage"]) == (True, [])
    joined = say(two_words, "CoalitionJoined", "2022-01-01", members=["fla"], coalition="csp")
    told = why(two_words, "2023-01-01")
    assert (told["status"], told["disputed"], told["corroboration"]) == ("HELD", False, 2)
    assert slugs(told["holders"]) == ["csp"]  # as the member is part of the coalition
    assert told["lineage"] == [
        {
            "__typename": "CoalitionJoined",
            "position": joined["position"],
            "statement": "FLA joined CSP",
        }
    ]
    assert "FLA joined CSP" in told["explanation"]
    assert why(two_words, "2023-01-01", position=two_words.head - 1) == before


def test_an_answer_stays_word_for_word_when_a_merger_becomes_known_later(two_words: Server) -> None:
    position = two_words.head
    asked = {"location": "kidal", "at": "2023-11-13", "position": position}
    first = two_words.post(CONTROL, **asked)
    merged = say(two_words, "ActorMerged", "2023-06-01", merged=["csp"], into="fla")
    assert two_words.post(f"{CONTROL} ", **asked).content == first.content
    told = why(two_words, "2023-11-13")
    assert (slugs(told["holders"]), told["disputed"]) == (["fla"], False)
    assert [each["position"] for each in told["lineage"]] == [merged["position"]]
    assert "CSP merged into FLA" in told["explanation"]
    assert why(two_words, "2023-05-31")["disputed"]  # before they became one
    two_words.tell("retractEvent", event=merged["id"], reason="No.", report="un-1")
    assert two_words.control("kidal", "2023-11-13")["disputed"]
    assert why(two_words, "2023-11-13", position=position + 1) == told


# ---- questions inside an answer --------------------------------------------------------------

NESTED = """{
  control(location: "kidal", at: "2023-11-13", position: %d) {
    location { sieges(at: "2023-11-13") { besieger { name } }
               missions(at: "2023-11-13") { mission { slug } } }
    holders {
      allies(at: "2023-11-13") { name patrons(at: "2023-11-13") { slug } }
      missions { location { slug } until { day } }
      convoys(at: "2023-11-13") { slug phase }
      lineage { identity { slug } members { actor { slug } } successors { actor { slug } } }
      events(members: true) { position nodes { position } }
    }
  }
}"""


def test_questions_inside_a_closed_answer_know_what_it_knows_and_may_be_kept(
    server: Server,
) -> None:
    server.seen("csp", on="2023-01-01")
    say(server, "SiegeLaid", "2023-08-08", location="kidal", by=["wagner"])
    say(server, "MissionDeployed", "2013-07-01", mission="csp", location="kidal")
    say(server, "AllianceFormed", "2021-12-01", parties=["csp", "minusma"])
    query = NESTED % server.head
    first = server.get(query)
    assert "immutable" in first.headers["cache-control"]
    (holder,) = first.json()["data"]["control"]["holders"]
    assert holder["allies"] == [{"name": "MINUSMA", "patrons": []}]
    assert holder["missions"] == [{"location": {"slug": "kidal"}, "until": None}]
    assert holder["lineage"] == {"identity": {"slug": "csp"}, "members": [], "successors": []}
    say(server, "SiegeLifted", "2023-09-01", location="kidal")
    say(server, "MissionWithdrawn", "2023-09-01", location="kidal", mission="csp")
    say(server, "AllianceEnded", "2023-01-01", parties=["csp", "minusma"])
    say(server, "ActorRenamed", "2023-01-01", actor="minusma", name="Another")
    say(server, "AlignmentShifted", "2023-01-01", actor="minusma", toPatron="fama")
    say(server, "CoalitionJoined", "2023-01-01", members=["fama"], coalition="csp")
    say(server, "ActorMerged", "2023-01-01", merged=["csp"], into="wagner")
    column = {"convoy": "column-1", "owners": ["csp"], "location": "gao"}
    say(server, "ConvoyDeparted", "2023-11-13", **column)
    again = server.get(query.replace("control(", " control("))  # not the same bytes asked
    assert again.json() == first.json()


def test_questions_inside_an_open_answer_are_open_too(server: Server) -> None:
    server.seen("csp", on="2023-01-01")
    query = (NESTED % server.head).replace(f", position: {server.head}", "")
    assert "immutable" not in server.get(query).headers.get("cache-control", "")
