"""Does a follower of a ledger in PostgreSQL see every entry, in whatever order others commit?

Each question is asked on the primary and on a streaming replica.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.ledger import postgresql
from infra.ledger.dcb import (
    AppendCondition,
    Query,
    QueryItem,
    Recorder,
    SequencedEvent,
    StoredEvent,
)
from infra.ledger.engines import open_recorder
from infra.ledger.outages import LedgerUnavailable, OpenTransaction
from infra.ledger.postgresql_gaps import Gaps, whole

INSERT = "INSERT INTO tenure_tt_main (type, data, tags) VALUES (%s, '', '{}') RETURNING id"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader gives up soon on a transaction that stays open."""
    monkeypatch.setattr(postgresql, "GAP_PATIENCE", 0.1)


@pytest.fixture
def writer(postgresql_url: str) -> Iterator[Recorder]:
    with open_recorder(postgresql_url) as recorder:
        yield recorder


@pytest.fixture(params=["primary", "replica"])
def follower(
    request: pytest.FixtureRequest, postgresql_url: str, writer: Recorder
) -> Iterator[Recorder]:
    """A recorder of another process: it knows nothing of what the writer appends."""
    replica = request.getfixturevalue("replica_url") if request.param == "replica" else None
    if replica:
        until(lambda: _has_table(replica))
    with open_recorder(postgresql_url, replica=replica) as recorder:
        yield recorder


@pytest.fixture
def session(postgresql_url: str) -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """Opens sessions of another program, which inserts as it likes."""
    opened: list[psycopg.Connection[Any]] = []

    def connect() -> psycopg.Connection[Any]:
        opened.append(psycopg.connect(postgresql_url))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()
    with closing(psycopg.connect(postgresql_url, autocommit=True)) as db:
        for (name,) in db.execute(
            "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"
        ).fetchall():
            db.execute(f"ROLLBACK PREPARED '{name}'")


