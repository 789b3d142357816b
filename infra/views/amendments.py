"""Which amendments has a view taken in, and which of them stand?

A view that shows registrations keeps what amends them in a table of its own; what reads otherwise
by them it writes as a row more, from that position on. So what was known before stays as it was.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import EVENT_TYPES, Amendment, EventReinstated, RecordKeeping
from domain.references import Reference, amended_by
from infra.ledger.codec import Recorded, event_of, fields_of

FOR_EVER = 2**62
"""A position that no ledger reaches: what is known now is known until then."""
NOW = FOR_EVER - 1
"""As known at last."""

Row = Sequence[Any]


class AmendmentRows:
    """The amendments of some types, in one table."""

    def __init__(self, table: str, *types: type[Amendment]) -> None:
        self.table, self._types = table, types
        self.schema = f"""
    CREATE TABLE {table} (
        amended     TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        event       TEXT    NOT NULL UNIQUE,
        type        TEXT    NOT NULL,
        fields      TEXT    NOT NULL,
        stands      INTEGER NOT NULL,
        PRIMARY KEY (amended, position)
    ) WITHOUT ROWID;
    """

    def take_in(self, db: sqlite3.Connection, recorded: Recorded) -> Reference | None:
        """Keeps an amendment, or that one is taken back or reinstated; whose registration may read
        otherwise by it, if any."""
        event = recorded.event
        if isinstance(event, RecordKeeping):
            return self._keep(db, event)
        amended = amended_by(event) if isinstance(event, self._types) else None
        if amended:
            row = (amended.tag, recorded.position, recorded.statement.id, type(event).__name__)
            told = orjson.dumps(fields_of(event)).decode()
            db.execute(f"INSERT INTO {self.table} VALUES (?, ?, ?, ?, ?, 1)", (*row, told))
        return amended

    def standing(self, db: sqlite3.Connection, amended: Reference) -> list[Amendment]:
        """The amendments of its registration that stand, in the order of recording."""
        found = db.execute(
            f"SELECT type, fields FROM {self.table} WHERE amended = ? AND stands ORDER BY position",
            (amended.tag,),
        )
        return [_amendment_of(*row) for row in found]

    def _keep(self, db: sqlite3.Connection, keeping: RecordKeeping) -> Reference | None:
        row = (isinstance(keeping, EventReinstated), keeping.event)
        found: Sequence[tuple[str, str]] = db.execute(
            f"UPDATE {self.table} SET stands = ? WHERE event = ? RETURNING type, fields", row
        ).fetchall()
        return amended_by(_amendment_of(*found[0])) if found else None


def _amendment_of(name: str, fields: str) -> Amendment:
    # Rows are written in today's shape, and a new shape is a new version of the view.
    event = event_of(name, EVENT_TYPES[name].revision, orjson.loads(fields))
    assert isinstance(event, Amendment), "only amendments are kept here"
    return event


KNOWN = "known_from <= :known AND known_to > :known"
"""The condition on a row of `Readings` that it is what was known at a position."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Registrations as they read, in a table with the columns `known_from` and `known_to`: a row
    for each time that one of them came to read otherwise."""

    table: str
    key: str
    """The column with the id of what is registered."""
    columns: tuple[str, ...]
    """What a registration says."""

    def register(self, db: sqlite3.Connection, id: str, said: Row, position: int) -> None:
        """The registration, which stands at that position."""
        names = ", ".join((self.key, "known_from", "known_to", *self.columns))
        marks = ", ".join("?" * (3 + len(self.columns)))
        row = (id, position, FOR_EVER, *said)
        db.execute(f"INSERT INTO {self.table} ({names}) VALUES ({marks})", row)

    def registered(self, db: sqlite3.Connection, id: str) -> dict[str, Any]:
        """What the registration said at first, by the names of the columns."""
        (said,) = db.execute(
            f"SELECT {', '.join(self.columns)} FROM {self.table} WHERE {self.key} = ? "
            "ORDER BY known_from LIMIT 1",
            (id,),
        )
        return dict(zip(self.columns, said, strict=True))

    def read(self, db: sqlite3.Connection, id: str, said: dict[str, Any], position: int) -> None:
        """From that position on the registration reads so."""
        row = tuple(said[column] for column in self.columns)
        (stands,) = db.execute(
            f"SELECT {', '.join(self.columns)} FROM {self.table} "
            f"WHERE {self.key} = ? AND known_to = ?",
            (id, FOR_EVER),
        )
        if stands != row:
            db.execute(
                f"UPDATE {self.table} SET known_to = ? WHERE {self.key} = ? AND known_to = ?",
                (position, id, FOR_EVER),
            )
            self.register(db, id, row, position)
