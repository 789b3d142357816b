"""Answers: do our trees and proofs agree with the published ones, and with the definition?"""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    ProofFails,
    SubtreeRoot,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    perfect_root,
    root,
    root_by_inclusion,
    verify_consistency,
)
from tests.logs import root_of, verify_inclusion

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The eight leaves that implementations of RFC 6962 have tested themselves with from the start."""
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_0 = ROOTS[0]
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LEAVES_2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
LEAVES_4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAVES_6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
LEAVES_4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
LEAF_6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"

INCLUDED = [
    (0, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
    (5, 8, [LEAF_4, LEAVES_6_7, ROOTS[3]]),
    (2, 3, [ROOTS[1]]),
    (1, 5, [LEAF_0, LEAVES_2_3, LEAF_4]),
    (0, 1, []),
]
CONSISTENT = [
    (1, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
    (6, 8, [LEAVES_4_5, LEAVES_6_7, ROOTS[3]]),
    (2, 5, [LEAVES_2_3, LEAF_4]),
    (6, 7, [LEAVES_4_5, LEAF_6, ROOTS[3]]),
    (1, 1, []),
    (0, 8, []),
]


def subtrees_of(hashes: Sequence[bytes]) -> SubtreeRoot:
    def subtree(level: int, number: int) -> bytes:
        found = hashes[number << level : (number + 1) << level]
        assert len(found) == 1 << level, "the tree asks for a subtree that is not whole"
        return perfect_root(b"".join(found))

    return subtree


# ---- The definition, word for word -----------------------------------------------------------


def naive_root(hashes: Sequence[bytes]) -> bytes:
    """RFC 9162, section 2.1.1."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    k = naive_split(len(hashes))
    return node_hash(naive_root(hashes[:k]), naive_root(hashes[k:]))


def naive_path(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    """RFC 9162, section 2.1.3.1."""
    if len(hashes) == 1:
        return []
    k = naive_split(len(hashes))
    if m < k:
        return [*naive_path(m, hashes[:k]), naive_root(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive_root(hashes[:k])]


def naive_subproof(m: int, hashes: Sequence[bytes], b: bool) -> list[bytes]:
    """RFC 9162, section 2.1.4.1."""
    n = len(hashes)
    if m == n:
        return [] if b else [naive_root(hashes)]
    k = naive_split(n)
    if m <= k:
        return [*naive_subproof(m, hashes[:k], b), naive_root(hashes[k:])]
    return [*naive_subproof(m - k, hashes[k:], False), naive_root(hashes[:k])]


def naive_split(n: int) -> int:
    return max(1 << power for power in range(n) if 1 << power < n)


# ---- The published vectors -------------------------------------------------------------------

HASHES = [leaf_hash(leaf) for leaf in LEAVES]
SUBTREE = subtrees_of(HASHES)


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root(size, SUBTREE).hex() == ROOTS[size - 1]
    assert root_of(HASHES[:size]).hex() == ROOTS[size - 1]


def test_the_root_of_the_empty_tree_is_the_hash_of_nothing() -> None:
    published = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root(0, SUBTREE).hex() == root_of([]).hex() == published


@pytest.mark.parametrize(("index", "size", "proof"), INCLUDED)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, proof: list[str]) -> None:
    made = inclusion_proof(index, size, SUBTREE)
    assert [each.hex() for each in made] == proof
    verify_inclusion(HASHES[index], index, size, made, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENT)
def test_consistency_proofs_are_the_published_ones(old: int, new: int, proof: list[str]) -> None:
    made = consistency_proof(old, new, SUBTREE)
    assert [each.hex() for each in made] == proof
    verify_consistency(old, root(old, SUBTREE), new, root(new, SUBTREE), made)


# ---- Any tree --------------------------------------------------------------------------------

trees = st.integers(1, 70).map(lambda size: [leaf_hash(bytes([each])) for each in range(size)])


@given(trees)
def test_a_tree_has_the_root_of_the_definition(hashes: list[bytes]) -> None:
    size = len(hashes)
    assert root(size, subtrees_of(hashes)) == root_of(hashes) == naive_root(hashes)


@given(trees, st.data())
def test_inclusion_is_proven_as_defined_and_of_nothing_else(
    hashes: list[bytes], data: st.DataObject
) -> None:
    size = len(hashes)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, subtrees_of(hashes))
    assert proof == naive_path(index, hashes)
    expected = naive_root(hashes)
    verify_inclusion(hashes[index], index, size, proof, expected)
    wrong_ones = [
        (leaf_hash(b"forged"), index, size, proof, expected),
        (hashes[index], index, size, proof, leaf_hash(b"forged")),
        (hashes[index], index, size, [*proof, expected], expected),
        (hashes[index], size, size, proof, expected),
    ]
    if proof:
        wrong_ones += [
            (hashes[index], index, size, proof[:-1], expected),
            (hashes[index], index ^ 1, size, proof, expected),
            (hashes[index], index, size, altered(proof, data), expected),
        ]
    for wrong in wrong_ones:
        with pytest.raises(ProofFails):
            verify_inclusion(*wrong)


