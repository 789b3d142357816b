"""What does each row of a claims table say?

A claims table keeps a source's word on who controls each place: one row for each place in each
revision of the table. `known_at` is when the revision was published, `as_of` the time that the row
speaks of; where that is empty, it speaks of the time of its revision.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.events import (
    ActorRegistered,
    ControlReported,
    ControlReportedUnknown,
    Event,
    LocationContested,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
)
from domain.occurred import Instant, Occurred, rfc3339
from domain.offsets import clocks_of
from domain.refusals import InTheFuture
from domain.values import ActorKind, LocationKind
from infra.bad_input import BadInput, Problem, shown, text_of
from infra.nearest import plain
from infra.plain_words import in_plain_words
from infra.states import STATES
from infra.zones_of_record import Zones

COLUMNS = (
    *("location_id", "name", "lat", "lon"),
    *("known_at", "as_of", "controller", "note", "source_link"),
)
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
"""Which column fills a field that has another name."""
_SPECIAL: dict[str, tuple[type[SituationEvent], dict[str, Any]]] = {
    "contested": (LocationContested, {"between": ()}),
    "truce": (LocationContested, {"between": ()}),
    "uncontrolled": (ControlReported, {"holders": ()}),
    "unknown": (ControlReportedUnknown, {}),
}
"""What stands for a controller where there is none, in lower case, and the event that says so."""

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a table is to be read: whose word it is, how far it is trusted, and who is who."""

    source: SourceRegistered
    credibility: int
    actors: Mapping[str, ActorRegistered]
    """By the name that the table gives them; any other is registered under its name."""
    source_as_registered: bool = True
    """Whether a source that is registered with other details is taken as it is."""
    zone: str | None = None
    """The zone of the table's days; where None, that of the place, else of the source, else UTC."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it says, and all that it speaks of."""

    line: int
    report: ReportFiled
    place: LocationRegistered
    actor: ActorRegistered | None
    """Who is named as the controller, if anybody is."""
    event: SituationEvent


def read_claims(path: Path, terms: Terms, now: Instant, zones: Zones | None = None) -> list[Row]:
    """Every row. Raises BadInput with all that is wrong with the table.

    `zones` are those of what is recorded.
    """
    reader = _Reader(str(path), terms, now, zones or Zones())
    rows = [row for line, cells in _cells(path) if (row := reader.read(line, cells))]
    if reader.problems:
        raise BadInput(reader.problems)
    if not rows:
        raise _refusal(path, None, "it holds no rows")
    return rows


def actor_of(name: str, kind: ActorKind | None = None, slug: str | None = None) -> dict[str, str]:
    """The fields of an actor that a table names. A table says who somebody is, and not what."""
    slug = slug or slug_of(name)
    kind = kind or (ActorKind.STATE if name.casefold() in STATES else ActorKind.ARMED_GROUP)
    return {"actor": slug, "name": name, "kind": kind}


def slug_of(text: str) -> str:
    """An id made of a text, as far as that can be done."""
    return re.sub("[^a-z0-9]+", "-", plain(text)).strip("-")


class _Refused(Exception):
    """The row is no claim; why is in the list of problems."""


