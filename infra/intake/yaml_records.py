"""The records of a YAML text, with the line of every value.

The parser's events are read singly, so that every value keeps its place. Plain scalars are read by
the core schema of YAML 1.2: a date stays text, and so do yes and no. Anchors, aliases and tags are
refused: a situation file needs none, and aliases make small files grow without end.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import yaml

from infra.intake.problems import CONTROL_CHARACTER, BadInput, Problem, control_character_message
from infra.visible_text import quoted, visible

_DEEPEST = 10
"""The deepest nesting of values; no record needs half as much."""

Path = tuple[str | int, ...]
"""The keys and indexes from a record to a nested value."""


class Mark(NamedTuple):
    """The place of a value in the file, and its spelling there."""

    line: int
    column: int | None
    text: str | None = None
    """The characters of a scalar."""


class Located(NamedTuple):
    """A record of a file, with the place of each value."""

    value: Any
    marks: dict[Path, Mark]
    """By the path to each value; the path of the record is empty."""
    problems: tuple[Problem, ...] = ()
    """The problems of the record as YAML or JSON."""

    def mark(self, path: Path) -> Mark:
        """The place of the value at a path, or of the nearest value around."""
        while path not in self.marks:
            path = path[:-1]
        return self.marks[path]


class Text(Protocol):
    """A YAML text in pieces."""

    def read(self, size: int = ..., /) -> str: ...
    def begin_record(self) -> None:
        """Tells that a record was read."""


def yaml_records(text: Text, file: str) -> Iterator[Located]:
    """The items of the list in a YAML text. Raises BadInput."""
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    try:
        for located in _items(events, file):
            text.begin_record()
            yield located
    except yaml.YAMLError as error:
        raise _malformed(error, file) from None


def yaml_mapping(text: Text, file: str) -> Located:
    """The mapping that a YAML text holds. Raises BadInput."""
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    try:
        next(events)
        if isinstance(next(events), yaml.StreamEndEvent):
            raise BadInput.at(file, None, "it is empty")
        top = next(events)
        if not isinstance(top, yaml.MappingStartEvent):
            raise _refusal(top, file, "this is not a mapping; write fields, each with its name")
        found = _YamlReader(events, file).read(top)
        next(events)
        if not isinstance(extra := next(events), yaml.StreamEndEvent):
            raise _refusal(extra, file, "a second document begins here; a file holds one mapping")
    except yaml.YAMLError as error:
        raise _malformed(error, file) from None
    if found.problems:
        raise BadInput(found.problems)
    return found


def _items(events: Iterator[yaml.Event], file: str) -> Iterator[Located]:
    next(events)
    if isinstance(next(events), yaml.StreamEndEvent):
        return
    top = next(events)
    if not isinstance(top, yaml.SequenceStartEvent):
        if isinstance(top, yaml.ScalarEvent) and _is_null(top):
            return
        raise _refusal(top, file, "this is not a list; begin each record with '- type: ...'")
    while not isinstance(first := next(events), yaml.SequenceEndEvent):
        yield _YamlReader(events, file).read(first)
    next(events)
    if not isinstance(extra := next(events), yaml.StreamEndEvent):
        raise _refusal(extra, file, "a second document begins here; a file holds one list")


class _YamlReader:
    """Reads a record."""

    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        self._events = events
        self._file = file
        self._marks: dict[Path, Mark] = {}
        self._problems: list[Problem] = []

    def read(self, first: yaml.Event) -> Located:
        value = self._value(first, ())
        return Located(value, self._marks, tuple(self._problems))

    def _value(self, event: yaml.Event, path: Path) -> Any:
        self._marks[path] = _mark(event)
        if len(path) > _DEEPEST:
            raise _refusal(event, self._file, f"values are nested deeper than {_DEEPEST} levels")
        if isinstance(event, yaml.AliasEvent):
            name = quoted(f"*{event.anchor}")
            self._refuse(event, path, f"{name} is an alias; write the value out")
            return None
        self._refuse_decoration(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        assert isinstance(event, yaml.ScalarEvent), "no other event begins a value"
        return self._scalar(event, path)

    def _refuse_decoration(self, event: yaml.Event, path: Path) -> None:
        if anchor := getattr(event, "anchor", None):
            name = quoted(f"&{anchor}")
            self._refuse(event, path, f"{name} is an anchor; write the value out")
        if tag := getattr(event, "tag", None):
            self._refuse(event, path, f"{quoted(tag)} is a tag; leave it out")

    def _list(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, path)
            value = self._value(next(self._events), (*path, key))
            if key in found:
                self._refuse(event, (*path, key), "it is given twice; keep one of the two")
            found[key] = value
        return found

    def _key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _refusal(event, self._file, "a field's name is a plain word")
        key = visible(event.value)
        self._value(event, (*path, key))
        return key

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        # An escape can write what the text of the file itself does not hold.
        if found := CONTROL_CHARACTER.search(event.value):
            self._refuse(event, path, control_character_message(found[0]))
        if _is_quoted(event):
            return event.value
        self._marks[path] = _mark(event)._replace(text=event.value)
        return plain_scalar(event.value)

    def _refuse(self, event: yaml.Event, path: Path, message: str) -> None:
        mark = _mark(event)
        self._problems.append(
            Problem(self._file, mark.line, mark.column, spelled_path(path), message)
        )


def spelled_path(path: Path) -> str:
    """The path in words, as in codes[0].scheme."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shown_key(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def shown_key(key: str) -> str:
    """A field's name, short enough for a message."""
    return key if len(key) <= 60 and key.isprintable() else quoted(key)


def plain_scalar(text: str) -> Any:
    """The value of an unquoted scalar, by the core schema of YAML 1.2."""
    for form, value_of in _CORE:
        if form.fullmatch(text):
            try:
                return value_of(text)
            except ValueError:  # an integer of thousands of digits
                return text
    return text


_CORE = (
    (re.compile("null|Null|NULL|~|"), lambda text: None),
    (re.compile("true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    (re.compile("[-+]?[0-9]+"), int),
    (re.compile("0o[0-7]+|0x[0-9a-fA-F]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (
        re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
        lambda text: float(text.replace(".", "")),
    ),
)


def _is_null(event: yaml.ScalarEvent) -> bool:
    return not _is_quoted(event) and plain_scalar(event.value) is None


def _is_quoted(event: yaml.ScalarEvent) -> bool:
    plain, _ = event.implicit
    return not plain


def _mark(event: yaml.Event) -> Mark:
    mark = event.start_mark
    assert mark is not None, "the parser gives every event a mark"
    return Mark(mark.line + 1, mark.column + 1)


def _refusal(event: yaml.Event, file: str, message: str) -> BadInput:
    mark = _mark(event)
    return BadInput.at(file, mark.line, message, column=mark.column)


def _malformed(error: yaml.YAMLError, file: str) -> BadInput:
    context, problem = getattr(error, "context", None), getattr(error, "problem", None)
    ends = "end of stream" in (problem or "")  # of what never ended, the beginning is to be seen
    mark = getattr(error, "context_mark" if ends else "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    why = " ".join(filter(None, (context, problem))) or str(error)
    message = f"this is not YAML: {why}; look at the quotes, brackets and indentation before it"
    return BadInput.at(file, line, message, column=column)
