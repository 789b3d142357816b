"""Who is tied to whom or what at a moment, as known at a position?"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import orjson

from domain.control.perspective import Counting
from domain.occurred import Instant, Precision, Window
from domain.situation.ties import Around, Spell, Standing, Tie, TieKind, Word, spells, standing
from domain.values import EventId
from infra.views.file import ViewFile
from infra.views.rows import columns
from projections.record import taken_back


class Ties:
    """Questions about ties, to the record."""

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
        """The ties of those kinds that stand at the instant, or may; of the subject, or to the
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
        """The ties begun by the instant, with beginnings and ends."""
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
        """The words on such ties, as known at a position.

        Revoked words don't count; with `counting`, only the events it returns do. Words on other
        ties are left out, unless they may end these: a mission that leaves a country leaves its
        towns, so all words on deployments are read.
        """
        where = "kind IN (SELECT value FROM json_each(:kinds)) AND tie.position <= :known"
        if subject is not None:
            where += " AND subject IN (:subject, '')"
        if other is not None and TieKind.DEPLOYED_AT not in kinds:
            where += " AND object IN (:other, '')"
        found = self._views.reader.execute(
            f"SELECT {WORD} FROM tie JOIN entry USING (position) "
            f"WHERE {where} AND (:all OR NOT {taken_back('entry.event')}) "
            "ORDER BY tie.position, kind, subject, object",
            {
                "kinds": orjson.dumps(sorted(kinds)).decode(),
                "known": known,
                "subject": subject,
                "other": other,
                "all": counting is not None,
            },
        )
        words = [word_of(row) for row in found]
        if counting is None:
            return words
        counted = counting({word.event for word in words})
        return [word for word in words if word.event in counted]


def _is_of(tie: Tie, subject: str | None, other: str | None) -> bool:
    return subject in (None, tie.subject) and other in (None, tie.object)


class StoredTieWord(NamedTuple):
    """A word on a tie, joined with the entry."""

    kind: str
    subject: str
    object: str
    begins: int
    event: EventId
    position: int
    earliest: Instant
    latest: Instant
    precision: str


WORD = columns(StoredTieWord, position="tie.position")


def word_of(row: Iterable[Any]) -> Word:
    said = StoredTieWord._make(row)
    tie = Tie(TieKind(said.kind), said.subject, said.object)
    window = Window(said.earliest, said.latest, Precision(said.precision))
    return Word(tie, bool(said.begins), said.event, said.position, window)
