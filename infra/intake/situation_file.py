"""The statements of a situation file.

A situation file is a list of records, in YAML or as JSON lines. Each record is an event under its
own name, or a correction. A correction makes two statements: the right event, and the retraction of
the wrong event in its favour.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.events import EVENT_TYPES, Event, RecordKeeping, SituationEvent
from domain.refusals import DomainError
from domain.registry import Statement
from infra.field_errors import in_plain_words
from infra.intake.json_records import json_records
from infra.intake.problems import BadInput, Problem
from infra.intake.recorded_zones import Zones
from infra.intake.spool import Placed, Spool
from infra.intake.text_stream import TextStream, open_text
from infra.intake.yaml_records import Located, Mark, spelled_path, yaml_records
from infra.intake.yaml_records import Path as Trail
from infra.ledger.codec import correction, identify
from infra.spelling import misspelt
from infra.visible_text import quoted, visible

E = TypeVar("E", bound=Event)

TOGETHER = 10_000
"""The most statements of a file recorded in a single append."""
_LOOKED_UP_TOGETHER = 1_000
"""How many records have their zones looked up at once."""
_MOST_PROBLEMS = 1_000
"""How many problems end the reading of a file."""


class Correction(RecordKeeping):
    """A record that takes an event back and gives the right one."""

    corrected: Any = None
    """The right event, as a record of its own."""


CORRECTION = Correction.__name__
_CORRECTED = {name: kind for name, kind in EVENT_TYPES.items() if issubclass(kind, SituationEvent)}
_ONE_OF_FEW_IS_WANTED = {"string_pattern_mismatch", "enum", "literal_error", "value_error"}
"""Errors of pydantic about ids, key words and times."""
_TEXT_IS_WANTED = {"string_type", "tuple_type", "model_type", "value_error"}
"""Errors of pydantic about a number in the place of a text, as in `occurred: 2023`."""


@dataclass(frozen=True, slots=True)
class RecordingStep:
    """Statements of a file to be recorded together."""

    file: Path
    placed: list[Placed]

    @property
    def statements(self) -> list[Statement]:
        return [each.statement for each in self.placed]

    def refusal(self, index: int, refused: DomainError) -> BadInput:
        """A refusal by the ledger, with its place in the file."""
        _, mark, fields = self.placed[index]
        field = refused.field if refused.field in fields else ""
        mark = fields.get(field or "", mark)
        return BadInput(
            [Problem(str(self.file), mark.line, mark.column, field or "", str(refused))]
        )


@dataclass(frozen=True, slots=True)
class SituationFile:
    """The statements of a situation file, in order."""

    path: Path
    spool: Spool

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements at once, of a file that fits into memory."""
        return tuple(each.statement for step in self.spool.steps(TOGETHER) for each in step)

    def steps(self) -> Iterator[RecordingStep]:
        """The statements to record together: all of a file of up to `TOGETHER` statements."""
        for placed in self.spool.steps(TOGETHER):
            yield RecordingStep(self.path, placed)


def read_situation(
    path: Path, zones: Zones | None = None, progress: Callable[[int], None] = lambda read: None
) -> SituationFile:
    """Reads a file as a stream. Raises BadInput with the problems of the file.

    `zones` are the zones on record and in files read before; `progress` gets the number of bytes
    read since the last call.
    """
    zones = zones or Zones()
    reader = _RecordReader(str(path), zones)
    with open_text(path) as text:
        records, told = _records(path, text), 0
        while batch := list(islice(records, _LOOKED_UP_TOGETHER)):
            zones.look_up(located.value for located in batch)
            for located in batch:
                reader.take_in(located)
            if len(reader.problems) > _MOST_PROBLEMS:
                break
            progress(text.bytes_read - told)
            told = text.bytes_read
    if reader.problems:
        raise BadInput(sorted(reader.problems, key=_place))
    if not reader.spool:
        raise BadInput.at(path, None, "it holds no records")
    return SituationFile(path, reader.spool)


def _records(path: Path, text: TextStream) -> Iterator[Located]:
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return yaml_records(text, str(path))
        case ".jsonl" | ".ndjson":
            return json_records(text.lines(), str(path))
    text.read()  # an unreadable file is the first problem
    message = "its name says neither YAML (.yaml, .yml) nor JSON lines (.jsonl, .ndjson)"
    raise BadInput.at(path, None, message)


class _RecordRefused(Exception):
    """A record without a statement; the reasons are in the list of problems."""


