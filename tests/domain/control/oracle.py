"""The rule of control read a second time, word for word from the design, slowly.

It shares no function with the domain, only the types, so that the properties compare two readings
of one text. Steps 1 to 6 are in naive_voices.py, on top of naive_words.py and naive_kin.py; here is
step 7, and since when an answer holds: found by reading at every instant where anything can change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from domain.control.claims import Claim, ClaimKind, ControlStatus
from domain.control.verdict import Period, Reading, Silence, SinceIs
from domain.occurred import Instant, Window
from domain.situation.ties import Word
from domain.values import ActorId, EventId
from tests.domain.control.naive_kin import Kin, word_order
from tests.domain.control.naive_voices import Finding, Hearing
from tests.domain.control.naive_words import (
    FIRM,
    THIRTY_DAYS,
    Case,
    is_known,
    repeats,
    weight,
)

Gist = object
"""A status, its holders, and each rival's status and holders."""
Span = tuple[int, int]


@dataclass(frozen=True)
class Answer:
    """What the rule says at one instant."""

    status: ControlStatus
    holders: tuple[ActorId, ...]
    evidence: tuple[EventId, ...]
    rivals: frozenset[tuple[ControlStatus, frozenset[ActorId], frozenset[EventId]]]
    silent: dict[EventId, Silence]
    """Why the voice of an origin does not speak."""
    possible: frozenset[Gist]
    """What else may have been so."""

    @property
    def certain(self) -> bool:
        return not self.possible

    @property
    def disputed(self) -> bool:
        return bool(self.rivals)

    @property
    def shown(self) -> object:
        """What a reading of the domain is compared by: neither by the order of the evidence, nor
        by the words of those who don't know."""
        told = frozenset(self.evidence), self.rivals
        return (self.status, self.holders, *told, self.possible)


def read(claims: Sequence[Claim], t: int, words: Sequence[Word] = ()) -> Answer:
    story = _story(tuple(claims), tuple(words))
    found = story.plain(t)
    return Answer(
        status=found.status,
        holders=found.holders,
        evidence=tuple(claim.event for claim in found.evidence),
        rivals=frozenset(
            (side.status, frozenset(side.holders), frozenset(each.event for each in side.voices))
            for side in found.rivals
        ),
        silent=found.silent,
        possible=frozenset(story.readings(t)) - {found.gist},
    )


def shown(reading: Reading) -> object:
    """What a reading of the domain says, as an answer here shows it."""
    said = reading.verdict
    rivals = frozenset(
        (side.status, frozenset(side.holders), frozenset(side.evidence)) for side in said.rivals
    )
    possible = frozenset(each.gist for each in reading.possible)
    evidence = frozenset(said.evidence if said.has_voice else ())
    return (said.status, said.holders, evidence, rivals, possible)


def times(claims: Sequence[Claim], t: int, words: Sequence[Word] = ()) -> object:
    """All that is said of when, as `times_of` shows it of a period."""
    held = holding(claims, t, words)
    return (*since(claims, t, words), last_heard(claims, t, words), held)


def times_of(period: Period) -> object:
    began, heard = (span(each) if each else None for each in (period.since, period.last_heard))
    held = {each.actor: span(each.since) for each in period.holding}
    return (began, period.since_is, heard, held)


def since(
    claims: Sequence[Claim], t: int, words: Sequence[Word] = ()
) -> tuple[Span | None, SinceIs | None]:
    """When the answer began."""
    story = _story(tuple(claims), tuple(words))
    return story.began(story.start(t, story.kin_at(t)))


def last_heard(claims: Sequence[Claim], t: int, words: Sequence[Word] = ()) -> Span | None:
    """The latest window among the voices that answer."""
    heard = _story(tuple(claims), tuple(words)).plain(t).heard
    if not heard:
        return None
    latest, earliest = max((each.occurred.latest, each.occurred.earliest) for each in heard)
    return (earliest, latest)


def holding(
    claims: Sequence[Claim], t: int, words: Sequence[Word] = ()
) -> dict[ActorId, Span | None]:
    """Each holder, and since when it has been one."""
    story = _story(tuple(claims), tuple(words))
    found = story.plain(t)
    if found.status != ControlStatus.HELD:
        return {}
    return {holder: story.holder_since(holder, t) for holder in found.holders}


