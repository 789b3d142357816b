"""Which voices may speak at an instant, and which claims bear on each? Rule, steps 1 and 3."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from domain.control.claims import Assertion, Claim, Order, Weight
from domain.control.kinship import Kinship
from domain.control.lineage import Lineage
from domain.control.moment import NEVER, end_for_good
from domain.control.origins import Origin, SilentClaim, first_word
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
    is_unanimous: bool = False
    """Whether all remaining voices of the highest weight answer, without any coalition."""
    kept: tuple[Claim, ...] = ()
    """The answering claims of continuous sources."""

    def is_lasting_accord(self, said: Assertion) -> bool:
        """Whether all voices say the same with all its holders, whatever time passes."""
        verdict = self.verdict
        return (
            self.is_unanimous
            and self.lapses == NEVER
            and verdict.status is said.status
            and not verdict.rivals
            and set(verdict.holders) == set(said.holders)
            and any(
                each.claim.weight is self.weight
                and each.claim.asserts.what == said.what
                and not each.claim.asserts.is_leaving
                and each.named == said.holders
                for each in self.speakers
            )
        )


class Hearing:
    """All voices once certain claims count, with the later claims on each. Immutable; `hears` gives
    and remembers another hearing: each is asked for as a window opens, and again as it ends."""

    __slots__ = (
        "_after",
        "_ended",
        "_last",
        "_voices",
        "judged",
        "origins",
        "silent",
        "speaking",
        "unknown",
    )

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
        self.unknown: Mapping[SourceId, Claim] = before.unknown if before else {}
        """The last firm word of each source without knowledge."""
        self._last: tuple[int, Order] = before._last if before else (-(2**62), (0, 0, 0, 0))
        """The counting order of the last claim to count."""
        self.judged: tuple[Kinship, Instant, Judgement] | None = None
        """The last judgement, with its kinship and instant."""
        self._after: list[tuple[Sequence[Claim], Instant, Hearing]] = []
        """Some following hearings, each with its new claims and its horizon."""

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

    @property
    def voices(self) -> Iterable[Voice]:
        """The voices that may speak or not, depending on the instant."""
        return self._voices.values()

    def is_as(self, other: "Hearing", horizon: Instant, lineage: Lineage) -> bool:
        """Whether both hearings tell the same, now and once any further claims count; none of these
        opens before the horizon."""
        if self is other:
            return True
        mine, its, gone, its_gone = self._voices, other._voices, self._ended, other._ended
        return (
            self._last == other._last
            and self.origins.keys() == other.origins.keys()
            and self.unknown == other.unknown
            and self.silent == other.silent
            and set(self.speaking) == set(other.speaking)
            and mine.keys() == its.keys()
            and gone.keys() == its_gone.keys()
            and all(voice.is_as(its[position]) for position, voice in mine.items())
            and all(voice.is_as(its_gone[position][0]) for position, (voice, _) in gone.items())
            and all(
                origin.is_as(other.origins[source], horizon, lineage)
                for source, origin in self.origins.items()
            )
        )

    def voice(self, claim: Claim) -> Voice:
        """The voice of a claim among the origin's candidates."""
        return self._voices[claim.position]

    def hears(self, new: Sequence[Claim], heard: Heard, lineage: Lineage) -> "Hearing":
        """The voices once `new` counts too; `heard` are all claims that count then."""
        if not new:
            return self
        begun, so_far = self, 0
        for these, horizon, hearing in self._after:
            if (
                so_far < len(these) <= len(new)
                and horizon <= heard.horizon
                and new[: len(these)] == these
            ):
                begun, so_far = hearing, len(these)
        if so_far == len(new):
            return begun
        hearing = Hearing(begun)
        hearing._take(begun, new[so_far:], heard, lineage)
        self._after.append((new, heard.horizon, hearing))
        return hearing

    def forget_guesses(self, but: Collection["Hearing"] = ()) -> None:
        """Lets go of remembered hearings."""
        if self._after:
            self._after = [each for each in self._after if each[2] in but]

    def _take(
        self, before: "Hearing", new: Sequence[Claim], heard: Heard, lineage: Lineage
    ) -> None:
        for claim in new:
            self._take_word(claim, heard.horizon, lineage)
        ended: list[Voice] = []
        for claim in new:
            ended += self._hear(claim, before._last, lineage)
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

    def _take_word(self, claim: Claim, horizon: Instant, lineage: Lineage) -> None:
        """Gives the claim to its origin, and puts the origin's former voice aside."""
        source = claim.origin
        if known := self.origins.get(source):
            for word in known.candidates:
                self._voices.pop(word.position, None)
                if word.position in self._ended:
                    self._ended = dict(self._ended)
                    del self._ended[word.position]
        self.origins[source] = (
            known.hears(claim, horizon, lineage) if known else first_word(claim, horizon)
        )
        if source not in self.speaking:
            self.speaking = (*self.speaking, source)
        if not claim.asserts.is_known and claim.weight is Weight.FIRM:
            last = max(claim, self.unknown.get(source, claim), key=attrgetter("order"))
            self.unknown = {**self.unknown, source: last}

    def _hear(self, claim: Claim, last: tuple[int, Order], lineage: Lineage) -> list[Voice]:
        """Has all voices hear the claim; returns the voices possibly ended for good."""
        self._last = max(self._last, claim.counting_order)
        key, voices = key_of(claim, lineage), self._voices
        ended = []
        for position, voice in voices.items():
            heard = voice.hears(claim, key, lineage)
            if heard is not voice:
                voices[position] = heard
                if heard.ended_for_good:
                    ended.append(heard)
        if claim.asserts.leaving or claim.counting_order <= last:
            for voice, _ in self._ended.values():
                heard = voice.hears(claim, key, lineage)
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
            known = known.hears(word, key_of(word, lineage), lineage)
        return known


def in_order(silent: Iterable[SilentClaim]) -> tuple[Silenced, ...]:
    """The silenced, in the order of the claims."""
    return tuple([silenced for _, silenced in sorted(silent)])
