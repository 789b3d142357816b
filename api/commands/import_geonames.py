"""The commands that import a gazetteer: dumps of GeoNames, and its names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from api.commands.dataset_import import exit_code_of, import_options, run_import
from api.commands.environment import settings_from_environment
from api.commands.print.terminal import say
from domain.events import SourceRegistered
from domain.occurred import NotATime, Occurred
from domain.texts import counted
from domain.values import Reliability, SourceId
from infra.datasets.geonames.dump import GeoNamesFile
from infra.datasets.geonames.kinds import BY_CLASS
from infra.datasets.geonames.names import GeoNamesNames
from infra.datasets.geonames.rows import Filter
from infra.datasets.importing import ImportTerms
from infra.ledger.ledger import Ledger
from infra.visible_text import quoted


class DayGiven(click.ParamType[Occurred]):
    """A day of UTC."""

    name = "day"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Occurred:
        try:
            return Occurred.parse(str(value))
        except NotATime as wrong:
            self.fail(str(wrong))


class SourceOf(click.ParamType[SourceRegistered]):
    """The id of a source."""

    name = "id"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> SourceRegistered:
        if isinstance(value, SourceRegistered):
            return value
        fields = {"source": value, "name": "GeoNames", "reliability": Reliability.F}
        try:
            return SourceRegistered.model_validate(fields | {"url": "https://www.geonames.org/"})
        except ValueError:
            self.fail(f"{quoted(str(value))} can't be the id of a source")


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
        return opened[0], _terms(SourceId("geonames"), is_dry=dry_run, is_strict=strict)

    report = run_import(file, open_for, report_file)
    if left_out := opened[0].left_out:
        say(f"  Left out by the filter: {counted(left_out, 'line')}.", err=True)
    raise SystemExit(exit_code_of(report))


@click.command("geonames-names")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--published",
    type=DayGiven(),
    metavar="DAY",
    help="The day of the dump, as 2024-05-01. Names with dates become renamings with it.  "
    "[default: a day in the file's name]",
)
@click.option(
    "--dataset",
    "source",
    type=SourceOf(),
    default="geonames",
    show_default=True,
    metavar="ID",
    help="Id of the source of renamings.",
)
@import_options
def geonames_names(
    file: Path,
    published: Occurred | None,
    source: SourceRegistered,
    report_file: Path | None,
    strict: bool,
    dry_run: bool,
) -> None:
    """Import the alternate names of GeoNames, from alternateNamesV2.txt or the file of a country.

    The names of each place that the ledger has by its code of GeoNames are added to its other
    names, with language and script; import the places first. Lines about other places are counted.

    What isolanguage calls wkdt becomes the place's code in Wikidata. Lines that are no names (link,
    post, iata, icao, faac, abbr and the like) are counted, and not kept.

    A name with a date in the column from is a renaming at that date; where the last such name has a
    date in the column to, the place took its present name then. Of several names since one date,
    one is taken: the present name, else a preferred one. Anything but a year, a month or a day in
    these columns is a doubt, and the name is kept without it.

    \b
    Examples:
      tenure import geonames-names alternateNamesV2.txt --published 2024-05-01
      tenure import geonames-names alternateNamesModifications-2024-05-01.txt

    Exit codes: 0 all recorded; 1 lines were refused, the report says line, column and reason, or
    the file can't be read; 2 misuse.
    """
    opened: list[GeoNamesNames] = []

    def open_for(ledger: Ledger) -> tuple[GeoNamesNames, ImportTerms]:
        opened.append(GeoNamesNames(file, ledger, source, published or _day_in(file.name)))
        return opened[0], _terms(source.source, is_dry=dry_run, is_strict=strict)

    report = run_import(file, open_for, report_file)
    for line in _not_kept(opened[0]):
        say(f"  {line}", err=True)
    raise SystemExit(exit_code_of(report))


def _not_kept(names: GeoNamesNames) -> Iterator[str]:
    if names.elsewhere:
        yield f"About places that the ledger does not have: {counted(names.elsewhere, 'line')}."
    if names.no_names:
        told = ", ".join(f"{code} {count:,}" for code, count in sorted(names.no_names.items()))
        yield f"No names, and not kept: {counted(names.no_names.total(), 'line')} ({told})."


def _day_in(name: str) -> Occurred | None:
    found = re.search(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", name)
    try:
        return Occurred.parse(found[0]) if found else None
    except NotATime:
        return None


def _terms(source: SourceId, *, is_dry: bool, is_strict: bool) -> ImportTerms:
    by = settings_from_environment().author
    return ImportTerms("GeoNames", source, by, is_dry=is_dry, is_strict=is_strict)
