"""All that one source, report or import said is taken back together, and counts again together."""

import json
import os
import pty
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from infra.intake import revocations
from infra.intake.revocations import desk_of
from tests.command_line import KIDAL, ROOT, CommandLine

MORE = """\
- {type: SourceRegistered, source: forger, name: Forger, reliability: B}
- {type: SourceRegistered, source: agency, name: Agency, reliability: B}
- {type: ReportFiled, report: forged-1, source: forger, published: 2023-12-01, title: One}
- {type: ReportFiled, report: forged-2, source: forger, published: 2024-02-01, title: Two}
- {type: ReportFiled, report: copy-1, source: agency, published: 2023-12-02, title: Copy,
   syndicated_from: forged-1}
- {type: TownSeized, location: kidal, by: csp, occurred: 2023-11-30, report: forged-1,
   credibility: 2}
- {type: ControlReported, location: kidal-market, holders: csp, occurred: 2023-11-30,
   report: copy-1, credibility: 2}
- {type: ControlReported, location: kidal, holders: csp, occurred: 2024-01-31, report: forged-2,
   credibility: 2}
- {type: ClashReported, location: kidal, sides: [[csp], [fama]], occurred: 2024-01-30,
   report: forged-2, credibility: 2}
"""
ON = ("--on", "2024-03-01")
WHY = ("--reason", "The letters were forged.")


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    cli = CommandLine(tmp_path)
    for name, content in (("kidal.yaml", KIDAL), ("more.yaml", MORE)):
        assert cli.run("record", cli.write(name, content)).code == 0
    return cli


def document(cli: CommandLine, *asked: str) -> Any:
    outcome = cli.run(*asked, "--json")
    assert outcome.code == 0, outcome
    return json.loads(outcome.stdout)


def holders(cli: CommandLine, *asked: str, on: str = "2024-03-01") -> list[str]:
    answer = document(cli, "who", "kidal", "--on", on, *asked)
    return [each["slug"] for each in answer["holders"]]


def standing(cli: CommandLine) -> Counter[bool]:
    told = document(cli, "events", "--source", "forger")["nodes"]
    return Counter(each["retracted"] for each in told if each["occurred"])


def answers(cli: CommandLine) -> list[Any]:
    """The answers at many moments, without what the ledger grew by."""
    timelines = [document(cli, "timeline", place) for place in ("kidal", "kidal-market")]
    for period in (period for each in timelines for period in each):
        del period["control"]["basis"]
    return timelines


def test_a_dry_run_says_what_would_change_and_records_nothing(cli: CommandLine) -> None:
    head = cli.head
    told = cli.run("retract", "--source", "forger", *ON, *WHY, "--dry-run")
    assert told.code == 0, told
    assert "4 events (2 ControlReported, 1 TownSeized, 1 ClashReported)" in told.stdout
    assert "Places with another answer at the close of 2024-03-01 (UTC): 2\n" in told.stdout
    assert "  Kidal: held by CSP; then held by FAMa and Wagner" in told.stdout
    assert "  Market: held by CSP; then unknown" in told.stdout
    assert told.stdout.endswith("Nothing is recorded.\n")
    assert cli.head == head


def test_what_a_dry_run_foretells_comes_true(cli: CommandLine) -> None:
    foretold = document(cli, "retract", "--source", "forger", *ON, *WHY, "--dry-run")
    assert foretold["recorded"] == 0
    done = document(cli, "retract", "--source", "forger", *ON, *WHY)
    assert (done["recorded"], done["changes"]) == (4, foretold["changes"])
    for change in foretold["changes"]:
        now = document(cli, "who", change["location"]["slug"], *ON)
        for name in ("status", "holders", "contenders", "possible", "rivals", "certain", "since"):
            assert now[name] == change["to"][name], name
        assert "basis" not in change["to"], "no token gives an answer that nobody gave"


def test_what_was_known_before_stays_and_a_reinstatement_brings_all_back(cli: CommandLine) -> None:
    before, head = answers(cli), cli.head
    assert holders(cli) == ["csp"]
    done = document(cli, "retract", "--source", "forger", *WHY)
    assert holders(cli) == ["fama", "wagner"]
    assert holders(cli, "--position", str(head)) == ["csp"]
    assert holders(cli, "--published-by", "2024-03-01") == ["csp"], "nobody had taken it back"
    assert holders(cli, "--min-reliability", "b") == ["fama", "wagner"]
    again = document(cli, "reinstate", "--source", "forger", "--reason", "They are genuine.")
    assert (again["events"], again["recorded"]) == (4, 4)
    assert answers(cli) == before
    assert holders(cli, "--position", str(done["lastPosition"])) == ["fama", "wagner"]


