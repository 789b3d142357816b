"""One import of a file of a dataset: read, compare, record, report."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b, file_digest
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
    input_of: Callable[[], str] = lambda: "",
) -> ImportReport:
    """Imports a file; a strict import is rehearsed first. The report tells every row, and goes on
    where an import of the same input was interrupted; `input_of` tells inputs apart."""
    if terms.is_dry or terms.is_strict:
        with rehearsing(ledger) as rehearsal, reporting(report_file, is_dry=True) as report:
            _record(rehearsal, ledger, rows, terms, report, progress)
        if terms.is_dry or report.counts[RowOutcome.REFUSED]:
            return report
    with reporting(report_file, lambda: f"{terms.name}, {input_of()}") as report:
        _record(ledger, ledger, rows, terms, report, progress)
    return report


def digest_of(paths: Sequence[Path]) -> str:
    """What tells the input apart from others: a digest of the files."""
    digest = blake2b(digest_size=16)
    for path in paths:
        if not path.is_file():
            return secrets.token_hex(16)  # a pipe has no second reading
        with path.open("rb") as file:
            digest.update(file_digest(file, "blake2b").digest())
    return digest.hexdigest()


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
def reporting(
    path: Path | None, input_of: Callable[[], str] = lambda: "", *, is_dry: bool = False
) -> Iterator[ImportReport]:
    """A report, ended as it should be; cut short, it leaves to the next run what it told."""
    report = ImportReport(path, input_of, is_dry=is_dry)
    try:
        yield report
        report.finish()
    except BaseException:
        report.interrupt()
        raise
