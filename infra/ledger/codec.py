"""How is an event stored, and what is its id?

An entry of the ledger is one JSON object in the canonical form of RFC 8785: the event under its own
name, and beside it when and by whom it was recorded. The id of an event is the UUIDv5 of its
canonical content, so that the same statement from the same report is the same id wherever it is
recorded; the schema revision and all that is ours stay out of it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha1
from typing import Any
from uuid import UUID

import orjson
import rfc8785
from pydantic import ValidationError

from domain.events import (
    EVENT_TYPES,
    Event,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
    SituationEvent,
)
from domain.occurred import Instant, Occurred, in_utc, instant_of, rfc3339
from domain.offsets import without_offsets
from domain.references import REGISTERED_BY
from domain.refusals import NotReadBack
from domain.registry import Entry, Statement
from domain.values import EventId, ReportId
from infra.field_errors import in_plain_words
from infra.visible_text import shown

NAMESPACE = UUID("6f0d1b3c-5a0e-5a5e-9c58-7b1f5f1f2f0a")
"""The namespace of event ids. It is part of the storage format and never changes."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""From (type, revision) to the fields of the next revision."""


class UnreadableEntry(Exception):
    """The ledger holds an entry that this version of Tenure can't read."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(f"the entry at position {position} can't be read: {why}")
        self.position, self.why = position, why


class NewerEntry(UnreadableEntry):
    """A newer version of Tenure recorded it: a sound entry, without which an answer is wrong."""

    def __init__(self, position: int, unknown: str) -> None:
        self.unknown = unknown
        super().__init__(
            position,
            f"{unknown}; a newer version of Tenure may know it; use that one: without this entry "
            "answers may be wrong",
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A statement in the ledger: where and when we wrote it down, and for whom."""

    position: int
    recorded_at: Instant
    """Recorded time, by the clock of the node that wrote it."""
    recorded_by: str
    statement: Statement

    @property
    def event(self) -> Event:
        return self.statement.event

    def at(self, recorded_at: Instant) -> "Recorded":
        """The same, at another recorded time."""
        return replace(self, recorded_at=recorded_at)

    @property
    def entry(self) -> Entry:
        return Entry(self.position, self.statement)


def canonical(value: dict[str, Any], *, has_floats: bool) -> bytes:
    """The RFC 8785 bytes. The fast encoder writes the same ones wherever there are no floats."""
    return rfc8785.dumps(value) if has_floats else orjson.dumps(value, option=_SORTED)


def is_canonical(data: bytes) -> bool:
    """Whether these bytes are the RFC 8785 form of what they say, as every entry's are."""
    try:
        value = orjson.loads(data)
        is_hard = _is_hard(value, data)
        return data == (rfc8785.dumps(value) if is_hard else orjson.dumps(value, option=_SORTED))
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return False


def fields_of(event: Event) -> dict[str, Any]:
    """The fields as JSON values; one at its default is left out."""
    return event.model_dump(mode="json", exclude_defaults=True)


def identify(event: Event) -> Statement:
    """The event with the id that its content gives it."""
    content = {"type": type(event).__name__, **_as_written(fields_of(event))}
    name = canonical(content, has_floats=_has_floats(event))
    return Statement(EventId(_uuid5(name)), event)


def id_of(data: bytes) -> EventId:
    """The id that the content of a stored entry gives it, whichever revision it is of.

    Raises what reading it raises: ValueError, TypeError and KeyError.
    """
    entry = orjson.loads(data)
    content = {"type": entry["type"], **_as_written(entry["event"])}
    return EventId(_uuid5(canonical(content, has_floats=_is_hard(entry, data))))


def correction(
    event: EventId, reason: str, report: ReportId, corrected: SituationEvent
) -> tuple[Statement, Statement]:
    """What corrects an event: the right one, and the retraction of the wrong one in its favour."""
    right = identify(corrected)
    wrong = EventRetracted(event=event, reason=reason, report=report, replaced_by=right.id)
    return right, identify(wrong)


