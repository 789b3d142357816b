"""A ledger leaves as a bundle, is checked and asked far from any node, and comes back."""

import filecmp
import json
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from itertools import product
from pathlib import Path
from time import sleep

import orjson
import pytest

from api.node import open_node
from domain.occurred import rfc3339
from infra.ledger.sqlite.recorder import SqliteRecorder
from infra.log.key_files import read_signer_key
from infra.log.signed_notes import KeyType, SignedNote, SignerKey, VerifierKey
from tests.bundles import lines_of, put_lines, redo_manifest
from tests.command_line import KIDAL, CommandLine
from tests.infra.ledger.test_kill import statements
from tests.logs import STRANGER, WITNESS

OFFLINE = {
    "TENURE_LEDGER": "postgresql://nobody@127.0.0.1:9/nowhere",
    "TENURE_VIEWS": "/nowhere/views.db",
    "TENURE_SIGNING_KEY": "/nowhere/key",
}
"""Settings with which nothing else would run."""


@pytest.fixture(scope="module")
def mali(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The Mali scenario, its key, and a bundle of it."""
    cli = CommandLine(tmp_path_factory.mktemp("mali"))
    assert cli.run("demo", "--no-serve").code == 0
    cli.run("keygen", cli.folder / "log.key", "--name", "example.com/mali")
    assert cli.run("export", cli.folder / "bundle", **signing(cli)).code == 0
    return cli


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """A command line whose ledger knows of Kidal, and that has a key."""
    cli = CommandLine(tmp_path)
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    cli.run("keygen", cli.folder / "log.key", "--name", "example.com/mali")
    return cli


def signing(cli: CommandLine) -> dict[str, str]:
    return {"TENURE_SIGNING_KEY": str(cli.folder / "log.key")}


def key_of(cli: CommandLine) -> VerifierKey:
    return read_signer_key(cli.folder / "log.key").verifier


def exported(cli: CommandLine, name: str, *options: str) -> Path:
    done = cli.run("export", cli.folder / name, *options, **signing(cli))
    assert done.code == 0, done.stderr
    return cli.folder / name


def files_in(folder: Path) -> list[str]:
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*"))


# ---- Export ----------------------------------------------------------------------------------


def test_a_bundle_is_a_folder_of_plain_files(cli: CommandLine) -> None:
    done = cli.run("export", cli.folder / "bundle", **signing(cli))
    assert done.code == 0
    assert "13 of 13 entries, up to position 13, root " in done.stdout
    assert "signed by example.com/mali" in done.stdout
    assert done.stderr == ""
    assert files_in(cli.folder / "bundle") == [
        "checkpoint",
        "entries.jsonl",
        "manifest.json",
        "tile",
        "tile/0",
        "tile/0/000.p",
        "tile/0/000.p/13",
    ]
    with open_node(cli.settings) as node:
        stored = [each.event.data for each in node.ledger.stored()]
    lines = lines_of(cli.folder / "bundle")
    assert [line.partition(b',"leaf":')[0] for line in lines] == [
        b'{"entry":' + data for data in stored
    ]


def test_the_same_ledger_gives_the_same_bytes(cli: CommandLine) -> None:
    one, other = exported(cli, "one"), exported(cli, "other")
    names = [name for name in files_in(one) if (one / name).is_file()]
    assert filecmp.cmpfiles(one, other, names, shallow=False) == (names, [], [])
    assert files_in(one) == files_in(other)


def test_a_cosigned_checkpoint_goes_along(cli: CommandLine) -> None:
    witnesses = {"TENURE_WITNESSES": cli.write("witnesses", f"{WITNESS.verifier}\n")}
    note = SignedNote.parse((exported(cli, "early") / "checkpoint").read_text())
    cosigned = SignedNote(
        note.text, (*note.signatures, WITNESS.cosign(note.text, at=1_700_000_000))
    )
    both = signing(cli) | witnesses
    assert cli.run("cosign", cli.write("cosigned", str(cosigned)), **both).code == 0
    assert cli.run("export", cli.folder / "same", **both).code == 0
    assert SignedNote.parse((cli.folder / "same" / "checkpoint").read_text()) == cosigned
    cli.run("record", cli.write("more.yaml", statements(3)))
    assert cli.run("export", cli.folder / "later", **both).code == 0
    assert SignedNote.parse((cli.folder / "later" / "checkpoint.cosigned").read_text()) == cosigned
    checked = cli.run("verify-export", cli.folder / "later", **OFFLINE)
    assert checked.code == 0
    seen = "over its first 13 entries, seen at 2023-11-14T22:13:20Z"
    assert f"Signed by {WITNESS.name}, {seen}." in checked.stdout


def test_a_node_without_a_key_says_loudly_that_nobody_signed(cli: CommandLine) -> None:
    done = cli.run("export", cli.folder / "bundle")
    assert done.code == 0
    assert done.stderr.startswith("NOT SIGNED: TENURE_SIGNING_KEY names no key")
    checked = cli.run("verify-export", cli.folder / "bundle", **OFFLINE)
    assert checked.code == 0
    assert "NOT SIGNED: the bundle agrees with itself, and nobody stands behind it" in (
        checked.stdout
    )
    asked = cli.run("verify-export", cli.folder / "bundle", "--key", str(key_of(cli)))
    silent = "not signed: the key example.com/mali has not signed the checkpoint of 13 leaves"
    asked.refused(silent)


def test_a_missing_ledger_has_no_bundle(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    cli.run("export", cli.folder / "bundle").refused("there is no ledger yet at")
    assert [*tmp_path.iterdir()] == []


def test_an_empty_ledger_has_a_bundle_too(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    cli.write("ledger.db", "")
    cli.run("keygen", cli.folder / "log.key", "--name", "example.com/mali")
    SqliteRecorder(cli.folder / "ledger.db").close()
    bundle = exported(cli, "bundle")
    assert cli.run("verify-export", bundle, **OFFLINE).code == 0
    asked = cli.run("verify-export", bundle, "--who", "kidal", "--on", "2023", **OFFLINE)
    asked.refused("is not a time")
    asked = cli.run("verify-export", bundle, "--who", "kidal", "--on", "2023-11-14", **OFFLINE)
    asked.refused("no location is registered as 'kidal'")


@pytest.mark.parametrize("options", [["--within", "kidall"], ["--until", "yesterday"]])
def test_what_cannot_be_exported_leaves_nothing_behind(
    cli: CommandLine, options: list[str]
) -> None:
    before = files_in(cli.folder)
    cli.run("export", cli.folder / "bundle", *options).refused()
    made = set(files_in(cli.folder)) - set(before)
    assert made <= {"views-log.db", "views-log.db-shm", "views-log.db-wal"}


def test_a_ledger_that_is_not_what_its_log_took_in_is_not_exported(cli: CommandLine) -> None:
    exported(cli, "bundle")
    with closing(sqlite3.connect(cli.folder / "ledger.db")) as db, db:
        db.execute("UPDATE event SET data = replace(data, 'local', 'locaL') WHERE position = 5")
    cli.run("export", cli.folder / "again", **signing(cli)).refused("at position 5")
    assert not (cli.folder / "again").exists()
    assert not (cli.folder / "again.part").exists()


def test_nothing_that_is_there_is_overwritten(cli: CommandLine) -> None:
    (cli.folder / "full").mkdir()
    cli.write("full/letter", "Dear all,")
    cli.run("export", cli.folder / "full").refused("is not empty")
    cli.run("export", cli.folder / "kidal.yaml").refused("is not empty")
    (cli.folder / "cut.part").mkdir()
    cli.run("export", cli.folder / "cut").refused("is left from an export that was cut short")
    assert files_in(cli.folder / "full") == ["letter"]
    (cli.folder / "empty").mkdir()
    exported(cli, "empty")


# ---- Verify-export ---------------------------------------------------------------------------


def test_a_bundle_is_checked_without_ledger_views_and_settings(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle")
    before = files_in(cli.folder)
    checked = cli.process("verify-export", bundle, "--key", str(key_of(cli)), **OFFLINE)
    assert (checked.code, checked.stderr) == (0, "")
    assert checked.stdout.splitlines()[0].endswith("the log example.com/mali, 13 entries, rule 3")
    assert "Signed by example.com/mali, over it.\n" in checked.stdout
    assert "PROVES NOTHING" not in checked.stdout
    assert files_in(cli.folder) == before


def test_the_keys_that_a_bundle_names_itself_prove_nothing(cli: CommandLine) -> None:
    checked = cli.run("verify-export", exported(cli, "bundle"), **OFFLINE)
    assert checked.code == 0
    assert "PROVES NOTHING about who signed" in checked.stdout


def test_a_file_of_keys_is_taken_and_another_key_refuses(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle")
    keys = cli.write("keys", f"# those of Mali\n{key_of(cli)}\n{WITNESS.verifier}\n")
    checked = cli.run("verify-export", bundle, "--key", keys, **OFFLINE)
    checked.refused(f"the key {WITNESS.name} has not signed the checkpoint of 13 leaves")
    keys = cli.write("keys", f"# that of Mali\n{key_of(cli)}\n")
    assert cli.run("verify-export", bundle, "--key", keys, **OFFLINE).code == 0
    cli.run("verify-export", bundle, "--key", str(STRANGER.verifier)).refused("not signed")
    cli.run("verify-export", bundle, "--key", "nowhere").refused("can't be read")
    cli.run("verify-export", bundle, "--key", "a+b+c").refused("Ed25519")
    cli.run("verify-export", bundle, "--key", cli.write("none", "# none\n")).refused("no key in")
    long = SignerKey("a" * 220, KeyType.NOTE, bytes(32)).verifier
    cli.run("verify-export", bundle, "--key", str(long)).refused("not signed")


def test_a_file_whose_name_is_no_text_is_named_all_the_same(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle")
    Path(os.fsdecode(os.fsencode(bundle) + b"/\xff\xfe")).write_bytes(b"")
    checked = cli.run("verify-export", bundle, "--json")
    assert checked.code == 1
    assert json.loads(checked.stdout)["findings"][0]["file"] == "\\xff\\xfe"


def test_what_is_wrong_is_said_with_its_place(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle")
    lines = lines_of(bundle)
    put_lines(bundle, [*lines[:4], lines[4].replace(b'"local"', b'"locaL"'), *lines[5:]])
    checked = cli.run("verify-export", bundle, **OFFLINE)
    checked.refused(
        "file altered: entries.jsonl has another SHA-256 than by the manifest\n",
        "entry altered: entries.jsonl:5: the entry at position 5 is not what leaf 4 was made from,"
        " by tile/0/000.p/13\n",
        "is NOT what it should be",
    )
    assert checked.stdout == ""
    asked = cli.run("verify-export", bundle, "--who", "kidal", "--on", "2023-11-14", **OFFLINE)
    assert (asked.code, asked.stdout) == (1, "")


def test_the_certificate_as_json(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle")
    told = json.loads(cli.run("verify-export", bundle, "--json", **OFFLINE).stdout)
    assert (told["sound"], told["size"], told["head"], told["entries"]) == (True, 13, 13, 13)
    assert told["signed"] == [{"by": "example.com/mali", "size": 13, "witnessedAt": None}]
    assert told["findings"] == []
    (bundle / "checkpoint").unlink()
    outcome = cli.run("verify-export", bundle, "--json", **OFFLINE)
    assert outcome.code == 1
    assert json.loads(outcome.stdout)["findings"][0]["file"] == "checkpoint"


def test_an_earlier_bundle_holds_a_later_one(cli: CommandLine) -> None:
    old = exported(cli, "old")
    cli.run("record", cli.write("more.yaml", statements(3)))
    new = exported(cli, "new")
    checked = cli.run("verify-export", new, "--since", old, **OFFLINE)
    assert checked.code == 0
    assert f"Nothing of the earlier bundle {old} was altered, removed, or moved." in checked.stdout
    cli.run("verify-export", old, "--since", new, **OFFLINE).refused("log rolled back")
    (old / "checkpoint").unlink()
    cli.run("verify-export", new, "--since", old, **OFFLINE).refused("in the earlier bundle")


def test_what_cannot_be_asked_is_misuse(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle")
    for options in (
        ["--who", "kidal"],
        ["--on", "2023-11-14"],
        ["--inherit"],
        ["--who", "kidal", "--on", "2023-11-14", "--position", "1", "--known-on", "2024-01-01"],
    ):
        assert cli.run("verify-export", bundle, *options).code == 2


# ---- Questions to a bundle -------------------------------------------------------------------

PLACES = ["kidal", "minusma-camp-kidal", "bourem", "tessalit", "kidal-region"]
DATES = ["2023-11-13", "2023-11-20", "2024-11-05T12:00:00Z"]
SIDES: list[list[str]] = [
    [],
    ["--position", "120"],
    ["--inherit", "--min-reliability", "C"],
    ["--published-by", "2023-11-16", "--min-credibility", "4"],
    ["--known-on", "2020-01-01"],
]


@pytest.mark.parametrize(("place", "on", "more"), [*product(PLACES, DATES, SIDES)])
def test_a_bundle_answers_as_the_node_does(
    mali: CommandLine, place: str, on: str, more: list[str]
) -> None:
    bundle = mali.folder / "bundle"
    for form in ([], ["--json"]):
        asked = [place, "--on", on, *more, *form]
        answer = mali.run("who", *asked)
        told = mali.run("verify-export", bundle, "--who", *asked, **OFFLINE)
        assert (told.code, told.stdout) == (answer.code, answer.stdout)
        assert answer.code == 0
        assert "Signed by example.com/mali" in told.stderr


@pytest.mark.parametrize(
    "asked",
    [
        ["kidall", "--on", "2023-11-14"],
        ["kidal", "--on", "2923-11-14"],
        ["kidal", "--on", "2023-11-14", "--position", "1000"],
        ["kidal", "--on", "2023-11-14", "--known-on", "2923-01-01"],
        ["kidal", "--on", "2023-11-14", "--according-to", "world-pres"],
        ["U291cmNlOnRoZQ", "--on", "2023-11-14"],
    ],
)
def test_a_bundle_refuses_as_the_node_does(mali: CommandLine, asked: list[str]) -> None:
    bundle = mali.folder / "bundle"
    refused = mali.run("who", *asked)
    told = mali.run("verify-export", bundle, "--who", *asked, **OFFLINE)
    assert (told.code, told.stdout) == (refused.code, refused.stdout) == (1, "")
    said, _, _ = refused.stderr.partition(": it is ")  # the clock goes on between the two
    assert said in told.stderr


def test_a_bundle_of_a_region_answers_for_its_places_and_for_no_other(mali: CommandLine) -> None:
    bundle = exported(mali, "narrow", "--within", "kidal-region")
    checked = mali.run("verify-export", bundle, "--key", str(key_of(mali)), **OFFLINE)
    assert checked.code == 0
    assert "It was narrowed to kidal-region" in checked.stdout
    assert "it shows the hashes only" in checked.stdout
    for asked in (
        ["kidal", "--on", "2023-11-20"],
        ["kidal", "--on", "2023-11-20", "--position", "130", "--json"],
        ["tessalit", "--on", "2024-11-05", "--inherit"],
    ):
        answer = mali.run("who", *asked)
        told = mali.run("verify-export", bundle, "--who", *asked, **OFFLINE)
        assert (told.code, told.stdout) == (0, answer.stdout)
    asked = ["--who", "bourem", "--on", "2023-09-12"]
    mali.run("verify-export", bundle, *asked, **OFFLINE).refused("within kidal-region")


def test_a_bundle_up_to_a_date_answers_as_known_by_then(cli: CommandLine) -> None:
    with open_node(cli.settings) as node:
        (then,) = {each.recorded_at for each in node.ledger.read()}
    cli.run("record", cli.write("more.yaml", statements(3)))
    bundle = exported(cli, "bundle", "--until", rfc3339(then))
    checked = cli.run("verify-export", bundle, **OFFLINE)
    assert f"recorded by {rfc3339(then)}, position 13: that" in checked.stdout
    assert "Of 3 entries it shows the hashes only.\n" in checked.stdout
    question = ["kidal", "--on", "2023-11-20"]
    answer = cli.run("who", *question, "--position", "13").stdout
    assert cli.run("verify-export", bundle, "--who", *question, **OFFLINE).stdout == answer
    later = cli.run("verify-export", bundle, "--who", *question, "--position", "14", **OFFLINE)
    later.refused("it ends with position 13, of 16")


def test_the_answers_of_another_rule_are_not_given(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle")
    redo_manifest(bundle, rule="rule 1")
    assert cli.run("verify-export", bundle, **OFFLINE).code == 0
    asked = cli.run("verify-export", bundle, "--who", "kidal", "--on", "2023-11-20", **OFFLINE)
    asked.refused("rule 1")


@pytest.mark.parametrize("changes", [{"rule": "rule 9"}, {"head": 14}, {"head": 12}])
def test_a_manifest_is_held_to_what_exists(cli: CommandLine, changes: dict[str, str | int]) -> None:
    bundle = exported(cli, "bundle")
    redo_manifest(bundle, **changes)
    cli.run("verify-export", bundle, **OFFLINE).refused("manifest differs: manifest.json: ")


def test_a_bundle_is_of_a_place_that_it_registers(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle", "--within", "kidal-region")
    assert cli.run("verify-export", bundle, **OFFLINE).code == 0
    for place in ("gao", "\u001b[2J", "fama"):
        redo_manifest(bundle, within=place)
        cli.run("verify-export", bundle, **OFFLINE).refused("no entry here registers the place")


def test_every_key_that_is_given_has_to_have_signed(cli: CommandLine) -> None:
    early = exported(cli, "early")
    namesake = SignerKey("example.com/mali", KeyType.NOTE, bytes(range(7, 39))).verifier
    both = ["--key", str(key_of(cli)), "--key", str(namesake)]
    refusal = "not signed: the key example.com/mali has not signed the checkpoint of 13 leaves"
    cli.run("verify-export", early, *both, **OFFLINE).refused(refusal)
    cli.run("record", cli.write("more.yaml", statements(3)))
    later = exported(cli, "later")
    one = ["--key", str(key_of(cli)), "--since", str(early)]
    assert cli.run("verify-export", later, *one, **OFFLINE).code == 0


def test_a_signature_by_a_known_key_as_another_log_is_none(cli: CommandLine) -> None:
    bundle = exported(cli, "bundle")
    manifest = orjson.loads((bundle / "manifest.json").read_bytes())
    text = (bundle / "checkpoint").read_text().partition("\n\n")[0] + "\n"
    text = text.replace("example.com/mali", "example.com/sudan")
    signature = read_signer_key(cli.folder / "log.key").sign(text)
    (bundle / "checkpoint").write_text(str(SignedNote(text, (signature,))))
    redo_manifest(bundle, tree=manifest["tree"] | {"origin": "example.com/sudan"}, keys=[])
    checked = cli.run("verify-export", bundle, "--key", str(key_of(cli)), **OFFLINE)
    checked.refused("another log: checkpoint: the key example.com/mali has signed as the log")
    checked.refused("not signed: the key example.com/mali has not signed the checkpoint")
    log = cli.run("verify-log", bundle, "--key", str(key_of(cli)), **OFFLINE)
    log.refused("another log: checkpoint: the key example.com/mali has signed as the log")


# ---- Import ----------------------------------------------------------------------------------


def other_desk(cli: CommandLine) -> CommandLine:
    folder = cli.folder / "other"
    folder.mkdir()
    return CommandLine(folder)


def taken_over(cli: CommandLine, settings: dict[str, str]) -> None:
    """The key goes on with a ledger that came back elsewhere: acknowledged, never by itself."""
    cli.run("export", cli.folder / "silently", **settings).refused("is missing or empty, and")
    assert cli.run("remember", **settings).code == 0
    assert cli.run("rebuild", "--log", **settings).code == 0


def test_a_ledger_comes_back_with_its_answers_and_its_root(cli: CommandLine) -> None:
    bundle, other = exported(cli, "bundle"), other_desk(cli)
    done = other.run("import", "bundle", bundle, "--key", str(key_of(cli)))
    assert (done.code, done.stderr) == (0, "")
    assert "13 entries recorded, 0 were there; last position 13" in done.stdout
    question = ["who", "kidal", "--on", "2023-11-20", "--json"]
    assert other.run(*question).stdout == cli.run(*question).stdout
    assert other.run("verify").code == 0
    taken_over(other, signing(cli))
    assert other.run("export", other.folder / "again", **signing(cli)).code == 0
    for name in ("entries.jsonl", "checkpoint", "tile/0/000.p/13", "manifest.json"):
        assert (other.folder / "again" / name).read_bytes() == (bundle / name).read_bytes()
    again = other.run("import", "bundle", bundle)
    assert "0 entries recorded, 13 were there" in again.stdout


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "umadb"])
def test_the_answers_and_the_bundle_come_back_from_every_engine(
    engine: str, mali: CommandLine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    bundle, other = mali.folder / "bundle", CommandLine(tmp_path)
    url = request.getfixturevalue(f"{engine}_url") if engine != "sqlite" else None
    elsewhere = {"TENURE_LEDGER": url or other.environment["TENURE_LEDGER"]}
    done = other.run("import", "bundle", bundle, **elsewhere)
    assert "188 entries recorded, 0 were there; last position 188" in done.stdout
    for asked in product(["who"], PLACES, ["--on"], DATES, ["--json"]):
        assert other.run(*asked, **elsewhere).stdout == mali.run(*asked).stdout
    assert other.run("verify", **elsewhere).code == 0
    again = other.folder / "again"
    taken_over(other, elsewhere | signing(mali))
    assert other.run("export", again, **elsewhere, **signing(mali)).code == 0
    assert files_in(again) == files_in(bundle)
    for name in files_in(bundle):
        if (bundle / name).is_file():
            assert (again / name).read_bytes() == (bundle / name).read_bytes()


def test_a_bundle_that_is_not_sound_is_not_imported(cli: CommandLine) -> None:
    bundle, other = exported(cli, "bundle"), other_desk(cli)
    lines = lines_of(bundle)
    put_lines(bundle, lines[:-1])
    redo_manifest(bundle)
    other.run("import", "bundle", bundle).refused("there is no entry for leaf 12 and 0 behind it")
    assert other.head == 0


def test_a_ledger_of_something_else_is_not_imported_into(cli: CommandLine) -> None:
    bundle, other = exported(cli, "bundle"), other_desk(cli)
    assert other.run("record", cli.write("more.yaml", KIDAL)).code == 0
    other.run("import", "bundle", bundle).refused("has to be empty")
    assert other.head == 13


def recorded_by(cli: CommandLine) -> int:
    """The last position, by the file alone."""
    if not (path := cli.folder / "ledger.db").exists():
        return 0
    with closing(sqlite3.connect(path)) as db, suppress(sqlite3.OperationalError):
        return int(db.execute("SELECT coalesce(max(position), 0) FROM event").fetchone()[0])
    return 0


def test_an_import_that_was_killed_goes_on(cli: CommandLine) -> None:
    cli.run("record", cli.write("long.yaml", statements(6_000)))
    bundle, other = exported(cli, "bundle"), other_desk(cli)
    heads = [0]
    for _ in range(2):
        with other.start("import", "bundle", bundle) as process:
            while (head := recorded_by(other)) <= heads[-1] and process.poll() is None:
                sleep(0.01)
            process.kill()
            process.communicate(timeout=60)
        heads.append(head)
    assert 0 < heads[1] < heads[2] < 6_013
    assert other.process("import", "bundle", bundle).code == 0
    with open_node(cli.settings) as first, open_node(other.settings) as second:
        assert list(second.ledger.stored()) == list(first.ledger.stored())


def test_a_bundle_can_be_copied_anywhere(cli: CommandLine, tmp_path: Path) -> None:
    bundle = shutil.copytree(exported(cli, "bundle"), tmp_path / "elsewhere")
    checked = cli.run("verify-export", bundle, **OFFLINE)
    assert checked.code == 0
    assert orjson.loads((bundle / "manifest.json").read_bytes())["head"] == 13
