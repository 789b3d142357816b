"""What was a place or an actor called at a moment, and who is meant by a name?"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from domain.events import (
    ActorRegistered,
    ActorRenamed,
    LocationRegistered,
    LocationRenamed,
    Registration,
)
from domain.occurred import Instant
from domain.values import EventId
from infra.ledger.codec import Recorded
from infra.spelling import plain, sounding
from infra.views.file import Projection, ViewFile
from infra.views.kept_rows import KeptRows
from infra.views.rows import FOR_EVER, insertion
from projections.names.likeness import Rank, Role, SearchText
from projections.record import Record, taken_back

LOCATION, ACTOR = "location", "actor"
"""The kinds of named things."""
MANY = 200
"""The most renamed things for a list in memory."""


class Found(NamedTuple):
    """A match of a search; the best comes first."""

    rank: int
    slug: str


class NameRow(NamedTuple):
    """A name in a registration, or a later name, by an event."""

    kind: str
    slug: str
    position: int
    number: int
    role: str
    text: str
    plain: str
    sounding: str
    event: EventId | None
    known_to: int


class NamesView(Projection):
    """A row for each name, present or past, of a place or an actor."""

    name, version = "names", 5
    tables = ("name",)
    schema = """
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
        known_to    INTEGER NOT NULL,
        PRIMARY KEY (kind, slug, position, number)
    ) WITHOUT ROWID;
    CREATE INDEX name_taken_later ON name (kind, slug) WHERE event IS NOT NULL;
    """

    def __init__(self, views: ViewFile, record: Record) -> None:
        self._views = views
        self._record = record
        self._renamed = KeptRows(views, self._read_renamed, most=len((LOCATION, ACTOR)))

    # ---- names in use ------------------------------------------------------------------------

    def renamed(self, kind: str) -> frozenset[str] | None:
        """The things with a later name: few, usually. None for more than MANY: looking each name up
        is then quicker."""
        return self._renamed.get(kind)

    def _read_renamed(self, kind: str) -> frozenset[str] | None:
        found = self._views.reader.execute(
            "SELECT DISTINCT slug FROM name INDEXED BY name_taken_later "
            "WHERE kind = ? AND event IS NOT NULL LIMIT ?",
            (kind, MANY + 1),
        ).fetchall()
        return frozenset(slug for (slug,) in found) if len(found) <= MANY else None

    def called(
        self, kind: str, slugs: Iterable[str], *, at: Instant | None, known: int
    ) -> dict[str, str]:
        """The names in use at the instant, for things with a later name by then. The last renaming
        whose window is over counts; without an instant, the last known."""
        found = self._views.reader.execute(
            "SELECT slug, text FROM name INDEXED BY name_taken_later "
            "CROSS JOIN entry USING (event) WHERE kind = :kind AND event IS NOT NULL "
            "AND slug IN (SELECT value FROM json_each(:slugs)) "
            f"AND (:at IS NULL OR latest <= :at + 1) AND {_KNOWN} "
            "ORDER BY latest, earliest, name.position",
            {"kind": kind, "slugs": orjson.dumps(list(slugs)).decode(), "at": at, "known": known},
        )
        return dict(found.fetchall())

    def names_at(self, kind: str, slug: str, *, at: Instant | None, known: int) -> list[str]:
        """All names at the instant: the name in use, then names that may have been taken by then,
        then aliases."""
        found = self._views.reader.execute(
            "SELECT role, text, event IS NOT NULL FROM name LEFT JOIN entry USING (event) "
            "WHERE kind = :kind AND slug = :slug AND role IN ('name', 'alias') "
            f"AND (event IS NULL OR earliest <= :at AND latest > :at + 1) AND {_KNOWN} "
            "ORDER BY event IS NULL, latest, earliest, name.position, number",
            {"kind": kind, "slug": slug, "at": at, "known": known},
        ).fetchall()
        first = [text for role, text, is_taken in found if role == Role.NAME and not is_taken]
        in_use = self.called(kind, [slug], at=at, known=known).get(slug)
        others = [text for role, text, is_taken in found if role == Role.ALIAS or is_taken]
        return list(dict.fromkeys([in_use, *others] if in_use else [*first, *others]))

    # ---- who is meant ------------------------------------------------------------------------

    def search(self, kind: str, text: str, *, known: int, limit: int | None = None) -> list[Found]:
        """The things with such a name, alias, code or id, at any time; the best match first.

        Case, diacritics, hyphens, apostrophes, spaces and invisible characters don't matter, nor do
        the forms of an Arabic letter, common transliterations, or the script. A misspelling is
        searched for where nothing else is found.
        """
        asked = SearchText.of(text)
        if not asked.letters:
            return []
        ranks: dict[str, int] = {}
        for slug, rank in self._alike(kind, asked, known):
            ranks[slug] = min(rank, ranks.get(slug, rank))
        found = ranks or self._misspelt(kind, asked, known)
        return sorted(Found(rank, slug) for slug, rank in found.items())[:limit]

    def _alike(self, kind: str, asked: SearchText, known: int) -> Iterator[tuple[str, int]]:
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

    def _misspelt(self, kind: str, asked: SearchText, known: int) -> dict[str, int]:
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

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        id, position = recorded.statement.id, recorded.position
        match recorded.event:
            case LocationRegistered() | ActorRegistered() as registered:
                _add(db, *_thing(registered), position, _names_of(registered))
            case LocationRenamed(location=slug, name=name):
                _add(db, LOCATION, slug, position, [(Role.NAME, name)], id)
            case ActorRenamed(actor=slug, name=name):
                _add(db, ACTOR, slug, position, [(Role.NAME, name)], id)
        if reread := self._record.reread:
            _name_again(db, reread.before, reread.after, position)


def _name_again(
    db: sqlite3.Connection, before: Registration, after: Registration, position: int
) -> None:
    """Closes the old names of a registration, and opens the new ones."""
    if isinstance(before, _Named) and isinstance(after, _Named):
        if (names := _names_of(after)) != _names_of(before):
            db.execute(_CLOSE, (position, *_thing(after), FOR_EVER))
            _add(db, *_thing(after), position, names)


_CLOSE = """UPDATE name SET known_to = ?
    WHERE kind = ? AND slug = ? AND event IS NULL AND known_to = ?"""
_KNOWN = f"""name.position <= :known AND known_to > :known
    AND NOT (event IS NOT NULL AND {taken_back("name.event")})"""
_LIKENESS = 75
"""The least per cent of letters that a misspelt name shares with the right name."""
_SHORTEST_MISSPELT = 4
"""In letters; in a shorter name a wrong letter makes another name."""


_Named = LocationRegistered | ActorRegistered


def _thing(registered: _Named) -> tuple[str, str]:
    """The kind and the id of the registered thing."""
    if isinstance(registered, LocationRegistered):
        return LOCATION, registered.location
    return ACTOR, registered.actor


def _names_of(registered: _Named) -> list[tuple[Role, str]]:
    return [
        (Role.NAME, registered.name),
        *((Role.ALIAS, alias.text) for alias in registered.aliases),
        *((Role.CODE, code.code) for code in registered.codes),
        (Role.ID, _thing(registered)[1]),
    ]


def _add(
    db: sqlite3.Connection,
    kind: str,
    slug: str,
    position: int,
    names: list[tuple[Role, str]],
    event: EventId | None = None,
) -> None:
    rows = [
        NameRow(
            *(kind, slug, position, number, role, text, plain(text)),
            "" if role is Role.CODE else sounding(text),
            *(event, FOR_EVER),
        )
        for number, (role, text) in enumerate(names)
    ]
    db.executemany(insertion("name", NameRow._fields), rows)
