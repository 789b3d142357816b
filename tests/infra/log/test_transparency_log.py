"""Answers: does the log follow the ledger, whatever breaks in between, and what does it prove?"""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.ledger.codec import decode, is_canonical
from infra.ledger.dcb import Recorder, StoredEvent
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger
from infra.log.checkpoints import Checkpoint
from infra.log.file import LogFile, NotALogFile
from infra.log.merkle import (
    EMPTY_ROOT,
    leaf_hash,
    verify_consistency,
)
from infra.log.signed_notes import Forged, KeyType, Signature, SignedNote, SignerKey
from infra.log.signer_memory import WouldFork
from infra.log.tiles import Bundle, DamagedTile, Tile, leaves_in, tiles_of
from infra.log.transparency_log import (
    Inclusion,
    LedgerDiffers,
    NoSuchTree,
    NotCanonical,
    NotOurs,
    TransparencyLog,
)
from tests.logs import (
    ANOTHER_WITNESS,
    KEYS,
    SIGNER,
    STRANGER,
    WITNESS,
    hash_in_tile,
    history,
    log_at,
    put,
    root_of,
    stored,
    verify_inclusion,
)
from tests.nodes import NOW, WORLD

ENTRIES = stored(history(600))
SEEN_AT = 1_700_000_000


@pytest.fixture
def memory() -> Iterator[Recorder]:
    with open_recorder("memory:") as recorder:
        yield recorder


@contextmanager
def log_of(
    path: Path, entries: list[StoredEvent], *, signer: SignerKey | None = SIGNER
) -> Iterator[TransparencyLog]:
    """A log that has taken these entries in."""
    with open_recorder("memory:") as recorder, log_at(path, recorder, signer=signer) as log:
        put(recorder, entries)
        log.catch_up()
        yield log


def contents(log: TransparencyLog) -> dict[str, bytes]:
    """Every tile and every bundle, by its path."""
    held, size = log.log, log.log.size
    tiles = {tile.path: held.tile(tile) for tile in tiles_of(size)}
    bundles = [Bundle(tile.number, tile.width) for tile in tiles_of(size) if tile.level == 0]
    return tiles | {bundle.path: held.bundle(bundle) for bundle in bundles}


def noted(log: TransparencyLog) -> Checkpoint:
    note = log.checkpoint()
    assert note
    assert note.verified([SIGNER.verifier])
    return Checkpoint.parse(note.text)


# ---- Following -------------------------------------------------------------------------------


def test_every_entry_is_a_leaf_in_the_order_of_the_ledger(
    recorder: Recorder, tmp_path: Path
) -> None:
    put(recorder, ENTRIES)
    with log_at(tmp_path / "log.db", recorder) as log:
        assert log.catch_up() == 600
        leaves = [each.event.data for each in recorder.read()]
        assert [each.data for each in log.log.leaves(0, 600)] == leaves
        assert noted(log) == Checkpoint(SIGNER.name, 600, root_of(map(leaf_hash, leaves)))


def test_every_engine_has_the_same_log(recorder: Recorder, tmp_path: Path) -> None:
    put(recorder, ENTRIES)
    with (
        log_at(tmp_path / "log.db", recorder) as log,
        log_of(tmp_path / "other.db", ENTRIES) as other,
    ):
        log.catch_up()
        assert contents(log) == contents(other)
        assert str(log.checkpoint()) == str(other.checkpoint())


def test_a_log_follows_as_the_ledger_grows_and_a_rebuilt_one_has_the_same_bytes(
    recorder: Recorder, tmp_path: Path
) -> None:
    with log_at(tmp_path / "log.db", recorder) as log:
        assert log.catch_up() == 0
        for start, end in ((0, 1), (1, 255), (255, 256), (256, 257), (257, 600)):
            put(recorder, ENTRIES[start:end])
            assert log.catch_up() == end
            assert noted(log).size == end
        with log_at(tmp_path / "rebuilt.db", recorder) as rebuilt:
            rebuilt.catch_up()
            assert contents(rebuilt) == contents(log)
            assert str(rebuilt.checkpoint()) == str(log.checkpoint())


def test_a_log_follows_to_a_position(memory: Recorder, tmp_path: Path) -> None:
    put(memory, ENTRIES)
    with log_at(tmp_path / "log.db", memory) as log:
        told: list[int] = []
        assert log.catch_up(until=7, progress=told.append) == 7
        assert log.catch_up(until=3) == 7
        assert log.catch_up(progress=told.append) == 600
        assert told == [7, 593]


