"""How a timestamp comes to a checkpoint, and who checks it: every command, and an authority."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from hashlib import file_digest, sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from api.http.app import create_app
from api.node import open_node
from infra.log.checkpoints import Checkpoint
from infra.log.file import LogFile
from infra.log.timestamps import TIMESTAMPS, Timestamp
from tests.api.serving import serving, wait_for_log
from tests.command_line import KIDAL, CommandLine, Outcome
from tests.timestamp_authority import (
    CLOCK,
    ROOT_PEM,
    Signer,
    answered,
    authority,
    response,
    root_of,
)

SAYS = "This checkpoint of 13 entries existed at 2024-03-20T12:00:05Z, says CN=Clock of the tests."


class Stamped(CommandLine):
    """A ledger with a signed log, and an authority that is trusted."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.key = self.run("keygen", folder / "log.key", "--name", "example.com/mali").stdout
        assert self.run("record", self.write("kidal.yaml", KIDAL)).code == 0
        self.catch_up()
        self.root = self.write("root.pem", ROOT_PEM)

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"TENURE_SIGNING_KEY": str(self.folder / "log.key")}

    def catch_up(self) -> None:
        settings = self.settings.model_copy(update={"signing_key": self.folder / "log.key"})
        with open_node(settings) as node:
            node.log.catch_up()

    def answer(self, clock: Signer = CLOCK) -> str:
        """The authority's answer to a request in a file."""
        (self.folder / "asked.tsq").unlink(missing_ok=True)
        asked = self.run("timestamp", "--request", self.folder / "asked.tsq")
        assert asked.code == 0, asked
        assert "a request for a timestamp of the checkpoint of 13 entries" in asked.stdout
        return self.write("answer.tsr", answered((self.folder / "asked.tsq").read_bytes(), clock))

    def stamp(self) -> Outcome:
        return self.run("timestamp", "--response", self.answer(), "--tsa-certificate", self.root)

    @property
    def kept(self) -> list[Timestamp]:
        with closing(LogFile(self.folder / "views-log.db")) as file:
            return list(file.log.timestamps())


@pytest.fixture
def cli(tmp_path: Path) -> Stamped:
    return Stamped(tmp_path)


@pytest.fixture
def url() -> Iterator[str]:
    with authority() as address:
        yield address


# ---- Adding -----------------------------------------------------------------------------------


def test_a_machine_without_a_network_asks_and_takes_by_files(cli: Stamped) -> None:
    stamped = cli.stamp()
    assert (stamped.code, stamped.stdout) == (0, f"{SAYS}\n")
    assert [each.checkpoint.size for each in cli.kept] == [13]
    assert cli.stamp().code == 0


def test_an_authority_is_asked_over_http(cli: Stamped, url: str) -> None:
    stamped = cli.run("timestamp", "--url", url, "--tsa-certificate", cli.root)
    assert (stamped.code, stamped.stdout) == (0, f"{SAYS}\n")
    broken = cli.run("timestamp", "--url", f"{url}/broken", "--tsa-certificate", cli.root)
    broken.refused("answers with status 503")
    assert len(cli.kept) == 1


def test_what_is_not_shown_genuine_is_not_kept(cli: Stamped) -> None:
    other = cli.write("other.pem", root_of("Other").certificate.public_bytes(Encoding.PEM))
    answer = cli.answer()
    take = ("timestamp", "--response")
    cli.run(*take, answer, "--tsa-certificate", other).refused("the token is not genuine")
    alien = cli.write("alien.tsr", response(CLOCK, bytes(32)))
    cli.run(*take, alien, "--tsa-certificate", cli.root).refused("of none of the checkpoints")
    letter = cli.write("letter", "Dear all,\n")
    cli.run(*take, letter, "--tsa-certificate", cli.root).refused("no response with a token")
    cli.run(*take, cli.folder / "no", "--tsa-certificate", cli.root).refused("can't be read")
    cli.run(*take, answer, "--tsa-certificate", letter).refused("holds no certificate")
    assert cli.run(*take, answer).code == 2
    assert cli.run("timestamp").code == 2
    assert cli.kept == []


def test_a_request_overwrites_nothing(cli: Stamped) -> None:
    path = cli.write("letter", "Dear all,\n")
    cli.run("timestamp", "--request", path).refused("can't be written")
    assert Path(path).read_text() == "Dear all,\n"


def test_no_log_is_made_by_asking(cli: Stamped) -> None:
    for path in cli.folder.glob("views-log.db*"):
        path.unlink()
    cli.run("timestamp", "--request", cli.folder / "asked.tsq").refused("no checkpoint is signed")
    assert not (cli.folder / "views-log.db").exists()


def test_a_node_that_signs_nothing_has_nothing_to_stamp(cli: Stamped) -> None:
    asked = cli.folder / "asked.tsq"
    outcome = CommandLine(cli.folder).run("timestamp", "--request", asked)
    outcome.refused("no checkpoint is signed here yet")
    assert not asked.exists()


# ---- Checking ---------------------------------------------------------------------------------


