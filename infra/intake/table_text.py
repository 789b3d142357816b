"""The encoding and the delimiter of a delimited text, found from the text itself."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable
from typing import BinaryIO, NamedTuple

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
ENCODINGS = (
    *("utf-8", "utf-16", "cp1252", "latin-1", "iso-8859-15", "cp1250", "cp1251", "cp1253"),
    *("cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8-r", "koi8-u", "mac-roman"),
)
"""The encodings that a user can name."""

_PIECE = 1_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_OTHER_SCRIPT = re.compile(b"[\xc0-\xff]{4}")
"""Four accented letters in a row: no Western language writes so, other scripts always."""
_OF_WINDOWS = re.compile(b"[\x80-\x9f]")


class FoundEncoding(NamedTuple):
    """The encoding of a file."""

    name: str
    """As Python calls it."""
    note: str | None = None
    """What a user is told about it; nothing about UTF-8."""


class UnknownEncoding(Exception):
    """The text is in an encoding that can't be told from others; the message says what to do."""


def encoding_of(file: BinaryIO) -> FoundEncoding:
    """The encoding, by the whole file. Raises UnknownEncoding."""
    head = file.read(4_096)
    for mark, name, shown in _MARKS:
        if head.startswith(mark):
            return FoundEncoding(name, None if shown == "UTF-8" else f"It is read as {shown}.")
    if wide := _without_a_mark(head):
        return FoundEncoding(wide, "It is read as UTF-16.")
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    is_utf8, is_beyond, is_other, is_windows = True, False, False, False
    while piece := file.read(_PIECE):
        text = decoder.decode(piece)
        if not text.isascii():
            is_utf8 = is_utf8 and not _NOT_UTF8.search(text)
            is_beyond = is_beyond or _BEYOND_ASCII.search(text) is not None
            is_other = is_other or _OTHER_SCRIPT.search(piece) is not None
            is_windows = is_windows or _OF_WINDOWS.search(piece) is not None
    if is_utf8 or is_beyond:
        return FoundEncoding("utf-8", None if is_utf8 else "Some of its bytes are not UTF-8.")
    return _of_one_byte(is_other, is_windows)


def _without_a_mark(head: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of a Western text is zero."""
    if len(head) >= 4 and len(head) % 2 == 0:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) * 5 > len(head) * 2 and min(even, odd) * 20 < len(head):
            return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _of_one_byte(is_other: bool, is_windows: bool) -> FoundEncoding:
    if is_other:
        raise UnknownEncoding(
            "it is not UTF-8, and its bytes do not tell in which script it is written; save it as "
            "UTF-8, or name its encoding, as in --encoding cp1251 (Cyrillic) or cp1256 (Arabic)"
        )
    name, shown = ("cp1252", "Windows-1252") if is_windows else ("latin-1", "Latin-1")
    return FoundEncoding(name, f"It is not UTF-8; it is read as {shown}.")


def delimiter_of(lines: Iterable[str]) -> str:
    """The delimiter by which the first lines make the most even table; else a comma."""
    sample = [*lines]
    declared = re.fullmatch("sep=(.)[\r\n]*", sample[0]) if sample else None
    if declared:  # a line that only Excel knows
        return declared[1]
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: list[str], delimiter: str) -> tuple[float, int]:
    """The share of rows as long as the first, and the length of the first."""
    try:
        rows = [row for row in csv.reader(sample, delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0.0, 0
    lengths = Counter(map(len, rows))
    first = len(rows[0]) if rows else 0
    return (lengths[first] / len(rows), first) if first > 1 else (0.0, 0)