def test_gaps_between_positions_are_none_between_leaves(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with open_recorder(url) as recorder:
        put(recorder, ENTRIES[:20])
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as db:
        db.execute("DELETE FROM event WHERE position IN (1, 7, 8)")
    with open_recorder(url) as recorder, log_at(tmp_path / "log.db", recorder) as log:
        assert log.catch_up() == 17
        assert [each.position for each in log.log.leaves(0, 7)] == [2, 3, 4, 5, 6, 9, 10]
        assert log.inclusion(position=9) == log.inclusion(position=9, size=17)
        found = log.inclusion(position=9)
        assert found and found.number == 5
        assert log.inclusion(position=7) is None


def test_an_entry_that_no_bundle_can_hold_is_a_leaf_by_its_hash(
    memory: Recorder, tmp_path: Path
) -> None:
    long = ENTRIES[0].data.replace(b'"Radio France"', b'"%b"' % (b"x" * 70_000))
    put(memory, [replace(ENTRIES[0], data=long)])
    with log_at(tmp_path / "log.db", memory) as log:
        log.catch_up()
        (leaf,) = leaves_in(log.log.bundle(Bundle(0, 1)))
        assert leaf.startswith(b'{"bytes":70')
        assert log.catch_up() == 1


def test_an_entry_that_is_not_canonical_is_refused(memory: Recorder, tmp_path: Path) -> None:
    put(memory, [*ENTRIES[:3], replace(ENTRIES[3], data=ENTRIES[3].data.replace(b":", b": ", 1))])
    with log_at(tmp_path / "log.db", memory) as log:
        with pytest.raises(NotCanonical, match="the entry at position 4 is not canonical JSON"):
            log.catch_up()
        assert log.log.size == 0
        assert log.catch_up(until=3) == 3


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":[1,2.50]}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{ "a":1}',
        b'{"a":"\\u0041"}',
        b'{"a":12345678901234567890}',
        b'{"a":NaN}',
        b'{"a":-0.0}',
        '{"\uffff":1,"\U0001f3f3":2}'.encode(),
        b"",
        b"{",
        b'{"a":' + b"[" * 1_000 + b"1.5" + b"]" * 1_000 + b"}",
    ],
)
def test_what_has_another_canonical_form_or_none_is_not_canonical(data: bytes) -> None:
    assert not is_canonical(data)


def test_what_the_ledger_writes_is_canonical() -> None:
    assert all(is_canonical(each.data) for each in ENTRIES)
    for data in (
        b'{"a":1.5,"b":1}',
        b'{"a":"1.0"}',
        b'{"a":"00:00:01.5"}',
        '{"\U0001f3f3":1,"\uffff":2}'.encode(),
    ):
        assert is_canonical(data)


# ---- What breaks in between ------------------------------------------------------------------


def test_what_breaks_in_the_middle_leaves_leaves_tiles_and_checkpoint_as_they_were(
    memory: Recorder, tmp_path: Path
) -> None:
    put(memory, ENTRIES[:300])
    with log_at(tmp_path / "log.db", memory) as log:
        log.catch_up()
        before, signed = contents(log), noted(log)
        put(memory, ENTRIES[300:])
        with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
            db.execute(
                "CREATE TRIGGER stop BEFORE INSERT ON signature BEGIN SELECT raise(FAIL, 'no'); END"
            )
            with pytest.raises(sqlite3.IntegrityError):
                log.catch_up()
            assert (contents(log), noted(log)) == (before, signed)
            db.execute("DROP TRIGGER stop")
        assert log.catch_up() == 600


def test_several_that_follow_into_one_file_do_everything_once(
    memory: Recorder, tmp_path: Path
) -> None:
    put(memory, ENTRIES)
    with log_at(tmp_path / "log.db", memory) as one, log_at(tmp_path / "log.db", memory) as two:

        def follow(log: TransparencyLog) -> int:
            for position in range(1, 600, 7):
                log.catch_up(until=position)
            return log.catch_up()

        with ThreadPoolExecutor(2) as threads:
            assert list(threads.map(follow, [one, two])) == [600, 600]
        with log_of(tmp_path / "other.db", ENTRIES) as other:
            assert contents(one) == contents(other)


def test_the_log_of_another_ledger_is_not_followed_on(memory: Recorder, tmp_path: Path) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:5]) as log:
        before = contents(log)
    put(memory, ENTRIES[1:9])
    with log_at(tmp_path / "log.db", memory) as log:
        with pytest.raises(
            LedgerDiffers, match=r"position 5 what the log took in as leaf 4.*alter"
        ):
            log.catch_up()
        assert contents(log) == before


