"""Does an export bundle hold what was signed, and nothing else? Asked of the folder alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from infra.bundle.clock import Clock, ticks_in
from infra.bundle.entries import checked_lines
from infra.bundle.entry_order import EntryOrder
from infra.bundle.files import BundleFolder
from infra.bundle.layout import CHECKPOINT, CLOCK, COSIGNED, ENTRIES, MANIFEST, TILES, BadBundle
from infra.findings import Finding, Findings, Wrong
from infra.log.comparison import Change, HashedEntry, Pairing, compare, pair_by_number
from infra.log.leaf_check import LeafCheck, SourceWords
from infra.log.signed_notes import BadKey, BadNote, KeyType, SignedNote, VerifierKey
from infra.log.source import SignedCheckpoint, VerifiedSignature, unsigned_by
from infra.log.timestamps import TIMESTAMPS, AttestsTime, StampedCheckpoint, check_timestamps
from infra.log.verifier import LogVerifier, Progress

_CHANGES = {
    Change.ALTERED: (
        Wrong.ENTRY_ALTERED,
        "the entry at position {at} is not what leaf {leaf} was made from, by tile/{tile}",
    ),
    Change.REMOVED: (Wrong.ENTRY_REMOVED, "there is no entry for leaf {leaf}"),
    Change.ENDED: (Wrong.ENTRY_REMOVED, "there is no entry for leaf {leaf} and {more} behind it"),
    Change.INSERTED: (
        Wrong.ENTRY_INSERTED,
        "the entry is none of those that the tree was made from",
    ),
    Change.BEYOND: (Wrong.ENTRY_INSERTED, "an entry stands behind the last leaf"),
    Change.MOVED: (Wrong.ENTRY_MOVED, "the entry of leaf {leaf} is said to be leaf {entry.leaf}"),
    Change.SWAPPED: (
        Wrong.ENTRIES_SWAPPED,
        (
            "the entries of leaves {leaf} and {other.leaf} (line {other.line}) stand in each "
            "other's place"
        ),
    ),
}


@dataclass(slots=True)
class CheckedBundle:
    """A bundle with its findings, and the verified signatures."""

    folder: BundleFolder
    findings: Findings
    signed: list[VerifiedSignature] = field(default_factory=list)
    keys_are_own: bool = False
    """Whether the bundle's own manifest named the only keys."""
    stamped: list[StampedCheckpoint] = field(default_factory=list)
    """The checkpoints with genuine timestamps, if an authority is trusted."""


def check_bundle(
    folder: BundleFolder,
    keys: Sequence[VerifierKey] = (),
    *,
    needs_every_key: bool = True,
    authority: AttestsTime | None = None,
    progress: Progress = lambda leaves: None,
) -> CheckedBundle:
    """Makes every check that needs no other bundle.

    Each key has to have signed, or one of them without `needs_every_key`. Without keys, signatures
    are held to the keys in the manifest, which shows nothing about the signers. With a timestamp
    authority there has to be a timestamp. Progress is told by the entry, and by every 256 leaves.
    Raises BadBundle.
    """
    findings = folder.check_files()
    checked = CheckedBundle(folder, findings, keys_are_own=not keys)
    signatures, roots = Findings(), Findings()
    signed = _check_checkpoints(checked, keys, signatures, needs_every_key=needs_every_key)
    if authority:
        signed = sorted([*signed, *_check_stamped(checked, authority, signatures)], key=_size)
    words, paired = SourceWords(_CHANGES, ENTRIES, TILES), folder.manifest.paired
    root = folder.checkpoint.root
    check = LeafCheck(folder, findings, words, signed_root=root, paired=paired)
    verifier = LogVerifier(folder, check, roots)
    order = EntryOrder(folder.manifest, _clock(folder, findings), findings)
    entries = order.read(checked_lines(folder), progress)
    try:
        verifier.verify(_pairings(folder, check, entries), iter(signed), progress)
        order.check_manifest()
    except BadBundle as unreadable:
        findings.add(Finding(Wrong.FILE_MISSING, str(unreadable), file=ENTRIES))
        verifier.verify(map(Pairing, check.leaves()), iter(signed), progress)
    findings.add(*signatures, *sorted(roots, key=lambda root: root.file or ""))
    return checked


def _pairings(
    folder: BundleFolder, check: LeafCheck, entries: Iterator[HashedEntry]
) -> Iterator[Pairing]:
    """All leaves with their entries; behind the last entry of a prefix, leaves alone."""
    manifest, leaves = folder.manifest, check.leaves()
    if manifest.within is not None:
        return pair_by_number(leaves, entries)
    prefix = islice(leaves, manifest.paired)
    return chain(compare(prefix, entries, names_rest=True), map(Pairing, leaves))


