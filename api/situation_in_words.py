"""How is a situation told, so that a reader can check each claim?

As an account with notes: each statement bears the numbers of the events that it rests on, and each
note says who told of that event, when, how far it is trusted, and where in the report.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.answer import Answer
from api.answers import Answers
from api.situation import LATELY, Alliance, Group, Situation
from domain.claims import ControlStatus
from domain.control import Reading, Side, Verdict
from domain.convoys import ConvoyPhase, ConvoyState
from domain.events import SituationEvent
from domain.explanation import spoken_moment, spoken_window
from domain.humanitarian import OVERLAPS, Displacement, Need
from domain.occurred import Window
from domain.statements import Names, spoken_estimate, spoken_list, spoken_where, statement
from domain.ties import Standing
from domain.values import ActorId, EventId, LocationId

MANY = 25
"""From how many places on those of which nothing is known are only counted."""


@dataclass(frozen=True, slots=True)
class Section:
    """Some statements about one thing."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """An event that the account rests on, and who told of it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """The situation in words."""

    headline: str
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]


def account(answers: Answers, situation: Situation, days: int = LATELY) -> Account:
    """All of it; `days` is how far back "lately" reaches."""
    teller = _Teller(answers, situation, days)
    sections = tuple(teller.sections())
    return Account(teller.headline(), sections, tuple(teller.notes()))


def in_one_text(told: Account) -> str:
    """The account as paragraphs of plain text."""
    parts = [f"{told.headline}."]
    parts += [f"{each.title}: {' '.join(each.lines)}" for each in told.sections]
    parts += [f"[{note.number}] {note.text}" for note in told.notes]
    return "\n".join(parts)