def test_a_ledger_that_ends_before_its_log_is_not_followed_on(
    memory: Recorder, tmp_path: Path
) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:5]):
        pass
    put(memory, ENTRIES[:4])
    with log_at(tmp_path / "log.db", memory) as log, pytest.raises(LedgerDiffers):
        log.catch_up()


@pytest.mark.parametrize("content", [b"not a database at all, whatever its name" * 50, None])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "log.db"
    if content is None:
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE letter (text)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with closing(LogFile(path)) as file, pytest.raises(NotALogFile, match="can't hold the log"):
        _ = file.log
    assert path.read_bytes() == before


def test_a_log_that_nobody_uses_makes_no_file(tmp_path: Path) -> None:
    with closing(LogFile(tmp_path / "log.db")):
        pass
    assert list(tmp_path.iterdir()) == []


# ---- Proofs ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransparencyLog]:
    """A log of 600 leaves that nobody changes."""
    with log_of(tmp_path_factory.mktemp("log") / "log.db", ENTRIES) as log:
        yield log


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.data())
def test_any_entry_is_proven_in_any_tree_that_has_it(
    long_log: TransparencyLog, position: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(position, 600))
    found = long_log.inclusion(position, size)
    assert found
    assert (found.number, found.size) == (position - 1, size)
    assert found.leaf_hash == leaf_hash(ENTRIES[position - 1].data)
    assert found.root == root_of(leaf_hash(each.data) for each in ENTRIES[:size])
    verify_inclusion(found.leaf_hash, found.number, size, found.hashes, found.root)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 600), st.data())
def test_any_tree_is_proven_to_begin_with_any_earlier_one(
    long_log: TransparencyLog, new: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(0, new))
    found = long_log.consistency(old, new)
    verify_consistency(old, found.old_root, new, found.new_root, found.hashes)


def test_the_newest_tree_is_the_one_that_is_signed(long_log: TransparencyLog) -> None:
    found = long_log.inclusion(position=9)
    assert isinstance(found, Inclusion)
    assert (found.size, found.root) == (noted(long_log).size, noted(long_log).root)


def test_what_is_not_in_a_tree_is_said_in_plain_words(long_log: TransparencyLog) -> None:
    assert long_log.inclusion(position=601) is None
    for size in (0, 8, 601):
        with pytest.raises(NoSuchTree, match=f"from 9 to 600 leaves, not {size}"):
            long_log.inclusion(9, size)
    with pytest.raises(NoSuchTree, match="from 0 to 600 leaves, not 601"):
        long_log.consistency(1, 601)
    with pytest.raises(NoSuchTree, match="from 0 to 5 leaves, not 6"):
        long_log.consistency(6, 5)
    with pytest.raises(NoSuchTree, match="from 0 to 5 leaves, not -1"):
        long_log.consistency(-1, 5)


def test_a_tile_that_was_cut_off_proves_nothing(tmp_path: Path) -> None:
    with log_of(tmp_path / "log.db", ENTRIES) as log:
        with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
            db.execute("UPDATE tile SET hashes = substr(hashes, 1, 320) WHERE level = 0")
        with pytest.raises(DamagedTile, match=r"tile 0/000 should hold 256 hashes and holds 10"):
            log.inclusion(3, 300)


# ---- Checkpoints -----------------------------------------------------------------------------


def test_an_empty_log_has_a_checkpoint_too(memory: Recorder, tmp_path: Path) -> None:
    with log_at(tmp_path / "log.db", memory) as log:
        log.catch_up()
        assert noted(log) == Checkpoint(SIGNER.name, 0, EMPTY_ROOT)


def test_a_node_without_a_key_keeps_the_log_and_signs_nothing(
    memory: Recorder, tmp_path: Path
) -> None:
    put(memory, ENTRIES[:20])
    with log_at(tmp_path / "log.db", memory, signer=None) as log:
        assert log.catch_up() == 20
        assert log.checkpoint() is None
        assert log.cosigned() is None
        assert log.inclusion(position=9) is not None
    with log_at(tmp_path / "log.db", memory) as log:
        log.catch_up()
        assert noted(log).size == 20


