"""An auditor replays an answer from the ledger: on the command line, and over GraphQL."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.answers.replay import replay_basis, replay_from
from api.commands.print.replay_json import document
from domain import events
from domain.occurred import parse_moment
from infra.ledger.codec import identify
from tests.api.server import Server, describe_the_world, server_at
from tests.command_line import KIDAL, CommandLine
from tests.domain.builders import event
from tests.keys import token_of, write_keys
from tests.nodes import WORLD, node_at, tell

NOON = parse_moment("2024-03-20T12:00:00Z")

TAKEN_BACK = """\
- type: EventRetracted
  event: {event}
  reason: Nobody held it then.
  report: press-1
"""


def test_every_engine_replays_alike(ledger_url: str, tmp_path: Path) -> None:
    told = {}
    for name, url in (("here", "memory:"), ("there", ledger_url)):
        with node_at(tmp_path / f"{name}.db", ledger=url) as node:
            seized = event(events.TownSeized, by="csp", occurred="2014-05-21")
            tell(node, *WORLD, seized)
            tell(node, event(events.TownSeized, by="wagner", occurred="2023-11-14"))
            tell(node, event(events.ActorMerged, merged="wagner", into="fama", occurred="2024-01"))
            back = {"event": identify(seized).id, "reason": "No.", "report": "report-2"}
            tell(node, event(events.EventRetracted, **back))
            told[name] = document(
                replay_from(node.ledger, "kidal", replay_basis(node.ledger, NOON))
            )
    assert told["here"] == told["there"]
    steps = [step["because"][0]["because"] for step in json.loads(told["here"])["steps"]]
    assert steps == ["REGISTERED", "NEW_VOICE", "CONTINUES", "LINEAGE", "RETRACTED"]


@pytest.fixture
def kidal(tmp_path: Path) -> CommandLine:
    """A command line whose ledger knows of Kidal, and that has no views yet."""
    cli = CommandLine(tmp_path)
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    cli.settings.views.unlink(missing_ok=True)
    return cli


# ---- On the command line ---------------------------------------------------------------------


def test_replay_tells_each_entry_and_what_it_did(kidal: CommandLine) -> None:
    page = kidal.run("replay", "kidal", "--on", "2023-11-20").stdout
    assert page.splitlines()[0] == (
        "Kidal, at the close of 2023-11-20 (UTC), replayed from the ledger up to position 13"
    )
    for part in (
        "  Kidal is registered as a town\n    = unknown\n",
        "  CSP seized Kidal on 2014-05-21\n  Press (B2, published on 2023-11-14)\n",
        "    unknown -> held by CSP\n",
        "    held by CSP -> held by FAMa and Wagner\n",
        "  CSP spokesman (D4, published on 2023-11-16)\n",
        "    held by FAMa and Wagner -> held by FAMa and Wagner (disputed: held by CSP)\n",
        "\nAnswer: held by FAMa and Wagner (disputed: held by CSP), by rule 3.\n",
        "It began on 2023-11-14.\n",
    ):
        assert part in page, part


def test_a_replay_from_a_perspective_says_what_it_leaves_out(kidal: CommandLine) -> None:
    asked = ("replay", "kidal", "--on", "2023-11-20", "--not-according-to", "csp-comms")
    page = kidal.run(*asked).stdout
    assert page.splitlines()[0] == (
        "Kidal, at the close of 2023-11-20 (UTC), without what CSP spokesman said, replayed from "
        "the ledger up to position 13"
    )
    assert "    It does not count from the perspective asked for.\n" in page
    assert "\nAnswer: held by FAMa and Wagner, by rule 3.\n" in page
    told = json.loads(kidal.run(*asked, "--json").stdout)
    assert told["perspective"]["excludeSources"] == ["csp-comms"]
    assert told["steps"][-1]["because"][0]["because"] == "LEFT_OUT"
    kidal.run("replay", "kidal", "--on", "2023-11-20", "--according-to", "pres").refused(
        "did you mean press"
    )


def test_replay_needs_no_views_and_makes_none(kidal: CommandLine) -> None:
    assert kidal.run("replay", "kidal", "--on", "2023-11-20").code == 0
    assert not kidal.settings.views.exists()


def test_replay_does_not_believe_the_views(kidal: CommandLine) -> None:
    asked = ("kidal", "--on", "2023-11-20")
    assert kidal.run("who", *asked).code == 0
    sound = kidal.run("replay", *asked, "--json").stdout
    with closing(sqlite3.connect(kidal.settings.views, isolation_level=None)) as db:
        db.execute("UPDATE control_period SET verdict = ''")
    assert kidal.run("replay", *asked, "--json").stdout == sound


def test_replay_ends_with_the_answer_of_who(kidal: CommandLine) -> None:
    asked = ("kidal", "--on", "2023-11-20", "--json")
    told = json.loads(kidal.run("replay", *asked).stdout)
    answer = json.loads(kidal.run("who", *asked).stdout)
    ends = told["answer"]
    assert (told["location"]["slug"], told["rule"]) == ("kidal", answer["basis"]["rule"])
    assert (told["at"], told["position"]) == (answer["at"], answer["basis"]["position"])
    for name in ("status", "since", "until", "certain", "disputed"):
        assert ends[name] == answer[name]
    assert [each["name"] for each in ends["holders"]] == ["FAMa", "Wagner"]
    assert ends["evidence"] == [each["eventId"] for each in answer["evidence"]]
    assert told["steps"][-1]["after"] == ends


def test_replay_as_known_then(kidal: CommandLine) -> None:
    asked = ("replay", "kidal", "--on", "2023-11-20", "--json")
    told = json.loads(kidal.run(*asked, "--position", "11").stdout)
    assert [step["position"] for step in told["steps"]] == [6, 11]
    assert [each["slug"] for each in told["answer"]["holders"]] == ["csp"]
    (recorded_at,) = {step["recordedAt"] for step in told["steps"]}
    then = json.loads(kidal.run(*asked, "--known-on", recorded_at).stdout)
    assert then["position"] == 13
    before = json.loads(kidal.run(*asked, "--known-on", "2023-11-20").stdout)
    assert (before["position"], before["steps"], before["answer"]["status"]) == (0, [], "UNKNOWN")


def test_replay_tells_what_was_taken_back(kidal: CommandLine) -> None:
    asked = ("replay", "kidal", "--on", "2023-11-20", "--json")
    (first, *_) = json.loads(kidal.run(*asked, "--position", "11").stdout)["steps"][1:]
    written = kidal.write("back.yaml", TAKEN_BACK.format(event=first["eventId"]))
    assert kidal.run("record", written).code == 0
    steps = json.loads(kidal.run(*asked).stdout)["steps"]
    assert [step["retracted"] for step in steps] == [False, True, False, False, False]
    assert steps[-1]["heard"] == "no. 11 is taken back: Nobody held it then."
    assert steps[-1]["because"][0] == {
        "because": "RETRACTED",
        "events": [first["eventId"]],
        "why": None,
    }


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        (["kidall", "--on", "2023-11-20"], 1, "did you mean kidal"),
        (["kidal", "--on", "2923-11-20"], 1, "lies in the future"),
        (["kidal", "--on", "2023-11-20", "--known-on", "2923-11-20"], 1, "lies in the future"),
        (["kidal", "--on", "2023-11-20", "--position", "14"], 1, "the last one is 13"),
        (["kidal", "--on", "yesterday"], 1, "is not a time"),
        (["kidal", "--on", "2023-11-20", "--position", "1", "--known-on", "2024"], 2, "not both"),
        (["kidal"], 2, "--on"),
    ],
)
def test_what_cannot_be_replayed_is_refused(
    kidal: CommandLine, asked: list[str], code: int, says: str
) -> None:
    outcome = kidal.run("replay", *asked)
    assert (outcome.code, outcome.stdout) == (code, "")
    assert says in outcome.stderr


# ---- Over GraphQL ----------------------------------------------------------------------------

REPLAY = """
query ($location: ID!, $at: Moment!, $position: Int) {
  replay(location: $location, at: $at, position: $position) {
    location { slug } at position rule passedOver
    steps { heard source reason
            event { __typename position recordedBy retracted }
            before { status holders { slug } } after { status holders { slug } disputed }
            because { because why events { position } } }
    control { status holders { slug } disputed evidence { position } basis { position token } }
  }
}
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        server.seized("csp", on="2014-05-21")
        server.seized("fama", on="2023-11-14", report="un-1")
        yield server


