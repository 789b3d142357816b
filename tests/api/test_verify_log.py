"""Is a log of somebody else checked from outside, and is every alteration named with its place?"""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

from api.http.app import create_app
from api.http.auth.admission import AdmissionMiddleware
from api.http.auth.gate import Gate
from api.http.log_routes import add_tlog_routes
from infra.ledger.engines import open_recorder
from infra.log.checkpoints import Checkpoint
from infra.log.key_files import read_signer_key, write_signer_key
from infra.log.merkle import EMPTY_ROOT
from infra.log.signed_notes import KeyType, SignedNote, SignerKey
from infra.log.tiled_log import CHECKPOINT
from infra.log.tiles import WIDTH, Bundle, tiles_of
from infra.log.transparency_log import TransparencyLog
from infra.settings import Settings
from tests.api.serving import serving, wait_for_log
from tests.command_line import KIDAL, CommandLine, Outcome
from tests.keys import token_of, write_keys, write_private
from tests.logs import SIGNER, STRANGER, WITNESS, history, log_at, put, stored

SIZE = 600
ENTRIES = stored(history(SIZE))
KEY, WITNESS_KEY = str(SIGNER.verifier), str(WITNESS.verifier)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransparencyLog]:
    """A log of 600 leaves, with a cosigned checkpoint of 300."""
    path = tmp_path_factory.mktemp("log")
    with open_recorder("memory:") as recorder, log_at(path / "log.db", recorder) as log:
        put(recorder, ENTRIES[:300])
        log.catch_up()
        note = log.checkpoint()
        assert note
        log.add_cosignatures(SignedNote(note.text, (WITNESS.cosign(note.text, at=1_700_000_000),)))
        put(recorder, ENTRIES[300:])
        log.catch_up()
        yield log


@pytest.fixture(scope="module")
def url(log: TransparencyLog) -> Iterator[str]:
    """The address of that log on a real server."""
    app = FastAPI()
    app.state.node = SimpleNamespace(log=log)
    app.add_middleware(AdmissionMiddleware, gate=Gate(Settings()))
    add_tlog_routes(app)
    with serving(app) as address:
        yield f"{address}/tlog"


