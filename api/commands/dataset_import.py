"""What every import of a dataset has in common: options, progress, report and exit code."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from api.commands.environment import (
    ledger_to_record_in,
    progress_with_rate,
    settings_from_environment,
)
from api.commands.print.terminal import say
from domain.texts import counted
from infra.datasets.importing import ImportTerms, digest_of, import_rows
from infra.datasets.report import ImportReport, RowOutcome
from infra.datasets.rows import Row
from infra.ledger.ledger import Ledger

F = TypeVar("F", bound=Callable[..., Any])
_INTERRUPTED = (
    "An import of the same input was interrupted before. The rows recorded then are unchanged now; "
    "what was doubtful about them is in the report."
)


class DatasetFile(Protocol):
    """A file of a dataset, read from its beginning each time."""

    @property
    def bytes_read(self) -> int: ...

    def rows(self) -> Iterator[Row]: ...


Opened = Callable[[Ledger], tuple[DatasetFile, ImportTerms]]
"""Opens the file for a ledger. Given the ledger, for the places and actors in it."""


def import_options(command: F) -> F:
    """The options of every import: --dry-run, --strict and --report."""
    for option in (
        click.option(
            "--report",
            "report_file",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="Where the rows that somebody should look at are listed.  "
            "[default: beside the input, FILE.report.csv]",
        ),
        click.option("--strict", is_flag=True, help="Record nothing if any row is refused."),
        click.option("--dry-run", is_flag=True, help="Tell all that, and record nothing."),
    ):
        command = option(command)
    return command


def run_import(
    path: Path, opened: Opened, report_file: Path | None, *, further: Sequence[Path] = ()
) -> ImportReport:
    """Imports one file, with a progress bar, and prints what became of its rows; `further` are the
    files read with it."""
    settings = settings_from_environment()
    report_file = report_file or report_beside(path)
    size = path.stat().st_size if path.is_file() else 0
    with ledger_to_record_in(settings) as ledger:
        file, terms = opened(ledger)
        readings = 2 if terms.is_strict and not terms.is_dry else 1
        with progress_with_rate(f"Importing {path.name}", size * readings) as advance:
            done = _ByBytes(file, advance)
            report = import_rows(
                *(ledger, file.rows, terms, report_file, done),
                input_of=lambda: digest_of((path, *further)),
            )
    shown = f"{path} and {len(further):,} more" if further else str(path)
    for line in _told(shown, report, terms):
        say(line, err=True)
    return report


def exit_code_of(report: ImportReport) -> int:
    """1 where a row was refused."""
    return 1 if report.counts[RowOutcome.REFUSED] else 0


def report_beside(path: Path) -> Path:
    """The report beside the input; in the current folder, of what comes through a pipe."""
    folder = Path() if path.exists() and not path.is_file() else path.parent
    return folder / f"{path.name}.report.csv"


class _ByBytes:
    """Moves a progress bar by the bytes read of a file, and counts its rows."""

    def __init__(self, file: DatasetFile, advance: Callable[[int, int], None]) -> None:
        self._file, self._advance = file, advance
        self._before = self._rows = 0

    def __call__(self, rows: int) -> None:
        self._rows += rows
        read = self._file.bytes_read
        if read < self._before:  # the file is read again
            self._before = 0
        if read > self._before:
            self._advance(read - self._before, self._rows)
            self._before = read


def _told(file: str, report: ImportReport, terms: ImportTerms) -> Iterator[str]:
    would = "would be recorded" if terms.is_dry else "recorded"
    for line in report.summary():
        yield f"{file}: {line}"
    for note in (*terms.notes, *report.left_out()):
        yield f"  {note}"
    refused = report.counts[RowOutcome.REFUSED]
    if terms.is_strict and refused and not terms.is_dry:
        yield "  Nothing is recorded: --strict, and rows are refused."
    else:
        is_told = report.events and not terms.is_dry
        position = f"; last position {report.position}" if is_told else ""
        yield f"  {counted(report.events, 'statement')} {would}{position}."
    if report.goes_on:
        yield f"  {_INTERRUPTED}"
    if report.was_written:
        yield f"  The rows that somebody should look at: {report.path}"