def test_a_replay_over_graphql(server: Server) -> None:
    told = server.ask(REPLAY, location="kidal", at="2023-11-20")["replay"]
    first, second, third = told["steps"]
    assert first["event"]["__typename"] == "LocationRegistered"
    assert (second["heard"], second["source"]) == (
        "CSP seized Kidal on 2014-05-21",
        "Radio France (B2, published on 2023-11-15)",
    )
    assert third["before"] == {"status": "HELD", "holders": [{"slug": "csp"}]}
    assert third["after"] == {"status": "HELD", "holders": [{"slug": "fama"}], "disputed": False}
    assert [each["because"] for each in third["because"]] == ["NEW_VOICE", "SILENCES"]
    silenced = third["because"][1]
    assert silenced["why"] == "CHANGED_HANDS"
    assert [each["position"] for each in silenced["events"]] == [17, 18]
    asked = server.control("kidal", "2023-11-20", position=18)
    assert told["control"]["basis"]["token"] == asked["basis"]["token"]
    assert (told["position"], told["rule"]) == (18, asked["basis"]["rule"])


def test_a_replay_over_graphql_as_known_then(server: Server) -> None:
    told = server.ask(REPLAY, location="kidal", at="2023-11-20", position=17)["replay"]
    assert [step["event"]["position"] for step in told["steps"]] == [10, 17]
    assert told["control"]["holders"] == [{"slug": "csp"}]


