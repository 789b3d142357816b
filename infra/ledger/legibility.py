"""What of a ledger can't be read, and what else rests on that?

An entry that can't be read is passed over: it stays in the ledger and a leaf of the log, no answer
takes it into account, and every answer says so. So is what rests on it: an entry that names what
such an entry registered, as the report that it cites, or takes back what such an entry says.
Which entries these are follows from the ledger alone, so that all nodes pass over the same ones.

An entry that a newer version of Tenure recorded is sound, and not passed over: that is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.events import RecordKeeping
from domain.references import Reference
from domain.registry import Statement
from infra.ledger.codec import NewerEntry, Recorded, UnreadableEntry, decode, introduced_by
from infra.ledger.dcb import SequencedEvent


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An entry that no answer takes into account."""

    position: int
    event: str
    """Its id; empty where not even that can be made out."""
    why: str
    rests_on: int | None = None
    """The position of the entry that can't be read; None where it is this one."""

    def __str__(self) -> str:
        if self.rests_on is None:
            return f"the entry at position {self.position} can't be read: {self.why}"
        return f"the entry at position {self.position} rests on what can't be read: {self.why}"


class Sieve:
    """Lets through what can be read, and remembers what can't, of one ledger."""

    def __init__(self) -> None:
        self._passed: dict[int, PassedOver] = {}
        self._lost: dict[str, PassedOver] = {}
        """The ids that are taken by what was passed over."""

    def take(self, stored: SequencedEvent) -> Recorded | PassedOver:
        """The entry, or that it is passed over. Raises NewerEntry."""
        return self.read(stored.position, stored.event.data, stored.event.tags)

    def read(self, at: int, data: bytes, tags: Sequence[str] = ()) -> Recorded | PassedOver:
        """The same of the entry with these bytes at that position. Raises NewerEntry."""
        try:
            return self.hold(decode(at, data))
        except NewerEntry:
            raise
        except UnreadableEntry as unreadable:
            taken = introduced_by(data, tags)
            event = next((tag for tag in taken if tag.startswith("event:")), "")
            passed = PassedOver(at, event.removeprefix("event:"), unreadable.why)
            return self._pass(passed, taken)

    def hold(self, recorded: Recorded) -> Recorded | PassedOver:
        """The same of one that can be read; what it may rest on has to be taken before it."""
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
        """The first id in the statement at that position (0: not recorded yet) that stands in
        another entry that is passed over, and where what can't be read stands."""
        if not self._lost:
            return None
        for reference in _ground_of(statement):
            lost = self._lost.get(reference.tag)
            if lost and lost.position != at:
                return reference, lost.position if lost.rests_on is None else lost.rests_on
        return None

    def position_of(self, statement: Statement) -> int | None:
        """Where the same statement stands, if that entry is passed over."""
        lost = self._lost.get(f"event:{statement.id}")
        return lost.position if lost else None

    @property
    def passed(self) -> list[PassedOver]:
        """What was passed over so far, in the order of the ledger."""
        return [self._passed[position] for position in sorted(self._passed)]

    def _pass(self, passed: PassedOver, taken: set[str]) -> PassedOver:
        self._passed[passed.position] = passed
        for tag in taken:
            self._lost.setdefault(tag, passed)
        return passed


def _ground_of(statement: Statement) -> Iterator[Reference]:
    """All that the entry names, and what it takes back or reinstates."""
    yield from statement.references
    if isinstance(statement.event, RecordKeeping):
        yield Reference("event", statement.event.event, "event")
