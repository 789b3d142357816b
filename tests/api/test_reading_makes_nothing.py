"""A command that only reads makes no file: neither beside a ledger, nor in the place of one."""

import os
from pathlib import Path

import pytest

from api.cli import COMMANDS
from tests.command_line import CommandLine

READING = {
    "schema": "schema",
    "replay": "replay kidal --on 2023-11-14",
    "verify": "verify --no-views",
    "verify with views": "verify",
    "verify of a view that is missing": "verify --samples 1",
    "export": "export ../bundle",
    "verify-export": "verify-export ../bundle",
    "verify-log": "verify-log nowhere --key nothing",
    "cosign": "cosign nothing",
    "keygen": "keygen",
}
"""Commands that only read, and some that are misused."""
WITH_VIEWS = {
    "who": "who kidal --on 2023-11-14",
    "situation": "situation --on 2023-11-14",
    "timeline": "timeline kidal",
    "revisions": "revisions kidal --on 2023-11-14",
    "holdings": "holdings csp --on 2023-11-14",
    "compare": "compare --from 2023-11-13 --to 2023-11-14",
    "places": "places",
    "actors": "actors",
    "sources": "sources",
    "reports": "reports",
    "events": "events",
    "search": "search kidal",
    "a table": "export-table control --on 2023-11-14",
    "a trial of taking back": "retract --source press --reason why --dry-run",
}
"""Commands that build the views, if these are missing, and make no other file."""
WRITING = {
    "record": "record nothing.yaml",
    "import": "import claims-csv nothing.csv",
    "import GED": "import ucdp-ged nothing.csv --release 24.1",
    "import UCDP's actors": "import ucdp-actors nothing.csv --release 24.1",
    "import of ACLED": "import acled nothing.csv",
    "draft of actors": "import acled nothing.csv --draft-actors ../actors.yaml",
    "import of a gazetteer": "import geonames nothing.txt",
    "import of names": "import geonames-names nothing.txt",
    "import of a table": "import table nothing.csv --map nothing.yaml",
    "draft of a map": "import table nothing.csv --draft-map ../map.yaml",
    "import of polygons": "import polygons nothing.geojson --map nothing.yaml",
    "retract": "retract --source nobody --reason why",
    "reinstate": "reinstate --source nobody --reason why",
    "rebuild": "rebuild",
    "rebuild the log": "rebuild --log",
    "backup": "backup ../backup.db",
    "restore": "restore nothing.db",
    "remember": "remember",
    "timestamp": "timestamp --request checkpoint.tsq",
    "token": "token ana --scope read",
    "witness": "witness nothing.db --key nothing.key --logs nothing.txt",
}
"""Commands that write, and have nothing to write of a missing ledger, or are refused."""
NEEDLESS = {"serve", "demo"}
"""They begin a ledger."""
EVERY = READING | WITH_VIEWS | WRITING


def files(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(each.relative_to(folder)): (each.stat().st_ino, each.stat().st_size, each.read_bytes())
        for each in folder.rglob("*")
        if each.is_file()
    }


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return CommandLine(folder)


def test_every_command_is_tried() -> None:
    assert {line.split()[0] for line in EVERY.values()} | NEEDLESS == set(COMMANDS)


@pytest.mark.parametrize("line", [*EVERY.values(), "--help", "who --help"])
def test_where_no_ledger_is_none_is_made(line: str, empty: CommandLine) -> None:
    done = empty.run(*line.split())
    assert (done.code == 0) is (line in {"schema", "--help", "who --help"}), done
    assert files(empty.folder.parent) == {}


@pytest.mark.parametrize("line", READING.values())
def test_reading_makes_no_file_and_changes_none(
    line: str, kidal: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kidal.folder)
    before = files(kidal.folder)
    done = kidal.run(*line.replace("../", f"{kidal.folder.parent}/{kidal.folder.name}-").split())
    assert done.code in {0, 1, 2}
    assert files(kidal.folder) == before


@pytest.mark.parametrize("line", WITH_VIEWS.values())
def test_asking_makes_views_and_nothing_else(line: str, kidal: CommandLine) -> None:
    (kidal.folder / "views.db").unlink()
    before = files(kidal.folder)
    assert kidal.run(*line.split()).code == 0
    after = files(kidal.folder)
    assert set(after) - set(before) == {"views.db"}
    assert after["ledger.db"] == before["ledger.db"]
    assert kidal.run(*line.split()).code == 0
    assert files(kidal.folder).keys() == after.keys()


def test_a_relative_ledger_that_is_missing_is_not_made(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TENURE_LEDGER", "sqlite:///tenure.db")
    empty.run("verify", TENURE_LEDGER="sqlite:///tenure.db").refused("there is no ledger yet")
    assert files(empty.folder) == {}