def encode(statement: Statement, *, recorded_at: datetime, recorded_by: str) -> bytes:
    """The bytes of a new entry."""
    event = statement.event
    entry = {
        "event": fields_of(event),
        "id": statement.id,
        "recorded_at": rfc3339(instant_of(recorded_at)),
        "recorded_by": recorded_by,
        "revision": event.revision,
        "type": type(event).__name__,
    }
    return canonical(entry, has_floats=_has_floats(event))


def decode(position: int, data: bytes) -> Recorded:
    """The entry as it was stored, its event in today's shape. Raises UnreadableEntry, and
    NewerEntry where a newer version of Tenure wrote it."""
    try:
        return _decode(position, data)
    except NewerEntry as newer:
        if _has_id_of_its_content(data):
            raise
        why = f"{newer.unknown}, and its id is not that of what it says: it was altered"
        raise UnreadableEntry(position, why) from newer


def _decode(position: int, data: bytes) -> Recorded:
    try:
        entry = orjson.loads(data)
        event = event_of(entry["type"], entry["revision"], entry["event"])
        recorded_at = instant_of(datetime.fromisoformat(entry["recorded_at"]))
        id_, by = entry["id"], entry["recorded_by"]
        if not isinstance(id_, str) or not isinstance(by, str):
            raise ValueError("its id, and who recorded it, are texts")
        return Recorded(position, recorded_at, by, Statement(EventId(id_), event))
    except _NotKnownYet as unknown:
        raise NewerEntry(position, str(unknown)) from unknown
    except ValidationError as invalid:
        raise _not_valid(position, invalid) from invalid
    except KeyError as missing:
        raise UnreadableEntry(position, f"it has no {missing}") from missing
    except (AttributeError, TypeError, ValueError, OverflowError) as unreadable:
        raise UnreadableEntry(position, str(unreadable)) from unreadable


def _has_id_of_its_content(data: bytes) -> bool:
    try:
        stored: object = orjson.loads(data)["id"]
        return stored == id_of(data)
    except (KeyError, TypeError, ValueError):
        return False


def read_back(statement: Statement, *, recorded_at: datetime, recorded_by: str) -> bytes:
    """The bytes of a new entry, which were read again and say what was meant.

    Raises NotReadBack: what could not be read again would be missing in every answer.
    """
    try:
        data = encode(statement, recorded_at=recorded_at, recorded_by=recorded_by)
        found = decode(0, data)
    except UnreadableEntry as unreadable:
        raise NotReadBack(unreadable.why, _field_of(unreadable)) from None
    except (TypeError, ValueError) as unwritable:  # such as half a character
        raise NotReadBack(str(unwritable)) from None
    if found.statement != statement:
        raise NotReadBack(*_first_difference(statement, found.statement))
    if (found.recorded_at, found.recorded_by) != (instant_of(recorded_at), recorded_by):
        raise NotReadBack("when and by whom it is recorded would be read otherwise")
    return data


def introduced_by(data: bytes, tags: Sequence[str] = ()) -> set[str]:
    """The ids that an entry takes, be it readable or not: its own, and that of whom or what it
    registers; as tags. Where its bytes say nothing, the tags of the engine's row do."""
    try:
        entry = orjson.loads(data)
        taken = {f"event:{entry['id']}"}
        for kind, registration in REGISTERED_BY.items():
            if entry["type"] == registration.__name__:
                taken.add(f"{kind}:{entry['event'][kind]}")
    except (KeyError, TypeError, ValueError):
        return {tag for tag in tags if tag.startswith("event:")}
    return taken


