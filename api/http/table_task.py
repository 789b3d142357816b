"""A table made by a helper, in a file of the server."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from api.http.outages import refusal_of
from api.node import Node
from api.pretty_json import pretty
from api.tables.asked import AskedTable
from api.tables.dictionary import dictionary_with_basis
from api.tables.export import write_table
from api.tables.formats import FormatName
from domain.refusals import Refusal, Unavailable

DICTIONARY = "dictionary.json"


@dataclass(frozen=True, slots=True)
class TableTask:
    """A question, and the file to write in."""

    asked: AskedTable
    form: FormatName | Literal["dictionary.json"]
    path: Path


@dataclass(frozen=True, slots=True)
class TableMade:
    """The table is in the file."""

    digest: str
    token: str
    closed: bool
    """Whether the table stays the same for ever."""
    position: int
    """The position that the table is of."""


@dataclass(frozen=True, slots=True)
class TableRefused:
    """The question was refused, or storage is out of use."""

    code: str
    message: str
    field: str | None
    is_outage: bool


def carried_out(node: Node, task: TableTask) -> TableMade | TableRefused:
    """Writes the table into the file. Raises what is neither a refusal nor an outage."""
    try:
        with task.path.open("r+b") as file:  # the server has made it, and may have gone
            return _made(node, task, _Digested(file))
    except Exception as error:
        refusal = error if isinstance(error, Refusal) else refusal_of(error)
        if refusal is None or not refusal.is_public:
            raise
        is_outage = isinstance(refusal, Unavailable)
        return TableRefused(refusal.code, str(refusal), refusal.field, is_outage)


def _made(node: Node, task: TableTask, sink: "_Digested") -> TableMade:
    question = task.asked.question(node.answers)
    if task.form == "dictionary.json":
        sink.write(pretty(dictionary_with_basis(node.answers, question)).encode())
    else:
        write_table(node.answers, question, task.form, sink)
    return TableMade(sink.digest, question.token, question.basis.closed, question.basis.position)


class _Digested:
    """A file, and the digest of the bytes written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.blake2b(digest_size=16)

    def write(self, content: bytes) -> None:
        self._digest.update(content)
        self._file.write(content)

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()
