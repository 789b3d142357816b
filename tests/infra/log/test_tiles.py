"""Answers: does a log consist of the tiles that C2SP tlog-tiles asks for, at their paths?"""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.log.merkle import (
    HASH_BYTES,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
)
from infra.log.tiles import (
    LONGEST_LEAF,
    WIDTH,
    BadTilePath,
    Bundle,
    DamagedTile,
    Tile,
    bundle_of,
    grow,
    leaf_of,
    leaves_in,
    parse_path,
    subtrees,
    tiles_of,
)
from tests.infra.log.test_merkle import naive_root
from tests.logs import root_of, verify_inclusion


class Tiles:
    """Tiles in memory, in their longest form."""

    def __init__(self) -> None:
        self.held: dict[tuple[int, int], bytes] = {}
        self.size = 0

    def read(self, tile: Tile) -> bytes:
        found = self.held.get(tile[:2], b"")[: tile.width * HASH_BYTES]
        if len(found) < tile.width * HASH_BYTES:
            raise DamagedTile(tile, len(found))
        return found

    def add(self, leaves: Sequence[bytes]) -> None:
        for tile, hashes in list(grow(self.size, leaves, self.read)):
            self.held[tile[:2]] = hashes
        self.size += len(leaves)


LEAVES = [leaf_hash(b"%d" % number) for number in range(70_000)]


@pytest.fixture(scope="module")
def tiles() -> Tiles:
    """Those of a log of 70,000 leaves, the example of the specification."""
    tiles = Tiles()
    tiles.add(LEAVES)
    return tiles


