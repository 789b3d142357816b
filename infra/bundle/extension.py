"""Does a bundle only add to an earlier bundle?

The later tree has to begin with the earlier tree, and entries in both have to be the same.
"""

from collections.abc import Iterator
from itertools import islice

from infra.bundle.files import BundleFolder
from infra.bundle.layout import ENTRIES, EntryLine, parse_line
from infra.findings import MOST_FINDINGS, Finding, Findings, Wrong
from infra.log.checkpoints import Checkpoint
from infra.log.merkle import HASH_BYTES, ProofFails, consistency_proof, verify_consistency
from infra.log.tiles import WIDTH, subtrees, tiles_of


def check_since(old: BundleFolder, new: BundleFolder) -> Findings:
    """The findings about a later bundle beside an earlier one, both sound by themselves."""
    findings = Findings()
    was, now = old.checkpoint, new.checkpoint
    if was.origin != now.origin:
        message = f"the bundle is of the log {now.origin}, the earlier one of {was.origin}"
        findings.add(Finding(Wrong.OTHER_LOG, message, size=now.size))
    elif finding := _tree_difference(old, new, was, now):
        findings.add(finding)
    else:
        findings.add(*islice(_changed_entries(old, new), MOST_FINDINGS))
    return findings


def _tree_difference(
    old: BundleFolder, new: BundleFolder, was: Checkpoint, now: Checkpoint
) -> Finding | None:
    """The difference between the two trees, if any."""
    leaf = _first_difference(old, new)
    if now.size < was.size:
        more = "" if leaf is None else f", and they part at leaf {leaf}"
        message = f"the tree has {now.size:,} leaves, that of the earlier bundle {was.size:,}{more}"
        wrong = Wrong.LOG_ROLLED_BACK if leaf is None else Wrong.HISTORY_FORKED
        return Finding(wrong, message, leaf=leaf, size=now.size)
    proof = consistency_proof(was.size, now.size, subtrees(now.size, new.row))
    try:
        verify_consistency(was.size, was.root, now.size, now.root, proof)
    except ProofFails as fails:
        if now.size == was.size:
            message = (
                f"there are two trees of {now.size:,} leaves, and they part at leaf {leaf}: two "
                "histories of one log"
            )
            return Finding(Wrong.HISTORY_FORKED, message, leaf=leaf, size=now.size)
        message = (
            f"the tree of {now.size:,} leaves doesn't begin with the earlier checkpoint of "
            f"{was.size:,}: they part at leaf {leaf} ({fails})"
        )
        return Finding(Wrong.CHECKPOINT_WITHHELD, message, leaf=leaf, size=was.size)
    return None


def _first_difference(old: BundleFolder, new: BundleFolder) -> int | None:
    """The number of the first leaf with another hash in each tree."""
    for tile in tiles_of(min(old.size, new.size)):
        if tile.level == 0 and (one := old.row(tile)) != (other := new.row(tile)):
            parts = range(0, tile.width * HASH_BYTES, HASH_BYTES)
            at = next(at for at in parts if one[: at + HASH_BYTES] != other[: at + HASH_BYTES])
            return tile.number * WIDTH + at // HASH_BYTES
    return None


def _changed_entries(old: BundleFolder, new: BundleFolder) -> Iterator[Finding]:
    """The leaves with other bytes or another position in each bundle."""
    ours = _lines(new)
    number, line = next(ours, (0, None))
    for _, theirs in _lines(old):
        while line is not None and line.leaf < theirs.leaf:
            number, line = next(ours, (0, None))
        if line is None:
            return
        if line.leaf == theirs.leaf and line != theirs:
            moved = line.position != theirs.position
            what = f"at position {theirs.position}" if moved else "with other bytes"
            message = f"{ENTRIES}:{number}: leaf {line.leaf} stands in the earlier bundle {what}"
            wrong = Wrong.ENTRY_MOVED if moved else Wrong.ENTRY_ALTERED
            yield Finding(wrong, message, line.position, line.leaf, file=ENTRIES, line=number)


def _lines(folder: BundleFolder) -> Iterator[tuple[int, EntryLine]]:
    return ((number, parse_line(data)) for number, data in folder.lines(ENTRIES))
