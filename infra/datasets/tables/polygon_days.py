"""The places of a ledger in the polygons of a map, day by day. A place in a polygon is a sighting.

The silence of a continuous source means no change: recorded are the first sighting of a place, and
each day with another status than the day before. A late day between recorded days records the next
day, too, for places without a sighting there.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.events import ReportFiled, SituationEvent
from domain.values import LocationId, SourceId
from infra.datasets.rows import RefusedRow, Remark, Row, RowSaid, Unfit, made
from infra.datasets.standing import passage_of, said_at_of
from infra.datasets.tables.polygon_layer import Inside, PolygonLayer
from infra.datasets.tables.polygon_map import PolygonMap, dated_label
from infra.datasets.tables.polygon_places import points_of
from infra.datasets.tables.sightings import Sightings
from infra.field_errors import in_plain_words
from infra.intake.controllers import Meaning
from infra.intake.problems import BadInput
from infra.intake.recorded_zones import Zones
from infra.ledger.ledger import Ledger


class DayFile(NamedTuple):
    """A layer of polygons, and its day."""

    day: date
    path: Path


class _Day(NamedTuple):
    """A day, the number of its file, and its report."""

    file: int
    day: date
    report: ReportFiled

    @property
    def text(self) -> str:
        return self.day.isoformat()


class PolygonDays:
    """The layers of several days, and the sightings of places in a ledger."""

    def __init__(self, files: Sequence[DayFile], by: PolygonMap, ledger: Ledger) -> None:
        """Raises BadInput where the ledger has no places to look for."""
        self._files = sorted(files)
        self._map, self._ledger = by, ledger
        self._meanings = by.meanings()
        self._places = points_of(ledger, kinds=by.kinds, within=by.within)
        if not self._places:
            kinds = ", ".join(by.kinds)
            message = (
                f"the ledger has no places of the kinds {kinds} with coordinates"
                f"{f' within {by.within}' if by.within else ''}; import a gazetteer first"
            )
            raise BadInput.at(self._files[0].path, None, message)
        self._zones = Zones(ledger)
        self._size = self._files[0].path.stat().st_size
        self._done = 0

    @property
    def source(self) -> SourceId:
        return self._map.source.source

    @property
    def bytes_read(self) -> int:
        """As if all files were the first."""
        return self._size * self._done // len(self._files)

    def rows(self) -> Iterator[Row]:
        known = Sightings(self._ledger, self.source)
        known.expect(day.isoformat() for day, _ in self._files)
        for number, (day, path) in enumerate(self._files, 1):
            self._done = number
            layer = PolygonLayer(path, self._map.status)
            yield from self._of_day(_Day(number, day, self._report(day.isoformat())), layer, known)

    def _of_day(self, day: "_Day", layer: PolygonLayer, known: Sightings) -> Iterator[Row]:
        everywhere = layer.inside(self._places.values())
        for place, inside in zip(self._places, everywhere, strict=True):
            if inside is None:
                was_seen = known.before(place, day.text) or known.on(place, day.text)
                meaning = self._meanings[""] if was_seen else None
                yield from self._seen(day, place, meaning, None, known)
            elif len(inside.keys) > 1:
                yield RefusedRow(day.file, f"{place} {day.text}", (self._overlap(inside),))
            else:
                meaning = self._meanings[inside.keys[0]]
                summary = dated_label(inside.label, day.day) if inside.label else None
                yield from self._seen(day, place, meaning, summary, known)
        known.file(day.text)

    def _overlap(self, inside: Inside) -> Remark:
        keys = " and ".join(inside.keys)
        why = "it lies in polygons of both; say in the map which comes first, under status.prefer"
        return Remark(self._map.status.property, keys, why)

    def _seen(
        self,
        day: "_Day",
        place: LocationId,
        meaning: Meaning | None,
        summary: str | None,
        known: Sightings,
    ) -> Iterator[Row]:
        """The sighting of a place, if new, and the sighting on the next day of an earlier import,
        where silence stood for the status until now."""
        recorded = known.on(place, day.text)
        before = recorded or known.before(place, day.text)
        says = _says(meaning)
        if not recorded and says == before:
            registers = (self._map.source, day.report)
            said_at = said_at_of(day.report.published)
            yield RowSaid(day.file, f"{place} {day.text}", said_at, registers)
        if meaning is None or (not recorded and says == before):
            return
        yield self._row(day, place, meaning, summary)
        known.learn(place, day.text, says)
        later = known.next_day(day.text)
        if later and says != before and not known.on(place, later):
            standing = self._meaning_of(before)
            next_day = _Day(day.file, date.fromisoformat(later), self._report(later))
            yield self._row(next_day, place, standing, None)
            known.learn(place, later, _says(standing))

    def _meaning_of(self, says: str) -> Meaning:
        """The meaning of a status before; for a place in no polygon, the meaning outside."""
        found = (each for each in self._meanings.values() if each and _says(each) == says)
        outside = self._meanings[""]
        assert outside is not None, "a place outside reads something"
        return next(found, outside)

    def _report(self, day: str) -> ReportFiled:
        source = self._map.source
        fields: dict[str, Any] = {"source": source.source, "published": day}
        fields |= {"report": f"{source.source}-{day}", "title": f"{source.name}, {day}"}
        fields |= {"zone": self._map.zone} if self._map.zone else {}
        told, _ = self._zones.resolve_times(ReportFiled, fields)
        try:
            report = ReportFiled.model_validate(told)
        except ValidationError as invalid:
            error = invalid.errors(include_url=False)[0]
            message = f"the source of the map makes no report: {in_plain_words(error, ReportFiled)}"
            raise BadInput.at(self._files[0].path, None, message) from None
        self._zones.learn(report)
        return report

    def _row(self, day: "_Day", place: LocationId, meaning: Meaning, summary: str | None) -> Row:
        key = f"{place} {day.text}"
        fields: dict[str, Any] = {
            **meaning.fields,
            "location": place,
            "occurred": day.text,
            "report": day.report.report,
            "credibility": self._map.credibility,
            "passage": passage_of(key),
        }
        fields |= {"summary": summary} if summary else {}
        told, _ = self._zones.resolve_times(meaning.event, fields)
        try:
            column = self._map.status.property
            event: SituationEvent = made(
                meaning.event, told, {"summary": column}, {column: summary or ""}
            )
        except Unfit as unfit:
            return RefusedRow(day.file, key, unfit.why)
        registers = (self._map.source, day.report, *meaning.registers)
        return RowSaid(day.file, key, said_at_of(day.report.published), registers, events=(event,))


def _says(meaning: Meaning | None) -> str:
    """The status for comparing days; empty for a place without a sighting."""
    if meaning is None:
        return ""
    return Sightings.says(meaning.event.__name__, meaning.fields.get("holders", ()))
