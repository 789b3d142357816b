"""The names of an actor in the UCDP Actor Dataset, in their languages and scripts."""

from collections.abc import Iterator

from domain.values import Name
from infra.datasets.rows import Remark, made_or_doubted
from infra.datasets.scripts import script_of
from infra.datasets.ucdp.cells import Cells, text

_NONE = {"", "n/a", "na"}
_ENGLISH = {"nameorigfulleng", "newnamefulleng"}
_ORIGINAL = ("nameorig", "nameorigfull", "nameorigfulleng")
_NEW = ("newname", "newnamefullmothertongue", "newnamefulleng")


def aliases_of(cells: Cells, name: str, doubts: list[Remark]) -> tuple[Name, ...]:
    """The other names, each once: as recorded first, as used now, in English and natively. A text
    that can be no name is left out, and becomes a doubt."""
    found: dict[str, Name] = {}
    for column, told in _told(cells):
        if told != name and told not in found:
            language = "en" if column in _ENGLISH else None
            script = script_of(told)
            script = None if script == "Latn" else script
            fields = {"text": told, "language": language, "script": script}
            if alias := made_or_doubted(Name, fields, column, told, doubts):
                found[told] = alias
    return tuple(found.values())


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
