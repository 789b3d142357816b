"""Is the root over a bundle's tiles the one that was signed, and by whose keys?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from infra.bundle.files import BundleFolder
from infra.bundle.layout import CHECKPOINT, COSIGNED, MANIFEST, BadBundle
from infra.bundle.tiles import root_of_tiles
from infra.findings import Finding, Findings, Wrong
from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import BadKey, BadNote, Forged, KeyType, Note, VerifierKey


class Signed(NamedTuple):
    """A signature that was made with its key."""

    name: str
    size: int
    """Of the tree that was signed."""
    witnessed_at: int | None
    """When a witness saw it, in seconds since 1970; None of the log's own."""


@dataclass(slots=True)
class Checked:
    """What was found, and what is certain where nothing was."""

    folder: BundleFolder
    findings: Findings
    signed: list[Signed] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    """The names of keys that were given and have signed nothing here."""
    keys_are_own: bool = False
    """Whether the only keys there were are those that the bundle names itself."""

    @property
    def is_sound(self) -> bool:
        return not self.findings


def check_checkpoints(checked: Checked, keys: Sequence[VerifierKey]) -> None:
    """Holds the root over the tiles to what was signed, unless the tiles are damaged anyway."""
    folder, findings = checked.folder, checked.findings
    own = _own_keys(folder, findings)
    keys = keys or own
    is_followed = not any(each.wrong is Wrong.TILE_DAMAGED for each in findings)
    for name in (CHECKPOINT, *([COSIGNED] if folder.has_cosigned else [])):
        try:
            checkpoint, note = folder.note(name)
        except (BadNote, BadBundle) as bad:
            findings.add(Finding(Wrong.MANIFEST_DIFFERS, f"{name}: {bad}", file=name))
            continue
        if _is_of_this_tree(folder, name, checkpoint, findings):
            if is_followed:
                _check_root(folder, name, checkpoint, findings)
            _check_signatures(checked, name, note, checkpoint, keys)
    found = {each.name for each in checked.signed}
    checked.silent = sorted({key.name for key in keys} - found)
    is_signed = any(each.size == folder.checkpoint.size for each in checked.signed)
    is_forged = any(each.wrong is Wrong.SIGNATURE_FORGED for each in findings)
    if keys and not is_signed and not is_forged:
        size = folder.checkpoint.size
        message = f"no key that {_whose(checked)} has signed the {CHECKPOINT} of {size:,} leaves"
        findings.add(Finding(Wrong.UNSIGNED, message, size=size, file=CHECKPOINT))


def _own_keys(folder: BundleFolder, findings: Findings) -> list[VerifierKey]:
    try:
        return [VerifierKey.parse(key) for key in folder.manifest.keys]
    except BadKey as bad:
        findings.add(Finding(Wrong.MANIFEST_DIFFERS, f"{MANIFEST}: keys: {bad}", file=MANIFEST))
        return []


def _whose(checked: Checked) -> str:
    return "the bundle names" if checked.keys_are_own else "was given"


def _is_of_this_tree(
    folder: BundleFolder, name: str, checkpoint: Checkpoint, findings: Findings
) -> bool:
    if name == CHECKPOINT and checkpoint != folder.checkpoint:
        message = f"{name} is of another tree than {MANIFEST} tells of"
        findings.add(Finding(Wrong.MANIFEST_DIFFERS, message, size=checkpoint.size, file=name))
        return False
    if checkpoint.origin != folder.checkpoint.origin or checkpoint.size > folder.checkpoint.size:
        message = f"{name} is none of the log {folder.checkpoint.origin}, or of a later tree"
        findings.add(Finding(Wrong.MANIFEST_DIFFERS, message, size=checkpoint.size, file=name))
        return False
    return True


def _check_root(
    folder: BundleFolder, name: str, checkpoint: Checkpoint, findings: Findings
) -> None:
    if root_of_tiles(folder, checkpoint.size) != checkpoint.root:
        message = (
            f"the root over {checkpoint.size:,} leaves by the tiles is not the one in {name}: "
            "what is here is not what was signed"
        )
        findings.add(Finding(Wrong.ROOT_DIFFERS, message, size=checkpoint.size, file=name))


def _check_signatures(
    checked: Checked,
    name: str,
    note: Note,
    checkpoint: Checkpoint,
    keys: Sequence[VerifierKey],
) -> None:
    kinds = {(key.name, key.id): key.type for key in keys}
    for each in note.signatures:
        try:
            made = Note(note.text, (each,)).verified(keys)
        except Forged as forged:
            size = checkpoint.size
            message = f"{name}: {forged}"
            checked.findings.add(Finding(Wrong.SIGNATURE_FORGED, message, size=size, file=name))
            continue
        for signature in made:
            is_witness = kinds[signature.name, signature.key_id] is KeyType.COSIGNATURE
            at = signature.witnessed_at if is_witness else None
            signed = Signed(signature.name, checkpoint.size, at)
            if signed not in checked.signed:
                checked.signed.append(signed)
