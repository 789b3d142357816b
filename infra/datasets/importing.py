"""One import of a file of a dataset: read, compare, record, report."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.values import SourceId
from infra.cycle_collection import rare_cycle_collection
from infra.datasets.recording import DatasetRecording
from infra.datasets.rehearsal import Rehearsal, rehearsing
from infra.datasets.report import ImportReport, RowOutcome
from infra.datasets.rows import Row
from infra.datasets.standing import StandingRows
from infra.ledger.ledger import Ledger

Rows = Callable[[], Iterator[Row]]
"""Reads the file from its beginning."""


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """How a file is imported."""

    name: str
    """The name of the dataset, for reasons."""
    source: SourceId
    by: str
    """The author of what is recorded."""
    is_dry: bool = False
    """Whether nothing is recorded, and all is told."""
    is_strict: bool = False
    """Whether a refused row keeps the whole file out."""
    notes: tuple[str, ...] = ()
    """What the user should know of how the file is read."""


def import_rows(
    ledger: Ledger,
    rows: Rows,
    terms: ImportTerms,
    report_file: Path | None,
    progress: Callable[[int], None] = lambda rows: None,
) -> ImportReport:
    """Imports a file; a strict import is rehearsed first. The report tells every row."""
    if terms.is_dry or terms.is_strict:
        with rehearsing(ledger) as rehearsal, _reporting(report_file) as report:
            _record(rehearsal, ledger, rows, terms, report, progress)
        if terms.is_dry or report.counts[RowOutcome.REFUSED]:
            return report
    with _reporting(report_file) as report:
        _record(ledger, ledger, rows, terms, report, progress)
    return report


def _record(
    into: Ledger | Rehearsal,
    ledger: Ledger,
    rows: Rows,
    terms: ImportTerms,
    report: ImportReport,
    progress: Callable[[int], None],
) -> None:
    with rare_cycle_collection(), StandingRows() as standing:
        standing.learn_from(ledger, terms.source)
        recording = DatasetRecording(into, standing, report, name=terms.name, by=terms.by)
        recording.record(rows(), progress)


@contextmanager
def _reporting(path: Path | None) -> Iterator[ImportReport]:
    with ExitStack() as stack:
        report = ImportReport(path)
        stack.callback(report.close)
        yield report
