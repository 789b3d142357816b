"""A situation as an account with footnotes, so that a reader can check each claim.

Each statement bears the numbers of its events; each note gives source, date, grade and place in the
report. Counts come first, and empty sections are left out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.answers.answers import Answers
from api.answers.footnotes import Footnote, Footnotes
from api.answers.holdings_text import BRIEF, WHOLE, Holdings, T, at_most, not_listed
from api.answers.perspective import perspective_words
from api.answers.situation import LATELY, Alliance, Situation
from domain.events import SituationEvent
from domain.situation.convoys import ConvoyPhase, ConvoyState
from domain.situation.people import OVERLAPS, Displacement, Need
from domain.situation.ties import Standing
from domain.texts import escaped, in_one_line
from domain.values import ActorId, EventId, LocationId
from domain.words.explanation import spoken_moment
from domain.words.relations import spoken_convoy, spoken_since
from domain.words.statements import Names, spoken_estimate, spoken_list, spoken_where
from projections.entries import EntryRow


@dataclass(frozen=True, slots=True)
class Section:
    """Statements under one title."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """The situation in words."""

    headline: str
    sections: tuple[Section, ...]
    notes: tuple[Footnote, ...]


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
    """The account; `days` is the reach of "lately". `when`, `published_by` and `zone` give moment,
    day of publication and clocks in the words of the question, where not UTC. A `brief` account
    makes a page: without notes, and of long lists the first few."""
    writer = _AccountWriter(answers, situation, days, brief, zone)
    sections = tuple(writer.sections())
    headline = writer.headline(when or spoken_moment(situation.basis.at), published_by)
    return Account(headline, sections, tuple(writer.notes))


def in_one_text(told: Account) -> str:
    """The account as paragraphs of plain text."""
    parts = [f"{told.headline}."]
    parts += [f"{each.title}: {' '.join(each.lines)}" for each in told.sections]
    parts += [f"[{note.number}] {note.text}" for note in told.notes]
    return "\n".join(map(escaped, parts))


class _AccountWriter:
    def __init__(
        self, answers: Answers, situation: Situation, days: int, brief: bool, zone: str | None
    ) -> None:
        self._situation, self._days = situation, days
        self._excerpt = BRIEF if brief else WHOLE
        self._sources = answers.sources
        self._names: Names = answers.names(situation.basis)
        self.notes = Footnotes(answers, situation.basis, cites=not brief)
        self._holdings = Holdings(
            situation, self._names, self.notes, days, excerpt=self._excerpt, zone=zone
        )

    def headline(self, when: str, published_by: str | None) -> str:
        now = self._situation
        place = self._names.location(now.within) if now.within else "The situation"
        whose = perspective_words(self._sources, now.basis, published_by)
        by = f", {whose}" if whose else ""
        return f"{place}, {when}{by}, as known at position {now.basis.position}"

    def sections(self) -> Iterator[Section]:
        """The sections with a statement; without any, a section on the lack of reports."""
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
        told = spoken_convoy(convoy, self._names)
        is_doubtful = not convoy.certain and convoy.phase is not ConvoyPhase.UNKNOWN
        doubt = " (there may be later word)" if is_doubtful else ""
        return f"{told[0].upper()}{told[1:]}{doubt}{self._cite(convoy.events)}."

    def _mission(self, standing: Standing) -> str:
        place = LocationId(standing.tie.object)
        return self._tie(standing, f"is {spoken_where(place, self._names)}")

    def _siege(self, standing: Standing) -> str:
        place = self._names.location(LocationId(standing.tie.object))
        return self._tie(standing, f"besieges {place}")

    def _alignment(self, standing: Standing) -> str:
        return self._tie(standing, f"leans on {self._actors([ActorId(standing.tie.object)])}")

    def _tie(self, standing: Standing, what: str) -> str:
        actor, since = self._actors([ActorId(standing.tie.subject)]), spoken_since(standing.since)
        doubt = self._doubt(standing)
        return f"{actor} {what}, {since}{doubt}{self._cite(standing.events)}."

    def _alliance(self, alliance: Alliance) -> str:
        parties, since = self._actors(alliance.parties), spoken_since(alliance.since)
        doubt = self._doubt(alliance)
        return f"{parties} are allies, {since}{doubt}{self._cite(alliance.events)}."

    def _doubt(self, found: Standing | Alliance) -> str:
        if found.certain:
            return ""
        is_begun = found.since.is_over_at(self._situation.basis.at)
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
        place, since = spoken_where(need.location, self._names), spoken_since(need.since)
        told = f"{people} {place} need {what}, {since}{self._cite(need.events)}."
        return told[0].upper() + told[1:]

    # ---- what was reported -------------------------------------------------------------------

    def _reported(self) -> Iterator[str]:
        found = self._situation.reported(self._days)
        many, few, _ = self._excerpt
        shown = found if len(found) <= many else found[-few:]
        if len(shown) < len(found):
            yield f"{len(found):,} events; the last {len(shown)} of them:"
        yield from map(self._event, shown)

    def _event(self, entry: EntryRow) -> str:
        event = entry.event
        assert isinstance(event, SituationEvent), "a chronicle tells of situations"
        told = f"{self.notes.told(event)}{self._cite([entry.id])}."
        has_summary = event.summary and self._excerpt is WHOLE
        return f"{told} {in_one_line(event.summary or '')}" if has_summary else told

    # ---- words -------------------------------------------------------------------------------

    def _each(self, found: Sequence[T], told: Callable[[T], str]) -> Iterator[str]:
        return at_most(found, told, not_listed, self._excerpt)

    def _cite(self, events: Iterable[EventId]) -> str:
        return self.notes.cite(events)

    def _actors(self, actors: Iterable[ActorId]) -> str:
        return spoken_list([self._names.actor(actor) for actor in actors])
