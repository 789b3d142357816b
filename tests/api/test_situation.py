"""Answers: what is the situation, and what changed our minds? Recorded and asked over HTTP."""

from typing import Any

import pytest

from tests.api.server import Server, slugs

SITUATION = """
query ($at: Moment!, $knownAt: Moment, $position: Int, $within: ID, $days: Int! = 30) {
  situation(at: $at, knownAt: $knownAt, position: $position, within: $within) {
    at within { slug }
    places { status count holders { slug } contenders { slug } places { location { slug } } }
    changes(days: $days) {
      location { slug } from { status holders { slug } } to { status holders { slug } }
      events { position } }
    stalledConvoys { slug owners { slug } location { slug } boundFor { slug } haltedBy { slug }
                     phase since { day } certain events { position } }
    convoys { slug phase }
    missions { mission { slug } location { slug } since { day } certain until { day }
               mandateEnded { position } events { position } }
    sieges { location { slug } besieger { slug } since { day } certain events { position } }
    alliances { parties { slug } since { day } events { position } }
    alignments { actor { slug } patron { slug } events { position } }
    displacement { people { low best high } treatment events { position }
                   overlapping { event { position } counted { position } }
                   stillOpen { position } }
    needs { location { slug } sector people { low best high } events { position } }
    reported(days: $days) { position }
    explanation
    basis { position rule token }
  }
}
"""
COMPARE = """
query ($from: MomentPair!, $to: MomentPair!, $within: ID) {
  compare(from: $from, to: $to, within: $within) {
    location { slug } from { status holders { slug } basis { position } }
    to { status holders { slug } } events { __typename position }
  }
}
"""
TOLD = {"location": "kidal", "report": "rfi-1", "credibility": 2}


def situation(server: Server, at: str, **more: Any) -> Any:
    return server.ask(SITUATION, at=at, **more)["situation"]


def say(server: Server, event: str, on: str, **more: Any) -> int:
    """Recorded; the position at which it stands."""
    told = TOLD | ({"report": server.later_report(on)} if on > "2023-11-16" else {})
    position: int = server.tell(f"record{event}", **(told | {"occurred": on} | more))["position"]
    return position


def political(server: Server, event: str, on: str, **more: Any) -> int:
    """The same for what is said of no one place."""
    report = server.later_report(on) if on > "2023-11-16" else "rfi-1"
    common = {"report": report, "credibility": 2, "occurred": on}
    position: int = server.tell(f"record{event}", **(common | more))["position"]
    return position


def test_places_stand_together_by_status_and_holder(server: Server) -> None:
    server.seized("fama", "wagner", on="2023-11-14")
    server.seen("fama", "wagner", on="2023-11-14", location="kidal-camp")
    server.seen("csp", on="2023-11-14", location="gao")
    places = situation(server, "2023-11-14")["places"]
    assert [(each["status"], slugs(each["holders"]), each["count"]) for each in places] == [
        ("HELD", ["fama", "wagner"], 2),
        ("HELD", ["csp"], 1),
    ]
    assert [each["location"]["slug"] for each in places[0]["places"]] == ["kidal", "kidal-camp"]


def test_a_place_whose_only_word_is_still_open_is_among_the_places(server: Server) -> None:
    server.seized("csp", on="2023-11")
    (place,) = situation(server, "2023-11-14")["places"]
    assert (place["status"], place["holders"], _places(place)) == (
        *("UNKNOWN", []),
        [{"slug": "kidal"}],
    )
    (place,) = situation(server, "2023-11-30")["places"]
    assert (place["status"], slugs(place["holders"])) == ("HELD", ["csp"])
    assert situation(server, "2023-10-31")["places"] == []


def test_a_region_of_which_a_source_says_who_holds_it_as_a_whole_is_among_the_places(
    server: Server,
) -> None:
    assert situation(server, "2023-11-14", within="mali")["places"] == []
    server.seen("csp", on="2023-11-14", location="mali")
    for asked in ({}, {"within": "mali"}):
        (place,) = situation(server, "2023-11-14", **asked)["places"]
        assert (place["status"], slugs(place["holders"]), _places(place)) == (
            *("HELD", ["csp"]),
            [{"slug": "mali"}],
        )


def test_what_changed_lately_names_the_events_behind_it(server: Server) -> None:
    before = server.seen("csp", on="2023-10-01")["position"]
    after = server.seized("fama", on="2023-11-14")["position"]
    server.seen("csp", on="2023-10-01", location="gao")
    (change,) = situation(server, "2023-11-14")["changes"]
    assert change["location"]["slug"] == "kidal"
    assert slugs(change["from"]["holders"]) == ["csp"]
    assert slugs(change["to"]["holders"]) == ["fama"]
    assert [each["position"] for each in change["events"]] == [before, after]
    assert situation(server, "2024-01-01")["changes"] == []
    assert len(situation(server, "2024-01-01", days=60)["changes"]) == 1


