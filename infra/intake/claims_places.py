"""The places of a claims table, amended by later rows.

The first row of a place registers the place. A later row with another name, other coordinates or
another `within` amends the registration. Registrations and amendments by others stay.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from domain.amendments import Amendments
from domain.events import (
    Event,
    LocatedEvent,
    LocationAmended,
    LocationRegistered,
    ReportFiled,
)
from domain.occurred import Occurred
from domain.values import Coordinates, LocationId, ReportId, SourceId
from infra.intake.claims_csv import Row
from infra.ledger.codec import Recorded

_FIELDS = ("name", "coordinates", "within")
_Order = tuple[int, int]


class PlaceKept(NamedTuple):
    """A row at odds with the registration of a place by others."""

    line: int
    why: str


class PlaceAmended(NamedTuple):
    """A row that amends the registration of its place."""

    line: int
    location: LocationId
    changes: str


class _Told:
    """The details of a place as told by the table, and as read in the ledger."""

    def __init__(self, said: dict[str, Any], read: dict[str, Any], is_own: bool) -> None:
        self.said = said
        """By the last word of the table."""
        self.read = read
        """By the ledger."""
        self.is_own = is_own
        """Whether the place was registered by the table."""


class _Append(NamedTuple):
    """A claim and its report; the table records registrations between the two."""

    report: Recorded
    claim: Recorded

    def holds(self, registration: Recorded) -> bool:
        is_between = self.report.position < registration.position < self.claim.position
        return is_between and self.claim.recorded_at == registration.recorded_at


class ClaimedPlaces:
    """The places of a table, and the changes by rows."""

    def __init__(self, source: SourceId, told: Iterable[Recorded]) -> None:
        self.amended: list[PlaceAmended] = []
        self.kept: list[PlaceKept] = []
        self._source = source
        self._places: dict[LocationId, _Told] = {}
        self._last: dict[LocationId, _Order] = {}
        """The last publication that spoke of a place."""
        self._appends: dict[LocationId, list[_Append]] = {}
        """The claims about a place, each with its report."""
        filed: dict[ReportId, Recorded] = {}
        published: dict[ReportId, Occurred] = {}
        for each in told:
            match each.event:
                case ReportFiled() as report:
                    published[report.report], filed[report.report] = report.published, each
                case LocatedEvent(location=place, report=cited) if cited in published:
                    order = _order_of(published[cited])
                    self._last[place] = max(order, self._last.get(place, order))
                    self._appends.setdefault(place, []).append(_Append(filed[cited], each))

    def look_up(self, registrations: Iterable[Recorded], amendments: Iterable[Recorded]) -> None:
        """Takes in registrations and amendments of places in the file."""
        all_amendments, own = Amendments(), Amendments()
        for each in amendments:
            all_amendments.learn(each.entry)
            if not isinstance(each.event, LocationAmended) or self._is_own(each.event):
                own.learn(each.entry)
        for each in registrations:
            if isinstance(event := each.event, LocationRegistered):
                appends = self._appends.get(event.location, [])
                said = _fields_of(own.read(event)), _fields_of(all_amendments.read(event))
                is_own = any(append.holds(each) for append in appends)
                self._places[event.location] = _Told(*said, is_own)

    def amendments(self, row: Row) -> list[Event]:
        """The amendments by a row; rows come in the order of publication."""
        place, order = row.place, _order_of(row.report.published)
        told = self._places.get(place.location)
        if told is None:
            fields = _fields_of(place)
            self._places[place.location] = _Told(fields, dict(fields), is_own=True)
            return []
        if order <= self._last.get(place.location, (-1, -1)):
            return []
        changes = self._changes(row, told)
        if not changes:
            return []
        spelled = "; ".join(
            f"{name} {_shown(told.said[name])} is {_shown(changes[name])}" for name in changes
        )
        told.said |= changes
        told.read |= changes
        self.amended.append(PlaceAmended(row.line, place.location, spelled))
        reason = f"{self._prefix}{row.report.published.written}: {spelled}"[:10_000]
        return [LocationAmended(location=place.location, reason=reason, **changes)]

    def _changes(self, row: Row, told: _Told) -> dict[str, Any]:
        changes = {}
        for name, value in _fields_of(row.place).items():
            if value is None or _same(value, told.said[name]):
                continue
            if told.is_own and _same(told.read[name], told.said[name]):
                changes[name] = value
            elif not _same(value, told.read[name]):
                told.said[name] = value
                stays = f"{row.place.location} keeps the {name} {_shown(told.read[name])}"
                why = f"{stays}, which others registered; the table has {_shown(value)}"
                self.kept.append(PlaceKept(row.line, why))
        return changes

    @property
    def _prefix(self) -> str:
        return f"The table {self._source} has it so since its revision of "

    def _is_own(self, amendment: LocationAmended) -> bool:
        return amendment.reason.startswith(self._prefix)


def _order_of(published: Occurred) -> _Order:
    return published.window.latest, published.window.earliest


def _fields_of(place: LocationRegistered) -> dict[str, Any]:
    return {name: getattr(place, name) for name in _FIELDS}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Coordinates) and isinstance(other, Coordinates):
        return _rounded(one) == _rounded(other)
    return bool(one == other)


def _rounded(point: Coordinates) -> tuple[float, float]:
    """To 6 decimals, about 10 cm: files that say the same differ beyond."""
    return round(point.latitude, 6), round(point.longitude, 6)


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case Coordinates():
            return ", ".join(
                f"{each:g}" if each == round(each, 4) else f"{each:.6f}" for each in _rounded(value)
            )
        case _:
            return repr(str(value))