def recorded_at_of(data: bytes) -> Instant | None:
    """When the entry of these bytes was recorded, be the rest of it readable or not."""
    try:
        return instant_of(datetime.fromisoformat(orjson.loads(data)["recorded_at"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def event_of(name: str, revision: int, fields: dict[str, Any]) -> Event:
    """The event of that name from stored fields, brought up to its newest revision."""
    if name not in EVENT_TYPES:
        if not isinstance(name, str):
            raise TypeError("its type is no name")
        raise _NotKnownYet(f"no event is called {name!r}")
    event_type = EVENT_TYPES[name]
    if revision > event_type.revision:
        raise _NotKnownYet(f"no revision {revision} of {name} is known")
    while revision < event_type.revision:
        fields = UPCASTERS[name, revision](fields)
        revision += 1
    return event_type.model_validate(fields)


class _NotKnownYet(ValueError):
    """This version does not know the type of event, or that revision of it."""


_ADDED_LATER = {"extra_forbidden", "enum", "literal_error"}
"""A field or a word that nothing of ours stands for; Tenure adds them, and never stored another."""


def _not_valid(position: int, invalid: ValidationError) -> UnreadableEntry:
    errors = invalid.errors(include_url=False)
    event_type = EVENT_TYPES.get(invalid.title, Event)
    # These words are for whoever writes an event, and this one is written: the advice is left out.
    words = [in_plain_words(each, event_type).partition("; write ")[0] for each in errors]
    fields = [".".join(map(str, each["loc"])) for each in errors]
    why = "; ".join(f"{field}: {word}" for field, word in zip(fields, words, strict=True))
    if any(each["type"] in _ADDED_LATER for each in errors):
        return NewerEntry(position, why)
    return UnreadableEntry(position, why)


def _field_of(unreadable: UnreadableEntry) -> str | None:
    cause = unreadable.__cause__
    if not isinstance(cause, ValidationError):
        return None
    return ".".join(map(str, cause.errors(include_url=False)[0]["loc"]))


def _first_difference(meant: Statement, read: Statement) -> tuple[str, str | None]:
    if meant.id != read.id:
        return f"the id {meant.id} would be read as {read.id}", None
    for field, value in meant.event:
        if value != (found := getattr(read.event, field, None)):
            return f"{shown(value)} would be read as {shown(found)}", field
    return "the event would be read as another", None


def _as_written(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as an id covers them. Offsets that were looked up for a zone are left out, so that
    a statement keeps its id where another release of the database of zones knows better. An hour or
    instant at a bare offset is told in UTC, as it was once stored."""
    changed = {
        name: without_offsets(in_utc(said))
        for name in _TIMES & fields.keys()
        if isinstance(said := fields[name], str) and "[" in said
    }
    return fields | changed if changed else fields


_TIMES = {
    name
    for event_type in EVENT_TYPES.values()
    for name, field in event_type.model_fields.items()
    if field.annotation is Occurred
}


def _uuid5(name: bytes) -> str:
    """RFC 9562, section 5.5, without the object that `uuid.uuid5` makes on the way."""
    digest = bytearray(sha1(NAMESPACE.bytes + name, usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_SORTED = orjson.OPT_SORT_KEYS

# RFC 8785 sorts characters beyond U+FFFF by their surrogates.
_ASTRAL = re.compile(rb"[\xf0-\xf4]")
_EXACT = 2**53


def _is_hard(value: Any, data: bytes) -> bool:
    """Whether the fast encoder may write the value, which these bytes are read as, otherwise."""
    return _has_hard_numbers(value) or (not data.isascii() and _ASTRAL.search(data) is not None)


def _has_hard_numbers(value: Any) -> bool:
    """Floats, and integers that are not exact in one."""
    if isinstance(value, str):
        return False
    if isinstance(value, dict):
        return any(map(_has_hard_numbers, value.values()))
    if isinstance(value, list):
        return any(map(_has_hard_numbers, value))
    return isinstance(value, float) or (isinstance(value, int) and abs(value) >= _EXACT)


def _has_floats(event: Event) -> bool:
    return isinstance(event, LocationRegistered | LocationAmended)
