"""An auditor replays an actor's story from the ledger on the command line."""

import json
from pathlib import Path

import pytest

from api.ids import global_id
from tests.command_line import KIDAL, CommandLine

STORY = """\
- {type: ActorRegistered, actor: minusma, name: MINUSMA, kind: mission, aliases: [Blue Helmets]}
- {type: ActorRegistered, actor: kidal, name: The Kidal brigade, kind: armed-group}
- {type: LocationRegistered, location: gao, name: Gao, kind: town, within: kidal-region}
- {type: AllianceFormed, parties: [fama, wagner], occurred: 2021-12, report: press-1,
   credibility: 3}
- {type: MissionDeployed, mission: minusma, location: kidal, occurred: 2013-07, report: press-1,
   credibility: 2}
- {type: MissionWithdrawn, mission: minusma, location: kidal-region, occurred: 2023-10-31,
   report: csp-1, credibility: 2}
- {type: ConvoyDeparted, convoy: column-1, owners: [fama, wagner], location: gao, bound_for: kidal,
   occurred: 2023-11-01, report: press-1, credibility: 2}
- {type: ConvoyStalled, convoy: column-1, owners: fama, location: kidal, halted_by: csp,
   occurred: 2023-11-10, report: csp-1, credibility: 3}
- {type: ActorRenamed, actor: wagner, name: Africa Corps, occurred: 2024-01, report: press-1,
   credibility: 2}
"""
TAKEN_BACK = "- {{type: {type}, event: {event}, reason: {reason}, report: press-1}}\n"


@pytest.fixture
def told(tmp_path: Path) -> CommandLine:
    """A command line with a ledger of names, ties and a convoy."""
    cli = CommandLine(tmp_path)
    reports = KIDAL.replace("published: 2023-11-14", "published: 2024-02-01")
    assert cli.run("record", cli.write("kidal.yaml", reports + STORY)).code == 0
    return cli


def steps(
    cli: CommandLine, actor: str, *more: str, on: str = "2024-03-01"
) -> list[dict[str, object]]:
    outcome = cli.run("replay", actor, "--on", on, "--json", *more)
    assert outcome.code == 0, outcome
    found: list[dict[str, object]] = json.loads(outcome.stdout)["steps"]
    return found


def test_a_story_tells_each_entry_and_what_begins_and_ends_by_it(told: CommandLine) -> None:
    page = told.run("replay", "minusma", "--on", "2023-12-31").stdout
    assert page.splitlines()[0] == (
        "MINUSMA, at the close of 2023-12-31 (UTC), replayed from the ledger up to position 22"
    )
    for part in (
        "  MINUSMA is registered (mission)\n    + called MINUSMA, also Blue Helmets\n",
        (
            "  MINUSMA deployed to Kidal in 2013-07\n  Press (B2, published on 2024-02-01)\n"
            "    + MINUSMA deployed at Kidal, since 2013-07\n"
        ),
        (
            "    - MINUSMA deployed at Kidal, since 2013-07\n"
            "    + MINUSMA deployed at Kidal, since 2013-07, until 2023-10-31\n"
        ),
        "\nAt that moment:\n  called MINUSMA, also Blue Helmets\n",
    ):
        assert part in page, part


def test_a_story_follows_convoys_and_counts_what_says_nothing_of_them(told: CommandLine) -> None:
    page = told.run("replay", "fama", "--on", "2023-11-12").stdout
    assert "    + FAMa allied with Wagner, since 2021-12\n" in page
    assert "    + column-1: a convoy of FAMa and Wagner is moving from Gao, bound for Kidal" in page
    assert "    - column-1: a convoy of FAMa and Wagner is moving from Gao, bound for Kidal" in page
    assert "column-1: a convoy of FAMa is stalled at Kidal, halted by CSP, since 2023-11-10" in page
    assert page.endswith(
        "1 more event names the actor, and says nothing of its names, ties or convoys.\n"
    )


def test_names_are_those_of_the_moment_that_is_asked_about(told: CommandLine) -> None:
    before, after = (
        told.run("replay", "wagner", "--on", on).stdout.splitlines()
        for on in ("2023-12-31", "2024-03-01")
    )
    assert before[0].startswith("Wagner, at the close of 2023-12-31")
    assert "    It speaks of a later time than is asked about." in before
    assert after[0].startswith("Africa Corps, at the close of 2024-03-01")
    assert "    - called Wagner" in after and "    + called Africa Corps" in after


