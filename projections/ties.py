"""Who is tied to whom or what at a moment, as known at a position?"""

import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

import orjson

from domain.control.perspective import Counting
from domain.events import EventReinstated, RecordKeeping, SituationEvent
from domain.occurred import Instant, Precision, Window
from domain.situation.ties import (
    Around,
    Spell,
    Standing,
    Tie,
    TieKind,
    Word,
    spells,
    standing,
    ties_of,
)
from domain.values import EventId
from infra.ledger.codec import Recorded
from infra.views.file import ViewFile


class Ties:
    """One row for each word that an event says of a tie."""

    name, version = "ties", 1
    tables = ("tie", "tie_revocation")
    schema = """
    CREATE TABLE tie (
        event       TEXT    NOT NULL,
        kind        TEXT    NOT NULL,
        subject     TEXT    NOT NULL,
        object      TEXT    NOT NULL,
        begins      INTEGER NOT NULL,
        position    INTEGER NOT NULL,
        earliest    INTEGER NOT NULL,
        latest      INTEGER NOT NULL,
        precision   TEXT    NOT NULL,
        PRIMARY KEY (event, kind, subject, object)
    ) WITHOUT ROWID;
    CREATE INDEX tie_subject ON tie (kind, subject, position);
    CREATE INDEX tie_object ON tie (kind, object, position);
    CREATE TABLE tie_revocation (
        event       TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        reinstates  INTEGER NOT NULL,
        PRIMARY KEY (event, position)
    ) WITHOUT ROWID;
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def standing(
        self,
        *,
        at: Instant,
        known: int,
        around: Around,
        kinds: Collection[TieKind],
        subject: str | None = None,
        other: str | None = None,
        counting: Counting | None = None,
    ) -> list[Standing]:
        """The ties of those kinds that stand at that instant, or may; of that subject, or to that
        other."""
        words = self.words(
            known=known, kinds=kinds, subject=subject, other=other, counting=counting
        )
        return [each for each in standing(words, at, around) if _is_of(each.tie, subject, other)]

    def spells(
        self,
        *,
        at: Instant,
        known: int,
        around: Around,
        kinds: Collection[TieKind],
        subject: str | None = None,
        other: str | None = None,
        counting: Counting | None = None,
    ) -> list[Spell]:
        """The same from their beginnings to their ends, as far as they have begun by then."""
        words = self.words(
            known=known, kinds=kinds, subject=subject, other=other, counting=counting
        )
        return [each for each in spells(words, at, around) if _is_of(each.tie, subject, other)]

    def words(
        self,
        *,
        known: int,
        kinds: Collection[TieKind],
        subject: str | None = None,
        other: str | None = None,
        counting: Counting | None = None,
    ) -> list[Word]:
        """What is said of such ties and not taken back, as known at that position; or of that,
        what counts.

        Words on other ties are left out as far as they can't end these; a mission that leaves a
        country has left its towns, so of deployments all are there.
        """
        where = "kind IN (SELECT value FROM json_each(:kinds)) AND position <= :known"
        if subject is not None:
            where += " AND subject IN (:subject, '')"
        if other is not None and TieKind.DEPLOYED_AT not in kinds:
            where += " AND object IN (:other, '')"
        found = self._views.reader.execute(
            f"SELECT kind, subject, object, begins, event, position, earliest, latest, precision "
            f"FROM tie WHERE {where} AND (:all OR NOT {_RETRACTED}) "
            "ORDER BY position, kind, subject, object",
            {
                "kinds": orjson.dumps(sorted(kinds)).decode(),
                "known": known,
                "subject": subject,
                "other": other,
                "all": counting is not None,
            },
        )
        words = [_word_of(row) for row in found]
        if counting is None:
            return words
        counted = counting({word.event for word in words})
        return [word for word in words if word.event in counted]

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case SituationEvent() as event:
                window = event.occurred.window
                db.executemany(
                    "INSERT INTO tie VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (
                            recorded.statement.id,
                            tie.kind,
                            tie.subject,
                            tie.object,
                            begins,
                            recorded.position,
                            window.earliest,
                            window.latest,
                            window.precision,
                        )
                        for tie, begins in ties_of(event)
                    ],
                )
            case RecordKeeping() as keeping:
                row = (keeping.event, recorded.position, isinstance(keeping, EventReinstated))
                db.execute(
                    "INSERT INTO tie_revocation SELECT ?1, ?2, ?3 "
                    "WHERE EXISTS (SELECT 1 FROM tie WHERE event = ?1)",
                    row,
                )


_RETRACTED = """coalesce((
    SELECT NOT reinstates FROM tie_revocation AS revocation
    WHERE revocation.event = tie.event AND revocation.position <= :known
    ORDER BY revocation.position DESC LIMIT 1
), 0)"""


def _is_of(tie: Tie, subject: str | None, other: str | None) -> bool:
    return subject in (None, tie.subject) and other in (None, tie.object)


def _word_of(row: Sequence[Any]) -> Word:
    kind, subject, object_, begins, event, position, earliest, latest, precision = row
    tie = Tie(TieKind(kind), subject, object_)
    window = Window(earliest, latest, Precision(precision))
    return Word(tie, bool(begins), EventId(event), position, window)
