"""The holders of places in words, be it of five places or of five thousand.

First the number of places of each holder, then their names; disputed and uncertain places with
all readings; and the latest changes with their dates. Beyond `many` places the lists have names
without notes, and of long lists the first items.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from api.answers.basis import Answer
from api.answers.footnotes import Footnotes
from api.answers.situation import ControlGroup, Situation
from api.answers.turning_times import spoken_turn
from domain.control.claims import ControlStatus
from domain.control.verdict import Period, Side, Verdict
from domain.occurred import DAY, Instant, Window
from domain.texts import counted
from domain.values import EventId, LocationId
from domain.words.statements import Names, spoken_list
from domain.words.verdicts import (
    DISSENT,
    spoken_account,
    spoken_count,
    spoken_dissent,
    spoken_list_of,
)


class Excerpt(NamedTuple):
    """The lengths of a long list in writing."""

    many: int
    """The most statements that a section writes out in full."""
    few: int
    """The number of statements written out of a longer list; the rest are counted."""
    named: int
    """The most places that are all named; of more places, `many` of each holder."""


WHOLE = Excerpt(many=25, few=10, named=1_000)
BRIEF = Excerpt(many=8, few=5, named=25)
"""Five hundred places make a page."""
NAMES_OF_A_KIND = 4
"""The most places named on a brief page for a kind of change."""

T = TypeVar("T")


class Turn(NamedTuple):
    """A change of the answer for a place."""

    at: Instant
    location: LocationId
    when: str
    """The time of the change in words."""
    before: str
    after: str
    events: tuple[EventId, ...]
    """The events behind one of the two answers only."""


class Holdings:
    """The holders of places in a situation, in sentences."""

    def __init__(
        self,
        situation: Situation,
        names: Names,
        notes: Footnotes,
        days: int,
        *,
        excerpt: Excerpt = WHOLE,
        zone: str | None = None,
    ) -> None:
        self._situation, self._days, self._zone = situation, days, zone
        self._names, self._notes, self._excerpt = names, notes, excerpt
        count = len(situation.places)
        self._is_short = count <= WHOLE.many
        self._most = count if count <= excerpt.named else excerpt.many

    # ---- how many ----------------------------------------------------------------------------

    def figures(self) -> Iterator[str]:
        """The number of places of each holder; the holder of most places comes first."""
        groups, many = self._situation.groups, self._excerpt.many
        for group in groups[:many]:
            yield f"{self._counted(group)}{_doubts(group)}."
        if rest := groups[many:]:
            places = sum(len(group.answers) for group in rest)
            yield f"{_places_are(places)} in {len(rest):,} smaller groups."
        if groups and (silent := len(self._silent)):
            yield f"Of {_places(silent)} nothing is said."

    def _counted(self, group: ControlGroup) -> str:
        return spoken_count(group.status, group.actors, len(group.answers), self._names)

    # ---- which -------------------------------------------------------------------------------

    def lists(self) -> Iterator[str]:
        """The places of each holder."""
        groups, many = self._situation.groups, self._excerpt.many
        shown = groups if len(groups) <= many or self._excerpt is WHOLE else groups[:many]
        yield from map(self._listed, shown)
        if rest := len(groups) - len(shown):
            yield f"The places of {rest:,} smaller groups are not named here."
        if silent := self._silent:
            places = spoken_list([self._names.location(each) for each in silent])
            if len(silent) >= many:
                places = f"{len(silent):,} places"
            yield f"No report says who controls {places}."

    def _listed(self, group: ControlGroup) -> str:
        if group.status is ControlStatus.UNKNOWN and not self._is_short:
            return f"{self._counted(group)}: {self._named(group)}."
        return f"{spoken_list_of(group.status, group.actors, self._places(group), self._names)}."

    def _places(self, group: ControlGroup) -> str:
        if self._is_short:
            return spoken_list([self._place(answer) for answer in group.answers])
        return f"{_places(len(group.answers))}: {self._named(group)}"

    def _named(self, group: ControlGroup) -> str:
        named = [self._place(answer) for answer in group.answers[: self._most]]
        if more := len(group.answers) - len(named):
            return f"{', '.join(named)} and {more:,} more"
        return ", ".join(named)

    def _place(self, answer: Answer) -> str:
        name, verdict = self._names.location(answer.location), answer.verdict
        doubts = []
        if spoken_dissent(verdict):
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
        """The places about which sources disagree, and the statement of each side."""
        found = [answer for answer in self._situation.places if answer.told.disputed]
        yield from at_most(found, self._dispute, self._marked, self._excerpt)

    def _dispute(self, answer: Answer) -> str:
        verdict = answer.verdict
        sides = [self._side(each) for each in verdict.rivals]
        if verdict.evidence:
            told = f"{self._side(verdict)}; against that: {'; '.join(sides)}"
        else:
            told = "; ".join(sides)
        return f"{self._names.location(answer.location)}: {told}."

    def uncertain(self) -> Iterator[str]:
        """The places with an uncertain answer, and the other possible answers."""
        found = [each for each in self._situation.places if not each.certain]
        yield from at_most(found, self._uncertain, self._marked, self._excerpt)

    def _uncertain(self, answer: Answer) -> str:
        others = [
            self._read(each) + self._cite((*each.told, *each.lineage)) + self._of(around)
            for each, around in answer.possible
        ]
        told = self._read(answer.verdict) + self._cite(answer.verdict.told)
        perhaps = ", or ".join(dict.fromkeys(others))
        return f"{self._names.location(answer.location)}: {told}; perhaps {perhaps}."

    def _marked(self, rest: Sequence[Answer]) -> str:
        if self._excerpt is WHOLE:
            return f"{len(rest):,} more are marked in the lists above."
        return not_listed(rest)

    def _of(self, around: LocationId | None) -> str:
        return f", as {self._names.location(around)} was" if around else ""

    # ---- what changed ------------------------------------------------------------------------

    def changes(self) -> Iterator[str]:
        """The latest changes in the order of time; more than `many` changes are grouped by kind,
        with the notes of the last."""
        differences = self._situation.changes(self._days)
        turns = sorted(turn for each in differences for turn in self._turns(each.after.location))
        if len(turns) <= self._excerpt.many:
            yield from map(self._turn, turns)
            return
        alike: dict[tuple[str, str], list[Turn]] = {}
        for turn in turns:
            alike.setdefault((turn.before, turn.after), []).append(turn)
        kinds = sorted(alike.values(), key=len, reverse=True)
        noted = turns[-self._excerpt.few :]
        yield f"{len(turns):,} changes of {_places(len({turn.location for turn in turns}))}."
        shown = kinds if self._excerpt is WHOLE else kinds[: self._excerpt.many]
        for these in shown:
            yield self._kind(these, noted)
        if rest := kinds[len(shown) :]:
            yield f"{sum(map(len, rest)):,} changes of {len(rest):,} other kinds."

    def _turn(self, turn: Turn) -> str:
        place, cited = self._names.location(turn.location), self._cite(turn.events)
        return f"{turn.when} {place}: {turn.before}, {_then(turn.before, turn.after)}{cited}."

    def _kind(self, turns: Sequence[Turn], noted: Sequence[Turn]) -> str:
        """Changes between the same two answers: their number, and the days of the last changes."""
        most = NAMES_OF_A_KIND if self._excerpt is BRIEF else self._most
        before, after = turns[0].before, turns[0].after
        what = f"{before[0].upper()}{before[1:]}, {_then(before, after)}"
        last = turns[-most:]
        more = f" and {len(turns) - most:,} earlier" if len(turns) > most else ""
        return f"{what}, {_times(len(turns))}: {'; '.join(self._by_day(last, noted))}{more}."

    def _by_day(self, turns: Iterable[Turn], noted: Sequence[Turn]) -> Iterator[str]:
        for when, these in groupby(turns, key=lambda turn: turn.when):
            places = [
                self._names.location(turn.location)
                + (self._cite(turn.events) if turn in noted else "")
                for turn in these
            ]
            yield f"{when} {', '.join(places)}"

    def _turns(self, location: LocationId) -> Iterator[Turn]:
        """The latest changes of the answer for a place. A new uncertainty is no turn: uncertain
        places have their own list."""
        at = self._situation.basis.at
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
                when = spoken_turn(start, _last_report(answer.period), self._zone)
                yield Turn(start, location, when, self._read(before), self._read(verdict), events)
            before = verdict

    # ---- words -------------------------------------------------------------------------------

    def _read(self, verdict: Verdict) -> str:
        return f"{spoken_account(verdict, self._names)}{spoken_dissent(verdict)}"

    def _side(self, said: Side | Verdict) -> str:
        return f"{spoken_account(said, self._names)}{self._cite(said.evidence)}"

    def _cite(self, events: Iterable[EventId]) -> str:
        return self._notes.cite(events)


def at_most(
    found: Sequence[T],
    told: Callable[[T], str],
    rest: Callable[[Sequence[T]], str],
    excerpt: Excerpt,
) -> Iterator[str]:
    """Each item told; of more than `many` only a few, and the rest together."""
    shown = found if len(found) <= excerpt.many else found[: excerpt.few]
    yield from map(told, shown)
    if len(shown) < len(found):
        yield rest(found[len(shown) :])


def not_listed(rest: Sequence[object]) -> str:
    """The number of items left out of a list."""
    return f"{len(rest):,} more are not listed here."


def _doubts(group: ControlGroup) -> str:
    disputed = sum(bool(spoken_dissent(each.verdict)) for each in group.answers)
    uncertain = sum(not each.certain for each in group.answers)
    doubts = [
        f"{count:,} {word}"
        for count, word in ((disputed, "disputed"), (uncertain, "not certain"))
        if count
    ]
    return f" ({', '.join(doubts)})" if doubts else ""


def _places(count: int) -> str:
    return counted(count, "place")


def _places_are(count: int) -> str:
    return f"{_places(count)} {'is' if count == 1 else 'are'}"


def _events(verdict: Verdict) -> dict[EventId, None]:
    return dict.fromkeys((*verdict.told, *verdict.lineage))


def _then(before: str, after: str) -> str:
    if after == f"{before}{DISSENT}":
        return "then disputed"
    if before == f"{after}{DISSENT}":
        return "then no longer"
    return f"then {after}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _last_report(period: Period) -> Window | None:
    """The window of the report with which the period begins."""
    windows = (period.last_heard, period.since)
    return next((each for each in windows if each and each.latest - 1 == period.start), None)