def test_a_tie_that_is_taken_back_ends_and_begins_again_once_reinstated(told: CommandLine) -> None:
    (allied,) = [each for each in steps(told, "fama") if each["type"] == "AllianceFormed"]
    for kind, reason in (("EventRetracted", "No."), ("EventReinstated", "Yes.")):
        text = TAKEN_BACK.format(type=kind, event=allied["eventId"], reason=reason)
        assert told.run("record", told.write(f"{kind}.yaml", text)).code == 0
    *_, back, again = steps(told, "fama")
    line = ["FAMa allied with Africa Corps, since 2021-12"]
    assert (back["heard"], back["ended"], back["begun"]) == ("no. 17 is taken back: No.", line, [])
    assert (again["heard"], again["ended"], again["begun"]) == (
        *("no. 17 counts again: Yes.", []),
        line,
    )
    taken_back = [each["retracted"] for each in steps(told, "fama", "--position", "23")]
    assert taken_back == [False, True, False, False, False]
    assert "FAMa allied with" in told.run("replay", "fama", "--on", "2024-03-01").stdout


def test_a_story_as_known_then(told: CommandLine) -> None:
    assert [each["position"] for each in steps(told, "minusma", "--position", "18")] == [14, 18]
    assert steps(told, "minusma", "--position", "13") == []
    empty = told.run("replay", "minusma", "--on", "2024-03-01", "--position", "13").stdout
    assert empty.endswith("At that moment:\n  nothing is known of it\n")


def test_a_perspective_leaves_out_ties_and_convoys_and_says_so(told: CommandLine) -> None:
    *_, withdrawn = steps(told, "minusma", "--not-according-to", "csp-comms")
    assert (withdrawn["leftOut"], withdrawn["ended"], withdrawn["begun"]) == (True, [], [])
    page = told.run(
        *("replay", "minusma", "--on", "2024-03-01", "--not-according-to", "csp-comms")
    ).stdout
    assert "    It does not count from the perspective asked for.\n" in page
    assert "  MINUSMA deployed at Kidal, since 2013-07\n" in page


def test_the_json_holds_names_ties_and_convoys_with_their_events(told: CommandLine) -> None:
    found = json.loads(told.run("replay", "fama", "--on", "2023-11-12", "--json").stdout)
    assert (found["actor"], found["names"]) == ({"slug": "fama", "name": "FAMa"}, ["FAMa"])
    (tie,), (convoy,) = found["ties"], found["convoys"]
    assert (tie["kind"], tie["subject"], tie["object"]) == ("ALLIED_WITH", "fama", "wagner")
    assert (convoy["phase"], convoy["haltedBy"]) == ("STALLED", ["csp"])
    by_id = {step["eventId"]: step["type"] for step in found["steps"]}
    assert [by_id[event] for event in (*tie["evidence"], *convoy["evidence"])] == [
        "AllianceFormed",
        "ConvoyStalled",
    ]
    assert found["passedOver"] == 1


def test_a_name_that_is_a_place_is_a_place_and_an_id_of_an_actor_is_the_actor(
    told: CommandLine,
) -> None:
    place = json.loads(told.run("replay", "kidal", "--on", "2023-12-31", "--json").stdout)
    assert place["location"]["slug"] == "kidal"
    actor = global_id("Actor", "kidal")
    assert steps(told, actor)[0]["heard"] == "The Kidal brigade is registered (armed group)"
    told.run("replay", "kidall", "--on", "2023-12-31").refused("no location is registered as")
    told.run("replay", "fama", "--on", "2923-12-31").refused("lies in the future")
    told.run("replay", "fama", "--on", "2023-12-31", "--position", "99").refused("last one is 22")
    told.run("replay", global_id("Actor", "nobody"), "--on", "2023-11-14").refused("no actor is")


def test_a_story_needs_no_views_and_makes_none(told: CommandLine) -> None:
    told.settings.views.unlink(missing_ok=True)
    assert told.run("replay", "fama", "--on", "2023-12-31").code == 0
    assert not told.settings.views.exists()