def moments(claims: Sequence[Claim], words: Sequence[Word] = ()) -> list[Instant]:
    """Every instant at which an answer may change."""
    found = set[int]()
    for window in [said.occurred for said in claims] + [word.occurred for word in words]:
        found |= {window.earliest, window.latest - 1, window.latest}
    for claim in claims:
        closes: set[int] = {claim.occurred.latest, claim.occurred.latest - 1}
        if claim.kept_until is not None:
            closes |= {claim.kept_until, max(claim.occurred.latest, claim.kept_until)}
        found |= closes | {close + THIRTY_DAYS + step for close in closes for step in (0, 1)}
    return sorted(map(Instant, found))


def counts_from(claim: Claim) -> int:
    """A transition once all of its window has passed, an observation from the opening."""
    window = claim.occurred
    is_transition = claim.asserts.kind == ClaimKind.TRANSITION
    return window.latest - 1 if is_transition else window.earliest


def order(claim: Claim) -> tuple[int, int, int, int]:
    window = claim.occurred
    return (window.earliest, window.latest, claim.spoken.latest, claim.position)


def said_once(claims: Sequence[Claim]) -> list[Claim]:
    """Without those by which an origin says the same again with the same grade, and nothing else
    about that window in between."""

    def first(claim: Claim) -> tuple[int, int, int]:
        return (claim.spoken.latest, claim.spoken.earliest, claim.position)

    def before(claim: Claim) -> list[Claim]:
        """What its origin had said about the same window, the last word last."""
        window = claim.occurred.earliest, claim.occurred.latest
        return sorted(
            (
                other
                for other in claims
                if other.origin == claim.origin
                and (other.occurred.earliest, other.occurred.latest) == window
                and first(other) < first(claim)
            ),
            key=first,
        )

    def is_repetition(claim: Claim) -> bool:
        last = before(claim)[-1:]
        return any(repeats(it) == repeats(claim) and it.grade == claim.grade for it in last)

    return [claim for claim in claims if not is_repetition(claim)]


def is_open(window: Window, t: int) -> bool:
    return window.earliest <= t < window.latest - 1


@lru_cache(maxsize=8)
def _story(claims: tuple[Claim, ...], words: tuple[Word, ...]) -> "Story":
    return Story(claims, words)


