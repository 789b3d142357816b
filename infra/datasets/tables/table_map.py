"""The map of a table: the meaning of its columns and values.

A user writes it in YAML, or edits a draft. A wrong map is refused with the place in the map.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from domain.events import EVENT_TYPES, ActorRegistered, LocatedEvent, SourceRegistered
from domain.values import ActorKind, Credibility, LocationKind, Slug, Value, Zone
from infra.field_errors import in_plain_words
from infra.intake.controllers import GivenMeaning, actor_of
from infra.intake.problems import BadInput, Problem
from infra.intake.table_rows import column_key
from infra.intake.text_stream import open_text
from infra.intake.yaml_records import Located, spelled_path, yaml_mapping
from infra.intake.yaml_records import Path as Trail
from infra.spelling import misspelt
from infra.visible_text import matching_form, quoted

MAPPED_EVENTS = {name: kind for name, kind in EVENT_TYPES.items() if issubclass(kind, LocatedEvent)}
"""The events for rows: all events about one place."""
M = TypeVar("M", bound=Value)
_OWN = {"location", "occurred", "report", "credibility", "summary", "passage"}
"""Fields filled by other parts of the map."""


def _as_cell(given: Any) -> Any:
    return {"column": given} if isinstance(given, str) else given


def _as_texts(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


class CellMap(Value):
    """A column with the meaning of values; a text stands for the column alone."""

    column: str
    values: Mapping[str, str | int | None] = {}
    """The meaning by the text of the cell, whatever case and gaps."""
    split: Annotated[str, Field(min_length=1)] | None = None
    """The separator of several values in a cell."""

    def read(self, cell: str) -> str | int | None:
        """The meaning of a cell; None where the map leaves it out."""
        return self._meanings.get(matching_form(cell), cell)

    def lists(self, cell: str) -> bool:
        return matching_form(cell) in self._meanings

    @cached_property
    def _meanings(self) -> dict[str, str | int | None]:
        return {matching_form(text): meaning for text, meaning in self.values.items()}


Cell = Annotated[CellMap, BeforeValidator(_as_cell)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_as_texts)]


class EventMap(Value):
    """The type of event of a row: one for all rows, or by a column."""

    type: str | None = None
    column: str | None = None
    values: Mapping[str, str | None] = {}
    """The type of event for each cell; null leaves such rows out."""

    @model_validator(mode="before")
    @classmethod
    def _from_a_type(cls, given: Any) -> Any:
        return {"type": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _names_types(self) -> "EventMap":
        if (self.type is None) is (self.column is None):
            raise ValueError("give a type of event for all rows, or a column with values")
        if self.column and not self.values:
            raise ValueError("say by values which cell is which type of event")
        for name in self.types:
            if name not in MAPPED_EVENTS:
                near = misspelt(name, MAPPED_EVENTS)
                hint = (
                    f"did you mean {near[0]}?" if near else f"there are {', '.join(MAPPED_EVENTS)}"
                )
                raise ValueError(f"no event about a place is called {quoted(name)}; {hint}")
        return self

    @property
    def types(self) -> list[str]:
        return [self.type] if self.type else [each for each in self.values.values() if each]


class PlaceMap(Value):
    """The place of a row: by an id of the table's own, or by name and coordinates."""

    id: str | None = None
    name: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    around: Texts = ()
    """The columns of containing places, the largest first."""
    kind: LocationKind = LocationKind.TOWN
    keep_current: bool = False
    """Whether a later pull amends the places of the table; only with ids."""

    @model_validator(mode="after")
    def _tells_places(self) -> "PlaceMap":
        if not self.id and not self.name:
            raise ValueError("give the column of an id or of a name")
        if (self.latitude is None) is not (self.longitude is None):
            raise ValueError("give latitude and longitude, or none of the two")
        if self.keep_current and not self.id:
            raise ValueError("keep_current needs the column of an id")
        return self


class TimeMap(Value):
    """The time of the event: a column, or a column for the first and the last day each."""

    column: str | None = None
    first: str | None = None
    last: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_a_column(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _is_one(self) -> "TimeMap":
        if (self.column is None) is (self.first is None):
            raise ValueError("give a column, or first and last")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.column, self.first, self.last)))


class FieldMap(Value):
    """A field of an event: a column, several, or an estimate of several."""

    columns: tuple[Cell, ...] = ()
    low: str | None = None
    best: str | None = None
    high: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_columns(cls, given: Any) -> Any:
        if isinstance(given, str) or (isinstance(given, dict) and "column" in given):
            return {"columns": [given]}
        return {"columns": given} if isinstance(given, list | tuple) else given

    @property
    def names(self) -> tuple[str, ...]:
        estimate = filter(None, (self.low, self.best, self.high))
        return (*(each.column for each in self.columns), *estimate)


class ActorMap(Value):
    """An actor: the id, and kind and name of an unregistered actor."""

    id: Slug
    kind: ActorKind | None = None
    name: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_an_id(cls, given: Any) -> Any:
        return {"id": given} if isinstance(given, str) else given

    def registration(self, text: str) -> ActorRegistered | None:
        """The registration; None of an actor named by its id alone."""
        if self.kind is None and self.name is None:
            return None
        return ActorRegistered.model_validate(actor_of(self.name or text, self.kind, self.id))