def test_one_report_of_a_desk_tells_of_all_of_it(cli: CommandLine) -> None:
    done = document(cli, "retract", "--source", "forger", *WHY)
    told = document(cli, "events", "--type", "EventRetracted")["nodes"]
    assert {each["report"]["slug"] for each in told} == {done["report"]}
    assert {each["source"]["slug"] for each in told} == {"desk-of-local"}
    (desk,) = document(cli, "sources", "--text", "desk")["nodes"]
    assert (desk["name"], desk["reliability"]) == ("Desk of local", "A")
    (report,) = document(cli, "reports", "--source", "desk-of-local")["nodes"]
    assert report["title"] == "Taken back: what forger said"


def test_a_report_that_is_recorded_may_tell_of_it(cli: CommandLine) -> None:
    done = document(cli, "retract", "--report", "forged-2", *WHY, "--told-by", "press-1")
    assert (done["report"], done["recorded"]) == ("press-1", 2)
    missed = cli.run("retract", "--report", "forged-1", *WHY, "--told-by", "pres-1")
    missed.refused("no report is registered as 'pres-1'; did you mean press-1")
    left = document(cli, "reinstate", "--report", "forged-2", *WHY)
    assert (left["events"], len(left["staying"])) == (0, 2), "no desk took these back"
    back = document(cli, "reinstate", "--retracted-by", "press-1", *WHY)
    assert back["recorded"] == 2


@pytest.mark.parametrize(
    ("selected", "number"),
    [
        (("--source", "forger", "--since", "2023-12-02"), 3),
        (("--source", "forger", "--since", "2024-01-01"), 2),
        (("--source", "agency"), 1),
        (("--report", "forged-1"), 1),
        (("--source", "forger", "--report", "press-1"), 0),
        (("--source", "forger", "--recorded-from", "2100-01-01"), 0),
        (("--source", "forger", "--recorded-to", "2020-01-01"), 0),
        (("--source", "forger", "--recorded-from", "2020-01-01"), 4),
    ],
)
def test_what_is_meant_may_be_narrowed(
    cli: CommandLine, selected: tuple[str, ...], number: int
) -> None:
    assert document(cli, "retract", *selected, *WHY, "--dry-run")["events"] == number


def test_single_events_are_named_by_their_ids(cli: CommandLine) -> None:
    one, two = document(cli, "events", "--report", "forged-2")["nodes"][1:]
    done = document(cli, "retract", "--event", one["eventId"], "--event", two["id"], *WHY)
    assert done["recorded"] == 2
    assert holders(cli) == ["csp"]
    cli.run("retract", "--event", "no-such", *WHY).refused("no event is registered as 'no-such'")


def test_run_again_it_finds_nothing_more(cli: CommandLine) -> None:
    assert cli.run("retract", "--source", "forger", *WHY).code == 0
    head = cli.head
    again = cli.run("retract", "--source", "forger", *WHY)
    assert again.code == 0
    assert "already taken back: 4 events" in again.stdout
    assert cli.head == head


