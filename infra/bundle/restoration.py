"""How does a ledger come back from a bundle: the same bytes, at the same positions?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.refusals import Refusal
from infra.bundle.entries import entries_of
from infra.bundle.files import BundleFolder
from infra.bundle.layout import EntryLine
from infra.ledger.codec import UnreadableEntry
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
    before: int
    """The number of entries in the ledger before."""
    position: int


def import_bundle(
    folder: BundleFolder, ledger: Ledger, *, progress: Callable[[int], None] = lambda entries: None
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
    entries = entries_of(folder)
    before, position = _entries_held(entries, ledger, progress)
    recorded = 0
    for batch in _batches(entries):
        _restore(ledger, batch, position)
        recorded, position = recorded + len(batch), batch[-1].position
        progress(len(batch))
    return ImportedBundle(recorded, before, position)


def _refuse_gaps(folder: BundleFolder) -> None:
    before = 0
    for line in entries_of(folder):
        if line.position != before + 1:
            raise LeavesNoGaps(before, line.position)
        before = line.position


def _entries_held(
    entries: Iterator[EntryLine], ledger: Ledger, progress: Callable[[int], None]
) -> tuple[int, int]:
    """The number of entries that the ledger has, and the last position."""
    held = position = 0
    for stored in ledger.stored():
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
