"""Where is a convoy at a moment, and does it move, as known at a position?"""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import orjson

from domain.control.perspective import Counting
from domain.events import ConvoyEvent
from domain.occurred import Instant
from domain.situation.convoys import ConvoyState, ConvoyWord, convoys_at
from domain.values import ActorId, EventId
from infra.ledger.codec import Recorded
from infra.views.file import Projection, ViewFile
from infra.views.rows import columns
from projections.record import taken_back
from projections.record.entries import stored_event


class Convoys(Projection):
    """A row for each statement about a convoy, and for each owner named."""

    name, version = "convoys", 2
    tables = ("convoy_word", "convoy_owner")
    schema = """
    CREATE TABLE convoy_word (
        convoy      TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        PRIMARY KEY (convoy, position)
    ) WITHOUT ROWID;
    CREATE TABLE convoy_owner (
        owner       TEXT    NOT NULL,
        convoy      TEXT    NOT NULL,
        PRIMARY KEY (owner, convoy)
    ) WITHOUT ROWID;
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def at(
        self,
        *,
        at: Instant,
        known: int,
        owners: Sequence[ActorId] | None = None,
        counting: Counting | None = None,
    ) -> list[ConvoyState]:
        """Every convoy heard of by the instant, or only the convoys of the owners at the instant.

        Revoked statements don't count; with `counting`, only the statements it returns do.
        """
        whose = ""
        if owners is not None:
            whose = (
                " AND convoy IN (SELECT convoy FROM convoy_owner "
                "WHERE owner IN (SELECT value FROM json_each(:owners)))"
            )
        found = self._views.reader.execute(
            f"SELECT {columns(_StoredConvoyWord)} FROM convoy_word JOIN entry USING (position) "
            f"WHERE position <= :known AND earliest <= :at "
            f"AND (:all OR NOT {taken_back('entry.event')}){whose}",
            {
                "at": at,
                "known": known,
                "owners": orjson.dumps(owners or ()).decode(),
                "all": counting is not None,
            },
        )
        words = [_StoredConvoyWord._make(row).word for row in found]
        if counting:
            counted = counting({word.event for word in words})
            words = [word for word in words if word.event in counted]
        states = convoys_at(words, at)
        if owners is None:
            return states
        return [each for each in states if not set(owners).isdisjoint(each.owners)]

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        if isinstance(event := recorded.event, ConvoyEvent):
            row = (event.convoy, recorded.position)
            db.execute("INSERT INTO convoy_word VALUES (?, ?)", row)
            db.executemany(
                "INSERT OR IGNORE INTO convoy_owner VALUES (?, ?)",
                [(owner, event.convoy) for owner in event.owners],
            )


class _StoredConvoyWord(NamedTuple):
    event: EventId
    position: int
    type: str
    fields: str

    @property
    def word(self) -> ConvoyWord:
        event = stored_event(self.type, self.fields)
        assert isinstance(event, ConvoyEvent), "only statements about convoys have rows here"
        return ConvoyWord(self.event, self.position, event)
