"""The filter of a question about events, and its conditions in SQL."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from domain.occurred import Instant
from domain.values import LocationId
from infra.spelling import plain
from infra.views.rows import known
from projections.record import taken_back


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Conditions on events; an event fulfils every condition given."""

    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """All of: location:kidal, actor:fama, source:…, report:…, convoy:…."""
    among: tuple[str, ...] = ()
    """At least one of these tags, where any are given."""
    within: LocationId | None = None
    """Only events about this place or a place inside, at any depth."""
    occurred_from: Instant | None = None
    """Only events that may have happened at this instant or later (valid time)."""
    occurred_to: Instant | None = None
    """Only events that may have happened before this instant (valid time)."""
    recorded_from: Instant | None = None
    """Only events recorded at this instant or later (recorded time)."""
    recorded_to: Instant | None = None
    """Only events recorded before this instant (recorded time)."""
    text: str | None = None
    """Only events with all these words in summary or passage: "a phrase" in quotes, begin* with a
    star. Case, diacritics and punctuation don't matter."""
    retracted: bool | None = None

    def between(self, since: Instant | None, until: Instant | None) -> "EventFilter":
        """The filter for events that may have happened from the first instant on and before the
        second."""
        begins = [each for each in (since, self.occurred_from) if each is not None]
        ends = [each for each in (until, self.occurred_to) if each is not None]
        return replace(
            self,
            occurred_from=max(begins, default=None),
            occurred_to=min(ends, default=None),
        )


EVERYTHING = EventFilter()


def tags_of(wanted: EventFilter) -> list[str]:
    """The tags of the filter, with the tag of the place around."""
    return [*wanted.tags, *([within(wanted.within)] if wanted.within else [])]


def conditions(
    wanted: EventFilter, tags: Iterable[str], timed: str = "entry", at: str = ":known"
) -> tuple[str, dict[str, Any]]:
    """The conditions on an `entry` with these tags, as known at a position, and their parameters;
    the caller gives `:known`. The table `timed` has the window."""
    where, asked = "", dict[str, Any]()
    if wanted.types:
        where += " AND entry.type IN (SELECT value FROM json_each(:types))"
        asked["types"] = orjson.dumps(wanted.types).decode()
    for number, tag in enumerate(tags):
        has_tag = f"tag.tag = :tag{number} AND tag.position = entry.position AND {known('tag', at)}"
        where += f" AND EXISTS (SELECT * FROM entry_tag AS tag WHERE {has_tag})"
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
        where += f" AND {taken_back('entry.event', at)} = :retracted"
        asked["retracted"] = wanted.retracted
    return where, asked


def within(place: str) -> str:
    """The tag of entries about a place or a place inside; only this view has such tags."""
    return f"within:{place}"


_BOUNDS = [
    ("latest", ">", "occurred_from"),
    ("earliest", "<", "occurred_to"),
    ("recorded_at", ">=", "recorded_from"),
    ("recorded_at", "<", "recorded_to"),
]


def _full_text(asked: str) -> str:
    """The words and phrases of a user's text as an FTS5 query. Quotes keep operators out of the
    query; a text without letters finds nothing."""
    return " ".join(_phrases(asked)) or '""'


def _phrases(asked: str) -> Iterator[str]:
    for quoted, word, star in _PHRASE.findall(asked):
        if words := plain(quoted or word):
            yield f'"{words}"{" *" if star else ""}'


_PHRASE = re.compile(r'(?:"([^"]*)"|([^\s"*]+))(\*?)')
