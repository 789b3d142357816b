"""A first map of a table, from the names of its columns and its values."""

from collections.abc import Iterator
from json import dumps
from pathlib import Path

from infra.intake.controllers import slug_of
from infra.intake.table_columns import found_columns
from infra.intake.table_rows import Table, TableForm
from infra.intake.tables import open_table

_WANTED = {
    "key": ("id", "event id", "record id", "@id"),
    "place id": ("location id", "place id", "settlement id", "pcode"),
    "name": ("place", "town", "city", "settlement", "location", "place name", "location name"),
    "latitude": ("lat", "y", "@latitude"),
    "longitude": ("lon", "lng", "long", "x", "@longitude"),
    "country": ("adm0", "admin0"),
    "province": ("region", "oblast", "adm1", "admin1", "state"),
    "district": ("adm2", "admin2", "cercle", "raion"),
    "time": ("date", "event date", "day", "as of", "since"),
    "published": ("known at", "timestamp", "updated", "last updated", "modified"),
    "event": ("event type", "type", "category"),
    "control": ("controller", "controlled by", "holder", "held by"),
    "summary": ("note", "notes", "comment", "comments", "description", "remarks"),
    "cites": ("source", "sources", "outlet"),
}
_MOST_VALUES = 50
_HEAD = """\
# A map of {file}: look at each line, and mend it.
# tenure import table {file} --map THIS --published DATE --dry-run
source: {{source: {source}, name: {name}, reliability: F, continuous: {continuous}}}
"""


def draft_map(path: Path, form: TableForm | None = None) -> str:
    """The map in YAML, with what a user has to decide in comments. Raises BadInput."""
    table = open_table(path, form)
    columns = found_columns(path, table.head.columns, _WANTED)
    names = {wanted: table.head.columns[number] for wanted, number in columns.places.items()}
    is_control = "control" in names or "event" not in names
    slug = slug_of(path.stem) or "table"
    head = _HEAD.format(
        file=path.name,
        source=slug,
        name=dumps(path.stem, ensure_ascii=False),
        continuous=str(is_control).lower(),
    )
    lines = [
        *_key(names),
        *_place(names),
        f"time: {_name(names, 'time')}",
        *(
            f"{name}: {_quoted(names[name])}"
            for name in ("published", "summary", "cites")
            if name in names
        ),
        "credibility: 6",
        *(_control(names) if is_control else _events(table, names, columns.places["event"])),
    ]
    unread = [each for each in columns.unread if each]
    lines += [f"# Columns that are not read: {', '.join(unread)}"] if unread else []
    return head + "\n".join(lines) + "\n"


def _key(names: dict[str, str]) -> Iterator[str]:
    if "key" in names:
        yield f"key: {_quoted(names['key'])}"
    else:
        yield "# key: the columns that tell a row from others in every pull, as [Town, Date]"


def _place(names: dict[str, str]) -> Iterator[str]:
    yield "place:"
    if "place id" in names:
        yield f"  id: {_quoted(names['place id'])}"
    yield f"  name: {_name(names, 'name')}"
    for name in ("latitude", "longitude"):
        if {"latitude", "longitude"} <= names.keys():
            yield f"  {name}: {_quoted(names[name])}"
    around = [_quoted(names[name]) for name in ("country", "province", "district") if name in names]
    if around:
        yield f"  around: [{', '.join(around)}]"


def _control(names: dict[str, str]) -> Iterator[str]:
    yield f"control: {_name(names, 'control')}"
    yield "# or {column: ..., values: {Mixed: contested, 'A / B': 'a,b'}}"
    yield "# actors: {FAMa: {id: fama, kind: state-force}}"


def _events(table: Table, names: dict[str, str], number: int) -> Iterator[str]:
    found: dict[str, None] = {}
    for row in table.rows():
        if len(found) < _MOST_VALUES:
            found.setdefault(row.cells[number].strip())
    yield "event:"
    yield f"  column: {_quoted(names['event'])}"
    yield "  values:   # a type of event each, as ClashReported; null leaves such rows out"
    yield from (f"    {_quoted(value)}: null" for value in found if value)
    yield "# fields: {sides: [Side A, Side B], deaths: {best: Deaths}}"
    yield "# actors: {FAMa: {id: fama, kind: state-force}}"


def _name(names: dict[str, str], wanted: str) -> str:
    return _quoted(names[wanted]) if wanted in names else "???   # which column?"


def _quoted(text: str) -> str:
    """The text in double quotes: JSON is YAML."""
    return dumps(text, ensure_ascii=False)
