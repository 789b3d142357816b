"""An answer about control as text for a terminal."""

from collections.abc import Iterator, Sequence

from api.answers.availability import available_in_words
from api.answers.basis import Answer
from api.answers.perspective import perspective_words
from api.answers.sources import AnswerSources, around_in_words, spoken_basis, testimony_of
from api.commands.print.terminal import paragraph, wrapped
from domain.control.verdict import Silenced
from domain.texts import in_one_line
from domain.values import EventId
from domain.words.explanation import (
    Testimony,
    spoken_dispute,
    spoken_extent,
    spoken_moment,
    spoken_time,
    spoken_uncertainty,
    times_of,
)
from domain.words.statements import Names
from domain.words.verdicts import spoken_title


def answer_lines(
    sources: AnswerSources, answer: Answer, when: str | None = None, published_by: str | None = None
) -> Iterator[str]:
    """The answer, the statements for and against, and the basis; `when` and `published_by` give
    moment and day of publication in the words of the question, where not UTC."""
    return _AnswerPage(sources, answer, when, published_by).lines()


class _AnswerPage:
    def __init__(
        self, sources: AnswerSources, answer: Answer, when: str | None, published_by: str | None
    ) -> None:
        self._when = when or spoken_moment(answer.basis.at)
        self._published_by = published_by
        self._sources = sources
        self._answer = answer
        self._names: Names = sources.names(answer.basis)
        self._testimony = testimony_of(sources, answer.events, answer.basis)

    def lines(self) -> Iterator[str]:
        verdict = self._answer.verdict
        yield self._headline()
        times = times_of(self._testimony.values())
        yield from spoken_extent(self._answer.basis.at, self._answer.period, times)
        yield from self._uncertainty()
        for each in available_in_words(self._sources, self._answer, self._names, "--inherit"):
            yield from wrapped(each)
        yield from self._section("Says so", verdict.evidence)
        for side in verdict.rivals:
            yield from self._section(f"Says {spoken_title(side, self._names)}", side.evidence)
        yield from self._section("Who counts as whom", verdict.lineage)
        yield from self._outweighed()
        if why := " ".join(spoken_dispute(verdict, self._testimony)):
            yield from ["", "Why:", *wrapped(why, "  ", "  ")]
        yield from ["", spoken_basis(self._sources, self._answer.basis)]
        yield f"Token: {self._answer.token}"

    def _headline(self) -> str:
        answer = self._answer
        name = self._names.location(answer.location)
        around = answer.inherited_from
        part = f", as part of {self._names.location(around)}" if around else ""
        said = spoken_title(answer.verdict, self._names)
        whose = perspective_words(self._sources.sources, answer.basis, self._published_by)
        by = f", {whose}" if whose else ""
        return f"{name}{part}, {self._when}{by}: {said}"

    def _uncertainty(self) -> Iterator[str]:
        answer = self._answer
        told = [
            *spoken_uncertainty(answer.basis.at, answer.period, self._testimony, self._names),
            *around_in_words(answer, self._names),
        ]
        for each in told:
            yield from wrapped(each)

    def _section(self, title: str, events: Sequence[EventId]) -> Iterator[str]:
        if events:
            yield from ["", f"{title}:"]
            for event in events:
                yield from self._told(self._testimony[event])

    def _told(self, heard: Testimony) -> Iterator[str]:
        event = heard.event
        via = f", by way of {heard.via}" if heard.via else ""
        when = spoken_time(event.occurred)
        published = spoken_time(heard.published)
        yield f"  {heard.grade}  {heard.said} {when}"
        yield f"      {heard.source}{via}, published {published}"
        if event.summary:
            yield from paragraph(event.summary, " " * 6)
        if event.passage:
            yield f"      ({in_one_line(event.passage)})"

    def _outweighed(self) -> Iterator[str]:
        # Whoever does not know is the evidence of an unknown answer, and was told above.
        verdict = self._answer.verdict
        outweighed = [each for each in verdict.outweighed if each.event not in verdict.evidence]
        if outweighed:
            yield from ["", "Outweighed:"]
        for each in outweighed:
            yield from self._told(self._testimony[each.event])
            yield from wrapped(self._why(each), " " * 6, " " * 6)

    def _why(self, silenced: Silenced) -> str:
        why = f"It does not count: {silenced.why.value}"
        if silenced.by is None:
            return f"{why}."
        other = self._testimony[silenced.by]
        return f"{why}: {other.said} ({other.source}, {other.grade})."
