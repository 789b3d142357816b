"""Who controls a place at an instant, by the rule of control?

Steps 1 and 3 to 6 of `docs/rule.md`, in that order. Parts are in `domain.control.origins` (1),
`voices` and `moment` (3 to 5), and `sides` (6); step 2 is in `claims`, 7 in `sweep`, 8 in
`api.answers.basis`. All claims are live and admitted; ledgers, positions in time of recording and
perspectives are unknown here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple

from domain.control.claims import Claim, ControlStatus, Weight
from domain.control.hearing import Hearing, Judgement, in_order
from domain.control.kinship import EVERYBODY_APART, Kinship
from domain.control.lineage import Lineage
from domain.control.moment import NEVER, Moment
from domain.control.origins import Origin, SilentClaim
from domain.control.sides import outcome
from domain.control.verdict import Silence, Silenced, Verdict
from domain.control.voices import Speaker, Voice
from domain.occurred import Instant
from domain.values import EventId, SourceId

_ORDER = attrgetter("claim.order")


def judged(hearing: Hearing, at: Instant, kinship: Kinship, lineage: Lineage) -> Judgement:
    """The judgement of the voices at an instant."""
    known = hearing.judged
    if known and known[0] is kinship and known[1] <= at < known[2].lapses:
        return known[2]
    judgement = _judge(hearing, Moment(at, kinship, lineage))
    hearing.judged = kinship, at, judgement
    return judgement


def judged_beside(
    hearing: Hearing,
    former: Hearing,
    differing: Iterable[SourceId],
    at: Instant,
    lineage: Lineage,
) -> Judgement:
    """As `judged`, while nobody counts as anybody else; all voices but those of the differing
    origins are as in `former`."""
    known = former.judged
    if hearing.judged or not known or not known[1] <= at < known[2].lapses:
        return judged(hearing, at, EVERYBODY_APART, lineage)
    judgement: Judgement | None = known[2]
    # In a ring the ended voices speak; without speakers the words of no knowledge are evidence.
    if known[0] is not EVERYBODY_APART or known[2].is_ring or not known[2].speakers:
        return judged(hearing, at, EVERYBODY_APART, lineage)
    parts = [[_part(each, it, at, lineage) for it in (former, hearing)] for each in differing]
    if changed := [(before, now) for before, now in parts if before != now]:
        judgement = _with_others_silent(known[2], changed)
    if judgement is None:
        return judged(hearing, at, EVERYBODY_APART, lineage)
    hearing.judged = EVERYBODY_APART, at, judgement
    return judgement


class _OriginsPart(NamedTuple):
    """The part of one origin in a judgement."""

    speaker: Speaker | None
    silent: tuple[SilentClaim, ...]
    lapses: Instant


def _part(source: SourceId, hearing: Hearing, at: Instant, lineage: Lineage) -> _OriginsPart:
    if source not in hearing.speaking:
        return _OriginsPart(None, hearing.silent_of(source), NEVER)
    moment = Moment(at, EVERYBODY_APART, lineage)
    speaker, voice = None, _voice_of(source, hearing, moment)
    if voice:
        speaker, silenced, _, _ = moment.state_of(voice)
        if silenced:
            speaker = None
            moment.silent[silenced.event] = voice.claim.order, silenced
    return _OriginsPart(speaker, tuple(moment.silent.values()), moment.lapses)


def _with_others_silent(
    known: Judgement, changed: Sequence[tuple[_OriginsPart, _OriginsPart]]
) -> Judgement | None:
    """The judgement, where other claims are silent, or the same for other reasons; None where a
    change may bear on more than that."""
    if any(part.speaker or part.lapses != NEVER for both in changed for part in both):
        return None
    gone = {silenced.event for before, _ in changed for _, silenced in before.silent}
    stay = [each for each in known.silent if each[1].event not in gone]
    silent = in_order([*stay, *(each for _, now in changed for each in now.silent)])
    verdict = known.verdict._replace(outweighed=tuple([silenced for _, silenced in silent]))
    return replace(known, verdict=verdict, silent=silent)


def _judge(hearing: Hearing, moment: Moment) -> Judgement:
    speaking = standing = _speaking(hearing, moment)
    if len(speaking) > 1:
        speaking = _without_answered_leavings(speaking, moment)
    (status, holders, evidence), rivals, speakers = outcome(speaking, moment)
    evidence = evidence if speakers else _unknowing(hearing)
    silent, outweighed = _silent(hearing, moment)
    reasons = outweighed, _lineage_of(speaking, moment.kinship)
    verdict = Verdict(status, holders, evidence, rivals, *reasons)
    weight = max([each.claim.weight for each in speakers], default=Weight.DOUBTFUL)
    is_unanimous = (
        len(speaking) == len(standing)
        and not (moment.is_ring or moment.kinship.above or status is ControlStatus.DISPUTED)
        and (len(speakers) == len(standing) or _count(standing, weight) == _count(speakers, weight))
    )
    kept = tuple([each.claim for each in speakers if each.claim.kept_until is not None])
    lapses, is_ring = moment.lapses, moment.is_ring
    return Judgement(verdict, speakers, lapses, weight, is_unanimous, kept, silent, is_ring)


def _count(speakers: Sequence[Speaker], weight: Weight) -> int:
    return sum([each.claim.weight is weight for each in speakers])


def _silent(
    hearing: Hearing, moment: Moment
) -> tuple[tuple[SilentClaim, ...], tuple[Silenced, ...]]:
    """The silent claims with their order and without."""
    if not moment.silent and not moment.is_ring:
        return hearing.silent, hearing.outweighed
    ended = () if moment.is_ring else hearing.silent
    silent = in_order([*moment.silent.values(), *ended])
    return silent, tuple([silenced for _, silenced in silent])


def _unknowing(hearing: Hearing) -> tuple[EventId, ...]:
    """The last words of origins without knowledge, for answers without a voice."""
    last = sorted((it.chain.last for it in hearing.origins.values()), key=attrgetter("order"))
    return tuple(claim.event for claim in last if not claim.asserts.is_known)


def _speaking(hearing: Hearing, moment: Moment) -> list[Speaker]:
    """Steps 1 and 3 to 5: the remaining voices, in the order of their words."""
    standing: list[Speaker] = []
    ended: list[Speaker] = []
    voices: list[Voice] = []
    is_any_gone = False
    for source in hearing.speaking:
        voice = _voice_of(source, hearing, moment)
        if voice is None:
            continue
        voices.append(voice)
        speaker, silenced, _, _ = moment.state_of(voice)
        if silenced:
            moment.silent[silenced.event] = voice.claim.order, silenced
            is_any_gone |= silenced.why is Silence.HOLDER_GONE
        if speaker:
            (ended if silenced else standing).append(speaker)
    if not standing and (voices or hearing.silent) and not is_any_gone:
        standing = _ring(voices, ended, hearing, moment)
    if len(standing) > 1:
        standing.sort(key=_ORDER)
    return standing


def _voice_of(source: SourceId, hearing: Hearing, moment: Moment) -> Voice | None:
    origin = hearing.origins[source]
    return hearing.voice(origin.only) if origin.only else _chosen(origin, hearing, moment)


def _ring(
    voices: list[Voice], ended: list[Speaker], hearing: Hearing, moment: Moment
) -> list[Speaker]:
    """The voices of a ring, which end each other: together they silence nobody."""
    moment.is_ring = True
    voices += (voice for voice, _ in hearing.ended)
    states = [moment.state_of(voice) for voice, _ in hearing.ended]
    ended += [state.speaker for state in states if state.speaker]
    standing = ended or [_as_named(voice, moment.kinship) for voice in voices]
    moment.silent |= {silent[1].event: silent for _, silent in hearing.ended}
    for speaker in standing:
        moment.silent.pop(speaker.claim.event, None)
    return standing


def _as_named(voice: Voice, kinship: Kinship) -> Speaker:
    said = voice.claim.asserts
    return Speaker(voice.claim, said.status, said.holders, kinship.merged(said.holders))


def _chosen(origin: Origin, hearing: Hearing, moment: Moment) -> Voice | None:
    """Step 1: the last word of the origin; for a leaving, the word before with a holder left."""
    for each in origin.lighter:
        moment.silent[each[1].event] = each
    if not origin.candidates:
        moment.silence(origin.chain.last, Silence.DOES_NOT_KNOW)
        return None
    chosen, *others = map(hearing.voice, origin.candidates)
    for base in others:
        if base.left:
            moment.silence(chosen.claim, Silence.ONLY_A_LEAVING, base.claim.event)
            return base
    return chosen


def _without_answered_leavings(speaking: list[Speaker], moment: Moment) -> list[Speaker]:
    """Step 4: a leaving speaks where nobody else is left, or somebody contradicts it."""
    leavings = [each for each in speaking if each.claim.asserts.is_leaving]
    if not leavings or len(leavings) == len(speaking):
        return speaking
    top = max([each.claim.weight for each in speaking])
    others = [each for each in speaking if each.claim.weight is top and each not in leavings]
    for leaving in leavings:
        if others and not any(_names_still(other, leaving.claim, moment) for other in others):
            moment.silence(leaving.claim, Silence.ONLY_A_LEAVING, others[-1].claim.event)
    return [each for each in speaking if each.claim.event not in moment.silent]


def _names_still(other: Speaker, leaving: Claim, moment: Moment) -> bool:
    kinship = moment.lineage.at(Instant(leaving.occurred.latest - 1))
    return any(kinship.has_left(holder, leaving.asserts.leaving) for holder in other.named)


def _lineage_of(speaking: Sequence[Speaker], kinship: Kinship) -> tuple[EventId, ...]:
    """The events by which holders count as others, or meet the holders of another voice."""
    if kinship.is_plain:
        return ()
    found: list[EventId] = []
    for each in speaking:
        opening = each.claim.occurred.earliest
        for holder in each.claim.asserts.holders:
            found += kinship.reasons(holder, opening)
    for one, other in combinations(speaking, 2):
        if one.status is other.status and set(one.holders).isdisjoint(other.holders):
            reasons = (kinship.why(mine, its) for mine in one.holders for its in other.holders)
            found += (event for reason in reasons for event in reason or ())
    return tuple(dict.fromkeys(found))
