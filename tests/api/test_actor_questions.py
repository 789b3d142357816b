"""Who is this actor at a date, whose is it, and what does it do? Recorded and asked over HTTP."""

from typing import Any

import pytest

from tests.api.server import Server, slugs

LINEAGE = """
query ($id: ID!, $at: Moment, $position: Int) {
  actor(id: $id) {
    lineage(at: $at, position: $position) {
      identity { slug }
      predecessors { ...Kin } successors { ...Kin } parents { ...Kin } affiliates { ...Kin }
      coalitions { ...Kin } members { ...Kin }
    }
  }
}
fragment Kin on Kin { actor { slug } since { day } certain events { position } }
"""
TIED = """
query ($id: ID!, $at: Moment!, $position: Int) {
  actor(id: $id) {
    allies(at: $at, position: $position) { slug name }
    patrons(at: $at, position: $position) { slug name }
  }
}
"""
MISSIONS = """
query ($id: ID!, $at: Moment, $position: Int, $members: Boolean = false) {
  actor(id: $id) {
    missions(at: $at, position: $position, members: $members) {
      mission { slug } location { slug } since { day } until { day } certain events { position }
    }
  }
}
"""
CONVOYS = """
query ($id: ID!, $at: Moment!, $position: Int, $members: Boolean = false) {
  actor(id: $id) {
    convoys(at: $at, position: $position, members: $members) {
      slug phase owners { slug } location { slug } boundFor { slug } haltedBy { slug }
      since { day } certain events { position }
    }
  }
}
"""
HOLDINGS = """
query ($id: ID!, $at: Moment!, $position: Int, $members: Boolean = false) {
  actor(id: $id) {
    holdings(at: $at, position: $position, members: $members) {
      location { slug } holders { slug }
    }
  }
}
"""
EVENTS = """
query ($id: ID!, $first: Int, $after: String, $filter: EventFilter, $members: Boolean = true) {
  actor(id: $id) {
    events(first: $first, after: $after, filter: $filter, members: $members) {
      position nodes { position } pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }
}
"""


def say(server: Server, event: str, on: str, **more: Any) -> Any:
    """The event, now that it is recorded."""
    report = server.later_report(on) if on > "2023-11-16" else "rfi-1"
    common = {"report": report, "credibility": 2, "occurred": on}
    return server.tell(f"record{event}", **(common | more))


def take_back(server: Server, event: Any, command: str = "retractEvent") -> int:
    position: int = server.tell(command, event=event["id"], reason="So we hear.", report="un-1")[
        "position"
    ]
    return position


@pytest.fixture
def family(server: Server) -> Server:
    """The MNLA joins the CMA, and that the CSP; there is an actor that they may become."""
    for actor, kind in (("mnla", "ARMED_GROUP"), ("cma", "COALITION"), ("fla", "ARMED_GROUP")):
        server.tell("registerActor", actor=actor, name=actor.upper(), kind=kind)
    say(server, "CoalitionJoined", "2014-06-01", members=["mnla"], coalition="cma")
    say(server, "CoalitionJoined", "2021-05-06", members=["cma"], coalition="csp")
    return server


def about(server: Server, query: str, actor: str, **asked: Any) -> Any:
    return server.ask(query, id=actor, **asked)["actor"]


def kin(server: Server, actor: str, which: str, **asked: Any) -> list[str]:
    found = about(server, LINEAGE, actor, **asked)["lineage"][which]
    return [each["actor"]["slug"] for each in found]


def identity(server: Server, actor: str, **asked: Any) -> str:
    slug: str = about(server, LINEAGE, actor, **asked)["lineage"]["identity"]["slug"]
    return slug


# ---- lineage ---------------------------------------------------------------------------------


def test_membership_is_told_from_both_ends_since_when_and_by_which_event(family: Server) -> None:
    position = family.head - 1
    told = {"since": {"day": "2014-06-01"}, "certain": True, "events": [{"position": position}]}
    below, above = (about(family, LINEAGE, it)["lineage"] for it in ("mnla", "cma"))
    assert below["coalitions"] == [{"actor": {"slug": "cma"}, **told}]
    assert above["members"] == [{"actor": {"slug": "mnla"}, **told}]
    assert [each["actor"]["slug"] for each in above["coalitions"]] == ["csp"]
    assert kin(family, "csp", "members") == ["cma"]  # its own ones, not theirs


def test_lineage_is_that_of_the_moment(family: Server) -> None:
    say(family, "CoalitionLeft", "2022-01", members=["cma"], coalition="csp")
    assert kin(family, "csp", "members", at="2021-05-05") == []
    assert kin(family, "csp", "members", at="2021-05-06") == ["cma"]
    (leaving,) = about(family, LINEAGE, "csp", at="2022-01-15")["lineage"]["members"]
    assert (leaving["actor"]["slug"], leaving["certain"]) == ("cma", False)
    assert kin(family, "csp", "members", at="2022-01-31") == []
    assert kin(family, "csp", "members") == []


