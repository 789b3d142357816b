"""The names of an actor in the UCDP Actor Dataset, in their languages and scripts."""

from collections.abc import Iterator
from unicodedata import name as character_name

from domain.values import Name
from infra.datasets.rows import Remark, made_or_doubted
from infra.datasets.ucdp.cells import Cells, text

_NONE = {"", "n/a", "na"}
_ENGLISH = {"nameorigfulleng", "newnamefulleng"}
_ORIGINAL = ("nameorig", "nameorigfull", "nameorigfulleng")
_NEW = ("newname", "newnamefullmothertongue", "newnamefulleng")
_SCRIPTS = {
    "ARABIC": "Arab",
    "ARMENIAN": "Armn",
    "BENGALI": "Beng",
    "CJK": "Hani",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
    "GEORGIAN": "Geor",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "KHMER": "Khmr",
    "LATIN": "Latn",
    "MYANMAR": "Mymr",
    "SINHALA": "Sinh",
    "TAMIL": "Taml",
    "THAI": "Thai",
    "TIFINAGH": "Tfng",
}
"""Scripts by the first word in the names of their letters."""


def aliases_of(cells: Cells, name: str, doubts: list[Remark]) -> tuple[Name, ...]:
    """The other names, each once: as recorded first, as used now, in English and natively. A text
    that can be no name is left out, and becomes a doubt."""
    found: dict[str, Name] = {}
    for column, told in _told(cells):
        if told != name and told not in found:
            language = "en" if column in _ENGLISH else None
            fields = {"text": told, "language": language, "script": script_of(told)}
            if alias := made_or_doubted(Name, fields, column, told, doubts):
                found[told] = alias
    return tuple(found.values())


def script_of(told: str) -> str | None:
    """The script of a name, if it is one and not Latin."""
    words = {character_name(each, "").partition(" ")[0] for each in told if each.isalpha()}
    found = {_SCRIPTS.get(word) for word in words}
    return found.pop() if len(found) == 1 and found != {"Latn"} else None


def _told(cells: Cells) -> Iterator[tuple[str, str]]:
    yield "namedata", text(cells, "namedata")
    for column in _ORIGINAL:
        yield from ((column, each) for each in _spellings(text(cells, column)))
    lists = {column: _parts(text(cells, column), ", ") for column in _NEW}
    lengths = {len(parts) for parts in lists.values() if parts}
    for column, parts in lists.items():
        names = parts if len(lengths) == 1 else [text(cells, column)]
        for each in names:
            yield from ((column, spelling) for spelling in _spellings(each))


def _spellings(told: str) -> list[str]:
    """A name in two scripts, as "Имарат Кавказ / Imarat Kavkaz", is two names."""
    return [each for each in _parts(told, " / ") if each.casefold() not in _NONE]


def _parts(told: str, between: str) -> list[str]:
    return [part.strip() for part in told.split(between) if part.strip()]
