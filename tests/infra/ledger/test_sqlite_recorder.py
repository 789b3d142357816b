"""What our own recorder promises beyond the contract: many processes, crashes, foreign files."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from unittest.mock import patch
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.ledger.dcb import (
    AppendCondition,
    AppendConflict,
    PositionTooHigh,
    Query,
    QueryItem,
    Recorder,
    SequencedEvent,
    StoredEvent,
)
from infra.ledger.engines import open_recorder
from infra.ledger.sqlite import recorder as sqlite_recorder
from infra.ledger.sqlite.file import NotALedger
from infra.ledger.sqlite.recorder import SqliteRecorder

ROOT = Path(__file__).parents[3]

WRITER = """
import sys
from contextlib import closing
from infra.ledger.sqlite import recorder as sqlite_recorder
from infra.ledger.dcb import AppendCondition, Query, QueryItem, StoredEvent
from infra.ledger.sqlite.recorder import SqliteRecorder

path, writer, appends, longest_tail = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with closing(SqliteRecorder(path, longest_tail=longest_tail)) as recorder:
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(appends):
        tags = [f"event:{writer}-{n}", f"actor:{writer}"]
        once = AppendCondition(Query([QueryItem(tags=tags[:1])]))
        captured = StoredEvent("BaseCaptured", b"{}" * 200, tags)
        seized = StoredEvent("TownSeized", b"", tags[1:])
        print(recorder.append([captured, seized], once), flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.mark.parametrize("longest_tail", [20, 10_000])
def test_processes_that_write_at_once_lose_nothing_and_see_no_error(
    path: Path, longest_tail: int
) -> None:
    processes = [
        start_writer(path, f"w{n}", appends=200, longest_tail=longest_tail) for n in range(4)
    ]
    for process in processes:
        go(process)
    ends = [process.communicate(timeout=60) for process in processes]
    assert [
        (process.returncode, errors) for process, (_, errors) in zip(processes, ends, strict=True)
    ] == [(0, "")] * 4
    with closing(SqliteRecorder(path)) as recorder:
        assert [each.position for each in recorder.read()] == list(range(1, 1601))
        for n in range(4):
            found = list(recorder.read(tagged(f"actor:w{n}")))
            assert [each.event.type for each in found] == ["BaseCaptured", "TownSeized"] * 200
            ids = [each.event.tags[0] for each in found[::2]]
            assert ids == [f"event:w{n}-{m}" for m in range(200)]


@pytest.mark.parametrize("longest_tail", [5, 50, 10_000])
def test_a_killed_writer_leaves_everything_it_acknowledged(path: Path, longest_tail: int) -> None:
    writer = start_writer(path, "victim", appends=1_000_000, longest_tail=longest_tail)
    go(writer)
    assert writer.stdout is not None
    seen = [writer.stdout.readline() for _ in range(120)]
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=10)
    acknowledged = int([*seen, *rest.splitlines()][-1])

    with closing(SqliteRecorder(path)) as recorder:
        found = list(recorder.read())
        assert len(found) >= acknowledged >= 2 * 119
        assert len(found) % 2 == 0
        assert [each.position for each in found] == list(range(1, len(found) + 1))
        assert list(recorder.read(tagged("actor:victim"))) == found
        with pytest.raises(AppendConflict):
            recorder.append([StoredEvent("BaseCaptured", b"", [])], unless("event:victim-100"))
        assert recorder.append([StoredEvent("BaseCaptured", b"", [])], unless("event:new"))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_subscription_hears_of_another_process_within_a_moment(path: Path) -> None:
    with closing(SqliteRecorder(path)) as recorder, recorder.subscribe() as subscription:
        writer = start_writer(path, "far", appends=3, longest_tail=10)
        go(writer)
        found = [next(subscription).position for _ in range(6)]
        writer.communicate(timeout=10)
    assert found == [1, 2, 3, 4, 5, 6]


def test_a_reader_does_not_wait_for_a_writer(path: Path) -> None:
    with closing(SqliteRecorder(path)) as recorder, closing(sqlite3.connect(path)) as writer:
        recorder.append([StoredEvent("BaseCaptured", b"", ["actor:fama"])])
        writer.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert len(list(recorder.read(tagged("actor:fama")))) == 1
        assert time.monotonic() - began < 1
        writer.rollback()


