"""Entries as an older version of Tenure stored them: it took them, and could not read them again.

It wrote the hour of a year before 1000 without its zeros: 999-05-01T06Z.
"""

from datetime import datetime
from typing import Any

import orjson

from domain.events import Event
from domain.occurred import datetime_of
from domain.registry import Registry
from infra.ledger.codec import canonical, encode, id_of, identify
from infra.ledger.dcb import Recorder, StoredEvent
from infra.ledger.ledger import Ledger
from tests.logs import put
from tests.nodes import NOW

WRITTEN, STORED = "0999-05-01T06Z", "999-05-01T06Z"


def poisoned(
    said: Event, known: Registry, *, recorded_at: datetime = NOW, **fields: Any
) -> StoredEvent:
    """The entry of it, with those fields in place of its own."""
    statement = identify(said)
    entry = orjson.loads(encode(statement, recorded_at=recorded_at, recorded_by="archivist"))
    entry["event"] |= fields
    entry["id"] = id_of(canonical(entry, has_floats=False))
    tags = [f"event:{entry['id']}", *known.tags_of(statement)[1:]]
    return StoredEvent(entry["type"], canonical(entry, has_floats=False), tags)


def poison(recorder: Recorder, said: Event, **fields: Any) -> int:
    """Stores it behind all that is recorded, past every check; returns its position."""
    known, then = Registry(), NOW
    for each in Ledger(recorder).read():
        known.learn(each.statement, known.tags_of(each.statement))
        then = datetime_of(each.recorded_at)
    put(recorder, [poisoned(said, known, recorded_at=then, **fields)])
    return Ledger(recorder).head
