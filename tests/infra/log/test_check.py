"""Answers: is what somebody did to a ledger, its log or a checkpoint found, and named precisely?"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from infra.findings import MOST_FINDINGS, Finding, Wrong
from infra.ledger.dcb import Recorder, StoredEvent
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger
from infra.log.check import check_log
from infra.log.checkpoints import Checkpoint
from infra.log.merkle import EMPTY_ROOT, leaf_hash
from infra.log.signed_notes import KeyType, Signature, SignedNote, SignerKey
from infra.log.transparency_log import TransparencyLog
from tests.logs import KEYS, SIGNER, WITNESS, history, log_at, put, root_of, stored

SIZE = 600
ENTRIES = stored(history(SIZE))
NEW = replace(ENTRIES[5], data=ENTRIES[5].data.replace(b"2024", b"2023"))
"""An entry that was never recorded."""

Where = tuple[Wrong, int | None, int | None]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[TransparencyLog]:
    """The log of the true history, which was signed at 100, 300 and 600 leaves."""
    with open_recorder("memory:") as true, log_at(tmp_path / "log.db", true) as log:
        for start, end in ((0, 100), (100, 300), (300, SIZE)):
            put(true, ENTRIES[start:end])
            log.catch_up()
        yield log


def findings(
    log: TransparencyLog, recorder: Recorder | None = None, *, seen: Sequence[SignedNote] = ()
) -> list[Finding]:
    """What is wrong with that ledger, or with the true one."""
    if recorder is not None:
        return check_log(Ledger(recorder), log.log, KEYS, seen=seen)
    with open_recorder("memory:") as true:
        put(true, ENTRIES)
        return check_log(Ledger(true), log.log, KEYS, seen=seen)


def where(found: Sequence[Finding]) -> list[Where]:
    return [(each.wrong, each.position, each.leaf) for each in found]


def altered(entry: StoredEvent) -> StoredEvent:
    """The same with one byte changed."""
    data = entry.data.replace(b"archivist", b"archivisT")
    assert data != entry.data
    return replace(entry, data=data)


# ---- The ledger ------------------------------------------------------------------------------


def test_nothing_is_found_where_all_is_well(recorder: Recorder, log: TransparencyLog) -> None:
    put(recorder, ENTRIES)
    told: list[int] = []
    found = check_log(Ledger(recorder), log.log, KEYS, progress=told.append)
    assert found == []
    assert told == [256, 256]


def test_what_was_recorded_since_is_no_finding(recorder: Recorder, log: TransparencyLog) -> None:
    put(recorder, [*ENTRIES, NEW])
    assert findings(log, recorder) == []


HISTORIES: dict[str, tuple[list[StoredEvent], list[Where]]] = {
    "one byte changed": (
        [*ENTRIES[:41], altered(ENTRIES[41]), *ENTRIES[42:]],
        [(Wrong.ENTRY_ALTERED, 42, 41)],
    ),
    "two side by side changed": (
        [*ENTRIES[:41], *map(altered, ENTRIES[41:43]), *ENTRIES[43:]],
        [(Wrong.ENTRY_ALTERED, 42, 41), (Wrong.ENTRY_ALTERED, 43, 42)],
    ),
    "the first changed": (
        [altered(ENTRIES[0]), *ENTRIES[1:]],
        [(Wrong.ENTRY_ALTERED, 1, 0)],
    ),
    "the last changed": (
        [*ENTRIES[:-1], altered(ENTRIES[-1])],
        [(Wrong.ENTRY_ALTERED, 600, 599)],
    ),
    "one removed": (
        [*ENTRIES[:41], *ENTRIES[42:]],
        [(Wrong.ENTRY_REMOVED, 42, 41)],
    ),
    "two removed apart": (
        [*ENTRIES[:41], *ENTRIES[42:500], *ENTRIES[501:]],
        [(Wrong.ENTRY_REMOVED, 42, 41), (Wrong.ENTRY_REMOVED, 501, 500)],
    ),
    "three removed together": (
        [*ENTRIES[:41], *ENTRIES[44:]],
        [(Wrong.ENTRY_REMOVED, position, position - 1) for position in (42, 43, 44)],
    ),
    "the end removed": (
        ENTRIES[:590],
        [(Wrong.ENTRY_REMOVED, 591, 590)],
    ),
    "everything removed": (
        ENTRIES[:0],
        [(Wrong.ENTRY_REMOVED, 1, 0)],
    ),
    "two neighbours swapped": (
        [*ENTRIES[:41], ENTRIES[42], ENTRIES[41], *ENTRIES[43:]],
        [(Wrong.ENTRIES_SWAPPED, 42, 41)],
    ),
    "two far apart swapped": (
        [*ENTRIES[:41], ENTRIES[520], *ENTRIES[42:520], ENTRIES[41], *ENTRIES[521:]],
        [(Wrong.ENTRIES_SWAPPED, 42, 41)],
    ),
    "one inserted": (
        [*ENTRIES[:41], NEW, *ENTRIES[41:]],
        [(Wrong.ENTRY_INSERTED, 42, None)],
    ),
    "one inserted before all others": (
        [NEW, *ENTRIES],
        [(Wrong.ENTRY_INSERTED, 1, None)],
    ),
    "one moved far behind": (
        [*ENTRIES[:41], *ENTRIES[42:500], ENTRIES[41], *ENTRIES[500:]],
        [(Wrong.ENTRY_MOVED, 500, 41)],
    ),
    "one inserted and another removed": (
        [*ENTRIES[:41], NEW, *ENTRIES[41:500], *ENTRIES[501:]],
        [(Wrong.ENTRY_INSERTED, 42, None), (Wrong.ENTRY_REMOVED, 501, 500)],
    ),
}


@pytest.mark.parametrize("what", HISTORIES)
def test_an_altered_ledger_is_told_by_its_first_position_and_leaf(
    recorder: Recorder, log: TransparencyLog, what: str
) -> None:
    entries, expected = HISTORIES[what]
    put(recorder, entries) if entries else None
    found = findings(log, recorder)
    assert where(found) == expected
    for each in found:
        assert str(each.position) in each.message


def test_two_swapped_entries_are_both_named(recorder: Recorder, log: TransparencyLog) -> None:
    put(recorder, HISTORIES["two far apart swapped"][0])
    (found,) = findings(log, recorder)
    said = "the entries at positions 42 and 521 stand in each other's place"
    assert str(found) == f"entries swapped: {said}"


def test_a_rewritten_ledger_is_named_by_its_first_thousand(
    log: TransparencyLog, tmp_path: Path
) -> None:
    with open_recorder("memory:") as recorder:
        put(recorder, [altered(each) for each in ENTRIES * 2])
        found = findings(log, recorder)
        assert where(found[:2]) == [(Wrong.ENTRY_ALTERED, 1, 0), (Wrong.ENTRY_ALTERED, 2, 1)]
        assert len(found) <= MOST_FINDINGS


IN_PLACE = {
    "one byte changed": (
        "UPDATE {event} SET data = {altered} WHERE {position} = 42",
        [(Wrong.ENTRY_ALTERED, 42, 41)],
    ),
    "one removed": (
        "DELETE FROM {event} WHERE {position} = 42",
        [(Wrong.ENTRY_REMOVED, 42, 41)],
    ),
    "three removed": (
        "DELETE FROM {event} WHERE {position} IN (42, 43, 500)",
        [(Wrong.ENTRY_REMOVED, position, position - 1) for position in (42, 43, 500)],
    ),
    "one moved": (
        "UPDATE {event} SET {position} = 700 WHERE {position} = 600",
        [(Wrong.ENTRY_MOVED, 700, 599)],
    ),
}


@pytest.mark.parametrize("what", IN_PLACE)
def test_what_is_done_to_a_sqlite_ledger_by_hand_is_found(
    log: TransparencyLog, tmp_path: Path, what: str
) -> None:
    url, (statement, expected) = f"sqlite:///{tmp_path / 'ledger.db'}", IN_PLACE[what]
    with open_recorder(url) as recorder:
        put(recorder, ENTRIES)
    changed = "CAST(replace(CAST(data AS TEXT), 'archivist', 'archivisT') AS BLOB)"
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as db:
        db.execute(statement.format(event="event", position="position", altered=changed))
    with open_recorder(url) as recorder:
        assert where(findings(log, recorder)) == expected


@pytest.mark.parametrize("what", ["one byte changed", "one removed", "three removed"])
def test_what_is_done_to_a_postgresql_ledger_by_hand_is_found(
    log: TransparencyLog, postgresql_url: str, what: str
) -> None:
    statement, expected = IN_PLACE[what]
    with open_recorder(postgresql_url) as recorder:
        put(recorder, ENTRIES)
        changed = (
            "convert_to(replace(convert_from(data, 'UTF8'), 'archivist', 'archivisT'), 'UTF8')"
        )
        with psycopg.connect(postgresql_url, autocommit=True) as db:
            db.execute("SET session_replication_role = replica")  # lets go of what refers to it
            names = db.execute(
                "SELECT table_name FROM information_schema.columns WHERE column_name = 'data' "
                "AND table_schema = 'public'"
            ).fetchall()
            ((event,),) = names
            db.execute(statement.format(event=event, position="id", altered=changed))
        assert where(findings(log, recorder)) == expected


def test_a_gap_that_was_always_there_is_none_that_was_made(tmp_path: Path) -> None:
    url, path = f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "gaps.db"
    with open_recorder(url) as recorder:
        put(recorder, ENTRIES[:50])
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as db:
        db.execute("DELETE FROM event WHERE position IN (1, 7, 8, 30)")
        with open_recorder(url) as recorder, log_at(path, recorder) as log:
            log.catch_up()
            assert findings(log, recorder) == []
            db.execute(
                "INSERT INTO event SELECT 8, type, tags, replace(data, '2024', '2023') "
                "FROM event WHERE position = 9"
            )
            db.execute("UPDATE event SET data = CAST(data AS BLOB)")
            assert where(findings(log, recorder)) == [(Wrong.ENTRY_INSERTED, 8, None)]


# ---- The log's own file ----------------------------------------------------------------------


IN_THE_LOG: dict[str, tuple[str, list[tuple[Wrong, int | None, str | None]]]] = {
    "a leaf altered": (
        "UPDATE leaf SET data = CAST(data || ' ' AS BLOB) WHERE number = 41",
        [(Wrong.LEAF_ALTERED, 41, None)],
    ),
    "a leaf removed": (
        "DELETE FROM leaf WHERE number = 41",
        [(Wrong.LEAF_ALTERED, 41, None)],
    ),
    "a hash of a leaf altered": (
        "UPDATE tile SET hashes = ALTERED WHERE level = 0 AND number = 1",
        [(Wrong.TILE_DAMAGED, 257, "0/001")],
    ),
    "a full tile truncated": (
        "UPDATE tile SET hashes = substr(hashes, 1, 8191) WHERE level = 0 AND number = 1",
        [(Wrong.TILE_DAMAGED, 511, "0/001")],
    ),
    "a partial tile truncated": (
        "UPDATE tile SET hashes = substr(hashes, 1, 320) WHERE level = 0 AND number = 2",
        [(Wrong.TILE_DAMAGED, 522, "0/002.p/88")],
    ),
    "a tile removed": (
        "DELETE FROM tile WHERE level = 0 AND number = 0",
        [(Wrong.TILE_DAMAGED, 0, "0/000")],
    ),
    "an upper tile truncated": (
        "UPDATE tile SET hashes = substr(hashes, 1, 32) WHERE level = 1",
        [(Wrong.TILE_DAMAGED, None, "1/000.p/2")],
    ),
    "an upper tile altered": (
        "UPDATE tile SET hashes = zeroblob(64) WHERE level = 1",
        [(Wrong.TILE_DAMAGED, None, "1/000.p/2")],
    ),
}


@pytest.mark.parametrize("what", IN_THE_LOG)
def test_what_is_done_to_the_file_of_the_log_is_told_from_what_is_done_to_the_ledger(
    log: TransparencyLog, tmp_path: Path, what: str
) -> None:
    statement, expected = IN_THE_LOG[what]
    changed = "unhex(substr(hex(hashes), 1, 64) || printf('%064d', 0) || substr(hex(hashes), 129))"
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
        db.create_function("unhex", 1, bytes.fromhex)
        db.execute(statement.replace("ALTERED", changed))
    found = findings(log)
    assert [(each.wrong, each.leaf, each.tile) for each in found] == expected


def test_the_tree_decides_where_ledger_leaf_and_tile_all_differ(
    recorder: Recorder, log: TransparencyLog, tmp_path: Path
) -> None:
    put(recorder, [*ENTRIES[:41], altered(ENTRIES[41]), *ENTRIES[42:]])
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
        db.execute(IN_THE_LOG["a leaf altered"][0])
    found = findings(log, recorder)
    assert where(found) == [(Wrong.LEAF_ALTERED, 42, 41), (Wrong.ENTRY_ALTERED, 42, 41)]
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
        db.execute("UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND number = 1")
    assert (Wrong.TILE_DAMAGED, 257, 256) in where(findings(log, recorder))


def test_ledger_and_log_that_were_altered_alike_contradict_what_was_signed(
    recorder: Recorder, tmp_path: Path
) -> None:
    forged = [*ENTRIES[:41], altered(ENTRIES[41]), *ENTRIES[42:200]]
    put(recorder, ENTRIES[:0] or forged)
    with (
        open_recorder("memory:") as true,
        log_at(tmp_path / "log.db", true) as log,
        log_at(tmp_path / "forged.db", recorder, signer=None) as other,
    ):
        put(true, ENTRIES[:200])
        log.catch_up()
        other.catch_up()
        with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
            db.execute("ATTACH DATABASE ? AS forged", (str(tmp_path / "forged.db"),))
            for table in ("leaf", "tile"):
                db.execute(f"INSERT OR REPLACE INTO main.{table} SELECT * FROM forged.{table}")
        (found,) = findings(log, recorder)
        assert (found.wrong, found.size) == (Wrong.HISTORY_FORKED, 200)


# ---- Checkpoints -----------------------------------------------------------------------------


def signed(
    size: int, entries: Sequence[StoredEvent] = ENTRIES, signer: SignerKey = SIGNER
) -> SignedNote:
    """A checkpoint that somebody has seen."""
    root = root_of(leaf_hash(each.data) for each in entries[:size])
    text = Checkpoint(SIGNER.name, size, root).text
    return SignedNote(text, (signer.sign(text),))


def test_what_was_seen_and_is_kept_is_no_finding(log: TransparencyLog) -> None:
    assert findings(log, seen=[signed(600), signed(100), signed(300)]) == []


def test_a_checkpoint_that_is_withheld_is_named_by_who_has_seen_it(log: TransparencyLog) -> None:
    (found,) = findings(log, seen=[signed(200)])
    assert (found.wrong, found.size) == (Wrong.CHECKPOINT_WITHHELD, 200)
    assert "somebody has seen a checkpoint of 200 leaves" in found.message


def test_a_log_that_was_rolled_back_is_shorter_than_what_was_seen(
    log: TransparencyLog, tmp_path: Path
) -> None:
    with open_recorder("memory:") as old, log_at(tmp_path / "old.db", old) as rolled_back:
        put(old, ENTRIES[:300])
        rolled_back.catch_up()
        (found,) = findings(rolled_back, old, seen=[signed(600)])
    assert (found.wrong, found.size) == (Wrong.LOG_ROLLED_BACK, 600)
    assert "the log has 300" in found.message


def test_a_log_file_that_lost_its_end_is_rolled_back(log: TransparencyLog, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
        db.execute("DELETE FROM leaf WHERE number >= 300")
    assert {(each.wrong, each.size) for each in findings(log)} == {(Wrong.LOG_ROLLED_BACK, 600)}


def test_two_histories_of_one_size_are_a_fork(log: TransparencyLog) -> None:
    other = signed(300, [*ENTRIES[:41], altered(ENTRIES[41]), *ENTRIES[42:]])
    (found,) = findings(log, seen=[other])
    assert (found.wrong, found.size) == (Wrong.HISTORY_FORKED, 300)
    assert "there are two histories" in found.message


def test_a_forged_signature_is_named(log: TransparencyLog, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
        db.execute("UPDATE signature SET made = zeroblob(64) WHERE size = 300")
    (found,) = findings(log)
    assert (found.wrong, found.size) == (Wrong.SIGNATURE_FORGED, 300)
    assert f"under the name {SIGNER.name}" in found.message


def test_a_signature_by_another_key_under_the_name_of_the_log_is_none(
    log: TransparencyLog,
) -> None:
    impostor = SignerKey(SIGNER.name, KeyType.NOTE, bytes(32))
    (found,) = findings(log, seen=[signed(300, signer=impostor)])
    assert (found.wrong, found.size) == (Wrong.SIGNATURE_FORGED, 300)
    assert "has no signature by its key" in found.message


def test_a_forged_cosignature_is_named(log: TransparencyLog) -> None:
    note = signed(300)
    true = WITNESS.cosign(note.text, at=1_700_000_000)
    assert findings(log, seen=[SignedNote(note.text, (*note.signatures, true))]) == []
    forged = Signature(true.name, true.key_id, true.made[:-1] + b"\0")
    (found,) = findings(log, seen=[SignedNote(note.text, (*note.signatures, forged))])
    assert (found.wrong, found.size) == (Wrong.SIGNATURE_FORGED, 300)
    assert WITNESS.name in found.message


def test_a_signature_over_another_root_does_not_help(log: TransparencyLog, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
        db.execute("UPDATE checkpoint SET root = ? WHERE size = 100", (EMPTY_ROOT,))
    assert {(each.wrong, each.size) for each in findings(log)} == {
        (Wrong.HISTORY_FORKED, 100),
        (Wrong.SIGNATURE_FORGED, 100),
    }


def test_a_log_that_grows_while_it_is_checked_is_held_to_what_was_signed_meanwhile(
    tmp_path: Path,
) -> None:
    with open_recorder("memory:") as recorder, log_at(tmp_path / "log.db", recorder) as log:
        put(recorder, ENTRIES[:300])
        log.catch_up()

        def grow(_: int) -> None:
            put(recorder, ENTRIES[300:310])
            log.catch_up()

        assert check_log(Ledger(recorder), log.log, KEYS, progress=grow) == []
        assert log.log.size == 310


def test_signatures_are_not_checked_where_no_key_is_known(log: TransparencyLog) -> None:
    with open_recorder("memory:") as true:
        put(true, ENTRIES)
        assert check_log(Ledger(true), log.log) == []
