"""The columns of a table by their names, in any case, with spaces or accents."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from infra.intake.problems import BadInput
from infra.intake.table_rows import column_key
from infra.visible_text import quoted


class Columns(NamedTuple):
    """The columns read of a table."""

    places: dict[str, int]
    """The number of the column by the name that a reader knows."""
    notes: list[str]
    """Notes for the user about columns with other names."""
    unread: list[str]
    """The names of the other columns."""

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        return {wanted: row[number] for wanted, number in self.places.items()}


def found_columns(file: Path, names: Sequence[str], wanted: Mapping[str, Iterable[str]]) -> Columns:
    """The columns by their own names, else by other names. Raises BadInput for two candidates."""
    keys = [column_key(name) for name in names]
    places: dict[str, int] = {}
    notes = []
    for column, others in wanted.items():
        exact = [number for number, key in enumerate(keys) if key == column_key(column)]
        found = exact or _by_other_names(keys, names, others)
        if len(found) > 1:
            both = " and ".join(quoted(names[number]) for number in found[:2])
            message = f"the columns {both} may both be {column}; rename one of them"
            if len({keys[number] for number in found}) == 1:
                message = f"two columns have the same name, {both}"
            raise BadInput.at(file, 1, message)
        if found:
            places[column] = found[0]
            if not exact:
                notes.append(f"The column {quoted(names[found[0]])} is read as {column}.")
    read = {*places.values()}
    unread = [name for number, name in enumerate(names) if number not in read]
    return Columns(places, notes, unread)


def _by_other_names(keys: Sequence[str], names: Sequence[str], others: Iterable[str]) -> list[int]:
    wanted = {column_key(each) for each in others if not each.startswith("@")}
    of_points = {each for each in others if each.startswith("@")}
    named = [number for number, key in enumerate(keys) if key in wanted]
    return named or [number for number, name in enumerate(names) if name in of_points]
