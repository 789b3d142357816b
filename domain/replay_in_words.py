"""How is a replay told in plain English, so that a court can follow it step by step?

Every word that a step speaks of is named by its source and its position, which is its number.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.control import Reading
from domain.events import (
    Amendment,
    EventReinstated,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
    SituationEvent,
    SourceAmended,
    SourceRegraded,
)
from domain.explanation import spoken_silence, spoken_verdict, spoken_window
from domain.naming import Naming, moment_of
from domain.occurred import Instant
from domain.replay import Because, Reason, Step
from domain.statements import Names, spoken_list, statement
from domain.values import EventId


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


def spoken_reading(reading: Reading, names: Names) -> str:
    """The answer in a few words, with what else is possible."""
    if reading.certain:
        return _spoken(reading, names)
    possible = [
        spoken_verdict(verdict, names) if verdict.has_voice else "unknown"
        for verdict in reading.possible
    ]
    return f"{possible[0]}, or perhaps {', or '.join(possible[1:])}"


def _spoken(reading: Reading, names: Names) -> str:
    return spoken_verdict(reading.verdict, names) if reading.verdict.has_voice else "unknown"


class _Teller:
    def __init__(self, steps: list[Step], naming: Naming, at: Instant) -> None:
        self._steps = {step.entry.statement.id: step for step in steps}
        self._naming = naming
        self._names = naming.at(at)

    def telling(self, step: Step) -> Telling:
        return Telling(
            heard=self._heard(step),
            source=self._source(step),
            before=spoken_reading(step.before.reading, self._names),
            after=spoken_reading(step.after.reading, self._names),
            because=tuple(self._sentence(step, reason) for reason in step.reasons),
        )

    def _heard(self, step: Step) -> str:
        event = step.entry.statement.event
        match event:
            case SituationEvent():
                said = statement(event, self._naming.at(moment_of(event)))
                return f"{said} {spoken_window(event.occurred.window)}"
            case EventRetracted(replaced_by=None):
                return f"{self._number(event.event)} is taken back: {event.reason}"
            case EventRetracted():
                return f"{self._number(event.event)} is corrected: {event.reason}"
            case EventReinstated():
                return f"{self._number(event.event)} counts again: {event.reason}"
            case SourceRegraded():
                source = self._naming.source(event.source)
                return f"{source} is graded {event.reliability} from now on: {event.reason}"
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
        by, published = step.word.by, spoken_window(step.word.published.window)
        grade = f"{by.reliability}{step.word.credibility or ''}"
        via = f", by way of {self._naming.source(by.source)}" if by.source != by.origin else ""
        name = self._naming.source(by.origin)
        return f"{name} ({grade}{via}, published {published.removeprefix('at ')})"

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
        return f"A {place.kind} is not held as such: what is said of it asserts no control."

    def _silence(self, step: Step, reason: Reason) -> str:
        silent, by = reason.events
        this = step.entry.statement.id
        why = f"{spoken_silence(reason.why)} (step 2)" if reason.why else "(step 2)"
        if by == this:
            return f"It silences {self._voice(silent)}: {why}."
        if silent == this:
            return f"It is silenced by {self._voice(by)}: {why}."
        return f"{self._voice(by)} silences {self._voice(silent)}: {why}."

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
    Because.NEW_VOICE: "A new voice: its origin had said nothing of the time until then (step 1).",
    Because.CONTINUES: "It continues or corrects what its origin said in {} (step 1).",
    Because.OVERTAKEN: "Its origin's word on a later time, {}, speaks instead (step 1).",
    Because.SPEAKS: "Nothing keeps {} from speaking any more.",
    Because.AGREES: "It agrees with {}: they are one side (step 3).",
    Because.SAME_HANDS: "By {} they count as the same hands (step 3).",
    Because.PREVAILS: "One side prevails, disputed: it has a voice that is better graded than "
    "every voice of the others (step 4).",
    Because.DISPUTED: "The sources disagree, and no side has a voice that is better graded than "
    "every voice of the others (step 4).",
    Because.NO_VOICE: "Its source does not know, and has no voice (step 4).",
    Because.STILL_OPEN: "Its window is still open then: it may or may not have happened (step 5).",
    Because.UNCERTAIN: "What is still open would change the answer: it is not certain (step 5).",
    Because.CERTAIN: "Nothing that is still open would change the answer any more (step 5).",
    Because.RETRACTED: "It takes back {}, which counts no longer.",
    Because.REINSTATED: "It reinstates {}, which counts again.",
    Because.REGRADED: "The grade counts for all that the source ever said.",
    Because.AMENDED: "We had registered that wrongly; it counts for all that was ever said.",
    Because.NO_CLAIM: "Of a place that is registered as this one is, it asserts no control.",
    Because.LINEAGE: "It says who is whom among the actors.",
    Because.UNCHANGED: "The answer stays as it was.",
}
