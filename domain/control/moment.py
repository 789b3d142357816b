"""Does a voice still speak at an instant, and with what content? Steps 3 to 5 of the rule."""

from collections.abc import Iterator

from domain.control.claims import Claim
from domain.control.kinship import EVERYBODY_APART, Kinship
from domain.control.lineage import Lineage
from domain.control.origins import SilentClaim
from domain.control.sequence import comes_before, last_kept
from domain.control.verdict import Silence, Silenced
from domain.control.voices import Speaker, Voice, VoiceState, why_ended
from domain.occurred import THIRTY_DAYS, Instant
from domain.values import ActorId, EventId

NEVER = Instant(2**62)
"""After every instant in any question."""


class Moment:
    """An instant: its kinship, the claims silenced so far, and the next change by time alone."""

    def __init__(self, at: Instant, kinship: Kinship, lineage: Lineage) -> None:
        self.at, self.kinship, self.lineage = at, kinship, lineage
        self.silent: dict[EventId, SilentClaim] = {}
        self.is_ring = False
        """Whether all voices end each other, so that ended voices speak."""
        self.lapses = NEVER
        """The next change of the answer, if nothing is said before."""

    def silence(self, claim: Claim, why: Silence, by: EventId | None = None) -> None:
        self.silent[claim.event] = claim.order, Silenced(claim.event, by, why)

    def expect(self, lapse: int) -> None:
        """Something changes at `lapse`, if nothing is said before."""
        if self.at < lapse < self.lapses:
            self.lapses = Instant(lapse)

    def state_of(self, voice: Voice) -> VoiceState:
        """The statement of the voice, if any named holder is left; and why the voice is silent."""
        is_plain, known = self.kinship.is_plain, voice.state
        if known and is_plain and known.since <= self.at < known.until:
            self.lapses = min(self.lapses, known.until)
            return known
        others_lapse, self.lapses = self.lapses, NEVER
        state = self._new_state_of(voice)
        if is_plain:
            voice.state = state
        self.lapses = min(others_lapse, self.lapses)
        return state

    def _new_state_of(self, voice: Voice) -> VoiceState:
        claim, is_emptied, holders = voice.claim, voice.is_emptied, self._today(voice)
        if claim.kept_until is not None:
            self.expect(claim.kept_until)
        is_gone = bool(voice.left) and not holders
        silenced = self.end_of(voice) if voice.ended_by or voice.doubted_by else None
        if silenced is None and is_emptied:
            silenced = Silenced(claim.event, voice.struck_by[-1].event, Silence.ALL_LEFT)
        elif silenced is None and is_gone:
            silenced = Silenced(claim.event, self._end_event(voice), Silence.HOLDER_GONE)
        speaker = None
        if not is_emptied and not is_gone:
            speaker = Speaker(claim, voice.status(self.kinship), voice.left, holders)
        return VoiceState(speaker, silenced, self.at, self.lapses)

    def _today(self, voice: Voice) -> tuple[ActorId, ...]:
        """The remaining holders as they count now."""
        kinship, opening = self.kinship, voice.claim.occurred.earliest
        if not kinship.ended:
            return kinship.merged(voice.left)
        named = [each for holder in voice.left for each in kinship.today(holder, opening)]
        return tuple(dict.fromkeys(named))

    def _end_event(self, voice: Voice) -> EventId | None:
        opening = voice.claim.occurred.earliest
        told = [event for holder in voice.left for event in self.kinship.reasons(holder, opening)]
        return told[-1] if told else None

    def end_of(self, voice: Voice) -> Silenced | None:
        """How the voice fell silent: by the first claim of enough weight at every instant, or
        now."""
        enders = [each for each in voice.ended_by.values() if not self._agrees(voice, each[0])]
        if not enders and voice.doubted_by:
            enders = list(self._enough_now(voice))
        if not enders:
            return None
        claim, why = min(enders, key=lambda ender: ender[0].counting_order)
        return Silenced(voice.claim.event, claim.event, self._in_full(voice.claim, claim, why))

    def _enough_now(self, voice: Voice) -> Iterator[tuple[Claim, Silence]]:
        """The claims with enough weight now that the voice is old, or another origin agrees."""
        for claim in voice.doubted_by.values():
            if not self._agrees(voice, claim):
                said_later = (each for some in voice.firm.values() for each in some)
                confirmed = any(self._confirms(each, claim) for each in said_later)
                if why := why_ended(voice.claim, claim, self.at, confirmed=confirmed):
                    yield claim, why
                elif claim.kept_until is not None:
                    self.expect(last_kept(voice.claim) + THIRTY_DAYS + 1)

    def _in_full(self, voice: Claim, claim: Claim, why: Silence) -> Silence:
        overlap = voice.occurred.overlaps(claim.occurred)
        if why is Silence.CHANGED_HANDS and overlap and comes_before(voice, claim, self.lineage):
            return Silence.COMES_BEFORE
        return why

    def _agrees(self, voice: Voice, claim: Claim) -> bool:
        """Whether the claim agrees with the rest of the voice."""
        kinship, said = self.kinship, claim.asserts
        if kinship.is_plain:
            return voice.agrees_as_named(claim)
        if voice.is_emptied or said.status is not voice.status(kinship):
            return False
        if not said.holders or not voice.left:
            return True
        return kinship.meet(
            kinship.compared(said.holders, claim.occurred.earliest),
            kinship.compared(voice.left, voice.claim.occurred.earliest),
        )

    def _confirms(self, other: Claim, claim: Claim) -> bool:
        """Whether the word of another origin agrees with the claim."""
        mine, theirs = claim.asserts, other.asserts
        if other.origin == claim.origin or mine.status is not theirs.status:
            return False
        if not mine.holders or not theirs.holders:
            return True
        return self.kinship.meet(
            self.kinship.compared(mine.holders, claim.occurred.earliest),
            self.kinship.compared(theirs.holders, other.occurred.earliest),
        )


def end_for_good(voice: Voice, lineage: Lineage) -> Silenced:
    """How a voice ended for good fell silent."""
    silenced = Moment(NEVER, EVERYBODY_APART, lineage).end_of(voice)
    assert silenced is not None, "a claim that cannot agree with the voice ends it"
    return silenced
