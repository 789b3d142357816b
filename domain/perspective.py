"""Whose word counts, and what was known?

A perspective narrows the record before the rule is asked; the rule itself knows nothing of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.claims import Claim
from domain.occurred import Instant
from domain.values import EventId, Reliability, SourceId


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who said something, and when: the part of a statement that a perspective looks at."""

    origin: SourceId
    source: SourceId
    published: Instant
    reliability: Reliability
    """The origin's, as known."""


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


@dataclass(frozen=True, slots=True)
class Revocation:
    """A report took an event back, or reinstated it."""

    event: EventId
    position: int
    reinstates: bool
    word: Provenance


def live(
    claims: Iterable[Claim], revocations: Iterable[Revocation], perspective: Perspective = DEFAULT
) -> tuple[Claim, ...]:
    """The admitted claims that no admitted word has taken back; the last word on each counts.

    A perspective that does not hear the retraction still hears the event: in a view of what had
    been published by March, an error that was taken back in April stands.
    """
    stands = last_words(revocations, perspective)
    return tuple(
        claim for claim in claims if stands.get(claim.event, True) and perspective.admits(claim)
    )


def last_words(
    revocations: Iterable[Revocation], perspective: Perspective = DEFAULT
) -> dict[EventId, bool]:
    """Whether each event that was ever taken back stands, by the last admitted word on it."""
    last: dict[EventId, bool] = {}
    for revocation in sorted(revocations, key=lambda each: each.position):
        if perspective.admits_word(revocation.word):
            last[revocation.event] = revocation.reinstates
    return last
