"""The visible characters of a text. Texts from outside are compared by visible characters alone.

A zero-width space, a bidirectional control or a soft hyphen makes a different text of the same
looks: a controller "Contested" with a zero-width space at the end is still contested.
"""

import re
from typing import Any
from unicodedata import normalize

from domain.texts import IGNORABLE

_INVISIBLE = re.compile(f"[{IGNORABLE}]")


def visible(text: str) -> str:
    """The text without invisible characters, for comparing."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def matching_form(text: str) -> str:
    """A form for matching key words and names of a table, and not for storing: visible characters
    without case, width or the length of gaps."""
    return " ".join(normalize("NFKC", visible(text)).casefold().split())


_CLIPPED = 60
"""The most characters of a given value repeated in a message."""


def quoted(value: Any) -> str:
    """A given value, short enough for a message."""
    match value:
        case str() if len(value) <= _CLIPPED:
            return repr(value)
        case str():
            return f"{value[:_CLIPPED]!r}..."
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case bool() | None:
            return str(value).lower().replace("none", "nothing")
    return repr(value)
