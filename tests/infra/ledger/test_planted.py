"""Answers: can code that was put into the file of a ledger drop or change what is recorded?"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from infra.findings import Wrong
from infra.ledger.dcb import StoredEvent
from infra.ledger.outages import LedgerUnavailable, Outage
from infra.ledger.sqlite.file import NotALedger
from infra.ledger.sqlite.recorder import SqliteRecorder

DROPS = "CREATE TRIGGER t BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END"
CHANGES = "CREATE TRIGGER t AFTER INSERT ON event BEGIN UPDATE event SET data = x'00'; END"
SHOWS_OTHERS = "CREATE VIEW other AS SELECT * FROM event WHERE position > 1"
SAID = StoredEvent(type="Said", tags=["place:a"], data=b"{}")


@pytest.mark.parametrize("planted", [DROPS, CHANGES, SHOWS_OTHERS])
def test_nothing_is_recorded_past_a_planted_trigger_or_view(tmp_path: Path, planted: str) -> None:
    path = tmp_path / "ledger.db"
    with closing(SqliteRecorder(path)) as recorder:
        recorder.append([SAID])
        _plant(path, planted)  # while the ledger is open
        for refused in (lambda: recorder.append([SAID]), recorder.probe):
            with pytest.raises(LedgerUnavailable, match="which no ledger has") as told:
                refused()
            assert told.value.outage is Outage.DAMAGED
        assert [each.wrong for each in recorder.file_faults()] == [Wrong.FILE_ALTERED]
        _plant(path, f"DROP {planted.split()[1]} {planted.split()[2]}")
        assert recorder.append([SAID]) == 2
        assert recorder.file_faults() == []
        assert [each.event.data for each in recorder.read()] == [SAID.data, SAID.data]


def test_a_pipe_in_place_of_a_ledger_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ledger.db")
    with pytest.raises(NotALedger, match="is no regular file"):
        SqliteRecorder(tmp_path / "ledger.db")


def test_an_entry_that_lost_its_type_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(SqliteRecorder(path)) as recorder:
        recorder.append([SAID])
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = replace(sql, 'TEXT NOT NULL', 'TEXT')")
        db.commit()
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE event SET type = NULL")
        db.commit()
    with closing(SqliteRecorder(path)) as recorder:
        assert recorder.append([SAID]) == 2


def _plant(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(sql)
