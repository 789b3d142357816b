"""The map of layers of polygons: the meaning of each status for the places inside."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from domain.events import SourceRegistered
from domain.values import Credibility, LocationId, LocationKind, Value, Zone
from infra.datasets.tables.table_map import ActorMap, Texts, located_map, validated
from infra.intake.controllers import Controllers, GivenMeaning, Meaning
from infra.intake.table_dates import day_of
from infra.visible_text import matching_form, quoted

_MARKED = re.compile(r"\{\{.*?\}\}")
"""A mark of DeepState behind a key, as {{at:01.01}}."""
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}(?![./\d])")


class StatusMap(Value):
    """The property with the status of a polygon, and the meaning of each status."""

    property: str
    after: str = "///"
    """The separator between labels and the key of a status."""
    values: Annotated[Mapping[str, str | None], Field(min_length=1)]
    """By the key: the ids of the holders, contested, uncontrolled or unknown; null passes over."""
    prefer: Texts = ()
    """Keys, the first before the others, where polygons overlap."""

    def key_of(self, properties: Mapping[str, Any]) -> str:
        """The key of a polygon, for finding it among the values."""
        return matching_form(_MARKED.sub("", self._parts(properties)[-1]))

    def label_of(self, properties: Mapping[str, Any]) -> str:
        """The label before the key, the last of several languages."""
        *labels, _ = self._parts(properties)
        return " ".join(labels[-1].split()) if labels else ""

    def _parts(self, properties: Mapping[str, Any]) -> list[str]:
        return str(properties.get(self.property) or "").split(self.after)


class PolygonMap(Value):
    """The meaning of the polygons of a source."""

    source: SourceRegistered
    status: StatusMap
    outside: Literal["unknown"] | str = "unknown"
    """The status of a place after leaving all polygons."""
    kinds: Annotated[tuple[LocationKind, ...], Field(min_length=1)] = (LocationKind.TOWN,)
    within: LocationId | None = None
    """A region; places elsewhere are left aside."""
    credibility: Credibility = 6
    zone: Zone | None = None
    actors: Mapping[str, ActorMap] = {}
    """Holders without a registration, by ids or names."""

    @model_validator(mode="after")
    def _means_something(self) -> "PolygonMap":
        known = {matching_form(key) for key in self.status.values}
        for key in self.status.prefer:
            if matching_form(key) not in known:
                raise ValueError(f"status.prefer: {quoted(key)} is none of the values")
        self.meanings()
        return self

    def meanings(self) -> dict[str, Meaning | None]:
        """The meaning of each status by the matching form of the key; empty for outside."""
        registered = (
            (text, made) for text, to in self.actors.items() if (made := to.registration(text))
        )
        texts = {matching_form(key): meaning for key, meaning in self.status.values.items()}
        texts[""] = self.outside
        told = {text: _parsed(text) for text in texts.values() if text}
        controllers = Controllers(registered, told, ())
        return {key: controllers.meaning(text) if text else None for key, text in texts.items()}


def _parsed(text: str) -> GivenMeaning:
    try:
        return GivenMeaning.parse(text)
    except ValueError as wrong:
        raise ValueError(f"{quoted(text)}: {wrong}") from None


def read_polygon_map(path: Path) -> PolygonMap:
    """The map in a file. Raises BadInput with all problems of the map."""
    return validated(PolygonMap, path, located_map(path))


def dated_label(label: str, day: date) -> str:
    """The label in words; its last date without a year is that of the last such day."""
    told = f"The polygon is labelled {quoted(label)}."
    dates = _DATE.findall(label)
    if not dates:
        return told
    found = (day_of(dates[-1], year) for year in (day.year, day.year - 1))
    read = next((each for each in found if each and each <= day), None)
    return f"{told} {dates[-1]} is read as {read.isoformat()}." if read else told
