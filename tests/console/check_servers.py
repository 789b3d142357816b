"""Servers with logs to check in the browser: signed, rewritten under the same key, unsigned."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.node import open_node
from infra.log.signed_notes import SignedNote
from tests.command_line import CommandLine
from tests.console.browser import served
from tests.keys import write_keys
from tests.logs import WITNESS

TOWN = """\
- {type: SourceRegistered, source: press, name: Press, reliability: B}
- {type: ReportFiled, report: press-1, source: press, published: 2023-11-14, title: Kidal}
- {type: LocationRegistered, location: kidal, name: Kidal, kind: town}
- {type: ActorRegistered, actor: fama, name: FAMa, kind: state-force}
- type: TownSeized
  location: kidal
  by: fama
  occurred: 2023-11-14
  report: press-1
  credibility: 2
"""
OTHERWISE = "- {type: SourceRegistered, source: radio, name: Radio, reliability: D}\n"


@contextmanager
def signed(folder: Path, *said: str, key: Path) -> Iterator[str]:
    """The address of a server with a ledger of these records, signed and cosigned; `key` names a
    folder with a key that has signed nothing yet."""
    cli = CommandLine(folder)
    for name in ("log.key", "log.key.state"):
        shutil.copy(key / name, folder / name)
    for number, text in enumerate(said):
        assert cli.run("record", cli.write(f"{number}.yaml", text)).code == 0
    witnesses = Path(cli.write("witnesses.txt", f"{WITNESS.verifier}\n"))
    update = {"signing_key": folder / "log.key", "witnesses": witnesses}
    with open_node(cli.settings.model_copy(update=update)) as node:
        node.log.catch_up()
        note = node.log.checkpoint()
        assert note
        cosignature = WITNESS.cosign(note.text, at=1_700_000_000)
        node.log.add_cosignatures(SignedNote(note.text, (cosignature,)))
    names = {"TENURE_SIGNING_KEY": str(folder / "log.key"), "TENURE_WITNESSES": str(witnesses)}
    with served(folder, "serve", **names) as address:
        yield address


@contextmanager
def unsigned(folder: Path) -> Iterator[str]:
    """The address of a server whose entries are for auditors, and whose log nobody signs."""
    cli = CommandLine(folder)
    assert cli.run("record", cli.write("town.yaml", TOWN)).code == 0
    keys = write_keys(folder / "keys.json", {"ana": ["audit"]})
    with served(folder, "serve", TENURE_KEYS=str(keys), TENURE_READ="anybody") as address:
        yield address
