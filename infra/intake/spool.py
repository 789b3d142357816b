"""The statements of a file, kept aside on disk between reading and recording."""

import weakref
from collections.abc import Iterator, Sequence
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import NamedTuple

import orjson

from domain.events import EVENT_TYPES
from domain.registry import Statement
from domain.values import EventId
from infra.intake.yaml_records import Mark
from infra.ledger.codec import fields_of

_IN_MEMORY = 8_000_000
"""The most bytes kept in memory."""


class Placed(NamedTuple):
    """A statement, with the places of its record and its fields in the file."""

    statement: Statement
    record: Mark
    fields: dict[str, Mark]


class Spool:
    """Statements in order."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the spool
        weakref.finalize(self, self._file.close)
        self._length = 0

    def __len__(self) -> int:
        """The number of statements."""
        return self._length

    def add(self, of_a_record: Sequence[Placed]) -> None:
        """Adds the statements of one record; no step parts them."""
        self._file.seek(0, SEEK_END)
        self._file.write(orjson.dumps([_to_row(each) for each in of_a_record]) + b"\n")
        self._length += len(of_a_record)

    def steps(self, length: int) -> Iterator[list[Placed]]:
        """All statements, `length` or a little more at a time."""
        self._file.seek(0)
        step: list[Placed] = []
        for line in self._file:
            step += [_of_row(*row) for row in orjson.loads(line)]
            if len(step) >= length:
                yield step
                step = []
        if step:
            yield step


def _to_row(placed: Placed) -> list[object]:
    statement, record, fields = placed
    event, event_id = statement.event, statement.id
    marks = {name: [mark.line, mark.column] for name, mark in fields.items()}
    return [type(event).__name__, event_id, fields_of(event), [record.line, record.column], marks]


def _of_row(
    kind: str,
    event_id: str,
    fields: dict[str, object],
    record: tuple[int, int | None],
    marks: dict[str, tuple[int, int | None]],
) -> Placed:
    statement = Statement(EventId(event_id), EVENT_TYPES[kind].model_validate(fields))
    return Placed(statement, Mark(*record), {name: Mark(*mark) for name, mark in marks.items()})
