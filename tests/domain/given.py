"""given(claims).ask(day): a question, checked against the answer in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.control.claims import Claim, ControlStatus
from domain.control.lineage import Lineage
from domain.control.timeline import Timeline
from domain.control.verdict import Period, Reading, Side, Silence, Verdict
from domain.events import LineageEvent
from domain.occurred import Instant, parse_moment
from domain.situation.ties import Word
from domain.values import EventId, SourceId
from tests.domain.builders import event_id, text_of
from tests.domain.control import oracle
from tests.domain.control.naive_place import ties_on_lineage


def given(*claims: Claim) -> "Given":
    """The claims, in the order of recording. A claim without a source has a source of its own."""
    return Given([_placed(claim, position) for position, claim in enumerate(claims, 1)])


def _placed(claim: Claim, position: int) -> Claim:
    origin = claim.origin or SourceId(f"source-{position}")
    source = claim.source or origin
    event = EventId(f"{position}. {origin}")
    return replace(claim, event=event, position=position, origin=origin, source=source)


@dataclass(frozen=True)
class Given:
    claims: list[Claim]
    kin: tuple[Word, ...] = ()

    @property
    def lineage(self) -> Lineage:
        return Lineage(self.kin)

    def where(self, *events: LineageEvent) -> "Given":
        """Adds statements on lineage; each event by its number, from 1001 on."""
        words = [
            Word(*tie, event_id(number), number, event.occurred.window)
            for number, event in enumerate(events, 1001)
            for tie in ties_on_lineage(event)
        ]
        return replace(self, kin=tuple(words))

    def ask(self, day: int | str | Instant) -> "Answer":
        """The close of a day or instant, by the timeline and the oracle alike."""
        at = parse_moment(text_of(day))
        period = Timeline(self.claims, self.lineage).at(at)
        assert oracle.shown(period.reading) == oracle.read(self.claims, at, self.kin).shown
        assert oracle.times_of(period) == oracle.times(self.claims, at, self.kin)
        return Answer(period.reading, period)


@dataclass(frozen=True)
class Answer:
    """Each method checks a part of the answer, and returns the answer."""

    reading: Reading
    period: Period

    def held_by(self, *holders: str, disputed_by: Sequence[str] | str = ()) -> "Answer":
        rivals = [disputed_by] if isinstance(disputed_by, str) else disputed_by
        return self._reads(f"held by {' and '.join(holders)}", rivals)

    def vacant(self, disputed_by: Sequence[str] = ()) -> "Answer":
        return self._reads("vacant", disputed_by)

    def contested(self, *between: str, disputed_by: Sequence[str] = ()) -> "Answer":
        return self._reads(
            f"contested by {' and '.join(between)}".removesuffix(" by "), disputed_by
        )

    def unknown(self) -> "Answer":
        return self._reads("unknown", ())

    def disputed_between(self, *sides: str) -> "Answer":
        return self._reads("disputed", sides)

    def perhaps(self, *readings: str) -> "Answer":
        """The answer is uncertain, with these other readings; in any order."""
        assert sorted(map(_in_full, self.reading.possible)) == sorted(readings)
        return self

    def certain(self) -> "Answer":
        assert self.reading.certain
        return self

    def told_by(self, *sources: str) -> "Answer":
        assert tuple(map(_source, self.reading.verdict.evidence)) == sources
        return self

    def outweighed(self, source: str, by: str, why: Silence | None = None) -> "Answer":
        outweighed = self.reading.verdict.outweighed
        found = [(_source(each.event), _source(each.by or EventId(""))) for each in outweighed]
        assert (source, by) in found
        assert why in (None, outweighed[found.index((source, by))].why)
        return self

    def nobody_outweighed(self) -> "Answer":
        assert self.reading.verdict.outweighed == ()
        return self

    def _reads(self, expected: str, rivals: Sequence[str]) -> "Answer":
        verdict = self.reading.verdict
        assert _said(verdict) == expected
        assert [_said(side).removeprefix("held by ") for side in verdict.rivals] == list(rivals)
        return self


def _source(event: EventId) -> str:
    return event.partition(". ")[2]


def _said(said: Verdict | Side) -> str:
    named = " and ".join(said.holders)
    match said.status:
        case ControlStatus.HELD:
            return f"held by {named}"
        case ControlStatus.CONTESTED:
            return f"contested by {named}" if named else "contested"
    return said.status.lower()


def _in_full(verdict: Verdict) -> str:
    rivals = [_said(side).removeprefix("held by ") for side in verdict.rivals]
    return f"{_said(verdict)}, against {', '.join(rivals)}" if rivals else _said(verdict)
