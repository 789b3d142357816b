"""The entries of a ledger, by position, tag and type."""

from collections.abc import Iterable, Iterator

from domain.events import EVENT_TYPES, Amendment, Event, RecordKeeping
from domain.occurred import Instant
from domain.references import REGISTERED_BY
from domain.values import EventId, SourceId
from infra.findings import Finding
from infra.ledger.clock import LedgerClock
from infra.ledger.codec import Recorded, recorded_at_of
from infra.ledger.dcb import (
    KeepsAFile,
    KeepsAnIndex,
    KeepsCheckpoint,
    KeepsPositions,
    Query,
    QueryItem,
    Recorder,
    SequencedEvent,
    Subscription,
)
from infra.ledger.legibility import PassedOver, Sieve

_PAGE = 5_000
"""The most entries asked of an engine at once."""

_NO_POSITION = 2**62
"""A position beyond the end of any ledger."""


def type_names(*kinds: type[Event]) -> list[str]:
    """The names of all types of events of these kinds."""
    return [name for name, kind in EVENT_TYPES.items() if issubclass(kind, kinds)]


RECORD_KEEPING = type_names(RecordKeeping)
"""Retractions and reinstatements."""

AMENDMENTS = type_names(Amendment)
"""The amendments of registrations."""


class LedgerReader:
    """Reads entries, and passes over unreadable ones."""

    def __init__(self, recorder: Recorder, clock: LedgerClock) -> None:
        self._recorder = recorder
        self.clock = clock
        self.sieve = Sieve(clock.check)
        """The unreadable entries met so far; every reading of the ledger passes over them."""

    @property
    def recorder(self) -> Recorder:
        """The recorder of the engine."""
        return self._recorder

    @property
    def leaves_gaps(self) -> bool:
        """Whether the engine can leave out positions, as another engine did."""
        return isinstance(self._recorder, KeepsPositions)

    @property
    def head(self) -> int:
        """The last position; 0 while nothing is recorded."""
        # Two of the engines read rows when asked for their head: there are none here.
        return self._recorder.read(after=_NO_POSITION).head or 0

    def entries(self, after: int, limit: int | None = None) -> Iterator[Recorded | PassedOver]:
        """Every entry after a position, in order, unreadable entries as PassedOver. `sieve` has to
        know the entries passed over up to `after`. Raises NewerEntry."""
        return map(self.sieve.take, self.stored(after, limit))

    def entry_at(self, position: int) -> Recorded | PassedOver | None:
        """The entry at a position, if there is any. Raises NewerEntry."""
        found = next(self.entries(position - 1, 1), None)
        return found if found and found.position == position else None

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Every readable entry after a position, in order, with the recorded time given by its
        writer. Raises NewerEntry."""
        return self.sieve.readable(self.stored(after, limit))

    def stored(self, after: int = 0, limit: int | None = None) -> Iterator[SequencedEvent]:
        """Every entry after a position, in its stored form.

        Read page by page: an engine hands over a whole reading at once, and a ledger may be longer
        than memory.
        """
        wanted = _NO_POSITION if limit is None else limit
        while wanted > 0:
            size = min(wanted, _PAGE)
            page = list(self._recorder.read(after=after or None, limit=size))
            yield from page
            if len(page) < size:
                return
            wanted, after = wanted - size, page[-1].position

    def subscribe(self, after: int) -> Subscription[Recorder]:
        """Every entry after a position, and then each new entry as soon as recorded."""
        return self._recorder.subscribe(after=after or None)

    def event(self, event: EventId) -> Recorded | None:
        """The entry of an event."""
        found = self.tagged([f"event:{event}"])
        return next((each for each in found if each.statement.id == event), None)

    def of_type(self, kind: type[Event]) -> Iterator[Recorded]:
        """Every entry of a type, page by page, in the order of recording."""
        return self._paged(Query([QueryItem(types=[kind.__name__])]))

    def tagged(self, tags: Iterable[str], *types: str, until: int | None = None) -> list[Recorded]:
        """The entries with any of these tags and of any of these types (no type: of every type), in
        the order of recording."""
        items = [QueryItem(types=list(types), tags=[tag]) for tag in tags]
        if not items:
            return []
        found = self._recorder.read(Query(items))
        return [*self.sieve.readable(it for it in found if until is None or it.position <= until)]

    def of_source(self, source: SourceId) -> Iterator[Recorded]:
        """All entries about a source, page by page: its registration, its reports, and their
        statements."""
        return self._paged(Query([QueryItem(tags=[f"source:{source}"])]))

    def _paged(self, query: Query) -> Iterator[Recorded]:
        after = 0
        while page := list(self._recorder.read(query, after=after or None, limit=_PAGE)):
            yield from self.sieve.readable(page)
            after = page[-1].position

    def registrations(self, kind: str, slugs: Iterable[str]) -> list[Recorded]:
        """The registrations of these ids of a kind, whenever recorded."""
        registered = REGISTERED_BY[kind].__name__
        return self.tagged([f"{kind}:{slug}" for slug in slugs], registered)

    def amendments(
        self, kind: str, slugs: Iterable[str], *, until: int | None = None
    ) -> list[Recorded]:
        """The amendments of these ids of a kind, with their retractions and reinstatements, up to a
        position; in the order of recording."""
        made = self.tagged([f"{kind}:{slug}" for slug in slugs], *AMENDMENTS, until=until)
        kept = self.kept({each.statement.id for each in made}, until)
        return sorted((*made, *kept), key=lambda each: each.position)

    def kept(self, events: Iterable[EventId], until: int | None) -> list[Recorded]:
        """The retractions and reinstatements of these events."""
        return self.tagged([f"event:{id}" for id in events], *RECORD_KEEPING, until=until)

    def position_at(self, recorded_at: Instant) -> int:
        """The last position recorded at an instant or before; 0 where nothing was.

        The clocks of writers differ, and no entry counts as recorded before an earlier entry; so
        the ledger is read up to the first later entry.
        """
        position = 0
        for each in self.stored():
            then = recorded_at_of(each.event.data)  # None of some unreadable entries
            if then is not None and then > recorded_at:
                break
            position = each.position
        return position

    @property
    def keeps_checkpoints(self) -> bool:
        """Whether the database can hold the last signed checkpoint of a log; UmaDB can't."""
        return isinstance(self._recorder, KeepsCheckpoint)

    def kept_checkpoints(self) -> list[str]:
        """The last signed checkpoint of each log, as stored; none where the engine holds none."""
        held = self._recorder
        return held.kept_checkpoints() if isinstance(held, KeepsCheckpoint) else []

    def file_faults(self) -> list[Finding]:
        """The faults of the engine's own file; none of an engine elsewhere."""
        return self._recorder.file_faults() if isinstance(self._recorder, KeepsAFile) else []

    def index_faults(self) -> list[str]:
        """The faults of the engine's own index, in words; none of an engine without an index."""
        return self._recorder.index_faults() if isinstance(self._recorder, KeepsAnIndex) else []
