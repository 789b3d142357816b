"""The replay of a place in plain English, step by step.

A statement is named by its source and its position, the number of its entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.events import LocationRegistered
from domain.occurred import Instant
from domain.replay import Effect, EntryEffect, PlaceStep
from domain.values import EventId
from domain.words.entries import EntryWords
from domain.words.names import Naming
from domain.words.statements import spoken_list
from domain.words.verdicts import spoken_answer


@dataclass(frozen=True, slots=True)
class PlaceStepWords:
    """A step in words."""

    heard: str
    """The content of the entry."""
    source: str | None
    """The source with its grade and date; None for our own registrations and amendments."""
    before: str
    after: str
    because: tuple[str, ...]
    """A sentence for each effect of the entry."""


def tell(steps: Iterable[PlaceStep], naming: Naming, at: Instant) -> list[PlaceStepWords]:
    """The steps in words; each event is told with the names of its own time."""
    told = list(steps)
    words = _PlaceReplayWords(told, naming, at)
    return [words.of(step) for step in told]


class _PlaceReplayWords:
    """The words for every step of one replay."""

    def __init__(self, steps: list[PlaceStep], naming: Naming, at: Instant) -> None:
        self._entries = EntryWords(steps, naming)
        self._names = naming.at(at)

    def of(self, step: PlaceStep) -> PlaceStepWords:
        return PlaceStepWords(
            heard=self._entries.heard(step),
            source=self._entries.source(step),
            before=spoken_answer(step.before.reading, self._names),
            after=spoken_answer(step.after.reading, self._names),
            because=tuple(self._sentence(step, effect) for effect in step.effects),
        )

    def _sentence(self, step: PlaceStep, effect: EntryEffect) -> str:
        match effect.effect:
            case Effect.REGISTERED:
                return self._registered(step)
            case Effect.SILENCES:
                return self._silence(step, effect)
        named = spoken_list([self._entries.voice(event) for event in effect.events])
        return SENTENCES[effect.effect].format(named)

    def _registered(self, step: PlaceStep) -> str:
        place = step.entry.statement.event
        assert isinstance(place, LocationRegistered), "the registration is that of the place"
        if place.kind.can_be_held:
            return f"A {place.kind} can be held; nobody has said by whom."
        if place.kind.may_be_controlled:
            return "A region is held only where a source says so of the whole; none has yet."
        return f"A {place.kind} is not held as such: what is said of it asserts no control."

    def _silence(self, step: PlaceStep, effect: EntryEffect) -> str:
        silent, *others = effect.events
        this = step.entry.statement.id
        why = effect.why
        assert why is not None, "a voice falls silent for a reason"
        told = f"{why.value} (step {why.step})"
        by = others[0] if others else None
        if silent == this:
            return f"It does not count{self._against(by)}: {told}."
        if by == this:
            return f"Because of it {self._entries.voice(silent)} no longer counts: {told}."
        return f"{self._entries.voice(silent)} no longer counts{self._against(by)}: {told}."

    def _against(self, event: EventId | None) -> str:
        return f" beside {self._entries.voice(event)}" if event else ""


SENTENCES = {
    Effect.LATER: "It speaks of a later time than is asked about.",
    Effect.COPY: "It copies the report of {}, which speaks for that source already (step 1).",
    Effect.LEFT_OUT: "It does not count from the perspective asked for.",
    Effect.NEW_VOICE: "Its source had said nothing of the time until then (step 1).",
    Effect.CONTINUES: "It continues or corrects what its source said in {} (step 1).",
    Effect.OVERTAKEN: "Its source's word in {} speaks instead (step 1).",
    Effect.LIGHTER: "Its source had said something better founded in {}, and this does not "
    "replace it (step 1).",
    Effect.NO_VOICE: "Its source does not know, and so does not speak for anybody (step 1).",
    Effect.SPEAKS: "Nothing keeps {} from counting any more.",
    Effect.AGREES: "It agrees with {} (step 6).",
    Effect.SAME_HANDS: "By {} these count as one actor, or as a coalition and its "
    "member (steps 5 and 6).",
    Effect.PREVAILS: "One side is better founded than the others, by grades or by the number of "
    "sources; it is the answer, disputed (step 6).",
    Effect.DISPUTED: "The sources disagree, and no side is better founded than the others "
    "(step 6).",
    Effect.STILL_OPEN: "Its time is not over then (step 7).",
    Effect.UNCERTAIN: "Other answers are possible for that time: it is not certain (step 7).",
    Effect.CERTAIN: "No other answer is possible any more: it is certain (step 7).",
    Effect.RETRACTED: "It takes back {}, which counts no longer.",
    Effect.REINSTATED: "It reinstates {}, which counts again.",
    Effect.REGRADED: "The grade counts for all that the source ever said.",
    Effect.ENDED: "Until then its silence meant no change, and from then on it means nothing.",
    Effect.AMENDED: "We had registered that wrongly; it counts for all that was ever said.",
    Effect.NO_CLAIM: "Of a place that is registered as this one is, it asserts no control.",
    Effect.LINEAGE: "It says who is whom among the actors.",
    Effect.UNCHANGED: "The answer stays as it was.",
}