def test_a_reading_shows_the_ledger_as_it_was_when_it_began(path: Path) -> None:
    with closing(SqliteRecorder(path, longest_tail=3)) as recorder:
        for _ in range(5):
            recorder.append([StoredEvent("BaseCaptured", b"", ["actor:fama"])])
        everything, tag = recorder.read(), recorder.read(tagged("actor:fama"))
        for _ in range(5):
            recorder.append([StoredEvent("BaseCaptured", b"", ["actor:fama"])])
        assert [each.position for each in everything] == [1, 2, 3, 4, 5]
        assert [each.position for each in tag] == [1, 2, 3, 4, 5]


def test_tags_with_the_same_checksum_are_not_confused(path: Path) -> None:
    assert crc32(b"plumless") == crc32(b"buckeroo")
    with closing(SqliteRecorder(path, longest_tail=4)) as recorder:
        for tags in (["plumless"], ["buckeroo"], ["plumless", "buckeroo"], ["other"]) * 4:
            recorder.append([StoredEvent("BaseCaptured", b"", tags)])
        assert [each.position for each in recorder.read(tagged("plumless"))] == [
            1,
            3,
            5,
            7,
            9,
            11,
            13,
            15,
        ]
        assert [each.position for each in recorder.read(tagged("buckeroo", "plumless"))] == [
            3,
            7,
            11,
            15,
        ]