@pytest.mark.parametrize("days", [0, -1, 36_601])
def test_so_many_days_cannot_be_asked_for(server: Server, days: int) -> None:
    code, message = server.error(SITUATION, at="2023-11-14", days=days)
    assert (code, message) == ("BadDays", f"days are 1 to 36,600, not {days}")


def test_a_stalled_convoy_says_where_since_when_and_by_whom(server: Server) -> None:
    convoy = {"convoy": "column-1", "owners": ["fama", "wagner"]}
    say(server, "ConvoyDeparted", "2023-10-02", location="gao", boundFor="kidal", **convoy)
    stalled = say(server, "ConvoyStalled", "2023-10-05", haltedBy=["csp"], **convoy)
    say(server, "ConvoyArrived", "2023-10-09", **convoy)
    (shown,) = situation(server, "2023-10-05")["stalledConvoys"]
    assert shown == {
        "slug": "column-1",
        "owners": [{"slug": "fama"}, {"slug": "wagner"}],
        "location": {"slug": "kidal"},
        "boundFor": {"slug": "kidal"},
        "haltedBy": [{"slug": "csp"}],
        "phase": "STALLED",
        "since": {"day": "2023-10-05"},
        "certain": True,
        "events": [{"position": stalled}],
    }
    later = situation(server, "2023-10-09")
    assert later["stalledConvoys"] == []
    assert later["convoys"] == [{"slug": "column-1", "phase": "ARRIVED"}]


def test_a_mission_is_present_until_it_leaves_the_country(server: Server) -> None:
    deployed = say(server, "MissionDeployed", "2013-07-01", mission="minusma")
    ended = political(server, "MandateEnded", "2023-06-30", mission="minusma", locations=["mali"])
    say(server, "MissionWithdrawn", "2023-12-31", mission="minusma", location="mali")
    (mission,) = situation(server, "2023-11-14")["missions"]
    assert (mission["mission"]["slug"], mission["location"]["slug"]) == ("minusma", "kidal")
    assert (mission["since"]["day"], mission["until"], mission["certain"]) == (
        "2013-07-01",
        None,
        True,
    )
    assert mission["mandateEnded"] == [{"position": ended}]
    assert mission["events"] == [{"position": deployed}]
    assert situation(server, "2023-06-01")["missions"][0]["mandateEnded"] == []
    assert situation(server, "2024-01-01")["missions"] == []


def test_a_siege_lasts_until_it_is_lifted(server: Server) -> None:
    laid = say(server, "SiegeLaid", "2023-08-08", by=["csp"])
    say(server, "SiegeLifted", "2023-11-14")
    (siege,) = situation(server, "2023-11-13")["sieges"]
    assert siege == {
        "location": {"slug": "kidal"},
        "besieger": {"slug": "csp"},
        "since": {"day": "2023-08-08"},
        "certain": True,
        "events": [{"position": laid}],
    }
    assert situation(server, "2023-11-14")["sieges"] == []


def test_allies_and_patrons_are_those_of_the_moment(server: Server) -> None:
    formed = political(server, "AllianceFormed", "2021-12-01", parties=["fama", "wagner"])
    shifted = political(server, "AlignmentShifted", "2022-01-01", actor="fama", toPatron="wagner")
    political(server, "AllianceEnded", "2023-12-01", parties=["wagner", "fama"])
    now = situation(server, "2023-11-14")
    assert now["alliances"] == [
        {
            "parties": [{"slug": "fama"}, {"slug": "wagner"}],
            "since": {"day": "2021-12-01"},
            "events": [{"position": formed}],
        }
    ]
    assert now["alignments"] == [
        {
            "actor": {"slug": "fama"},
            "patron": {"slug": "wagner"},
            "events": [{"position": shifted}],
        }
    ]
    assert situation(server, "2023-12-01")["alliances"] == []


def test_three_allies_are_one_alliance_while_every_pair_of_them_stands(server: Server) -> None:
    political(server, "AllianceFormed", "2021-12-01", parties=["csp", "fama", "wagner"])
    political(server, "AllianceEnded", "2023-01-01", parties=["csp", "wagner"])
    assert [slugs(each["parties"]) for each in situation(server, "2022-01-01")["alliances"]] == [
        ["csp", "fama", "wagner"]
    ]
    assert [slugs(each["parties"]) for each in situation(server, "2023-01-01")["alliances"]] == [
        ["csp", "fama"],
        ["fama", "wagner"],
    ]


