"""How is an answer about control read in a terminal?"""

from collections.abc import Iterator, Sequence
from textwrap import fill, indent

from api.answer import Answer
from api.grounds import Grounds, explanation_of, testimony_of
from domain.claims import ControlStatus
from domain.explanation import Testimony, spoken_moment, spoken_time, spoken_window
from domain.occurred import rfc3339
from domain.statements import Names, spoken_list, statement
from domain.values import EventId
from domain.verdict import RULE, Side, Verdict

_WIDTH = 96


def page(grounds: Grounds, answer: Answer, when: str | None = None) -> str:
    """The answer, what speaks for and against it, and what pins it; `when` says its moment as it
    was asked for, where that is not UTC."""
    return "\n".join(_Page(grounds, answer, when).lines()) + "\n"


class _Page:
    def __init__(self, grounds: Grounds, answer: Answer, when: str | None) -> None:
        self._when = when or spoken_moment(answer.at)
        self._grounds = grounds
        self._answer = answer
        self._names: Names = grounds.names(at=answer.at, known=answer.known.position)
        self._testimony = testimony_of(grounds, answer.period.reading.events, answer.known.position)

    def lines(self) -> Iterator[str]:
        verdict = self._answer.verdict
        yield self._headline()
        yield from self._extent()
        yield from self._uncertainty()
        yield from self._section("Says so", verdict.evidence)
        for side in verdict.rivals:
            yield from self._section(f"Says {_said(side, self._names)}", side.evidence)
        yield from self._section("Counted as the same hands", verdict.lineage)
        yield from self._outweighed()
        yield from ["", "Why:"]
        yield self._paragraph(explanation_of(self._grounds, self._answer))
        yield from ["", *self._basis()]

    def _headline(self) -> str:
        answer = self._answer
        name = self._names.location(answer.location)
        around = answer.inherited_from
        part = f", as part of {self._names.location(around)}" if around else ""
        said = _said(answer.verdict, self._names)
        disputed = ", disputed" if answer.verdict.evidence and answer.verdict.disputed else ""
        return f"{name}{part}, {self._when}: {said}{disputed}"

    def _extent(self) -> Iterator[str]:
        period = self._answer.period
        if period.since:
            until = f", until it changed {spoken_window(period.until)}" if period.until else ""
            yield f"That began {spoken_window(period.since)}{until}."

    def _uncertainty(self) -> Iterator[str]:
        reading = self._answer.period.reading
        if not reading.certain:
            possible = ", or ".join(_said(verdict, self._names) for verdict in reading.possible)
            yield f"Not certain, a change is reported about this time: {possible}."

    def _section(self, title: str, events: Sequence[EventId]) -> Iterator[str]:
        if events:
            yield from ["", f"{title}:"]
            for event in events:
                yield from self._told(self._testimony[event])

    def _told(self, heard: Testimony) -> Iterator[str]:
        event = heard.event
        via = f", by way of {heard.via}" if heard.via else ""
        when = spoken_time(event.occurred)
        published = spoken_time(heard.published).removeprefix("at ")
        yield f"  {heard.grade}  {statement(event, self._names)} {when}"
        yield f"      {heard.source}{via}, published {published}"
        if event.summary:
            yield self._paragraph(event.summary, " " * 6)
        if event.passage:
            yield f"      ({event.passage})"

    def _outweighed(self) -> Iterator[str]:
        if self._answer.verdict.outweighed:
            yield from ["", "Outweighed:"]
        for each in self._answer.verdict.outweighed:
            yield from self._told(self._testimony[each.event])
            later = self._testimony[each.by]
            by = f"{statement(later.event, self._names)} ({later.source}, {later.grade})"
            yield f"      {each.why}: {by}"

    def _basis(self) -> Iterator[str]:
        known = self._answer.known
        recorded_at = self._grounds.entries.recorded_at(known.position)
        recorded = "" if recorded_at is None else f" (recorded {rfc3339(recorded_at)})"
        yield f"Basis: position {known.position}{recorded}, {RULE}"
        yield f"Token: {self._answer.token}"

    def _paragraph(self, text: str, margin: str = "  ") -> str:
        return indent(fill(text, _WIDTH - len(margin), break_on_hyphens=False), margin)


def _said(said: Verdict | Side, names: Names) -> str:
    holders = spoken_list([names.actor(actor) for actor in said.holders])
    match said.status:
        case ControlStatus.HELD:
            return f"held by {holders}"
        case ControlStatus.CONTESTED:
            return f"contested between {holders}" if holders else "contested"
        case ControlStatus.VACANT:
            return "held by nobody"
        case ControlStatus.DISPUTED:
            return "the sources disagree"
    return "unknown"
