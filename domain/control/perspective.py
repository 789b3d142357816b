"""Whose word counts, and what was known?

A perspective narrows the record before the rule is asked; the rule itself knows nothing of it.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from domain.control.claims import Claim
from domain.occurred import Instant
from domain.values import EventId, Reliability, ReportId, SourceId


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who said something, and when: the part of a statement that a perspective looks at."""

    origin: SourceId
    source: SourceId
    published: Instant
    reliability: Reliability
    """The origin's, as known; of a copy, the worse one of origin and publisher."""


@dataclass(frozen=True, slots=True)
class Perspective:
    """Which words are admitted. An empty one admits all."""

    sources: frozenset[SourceId] | None = None
    """Only what these said: as the origin, or as the publisher of a copy."""
    exclude_sources: frozenset[SourceId] = frozenset()
    """Nothing of what these said, as origin or as publisher."""
    min_reliability: Reliability = Reliability.F
    """The least reliability. F asks for nothing; any other letter leaves out the sources that
    are not judged, since nothing says that they reach it."""
    min_credibility: int = 6
    """The least credibility, 1 the most; 6 asks for nothing, and any other leaves out 6."""
    published_by: Instant | None = None
    """Only what had been published by then."""

    @property
    def is_default(self) -> bool:
        return self == DEFAULT

    def admits_word(self, word: Provenance) -> bool:
        """Whether this source's word, published then, is admitted at all."""
        voices = {word.origin, word.source}
        return (
            (self.sources is None or not voices.isdisjoint(self.sources))
            and voices.isdisjoint(self.exclude_sources)
            and word.reliability <= self.min_reliability
            and (self.published_by is None or word.published <= self.published_by)
        )

    def admits_statement(self, word: Provenance, credibility: int) -> bool:
        """Whether a statement of that credibility in it is admitted too."""
        return credibility <= self.min_credibility and self.admits_word(word)

    def admits(self, claim: Claim) -> bool:
        word = Provenance(claim.origin, claim.source, claim.published, claim.grade.reliability)
        return self.admits_statement(word, claim.grade.credibility)


DEFAULT = Perspective()

Counting = Callable[[Collection[EventId]], Collection[EventId]]
"""Which of these statements count: those that a perspective admits, unless the last admitted word
on one took it back."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """A report took an event back, or reinstated it."""

    event: EventId
    position: int
    reinstates: bool
    word: Provenance


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a perspective admits of one place: claims that speak for their origins, and copies."""

    claims: tuple[Claim, ...] = ()
    copies: tuple[tuple[Claim, EventId], ...] = ()
    """Claims of copied reports, each with the claim of a report behind it that speaks instead."""


def live(
    claims: Iterable[Claim], revocations: Iterable[Revocation], perspective: Perspective = DEFAULT
) -> Admitted:
    """The admitted claims that no admitted word has taken back; the last word on each counts.

    A perspective that does not hear the retraction still hears the event: in a view of what had
    been published by March, an error that was taken back in April stands. A copied report makes a
    claim only where no report that it copies makes one that is admitted. One that was taken back
    is enough: a copy does not speak for an origin that withdrew its story.
    """
    stands = last_words(revocations, perspective)
    admitted = [claim for claim in claims if perspective.admits(claim)]
    told: dict[ReportId, Claim] = {}
    if any(claim.copied for claim in admitted):
        for claim in sorted(admitted, key=lambda claim: claim.order, reverse=True):
            told[claim.report] = claim
    heard: list[Claim] = []
    copies: list[tuple[Claim, EventId]] = []
    for claim in admitted:
        if stands.get(claim.event, True):
            behind = next((told[each] for each in claim.copied if each in told), None)
            if behind is None:
                heard.append(claim)
            else:
                copies.append((claim, behind.event))
    return Admitted(tuple(heard), tuple(copies))


def last_words(
    revocations: Iterable[Revocation], perspective: Perspective = DEFAULT
) -> dict[EventId, bool]:
    """Whether each event that was ever taken back stands, by the last admitted word on it."""
    last: dict[EventId, bool] = {}
    for revocation in sorted(revocations, key=lambda each: each.position):
        if perspective.admits_word(revocation.word):
            last[revocation.event] = revocation.reinstates
    return last
