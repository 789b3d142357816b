"""Answers: does `tenure import acled` do what docs/datasets/acled.md shows?"""

from pathlib import Path

import pytest

from infra.ledger.ledger import open_ledger
from tests.command_line import CommandLine
from tests.infra.datasets.acled.exports import OF_2016, export, of_2016, places, row

WON = "Government regains territory"


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A command line in a folder with the files of the page."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    first = [row(sub_event_type=WON), row(event_id_cnty="AZW2", sub_event_type="Arrests")]
    export(folder / "mali.csv", *first)
    export(folder / "acled-mali.csv", *first)
    later = [row(sub_event_type=WON, fatalities="9", timestamp="1710000000"), first[1]]
    export(folder / "mali-in-may.csv", *later)
    (folder / "deleted.csv").write_text("event_id_cnty,deleted_timestamp\nAZW1,1720000000\n")
    old = of_2016(year="2015", event_date="14/11/2015")
    export(folder / "africa-2016.csv", old, columns=OF_2016)
    return CommandLine(folder)


def shown() -> list[str]:
    page = Path(__file__).parents[2] / "docs/datasets/acled.md"
    lines = page.read_text().splitlines()
    return [each.split("#")[0].strip() for each in lines if each.startswith("tenure import acled")]


def test_every_command_of_the_page_works(line: CommandLine) -> None:
    for command in shown():
        done = line.run(*command.split()[1:])
        assert done.code == 0, (command, done)
    assert len(shown()) == 6


def test_a_pull_is_asked_and_a_deletion_takes_it_back(line: CommandLine) -> None:
    assert line.run("import", "acled", "mali.csv").code == 0
    (place,) = _towns(line)
    won = line.run("who", place, "--on", "2023-11-15")
    assert "held by Military Forces of Azawa (2019-)" in won.stdout
    assert line.run("import", "acled", "mali-in-may.csv").code == 0
    assert line.run("import", "acled", "deleted.csv", "--deleted").code == 0
    gone = line.run("who", place, "--on", "2023-11-15")
    assert "held by" not in gone.stdout
    assert line.run("verify").code == 0


def test_a_refused_row_is_exit_code_1_and_strict_records_nothing(line: CommandLine) -> None:
    path = export(line.folder / "bad.csv", row(), row(event_id_cnty="AZW2", fatalities="x"))
    strict = line.run("import", "acled", str(path), "--strict")
    assert strict.code == 1
    assert "Nothing is recorded: --strict" in strict.stderr
    done = line.run("import", "acled", str(path))
    assert done.code == 1
    assert "1 recorded, 1 refused" in done.stderr
    assert (line.folder / "bad.csv.report.csv").exists()


def test_how_dates_are_read_is_said(line: CommandLine) -> None:
    export(line.folder / "days.csv", row(event_date="31/10/2023"))
    done = line.run("import", "acled", "days.csv")
    assert "Dates are read day first: 31/10/2023 on line 2 shows it." in done.stderr


def test_a_draft_that_is_there_is_not_overwritten(line: CommandLine) -> None:
    assert line.run("import", "acled", "mali.csv", "--draft-actors", "a.yaml").code == 0
    line.run("import", "acled", "mali.csv", "--draft-actors", "a.yaml").refused(
        "it is there already, perhaps edited"
    )


def test_an_army_of_two_exports_is_joined_and_renamed_by_the_draft(line: CommandLine) -> None:
    before, since = "Military Forces of Azawa (2014-2023)", "Military Forces of Azawa (2023-)"
    export(line.folder / "a.csv", row(actor1=before, sub_event_type=WON))
    later = row(event_id_cnty="AZW2", actor1=since, sub_event_type=WON, event_date="2023-12-01")
    export(line.folder / "b.csv", later | {"timestamp": "1703000000"})
    assert line.run("import", "acled", "a.csv").code == 0
    told = line.run("import", "acled", "b.csv", "--dry-run").stderr
    assert f"1, as {since}; the ledger has {before}" in told
    assert "1 row: 1 recorded, 1 doubtful" in told
    drafted = line.run("import", "acled", "b.csv", "--draft-actors", "actors.yaml")
    assert "2 actors; check the file, then import with --actors actors.yaml" in drafted.stdout
    (renames,) = (
        each.lstrip("# ")
        for each in (line.folder / "actors.yaml").read_text().splitlines()
        if "ActorAmended" in each
    )
    assert line.run("record", line.write("renames.yaml", renames)).code == 0
    joined = line.run("import", "acled", "b.csv", "--actors", "actors.yaml")
    assert (joined.code, "Names of perhaps" in joined.stderr) == (0, False)
    (place,) = _towns(line)
    held = line.run("who", place, "--on", "2023-12-02").stdout
    assert "held by Military Forces of Azawa\n" in held
    forgotten = line.run("import", "acled", "b.csv", "--dry-run").stderr
    assert "the ledger has Military Forces of Azawa (military-forces-of-azawa-2014" in forgotten


def test_who_it_was_stays_open_and_both_are_found(line: CommandLine) -> None:
    either = "Front of the North and/or Front of the South"
    taken = row(actor2=either, sub_event_type="Non-state actor overtakes territory")
    export(line.folder / "open.csv", taken)
    assert line.run("import", "acled", "open.csv").code == 0
    (place,) = _towns(line)
    assert "held by" not in line.run("who", place, "--on", "2023-11-15").stdout
    for actor in ("front-of-the-north", "front-of-the-south"):
        found = " ".join(
            line.run("events", "--actor", actor, "--type", "ClashReported").stdout.split()
        )
        assert f"Military Forces of Azawa (2019-) fought {either} at Kaya" in found
        assert line.run("holdings", actor, "--on", "2023-11-15").code == 0


def test_misuse_is_told(line: CommandLine) -> None:
    assert line.run("import", "acled", "deleted.csv", "--deleted", "--actors", "a").code == 2
    assert line.run("import", "acled", "mali.csv", "--dataset", "A B").code == 2
    assert line.run("import", "acled", "mali.csv", "--published", "soon").code == 2
    assert line.run("import", "acled", "nothing.csv").code == 1


def _towns(line: CommandLine) -> list[str]:
    with open_ledger(f"sqlite:///{line.folder / 'ledger.db'}") as ledger:
        return [each.location for each in places(ledger).values() if each.kind == "town"]
