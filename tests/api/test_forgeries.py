"""What somebody with access to the files did, and which check catches it.

A node signed 13 entries, then 16. Each test is named by the forgery that followed.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from api.node import open_node
from infra.log.key_files import Keys
from infra.log.key_state import first_state
from infra.log.signed_notes import KeyType, SignerKey
from infra.log.signer_memory import WouldFork
from infra.log.transparency_log import LedgerDiffers
from tests.command_line import KIDAL, CommandLine, Outcome
from tests.infra.ledger.test_kill import statements

EARLY, LATE = 13, 16
LEDGER, VIEWS, LOG = "ledger.db", "views.db", "views-log.db"
KEY, STATE = "log.key", "log.key.state"


class Desk(CommandLine):
    """A node that signs, and the hands of somebody who can write its files."""

    def signed(self, *args: str | Path) -> Outcome:
        """A command with the signing key."""
        return self.run(*args, TENURE_SIGNING_KEY=str(self.folder / KEY))

    def sign(self) -> None:
        """What `tenure serve` does at its start, and with each entry."""
        settings = self.settings.model_copy(update={"signing_key": self.folder / KEY})
        with open_node(settings) as node:
            node.log.prepare()
            node.projector.catch_up()
            node.log.catch_up()
            note = node.log.checkpoint()
        self.write("kept", str(note))

    def verify(self, *args: str | Path) -> Outcome:
        return self.signed("verify", "--no-views", *args)

    def restart(self) -> Outcome:
        """The node does not come up: it would not return otherwise."""
        return self.signed("serve", "--port", "0")

    def sql(self, file: str, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / file, isolation_level=None)) as db:
            for statement in statements:
                assert db.execute(statement).rowcount != 0, statement

    def delete(self, *names: str) -> None:
        for name in names:
            for path in self.folder.glob(f"{name}*" if name.endswith(".db") else name):
                path.unlink()

    def copy(self, name: str) -> Callable[[], None]:
        """Takes a copy of a file as it is now; the answer puts it back."""
        source, kept = self.folder / name, self.folder / f"copy-of-{name}"
        if not name.endswith(".db"):
            shutil.copy(source, kept)
        else:
            self._copy_database(source, kept)

        def put_back() -> None:
            self.delete(name)
            shutil.copy(kept, source)

        return put_back

    def _copy_database(self, source: Path, kept: Path) -> None:
        with closing(sqlite3.connect(source)) as db, closing(sqlite3.connect(kept)) as to:
            db.backup(to)

    def drop_last_entries(self) -> None:
        """The last three, with leaves, hashes, checkpoint and signature."""
        self.sql(LEDGER, f"DELETE FROM event WHERE position > {EARLY}")
        self.sql(
            LOG,
            f"DELETE FROM leaf WHERE number >= {EARLY}",
            f"UPDATE tile SET hashes = substr(hashes, 1, 32 * {EARLY})",
            f"DELETE FROM checkpoint WHERE size > {EARLY}",
            f"DELETE FROM signature WHERE size > {EARLY}",
        )
        self.delete(VIEWS)

    def rewrite(self, told: str = "by: csp", instead: str = "by: wagner") -> None:
        """An entry, with its id and its tags, as a ledger would have recorded it."""
        forger = Desk(self.folder / "forger")
        forger.folder.mkdir()
        assert (
            forger.run("record", forger.write("all.yaml", KIDAL.replace(told, instead))).code == 0
        )
        shutil.copy(forger.folder / LEDGER, self.folder / "forged")
        self.sql(
            LEDGER,
            f"ATTACH '{self.folder / 'forged'}' AS forged",
            "UPDATE main.event SET (tags, data) = (SELECT tags, data FROM forged.event AS other "
            "WHERE other.position = main.event.position) WHERE position = 11",
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.run("keygen", tmp_path / KEY, "--name", "example.com/mali")
    assert desk.run("record", desk.write("kidal.yaml", KIDAL)).code == 0
    desk.sign()
    assert desk.run("record", desk.write("more.yaml", statements(3))).code == 0
    desk.sign()
    assert desk.head == LATE
    return desk


def test_nothing_was_done(desk: Desk) -> None:
    checked = desk.verify("--checkpoint", desk.folder / "kept")
    assert (checked.code, checked.stderr) == (0, "")
    assert checked.stdout.endswith("The ledger is as it was recorded.\n")


def test_an_entry_was_rewritten_with_id_and_tags_and_views_and_log_deleted(desk: Desk) -> None:
    desk.rewrite()
    desk.delete(VIEWS, LOG)
    desk.verify().refused(
        "log missing: the log is missing or empty, and",
        f"state differs: {desk.folder / STATE} remembers a checkpoint of {LATE} leaves",
        f"state differs: the ledger's database remembers a checkpoint of {LATE} leaves",
    )
    desk.restart().refused("is missing or empty, and", "'tenure rebuild --log' builds it")
    desk.signed("rebuild", "--log").refused("doesn't begin with them; nothing more is signed")
    desk.signed("export", desk.folder / "bundle").refused("is missing or empty, and")
    assert "Wagner" not in desk.run("verify", "--no-views").stdout
    # Without the key's memory at hand, the ledger's own still tells.
    desk.run("verify", "--no-views").refused("state differs: the ledger's database remembers")


def test_the_log_alone_was_deleted(desk: Desk) -> None:
    desk.delete(LOG)
    checked = desk.verify()
    checked.refused("log missing: ")
    assert "part of the proof is missing" in checked.stdout
    desk.restart().refused("is missing or empty, and")
    desk.run("serve", "--port", "0").refused("is missing or empty, and the ledger's database")
    assert desk.signed("rebuild", "--log").code == 0
    desk.sign()
    assert desk.verify("--checkpoint", desk.folder / "kept").code == 0


def test_the_last_entries_were_dropped_with_leaves_checkpoint_and_signature(desk: Desk) -> None:
    desk.drop_last_entries()
    desk.verify().refused(
        f"log behind its state: {desk.folder / STATE} remembers a checkpoint of {LATE} leaves",
        "log behind its state: the ledger's database remembers a checkpoint",
    )
    desk.restart().refused(f"a checkpoint of {LATE} leaves was signed", "nothing more is signed")
    # With other entries in their place, the roots differ.
    desk.run("record", desk.write("other.yaml", statements(4).replace("2023", "2022")))
    desk.verify().refused("state differs: ")
    desk.restart().refused(f"a checkpoint of {LATE} leaves was signed", "nothing more is signed")


def test_the_last_entries_were_dropped_and_the_key_s_state_deleted(desk: Desk) -> None:
    desk.drop_last_entries()
    desk.delete(STATE)
    desk.verify().refused(
        f"memory missing: there is no {desk.folder / STATE}",
        "log behind its state: the ledger's database remembers a checkpoint",
    )
    desk.restart().refused(f"there is no {desk.folder / STATE}", "tenure remember")
    assert desk.signed("remember").stdout == (
        f"example.com/mali remembers a checkpoint of {LATE} leaves\n"
    )
    desk.restart().refused(f"a checkpoint of {LATE} leaves was signed", "nothing more is signed")


def test_the_last_entries_were_dropped_and_the_ledger_s_memory_cleared(desk: Desk) -> None:
    desk.drop_last_entries()
    desk.sql(LEDGER, "DELETE FROM checkpoint")
    desk.verify().refused(
        "memory missing: the ledger's database doesn't hold the last checkpoint",
        f"log behind its state: {desk.folder / STATE} remembers a checkpoint",
    )
    desk.restart().refused("the ledger's database doesn't hold the last checkpoint")


def test_the_last_entries_were_dropped_and_both_memories_deleted(desk: Desk) -> None:
    desk.drop_last_entries()
    desk.sql(LEDGER, "DROP TABLE checkpoint")
    desk.delete(STATE)
    desk.verify().refused("memory missing: there is no", "memory missing: the ledger's database")
    desk.restart().refused(f"there is no {desk.folder / STATE}")
    # Whoever acknowledges the loss goes on from the forged log: only a checkpoint from elsewhere
    # shows what was taken away.
    kept = desk.folder / "kept"
    shutil.copy(kept, desk.folder / "elsewhere")
    acknowledged = desk.signed("remember")
    assert f"a checkpoint of {EARLY} leaves" in acknowledged.stdout
    assert "compare with a checkpoint kept elsewhere" in acknowledged.stderr
    desk.sign()
    assert desk.verify().code == 0
    desk.verify("--checkpoint", desk.folder / "elsewhere").refused("log rolled back: ")


def test_all_was_put_back_to_an_earlier_day(desk: Desk, tmp_path: Path) -> None:
    earlier = Desk(tmp_path / "earlier")
    earlier.folder.mkdir()
    earlier.run("keygen", earlier.folder / KEY, "--name", "example.com/mali")
    earlier.run("record", earlier.write("kidal.yaml", KIDAL))
    earlier.sign()
    copies = [earlier.copy(name) for name in (LEDGER, LOG, STATE)]
    earlier.run("record", earlier.write("more.yaml", statements(3)))
    earlier.sign()
    for put_back in copies:
        put_back()
    # Nothing on the machine is left that knew better.
    assert earlier.verify().code == 0
    earlier.verify("--checkpoint", earlier.folder / "kept").refused("log rolled back: ")


def test_two_entries_were_swapped(desk: Desk) -> None:
    desk.sql(
        LEDGER,
        "UPDATE event SET position = 99 WHERE position = 12",
        "UPDATE event SET position = 12 WHERE position = 13",
        "UPDATE event SET position = 13 WHERE position = 99",
    )
    desk.verify().refused("entries swapped: the entries at positions 12 and 13")
    desk.delete(LOG)
    desk.verify().refused("state differs: ")
    desk.signed("rebuild", "--log").refused("nothing more is signed")


def test_an_entry_was_put_in_between(desk: Desk) -> None:
    desk.sql(
        LEDGER,
        "UPDATE event SET position = position + 100 WHERE position > 12",
        "INSERT INTO event SELECT 13, type, tags, data FROM event WHERE position = 12",
        "UPDATE event SET position = position - 99 WHERE position > 100",
    )
    desk.verify().refused("entry inserted: ")
    desk.delete(LOG)
    desk.verify().refused("state differs: ")
    desk.signed("rebuild", "--log").refused("nothing more is signed")


def test_the_ledger_was_replaced_by_an_older_copy(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.run("keygen", tmp_path / KEY, "--name", "example.com/mali")
    desk.run("record", desk.write("kidal.yaml", KIDAL))
    desk.sign()
    ledger, log = desk.copy(LEDGER), desk.copy(LOG)
    desk.run("record", desk.write("more.yaml", statements(3)))
    desk.sign()
    ledger()
    desk.verify().refused("entry removed: the ledger ends before position 14")
    desk.restart().refused("were built from another ledger")
    desk.delete(VIEWS)
    with pytest.raises(LedgerDiffers):
        desk.sign()
    log()
    desk.verify().refused(f"log behind its state: {desk.folder / STATE} remembers a checkpoint")
    desk.restart().refused(f"a checkpoint of {LATE} leaves was signed")


def test_ledger_and_log_were_replaced_by_others_that_another_key_signed(desk: Desk) -> None:
    forger = Desk(desk.folder / "forger")
    forger.folder.mkdir()
    forger.run("keygen", forger.folder / KEY, "--name", "example.com/mali")
    forger.run("record", forger.write("all.yaml", KIDAL.replace("by: csp", "by: wagner")))
    forger.run("record", forger.write("more.yaml", statements(3)))
    forger.sign()
    for name in (LEDGER, LOG):
        desk.delete(name)
        forger.copy(name)
        shutil.copy(forger.folder / f"copy-of-{name}", desk.folder / name)
    desk.verify().refused(
        "signature forged: a checkpoint of 16 leaves that was signed as example.com/mali has no",
        f"state differs: {desk.folder / STATE} remembers a checkpoint",
    )
    desk.restart().refused(f"a checkpoint of {LATE} leaves was signed")
    shutil.copy(forger.folder / STATE, desk.folder / STATE)
    desk.verify().refused("state differs: ", "not signed by the key example.com/mali beside it")
    desk.restart().refused("not signed by the key example.com/mali beside it")


def test_two_nodes_with_one_key_fork(desk: Desk) -> None:
    other = Desk(desk.folder / "other")
    other.folder.mkdir()
    other.run("record", other.write("kidal.yaml", KIDAL.replace("by: csp", "by: wagner")))
    (other.folder / KEY).symlink_to(desk.folder / KEY)
    # On one machine the key's state is one, also through a link.
    other.restart().refused(f"{desk.folder / STATE} remembers a checkpoint of {LATE} leaves")
    # A copy of the key with a first state signs another history: only a comparison shows that.
    (other.folder / KEY).unlink()
    shutil.copy(desk.folder / KEY, other.folder / KEY)
    key = Keys(other.folder / KEY).signer
    assert key
    other.write(STATE, str(first_state(key)))
    other.run("record", other.write("more.yaml", statements(3)))
    other.sign()
    assert other.verify().code == 0
    other.verify("--checkpoint", desk.folder / "kept").refused(
        "history forked: somebody has seen a checkpoint"
    )


def test_a_bundle_was_made_of_a_forged_ledger(desk: Desk) -> None:
    signer = Keys(desk.folder / KEY).signer
    assert signer and desk.signed("export", desk.folder / "true").code == 0
    genuine = ["--key", str(signer.verifier)]
    assert desk.run("verify-export", desk.folder / "true", *genuine).code == 0
    desk.rewrite()
    desk.signed("export", desk.folder / "false").refused("the ledger doesn't hold at position 11")
    desk.delete(LOG)
    desk.sql(LEDGER, "DELETE FROM checkpoint")
    forged = SignerKey("example.com/mali", KeyType.NOTE, bytes(range(32)))
    desk.write("forged.key", forged.secret())
    (desk.folder / "forged.key").chmod(0o600)
    desk.write("forged.key.state", str(first_state(forged)))
    made = desk.run(
        "export", desk.folder / "false", TENURE_SIGNING_KEY=str(desk.folder / "forged.key")
    )
    assert made.code == 0
    # By its own keys it agrees with itself; by the key from elsewhere nobody signed it.
    alone = desk.run("verify-export", desk.folder / "false")
    assert alone.code == 0 and "PROVES NOTHING" in alone.stdout
    desk.run("verify-export", desk.folder / "false", *genuine).refused(
        "not signed: the key example.com/mali has not signed the checkpoint of 16 leaves"
    )
    desk.run("verify-export", desk.folder / "false", "--since", desk.folder / "true").refused(
        "history forked: "
    )


def test_the_state_was_altered_by_hand(desk: Desk) -> None:
    state = desk.folder / STATE
    state.write_text(state.read_text().replace(f"\n{LATE}\n", f"\n{EARLY}\n"))
    desk.verify().refused("state differs: ", "not signed by the key example.com/mali beside it")
    desk.restart().refused("not signed by the key example.com/mali beside it")
    desk.sql(LEDGER, "UPDATE checkpoint SET note = 'all is well'")
    desk.verify().refused("the ledger's database holds no signed checkpoint where one was")


def test_no_fork_is_signed_even_where_nobody_looked(desk: Desk) -> None:
    """The check stands at the signature itself, not only at the start of a server."""
    desk.rewrite()
    desk.delete(LOG)
    settings = desk.settings.model_copy(update={"signing_key": desk.folder / KEY})
    with open_node(settings) as node, pytest.raises(WouldFork):
        node.log.catch_up()
