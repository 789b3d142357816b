"""What was recorded, when, and does it still stand?"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import orjson

from domain.events import SituationEvent
from domain.occurred import Instant
from domain.values import EventId, LocationId, SourceId
from infra.ledger.codec import Recorded
from infra.views.file import Projection, ViewFile
from infra.views.rows import known as known_in
from projections.entries import fold
from projections.entries.conditions import EVERYTHING, EventFilter, conditions, tags_of, within
from projections.record import EntryRow, Record
from projections.record.entries import ENTRY, ENTRY_AS_RECORDED, entry_of


class ChronicleKey(NamedTuple):
    """The order of a chronicle: by window, then by position."""

    earliest: Instant
    latest: Instant
    position: int

    @staticmethod
    def of(entry: EntryRow) -> "ChronicleKey":
        assert isinstance(entry.event, SituationEvent), "a chronicle tells what happened"
        window = entry.event.occurred.window
        return ChronicleKey(window.earliest, window.latest, entry.position)


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some events in the order asked for, and whether there are more on either side."""

    entries: list[EntryRow] = field(default_factory=list)
    more_before: bool = False
    more_after: bool = False


@dataclass(frozen=True, slots=True)
class ChronicleBounds:
    """A part of a chronicle, between two keys, read from its beginning or from its end."""

    after: ChronicleKey | None = None
    before: ChronicleKey | None = None
    from_end: bool = False

    def page(self, entries: list[EntryRow], more: bool) -> EntryPage:
        """The page of entries in the order of reading, and whether there are more to read."""
        if self.from_end:
            return EntryPage(entries[::-1], more_before=more, more_after=self.before is not None)
        return EntryPage(entries, more_before=self.after is not None, more_after=more)

    def beyond(self, page: EntryPage) -> "ChronicleBounds | None":
        """What is left to read after a page; None where nothing is."""
        if self.from_end:
            before = ChronicleKey.of(page.entries[0]) if page.more_before else None
            return before and replace(self, before=before)
        after = ChronicleKey.of(page.entries[-1]) if page.more_after else None
        return after and replace(self, after=after)


WHOLE = ChronicleBounds()


