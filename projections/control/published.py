"""What does a map show of each place, by what had been published until any instant?

Publication is an axis of knowledge beside the ledger's: what a perspective with `published_by`
admits grows from one publication to the next. Of a place where reports were recorded in the order
of publication, each answer is the one known at some position, and stands in the rows. Only the
other places are swept, once for all publications, word after word.
"""

import sqlite3
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import orjson

from domain.control.claims import Claim
from domain.control.lineage import Lineage
from domain.control.perspective import Admitted, Perspective, Provenance, Revocation, live
from domain.control.timeline import END, Timeline, Touched
from domain.occurred import Instant
from domain.values import LocationId
from infra.views.file import ViewFile
from projections.control import summary
from projections.control.claims import claims_and_revocations
from projections.control.lineage import lineage_known
from projections.control.perspectives import ActorGroups
from projections.control.pieces import SHOWN, Shown, shown_of
from projections.control.versions import EVERYTHING, History


class Stretch(NamedTuple):
    """A look of a place, for a stretch of valid time and a stretch of publications."""

    valid_from: Instant
    valid_to: Instant
    published_from: Instant
    published_to: Instant
    shown: Shown


@dataclass(frozen=True, slots=True)
class Stretches:
    """The stretches of one place, kept compactly; outside of all nobody had said anything."""

    _bounds: "array[int]"
    _shown: Sequence[Shown]

    @staticmethod
    def of(stretches: Sequence[Stretch]) -> "Stretches":
        bounds = array("q", (bound for each in stretches for bound in each[:4]))
        return Stretches(bounds, tuple(each.shown for each in stretches))

    def __iter__(self) -> Iterator[Stretch]:
        bounds = self._bounds
        for number, shown in enumerate(self._shown):
            begin, end, first, last = map(Instant, bounds[4 * number : 4 * number + 4])
            yield Stretch(begin, end, first, last, shown)

    @property
    def size(self) -> int:
        """About how many bytes the stretches take."""
        return 200 + 120 * len(self._shown)


StretchesOfPlaces = Iterator[tuple[LocationId, Stretches]]


class PublishedHistory:
    """Publications as an axis of knowledge, for what a perspective without `published_by` admits,
    as known at a position."""

    def __init__(self, views: ViewFile, perspective: Perspective, *, known: int) -> None:
        self._views, self._known = views, known
        self._perspective = replace(perspective, published_by=None)
        self._lineages = LineagesPublished(views, self._perspective, known=known)
        self._words = _PublicationOrder(views.reader, self._perspective, known)

    @property
    def lineages(self) -> "LineagesPublished":
        return self._lineages

    def stretches(self, places: Collection[LocationId]) -> StretchesOfPlaces:
        """The stretches of each place with any admitted word."""
        db = self._views.reader
        steps = self._words.steps(places)
        in_order = {place: found for place, found in steps.items() if found is not None}
        asked = {"places": orjson.dumps([*in_order]).decode(), "known": self._known}
        for place, rows in groupby(db.execute(_SELECT, asked), itemgetter(0)):
            yield place, Stretches.of(list(_translated(rows, in_order[place])))
        swept = [place for place, found in steps.items() if found is None]
        for place, made, kept in claims_and_revocations(db, swept, known=self._known):
            turns = self._lineages.turns if place in self._words.akin else frozenset[Instant]()
            yield place, Stretches.of(list(self._swept(made, kept, turns)))

    def _swept(
        self, made: Sequence[Claim], kept: Sequence[Revocation], turns: Set[Instant]
    ) -> Iterator[Stretch]:
        """The stretches of a place, word after word as published; at the `turns` the lineage of
        the actors may change."""
        admitted = sorted(filter(self._perspective.admits, made), key=attrgetter("published"))
        by = {when: [*some] for when, some in groupby(admitted, attrgetter("published"))}
        revoked = {each.word.published for each in kept if self._perspective.admits_word(each.word)}
        targets = {each.event for each in kept}
        timeline, history = Timeline(Admitted(), self._lineages.at(None)), History()
        for when in sorted({*by, *revoked, *turns}):
            new, whose = by.get(when, []), replace(self._perspective, published_by=when)
            touched: list[Touched]
            if when in turns:
                timeline = Timeline(live(made, kept, whose), self._lineages.at(when))
                touched = [EVERYTHING]
            elif when in revoked or any(it.copied or it.event in targets for it in new):
                touched = [timeline.become(live(made, kept, whose))]
            else:
                touched = [timeline.add(each) for each in new]
            history.show(timeline, touched, when)
        for period, published_from, published_to in history.versions():
            until = END if published_to is None else Instant(published_to)
            shown = Shown.of(period)
            yield Stretch(period.start, period.end, Instant(published_from), until, shown)


