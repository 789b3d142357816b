"""The problems of a given file, with their places in the file."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from domain.refusals import Refusal
from domain.texts import escaped

SHOWN = 20
"""How many problems a message lists; the rest is counted."""


class Problem(NamedTuple):
    """A problem of a file: the place, and a message on how to mend the file."""

    file: str
    line: int | None
    column: int | None
    field: str
    message: str

    def __str__(self) -> str:
        where = [escaped(self.file), *map(str, filter(None, (self.line, self.column)))]
        return ": ".join(filter(None, (":".join(where), self.field, self.message)))


class BadInput(Refusal):
    """A file with problems; nothing of the file was recorded."""

    def __init__(self, problems: Iterable[Problem], *, most: int = SHOWN) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:most]]
        if more := len(self.problems) - len(lines):
            lines.append(f"and {more:,} more")
        super().__init__("\n".join(lines))

    @property
    def lines(self) -> Sequence[str]:
        return str(self).split("\n")

    @classmethod
    def at(
        cls, file: object, line: int | None, message: str, *, column: int | None = None
    ) -> "BadInput":
        """A single problem, of the whole file where `line` is None."""
        return cls([Problem(str(file), line, column, "", message)])


def text_of(path: Path) -> str:
    """The file as text. Raises BadInput for an unreadable file, and for a file without text."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadInput.at(path, None, f"it can't be read: {why}") from None
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data, error.start) from None
    if found := CONTROL_CHARACTER.search(text):
        line, column = place_in(text, found.start())
        raise BadInput.at(path, line, control_character_message(found[0]), column=column)
    return text


CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff]")
"""Characters banned from all texts: controls other than tab and line ends, lone surrogates."""


def control_character_message(control: str) -> str:
    """The message about a control character."""
    return f"the control character U+{ord(control):04X} stands here; remove it"


def place_in(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _not_utf8(path: Path, data: bytes, offset: int) -> BadInput:
    line = data.count(b"\n", 0, offset) + 1
    message = (
        f"byte {offset + 1:,} of the file, 0x{data[offset]:02x}, is not UTF-8; "
        "save the file as UTF-8"
    )
    return BadInput.at(path, line, message)
