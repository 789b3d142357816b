"""The places around each place, as known at a position. A place contains itself at depth 0. Before
its registration, a place lies within the container of the registration."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from domain.values import LocationId
from infra.views.rows import FOR_EVER, insertion, known

TABLES = ("containment",)
SCHEMA = """
CREATE TABLE containment (
    location    TEXT    NOT NULL,
    container   TEXT    NOT NULL,
    known_from  INTEGER NOT NULL,
    known_to    INTEGER NOT NULL,
    depth       INTEGER NOT NULL,
    PRIMARY KEY (location, container, known_from)
) WITHOUT ROWID;
CREATE INDEX containment_container ON containment (container);
"""
INSIDE = f"""(
    SELECT location FROM containment
    WHERE container = :within AND location <> :within AND {known("containment")}
)"""
"""The places inside the place `:within`, at any depth, as known at `:known`."""


class _Step(NamedTuple):
    container: str
    depth: int


def around(db: sqlite3.Connection, location: str, *, known: int) -> tuple[LocationId, ...]:
    """The places around a place, the smallest first, as known at a position."""
    return tuple(LocationId(step.container) for step in _steps(db, location, known) if step.depth)


def register(db: sqlite3.Connection, location: str, within: str | None) -> None:
    db.execute(_INSERT, (location, location, 0, FOR_EVER, 0))
    db.execute(
        "INSERT INTO containment SELECT ?, container, known_from, known_to, depth + 1 "
        "FROM containment WHERE location = ?",
        (location, within),
    )


def move(db: sqlite3.Connection, moved: str, within: str | None, position: int) -> Sequence[str]:
    """Moves a place, with all places inside, from the position on; returns the places that gain or
    lose a place."""
    now = _steps(db, within, FOR_EVER - 1) if within else []
    touched: set[str] = set()
    inside = db.execute(
        "SELECT location, depth FROM containment WHERE container = ? AND known_to = ?",
        (moved, FOR_EVER),
    )
    for place, depth in inside.fetchall():
        before = {step for step in _steps(db, place, FOR_EVER - 1) if step.depth > depth}
        after = {_Step(step.container, step.depth + depth + 1) for step in now}
        touched |= {step.container for step in before ^ after}
        closed = [(position, place, step.container, FOR_EVER) for step in before - after]
        db.executemany(_CLOSE, closed)
        opened = [
            (place, step.container, position, FOR_EVER, step.depth) for step in after - before
        ]
        db.executemany(_INSERT, opened)
    return sorted(touched)


def _steps(db: sqlite3.Connection, location: str, known: int) -> list[_Step]:
    found = db.execute(_SELECT_STEPS, {"location": location, "known": known})
    return [_Step._make(row) for row in found]


_SELECT_STEPS = f"""
    SELECT container, depth FROM containment
    WHERE location = :location AND {known("containment")} ORDER BY depth"""
_INSERT = insertion("containment", ("location", "container", "known_from", "known_to", "depth"))
_CLOSE = """
    UPDATE containment SET known_to = ? WHERE location = ? AND container = ? AND known_to = ?"""