def _clock(folder: BundleFolder, findings: Findings) -> Clock | None:
    if folder.manifest.within is None:
        return None
    try:
        return Clock(ticks_in(folder))
    except BadBundle as bad:
        findings.add(Finding(Wrong.LINE_MALFORMED, str(bad), file=CLOCK))
        return None


def _check_checkpoints(
    checked: CheckedBundle,
    keys: Sequence[VerifierKey],
    findings: Findings,
    *,
    needs_every_key: bool,
) -> list[SignedCheckpoint]:
    """The checkpoints of this tree, from the smallest on; their signatures are checked."""
    folder = checked.folder
    own = _own_keys(folder, findings)
    given, keys = keys, keys or own
    signed = []
    for name in (CHECKPOINT, *([COSIGNED] if folder.has_cosigned else [])):
        if each := _checkpoint_of_this_tree(folder, name, findings):
            signed.append(each)
            checked.signed += each.check_signatures(keys, findings)
    checked.signed = list(dict.fromkeys(checked.signed))
    newest = SignedCheckpoint(folder.checkpoint, SignedNote("", ()), file=CHECKPOINT)
    is_forged = any(each.wrong is Wrong.SIGNATURE_FORGED for each in findings)
    is_signed = any(each.size == newest.checkpoint.size for each in checked.signed)
    if given and needs_every_key and (checked.signed or not is_forged):
        findings.add(*unsigned_by(given, checked.signed, newest))
    elif keys and not is_signed and not is_forged:
        findings.add(_unsigned(newest, checked.keys_are_own))
    return sorted(signed, key=_size)


def _size(signed: SignedCheckpoint) -> int:
    return signed.checkpoint.size


def _check_stamped(
    checked: CheckedBundle, authority: AttestsTime, findings: Findings
) -> list[SignedCheckpoint]:
    """The checkpoints with genuine timestamps, to be held to the tree."""
    folder, tree = checked.folder, checked.folder.checkpoint
    lines = (line for _, line in folder.lines(TIMESTAMPS)) if folder.has_timestamps else ()
    try:
        stamped = check_timestamps(lines, authority, findings, file=TIMESTAMPS)
    except BadBundle:  # the file is missing, which is a finding already
        return []
    for each in stamped:
        checkpoint = each.signed.checkpoint
        if checkpoint.origin != tree.origin or checkpoint.size > tree.size:
            message = f"{TIMESTAMPS} has a timestamp of another log than {tree.origin}, or later"
            findings.add(each.signed.finding(Wrong.OTHER_LOG, message))
        else:
            checked.stamped.append(each)
    return [each.signed for each in checked.stamped]


def _unsigned(newest: SignedCheckpoint, keys_are_own: bool) -> Finding:
    whose, size = "the bundle names" if keys_are_own else "was given", newest.checkpoint.size
    message = f"no key that {whose} has signed the {CHECKPOINT} of {size:,} leaves"
    return newest.finding(Wrong.UNSIGNED, message)


def _own_keys(folder: BundleFolder, findings: Findings) -> list[VerifierKey]:
    try:
        keys = [VerifierKey.parse(key) for key in folder.manifest.keys]
    except BadKey as bad:
        findings.add(Finding(Wrong.MANIFEST_DIFFERS, f"{MANIFEST}: keys: {bad}", file=MANIFEST))
        return []
    origin = folder.checkpoint.origin
    for key in keys:
        if key.type is KeyType.NOTE and key.name != origin:
            message = f"{MANIFEST}: keys: {key.name} is no key of the log {origin}"
            findings.add(Finding(Wrong.MANIFEST_DIFFERS, message, file=MANIFEST))
    return keys


def _checkpoint_of_this_tree(
    folder: BundleFolder, name: str, findings: Findings
) -> SignedCheckpoint | None:
    try:
        checkpoint, note = folder.note(name)
    except (BadNote, BadBundle) as bad:
        findings.add(Finding(Wrong.MANIFEST_DIFFERS, f"{name}: {bad}", file=name))
        return None
    tree = folder.checkpoint
    signed = SignedCheckpoint(checkpoint, note, file=name)
    if name == CHECKPOINT and checkpoint != tree:
        message = f"{name} is of another tree than {MANIFEST} tells of"
    elif checkpoint.origin != tree.origin or checkpoint.size > tree.size:
        message = f"{name} is none of the log {tree.origin}, or of a later tree"
    else:
        return signed
    findings.add(signed.finding(Wrong.MANIFEST_DIFFERS, message))
    return None
