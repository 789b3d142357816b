"""How is a replay told in plain English, so that a court can follow it step by step?

Every word that a step speaks of is named by its source and its position, which is its number.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.events import (
    Amendment,
    EventReinstated,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegraded,
)
from domain.occurred import Instant
from domain.replay import Because, Reason, Step
from domain.values import EventId
from domain.words.explanation import spoken_time
from domain.words.names import Naming, moment_of
from domain.words.statements import spoken_list, statement
from domain.words.verdicts import spoken_answer


@dataclass(frozen=True, slots=True)
class Telling:
    """One step in words."""

    heard: str
    """What was recorded."""
    source: str | None
    """Who says so, with grade and date; None of what is ours."""
    before: str
    after: str
    because: tuple[str, ...]
    """What it did, a sentence for each step of the rule."""


def tell(steps: Iterable[Step], naming: Naming, at: Instant) -> list[Telling]:
    """The steps in words; names are those of the moment that each of them speaks of."""
    told = list(steps)
    return [_Teller(told, naming, at).telling(step) for step in told]


class _Teller:
    def __init__(self, steps: list[Step], naming: Naming, at: Instant) -> None:
        self._steps = {step.entry.statement.id: step for step in steps}
        self._naming = naming
        self._names = naming.at(at)

    def telling(self, step: Step) -> Telling:
        return Telling(
            heard=self._heard(step),
            source=self._source(step),
            before=spoken_answer(step.before.reading, self._names),
            after=spoken_answer(step.after.reading, self._names),
            because=tuple(self._sentence(step, reason) for reason in step.reasons),
        )

    def _heard(self, step: Step) -> str:
        event = step.entry.statement.event
        match event:
            case SituationEvent():
                said = statement(event, self._naming.at(moment_of(event)))
                return f"{said} {spoken_time(event.occurred)}"
            case EventRetracted(replaced_by=None):
                return f"{self._number(event.event)} is taken back: {event.reason}"
            case EventRetracted():
                return f"{self._number(event.event)} is corrected: {event.reason}"
            case EventReinstated():
                return f"{self._number(event.event)} counts again: {event.reason}"
            case SourceRegraded():
                source = self._naming.source(event.source)
                return f"{source} is graded {event.reliability} from now on: {event.reason}"
            case SourceEnded():
                ended = f"{self._naming.source(event.source)} ended {spoken_time(event.ended)}"
                return f"{ended}: from then on its silence says nothing"
            case LocationRegistered():
                return f"{event.name} is registered as a {event.kind}"
            case Amendment():
                return f"{self._amended(event)}: {event.reason}"
        return type(event).__name__

    def _amended(self, event: Amendment) -> str:
        fields = spoken_list([*event.changes])
        match event:
            case LocationAmended(kind=None):
                name = self._naming.place(event.location).name
                return f"{name} is registered otherwise from here on ({fields})"
            case LocationAmended():
                return f"{self._naming.place(event.location).name} is a {event.kind} after all"
            case SourceAmended():
                keeps = "keeps its word current" if event.continuous else "is no continuous source"
                return f"{self._naming.source(event.source)} {keeps} after all"
        return type(event).__name__

    def _source(self, step: Step) -> str | None:
        if step.word is None:
            return None
        by, published = step.word.by, spoken_time(step.word.published)
        grade = f"{by.reliability}{step.word.credibility or ''}"
        via = f", by way of {self._naming.source(by.source)}" if by.source != by.origin else ""
        name = self._naming.source(by.origin)
        return f"{name} ({grade}{via}, published {published})"

    def _sentence(self, step: Step, reason: Reason) -> str:
        match reason.because:
            case Because.REGISTERED:
                return self._registered(step)
            case Because.SILENCES:
                return self._silence(step, reason)
        named = spoken_list([self._voice(event) for event in reason.events])
        return _SENTENCES[reason.because].format(named)

    def _registered(self, step: Step) -> str:
        place = step.entry.statement.event
        assert isinstance(place, LocationRegistered), "what is registered here is the place"
        if place.kind.can_be_held:
            return f"A {place.kind} can be held; nobody has said by whom."
        if place.kind.may_be_controlled:
            return "A region is held only where a source says so of the whole; none has yet."
        return f"A {place.kind} is not held as such: what is said of it asserts no control."

    def _silence(self, step: Step, reason: Reason) -> str:
        silent, *others = reason.events
        this = step.entry.statement.id
        why = reason.why
        assert why is not None, "a word falls silent for a reason"
        told = f"{why.value} (step {why.step})"
        by = others[0] if others else None
        if silent == this:
            return f"It does not count{self._against(by)}: {told}."
        if by == this:
            return f"Because of it {self._voice(silent)} no longer counts: {told}."
        return f"{self._voice(silent)} no longer counts{self._against(by)}: {told}."

    def _against(self, event: EventId | None) -> str:
        return f" beside {self._voice(event)}" if event else ""

    def _voice(self, event: EventId) -> str:
        step = self._steps[event]
        origin = f" ({self._origin(step)})" if step.word else ""
        return f"{self._number(event)}{origin}"

    def _number(self, event: EventId) -> str:
        return f"no. {self._steps[event].entry.position}"

    def _origin(self, step: Step) -> str:
        assert step.word is not None, "only what a source says is a voice"
        return self._naming.source(step.word.by.origin)


_SENTENCES = {
    Because.LATER: "It speaks of a later time than is asked about.",
    Because.COPY: "It copies the report of {}, which speaks for that source already (step 1).",
    Because.LEFT_OUT: "It does not count from the perspective asked for.",
    Because.NEW_VOICE: "Its source had said nothing of the time until then (step 1).",
    Because.CONTINUES: "It continues or corrects what its source said in {} (step 1).",
    Because.OVERTAKEN: "Its source's word in {} speaks instead (step 1).",
    Because.LIGHTER: "Its source had said something better founded in {}, and this does not "
    "replace it (step 1).",
    Because.NO_VOICE: "Its source does not know, and so does not speak for anybody (step 1).",
    Because.SPEAKS: "Nothing keeps {} from counting any more.",
    Because.AGREES: "It agrees with {} (step 6).",
    Because.SAME_HANDS: "By {} these count as one actor, or as a coalition and its "
    "member (steps 5 and 6).",
    Because.PREVAILS: "One side is better founded than the others, by grades or by the number of "
    "sources; it is the answer, disputed (step 6).",
    Because.DISPUTED: "The sources disagree, and no side is better founded than the others "
    "(step 6).",
    Because.STILL_OPEN: "Its time is not over then (step 7).",
    Because.UNCERTAIN: "Other answers are possible for that time: it is not certain (step 7).",
    Because.CERTAIN: "No other answer is possible any more: it is certain (step 7).",
    Because.RETRACTED: "It takes back {}, which counts no longer.",
    Because.REINSTATED: "It reinstates {}, which counts again.",
    Because.REGRADED: "The grade counts for all that the source ever said.",
    Because.ENDED: "Until then its silence meant no change, and from then on it means nothing.",
    Because.AMENDED: "We had registered that wrongly; it counts for all that was ever said.",
    Because.NO_CLAIM: "Of a place that is registered as this one is, it asserts no control.",
    Because.LINEAGE: "It says who is whom among the actors.",
    Because.UNCHANGED: "The answer stays as it was.",
}
