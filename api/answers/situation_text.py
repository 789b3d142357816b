"""How is a situation told, so that a reader can check each claim?

As an account with notes: each statement bears the numbers of the events that it rests on, and each
note says who told of that event, when, how far it is trusted, and where in the report. Counts come
first, and what there is nothing to say about is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.answers.answers import Answers
from api.answers.footnotes import Note, Notes
from api.answers.holdings_text import BRIEF, WHOLE, Holdings, T, at_most, not_listed
from api.answers.perspective import whose_word
from api.answers.situation import LATELY, Alliance, Situation
from domain.events import SituationEvent
from domain.occurred import Window
from domain.situation.convoys import ConvoyPhase, ConvoyState
from domain.situation.people import OVERLAPS, Displacement, Need
from domain.situation.ties import Standing
from domain.values import ActorId, EventId, LocationId
from domain.words.explanation import spoken_moment, spoken_window
from domain.words.statements import Names, spoken_estimate, spoken_list, spoken_where
from projections.entries import EntryRow


@dataclass(frozen=True, slots=True)
class Section:
    """Some statements about one thing."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """The situation in words."""

    headline: str
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]


def account(
    answers: Answers,
    situation: Situation,
    days: int = LATELY,
    *,
    brief: bool = False,
    when: str | None = None,
    published_by: str | None = None,
    zone: str | None = None,
) -> Account:
    """All of it; `days` is how far back "lately" reaches, `when` says the moment as it was asked
    for, where that is not UTC, `published_by` likewise, and `zone` by which clocks. A `brief` one
    makes a page: it has no notes, and of long lists the first few."""
    teller = _Teller(answers, situation, days, brief, zone)
    sections = tuple(teller.sections())
    headline = teller.headline(when or spoken_moment(situation.at), published_by)
    return Account(headline, sections, tuple(teller.notes))


def in_one_text(told: Account) -> str:
    """The account as paragraphs of plain text."""
    parts = [f"{told.headline}."]
    parts += [f"{each.title}: {' '.join(each.lines)}" for each in told.sections]
    parts += [f"[{note.number}] {note.text}" for note in told.notes]
    return "\n".join(parts)


class _Teller:
    def __init__(
        self, answers: Answers, situation: Situation, days: int, brief: bool, zone: str | None
    ) -> None:
        self._situation, self._days = situation, days
        self._size = BRIEF if brief else WHOLE
        self._sources = answers.sources
        known = situation.known.position
        self._names: Names = answers.names(at=situation.at, known=known)
        self.notes = Notes(answers, known, cites=not brief)
        self._holdings = Holdings(
            situation, self._names, self.notes, days, size=self._size, zone=zone
        )

    def headline(self, when: str, published_by: str | None) -> str:
        now = self._situation
        place = self._names.location(now.within) if now.within else "The situation"
        known = now.known.position
        whose = whose_word(self._sources, now.perspective, known, published_by)
        by = f", {whose}" if whose else ""
        return f"{place}, {when}{by}, as known at position {known}"

    def sections(self) -> Iterator[Section]:
        """Those in which there is anything to say; or one that says that there is nothing."""
        found = [Section(title, lines) for title, told in self._parts() if (lines := tuple(told()))]
        yield from found or [Section("Nothing is known", ("No report speaks of it.",))]

    def _parts(self) -> Iterator[tuple[str, Callable[[], Iterable[str]]]]:
        now, held = self._situation, self._holdings
        yield "How many places", held.figures
        yield "Who holds what", held.lists
        yield "Disputed", held.disputes
        yield "Not certain", held.uncertain
        yield f"Changed in {self._lately}", held.changes
        yield f"Said to have happened in {self._lately}", self._reported
        yield "Convoys", lambda: self._each(self._under_way(), self._convoy)
        yield "Missions", lambda: self._each(now.missions, self._mission)
        yield "Sieges", lambda: self._each(now.sieges, self._siege)
        yield "Alliances", lambda: self._each(now.alliances, self._alliance)
        yield "Patrons", lambda: self._each(now.alignments, self._alignment)
        yield "Displaced people", lambda: self._displaced(now.displacement)
        yield "Need of aid", lambda: self._each(now.needs, self._need)

    @property
    def _lately(self) -> str:
        return "the day before" if self._days == 1 else f"the {self._days:,} days before"

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
        found = self._situation.reported(self._days)
        many, few, _ = self._size
        shown = found if len(found) <= many else found[-few:]
        if len(shown) < len(found):
            yield f"{len(found):,} events; the last {len(shown)} of them:"
        yield from map(self._event, shown)

    def _event(self, entry: EntryRow) -> str:
        event = entry.event
        assert isinstance(event, SituationEvent), "a chronicle tells of situations"
        told = f"{self.notes.told(event)}{self._cite([entry.id])}."
        return f"{told} {event.summary}" if event.summary and self._size is WHOLE else told

    # ---- words -------------------------------------------------------------------------------

    def _each(self, found: Sequence[T], told: Callable[[T], str]) -> Iterator[str]:
        return at_most(found, told, not_listed, self._size)

    def _cite(self, events: Iterable[EventId]) -> str:
        return self.notes.cite(events)

    def _actors(self, actors: Iterable[ActorId]) -> str:
        return spoken_list([self._names.actor(actor) for actor in actors])


def _since(window: Window) -> str:
    words = spoken_window(window)
    for preposition in ("on ", "in ", "at "):
        words = words.removeprefix(preposition)
    return f"since {words.replace('between ', 'some time between ')}"
