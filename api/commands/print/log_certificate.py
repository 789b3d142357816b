"""The certificate of a served log, as lines and as JSON."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from api.pretty_json import pretty
from domain.occurred import Instant, rfc3339
from infra.log.audit_state import AuditState
from infra.log.outside_check import CheckedLog, Expected
from infra.log.source import VerifiedSignature
from infra.log.tiles import number_of_tiles
from infra.log.timestamps import StampedCheckpoint

_SECOND = 1_000_000
_SHOWN = 10
"""How many types and places are named where there are more."""


@dataclass(frozen=True, slots=True)
class LogCertificateFacts:
    """A checked log, with the expectations and the state behind the check."""

    place: str
    checked: CheckedLog
    expected: Expected
    state: AuditState | None
    """The state of the last check, if there was a check."""


def lines(facts: LogCertificateFacts) -> Iterator[str]:
    """The certificate of a log without findings."""
    checked, seen = facts.checked, len(facts.expected.seen)
    tree = checked.log.newest.checkpoint
    yield f"{facts.place}: the log {tree.origin}, {tree.size:,} leaves"
    yield f"Root {b64encode(tree.root).decode()}"
    yield f"{number_of_tiles(tree.size):,} tiles: each follows from those below, up to the root."
    if checked.log.has_entries:
        yield f"{tree.size:,} entries: each is its leaf of the tree."
    else:
        yield "No entries are there: the hashes of the leaves were checked alone."
    yield from signature_lines(checked.signed, tree.size)
    yield from _quorum_lines(facts)
    yield from timestamp_lines(facts.expected.stamped, tree.size)
    if seen:
        yield f"It begins with {seen} checkpoint{'' if seen == 1 else 's'} kept elsewhere."
    if facts.state:
        yield from _change_lines(facts, facts.state)


def document(facts: LogCertificateFacts) -> str:
    """The same facts as JSON, with all findings."""
    checked = facts.checked
    tree = checked.log.newest.checkpoint
    size, names = checked.best_cosigned(facts.expected.witnesses)
    found: dict[str, Any] = {
        "sound": not checked.findings,
        "log": facts.place,
        "origin": tree.origin,
        "size": tree.size,
        "root": b64encode(tree.root).decode(),
        "tiles": number_of_tiles(tree.size),
        "entries": tree.size if checked.log.has_entries else None,
        "signed": signatures_json(checked.signed),
        "quorum": {"size": size, "by": names, "of": len(facts.expected.witnesses)},
        "timestamps": timestamps_json(facts.expected.stamped),
        "checkpoints": len(facts.expected.seen),
        "since": facts.state and _changes_json(facts, facts.state),
        "findings": list(checked.findings),
    }
    return pretty(found)


def signature_lines(signed: Iterable[VerifiedSignature], size: int) -> Iterator[str]:
    """A line for each signature under a tree of that size."""
    for each in signed:
        seen = _seen_at(each)
        over = _tree(each.size, size)
        yield f"Signed by {each.name}, over {over}" + (f", seen at {seen}." if seen else ".")


def signatures_json(signed: Iterable[VerifiedSignature]) -> list[dict[str, Any]]:
    return [{"by": each.name, "size": each.size, "witnessedAt": _seen_at(each)} for each in signed]


def timestamp_lines(stamped: Iterable[StampedCheckpoint], size: int) -> Iterator[str]:
    """A line for each genuine timestamp of a checkpoint of a tree of that size."""
    for signed, (at, by) in stamped:
        count = signed.checkpoint.size
        entries = "entry" if count == 1 else "entries"
        which = "This checkpoint" if count == size else "The checkpoint"
        yield f"{which} of {count:,} {entries} existed at {rfc3339(at)}, says {by}."


def timestamps_json(stamped: Iterable[StampedCheckpoint]) -> list[dict[str, Any]]:
    return [
        {"size": each.checkpoint.size, "at": rfc3339(said.at), "by": said.by}
        for each, said in stamped
    ]


def _quorum_lines(facts: LogCertificateFacts) -> Iterator[str]:
    witnesses, size = facts.expected.witnesses, facts.checked.log.size
    if not witnesses:
        return
    cosigned, names = facts.checked.best_cosigned(witnesses)
    who = f": {', '.join(names)}" if names else ""
    yield f"Cosigned by {len(names)} of {len(witnesses)} witnesses{who}."
    if behind := size - cosigned:
        yield f"Of the last {behind:,} entries that is not so: a later checkpoint may still differ."


def _change_lines(facts: LogCertificateFacts, state: AuditState) -> Iterator[str]:
    """What changed since the last check."""
    before, size = state.checkpoint.size, facts.checked.log.size
    since = f"since the check of {state.checked_at}, when it had {before:,}"
    if size == before:
        yield f"Nothing was added {since}."
    else:
        added = size - before
        were = "entry was" if added == 1 else "entries were"
        yield f"{added:,} {were} added {since}: leaves {before} to {size - 1}."
        yield from _tally_lines(facts.checked)
    for each in _newly_cosigned(facts, state):
        yield f"Cosigned since then by {each.name}, over {_tree(each.size, size)}."


def _tally_lines(checked: CheckedLog) -> Iterator[str]:
    for label, counts in (("By type", checked.tally.types), ("By place", checked.tally.places)):
        if counts:
            named = ", ".join(f"{name} {count:,}" for name, count in counts.most_common(_SHOWN))
            more = len(counts) - _SHOWN
            yield f"{label}: {named}" + (f" and {more:,} more." if more > 0 else ".")


def _changes_json(facts: LogCertificateFacts, state: AuditState) -> dict[str, Any]:
    tally = facts.checked.tally
    return {
        "checkedAt": state.checked_at,
        "size": state.checkpoint.size,
        "added": facts.checked.log.size - state.checkpoint.size,
        "types": dict(tally.types.most_common()),
        "places": dict(tally.places.most_common()),
        "cosigned": signatures_json(_newly_cosigned(facts, state)),
    }


def _newly_cosigned(facts: LogCertificateFacts, state: AuditState) -> Sequence[VerifiedSignature]:
    before = {each.name: each.size for each in state.cosigned}
    return [
        each
        for each in facts.checked.signed
        if each.witnessed_at is not None and each.size > before.get(each.name, -1)
    ]


def _tree(covered: int, size: int) -> str:
    return "it" if covered == size else f"its first {covered:,} entries"


def _seen_at(signed: VerifiedSignature) -> str | None:
    if signed.witnessed_at is None:
        return None
    try:
        return rfc3339(Instant(signed.witnessed_at * _SECOND))
    except OverflowError:
        return f"second {signed.witnessed_at} of 1970"