class LineagesPublished:
    """The lineage by what had been published until any instant."""

    def __init__(self, views: ViewFile, perspective: Perspective, *, known: int) -> None:
        self._views, self._perspective, self._known = views, perspective, known
        self._kept: dict[Instant | None, Lineage] = {}
        words = _PublicationOrder(views.reader, perspective, known)
        self.turns = frozenset(words.published_on_lineage())
        """The instants of publication at which the lineage may change."""
        self._in_order = sorted(self.turns)

    def at(self, published: Instant | None) -> Lineage:
        """The lineage by an instant of publication; before all publications with None."""
        number = 0 if published is None else bisect_left(self._in_order, published + 1)
        turn = self._in_order[number - 1] if number else None
        if turn not in self._kept:
            whose = replace(self._perspective, published_by=turn)
            db = self._views.reader
            self._kept[turn] = (
                Lineage()
                if turn is None
                else lineage_known(db, known=self._known, perspective=whose)
            )
        return self._kept[turn]


class _PublishedWord(NamedTuple):
    """A claim, a revocation, or a word on lineage, as far as it bears on the order of words."""

    position: int
    since: int
    """The position since which the word has its weight: its own, or that of a later grade."""
    published: Instant | None
    """None for a word that is never admitted."""
    is_claim: bool


class _KnownBy(NamedTuple):
    """From a publication on, the answers are those known at a position."""

    published: Instant
    known: int