class _Reader:
    """Makes events of rows, and collects what is wrong with them."""

    def __init__(self, file: str, terms: Terms, now: Instant, zones: Zones) -> None:
        self._zones = zones
        zones.look_up([{"source": terms.source.source}])
        zones.learn(terms.source)
        self.problems: list[Problem] = []
        self._file = file
        self._terms = terms
        self._now = now
        self._seen: dict[tuple[str, str], int] = {}

    def read(self, line: int, cells: dict[str, str]) -> Row | None:
        """What the row says, or nothing where something is wrong with it."""
        try:
            report = self._report(line, cells["known_at"])
            place = self._make(line, LocationRegistered, _place(cells))
            actor = self._actor(line, cells["controller"])
            event = self._event(line, cells, report, actor)
            self._refuse_second_word(line, place, report)
        except _Refused:
            return None
        return Row(line, report, place, actor, event)

    def _report(self, line: int, known_at: str) -> ReportFiled:
        source = self._terms.source.source
        fields = {"source": source, "published": known_at, "report": "report", "title": "title"}
        fields |= {"zone": self._terms.zone} if self._terms.zone else {}
        published = self._make(line, ReportFiled, fields).published
        self._refuse_future(line, "known_at", published)
        fields["report"] = f"{source}-{slug_of(clocks_of(published.text))}"
        fields["title"] = f"Revision of {published.written}"
        report = self._make(line, ReportFiled, fields)
        self._zones.learn(report)
        return report

    def _actor(self, line: int, controller: str) -> ActorRegistered | None:
        if controller.casefold() in _SPECIAL:
            return None
        if not controller:
            self._complain(line, "controller", "it is empty; write Unknown where nobody knows")
            raise _Refused
        if controller in self._terms.actors:
            return self._terms.actors[controller]
        if not slug_of(controller):
            message = f"no id can be made of {shown(controller)}; give one with --actor"
            self._complain(line, "controller", message)
            raise _Refused
        return self._make(line, ActorRegistered, actor_of(controller))

    def _event(
        self, line: int, cells: dict[str, str], report: ReportFiled, actor: ActorRegistered | None
    ) -> SituationEvent:
        controller, note = cells["controller"].casefold(), cells["note"]
        kind, fields = _SPECIAL.get(controller, (ControlReported, {}))
        if actor:
            fields = {"holders": (actor.actor,)}
        if controller == "truce":
            note = f"A truce. {note}".strip()
        said = fields | {
            "location": cells["location_id"],
            "occurred": cells["as_of"] or cells["known_at"],
            "report": report.report,
            "credibility": self._terms.credibility,
            "summary": note or None,
            "passage": cells["source_link"] or None,
        }
        event = self._make(line, kind, said)
        self._refuse_future(line, "as_of", event.occurred)
        return event

    def _make(self, line: int, kind: type[E], fields: dict[str, Any]) -> E:
        told, wrong = self._zones.told(kind, fields)
        try:
            event = kind.model_validate(told)
            if not wrong:
                return event
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                if (field := str(error["loc"][-1])) not in wrong:
                    self._complain(line, _COLUMN_OF.get(field, field), in_plain_words(error, kind))
        for field, message in wrong.items():
            self._complain(line, _COLUMN_OF.get(field, field), message)
        raise _Refused

    def _refuse_future(self, line: int, column: str, said: Occurred) -> None:
        if said.window.earliest > self._now:
            self._complain(line, column, str(InTheFuture(column, said.written, rfc3339(self._now))))
            raise _Refused

    def _refuse_second_word(
        self, line: int, place: LocationRegistered, report: ReportFiled
    ) -> None:
        """One revision has one word on a place: of two, nobody could say which is the later."""
        before = self._seen.setdefault((place.location, report.report), line)
        if before != line:
            message = f"this revision speaks of {place.location} already, on line {before}"
            self._complain(line, "location_id", message)
            raise _Refused

    def _complain(self, line: int, column: str, message: str) -> None:
        self.problems.append(Problem(self._file, line, None, column, message))


def _place(cells: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"location": cells["location_id"], "name": cells["name"]}
    if cells["lat"] or cells["lon"]:
        fields["coordinates"] = {"latitude": cells["lat"], "longitude": cells["lon"]}
    return fields | {"kind": LocationKind.TOWN}


def _cells(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The cells of each row by their columns, with the line on which the row begins."""
    lines = csv.reader(StringIO(text_of(path), newline=""), strict=True)
    try:
        header = _header(path, next(lines, []))
        before = lines.line_num
        for row in lines:
            line, before = before + 1, lines.line_num
            if not row:
                continue
            if len(row) != len(header):
                message = f"it has {len(row)} cells, the first line has {len(header)} columns"
                raise _refusal(path, line, message)
            yield line, dict(zip(header, map(str.strip, row), strict=True))
    except csv.Error as error:
        raise _refusal(path, lines.line_num, f"this is not CSV: {error}") from None


def _header(path: Path, found: list[str]) -> list[str]:
    columns = [name.strip() for name in found]
    if not any(columns):
        raise _refusal(path, None, "it is empty")
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise _refusal(
            path,
            1,
            f"{'these columns are' if len(missing) > 1 else 'this column is'} missing: "
            f"{', '.join(missing)}; found are {', '.join(map(shown, columns[:20]))}",
        )
    if len(set(columns)) < len(columns):
        raise _refusal(path, 1, "two columns have the same name")
    return columns


def _refusal(path: Path, line: int | None, message: str) -> BadInput:
    return BadInput([Problem(str(path), line, None, "", message)])
