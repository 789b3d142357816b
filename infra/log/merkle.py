"""Merkle trees: RFC 6962, and RFC 9162, section 2.1, over SHA-256.

The first byte before hashing tells a leaf from a node, so that neither passes for the other. Proofs
are made from the roots of perfect subtrees, and checked by themselves.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

from domain.refusals import Refusal

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
"""The root of a tree without leaves."""

SubtreeRoot = Callable[[int, int], bytes]
"""(level, number): the root of a perfect subtree of 2**level leaves, by its number from 0 on."""


class ProofFails(Refusal):
    """The proof doesn't prove the claim; the message says why."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: bytes) -> bytes:
    """The root over a row of hashes, whose number is a power of two.

    Raises ValueError for any other row.
    """
    count, rest = divmod(len(hashes), HASH_BYTES)
    if rest or count.bit_count() != 1:
        raise ValueError(
            f"a perfect tree has 1, 2, 4, 8 ... hashes of {HASH_BYTES} bytes, and a row of "
            f"{len(hashes)} bytes is none"
        )
    while len(hashes) > HASH_BYTES:
        pairs = (hashes[at : at + 2 * HASH_BYTES] for at in range(0, len(hashes), 2 * HASH_BYTES))
        hashes = b"".join([sha256(b"\x01" + pair).digest() for pair in pairs])
    return hashes


def root(size: int, subtree: SubtreeRoot) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _span(0, size, subtree) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: SubtreeRoot) -> list[bytes]:
    """The proof that the leaf of an index is in the tree of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none of index {index}")
    return _path(index, 0, size, subtree)


def consistency_proof(old: int, new: int, subtree: SubtreeRoot) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with the tree of `old` ones."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves can't begin with one of {old}")
    return list(_subproof(old, 0, new, subtree)) if old else []


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root by a proof: RFC 9162, section 2.1.3.2.

    Raises ProofFails, also for a hash of another length than 32 bytes: two hashes could else be cut
    apart at another place and lead to the same root.
    """
    _refuse_other_lengths(proof, leaf=leaf)
    if not 0 <= index < size:
        raise ProofFails(f"a tree of {size} leaves has none of index {index}")
    node, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            raise ProofFails("the proof has more hashes than the tree has levels")
        if node & 1 or node == last:
            found = node_hash(each, found)
            node, last = _up_from_the_right(node, last)
        else:
            found = node_hash(found, each)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofFails("the proof has fewer hashes than the tree has levels")
    return found


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Proves that one tree begins with another: RFC 9162, section 2.1.4.2.

    Every tree begins with the empty tree. Raises ProofFails, also for a hash of another length than
    32 bytes.
    """
    _refuse_other_lengths(
        proof, **{"root of the smaller tree": old_root, "root of the larger tree": new_root}
    )
    if not 0 <= old <= new:
        raise ProofFails(f"a tree of {new} leaves can't begin with one of {old}")
    if old in (0, new):
        _verify_without_hashes(old, old_root, new, new_root, proof)
        return
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise ProofFails("the proof has no hashes")
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    found_old = found_new = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            raise ProofFails("the proof has more hashes than the tree has levels")
        if node & 1 or node == last:
            found_old, found_new = node_hash(each, found_old), node_hash(each, found_new)
            node, last = _up_from_the_right(node, last)
        else:
            found_new = node_hash(found_new, each)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofFails("the proof has fewer hashes than the tree has levels")
    if found_old != old_root:
        raise ProofFails("the proof leads to another root of the smaller tree")
    if found_new != new_root:
        raise ProofFails("the proof leads to another root of the larger tree")


class Frontier:
    """A growing tree, as the roots that the next leaf may need."""

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        """`roots` are those of the perfect subtrees of a tree of that size, from the left."""
        self.size = size
        self._roots = list(roots)

    def add(self, leaf: bytes) -> None:
        """Adds the hash of the next leaf. Raises ValueError for a hash of another length."""
        if len(leaf) != HASH_BYTES:
            raise ValueError(_wrong_length(f"leaf {self.size}", leaf))
        size, found = self.size, leaf
        while size & 1:
            found = node_hash(self._roots.pop(), found)
            size >>= 1
        self._roots.append(found)
        self.size += 1

    @property
    def root(self) -> bytes:
        if not self._roots:
            return EMPTY_ROOT
        found = self._roots[-1]
        for each in self._roots[-2::-1]:
            found = node_hash(each, found)
        return found


def _refuse_other_lengths(proof: Sequence[bytes] = (), /, **named: bytes) -> None:
    """Raises ProofFails for a hash of another length than 32 bytes."""
    numbered = ((f"hash {number} of the proof", each) for number, each in enumerate(proof))
    for what, given in (*named.items(), *numbered):
        if len(given) != HASH_BYTES:
            raise ProofFails(_wrong_length(what, given))


def _wrong_length(what: str, given: bytes) -> str:
    return f"{what}: a hash has {HASH_BYTES} bytes, and this one has {len(given)}"


def _verify_without_hashes(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    if proof:
        raise ProofFails("the proof should have no hashes")
    if old == 0 and old_root != EMPTY_ROOT:
        raise ProofFails("that is not the root of the empty tree")
    if old == new and old_root != new_root:
        raise ProofFails(f"there are two roots of {new} leaves: two different histories")


def _up_from_the_right(node: int, last: int) -> tuple[int, int]:
    """Skips the levels of the right edge where the node has no sibling."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _span(start: int, end: int, subtree: SubtreeRoot) -> bytes:
    """The root over the leaves from `start` to before `end`."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtree(level, start >> level)
    middle = start + _split(size)
    return node_hash(_span(start, middle, subtree), _span(middle, end, subtree))


def _path(index: int, start: int, end: int, subtree: SubtreeRoot) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, subtree), _span(middle, end, subtree)]
    return [*_path(index, middle, end, subtree), _span(start, middle, subtree)]


def _subproof(
    old: int, start: int, end: int, subtree: SubtreeRoot, is_known: bool = True
) -> Iterator[bytes]:
    """The verifier knows the root over a span only where the span is the older tree."""
    if old == end:
        if not is_known:
            yield _span(start, end, subtree)
        return
    middle = start + _split(end - start)
    if old <= middle:
        yield from _subproof(old, start, middle, subtree, is_known)
        yield _span(middle, end, subtree)
    else:
        yield from _subproof(old, middle, end, subtree, is_known=False)
        yield _span(start, middle, subtree)


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1
