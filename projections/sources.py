"""Whose word do we record, how far do we trust it, and what did they report?"""

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
    """Whether it was registered as one whose silence means no change."""
    ended: str | None
    """When it ended, as text that `Occurred.parse` reads: from the close of that window on it is
    continuous no longer. None: it goes on, as far as is known."""
    url: str | None


class Report(NamedTuple):
    """A report as known at a position, and behind its copies the one whose voice it is."""

    report: ReportId
    source: SourceId
    origin: SourceId
    published: str
    """Published time, as text that `Occurred.parse` reads."""
    title: str
    url: str | None
    content_hash: str | None
    syndicated_from: ReportId | None


class Sources:
    """Questions about sources and reports, to the record."""

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def source(self, source: SourceId, *, known: int) -> Source | None:
        """The source, with the reliability and the end that it had at that position."""
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
        """The report, if it was filed by that position."""
        found = self._views.reader.execute(
            f"SELECT {columns(Report)} FROM report WHERE report = :report AND {known_in('report')}",
            {"report": report, "known": known},
        ).fetchone()
        return Report._make(found) if found else None

    def names(self) -> dict[str, set[str]]:
        """Every source, with what it may be called."""
        found = self._views.reader.execute(
            "SELECT source, name FROM source WHERE known_to = ?", (FOR_EVER,)
        )
        return {source: {source, name} for source, name in found}
