"""Answers for many places from a perspective, without a sweep of each place.

Often a perspective admits of a place exactly the words recorded by some position: of every place
where reports were recorded as published, whatever `publishedBy` asks. The answer is then the one
known at the position, and stands in the rows already. A place without any admitted word is unknown.
Only the other places are swept; their periods are kept for a while.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import orjson

from domain.control.perspective import Perspective
from domain.control.timeline import Timeline
from domain.control.verdict import Period
from domain.occurred import Instant
from domain.values import LocationId
from infra.views.rows import FOR_EVER
from projections.control import summary
from projections.control.claims import claims_on_many
from projections.control.lineage import lineage_known
from projections.control.summary import SourceKnown

_SWEEP = -1
NOBODY = 0
"""The position before the first entry."""


@dataclass(slots=True)
class _Span:
    """The positions by which exactly the admitted words had been recorded."""

    first: int = NOBODY
    """The position of the last admitted word, or of the last change of its weight."""
    end: int = FOR_EVER
    """The position of the first word left out."""
    says: bool = False
    """Whether any claim is admitted."""

    def take_in(self, position: int, *, admitted: bool) -> None:
        if admitted:
            self.first = max(self.first, position)
        else:
            self.end = min(self.end, position)

    @property
    def known(self) -> int:
        """A position with the same answer."""
        if not self.says:
            return NOBODY
        return self.first if self.first < self.end else _SWEEP


@dataclass
class Perspectives:
    """The answers for places asked about lately, from some perspectives at some positions."""

    most: int = 100_000
    """How many periods are kept of swept places."""
    _kept: dict[tuple[Perspective, int, str], "Seen"] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def seen(self, perspective: Perspective, known: int, build: str) -> "Seen":
        """The answers kept for the perspective at the position, in one build of the views. The
        answers asked about least lately are dropped."""
        with self._lock:
            key = (perspective, known, build)
            found = self._kept.pop(key, None) or Seen(perspective, known)
            while self._kept and self._size + found.size > self.most:
                del self._kept[next(iter(self._kept))]
            if found.size > self.most:
                found = Seen(perspective, known)
            self._kept[key] = found
            return found

    @property
    def _size(self) -> int:
        return sum(each.size for each in self._kept.values())

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


@dataclass
class Seen:
    """Places from one perspective, as known at one position."""

    perspective: Perspective
    known: int
    _by: dict[LocationId, int] = field(default_factory=dict)
    """For each place, the position with the same answer, or _SWEEP."""
    _swept: dict[LocationId, list[Period]] = field(default_factory=dict)
    size: int = 0
    """The number of places, and of periods of swept places."""

    def told_apart(
        self, db: sqlite3.Connection, places: Iterable[LocationId]
    ) -> tuple[dict[LocationId, int], list[LocationId]]:
        """The places with the answer of a position, and the places to be swept. A place without any
        admitted word is among neither."""
        asked = list(places)
        if new := [place for place in asked if place not in self._by]:
            self._by |= _positions(db, new, self.perspective, self.known)
            self.size += len(new)
        by = {place: self._by[place] for place in asked}
        return (
            {place: known for place, known in by.items() if known > NOBODY},
            [place for place, known in by.items() if known == _SWEEP],
        )

    def periods(
        self, db: sqlite3.Connection, places: Collection[LocationId]
    ) -> Mapping[LocationId, list[Period]]:
        """The periods of each place, swept at the first question."""
        if new := [place for place in places if place not in self._swept]:
            lineage = lineage_known(db, known=self.known, perspective=self.perspective)
            for place, admitted in claims_on_many(
                db, new, known=self.known, perspective=self.perspective
            ):
                periods = self._swept[place] = Timeline(admitted, lineage).periods()
                self.size += len(periods)
        return self._swept

    def swept(
        self, db: sqlite3.Connection, places: Collection[LocationId], at: Instant
    ) -> Iterator[tuple[LocationId, Period]]:
        """The period of each place at the instant."""
        swept = self.periods(db, places)
        for place in places:
            periods = swept[place]
            yield place, periods[bisect_right(periods, at, key=_start) - 1]


def _start(period: Period) -> Instant:
    return period.start


def _positions(
    db: sqlite3.Connection, places: Collection[LocationId], perspective: Perspective, known: int
) -> dict[LocationId, int]:
    """For each place, the position with the same answer as the perspective's, or _SWEEP."""
    words = _Words(db, perspective, known)
    kinds = summary.kinds_known(db, known=known)
    spans = {place: _Span() for place in places}
    admitted: dict[str, LocationId] = {}
    made = summary.claims_in_brief(db, places, known=known)
    words.look_up({claim.report for claim in made})
    for claim in made:
        place, span = claim.location, spans[claim.location]
        if place in kinds and kinds[place].kind not in claim.places:
            continue
        is_admitted = words.admits_statement(claim.report, claim.credibility)
        span.take_in(claim.position, admitted=is_admitted)
        if is_admitted:
            admitted[claim.event] = place
            span.says = True
            since = words.weighed_since(claim.report)
            span.first = max(span.first, since, kinds[place].since)
    for event, position, report in summary.revocations_in_brief(db, known=known):
        if event in admitted:
            spans[admitted[event]].take_in(position, admitted=words.admits(report))
    _take_in_lineage(db, spans, words, known)
    return {place: span.known for place, span in spans.items()}


