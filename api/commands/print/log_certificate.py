"""The certificate of a served log, as lines and as JSON."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from api.pretty_json import pretty
from domain.occurred import Instant, rfc3339
from infra.log.source import VerifiedSignature
from infra.log.tiled_log import CheckedLog
from infra.log.tiles import number_of_tiles

_SECOND = 1_000_000


def lines(place: str, checked: CheckedLog, seen: int) -> Iterator[str]:
    """The certificate of a log without findings; `seen` checkpoints were kept elsewhere."""
    tree = checked.log.newest.checkpoint
    yield f"{place}: the log {tree.origin}, {tree.size:,} leaves"
    yield f"Root {b64encode(tree.root).decode()}"
    yield f"{number_of_tiles(tree.size):,} tiles: each follows from those below, up to the root."
    if checked.log.has_entries:
        yield f"{tree.size:,} entries: each is its leaf of the tree."
    else:
        yield "No entries are there: the hashes of the leaves were checked alone."
    yield from signature_lines(checked.signed, tree.size)
    if seen:
        yield f"It begins with {seen} checkpoint{'' if seen == 1 else 's'} kept elsewhere."


def document(place: str, checked: CheckedLog, seen: int) -> str:
    """The same facts as JSON, with all findings."""
    tree = checked.log.newest.checkpoint
    found: dict[str, Any] = {
        "sound": not checked.findings,
        "log": place,
        "origin": tree.origin,
        "size": tree.size,
        "root": b64encode(tree.root).decode(),
        "tiles": number_of_tiles(tree.size),
        "entries": tree.size if checked.log.has_entries else None,
        "signed": signatures_json(checked.signed),
        "checkpoints": seen,
        "findings": list(checked.findings),
    }
    return pretty(found)


def signature_lines(signed: Iterable[VerifiedSignature], size: int) -> Iterator[str]:
    """A line for each signature under a tree of that size."""
    for each in signed:
        tree = "it" if each.size == size else f"its first {each.size:,} entries"
        seen = _seen_at(each)
        yield f"Signed by {each.name}, over {tree}" + (f", seen at {seen}." if seen else ".")


def signatures_json(signed: Iterable[VerifiedSignature]) -> list[dict[str, Any]]:
    return [{"by": each.name, "size": each.size, "witnessedAt": _seen_at(each)} for each in signed]


def _seen_at(signed: VerifiedSignature) -> str | None:
    if signed.witnessed_at is None:
        return None
    try:
        return rfc3339(Instant(signed.witnessed_at * _SECOND))
    except OverflowError:
        return f"second {signed.witnessed_at} of 1970"