def test_interrupted_and_run_again_it_goes_on_with_the_same_report(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = revocations._append
    appended: list[Any] = []

    def torn(*given: Any) -> Any:
        if appended:
            raise KeyboardInterrupt
        appended.append(given)
        return append(*given)

    monkeypatch.setattr(revocations, "TOGETHER", 3)
    monkeypatch.setattr(revocations, "_append", torn)
    assert cli.run("retract", "--source", "forger", *WHY).code == 1
    assert standing(cli) == {True: 2, False: 1}
    monkeypatch.setattr(revocations, "_append", append)
    done = document(cli, "retract", "--source", "forger", *WHY)
    assert (done["recorded"], done["already"]) == (1, 3)
    told = document(cli, "events", "--type", "EventRetracted")["nodes"]
    assert {each["report"]["slug"] for each in told} == {done["report"]}


def test_the_same_may_be_taken_back_once_more_for_the_same_reason(cli: CommandLine) -> None:
    before = answers(cli)
    first = document(cli, "retract", "--source", "forger", *WHY)
    once = answers(cli)
    assert cli.run("reinstate", "--source", "forger", *WHY).code == 0
    assert answers(cli) == before
    second = document(cli, "retract", "--source", "forger", *WHY)
    assert second["report"] == f"{first['report']}-2"
    assert answers(cli) == once
    assert document(cli, "reinstate", "--retracted-by", first["report"], *WHY)["events"] == 0
    assert document(cli, "reinstate", "--retracted-by", second["report"], *WHY)["recorded"] == 4
    assert answers(cli) == before


def test_what_was_corrected_is_neither_taken_back_twice_nor_reinstated(cli: CommandLine) -> None:
    (seized,) = document(cli, "events", "--source", "forger", "--type", "TownSeized")["nodes"]
    corrected = f"""\
- type: Correction
  event: {seized["eventId"]}
  reason: A day earlier.
  report: forged-2
  corrected: {{type: TownSeized, location: kidal, by: csp, occurred: 2023-11-29,
    report: forged-2, credibility: 2}}
"""
    assert cli.run("record", cli.write("corrected.yaml", corrected)).code == 0
    before = answers(cli)
    done = document(cli, "retract", "--source", "forger", *WHY)
    assert (done["recorded"], done["already"]) == (4, 1)
    back = document(cli, "reinstate", "--source", "forger", *WHY)
    assert (back["recorded"], back["staying"]) == (4, [seized["eventId"]])
    assert answers(cli) == before


def test_what_the_source_took_back_of_others_is_named_and_stays(cli: CommandLine) -> None:
    told = document(cli, "events", "--source", "press", "--type", "TownSeized")["nodes"]
    denied = told[-1]["eventId"]
    denial = f"- {{type: EventRetracted, event: {denied}, reason: No., report: forged-1}}\n"
    assert cli.run("record", cli.write("denied.yaml", denial)).code == 0
    outcome = cli.run("retract", "--source", "forger", *WHY)
    assert f"1 event of other reports: {denied}" in " ".join(outcome.stderr.split())
    assert cli.run("reinstate", "--event", denied, *WHY).code == 0
    assert holders(cli) == ["fama", "wagner"]


def test_words_on_lineage_bear_on_places_that_they_do_not_name(cli: CommandLine) -> None:
    merged = """\
- {type: ActorRegistered, actor: fla, name: FLA, kind: coalition}
- {type: ActorMerged, merged: [csp], into: fla, occurred: 2024-01-31, report: forged-2,
   credibility: 2}
"""
    outcome = cli.run("record", cli.write("merged.yaml", merged))
    assert outcome.code == 0, outcome
    assert holders(cli) == ["fla"]
    since = ("retract", "--report", "forged-2", *WHY, *ON)
    foretold = document(cli, *since, "--dry-run")
    to = {each["location"]["slug"]: each["to"]["holders"] for each in foretold["changes"]}
    assert [each["slug"] for each in to["kidal"]] == ["csp"]
    assert document(cli, *since)["changes"] == foretold["changes"]
    assert holders(cli) == ["csp"]


def test_misuse_and_reasons_that_no_event_can_hold_are_refused(cli: CommandLine) -> None:
    assert cli.run("retract", *WHY).code == 2
    assert cli.run("retract", "--source", "forger").code == 2
    head = cli.head
    cli.run("retract", "--source", "forgr", *WHY).refused("did you mean forger?")
    cli.run("retract", "--source", "forger", "--reason", " ").refused("the reason can't")
    cli.run("retract", "--source", "forger", "--reason", "a\x1b[2Jb").refused("the reason can't")
    assert cli.head == head


@pytest.mark.parametrize(("typed", "number"), [(b"n\n", 0), (b"y\n", 4)])
def test_on_a_terminal_it_asks_first(cli: CommandLine, typed: bytes, number: int) -> None:
    cli.run("rebuild")
    ours, theirs = pty.openpty()
    os.write(ours, typed)
    code = "from api.cli import main; main(prog_name='tenure')"
    asked = [sys.executable, "-c", code, "retract", "--source", "forger", *WHY]
    surroundings = {**os.environ, **cli.environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        asked, stdin=theirs, capture_output=True, text=True, env=surroundings, check=False
    )
    os.close(ours)
    os.close(theirs)
    assert "Take back 4 events?" in done.stderr
    assert done.returncode == (0 if number else 1)
    assert standing(cli)[True] == (3 if number else 0)


def test_desks_of_different_authors_are_told_apart() -> None:
    desks = [desk_of(author) for author in ("alice", "Alice", "alice!", "آليس", "a" * 200)]
    assert desks[0] == "desk-of-alice"
    assert len(set(desks)) == len(desks)
    assert all(len(desk) <= 60 for desk in desks)
