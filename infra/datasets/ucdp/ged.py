"""Reads UCDP's Georeferenced Event Dataset (GED), final and candidate releases.

Columns and codes are those of the UCDP GED Codebook 24.1. docs/datasets/ucdp.md says what becomes
of each column.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from domain.events import (
    ActorRegistered,
    ClashReported,
    ReportFiled,
    SourceRegistered,
)
from domain.occurred import Occurred
from domain.values import (
    ActorKind,
    DeathsBySide,
    GeoPrecision,
    Tactic,
)
from infra.datasets.cells import CellRow, DelimitedFile
from infra.datasets.places import PlaceBook, WantedPlace
from infra.datasets.repeated_cells import RepeatedCells
from infra.datasets.rows import ColumnsOf, RefusedRow, Remark, Row, RowSaid, Unfit, made
from infra.datasets.standing import passage_of, said_at_of
from infra.datasets.ucdp.actor_book import UcdpActors, fields_of_new
from infra.datasets.ucdp.cells import Cells, code, day, id_of, text, whole
from infra.datasets.ucdp.ged_deaths import BY_SIDE, DEATHS, Deaths, deaths_of
from infra.datasets.ucdp.ged_places import COLUMNS as WHERE_COLUMNS
from infra.datasets.ucdp.ged_places import PLACE_NAMES, place_of
from infra.datasets.ucdp.ged_words import (
    SUMMARY_COLUMNS,
    VIOLENCE,
    is_clear,
    outlets,
    summary,
    title,
)
from infra.datasets.ucdp.releases import Release
from infra.datasets.ucdp.superseded import CompleteFor, EarlierReleases
from infra.intake.problems import BadInput
from infra.ledger.ledger import Ledger

CLARITY = {1: "told by itself", 2: "told together with other events"}
"""The column event_clarity."""
DATES = {
    1: "the day",
    2: "two to six days",
    3: "the week",
    4: "the month, or eight to thirty days",
    5: "more than a month",
}
"""The column date_prec."""
NEEDED = (
    *("id", "year", "type_of_violence", "conflict_new_id", "conflict_name", "dyad_new_id"),
    *("dyad_name", "side_a_new_id", "side_a", "side_b_new_id", "side_b", "source_article"),
    *("where_prec", "where_coordinates", "adm_1", "adm_2", "latitude", "longitude", "country"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b"),
    *("deaths_civilians", "deaths_unknown", "best", "high", "low"),
)
"""The columns needed in every file."""
_ONE_SIDED = 3
_NOT_JUDGED = 6
_FIRST_YEAR = 1946
_LONGEST = timedelta(days=400)
"""More than the longest window of the codebook, a year."""
_NO_ID = "the row may be any candidate, so that no missing candidate is taken back"
_FIELDS: ColumnsOf = {
    "location": "where_coordinates",
    "occurred": "date_start",
    "sides": "side_b_new_id",
    "deaths": "best",
    "deaths_by_side": "deaths_a",
    "summary": SUMMARY_COLUMNS,
    "passage": "id",
}
"""The column of each field of an event."""


Told = tuple[str | None, ...]
"""The cells that something follows from."""
_Sides = tuple[list[ActorRegistered], list[Remark]]
_REPEATED = 10_000
_NO_CELLS: Cells = MappingProxyType({})
_COLUMNS_BY_SIDE: ColumnsOf = {
    "sides": ("deaths_a", "deaths_b"),
    "civilians": "deaths_civilians",
    "unknown": "deaths_unknown",
}
_TIME = ("date_start", "date_end", "date_prec", "year")
_SIDES = (
    *("type_of_violence", "side_a_new_id", "side_a", "gwnoa", "side_b_new_id", "side_b", "gwnob"),
)


class _Dates(NamedTuple):
    occurred: Occurred
    start: date
    doubts: tuple[Remark, ...]


class _GedCells:
    """What follows from cells that repeat from row to row."""

    def __init__(self) -> None:
        self.times: RepeatedCells[Told, _Dates] = RepeatedCells(_REPEATED)
        self.wanted: RepeatedCells[Told, tuple[WantedPlace, GeoPrecision]] = RepeatedCells(
            _REPEATED
        )
        self.sides: RepeatedCells[Told, _Sides] = RepeatedCells(_REPEATED)
        self.deaths: RepeatedCells[Told, Deaths] = RepeatedCells(_REPEATED)
        self.by_side: RepeatedCells[tuple[int | str | None, ...], DeathsBySide | None] = (
            RepeatedCells(_REPEATED)
        )
        self.reports: RepeatedCells[tuple[str, ...], ReportFiled] = RepeatedCells(_REPEATED)


class GedFile:
    """A file of GED, as rows about a source in a ledger."""

    def __init__(
        self,
        path: Path,
        ledger: Ledger,
        source: SourceRegistered,
        release: Release,
        extent: CompleteFor = CompleteFor.COUNTRIES,
    ) -> None:
        self._path, self._ledger, self._source = path, ledger, source
        self._release, self._extent = release, extent
        self._said_at = said_at_of(release.published)
        self._file = DelimitedFile(path)

    @property
    def bytes_read(self) -> int:
        return self._file.bytes_read

    def rows(self) -> Iterator[Row]:
        """The rows of the file, then the rows of candidate releases missing in the file."""
        self._file = DelimitedFile(self._path)
        self._places = PlaceBook(self._ledger, "ged")
        self._actors = UcdpActors(self._ledger)
        self._new_actors: dict[str, ActorRegistered] = {}
        self._remembered = _GedCells()
        earlier = EarlierReleases(self._ledger, self._source.source, self._release, self._places)
        is_known, has_all_ids = False, True
        for row in self._file:
            cells = dict(zip(map(_column_name, row.cells), row.cells.values(), strict=True))
            if not is_known:
                self._refuse_other_tables(cells)
                is_known = True
            found = self._row(row, cells, earlier)
            has_all_ids = has_all_ids and found.key != ""
            yield found
        if not has_all_ids:
            return
        filed = self._report(())
        why = f"The final release {self._release.number} of UCDP GED no longer has this event."
        yield from earlier.vanished(self._extent, self._said_at, (self._source, filed), why)

    def _refuse_other_tables(self, cells: Cells) -> None:
        if missing := [name for name in NEEDED if name not in cells]:
            message = f"this is no table of GED: it has no column {', '.join(missing)}"
            raise BadInput.at(self._path, 1, message)

    def _row(self, row: CellRow, cells: Cells, earlier: EarlierReleases) -> Row:
        key = ""
        try:
            key = id_of(cells, "id")
            earlier.still_has(key)
            if row.faults:
                raise Unfit(*row.faults)
            return self._said(row.line, key, cells, earlier)
        except Unfit as unfit:
            why = (*unfit.why, *row.faults) if not key else unfit.why
            if not key and earlier.takes_back(self._extent):
                why = (*why, Remark("id", cells["id"], _NO_ID))
            return RefusedRow(row.line, key, tuple(dict.fromkeys(why)))

    def _said(self, line: int, key: str, cells: Cells, earlier: EarlierReleases) -> RowSaid:
        violence = code(cells, "type_of_violence", VIOLENCE)
        known, told = self._remembered, cells.get
        time = known.times.get(tuple(map(told, _TIME)), lambda: _time(cells))
        wanted, precision = known.wanted.get(
            tuple(map(told, WHERE_COLUMNS)), lambda: place_of(cells)
        )
        deaths = known.deaths.get(tuple(map(told, DEATHS)), lambda: deaths_of(cells))
        sides, other_names = known.sides.get(
            tuple(map(told, _SIDES)), lambda: self._sides(cells, violence)
        )
        cited = outlets(cells)
        filed = known.reports.get(cited, lambda: self._report(cited, cells))
        place = self._places.find(wanted, PLACE_NAMES, cells)
        unsure = (Remark("where_coordinates", wanted.name, place.doubt),) if place.doubt else ()
        by_side = known.by_side.get(
            (violence, *map(told, BY_SIDE)), lambda: _by_side(cells, violence)
        )
        fields = {
            "location": place.location,
            "place_precision": precision,
            "occurred": time.occurred,
            "report": filed.report,
            "credibility": _credibility(cells),
            "passage": passage_of(key),
            "sides": [[side.actor] for side in sides],
            "tactic": Tactic.ATTACK_ON_CIVILIANS if violence == _ONE_SIDED else None,
            "deaths": deaths.estimate,
            "deaths_by_side": by_side,
            "summary": summary(cells, violence, *_aggregated(cells), *deaths.words),
        }
        event = made(ClashReported, fields, _FIELDS, cells)
        is_superseded = earlier.covers(place, time.start.year)
        return RowSaid(
            line,
            key,
            self._said_at,
            (self._source, filed, *place.registers, *sides),
            events=(event,),
            doubts=(*time.doubts, *deaths.doubts, *unsure, *other_names),
            other_places=place.others,
            is_superseded=is_superseded,
        )

    def _report(self, cited: tuple[str, ...], cells: Cells = _NO_CELLS) -> ReportFiled:
        """The report of this release on what these outlets told. Raises Unfit."""
        digest = blake2b("\n".join(cited).encode(), digest_size=6).hexdigest() if cited else ""
        id = "-".join(filter(None, (self._source.source, self._release.slug, digest)))
        fields = {
            "report": id,
            "source": self._source.source,
            "published": self._release.published,
            "title": title(self._release.number, cited),
        }
        return made(ReportFiled, fields, {"title": ("source_office", "source_article")}, cells)

    def _sides(self, cells: Cells, violence: int) -> _Sides:
        """The two actors, and a doubt about an actor with another name in an earlier row."""
        sides, doubts = [], []
        for side in ("a", "b"):
            id, name = id_of(cells, f"side_{side}_new_id"), text(cells, f"side_{side}")
            actor = self._actors.find(id) or self._new_actors.get(id)
            if actor is None:
                actor = self._new_actors[id] = _new_actor(cells, side, id, name, violence)
            elif id in self._new_actors and actor.name != name:
                why = f"the actor {id} of UCDP is {actor.name} in a row before, and is so here too"
                doubts.append(Remark(f"side_{side}", name, why))
            sides.append(actor)
        if sides[0].actor == sides[1].actor:
            why = f"both sides are {sides[0].name} ({sides[0].actor})"
            raise Unfit(Remark("side_b_new_id", cells["side_b_new_id"], why))
        return sides, doubts


@lru_cache(maxsize=1_000)
def _column_name(written: str) -> str:
    return written.strip().casefold()


def _new_actor(cells: Cells, side: str, id: str, name: str, violence: int) -> ActorRegistered:
    if violence == _ONE_SIDED and side == "b":
        kind = ActorKind.CIVILIANS
    else:
        is_state = bool(text(cells, f"gwno{side}")) or name.startswith("Government of ")
        kind = kind_of(name, is_state=is_state)
    return made(ActorRegistered, fields_of_new(name, id, kind), {"name": f"side_{side}"}, cells)


def kind_of(name: str, *, is_state: bool) -> ActorKind:
    """The kind of an actor by the name: the name of a coalition is a list of members, in the order
    of the alphabet, with commas."""
    members = name.split(", ")
    in_order = sorted(members, key=str.casefold) == members
    if len(members) > 1 and in_order and " and " not in members[-1] and "(" not in name:
        return ActorKind.COALITION
    return ActorKind.STATE_FORCE if is_state else ActorKind.ARMED_GROUP


def _time(cells: Cells) -> _Dates:
    start, end = day(cells, "date_start"), day(cells, "date_end")
    precision = code(cells, "date_prec", DATES)
    year = whole(cells, "year")
    if end < start:
        raise Unfit(Remark("date_end", cells["date_end"], f"it lies before date_start, {start}"))
    if start.year < _FIRST_YEAR:
        why = f"UCDP's data begin in {_FIRST_YEAR}"
        raise Unfit(Remark("date_start", cells["date_start"], why))
    if end - start > _LONGEST:
        why = f"it is {(end - start).days:,} days after date_start, {start}; an event has a year"
        raise Unfit(Remark("date_end", cells["date_end"], why))
    if year is None or not start.year <= year <= end.year:
        raise Unfit(Remark("year", cells["year"], f"the event is dated {start} to {end}"))
    doubts = []
    if (precision == 1) is not (start == end):
        why = f"it says {DATES[precision]}, and the dates are {start} to {end}; the dates count"
        doubts.append(Remark("date_prec", cells["date_prec"], why))
    told = f"{start}" if start == end else f"{start}/{end}"
    return _Dates(Occurred.parse(told), start, tuple(doubts))


def _credibility(cells: Cells) -> int:
    """By event_clarity: 2, probably true, or 3, possibly true; one lower before UCDP's checks."""
    if whole(cells, "event_clarity") is None:
        return _NOT_JUDGED
    return code(cells, "event_clarity", CLARITY) + 1 + (not is_clear(cells))


def _aggregated(cells: Cells) -> Iterator[str]:
    if whole(cells, "event_clarity") == 2:
        yield "The sources tell of it together with other events."


def _by_side(cells: Cells, violence: int) -> DeathsBySide | None:
    """The dead of each side; a side of civilians is counted as civilians alone."""
    a, b, civilians, unknown = (whole(cells, name) for name in BY_SIDE)
    if violence == _ONE_SIDED and not b:
        b = None
    if a is b is civilians is unknown is None:
        return None
    sides = () if a is b is None else (a, b)
    fields = {"sides": sides, "civilians": civilians, "unknown": unknown}
    return made(DeathsBySide, fields, _COLUMNS_BY_SIDE, cells)
