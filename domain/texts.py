"""Which texts may be recorded, and how is any text shown on a terminal?

A recorded text shows what it says: no control characters, no hidden characters except as part of
the spelling, no turned direction of writing, and something to see. One line is one line: only long
texts have line breaks and tabs, and no name is drawn out by gaps until it fills the line.

Joiners stay in Arabic, Indic and other joining scripts and in emoji, a zero-width space between
letters of scripts without spaces, and marks of direction beside letters from right to left. Other
controls of direction can print a text in another order than stored, and are refused everywhere.

Entries recorded before these rules stay readable: texts are judged on recording, not on reading.
"""

import re
from collections.abc import Iterator
from unicodedata import bidirectional, category

IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode 16.0 (DerivedCoreProperties.txt), as a class of `re`."""
JOINERS = "\u200c\u200d"
SELECTORS = "\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors and the grapheme joiner: each belongs to the character before."""
MARKS_OF_DIRECTION = "\u061c\u200e\u200f"

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_NEVER_PLAIN = (
    f"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufff9-\ufffb{_NONCHARACTERS}{IGNORABLE}"
)
_SUSPECT = re.compile(f"[{_NEVER_PLAIN}]")
_SUSPECT_IF_PRINTABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Those that Python's `isprintable` takes for printable: a quick look at most texts."""
_HIDDEN = re.compile(f"[{IGNORABLE}]")
_LINE_BREAKS = "\n\x0b\x0c\r\x85\u2028\u2029"
_JOINING = re.compile(
    "[\u0600-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
"""The blocks of scripts with joining letters: Arabic, Syriac, N'Ko, Indic, Khmer, Mongolian ..."""
_UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f]")
"""Thai, Lao, Tibetan, Burmese and Khmer: words follow each other without spaces."""
_UNSHOWN = re.compile(
    f"(?![{JOINERS}{SELECTORS}{MARKS_OF_DIRECTION}])(?!(?<={_UNSPACED.pattern})\u200b)[{_NEVER_PLAIN}]"
)
_BLANK = "\u2800\U00013441\U00013442\U0001d159"
"""Characters of letters' or symbols' categories that are drawn as nothing."""
_GAP = f"\\s{_BLANK}"
_WIDEST = 3
"""The most gaps in a row: a longer row reaches the edge of a terminal, and the rest of the name
begins a line of its own there."""
_WIDE = re.compile(f"[{_GAP}]{{{_WIDEST + 1},}}")
_WIDE_INSIDE = re.compile(f"(?<=[^{_GAP}])[{_GAP}]{{400,}}(?=[^{_GAP}])")
"""On the way out a line has gaps of its own, between columns, which are narrower than this."""
_PILE = re.compile(
    "[\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{9,}"
)
"""More marks on one letter than any language writes: they cover the lines above and below."""
_SURELY_SEEN = re.compile("[0-9A-Za-z\u00c0-\u024f\u0391-\u03c9\u0410-\u044f\u0627-\u064a]")
_NOTHING = "nothing in it can be seen; write what can be read"
_SHOWN_BEFORE = 20
"""How many characters before a fault its message repeats."""