@pytest.fixture
def folder(log: TransparencyLog, tmp_path: Path) -> Path:
    """The files of that log in a folder, to be altered."""
    folder = tmp_path / "mirror"
    bundles = [Bundle(at // WIDTH, min(WIDTH, SIZE - at)) for at in range(0, SIZE, WIDTH)]
    files = {tile.path: log.log.tile(tile) for tile in tiles_of(SIZE)}
    files |= {bundle.path: log.log.bundle(bundle) for bundle in bundles}
    for path, content in files.items():
        (folder / "tile" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tile" / path).write_bytes(content)
    (folder / CHECKPOINT).write_text(str(log.checkpoint()))
    (folder / "cosigned").write_text(str(log.cosigned()))
    return folder


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def verified(cli: CommandLine, place: str | Path, *more: str | Path, key: str = KEY) -> Outcome:
    return cli.run("verify-log", place, "--key", key, *more)


def findings(
    cli: CommandLine, place: str | Path, *more: str | Path
) -> list[tuple[str, object, object]]:
    """What is wrong, at which leaf or tile."""
    outcome = verified(cli, place, "--json", *more)
    assert outcome.code == 1
    told = json.loads(outcome.stdout)
    assert not told["sound"]
    return [(each["wrong"], each["leaf"], each["tile"]) for each in told["findings"]]


# ---- What is sound ---------------------------------------------------------------------------


def test_a_log_on_a_server_is_checked_as_it_is_served(cli: CommandLine, url: str) -> None:
    outcome = verified(cli, url, "--key", WITNESS_KEY)
    assert (outcome.code, outcome.stderr) == (0, "")
    origin, root, *lines = outcome.stdout.splitlines()
    assert origin == f"{url}: the log example.com/tenure, 600 leaves"
    assert root.startswith("Root ")
    assert lines == [
        "4 tiles: each follows from those below, up to the root.",
        "600 entries: each is its leaf of the tree.",
        "Signed by example.com/tenure, over it.",
        "Signed by example.com/tenure, over its first 300 entries.",
        f"Signed by {WITNESS.name}, over its first 300 entries, seen at 2023-11-14T22:13:20Z.",
    ]


def test_the_server_of_a_node_is_checked_with_the_key_that_keygen_printed(cli: CommandLine) -> None:
    key = cli.run("keygen", cli.folder / "log.key", "--name", "example.com/mali").stdout.strip()
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    keys = cli.write("keys", f"# of the node\n{key}\n")
    update = {"signing_key": cli.folder / "log.key"}
    with serving(create_app(cli.settings.model_copy(update=update))) as address:
        wait_for_log(address)
        outcome = verified(cli, f"{address}/tlog", "--json", key=keys)
    told = json.loads(outcome.stdout)
    assert (outcome.code, told["sound"], told["findings"]) == (0, True, [])
    assert (told["origin"], told["size"], told["entries"]) == ("example.com/mali", 13, 13)
    assert told["signed"] == [{"by": "example.com/mali", "size": 13, "witnessedAt": None}]
    assert str(read_signer_key(cli.folder / "log.key").verifier) == key


def test_a_folder_of_tiles_is_checked_without_a_network(cli: CommandLine, folder: Path) -> None:
    outcome = verified(cli, f"{folder}")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert "600 entries: each is its leaf of the tree.\n" in outcome.stdout


def test_tiles_without_entries_say_so(cli: CommandLine, folder: Path) -> None:
    (folder / "tile" / "entries").rename(folder / "elsewhere")
    outcome = verified(cli, folder)
    assert outcome.code == 0
    assert "No entries are there: the hashes of the leaves were checked alone.\n" in outcome.stdout
    assert json.loads(verified(cli, folder, "--json").stdout)["entries"] is None


def test_a_partial_tile_is_read_from_the_full_one(
    cli: CommandLine, folder: Path, log: TransparencyLog
) -> None:
    for name in ("0", "entries"):
        (partial,) = (folder / "tile" / name / "002.p").iterdir()
        partial.rename(folder / "tile" / name / "002")
        partial.parent.rmdir()
    assert verified(cli, folder).code == 0


def test_an_empty_log_is_sound(cli: CommandLine, tmp_path: Path) -> None:
    text = Checkpoint(SIGNER.name, 0, EMPTY_ROOT).text
    (tmp_path / CHECKPOINT).write_text(str(SignedNote(text, (SIGNER.sign(text),))))
    assert verified(cli, tmp_path).code == 0


# ---- What was altered ------------------------------------------------------------------------


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("file", "at", "expected"),
    [
        ("0/000", 41 * 32, ("tile damaged", 41, "0/000")),
        ("0/002.p/88", 10 * 32, ("tile damaged", 522, "0/002.p/88")),
        ("1/000.p/2", 40, ("tile damaged", None, "1/000.p/2")),
        ("entries/000", 5, ("leaf altered", 0, None)),
        ("entries/002.p/88", 5, ("leaf altered", 512, None)),
    ],
)
def test_a_flipped_bit_is_named_with_its_tile_or_leaf(
    cli: CommandLine, folder: Path, file: str, at: int, expected: tuple[str, object, object]
) -> None:
    flip(folder / "tile" / file, at)
    assert findings(cli, folder) == [expected]
    assert f"{folder} is NOT what it should be.\n" in verified(cli, folder).stderr


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("0/001", ("tile damaged", 511, "0/001")),
        ("1/000.p/2", ("tile damaged", None, "1/000.p/2")),
        ("entries/001", ("leaf altered", 256, None)),
    ],
)
def test_a_file_that_is_cut_off_is_named(
    cli: CommandLine, folder: Path, file: str, expected: tuple[str, object, object]
) -> None:
    path = folder / "tile" / file
    path.write_bytes(path.read_bytes()[:-7])
    assert findings(cli, folder) == [expected]


@pytest.mark.parametrize(
    ("file", "expected"),
    [("0/001", ("tile damaged", 256, "0/001")), ("entries/001", ("leaf altered", 256, None))],
)
def test_a_file_that_is_missing_or_a_link_is_named(
    cli: CommandLine, folder: Path, file: str, expected: tuple[str, object, object]
) -> None:
    path = folder / "tile" / file
    path.rename(folder / "elsewhere")
    assert findings(cli, folder) == [expected]
    path.symlink_to(folder / "elsewhere")
    assert findings(cli, folder) == [expected]


def test_a_log_that_is_rewritten_throughout_contradicts_its_root(
    cli: CommandLine, folder: Path, tmp_path: Path
) -> None:
    with open_recorder("memory:") as recorder, log_at(tmp_path / "other.db", recorder) as other:
        put(recorder, [*ENTRIES[:41], ENTRIES[42], ENTRIES[41], *ENTRIES[43:]])
        other.catch_up()
        for tile in tiles_of(SIZE):
            (folder / "tile" / tile.path).write_bytes(other.log.tile(tile))
        (folder / "tile/entries/000").write_bytes(other.log.bundle(Bundle(0)))
    assert findings(cli, folder) == [("root differs", None, None)] * 2
    assert "cosigned: what is here is not what was signed" in verified(cli, folder).stderr


def test_a_log_that_only_claims_its_size_is_not_read_for_ever(
    cli: CommandLine, tmp_path: Path
) -> None:
    text = Checkpoint(SIGNER.name, 2**50, EMPTY_ROOT).text
    (tmp_path / CHECKPOINT).write_text(str(SignedNote(text, (SIGNER.sign(text),))))
    assert {wrong for wrong, *_ in findings(cli, tmp_path)} == {"tile damaged"}


# ---- Signatures ------------------------------------------------------------------------------


