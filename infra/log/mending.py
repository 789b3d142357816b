"""A damaged log file made anew, with all readable checkpoints and signatures."""

import sqlite3
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infra.ledger.ledger import Ledger
from infra.ledger.outages import Outage, is_outage, outage_of
from infra.ledger.sqlite.header import has_content
from infra.ledger.sqlite.identity import beside
from infra.log.checkpoints import Checkpoint
from infra.log.file import LogFile, NotALogFile
from infra.log.key_files import Keys
from infra.log.signed_notes import Signature
from infra.log.timestamps import Timestamp
from infra.log.transparency_log import TransparencyLog

_TIMESTAMPS = "SELECT origin, size, token FROM timestamp ORDER BY origin {0}, size {0}, token {0}"
Progress = Callable[[int], None]
_CHECKPOINTS = "SELECT origin, size, root FROM checkpoint ORDER BY origin {0}, size {0}"
_SIGNATURES = (
    "SELECT origin, size, witness, name, key, made FROM signature "
    "ORDER BY origin {0}, size {0}, witness {0}, name {0}, key {0}"
)


@dataclass(frozen=True, slots=True)
class MendedLog:
    """A log built again."""

    size: int
    root: str
    """The root over all leaves, in base64."""
    is_held: bool
    """Whether anything that was signed before holds the log to the past."""
    damage: str | None = None
    """The damage of the file that was replaced."""
    saved: int = 0
    """The number of signed checkpoints found in the damaged file."""
    kept_as: Path | None = None
    """The damaged file, kept for experts."""


def rebuild_log(
    ledger: Ledger, path: Path, keys: Keys, progress: Progress | None = None
) -> MendedLog:
    """Makes leaves and hashes of the ledger again. What was signed is kept; of a damaged file, what
    can be read. Raises NotALogFile, NotCanonical and WouldFork."""
    damage = _damage_of(path)
    if damage is None:
        with closing(LogFile(path)) as file:
            return _rebuilt(ledger, file, keys, progress)
    fresh = path.with_name(f"{path.name}.rebuild")
    _delete(fresh)
    try:
        saved = _save(path, fresh)
        with closing(LogFile(fresh)) as file:
            done = _rebuilt(ledger, file, keys, progress)
        kept_as = path.replace(path.with_name(f"{path.name}.damaged"))
        for suffix in ("-wal", "-shm"):
            beside(path, suffix).unlink(missing_ok=True)
        fresh.replace(path)
    finally:
        _delete(fresh)
    return replace(done, damage=damage, saved=saved, kept_as=kept_as)


def _rebuilt(ledger: Ledger, file: LogFile, keys: Keys, progress: Progress | None) -> MendedLog:
    log = TransparencyLog(ledger, file, keys)
    is_held = log.log.has_signatures or any(it.checkpoint.size for it in log.memory.read().all)
    size = log.rebuild(progress)
    return MendedLog(size, b64encode(log.log.root(size)).decode(), is_held)


def _damage_of(path: Path) -> str | None:
    """The damage of a file; None of a sound or missing one. Raises NotALogFile for another kind."""
    if not has_content(path):
        return None
    try:
        with closing(LogFile(path)) as file:
            faults = file.log.shape_faults()
            return faults[0] if faults else None
    except (NotALogFile, sqlite3.DatabaseError) as error:
        cause = error.__cause__ if isinstance(error, NotALogFile) else error
        if not isinstance(cause, sqlite3.Error) or not is_outage(cause):
            raise
        outage, why = outage_of(cause)
        if outage is not Outage.DAMAGED or not hasattr(cause, "sqlite_errorcode"):
            raise
        return why


def _save(path: Path, fresh: Path) -> int:
    """Copies what was signed, as far as it can be read; returns how many checkpoints."""
    checkpoints: dict[tuple[str, int], Checkpoint] = {}
    for origin, size, root in _readable(path, _CHECKPOINTS):
        if (type(origin), type(size), type(root)) == (str, int, bytes):
            checkpoints[origin, size] = Checkpoint(origin, size, root)
    signatures: dict[tuple[str, int], dict[bool, set[Signature]]] = {}
    for origin, size, witness, *made in _readable(path, _SIGNATURES):
        if (origin, size) in checkpoints and [*map(type, made)] == [str, bytes, bytes]:
            kinds = signatures.setdefault((origin, size), {})
            kinds.setdefault(bool(witness), set()).add(Signature(*made))
    stamps = {
        Timestamp(checkpoints[origin, size], token)
        for origin, size, token in _readable(path, _TIMESTAMPS)
        if (origin, size) in checkpoints and isinstance(token, bytes)
    }
    with closing(LogFile(fresh)) as file, file.growing() as log:
        for at, checkpoint in sorted(checkpoints.items()):
            log.keep(checkpoint, [], of_witnesses=False)
            for witness, kept in signatures.get(at, {}).items():
                log.keep(checkpoint, [*kept], of_witnesses=witness)
        for stamp in stamps:
            log.keep_timestamp(stamp)
    return len(checkpoints)


def _readable(path: Path, select: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a damaged table, from both of its ends up to the damage."""
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as db:
            yield from db.execute(select.format(order))


def _delete(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        beside(path, suffix).unlink(missing_ok=True)
