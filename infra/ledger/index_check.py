"""Can every entry of the ledger be read, and is every entry indexed by its content?

An entry is found by its type and tags. No signature covers type and tags, because both follow from
the entry's content; so the check works them out anew. Taking a tag away hides the entry from
questions about a place, though not from the views and the log, which read the whole ledger.
"""

from collections.abc import Callable, Iterator

from domain.events import RecordKeeping, ReportAmended, ReportFiled, SituationEvent
from domain.registry import EventStatus, Registry, Statement
from infra.findings import Finding, Findings, Wrong
from infra.ledger.clock import ClockCheck
from infra.ledger.codec import NewerEntry, Recorded, id_of, recorded_at_of
from infra.ledger.dcb import SequencedEvent
from infra.ledger.ledger import Ledger
from infra.ledger.legibility import PassedOver, Sieve

_TOLD_EVERY = 1_000
"""Entries between two reports of progress."""


class IndexCheck:
    """Checks the index of each entry while passing the entries on to another reader.

    Remembers the source of each report, and nothing of other entries.
    """

    def __init__(self, ledger: Ledger, *, until: int) -> None:
        self._ledger, self._until = ledger, until
        self._registry = Registry()
        self._findings = Findings()
        self.clock = ClockCheck(ledger.clock)
        self._newer: NewerEntry | None = None
        self._sieve = Sieve()
        self._reading = self._read()
        self.reached = 0
        """The last position read."""
        for fault in ledger.index_faults():
            message = f"the ledger's own index of types and tags: {fault}"
            self._findings.add(Finding(Wrong.INDEX_ALTERED, message))
        self._is_ended = bool(self._findings)

    def stored(self) -> Iterator[SequencedEvent]:
        """The entries of the ledger, from where the reading was left."""
        return self._reading

    def finish(self, progress: Callable[[int], None] = lambda entries: None) -> list[Finding]:
        """All findings, after reading the rest of the ledger. Raises NewerEntry."""
        waiting = 0
        for stored in self._reading:
            if self._is_ended or stored.position > self._until:
                break
            waiting += 1
            if waiting == _TOLD_EVERY:
                progress(waiting)
                waiting = 0
        progress(waiting)
        if self._newer:
            raise self._newer
        return self._findings

    def _read(self) -> Iterator[SequencedEvent]:
        for stored in self._ledger.stored():
            self.reached = stored.position
            if not self._is_ended and stored.position <= self._until:
                self._check(stored)
            yield stored

    def _check(self, stored: SequencedEvent) -> None:
        try:
            found = self._differs(stored)
        except NewerEntry as newer:
            self._newer = newer
            found = None
        if found:
            self._findings.add(found)
        self._is_ended = self._newer is not None or self._findings.is_full

    def _differs(self, stored: SequencedEvent) -> Finding | None:
        recorded = self._sieve.take(stored)
        if isinstance(recorded, PassedOver):
            self.clock.take(stored.position, recorded_at_of(stored.event.data))
            wrong = Wrong.UNREADABLE if recorded.rests_on is None else Wrong.LEFT_OUT
            return Finding(wrong, str(recorded), position=recorded.position)
        self.clock.take(recorded.position, recorded.recorded_at)
        event = recorded.event
        if isinstance(event, ReportFiled):
            self._registry.sources[event.report] = event.source
        if id_of(stored.event.data) != recorded.statement.id:
            at, message = recorded.position, "has another id than its content gives"
            message = f"the entry at position {at} {message}"
            return Finding(Wrong.ID_DIFFERS, message, position=at)
        kind = type(event).__name__
        if stored.event.type != kind:
            return _finding(recorded, f"as {stored.event.type}, and it is a {kind}")
        tags = self._tags(recorded.statement)
        if tags is None:
            return _finding(recorded, "by what is not found: the report that it cites, or an event")
        has, should_have = set(stored.event.tags), set(tags)
        if has == should_have:
            return None
        words = [
            f"{how} {', '.join(sorted(which))}"
            for how, which in (("without", should_have - has), ("under", has - should_have))
            if which
        ]
        return _finding(recorded, " and ".join(words))

    def _tags(self, statement: Statement) -> list[str] | None:
        """The tags of a statement; None where the cited report or event is not found."""
        event = statement.event
        if isinstance(event, SituationEvent | RecordKeeping | ReportAmended):
            if event.report not in self._registry.sources:
                return None
        if isinstance(event, RecordKeeping):
            target = self._ledger.event(event.event)
            tags = self._tags(target.statement) if target else None
            if target is None or tags is None:
                return None
            self._registry.events = {event.event: EventStatus(target.event, frozenset(tags))}
        return self._registry.tags_of(statement)


def _finding(recorded: Recorded, words: str) -> Finding:
    at = recorded.position
    message = f"the entry at position {at} is indexed {words}"
    return Finding(Wrong.INDEX_ALTERED, message, position=at)