def test_merged_actors_are_the_one_that_they_became_from_then_on(family: Server) -> None:
    say(family, "ActorMerged", "2024-11-30", merged=["csp", "cma"], into="fla")
    assert identity(family, "csp", at="2024-11-29") == "csp"
    assert identity(family, "csp", at="2024-11-30") == identity(family, "csp") == "fla"
    assert identity(family, "fla") == "fla"
    assert kin(family, "fla", "predecessors") == ["cma", "csp"]
    assert kin(family, "fla", "predecessors", at="2024-11-29") == []
    assert kin(family, "csp", "successors") == ["fla"]


def test_factions_and_heirs_are_successors_and_know_their_predecessor(family: Server) -> None:
    say(family, "ActorSplit", "2016-09-01", actor="mnla", into=["fla"])
    say(family, "ActorDissolved", "2024-05-01", actor="wagner", succeededBy=["fama"])
    assert kin(family, "mnla", "successors") == ["fla"]
    assert kin(family, "fla", "predecessors") == ["mnla"]
    assert identity(family, "fla") == "fla"  # it came out of the other, and is not the same
    assert kin(family, "wagner", "successors", at="2024-05-01") == ["fama"]
    assert kin(family, "fama", "predecessors", at="2024-04-30") == []


def test_an_affiliate_has_a_parent_until_that_ends(family: Server) -> None:
    say(family, "AffiliationDeclared", "2017-03-02", actor="fla", parent="csp")
    say(family, "AffiliationEnded", "2020-01-01", actor="fla", parent="csp")
    assert kin(family, "fla", "parents", at="2019-12-31") == ["csp"]
    assert kin(family, "csp", "affiliates", at="2019-12-31") == ["fla"]
    assert kin(family, "fla", "parents", at="2020-01-01") == []
    assert kin(family, "csp", "members", at="2019-12-31") == []


def test_lineage_is_taken_back_and_stands_again_like_any_other_word(family: Server) -> None:
    merged = say(family, "ActorMerged", "2023-10-30", merged=["csp"], into="fla")
    assert take_back(family, merged) == merged["position"] + 1
    assert identity(family, "csp") == "csp"
    assert kin(family, "csp", "successors") == []
    again = take_back(family, merged, "reinstateEvent")
    assert identity(family, "csp") == "fla"
    # What was known in between has not been rewritten.
    known = {position: identity(family, "csp", position=position) for position in range(19, again)}
    assert known == {19: "csp", 20: "csp", 21: "csp", 22: "fla", 23: "csp"}
    assert kin(family, "csp", "members", position=20) == []


# ---- allies and patrons ----------------------------------------------------------------------


def test_allies_are_those_of_the_moment_by_their_names_of_it(server: Server) -> None:
    formed = say(server, "AllianceFormed", "2021-12-01", parties=["fama", "wagner"])
    say(server, "ActorRenamed", "2023-01-01", actor="wagner", name="Africa Corps")
    say(server, "AllianceEnded", "2024-01-01", parties=["wagner", "fama"])
    wagner, corps = {"slug": "wagner", "name": "Wagner"}, {"slug": "wagner", "name": "Africa Corps"}
    asked = ("2021-11-30", "2021-12-01", "2023-01-01", "2024-01-01")
    told = [about(server, TIED, "fama", at=at)["allies"] for at in asked]
    assert told == [[], [wagner], [corps], []]
    assert slugs(about(server, TIED, "wagner", at="2022-01-01")["allies"]) == ["fama"]
    before = about(server, TIED, "fama", at="2024-01-01", position=formed["position"])
    assert before["allies"] == [wagner]


def test_a_patron_is_one_until_the_actor_turns_away(server: Server) -> None:
    say(server, "AlignmentShifted", "2013-01-11", actor="fama", toPatron="minusma")
    turned = say(
        server, "AlignmentShifted", "2022", actor="fama", fromPatron="minusma", toPatron="wagner"
    )
    moments = ("2021-12-31", "2022-06-30", "2022-12-31")
    told = [slugs(about(server, TIED, "fama", at=at)["patrons"]) for at in moments]
    assert told == [["minusma"], ["minusma"], ["wagner"]]
    assert about(server, TIED, "wagner", at="2023-01-01")["patrons"] == []
    take_back(server, turned)
    assert slugs(about(server, TIED, "fama", at="2023-01-01")["patrons"]) == ["minusma"]


# ---- missions --------------------------------------------------------------------------------


