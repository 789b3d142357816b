"""The commands that import a gazetteer: dumps of GeoNames, and its names."""

from pathlib import Path

import click

from api.commands.dataset_import import exit_code_of, import_options, run_import
from api.commands.environment import settings_from_environment
from api.commands.print.terminal import say
from domain.values import SourceId
from infra.datasets.geonames import GeoNamesFile
from infra.datasets.geonames_kinds import BY_CLASS
from infra.datasets.geonames_rows import Filter
from infra.datasets.importing import ImportTerms
from infra.ledger.ledger import Ledger


@click.command("geonames")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--class",
    "classes",
    type=click.Choice([*BY_CLASS], case_sensitive=False),
    multiple=True,
    help="Take this feature class: P towns and villages, A countries and regions, S spots, H "
    "waters, L areas, R roads, T mountains, U undersea, V forests. May be given several times.",
)
@click.option(
    "--code",
    "codes",
    metavar="CODE",
    multiple=True,
    help="Take this feature code too, as PPLA or AIRB. May be given several times.",
)
@click.option(
    "--min-population",
    "least_population",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Of these, take only places with at least so many people.",
)
@import_options
def geonames(
    file: Path,
    classes: tuple[str, ...],
    codes: tuple[str, ...],
    least_population: int,
    report_file: Path | None,
    strict: bool,
    dry_run: bool,
) -> None:
    """Import places from a dump of GeoNames, as ML.txt or allCountries.txt.

    The dump has 19 columns, with tabs between them and without quoting. Each row becomes a place:
    its names in all scripts, its coordinates, its time zone, the code of GeoNames, and what it lies
    in: the smallest administrative unit that the file has for its codes, else the country. The
    units around a place come with it, whatever the filter.

    A new place gets the id NAME-NUMBER, as kidal-2455290, so that homonyms are told apart. A place
    with the code of GeoNames in the ledger is that place, and is brought up to date: names are
    added, and none is taken away. A place without a code, with a name and a kind in common and no
    more than 10 km away, gets the code where it is the only one; what was written by hand stays.
    The report lists these, and all that is doubtful.

    A later dump changes only what it says otherwise; an older one imported later does not win. The
    modification date of the row decides.

    \b
    Examples:
      tenure import geonames ML.txt
      tenure import geonames allCountries.txt --class P --min-population 1000
      tenure import geonames ML.txt --class P --class A --code AIRB --code FT
      tenure import geonames ML.txt --dry-run

    Exit codes: 0 all recorded; 1 rows were refused, the report says line, column and reason, or
    the file can't be read; 2 misuse.
    """
    wanted = Filter(frozenset(classes), frozenset(map(str.upper, codes)), least_population)
    opened: list[GeoNamesFile] = []

    def open_for(ledger: Ledger) -> tuple[GeoNamesFile, ImportTerms]:
        opened.append(GeoNamesFile(file, ledger, wanted))
        return opened[0], _terms(is_dry=dry_run, is_strict=strict)

    report = run_import(file, open_for, report_file)
    if left_out := opened[0].left_out:
        say(f"  {left_out:,} rows are left out by the filter.", err=True)
    raise SystemExit(exit_code_of(report))


def _terms(*, is_dry: bool, is_strict: bool) -> ImportTerms:
    by = settings_from_environment().author
    return ImportTerms("GeoNames", SourceId("geonames"), by, is_dry=is_dry, is_strict=is_strict)