def test_a_later_position_that_is_committed_first_waits_for_the_earlier(
    follower: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    early, late = session(), session()
    insert(early, "first")
    insert(late, "second")
    late.commit()
    assert_waits(follower, 1)
    early.commit()
    until(lambda: read(follower) == ["first", "second"])


def test_a_position_rolled_back_is_passed_once_it_is(
    follower: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    early, late = session(), session()
    insert(early, "never")
    insert(late, "second")
    late.commit()
    assert_waits(follower, 1)
    early.rollback()
    until(lambda: read(follower) == ["second"])


def test_a_prepared_transaction_is_waited_for(
    follower: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    early, late, other = session(), session(), session()
    early.tpc_begin(early.xid(1, f"gap-{id(follower)}", "x"))
    insert(early, "prepared")
    insert(late, "second")
    late.commit()
    assert_waits(follower, 1)  # while the transaction has its first name
    early.tpc_prepare()
    early.close()
    assert_waits(follower, 1)
    other.autocommit = True
    (prepared,) = other.tpc_recover()
    other.tpc_commit(prepared)
    until(lambda: read(follower) == ["prepared", "second"])


def test_what_was_read_before_the_gap_is_given_at_once(
    follower: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    one, early, late = session(), session(), session()
    insert(one, "read")
    one.commit()
    insert(early, "open")
    insert(late, "behind")
    late.commit()
    until(lambda: read(follower) == ["read"])
    time.sleep(0.05)
    assert read(follower) == ["read"], "however often it is asked"
    early.commit()
    until(lambda: read(follower) == ["read", "open", "behind"])


def test_a_transaction_that_began_later_holds_nothing_up(
    follower: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    early, late, later = session(), session(), session()
    insert(early, "never")
    insert(late, "second")
    late.commit()
    assert_waits(follower, 1)
    insert(later, "open for long")
    early.rollback()
    until(lambda: read(follower) == ["second"])


def test_the_savepoint_of_a_transaction_counts_with_it(
    follower: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    early, late = session(), session()
    with early.transaction():
        insert(early, "outer")
        with suppress(psycopg.Error), early.transaction():
            insert(early, "inner")
            early.execute("SELECT 1 / 0")
        insert(late, "third")
        late.commit()
        assert_waits(follower, 1)
    until(lambda: read(follower) == ["outer", "third"])


def test_a_subscription_gives_the_entries_in_order_and_none_is_missed(
    follower: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    early, late = session(), session()
    found: list[str] = []

    def follow() -> None:
        position = 0
        while len(found) < 3:
            with suppress(OpenTransaction), follower.subscribe(after=position or None) as events:
                for each in events:
                    found.append(each.event.type)
                    position = each.position
                    if len(found) == 3:
                        return

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        insert(early, "first")
        insert(late, "second")
        late.commit()
        time.sleep(0.3)
        assert found == []
        early.commit()
        insert(late, "third")
        late.commit()
    finally:
        thread.join(20)
    assert found == ["first", "second", "third"]


def test_many_careless_writers_and_no_entry_is_lost(
    follower: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    kept: list[int] = []

    def write(number: int, db: psycopg.Connection[Any]) -> None:
        for turn in range(30):
            position = insert(db, f"{number}-{turn}")
            if (number + turn) % 3 == 0:
                time.sleep(0.002)
            if (number + turn) % 4 == 0:
                db.rollback()
            else:
                db.commit()
                kept.append(position)

    writers = [threading.Thread(target=write, args=(each, session())) for each in range(6)]
    for each in writers:
        each.start()
    followed: list[int] = []
    deadline = time.monotonic() + 30
    while any(each.is_alive() for each in writers) or len(followed) < len(kept):
        with suppress(OpenTransaction):
            after = followed[-1] if followed else None
            followed += [each.position for each in follower.read(after=after, limit=7)]
        assert time.monotonic() < deadline, (len(followed), len(kept))
    assert followed == sorted(kept)


def test_behind_an_own_append_nothing_is_open(
    writer: Recorder, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    other, later = session(), session()
    insert(other, "never")
    other.rollback()
    condition = AppendCondition(Query([QueryItem(tags=["event:none"])]))
    assert writer.append([StoredEvent("own", b"", ["event:own"])], condition) == 2
    insert(later, "open")
    assert [each.position for each in writer.read()] == [2]


def test_a_ledger_is_opened_while_a_transaction_is_open(
    writer: Recorder, postgresql_url: str, session: Callable[[], psycopg.Connection[Any]]
) -> None:
    insert(session(), "open")
    with open_recorder(postgresql_url) as recorder:
        assert list(recorder.read()) == []


def test_with_the_primary_gone_a_replica_is_read_and_nothing_recorded(
    writer: Recorder, replica_url: str, tmp_path: Path
) -> None:
    condition = AppendCondition(Query([QueryItem(tags=["event:1"])]))
    event = StoredEvent("own", b"", ["event:1"])
    writer.append([event], condition)
    until(lambda: _has_table(replica_url))
    gone = f"postgresql://tenure@/gone?host={tmp_path}"
    with open_recorder(gone, 0.5, replica=replica_url) as recorder:
        until(lambda: read(recorder) == ["own"])
        with pytest.raises(LedgerUnavailable, match="the primary"):
            recorder.append([event], condition)


class _Scripted:
    """Writers as a script tells them, one look after another."""

    def __init__(self, *looks: set[str]) -> None:
        self.looks = [*looks]

    def open_now(self) -> frozenset[str]:
        return frozenset(self.looks.pop(0))

    def settle(self) -> None:
        pass


def test_what_is_decided_while_a_reading_is_under_way_does_not_count_for_it() -> None:
    gaps = Gaps(_Scripted())
    event = StoredEvent("a", b"", [])
    readings = [[SequencedEvent(event, 2)], [SequencedEvent(event, 1), SequencedEvent(event, 2)]]

    def read_while_another_appends() -> list[SequencedEvent]:
        found = readings.pop(0)
        gaps.none_before(3)
        return found

    events, undecided = whole(read_while_another_appends, 0, gaps, lambda: True)
    assert ([each.position for each in events], undecided) == ([1, 2], None)


def test_a_transaction_prepared_between_two_looks_is_not_lost_sight_of() -> None:
    gaps = Gaps(_Scripted({"3/7"}, {"-1/812"}, set()))
    assert [gaps.decide(2), gaps.decide(2), gaps.decide(2)] == [False, False, True]


def insert(db: psycopg.Connection[Any], name: str) -> int:
    row = db.execute(INSERT, (name,)).fetchone()
    assert row is not None
    return int(row[0])


def read(follower: Recorder) -> list[str] | None:
    with suppress(OpenTransaction):
        return [each.event.type for each in follower.read()]
    return None


def assert_waits(follower: Recorder, position: int) -> None:
    """Asked again and again, the reader does not pass the position."""

    def sees_something() -> bool:
        return (follower.read(after=2**62).head or 0) > position

    until(sees_something)  # the replica has it by then
    for _ in range(3):
        with pytest.raises(OpenTransaction, match=f"position {position} may belong"):
            list(follower.read())


def _has_table(url: str) -> bool:
    with closing(psycopg.connect(url)) as db:
        row = db.execute("SELECT to_regclass('public.tenure_tt_tag') IS NOT NULL").fetchone()
        return bool(row and row[0])


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