class _Teller:
    def __init__(self, answers: Answers, situation: Situation, days: int) -> None:
        self._answers, self._situation, self._days = answers, situation, days
        self._known = situation.known.position
        self._names: Names = answers.names(at=situation.at, known=self._known)
        self._cited: dict[EventId, int] = {}

    def headline(self) -> str:
        within = self._situation.within
        place = self._names.location(within) if within else "The situation"
        return f"{place}, {spoken_moment(self._situation.at)}, as known at position {self._known}"

    def sections(self) -> Iterator[Section]:
        now = self._situation
        yield _section("Who holds what", "Nothing is said of any place.", self._holdings())
        title = f"Changed in {self._lately}"
        yield _section(title, "No place is said to have changed hands.", self._changes())
        title = f"Said to have happened in {self._lately}"
        yield _section(title, "Nothing.", self._reported())
        yield _section("Convoys", "No convoy is on its way.", map(self._convoy, self._under_way()))
        yield _section("Missions", "No mission is present.", map(self._mission, now.missions))
        yield _section("Sieges", "No place is besieged.", map(self._siege, now.sieges))
        ties = [*map(self._alliance, now.alliances), *map(self._alignment, now.alignments)]
        yield _section("Alliances and patrons", "None is reported.", ties)
        yield _section("Displaced people", "None is reported.", self._displaced(now.displacement))
        yield _section("Need of aid", "None is reported.", map(self._need, now.needs))

    @property
    def _lately(self) -> str:
        return "the day before" if self._days == 1 else f"the {self._days:,} days before"

    # ---- who holds what ----------------------------------------------------------------------

    def _holdings(self) -> Iterator[str]:
        for group in self._situation.groups:
            yield from self._group(group)
        silent = [answer.location for answer in self._situation.map if not answer.verdict.told]
        if silent:
            places = f"{len(silent):,} places"
            if len(silent) < MANY:
                places = spoken_list([self._names.location(each) for each in silent])
            yield f"Nothing that we hold says who controls {places}."

    def _group(self, group: Group) -> Iterator[str]:
        actors = self._actors(group.actors)
        places = spoken_list([self._place(answer) for answer in group.answers])
        match group.status:
            case ControlStatus.HELD:
                yield f"{actors} {_verb('hold', group.actors)} {places}."
            case ControlStatus.VACANT:
                yield f"Nobody holds {places}."
            case ControlStatus.CONTESTED:
                by = f" by {actors}" if actors else ""
                yield f"Fought over{by}: {places}."
            case ControlStatus.DISPUTED:
                for answer in group.answers:
                    sides = "; ".join(self._side(each) for each in answer.verdict.rivals)
                    place = self._names.location(answer.location)
                    yield f"The sources disagree about {place}: {sides}."
            case ControlStatus.UNKNOWN:
                yield f"Who holds {places} is not known."

    def _place(self, answer: Answer) -> str:
        verdict = answer.verdict
        cited = self._cite((*verdict.evidence, *verdict.lineage))
        doubts = []
        if verdict.rivals:
            doubts.append(f"disputed: {'; '.join(self._side(each) for each in verdict.rivals)}")
        if not answer.period.reading.certain:
            doubts.append(f"not certain: {self._possible(answer.period.reading)}")
        doubt = f" ({'; '.join(doubts)})" if doubts else ""
        return f"{self._names.location(answer.location)}{cited}{doubt}"

    def _possible(self, reading: Reading) -> str:
        others = (self._side(each) for each in reading.possible[1:])
        return f"perhaps {', or '.join(others)}"

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
                return "in dispute"
        return "not known"

    def _read(self, reading: Reading) -> str:
        verdict = reading.verdict
        disputed = ", disputed" if verdict.evidence and verdict.disputed else ""
        uncertain = "" if reading.certain else ", not certain"
        return f"{self._said(verdict)}{disputed}{uncertain}"

    def _changes(self) -> Iterator[str]:
        for each in self._situation.changes(self._days):
            place = self._names.location(each.after.location)
            before, after = (self._read(it.period.reading) for it in (each.before, each.after))
            turn = f"{before}, then {after}" if before != after else f"still {after}, on other word"
            yield f"{place}: {turn}{self._cite(each.events)}."

    # ---- who is where, and with whom ---------------------------------------------------------

    def _under_way(self) -> list[ConvoyState]:
        return [each for each in self._situation.convoys() if each.phase is not ConvoyPhase.ARRIVED]

    def _convoy(self, convoy: ConvoyState) -> str:
        owners, since = self._actors(convoy.owners), _since(convoy.since)
        place = self._names.location(convoy.location) if convoy.location else None
        doubt = "" if convoy.certain else " (there may be later word)"
        cited = self._cite(convoy.events)
        match convoy.phase:
            case ConvoyPhase.STALLED:
                foe = f", halted by {self._actors(convoy.halted_by)}" if convoy.halted_by else ""
                return f"A convoy of {owners} is stalled at {place}{foe}, {since}{doubt}{cited}."
            case ConvoyPhase.MOVING:
                goal = convoy.bound_for and self._names.location(convoy.bound_for)
                bound = f", bound for {goal}" if goal else ""
                return f"A convoy of {owners} is moving from {place}{bound}, {since}{doubt}{cited}."
        last = f", last seen at {place}" if place else ""
        return f"Where a convoy of {owners} is, is not known{last}{cited}."

    def _mission(self, standing: Standing) -> str:
        place = LocationId(standing.tie.object)
        return self._tie(standing, f"is {spoken_where(place, self._names)}")

    def _siege(self, standing: Standing) -> str:
        place = self._names.location(LocationId(standing.tie.object))
        return self._tie(standing, f"besieges {place}")

    def _alignment(self, standing: Standing) -> str:
        return self._tie(standing, f"leans on {self._actors([ActorId(standing.tie.object)])}")

    def _tie(self, standing: Standing, what: str) -> str:
        actor, since = self._actors([ActorId(standing.tie.subject)]), _since(standing.since)
        doubt = self._doubt(standing)
        return f"{actor} {what}, {since}{doubt}{self._cite(standing.events)}."

    def _alliance(self, alliance: Alliance) -> str:
        parties, since = self._actors(alliance.parties), _since(alliance.since)
        doubt = self._doubt(alliance)
        return f"{parties} are allies, {since}{doubt}{self._cite(alliance.events)}."

    def _doubt(self, found: Standing | Alliance) -> str:
        if found.certain:
            return ""
        is_begun = found.since.is_over_at(self._situation.at)
        return " (it may have ended)" if is_begun else " (it may not have begun)"

    # ---- who suffers -------------------------------------------------------------------------

    def _displaced(self, figure: Displacement) -> Iterator[str]:
        if figure.people is None:
            return
        many = spoken_estimate(figure.people)
        parts = [f"{spoken_estimate(it.people)}{self._cite(it.counted)}" for it in figure.parts]
        by_part = f", by reports of {spoken_list(parts)}" if parts else self._cite(figure.counted)
        yield f"{many[0].upper()}{many[1:]} people fled{by_part}."
        if figure.left_out:
            left_out = self._cite([event for event, _ in figure.left_out])
            yield f"Left out because they overlap with those{left_out}: {OVERLAPS}"

    def _need(self, need: Need) -> str:
        people = f"{spoken_estimate(need.people)} people" if need.people else "people"
        what = "aid" if need.sector is None else f"aid ({need.sector.replace('-', ' ')})"
        place, since = spoken_where(need.location, self._names), _since(need.since)
        told = f"{people} {place} need {what}, {since}{self._cite(need.events)}."
        return told[0].upper() + told[1:]

    # ---- what was reported -------------------------------------------------------------------

    def _reported(self) -> Iterator[str]:
        for entry in self._situation.reported(self._days):
            event = entry.event
            assert isinstance(event, SituationEvent), "a chronicle tells of situations"
            said = statement(event, self._names)
            when = spoken_window(event.occurred.window)
            told = f"{said[0].upper()}{said[1:]} {when}{self._cite([entry.id])}."
            yield f"{told} {event.summary}" if event.summary else told

    # ---- notes -------------------------------------------------------------------------------

    def notes(self) -> Iterator[Note]:
        testimony = self._answers.testimony(self._cited, self._known)
        entries = self._answers.entries.many(self._cited, known=self._known)
        for event, number in self._cited.items():
            if event not in testimony:
                yield Note(number, f"{type(entries[event].event).__name__}, event {event}.")
                continue
            heard = testimony[event]
            report = self._answers.sources.report(heard.event.report, known=self._known)
            assert report is not None, "an event cites a report that was filed before it"
            said, when = (
                statement(heard.event, self._names),
                spoken_window(heard.event.occurred.window),
            )
            via = f", by way of {heard.via}" if heard.via else ""
            published = spoken_window(heard.published.window)
            passage = f", {heard.event.passage}" if heard.event.passage else ""
            yield Note(
                number,
                f"{said[0].upper()}{said[1:]} {when}. {heard.source}{via}, {heard.grade}, "
                f"“{report.title}”, published {published}{passage}. Event {event}.",
            )

    def _cite(self, events: Iterable[EventId]) -> str:
        numbers = [self._cited.setdefault(event, len(self._cited) + 1) for event in events]
        return f" [{', '.join(map(str, dict.fromkeys(numbers)))}]" if numbers else ""

    def _actors(self, actors: Iterable[ActorId]) -> str:
        return spoken_list([self._names.actor(actor) for actor in actors])


def _section(title: str, nothing: str, lines: Iterable[str]) -> Section:
    return Section(title, tuple(lines) or (nothing,))


def _verb(word: str, actors: Sequence[ActorId]) -> str:
    return word if len(actors) > 1 else f"{word}s"


def _since(window: Window) -> str:
    words = spoken_window(window)
    for preposition in ("on ", "in ", "at "):
        words = words.removeprefix(preposition)
    return f"since {words.replace('between ', 'some time between ')}"
