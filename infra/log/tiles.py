"""The tiles of a log and their paths: C2SP tlog-tiles.

A tile holds up to 256 neighbouring hashes of every eighth level of the Merkle tree, a bundle up to
256 neighbouring entries. A partial tile is the beginning of the full tile, so that one row of
hashes serves every width.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

import orjson

from domain.refusals import Refusal
from infra.log.merkle import HASH_BYTES, SubtreeRoot, perfect_root

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""The hashes of a full tile."""
TILE_BYTES = WIDTH * HASH_BYTES
LONGEST_LEAF = 0xFFFF
"""The bytes of the longest leaf in a bundle: lengths have two bytes."""

ReadTile = Callable[["Tile"], bytes]
"""The hashes of a tile in full length. Raises DamagedTile."""


class BadTilePath(Refusal):
    """The path is not the specified path of a tile; the message says why."""


class DamagedTile(Refusal):
    """The log's own tile is missing, or shorter than the log says."""

    def __init__(self, tile: "Tile", held: int) -> None:
        super().__init__(
            f"tile {tile.path} should hold {tile.width} hashes and holds "
            f"{held / HASH_BYTES:g}: the log's own file is damaged"
        )
        self.tile = tile


class Tile(NamedTuple):
    """A row of hashes: the level of the tile, its number in the level, and the number of hashes."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path behind `tile/` in a URL: 0/x001/x234/067, or 1/000.p/17."""
        return f"{self.level}/{_part_of_path(self.number, self.width)}"

    @property
    def end(self) -> int:
        """The size of the smallest log with this tile."""
        return (self.number * WIDTH + self.width) << HEIGHT * self.level


class Bundle(NamedTuple):
    """Neighbouring entries: the number of the bundle, and the number of entries."""

    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path behind `tile/` in a URL: entries/x001/x234/067, or entries/000.p/17."""
        return f"entries/{_part_of_path(self.number, self.width)}"

    @property
    def start(self) -> int:
        return self.number * WIDTH

    @property
    def end(self) -> int:
        return self.start + self.width


def parse_path(path: str) -> Tile | Bundle:
    """The tile or bundle at the path behind `tile/`. Raises BadTilePath."""
    form = _PATH.fullmatch(path)
    if form is None:
        raise BadTilePath(
            f"{path[:100]!r} names no tile: it is <level>/<number> or entries/<number>, the number "
            "in groups of three digits (x001/x234/067), then .p/<width> where it is not full"
        )
    number = int(form["number"].replace("/", "").replace("x", ""))
    width = int(form["width"] or WIDTH)
    if width not in range(1, WIDTH + 1):
        raise BadTilePath(f"a tile holds 1 to {WIDTH} hashes, not {width}")
    tile = Bundle(number, width) if form["level"] == "entries" else _tile(form, number, width)
    # One tile has one path, so that a cache keeps it once.
    if tile.path != path:
        raise BadTilePath(f"{path[:100]!r} is written {tile.path}")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a log of that size, level by level."""
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        yield from (Tile(level, number) for number in range(full))
        if rest:
            yield Tile(level, full, rest)
        level, size = level + 1, full


def number_of_tiles(size: int) -> int:
    """The number of tiles in a log of that size."""
    found = 0
    while size:
        found += -(-size // WIDTH)
        size //= WIDTH
    return found


def tile_at(size: int, level: int, number: int) -> Tile:
    """The tile of that level and number, as wide as in a log of that size."""
    return Tile(level, number, min(WIDTH, (size >> HEIGHT * level) - number * WIDTH))


def grow(size: int, leaves: Sequence[bytes], read: ReadTile) -> Iterator[tuple[Tile, bytes]]:
    """The tiles that change with more leaves in a log of that size.

    The roots of full tiles are the hashes in the tiles above. Raises DamagedTile, and ValueError
    for a hash of another length.
    """
    for number, each in enumerate(leaves, size):
        if len(each) != HASH_BYTES:
            raise ValueError(f"a hash has {HASH_BYTES} bytes, and leaf {number} has {len(each)}")
    level, start, fresh = 0, size, b"".join(leaves)
    while fresh:
        number, width = divmod(start, WIDTH)
        held = _whole(Tile(level, number, width), read) if width else b""
        row, above = held + fresh, []
        for at in range(0, len(row), TILE_BYTES):
            hashes = row[at : at + TILE_BYTES]
            yield Tile(level, number + at // TILE_BYTES, len(hashes) // HASH_BYTES), hashes
            if len(hashes) == TILE_BYTES:
                above.append(perfect_root(hashes))
        level, start, fresh = level + 1, number, b"".join(above)


def subtrees(size: int, read: ReadTile) -> SubtreeRoot:
    """The roots of perfect subtrees in a log of that size; each tile is read once.

    Each root raises DamagedTile where a tile has more or fewer hashes than its width.
    """
    held: dict[tuple[int, int], bytes] = {}

    def subtree(level: int, number: int) -> bytes:
        row, height = divmod(level, HEIGHT)
        of_tile, offset = divmod(number << height, WIDTH)
        if (row, of_tile) not in held:
            held[row, of_tile] = _whole(tile_at(size, row, of_tile), read)
        start = offset * HASH_BYTES
        return perfect_root(held[row, of_tile][start : start + (HASH_BYTES << height)])

    return subtree


def _whole(tile: Tile, read: ReadTile) -> bytes:
    hashes = read(tile)
    if len(hashes) != tile.width * HASH_BYTES:
        raise DamagedTile(tile, len(hashes))
    return hashes


def leaf_of(entry: bytes) -> bytes:
    """The leaf for an entry: its bytes, or the length and hash of an entry too long for a
    bundle."""
    if len(entry) <= LONGEST_LEAF:
        return entry
    named = {"bytes": len(entry), "sha256": sha256(entry).hexdigest()}
    return orjson.dumps(named, option=orjson.OPT_SORT_KEYS)


def bundle_of(leaves: Iterable[bytes]) -> bytes:
    """The leaves in a row, each after its length."""
    return b"".join([part for leaf in leaves for part in (len(leaf).to_bytes(2), leaf)])


def leaves_in(bundle: bytes) -> list[bytes]:
    """The leaves of a bundle. Raises ValueError for a bundle that is cut off."""
    leaves: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start])
        if start > len(bundle) or at > len(bundle):
            raise ValueError(f"the bundle is cut off in its leaf {len(leaves)}")
        leaves.append(bundle[start:at])
    return leaves


_PATH = re.compile(
    r"(?P<level>[0-9]{1,2}|entries)/(?P<number>(x[0-9]{3}/){0,5}[0-9]{3})(\.p/(?P<width>[0-9]{1,3}))?",
    re.ASCII,
)
_HIGHEST_LEVEL = 63


def _tile(form: re.Match[str], number: int, width: int) -> Tile:
    level = int(form["level"])
    if level > _HIGHEST_LEVEL:
        raise BadTilePath(f"no tile has the level {level}; the highest is {_HIGHEST_LEVEL}")
    return Tile(level, number, width)


def _part_of_path(number: int, width: int) -> str:
    digits = str(number)
    groups = f"{number:0{-(-len(digits) // 3) * 3}}"
    *first, last = [groups[at : at + 3] for at in range(0, len(groups), 3)]
    path = "/".join([*(f"x{group}" for group in first), last])
    return path if width == WIDTH else f"{path}.p/{width}"