@given(trees, st.data())
def test_consistency_is_proven_as_defined_and_of_nothing_else(
    hashes: list[bytes], data: st.DataObject
) -> None:
    new = len(hashes)
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(old, new, subtrees_of(hashes))
    assert proof == (naive_subproof(old, hashes, True) if old else [])
    roots = naive_root(hashes[:old]), naive_root(hashes)
    verify_consistency(old, roots[0], new, roots[1], proof)
    forged = leaf_hash(b"forged")
    wrong_ones = [
        (old, forged, new, roots[1], proof),
        (old, roots[0], new, roots[1], [*proof, forged]),
        (new + 1, roots[0], new, roots[1], proof),
    ]
    if old:
        wrong_ones.append((old, roots[0], new, forged, proof))
    if proof:
        wrong_ones += [
            (old, roots[0], new, roots[1], proof[:-1]),
            (old, roots[0], new, roots[1], altered(proof, data)),
        ]
    for wrong in wrong_ones:
        with pytest.raises(ProofFails):
            verify_consistency(*wrong)


@given(trees, st.data())
def test_a_leaf_that_was_altered_since_breaks_consistency(
    hashes: list[bytes], data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, len(hashes)))
    at = data.draw(st.integers(0, old - 1))
    rewritten = [*hashes[:at], leaf_hash(b"rewritten"), *hashes[at + 1 :]]
    proof = consistency_proof(old, len(hashes), subtrees_of(rewritten))
    with pytest.raises(ProofFails):
        verify_consistency(old, naive_root(hashes[:old]), len(hashes), naive_root(rewritten), proof)


def test_what_the_tree_does_not_have_is_not_proven() -> None:
    with pytest.raises(ValueError, match="none of index 8"):
        inclusion_proof(8, 8, SUBTREE)
    with pytest.raises(ValueError, match="can't begin with one of 9"):
        consistency_proof(9, 8, SUBTREE)


def test_two_histories_of_one_size_are_named() -> None:
    with pytest.raises(ProofFails, match="two roots of 8 leaves: two different histories"):
        verify_consistency(8, HASHES[0], 8, HASHES[1], [])


# ---- Lengths ---------------------------------------------------------------------------------


def cut(hashes: Sequence[bytes], at: int, by: int) -> list[bytes]:
    """The hashes, one of them some bytes shorter or longer."""
    odd = hashes[at][:by] if by < 0 else hashes[at] + bytes(by)
    return [*hashes[:at], odd, *hashes[at + 1 :]]


def test_a_leaf_and_a_sibling_cut_apart_elsewhere_prove_nothing() -> None:
    whole = HASHES[0] + HASHES[1]
    for at in (0, 1, 31, 33, 64):
        with pytest.raises(ProofFails, match="a hash has 32 bytes"):
            verify_inclusion(whole[:at], 0, 2, [whole[at:]], node_hash(*HASHES[:2]))
    verify_inclusion(whole[:32], 0, 2, [whole[32:]], node_hash(*HASHES[:2]))


@given(trees, st.data(), st.sampled_from([-32, -1, 1, 32]))
def test_a_hash_of_another_length_proves_no_inclusion(
    hashes: list[bytes], data: st.DataObject, by: int
) -> None:
    size, index = len(hashes), data.draw(st.integers(0, len(hashes) - 1))
    proof = inclusion_proof(index, size, subtrees_of(hashes))
    leaf, *rest = cut([hashes[index], *proof], data.draw(st.integers(0, len(proof))), by)
    with pytest.raises(ProofFails, match=f"a hash has 32 bytes, and this one has {32 + by}"):
        root_by_inclusion(leaf, index, size, rest)


@given(trees, st.data(), st.sampled_from([-32, -1, 1, 32]))
def test_a_hash_of_another_length_proves_no_consistency(
    hashes: list[bytes], data: st.DataObject, by: int
) -> None:
    new, old = len(hashes), data.draw(st.integers(0, len(hashes)))
    proof = consistency_proof(old, new, subtrees_of(hashes))
    given = [naive_root(hashes[:old]), naive_root(hashes), *proof]
    was, now, *rest = cut(given, data.draw(st.integers(0, len(given) - 1)), by)
    with pytest.raises(ProofFails, match=f"a hash has 32 bytes, and this one has {32 + by}"):
        verify_consistency(old, was, new, now, rest)


@pytest.mark.parametrize("odd", [b"", HASHES[0][:-1], HASHES[0] + b"0"])
def test_no_tree_takes_in_what_is_no_hash(odd: bytes) -> None:
    with pytest.raises(ValueError, match="leaf 1: a hash has 32 bytes"):
        root_of([HASHES[0], odd])
    with pytest.raises(ValueError, match="is none"):
        perfect_root(HASHES[0] + odd if odd else b"")
    with pytest.raises(ValueError, match="is none"):
        perfect_root(b"".join(HASHES[:3]))


def test_a_node_does_not_pass_for_a_leaf() -> None:
    assert leaf_hash(HASHES[0] + HASHES[1]) != node_hash(HASHES[0], HASHES[1])


def test_a_frontier_keeps_only_what_it_may_need() -> None:
    frontier = Frontier()
    for leaf in range(1_000):
        frontier.add(leaf_hash(b"%d" % leaf))
    assert len(frontier._roots) == (1_000).bit_count()


def altered(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    at = data.draw(st.integers(0, len(proof) - 1))
    return [*proof[:at], leaf_hash(proof[at]), *proof[at + 1 :]]
