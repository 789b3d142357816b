"""The file of a report: its lines are written ahead of each append, into FILE.part.

The part is renamed at the end. A run that finds the part of an interrupted run of the same input
takes over what that says of the rows recorded by then, so that both runs together tell the same as
one run.
"""

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from io import StringIO
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from domain.refusals import Refusal
from infra.datasets.interrupted_report import InterruptedReport, ReportLine, section_header

COLUMNS = ("line", "row", "outcome", "column", "value", "why")


class ReportNotWritable(Refusal):
    """The report of an import can't be written where it belongs."""

    def __init__(self, path: Path, error: OSError) -> None:
        why = (error.strerror or str(error)).lower()
        super().__init__(f"{path} can't be written: {why}; name another file with --report")


class ReportFile:
    """The lines of one run. `input_of` tells the input; none where it can't be told again."""

    def __init__(self, path: Path, input_of: Callable[[], str], *, is_dry: bool) -> None:
        """Raises ReportNotWritable."""
        self._path, self._input_of = path, input_of
        self._part = path.with_name(f"{path.name}{'.dry' if is_dry else ''}.part")
        self._begin: int | None = None
        """Where the lines of this run begin in the part."""
        self._kept = 0
        try:
            self._file = self._part.open("w+b" if is_dry else "a+b")
        except OSError as error:
            raise ReportNotWritable(path, error) from None
        self.interrupted: InterruptedReport | None = None
        if os.fstat(self._file.fileno()).st_size:
            found = InterruptedReport(self._part, self._header)
            self.interrupted = None if found.is_empty else found
            if found.is_empty:
                self._file.truncate(0)

    @property
    def is_empty(self) -> bool:
        """Whether this run wrote nothing."""
        return self._begin is None

    def stage(self, lines: Sequence[ReportLine]) -> None:
        """Writes the lines of a batch in place of the lines staged since the last `keep`."""
        if self._begin is None and not lines:
            return
        if self._begin is None:
            self._file.seek(0, os.SEEK_END)
            self._file.write(self._header)
            self._begin = self._kept = self._file.tell()
        elif self._file.seek(0, os.SEEK_END) > self._kept:
            self._file.truncate(self._kept)
        if lines:
            self._file.write(_written(lines))
            self._file.flush()
            os.fsync(self._file.fileno())

    def keep(self) -> None:
        """Keeps the staged lines: their append was made."""
        if self._begin is not None:
            self._kept = self._file.seek(0, os.SEEK_END)

    def finish(self) -> None:
        """Names the lines the report; the report of a run before is deleted, where this run has
        none."""
        if self.is_empty:
            self._delete_report()
        else:
            self._publish()
        self._file.close()
        self._part.unlink(missing_ok=True)

    def interrupt(self) -> None:
        """Writes the report so far, and leaves the part to the next run."""
        with suppress(OSError):
            if not self.is_empty:
                self._publish()
        is_unused = os.fstat(self._file.fileno()).st_size == 0
        self._file.close()
        if is_unused:
            self._part.unlink(missing_ok=True)

    @cached_property
    def _header(self) -> bytes:
        return section_header(self._input_of())

    def _publish(self) -> None:
        assert self._begin is not None, "a report has lines"
        whole = self._part.with_name(f"{self._part.name}.whole")
        with whole.open("wb") as report:
            report.write(_written([COLUMNS]))
            self._file.seek(self._begin)
            copyfileobj(_KeptPart(self._file, self._kept), report)
        whole.replace(self._path)

    def _delete_report(self) -> None:
        if self._path.is_file():
            with self._path.open(encoding="utf-8", errors="replace") as before:
                is_a_report = before.readline().strip() == ",".join(COLUMNS)
            if is_a_report:
                self._path.unlink()


class _KeptPart:
    """A file up to an offset."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self._file, self._end = file, end

    def read(self, most: int = -1) -> bytes:
        left = self._end - self._file.tell()
        return self._file.read(left if most < 0 else min(most, left))


def _written(lines: Iterable[ReportLine]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()
