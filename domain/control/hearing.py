"""Which voices may speak at an instant, and which claims bear on each? Rule, steps 1 and 3."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    silent: tuple[SilentClaim, ...] = ()
    """Why the outweighed claims are silent, in the order of the claims."""
    is_ring: bool = False
    """Whether the voices all end each other."""

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
        "outweighed",
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
        self.silent: tuple[SilentClaim, ...] = before.silent if before else ()
        """Why the ended voices are silent, in the order of the claims."""
        self.outweighed: tuple[Silenced, ...] = before.outweighed if before else ()
        """The same, without the order."""
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

    def silent_of(self, source: SourceId) -> tuple[SilentClaim, ...]:
        """Why the ended voice of an origin is silent."""
        origin = self.origins.get(source)
        words = origin.candidates if origin else ()
        return tuple([self._ended[it.position][1] for it in words if it.position in self._ended])

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

    def remembered(self, new: Sequence[Claim], horizon: Instant) -> "Hearing | None":
        """What `hears` gave before for the same claims."""
        for these, known, hearing in self._after:
            if known <= horizon and these == new:
                return hearing
        return None

    @property
    def has_guesses(self) -> bool:
        """Whether more than one following hearing is remembered."""
        return len(self._after) > 1

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
        ended += self._let_speak(new, before, new, heard, lineage)
        for voice in ended:
            self._end(voice.claim, lineage)
        if self._ended is not before._ended:
            self._note_silent()

    def _let_speak(
        self,
        claims: Iterable[Claim],
        before: "Hearing",
        new: Sequence[Claim],
        heard: Heard,
        lineage: Lineage,
    ) -> Iterator[Voice]:
        """Gives a voice to each word of the origins of the claims that has none yet; returns those
        voices that ended for good."""
        for claim in claims:
            for word in self.origins[claim.origin].candidates:
                if word.position not in self._voices:
                    voice = before._candidate(word, new, heard, lineage)
                    self._voices[word.position] = voice
                    if voice.ended_for_good:
                        yield voice

    def _note_silent(self) -> None:
        self.silent = in_order([silent for _, silent in self.ended])
        self.outweighed = tuple([silenced for _, silenced in self.silent])

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

    # ---- beside a former hearing -------------------------------------------------------------

    def hears_beside(
        self,
        former: "Hearing",
        differing: Collection[SourceId],
        new: Sequence[Claim],
        heard: Heard,
        lineage: Lineage,
    ) -> "Hearing":
        """As `hears`; all voices but those of the differing origins are as in `former`, which is
        another hearing once `new` counts."""
        hearing = Hearing(former)
        for source in differing:
            hearing.take_over(source, self)
        hearing._last = max(self._last, *[claim.counting_order for claim in new])
        hearing._take_some(self, differing, new, heard, lineage)
        if hearing._ended is not former._ended:
            hearing._note_silent()
        return hearing

    def remember(self, new: Sequence[Claim], horizon: Instant, hearing: "Hearing") -> None:
        self._after.append((new, horizon, hearing))

    def take_over(self, source: SourceId, other: "Hearing") -> None:
        """Replaces the words and voices of an origin by those of another hearing."""
        if before := self.origins.pop(source, None):
            for word in before.candidates:
                self._voices.pop(word.position, None)
                if word.position in self._ended:
                    self._ended = dict(self._ended)
                    del self._ended[word.position]
            self.speaking = tuple([each for each in self.speaking if each != source])
        if origin := other.origins.get(source):
            self.origins[source] = origin
            for word in origin.candidates:
                if voice := other._voices.get(word.position):
                    self._voices[word.position] = voice
                elif ended := other._ended.get(word.position):
                    self._ended = {**self._ended, word.position: ended}
            if source in other.speaking:
                self.speaking = (*self.speaking, source)
        if self.unknown.get(source) is not other.unknown.get(source):
            unknown = {by: claim for by, claim in self.unknown.items() if by != source}
            if claim := other.unknown.get(source):
                unknown[source] = claim
            self.unknown = unknown

    def _take_some(
        self,
        before: "Hearing",
        sources: Collection[SourceId],
        new: Sequence[Claim],
        heard: Heard,
        lineage: Lineage,
    ) -> None:
        """As `_take`, for some origins alone."""
        mine = [claim for claim in new if claim.origin in sources]
        for claim in mine:
            self._take_word(claim, heard.horizon, lineage)
        ended: list[Voice] = []
        words = [
            word for it in sources if it in self.origins for word in self.origins[it].candidates
        ]
        for claim in new:
            ended += self._hear_some(words, claim, before._last, lineage)
        ended += self._let_speak(mine, before, new, heard, lineage)
        for voice in ended:
            self._end(voice.claim, lineage)

    def _hear_some(
        self, words: Iterable[Claim], claim: Claim, last: tuple[int, Order], lineage: Lineage
    ) -> Iterator[Voice]:
        """As `_hear`, for the voices of some words."""
        key, is_for_ended = (
            key_of(claim, lineage),
            claim.asserts.leaving or claim.counting_order <= last,
        )
        for word in words:
            if known := self._voices.get(word.position):
                heard = known.hears(claim, key, lineage)
                if heard is not known:
                    self._voices[word.position] = heard
                    if heard.ended_for_good:
                        yield heard
            elif is_for_ended and word.position in self._ended:
                known = self._ended[word.position][0]
                heard = known.hears(claim, key, lineage)
                if heard is not known:
                    self._silence(heard, lineage)

    def is_as_of(
        self, source: SourceId, other: "Hearing", horizon: Instant, lineage: Lineage
    ) -> bool:
        """As `is_as`, for one origin alone."""
        mine, its = self.origins.get(source), other.origins.get(source)
        if mine is None or its is None:
            return mine is its
        if mine is not its and not mine.is_as(its, horizon, lineage):
            return False
        if self.unknown.get(source) != other.unknown.get(source):
            return False
        return all(self._is_as_at(word.position, other) for word in mine.candidates)

    def _is_as_at(self, position: int, other: "Hearing") -> bool:
        one, another = self._voices.get(position), other._voices.get(position)
        if one is None and another is None:
            (one, _), (another, _) = self._ended[position], other._ended[position]
        return one is another or (one is not None and another is not None and one.is_as(another))

    def counts_as_much_as(self, other: "Hearing") -> bool:
        """Whether the last claim to count is the same."""
        return self._last == other._last

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


def in_order(silent: Iterable[SilentClaim]) -> tuple[SilentClaim, ...]:
    """The silent claims in their order."""
    return tuple(sorted(silent))