def test_reports_of_people_who_fled_are_summed_where_they_do_not_overlap(server: Server) -> None:
    whole = say(server, "PopulationDisplaced", "2023-11", location="mali", people={"low": 2000})
    town = say(
        server, "PopulationDisplaced", "2023-11-14", people={"low": 10, "best": 15, "high": 20}
    )
    other = say(server, "PopulationDisplaced", "2023-10-01", people={"best": 100})
    figure = situation(server, "2023-11-30")["displacement"]
    assert figure["people"] == {"low": 2000, "best": None, "high": None}
    assert figure["events"] == [{"position": whole}, {"position": other}]
    assert figure["overlapping"] == [{"event": {"position": town}, "counted": {"position": whole}}]
    assert "overlap" in figure["treatment"]
    during = situation(server, "2023-11-15")["displacement"]
    assert during["people"] == {"low": 10, "best": 115, "high": None}
    assert during["stillOpen"] == [{"position": whole}]
    assert situation(server, "2023-09-01")["displacement"]["people"] is None


def test_a_need_is_open_until_it_is_met(server: Server) -> None:
    first = say(server, "NeedReported", "2023-11-01", sector="HEALTH", people={"best": 500})
    say(server, "NeedReported", "2023-12-01", sector="HEALTH", people={"best": 0})
    aid = say(server, "NeedReported", "2023-11-05", location="mali")
    assert situation(server, "2023-11-14")["needs"] == [
        {
            "location": {"slug": "kidal"},
            "sector": "HEALTH",
            "people": {"low": None, "best": 500, "high": None},
            "events": [{"position": first}],
        },
        {
            "location": {"slug": "mali"},
            "sector": None,
            "people": None,
            "events": [{"position": aid}],
        },
    ]
    assert len(situation(server, "2023-12-01")["needs"]) == 1


def test_what_was_reported_of_late_comes_in_the_order_of_valid_time(server: Server) -> None:
    late = say(server, "ClashReported", "2023-11-12", sides=[["csp"], ["fama", "wagner"]])
    early = say(server, "ClashReported", "2023-11-01/2023-11-05", sides=[["csp"]], location="gao")
    say(server, "ClashReported", "2023-09-01", sides=[["csp"]])
    say(server, "ClashReported", "2023-11-15", sides=[["csp"]])
    reported = situation(server, "2023-11-14")["reported"]
    assert [each["position"] for each in reported] == [early, late]


def test_asked_within_a_place_it_tells_of_what_lies_there_or_concerns_it(server: Server) -> None:
    server.seen("csp", on="2023-11-01", location="gao")
    server.seen("csp", on="2023-11-01", location="kidal-camp")
    server.seen("fama", on="2023-11-01")
    say(server, "SiegeLaid", "2023-11-01", by=["csp"], location="gao")
    say(server, "MissionDeployed", "2013-07-01", mission="minusma", location="mali")
    political(
        server, "AllianceFormed", "2021-12-01", parties=["fama", "wagner"], locations=["mali"]
    )
    political(server, "AllianceFormed", "2021-12-02", parties=["csp", "minusma"], locations=["gao"])
    kidal = situation(server, "2023-11-14", within="kidal")
    assert kidal["within"] == {"slug": "kidal"}
    held = {slugs(g["holders"])[0]: slugs(_places(g)) for g in kidal["places"]}
    assert held == {"csp": ["kidal-camp"], "fama": ["kidal"]}
    assert kidal["sieges"] == []
    assert [each["location"]["slug"] for each in kidal["missions"]] == ["mali"]
    assert [slugs(each["parties"]) for each in kidal["alliances"]] == [["fama", "wagner"]]
    assert len(situation(server, "2023-11-14", within="mali")["alliances"]) == 2


def test_the_situation_as_known_then_stays_as_it_was(server: Server) -> None:
    laid = say(server, "SiegeLaid", "2023-08-08", by=["csp"])
    told = situation(server, "2023-11-14", position=laid)
    event = server.ask("{ events(last: 1) { nodes { id } } }")["events"]["nodes"][0]["id"]
    server.tell("retractEvent", event=event, reason="Nobody did.", report="un-1")
    assert situation(server, "2023-11-14")["sieges"] == []
    assert situation(server, "2023-11-14", position=laid) == told
    assert len(told["sieges"]) == 1


def test_a_closed_situation_may_be_kept_for_ever(server: Server) -> None:
    head = server.head
    closed = f'{{ situation(at: "2023-11-14", position: {head}) {{ basis {{ token }} }} }}'
    still_open = '{ situation(at: "2023-11-14") { basis { token } } }'
    assert "immutable" in server.get(closed).headers["cache-control"]
    assert "immutable" not in server.get(still_open).headers["cache-control"]
    assert server.get(closed).json() == server.get(still_open).json()


