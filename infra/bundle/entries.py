"""Reads the entries of a bundle, and checks the form of each line to the letter."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import LocationRegistered
from domain.occurred import Instant, rfc3339
from domain.values import LocationId
from infra.bundle.files import BundleFolder
from infra.bundle.layout import ENTRIES, BadBundle, BadLine, EntryLine, parse_line
from infra.findings import Finding, Wrong
from infra.ledger.codec import NewerEntry, Recorded, id_of, is_canonical, recorded_at_of
from infra.ledger.legibility import PassedOver, Sieve
from infra.log.comparison import HashedEntry
from infra.log.merkle import leaf_hash
from infra.log.tiles import leaf_of

_FIELDS = ["event", "id", "recorded_at", "recorded_by", "revision", "type"]


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line of the entries, as the hash of its leaf, with findings about the form."""

    entry: HashedEntry
    recorded_at: Instant | None
    """None where the recorded time can't be read."""
    registers: LocationId | None = None
    """The place that the entry registers."""
    findings: tuple[Finding, ...] = ()


def entries_of(folder: BundleFolder) -> Iterator[EntryLine]:
    """Every entry of a checked bundle. Raises BadBundle."""
    for number, data in folder.lines(ENTRIES):
        try:
            yield parse_line(data)
        except BadLine as bad:
            raise BadBundle(f"{folder.path / ENTRIES}:{number}: {bad}") from None


def checked_lines(folder: BundleFolder) -> Iterator[CheckedLine]:
    """Every line of the entries, held to the form of a line. Raises BadBundle."""
    leaf = position = 0
    sieve = Sieve()
    for number, data in folder.lines(ENTRIES):
        checked = _checked(number, data, leaf, position, sieve)
        leaf, position = checked.entry.order + 1, checked.entry.position + 1
        yield checked


def _checked(number: int, data: bytes, leaf: int, position: int, sieve: Sieve) -> CheckedLine:
    """A malformed line counts as the next leaf, at the next position."""
    try:
        line = parse_line(data)
    except BadLine as bad:
        entry = HashedEntry(leaf, leaf_hash(data), position, leaf, number)
        findings = (_malformed(number, leaf, None, str(bad)),)
        return CheckedLine(entry, None, findings=findings)
    entry = HashedEntry(line.leaf, leaf_hash(leaf_of(line.entry)), line.position, line.leaf, number)
    try:
        recorded_at = _recorded_at(line)
        read = sieve.read(line.position, line.entry)
    except (BadLine, NewerEntry) as bad:
        why = f"entry.event: {bad.why}" if isinstance(bad, NewerEntry) else str(bad)
        findings = (_malformed(number, line.leaf, line.position, why),)
        return CheckedLine(entry, None, findings=findings)
    wrong_id = tuple(_wrong_id(number, line))
    if isinstance(read, PassedOver):
        passed_over = _passed_over(number, line.leaf, read)
        return CheckedLine(entry, recorded_at, findings=(passed_over, *wrong_id))
    return CheckedLine(entry, recorded_at, _registered(read), wrong_id)


def _registered(read: Recorded) -> LocationId | None:
    return read.event.location if isinstance(read.event, LocationRegistered) else None


def _passed_over(number: int, leaf: int, passed: PassedOver) -> Finding:
    """A finding about an entry that is genuine, and counts in no answer."""
    wrong = Wrong.UNREADABLE if passed.rests_on is None else Wrong.LEFT_OUT
    message = f"{ENTRIES}:{number}: {passed}"
    return Finding(wrong, message, passed.position, leaf, file=ENTRIES, line=number)


def _recorded_at(line: EntryLine) -> Instant:
    """The recorded time of a well-formed entry. Raises BadLine."""
    if not is_canonical(line.entry):
        raise BadLine("entry: it is not in the canonical form of RFC 8785, which is one for each")
    entry: dict[str, Any] = orjson.loads(line.entry)
    if sorted(entry) != _FIELDS:
        raise BadLine(f"entry: its fields are {', '.join(sorted(entry))}, not {', '.join(_FIELDS)}")
    if not isinstance(entry["id"], str) or not isinstance(entry["recorded_by"], str):
        raise BadLine("entry: its id, and who recorded it, are texts")
    if not isinstance(entry["revision"], int) or isinstance(entry["revision"], bool):
        raise BadLine("entry: its revision is a number")
    if not isinstance(entry["event"], dict):
        raise BadLine("entry.event: it is not a mapping of fields")
    recorded_at = recorded_at_of(line.entry)
    if recorded_at is None or rfc3339(recorded_at) != entry["recorded_at"]:
        raise BadLine("entry.recorded_at: it is no time as it is stored")
    return recorded_at


def _wrong_id(number: int, line: EntryLine) -> Iterator[Finding]:
    found, said = id_of(line.entry), orjson.loads(line.entry)["id"]
    if found != said:
        message = (
            f"{ENTRIES}:{number}: the entry at position {line.position} has the id {str(said)[:50]}"
            f", and its content gives {found}"
        )
        yield Finding(
            Wrong.ID_DIFFERS, message, line.position, line.leaf, file=ENTRIES, line=number
        )


def _malformed(number: int, leaf: int, position: int | None, why: str) -> Finding:
    message = f"{ENTRIES}:{number}: {why}"
    return Finding(Wrong.LINE_MALFORMED, message, position, leaf, file=ENTRIES, line=number)
