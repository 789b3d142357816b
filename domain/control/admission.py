"""Which admitted claims on a place speak, while claims come, are taken back and reinstated?"""

from collections.abc import Iterable
from operator import attrgetter

from domain.control.claims import Claim
from domain.control.perspective import Admitted
from domain.control.sequence import Wording
from domain.values import EventId, ReportId, SourceId

_ORDER = attrgetter("order")


class Admission:
    """The admitted claims on a place, their copies, and the claims taken back."""

    def __init__(self, admitted: Admitted) -> None:
        self._claims: dict[EventId, Claim] = {}
        self._taken_back: set[EventId] = set()
        self._told: dict[ReportId, Claim] = {}
        """The first claim of each report, taken back or not."""
        self._copying: dict[ReportId, list[Claim]] = {}
        """The claims of reports that copy a report."""
        self._heard: dict[EventId, Claim] = {}
        self._copies: dict[EventId, tuple[Claim, EventId]] = {}
        self._wordings: dict[tuple[SourceId, int, int], Wording] = {}
        """The words of an origin on a window."""
        for claim in admitted.claims:
            self._heard[claim.event] = claim
        for copy, by in admitted.copies:
            self._copies[copy.event] = copy, by
        for claim in (*admitted.claims, *admitted.taken_back, *(it for it, _ in admitted.copies)):
            self._register(claim)
        self._taken_back.update(claim.event for claim in admitted.taken_back)
        for claim in admitted.claims:
            self._wordings.setdefault(claim.subject, Wording()).told.append(claim)
        for wording in self._wordings.values():
            wording.settle()

    @property
    def words(self) -> Iterable[Claim]:
        """The claims with a voice of their own, each as published at first."""
        return (claim for wording in self._wordings.values() for claim in wording.words)

    @property
    def copies(self) -> list[tuple[Claim, EventId]]:
        """The copies, each with the event that speaks instead."""
        return list(self._copies.values())

    @property
    def state(self) -> dict[EventId, tuple[Claim, EventId | None]]:
        """Every speaking claim, and every copy with the event that speaks instead."""
        words = ((claim, None) for claim in self.words)
        return {claim.event: (claim, by) for claim, by in (*words, *self._copies.values())}

    def take_in(self, claim: Claim) -> list[Claim]:
        """Takes a claim in; returns the claims that now count otherwise, claim and copies."""
        if claim.event in self._claims:
            return []
        self._register(claim)
        return self._weigh([claim, *self._copying.get(claim.report, ())])

    def take_back(self, event: EventId) -> list[Claim]:
        """Takes a claim back; returns the claims that now count otherwise."""
        if event not in self._claims or event in self._taken_back:
            return []
        self._taken_back.add(event)
        return self._weigh([self._claims[event]])

    def reinstate(self, event: EventId) -> list[Claim]:
        """Reinstates a claim; returns the claims that now count otherwise."""
        if event not in self._taken_back:
            return []
        self._taken_back.discard(event)
        return self._weigh([self._claims[event]])

    def wording(self, claim: Claim) -> Wording:
        """The words of the claim's origin on its window."""
        return self._wordings.setdefault(claim.subject, Wording())

    def _register(self, claim: Claim) -> None:
        self._claims[claim.event] = claim
        self._told[claim.report] = min(claim, self._told.get(claim.report, claim), key=_ORDER)
        for report in claim.copied:
            self._copying.setdefault(report, []).append(claim)

    def _weigh(self, claims: Iterable[Claim]) -> list[Claim]:
        """Tells anew whether each claim speaks or is a copy; returns those for which it differs."""
        changed = []
        for claim in claims:
            event = claim.event
            known = event in self._heard, self._copies.pop(event, None)
            self._heard.pop(event, None)
            if event not in self._taken_back:
                if behind := self._behind(claim):
                    self._copies[event] = claim, behind
                else:
                    self._heard[event] = claim
            if known != (event in self._heard, self._copies.get(event)):
                changed.append(claim)
        return changed

    def speaks(self, claim: Claim) -> bool:
        """Whether the claim has a voice of its own."""
        return claim.event in self._heard

    def _behind(self, claim: Claim) -> EventId | None:
        """The claim of the nearest report behind a copy."""
        for report in claim.copied:
            if told := self._told.get(report):
                return told.event
        return None
