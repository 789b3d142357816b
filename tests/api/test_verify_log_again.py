"""Does a check of somebody else's log go on from the last one, and find what changed since?"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.ledger.dcb import StoredEvent
from infra.ledger.engines import open_recorder
from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import SignedNote, SignerKey
from infra.log.tiles import WIDTH, Bundle, tiles_of
from infra.log.transparency_log import TransparencyLog
from tests.command_line import CommandLine, Outcome
from tests.logs import (
    ANOTHER_WITNESS,
    SIGNER,
    STRANGER,
    WITNESS,
    history,
    log_at,
    put,
    stored,
)

ENTRIES = stored(history(700))
SWAPPED = [*ENTRIES[:41], ENTRIES[42], ENTRIES[41], *ENTRIES[43:]]
KEY = str(SIGNER.verifier)
Mirror = Callable[..., Path]


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Mirror:
    """Writes the files of a log of some entries into a folder: of the true log, or of a fork."""
    made: dict[tuple[int, bool], Path] = {}
    path = tmp_path_factory.mktemp("logs")

    def of(folder: Path, size: int, *, is_forked: bool = False) -> Path:
        at = made.setdefault((size, is_forked), path / f"{size}-{is_forked}")
        if not at.exists():
            entries = (SWAPPED if is_forked else ENTRIES)[:size]
            with (
                open_recorder("memory:") as recorder,
                log_at(path / f"{at.name}.db", recorder) as log,
            ):
                put(recorder, entries)
                log.catch_up()
                written(log, size, at)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(at, folder)
        return folder

    return of


def written(log: TransparencyLog, size: int, folder: Path) -> None:
    bundles = [Bundle(at // WIDTH, min(WIDTH, size - at)) for at in range(0, size, WIDTH)]
    files = {f"tile/{tile.path}": log.log.tile(tile) for tile in tiles_of(size)}
    files |= {f"tile/{bundle.path}": log.log.bundle(bundle) for bundle in bundles}
    files["checkpoint"] = str(log.checkpoint()).encode()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def cosign(folder: Path, *witnesses: SignerKey, at: int = 1_700_000_000) -> None:
    path = folder / "checkpoint"
    note = SignedNote.parse(path.read_text())
    made = tuple(each.cosign(note.text, at=at) for each in witnesses)
    path.write_text(str(SignedNote(note.text, note.signatures + made)))


class Auditor(CommandLine):
    """Checks one folder again and again, with a state."""

    @property
    def folder_of_log(self) -> Path:
        return self.folder / "mirror"

    @property
    def state(self) -> Path:
        return self.folder / "state.json"

    def check(self, *more: str | Path, key: str = KEY) -> Outcome:
        args = ("--key", key, "--state", self.state, *more)
        return self.run("verify-log", self.folder_of_log, *args)

    def since(self) -> dict[str, object]:
        told: dict[str, object] = json.loads(self.check("--json").stdout)["since"]
        return told

    def fails(self, *words: str, more: tuple[str | Path, ...] = ()) -> None:
        """The check finds that, and leaves the state as it was."""
        before = self.state.read_bytes()
        self.check(*more).refused(*words)
        assert self.state.read_bytes() == before


@pytest.fixture
def auditor(tmp_path: Path, mirror: Mirror) -> Auditor:
    """An auditor who has checked 300 leaves."""
    auditor = Auditor(tmp_path)
    mirror(auditor.folder_of_log, 300)
    first = auditor.check()
    assert first.code == 0, first
    assert "since the check" not in first.stdout
    return auditor


# ---- What changed ----------------------------------------------------------------------------


def test_a_log_that_is_the_same_says_so(auditor: Auditor) -> None:
    told = auditor.check()
    assert told.code == 0
    assert "Nothing was added since the check of 2" in told.stdout
    assert ", when it had 300.\n" in told.stdout


@pytest.mark.parametrize("size", [301, 511, 512, 513, 700])
def test_what_was_added_is_told(auditor: Auditor, mirror: Mirror, size: int) -> None:
    mirror(auditor.folder_of_log, size)
    told = auditor.check()
    assert told.code == 0, told
    assert f"leaves 300 to {size - 1}.\n" in told.stdout
    assert f"By type: TownSeized {size - 300}.\nBy place: kidal {size - 300}.\n" in told.stdout
    assert auditor.since() | {"checkedAt": ""} == {
        "checkedAt": "",
        "size": size,
        "added": 0,
        "types": {},
        "places": {},
        "cosigned": [],
    }


def test_only_what_is_new_is_read(auditor: Auditor, mirror: Mirror) -> None:
    mirror(auditor.folder_of_log, 700)
    for name in ("tile/0/000", "tile/entries/000"):
        (auditor.folder_of_log / name).unlink()
    assert auditor.check().code == 0
    auditor.fails("tile damaged: tile 0/000", more=("--whole",))


def test_who_has_cosigned_since_is_told_once(auditor: Auditor, mirror: Mirror) -> None:
    witnesses = ("--witnesses", auditor.write("w", f"{WITNESS.verifier}\n"))
    cosign(auditor.folder_of_log, WITNESS)
    new = f"Cosigned since then by {WITNESS.name}, over it.\n"
    assert new in auditor.check(*witnesses).stdout
    assert new not in auditor.check(*witnesses).stdout
    assert auditor.check().code == 0  # by somebody who doesn't ask about witnesses
    assert new not in auditor.check(*witnesses).stdout
    mirror(auditor.folder_of_log, 301)
    cosign(auditor.folder_of_log, WITNESS)
    assert new in auditor.check(*witnesses).stdout


def test_what_a_hostile_log_writes_is_not_printed_as_it_is(auditor: Auditor) -> None:
    entry = b'{"event":{"location":"\\u001b[2J"},"type":"Gone\\nThe log is sound"}'
    with (
        open_recorder("memory:") as recorder,
        log_at(auditor.folder / "hostile.db", recorder) as log,
    ):
        put(recorder, ENTRIES[:300])
        log.catch_up()
        put(recorder, [StoredEvent(type="TownSeized", data=entry, tags=["location:kidal"])])
        log.catch_up()
        shutil.rmtree(auditor.folder_of_log)
        written(log, 301, auditor.folder_of_log)
    told = auditor.check()
    assert told.code == 0, told
    assert "By type: of a form that is not told here 1.\n" in told.stdout
    assert "\x1b" not in told.stdout


# ---- What went wrong -------------------------------------------------------------------------


def test_a_log_that_was_rolled_back_is_found(auditor: Auditor, mirror: Mirror) -> None:
    for size in (299, 256, 40):
        mirror(auditor.folder_of_log, size)
        auditor.fails("log rolled back: there is a checkpoint of 300 leaves", "NOT what it should")


@pytest.mark.parametrize("size", [300, 301, 512, 700])
def test_a_log_that_was_forked_is_found(auditor: Auditor, mirror: Mirror, size: int) -> None:
    mirror(auditor.folder_of_log, size, is_forked=True)
    auditor.fails("history forked: somebody has seen a checkpoint of 300 leaves")
    auditor.fails("history forked", more=("--whole",))


def test_a_fork_that_serves_the_old_tiles_is_found(auditor: Auditor, mirror: Mirror) -> None:
    """The server of a forked log hides the fork in what is not read again."""
    mirror(auditor.folder_of_log, 700, is_forked=True)
    true = mirror(auditor.folder / "true", 700)
    for name in ("tile/0/000", "tile/entries/000"):
        shutil.copy(true / name, auditor.folder_of_log / name)
    auditor.fails("root differs")


def test_another_log_at_the_same_place_is_found(auditor: Auditor) -> None:
    path = auditor.folder_of_log / "checkpoint"
    found = Checkpoint.parse(SignedNote.parse(path.read_text()).text)
    other = SignerKey("example.com/other", SIGNER.type, bytes(32))
    text = Checkpoint(other.name, found.size, found.root).text
    path.write_text(str(SignedNote(text, (other.sign(text),))))
    before = auditor.state.read_bytes()
    auditor.check(key=str(other.verifier)).refused("of the log example.com/tenure, not of")
    assert auditor.state.read_bytes() == before


def test_checkpoints_from_before_the_state_still_count(auditor: Auditor, mirror: Mirror) -> None:
    kept = mirror(auditor.folder / "old", 40) / "checkpoint"
    forked = mirror(auditor.folder / "forked", 100, is_forked=True) / "checkpoint"
    mirror(auditor.folder_of_log, 700)
    words = "history forked: somebody has seen a checkpoint of 100"
    auditor.fails(words, more=("--checkpoint", forked))
    assert auditor.check("--checkpoint", kept).code == 0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"version": 1', '"version": 2', "version"),
        ('"edge": [', '"edge": ["AAAA",', "it was altered"),
        ("\\n300\\n", "\\n301\\n", "it was altered"),
        ('"checked_at"', '"checked"', "checked_at"),
        ("{", "", "the whole"),
        ("example.com/tenure\\n300", "example.com/tenure", "three lines"),
    ],
)
def test_an_altered_state_is_refused(auditor: Auditor, old: str, new: str, words: str) -> None:
    content = auditor.state.read_text()
    assert old in content
    auditor.state.write_text(content.replace(old, new, 1))
    auditor.fails("can't be gone on from", words)


def test_a_state_by_another_key_is_a_finding(auditor: Auditor) -> None:
    content = json.loads(auditor.state.read_text())
    note = SignedNote.parse(content["checkpoint"])
    forged = SIGNER.sign("another text\n")
    content["checkpoint"] = str(SignedNote(note.text, (forged,)))
    auditor.state.write_text(json.dumps(content))
    auditor.fails("signature forged")


def test_a_state_that_cannot_be_written_is_said(auditor: Auditor) -> None:
    auditor.state.unlink()
    auditor.state.mkdir()
    auditor.check().refused("can't be gone on from: it is no file")


def test_a_state_that_cannot_be_kept_is_said_after_the_certificate(auditor: Auditor) -> None:
    args = ("--key", KEY, "--state", auditor.folder / "nowhere" / "state.json")
    told = auditor.run("verify-log", auditor.folder_of_log, *args)
    told.refused("the state can't be kept in", "--no-state")
    assert "300 leaves\n" in told.stdout


def test_a_folder_has_no_state_unless_one_is_named(auditor: Auditor) -> None:
    auditor.state.unlink()
    assert auditor.run("verify-log", auditor.folder_of_log, "--key", KEY).code == 0
    assert not list(auditor.folder.glob("*.json"))
    assert auditor.check("--no-state").code == 2


# ---- Witnesses -------------------------------------------------------------------------------


def listed(auditor: Auditor, *witnesses: SignerKey) -> tuple[str, str]:
    lines = "".join(f"{each.verifier} https://w.example.org\n" for each in witnesses)
    return "--witnesses", auditor.write("witnesses.txt", lines)


def test_fewer_witnesses_than_asked_for_are_a_finding(auditor: Auditor) -> None:
    three = listed(auditor, WITNESS, ANOTHER_WITNESS, STRANGER)
    auditor.fails("too few witnesses: 0 of the 2 asked for", more=three)
    cosign(auditor.folder_of_log, WITNESS)
    auditor.fails("too few witnesses: 1 of the 2 asked for", WITNESS.name, more=three)
    assert auditor.check(*three, "--quorum", "1").code == 0
    cosign(auditor.folder_of_log, ANOTHER_WITNESS)
    told = auditor.check(*three)
    assert told.code == 0
    names = f"{WITNESS.name}, {ANOTHER_WITNESS.name}"
    assert f"Cosigned by 2 of 3 witnesses: {names}.\n" in told.stdout
    auditor.fails("too few witnesses: 2 of the 3 asked for", more=(*three, "--quorum", "3"))


def test_entries_after_the_cosigned_checkpoint_are_counted(
    auditor: Auditor, mirror: Mirror
) -> None:
    cosign(auditor.folder_of_log, WITNESS)
    cosigned = (auditor.folder_of_log / "checkpoint").read_bytes()
    mirror(auditor.folder_of_log, 700)
    (auditor.folder_of_log / "cosigned").write_bytes(cosigned)
    told = auditor.check(*listed(auditor, WITNESS))
    assert told.code == 0, told
    assert "Of the last 400 entries that is not so" in told.stdout


def test_cosignatures_under_two_checkpoints_are_no_quorum(auditor: Auditor, mirror: Mirror) -> None:
    cosign(auditor.folder_of_log, WITNESS)
    cosigned = (auditor.folder_of_log / "checkpoint").read_bytes()
    mirror(auditor.folder_of_log, 700)
    cosign(auditor.folder_of_log, ANOTHER_WITNESS)
    (auditor.folder_of_log / "cosigned").write_bytes(cosigned)
    auditor.fails("1 of the 2 asked for", more=listed(auditor, WITNESS, ANOTHER_WITNESS))


def test_a_forged_cosignature_is_a_finding(auditor: Auditor) -> None:
    path = auditor.folder_of_log / "checkpoint"
    note = SignedNote.parse(path.read_text())
    forged = WITNESS.cosign("another text\n", at=1_700_000_000)
    path.write_text(str(SignedNote(note.text, (*note.signatures, forged))))
    auditor.fails("signature forged", more=(*listed(auditor, WITNESS), "--quorum", "1"))


def test_a_quorum_is_of_witnesses_that_are_named(auditor: Auditor) -> None:
    assert auditor.check("--quorum", "1").code == 2
    assert auditor.check(*listed(auditor, WITNESS), "--quorum", "2").code == 2
    assert auditor.check(*listed(auditor, WITNESS), "--quorum", "0").code == 2