class _PublicationOrder:
    """The words on places in the order of publication."""

    def __init__(self, db: sqlite3.Connection, perspective: Perspective, known: int) -> None:
        self._db, self._perspective, self._known = db, perspective, known
        self._sources = summary.sources_known(db, known=known)
        self._kinds = summary.kinds_known(db, known=known)
        self._provenance: dict[str, Provenance] = {}
        self.akin: set[LocationId] = set()
        """The places looked at with claims that name an actor of a lineage."""

    def published_on_lineage(self) -> set[Instant]:
        told = summary.kinship_in_brief(self._db, known=self._known)
        self._look_up({each.report for each in told})
        published = (self._published(each.report, each.credibility) for each in told)
        return {each for each in published if each is not None}

    def steps(self, places: Collection[LocationId]) -> dict[LocationId, list[_KnownBy] | None]:
        """The steps of each place with a claim; None of a place that must be swept."""
        words = self._on_places(places)
        self._add_lineage(words)
        return {place: _steps(said) for place, said in words.items()}

    def _on_places(self, places: Collection[LocationId]) -> dict[LocationId, list[_PublishedWord]]:
        made = summary.claims_in_brief(self._db, places, known=self._known)
        self._look_up({claim.report for claim in made})
        found = defaultdict[LocationId, list[_PublishedWord]](list)
        place_of: dict[str, LocationId] = {}
        for claim in made:
            kind = self._kinds.get(claim.location)
            if kind is None or kind.kind not in claim.places:
                continue
            place_of[claim.event] = claim.location
            since = max(claim.position, self._weighed_since(claim.report), kind.since)
            published = self._published(claim.report, claim.credibility)
            found[claim.location].append(_PublishedWord(claim.position, since, published, True))
        revocations = [
            (place_of[event], position, report)
            for event, position, report in self._revocations()
            if event in place_of
        ]
        self._look_up({report for _, _, report in revocations})
        for place, position, report in revocations:
            published = self._published(report, 1)
            found[place].append(_PublishedWord(position, position, published, False))
        return found

    def _revocations(self) -> Iterable[tuple[str, int, str]]:
        return summary.revocations_in_brief(self._db, known=self._known)

    def _add_lineage(self, words: Mapping[LocationId, list[_PublishedWord]]) -> None:
        """Words on lineage bear on every place with a claim that names an actor of a lineage."""
        told = summary.kinship_in_brief(self._db, known=self._known)
        if not told:
            return
        self._look_up({each.report for each in told})
        groups = ActorGroups()
        for said in told:
            groups.tie(said.actors)
        of_group = defaultdict[str, list[_PublishedWord]](list)
        for said in told:
            published = self._published(said.report, said.credibility)
            for actor in said.actors[:1]:
                of_group[groups.of(actor)].append(
                    _PublishedWord(said.position, said.position, published, False)
                )
        bearing = defaultdict[LocationId, set[str]](set)
        for named, location in summary.named_in(self._db, groups.actors):
            if location in words:
                bearing[location].add(groups.of(named))
        self.akin |= bearing.keys()
        for location, named_groups in bearing.items():
            for group in named_groups:
                words[location] += of_group[group]

    def _look_up(self, reports: Collection[str]) -> None:
        new = [each for each in reports if each not in self._provenance]
        found = summary.provenances(self._db, new, self._sources, known=self._known)
        self._provenance.update(found)

    def _published(self, report: str, credibility: int) -> Instant | None:
        """When the word was published; None of a word that the perspective never admits."""
        word = self._provenance[report]
        is_admitted = self._perspective.admits_statement(word, credibility)
        return word.published if is_admitted else None

    def _weighed_since(self, report: str) -> int:
        word = self._provenance[report]
        return max(self._sources[word.source].since, self._sources[word.origin].since)


def _steps(words: Sequence[_PublishedWord]) -> list[_KnownBy] | None:
    """The positions with the answers of each publication; None where words were recorded in
    another order than that of publication."""
    never = min((each.position for each in words if each.published is None), default=END)
    said = sorted((each for each in words if each.published is not None), key=_publication)
    first_later = never
    later = [never]
    for word in reversed(said):
        first_later = min(first_later, word.position)
        later.append(first_later)
    later.reverse()
    steps: list[_KnownBy] = []
    known, speaks = 0, False
    for number, word in enumerate(said, 1):
        known, speaks = max(known, word.since), speaks or word.is_claim
        if number < len(said) and said[number].published == word.published:
            continue
        if speaks and known >= later[number]:
            return None
        assert word.published is not None, "the others have been left out"
        steps.append(_KnownBy(word.published, known if speaks else 0))
    return steps


def _publication(word: _PublishedWord) -> int:
    assert word.published is not None, "the others have been left out"
    return word.published


def _translated(rows: Iterable[Sequence[Any]], steps: Sequence[_KnownBy]) -> Iterator[Stretch]:
    """The rows of a place, with publications for positions."""
    known = [step.known for step in steps]
    published = [*(step.published for step in steps), END]
    for _, valid_from, valid_to, known_from, known_to, *shown in rows:
        first, last = (published[bisect_left(known, it)] for it in (known_from, known_to))
        if first < last:
            yield Stretch(valid_from, valid_to, Instant(first), Instant(last), shown_of(shown))


_SELECT = f"""
    SELECT location, valid_from, valid_to, known_from, known_to, {SHOWN}
    FROM json_each(:places) CROSS JOIN control_period
    ON location = value AND known_from <= :known ORDER BY key, valid_from"""
