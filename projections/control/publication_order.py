"""In which order were the words on places published, and by which positions had they been recorded?

Of a place where reports were recorded in the order of publication, what had been published by an
instant is what was known at some position.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.control.perspective import Perspective, Provenance
from domain.control.timeline import END
from domain.occurred import Instant
from domain.values import LocationId
from projections.control import summary
from projections.control.perspectives import ActorGroups


class _PublishedWord(NamedTuple):
    """A claim, a revocation, or a word on lineage, as far as it bears on the order of words."""

    position: int
    since: int
    """The position since which the word has its weight: its own, or that of a later grade."""
    published: Instant | None
    """None for a word that is never admitted."""
    is_claim: bool


class KnownBy(NamedTuple):
    """From a publication on, the answers are those known at a position."""

    published: Instant
    known: int


class PublicationOrder:
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

    def steps(self, places: Collection[LocationId]) -> dict[LocationId, list[KnownBy] | None]:
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


def _steps(words: Sequence[_PublishedWord]) -> list[KnownBy] | None:
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
    steps: list[KnownBy] = []
    known, speaks = 0, False
    for number, word in enumerate(said, 1):
        known, speaks = max(known, word.since), speaks or word.is_claim
        if number < len(said) and said[number].published == word.published:
            continue
        if speaks and known >= later[number]:
            return None
        assert word.published is not None, "the others have been left out"
        steps.append(KnownBy(word.published, known if speaks else 0))
    return steps


def _publication(word: _PublishedWord) -> int:
    assert word.published is not None, "the others have been left out"
    return word.published
