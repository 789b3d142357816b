"""`tenure import polygons`: which places lie in which polygons of a map, day by day."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from api.commands.dataset_import import exit_code_of, import_options, run_import
from api.commands.environment import settings_from_environment
from infra.datasets.importing import ImportTerms
from infra.datasets.tables.polygon_days import DayFile, PolygonDays
from infra.datasets.tables.polygon_map import read_polygon_map
from infra.intake.table_dates import day_of
from infra.ledger.ledger import Ledger
from infra.visible_text import quoted

_WHOLE = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_SECONDS = re.compile(r"(?<!\d)1\d{9}(?!\d)")
_WITHOUT_YEAR = re.compile(r"(?<!\d)(\d{1,2})[-_.](\d{1,2})(?!\d)")


@click.command("polygons")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.option(
    "--map",
    "map_file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What the statuses of polygons mean (YAML).",
)
@click.option(
    "--year", type=click.IntRange(1900, 2100), help="The year of names without one, as 14-11."
)
@import_options
@click.pass_context
def command(ctx: click.Context, /, files: Sequence[Path], map_file: Path, **given: Any) -> None:
    """Import the layers of polygons of a map of control, a GeoJSON file for each day.

    Every place in the ledger that lies in a polygon is a sighting: who holds it by
    the status of the polygon, on the day of the file. The source is continuous, so
    that a place is recorded when it is first seen, and when its status changes; a
    place that was in a polygon and is in none is not known any more, unless the
    map says otherwise. Import a gazetteer first.

    The day stands in the name of the file: 2024-03-15, 20240315, seconds since
    1970, or a day without a year, as 14-11, with --year.

    The map, for DeepState:

    \b
      source: {source: deepstate, name: DeepState, reliability: B, continuous: true}
      status:
        property: name             # "... /// Occupied /// geoJSON.status.occupied"
        values:
          geoJSON.status.occupied: russia
          geoJSON.status.dismissed: ukraine
          geoJSON.status.unknown: contested
        prefer: [geoJSON.status.unknown]     # where polygons overlap
      outside: unknown             # or who holds what is in no polygon any more
      within: ukraine
      actors: {russia: {id: russia, kind: state, name: Russia}}

    \b
    Examples:
      tenure import polygons front_20240315.geojson --map front.yaml --dry-run
      tenure import polygons front_20240315.geojson front_20240316.geojson --map front.yaml

    Exit codes: 0 all imported; 1 places or a file were refused; 2 misuse.
    """
    by = read_polygon_map(map_file)
    if not by.source.continuous:
        raise click.UsageError("the source of the map must be continuous: its silence is no change")
    days = [DayFile(_day(path, given["year"]), path) for path in files]
    if len({day for day, _ in days}) < len(days):
        raise click.UsageError("two files are of the same day")

    def opened(ledger: Ledger) -> tuple[PolygonDays, ImportTerms]:
        author = settings_from_environment().author
        terms = ImportTerms(
            by.source.name,
            by.source.source,
            author,
            is_dry=given["dry_run"],
            is_strict=given["strict"],
        )
        return PolygonDays(days, by, ledger), terms

    first, *further = (path for _, path in sorted(days))
    report = run_import(first, opened, given["report_file"], further=further)
    ctx.exit(exit_code_of(report))


def _day(path: Path, year: int | None) -> date:
    """The day in the name of a file."""
    try:
        if found := _WHOLE.search(path.stem):
            return date(*map(int, found.groups()))
        if found := _SECONDS.search(path.stem):
            return datetime.fromtimestamp(int(found[0]), UTC).date()
    except ValueError as wrong:
        raise click.UsageError(f"{quoted(path.name)}: {wrong}") from None
    found = _WITHOUT_YEAR.search(path.stem)
    day = day_of(f"{found[1]}.{found[2]}", year) if found and year else None
    if day is None:
        hint = "; say its --year" if found and not year else ""
        raise click.UsageError(f"the name {quoted(path.name)} tells no day{hint}")
    return day
