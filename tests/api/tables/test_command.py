"""`tenure export-table`: what is written, what is printed, and what is refused."""

import json
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from tests.command_line import CommandLine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_table_goes_to_a_file_with_its_dictionary_beside_it(
    mali: CommandLine, folder: Path
) -> None:
    path = folder / "control.csv"
    done = mali.run("export-table", "control", "--on", "2024-03-20", "--output", path)
    assert done.code == 0, done.stderr
    frame = pd.read_csv(path)
    told = json.loads((folder / "control.csv.dictionary.json").read_text())
    assert [each["name"] for each in told["fields"]] == [*frame.columns]
    assert told["primaryKey"] == ["location"]
    assert frame.location.is_unique
    assert done.stdout.splitlines()[0] == f"{path}: {len(frame)} rows"
    assert set(frame.token) == {told["tenure"]["token"]} == {done.stdout.split()[-1]}
    assert "apostrophe" in told["description"]
    assert sorted(each.name for each in folder.iterdir()) == [
        "control.csv",
        "control.csv.dictionary.json",
    ]


def test_the_token_writes_the_same_bytes_again(mali: CommandLine, folder: Path) -> None:
    first, again = folder / "first.geojson", folder / "again.geojson"
    done = mali.run("export-table", "timelines", "--within", "kidal-region", "--output", first)
    token = done.stdout.split()[-1]
    mali.run("export-table", "timelines", "--token", token, "--output", again)
    assert first.read_bytes() == again.read_bytes()


def test_a_token_of_a_table_is_told_from_others(mali: CommandLine) -> None:
    done = mali.run("export-table", "control", "--on", "2024-03-20")
    token = done.stdout.splitlines()[1].rpartition(",")[2]
    mali.run("who", "--token", token).refused("it is that of a table", "export-table --token")
    answer = mali.run("who", "kidal", "--on", "2024-03-20", "--json").stdout
    of_place = json.loads(answer)["basis"]["token"]
    mali.run("export-table", "control", "--token", of_place).refused("of one place, not of a table")
    mali.run("export-table", "events", "--token", token).refused("the table control")


def test_without_a_file_the_table_is_printed(mali: CommandLine) -> None:
    done = mali.run("export-table", "events", "--from", "2023-11-01", "--to", "2023-11-30")
    assert len(pd.read_csv(StringIO(done.stdout))) > 3
    assert done.stderr == ""
    told = mali.run("export-table", "events", "--format", "geojson", "--within", "kidal").stdout
    assert json.loads(told)["type"] == "FeatureCollection"


def test_the_dictionary_needs_no_ledger(tmp_path: Path) -> None:
    done = CommandLine(tmp_path).run("export-table", "timelines", "--dictionary")
    told = {each["name"]: each for each in json.loads(done.stdout)["fields"]}
    assert told["valid_from"]["axis"] == "valid time"
    assert told["known_from"]["axis"] == "recorded time"
    assert told["latitude"]["unit"] == "degree"
    assert told["status"]["constraints"]["enum"][0] == "held"


def test_a_file_that_is_there_is_replaced_only_by_force(mali: CommandLine, folder: Path) -> None:
    path = folder / "events.csv"
    path.write_text("mine")
    mali.run("export-table", "events", "--output", path).refused("is there already; --force")
    assert path.read_text() == "mine"
    assert mali.run("export-table", "events", "--output", path, "--force").code == 0
    assert path.read_text().startswith("event,")
    beside = folder / "a.csv.dictionary.json"
    beside.write_text("mine")
    mali.run("export-table", "events", "--output", folder / "a.csv").refused(str(beside))
    assert not (folder / "a.csv").exists()


def test_what_is_no_regular_file_is_never_replaced(mali: CommandLine, folder: Path) -> None:
    link = folder / "link.csv"
    link.symlink_to("/dev/null")
    for path in ("/dev/null", link, folder):
        done = mali.run("export-table", "events", "--format", "csv", "--output", path, "--force")
        done.refused("is no regular file")
    assert link.is_symlink()


def test_a_refused_question_leaves_no_file(mali: CommandLine, folder: Path) -> None:
    path = folder / "x.csv"
    for more in (["--within", "kidall"], ["--position", "9999"], ["--according-to", "nobody"]):
        done = mali.run("export-table", "events", *more, "--output", path)
        assert done.code == 1
    mali.run("export-table", "control", "--on", "2124-01-01", "--output", path).refused("future")
    mali.run("export-table", "events", "--output", folder / "no" / "x.csv").refused("no such file")
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["control"], "of one moment: say with 'on' of which, a day (2023-11-14) or"),
        (["events", "--on", "2024-01-01"], "of all times"),
        (["timelines", "--explain"], "not for the table timelines"),
        (["timelines", "--from", "2024-01-01"], "for the table events"),
        (["events", "--position", "3", "--known-on", "2024-01-01"], "not both"),
        (["events", "--output", "table.txt"], "give --format"),
        (["events", "--force"], "give --output"),
        (["events", "--token", "x", "--within", "kidal"], "'token' alone"),
    ],
)
def test_misuse_is_told(mali: CommandLine, words: list[str], message: str) -> None:
    done = mali.run("export-table", *words)
    assert (done.code, message in done.stderr) == (2, True), done


@pytest.mark.parametrize("day", ["yesterday", "2023-13-01", "14.11.2023", "2023-11-14T06:30", ""])
@pytest.mark.parametrize("option", ["--on", "--known-on", "--published-by", "--from", "--to"])
def test_a_wrong_date_names_what_is_accepted(mali: CommandLine, option: str, day: str) -> None:
    table = "control" if option == "--on" else "events"
    for form in ("write a day (2023-11-14", "an instant with its offset (2023-11-14T06:30:00Z)"):
        mali.run("export-table", table, option, day).refused(f"{day!r} is not a time", form)


def test_who_recorded_is_there_only_where_it_is_asked_for(mali: CommandLine) -> None:
    plain = pd.read_csv(StringIO(mali.run("export-table", "events").stdout))
    asked = pd.read_csv(StringIO(mali.run("export-table", "events", "--recorded-by").stdout))
    assert plain.recorded_by.isna().all()
    assert set(asked.recorded_by) == {"local"}


def test_local_days_go_by_their_zone(mali: CommandLine) -> None:
    done = mali.run("export-table", "control", "--on", "2024-03-20", "--zone", "Asia/Kabul")
    assert "2024-03-20T19:29:59.999999Z" in done.stdout