def test_every_key_has_to_have_signed(cli: CommandLine, url: str) -> None:
    outcome = verified(cli, url, "--key", str(STRANGER.verifier))
    outcome.refused("not signed: the key stranger.example.net has not signed the checkpoint of 600")
    renewed = SignerKey(SIGNER.name, KeyType.NOTE, bytes(32)).verifier
    verified(cli, url, key=str(renewed)).refused("not signed: the key example.com/tenure has not")


def test_a_key_of_the_log_that_signed_an_earlier_checkpoint_alone_is_not_enough(
    cli: CommandLine, folder: Path, log: TransparencyLog
) -> None:
    (folder / CHECKPOINT).write_text(f"{log.checkpoint()}{WITNESS.cosign('x', at=1)}\n")
    assert findings(cli, folder, "--key", WITNESS_KEY) == [("signature forged", None, None)]
    note = log.checkpoint()
    assert note
    made = STRANGER.cosign(note.text, at=1_700_000_000)
    (folder / CHECKPOINT).write_text(str(SignedNote(note.text, (made,))))
    assert findings(cli, folder) == [("not signed", None, None)]


def test_a_key_is_asked_for(cli: CommandLine, url: str) -> None:
    assert cli.run("verify-log", url).code == 2


# ---- Checkpoints that were kept --------------------------------------------------------------


def kept(cli: CommandLine, size: int, root: bytes, origin: str = SIGNER.name) -> str:
    text = Checkpoint(origin, size, root).text
    return cli.write("kept", str(SignedNote(text, (SIGNER.sign(text),))))


def test_a_log_begins_with_the_checkpoints_that_were_kept(
    cli: CommandLine, url: str, log: TransparencyLog
) -> None:
    outcome = verified(cli, url, "--checkpoint", kept(cli, 100, log.log.root(100)))
    assert outcome.code == 0
    assert outcome.stdout.endswith("It begins with 1 checkpoint kept elsewhere.\n")


@pytest.mark.parametrize(
    ("size", "origin", "words"),
    [
        (100, SIGNER.name, "history forked: somebody has seen a checkpoint of 100 leaves"),
        (601, SIGNER.name, "log rolled back: there is a checkpoint of 601 leaves"),
        (100, "example.com/other", "is of the log example.com/other, not of example.com/tenure"),
    ],
)
def test_a_checkpoint_that_contradicts_the_log_is_named(
    cli: CommandLine, url: str, size: int, origin: str, words: str
) -> None:
    verified(cli, url, "--checkpoint", kept(cli, size, EMPTY_ROOT, origin)).refused(words)


# ---- What can't be read ----------------------------------------------------------------------


def test_what_is_no_log_is_refused(cli: CommandLine, url: str, tmp_path: Path) -> None:
    verified(cli, tmp_path / "nowhere").refused("nowhere is no folder, and no address that begins")
    verified(cli, tmp_path).refused("there is no checkpoint")
    verified(cli, f"{url}/tile").refused("the server answers with status 400")
    text = Checkpoint("example\u009b2J", 0, EMPTY_ROOT).text
    (tmp_path / CHECKPOINT).write_text(str(SignedNote(text, (SIGNER.sign(text),))))
    verified(cli, tmp_path).refused("'example\\x9b2J' can't be printed as the name of a log")
    (tmp_path / CHECKPOINT).write_text("hello\n")
    verified(cli, tmp_path).refused("checkpoint: a note is a text, an empty line")
    (tmp_path / CHECKPOINT).write_bytes(b"\xff" * 200_000)
    verified(cli, tmp_path).refused("is longer than 100,000 bytes")


# ---- Entries for auditors --------------------------------------------------------------------


def test_an_auditor_checks_the_entries_with_a_token(cli: CommandLine, tmp_path: Path) -> None:
    key = tmp_path / "log.key"
    write_signer_key(key, SIGNER)
    cli.run("record", cli.write("kidal.yaml", KIDAL))
    keys = write_keys(tmp_path / "keys.json", {"auditor": ["audit"], "reader": ["read"]})
    settings = cli.settings.model_copy(update={"signing_key": key, "keys": keys, "read": "anybody"})
    with serving(create_app(settings)) as address:
        wait_for_log(address)
        place = f"{address}/tlog"
        verified(cli, place).refused("answers 401", "--token-file names a file")
        reader = write_private(tmp_path / "reader", token_of("reader"))
        verified(cli, place, "--token-file", reader).refused("answers 403")
        auditor = write_private(tmp_path / "auditor", f"{token_of('auditor')}\n")
        assert verified(cli, place, "--token-file", auditor).code == 0
        auditor.chmod(0o644)
        verified(cli, place, "--token-file", auditor).refused(f"chmod 600 {auditor}")
    for content, said in (("a\nb", "more than one line"), (b"\xff", "can't be read")):
        verified(cli, place, "--token-file", write_private(reader, content)).refused(said)