class Entries(Projection):
    """A row for each tag of an entry, and for each text."""

    name, version = "entries", 5
    tables, schema = fold.TABLES, fold.SCHEMA

    def __init__(self, views: ViewFile, record: Record) -> None:
        self._views = views
        self._tagging = fold.Tagging(record)

    # ---- questions ---------------------------------------------------------------------------

    def get(self, event: EventId, *, known: int) -> EntryRow | None:
        """The entry of the event, if recorded by the position."""
        return self.many([event], known=known).get(event)

    def many(self, events: Iterable[EventId], *, known: int) -> dict[EventId, EntryRow]:
        """The entries of the events, as far as recorded by the position."""
        found = self._views.reader.execute(
            f"SELECT {ENTRY} FROM entry WHERE position <= :known "
            "AND event IN (SELECT value FROM json_each(:events))",
            {"events": orjson.dumps(list(events)).decode(), "known": known},
        )
        return {entry.id: entry for entry in map(entry_of, found)}

    def origins(self, events: Iterable[EventId], *, known: int) -> dict[EventId, SourceId]:
        """The source behind each of the statements."""
        found = self._views.reader.execute(
            "SELECT event, origin FROM json_each(:events) CROSS JOIN entry ON event = value "
            f"CROSS JOIN report ON report.report = entry.report AND {known_in('report')}",
            {"events": orjson.dumps(list(events)).decode(), "known": known},
        )
        return dict(found.fetchall())

    def revocations(self, events: Iterable[EventId], *, known: int) -> list[EntryRow]:
        """The entries that revoke or reinstate any of the events."""
        found = self._views.reader.execute(
            f"SELECT {ENTRY} FROM revocation AS kept JOIN entry USING (position) "
            "WHERE kept.event IN (SELECT value FROM json_each(:events)) "
            "AND kept.position <= :known ORDER BY kept.position",
            {"events": orjson.dumps(list(events)).decode(), "known": known},
        )
        return [entry_of(row) for row in found]

    def at_position(self, position: int) -> EntryRow | None:
        found = self._views.reader.execute(
            f"SELECT {ENTRY} FROM entry WHERE position = :known", {"known": position}
        ).fetchone()
        return entry_of(found) if found else None

    def position_at(self, recorded_at: Instant) -> int:
        """The last position recorded by the instant; 0 before the first."""
        found = self._views.reader.execute(
            "SELECT * FROM (SELECT position FROM entry WHERE recorded_at <= ?1 "
            "ORDER BY recorded_at DESC, position DESC LIMIT 1) "
            "UNION ALL SELECT position FROM passed_over WHERE recorded_at <= ?1 "
            "ORDER BY position DESC LIMIT 1",
            (recorded_at,),
        ).fetchone()
        return int(found[0]) if found else 0

    def recorded_at(self, position: int) -> Instant | None:
        """Recorded time of the last entry up to the position."""
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
    ) -> EntryPage:
        """At most `size` entries between two positions: the first, or with `from_end` the last."""
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
            f"SELECT {ENTRY} FROM {source} WHERE {at} > :after AND {at} <= :until{where} "
            f"ORDER BY {at} {'DESC' if from_end else ''} LIMIT :size",
            asked | {"known": known},
        ).fetchall()
        more = len(found) > size
        entries = [entry_of(row) for row in found[:size]]
        if from_end:
            return EntryPage(entries[::-1], more_before=more, more_after=before is not None)
        return EntryPage(entries, more_before=after > 0, more_after=more)

    def as_recorded(
        self, wanted: EventFilter, *, after: int, until: int, size: int
    ) -> list[EntryRow]:
        """The first `size` entries after a position and up to another, each as known at its own
        position: what is recorded later neither adds an entry nor takes one away."""
        leading, *tags = tags_of(wanted) or [""]
        where, asked = conditions(wanted, tags, at="entry.position")
        source, at = "entry", "entry.position"
        if leading:
            source, at = (
                "entry_tag AS leading CROSS JOIN entry USING (position)",
                "leading.position",
            )
            where += f" AND leading.tag = :leading AND {known_in('leading', 'entry.position')}"
        asked |= {"leading": leading, "after": after, "until": until, "size": size}
        found = self._views.reader.execute(
            f"SELECT {ENTRY_AS_RECORDED} FROM {source} WHERE {at} > :after AND {at} <= :until"
            f"{where} ORDER BY {at} LIMIT :size",
            asked,
        )
        return [entry_of(row) for row in found]

    def count(self, wanted: EventFilter, *, known: int) -> int:
        """How many entries fulfil the filter."""
        where, asked = conditions(wanted, tags_of(wanted))
        found = self._views.reader.execute(
            f"SELECT count(*) FROM entry WHERE position <= :known{where}", asked | {"known": known}
        ).fetchone()
        return int(found[0])

    def chronicle(
        self,
        location: LocationId | None,
        *,
        known: int,
        size: int | None = None,
        bounds: ChronicleBounds = WHOLE,
        wanted: EventFilter = EVERYTHING,
        inside: bool = True,
        with_revoked: bool = False,
    ) -> EntryPage:
        """At most `size` statements about a place and the places inside, or about anywhere, in
        order of their windows.

        Revoked statements are left out, unless the filter asks for them, or `with_revoked` for all.
        """
        if wanted.retracted is None and not with_revoked:
            wanted = replace(wanted, retracted=False)
        where, asked = conditions(wanted, tags_of(wanted), timed="chronicle")
        if location and not inside:
            where += f" AND {_NAMES_ITSELF}"
        asked |= (bounds.after or _BEFORE_ALL)._asdict()
        if bounds.before is not None:
            where += f" AND ({_AS_IT_HAPPENED}) < (:end_earliest, :end_latest, :end_position)"
            asked |= {f"end_{name}": value for name, value in bounds.before._asdict().items()}
        order = ", ".join(f"{each} DESC" for each in _KEY) if bounds.from_end else _AS_IT_HAPPENED
        asked |= {"tag": within(location or fold.ANYWHERE), "place": location, "known": known}
        found = self._views.reader.execute(
            f"SELECT {ENTRY} FROM entry_tag AS chronicle CROSS JOIN entry USING (position) "
            "WHERE chronicle.tag = :tag AND chronicle.earliest IS NOT NULL "
            f"AND ({_AS_IT_HAPPENED}) > (:earliest, :latest, :position) "
            f"AND chronicle.position <= :known AND {known_in('chronicle')}{where} "
            f"ORDER BY {order} LIMIT :size",
            asked | {"size": -1 if size is None else size + 1},
        ).fetchall()
        more = size is not None and len(found) > size
        return bounds.page([entry_of(row) for row in found[:size]], more)

    # ---- the fold ----------------------------------------------------------------------------

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        self._tagging.touch(db, recorded)

    def write(self, db: sqlite3.Connection) -> None:
        self._tagging.write(db)

    def forget(self) -> None:
        self._tagging.forget()


_BEFORE_ALL = ChronicleKey(Instant(-(2**62)), Instant(0), 0)
_KEY = ("chronicle.earliest", "chronicle.latest", "chronicle.position")
_AS_IT_HAPPENED = ", ".join(_KEY)
_NAMES_ITSELF = """EXISTS (
    SELECT 1 FROM entry_tag AS tag
    WHERE tag.tag = 'location:' || :place AND tag.position = chronicle.position
)"""
