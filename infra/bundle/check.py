"""Does an export bundle hold what was signed, and nothing else? Asked of the folder alone."""

from collections.abc import Callable, Sequence

from infra.bundle.clock import Clock, ticks_in
from infra.bundle.entries import held_in
from infra.bundle.entry_order import Order
from infra.bundle.files import BundleFolder
from infra.bundle.layout import CLOCK, ENTRIES, BadBundle, tile_path
from infra.bundle.signatures import Checked, check_checkpoints
from infra.bundle.tiles import EntriesCheck, check_upper_tiles
from infra.findings import Finding, Findings, Wrong
from infra.log.merkle import HASH_BYTES
from infra.log.signed_notes import VerifierKey

Progress = Callable[[int], None]


def check_bundle(
    folder: BundleFolder,
    keys: Sequence[VerifierKey] = (),
    *,
    progress: Progress = lambda leaves: None,
) -> Checked:
    """Every check that needs no other bundle. With no keys, the signatures are held to those that
    the bundle names itself, which shows nothing about who signed.

    Progress is told by the entry, and by every 256 leaves. Raises BadBundle.
    """
    findings = folder.check_files()
    checked = Checked(folder, findings, keys_are_own=not keys)
    damaged = list(folder.damaged_tiles())
    for tile, held in damaged:
        where = tile_path(tile)
        message = (
            f"{where} has {held} bytes; its {tile.width} hashes take {tile.width * HASH_BYTES}"
        )
        findings.add(Finding(Wrong.TILE_DAMAGED, message, tile=tile.path, file=where))
    try:
        _check_entries(folder, findings, progress, is_damaged=bool(damaged))
    except BadBundle as unreadable:
        findings.add(Finding(Wrong.FILE_MISSING, str(unreadable), file=ENTRIES))
    if not damaged:
        check_upper_tiles(folder, findings, progress)
    check_checkpoints(checked, keys)
    return checked


def _check_entries(
    folder: BundleFolder, findings: Findings, progress: Progress, *, is_damaged: bool
) -> None:
    manifest, check = folder.manifest, EntriesCheck(folder, findings)
    order = Order(folder.manifest, _clock(folder, findings))
    held = order.read(held_in(folder), findings, progress)
    if manifest.within is None and not is_damaged:
        leaves = manifest.tree.size if manifest.until is None else manifest.entries
        check.side_by_side(held, min(leaves, manifest.tree.size))
    else:
        check.each_alone(held)
    check.settle()
    order.end(findings)


def _clock(folder: BundleFolder, findings: Findings) -> Clock | None:
    if folder.manifest.within is None:
        return None
    try:
        return Clock(ticks_in(folder))
    except BadBundle as bad:
        findings.add(Finding(Wrong.LINE_MALFORMED, str(bad), file=CLOCK))
        return None