def test_a_log_of_70_000_leaves_has_the_tiles_of_the_specification(tiles: Tiles) -> None:
    named = list(tiles_of(70_000))
    assert sum(each.level == 0 and each.width == WIDTH for each in named) == 273
    assert [each for each in named if each.level or each.width < WIDTH] == [
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    held = {(*at, len(hashes) // HASH_BYTES) for at, hashes in tiles.held.items()}
    assert held == set(named)


def test_a_log_of_256_leaves_has_a_full_tile_and_its_hash_above() -> None:
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_a_tile_holds_the_roots_of_full_tiles_below(tiles: Tiles) -> None:
    assert tiles.read(Tile(0, 3)) == b"".join(LEAVES[768:1024])
    second = tiles.read(Tile(1, 0, 4))[HASH_BYTES * 3 :]
    assert second == naive_root(LEAVES[768:1024])
    assert tiles.read(Tile(2, 0, 1)) == naive_root(LEAVES[:65_536])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6), st.data())
def test_tiles_do_not_depend_on_where_a_log_paused(steps: list[int], data: st.DataObject) -> None:
    paused, straight = Tiles(), Tiles()
    for step in steps:
        paused.add(LEAVES[paused.size : paused.size + step])
    straight.add(LEAVES[: paused.size])
    assert paused.held == straight.held
    size = data.draw(st.integers(1, paused.size))
    assert root(size, subtrees(size, paused.read)) == root_of(LEAVES[:size])


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 70_000), st.data())
def test_proofs_made_from_tiles_hold_at_any_size(
    tiles: Tiles, size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    subtree = subtrees(size, tiles.read)
    now, before = root(size, subtree), root(old, subtrees(old, tiles.read))
    verify_inclusion(LEAVES[index], index, size, inclusion_proof(index, size, subtree), now)
    verify_consistency(old, before, size, now, consistency_proof(old, size, subtree))


def test_a_tile_that_was_cut_off_is_named() -> None:
    tiles = Tiles()
    tiles.add(LEAVES[:300])
    tiles.held[0, 0] = tiles.held[0, 0][:-HASH_BYTES]
    with pytest.raises(DamagedTile, match=r"tile 0/000 should hold 256 hashes and holds 255"):
        inclusion_proof(5, 300, subtrees(300, tiles.read))
    del tiles.held[0, 1]
    with pytest.raises(DamagedTile, match=r"tile 0/001\.p/44 should hold 44 hashes and holds 0"):
        tiles.add(LEAVES[300:301])


def test_a_tile_of_another_length_gives_no_root_and_no_proof() -> None:
    tiles = Tiles()
    tiles.add(LEAVES[:300])
    for odd in (-1, 1, HASH_BYTES):
        row = tiles.held[0, 0][:odd] if odd < 0 else tiles.held[0, 0] + bytes(odd)
        with pytest.raises(DamagedTile, match=r"tile 0/000 should hold 256 hashes"):
            inclusion_proof(5, 300, subtrees(300, {Tile(0, 0): row}.__getitem__))


def test_no_log_grows_by_what_is_no_hash() -> None:
    tiles = Tiles()
    with pytest.raises(ValueError, match="leaf 1 has 31"):
        tiles.add([LEAVES[0], LEAVES[1][:-1]])


# ---- Paths -----------------------------------------------------------------------------------

PATHS = {
    "0/x001/x234/067": Tile(0, 1_234_067),
    "0/000": Tile(0, 0),
    "63/999": Tile(63, 999),
    "2/x001/000.p/1": Tile(2, 1_000, 1),
    "1/001.p/17": Tile(1, 1, 17),
    "entries/x001/x234/067": Bundle(1_234_067),
    "entries/000.p/255": Bundle(0, 255),
}


@pytest.mark.parametrize(("path", "tile"), PATHS.items())
def test_a_tile_is_found_at_its_path(path: str, tile: Tile | Bundle) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@given(st.integers(0, 63), st.integers(0, 10**18 - 1), st.integers(1, 256))
def test_every_path_leads_back_to_its_tile(level: int, number: int, width: int) -> None:
    for tile in (Tile(level, number, width), Bundle(number, width)):
        assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("0/0", "names no tile"),
        ("0/1234", "names no tile"),
        ("0/x001", "names no tile"),
        ("0/001/234", "names no tile"),
        ("0/x000/001", "is written 0/001"),
        ("00/001", "is written 0/001"),
        ("64/001", "no tile has the level 64"),
        ("-1/001", "names no tile"),
        ("0/001.p/256", "is written 0/001"),
        ("0/001.p/0", "holds 1 to 256 hashes, not 0"),
        ("0/001.p/017", r"is written 0/001\.p/17"),
        ("0/001.p/300", "holds 1 to 256 hashes, not 300"),
        ("0/001.p/", "names no tile"),
        ("0/٠٠١", "names no tile"),
        ("entries/001/", "names no tile"),
        ("../0/001", "names no tile"),
        ("0/" + "x001/" * 40 + "001", "names no tile"),
        ("", "names no tile"),
    ],
)
def test_any_other_path_is_refused_in_plain_words(path: str, why: str) -> None:
    with pytest.raises(BadTilePath, match=why):
        parse_path(path)


# ---- Entries ---------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_leaves_back(leaves: list[bytes]) -> None:
    assert leaves_in(bundle_of(leaves)) == leaves


def test_a_leaf_stands_after_its_length_in_two_bytes() -> None:
    assert bundle_of([b"abc", b"", b"x" * 300]) == b"\0\3abc" + b"\0\0" + b"\1\x2c" + b"x" * 300


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_bundle_that_is_cut_off_is_noticed(cut: int) -> None:
    whole = bundle_of([b"abc", b"defg"])
    with pytest.raises(ValueError, match="cut off in its leaf 1"):
        leaves_in(whole[:-cut])


def test_an_entry_that_no_bundle_can_hold_is_a_leaf_by_its_hash() -> None:
    longest, longer = b"x" * LONGEST_LEAF, b"x" * (LONGEST_LEAF + 1)
    assert leaf_of(longest) == longest
    named = sha256(longer).hexdigest().encode()
    assert leaf_of(longer) == b'{"bytes":65536,"sha256":"%b"}' % named
