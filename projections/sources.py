"""Which sources do we record, how far do we trust them, and what did they report?"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import orjson

from domain.occurred import Instant
from domain.values import Reliability, ReportId, SourceId
from infra.spelling import plain
from infra.views.file import ViewFile
from infra.views.rows import FOR_EVER, columns
from infra.views.rows import known as known_in

T = TypeVar("T")


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


class Filed(NamedTuple):
    """The key of a report in the order of publication."""

    published: Instant
    """Published time: the last microsecond of its window."""
    report: str


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """Conditions on sources; a source fulfils every condition given."""

    reliability: tuple[Reliability, ...] = ()
    continuous: bool | None = None
    said_since: Instant | None = None
    """Only sources with a report that may have been published at this instant or later."""
    text: str | None = None
    """Only sources with all these words in name or id. Case, diacritics and punctuation don't
    matter."""


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Conditions on reports; a report fulfils every condition given."""

    source: SourceId | None = None
    """Only reports of this source, as publisher or as origin of a copy."""
    published_from: Instant | None = None
    """Only reports that may have been published at this instant or later."""
    published_to: Instant | None = None
    """Only reports surely published by this instant."""
    is_copy: bool | None = None
    text: str | None = None
    """Only reports with all these words in title or id."""


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
        return _source_of(found) if found else None

    def report(self, report: ReportId, *, known: int) -> Report | None:
        """The report, if filed by the position."""
        found = self._views.reader.execute(
            f"SELECT {columns(Report)} FROM report WHERE report = :report AND {known_in('report')}",
            {"report": report, "known": known},
        ).fetchone()
        return Report._make(found) if found else None

    def page(
        self, wanted: SourceFilter, *, known: int, size: int, after: str = ""
    ) -> tuple[list[Source], bool]:
        """A page of at most `size` sources in the order of their ids, and whether there are
        more."""
        where, asked = _source_conditions(wanted)
        found = self._views.reader.execute(
            f"SELECT {columns(Source)} FROM source WHERE {known_in('source')} "
            f"AND source > :after{where} ORDER BY source",
            asked | {"known": known, "after": after},
        )
        rows = map(_source_of, found)
        return _some((each for each in rows if _has(wanted.text, each.source, each.name)), size)

    def reports(
        self, wanted: ReportFilter, *, known: int, size: int, after: Filed | None = None
    ) -> tuple[list[tuple[Filed, Report]], bool]:
        """A page of at most `size` reports in the order of publication, each with its key, and
        whether there are more."""
        where, asked = _report_conditions(wanted)
        asked |= (after or _BEFORE_ALL)._asdict()
        found = self._views.reader.execute(
            f"SELECT published_by, {columns(Report)} FROM report WHERE {known_in('report')} "
            f"AND (published_by, report) > (:published, :report){where} "
            f"ORDER BY published_by, report{'' if wanted.text else ' LIMIT :size'}",
            asked | {"known": known, "size": size + 1},
        )
        rows = (_filed(row) for row in found)
        told = (each for each in rows if _has(wanted.text, each[1].report, each[1].title))
        return _some(told, size)

    def said_by(
        self, source: SourceId | None, *, known: int, since: Instant | None = None
    ) -> list[ReportId]:
        """The reports of a source, as publisher or as origin of a copy, or of any; only those that
        may have been published at an instant or later."""
        where, asked = _report_conditions(ReportFilter(source, published_from=since))
        found = self._views.reader.execute(
            f"SELECT report FROM report WHERE {known_in('report')}{where} ORDER BY report",
            asked | {"known": known},
        )
        return [report for (report,) in found]

    def titles(self) -> dict[str, set[str]]:
        """Some thousand reports, with id and title: those filed last."""
        found = self._views.reader.execute(
            "SELECT report, title FROM report WHERE known_to = ? ORDER BY known_from DESC LIMIT ?",
            (FOR_EVER, MOST_TITLES),
        )
        return {report: {report, title} for report, title in found}

    def names(self) -> dict[str, set[str]]:
        """Every source, with id and name."""
        found = self._views.reader.execute(
            "SELECT source, name FROM source WHERE known_to = ?", (FOR_EVER,)
        )
        return {source: {source, name} for source, name in found}


MOST_TITLES = 5_000
"""The most reports among which the nearest to an unregistered id are looked for."""
_BEFORE_ALL = Filed(Instant(-(2**62)), "")


def _source_conditions(wanted: SourceFilter) -> tuple[str, dict[str, Any]]:
    where, asked = "", dict[str, Any]()
    if wanted.reliability:
        where += " AND reliability IN (SELECT value FROM json_each(:reliability))"
        asked["reliability"] = orjson.dumps(wanted.reliability).decode()
    if wanted.continuous is not None:
        where += " AND continuous = :continuous"
        asked["continuous"] = wanted.continuous
    if wanted.said_since is not None:
        where += (
            " AND source IN (SELECT source FROM report "
            f"WHERE {known_in('report')} AND published_by >= :since)"
        )
        asked["since"] = wanted.said_since
    return where, asked


def _report_conditions(wanted: ReportFilter) -> tuple[str, dict[str, Any]]:
    where, asked = "", dict[str, Any]()
    if wanted.source is not None:
        where += " AND :source IN (source, origin)"
        asked["source"] = wanted.source
    if wanted.published_from is not None:
        where += " AND published_by >= :published_from"
        asked["published_from"] = wanted.published_from
    if wanted.published_to is not None:
        where += " AND published_by <= :published_to"
        asked["published_to"] = wanted.published_to
    if wanted.is_copy is not None:
        where += f" AND syndicated_from IS {'NOT ' if wanted.is_copy else ''}NULL"
    return where, asked


def _source_of(row: Iterable[Any]) -> Source:
    said = Source._make(row)
    return said._replace(
        reliability=Reliability(said.reliability), continuous=bool(said.continuous)
    )


def _filed(row: Iterable[Any]) -> tuple[Filed, Report]:
    published, *said = row
    report = Report._make(said)
    return Filed(Instant(published), report.report), report


def _some(rows: Iterable[T], size: int) -> tuple[list[T], bool]:
    """The first rows, and whether there are more."""
    found = list(islice(rows, size + 1))
    return found[:size], len(found) > size


def _has(asked: str | None, *texts: str) -> bool:
    """Whether all words asked for begin words of the texts."""
    if not asked or not asked.strip():
        return True
    words = plain(" ".join(texts)).split()
    wanted = plain(asked).split()
    return bool(wanted) and all(any(it.startswith(word) for it in words) for word in wanted)
