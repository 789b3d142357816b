"""The rows of a claims table, as events.

A claims table keeps a source's claims on the control of places: a row for each place in each
revision of the table. `known_at` is the publication of the revision, `as_of` the time of the claim;
an empty `as_of` means the time of the revision. The table may be a text, a workbook, or a layer of
points.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from pydantic import ValidationError

from domain.events import (
    ActorRegistered,
    Event,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
    SourceEnded,
    SourceRegistered,
)
from domain.occurred import Instant, Occurred, rfc3339
from domain.offsets import clocks_of
from domain.refusals import AfterItsReport, InTheFuture
from domain.registry import refuse_after_its_report
from domain.texts import counted, without_hidden
from domain.values import Coordinates, LocationId, LocationKind, SourceId
from infra.field_errors import in_plain_words
from infra.intake.claims_cells import ClaimsCells
from infra.intake.controllers import (
    Controllers,
    DoubtfulController,
    GivenMeaning,
    Meaning,
    NoId,
    slug_of,
)
from infra.intake.problems import SHOWN, BadInput, Problem
from infra.intake.recorded_zones import Zones
from infra.intake.table_dates import DayOrder
from infra.intake.table_rows import TableForm
from infra.visible_text import quoted, visible

_COLUMN_OF = {
    "location": "location_id",
    "coordinates": "lat",
    "latitude": "lat",
    "longitude": "lon",
    "published": "known_at",
    "occurred": "as_of",
    "actor": "controller",
    "summary": "note",
    "passage": "source_link",
}
"""The columns of fields with other names than their columns."""
_DEEPEST = 20
"""How many places may lie around a place."""
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms for reading a table: its source, its credibility, its actors and controllers."""

    source: SourceRegistered
    credibility: int
    actors: Mapping[str, ActorRegistered]
    """By the name in the table; an actor without an entry is registered under the name."""
    source_as_registered: bool = True
    """Whether a source registered with other details is taken as registered."""
    controllers: Mapping[str, GivenMeaning] = field(default_factory=dict)
    """The meanings of controllers other than the name of a single actor."""
    ended: SourceEnded | None = None
    """The end of the source, if the source has ended."""
    keep_stale: bool = False
    """Whether a row with a stale date stands."""
    zone: str | None = None
    """The zone of the table's days; None: the place's zone, else the source's, else UTC."""
    published: str | None = None
    """When a table without the column `known_at` was published."""
    form: TableForm | None = None
    order: DayOrder | None = None
    """The order of day and month; None is found."""
    is_strict: bool = True
    """Whether a row that can't be read keeps the whole table out."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its event, with the registrations of everything named there."""

    line: int
    report: ReportFiled
    place: LocationRegistered
    actors: tuple[ActorRegistered, ...]
    """The registrations of the named controllers, so far as the table or an option has them."""
    event: SituationEvent
    around: tuple[LocationRegistered, ...] = ()
    """The places that it lies in, the largest first."""


