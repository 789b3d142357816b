"""What can't be read is named by its position on every answer, and every answer is given."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from api.http.app import create_app
from domain import events
from infra.ledger.engines import open_recorder
from tests.api.serving import serving
from tests.command_line import KIDAL, CommandLine, Outcome
from tests.domain.builders import event
from tests.poison import STORED, WRITTEN, poison

LONG_AGO = event(events.TownSeized, by="csp", occurred=WRITTEN, report="press-1")
FILED = event(events.ReportFiled, report="csp-2", source="csp-comms", published=WRITTEN, title="2")
AT = 14
NAMED = f"the entry at position {AT} can't be read: occurred: '{STORED}' is not a time"
ON = ("--on", "2023-11-20")


@pytest.fixture
def poisoned(kidal: CommandLine) -> CommandLine:
    """A ledger that an older version left with an entry that it could not read again."""
    with open_recorder(kidal.environment["TENURE_LEDGER"]) as recorder:
        assert poison(recorder, LONG_AGO, occurred=STORED) == AT
    return kidal


def answered(outcome: Outcome) -> str:
    """What it says, once it named the entry on stderr, and nothing else."""
    assert outcome.code == 0, outcome
    assert outcome.stderr == f"{NAMED}; no answer takes it into account\n"
    return outcome.stdout


# ---- Every command that answers --------------------------------------------------------------


def test_who_controlled_it_is_answered(poisoned: CommandLine) -> None:
    assert "Kidal, at the close of 2023-11-20 (UTC)" in answered(poisoned.run("who", "kidal", *ON))
    found = json.loads(answered(poisoned.run("who", "kidal", *ON, "--json")))
    assert found["basis"]["position"] == AT
    token = found["basis"]["token"]
    assert token in answered(poisoned.run("who", "--token", token))
    assert answered(poisoned.run("who", "kidal", *ON, "--position", "13"))


def test_the_situation_is_answered(poisoned: CommandLine) -> None:
    assert "FAMa" in answered(poisoned.run("situation", *ON))
    assert json.loads(answered(poisoned.run("situation", *ON, "--json")))


def test_the_replay_is_answered(poisoned: CommandLine) -> None:
    assert "No. 13" in answered(poisoned.run("replay", "kidal", *ON))
    assert json.loads(answered(poisoned.run("replay", "kidal", *ON, "--json")))


def test_the_views_are_rebuilt(poisoned: CommandLine) -> None:
    poisoned.run("who", "kidal", *ON)
    assert f"rebuilt at position {AT}" in answered(poisoned.run("rebuild"))
    assert "log of 14 leaves" in poisoned.run("rebuild", "--log").stdout


def test_recording_goes_on_and_names_what_rests_on_it(kidal: CommandLine) -> None:
    with open_recorder(kidal.environment["TENURE_LEDGER"]) as recorder:
        poison(recorder, FILED, published=STORED)
    seized = "{type: TownSeized, location: kidal, by: csp, occurred: 2023-11-16, credibility: 2"
    cites = kidal.write("cites.yaml", f"- {seized}, report: csp-2}}\n")
    kidal.run("record", cites).refused(
        "cites.yaml:1:", "report: the report 'csp-2' stands in the entry at position 14"
    )
    sound = kidal.write("sound.yaml", f"- {seized}, report: csp-1}}\n")
    assert kidal.run("record", sound).code == 0
    told = kidal.run("who", "kidal", *ON)
    assert "held by CSP" in told.stdout
    assert "position 14 can't be read: published:" in told.stderr


TABLE = """\
location_id,name,lat,lon,known_at,as_of,controller,note,source_link
kidal,Kidal,18,1,2022-01-01,,CSP,,
kidal,Kidal,18,1,2022-02-01,,FAMa,,
"""


def altered(cli: CommandLine, position: int) -> None:
    """Somebody altered the entry, and it can't be read."""
    with closing(sqlite3.connect(cli.folder / "ledger.db", isolation_level=None)) as db:
        db.execute("UPDATE event SET data = 'x' || data WHERE position = ?", [position])


def test_recording_again_names_the_statement_that_cannot_be_read(kidal: CommandLine) -> None:
    altered(kidal, 11)
    again = kidal.run("record", kidal.folder / "kidal.yaml")
    assert again.code == 0
    assert "0 recorded, 13 recorded before; last position 13" in again.stdout
    assert "the entry at position 11 can't be read: " in again.stderr
    assert again.stderr.endswith("; no answer takes it into account\n")
    other = kidal.write("other.yaml", KIDAL.splitlines()[0] + "\n")
    assert kidal.run("record", other).stderr == ""


def test_importing_a_table_again_names_the_row_that_cannot_be_read(kidal: CommandLine) -> None:
    table = kidal.write("table.csv", TABLE)
    assert "can't be read" not in kidal.run("import", "claims-csv", table).stderr
    altered(kidal, kidal.head)
    again = kidal.run("import", "claims-csv", table)
    assert again.code == 0
    assert f"0 events recorded, 5 recorded before; last position {kidal.head}" in again.stderr
    assert f"\nthe entry at position {kidal.head} can't be read: " in again.stderr