def counted(count: int, what: str) -> str:
    """As in "1 row", "2,000 rows"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def fault_of(text: str, *, has_lines: bool = False) -> str | None:
    """The reason for keeping a text out of the record, in words; None for a fit text. Long texts
    have lines."""
    plain = text.replace("\n", " ").replace("\t", " ") if has_lines else text
    is_printable = plain.isprintable()
    if not (is_printable and plain.isascii()):
        for found in (_SUSPECT_IF_PRINTABLE if is_printable else _SUSPECT).finditer(text):
            if kind := _fault_at(text, found.start(), has_lines):
                return _in_words(text, found.start(), kind, has_lines)
        if pile := _PILE.search(text):
            return _in_words(text, pile.start(), "a pile of marks", has_lines)
    if not (_SURELY_SEEN.search(text) or any(map(_can_be_seen, text))):
        return _NOTHING
    if not has_lines and (wide := _WIDE.search(text)):
        return _in_words(text, wide.start(), "a wide gap", has_lines)
    return None


def without_hidden(text: str) -> str:
    """The text without invisible characters, except as part of the spelling."""
    if text.isascii():
        return text
    before = ""
    while before != text and not text.isascii():
        before, text = text, "".join(_shown_pieces(text))
    return text


def escaped(text: str) -> str:
    """The text in one line for a terminal: line breaks, controls and hidden characters as visible
    escapes such as \\n, \\x1b and \\u202e; wide gaps and piles of marks with their number."""
    if not (text.isprintable() and text.isascii()):
        text = _PILE.sub(_pile_in_words, _UNSHOWN.sub(_escape, text))
    return _WIDE_INSIDE.sub(_gap_in_words, text)


def in_one_line(text: str) -> str:
    """A long text with gaps in place of line breaks and tabs."""
    return " ".join(text.split())


def escaped_json(document: str) -> str:
    """The same JSON document with such characters as escapes of JSON; its own line ends stay."""
    return document if document.isascii() else _UNSHOWN.sub(_json_escape, document)


def _shown_pieces(text: str) -> Iterator[str]:
    done = 0
    for found in _HIDDEN.finditer(text):
        if _fault_at(text, found.start(), True):
            yield text[done : found.start()]
            done = found.end()
    yield text[done:]


def _fault_at(text: str, at: int, has_lines: bool) -> str | None:
    """The kind of a suspect character that spells nothing in its place."""
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if has_lines and (char in "\n\t" or (char == "\r" and after == "\n")):
        return None
    if char in JOINERS:
        return None if _is_joined(before, after) else "an invisible joiner"
    if char in MARKS_OF_DIRECTION and any(map(_is_from_right_to_left, text)):
        return None
    if re.match(f"[{SELECTORS}]", char) and before and _can_be_seen_or_marks(before):
        return None
    if char == "\u200b" and _UNSPACED.match(before) and _UNSPACED.match(after):
        return None
    return _kind_of(char)


def _is_from_right_to_left(char: str) -> bool:
    return bidirectional(char) in ("R", "AL") and char not in MARKS_OF_DIRECTION


def _is_joined(before: str, after: str) -> bool:
    if not before or (_SUSPECT.match(before) and before != "\ufe0f"):
        return False
    return any(_JOINING.match(each) or category(each) in ("So", "Sk") for each in (before, *after))


def _kind_of(char: str) -> str:
    if char in _LINE_BREAKS:
        return "a line break"
    if category(char) == "Cc":
        return "a control character"
    if category(char) == "Cs":
        return "half a character"
    if category(char) == "Cn" and not re.match(f"[{IGNORABLE}]", char):
        return "a code that is no character"
    if re.match("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", char):
        return "a control of the direction of writing"
    return "an invisible character"


def _in_words(text: str, at: int, kind: str, has_lines: bool) -> str:
    behind = f"behind {text[max(0, at - _SHOWN_BEFORE) : at]!r}" if at else "at its beginning"
    advice = "leave that out"
    if kind == "a line break":
        advice = "write U+000A instead" if has_lines else "write it in one line"
    return f"{kind} (U+{ord(text[at]):04X}) stands {behind}; {advice}"


def _can_be_seen(char: str) -> bool:
    """Whether a character alone shows something: a letter, a digit, a sign, or what Python's table
    of characters does not know yet."""
    if char in _BLANK or _SUSPECT.match(char):
        return False
    return category(char)[0] in "LNPS" or category(char) == "Cn"


def _can_be_seen_or_marks(char: str) -> bool:
    return _can_be_seen(char) or (category(char)[0] == "M" and not _SUSPECT.match(char))


def _gap_in_words(found: re.Match[str]) -> str:
    return f" [{len(found[0])} blanks] "


def _pile_in_words(found: re.Match[str]) -> str:
    return f"{found[0][0]}[{len(found[0])} marks]"


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode()


def _json_escape(found: re.Match[str]) -> str:
    char = found[0]
    if char in "\n\t\r":
        return char
    return "".join(f"\\u{unit:04x}" for unit in _utf16(char))


def _utf16(char: str) -> tuple[int, ...]:
    data = char.encode("utf-16-be", "surrogatepass")
    return tuple(int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))
