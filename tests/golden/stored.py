"""The stored examples, each with the function that makes it again.

A maker is given an empty folder and returns the files of its example, by their paths below
tests/golden. `python -m tests.golden` writes them; tests/test_outside_unchanged.py compares them.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

import httpx2

from tests.golden.faults import FAULTS
from tests.golden.program import run, serving, session

GOLDEN = Path(__file__).parent
HISTORY = {
    "1-registered.yaml": "2024-01-10T09:00:00Z",
    "2-autumn.jsonl": "2024-02-10T09:00:00.250000Z",
    "3-late.yaml": "2024-03-10T09:00:00Z",
}
"""The files of the history, and when each is recorded."""
SIGNED = "TENURE_SIGNING_KEY=log.key"
BUNDLES = {"whole": "", "within": "--within veld", "until": "--until 2024-02-20"}
"""The stored bundles, and the options with which each is exported."""
LONG = 300
"""Entries of the long log: more than a tile holds."""

Files = dict[str, bytes]
"""Contents, by paths below tests/golden."""


# ---- The folders of the examples -----------------------------------------------------------


def stored(path: str) -> Files:
    """The stored file, or all files of the stored folder."""
    found = GOLDEN / path
    files = [found] if found.is_file() else filter(Path.is_file, found.rglob("*"))
    return {each.relative_to(GOLDEN).as_posix(): each.read_bytes() for each in files}


def files_in(folder: Path, below: str) -> Files:
    """All files of the folder, by their paths below the other."""
    files = filter(Path.is_file, folder.rglob("*"))
    return {f"{below}/{each.relative_to(folder).as_posix()}": each.read_bytes() for each in files}


def with_key(folder: Path) -> Path:
    """The folder, with the key that signs the log."""
    shutil.copy(GOLDEN / "not-a-secret.key", folder / "log.key")
    (folder / "log.key").chmod(0o600)
    shutil.copy(GOLDEN / "not-a-secret.key.state", folder / "log.key.state")
    return folder


def with_ledger(folder: Path) -> Path:
    """The folder, with the stored ledger and the key."""
    with closing(sqlite3.connect(folder / "tenure.db")) as db:
        db.executescript((GOLDEN / "ledger.sql").read_text())
    return with_key(folder)


def with_bundles(folder: Path) -> Path:
    """The folder, with the stored ledger and bundles, and the keys and notes around them."""
    shutil.copytree(GOLDEN / "bundles", folder / "stored")
    for name in ("verifier.txt", "witness.txt", "cosigned.txt"):
        shutil.copy(GOLDEN / name, folder)
    return with_ledger(folder)


def with_faults(folder: Path) -> Path:
    """The folder, with the stored ledger and bundles, altered ones, and faulty files."""
    with_bundles(folder)
    for name, content in FAULTS.items():
        (folder / name).write_text(content)
    (folder / "broken.key").chmod(0o600)
    shutil.copy(folder / "log.key", folder / "open.key")
    (folder / "open.key").chmod(0o644)
    with closing(sqlite3.connect(folder / "another.db")) as db:
        db.execute("CREATE TABLE recipe (name TEXT)")
    altered_ledger(folder / "altered.db")
    shutil.copytree(folder / "stored" / "whole", folder / "altered")
    entries = folder / "altered" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"Victory", b"Defeat!"))
    return folder


def altered_ledger(path: Path) -> None:
    """The stored ledger with another title of a report, as a forger would write it."""
    dump = (GOLDEN / "ledger.sql").read_text()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(dump.replace("Victory", "Defeat!"))


# ---- The examples ----------------------------------------------------------------------------


def ledger(folder: Path) -> Files:
    """A ledger of the history, as SQL."""
    for name, now in HISTORY.items():
        shutil.copy(GOLDEN / "history" / name, folder)
        run(folder, f"tenure record {name}", now)
    return {"ledger.sql": dump_of(folder / "tenure.db")}


def dump_of(path: Path) -> bytes:
    """A SQLite file as SQL: its header, tables, indexes and rows."""
    with closing(sqlite3.connect(path)) as db:
        header = (
            f"PRAGMA {name} = {db.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("page_size", "journal_mode", "user_version", "application_id")
        )
        made = db.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        rows = (
            f"INSERT INTO {name} VALUES ({', '.join(map(literal, row))});"
            for kind, name, _ in made
            if kind == "table"
            for row in db.execute(f"SELECT * FROM {name}")
        )
        return "\n".join([*header, *(f"{sql};" for *_, sql in made), *rows, ""]).encode()


def literal(value: object) -> str:
    """The value in SQL; bytes as the text that they are."""
    if isinstance(value, bytes):
        return f"CAST({literal(value.decode())} AS BLOB)"
    return "'{}'".format(value.replace("'", "''")) if isinstance(value, str) else str(value)


def recorded(folder: Path) -> Files:
    """Situation files and claims tables recorded in a session, and the entries that they become."""
    shutil.copytree(GOLDEN / "forms", folder / "forms")
    told = in_session("recorded.txt", lambda folder: folder)(folder)
    ledgers = [each for each in folder.glob("*.db") if each.stem != "tenure-views"]
    return told | {f"entries/{each.stem}.txt": entries_of(each) for each in ledgers}


def entries_of(path: Path) -> bytes:
    """The entries of a ledger in SQLite, each with its position, tags and stored bytes."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT position, type, tags, data FROM event ORDER BY position")
        return b"".join(
            f"{at} {kind}: {', '.join(tags.split())}\n".encode() + data + b"\n"
            for at, kind, tags, data in rows
        )


