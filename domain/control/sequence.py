"""Which of two claims on a place is the later?

Windows may overlap while contents still order two claims: a leaver had held the place before.
"Later" is defined here once, for all steps of the rule.
"""

from dataclasses import dataclass, field, replace
from operator import attrgetter

from domain.control.claims import Claim, ClaimKind, ControlStatus
from domain.control.lineage import Lineage
from domain.occurred import THIRTY_DAYS, Instant, Window

# Python 3.11 looks a member of an enum up slowly, and these are compared for every pair of claims.
_HELD, _VACANT, _OBSERVATION = (
    ControlStatus.HELD,
    ControlStatus.VACANT,
    ClaimKind.OBSERVATION,
)


def is_later(claim: Claim, than: Claim, lineage: Lineage) -> bool:
    """Whether the claim tells of a later time: its window begins after the other's end; or the
    windows overlap, and contents put the other claim first; or neither end lies before the other's,
    the windows differ, and contents do not put the claim first."""
    new, old = claim.occurred, than.occurred
    if new.earliest >= old.latest:
        return True
    if new.latest <= old.earliest:
        return False
    if claim.asserts.is_transition and comes_before(than, claim, lineage):
        return True
    if new.earliest < old.earliest or new.latest < old.latest:
        return False
    if new.earliest == old.earliest and new.latest == old.latest:
        return False
    return not (than.asserts.is_transition and comes_before(claim, than, lineage))


def comes_before(one: Claim, transition: Claim, lineage: Lineage) -> bool:
    """Whether contents put the claim before a transition with an overlapping window."""
    said, then = one.asserts, transition.asserts
    if said.status is not _HELD and not said.is_leaving:
        return False
    kinship = lineage.at(Instant(max(one.occurred.latest, transition.occurred.latest) - 1))
    if said.is_leaving:
        return then.status is _HELD and not kinship.meet(said.leaving, then.holders)
    if not kinship.meet(said.holders, then.leaving):
        return False
    if said.kind is _OBSERVATION:
        is_denied = not set(map(kinship.one, said.holders)).isdisjoint(
            map(kinship.one, then.holders)
        )
        return _is_published_before(one, transition) and not is_denied
    if then.status is _VACANT or not kinship.meet(then.holders, said.leaving):
        return True
    return _is_published_before(one, transition)


def _is_published_before(one: Claim, other: Claim) -> bool:
    """Whether the publication was over as the other's began."""
    return one.publication.latest <= other.publication.earliest


def is_old(voice: Claim, claim: Claim, at: Instant) -> bool:
    """Whether the claim speaks of a time more than 30 days after the voice. A continuous source
    speaks of every instant until `at`, and its own word never grows old."""
    if is_kept(voice, at):
        return False
    speaks_of = claim.occurred.earliest
    if claim.kept_until is not None:
        speaks_of = max(speaks_of, min(at, claim.kept_until))
    return speaks_of - last_kept(voice) > THIRTY_DAYS


def is_kept(claim: Claim, at: Instant) -> bool:
    """Whether the source still keeps the word current at an instant."""
    return claim.kept_until is not None and at < claim.kept_until


def last_kept(claim: Claim) -> Instant:
    """The close of the window, or of the time for which the source kept the word current."""
    return max(claim.occurred.latest, claim.kept_until or claim.occurred.latest)


_PUBLICATION = attrgetter("spoken.latest", "spoken.earliest", "position")


@dataclass(slots=True, eq=False)
class Wording:
    """An origin's claims on a window. A repetition counts as published at first; with the same
    grade and no other content in between, it is left out."""

    told: list[Claim] = field(default_factory=list)
    """All claims, in the order of publication."""
    _words: list[Claim] | None = None
    """The remaining claims; None for a single claim."""
    _first: dict[tuple[object, ...], Window] | None = None
    """When each content was first published."""

    @property
    def words(self) -> list[Claim]:
        """The remaining claims, each as published at first."""
        return self.told if self._words is None else self._words

    def settle(self) -> None:
        """Works the words out after any change of the claims."""
        self._words = self._first = None
        if len(self.told) > 1:
            self.told.sort(key=_PUBLICATION)
            self._words, self._first = [], {}
            for claim in self.told:
                self._follow(claim, self._words, self._first)

    def take_in(self, claim: Claim) -> None:
        words, first = self._words, self._first
        is_next = self.told and _PUBLICATION(claim) > _PUBLICATION(self.told[-1])
        self.told.append(claim)
        if is_next and words is not None and first is not None:
            self._follow(claim, words, first)
        else:
            self.settle()

    def take_out(self, claim: Claim) -> None:
        self.told = [each for each in self.told if each.event != claim.event]
        self.settle()

    @staticmethod
    def _follow(claim: Claim, words: list[Claim], first: dict[tuple[object, ...], Window]) -> None:
        same = claim.repeats
        spoken = first.setdefault(same, claim.spoken)
        if words and words[-1].repeats == same and words[-1].grade == claim.grade:
            return
        words.append(claim if spoken == claim.spoken else replace(claim, first_spoken=spoken))