class Story:
    """The answers of one place through all time."""

    def __init__(self, claims: Sequence[Claim], words: Sequence[Word]) -> None:
        self.claims = said_once(claims)
        self.words = words
        self.case = Case(claims, words)
        self.kin_at = self.case.kin_at
        self.plain = cache(self._plain)

    @cached_property
    def moments(self) -> list[Instant]:
        return moments(self.claims, self.words)

    def counting(self, t: int) -> list[Claim]:
        return [claim for claim in self.claims if counts_from(claim) <= t]

    def hearing(self, t: int, counting: Sequence[Claim] | None = None) -> Hearing:
        counted = self.counting(t) if counting is None else counting
        return Hearing(self.case, counted, t, self.kin_at(t))

    def _plain(self, t: int) -> Finding:
        """The answer: with the open observations, without the open transitions."""
        return self.hearing(t).conclude()

    # ---- Step 7: what else may have been so

    def readings(self, t: int) -> Iterator[Gist]:
        for counting in self.other_claims(t):
            yield self.hearing(t, counting).conclude().gist
        for kin in self.other_kin(t):
            yield Hearing(self.case, self.counting(t), t, kin).conclude().gist
        yield from self.unseen(t)
        if self.somebody_does_not_know(t):
            yield (ControlStatus.UNKNOWN, frozenset(), frozenset())

    def other_claims(self, t: int) -> Iterator[list[Claim]]:
        counting = self.counting(t)
        opened = [claim for claim in self.claims if is_open(claim.occurred, t)]
        changes = [c for c in opened if c.asserts.kind == ClaimKind.TRANSITION]
        sightings = [c for c in opened if c.asserts.kind == ClaimKind.OBSERVATION]
        for some in [[each] for each in changes] + [changes]:
            yield [*counting, *some]
        for some in [[each] for each in sightings] + [sightings]:
            yield [claim for claim in counting if claim not in some]

    def other_kin(self, t: int) -> Iterator[Kin]:
        settled = [word for word in self.words if word.occurred.latest <= t + 1]
        opened = [word for word in self.words if is_open(word.occurred, t)]
        for event in {word.event for word in opened}:
            yield Kin([*settled, *(word for word in opened if word.event == event)])
        yield Kin([*settled, *opened])
        kin = self.kin_at(t)
        for actor in {word.tie.subject for word in kin.ends}:
            for heir in self.heirs(actor, t):
                yield Kin(settled, {actor: heir})

    def heirs(self, actor: str, t: int) -> set[str]:
        """The successors of an actor that voices name, where it has several."""
        kin = self.kin_at(t)
        found = [
            kin.shown(name, claim.occurred.earliest)
            for claim in self.hearing(t).voices()
            for name in claim.asserts.holders
            if kin.one(name) == actor
        ]
        return set().union(*(heirs for heirs in found if len(heirs) > 1))

    def unseen(self, t: int) -> Iterator[Gist]:
        """What a sighting reveals that may have been so before."""
        answer, now = self.plain(t), self.kin_at(t)
        if answer.status == ControlStatus.UNKNOWN or self.is_kept(answer, t):
            return
        u = self.next_change(t)
        if u is None:
            return
        came = [claim for claim in self.claims if counts_from(claim) == u]
        last = Instant(u - 1)
        if any(self.reports(claim, self.plain(last), u) for claim in self.told(u)):
            return
        word = self.last_word(self.plain(last), last, self.counting(last))
        if word is None:
            word = self.start(last, self.kin_at(last))
        if word is not None and t < word:
            return
        for claim in came:
            if self.reveals(claim, answer, t, u):
                holders = frozenset(now.one(holder) for holder in claim.asserts.holders)
                yield (claim.asserts.status, holders, frozenset())

    def next_change(self, t: int) -> Instant | None:
        answer = self.plain(t)
        for moment in self.moments:
            kin = self.kin_at(moment)
            if moment > t and content(self.plain(moment), kin) != content(answer, kin):
                return moment
        return None

    def told(self, u: Instant) -> list[Claim]:
        """What begins to count then, and what may have happened."""
        return [
            claim
            for claim in self.claims
            if counts_from(claim) == u
            or (claim.asserts.kind == ClaimKind.TRANSITION and is_open(claim.occurred, u))
        ]

    def reports(self, claim: Claim, former: Finding, u: Instant) -> bool:
        """Whether it is a transition that says how the answer changed then."""
        if claim.asserts.kind != ClaimKind.TRANSITION:
            return False
        kin = self.kin_at(u)
        gone = any(
            kin.belongs(holder, who) for holder in former.holders for who in claim.asserts.leaving
        )
        return self.agrees(claim, self.plain(u), u) or gone

    def reveals(self, claim: Claim, answer: Finding, t: int, u: Instant) -> bool:
        """Whether it is a sighting of what is not answered at t."""
        if claim.asserts.kind != ClaimKind.OBSERVATION or self.hearing(u).is_continuous(claim):
            return False
        if not is_known(claim):
            return False
        if claim.asserts.status != answer.status:
            return True
        kin = self.kin_at(claim.occurred.latest - 1)
        answered = kin.compared(answer.holders, t + 1)  # at the close of the microsecond
        opened = claim.occurred.earliest
        seen = (kin.compared([holder], opened) for holder in claim.asserts.holders)
        return any(not kin.meet(each, answered) for each in seen)

    def is_kept(self, answer: Finding, t: int) -> bool:
        """Whether a continuous source is among those who say so."""
        hearing = self.hearing(t)
        return any(hearing.is_continuous(claim) for claim in answer.heard)

    def last_word(self, answer: Finding, t: int, among: Sequence[Claim]) -> int | None:
        """The latest close of those that say what is answered then, and weigh as much."""
        return max(
            (
                max(claim.occurred.latest, claim.kept_until or claim.occurred.latest)
                if claim in answer.heard
                else claim.occurred.latest
                for claim in among
                if weight(claim) >= answer.weight
                and (self.agrees(claim, answer, t) or (claim.kept_until and claim in answer.heard))
            ),
            default=None,
        )

    def agrees(self, claim: Claim, answer: Finding, t: int) -> bool:
        """Whether it agrees with the answer; of a disputed place, with any of its sides."""
        hearing = self.hearing(t)
        named = hearing.kin.compared(claim.asserts.holders, claim.occurred.earliest)
        if answer.status == ControlStatus.UNKNOWN:
            return claim.asserts.status == ControlStatus.UNKNOWN
        return any(
            hearing.same(claim.asserts.status, named, side.status, frozenset(side.holders))
            for side in answer.sides
        )

    def somebody_does_not_know(self, t: int) -> bool:
        answer = self.plain(t)
        if answer.status in (ControlStatus.UNKNOWN, ControlStatus.DISPUTED):
            return False
        origins = {claim.origin for claim in answer.evidence}
        word = self.last_word(answer, t, self.counting(t))
        if word is None:
            word = self.start(t, self.kin_at(t))
        return any(
            claim.asserts.status == ControlStatus.UNKNOWN
            and weight(claim) == FIRM
            and claim.origin not in origins
            and (word is None or claim.occurred.earliest >= word)
            for claim in self.counting(t)
        )

    # ---- Since when

    def start(self, t: int, kin: Kin) -> Instant | None:
        """The instant from which on the answer of t was the answer; None if it always was."""
        answer = content(self.plain(t), kin)
        found = None
        for moment in reversed(self.moments):
            if moment <= t:
                if content(self.plain(moment), kin) != answer:
                    return found
                found = moment
        return found if answer[0] != ControlStatus.UNKNOWN else None

    def began(self, u: Instant | None) -> tuple[Span | None, SinceIs | None]:
        """The window of what made the answer of that instant, which is its first."""
        if u is None:
            return None, None
        answer, before = self.plain(u), self.plain(u - 1)
        came = [
            claim
            for claim in self.told(u)
            if counts_from(claim) == u or self.reports(claim, before, u)
        ]
        if came:
            made = min(
                came,
                key=lambda claim: (
                    self.rank(claim, answer, u),
                    counts_from(claim) != u,
                    order(claim),
                ),
            )
        else:
            turned = [word for word in self.words if word.occurred.latest - 1 == u]
            if turned:
                return span(min(turned, key=word_order).occurred), SinceIs.BEGAN
            if not answer.heard:
                return None, None
            made = min(answer.heard, key=self.case.order)
        window = made.occurred
        is_kept = self.hearing(u).is_continuous(made)
        is_observed = made.asserts.kind == ClaimKind.OBSERVATION
        if not is_observed or made.asserts.status == ControlStatus.CONTESTED or is_kept:
            return span(window), SinceIs.BEGAN
        if before.status == ControlStatus.UNKNOWN:
            return span(window), SinceIs.SEEN
        if not came or answer.status == ControlStatus.UNKNOWN or self.is_kept(before, u - 1):
            return span(window), SinceIs.BEGAN
        word = self.last_word(before, u - 1, [c for c in self.claims if counts_from(c) < u])
        if word is None:
            word = self.start(u - 1, self.kin_at(u - 1))
        if word is None or word >= window.latest:
            return span(window), SinceIs.BEGAN
        return (word, window.latest), SinceIs.BEGAN

    def rank(self, claim: Claim, answer: Finding, u: int) -> int:
        """Which of the claims that begin to count as an answer begins made it."""
        agrees = self.agrees(claim, answer, u)
        if claim.asserts.kind == ClaimKind.TRANSITION:
            return 0 if agrees else 1 if claim.asserts.leaving else 3
        return 2 if agrees else 3

    def holder_since(self, holder: ActorId, t: int) -> Span | None:
        kin = self.kin_at(t)
        start = self.start(t, kin)
        while start is not None:
            before = self.plain(start - 1)
            was_one = holder in map(kin.one, before.holders)
            if before.status != ControlStatus.HELD or not was_one:
                break
            start = self.start(start - 1, kin)
        return self.began(start)[0]


def content(found: Finding, kin: Kin) -> tuple[ControlStatus, frozenset[str]]:
    """What has to change for an answer to be another."""
    is_held = found.status == ControlStatus.HELD
    return found.status, frozenset(map(kin.one, found.holders) if is_held else ())


def span(window: Window) -> Span:
    return (window.earliest, window.latest)
