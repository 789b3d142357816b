"""Which voices may speak at an instant, and which claims bear on each? Rule, steps 1 and 3."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from domain.control.claims import Claim, Order, Weight
from domain.control.kinship import Kinship
from domain.control.lineage import Lineage
from domain.control.moment import NEVER, end_for_good
from domain.control.origins import Chain, Origin, SilentClaim, origin_from
from domain.control.verdict import Silenced, Verdict
from domain.control.voices import Heard, Speaker, Voice, key_of
from domain.occurred import Instant
from domain.values import ActorId, SourceId


@dataclass(slots=True, eq=False)
class Judgement:
    """The verdict of the voices at an instant and until `lapses`, while nothing is said."""

    verdict: Verdict
    speakers: tuple[Speaker, ...] = ()
    """The voices behind the answer; in a dispute, the voices of every side."""
    lapses: Instant = NEVER
    """The first instant at which time alone changes the verdict, as a word grows old or lapses."""
    weight: Weight = Weight.DOUBTFUL
    """The highest weight among these voices."""


class Hearing:
    """All voices once certain claims count, with the later claims on each. Immutable; `hears` gives
    and remembers another hearing: each is asked for as a window opens, and again as it ends."""

    def __init__(self, before: "Hearing | None" = None) -> None:
        """The voices of `before`; none without a hearing before."""
        self.origins: dict[SourceId, Origin] = dict(before.origins) if before else {}
        self.speaking: tuple[SourceId, ...] = before.speaking if before else ()
        """The origins whose voices may speak or not, depending on the instant."""
        self._voices: dict[int, Voice] = dict(before._voices) if before else {}
        """The voices of `speaking`, by the position of the claim."""
        self._ended: dict[int, tuple[Voice, SilentClaim]] = before._ended if before else {}
        """The voices of other origins, ended for good, and why."""
        self.silent: tuple[Silenced, ...] = before.silent if before else ()
        """Why the ended voices are silent, in the order of the claims."""
        self.unknown: tuple[Claim, ...] = before.unknown if before else ()
        """The firm words of sources without knowledge."""
        self._last: tuple[int, Order] = before._last if before else (-(2**62), (0, 0, 0, 0))
        """The counting order of the last claim to count."""
        self.judged: tuple[Kinship, Instant, Judgement] | None = None
        """The last judgement, with its kinship and instant."""
        self._after: list[tuple[Sequence[Claim], Hearing]] = []

    @property
    def ended(self) -> Collection[tuple[Voice, SilentClaim]]:
        """The voices silent at every instant, and why."""
        return self._ended.values()

    def named(self) -> list[tuple[ActorId, Instant]]:
        """The actors in the voices, each with the opening of the voice's window."""
        return [
            (holder, claim.occurred.earliest)
            for origin in self.origins.values()
            for claim in origin.candidates
            for holder in claim.asserts.holders
        ]

    def voice(self, claim: Claim) -> Voice:
        """The voice of a claim among the origin's candidates."""
        return self._voices[claim.position]

    def hears(self, new: Sequence[Claim], heard: Heard, lineage: Lineage) -> "Hearing":
        """The voices once `new` counts too; `heard` are all claims that count then."""
        if not new:
            return self
        for these, hearing in self._after:
            if these == new:
                return hearing
        hearing = Hearing(self)
        hearing._take(self, new, heard, lineage)
        self._after.append((new, hearing))
        return hearing

    def forget_guesses(self) -> None:
        """Lets go of remembered hearings."""
        self._after.clear()

    def _take(
        self, before: "Hearing", new: Sequence[Claim], heard: Heard, lineage: Lineage
    ) -> None:
        for claim in new:
            self._take_word(claim, lineage)
        ended: list[Voice] = []
        for claim in new:
            ended += self._hear(claim, before._last, heard, lineage)
        for claim in new:
            for word in self.origins[claim.origin].candidates:
                if word.position not in self._voices:
                    voice = before._candidate(word, new, heard, lineage)
                    self._voices[word.position] = voice
                    if voice.ended_for_good:
                        ended.append(voice)
        for voice in ended:
            self._end(voice.claim, lineage)
        if self._ended is not before._ended:
            self.silent = in_order([silent for _, silent in self.ended])

    def _take_word(self, claim: Claim, lineage: Lineage) -> None:
        """Gives the claim to its origin, and puts the origin's former voice aside."""
        source = claim.origin
        if known := self.origins.get(source):
            for word in known.candidates:
                self._voices.pop(word.position, None)
                if word.position in self._ended:
                    self._ended = dict(self._ended)
                    del self._ended[word.position]
        self.origins[source] = (
            known.hears(claim, lineage) if known else origin_from(Chain(claim, None), lineage)
        )
        if source not in self.speaking:
            self.speaking = (*self.speaking, source)
        if not claim.asserts.is_known and claim.weight is Weight.FIRM:
            self.unknown = (*self.unknown, claim)

    def _hear(
        self, claim: Claim, last: tuple[int, Order], all_heard: Heard, lineage: Lineage
    ) -> list[Voice]:
        """Has all voices hear the claim; returns the voices possibly ended for good."""
        self._last = max(self._last, claim.counting_order)
        key, voices = key_of(claim, lineage), self._voices
        ended = []
        for position, voice in voices.items():
            heard = voice.hears(claim, key, all_heard, lineage)
            if heard is not voice:
                voices[position] = heard
                if heard.ended_for_good:
                    ended.append(heard)
        if claim.asserts.leaving or claim.counting_order <= last:
            for voice, _ in self._ended.values():
                heard = voice.hears(claim, key, all_heard, lineage)
                if heard is not voice:
                    self._silence(heard, lineage)
        return ended

    def _end(self, claim: Claim, lineage: Lineage) -> None:
        """Silences a voice ended for good, if its origin has no other."""
        if self.origins[claim.origin].only is claim and claim.position in self._voices:
            self._silence(self._voices.pop(claim.position), lineage)
            self.speaking = tuple([each for each in self.speaking if each != claim.origin])

    def _silence(self, voice: Voice, lineage: Lineage) -> None:
        silent = voice.claim.order, end_for_good(voice, lineage)
        self._ended = {**self._ended, voice.claim.position: (voice, silent)}

    def _candidate(
        self, claim: Claim, new: Sequence[Claim], heard: Heard, lineage: Lineage
    ) -> Voice:
        """The voice of a new or remaining candidate once `new` counts."""
        known, _ = self._ended.get(claim.position, (self._voices.get(claim.position), None))
        if known is None:
            return Voice.of(claim, heard.bearing_on(claim), lineage)
        for word in new:
            known = known.hears(word, key_of(word, lineage), heard, lineage)
        return known


def in_order(silent: Iterable[SilentClaim]) -> tuple[Silenced, ...]:
    """The silenced, in the order of the claims."""
    return tuple([silenced for _, silenced in sorted(silent)])
