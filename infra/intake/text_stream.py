"""The text of a file, read piece by piece: a file may be longer than memory, or never end."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from infra.intake.problems import CONTROL_CHARACTER, BadInput, control_character_message

LONGEST_RECORD = 16_000_000
"""The most characters of one record."""
_PIECE = 64 * 1024


class TextStream:
    """A text file, read once from beginning to end.

    Every method raises BadInput for bytes that can't be read or are no text, with their place.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path = file, path
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._bytes = 0
        self._line, self._column = 1, 1
        """The place of the next character."""
        self._in_record = 0

    @property
    def bytes_read(self) -> int:
        return self._bytes

    def begin_record(self) -> None:
        """Allows the length of another record."""
        self._in_record = 0

    def read(self, size: int = _PIECE, /) -> str:
        """The next piece, of any length; empty at the end of the file."""
        text, is_over = "", False
        while not text and not is_over:
            text, is_over = self._next()
        self._check(text)
        return text

    def lines(self) -> Iterator[str]:
        """The lines, without their ends."""
        begun: list[str] = []
        while text := self.read():
            *whole, rest = text.split("\n")
            for line in whole:
                yield "".join([*begun, line])
                begun.clear()
                self.begin_record()
            begun.append(rest)
        yield "".join(begun)

    def _next(self) -> tuple[str, bool]:
        try:
            data = self._file.read(_PIECE)
        except OSError as error:
            raise _unreadable(self._path, error) from None
        self._bytes += len(data)
        try:
            return self._decoder.decode(data, final=not data), not data
        except UnicodeDecodeError as error:
            raise self._not_utf8(error) from None

    def _check(self, text: str) -> None:
        if found := CONTROL_CHARACTER.search(text):
            self._move(text[: found.start()])
            raise self._refused(control_character_message(found[0]))
        self._in_record += len(text)
        if self._in_record > LONGEST_RECORD + _PIECE:
            raise self._refused(f"a record is longer than {LONGEST_RECORD:,} characters")
        self._move(text)

    def _move(self, text: str) -> None:
        breaks, last = text.count("\n"), text.rfind("\n")
        self._line += breaks
        self._column = len(text) - last if breaks else self._column + len(text)

    def _refused(self, message: str) -> BadInput:
        return BadInput.at(self._path, self._line, message, column=self._column)

    def _not_utf8(self, error: UnicodeDecodeError) -> BadInput:
        line = self._line + error.object.count(b"\n", 0, error.start)
        number = self._bytes - len(error.object) + error.start + 1
        message = (
            f"byte {number:,} of the file, 0x{error.object[error.start]:02x}, is not UTF-8; "
            "save the file as UTF-8"
        )
        return BadInput.at(self._path, line, message)


@contextmanager
def open_text(path: Path) -> Iterator[TextStream]:
    """Raises BadInput for a file that can't be opened."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from None
    with file:
        yield TextStream(file, path)


def text_of(path: Path, longest: int) -> str:
    """The whole file as text of at most so many characters. Raises BadInput."""
    with open_text(path) as stream:
        pieces, length = [], 0
        while piece := stream.read():
            stream.begin_record()
            pieces.append(piece)
            length += len(piece)
            if length > longest:
                message = f"it is longer than {longest:,} characters; split it"
                raise BadInput.at(path, None, message)
    return "".join(pieces)


def _unreadable(path: Path, error: OSError) -> BadInput:
    why = (error.strerror or str(error)).lower()
    return BadInput.at(path, None, f"it can't be read: {why}")