def schema(folder: Path) -> Files:
    """The JSON Schema of a record, each of its definitions on a line."""
    printed = json.loads(run(folder, "tenure schema").removesuffix("[exit 0]\n"))
    defined = [json.dumps({name: each}) for name, each in printed.pop("$defs").items()]
    return {"schema.jsonl": "\n".join([json.dumps(printed), *defined, ""]).encode()}


def bundles(folder: Path) -> Files:
    """Bundles of the stored ledger: the whole, a region, and what was recorded by a day."""
    with_ledger(folder)
    made: Files = {}
    for name, options in BUNDLES.items():
        run(folder, f"{SIGNED} tenure export {name} {options}")
        made |= files_in(folder / name, f"bundles/{name}")
    return made


def long_log(folder: Path) -> Files:
    """A log of several tiles, and the same rebuilt: a digest of each of its files."""
    with_key(folder)
    source = {"type": "SourceRegistered", "reliability": "F"}
    named = [{**source, "source": f"s-{at}", "name": f"Source {at}"} for at in range(LONG)]
    (folder / "long.jsonl").write_text("\n".join(map(json.dumps, named)))
    told = in_session("long-log.txt", lambda folder: folder)(folder)
    made = {**files_in(folder / "long", "long"), **files_in(folder / "rebuilt", "rebuilt")}
    digests = [
        f"{sha256(content).hexdigest()} {len(content):6} {path}\n"
        for path, content in sorted(made.items())
    ]
    return told | {
        "long-log-files.txt": "".join(digests).encode(),
        "long-log-checkpoint.txt": made["long/checkpoint"],
    }


def served(folder: Path) -> Files:
    """Requests to a node that serves the stored ledger, and the answers."""
    lines = (GOLDEN / "served.txt").read_text().splitlines()
    requests = [line for line in lines if line.startswith("$ ")]
    with (
        serving(with_ledger(folder), TENURE_SIGNING_KEY="log.key") as url,
        httpx2.Client(base_url=url, timeout=60) as http,
    ):
        wait_until_ready(http)
        told = [f"{line}\n{answer_to(http, line[2:])}\n" for line in requests]
    return {"served.txt": "".join(told).encode()}


def wait_until_ready(http: httpx2.Client) -> None:
    deadline = monotonic() + 60
    while http.get("/readyz").status_code != 200:
        assert monotonic() < deadline
        sleep(0.05)


def answer_to(http: httpx2.Client, request: str) -> str:
    """The status, the headers that matter, and the body; of bytes that are no text, a digest."""
    method, path, *body = request.split(" ", 2)
    sent = body[0] if body else None
    got = http.request(method, path, content=sent, headers={"content-type": "application/json"})
    kept = [got.headers.get(name, "-") for name in ("content-type", "cache-control")]
    if kept[0].startswith("application/json"):
        shown = json.dumps(got.json(), indent=1, ensure_ascii=False)
    elif kept[0].startswith("text/"):
        shown = got.text.rstrip()
    else:
        shown = f"{len(got.content)} bytes, SHA-256 {sha256(got.content).hexdigest()}"
    return f"{got.status_code}; {'; '.join(kept)}\n{shown}\n"


def in_session(name: str, prepared: Callable[[Path], Path]) -> Callable[[Path], Files]:
    """The maker of a stored session that is held in a folder with what it needs."""

    def made(folder: Path) -> Files:
        return {name: session(prepared(folder), (GOLDEN / name).read_text()).encode()}

    return made


MAKERS: dict[str, Callable[[Path], Files]] = {
    "ledger": ledger,
    "recorded": recorded,
    "schema": schema,
    "bundles": bundles,
    "answers": in_session("answers.txt", with_ledger),
    "tokens": in_session("tokens.txt", with_ledger),
    "bundles asked": in_session("bundles-asked.txt", with_bundles),
    "long log": long_log,
    "served": served,
    "help": in_session("help.txt", lambda folder: folder),
    "refusals": in_session("refusals.txt", with_faults),
}
"""Each example's maker. The later ones read the files of the earlier ones."""
