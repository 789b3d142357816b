"""The columns of an ACLED export, under one name in every generation."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.occurred import Instant
from infra.datasets.cells import CellRow
from infra.datasets.rows import Remark, Unfit

ACTOR_COLUMNS = (("actor1", "assoc_actor_1", "inter1"), ("actor2", "assoc_actor_2", "inter2"))
"""Of each side: the main actor, the associated actors, the type of the main actor."""
NEEDED = (
    *("event_date", "time_precision", "event_type", "actor1"),
    *("country", "location", "latitude", "longitude", "geo_precision"),
)
"""Columns without which nothing can be recorded."""
READ = frozenset(
    {
        *(*NEEDED, "event_id_cnty", "year", "sub_event_type", "assoc_actor_1", "inter1", "actor2"),
        *("assoc_actor_2", "inter2", "civilian_targeting", "admin1", "admin2", "admin3", "source"),
        *("source_scale", "notes", "fatalities", "tags", "timestamp"),
    }
)
NOT_KEPT = {
    "data_id": "a number of the row in one version of the database; an edited row gets another",
    "event_id_no_cnty": "the number within event_id_cnty",
    "disorder_type": "follows from the sub-event type",
    "interaction": "follows from inter1 and inter2",
    "iso": "the country by another name",
    "iso3": "the country by another name",
    "gwno": "the country by another name",
    "region": "the part of the world follows from the country",
    "population_1km": "an estimate for the surroundings of the point, not part of the event",
    "population_2km": "an estimate for the surroundings of the point, not part of the event",
    "population_5km": "an estimate for the surroundings of the point, not part of the event",
    "population_best": "an estimate for the surroundings of the point, not part of the event",
}
"""Columns known and not kept, with the reason."""
_OTHER_NAMES = {
    "ally_actor_1": "assoc_actor_1",
    "ally_actor_2": "assoc_actor_2",
    "associated_actor_1": "assoc_actor_1",
    "associated_actor_2": "assoc_actor_2",
    "actor_1": "actor1",
    "actor_2": "actor2",
    "inter_1": "inter1",
    "inter_2": "inter2",
    "admin_1": "admin1",
    "admin_2": "admin2",
    "admin_3": "admin3",
    "time_precis": "time_precision",
    "time_preci": "time_precision",
    "geo_precis": "geo_precision",
    "geo_preci": "geo_precision",
    "event_id": "event_id_cnty",
}
_NOTHING = {"", "NA", "N/A", "NaN", "nan", "NULL"}
_WHOLE = re.compile(r"(-?[0-9]{1,18})(\.0+)?")
_FIRST_SECOND = 852_076_800
"""1997-01-01: the first day that ACLED covers."""


def column_name(written: str) -> str:
    """The name of a column, however an export writes it."""
    name = re.sub(r"[\s.-]+", "_", written.strip().casefold())
    return _OTHER_NAMES.get(name, name)


def is_hxl(cells: Iterable[str]) -> bool:
    """Whether a row is the line of HXL tags of files from HDX."""
    given = [cell.strip() for cell in cells if cell.strip()]
    return bool(given) and all(cell.startswith("#") for cell in given)


class AcledCells:
    """The cells of a row; what stands for nothing is empty."""

    def __init__(self, row: CellRow, names: Sequence[str]) -> None:
        """`names` has the names of the columns, in the order of the file."""
        self.line = row.line
        given = map(str.strip, row.cells.values())
        self._cells = {
            name: "" if text in _NOTHING else text for name, text in zip(names, given, strict=False)
        }
        self.unfit = tuple(each._replace(column=column_name(each.column)) for each in row.faults)

    def __getitem__(self, column: str) -> str:
        return self._cells.get(column, "")

    @property
    def cells(self) -> Mapping[str, str]:
        return self._cells

    def remark(self, column: str, why: str) -> Remark:
        return Remark(column, self[column], why)

    def whole(self, column: str) -> int | None:
        """A whole number, also written as 3.0; None where the cell is empty. Raises Unfit."""
        text = self[column]
        if not text:
            return None
        if not (found := _WHOLE.fullmatch(text)):
            raise Unfit(self.remark(column, "it is not a whole number"))
        return int(found[1])

    def one_of(self, column: str, codes: Iterable[int]) -> int:
        """A code of the codebook. Raises Unfit."""
        code, known = self.whole(column), [*codes]
        if code not in known:
            raise Unfit(self.remark(column, f"the codebook has {_listed(known)}"))
        return code

    def several(self, column: str) -> Iterator[str]:
        """The parts of a cell between semicolons, each once."""
        parts = (" ".join(part.split()) for part in self[column].split(";"))
        yield from dict.fromkeys(part for part in parts if part not in _NOTHING)

    def seconds(self, column: str) -> Instant | None:
        """The time of Unix seconds; None where the cell is empty. Raises Unfit."""
        seconds = self.whole(column)
        if seconds is None:
            return None
        if not _FIRST_SECOND <= seconds < 10**10:
            raise Unfit(self.remark(column, "it is no time in seconds since 1970"))
        return Instant(seconds * 1_000_000)


def _listed(codes: list[int]) -> str:
    return f"{', '.join(map(str, codes[:-1]))} and {codes[-1]}"
