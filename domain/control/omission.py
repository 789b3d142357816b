"""Which open observations, each left out alone, may change a reading? Step 7 of the rule.

Of thousands of sightings with open windows few matter: those that speak, and those that keep
others silent. Where others of the same weight say the same, even these do not. The rest is left to
a judgement without the sighting.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from domain.control.claims import Claim
from domain.control.lineage import Lineage
from domain.control.sequence import is_later
from domain.control.since import Standings
from domain.control.voices import Voice, key_of, may_agree, why_ended
from domain.occurred import Instant


class Omissions:
    """The open observations at an instant, each left out alone."""

    def __init__(self, now: Standings, at: Instant, lineage: Lineage) -> None:
        self._now, self._at, self._lineage = now, at, lineage
        self._bearing: dict[int, Claim] = {}
        """The open observations on which a voice depends, by position."""
        self._silencing: dict[int, list[Voice]] = defaultdict(list)
        """The voices that each of them ends, or might."""
        self._told = set(now.judgement.verdict.told)
        self._supporters: dict[object, list[Claim]] = defaultdict(list)
        """Answering claims of the highest weight with all their holders left, by content."""

    def with_effect(self) -> list[Claim]:
        """The observations that may change the reading, in their order."""
        self._note_bearing()
        if self._now.judgement.is_unanimous:
            self._note_supporters()
        found = [claim for claim in self._bearing.values() if not self._is_redundant(claim)]
        return sorted(found, key=lambda claim: claim.order)

    def _note_bearing(self) -> None:
        answer, at = self._now.answer, self._at
        for origin in answer.origins.values():
            if origin.close - 1 > at:
                self._note(origin.words if origin.is_ring else origin.chain.ends)
        for voice in (*answer.voices, *(voice for voice, _ in answer.ended)):
            for claim in voice.told_by:
                if self._is_open(claim):
                    self._bearing[claim.position] = claim
                    self._silencing[claim.position].append(voice)

    def _note(self, claims: Iterable[Claim]) -> None:
        self._bearing |= {claim.position: claim for claim in claims if self._is_open(claim)}

    def _is_open(self, claim: Claim) -> bool:
        return claim.occurred.latest - 1 > self._at and not claim.asserts.is_transition

    def _note_supporters(self) -> None:
        judgement = self._now.judgement
        for each in judgement.speakers:
            claim = each.claim
            is_whole = each.named == claim.asserts.holders and not claim.asserts.is_leaving
            if is_whole and claim.weight is judgement.weight:
                self._supporters[key_of(claim, self._lineage)].append(claim)

    def _is_redundant(self, claim: Claim) -> bool:
        """Whether the reading is surely the same without the observation."""
        same = self._others(key_of(claim, self._lineage), claim)
        others = same or [it for key in self._supporters for it in self._others(key, claim)]
        if not others or (claim.event in self._told and not same):
            return False
        return self._leaves_no_other_voice(claim, others) and all(
            self._stays(voice, claim, others) for voice in self._silencing.get(claim.position, ())
        )

    def _others(self, key: object, claim: Claim) -> list[Claim]:
        """The last supporters with some content, except the claim."""
        return [each for each in self._supporters.get(key, [])[-3:] if each is not claim]

    def _leaves_no_other_voice(self, claim: Claim, others: Sequence[Claim]) -> bool:
        """Whether the claim's origin would say the same without the claim, or be silent."""
        origin = self._now.answer.origins[claim.origin]
        if not origin.is_ring and claim not in origin.chain.ends:
            return True
        if origin.is_ring or origin.candidates != (claim,):
            return False
        former = origin.without_last(self._lineage)
        return len(former) < 2 and all(
            self._others(key_of(voice, self._lineage), claim) or self._is_ended(voice, others)
            for voice in former
        )

    def _stays(self, voice: Voice, claim: Claim, others: Sequence[Claim]) -> bool:
        """Whether a voice speaks, or is silent, without the claim as with the claim."""
        if voice.claim.event in self._told or voice.is_emptied:
            return True
        if self._lineage.is_silent and any(
            each is not claim and not voice.agrees_as_named(each)
            for each, _ in voice.ended_by.values()
        ):
            return True
        return self._is_ended(voice.claim, others)

    def _is_ended(self, voice: Claim, others: Sequence[Claim]) -> bool:
        """Whether any of the supporters alone ends the voice at every instant."""
        lineage = self._lineage
        return lineage.is_silent and any(
            each.origin != voice.origin
            and not may_agree(voice, each)
            and is_later(each, voice, lineage)
            and why_ended(voice, each, _both_open(voice, each), confirmed=False) is not None
            for each in others
        )


def _both_open(one: Claim, other: Claim) -> Instant:
    return max(one.occurred.earliest, other.occurred.earliest)
