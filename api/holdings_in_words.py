"""How is it told who holds what, be it five places or five thousand?

First how many places each holder has, then which; places about which sources disagree or whose
answer is not certain, each with its readings; and what changed of late, with its dates. Beyond MANY
places the lists name them without notes, so that a country still makes a page.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from api.answer import Answer
from api.situation import Group, Situation
from api.situation_notes import Notes
from domain.claims import ControlStatus
from domain.occurred import DAY, Instant, just_before, rfc3339
from domain.statements import Names, spoken_list
from domain.values import ActorId, EventId, LocationId
from domain.verdict import Side, Verdict

MANY = 25
"""Up to so many statements a section has all of them, each with its notes."""
FEW = 10
"""Of more, so many are told with their notes."""
NAMED = 1_000
"""Up to so many places all are named; of more, MANY of each holder."""

_DISPUTED = ", disputed"

T = TypeVar("T")


class Turn(NamedTuple):
    """A moment from which on the answer for a place was another."""

    at: Instant
    location: LocationId
    before: str
    after: str
    events: tuple[EventId, ...]
    """What the one answer rests on and the other does not."""


class Holdings:
    """Who holds what at the moment of a situation."""

    def __init__(self, situation: Situation, names: Names, notes: Notes, days: int) -> None:
        self._situation, self._days = situation, days
        self._names, self._notes = names, notes
        self._is_short = len(situation.places) <= MANY
        self._most = NAMED if len(situation.places) <= NAMED else MANY

    # ---- how many ----------------------------------------------------------------------------

    def figures(self) -> Iterator[str]:
        """How many places each has; whoever holds most comes first."""
        groups = self._situation.groups
        for group in groups[:MANY]:
            yield f"{self._counted(group)}{_doubts(group)}."
        if rest := groups[MANY:]:
            places = sum(len(group.answers) for group in rest)
            yield f"{_places_are(places)} in {len(rest):,} smaller groups."
        if groups and (silent := len(self._silent)):
            yield f"Of {_places(silent)} nothing is said."

    def _counted(self, group: Group) -> str:
        actors, count = self._actors(group.actors), len(group.answers)
        match group.status:
            case ControlStatus.HELD:
                return f"{_places_are(count)} held by {actors}"
            case ControlStatus.VACANT:
                return f"{_places_are(count)} held by nobody"
            case ControlStatus.CONTESTED:
                return f"{_places_are(count)} fought over{f' by {actors}' if actors else ''}"
            case ControlStatus.DISPUTED:
                return f"About {_places(count)} the sources disagree"
        return f"Of {_places(count)} it is not known who holds {'it' if count == 1 else 'them'}"

    # ---- which -------------------------------------------------------------------------------

    def lists(self) -> Iterator[str]:
        """Which places each holds."""
        for group in self._situation.groups:
            yield self._listed(group)
        if silent := self._silent:
            places = spoken_list([self._names.location(each) for each in silent])
            if len(silent) >= MANY:
                places = f"{len(silent):,} places"
            yield f"Nothing that we hold says who controls {places}."

    def _listed(self, group: Group) -> str:
        actors = self._actors(group.actors)
        places = self._places(group)
        match group.status:
            case ControlStatus.HELD:
                return f"{actors} {verb('hold', group.actors)} {places}."
            case ControlStatus.VACANT:
                return f"Nobody holds {places}."
            case ControlStatus.CONTESTED:
                return f"Fought over{f' by {actors}' if actors else ''}: {places}."
            case ControlStatus.DISPUTED:
                return f"The sources disagree about {places}."
        return f"Who holds {places} is not known."

    def _places(self, group: Group) -> str:
        named = [self._place(answer) for answer in group.answers[: self._most]]
        if more := len(group.answers) - len(named):
            named.append(f"{more:,} more")
        if self._is_short:
            return spoken_list(named)
        return f"{_places(len(group.answers))}: {', '.join(named)}"

    def _place(self, answer: Answer) -> str:
        name, verdict = self._names.location(answer.location), answer.verdict
        doubts = []
        if verdict.evidence and verdict.disputed:
            doubts.append("disputed")
        is_said = self._is_short and verdict.status is ControlStatus.UNKNOWN
        if not answer.certain and not is_said:
            doubts.append("not certain")
        doubt = f" ({', '.join(doubts)})" if doubts else ""
        events = (*verdict.evidence, *verdict.lineage)
        silent = (each.event for each in verdict.outweighed)
        cited = self._cite(events or silent) if self._is_short else ""
        return f"{name}{cited}{doubt}"

    @property
    def _silent(self) -> list[LocationId]:
        told = {answer.location for answer in self._situation.places}
        return [each.location for each in self._situation.map if each.location not in told]

    # ---- what is in doubt --------------------------------------------------------------------

    def disputes(self) -> Iterator[str]:
        """The places about which sources disagree, and what each side says."""
        found = [answer for answer in self._situation.places if answer.verdict.disputed]
        yield from at_most(found, self._dispute, _marked)

    def _dispute(self, answer: Answer) -> str:
        verdict = answer.verdict
        sides = [self._side(each) for each in verdict.rivals]
        if verdict.evidence:
            told = f"{self._side(verdict)}; against that: {'; '.join(sides)}"
        else:
            told = "; ".join(sides)
        return f"{self._names.location(answer.location)}: {told}."

    def uncertain(self) -> Iterator[str]:
        """The places whose answer is not certain, and what else may be true."""
        found = [each for each in self._situation.places if not each.certain]
        yield from at_most(found, self._uncertain, _marked)

    def _uncertain(self, answer: Answer) -> str:
        others = [
            self._read(each) + self._cite((*each.told, *each.lineage)) + self._of(around)
            for each, around in answer.possible
        ]
        told = self._read(answer.verdict) + self._cite(answer.verdict.told)
        perhaps = ", or ".join(dict.fromkeys(others))
        return f"{self._names.location(answer.location)}: {told}; perhaps {perhaps}."

    def _of(self, around: LocationId | None) -> str:
        return f", as {self._names.location(around)} was" if around else ""

    # ---- what changed ------------------------------------------------------------------------

    def changes(self) -> Iterator[str]:
        """What changed of late, in the order of time. Of more than MANY changes the last are told
        with their notes, and the earlier ones by what they have in common."""
        differences = self._situation.changes(self._days)
        turns = sorted(turn for each in differences for turn in self._turns(each.after.location))
        earlier = turns[:-FEW] if len(turns) > MANY else []
        alike: dict[tuple[str, str], list[Turn]] = {}
        for turn in earlier:
            alike.setdefault((turn.before, turn.after), []).append(turn)
        for (before, after), these in alike.items():
            days = "; ".join(self._by_day(these[: self._most]))
            more = f"; {left:,} more" if (left := len(these) - self._most) > 0 else ""
            yield f"{before[0].upper()}{before[1:]}, {_then(before, after)}: {days}{more}."
        for turn in turns[len(earlier) :]:
            place, cited = self._names.location(turn.location), self._cite(turn.events)
            told = f"{turn.before}, {_then(turn.before, turn.after)}"
            yield f"{_spoken_day(turn.at)} {place}: {told}{cited}."

    def _by_day(self, turns: Iterable[Turn]) -> Iterator[str]:
        for day, these in groupby(turns, key=lambda turn: _spoken_day(turn.at)):
            yield f"{day} {', '.join(self._names.location(each.location) for each in these)}"

    def _turns(self, location: LocationId) -> Iterator[Turn]:
        """When the answer for a place became another of late. That it became uncertain is no turn;
        the place is told of among those that are."""
        at = self._situation.at
        since = at - self._days * DAY
        before: Verdict | None = None
        for answer in self._situation.timeline(location):
            verdict, start = answer.verdict, answer.period.start
            if start > at:
                break
            if before and start > since and self._read(before) != self._read(verdict):
                was, now = _events(before), _events(verdict)
                events = (
                    *(each for each in was if each not in now),
                    *(each for each in now if each not in was),
                )
                yield Turn(start, location, self._read(before), self._read(verdict), events)
            before = verdict

    # ---- words -------------------------------------------------------------------------------

    def _read(self, verdict: Verdict) -> str:
        disputed = _DISPUTED if verdict.evidence and verdict.disputed else ""
        return f"{self._said(verdict)}{disputed}"

    def _side(self, said: Side | Verdict) -> str:
        return f"{self._said(said)}{self._cite(said.evidence)}"

    def _said(self, said: Side | Verdict) -> str:
        actors = self._actors(said.holders)
        match said.status:
            case ControlStatus.HELD:
                return f"held by {actors}"
            case ControlStatus.CONTESTED:
                return f"fought over by {actors}" if actors else "fought over"
            case ControlStatus.VACANT:
                return "held by nobody"
            case ControlStatus.DISPUTED:
                return "the sources disagree"
        return "not known"

    def _actors(self, actors: Iterable[ActorId]) -> str:
        return spoken_list([self._names.actor(actor) for actor in actors])

    def _cite(self, events: Iterable[EventId]) -> str:
        return self._notes.cite(events)


def at_most(
    found: Sequence[T], told: Callable[[T], str], rest: Callable[[Sequence[T]], str]
) -> Iterator[str]:
    """Each told; of more than MANY only FEW, and the rest together."""
    shown = found if len(found) <= MANY else found[:FEW]
    yield from map(told, shown)
    if len(shown) < len(found):
        yield rest(found[len(shown) :])


def verb(word: str, actors: Sequence[ActorId]) -> str:
    """What several do, or what one does."""
    return word if len(actors) > 1 else f"{word}s"


def _doubts(group: Group) -> str:
    disputed = sum(bool(each.verdict.evidence and each.verdict.disputed) for each in group.answers)
    uncertain = sum(not each.certain for each in group.answers)
    doubts = [
        f"{count:,} {word}"
        for count, word in ((disputed, "disputed"), (uncertain, "not certain"))
        if count
    ]
    return f" ({', '.join(doubts)})" if doubts else ""


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count:,} places"


def _places_are(count: int) -> str:
    return f"{_places(count)} {'is' if count == 1 else 'are'}"


def _marked(rest: Sequence[Answer]) -> str:
    return f"{len(rest):,} more are marked in the lists above."


def _events(verdict: Verdict) -> dict[EventId, None]:
    return dict.fromkeys((*verdict.told, *verdict.lineage))


def _then(before: str, after: str) -> str:
    if after == f"{before}{_DISPUTED}":
        return "then disputed"
    if before == f"{after}{_DISPUTED}":
        return "then no longer"
    return f"then {after}"


def _spoken_day(at: Instant) -> str:
    """From when on: a change counts from the close of its day, or from an hour or an instant."""
    if at % DAY == 0 or (at + 1) % DAY == 0:
        return rfc3339(at)[:10]
    return just_before(at) or rfc3339(at)
