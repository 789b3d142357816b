"""A log of somebody else, read as C2SP tlog-tiles, served or in a folder."""

from pathlib import Path
from typing import Protocol

from infra.log.checkpoints import Checkpoint
from infra.log.entry_tally import EntryTally
from infra.log.merkle import HASH_BYTES, leaf_hash
from infra.log.regular_files import UnreadableLog, read_regular
from infra.log.signed_notes import LONGEST_NOTE, BadNote, SignedNote
from infra.log.source import KeptLeaf, SignedCheckpoint
from infra.log.tiles import LONGEST_LEAF, WIDTH, Bundle, Tile, leaves_in, tile_at

CHECKPOINT = "checkpoint"
_COSIGNED = ("cosigned", "checkpoint.cosigned")
"""The names of the cosigned checkpoint on a server and in a bundle."""


class LogFiles(Protocol):
    """The files of a log, wherever they are."""

    has_entries: bool
    """Whether bundles of entries should stand beside the tiles."""

    def read(self, path: str, longest: int) -> bytes | None:
        """The content at a path; None where there is none. Raises UnreadableLog."""

    def close(self) -> None: ...


class FolderFiles:
    """The files of a log in a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises UnreadableLog where there is no such folder."""
        if not folder.is_dir():
            raise UnreadableLog(f"{folder} is no folder, and no address that begins with http")
        self._folder = folder
        self.has_entries = (folder / "tile" / "entries").is_dir()

    def close(self) -> None:
        """Nothing stays open."""

    def read(self, path: str, longest: int) -> bytes | None:
        """The content of a file; a link or a pipe counts as none. Raises UnreadableLog."""
        try:
            return read_regular(self._folder / path, longest)
        except FileNotFoundError:
            return None


class TiledLog:
    """A log in tiles, at the checkpoint that was read first."""

    def __init__(self, files: LogFiles) -> None:
        """Raises UnreadableLog, and BadNote where a checkpoint is none."""
        self._files = files
        self.has_entries = files.has_entries
        # The cosigned checkpoint is read first, so that a growing log can't overtake it.
        self.cosigned = next(filter(None, map(self._checkpoint, _COSIGNED)), None)
        newest = self._checkpoint(CHECKPOINT)
        if newest is None:
            raise UnreadableLog(f"there is no {CHECKPOINT}: no log in tiles, or one without a key")
        self.newest = newest
        self.tally: EntryTally | None = None
        """Counts the entries that are read, if asked to."""

    @property
    def size(self) -> int:
        """The number of leaves, as the checkpoint says."""
        return self.newest.checkpoint.size

    def row(self, tile: Tile) -> bytes:
        """The hashes of a tile, as many as there are. Raises UnreadableLog."""
        whole = tile_at(self.size, tile.level, tile.number)
        hashes = self._read(whole, HASH_BYTES)
        return (hashes or b"")[: tile.width * HASH_BYTES]

    def kept_leaves(self, start: int, end: int) -> dict[int, KeptLeaf] | None:
        """The hashes of the entries in a bundle; no hash for a malformed bundle."""
        if not self.has_entries:
            return None
        bundle = Bundle(start // WIDTH, end - start)
        try:
            leaves = leaves_in(self._read(bundle, 2 + LONGEST_LEAF) or b"")
        except ValueError:
            return {}
        if len(leaves) not in (bundle.width, WIDTH):
            return {}
        if self.tally:
            self.tally.take(start, leaves[: bundle.width])
        hashes = map(leaf_hash, leaves[: bundle.width])
        return {number: KeptLeaf(each) for number, each in enumerate(hashes, start)}

    def _read(self, tile: Tile | Bundle, longest_each: int) -> bytes | None:
        """A tile or bundle, cut from the full one if the server dropped the partial one."""
        content = self._files.read(f"tile/{tile.path}", tile.width * longest_each)
        if content is None and tile.width < WIDTH:
            full = tile._replace(width=WIDTH)
            content = self._files.read(f"tile/{full.path}", WIDTH * longest_each)
        return content

    def _checkpoint(self, name: str) -> SignedCheckpoint | None:
        content = self._files.read(name, LONGEST_NOTE)
        if content is None:
            return None
        try:
            note = SignedNote.parse(content.decode())
            checkpoint = Checkpoint.parse(note.text)
        except (UnicodeDecodeError, BadNote) as bad:
            raise BadNote(f"{name}: {bad}") from None
        if not checkpoint.origin.isprintable():
            raise BadNote(f"{name}: {checkpoint.origin!r} can't be printed as the name of a log")
        return SignedCheckpoint(checkpoint, note, file=name)