def test_a_new_key_under_the_old_name_adds_its_signature(memory: Recorder, tmp_path: Path) -> None:
    new = SignerKey(SIGNER.name, KeyType.NOTE, bytes(32))
    put(memory, ENTRIES[:20])
    for signer in (SIGNER, new, SIGNER):
        with log_at(tmp_path / "log.db", memory, signer=signer) as log:
            log.catch_up()
            note = log.checkpoint()
    assert note
    assert len(note.verified([SIGNER.verifier, new.verifier])) == 2


def test_earlier_checkpoints_are_kept(memory: Recorder, tmp_path: Path) -> None:
    with log_at(tmp_path / "log.db", memory) as log:
        for each in ENTRIES[:5]:
            put(memory, [each])
            log.catch_up()
        assert [each.size for each in log.log.checkpoints()] == [1, 2, 3, 4, 5]
        note = log.checkpoint(3)
        assert note
        old, new = Checkpoint.parse(note.text), noted(log)
        proof = log.consistency(3, 5).hashes
        verify_consistency(old.size, old.root, new.size, new.root, proof)
        assert log.checkpoint(6) is None


def test_nothing_is_signed_that_contradicts_what_was_signed(
    memory: Recorder, tmp_path: Path
) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]):
        pass
    forged = replace(ENTRIES[3], data=ENTRIES[4].data)
    with log_of(tmp_path / "forged.db", [*ENTRIES[:3], forged, *ENTRIES[4:20]], signer=None):
        pass
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
        db.execute("ATTACH DATABASE ? AS forged", (str(tmp_path / "forged.db"),))
        for table in ("leaf", "tile"):
            db.execute(f"INSERT OR REPLACE INTO main.{table} SELECT * FROM forged.{table}")
    put(memory, [*ENTRIES[:3], forged, *ENTRIES[4:30]])
    with log_at(tmp_path / "log.db", memory) as log:
        with pytest.raises(WouldFork, match="a checkpoint of 20 leaves was signed"):
            log.catch_up()
        assert noted(log).size == log.log.size == 20


def test_nothing_is_signed_by_a_log_that_is_shorter_than_what_it_has_signed(
    memory: Recorder, tmp_path: Path
) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]):
        pass
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as db:
        db.execute("DELETE FROM leaf WHERE number >= 10")
    put(memory, ENTRIES[:10])
    with log_at(tmp_path / "log.db", memory) as log, pytest.raises(WouldFork, match="which has 10"):
        log.catch_up()


# ---- Building it again -----------------------------------------------------------------------


def by_hand(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            assert db.execute(statement).rowcount > 0


def test_a_damaged_log_is_built_again_and_keeps_what_was_signed(
    memory: Recorder, tmp_path: Path
) -> None:
    with log_at(tmp_path / "log.db", memory) as log:
        for start, end in ((0, 100), (100, 600)):
            put(memory, ENTRIES[start:end])
            log.catch_up()
        log.add_cosignatures(witnessed(log.checkpoint(100), WITNESS))
        whole, signed = contents(log), [str(log.log.note(each)) for each in log.log.checkpoints()]
        by_hand(
            tmp_path / "log.db",
            "UPDATE tile SET hashes = substr(hashes, 1, 64) WHERE level = 0",
            "DELETE FROM leaf WHERE number BETWEEN 300 AND 310",
            "UPDATE leaf SET data = 'x' WHERE number = 7",
        )
        told: list[int] = []
        assert log.rebuild(told.append) == sum(told) == 600
        assert contents(log) == whole
        assert [str(log.log.note(each)) for each in log.log.checkpoints()] == signed


def test_a_log_is_not_built_again_from_a_ledger_that_was_rewritten(
    memory: Recorder, tmp_path: Path
) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]) as log:
        before = contents(log)
    put(memory, [*ENTRIES[:3], replace(ENTRIES[3], data=ENTRIES[4].data), *ENTRIES[4:30]])
    with log_at(tmp_path / "log.db", memory) as log:
        with pytest.raises(WouldFork, match="a checkpoint of 20 leaves was signed"):
            log.rebuild()
        assert contents(log) == before


def test_a_log_is_not_built_again_from_a_ledger_that_is_shorter_than_what_was_signed(
    memory: Recorder, tmp_path: Path
) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]) as log:
        before = contents(log)
    put(memory, ENTRIES[:19])
    with log_at(tmp_path / "log.db", memory) as log:
        with pytest.raises(WouldFork, match="the log, which has 19"):
            log.rebuild()
        assert contents(log) == before


# ---- Witnesses -------------------------------------------------------------------------------


