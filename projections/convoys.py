"""Where is a convoy at a moment, and does it move, as known at a position?"""

import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson

from domain.control.perspective import Counting
from domain.events import EVENT_TYPES, ConvoyEvent, EventReinstated, RecordKeeping
from domain.occurred import Instant
from domain.situation.convoys import ConvoyState, ConvoyWord, convoys_at
from domain.values import ActorId
from infra.ledger.codec import Recorded, event_of, fields_of
from infra.views.file import ViewFile


class Convoys:
    """One row for each statement about a convoy, and one for each owner that it names."""

    name, version = "convoys", 1
    tables = ("convoy_word", "convoy_owner", "convoy_revocation")
    schema = """
    CREATE TABLE convoy_word (
        convoy      TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        event       TEXT    NOT NULL UNIQUE,
        earliest    INTEGER NOT NULL,
        type        TEXT    NOT NULL,
        fields      TEXT    NOT NULL,
        PRIMARY KEY (convoy, position)
    ) WITHOUT ROWID;
    CREATE TABLE convoy_owner (
        owner       TEXT    NOT NULL,
        convoy      TEXT    NOT NULL,
        PRIMARY KEY (owner, convoy)
    ) WITHOUT ROWID;
    CREATE TABLE convoy_revocation (
        event       TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        reinstates  INTEGER NOT NULL,
        PRIMARY KEY (event, position)
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
        """Every convoy that was heard of by that instant; only those that any of them own then.

        What was taken back does not count, or what `counting` leaves out.
        """
        whose = ""
        if owners is not None:
            whose = (
                " AND convoy IN (SELECT convoy FROM convoy_owner "
                "WHERE owner IN (SELECT value FROM json_each(:owners)))"
            )
        found = self._views.reader.execute(
            "SELECT event, position, type, fields FROM convoy_word "
            f"WHERE position <= :known AND earliest <= :at "
            f"AND (:all OR NOT {_RETRACTED}){whose}",
            {
                "at": at,
                "known": known,
                "owners": orjson.dumps(owners or ()).decode(),
                "all": counting is not None,
            },
        )
        words = [_word_of(row) for row in found]
        if counting:
            counted = counting({word.event for word in words})
            words = [word for word in words if word.event in counted]
        states = convoys_at(words, at)
        if owners is None:
            return states
        return [each for each in states if not set(owners).isdisjoint(each.owners)]

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case ConvoyEvent() as event:
                db.execute(
                    "INSERT INTO convoy_word VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        event.convoy,
                        recorded.position,
                        recorded.statement.id,
                        event.occurred.window.earliest,
                        type(event).__name__,
                        orjson.dumps(fields_of(event)).decode(),
                    ),
                )
                db.executemany(
                    "INSERT OR IGNORE INTO convoy_owner VALUES (?, ?)",
                    [(owner, event.convoy) for owner in event.owners],
                )
            case RecordKeeping() as keeping:
                row = (keeping.event, recorded.position, isinstance(keeping, EventReinstated))
                db.execute(
                    "INSERT INTO convoy_revocation SELECT ?1, ?2, ?3 "
                    "WHERE EXISTS (SELECT 1 FROM convoy_word WHERE event = ?1)",
                    row,
                )


_RETRACTED = """coalesce((
    SELECT NOT reinstates FROM convoy_revocation AS revocation
    WHERE revocation.event = convoy_word.event AND revocation.position <= :known
    ORDER BY revocation.position DESC LIMIT 1
), 0)"""


def _word_of(row: Sequence[Any]) -> ConvoyWord:
    id_, position, name, fields = row
    # Rows are written in today's shape, and a new shape is a new version of the view.
    event = event_of(name, EVENT_TYPES[name].revision, orjson.loads(fields))
    assert isinstance(event, ConvoyEvent), "only what is said of convoys is kept here"
    return ConvoyWord(id_, position, event)