class DoubtfulRow(NamedTuple):
    """A row of a sound table that is left out, with the reason."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class ClaimsTable:
    """The rows of a table, and the rows left out."""

    rows: list[Row]
    doubtful: list[DoubtfulRow]
    unread: list[str]
    """The columns in use by the table, and not by Tenure."""
    notes: list[str] = field(default_factory=list)
    """How the table was read, where that is not plain."""
    problems: list[Problem] = field(default_factory=list)
    """Why rows were refused; none of a strict reading."""


class UnclearPlace(Exception):
    """A name that may mean several places; the text says which."""


class PlacesByName(Protocol):
    """The places meant by names in a table. Both methods raise UnclearPlace."""

    def town(
        self, source: SourceId, name: str, point: Coordinates | None, slug: LocationId
    ) -> LocationId: ...
    def region(self, name: str, slug: LocationId, places: set[str]) -> LocationId: ...


def read_claims(
    path: Path,
    terms: Terms,
    now: Instant,
    zones: Zones | None = None,
    places: PlacesByName | None = None,
) -> ClaimsTable:
    """Every row. Raises BadInput with all problems of the table, unless it is read leniently.

    `zones` are the zones on record, `places` the places there; without these an id is made of the
    name.
    """
    cells = ClaimsCells(path, terms.form, terms.order, terms.published)
    reader = _ClaimReader(str(path), terms, now, cells, zones or Zones(), places)
    rows = [row for line, each in cells.rows if (row := reader.read(line, each))]
    rows = _with_what_is_around(rows, reader)
    # All questions come first, so that a user can answer them at once.
    problems = [*reader.questions(), *sorted([*cells.problems, *reader.problems], key=_line)]
    if problems and terms.is_strict:
        raise BadInput(problems, most=max(SHOWN, len(reader.asked)))
    return ClaimsTable(rows, reader.doubtful, cells.unread, cells.notes, problems)


def _line(problem: Problem) -> int:
    return problem.line or 0


class _NoClaim(Exception):
    """A row without a claim; the reasons are in the list of problems."""


class _ClaimReader:
    """Makes events of rows, and collects the problems of the table."""

    def __init__(
        self,
        file: str,
        terms: Terms,
        now: Instant,
        cells: ClaimsCells,
        zones: Zones,
        places: PlacesByName | None,
    ) -> None:
        self._cells, self._places = cells, places
        self._ids = {cells.told(each)["location_id"] for _, each in cells.rows}
        """The ids of the places, so far as the table alone tells them."""
        self._zones = zones
        zones.look_up([{"source": terms.source.source}])
        zones.learn(terms.source)
        self.problems: list[Problem] = []
        self.doubtful: list[DoubtfulRow] = []
        self.asked: dict[str, tuple[str, list[int]]] = {}
        """The options and the lines of each doubtful controller."""
        self.regions: dict[LocationId, LocationRegistered] = {}
        """What places lie in, as regions."""
        found = [each["controller"] for _, each in cells.rows]
        self._controllers = Controllers(terms.actors.items(), terms.controllers, found)
        self._file = file
        self._terms = terms
        self._now = now
        self._seen: dict[tuple[str, str], int] = {}
        self._written: Mapping[str, str] = {}
        """The cells of the row being read."""

    def read(self, line: int, written: dict[str, str]) -> Row | None:
        """The row; None of a row with a problem or a doubt."""
        cells = self._written = self._cells.told(written)
        try:
            report = self._report(line, cells["known_at"])
            place = self._make(line, LocationRegistered, _place(cells))
            place = self._on_record(line, place, written)
            if place.within:
                self._note_region(line, place.within, cells["within"])
                self._zones.learn(place)
            meaning = self._meaning(line, cells["controller"])
            event = self._event(line, cells, report, meaning, place)
            self._refuse_second_claim(line, place, report)
        except _NoClaim:
            return None
        if doubt := self._doubt(event, report.published):
            self.doubtful.append(DoubtfulRow(line, f"as_of: {doubt}"))
            return None
        return Row(line, report, place, meaning.registers, event)

    def _on_record(
        self, line: int, place: LocationRegistered, written: Mapping[str, str]
    ) -> LocationRegistered:
        """The place under the id that the ledger has for the name, where the row gives no id."""
        if self._places is None:
            return place
        column, changes = "name", dict[str, LocationId]()
        try:
            if not written["location_id"]:
                source, point = self._terms.source.source, place.coordinates
                id = self._places.town(source, place.name, point, place.location)
                changes["location"] = id
            column = "within"
            if place.within and self._cells.has_regions:
                region = self._places.region(written["within"], place.within, self._ids)
                changes["within"] = region
        except UnclearPlace as unclear:
            self._complain(line, column, str(unclear))
            raise _NoClaim from None
        return place.model_copy(update=changes)

    def _note_region(self, line: int, id: LocationId, name: str) -> None:
        if id not in self.regions:
            fields = {"location": id, "name": without_hidden(name), "kind": LocationKind.REGION}
            region = self._make(line, LocationRegistered, fields, {"name": "within"})
            self.regions[id] = region

    def _doubt(self, event: SituationEvent, published: Occurred) -> str | None:
        """The doubt about a row, if any: a slip in a single cell keeps no table out."""
        try:
            refuse_after_its_report(event, published)
        except AfterItsReport:
            return (
                f"{event.occurred.written} begins more than a day after the revision was published "
                f"({published.written}): nobody can report what has not happened yet"
            )
        if event.occurred.window.earliest > self._now:
            return str(InTheFuture("as_of", event.occurred.written, rfc3339(self._now)))
        return None

    def questions(self) -> list[Problem]:
        """A question for each doubtful controller, at its first line."""
        asked = (
            (lines[0], _question(text, how_to_say, lines), text)
            for text, (how_to_say, lines) in self.asked.items()
        )
        return [
            Problem(self._file, line, None, "controller", question, text)
            for line, question, text in asked
        ]

    def _report(self, line: int, known_at: str) -> ReportFiled:
        source = self._terms.source.source
        fields = {"source": source, "published": known_at, "report": "report", "title": "title"}
        fields |= {"zone": self._terms.zone} if self._terms.zone else {}
        published = self._make(line, ReportFiled, fields).published
        self._refuse_future(line, "known_at", published)
        published = published.in_utc  # the same report, at whichever offset its time is told
        fields["report"] = f"{source}-{slug_of(clocks_of(published.text))}"
        fields["title"] = f"Revision of {published.written}"
        report = self._make(line, ReportFiled, fields)
        self._zones.learn(report)
        return report

    def _meaning(self, line: int, controller: str) -> Meaning:
        if not visible(controller):
            self._complain(line, "controller", "it is empty; write Unknown where nobody knows")
            raise _NoClaim
        try:
            return self._controllers.meaning(controller)
        except DoubtfulController as doubtful:
            self.asked.setdefault(controller, (str(doubtful), []))[1].append(line)
            raise _NoClaim from None
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                self._complain(line, "controller", in_plain_words(error, ActorRegistered))
            raise _NoClaim from None
        except NoId:
            message = f"no id can be made of {quoted(controller)}; give one with --actor"
            self._complain(line, "controller", message)
            raise _NoClaim from None

    def _event(
        self,
        line: int,
        cells: dict[str, str],
        report: ReportFiled,
        meaning: Meaning,
        place: LocationRegistered,
    ) -> SituationEvent:
        note = f"{meaning.note} {cells['note']}".strip()
        said = {
            **meaning.fields,
            "location": place.location,
            "occurred": cells["as_of"] or cells["known_at"],
            "report": report.report,
            "credibility": self._terms.credibility,
            "summary": note or None,
            "passage": cells["source_link"] or None,
        }
        return self._make(line, meaning.event, said)

    def _make(
        self,
        line: int,
        kind: type[E],
        fields: dict[str, Any],
        columns: Mapping[str, str] = _COLUMN_OF,
    ) -> E:
        told, wrong = self._zones.resolve_times(kind, fields)
        try:
            event = kind.model_validate(told)
            if not wrong:
                return event
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                if (field := str(error["loc"][-1])) not in wrong:
                    self._complain(line, columns.get(field, field), in_plain_words(error, kind))
        for field, message in wrong.items():
            self._complain(line, columns.get(field, field), message)
        raise _NoClaim

    def _refuse_future(self, line: int, column: str, said: Occurred) -> None:
        if said.window.earliest > self._now:
            self._complain(line, column, str(InTheFuture(column, said.written, rfc3339(self._now))))
            raise _NoClaim

    def _refuse_second_claim(
        self, line: int, place: LocationRegistered, report: ReportFiled
    ) -> None:
        """Refuses two rows about a place in a revision: nobody could say which is the later."""
        before = self._seen.setdefault((place.location, report.report), line)
        if before != line:
            message = f"this revision speaks of {place.location} already, on line {before}"
            self._complain(line, "location_id", message)
            raise _NoClaim

    def refuse_circle(self, row: Row) -> None:
        """Tells that a place lies within itself, by way of others."""
        self._written = {"within": row.place.within or ""}
        message = f"{row.place.location} would come to lie within its own bounds"
        self._complain(row.line, "within", message)

    def _complain(self, line: int, column: str, message: str) -> None:
        value = self._written.get(column, "")
        self.problems.append(Problem(self._file, line, None, column, message, value))


def _place(cells: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"location": cells["location_id"], "name": cells["name"]}
    if cells["lat"] or cells["lon"]:
        fields["coordinates"] = {"latitude": cells["lat"], "longitude": cells["lon"]}
    if cells["within"]:
        fields["within"] = slug_of(cells["within"])
    return fields | {"kind": LocationKind.TOWN}


def _with_what_is_around(rows: list[Row], reader: _ClaimReader) -> list[Row]:
    """The rows, each with the registrations of what its place lies in: by a row of the table, else
    as a region."""
    places: dict[LocationId, LocationRegistered] = {}
    for row in sorted(rows, key=lambda row: row.report.published.window.latest):
        places.setdefault(row.place.location, row.place)
    for id, region in reader.regions.items():
        places.setdefault(id, region)
    found = []
    for row in rows:
        around: list[LocationRegistered] = []
        within = row.place.within
        while within and len(around) <= _DEEPEST:
            around.append(places[within])
            within = around[-1].within
        if len(around) > _DEEPEST or row.place.location in {each.location for each in around}:
            reader.refuse_circle(row)
        else:
            found.append(replace(row, around=tuple(reversed(around))))
    return found


def _question(controller: str, how_to_say: str, lines: list[int]) -> str:
    """The question about a controller that may be one actor, several or none."""
    rows = counted(len(lines), "row")
    return f"{quoted(controller)} ({rows}) may be one actor, several or none; {how_to_say}"
