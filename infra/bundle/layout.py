"""The files of an export bundle, and their forms.

A bundle is a folder of plain files, so that anybody can check a bundle with a short program:

* `entries.jsonl`        a line for each entry, in the order of the ledger: the entry as stored, the
                         number of its leaf, its position
* `tile/…`               the hashes of the whole tree, at the paths of C2SP tlog-tiles
* `checkpoint`           the checkpoint of the tree, with signatures
* `checkpoint.cosigned`  the newest checkpoint with a cosignature, if that is an earlier checkpoint
* `timestamps.jsonl`     the timestamps of checkpoints up to this one, if there are any
* `clock.jsonl`          where entries are left out: the ticks of the ledger's clock
* `manifest.json`        a description of the bundle, and the SHA-256 of every other file

Everything is in the canonical form of RFC 8785, so that every value has one spelling.
"""

import re
from base64 import b64decode
from typing import Annotated, Literal, NamedTuple

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.refusals import Refusal
from infra.log.checkpoints import Checkpoint
from infra.log.merkle import HASH_BYTES
from infra.log.tiles import BadTilePath, Tile, number_of_tiles, parse_path, tiles_of
from infra.log.timestamps import TIMESTAMPS

MANIFEST = "manifest.json"
ENTRIES = "entries.jsonl"
CLOCK = "clock.jsonl"
CHECKPOINT = "checkpoint"
COSIGNED = "checkpoint.cosigned"
UNSIGNED = "unsigned"
"""The log's name on a node without a key."""

TILES = "tile/"
_MOST = 2**62
Count = Annotated[int, Field(ge=0, lt=_MOST)]


class BadBundle(Refusal):
    """The folder holds no readable bundle; the message says why."""


class BadLine(Refusal):
    """A line has another form than it should; the message names the field."""


class _JsonModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FileListed(_JsonModel):
    """A file of the bundle."""

    bytes: Count
    path: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Until(_JsonModel):
    """The moment up to which entries were exported, and the last position recorded by then."""

    moment: str
    position: Count


class Tree(_JsonModel):
    """The content of the checkpoint."""

    origin: str
    root: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
    size: Count


class Manifest(_JsonModel):
    """The description of a bundle."""

    entries: Count
    """The number of entries in the bundle."""
    files: list[FileListed]
    format: Literal["tenure-bundle"] = "tenure-bundle"
    head: Count
    """The position of the last entry in the tree."""
    keys: list[str]
    """The verifier keys of the log and its witnesses, as the exporter names them."""
    rule: Annotated[str, Field(pattern=r"^rule [1-9][0-9]{0,8}$")]
    """The rule of control by which the exporter's node answers."""
    tree: Tree
    until: Until | None
    version: Literal[1] = 1
    within: str | None
    """The place to which the entries were narrowed."""

    @staticmethod
    def parse(data: bytes) -> "Manifest":
        """Raises BadBundle."""
        try:
            manifest = Manifest.model_validate(orjson.loads(data))
        except ValidationError as wrong:
            first = wrong.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the whole"
            raise BadBundle(f"{MANIFEST}: {where}: {first['msg']}") from None
        except ValueError as wrong:
            raise BadBundle(f"{MANIFEST} is not JSON: {wrong}") from None
        if manifest.data != data:
            raise BadBundle(f"{MANIFEST} is not in its canonical form (RFC 8785)")
        for each in manifest.files:
            if not _is_path(each.path):
                raise BadBundle(f"{MANIFEST} names {each.path[:100]!r}, which no bundle has")
        return manifest

    @property
    def data(self) -> bytes:
        return orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS) + b"\n"

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint, signed or not. Raises BadBundle."""
        root = b64decode(self.tree.root)
        if len(root) != HASH_BYTES:
            raise BadBundle(f"{MANIFEST}: tree.root is not the base64 of a hash")
        return Checkpoint(self.tree.origin, self.tree.size, root)

    @property
    def last(self) -> int:
        """The position up to which the bundle is complete."""
        return self.until.position if self.until else self.head

    @property
    def paired(self) -> int:
        """The number of leaves with an entry, in a bundle that is not narrowed."""
        return self.tree.size if self.until is None else min(self.entries, self.tree.size)

    @property
    def paths(self) -> list[str]:
        """The files of a complete bundle of this size. Raises BadBundle."""
        size = self.tree.size
        if number_of_tiles(size) > len(self.files):
            raise BadBundle(f"{MANIFEST} lists too few files for a tree of {size:,} leaves")
        named = [ENTRIES, CHECKPOINT, *([CLOCK] if self.within is not None else [])]
        return [*named, *(tile_path(tile) for tile in tiles_of(size))]


class EntryLine(NamedTuple):
    """A line of the entries; only the form of the line itself is certain."""

    leaf: int
    position: int
    entry: bytes
    """The entry as stored."""


def tile_path(tile: Tile) -> str:
    return f"{TILES}{tile.path}"


def line_of(leaf: int, position: int, entry: bytes) -> bytes:
    return b'{"entry":%b,"leaf":%d,"position":%d}\n' % (entry, leaf, position)


def parse_line(data: bytes) -> EntryLine:
    """Reads a line, whose entry may not be canonical. Raises BadLine."""
    form = _LINE.fullmatch(data)
    if form is None:
        raise BadLine(
            'it is not {"entry":{…},"leaf":…,"position":…} without spaces, and a line break'
        )
    return EntryLine(int(form["leaf"]), int(form["position"]), form["entry"])


_NUMBER = rb"0|[1-9][0-9]{0,17}"
_LINE = re.compile(
    rb'\{"entry":(?P<entry>\{.*\}),"leaf":(?P<leaf>%b),"position":(?P<position>%b)\}\n'
    % (_NUMBER, _NUMBER),
    re.DOTALL,
)


def _is_path(path: str) -> bool:
    """Whether a bundle may have such a file; no such path leaves the folder."""
    if path in {ENTRIES, CLOCK, CHECKPOINT, COSIGNED, TIMESTAMPS}:
        return True
    try:
        return path.startswith(TILES) and isinstance(parse_path(path[len(TILES) :]), Tile)
    except BadTilePath:
        return False