def missions(server: Server, actor: str, **asked: Any) -> list[tuple[Any, ...]]:
    """Where, since when, until when, and whether that is certain."""
    return [
        (
            each["location"]["slug"],
            *(it and it["day"] for it in (each["since"], each["until"])),
            each["certain"],
        )
        for each in about(server, MISSIONS, actor, **asked)["missions"]
    ]


@pytest.fixture
def deployed(server: Server) -> Server:
    say(server, "MissionDeployed", "2013-07-01", mission="minusma", location="kidal-camp")
    say(server, "MissionDeployed", "2014-01-01", mission="minusma", location="gao")
    say(server, "MissionWithdrawn", "2023-10-31", mission="minusma", location="kidal-camp")
    return server


def test_missions_are_told_from_their_beginning_to_their_end(deployed: Server) -> None:
    assert missions(deployed, "minusma") == [
        ("gao", "2014-01-01", None, True),
        ("kidal-camp", "2013-07-01", "2023-10-31", True),
    ]
    (shown, ended) = about(deployed, MISSIONS, "minusma")["missions"]
    assert shown["mission"] == {"slug": "minusma"}
    assert ended["events"] == [{"position": 17}, {"position": 19}]


def test_by_an_earlier_moment_a_mission_has_not_ended_or_not_begun(deployed: Server) -> None:
    assert missions(deployed, "minusma", at="2013-12-31") == [
        ("kidal-camp", "2013-07-01", None, True)
    ]
    assert missions(deployed, "minusma", at="2023-10-31T12:00:00Z")[1] == (
        *("kidal-camp", "2013-07-01", "2023-10-31"),
        False,
    )
    assert len(missions(deployed, "minusma", position=17)) == 1


def test_who_leaves_the_country_has_left_its_towns(deployed: Server) -> None:
    say(deployed, "MissionWithdrawn", "2023-12-31", mission="minusma", location="mali")
    assert missions(deployed, "minusma", at="2023-12-31") == [
        ("gao", "2014-01-01", "2023-12-31", True),
        ("kidal-camp", "2013-07-01", "2023-10-31", True),
        ("mali", None, "2023-12-31", True),
    ]
    assert missions(deployed, "minusma", at="2023-12-30")[0] == ("gao", "2014-01-01", None, True)


def test_of_a_coalition_missions_are_also_those_of_its_members(family: Server) -> None:
    say(family, "MissionDeployed", "2022-01-01", mission="mnla", location="gao")
    assert missions(family, "csp") == []
    assert missions(family, "csp", members=True) == [("gao", "2022-01-01", None, True)]
    assert missions(family, "csp", members=True, at="2021-01-01") == []


# ---- convoys ---------------------------------------------------------------------------------


def test_convoys_are_told_at_each_moment_of_their_way(family: Server) -> None:
    column = {"convoy": "column-1", "owners": ["mnla"]}
    say(family, "ConvoyDeparted", "2023-10-02", location="gao", boundFor="kidal", **column)
    halted = say(
        family, "ConvoyStalled", "2023-10-05", location="gao", haltedBy=["fama"], **column
    )["position"]
    say(family, "ConvoyArrived", "2023-10-07", location="kidal", **column)

    def asked(at: str, actor: str = "mnla", **more: Any) -> list[tuple[str, str]]:
        found = about(family, CONVOYS, actor, at=at, **more)["convoys"]
        return [(each["phase"], each["location"]["slug"]) for each in found]

    moments = ("2023-10-01", "2023-10-02", "2023-10-05", "2023-10-07", "2025-01-01")
    assert [asked(at) for at in moments] == [
        *([], [("MOVING", "gao")], [("STALLED", "gao")]),
        *([("ARRIVED", "kidal")], [("ARRIVED", "kidal")]),
    ]
    assert asked("2023-10-07", position=halted) == [("STALLED", "gao")]
    assert asked("2023-12-01", position=halted) == [("UNKNOWN", "gao")]
    (stalled,) = about(family, CONVOYS, "mnla", at="2023-10-05")["convoys"]
    assert (stalled["slug"], slugs(stalled["owners"])) == ("column-1", ["mnla"])
    assert stalled["boundFor"] == {"slug": "kidal"}
    assert stalled["haltedBy"] == [{"slug": "fama"}]
    assert (stalled["since"], stalled["events"]) == ({"day": "2023-10-05"}, [{"position": halted}])
    assert asked("2023-10-05", "csp") == asked("2023-10-05", "fama") == []
    assert asked("2023-10-05", "csp", members=True) == [("STALLED", "gao")]


# ---- holdings --------------------------------------------------------------------------------


