"""What lies within what, and what is found under which place, once a place comes to lie elsewhere?

A row of `entry_tag` or `chronicle` under a place holds from `known_from` on, 0 where that is when
its entry was recorded, and until `known_to`, if at all. An amendment that moves a place closes the
rows that it makes untrue and opens others: what was known before is found as it was.
"""

import sqlite3
from typing import Any

from domain.events import LocationAmended, LocationRegistered
from domain.references import Reference
from infra.ledger.codec import Recorded
from infra.views.amendments import AmendmentRows

_AMENDMENTS = AmendmentRows("entry_amendment", LocationAmended)
TABLES = ("entry_place", "entry_around", "entry_amendment")
SCHEMA = f"""
    CREATE TABLE entry_place (
        location    TEXT    PRIMARY KEY,
        registered  TEXT,
        within      TEXT
    ) WITHOUT ROWID;
    CREATE TABLE entry_around (
        location    TEXT    NOT NULL,
        container   TEXT    NOT NULL,
        PRIMARY KEY (location, container)
    ) WITHOUT ROWID;
    CREATE INDEX entry_around_container ON entry_around (container);
    {_AMENDMENTS.schema}
    """


def register(db: sqlite3.Connection, place: LocationRegistered) -> None:
    """A place is inside itself, and inside all that contains the place around it."""
    row = (place.location, place.within, place.within)
    db.execute("INSERT INTO entry_place VALUES (?, ?, ?)", row)
    db.execute(
        "INSERT INTO entry_around SELECT :place, :place "
        "UNION SELECT :place, container FROM entry_around WHERE location = :within",
        {"place": place.location, "within": place.within},
    )


def take_in(db: sqlite3.Connection, recorded: Recorded) -> None:
    """Where the entry moves a place, all that is found under the places around it follows."""
    amended = _AMENDMENTS.take_in(db, recorded)
    if amended is None:
        return
    within = _container(db, amended)
    (stands,) = db.execute(
        "SELECT within FROM entry_place WHERE location = ?", (amended.slug,)
    ).fetchone()
    if within != stands:
        db.execute("UPDATE entry_place SET within = ? WHERE location = ?", (within, amended.slug))
        for container in sorted(_surround_again(db, amended.slug)):
            _find_again(db, container, recorded.position)


def _container(db: sqlite3.Connection, place: Reference) -> str | None:
    """The place within which it lies by what stands."""
    (within,) = db.execute(
        "SELECT registered FROM entry_place WHERE location = ?", (place.slug,)
    ).fetchone()
    for amendment in _AMENDMENTS.standing(db, place):
        within = amendment.changes.get("within", within)
    return within  # type: ignore[no-any-return]


def _surround_again(db: sqlite3.Connection, moved: str) -> set[str]:
    """Works out anew what contains the place and each one inside it; the places that contain
    others than before."""
    touched: set[str] = set()
    inside = db.execute("SELECT location FROM entry_around WHERE container = ?", (moved,))
    for (place,) in inside.fetchall():
        asked = "SELECT container FROM entry_around WHERE location = ?"
        before = {container for (container,) in db.execute(asked, (place,))}
        now = _containers(db, place)
        touched |= before ^ now
        db.execute("DELETE FROM entry_around WHERE location = ?", (place,))
        rows = [(place, container) for container in sorted(now)]
        db.executemany("INSERT INTO entry_around VALUES (?, ?)", rows)
    return touched


def _containers(db: sqlite3.Connection, place: str) -> set[str]:
    found: set[str] = set()
    container: str | None = place
    while container and container not in found:
        found.add(container)
        asked = "SELECT within FROM entry_place WHERE location = ?"
        (container,) = db.execute(asked, (container,)).fetchone()
    return found


def _find_again(db: sqlite3.Connection, container: str, position: int) -> None:
    """Under the place stands, from that position on, what names a place inside it by now."""
    asked: dict[str, Any] = {"place": container, "tag": f"within:{container}", "at": position}
    for statement in (_CLOSE_TAGS, _OPEN_TAGS, _CLOSE_CHRONICLE, _OPEN_CHRONICLE):
        db.execute(statement, asked)


_INSIDE = """
    SELECT tag.position FROM entry_around AS around
    CROSS JOIN entry_tag AS tag ON tag.tag = 'location:' || around.location
    WHERE around.container = :place"""
_CLOSE_TAGS = f"""
    UPDATE entry_tag SET known_to = :at
    WHERE tag = :tag AND known_to IS NULL AND position NOT IN ({_INSIDE})"""
_OPEN_TAGS = f"""
    INSERT INTO entry_tag SELECT :tag, position, :at, NULL FROM (
        SELECT DISTINCT position FROM ({_INSIDE})
        EXCEPT SELECT position FROM entry_tag WHERE tag = :tag AND known_to IS NULL
    )"""
_CLOSE_CHRONICLE = f"""
    UPDATE chronicle SET known_to = :at
    WHERE location = :place AND known_to IS NULL AND position NOT IN ({_INSIDE})"""
_OPEN_CHRONICLE = f"""
    INSERT INTO chronicle
    SELECT :place, earliest, latest, position, 0, :at, NULL FROM entry JOIN (
        SELECT position FROM ({_INSIDE})
        EXCEPT SELECT position FROM chronicle WHERE location = :place AND known_to IS NULL
    ) USING (position) WHERE earliest IS NOT NULL"""
