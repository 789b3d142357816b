"""Unreadable entries of a ledger, and the entries resting on them.

An unreadable entry is passed over: the entry stays in the ledger and a leaf of the log, no answer
takes account of the entry, and every answer says so. Entries resting on an unreadable entry are
passed over too: they name something registered there, for example the cited report, or take back an
event recorded there. The passed entries follow from the ledger alone and are the same on all nodes.

An entry by a newer version of Tenure is sound, and never passed over: reading is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.events import RecordKeeping
from domain.occurred import Instant
from domain.references import Reference
from domain.registry import Statement
from infra.ledger.codec import (
    NewerEntry,
    Recorded,
    UnreadableEntry,
    decode,
    ids_taken_by,
    recorded_at_of,
)
from infra.ledger.dcb import SequencedEvent


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An entry left out of every answer."""

    position: int
    event: str
    """The id of the event; empty where not even the id can be read."""
    why: str
    rests_on: int | None = None
    """The position of the unreadable entry beneath; None of an unreadable entry."""

    def __str__(self) -> str:
        if self.rests_on is None:
            return f"the entry at position {self.position} can't be read: {self.why}"
        return f"the entry at position {self.position} rests on what can't be read: {self.why}"


class Sieve:
    """Separates the readable entries of a ledger from the entries passed over."""

    def __init__(
        self, check_time: Callable[[int, Instant | None], None] = lambda position, time: None
    ) -> None:
        """`check_time` refuses an entry by its recorded time."""
        self._check_time = check_time
        self._passed: dict[int, PassedOver] = {}
        self._lost: dict[str, PassedOver] = {}
        """The entries passed over, by the tags of the ids they take."""

    def take(self, stored: SequencedEvent) -> Recorded | PassedOver:
        """The entry, or its PassedOver. Raises NewerEntry and ClockAhead."""
        return self.read(stored.position, stored.event.data, stored.event.tags)

    def read(self, at: int, data: bytes, tags: Sequence[str] = ()) -> Recorded | PassedOver:
        """The entry with these bytes at a position, or its PassedOver. Raises NewerEntry."""
        try:
            recorded = decode(at, data)
            self._check_time(at, recorded.recorded_at)
            return self.hold(recorded)
        except NewerEntry:
            raise
        except UnreadableEntry as unreadable:
            self._check_time(at, recorded_at_of(data))
            taken = ids_taken_by(data, tags)
            event = next((tag for tag in taken if tag.startswith("event:")), "")
            passed = PassedOver(at, event.removeprefix("event:"), unreadable.why)
            return self._pass(passed, taken)

    def readable(self, stored: Iterable[SequencedEvent]) -> Iterator[Recorded]:
        """The readable entries among stored entries. Raises NewerEntry."""
        for each in stored:
            taken = self.take(each)
            if isinstance(taken, Recorded):
                yield taken

    def hold(self, recorded: Recorded) -> Recorded | PassedOver:
        """The readable entry, or its PassedOver; earlier entries have to be taken before."""
        statement, at = recorded.statement, recorded.position
        if not (on := self.rests_on(statement, at)):
            return recorded
        reference, position = on
        why = f"the {reference.kind} {reference.slug} stands in the entry at position {position}"
        passed = PassedOver(at, statement.id, why, rests_on=position)
        subject = statement.subject
        taken = {f"event:{statement.id}", *([subject.tag] if subject else ())}
        return self._pass(passed, taken)

    def rests_on(self, statement: Statement, at: int = 0) -> tuple[Reference, int] | None:
        """The first id in a statement taken by another entry passed over, and the position of the
        unreadable entry. `at` is the position of the statement; 0 before recording."""
        if not self._lost:
            return None
        for reference in _references_of(statement):
            lost = self._lost.get(reference.tag)
            if lost and lost.position != at:
                return reference, lost.position if lost.rests_on is None else lost.rests_on
        return None

    def position_of(self, statement: Statement) -> int | None:
        """The position of the same statement among the entries passed over."""
        lost = self._lost.get(f"event:{statement.id}")
        return lost.position if lost else None

    @property
    def passed(self) -> list[PassedOver]:
        """All entries passed over so far, in the order of the ledger."""
        return [self._passed[position] for position in sorted(self._passed)]

    def _pass(self, passed: PassedOver, taken: set[str]) -> PassedOver:
        self._passed[passed.position] = passed
        for tag in taken:
            self._lost.setdefault(tag, passed)
        return passed


def _references_of(statement: Statement) -> Iterator[Reference]:
    """All ids named by a statement, and the event retracted or reinstated."""
    yield from statement.references
    if isinstance(statement.event, RecordKeeping):
        yield Reference("event", statement.event.event, "event")