def test_the_explanation_lets_a_reader_check_each_claim(server: Server) -> None:
    server.seized("fama", on="2023-11-14", takenFrom=["csp"], passage="paragraph 3")
    say(server, "SiegeLaid", "2023-08-08", by=["csp"], location="gao")
    told = situation(server, "2023-11-14")["explanation"].splitlines()
    assert (
        told[0]
        == f"The situation, at the close of 2023-11-14 (UTC), as known at position {server.head}."
    )
    assert told[1].startswith("How many places: 1 place is held by FAMa. Of ")
    assert told[2].startswith("Who holds what: FAMa holds Kidal [1].")
    assert "Sieges: CSP besieges Gao, since 2023-08-08 [2]." in told
    notes = [line for line in told if line.startswith("[")]
    assert notes[0].startswith(
        "[1] FAMa seized Kidal from CSP on 2023-11-14. Radio France, B2, “Radio France says”, "
        "published on 2023-11-15, paragraph 3. Event "
    )


# ---- What changed our minds? -----------------------------------------------------------------


def test_two_dates_with_the_same_knowledge_are_compared(server: Server) -> None:
    server.seen("csp", on="2023-10-01")
    seized = server.seized("fama", on="2023-11-14", report="un-1")["position"]
    server.seen("csp", on="2023-10-01", location="gao")
    (found,) = server.ask(COMPARE, **{"from": {"at": "2023-11-01"}, "to": {"at": "2023-11-20"}})[
        "compare"
    ]
    assert found["location"]["slug"] == "kidal"
    assert (slugs(found["from"]["holders"]), slugs(found["to"]["holders"])) == (["csp"], ["fama"])
    assert found["events"] == [{"__typename": "TownSeized", "position": seized}]


def test_one_date_with_two_states_of_knowledge_tells_what_changed_our_minds(server: Server) -> None:
    seen = server.seen("csp", on="2023-10-01")
    before = server.head
    retracted = server.tell("retractEvent", event=seen["id"], reason="No.", report="un-1")[
        "position"
    ]
    gao = server.seen("fama", on="2023-10-01", location="gao")["position"]
    at = {"at": "2023-11-14"}
    first, second = server.ask(COMPARE, **{"from": at | {"position": before}, "to": at})["compare"]
    assert [first["location"]["slug"], second["location"]["slug"]] == ["gao", "kidal"]
    assert (first["from"]["status"], slugs(first["to"]["holders"])) == ("UNKNOWN", ["fama"])
    assert [each["position"] for each in first["events"]] == [gao]
    assert (slugs(second["from"]["holders"]), second["to"]["status"]) == (["csp"], "UNKNOWN")
    assert second["events"] == [
        {"__typename": "ControlReported", "position": seen["position"]},
        {"__typename": "EventRetracted", "position": retracted},
    ]


def test_one_date_is_compared_as_published_by_two_days(server: Server) -> None:
    server.seen("csp", on="2023-10-01")
    later = server.later_report("2023-12-01")
    seen = server.seen("fama", on="2023-11-02", report=later)["position"]
    at = {"at": "2023-11-20"}
    then = at | {"publishedBy": "2023-11-30"}
    (found,) = server.ask(COMPARE, **{"from": then, "to": at})["compare"]
    assert (slugs(found["from"]["holders"]), slugs(found["to"]["holders"])) == (["csp"], ["fama"])
    assert seen in [each["position"] for each in found["events"]]
    assert server.ask(COMPARE, **{"from": then, "to": then})["compare"] == []


def test_a_place_that_was_not_registered_then_is_a_difference_too(server: Server) -> None:
    before = server.head
    server.tell("registerLocation", location="ber", name="Ber", kind="TOWN", within="mali")
    server.seen("fama", on="2023-10-01", location="ber")
    at = {"at": "2023-11-14"}
    for one, other in ((at | {"position": before}, at), (at, at | {"position": before})):
        (found,) = server.ask(COMPARE, **{"from": one, "to": other})["compare"]
        assert found["location"]["slug"] == "ber"
        assert {found["from"]["status"], found["to"]["status"]} == {"UNKNOWN", "HELD"}


def test_situations_that_say_the_same_do_not_differ(server: Server) -> None:
    server.seen("csp", on="2023-10-01")
    server.seen("csp", on="2023-10-02", report="un-1")
    at = {"at": "2023-10-03"}
    assert server.ask(COMPARE, **{"from": {"at": "2023-10-01"}, "to": at})["compare"] == []


def _places(group: Any) -> list[Any]:
    return [each["location"] for each in group["places"]]
