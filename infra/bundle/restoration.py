"""How does a ledger come back from a bundle: the same bytes, at the same positions?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from domain.refusals import Refusal
from infra.bundle.entries import entries_of
from infra.bundle.files import BundleFolder
from infra.bundle.layout import EntryLine
from infra.ledger.clock import ClockAhead
from infra.ledger.codec import Recorded, UnreadableEntry
from infra.ledger.dcb import AppendConflict, LeavesNoGaps, SequencedEvent
from infra.ledger.ledger import Ledger, StatementRefused
from infra.ledger.legibility import PassedOver, Sieve

_MOST_ENTRIES = 1_000
_MOST_BYTES = 1024 * 1024
"""The limits of one append: an engine takes a few megabytes at once."""


class CannotImport(Refusal):
    """The bundle can't become this ledger; the message says why."""


@dataclass(frozen=True, slots=True)
class ImportedBundle:
    """The outcome of an import."""

    recorded: int
    """The number of entries recorded, at their positions or anew."""
    before: int
    """The number of entries in the ledger before."""
    position: int


@dataclass(frozen=True, slots=True)
class Anew:
    """The entries to record anew, by the clock of this machine, and their author."""

    position: int
    """The first of them: an entry from the future, by a clock that was wrong."""
    by: str


def import_bundle(
    folder: BundleFolder,
    ledger: Ledger,
    *,
    anew: Anew | None = None,
    progress: Callable[[int], None] = lambda entries: None,
) -> ImportedBundle:
    """Puts a checked bundle into an empty ledger, or into a ledger with its beginning.

    An interrupted import goes on. Raises CannotImport, LeavesNoGaps and BadBundle.
    """
    if folder.manifest.within is not None:
        raise CannotImport(
            f"the bundle holds what concerns {folder.manifest.within}, not the whole ledger; only "
            "a whole one, or the beginning of one, can be imported"
        )
    if not ledger.leaves_gaps:
        _refuse_gaps(folder)
    end = anew.position if anew else None
    entries = _entries_before(folder, end)
    before, position = _entries_held(entries, ledger, end, progress)
    recorded = 0
    for batch in _batches(entries):
        _restore(ledger, batch, position)
        recorded, position = recorded + len(batch), batch[-1].position
        progress(len(batch))
    if anew:
        fresh, known, position = _record_anew(folder, ledger, anew, progress)
        return ImportedBundle(recorded + fresh, before + known, position)
    return ImportedBundle(recorded, before, position)


def _entries_before(folder: BundleFolder, end: int | None) -> Iterator[EntryLine]:
    return takewhile(lambda line: end is None or line.position < end, entries_of(folder))


def _record_anew(
    folder: BundleFolder, ledger: Ledger, anew: Anew, progress: Callable[[int], None]
) -> tuple[int, int, int]:
    """How many entries were recorded, how many had been before, and the last position."""
    fresh = known = 0
    sieve = Sieve()
    for line in _entries_before(folder, anew.position):
        sieve.read(line.position, line.entry)
    rest = dropwhile(lambda line: line.position < anew.position, entries_of(folder))
    for batch in _batches(rest):
        statements = [_readable(sieve, line).statement for line in batch]
        try:
            receipts = ledger.record(statements, by=anew.by, is_restored=True)
        except StatementRefused as refused:
            at = batch[refused.index].position
            raise CannotImport(
                f"the entry at position {at} of the bundle can't be recorded anew: {refused}"
            ) from None
        duplicates = sum(each.duplicate for each in receipts)
        fresh, known = fresh + len(receipts) - duplicates, known + duplicates
        progress(len(batch))
    return fresh, known, ledger.head


def _readable(sieve: Sieve, line: EntryLine) -> Recorded:
    entry = sieve.read(line.position, line.entry)
    if isinstance(entry, PassedOver):
        raise CannotImport(f"{entry}; what can't be read is not recorded anew")
    return entry


def _refuse_gaps(folder: BundleFolder) -> None:
    before = 0
    for line in entries_of(folder):
        if line.position != before + 1:
            raise LeavesNoGaps(before, line.position)
        before = line.position


def _entries_held(
    entries: Iterator[EntryLine],
    ledger: Ledger,
    end: int | None,
    progress: Callable[[int], None],
) -> tuple[int, int]:
    """The number of entries that the ledger has before `end`, and the last position of these."""
    held = position = 0
    for stored in ledger.stored():
        if end is not None and stored.position >= end:
            break
        line = next(entries, None)
        if line is None:
            raise CannotImport(
                f"the ledger goes on behind position {position}, where the bundle ends; it has to "
                "be empty, or to hold the beginning of the bundle"
            )
        if (stored.position, stored.event.data) != (line.position, line.entry):
            _refuse_unreadable(stored)
            raise CannotImport(
                f"the ledger holds another entry at position {stored.position} than the bundle at "
                f"{line.position}; it has to be empty, or to hold the beginning of the bundle"
            )
        held, position = held + 1, stored.position
        progress(1)
    return held, position


def _refuse_unreadable(stored: SequencedEvent) -> None:
    entry = Sieve().take(stored)
    if isinstance(entry, PassedOver):
        raise CannotImport(
            f"{entry}; it is not what the bundle holds there, and no answer takes it into account: "
            "import the bundle into an empty ledger"
        )


def _restore(ledger: Ledger, batch: list[EntryLine], after: int) -> None:
    try:
        ledger.restore([(line.position, line.entry) for line in batch], after=after)
    except ClockAhead as ahead:
        if sound := [line for line in batch if line.position < ahead.position]:
            _restore(ledger, sound, after)
        raise CannotImport(
            f"{ahead}. The entries before are imported, and nothing from there on is"
        ) from None
    except StatementRefused as refused:
        at = batch[refused.index].position
        raise CannotImport(
            f"the entry at position {at} can't be recorded, and nothing behind position {after} "
            f"is: {refused}"
        ) from None
    except UnreadableEntry as unreadable:
        raise CannotImport(
            f"{unreadable}; what can't be read is not taken into a ledger, and nothing behind "
            f"position {after} is"
        ) from None
    except AppendConflict:
        raise CannotImport(
            f"somebody else records into the same ledger behind position {after}; let it go on "
            "alone, into an empty ledger"
        ) from None


def _batches(entries: Iterator[EntryLine]) -> Iterator[list[EntryLine]]:
    batch: list[EntryLine] = []
    size = 0
    for each in entries:
        if batch and (len(batch) == _MOST_ENTRIES or size + len(each.entry) > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += len(each.entry)
    if batch:
        yield batch
