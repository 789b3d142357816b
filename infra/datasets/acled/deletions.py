"""ACLED's list of deleted events: the rows that the dataset takes back."""

from collections.abc import Iterator
from pathlib import Path

from domain.events import ReportFiled
from domain.occurred import Occurred, rfc3339
from infra.datasets.acled.columns import AcledCells
from infra.datasets.acled.export_file import AcledTerms, report_stem
from infra.datasets.acled.survey import cells_of
from infra.datasets.cells import DelimitedFile
from infra.datasets.rows import RefusedRow, Row, RowDeleted, Unfit, made
from infra.datasets.standing import said_at_of


class AcledDeletions:
    """A list of deleted events: event_id_cnty, and deleted_timestamp where the list has it."""

    def __init__(self, path: Path, terms: AcledTerms) -> None:
        self._path, self._terms = path, terms
        self._file = DelimitedFile(path)

    @property
    def bytes_read(self) -> int:
        return self._file.bytes_read

    def rows(self) -> Iterator[Row]:
        """The rows from the beginning of the file. Raises BadInput."""
        self._file = DelimitedFile(self._path)
        for cells, _ in cells_of(self._path, self._file, ("event_id_cnty",)):
            key = cells["event_id_cnty"]
            try:
                yield self._row(cells, key)
            except Unfit as unfit:
                yield RefusedRow(cells.line, key, unfit.why)

    def _row(self, cells: AcledCells, key: str) -> Row:
        if cells.unfit:
            raise Unfit(*cells.unfit)
        if not key:
            raise Unfit(cells.remark("event_id_cnty", "it is empty"))
        report = self._report(cells)
        why = f"{self._terms.source.name} deleted the event."
        registers = (self._terms.source, report)
        said_at = said_at_of(report.published)
        return RowDeleted(cells.line, key, said_at, report.report, why, registers)

    def _report(self, cells: AcledCells) -> ReportFiled:
        said_at = cells.seconds("deleted_timestamp") or cells.seconds("timestamp")
        published = Occurred.parse(rfc3339(said_at)) if said_at else self._terms.published
        if published is None:
            why = "it is empty; --published says when the list was published"
            raise Unfit(cells.remark("deleted_timestamp", why))
        source = self._terms.source
        fields = {
            "report": f"{report_stem(source.source, published)}-deleted",
            "source": source.source,
            "published": published,
            "title": f"{source.name}, {published.text[:10]}: deleted events",
        }
        return made(ReportFiled, fields, {}, cells.cells)
