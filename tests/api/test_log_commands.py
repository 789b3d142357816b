"""How a key is made, and how the cosignatures of witnesses come in, on the command line."""

import stat
from pathlib import Path

import pytest

from api.node import open_node
from infra.log.key_files import read_signer_key
from infra.log.signed_notes import SignedNote, VerifierKey
from tests.command_line import KIDAL, CommandLine
from tests.logs import STRANGER, WITNESS

SEEN_AT = 1_700_000_000


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def signing(cli: CommandLine) -> dict[str, str]:
    """The settings of a node that signs, on a ledger that holds something."""
    cli.run("keygen", cli.folder / "log.key", "--name", "example.com/mali")
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    witnesses = cli.write("witnesses", f"{WITNESS.verifier}\n")
    return {
        "TENURE_SIGNING_KEY": str(cli.folder / "log.key"),
        "TENURE_WITNESSES": witnesses,
    }


def checkpoint(cli: CommandLine, signing: dict[str, str]) -> SignedNote:
    """The newest one, after the log has followed."""
    settings = cli.settings.model_copy(
        update={"signing_key": Path(signing["TENURE_SIGNING_KEY"])},
    )
    with open_node(settings) as node:
        node.log.catch_up()
        note = node.log.checkpoint()
    assert note
    return note


def test_a_key_is_made_and_its_public_half_is_printed(cli: CommandLine) -> None:
    path = cli.folder / "log.key"
    made = cli.run("keygen", path, "--name", "example.com/mali")
    assert made.code == 0
    key = VerifierKey.parse(made.stdout)
    assert (key.name, key) == ("example.com/mali", read_signer_key(path).verifier)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "PRIVATE" not in made.stdout + made.stderr


def test_a_key_that_is_there_is_not_overwritten(cli: CommandLine) -> None:
    path = cli.folder / "log.key"
    cli.run("keygen", path)
    before = path.read_bytes()
    cli.run("keygen", path).refused("never overwritten")
    assert path.read_bytes() == before


def test_no_key_is_made_in_a_git_checkout_or_under_a_name_with_spaces(cli: CommandLine) -> None:
    cli.run("keygen", cli.folder / "log.key", "--name", "two words").refused("can't be called")
    (cli.folder / ".git").mkdir()
    cli.run("keygen", cli.folder / "log.key").refused("lies in a git checkout")
    assert not (cli.folder / "log.key").exists()


def test_a_cosignature_is_added(cli: CommandLine, signing: dict[str, str]) -> None:
    note = checkpoint(cli, signing)
    cosigned = SignedNote(note.text, (*note.signatures, WITNESS.cosign(note.text, at=SEEN_AT)))
    added = cli.run("cosign", cli.write("cosigned", str(cosigned)), **signing)
    assert (added.code, added.stdout) == (0, f"cosigned by {WITNESS.name}\n")
    assert checkpoint(cli, signing) == cosigned


def test_what_no_witness_has_signed_is_refused(cli: CommandLine, signing: dict[str, str]) -> None:
    note = checkpoint(cli, signing)
    alien = SignedNote(note.text, (STRANGER.cosign(note.text, at=SEEN_AT),))
    cli.run("cosign", cli.write("alien", str(alien)), **signing).refused("no witness that")
    cli.run("cosign", cli.write("letter", "Dear all,\n"), **signing).refused("a note is a text")
    cli.run("cosign", cli.folder / "nowhere", **signing).refused("can't be read")
    assert checkpoint(cli, signing) == note


def test_a_key_that_cannot_be_used_is_said_before_anything_is_served(cli: CommandLine) -> None:
    cli.run("serve", TENURE_SIGNING_KEY=str(cli.folder / "nowhere")).refused(
        "can't be read", code=2
    )


def test_a_new_key_on_an_old_ledger_says_what_it_does_not_show(
    cli: CommandLine, signing: dict[str, str]
) -> None:
    with cli.start("serve", "--port", "0", **signing) as server:
        assert server.stderr
        said = next(server.stderr)
        while "serving GraphQL" not in next(server.stderr):
            pass
        server.terminate()
    assert said == (
        "the log is signed from now on, as example.com/mali: up to position 13 the ledger was "
        "recorded before, and nothing shows whether it was rewritten until now\n"
    )


def test_a_signer_is_reminded_only_where_there_is_one(
    cli: CommandLine, signing: dict[str, str]
) -> None:
    cli.run("remember").refused("TENURE_SIGNING_KEY names no key")
    cli.run("remember", TENURE_LEDGER="sqlite:///nowhere.db", **signing).refused("no ledger yet")
    missing = cli.folder / "missing"
    cli.run("remember", "--checkpoint", missing, **signing).refused("No such file or directory")
    assert cli.run("remember", **signing).stdout == "nothing is missing\n"
    checkpoint(cli, signing)
    (cli.folder / "log.key.state").unlink()
    done = cli.run("remember", **signing)
    assert done.stdout == "example.com/mali remembers a checkpoint of 13 leaves\n"
    assert f"written again: {cli.folder / 'log.key.state'}\n" in done.stderr
