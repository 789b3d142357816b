"""The rows of an ACLED export, with the events that each of them states."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from pathlib import Path

from domain.events import ReportFiled, SourceRegistered
from domain.occurred import Occurred, rfc3339
from domain.values import SourceId
from infra.datasets.acled.actor_map import MappedActor
from infra.datasets.acled.actors import ActorBook
from infra.datasets.acled.columns import ACTOR_COLUMNS, READ, AcledCells
from infra.datasets.acled.dates import DateOrder
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.places import AcledPlaces
from infra.datasets.acled.sides import RowSides, sides_of
from infra.datasets.acled.statements import (
    Statements,
    coding_of,
    deaths_of,
    occurred,
    summary_of,
)
from infra.datasets.acled.survey import AcledSurvey, cells_of
from infra.datasets.cells import DelimitedFile
from infra.datasets.repeated_cells import RepeatedCells
from infra.datasets.rows import RefusedRow, Remark, Row, RowLeftOut, RowSaid, Unfit, made
from infra.datasets.standing import said_at_of
from infra.intake.controllers import slug_of
from infra.intake.recorded_zones import Zones
from infra.ledger.reader import LedgerReader

_LONGEST_TITLE = 500
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_OF_THE_PULL = {"timestamp"}
"""What a row without an id is not told apart by."""


@dataclass(frozen=True, slots=True)
class AcledTerms:
    """How an export is read."""

    source: SourceRegistered
    credibility: int
    published: Occurred | None = None
    """The publication of the pull, for rows without a timestamp."""
    order: DateOrder | None = None
    """The order of dates, where the user says it."""
    actors: Mapping[str, MappedActor] = field(default_factory=dict)


class AcledFile:
    """An export, read for a ledger."""

    def __init__(
        self, path: Path, surveyed: AcledSurvey, terms: AcledTerms, ledger: LedgerReader
    ) -> None:
        self._path, self._terms = path, terms
        self._order = surveyed.dates.order(terms.order)
        self._places = AcledPlaces(ledger)
        self.known_actors = KnownActors.of(ledger)
        """The actors of the ledger before the import."""
        self._actors = ActorBook(self.known_actors, surveyed.names, terms.actors)
        self._source_zone = Zones(ledger).zone(ReportFiled, {"source": terms.source.source})
        self._file = DelimitedFile(path)
        self._sides: RepeatedCells[tuple[str, ...], RowSides] = RepeatedCells(_REMEMBERED)
        self._reports: RepeatedCells[tuple[str, ...], ReportFiled] = RepeatedCells(_REMEMBERED)
        self._told: set[Remark] = set()
        """Doubts about actors and places, each told once."""

    @property
    def bytes_read(self) -> int:
        return self._file.bytes_read

    def rows(self) -> Iterator[Row]:
        """The rows from the beginning of the file. Raises BadInput."""
        self._file = DelimitedFile(self._path)
        self._told.clear()
        for cells, _ in cells_of(self._path, self._file):
            key = ""
            try:
                if cells.unfit:
                    raise Unfit(*cells.unfit)
                key = cells["event_id_cnty"] or content_key(cells)
                yield self._row(cells, key)
            except Unfit as unfit:
                yield RefusedRow(cells.line, key, unfit.why)

    def _row(self, cells: AcledCells, key: str) -> Row:
        meaning = coding_of(cells)
        report = self._report_of(cells)
        said_at = said_at_of(report.published)
        registers = (self._terms.source, report)
        if meaning.left_out:
            column = "sub_event_type" if cells["sub_event_type"] else "event_type"
            why = cells.remark(column, meaning.left_out)
            return RowLeftOut(cells.line, key, said_at, report.report, why, registers)
        place, sides = self._places.find(cells), self._sides_of(cells)
        common = {
            "occurred": occurred(
                cells, self._order, place.zone or self._source_zone, report.published
            ),
            "credibility": self._terms.credibility,
            "summary": summary_of(cells, sides.left_open),
        }
        statements = Statements(cells, place, sides, report.report, common)
        events = statements.of(meaning, key)
        if not events:
            why = statements.doubts[-1]
            return RowLeftOut(cells.line, key, said_at, report.report, why, registers)
        if deaths_of(cells) and not meaning.is_clash:
            why = cells.remark("fatalities", "a transfer without violence; they are not recorded")
            statements.doubts.append(why)
        return RowSaid(
            cells.line,
            key,
            said_at,
            (*registers, *place.registers, *sides.registers),
            events=events,
            doubts=(*self._once(cells, place.doubt, sides), *statements.doubts),
            other_places=place.others,
        )

    def _sides_of(self, cells: AcledCells) -> RowSides:
        told = tuple(map(cells.__getitem__, _SIDES))
        return self._sides.get(told, lambda: sides_of(cells, self._actors))

    def _report_of(self, cells: AcledCells) -> ReportFiled:
        told = tuple(map(cells.__getitem__, _PUBLICATION))
        return self._reports.get(told, lambda: self._report(cells))

    def _once(self, cells: AcledCells, about_place: str, sides: RowSides) -> Iterator[Remark]:
        """The doubts about a place or a name, in the first row with it."""
        doubts = [*sides.doubts]
        if about_place:
            doubts.append(cells.remark("location", about_place))
        for doubt in doubts:
            if doubt not in self._told:
                if len(self._told) < _MOST_TOLD:
                    self._told.add(doubt)
                yield doubt

    def _report(self, cells: AcledCells) -> ReportFiled:
        """The report of a row: what the dataset published at one moment by the same outlets."""
        said_at = cells.seconds("timestamp")
        published = Occurred.parse(rfc3339(said_at)) if said_at else self._terms.published
        if published is None:
            why = "it is empty; --published says when the file was published"
            raise Unfit(cells.remark("timestamp", why))
        cited, scale = "; ".join(cells.several("source")), cells["source_scale"]
        mark = blake2b(f"{cited}|{scale}".encode(), digest_size=5).hexdigest()
        source = self._terms.source
        about = f": {cited}" if cited else ""
        title = f"{source.name}, {published.text[:10]}{about}{f' ({scale})' if scale else ''}"
        if len(title) > _LONGEST_TITLE:
            title = f"{title[: _LONGEST_TITLE - 4]} ..."
        fields = {
            "report": f"{report_stem(source.source, published)}-{mark}",
            "source": source.source,
            "published": published,
            "title": title,
        }
        return made(ReportFiled, fields, {"title": ("source", "source_scale")}, cells.cells)


_MOST_TOLD = 100_000
_REMEMBERED = 10_000
"""The most reports, and the most combinations of actors, remembered by their cells."""
_SIDES = tuple(chain.from_iterable(ACTOR_COLUMNS))
_PUBLICATION = ("timestamp", "source", "source_scale")
"""The columns that decide a report."""


def report_stem(source: SourceId, published: Occurred) -> str:
    """The beginning of the id of a report: the dataset and the moment."""
    return f"{source}-{slug_of(published.text.replace(':', ''))}"


def content_key(cells: AcledCells) -> str:
    """A digest of what a row says, for rows without an id; numbers count as numbers."""
    told = "\n".join(
        f"{name}={_plain(cells[name])}" for name in sorted(READ - _OF_THE_PULL) if cells[name]
    )
    return blake2b(told.encode(), digest_size=10).hexdigest()


def _plain(text: str) -> str:
    return f"{float(text):.6f}" if _NUMBER.fullmatch(text) else " ".join(text.split())