tags = st.lists(st.sampled_from(["a", "b", "c", "plumless", "buckeroo"]), max_size=3)
types = st.sampled_from(["X", "Y"])
stored = st.builds(StoredEvent, types, st.binary(max_size=2), tags)
items = st.builds(QueryItem, st.lists(types, max_size=2), tags)
queries = st.builds(Query, st.lists(items, max_size=3))
asked = st.tuples(queries, st.none() | st.integers(0, 30), st.none() | st.integers(0, 5))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    history=st.lists(st.lists(stored, min_size=1, max_size=4), max_size=8),
    questions=st.lists(asked, min_size=1, max_size=8),
    longest_tail=st.sampled_from([1, 3, 100]),
    many_chunks=st.sampled_from([0, 2]),
)
def test_it_answers_as_the_recorder_in_memory_does(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[list[StoredEvent]],
    questions: list[tuple[Query, int | None, int | None]],
    longest_tail: int,
    many_chunks: int,
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.db"
    with (
        patch.object(sqlite_recorder, "MANY_CHUNKS", many_chunks),
        open_recorder("memory:") as memory,
        closing(SqliteRecorder(path, longest_tail=longest_tail)) as ours,
        closing(SqliteRecorder(path)) as neighbour,
    ):
        for batch in history:
            assert ours.append(batch) == memory.append(batch)
            assert list(neighbour.read(tagged("a"))) == list(memory.read(tagged("a")))
        assert ours.index_faults() == neighbour.index_faults() == []
        for query, after, limit in questions:
            expected = memory.read(query, after=after, limit=limit)
            for recorder in (ours, neighbour):
                answer = recorder.read(query, after=after, limit=limit)
                assert list(answer) == list(memory.read(query, after=after, limit=limit))
                assert answer.head == expected.head
            condition = AppendCondition(query, after)
            assert refuses(ours, condition) == refuses(memory, condition)


@pytest.mark.parametrize("bad", [[""], ["a", ""], ["a\nb"], ["a", "b\n"]])
def test_a_tag_that_is_not_one_line_is_refused(path: Path, bad: list[str]) -> None:
    with closing(SqliteRecorder(path)) as recorder:
        with pytest.raises(ValueError, match="one line"):
            recorder.append([StoredEvent("BaseCaptured", b"", bad)])
        assert list(recorder.read()) == []


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(NotALedger, match="is not a SQLite database"):
        SqliteRecorder(path)
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_the_database_of_another_application_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE song (title TEXT)")
    before = path.read_bytes()
    with pytest.raises(NotALedger, match="another application; choose another path"):
        SqliteRecorder(path)
    assert path.read_bytes() == before
    assert sorted(each.name for each in path.parent.iterdir()) == ["ledger.db"]


def test_a_ledger_of_a_newer_format_is_refused(path: Path) -> None:
    SqliteRecorder(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(NotALedger, match="format 99, this program reads up to 1; upgrade tenure"):
        SqliteRecorder(path)


def test_a_ledger_whose_end_is_missing_is_refused_as_damaged(path: Path) -> None:
    SqliteRecorder(path).close()
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(NotALedger, match="is damaged; restore the ledger from a copy"):
        SqliteRecorder(path)


def test_a_missing_directory_is_named(path: Path) -> None:
    with pytest.raises(NotALedger, match=r"there is no directory .*missing; create it first"):
        SqliteRecorder(path.parent / "missing" / "ledger.db")


def test_a_directory_is_no_ledger(path: Path) -> None:
    path.mkdir()
    with pytest.raises(NotALedger, match="is a directory; name a file in it"):
        SqliteRecorder(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_without_permission_is_named(path: Path) -> None:
    path.parent.chmod(0o500)
    with pytest.raises(NotALedger, match="check that the file and its directory are writable"):
        SqliteRecorder(path)


def test_a_closed_recorder_says_so(path: Path) -> None:
    recorder = SqliteRecorder(path)
    recorder.close()
    recorder.close()
    with pytest.raises(sqlite3.ProgrammingError, match="is closed"):
        recorder.read()


def start_writer(
    path: Path, name: str, *, appends: int, longest_tail: int
) -> "subprocess.Popen[str]":
    """A process that appends two events at a time and says each position once it is recorded."""
    command = [sys.executable, "-c", WRITER, str(path), name, str(appends), str(longest_tail)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def tagged(*tags: str) -> Query:
    return Query([QueryItem(tags=list(tags))])


def unless(tag: str) -> AppendCondition:
    return AppendCondition(tagged(tag))


def refuses(recorder: Recorder, condition: AppendCondition) -> bool:
    try:
        recorder.append([StoredEvent("Z", b"", [])], condition)
    except AppendConflict:
        return True
    return False


def test_a_position_that_the_index_can_not_hold_is_refused(path: Path) -> None:
    high = SequencedEvent(StoredEvent("X", b"{}", ["a"]), 1 << 31)
    with closing(SqliteRecorder(path)) as recorder:
        with pytest.raises(PositionTooHigh, match="position 2,147,483,648 is behind"):
            recorder.restore([high], after=0)
        assert list(recorder.read()) == []
        assert recorder.append([StoredEvent("X", b"{}", ["a"])]) == 1


# ---- Its index, after somebody has altered it ------------------------------------------------


@pytest.fixture
def settled(path: Path) -> Path:
    """A ledger of forty events, of which most are settled."""
    with closing(SqliteRecorder(path, longest_tail=3)) as recorder:
        for n in range(40):
            recorder.append([StoredEvent("X", b"{}", [f"event:{n}", "plumless", "buckeroo"])])
        assert recorder.index_faults() == []
    return path


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE settled SET position = 41", "settled up to 41, in a ledger that ends with 40"),
        ("UPDATE settled SET position = 1 << 60", "it is said to be settled up to"),
        ("UPDATE settled SET position = 'x'", "it is said to be settled up to 'x'"),
        ("DELETE FROM settled", "it is said to be settled up to None"),
        ("UPDATE settled SET position = 40", "other entries than there are"),
        ("DELETE FROM posting WHERE rowid = (SELECT min(rowid) FROM posting)", "other entries"),
        ("UPDATE posting SET positions = 1.5", "of another form than a ledger's"),
        ("INSERT INTO posting VALUES (77 << 31 | 3, NULL)", "by terms that none has"),
        ("INSERT INTO event VALUES (-7, 'X', 'event:x', x'7b7d')", "before position 1"),
    ],
)
def test_an_index_that_was_altered_is_found_out(settled: Path, statement: str, words: str) -> None:
    with closing(sqlite3.connect(settled, isolation_level=None)) as db:
        assert db.execute(statement).rowcount > 0
    with closing(SqliteRecorder(settled)) as recorder:
        (fault,) = recorder.index_faults()
    assert words in fault


def test_a_term_whose_postings_were_taken_away_is_named(settled: Path) -> None:
    with closing(sqlite3.connect(settled, isolation_level=None)) as db:
        key = crc32(b"event:7") << 31
        db.execute("DELETE FROM posting WHERE id > ? AND id < ?", (key, key + (1 << 31)))
    with closing(SqliteRecorder(settled)) as recorder:
        assert recorder.index_faults() == ["of event:7 it finds other entries than there are"]
