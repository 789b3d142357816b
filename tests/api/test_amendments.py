"""A frontend mends what was registered, over GraphQL; and an analyst over the command line."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.api.server import Server
from tests.command_line import CommandLine

PLACE = """
query ($known: Int!) {
  control(location: "kidal", at: "2023-11-20", position: $known) {
    location { slug name kind latitude aliases names within { slug name } }
    holders { name kind aliases }
    evidence { statement report { title url source { name continuous url } } }
  }
  mali: controlMap(at: "2023-11-20", within: "mali", position: $known) { location { slug } }
  gao: controlMap(at: "2023-11-20", within: "gao", position: $known) { location { slug } }
}
"""
WHY = "The gazetteer says so."


@pytest.fixture
def mended(server: Server) -> tuple[Server, int]:
    """A server at which everything about Kidal was amended, and the position before that."""
    server.seized("fama", on="2023-11-14")
    before = server.head
    server.tell(
        "amendLocation",
        location="kidal",
        reason=WHY,
        name="Tikidal",
        kind="SITE",
        coordinates={"latitude": 18.5, "longitude": 1.5},
        within="gao",
        aliases=[{"text": "Kidal"}],
    )
    server.tell("amendActor", actor="fama", reason=WHY, name="The army", kind="STATE", aliases=[])
    server.tell(
        "amendSource",
        source="rfi",
        reason=WHY,
        name="RFI",
        url="https://www.rfi.fr/",
        continuous=True,
    )
    server.tell(
        "amendReport", report="rfi-1", reason=WHY, title="Kidal falls", url="https://rfi.fr/1"
    )
    return server, before


def test_everything_reads_as_amended_from_then_on(mended: tuple[Server, int]) -> None:
    server, before = mended
    then = server.ask(PLACE, known=before)
    now = server.ask(PLACE, known=server.head)
    assert then["control"] == {
        "location": {
            "slug": "kidal",
            "name": "Kidal",
            "kind": "TOWN",
            "latitude": 18.44,
            "aliases": [],
            "names": ["Kidal"],
            "within": {"slug": "mali", "name": "Mali"},
        },
        "holders": [{"name": "FAMa", "kind": "STATE_FORCE", "aliases": []}],
        "evidence": [
            {
                "statement": "FAMa seized Kidal",
                "report": {
                    "title": "Radio France says",
                    "url": None,
                    "source": {"name": "Radio France", "continuous": False, "url": None},
                },
            }
        ],
    }
    assert now["control"] == {
        "location": {
            "slug": "kidal",
            "name": "Tikidal",
            "kind": "SITE",
            "latitude": 18.5,
            "aliases": ["Kidal"],
            "names": ["Tikidal", "Kidal"],
            "within": {"slug": "gao", "name": "Gao"},
        },
        "holders": [{"name": "The army", "kind": "STATE", "aliases": []}],
        "evidence": [
            {
                "statement": "The army seized Tikidal",
                "report": {
                    "title": "Kidal falls",
                    "url": "https://rfi.fr/1",
                    "source": {"name": "RFI", "continuous": True, "url": "https://www.rfi.fr/"},
                },
            }
        ],
    }


def test_a_map_follows_a_place_that_was_moved(mended: tuple[Server, int]) -> None:
    server, before = mended
    then, now = server.ask(PLACE, known=before), server.ask(PLACE, known=server.head)

    def on(map_: list[dict[str, Any]]) -> list[str]:
        return [each["location"]["slug"] for each in map_]

    assert (on(then["mali"]), on(then["gao"])) == (["gao", "kidal", "kidal-camp"], [])
    assert (on(now["mali"]), on(now["gao"])) == (
        ["gao", "kidal", "kidal-camp"],
        ["kidal", "kidal-camp"],
    )


def test_the_amendments_of_a_place_are_among_its_events(mended: tuple[Server, int]) -> None:
    server, _ = mended
    found = server.ask(
        """{ location(id: "kidal") { events(filter: {types: ["LocationAmended"]}) { nodes {
          __typename retracted
          ... on LocationAmended {
            reason name kind cleared location { slug } within { slug } aliases { text }
            coordinates { latitude }
          }
        } } } }"""
    )
    assert found["location"]["events"]["nodes"] == [
        {
            "__typename": "LocationAmended",
            "retracted": False,
            "reason": WHY,
            "name": "Tikidal",
            "kind": "SITE",
            "cleared": [],
            "location": {"slug": "kidal"},
            "within": {"slug": "gao"},
            "aliases": [{"text": "Kidal"}],
            "coordinates": {"latitude": 18.5},
        }
    ]


def test_an_amendment_is_retracted_and_reinstated(mended: tuple[Server, int]) -> None:
    server, _ = mended
    found = server.ask('{ events(filter: {types: ["LocationAmended"]}) { nodes { eventId } } }')
    event = found["events"]["nodes"][0]["eventId"]
    server.tell("retractEvent", event=event, reason="It does not.", report="un-1")
    assert server.ask('{ location(id: "kidal") { name kind } }')["location"] == {
        "name": "Kidal",
        "kind": "TOWN",
    }
    server.tell("reinstateEvent", event=event, reason="It does.", report="un-1")
    assert server.ask('{ location(id: "kidal") { name } }')["location"]["name"] == "Tikidal"


def test_an_amendment_that_says_nothing_or_too_much_is_refused(server: Server) -> None:
    def refused(**given: Any) -> tuple[str, str | None, str]:
        return server.refused("amendLocation", location="mali", reason=WHY, **given)

    assert refused()[0] == "InvalidValue"
    assert refused(within="kidal-camp")[:2] == ("WithinItself", "within")
    assert refused(within="nowhere")[:2] == ("UnknownReference", "within")
    assert refused(within="kidal", cleared=["WITHIN"])[2].startswith("within is given and cleared")


def test_what_a_place_has_is_taken_away(server: Server) -> None:
    server.tell("amendLocation", location="kidal", reason=WHY, cleared=["WITHIN", "COORDINATES"])
    asked = '{ location(id: "kidal") { latitude within { slug } } }'
    assert server.ask(asked)["location"] == {"latitude": None, "within": None}


def test_a_second_registration_is_told_how_to_mend_the_first(server: Server) -> None:
    place = {"location": "kidal", "name": "Another Kidal", "kind": "TOWN"}
    code, field, message = server.refused("registerLocation", **place)
    assert (code, field) == ("AlreadyRegistered", "location")
    assert message.endswith("to mend it, record LocationAmended with what is to read otherwise")


# ---- On the command line ---------------------------------------------------------------------

WORLD = """
- {type: SourceRegistered, source: press, name: Pres, reliability: B}
- {type: ReportFiled, report: press-1, source: press, published: 2023-11-14, title: Kidla}
- {type: LocationRegistered, location: mali, name: Mali, kind: region}
- {type: LocationRegistered, location: niger, name: Niger, kind: region}
- {type: LocationRegistered, location: kidal, name: Kidla, kind: region, within: niger}
- {type: ActorRegistered, actor: fama, name: FMA, kind: state-force}
- {type: TownSeized, location: kidal, by: fama, occurred: 2023-11-14, report: press-1,
   credibility: 2}
