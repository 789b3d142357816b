"""The summary of a row of GED, and the title of its report: conflict, place, cited outlets."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

from infra.datasets.ucdp.cells import Cells, one_line, text, whole

VIOLENCE = {1: "state-based conflict", 2: "non-state conflict", 3: "one-sided violence"}
"""The column type_of_violence."""
SUMMARY_COLUMNS = (
    *("where_description", "where_coordinates", "conflict_name", "dyad_name", "code_status"),
    *("source_original", "source_office", "source_date", "source_headline", "source_article"),
)
"""The columns with texts for the summary."""
_LONGEST_TITLE = 450
_LONGEST_SUMMARY = 9_900


def outlets(cells: Cells) -> tuple[str, ...]:
    """The cited outlets, each once; in old rows the whole citation in one piece."""
    offices = {
        each for office in cells.get("source_office", "").split(";") if (each := one_line(office))
    }
    if offices:
        return tuple(sorted(offices))
    article = text(cells, "source_article")
    return (article,) if article else ()


def title(release: str, cited: tuple[str, ...]) -> str:
    """The title of the report on rows with these outlets."""
    if not cited:
        return f"UCDP GED {release}"
    return _cut(f"UCDP GED {release}, citing {'; '.join(cited)}", _LONGEST_TITLE)


def summary(cells: Cells, violence: int, *remarks: str) -> str:
    """All that no field holds."""
    told = [
        _conflict(violence, *map(cells.get, _CONFLICT)),
        *_place(cells),
        *remarks,
        *_numbers(cells),
        *_cited(cells),
    ]
    return _cut("\n".join(told), _LONGEST_SUMMARY)


def is_clear(cells: Cells) -> bool:
    """Whether UCDP has no check of the row left to do."""
    return text(cells, "code_status").casefold() in ("", "clear")


_CONFLICT = ("conflict_name", "conflict_new_id", "dyad_name", "dyad_new_id")


@lru_cache(maxsize=1_000)  # a war has many rows
def _conflict(violence: int, *given: str | None) -> str:
    cells = {name: cell or "" for name, cell in zip(_CONFLICT, given, strict=True)}
    dyad = f"dyad {text(cells, 'dyad_name')} (UCDP {whole(cells, 'dyad_new_id')})"
    conflict = f"{text(cells, 'conflict_name')} (UCDP {whole(cells, 'conflict_new_id')})"
    return f"{VIOLENCE[violence].capitalize()}: {conflict}, {dyad}."


def _place(cells: Cells) -> Iterator[str]:
    told = dict.fromkeys(
        each for name in ("where_coordinates", "where_description") if (each := text(cells, name))
    )
    if told:
        yield f"Where: {'; '.join(told).rstrip('.')}."


def _numbers(cells: Cells) -> Iterator[str]:
    if said_by := text(cells, "source_original"):
        yield f"First said by: {said_by.rstrip('.')}."
    if not is_clear(cells):
        yield f"UCDP has not checked all of it: {text(cells, 'code_status')}."


def _cited(cells: Cells) -> Iterator[str]:
    names = ("source_office", "source_date", "source_headline")
    office, *rest = ([one_line(each) for each in cells.get(name, "").split(";")] for name in names)
    number = whole(cells, "number_of_sources")
    count = "" if number is None else f" ({number} {'source' if number == 1 else 'sources'})"
    if any(office) and all(len(each) == len(office) for each in rest):
        items = zip_longest(office, *rest, fillvalue="")
        yield f"Cited{count}: " + "; ".join(", ".join(filter(None, item)) for item in items)
    elif article := text(cells, "source_article") or text(cells, "source_office"):
        yield f"Cited{count}: {article}"


def _cut(told: str, longest: int) -> str:
    return told if len(told) <= longest else f"{told[:longest]} ..."
