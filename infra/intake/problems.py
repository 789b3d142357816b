"""The problems of a given file, with their places in the file."""

import re
from collections.abc import Iterable, Sequence
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
    value: str = ""
    """The cell of a table at fault; no part of the message, which repeats what matters of it."""

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


CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff]")
"""Characters banned from all texts: controls other than tab and line ends, lone surrogates."""


def control_character_message(control: str) -> str:
    """The message about a control character."""
    return f"the control character U+{ord(control):04X} stands here; remove it"