"""
MENDED = """
- type: LocationAmended
  location: kidal
  reason: It is a town in Mali.
  name: Kidal
  kind: town
  within: mali
- {type: ActorAmended, actor: fama, reason: A slip., name: FAMa}
- {type: SourceAmended, source: press, reason: A slip., name: Press}
- {type: ReportAmended, report: press-1, reason: A slip., title: Kidal}
"""


@pytest.fixture
def terminal(tmp_path: Path) -> CommandLine:
    """A terminal at which everything about Kidal was recorded, and then amended."""
    terminal = CommandLine(tmp_path)
    for name, content in (("world.yaml", WORLD), ("mended.yaml", MENDED)):
        assert terminal.run("record", terminal.write(name, content)).code == 0
    return terminal


def test_a_file_with_amendments_is_recorded_once(terminal: CommandLine) -> None:
    again = terminal.run("record", terminal.folder / "mended.yaml")
    assert again.stdout.endswith("mended.yaml: 0 recorded, 4 recorded before; last position 11\n")


def test_an_answer_uses_the_amended_words_and_an_old_one_those_of_old(
    terminal: CommandLine,
) -> None:
    now = terminal.run("who", "kidal", "--on", "2023-11-20")
    assert now.stdout.startswith("Kidal, at the close of 2023-11-20 (UTC): held by FAMa\n")
    assert "Press, published on 2023-11-14" in now.stdout
    then = terminal.run("who", "kidal", "--on", "2023-11-20", "--position", "7")
    assert then.stdout.startswith("Kidla, at the close of 2023-11-20 (UTC): unknown\n")
    told = orjson.loads(terminal.run("who", "kidal", "--on", "2023-11-20", "--json").stdout)
    assert told["evidence"][0]["report"]["title"] == "Kidal"
    assert told["location"]["kind"] == "TOWN"


def test_a_situation_within_a_place_follows(terminal: CommandLine) -> None:
    asked = ("situation", "--on", "2023-11-20", "--within")
    assert "FAMa holds Kidal [1]." in terminal.run(*asked, "mali").stdout
    assert "Kidal" not in terminal.run(*asked, "niger").stdout


def test_the_replay_and_the_certificate_know_of_the_amendments(terminal: CommandLine) -> None:
    replayed = terminal.run("replay", "kidal", "--on", "2023-11-20").stdout
    step = "Kidal is a town after all: It is a town in Mali.\n    unknown -> held by FAMa\n"
    assert step in replayed
    assert terminal.run("rebuild").code == 0
    assert terminal.run("verify").code == 0


def test_what_is_wrong_with_an_amendment_is_said_with_its_place(terminal: CommandLine) -> None:
    wrong = "- {type: LocationAmended, location: mali, reason: so, within: kidal}\n"
    terminal.run("record", terminal.write("wrong.yaml", wrong)).refused(
        "wrong.yaml:1:63: within: 'mali' would lie within 'kidal', which lies within 'mali'"
    )
    empty = "- {type: LocationAmended, location: mali, reason: so}\n"
    terminal.run("record", terminal.write("empty.yaml", empty)).refused(
        "empty.yaml:1:3: give at least one field that is to read otherwise"
    )
    unknown = "- {type: LocationAmended, location: mali, reason: so, cleared: [name]}\n"
    terminal.run("record", terminal.write("unknown.yaml", unknown)).refused(
        "cleared[0]: 'name' is not one of the words that stand here: coordinates or within"
    )