class _RecordReader:
    """Collects the statements and the problems of a file."""

    def __init__(self, file: str, zones: Zones) -> None:
        self._file = file
        self._zones = zones
        self.spool = Spool()
        self.problems: list[Problem] = []

    def take_in(self, located: Located) -> None:
        if located.problems:
            self.problems += located.problems
            return
        try:
            if self._type_of(located, ()) == CORRECTION:
                self._correct(located)
            else:
                event = self._event(located, (), EVENT_TYPES)
                self.spool.add([_placed(identify(event), located, ())])
        except _RecordRefused:
            pass

    def _correct(self, located: Located) -> None:
        given = dict(located.value)
        given.pop("type")
        wrong = self._validated(Correction, given, located, ())
        if wrong.corrected is None:
            raise self._refused(located, ("corrected",), "it is missing; write the right event")
        right = self._event(located, ("corrected",), _CORRECTED)
        assert isinstance(right, SituationEvent)
        told, taken_back = correction(wrong.event, wrong.reason, wrong.report, right)
        self.spool.add([_placed(told, located, ("corrected",)), _placed(taken_back, located, ())])

    def _event(self, located: Located, trail: Trail, known: Mapping[str, type[Event]]) -> Event:
        name = self._type_of(located, trail)
        if name not in known:
            raise self._refused(located, (*trail, "type"), _unknown_type(name, known))
        given = dict(_at(located.value, trail))
        given.pop("type")
        event = self._validated(known[name], given, located, trail)
        self._zones.learn(event)
        return event

    def _type_of(self, located: Located, trail: Trail) -> str:
        record = _at(located.value, trail)
        if not isinstance(record, dict):
            message = f"{quoted(record)} is not a record; write its fields, 'type' first"
            raise self._refused(located, trail, message)
        name = record.get("type")
        if not isinstance(name, str):
            message = "it is missing; write which event this is, as in 'type: TownSeized'"
            raise self._refused(located, (*trail, "type"), message)
        return visible(name)

    def _validated(self, kind: type[E], given: dict[str, Any], located: Located, trail: Trail) -> E:
        # An empty field of the event is left out; an unknown field is refused, empty or not.
        given = {
            name: value
            for name, value in given.items()
            if value is not None or name not in kind.model_fields
        }
        told, wrong = self._zones.resolve_times(kind, given)
        errors: Sequence[ErrorDetails] = ()
        try:
            event = kind.model_validate(told)
            if not wrong:
                return event
        except ValidationError as invalid:
            errors = invalid.errors(include_url=False)
        if _numbers_to_texts(given, errors, located, trail) or _made_visible(given, errors):
            return self._validated(kind, given, located, trail)
        for error in errors:
            if error["loc"] not in [(field,) for field in wrong]:
                whole = (*trail, *error["loc"])
                self._complain(located, whole, _message(error, kind, located, whole))
        for field, message in wrong.items():
            self._complain(located, (*trail, field), message)
        raise _RecordRefused

    def _refused(self, located: Located, trail: Trail, message: str) -> _RecordRefused:
        self._complain(located, trail, message)
        return _RecordRefused()

    def _complain(self, located: Located, trail: Trail, message: str) -> None:
        mark = located.mark(trail)
        field = spelled_path(trail)
        self.problems.append(Problem(self._file, mark.line, mark.column, field, message))


def _placed(statement: Statement, located: Located, trail: Trail) -> Placed:
    """A statement made of the record, or of the record at a trail inside."""
    fields = {
        str(path[-1]): Mark(mark.line, mark.column)
        for path, mark in located.marks.items()
        if len(path) == len(trail) + 1 and path[:-1] == trail
    }
    mark = located.mark(trail)
    return Placed(statement, Mark(mark.line, mark.column), fields)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line or 0, problem.column or 0


def _at(value: Any, trail: Trail) -> Any:
    for part in trail:
        value = value[part]
    return value


def _unknown_type(name: str, known: Iterable[str]) -> str:
    if name in EVENT_TYPES:
        return f"{quoted(name)} can't be corrected; write the event that happened"
    near = misspelt(name[:100], (*known, CORRECTION))
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
    return f"no event is called {quoted(name)}; {hint}"


def _numbers_to_texts(
    given: dict[str, Any], errors: Sequence[ErrorDetails], located: Located, trail: Trail
) -> bool:
    """Replaces each number in the place of a text by its characters; False without any."""
    found = False
    for error in errors:
        value = error.get("input")
        if error["type"] in _TEXT_IS_WANTED and type(value) in (int, float):
            *around, last = error["loc"]
            mark = located.mark((*trail, *error["loc"]))
            _at(given, tuple(around))[last] = mark.text or str(value)
            found = True
    return found


def _made_visible(given: dict[str, Any], errors: Sequence[ErrorDetails]) -> bool:
    """Removes invisible characters from ids, key words and times; False without any.

    Names and other texts stay as written.
    """
    found = False
    for error in errors:
        value = error.get("input")
        if error["type"] in _ONE_OF_FEW_IS_WANTED and isinstance(value, str):
            seen = visible(value)
            found = found or seen != value
            _put(given, error["loc"], seen)
    return found


def _put(given: Any, trail: Trail, value: str) -> None:
    """Puts a text at the end of a trail, or in place of a lone text where a list may stand."""
    for part in trail[:-1]:
        if isinstance(given[part], str):
            given[part] = value
            return
        given = given[part]
    given[trail[-1]] = value


def _message(error: ErrorDetails, kind: type[Event], located: Located, trail: Trail) -> str:
    """The problem in plain words; an empty field is called empty, not missing."""
    message = in_plain_words(error, kind)
    if trail in located.marks and located.marks[trail].text == "":
        if error["type"] == "missing":
            return message.replace("it is missing", "it is empty")
        if error["type"] == "extra_forbidden" and error["input"] is None:
            # In {title: Governor killed, RSF in control} the comma ends the title.
            return f"{message}; if a comma cut it off from the text before it, quote that text"
    return message
