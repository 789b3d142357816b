"""The stored form of an event, and its id.

An entry of the ledger is a JSON object in the canonical form of RFC 8785: the event under its own
name, its recorded time and its author. The id of an event is the UUIDv5 of its canonical content:
the same statement from the same report has the same id in every ledger. The schema revision, the
recorded time and the author stay out of the id.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
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
from domain.refusals import NotReadBack, Refusal
from domain.registry import Entry, Statement
from domain.values import AS_RECORDED, EventId, ReportId
from infra.field_errors import in_plain_words
from infra.visible_text import quoted

NAMESPACE = UUID("6f0d1b3c-5a0e-5a5e-9c58-7b1f5f1f2f0a")
"""The namespace of event ids: part of the storage format, never changed."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""By type and revision: the function from its fields to the fields of the next revision."""


class UnreadableEntry(Refusal):
    """An entry of the ledger that can't be read."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(f"the entry at position {position} can't be read: {why}")
        self.position, self.why = position, why


class NewerEntry(UnreadableEntry):
    """A sound entry by a newer version of Tenure: an answer without the entry would be wrong."""

    def __init__(self, position: int, unknown: str) -> None:
        self.unknown = unknown
        super().__init__(
            position,
            f"{unknown}; a newer version of Tenure may know it; use that one: without this entry "
            "answers may be wrong",
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A statement in the ledger, with its position, recorded time and author."""

    position: int
    recorded_at: Instant
    """Recorded time, by the clock of the writing node."""
    recorded_by: str
    statement: Statement

    @property
    def event(self) -> Event:
        return self.statement.event

    def at(self, recorded_at: Instant) -> "Recorded":
        """The entry with another recorded time."""
        return replace(self, recorded_at=recorded_at)

    @property
    def entry(self) -> Entry:
        return Entry(self.position, self.statement)


def canonical(value: dict[str, Any], *, has_floats: bool) -> bytes:
    """The RFC 8785 bytes. The fast encoder writes the same bytes wherever there are no floats."""
    return rfc8785.dumps(value) if has_floats else orjson.dumps(value, option=_SORTED)


def is_canonical(data: bytes) -> bool:
    """Whether these bytes are the RFC 8785 form of their content, like every entry."""
    try:
        value = orjson.loads(data)
        return data == canonical(value, has_floats=_is_hard(value, data))
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return False


def fields_of(event: Event) -> dict[str, Any]:
    """The fields as JSON values, without the fields at their defaults."""
    return event.model_dump(mode="json", exclude_defaults=True)


def identify(event: Event) -> Statement:
    """The event with the id of its content."""
    return Statement(_id(event, fields_of(event)), event)


def id_without(event: Event, field: str) -> EventId:
    """An id of all but one field: the same for two events that differ in the field alone."""
    fields = fields_of(event)
    fields.pop(field, None)
    return _id(event, fields)


def _id(event: Event, fields: dict[str, Any]) -> EventId:
    content = {"type": type(event).__name__, **_as_written(fields)}
    return EventId(_uuid5(canonical(content, has_floats=_has_floats(event))))


def id_of(data: bytes) -> EventId:
    """The id of the content of a stored entry, of any revision.

    Raises ValueError, TypeError and KeyError of an unreadable entry.
    """
    entry = orjson.loads(data)
    content = {"type": entry["type"], **_as_written(entry["event"])}
    return EventId(_uuid5(canonical(content, has_floats=_is_hard(entry, data))))


def correction(
    event: EventId, reason: str, report: ReportId, corrected: SituationEvent
) -> tuple[Statement, Statement]:
    """A correction: the right event, and the retraction of the wrong event in its favour."""
    right = identify(corrected)
    wrong = EventRetracted(event=event, reason=reason, report=report, replaced_by=right.id)
    return right, identify(wrong)


def encode(statement: Statement, *, recorded_at: datetime, recorded_by: str) -> bytes:
    """The bytes of a new entry."""
    event = statement.event
    entry = {
        "event": fields_of(event),
        "id": statement.id,
        "recorded_at": _written(recorded_at),
        "recorded_by": recorded_by,
        "revision": event.revision,
        "type": type(event).__name__,
    }
    return canonical(entry, has_floats=_has_floats(event))


