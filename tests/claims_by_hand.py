"""What a claims table says by its own rule, read straight from its rows.

It shares nothing with the importer: a source's last word that was published by then and speaks of
a day at or before the one that is asked about; but for rows whose controller was changed before
their date was, once the next row moves the date.
"""

import csv
from collections import defaultdict
from pathlib import Path

UKRAINE = Path(__file__).parents[2] / "shared" / "data" / "claims" / "ukraine-2022h1.csv"
Answer = tuple[str, frozenset[str]]
"""A status, and the ids of who holds the place."""

_STATUS = {
    "Contested": "CONTESTED",
    "Truce": "CONTESTED",
    "Uncontrolled": "VACANT",
    "Unknown": "UNKNOWN",
}
_ID = {
    "Ukraine": "ukraine",
    "Russia": "russia",
    "Luhansk PR": "luhansk-pr",
    "Donetsk PR": "donetsk-pr",
}


class Table:
    """The rows of each town, in the order in which they were published."""

    def __init__(self, path: Path = UKRAINE) -> None:
        self.rows: dict[str, list[dict[str, str]]] = defaultdict(list)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self.rows[row["location_id"]].append(row)
        for rows in self.rows.values():
            rows.sort(key=lambda row: row["known_at"])

    def says(self, town: str, *, day: str, published_by: str) -> Answer:
        last = None
        published = [row for row in self.rows[town] if row["known_at"] <= published_by]
        for number, row in enumerate(published):
            if day_of(row) <= day and not is_stale(published, number):
                last = row
        if last is None:
            return "UNKNOWN", frozenset()
        who = last["controller"]
        if who in _STATUS:
            return _STATUS[who], frozenset()
        return "HELD", frozenset({_ID[who]})


def is_stale(rows: list[dict[str, str]], number: int) -> bool:
    """Whether the row has another controller than the last row before it and the same date, and the
    next row has the same controller and a later date. Rows that repeat it make no difference."""
    row = rows[number]
    same = row["controller"], time_of(row)
    first = next(at for at in range(number, -1, -1) if at == 0 or _is(rows[at - 1]) != same)
    after = next((each for each in rows[number:] if _is(each) != same), None)
    return (
        first > 0
        and time_of(rows[first - 1]) == time_of(row)
        and after is not None
        and after["controller"] == row["controller"]
        and time_of(after) > time_of(row)
    )


def _is(row: dict[str, str]) -> tuple[str, str]:
    return row["controller"], time_of(row)


def time_of(row: dict[str, str]) -> str:
    """The time that the row speaks of, as far as the table has it."""
    return row["as_of"] or row["known_at"]


def day_of(row: dict[str, str]) -> str:
    """The day that the row speaks of."""
    return row["as_of"] or row["known_at"][:10]
