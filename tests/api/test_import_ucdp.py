"""Answers: do the commands that import UCDP's files say what they did, and do questions follow?"""

from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.infra.datasets.ucdp import (
    ACTOR,
    ACTOR_COLUMNS,
    GED_COLUMNS,
    clash,
    table,
)


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_a_release_is_imported_and_asked_about(cli: CommandLine) -> None:
    file = table(cli.folder / "GEDEvent_v24_1.csv", GED_COLUMNS, clash())
    done = cli.run("import", "ucdp-ged", file)
    assert done.code == 0, done.stderr
    assert "release 24.1 (final), published 2024" in done.stderr
    assert "1 row: 1 recorded" in done.stderr
    page = cli.run("situation", "--on", "2023-04-03").stdout
    words = "Government of Atlantis fought Reef Front at Bamba; about 6 (5 to 9) died"
    assert words in " ".join(page.split())
    assert "1 of Government of Atlantis, 4 of Reef Front, 1 civilian" in " ".join(page.split())
    assert cli.run("verify").code == 0


def test_what_the_dataset_said_before_stays_askable(cli: CommandLine) -> None:
    first = table(cli.folder / "GEDEvent_v23_0_4.csv", GED_COLUMNS, clash(), clash(id="9002"))
    final = table(cli.folder / "GEDEvent_v24_1.csv", GED_COLUMNS, clash(best="7", deaths_b="5"))
    assert cli.run("import", "ucdp-ged", first).code == 0
    done = cli.run("import", "ucdp-ged", final, "--published", "2024-06-03")
    assert "1 corrected, 1 retracted" in done.stderr
    now = cli.run("situation", "--on", "2023-04-03").stdout
    then = cli.run("situation", "--on", "2023-04-03", "--published-by", "2024-03-01").stdout
    assert (now.count("about 7"), now.count("about 6")) == (2, 0)  # in the text, and in its note
    assert (then.count("about 7"), then.count("about 6")) == (0, 4)


def test_an_excerpt_takes_nothing_back(cli: CommandLine) -> None:
    first = table(cli.folder / "GEDEvent_v23_0_4.csv", GED_COLUMNS, clash(), clash(id="9002"))
    part = table(cli.folder / "part.csv", GED_COLUMNS, clash())
    cli.run("import", "ucdp-ged", first)
    options = ("--release", "24.1", "--complete-for")
    done = cli.run("import", "ucdp-ged", part, *options, "excerpt", "--reliability", "b")
    assert (done.code, "1 row: 1 unchanged" in done.stderr) == (0, True)
    assert "1 retracted" in cli.run("import", "ucdp-ged", part, *options, "release").stderr


def test_a_refused_row_is_exit_code_1_and_stands_in_the_report(cli: CommandLine) -> None:
    file = table(cli.folder / "mali.csv", GED_COLUMNS, clash(best="many"), clash(id="9002"))
    done = cli.run("import", "ucdp-ged", file, "--release", "24.1")
    assert done.code == 1
    assert "2 rows: 1 recorded, 1 refused" in done.stderr
    report = (cli.folder / "mali.csv.report.csv").read_text()
    assert "2,9001,refused,best,many,it is no whole number" in report
    strict = cli.run("import", "ucdp-ged", file, "--release", "25.1", "--strict")
    assert "Nothing is recorded" in strict.stderr


def test_a_file_that_does_not_name_its_release_asks_for_it(cli: CommandLine) -> None:
    file = table(cli.folder / "mali.csv", GED_COLUMNS, clash())
    done = cli.run("import", "ucdp-ged", file)
    assert done.code == 2
    assert "give --release, as --release 24.1" in done.stderr
    assert cli.run("import", "ucdp-ged", file, "--release", "now").code == 2
    assert cli.run("import", "ucdp-ged", file, "--release", "24.1", "--published", "x").code == 2
    assert cli.run("import", "ucdp-ged", file, "--release", "24.1", "--dataset", "É").code == 2
    assert cli.run("import", "ucdp-ged", file, "--release", "24.1", "--dataset", "a" * 90).code == 2


def test_the_actor_list_names_its_release_itself(cli: CommandLine) -> None:
    file = table(cli.folder / "actors.csv", ACTOR_COLUMNS, ACTOR)
    done = cli.run("import", "ucdp-actors", file)
    assert done.code == 0, done.stderr
    assert "release 24.1 (final)" in done.stderr
    assert "1 unchanged" in cli.run("import", "ucdp-actors", file).stderr


def test_the_wrong_file_is_refused_in_words(cli: CommandLine) -> None:
    file = table(cli.folder / "actors.csv", ACTOR_COLUMNS, ACTOR)
    cli.run("import", "ucdp-ged", file, "--release", "24.1").refused("this is no table of GED")
    cli.run("import", "ucdp-ged", "no.csv", "--release", "24.1").refused("it can't be read")
