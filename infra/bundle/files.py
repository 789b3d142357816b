"""The folder of a bundle: its files, held to the manifest."""

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from hashlib import file_digest
from itertools import islice
from pathlib import Path

from infra.bundle.layout import COSIGNED, MANIFEST, BadBundle, FileListed, Manifest, tile_path
from infra.findings import MOST_FINDINGS, Finding, Findings, Wrong
from infra.log.checkpoints import Checkpoint
from infra.log.merkle import HASH_BYTES
from infra.log.regular_files import UnreadableLog, open_regular, read_regular, size_of
from infra.log.signed_notes import LONGEST_NOTE, BadNote, SignedNote
from infra.log.tiles import Tile, tile_at
from infra.log.timestamps import TIMESTAMPS

LONGEST_LINE = 64 * 1024 * 1024
_LONGEST_MANIFEST = 512 * 1024 * 1024


class BundleFolder:
    """A bundle on disk; nothing in the folder is believed yet."""

    def __init__(self, path: Path) -> None:
        """Raises BadBundle where the manifest can't be read."""
        self.path = path
        if not path.is_dir():
            raise BadBundle(f"{path} is no folder")
        if size_of(path / MANIFEST) is None:
            raise BadBundle(f"{path} is no bundle: there is no {MANIFEST} in it")
        try:
            self.manifest = Manifest.parse(self._whole(MANIFEST, _LONGEST_MANIFEST))
            self.checkpoint = self.manifest.checkpoint
        except BadBundle as bad:
            raise BadBundle(f"{path}: {bad}") from None

    @property
    def size(self) -> int:
        """The number of leaves in the tree."""
        return self.checkpoint.size

    def row(self, tile: Tile) -> bytes:
        """The hashes of a tile, as many as the file holds, and a byte more of too long a file."""
        whole = tile_at(self.size, tile.level, tile.number)
        with suppress(OSError), open_regular(self.path / tile_path(whole)) as file:
            return file.read(tile.width * HASH_BYTES + (tile == whole))
        return b""

    def kept_leaves(self, _start: int, _end: int) -> None:
        """None: the entries of a bundle are paired with the leaves, not kept as leaves."""

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """The lines of a file with their numbers, from 1 on, and line breaks. Raises BadBundle."""
        path = self.path / name
        try:
            with open_regular(path) as file:
                yield from enumerate(iter(partial(file.readline, LONGEST_LINE), b""), 1)
        except OSError as refused:
            raise BadBundle(f"{path} can't be read: {refused.strerror or refused}") from None

    def note(self, name: str) -> tuple[Checkpoint, SignedNote]:
        """A checkpoint and its signatures, if any. Raises BadNote, BadBundle."""
        try:
            text = self._whole(name, LONGEST_NOTE).decode()
        except UnicodeDecodeError:
            raise BadNote(f"{name} is not text") from None
        with suppress(BadNote):
            return Checkpoint.parse(text), SignedNote(text, ())
        note = SignedNote.parse(text)
        return Checkpoint.parse(note.text), note

    @property
    def has_cosigned(self) -> bool:
        return self._lists(COSIGNED)

    @property
    def has_timestamps(self) -> bool:
        return self._lists(TIMESTAMPS)

    def _lists(self, name: str) -> bool:
        return any(each.path == name for each in self.manifest.files)

    def check_files(self) -> Findings:
        """Holds the files to the manifest, and the manifest to the size of the tree."""
        findings, manifest = Findings(), self.manifest
        listed = {each.path: each for each in manifest.files}
        findings.add(
            *_wrong_list(manifest.files, manifest.paths),
            *islice(_extra(self.path, listed), MOST_FINDINGS),
        )
        findings.add(*filter(None, map(self._wrong_file, listed.values())))
        return findings

    def _wrong_file(self, listed: FileListed) -> Finding | None:
        path, name = self.path / listed.path, listed.path
        size = size_of(path)
        if size is None:
            return Finding(Wrong.FILE_MISSING, f"{name} is missing, or is no file", file=name)
        if size != listed.bytes:
            message = f"{name} has {size:,} bytes, and {listed.bytes:,} by the manifest"
            return Finding(Wrong.FILE_ALTERED, message, file=name)
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() == listed.sha256:
                return None
        message = f"{name} has another SHA-256 than by the manifest"
        return Finding(Wrong.FILE_ALTERED, message, file=name)

    def _whole(self, name: str, longest: int) -> bytes:
        path = self.path / name
        try:
            return read_regular(path, longest)
        except FileNotFoundError as missing:
            raise BadBundle(f"{path} can't be read: {missing.strerror}") from None
        except UnreadableLog as unreadable:
            raise BadBundle(str(unreadable)) from None


def _wrong_list(files: list[FileListed], expected: list[str]) -> Iterator[Finding]:
    paths = [each.path for each in files]
    if paths != sorted(set(paths)):
        message = f"{MANIFEST} lists the files in another order than that of their paths, or twice"
        yield Finding(Wrong.MANIFEST_DIFFERS, message, file=MANIFEST)
    for name in sorted(set(expected) - set(paths)):
        message = f"{MANIFEST} doesn't list {name}, which a bundle of its size has"
        yield Finding(Wrong.FILE_MISSING, message, file=name)
    for name in sorted(set(paths) - {*expected, COSIGNED, TIMESTAMPS}):
        message = f"{MANIFEST} lists {name}, which no bundle of its size has"
        yield Finding(Wrong.FILE_EXTRA, message, file=name)


def _extra(folder: Path, listed: dict[str, FileListed]) -> Iterator[Finding]:
    for at, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        for name in (*links, *sorted(files)):
            found = (Path(at) / name).relative_to(folder).as_posix()
            path = os.fsencode(found).decode("utf-8", "backslashreplace")
            if path != MANIFEST and path not in listed:
                message = f"{path} is not listed by the manifest"
                yield Finding(Wrong.FILE_EXTRA, message, file=path)
