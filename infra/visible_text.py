"""The visible characters of a text. Texts from outside are compared by visible characters alone.

A zero-width space, a bidirectional control or a soft hyphen makes a different text of the same
looks: a controller "Contested" with a zero-width space at the end is still contested.
"""

import re
from typing import Any
from unicodedata import normalize

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode 16.0 (DerivedCoreProperties.txt), as a class of `re`."""
_INVISIBLE = re.compile(f"[{_IGNORABLE}]")
_SPELLS_NOTHING = re.compile(
    # Joiners, variation selectors and the grapheme joiner belong to the spelling of Persian, Hindi,
    # Mongolian, Japanese and other names.
    f"(?![\u034f\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef])[{_IGNORABLE}]"
)


def visible(text: str) -> str:
    """The text without invisible characters, for comparing."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def storable_name(text: str) -> str:
    """A name for storing: without invisible characters, except parts of the spelling.

    Zero-width joiners and non-joiners (U+200D, U+200C) and variation selectors stay.
    """
    return text if text.isascii() else _SPELLS_NOTHING.sub("", text)


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
