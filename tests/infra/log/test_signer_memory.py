"""What a signer remembers outside its log, on every engine, and through crashes."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from time import sleep

import pytest

from infra.ledger.dcb import KeepsCheckpoint, Recorder
from infra.ledger.ledger import Ledger
from infra.ledger.sqlite.recorder import SqliteRecorder
from infra.log.checkpoints import Checkpoint
from infra.log.file import LogFile
from infra.log.key_files import Keys, write_signer_key
from infra.log.key_state import BadState, KeyBusy, KeyState, first_state
from infra.log.signed_notes import BadKey, BadNote, KeyType, SignedNote, SignerKey
from infra.log.signer_memory import IN_LEDGER, MemoryMissing, WouldFork
from infra.log.transparency_log import LogMissing, TransparencyLog
from tests.logs import SIGNER, STRANGER, WITNESS, history, put, stored

ENTRIES = stored(history(40))
FIRST, SECOND = ENTRIES[:20], ENTRIES[20:]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    write_signer_key(tmp_path / "log.key", SIGNER)
    return tmp_path / "log.key"


def state_of(key: Path) -> Checkpoint | None:
    note = KeyState(key).read(SIGNER)
    return Checkpoint.parse(note.text) if note else None


@pytest.fixture
def log(recorder: Recorder, key: Path, tmp_path: Path) -> Iterator[TransparencyLog]:
    with closing(LogFile(tmp_path / "log.db")) as file:
        yield TransparencyLog(Ledger(recorder), file, Keys(key))


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqliteRecorder]:
    with closing(SqliteRecorder(tmp_path / "ledger.db")) as recorder:
        yield recorder


def test_both_memories_follow_each_signature_on_every_engine(
    recorder: Recorder, log: TransparencyLog, key: Path
) -> None:
    for entries, size in ((FIRST, 20), (SECOND, 40)):
        put(recorder, entries)
        log.prepare()
        log.catch_up()
        note = log.checkpoint()
        assert note
        assert state_of(key) == Checkpoint.parse(note.text)
        kept = Ledger(recorder).kept_checkpoints()
        assert kept == ([str(note)] if isinstance(recorder, KeepsCheckpoint) else [])
        places = [each.place for each in log.memory.read().all]
        assert places == [str(KeyState(key)), *([IN_LEDGER] if kept else [])]
        assert state_of(key) == Checkpoint(SIGNER.name, size, log.log.root(size))


def test_every_engine_but_umadb_has_a_place_for_it(recorder: Recorder, ledger_url: str) -> None:
    assert isinstance(recorder, KeepsCheckpoint) is not ledger_url.startswith("umadb")
    ledger = Ledger(recorder)
    assert ledger.kept_checkpoints() == []
    ledger.keep_checkpoint("b", "one\n")
    ledger.keep_checkpoint("a", "two\n")
    ledger.keep_checkpoint("b", "three — ü\n")
    assert sorted(ledger.kept_checkpoints()) == (
        ["three — ü\n", "two\n"] if ledger.keeps_checkpoints else []
    )
    assert ledger.head == 0


def test_a_new_key_has_a_state_and_a_witness_none(tmp_path: Path) -> None:
    write_signer_key(tmp_path / "log.key", SIGNER)
    assert (tmp_path / "log.key.state").read_text() == str(first_state(SIGNER))
    assert (tmp_path / "log.key.state").stat().st_mode & 0o077 == 0
    write_signer_key(tmp_path / "w.key", WITNESS)
    assert not (tmp_path / "w.key.state").exists()
    (tmp_path / "log.key").unlink()
    with pytest.raises(BadKey, match="is the state of a key that was there before"):
        write_signer_key(tmp_path / "log.key", SIGNER)


def test_a_new_key_begins_on_an_old_ledger(
    recorder: Recorder, log: TransparencyLog, key: Path
) -> None:
    put(recorder, FIRST)
    log.prepare()
    assert log.is_new
    log.catch_up()
    assert not log.is_new


def test_a_node_that_was_stopped_while_it_signed_goes_on(
    sqlite: SqliteRecorder, key: Path, tmp_path: Path
) -> None:
    with closing(LogFile(tmp_path / "log.db")) as file:
        log = TransparencyLog(Ledger(sqlite), file, Keys(key))
        put(sqlite, FIRST)
        log.catch_up()
        shutil.copy(tmp_path / "log.db", tmp_path / "before.db")
        shutil.copy(tmp_path / "log.db-wal", tmp_path / "before.db-wal")
        put(sqlite, SECOND)
        log.catch_up()
    with closing(LogFile(tmp_path / "before.db")) as file:
        log = TransparencyLog(Ledger(sqlite), file, Keys(key))
        assert (log.log.size, state_of(key)) == (20, Checkpoint(SIGNER.name, 40, log_root(sqlite)))
        # What is behind is not signed until it has caught up.
        log.catch_up(until=30)
        assert log.log.size == 30
        assert log.log.checkpoint(SIGNER.name) == Checkpoint(SIGNER.name, 20, log.log.root(20))
        log.prepare()
        newest = log.log.checkpoint(SIGNER.name)
        assert newest and newest.size == 40


def log_root(recorder: Recorder) -> bytes:
    note = SignedNote.parse(Ledger(recorder).kept_checkpoints()[0])
    return Checkpoint.parse(note.text).root


def test_a_lost_state_is_never_made_again_by_itself(
    sqlite: SqliteRecorder, key: Path, tmp_path: Path
) -> None:
    state = KeyState(key).path
    with closing(LogFile(tmp_path / "log.db")) as file:
        log = TransparencyLog(Ledger(sqlite), file, Keys(key))
        put(sqlite, FIRST)
        state.unlink()
        for act in (log.prepare, log.catch_up, log.rebuild):
            with pytest.raises(MemoryMissing, match=r"there is no .*log\.key\.state"):
                act()
        assert (log.log.size, state.exists()) == (0, False)
        missing, last = log.remember([])
        assert (missing, last.checkpoint.size) == ([str(state)], 0)
        log.catch_up()
        state.unlink()
        missing, last = log.remember([])
        assert (missing, last.checkpoint.size) == ([str(state)], 20)
        assert state_of(key) == log.log.checkpoint(SIGNER.name)
        assert log.remember([])[0] == []


def test_remembering_takes_the_longest_checkpoint_and_no_stranger_s(
    sqlite: SqliteRecorder, key: Path, tmp_path: Path
) -> None:
    with closing(LogFile(tmp_path / "log.db")) as file:
        log = TransparencyLog(Ledger(sqlite), file, Keys(key))
        put(sqlite, FIRST)
        log.catch_up()
        later = Checkpoint(SIGNER.name, 50, bytes(32))
        note = SignedNote(later.text, (SIGNER.sign(later.text),))
        KeyState(key).path.unlink()
        alien = SignedNote(later.text, (STRANGER.cosign(later.text, at=1),))
        with pytest.raises(BadNote, match="not signed by"):
            log.remember([alien])
        other = Checkpoint(SIGNER.name, 20, bytes(32))
        with pytest.raises(WouldFork):
            log.remember([SignedNote(other.text, (SIGNER.sign(other.text),))])
        assert log.remember([note])[1].checkpoint == later
        with pytest.raises(WouldFork):
            log.prepare()


def test_a_log_that_was_signed_and_is_gone_is_refused_without_a_key_too(
    sqlite: SqliteRecorder, key: Path, tmp_path: Path
) -> None:
    put(sqlite, FIRST)
    with closing(LogFile(tmp_path / "log.db")) as file:
        TransparencyLog(Ledger(sqlite), file, Keys(key)).catch_up()
    for keys in (Keys(key), Keys()):
        with (
            closing(LogFile(tmp_path / "new.db")) as file,
            pytest.raises(LogMissing, match="'tenure rebuild --log' builds it"),
        ):
            TransparencyLog(Ledger(sqlite), file, keys).prepare()
    with closing(LogFile(tmp_path / "new.db")) as file:
        assert TransparencyLog(Ledger(sqlite), file, Keys(key)).rebuild() == 20


def test_a_log_without_a_key_is_held_to_what_the_ledger_remembers_when_it_is_rebuilt(
    sqlite: SqliteRecorder, tmp_path: Path
) -> None:
    put(sqlite, FIRST)
    other = Checkpoint("example.org/log", 20, bytes(32))
    note = SignedNote(other.text, (SIGNER.sign(other.text),))
    sqlite.keep_checkpoint(other.origin, str(note))
    with (
        closing(LogFile(tmp_path / "log.db")) as file,
        pytest.raises(WouldFork, match="the ledger's database remembers it"),
    ):
        TransparencyLog(Ledger(sqlite), file, Keys()).rebuild()


def test_the_state_of_another_key_is_refused(key: Path) -> None:
    other = SignerKey(SIGNER.name, KeyType.NOTE, bytes(range(1, 33)))
    for text in (str(first_state(other)), "hello\n", "", "\0"):
        KeyState(key).path.write_text(text)
        with pytest.raises(BadState, match="put the key's own state back"):
            KeyState(key).read(SIGNER)
    KeyState(key).path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadState, match="can't be read"):
        KeyState(key).read(SIGNER)


def test_a_state_that_cannot_be_written_is_said(key: Path) -> None:
    (key.parent / "log.key.state.new").mkdir()
    with pytest.raises(BadState, match="the folder of the key has to be writable"):
        KeyState(key).write(first_state(SIGNER))
    assert KeyState(key).read(SIGNER) == first_state(SIGNER)


def hold(key: Path, ready: str, done: str) -> None:
    """Holds the key, in a process of its own, until the other is done."""
    with KeyState(key).locked():
        Path(ready).touch()
        while not Path(done).exists():
            sleep(0.01)


def test_one_process_at_a_time_signs_with_a_key(
    key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.log.key_state._PATIENCE", 0.1)
    ready, done = tmp_path / "ready", tmp_path / "done"
    process = get_context("spawn").Process(target=hold, args=(key, str(ready), str(done)))
    process.start()
    try:
        while not ready.exists():
            assert process.is_alive()
        (tmp_path / "link").symlink_to(key)
        with (
            pytest.raises(KeyBusy, match="a key is for a single node"),
            KeyState(tmp_path / "link").locked(),
        ):
            raise AssertionError("two at once")
    finally:
        done.touch()
        process.join()
    with KeyState(key).locked():
        pass
