"""What was a place or an actor called at a moment, and who is meant by a name?"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from domain.events import (
    ActorAmended,
    ActorRegistered,
    ActorRenamed,
    EventReinstated,
    LocationAmended,
    LocationRegistered,
    LocationRenamed,
    RecordKeeping,
)
from domain.occurred import Instant
from domain.references import Reference
from infra.ledger.codec import Recorded
from infra.spelling import plain, sounding
from infra.views.amendments import FOR_EVER, AmendmentRows
from infra.views.file import ViewFile
from projections.names.likeness import Asked, Rank, Role

LOCATION, ACTOR = "location", "actor"
"""The kinds of things that are named here."""
MANY = 200
"""So many are renamed before their list is no longer worth having."""


class Found(NamedTuple):
    """Something that may be meant; the best comes first."""

    rank: int
    slug: str


_AMENDMENTS = AmendmentRows("name_amendment", LocationAmended, ActorAmended)


class Names:
    """One row for each name that a place or an actor has, or took at some time."""

    name, version = "names", 4
    tables = ("name", "name_revocation", "name_amendment")
    schema = f"""
    CREATE TABLE name (
        kind        TEXT    NOT NULL,
        slug        TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        number      INTEGER NOT NULL,
        role        TEXT    NOT NULL,
        text        TEXT    NOT NULL,
        plain       TEXT    NOT NULL,
        sounding    TEXT    NOT NULL,
        event       TEXT,
        earliest    INTEGER,
        latest      INTEGER,
        known_to    INTEGER NOT NULL,
        PRIMARY KEY (kind, slug, position, number)
    ) WITHOUT ROWID;
    CREATE INDEX name_taken_later ON name (kind, slug) WHERE event IS NOT NULL;
    CREATE INDEX name_event ON name (event) WHERE event IS NOT NULL;
    CREATE TABLE name_revocation (
        event       TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        reinstates  INTEGER NOT NULL,
        PRIMARY KEY (event, position)
    ) WITHOUT ROWID;
    {_AMENDMENTS.schema}
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    # ---- what it was called ------------------------------------------------------------------

    def renamed(self, kind: str) -> frozenset[str] | None:
        """Those that anything recorded ever renames: usually few, or none.

        None where they are so many that it is quicker to look each name up.
        """
        found = self._views.reader.execute(
            "SELECT DISTINCT slug FROM name INDEXED BY name_taken_later "
            "WHERE kind = ? AND event IS NOT NULL LIMIT ?",
            (kind, MANY + 1),
        ).fetchall()
        return frozenset(slug for (slug,) in found) if len(found) <= MANY else None

    def called(
        self, kind: str, slugs: Iterable[str], *, at: Instant | None, known: int
    ) -> dict[str, str]:
        """The name in use at that instant, of those that had taken another than their first.

        A renaming counts once its window is over, and the last of several; with no instant, the
        last that is known.
        """
        found = self._views.reader.execute(
            "SELECT slug, text FROM name INDEXED BY name_taken_later "
            "WHERE kind = :kind AND event IS NOT NULL "
            "AND slug IN (SELECT value FROM json_each(:slugs)) "
            f"AND (:at IS NULL OR latest <= :at + 1) AND {_KNOWN} "
            "ORDER BY latest, earliest, position",
            {"kind": kind, "slugs": orjson.dumps(list(slugs)).decode(), "at": at, "known": known},
        )
        return dict(found.fetchall())

    def names_at(self, kind: str, slug: str, *, at: Instant | None, known: int) -> list[str]:
        """All that it went by at that instant: the name in use first, then one that it may have
        taken by then, then its aliases."""
        found = self._views.reader.execute(
            "SELECT role, text, event IS NOT NULL FROM name "
            "WHERE kind = :kind AND slug = :slug AND role IN ('name', 'alias') "
            f"AND (event IS NULL OR earliest <= :at AND latest > :at + 1) AND {_KNOWN} "
            "ORDER BY event IS NULL, latest, earliest, position, number",
            {"kind": kind, "slug": slug, "at": at, "known": known},
        ).fetchall()
        first = [text for role, text, is_taken in found if role == Role.NAME and not is_taken]
        in_use = self.called(kind, [slug], at=at, known=known).get(slug)
        others = [text for role, text, is_taken in found if role == Role.ALIAS or is_taken]
        return list(dict.fromkeys([in_use, *others] if in_use else [*first, *others]))

    # ---- who is meant ------------------------------------------------------------------------

    def search(self, kind: str, text: str, *, known: int, limit: int | None = None) -> list[Found]:
        """Those that go, or ever went, by such a name, an alias, a code or an id; best first.

        Case, diacritics, hyphens, apostrophes, spaces and characters that nobody sees don't
        matter, nor do the forms of an Arabic letter, common ways of transliterating, or the script;
        and where nothing is found, nor does a slip of the pen.
        """
        asked = Asked.of(text)
        if not asked.letters:
            return []
        ranks: dict[str, int] = {}
        for slug, rank in self._alike(kind, asked, known):
            ranks[slug] = min(rank, ranks.get(slug, rank))
        found = ranks or self._misspelt(kind, asked, known)
        return sorted(Found(rank, slug) for slug, rank in found.items())[:limit]

    def _alike(self, kind: str, asked: Asked, known: int) -> Iterator[tuple[str, int]]:
        found = self._views.reader.execute(
            f"SELECT slug, role, plain, sounding FROM name WHERE kind = :kind AND {_KNOWN} "
            "AND (instr(replace(plain, ' ', ''), :letters) "
            "OR length(:sound) AND instr(replace(sounding, ' ', ''), :sound))",
            {"kind": kind, "known": known, "letters": asked.letters, "sound": asked.sound},
        )
        for slug, role, words, sounds in found:
            rank = asked.rank(role, words, sounds)
            if rank is not None:
                yield slug, rank

    def _misspelt(self, kind: str, asked: Asked, known: int) -> dict[str, int]:
        if len(asked.letters) < _SHORTEST_MISSPELT:
            return {}
        from rapidfuzz import fuzz, process  # paid for only when something was mistyped

        found = self._views.reader.execute(
            "SELECT slug, replace(plain, ' ', ''), replace(sounding, ' ', '') FROM name "
            f"WHERE kind = :kind AND role <> 'code' AND {_KNOWN}",
            {"kind": kind, "known": known},
        ).fetchall()
        ranks: dict[str, int] = {}
        # What it sounds like too: a name in another script has none of the letters asked for.
        for column, wanted in ((1, asked.letters), (2, asked.sound)):
            likeness = process.extract(
                wanted,
                [row[column] for row in found],
                scorer=fuzz.ratio,
                score_cutoff=_LIKENESS,
                limit=None,
            )
            for _, alike, number in likeness if len(wanted) >= _SHORTEST_MISSPELT else ():
                slug, rank = found[number][0], Rank.MISSPELT + 100 - int(alike)
                ranks[slug] = min(rank, ranks.get(slug, rank))
        return ranks

    # ---- the fold ----------------------------------------------------------------------------

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case LocationRegistered() as place:
                _add_names(db, LOCATION, place.location, recorded, _names_of(place, place.location))
            case ActorRegistered() as actor:
                _add_names(db, ACTOR, actor.actor, recorded, _names_of(actor, actor.actor))
            case LocationRenamed() as renamed:
                _add_names(db, LOCATION, renamed.location, recorded, [(Role.NAME, renamed.name)])
            case ActorRenamed() as renamed:
                _add_names(db, ACTOR, renamed.actor, recorded, [(Role.NAME, renamed.name)])
            case RecordKeeping() as kept:
                db.execute(
                    "INSERT INTO name_revocation SELECT event, ?, ? FROM name WHERE event = ?",
                    (recorded.position, isinstance(kept, EventReinstated), kept.event),
                )
        if amended := _AMENDMENTS.take_in(db, recorded):
            _name_again(db, amended, recorded)