def test_filling_up_from_a_bundle_names_what_cannot_be_read(kidal: CommandLine) -> None:
    bundle = kidal.folder / "bundle"
    assert kidal.run("export", bundle).code == 0
    altered(kidal, 11)
    kidal.run("import", "bundle", bundle).refused(
        "the entry at position 11 can't be read: ", "import the bundle into an empty ledger"
    )


def test_a_time_of_a_year_before_1000_is_recorded_answered_and_replayed(kidal: CommandLine) -> None:
    for hour in (WRITTEN, "0023-11-14T06Z"):
        seized = "{type: TownSeized, location: kidal, by: csp, report: csp-1, credibility: 2"
        file = kidal.write("long-ago.yaml", f"- {seized}, occurred: {hour}}}\n")
        assert kidal.run("record", file).code == 0
    for command in (("who", "kidal"), ("replay", "kidal"), ("situation",)):
        outcome = kidal.run(*command, *ON)
        assert (outcome.code, outcome.stderr) == (0, "")
    first = kidal.run("who", "kidal", "--on", "0500-01-01").stdout
    assert "in the hour of 0023-11-14T06Z" in first
    assert kidal.run("rebuild").code == kidal.run("verify").code == 0


# ---- The audit -------------------------------------------------------------------------------


def test_the_certificate_names_it(poisoned: CommandLine) -> None:
    poisoned.run("who", "kidal", *ON)
    outcome = poisoned.run("verify")
    assert outcome.code == 1
    assert outcome.stderr == f"entry unreadable: {NAMED}\n"
    assert "No answer takes account of 1 entry" in outcome.stdout
    assert "The views say what the ledger says." in outcome.stdout
    assert "IS NOT as it was recorded" not in outcome.stdout
    found = json.loads(poisoned.run("verify", "--json").stdout)["findings"]
    (finding,) = found
    assert (finding["wrong"], finding["position"]) == ("entry unreadable", AT)


def test_the_certificate_shows_whoever_hides_it_in_the_views(poisoned: CommandLine) -> None:
    poisoned.run("who", "kidal", *ON)
    with closing(sqlite3.connect(poisoned.folder / "views.db", isolation_level=None)) as db:
        db.execute("DELETE FROM passed_over")
    outcome = poisoned.run("verify")
    assert outcome.code == 1
    assert f"passed_over at position={AT}" in outcome.stderr
    assert "The views DO NOT SAY what the ledger says." in outcome.stdout


def test_a_bundle_names_it_and_answers_the_same(poisoned: CommandLine) -> None:
    bundle = poisoned.folder / "bundle"
    assert poisoned.run("export", bundle).code == 0
    checked = poisoned.run("verify-export", bundle)
    assert checked.code == 1
    assert checked.stderr == f"entry unreadable: entries.jsonl:{AT}: {NAMED}\n"
    assert "14 entries are in it" in checked.stdout
    live = answered(poisoned.run("who", "kidal", *ON, "--json"))
    kept = poisoned.run("verify-export", bundle, "--who", "kidal", *ON, "--json")
    assert (kept.code, kept.stdout) == (0, live)
    assert NAMED in kept.stderr


def test_a_bundle_of_a_region_answers_the_same(poisoned: CommandLine) -> None:
    bundle = poisoned.folder / "bundle"
    assert poisoned.run("export", bundle, "--within", "kidal-region").code == 0
    live = answered(poisoned.run("who", "kidal", *ON, "--json"))
    kept = poisoned.run("verify-export", bundle, "--who", "kidal", *ON, "--json")
    assert (kept.code, kept.stdout) == (0, live)


def test_no_bundle_brings_it_into_another_ledger(poisoned: CommandLine, tmp_path: Path) -> None:
    bundle = poisoned.folder / "bundle"
    assert poisoned.run("export", bundle).code == 0
    another = CommandLine(tmp_path / "another")
    another.folder.mkdir()
    another.run("import", "bundle", bundle).refused(NAMED, "What can't be read is not taken")
    assert another.head == 0


# ---- The server ------------------------------------------------------------------------------


def test_a_server_is_ready_names_it_and_answers(
    poisoned: CommandLine, caplog: pytest.LogCaptureFixture
) -> None:
    question = '{ control(location: "kidal", at: "2023-11-20") { status basis { position } } }'
    with serving(create_app(poisoned.settings)) as url, httpx2.Client(base_url=url) as http:
        for _ in range(100):
            ready = http.get("/readyz")
            if ready.status_code == 200:
                break
        assert (ready.json()["position"], ready.json()["unreadable"]) == (AT, [AT])
        assert ready.json()["leftOut"] == []
        answer = http.post("/graphql", json={"query": question}).json()
        assert answer["data"]["control"] == {"status": "HELD", "basis": {"position": AT}}
    assert f"{NAMED}; no answer takes it into account" in caplog.text


def test_a_server_with_a_sound_ledger_names_nothing(kidal: CommandLine) -> None:
    with TestClient(create_app(kidal.settings), base_url="http://127.0.0.1") as http:
        told = http.get("/readyz").json()
    assert (told["unreadable"], told["leftOut"]) == ([], [])