class CredibilityMap(Value):
    """How far the rows are trusted: all alike, or by a column."""

    grade: Credibility | None = None
    column: str | None = None
    values: Mapping[str, Credibility] = {}

    @model_validator(mode="before")
    @classmethod
    def _from_a_grade(cls, given: Any) -> Any:
        return given if isinstance(given, dict | CredibilityMap) else {"grade": given}

    @model_validator(mode="after")
    def _is_one(self) -> "CredibilityMap":
        if (self.grade is None) is (self.column is None):
            raise ValueError("give a credibility for all rows, or a column with values")
        return self


class TableMap(Value):
    """The meaning of the columns of a table."""

    source: SourceRegistered
    place: PlaceMap
    time: TimeMap
    control: Cell | None = None
    """The column of controllers; in place of `event`."""
    event: EventMap | None = None
    fields: Mapping[str, FieldMap] = {}
    """The fields of the events, by their names."""
    key: Texts = ()
    """The columns that identify a row; without a key, the whole content identifies the row."""
    published: str | None = None
    """The column with the time at which the row was published or changed."""
    credibility: CredibilityMap = CredibilityMap(grade=6)
    zone: Zone | None = None
    summary: str | None = None
    cites: str | None = None
    """The column with the outlets of a row, listed in the title of the report."""
    actors: Mapping[str, ActorMap] = {}
    """The actors by name in the table."""

    @model_validator(mode="after")
    def _is_whole(self) -> "TableMap":
        if (self.control is None) is (self.event is None):
            raise ValueError("give control or event, one of the two")
        if self.control and self.fields:
            raise ValueError("control fills all fields; with others, give event")
        for text, meaning in (self.control.values if self.control else {}).items():
            try:
                GivenMeaning.parse(str(meaning))
            except ValueError as wrong:
                raise ValueError(f"control.values: {quoted(text)}: {wrong}") from None
        kinds = [MAPPED_EVENTS[name] for name in (self.event.types if self.event else ())]
        known = {name for kind in kinds for name in kind.model_fields} - _OWN
        for name in self.fields if self.event else ():
            if name not in known:
                near = misspelt(name, known)
                hint = (
                    f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
                )
                raise ValueError(f"fields: no event of the map has a field {quoted(name)}; {hint}")
        for kind in kinds:
            needed = {name for name, field in kind.model_fields.items() if field.is_required()}
            if missing := sorted(needed - _OWN - self.fields.keys()):
                raise ValueError(f"fields: {kind.__name__} needs {', '.join(missing)}")
        return self

    def columns(self) -> Iterator[tuple[Trail, str]]:
        """Each named column, with the place in the map."""
        for name in ("published", "summary", "cites"):
            if column := getattr(self, name):
                yield (name,), column
        for name in ("id", "name", "latitude", "longitude"):
            if column := getattr(self.place, name):
                yield ("place", name), column
        yield from ((("place", "around"), column) for column in self.place.around)
        yield from ((("time",), column) for column in self.time.columns)
        yield from ((("key",), column) for column in self.key)
        for name in ("control", "event", "credibility"):
            if (each := getattr(self, name)) and each.column:
                yield (name, "column"), each.column
        for name, field in self.fields.items():
            yield from ((("fields", name), column) for column in field.names)


class ReadMap:
    """A map, with the place of each part in its file."""

    def __init__(self, path: Path, table_map: TableMap, located: Located) -> None:
        self.map = table_map
        self._path, self._located = path, located

    def refuse_missing(self, columns: Sequence[str]) -> None:
        """Raises BadInput for columns that the table does not have."""
        keys = {column_key(name) for name in columns}
        problems = []
        for trail, name in self.map.columns():
            if column_key(name) not in keys:
                near = misspelt(name, columns)
                hint = (
                    f"did you mean {near[0]}?" if near else f"there are {', '.join(columns[:50])}"
                )
                message = f"the table has no column {quoted(name)}; {hint}"
                problems.append(problem_at(self._path, self._located, trail, message))
        if problems:
            raise BadInput(problems)


def read_map(path: Path) -> ReadMap:
    """The map in a file. Raises BadInput with all problems of the map."""
    located = located_map(path)
    return ReadMap(path, validated(TableMap, path, located), located)


def located_map(path: Path) -> Located:
    with open_text(path) as text:
        return yaml_mapping(text, str(path))


def validated(kind: type[M], path: Path, located: Located) -> M:
    """The map of a kind. Raises BadInput with the place of each problem."""
    try:
        return kind.model_validate(located.value)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        raise BadInput(
            problem_at(path, located, tuple(error["loc"]), in_plain_words(error, kind))
            for error in errors
        ) from None


def problem_at(path: Path, located: Located, trail: Trail, message: str) -> Problem:
    mark = located.mark(trail)
    return Problem(str(path), mark.line, mark.column, spelled_path(trail), message)
