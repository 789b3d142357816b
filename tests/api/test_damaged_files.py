"""Damaged files: each command says what is wrong and what to do; `rebuild` mends views and log.

DAMAGES asks for more places of damage than the few in each run.
"""

import os
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import partial
from os import environ
from pathlib import Path
from random import Random

import pytest

from api.node import open_node
from infra.ledger.ledger import open_ledger
from tests.command_line import CommandLine, Outcome

DAMAGES = int(environ.get("DAMAGES", "6"))
WHO = ["who", "kidal", "--on", "2023-11-20"]
ASKING = [
    WHO,
    ["situation", "--on", "2023-11-20"],
    ["timeline", "kidal"],
    ["holdings", "csp", "--on", "2020-01-01"],
    ["revisions", "kidal", "--on", "2023-11-20"],
    ["compare", "--from", "2023-11-13", "--to", "2023-11-20"],
]
READING_THE_LEDGER = [["replay", "kidal", "--on", "2023-11-20"], ["verify", "--no-views"]]


@pytest.fixture
def signed(kidal: CommandLine) -> CommandLine:
    """A ledger with views and a signed log."""
    assert kidal.run("keygen", kidal.folder / "log.key", "--name", "example.com/kidal").code == 0
    assert kidal.run("rebuild", "--log", **signing(kidal)).code == 0
    return kidal


def signing(line: CommandLine) -> dict[str, str]:
    return {"TENURE_SIGNING_KEY": str(line.folder / "log.key")}


def damages(path: Path, seed: int) -> Iterator[Callable[[], None]]:
    """Damages at random places, the same in each run: bytes flipped, zeroed, cut off."""
    random, size = Random(seed), path.stat().st_size
    for number in range(DAMAGES):
        at = random.randrange(size) if number % 3 else random.randrange(min(size, 4096))
        long, noise = random.choice([1, 16, 500]), random.randbytes(500)
        yield partial(overwrite, path, at, noise[:long])
        yield partial(overwrite, path, at, bytes(long))
        yield partial(os.truncate, path, at)


