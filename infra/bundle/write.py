"""Writes a bundle: whole, or not at all.

The same ledger under the same checkpoint gives the same bytes: no clock goes into a bundle.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

from domain.control.verdict import RULE
from domain.occurred import Instant, rfc3339
from domain.refusals import Refusal
from domain.values import LocationId
from infra.bundle.clock import ticks_of
from infra.bundle.layout import (
    CHECKPOINT,
    CLOCK,
    COSIGNED,
    ENTRIES,
    MANIFEST,
    UNSIGNED,
    FileListed,
    Manifest,
    Tree,
    Until,
    line_of,
    tile_path,
)
from infra.bundle.selection import positions_within
from infra.ledger.codec import recorded_at_of
from infra.ledger.dcb import SequencedEvent
from infra.ledger.ledger import Ledger
from infra.log.checkpoints import Checkpoint
from infra.log.file import Leaf
from infra.log.signed_notes import SignedNote
from infra.log.tiles import WIDTH, tiles_of
from infra.log.timestamps import TIMESTAMPS
from infra.log.transparency_log import LedgerDiffers, TransparencyLog, is_leaf_for


class NotEmpty(Refusal):
    """Something stands where the bundle should be written."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} {what}")


@dataclass(frozen=True, slots=True)
class ExportedBundle:
    """A written bundle."""

    path: Path
    manifest: Manifest
    signed_by: tuple[str, ...]


def write_bundle(
    ledger: Ledger,
    log: TransparencyLog,
    path: Path,
    *,
    within: LocationId | None = None,
    until: Instant | None = None,
    progress: Callable[[int], None] = lambda entries: None,
) -> ExportedBundle:
    """Writes the entries in the log, under its newest checkpoint.

    Progress is told by the entry. Raises NotEmpty, UnknownReference, LedgerDiffers and DamagedTile.
    """
    checkpoint, note = _newest_checkpoint(log)
    head = _head(log, checkpoint.size)
    last = head if until is None else min(head, ledger.position_at(until))
    wanted = None if within is None else positions_within(ledger, within, last)
    with _new_folder(path) as folder:
        writer = _BundleWriter(folder)
        writer.write(CHECKPOINT, [str(note).encode() if note.signatures else note.text.encode()])
        cosigned = log.cosigned()
        if cosigned and cosigned.text != note.text:
            writer.write(COSIGNED, [str(cosigned).encode()])
        stamps = [each.line for each in log.timestamps(checkpoint.size)]
        if stamps:
            writer.write(TIMESTAMPS, stamps)
        for tile in tiles_of(checkpoint.size):
            writer.write(tile_path(tile), [log.log.tile(tile)])
        held = _LoggedEntries(ledger, log, checkpoint.size, last)
        entries = writer.write(ENTRIES, held.lines(wanted, progress))
        if wanted is not None:
            writer.write(CLOCK, (tick.line for tick in ticks_of(held.times())))
        manifest = Manifest(
            entries=entries,
            files=sorted(writer.files, key=lambda each: each.path),
            head=head,
            keys=[str(key) for key in _verifier_keys(log)],
            rule=RULE,
            tree=Tree(
                origin=checkpoint.origin, root=checkpoint.text.split("\n")[2], size=checkpoint.size
            ),
            until=None if until is None else Until(moment=rfc3339(until), position=last),
            within=within,
        )
        writer.write(MANIFEST, [manifest.data])
    return ExportedBundle(path, manifest, tuple(each.name for each in note.signatures))


class _LoggedEntries:
    """The entries of the ledger beside their leaves in the log."""

    def __init__(self, ledger: Ledger, log: TransparencyLog, size: int, last: int) -> None:
        self._ledger, self._log = ledger, log
        self._size, self._last = size, last

    def lines(self, wanted: set[int] | None, progress: Callable[[int], None]) -> Iterator[bytes]:
        for leaf, entry in self._pairs():
            if wanted is None or entry.position in wanted:
                yield line_of(leaf.number, entry.position, entry.event.data)
            progress(1)

    def times(self) -> Iterator[tuple[int, Instant | None]]:
        for _, entry in self._pairs():
            yield entry.position, recorded_at_of(entry.event.data)

    def _pairs(self) -> Iterator[tuple[Leaf, SequencedEvent]]:
        entries = self._ledger.stored()
        for start in range(0, self._size, WIDTH):
            for leaf in self._log.log.leaves(start, min(self._size, start + WIDTH)):
                if leaf.position > self._last:
                    return
                entry = next(entries, None)
                if entry is None or not is_leaf_for(leaf, entry):
                    raise LedgerDiffers(leaf)
                yield leaf, entry


class _BundleWriter:
    """Writes files into a folder, and lists them for the manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: list[FileListed] = []

    def write(self, name: str, parts: Iterable[bytes]) -> int:
        """Returns the number of parts."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, size, count = sha256(), 0, 0
        with path.open("xb") as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                size, count = size + len(part), count + 1
        self.files.append(FileListed(bytes=size, path=name, sha256=digest.hexdigest()))
        return count


@contextmanager
def _new_folder(path: Path) -> Iterator[Path]:
    """A new folder that replaces `path` in the end, or disappears after an error."""
    if path.exists() and (not path.is_dir() or any(islice(path.iterdir(), 1))):
        raise NotEmpty(path, "is not empty; a bundle is written into a new folder")
    path = path.resolve()
    folder = path.with_name(f"{path.name}.part")
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        left = "is left from an export that was cut short, or one goes on; remove it if none does"
        raise NotEmpty(folder, left) from None
    except OSError as refused:
        raise NotEmpty(folder, f"can't be made: {refused.strerror}") from None
    try:
        yield folder
        folder.replace(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _newest_checkpoint(log: TransparencyLog) -> tuple[Checkpoint, SignedNote]:
    """The newest checkpoint; unsigned on a node without a key."""
    note = log.checkpoint()
    if note:
        return Checkpoint.parse(note.text), note
    size = log.log.size
    checkpoint = Checkpoint(UNSIGNED, size, log.log.root(size))
    return checkpoint, SignedNote(checkpoint.text, ())


def _head(log: TransparencyLog, size: int) -> int:
    last = log.log.leaves(size - 1, size)
    return last[0].position if last else 0


def _verifier_keys(log: TransparencyLog) -> Iterator[object]:
    if log.keys.signer:
        yield log.keys.signer.verifier
        yield from log.keys.witnesses
