"""A place: its registration, the claims on it, its sieges, and the lineage of the actors named."""

from collections.abc import Iterable, Iterator

from domain.amendments import Amendments
from domain.control.claims import Claim, assertion_of
from domain.control.lineage import Lineage, Said, lineage_of
from domain.control.perspective import (
    DEFAULT,
    Admitted,
    Perspective,
    Provenance,
    Revocation,
    last_words,
    live,
)
from domain.control.timeline import END, Timeline
from domain.events import (
    Event,
    EventReinstated,
    LineageEvent,
    LocationRegistered,
    RecordKeeping,
    SituationEvent,
    SourceEnded,
    SourceRegistered,
)
from domain.grades import Grade
from domain.occurred import Instant
from domain.provenance import Provenances
from domain.registry import Entry
from domain.situation.ties import Standing, TieKind, Word, standing, ties_of
from domain.values import EventId, LocationId, LocationKind, SourceId


class Location:
    """The record of one place: its events, and the reports and sources behind them, entry by entry.

    Only `learn` changes the record.
    """

    def __init__(self, location: LocationId) -> None:
        self.location = location
        self._registered: LocationRegistered | None = None
        self.amendments = Amendments()
        self.said: dict[EventId, tuple[int, SituationEvent]] = {}
        self.kinship: dict[EventId, tuple[int, LineageEvent]] = {}
        """The statements on the lineage of actors."""
        self.revoked: list[tuple[int, RecordKeeping]] = []
        self.provenances = Provenances()
        self._sources: dict[SourceId, SourceRegistered] = {}
        self._ends: dict[SourceId, Instant] = {}

    @property
    def registered(self) -> LocationRegistered | None:
        """The registration with all amendments that stand."""
        return self.amendments.read(self._registered) if self._registered else None

    def learn(self, entry: Entry) -> None:
        """Takes in the next entry of the ledger; entries about other places change nothing."""
        self.amendments.learn(entry)
        self.provenances.learn(entry)
        match entry.statement.event:
            case LocationRegistered() as registered if registered.location == self.location:
                self._registered = registered
            case SourceRegistered() as source:
                self._sources[source.source] = source
            case SourceEnded() as over:
                self._ends[over.source] = over.ended.window.latest
            case LineageEvent() as event:
                self.kinship[entry.statement.id] = (entry.position, event)
            case SituationEvent() as event if concerns(event, self.location):
                self.said[entry.statement.id] = (entry.position, event)
            case RecordKeeping() as keeping if keeping.event in {*self.said, *self.kinship}:
                self.revoked.append((entry.position, keeping))

    def claims(self, perspective: Perspective = DEFAULT) -> Admitted:
        """The claims that count from a perspective, in the order of recording."""
        return live(self.claims_made, self._revocations(), perspective)

    def left_out(self, perspective: Perspective) -> int:
        """The number of claims outside a perspective, live or taken back."""
        return sum(not perspective.admits(claim) for claim in self.claims_made)

    @property
    def claims_made(self) -> Iterator[Claim]:
        """Every claim, live or taken back, in the order of recording."""
        kind = self.kind
        for event, heard in self.said.items():
            if claim := self._claim(event, *heard, kind):
                yield claim

    def claim(self, event: EventId) -> Claim | None:
        """The claim that an event makes, live or taken back."""
        return self._claim(event, *self.said[event], self.kind) if event in self.said else None

    @property
    def kind(self) -> LocationKind | None:
        """The registered or amended kind of the place; None before the registration."""
        return registered.kind if (registered := self.registered) else None

    def lineage(self, perspective: Perspective = DEFAULT) -> Lineage:
        """Mergers, splits and memberships of actors, from a perspective."""
        said = (
            Said(
                Word(*tie, event, position, told.occurred.window),
                self.word(told),
                told.credibility,
            )
            for event, (position, told) in self.kinship.items()
            for tie in ties_of(told)
        )
        return lineage_of(said, self._revocations(), perspective)

    def sieges(self, at: Instant) -> list[Standing]:
        """The sieges of the place that stand at an instant of valid time, or may stand."""
        stands = last_words(self._revocations(), DEFAULT)
        words = [
            Word(tie, begins, event, position, told.occurred.window)
            for event, (position, told) in (*self.said.items(), *self.kinship.items())
            if stands.get(event, True)
            for tie, begins in ties_of(told)
            if tie.kind is TieKind.BESIEGES
        ]
        return [each for each in standing(words, at) if each.tie.object == self.location]

    def timeline(self, perspective: Perspective = DEFAULT) -> Timeline:
        """Control of the place, period by period."""
        return Timeline(self.claims(perspective), self.lineage(perspective))

    def word(self, said: SituationEvent | RecordKeeping) -> Provenance:
        """The provenance of a statement, with the grade of the source by now."""
        return self.provenances.of(said)

    def _revocations(self) -> list[Revocation]:
        return [
            Revocation(
                keeping.event, position, isinstance(keeping, EventReinstated), self.word(keeping)
            )
            for position, keeping in self.revoked
        ]

    def _claim(
        self, event: EventId, position: int, said: SituationEvent, kind: LocationKind | None
    ) -> Claim | None:
        asserted = assertion_of(said, kind) if kind else None
        if asserted is None:
            return None
        word = self.word(said)
        report = self.provenances.reports[said.report]
        copied = self.provenances.copied(report)
        root = copied[-1] if copied else report
        return Claim(
            event=event,
            position=position,
            occurred=said.occurred.window,
            published=word.published,
            spoken=root.published.window,
            asserts=asserted,
            origin=word.origin,
            source=word.source,
            report=said.report,
            grade=Grade(word.reliability, said.credibility),
            kept_until=self._kept_until(word.origin),
            copied=tuple(each.report for each in copied),
        )

    def _kept_until(self, source: SourceId) -> Instant | None:
        """The instant until which the source keeps its statements current, if at all."""
        is_continuous = self.amendments.read(self._sources[source]).continuous
        return self._ends.get(source, END) if is_continuous else None


def concerns(event: Event, location: LocationId) -> bool:
    """Whether the event is about the place, rather than one that only names the place."""
    return getattr(event, "location", None) == location


def fold(location: LocationId, entries: Iterable[Entry]) -> Location:
    """The place by these entries, in the order of recording."""
    known = Location(location)
    for entry in entries:
        known.learn(entry)
    return known
