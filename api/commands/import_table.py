"""`tenure import table`: any table of events or of control, by a map of its columns."""

from pathlib import Path
from typing import Any

import click

from api.commands.dataset_import import exit_code_of, import_options, run_import
from api.commands.environment import settings_from_environment
from api.commands.import_claims import Time
from api.commands.print.terminal import say
from api.commands.table_options import TableOptions, table_options
from infra.datasets.importing import ImportTerms
from infra.datasets.tables.map_draft import draft_map
from infra.datasets.tables.mapped_table import MappedTable, MappedTerms
from infra.datasets.tables.table_map import read_map
from infra.ledger.ledger import Ledger


@click.command("table")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What the columns are (YAML).",
)
@click.option(
    "--draft-map",
    "draft_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a first map, to edit, and record nothing.",
)
@click.option(
    "--published",
    type=Time(),
    metavar="DATE",
    help="When the table was published, for rows without a time of their own.",
)
@table_options
@import_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    file: Path,
    map_file: Path | None,
    draft_file: Path | None,
    published: str | None,
    **given: Any,
) -> None:
    """Import a table of events or of control, whatever its columns are.

    FILE is a text (comma, semicolon, tab or bar; UTF-8, UTF-16 or Western), a
    workbook (.xlsx, .ods), or a layer of points in GeoJSON, whose coordinates are
    the columns @latitude and @longitude.

    The map says which column is what. --draft-map writes a first one from the
    names of the columns:

    \b
      source: {source: observers, name: Observers, reliability: C}
      key: [Town, Date]            # tells a row from others in every pull
      place: {name: Town, latitude: Lat, longitude: Lon, around: [Country]}
      time: Date                   # or {first: From, last: To}
      control: Holder              # who controls the place; or events:
      event: {column: Type, values: {Battle: ClashReported, Protest: null}}
      fields: {sides: [Side A, Side B], deaths: {best: Deaths}}
      actors: {FAMa: {id: fama, kind: state-force}}

    The table is a living dataset: a later pull records what changed, a row that is
    missing there stands. Without a key a row is told by its whole content, and a
    changed row is a new one. A row that can't be read is refused alone.

    \b
    Examples:
      tenure import table events.csv --draft-map draft.yaml
      tenure import table events.csv --map events.yaml --published 2024-01-31 --dry-run
      tenure import table control.xlsx --map control.yaml --published 2024-02-29

    Exit codes: 0 all imported; 1 rows were refused, or the file; 2 misuse.
    """
    options = TableOptions.taken_from(given)
    if draft_file:
        _write_draft(draft_map(file, options.form), draft_file)
        return
    if map_file is None:
        raise click.UsageError("give a --map; --draft-map writes a first one")
    read = read_map(map_file)
    if read.map.published is None and published is None:
        raise click.UsageError("the map names no column `published`; say --published DATE")
    terms = MappedTerms(published, options.form, options.order)

    def opened(ledger: Ledger) -> tuple[MappedTable, ImportTerms]:
        table = MappedTable(file, read, terms, ledger)
        author = settings_from_environment().author
        source = read.map.source
        how = ImportTerms(
            source.name,
            source.source,
            author,
            is_dry=given["dry_run"],
            is_strict=given["strict"],
            notes=table.notes,
        )
        return table, how

    ctx.exit(exit_code_of(run_import(file, opened, given["report_file"])))


def _write_draft(draft: str, path: Path) -> None:
    """Writes the draft; a file that is there may be edited already, and stays."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(draft)
    except FileExistsError:
        raise click.UsageError(f"{path} is there already; name another file") from None
    say(f"A first map is in {path}: look at each line, and mend it.")