def test_a_replay_over_graphql_does_not_believe_the_views(server: Server, tmp_path: Path) -> None:
    sound = server.ask(REPLAY, location="kidal", at="2023-11-20")
    with closing(sqlite3.connect(tmp_path / "views.db", isolation_level=None)) as db:
        db.execute("DELETE FROM control_period")
    assert server.control("kidal", "2023-11-20")["status"] == "UNKNOWN"
    assert server.ask(REPLAY, location="kidal", at="2023-11-20") == sound


def test_what_cannot_be_replayed_is_refused_over_graphql(server: Server) -> None:
    asked: dict[str, Any] = {"location": "kidal", "at": "2023-11-20"}
    assert server.error(REPLAY, **asked | {"location": "kidall"})[0] == "UnknownReference"
    assert server.error(REPLAY, **asked | {"at": "2923-11-20"})[0] == "InTheFuture"
    assert server.error(REPLAY, **asked | {"position": 19})[0] == "NotRecordedYet"


def test_a_replay_is_for_auditors_and_no_cache_keeps_it(tmp_path: Path) -> None:
    keys = write_keys(tmp_path / "keys.json", {"auditor": ["audit"], "writer": ["record"]})
    place = {"location": "kidal", "name": "Kidal", "kind": "TOWN"}
    asked = '{ replay(location: "kidal", at: "2023-11-20", position: 1) { rule } '
    asked += 'control(location: "kidal", at: "2023-11-20", position: 1) { status } }'
    with server_at(tmp_path, keys=keys) as server:
        server.http.headers["authorization"] = f"Bearer {token_of('writer')}"
        server.tell("registerLocation", **place)
        code, message = server.error(asked)
        assert (code, "'audit'" in message) == ("NotPermitted", True)
        del server.http.headers["authorization"]
        assert server.error(asked)[0] == "NotPermitted"
        server.http.headers["authorization"] = f"Bearer {token_of('auditor')}"
        answer = server.get(asked)
        assert answer.json()["data"]["replay"] == {"rule": "rule 3"}
        assert answer.headers["cache-control"] == "no-cache"