def _name_again(db: sqlite3.Connection, amended: Reference, recorded: Recorded) -> None:
    """From here on it has the names that its registration reads by now, and those alone."""
    thing = (amended.kind, amended.slug)
    said: dict[str, list[str]] = {}
    for role, text in db.execute(_AT_FIRST, thing * 2):
        said.setdefault(role, []).append(text)
    for amendment in _AMENDMENTS.standing(db, amended):
        said |= _names_given(amendment.changes)
    names = [(role, text) for role in Role for text in said.get(role, ())]
    if db.execute(_STANDING, (*thing, FOR_EVER)).fetchall() != names:
        db.execute(_CLOSE, (recorded.position, *thing, FOR_EVER))
        _add_names(db, *thing, recorded, names)


def _names_given(changes: dict[str, Any]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    if "name" in changes:
        given[Role.NAME] = [changes["name"]]
    if "aliases" in changes:
        given[Role.ALIAS] = [alias.text for alias in changes["aliases"]]
    if "codes" in changes:
        given[Role.CODE] = [code.code for code in changes["codes"]]
    return given


_OF_ITS_REGISTRATION = "FROM name WHERE kind = ? AND slug = ? AND event IS NULL"
_AT_FIRST = f"""SELECT role, text {_OF_ITS_REGISTRATION} AND position = (
    SELECT min(position) {_OF_ITS_REGISTRATION}
) ORDER BY number"""
_STANDING = f"SELECT role, text {_OF_ITS_REGISTRATION} AND known_to = ? ORDER BY number"
_CLOSE = """UPDATE name SET known_to = ?
    WHERE kind = ? AND slug = ? AND event IS NULL AND known_to = ?"""
_KNOWN = """position <= :known AND known_to > :known AND NOT coalesce((
    SELECT NOT reinstates FROM name_revocation AS revocation
    WHERE revocation.event = name.event AND revocation.position <= :known
    ORDER BY revocation.position DESC LIMIT 1
), 0)"""
_LIKENESS = 75
"""Per cent of letters that a misspelt name shares with the right one, at least."""
_SHORTEST_MISSPELT = 4
"""Letters; of fewer, one that is wrong makes another name."""


def _names_of(
    registered: LocationRegistered | ActorRegistered, slug: str
) -> list[tuple[Role, str]]:
    return [
        (Role.NAME, registered.name),
        *((Role.ALIAS, alias.text) for alias in registered.aliases),
        *((Role.CODE, code.code) for code in registered.codes),
        (Role.ID, slug),
    ]


def _add_names(
    db: sqlite3.Connection,
    kind: str,
    slug: str,
    recorded: Recorded,
    names: list[tuple[Role, str]],
) -> None:
    event = recorded.event
    window = event.occurred.window if isinstance(event, LocationRenamed | ActorRenamed) else None
    id_ = recorded.statement.id if window else None
    rows: list[tuple[Any, ...]] = [
        (
            *(kind, slug, recorded.position, number, role, text, plain(text)),
            "" if role is Role.CODE else sounding(text),
            *(id_, window and window.earliest, window and window.latest, FOR_EVER),
        )
        for number, (role, text) in enumerate(names)
    ]
    db.executemany(f"INSERT INTO name VALUES ({', '.join('?' * 12)})", rows)
