"""A clock that is wrong, end to end: the command line, the server, and the way out."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger, open_ledger
from tests.api.server import Server, server_at
from tests.command_line import KIDAL, CommandLine

LATER = """\
- {type: ActorRegistered, actor: jnim, name: JNIM, kind: armed-group}
- {type: TownSeized, location: kidal, by: jnim, occurred: 2023-12-01, report: late, credibility: 2}
"""
BETWEEN = "- {type: ReportFiled, report: late, source: press, published: 2023-12-02, title: Late}\n"
WHO = ("who", "kidal", "--on", "2023-12-05")


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    cli = CommandLine(tmp_path)
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    return cli


def record_at(cli: CommandLine, content: str, shows: datetime) -> None:
    """Records the file by a machine that shows that time and is held to no clock."""
    other = CommandLine(cli.folder / "elsewhere")
    other.folder.mkdir(exist_ok=True)
    assert other.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    for each in (BETWEEN, LATER):
        assert other.run("record", cli.write("later.yaml", each)).code == 0
    wanted = {"late"} if content == BETWEEN else {"jnim"}
    with (
        open_ledger(other.environment["TENURE_LEDGER"]) as known,
        open_recorder(cli.environment["TENURE_LEDGER"]) as recorder,
    ):
        said = [each.statement for each in known.read() if wanted & set(_ids(each.event))]
        Ledger(recorder, lambda: shows).record(said, by="archivist")


def _ids(event: object) -> set[str]:
    fields = vars(event)
    by = fields.get("by", ())
    return {fields.get("actor", ""), *by} | (
        {fields["report"]} if type(event).__name__ == "ReportFiled" else set()
    )


@pytest.fixture
def poisoned(cli: CommandLine) -> CommandLine:
    """Position 14 is 70 years ahead, positions 15 and 16 are not."""
    now = datetime.now(UTC)
    record_at(cli, BETWEEN, now + timedelta(days=70 * 365))
    record_at(cli, LATER, now)
    assert cli.head == 16
    return cli


def test_questions_and_records_are_refused_with_what_to_do(poisoned: CommandLine) -> None:
    for refused in (
        poisoned.run(*WHO),
        poisoned.run("situation", "--on", "2023-12-05"),
        poisoned.run("rebuild"),
    ):
        refused.refused("position 14", "check the clock of this machine", "TENURE_CLOCK_TOLERANCE")
    assert poisoned.head == 16
    verified = poisoned.run("verify", "--no-views")
    assert verified.code == 1
    assert "clock ahead: the entry at position 14 was recorded at" in verified.stderr
    assert "IS NOT" not in verified.stdout
    found = json.loads(poisoned.run("verify", "--no-views", "--json").stdout)
    assert [each["position"] for each in found["findings"]] == [14]


def test_nothing_is_recorded_behind_an_entry_of_the_future(cli: CommandLine) -> None:
    record_at(cli, BETWEEN, datetime.now(UTC) + timedelta(days=70 * 365))
    cli.run("record", cli.write("news.yaml", LATER)).refused("position 14", "--anew-from 14")
    news = cli.write("news.yaml", BETWEEN.replace("late", "later"))
    cli.run("record", news).refused("nothing was recorded", "position 14", "--anew-from 14")
    assert cli.head == 14


def test_a_higher_tolerance_accepts_the_entry(poisoned: CommandLine) -> None:
    accepts = {"TENURE_CLOCK_TOLERANCE": "30000d"}
    assert "held by JNIM" in poisoned.run(*WHO, **accepts).stdout
    verified = poisoned.run("verify", "--json", **accepts)
    assert verified.code == 0
    raised = json.loads(verified.stdout)["raisedTimes"]
    assert (raised["count"], [it["position"] for it in raised["first"]]) == (2, [15, 16])
    assert "2 entries count as recorded later" in poisoned.run("verify", **accepts).stdout
    poisoned.run(*WHO, TENURE_CLOCK_TOLERANCE="soon").refused("TENURE_CLOCK_TOLERANCE: write")
    poisoned.run(*WHO).refused("position 14")  # also after the views took in the entry


def test_the_way_out_of_a_poisoned_ledger(poisoned: CommandLine) -> None:
    """Export it all; import up to the entry, and from there on anew."""
    bundle, fresh = poisoned.folder / "bundle", CommandLine(poisoned.folder / "fresh")
    fresh.folder.mkdir()
    accepts = {"TENURE_CLOCK_TOLERANCE": "30000d"}
    assert poisoned.run("export", bundle, **accepts).code == 0
    fresh.run("import", "bundle", bundle).refused("position 14", "The entries before are imported")
    assert fresh.head == 13
    for recorded, before in ((3, 13), (0, 16)):
        done = fresh.run("import", "bundle", bundle, "--anew-from", "14", TENURE_AUTHOR="mender")
        assert done.code == 0, done
        assert f"{recorded} entries recorded, {before} were there; last position 16" in done.stdout
    assert "held by JNIM" in fresh.run(*WHO).stdout
    assert fresh.run("verify").code == 0
    old, new = stored(poisoned), stored(fresh)
    assert new[:13] == old[:13]
    assert [it["id"] for it in new] == [it["id"] for it in old]
    assert [it["event"] for it in new] == [it["event"] for it in old]
    assert [it["recorded_by"] for it in new[13:]] == ["mender"] * 3
    times = [datetime.fromisoformat(it["recorded_at"]) for it in new]
    assert times == sorted(times)
    assert times[-1] <= datetime.now(UTC)


def stored(cli: CommandLine) -> list[dict[str, str]]:
    with open_ledger(cli.environment["TENURE_LEDGER"]) as ledger:
        return [orjson.loads(each.event.data) for each in ledger.stored()]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def reasons(server: Server) -> list[str]:
    """The codes of what stands against readiness."""
    return [each["code"] for each in server.http.get("/readyz").json()["reasons"]]


def test_a_server_answers_what_was_before_and_goes_on_when_the_clock_is_right(
    cli: CommandLine,
) -> None:
    """Two machines: ours is four seconds behind, and tolerates one."""
    url = cli.environment["TENURE_LEDGER"]
    with server_at(cli.folder, ledger=url, clock_tolerance=timedelta(seconds=1)) as server:
        until(lambda: server.http.get("/readyz").status_code == 200)
        assert server.http.get("/readyz").json()["reasons"] == []
        record_at(cli, BETWEEN, datetime.now(UTC) + timedelta(seconds=5))
        until(lambda: server.http.get("/readyz").status_code == 503)
        until(lambda: reasons(server) == ["ClockAhead"])
        found = server.http.get("/readyz").json()
        assert "position 14" in found["reasons"][0]["message"]
        assert found["views"]["control"]["position"] == 13
        assert server.holders("kidal", "2023-12-05") == ["fama", "wagner"]
        given = {"source": "rfi", "name": "Radio France", "reliability": "B"}
        code, _, message = server.refused("registerSource", **given)
        assert (code, "position 14" in message) == ("ClockBehind", True)
        until(lambda: server.http.get("/readyz").status_code == 200)
        assert server.head == 14
        server.tell("registerSource", **given)


def test_a_server_starts_behind_an_entry_of_the_future(poisoned: CommandLine) -> None:
    with server_at(poisoned.folder, ledger=poisoned.environment["TENURE_LEDGER"]) as server:
        until(lambda: reasons(server) == ["ClockAhead"])
        assert server.http.get("/readyz").status_code == 503
        assert server.holders("kidal", "2023-12-05") == ["fama", "wagner"]
        given = {"source": "rfi", "name": "Radio France", "reliability": "B"}
        assert server.refused("registerSource", **given)[0] == "ClockBehind"