def _take_in_lineage(
    db: sqlite3.Connection, spans: Mapping[LocationId, _Span], words: "_Words", known: int
) -> None:
    """Words on lineage bear on every place with a claim that names an actor of a lineage."""
    told = summary.kinship_in_brief(db, known=known)
    if not told:
        return
    groups = ActorGroups()
    for said in told:
        groups.tie(said.actors)
    shared: dict[str, _Span] = {}
    for said in told:
        is_admitted = words.admits_statement(said.report, said.credibility)
        for actor in said.actors[:1]:
            span = shared.setdefault(groups.of(actor), _Span())
            span.take_in(said.position, admitted=is_admitted)
    for actor, location in summary.named_in(db, groups.actors):
        if location in spans:
            span, bearing = spans[location], shared[groups.of(actor)]
            span.first, span.end = max(span.first, bearing.first), min(span.end, bearing.end)


class ActorGroups:
    """The groups of actors tied to each other, at any distance."""

    def __init__(self) -> None:
        self._towards: dict[str, str] = {}

    @property
    def actors(self) -> Collection[str]:
        return self._towards.keys()

    def tie(self, actors: Iterable[str]) -> None:
        first, *others = actors
        for other in others:
            self._towards[self.of(other)] = self.of(first)
        self.of(first)

    def of(self, actor: str) -> str:
        """The actor that stands for the whole group."""
        while (following := self._towards.setdefault(actor, actor)) != actor:
            actor = following
        return actor


class _Words:
    """The reports that the perspective admits, and the positions since which their weight holds."""

    def __init__(self, db: sqlite3.Connection, perspective: Perspective, known: int) -> None:
        self._db, self.perspective, self._known = db, perspective, known
        self._admitted: dict[str, bool] = {}
        self._weighed_since: dict[str, int] = {}

    @cached_property
    def _sources(self) -> dict[str, SourceKnown]:
        return summary.sources_known(self._db, known=self._known)

    def admits(self, report: str) -> bool:
        if report not in self._admitted:
            self.look_up([report])
        return self._admitted[report]

    def admits_statement(self, report: str, credibility: int) -> bool:
        return credibility <= self.perspective.min_credibility and self.admits(report)

    def weighed_since(self, report: str) -> int:
        """The position of the last grade of the report's sources; 0 for the grade of the
        registration."""
        return self._weighed_since[report]

    def look_up(self, reports: Iterable[str]) -> None:
        """Many at once."""
        sources, admits = self._sources, self.perspective.admits_word
        for report, word in summary.provenances(self._db, reports, sources, known=self._known):
            self._admitted[report] = admits(word)
            self._weighed_since[report] = max(
                sources[word.source].since, sources[word.origin].since
            )


def pairs_as_json(known: Mapping[LocationId, int]) -> str:
    return orjson.dumps([*known.items()]).decode()