def overwrite(path: Path, at: int, with_: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(with_)


def is_told(done: Outcome) -> None:
    """The command answered, or said what is wrong."""
    assert done.code in {0, 1}
    assert "Traceback" not in done.stderr
    if done.code == 1:
        assert done.stderr.strip()
        assert len(done.stderr) < 20_000


def tried(line: CommandLine, name: str, seed: int) -> Iterator[None]:
    """Each damage to a file in turn; the file is as before afterwards."""
    path, whole = line.folder / name, line.folder / "whole"
    shutil.copy(path, whole)
    for damage in damages(path, seed):
        damage()
        yield
        for suffix in ("-wal", "-shm", "-journal"):
            path.with_name(name + suffix).unlink(missing_ok=True)
        shutil.copy(whole, path)


def test_damaged_views_are_told_and_mended(kidal: CommandLine) -> None:
    expected = {" ".join(line): kidal.run(*line).stdout for line in ASKING}
    for number, _ in enumerate(tried(kidal, "views.db", 1)):
        for line in (ASKING[number % len(ASKING)], ["verify", "--samples", "5"]):
            is_told(kidal.run(*line))
        mended = kidal.run("rebuild")
        if mended.code == 1 and "can't hold the views" in mended.stderr:
            continue  # nothing in it tells that it was ever a file of views
        assert "rebuilt at position 13" in mended.stdout, mended.stderr
        for line in (WHO, ASKING[number % len(ASKING)]):
            assert kidal.run(*line).stdout == expected[" ".join(line)]
        assert kidal.run("rebuild").code == 0


def test_views_that_verify_calls_right_answer_right(kidal: CommandLine) -> None:
    expected = kidal.run(*WHO).stdout
    for _ in tried(kidal, "views.db", 2):
        if kidal.run("verify", "--samples", "5").code == 0:
            assert kidal.run(*WHO).stdout == expected


def test_a_damaged_ledger_is_told(signed: CommandLine) -> None:
    (signed.folder / "views.db").unlink()
    whole = entries(signed)
    expected = signed.run(*READING_THE_LEDGER[0]).stdout
    for number, _ in enumerate(tried(signed, "ledger.db", 3)):
        verified = signed.run("verify", "--no-views", **signing(signed))
        is_told(verified)
        is_told(signed.run(*ASKING[number % len(ASKING)], TENURE_VIEWS=str(views(signed))))
        is_told(signed.run("export", signed.folder / f"bundle-{number}"))
        is_told(signed.run("backup", signed.folder / "backup.db", "--force"))
        replayed = signed.run(*READING_THE_LEDGER[0])
        is_told(replayed)
        if verified.code == 0:
            assert entries(signed) == whole, "nothing of what is recorded was hit"
            assert replayed.stdout == expected


def views(line: CommandLine) -> Path:
    """A new file of views, as these follow a ledger that is damaged."""
    path = line.folder / "fresh-views.db"
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return path


def entries(line: CommandLine) -> list[tuple[int, bytes]]:
    with open_ledger(line.environment["TENURE_LEDGER"]) as ledger:
        return [(each.position, each.event.data) for each in ledger.stored()]


def test_a_damaged_log_is_told_and_mended(signed: CommandLine) -> None:
    expected = signed.run("rebuild", "--log", **signing(signed)).stdout
    for _ in tried(signed, "views-log.db", 4):
        is_told(signed.run("verify", "--no-views", **signing(signed)))
        mended = signed.run("rebuild", "--log", **signing(signed))
        is_told(mended)
        if mended.code == 0:
            assert mended.stdout == expected
            assert signed.run("verify", "--no-views", **signing(signed)).code == 0


def test_what_was_signed_is_read_in_a_damaged_log(signed: CommandLine) -> None:
    path = signed.folder / "views-log.db"
    with open_node(signed.settings) as node:
        tile = node.log.log.root(13)
    before = path.read_bytes()
    page = before.index(b'{"event"') // 4096 * 4096
    overwrite(path, page, b"\xff" * 200)
    done = signed.run("rebuild", "--log", **signing(signed))
    assert done.code == 0
    assert "signed checkpoints found in it: 1." in done.stderr
    assert f"kept as {path}.damaged" in done.stderr
    assert b64decode(done.stdout.split()[-1]) == tile
    assert signed.run("verify", "--no-views", **signing(signed)).code == 0


@pytest.mark.parametrize("name", ["log.key", "keys.json", "witnesses"])
def test_damaged_keys_are_told(name: str, signed: CommandLine) -> None:
    signed.write("keys.json", '{"%s": {"subject": "ana", "scopes": ["record"]}}' % ("ab" * 32))
    made = signed.run("keygen", signed.folder / "w.key", "--name", "w.example", "--witness")
    signed.write("witnesses", made.stdout)
    given = {
        **signing(signed),
        "TENURE_KEYS": str(signed.folder / "keys.json"),
        "TENURE_WITNESSES": str(signed.folder / "witnesses"),
    }
    for _ in tried(signed, name, 5):
        is_told(signed.run("verify", "--no-views", **given))
        if name == "keys.json":
            done = signed.run("serve", "--host", "256.0.0.1", **given)
            done.refused("TENURE_KEYS", code=2)


@pytest.mark.parametrize("what", ["nothing", "a folder", "a text", "a link to nothing"])
@pytest.mark.parametrize("name", ["ledger.db", "views.db", "views-log.db", "log.key"])
def test_something_else_in_the_place_of_a_file_is_told(
    name: str, what: str, signed: CommandLine
) -> None:
    path = signed.folder / name
    path.unlink()
    match what:
        case "nothing":
            path.touch()
        case "a folder":
            path.mkdir()
        case "a text":
            path.write_text("This is a letter, and no file of ours.\n" * 200)
        case _:
            path.symlink_to("nowhere")
    for line in (*ASKING[:2], *READING_THE_LEDGER, ["verify"], ["rebuild"], ["rebuild", "--log"]):
        is_told(signed.run(*line, **signing(signed)))
    if what == "a text":
        assert path.read_text().startswith("This is a letter")


def test_files_without_permission_are_told(signed: CommandLine) -> None:
    everything = [*ASKING[:2], *READING_THE_LEDGER, ["verify"], ["rebuild"], ["rebuild", "--log"]]
    if os.geteuid() == 0:
        everything = everything[:1]  # root reads everything
    for name in ("ledger.db", "views.db", "views-log.db", "log.key"):
        (signed.folder / name).chmod(0)
        for line in everything:
            is_told(signed.run(*line, **signing(signed)))
        (signed.folder / name).chmod(0o600)
