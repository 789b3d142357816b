"""What can an answer about control say, and why is a claim silent in it?"""

from enum import StrEnum
from typing import NamedTuple, Protocol

from domain.control.claims import ControlStatus
from domain.occurred import Instant, Window
from domain.values import ActorId, EventId

RULE = "rule 3"
"""The version of the rule, named in every answer."""
RULES = ("rule 1", "rule 2", RULE)
"""All rules so far; answers are given by the last one alone."""


class Silence(StrEnum):
    """Why a claim does not speak in an answer, in the order of the steps of the rule."""

    COPY = "it copies a report that counts already"
    LIGHTER_THAN_ITS_OWN = "its own source had said something better founded"
    DOES_NOT_KNOW = "its source says that it does not know who holds the place"
    CHANGED_HANDS = "the place is reported to have changed hands later"
    COMES_BEFORE = "the times overlap, and what the other reports came after it"
    SEEN_SINCE = "a later report says otherwise"
    OUTDATED = "it was more than 30 days old when the other was reported"
    CONFIRMED = "two sources agree later that it is otherwise"
    FIRM_WORD = "it is weakly founded, and a later, better founded report says otherwise"
    FIGHT_OVER = "a later report says who held the place after the fight"
    SOMEBODY_CAME = "it says only who left, and somebody came later"
    ALL_LEFT = "all of those whom it names are reported to have left since"
    ONLY_A_LEAVING = "it says only who left, and others hold the place"
    HOLDER_GONE = "those whom it names no longer exist, and nobody succeeded them"
    FIGHT_UNSEEN = "nobody reported the fight for 30 days"
    UNCONFIRMED = "it is weakly founded, and nobody confirmed it within 30 days"
    IMPROBABLE = "it is graded improbable, which is too little to dispute an answer"

    @property
    def step(self) -> int:
        """The step of the rule behind the silence."""
        return _STEPS[self.name]


_STEPS = {
    **dict.fromkeys(("COPY", "LIGHTER_THAN_ITS_OWN", "DOES_NOT_KNOW"), 1),
    **dict.fromkeys(("CHANGED_HANDS", "COMES_BEFORE", "SEEN_SINCE", "OUTDATED", "CONFIRMED"), 3),
    **dict.fromkeys(("FIRM_WORD", "FIGHT_OVER", "SOMEBODY_CAME"), 3),
    **dict.fromkeys(("ALL_LEFT", "ONLY_A_LEAVING"), 4),
    "HOLDER_GONE": 5,
    **dict.fromkeys(("FIGHT_UNSEEN", "UNCONFIRMED", "IMPROBABLE"), 6),
}


class SinceIs(StrEnum):
    """What the time says since which an answer holds."""

    BEGAN = "it began then"
    SEEN = "it was so by then; since when, nobody says"


class Silenced(NamedTuple):
    """A silent claim, and why."""

    event: EventId
    by: EventId | None
    """The event behind the silence; None without any."""
    why: Silence


class Side(NamedTuple):
    """Voices in agreement: an event for each independent origin."""

    status: ControlStatus
    holders: tuple[ActorId, ...]
    """The holders, best corroborated first; of a contested place, the contenders."""
    evidence: tuple[EventId, ...]


class Verdict(NamedTuple):
    """The sum of the voices."""

    status: ControlStatus
    holders: tuple[ActorId, ...] = ()
    evidence: tuple[EventId, ...] = ()
    """An event for each agreeing origin: from the prevailing side, then lighter voices."""
    rivals: tuple[Side, ...] = ()
    """The losing sides, and lighter voices; of a disputed place, every side."""
    outweighed: tuple[Silenced, ...] = ()
    lineage: tuple[EventId, ...] = ()
    """The events behind agreement between different actors, or behind changed holders."""

    @property
    def disputed(self) -> bool:
        return bool(self.rivals)

    @property
    def has_voice(self) -> bool:
        """Whether anybody speaks."""
        return self.status is not ControlStatus.UNKNOWN

    @property
    def told(self) -> tuple[EventId, ...]:
        """The speaking events: for the verdict, and for its rivals."""
        return (*self.evidence, *(event for side in self.rivals for event in side.evidence))

    @property
    def gist(self) -> tuple[object, ...]:
        """The content about the place, without reasons."""
        rivals = [(rival.status, frozenset(rival.holders)) for rival in self.rivals]
        return (self.status, frozenset(self.holders), frozenset(rivals))

    def says_the_same_as(self, other: "Verdict") -> bool:
        """Whether the gist is the same; evidence and reasons may differ."""
        if not self.rivals and not other.rivals and self.holders == other.holders:
            return self.status is other.status
        return self.gist == other.gist


class Reading(NamedTuple):
    """The answer at an instant, with other possible answers."""

    verdict: Verdict
    possible: tuple[Verdict, ...] = ()
    """Every other possible verdict; empty for a certain answer."""

    @property
    def certain(self) -> bool:
        return not self.possible

    def says_the_same_as(self, other: "Reading") -> bool:
        """Whether the content about the place is the same, for whatever reasons."""
        mine, theirs = ({each.gist for each in it.possible} for it in (self, other))
        return self.verdict.says_the_same_as(other.verdict) and mine == theirs

    @property
    def events(self) -> tuple[EventId, ...]:
        """Every event behind the answer, and every outweighed or possible event."""
        verdict = self.verdict
        named = [*verdict.told, *verdict.lineage]
        named += (event for each in verdict.outweighed for event in (each.event, each.by) if event)
        named += (event for each in self.possible for event in (*each.told, *each.lineage))
        return tuple(dict.fromkeys(named))


NOTHING = Reading(Verdict(ControlStatus.UNKNOWN))
"""The answer where nobody has said anything."""


class Holding(NamedTuple):
    """A holder of a place, and since when."""

    actor: ActorId
    since: Window


class HasReading(Protocol):
    """Whatever comes with an answer."""

    @property
    def reading(self) -> Reading: ...


class Period(NamedTuple):
    """A stretch of questions, from `start` and before `end`, with the same answer."""

    start: Instant
    end: Instant
    reading: Reading
    since: Window | None = None
    """The beginning of the present status and holders, as exactly as known (valid time)."""
    since_is: SinceIs | None = None
    until: Window | None = None
    """The end of the present status and holders, if any (valid time)."""
    last_heard: Window | None = None
    """The window of the latest word among the answering voices (valid time)."""
    holding: tuple[Holding, ...] = ()
    """Each holder, in the order of the answer, and since when."""

    @property
    def status(self) -> ControlStatus:
        return self.reading.verdict.status

    @property
    def holders(self) -> tuple[ActorId, ...]:
        """The holders, best corroborated first; of a contested place, the contenders."""
        return self.reading.verdict.holders

    @property
    def certain(self) -> bool:
        return self.reading.certain

    @property
    def disputed(self) -> bool:
        return self.reading.verdict.disputed

    @property
    def corroboration(self) -> int:
        """The number of independent origins behind the answer."""
        return len(self.reading.verdict.evidence)

    @property
    def is_nothing(self) -> bool:
        """Whether nobody has said anything."""
        return self.reading == NOTHING

    @property
    def period(self) -> "Period":
        """The period itself: one read from storage may have still to be read in full."""
        return self

    def says_the_same_as(self, other: "HasReading") -> bool:
        """Whether the content about the place is the same, for whatever reasons."""
        return self.reading.says_the_same_as(other.reading)
