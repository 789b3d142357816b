"""Which events are asked for, and how is that said in SQL?"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from domain.occurred import Instant
from domain.values import LocationId
from infra.spelling import plain


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are asked for: those that fulfil every condition given."""

    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """All of these: location:kidal, actor:fama, source:…, report:…, convoy:…."""
    among: tuple[str, ...] = ()
    """Where any are given, at least one of these."""
    within: LocationId | None = None
    """Only what concerns this place or one inside it, at any depth."""
    occurred_from: Instant | None = None
    """Only what may have happened at this instant or later (valid time)."""
    occurred_to: Instant | None = None
    """Only what may have happened before this instant (valid time)."""
    recorded_from: Instant | None = None
    """Only what was recorded at this instant or later (recorded time)."""
    recorded_to: Instant | None = None
    """Only what was recorded before this instant (recorded time)."""
    text: str | None = None
    """Only where summary or passage has all these words: "a phrase" in quotes, begin* with a star.
    Case, diacritics and punctuation don't matter."""
    retracted: bool | None = None

    def between(self, since: Instant | None, until: Instant | None) -> "EventFilter":
        """Also only what may have happened from the one instant on and before the other."""
        begins = [each for each in (since, self.occurred_from) if each is not None]
        ends = [each for each in (until, self.occurred_to) if each is not None]
        return replace(
            self,
            occurred_from=max(begins, default=None),
            occurred_to=min(ends, default=None),
        )


EVERYTHING = EventFilter()

RETRACTED = """coalesce((
    SELECT NOT reinstates FROM entry_revocation AS revocation
    WHERE revocation.event = entry.event AND revocation.position <= :known
    ORDER BY revocation.position DESC LIMIT 1
), 0)"""


def tags_of(wanted: EventFilter) -> list[str]:
    """The tags that it asks for, in whatever words."""
    return [*wanted.tags, *([within(wanted.within)] if wanted.within else [])]


def conditions(
    wanted: EventFilter, tags: Iterable[str], timed: str = "entry"
) -> tuple[str, dict[str, Any]]:
    """What is to be true of an `entry` with these tags, and the parameters of that; `:known` is the
    caller's. The times are read from that table."""
    where, asked = "", dict[str, Any]()
    if wanted.types:
        where += " AND entry.type IN (SELECT value FROM json_each(:types))"
        asked["types"] = orjson.dumps(wanted.types).decode()
    for number, tag in enumerate(tags):
        has_it = f"tag.tag = :tag{number} AND tag.position = entry.position AND {known_in('tag')}"
        where += f" AND EXISTS (SELECT * FROM entry_tag AS tag WHERE {has_it})"
        asked[f"tag{number}"] = tag
    if wanted.among:
        where += (
            " AND entry.position IN (SELECT position FROM entry_tag "
            "WHERE tag IN (SELECT value FROM json_each(:among)))"
        )
        asked["among"] = orjson.dumps(wanted.among).decode()
    for column, comparison, name in _BOUNDS:
        if (bound := getattr(wanted, name)) is not None:
            table = "entry" if column == "recorded_at" else timed
            where += f" AND {table}.{column} {comparison} :{name}"
            asked[name] = bound
    if wanted.text and wanted.text.strip():
        where += (
            " AND entry.position IN (SELECT position FROM entry_text WHERE entry_text MATCH :text)"
        )
        asked["text"] = _full_text(wanted.text)
    if wanted.retracted is not None:
        where += f" AND {RETRACTED} = :retracted"
        asked["retracted"] = wanted.retracted
    return where, asked


def known_in(table: str) -> str:
    """The condition on a row of what is found under a place that it held at `:known`."""
    return (
        f"{table}.known_from <= :known AND ({table}.known_to IS NULL OR {table}.known_to > :known)"
    )


def within(place: str) -> str:
    """The tag of what concerns a place or one inside it; no ledger has it, only this view."""
    return f"within:{place}"


_BOUNDS = [
    ("latest", ">", "occurred_from"),
    ("earliest", "<", "occurred_to"),
    ("recorded_at", ">=", "recorded_from"),
    ("recorded_at", "<", "recorded_to"),
]


def _full_text(asked: str) -> str:
    """The words and phrases as an FTS5 query, whatever a user writes.

    Each is quoted, so that nothing in it is read as an operator; where no letter is left, nothing
    is found.
    """
    return " ".join(_phrases(asked)) or '""'


def _phrases(asked: str) -> Iterator[str]:
    for quoted, word, star in _PHRASE.findall(asked):
        if words := plain(quoted or word):
            yield f'"{words}"{" *" if star else ""}'


_PHRASE = re.compile(r'(?:"([^"]*)"|([^\s"*]+))(\*?)')