def test_verify_says_when_the_checkpoint_existed(cli: Stamped) -> None:
    verify = ("verify", "--no-views", "--tsa-certificate", cli.root)
    cli.run(*verify).refused("not timestamped: no checkpoint here has a timestamp")
    cli.stamp()
    told = cli.run(*verify)
    assert (told.code, told.stderr) == (0, "")
    assert SAYS in told.stdout
    assert json.loads(cli.run(*verify, "--json").stdout)["timestamps"] == [
        {"at": "2024-03-20T12:00:05Z", "by": "CN=Clock of the tests", "size": 13}
    ]


def test_verify_finds_an_altered_token_and_another_root(cli: Stamped) -> None:
    cli.stamp()
    other = cli.write("other.pem", root_of("Other").certificate.public_bytes(Encoding.PEM))
    cli.run("verify", "--no-views", "--tsa-certificate", other).refused("timestamp invalid")
    with closing(LogFile(cli.folder / "views-log.db")) as file, file.growing() as log:
        log._db.execute("UPDATE timestamp SET token = substr(token, 1, 100)")
    cli.run("verify", "--no-views", "--tsa-certificate", cli.root).refused("timestamp invalid")


def test_a_bundle_carries_its_timestamps(cli: Stamped) -> None:
    cli.stamp()
    bundle = cli.folder / "bundle"
    assert cli.run("export", bundle).code == 0
    check = ("verify-export", bundle, "--key", cli.key)
    assert "There are timestamps, which nobody checked" in cli.run(*check).stdout
    told = cli.run(*check, "--tsa-certificate", cli.root)
    assert told.code == 0, told
    assert SAYS in told.stdout
    log = cli.run("verify-log", bundle, "--key", cli.key, "--tsa-certificate", cli.root)
    assert SAYS in log.stdout


def rewritten(bundle: Path, lines: bytes) -> None:
    """Writes other timestamps into a bundle, and lists them in the manifest."""
    path, manifest = bundle / TIMESTAMPS, bundle / "manifest.json"
    path.write_bytes(lines)
    told = json.loads(manifest.read_bytes())
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    listed = {"bytes": len(lines), "path": TIMESTAMPS, "sha256": digest}
    others = [each for each in told["files"] if each["path"] != TIMESTAMPS]
    told["files"] = sorted([*others, listed], key=lambda each: str(each["path"]))
    manifest.write_text(json.dumps(told, separators=(",", ":"), sort_keys=True) + "\n")


def stamp_of(checkpoint: Checkpoint) -> bytes:
    token = answered_digest(checkpoint)
    return Timestamp(checkpoint, token).line


def answered_digest(checkpoint: Checkpoint) -> bytes:
    return response(CLOCK, sha256(checkpoint.text.encode()).digest())


@pytest.mark.parametrize(
    ("origin", "size", "root", "words"),
    [
        ("example.com/mali", 13, bytes(32), "root differs"),
        ("example.com/mali", 7, bytes(32), "root differs"),
        ("example.com/other", 13, None, "another log"),
        ("example.com/mali", 14, None, "another log"),
    ],
)
def test_a_genuine_timestamp_of_another_tree_is_a_finding(
    cli: Stamped, origin: str, size: int, root: bytes | None, words: str
) -> None:
    cli.stamp()
    bundle = cli.folder / "bundle"
    assert cli.run("export", bundle).code == 0
    root = root or cli.kept[0].checkpoint.root
    rewritten(bundle, stamp_of(Checkpoint(origin, size, root)))
    check = ("verify-export", bundle, "--key", cli.key, "--tsa-certificate", cli.root)
    cli.run(*check).refused(words)


def test_a_bundle_with_altered_missing_or_no_timestamps_is_a_finding(cli: Stamped) -> None:
    cli.stamp()
    bundle = cli.folder / "bundle"
    assert cli.run("export", bundle).code == 0
    check = ("verify-export", bundle, "--key", cli.key, "--tsa-certificate", cli.root)
    genuine = (bundle / TIMESTAMPS).read_bytes()
    rewritten(bundle, genuine + genuine[:100] + b"\n")
    cli.run(*check).refused("timestamp invalid: timestamps.jsonl:2: ")
    (bundle / TIMESTAMPS).unlink()
    cli.run(*check).refused("file missing: timestamps.jsonl")
    shutil.rmtree(bundle)
    with closing(LogFile(cli.folder / "views-log.db")) as file, file.growing() as log:
        log._db.execute("DELETE FROM timestamp")
    assert cli.run("export", bundle).code == 0
    assert not (bundle / TIMESTAMPS).exists()
    cli.run(*check).refused("not timestamped")


def test_a_server_shows_its_timestamps_to_whoever_checks_the_log(cli: Stamped) -> None:
    cli.stamp()
    settings = cli.settings.model_copy(update={"signing_key": cli.folder / "log.key"})
    with serving(create_app(settings)) as address:
        wait_for_log(address)
        check = ("verify-log", f"{address}/tlog", "--key", cli.key.strip(), "--json")
        told = json.loads(cli.run(*check, "--tsa-certificate", cli.root).stdout)
        other = cli.write("other.pem", root_of("Other").certificate.public_bytes(Encoding.PEM))
        cli.run(*check, "--tsa-certificate", other).refused("timestamp invalid")
    assert [each["size"] for each in told["timestamps"]] == [13]
