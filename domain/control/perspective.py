"""Whose word counts? A perspective narrows the record before the rule is asked."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from domain.control.claims import Claim
from domain.occurred import Instant
from domain.values import EventId, Reliability, ReportId, SourceId


@dataclass(frozen=True, slots=True)
class Provenance:
    """Source and time of a statement: the part that a perspective looks at."""

    origin: SourceId
    source: SourceId
    published: Instant
    reliability: Reliability
    """The reliability as known (see `report_reliability`)."""


@dataclass(frozen=True, slots=True)
class Perspective:
    """The admitted words. An empty perspective admits all."""

    sources: frozenset[SourceId] | None = None
    """Admits only words of these sources, as origin or as publisher of a copy."""
    exclude_sources: frozenset[SourceId] = frozenset()
    """Admits no word of these sources, as origin or as publisher."""
    min_reliability: Reliability = Reliability.F
    """The least reliability. F admits all; any other letter leaves out unjudged sources."""
    min_credibility: int = 6
    """The least credibility, 1 the most; 6 asks for nothing, and any other leaves out 6."""
    published_by: Instant | None = None
    """Admits only words published by then."""

    @property
    def is_default(self) -> bool:
        return self == DEFAULT

    def admits_word(self, word: Provenance) -> bool:
        """Whether the word is admitted at all."""
        origin, source, of, without = word.origin, word.source, self.sources, self.exclude_sources
        return (
            (of is None or origin in of or source in of)
            and origin not in without
            and source not in without
            and word.reliability <= self.min_reliability
            and (self.published_by is None or word.published <= self.published_by)
        )

    def admits_statement(self, word: Provenance, credibility: int) -> bool:
        """Whether a statement in the word, of the given credibility, is admitted too."""
        return credibility <= self.min_credibility and self.admits_word(word)

    def admits(self, claim: Claim) -> bool:
        grade = claim.grade
        if grade.credibility > self.min_credibility:
            return False
        word = Provenance(claim.origin, claim.source, claim.published, grade.reliability)
        return self.admits_word(word)


DEFAULT = Perspective()

Counting = Callable[[Collection[EventId]], Collection[EventId]]
"""The statements among these that the perspective admits and no admitted word took back."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """A report took an event back, or reinstated it."""

    event: EventId
    position: int
    reinstates: bool
    word: Provenance


@dataclass(frozen=True, slots=True)
class Admitted:
    """The admitted claims on a place: claims with a voice of their own, and copies."""

    claims: tuple[Claim, ...] = ()
    copies: tuple[tuple[Claim, EventId], ...] = ()
    """Claims of copied reports, each with the claim of a report behind, which speaks instead."""
    taken_back: tuple[Claim, ...] = ()
    """Claims that were taken back. For them too no copy speaks."""


def live(
    claims: Iterable[Claim], revocations: Iterable[Revocation], perspective: Perspective = DEFAULT
) -> Admitted:
    """The admitted claims, except those taken back; the last admitted word on each counts.

    Without the retraction a perspective still hears the event: in a view by the end of March, an
    error taken back in April stands. A copied report makes a claim only if no report behind it
    makes an admitted claim, even a claim taken back: a copy does not speak for an origin that
    withdrew its story.
    """
    stands = last_words(revocations, perspective)
    admitted = [claim for claim in claims if perspective.admits(claim)]
    told: dict[ReportId, Claim] = {}
    if any(claim.copied for claim in admitted):
        for claim in sorted(admitted, key=lambda claim: claim.order, reverse=True):
            told[claim.report] = claim
    heard: list[Claim] = []
    copies: list[tuple[Claim, EventId]] = []
    taken_back: list[Claim] = []
    for claim in admitted:
        if not stands.get(claim.event, True):
            taken_back.append(claim)
        else:
            behind = next((told[each] for each in claim.copied if each in told), None)
            if behind is None:
                heard.append(claim)
            else:
                copies.append((claim, behind.event))
    return Admitted(tuple(heard), tuple(copies), tuple(taken_back))


def last_words(
    revocations: Iterable[Revocation], perspective: Perspective = DEFAULT
) -> dict[EventId, bool]:
    """Whether each event stands, by the last admitted word; only events ever taken back."""
    last: dict[EventId, bool] = {}
    for revocation in sorted(revocations, key=lambda each: each.position):
        if perspective.admits_word(revocation.word):
            last[revocation.event] = revocation.reinstates
    return last
