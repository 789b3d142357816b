"""Does a check that goes on from an earlier one find all that a check of the whole finds?"""

from collections.abc import Sequence
from hashlib import sha256

import pytest

from infra.findings import Findings
from infra.log.checkpoints import Checkpoint
from infra.log.comparison import Pairing
from infra.log.leaf_check import LeafCheck, SourceWords
from infra.log.merkle import HASH_BYTES
from infra.log.right_edge import RightEdge
from infra.log.signed_notes import SignedNote
from infra.log.source import KeptLeaf, SignedCheckpoint
from infra.log.tiles import Tile, grow
from infra.log.verifier import LogVerifier
from tests.logs import root_of

MOST = 67_000  # above 256 ** 2, so that there are tiles of three levels
LEAVES = [sha256(str(number).encode()).digest() for number in range(MOST)]
SIZES = [0, 1, 255, 256, 257, 300, 511, 512, 1_000, 65_535, 65_536, 65_537, 65_792, 66_999, MOST]


class Tiles:
    """The tiles of a log in memory, as it grew leaf by leaf."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.rows: dict[tuple[int, int], bytes] = {}
        self.size = len(leaves)
        self.read: list[Tile] = []
        for start in range(0, self.size, 5_000):
            for tile, hashes in grow(start, leaves[start : start + 5_000], self.row):
                self.rows[tile.level, tile.number] = hashes

    def row(self, tile: Tile) -> bytes:
        self.read.append(tile)
        return self.rows.get((tile.level, tile.number), b"")[: tile.width * HASH_BYTES]

    def kept_leaves(self, _start: int, _end: int) -> dict[int, KeptLeaf] | None:
        return None


def checked(
    tiles: Tiles, verified: RightEdge, *seen: tuple[int, bytes]
) -> tuple[RightEdge, list[str]]:
    """The edge, and the findings; `seen` are sizes with their roots."""
    findings = Findings()
    notes = [Checkpoint("log", size, root) for size, root in sorted(seen)]
    signed = [SignedCheckpoint(each, SignedNote(each.text, ()), is_seen=True) for each in notes]
    check = LeafCheck(tiles, findings, SourceWords({}))
    verifier = LogVerifier(tiles, check, findings, verified)
    verifier.verify(map(Pairing, check.leaves(verified.full)), iter(signed), lambda more: None)
    return verifier.edge, [each.wrong.value for each in findings]


@pytest.fixture(scope="module")
def edges() -> dict[int, RightEdge]:
    """The edge of each size, by one check after the other."""
    edges, edge = dict[int, RightEdge](), RightEdge()
    for size in SIZES:
        edge, findings = checked(Tiles(LEAVES[:size]), edge)
        assert findings == []
        edges[size] = edge
    return edges


def test_going_on_step_by_step_leads_to_the_same_edge(edges: dict[int, RightEdge]) -> None:
    for size, edge in edges.items():
        assert edge.size == size
        assert edge.is_sound
        assert edge == checked(Tiles(LEAVES[:size]), RightEdge())[0]
        assert edge.root == root_of(LEAVES[:size])


def test_only_new_tiles_are_read(edges: dict[int, RightEdge]) -> None:
    tiles = Tiles(LEAVES)
    tiles.read.clear()
    checked(tiles, edges[66_999])
    assert {(each.level, each.number) for each in tiles.read} == {(0, 261)}


@pytest.mark.parametrize(
    ("before", "after"),
    [(1, 255), (255, 256), (256, 257), (257, 512), (300, 1_000), (1_000, 65_536), (65_537, MOST)],
)
def test_a_leaf_that_differs_behind_the_edge_is_no_continuation(
    edges: dict[int, RightEdge], before: int, after: int
) -> None:
    truth = (after, root_of(LEAVES[:after]))
    assert checked(Tiles(LEAVES[:after]), edges[before], truth)[1] == []
    altered = [*LEAVES[: after - 1], bytes(32)]
    assert checked(Tiles(altered), edges[before], truth)[1] == ["history forked"]


@pytest.mark.parametrize("before", [1, 256, 300, 65_792])
def test_a_history_that_differs_anywhere_before_the_edge_has_another_root(
    edges: dict[int, RightEdge], before: int
) -> None:
    size = before + 300
    for at in {0, before // 2, before - 1}:
        forked = [*LEAVES[:at], bytes(32), *LEAVES[at + 1 : size]]
        theirs, ours = (size, root_of(forked)), (before, edges[before].root)
        assert "history forked" in checked(Tiles(forked), edges[before], theirs, ours)[1]


def test_checkpoints_before_the_edge_are_proven_by_the_tiles(edges: dict[int, RightEdge]) -> None:
    tiles, sizes = Tiles(LEAVES), (1, 255, 256, 300, 65_536, 66_000)
    seen = [(size, root_of(LEAVES[:size])) for size in sizes]
    assert checked(tiles, edges[66_999], *seen)[1] == []
    assert checked(tiles, edges[66_999], *seen, (70, bytes(32)))[1] == ["history forked"]
    tiles.rows[1, 0] = b""
    assert set(checked(tiles, edges[66_999], *seen)[1]) == {"tile damaged"}


def test_a_damaged_upper_tile_is_found_where_it_is_new(edges: dict[int, RightEdge]) -> None:
    tiles = Tiles(LEAVES)
    tiles.rows[1, 1] = bytes(32) + tiles.rows[1, 1][32:]
    assert checked(tiles, edges[65_792])[1] == ["tile damaged"]


@pytest.mark.parametrize("rows", [(), (b"",), (bytes(32), bytes(32)), (bytes(31),)])
def test_an_edge_of_another_shape_is_not_sound(rows: tuple[bytes, ...]) -> None:
    assert not RightEdge(300, rows).is_sound
