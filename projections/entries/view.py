"""What was recorded, when, and does it still stand?"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import orjson

from domain.events import Event, SituationEvent
from domain.occurred import Instant
from domain.values import EventId, LocationId
from infra.ledger.codec import Recorded
from infra.views.file import ViewFile
from projections.entries import fold
from projections.entries.filters import (
    EVERYTHING,
    RETRACTED,
    EventFilter,
    conditions,
    known_in,
    tags_of,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands in the ledger."""

    position: int
    id: EventId
    recorded_at: Instant
    recorded_by: str
    event: Event
    retracted: bool
    """Whether it was taken back, as known at the position that was asked about."""


class ChronicleKey(NamedTuple):
    """Where an event stands in a chronicle: by when it happened, then by when it was recorded."""

    earliest: Instant
    latest: Instant
    position: int

    @staticmethod
    def of(entry: Entry) -> "ChronicleKey":
        assert isinstance(entry.event, SituationEvent), "a chronicle tells what happened"
        window = entry.event.occurred.window
        return ChronicleKey(window.earliest, window.latest, entry.position)


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in the order asked for, and whether there are more on either side."""

    entries: list[Entry] = field(default_factory=list)
    more_before: bool = False
    more_after: bool = False


class Entries:
    """One row for each entry of the ledger."""

    name, version = "entries", 4
    tables, schema = fold.TABLES, fold.SCHEMA

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    # ---- questions ---------------------------------------------------------------------------

    def get(self, event: EventId, *, known: int) -> Entry | None:
        """The entry of that event, if it was recorded by that position."""
        return self.many([event], known=known).get(event)

    def many(self, events: Iterable[EventId], *, known: int) -> dict[EventId, Entry]:
        """The entries of those events that were recorded by that position."""
        found = self._views.reader.execute(
            f"SELECT {_ENTRY} FROM entry WHERE position <= :known "
            "AND event IN (SELECT value FROM json_each(:events))",
            {"events": orjson.dumps(list(events)).decode(), "known": known},
        )
        return {entry.id: entry for entry in map(_entry_of, found)}

    def revocations(self, events: Iterable[EventId], *, known: int) -> list[Entry]:
        """The entries that take any of those events back or reinstate it."""
        found = self._views.reader.execute(
            f"SELECT {_ENTRY} FROM entry_revocation AS kept JOIN entry USING (position) "
            "WHERE kept.event IN (SELECT value FROM json_each(:events)) "
            "AND kept.position <= :known ORDER BY kept.position",
            {"events": orjson.dumps(list(events)).decode(), "known": known},
        )
        return [_entry_of(row) for row in found]

    def at_position(self, position: int) -> Entry | None:
        """The entry at that position."""
        found = self._views.reader.execute(
            f"SELECT {_ENTRY} FROM entry WHERE position = :known", {"known": position}
        ).fetchone()
        return _entry_of(found) if found else None

    def position_at(self, recorded_at: Instant) -> int:
        """The last position recorded at that instant or before; 0 where nothing was."""
        found = self._views.reader.execute(
            "SELECT * FROM (SELECT position FROM entry WHERE recorded_at <= ?1 "
            "ORDER BY recorded_at DESC, position DESC LIMIT 1) "
            "UNION ALL SELECT position FROM passed_over WHERE recorded_at <= ?1 "
            "ORDER BY position DESC LIMIT 1",
            (recorded_at,),
        ).fetchone()
        return int(found[0]) if found else 0

    def recorded_at(self, position: int) -> Instant | None:
        """When the last entry up to that position was recorded."""
        found = self._views.reader.execute(
            "SELECT position, recorded_at FROM "
            "(SELECT * FROM entry WHERE position <= ?1 ORDER BY position DESC LIMIT 1) "
            "UNION ALL SELECT position, recorded_at FROM passed_over WHERE position <= ?1 "
            "ORDER BY position DESC LIMIT 1",
            (position,),
        ).fetchone()
        return Instant(found[1]) if found else None

    def page(
        self,
        wanted: EventFilter,
        *,
        known: int,
        size: int,
        after: int = 0,
        before: int | None = None,
        from_end: bool = False,
    ) -> Page:
        """At most `size` entries between two positions, the first of them or the last."""
        leading, *tags = tags_of(wanted) or [""]
        where, asked = conditions(wanted, tags)
        source, at = "entry", "entry.position"
        if leading:  # its entries stand in their order already, and are read as far as is needed
            source, at = (
                "entry_tag AS leading CROSS JOIN entry USING (position)",
                "leading.position",
            )
            where += f" AND leading.tag = :leading AND {known_in('leading')}"
        asked |= {"leading": leading, "after": after, "size": size + 1}
        asked["until"] = known if before is None else min(known, before - 1)
        found = self._views.reader.execute(
            f"SELECT {_ENTRY} FROM {source} WHERE {at} > :after AND {at} <= :until{where} "
            f"ORDER BY {at} {'DESC' if from_end else ''} LIMIT :size",
            asked | {"known": known},
        ).fetchall()
        more = len(found) > size
        entries = [_entry_of(row) for row in found[:size]]
        if from_end:
            return Page(entries[::-1], more_before=more, more_after=before is not None)
        return Page(entries, more_before=after > 0, more_after=more)

    def chronicle(
        self,
        location: LocationId | None,
        *,
        known: int,
        size: int | None = None,
        after: ChronicleKey | None = None,
        wanted: EventFilter = EVERYTHING,
        inside: bool = True,
    ) -> Page:
        """At most `size` of what is said to have happened at a place and inside it, or anywhere,
        in the order in which it happened.

        What was taken back is left out, unless the filter asks for it.
        """
        if wanted.retracted is None:
            wanted = replace(wanted, retracted=False)
        where, asked = conditions(wanted, tags_of(wanted), timed="chronicle")
        asked |= (after or _BEFORE_ALL)._asdict()
        asked |= {"place": location or fold.ANYWHERE, "known": known, "inside": inside}
        found = self._views.reader.execute(
            f"SELECT {_ENTRY} FROM chronicle CROSS JOIN entry USING (position) "
            "WHERE chronicle.location = :place AND (:inside OR itself) "
            f"AND ({_AS_IT_HAPPENED}) > (:earliest, :latest, :position) "
            f"AND chronicle.position <= :known AND {known_in('chronicle')}{where} "
            f"ORDER BY {_AS_IT_HAPPENED} LIMIT :size",
            asked | {"size": -1 if size is None else size + 1},
        ).fetchall()
        more = size is not None and len(found) > size
        entries = [_entry_of(row) for row in found[:size]]
        return Page(entries, more_before=after is not None, more_after=more)

    # ---- the fold ----------------------------------------------------------------------------

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        fold.take_in(db, recorded)


_BEFORE_ALL = ChronicleKey(Instant(-(2**62)), Instant(0), 0)
_AS_IT_HAPPENED = "chronicle.earliest, chronicle.latest, chronicle.position"
_ENTRY = f"entry.position, entry.event, recorded_at, recorded_by, type, fields, {RETRACTED}"


def _entry_of(row: Sequence[Any]) -> Entry:
    position, id_, recorded_at, recorded_by, name, fields, retracted = row
    event = fold.event_as_kept(name, fields)
    return Entry(position, id_, recorded_at, recorded_by, event, bool(retracted))
