"""The certificate of a bundle, as lines and as JSON."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from api.commands.print.log_certificate import (
    signature_lines,
    signatures_json,
    timestamp_lines,
    timestamps_json,
)
from api.pretty_json import pretty
from infra.bundle.check import CheckedBundle
from infra.findings import Finding


def lines(checked: CheckedBundle, since: Path | None) -> Iterator[str]:
    """The certificate of a sound bundle."""
    manifest = checked.folder.manifest
    tree = manifest.tree
    yield f"{checked.folder.path}: the log {tree.origin}, {tree.size:,} entries, {manifest.rule}"
    yield f"Root {tree.root}, up to position {manifest.head}"
    yield (
        f"{manifest.entries:,} entries are in it: each is in its one form, has the id of its "
        "content, and is its leaf of the tree."
    )
    yield from _left_out(checked)
    yield from _signatures(checked)
    yield from timestamp_lines(checked.stamped, tree.size)
    if checked.folder.has_timestamps and not checked.stamped:
        yield (
            "There are timestamps, which nobody checked: give the root certificate of their "
            "authority with --tsa-certificate."
        )
    if since is not None:
        yield f"Nothing of the earlier bundle {since} was altered, removed, or moved."


def document(checked: CheckedBundle, since: Path | None, findings: Sequence[Finding]) -> str:
    """The certificate as JSON, with all findings."""
    manifest = checked.folder.manifest
    found: dict[str, Any] = {
        "sound": not findings,
        "origin": manifest.tree.origin,
        "size": manifest.tree.size,
        "root": manifest.tree.root,
        "head": manifest.head,
        "rule": manifest.rule,
        "entries": manifest.entries,
        "within": manifest.within,
        "until": manifest.until and {"moment": manifest.until.moment, "position": manifest.last},
        "since": None if since is None else str(since),
        "signed": signatures_json(checked.signed),
        "keysAreTheBundles": checked.keys_are_own,
        "timestamps": timestamps_json(checked.stamped),
        "findings": list(findings),
    }
    return pretty(found)


def _left_out(checked: CheckedBundle) -> Iterator[str]:
    manifest = checked.folder.manifest
    missing = manifest.tree.size - manifest.entries
    if manifest.until:
        yield (
            f"It ends with what had been recorded by {manifest.until.moment}, position "
            f"{manifest.last}: that nothing more had been is the word of whoever exported it."
        )
    if missing:
        yield f"Of {missing:,} entries it shows the hashes only."
    if manifest.within is not None:
        yield (
            f"It was narrowed to {manifest.within}: that no other entry concerns the places there, "
            "and when the others were recorded, is the word of whoever exported it."
        )


def _signatures(checked: CheckedBundle) -> Iterator[str]:
    yield from signature_lines(checked.signed, checked.folder.size)
    if not checked.signed:
        yield (
            "NOT SIGNED: the bundle agrees with itself, and nobody stands behind it. Whoever "
            "altered it could have made all of it anew."
        )
    elif checked.keys_are_own:
        yield (
            "The keys are those that the bundle itself names, which PROVES NOTHING about who "
            "signed: give the key that you have from elsewhere with --key."
        )
