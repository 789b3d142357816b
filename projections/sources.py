"""Which sources do we record, how far do we trust them, and what did they report?"""

from typing import NamedTuple

from domain.values import Reliability, ReportId, SourceId
from infra.views.file import ViewFile
from infra.views.rows import FOR_EVER, columns
from infra.views.rows import known as known_in


class Source(NamedTuple):
    """A source as known at a position."""

    source: SourceId
    name: str
    reliability: Reliability
    continuous: bool
    """Whether silence of the source means no change."""
    ended: str | None
    """The end, as text for `Occurred.parse`: from the close of the window on the source is not
    continuous. None for a source without a known end."""
    url: str | None


class Report(NamedTuple):
    """A report as known at a position, and the origin behind copies."""

    report: ReportId
    source: SourceId
    origin: SourceId
    published: str
    """Published time, as text for `Occurred.parse`."""
    title: str
    url: str | None
    content_hash: str | None
    syndicated_from: ReportId | None


class Sources:
    """Questions about sources and reports, to the record."""

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def source(self, source: SourceId, *, known: int) -> Source | None:
        """The source, with reliability and end as known at the position."""
        found = self._views.reader.execute(
            f"SELECT {columns(Source)} FROM source WHERE source = :source AND {known_in('source')}",
            {"source": source, "known": known},
        ).fetchone()
        if not found:
            return None
        said = Source._make(found)
        return said._replace(
            reliability=Reliability(said.reliability), continuous=bool(said.continuous)
        )

    def report(self, report: ReportId, *, known: int) -> Report | None:
        """The report, if filed by the position."""
        found = self._views.reader.execute(
            f"SELECT {columns(Report)} FROM report WHERE report = :report AND {known_in('report')}",
            {"report": report, "known": known},
        ).fetchone()
        return Report._make(found) if found else None

    def names(self) -> dict[str, set[str]]:
        """Every source, with id and name."""
        found = self._views.reader.execute(
            "SELECT source, name FROM source WHERE known_to = ?", (FOR_EVER,)
        )
        return {source: {source, name} for source, name in found}