def test_holdings_of_members_count_at_any_depth_while_they_are_members(family: Server) -> None:
    family.seen("mnla", on="2014-05-21")
    family.seen("csp", "mnla", on="2014-05-21", location="kidal-camp")
    family.seen("fama", on="2014-05-21", location="gao")
    say(family, "CoalitionLeft", "2023-01-01", members=["cma"], coalition="csp")

    def held(actor: str, at: str, **more: Any) -> list[str]:
        found = about(family, HOLDINGS, actor, at=at, **more)["holdings"]
        return [each["location"]["slug"] for each in found]

    assert held("csp", "2022-01-01") == ["kidal-camp"]
    assert held("csp", "2022-01-01", members=True) == ["kidal", "kidal-camp"]
    assert held("csp", "2021-05-05", members=True) == ["kidal-camp"]
    assert held("csp", "2023-01-01", members=True) == ["kidal-camp"]
    assert held("cma", "2023-01-01", members=True) == ["kidal", "kidal-camp"]
    assert held("csp", "2023-01-01", members=True, position=family.head - 1) == [
        *("kidal", "kidal-camp")
    ]


# ---- events ----------------------------------------------------------------------------------


def positions(page: Any) -> list[int]:
    return [node["position"] for node in page["nodes"]]


def events(server: Server, actor: str, **asked: Any) -> Any:
    return about(server, EVENTS, actor, **asked)["events"]


def test_the_events_of_a_coalition_are_also_those_of_whoever_was_its_member(family: Server) -> None:
    say(family, "CoalitionLeft", "2022-01-01", members=["cma"], coalition="csp")
    seized = family.seized("mnla", on="2014-05-21")["position"]
    family.seized("fama", on="2023-11-14")
    registered = (13, 17, 18)  # the CSP, the MNLA, the CMA
    assert positions(events(family, "csp")) == [*registered, 20, 21, 22, seized]
    assert positions(events(family, "csp", members=False)) == [13, 21, 22]
    assert positions(events(family, "mnla")) == [17, 20, seized]
    only = {"types": ["TownSeized"]}
    assert positions(events(family, "csp", filter=only)) == [seized]


def test_who_is_only_known_to_have_left_was_a_member_and_a_splinter_was_none(
    server: Server,
) -> None:
    say(server, "CoalitionLeft", "2022-01-01", members=["wagner"], coalition="csp")
    say(server, "ActorSplit", "2022-01-01", actor="csp", into=["fama"])
    seized = [server.seized(who, on="2023-11-14")["position"] for who in ("wagner", "fama")]
    assert seized[0] in positions(events(server, "csp"))
    assert seized[1] not in positions(events(server, "csp"))


def test_a_member_that_becomes_known_adds_nothing_to_a_list_that_is_being_read(
    family: Server,
) -> None:
    family.seized("fama", on="2023-11-14")
    first = events(family, "csp", first=3)
    assert (positions(first), first["pageInfo"]["hasNextPage"]) == ([13, 17, 18], True)
    say(family, "CoalitionJoined", "2023-01-01", members=["fama"], coalition="cma")
    rest = events(family, "csp", after=first["pageInfo"]["endCursor"])
    assert (positions(rest), rest["position"]) == ([20, 21], first["position"])
    assert rest["pageInfo"]["hasPreviousPage"]
    assert not rest["pageInfo"]["hasNextPage"]
    assert positions(events(family, "csp")) == [13, 14, 17, 18, 20, 21, 22, 23]


def test_a_membership_that_was_taken_back_was_none(family: Server) -> None:
    joined = say(family, "CoalitionJoined", "2023-01-01", members=["fama"], coalition="cma")
    seized = family.seized("fama", on="2023-11-14")["position"]
    assert seized in positions(events(family, "csp"))
    take_back(family, joined)
    assert seized not in positions(events(family, "csp"))


# ---- what can't be asked ---------------------------------------------------------------------


@pytest.mark.parametrize("query", [LINEAGE, TIED, MISSIONS, CONVOYS, HOLDINGS])
def test_nobody_knows_about_a_day_or_a_position_that_lies_ahead(server: Server, query: str) -> None:
    answer = server.post(query, id="csp", at="2999-01-01").json()
    assert {each["extensions"]["code"] for each in answer["errors"]} == {"InTheFuture"}
    ahead = server.head + 1
    answer = server.post(query, id="csp", at="2023-01-01", position=ahead).json()
    assert {each["extensions"]["code"] for each in answer["errors"]} == {"NotRecordedYet"}
    assert f"position {ahead} is not recorded yet" in answer["errors"][0]["message"]


def test_nobody_is_known_by_another_slug(server: Server) -> None:
    assert server.ask('{ actor(id: "cspp") { slug } }') == {"actor": None}
    assert server.error(EVENTS, id="csp", filter={"actor": "cspp"})[0] == "UnknownReference"