def witnessed(note: SignedNote | None, *witnesses: SignerKey, at: int = SEEN_AT) -> SignedNote:
    """The checkpoint as witnesses hand it back."""
    assert note
    made = [witness.cosign(note.text, at=at) for witness in witnesses]
    return SignedNote(note.text, (*note.signatures, *made))


def test_cosignatures_are_kept_and_served_with_their_checkpoint(tmp_path: Path) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]) as log:
        assert log.cosigned() is None
        assert log.add_cosignatures(witnessed(log.checkpoint(), WITNESS)) == [WITNESS.name]
        log.add_cosignatures(witnessed(log.checkpoint(20), ANOTHER_WITNESS))
        note = log.checkpoint()
        assert note
        assert [each.name for each in note.verified(KEYS)] == [
            SIGNER.name,
            WITNESS.name,
            ANOTHER_WITNESS.name,
        ]
        assert log.cosigned() == note
        assert SignedNote.parse(str(note)) == note


def test_a_checkpoint_keeps_its_cosignatures_as_the_log_grows(
    memory: Recorder, tmp_path: Path
) -> None:
    put(memory, ENTRIES[:20])
    with log_at(tmp_path / "log.db", memory) as log:
        log.catch_up()
        log.add_cosignatures(witnessed(log.checkpoint(), WITNESS))
        put(memory, ENTRIES[20:30])
        log.catch_up()
        assert len(str(log.checkpoint()).splitlines()) == 5
        cosigned = log.cosigned()
        assert cosigned
        assert Checkpoint.parse(cosigned.text).size == 20


def test_a_witness_that_cosigns_again_replaces_its_cosignature(tmp_path: Path) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]) as log:
        for at in (SEEN_AT, SEEN_AT + 60):
            log.add_cosignatures(witnessed(log.checkpoint(20), WITNESS, at=at))
        note = log.checkpoint()
        assert note
        times = [each.witnessed_at for each in note.signatures if each.name == WITNESS.name]
        assert times == [SEEN_AT + 60]


def test_strangers_are_passed_over_and_alone_refused(tmp_path: Path) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]) as log:
        with pytest.raises(NotOurs, match=r"no witness that TENURE_WITNESSES names.*stranger"):
            log.add_cosignatures(witnessed(log.checkpoint(), STRANGER))
        both = witnessed(log.checkpoint(), STRANGER, WITNESS)
        assert log.add_cosignatures(both) == [WITNESS.name]
        assert STRANGER.name not in str(log.checkpoint())


def test_a_forged_cosignature_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]) as log:
        note = witnessed(log.checkpoint(), WITNESS, ANOTHER_WITNESS)
        *others, last = note.signatures
        forged = Signature(last.name, last.key_id, last.made[:-1] + b"\0")
        with pytest.raises(Forged, match=r"witness\.example\.org"):
            log.add_cosignatures(SignedNote(note.text, (*others, forged)))
        assert log.cosigned() is None


def test_only_checkpoints_of_this_log_are_cosigned(tmp_path: Path) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[:20]) as log:
        for other in (
            Checkpoint(SIGNER.name, 20, EMPTY_ROOT),
            Checkpoint(SIGNER.name, 19, EMPTY_ROOT),
            replace(noted(log), origin="example.com/another"),
        ):
            note = SignedNote(other.text, (WITNESS.cosign(other.text, at=SEEN_AT),))
            with pytest.raises(NotOurs, match=f"no checkpoint of {other.size} leaves"):
                log.add_cosignatures(note)


def test_a_leaf_hash_is_that_of_the_bytes_that_are_stored_whatever_their_revision(
    tmp_path: Path,
) -> None:
    with log_of(tmp_path / "log.db", ENTRIES[: len(WORLD)]) as log:
        for number, leaf in enumerate(log.log.leaves(0, len(WORLD))):
            assert decode(leaf.position, leaf.data).statement.event == WORLD[number]
            assert hash_in_tile(log.log, number) == leaf_hash(ENTRIES[number].data)


def test_a_ledger_and_its_log_agree_about_a_real_recording(ledger_url: str, tmp_path: Path) -> None:
    with open_recorder(ledger_url) as recorder:
        ledger = Ledger(recorder, lambda: NOW)
        ledger.record(history(40), by="archivist")
        with log_at(tmp_path / "log.db", recorder) as log:
            assert log.catch_up() == 40
            assert log.log.tile(Tile(0, 0, 40)) == b"".join(
                leaf_hash(each.event.data) for each in ledger.stored()
            )