def decode(position: int, data: bytes) -> Recorded:
    """The entry of these bytes, its event in today's shape. Raises UnreadableEntry, and NewerEntry
    for an entry by a newer version of Tenure."""
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
        recorded_at = _recorded_at(entry["recorded_at"])
        id_, by = entry["id"], entry["recorded_by"]
        if not isinstance(id_, str) or not isinstance(by, str):
            raise ValueError("its id, and who recorded it, are texts")
        return Recorded(position, recorded_at, by, Statement(EventId(id_), event))
    except _UnknownShape as unknown:
        raise NewerEntry(position, str(unknown)) from unknown
    except ValidationError as invalid:
        raise _not_valid(position, invalid) from invalid
    except KeyError as missing:
        raise UnreadableEntry(position, f"it has no {missing}") from missing
    except (AttributeError, TypeError, ValueError, OverflowError) as unreadable:
        raise UnreadableEntry(position, str(unreadable)) from unreadable


@lru_cache(maxsize=1_000)  # an append has one recorded time
def _recorded_at(text: str) -> Instant:
    return instant_of(datetime.fromisoformat(text))


@lru_cache(maxsize=1_000)
def _written(recorded_at: datetime) -> str:
    return rfc3339(instant_of(recorded_at))


def _has_id_of_its_content(data: bytes) -> bool:
    try:
        stored: object = orjson.loads(data)["id"]
        return stored == id_of(data)
    except (KeyError, TypeError, ValueError):
        return False


def read_back(statement: Statement, *, recorded_at: datetime, recorded_by: str) -> bytes:
    """The bytes of a new entry, once they were read back and agree with the statement.

    Raises NotReadBack: an unreadable entry would be missing in every answer.
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


def ids_taken_by(data: bytes, tags: Sequence[str] = ()) -> set[str]:
    """The tags of the ids taken by an entry, readable or not: the event's own id, and the id of a
    registration. Of bytes without ids, the event tags of the engine's row."""
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
    """The recorded time of an entry, be the rest of its bytes readable or not."""
    try:
        return instant_of(datetime.fromisoformat(orjson.loads(data)["recorded_at"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def event_of(name: str, revision: int, fields: dict[str, Any]) -> Event:
    """The event of a type from stored fields, brought up to the newest revision.

    The rule for texts is a rule of recording: a text from before the rule is read as it stands.
    """
    if name not in EVENT_TYPES:
        if not isinstance(name, str):
            raise TypeError("its type is no name")
        raise _UnknownShape(f"no event is called {name!r}")
    event_type = EVENT_TYPES[name]
    if revision > event_type.revision:
        raise _UnknownShape(f"no revision {revision} of {name} is known")
    while revision < event_type.revision:
        fields = UPCASTERS[name, revision](fields)
        revision += 1
    return event_type.model_validate(fields, context=AS_RECORDED)


class _UnknownShape(ValueError):
    """A type of event, or a revision of a type, unknown to this version of Tenure."""


_ADDED_LATER = {"extra_forbidden", "enum", "literal_error"}
"""Errors of pydantic about unknown fields and words, which only a newer version writes."""


def _not_valid(position: int, invalid: ValidationError) -> UnreadableEntry:
    errors = invalid.errors(include_url=False)
    event_type = EVENT_TYPES.get(invalid.title, Event)
    # The advice is for authors of new events, so a stored event goes without.
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
            return f"{quoted(value)} would be read as {quoted(found)}", field
    return "the event would be read as another", None


def _as_written(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as covered by an id: without the offsets looked up for a zone, so the id stays the
    same under another release of the database of zones; an hour or instant at a bare offset in UTC,
    its stored form of old."""
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
    """The UUIDv5 of RFC 9562, section 5.5, without an object of `uuid.uuid5` on the way."""
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
    """Whether the fast encoder may write other bytes than RFC 8785 for the value of `data`."""
    return _has_hard_numbers(value) or (not data.isascii() and _ASTRAL.search(data) is not None)


def _has_hard_numbers(value: Any) -> bool:
    """Whether the value holds floats, or integers without an exact float."""
    if isinstance(value, str):
        return False
    if isinstance(value, dict):
        return any(map(_has_hard_numbers, value.values()))
    if isinstance(value, list):
        return any(map(_has_hard_numbers, value))
    return isinstance(value, float) or (isinstance(value, int) and abs(value) >= _EXACT)


def _has_floats(event: Event) -> bool:
    return isinstance(event, LocationRegistered | LocationAmended)
