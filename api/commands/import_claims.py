"""`tenure import claims-csv`: tables of who controls which place, as a source kept them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from api.commands.dataset_import import report_beside
from api.commands.environment import ledger_to_record_in, progress, settings_from_environment
from api.commands.print.terminal import say
from api.commands.question import ZoneName
from api.commands.table_options import TableOptions, table_options
from domain.events import ActorRegistered, SourceEnded, SourceRegistered
from domain.occurred import NotATime, instant_of
from domain.texts import counted
from domain.values import ActorKind, Reliability
from infra.datasets.importing import reporting
from infra.datasets.rehearsal import rehearsing
from infra.datasets.report import Detail, ImportReport, RowOutcome, RowReport
from infra.datasets.tables.named_towns import NamedTowns
from infra.intake.claims_book import RowTakenBack
from infra.intake.claims_csv import ClaimsTable, Terms, read_claims
from infra.intake.claims_import import ImportOutcome, import_claims
from infra.intake.controllers import GivenMeaning, actor_of, slug_of
from infra.intake.recorded_zones import Zones
from infra.ledger.ledger import utc_now
from infra.time_zones import UnknownZone, resolved
from infra.visible_text import matching_form, quoted, visible

_OF_SOURCE = ("source", "source_name", "reliability", "continuous")
"""The options about the source."""


class ActorGiven(click.ParamType[ActorRegistered]):
    """NAME=KIND or NAME=KIND:ID."""

    name = "name=kind[:id]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ActorRegistered:
        name, _, rest = value.rpartition("=")
        kind, _, slug = visible(rest).partition(":")
        if not name or kind not in set(ActorKind):
            self.fail(f"{quoted(value)}: write NAME=KIND, KIND one of {', '.join(ActorKind)}")
        try:
            return ActorRegistered.model_validate(actor_of(name, ActorKind(kind), slug))
        except ValueError:
            self.fail(f"{quoted(value)}: no id can be made of it; write NAME=KIND:ID")


class ControllerGiven(click.ParamType[tuple[str, GivenMeaning]]):
    """TEXT=contested, TEXT=ID or TEXT=ID,ID."""

    name = "text=meaning"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, GivenMeaning]:
        text, _, meaning = value.rpartition("=")
        if not matching_form(text):
            self.fail(
                f"{quoted(value)}: write TEXT=MEANING: contested, uncontrolled, unknown, or the "
                "ids of those who hold the place, with commas between them"
            )
        try:
            return text, GivenMeaning.parse(meaning)
        except ValueError as wrong:
            self.fail(f"{quoted(value)}: {wrong}")


class Time(click.ParamType[str]):
    """A time as given by a source."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            resolved(str(value), "UTC")
        except (NotATime, UnknownZone) as wrong:
            self.fail(str(wrong))
        return str(value)


@click.command("claims-csv")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", metavar="ID", help="Id of the source; else the file's name makes it.")
@click.option("--source-name", metavar="NAME", help="Name of the source; else its id.")
@click.option(
    "--reliability",
    type=click.Choice([*Reliability], case_sensitive=False),
    help="How far the source is trusted: A to E, or F, not judged.  [default: F]",
)
@click.option(
    "--continuous/--no-continuous",
    default=None,
    help="Whether its silence means no change.  [default: continuous]",
)
@click.option(
    "--credibility",
    type=click.IntRange(1, 6),
    default=6,
    show_default=True,
    help="How far the information is trusted: 1 to 5, or 6, not judged.",
)
@click.option(
    "--actor",
    "actors",
    type=ActorGiven(),
    multiple=True,
    help="What a controller is, and its id. May be given several times.",
)
@click.option(
    "--controller",
    "controllers",
    type=ControllerGiven(),
    multiple=True,
    metavar="TEXT=MEANING",
    help="What a controller means that is not the name of one actor: contested, uncontrolled, "
    "unknown, or the ids of those who hold the place together. May be given several times.",
)
@click.option(
    "--keep-stale",
    is_flag=True,
    help="Leave a row standing whose controller was changed before its as_of was.",
)
@click.option(
    "--until",
    type=Time(),
    metavar="DATE",
    help="When the source ended: from the close of that day on its silence says nothing.",
)
@click.option(
    "--zone",
    type=ZoneName(),
    metavar="ZONE",
    help="The zone of the table's days, as Asia/Kabul or +04:30.  [default: that of the place, "
    "else of the source, where these have one, else UTC]",
)
@click.option(
    "--published",
    type=Time(),
    metavar="DATE",
    help="When a table without the column known_at was published.",
)
@table_options
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the rows that somebody should look at are listed.  "
    "[default: beside the input, FILE.report.csv]",
)
@click.option(
    "--strict/--no-strict",
    "is_strict",
    default=True,
    help="Whether a row that can't be read keeps the whole table out: the silence of a table "
    "means no change, and a missing row would be silence.  [default: strict]",
)
@click.option("--dry-run", is_flag=True, help="Tell all that, and record nothing.")
@click.pass_context
def claims_csv(
    ctx: click.Context,
    /,
    files: Sequence[Path],
    is_strict: bool,
    dry_run: bool,
    report_file: Path | None,
    **given: Any,
) -> None:
    """Import tables of who controls which place, as a source kept them.

    \b
    Columns: location_id, name, lat, lon, known_at, as_of, controller, note,
    source_link, within. Each known_at is one revision of the table, and one report.
    A row speaks of as_of, or of known_at where that is empty; note becomes its
    summary, source_link its passage.

    Only known_at, controller, and one of location_id and name must be there. Columns are found by
    their names in any case, and by others, as Town, Latitude, Date or Holder; the import says so. A
    table is a text (comma, semicolon, tab or bar; UTF-8, UTF-16 or Western), a workbook (.xlsx,
    .ods), or a layer of points in GeoJSON. Dates are read as people and Excel write them, and
    coordinates with decimal commas or as "17.5 N".

    A row without location_id is the place of that name in the ledger, no more than 10 km away;
    where several fit, or the id of the name is another place, the row is asked about.

    A later row with another name, other coordinates or another within amends the place, unless
    others registered it or amended it since.

    \b
    Controller is a name, or one of
      Contested, Truce   nobody controls it, it is fought over; also Disputed,
                         Gray zone, Mixed control, No man's land, Front line,
                         Active fighting
      Uncontrolled       nobody holds it; also Vacant, Abandoned, Nobody
      Unknown            the source does not know (any more); also Unclear

    One that may be several actors or none, as "SAF / RSF" or "Other", is asked about: --controller
    says what it means.

    A row whose time moves backwards is a correction: what the source had said of later times is
    taken back. Where a row changes the controller and not as_of, and the next one moves as_of and
    not the controller, the first is taken back: the place changed hands at the later date.
    --keep-stale lets it stand. A row that speaks of a time more than a day after its known_at is
    left out. The report of the import lists all these rows.

    The whole file is checked before anything is recorded; importing it again, or
    after an interruption, adds only what is missing.

    A source, a place or an actor that is registered already is taken as it is, unless options say
    otherwise of the source. A controller with the name of a state becomes a state, any other an
    armed group; --actor says better.

    \b
    Examples:
      tenure import claims-csv ukraine-2022h1.csv
      tenure import claims-csv mali.csv --source my-table --reliability C \\
          --credibility 3 --actor 'CSP=coalition' --actor 'FAMa=state-force:fama'
      tenure import claims-csv mali.xlsx --sheet Control --dayfirst --dry-run
      tenure import claims-csv sudan.csv --until 2025-12-31 \\
          --controller 'SAF / RSF=contested' --controller 'SAF + allies=saf,jsf'
    """
    if report_file and len(files) > 1:
        raise click.UsageError("--report is of one table; import them one by one")
    settings = settings_from_environment()
    options = TableOptions.taken_from(given)
    with ledger_to_record_in(settings) as ledger, ExitStack() as stack:
        zones, places = Zones(ledger), NamedTowns(ledger)
        tables = []
        for path in files:
            terms = _terms(path, zones, options, given, is_strict=is_strict)
            now = instant_of(utc_now())
            tables.append((path, terms, read_claims(path, terms, now, zones, places)))
        into = stack.enter_context(rehearsing(ledger)) if dry_run else ledger
        for path, terms, table in tables:
            bar = progress(f"Importing {path.name}", len(table.rows))
            with reporting(report_file or report_beside(path), is_dry=dry_run) as report:
                with bar as advance:
                    done = import_claims(
                        into, str(path), table.rows, terms, by=settings.author, progress=advance
                    )
                report.tell(*_listed(table, done))
            say(*_summary(path, table, done, report, is_dry=dry_run), err=True)
    if any(table.problems for _, _, table in tables):
        ctx.exit(1)


def _terms(
    path: Path, zones: Zones, options: TableOptions, given: dict[str, Any], *, is_strict: bool
) -> Terms:
    of_source = {name: given[name] for name in _OF_SOURCE}
    source, is_default = _source(path, **of_source)
    return Terms(
        source,
        given["credibility"],
        {actor.name: actor for actor in given["actors"]},
        source_as_registered=is_default,
        controllers=dict(given["controllers"]),
        ended=_ended(source, given["until"], given["zone"], zones),
        keep_stale=given["keep_stale"],
        zone=given["zone"],
        published=given["published"],
        form=options.form,
        order=options.order,
        is_strict=is_strict,
    )


def _source(
    path: Path,
    *,
    source: str | None,
    source_name: str | None,
    reliability: str | None,
    continuous: bool | None,
) -> tuple[SourceRegistered, bool]:
    """The source of the table, and whether the source is given by its id alone."""
    slug = source or slug_of(path.stem)
    fields = {
        "source": slug,
        "name": source_name or slug,
        "reliability": reliability or Reliability.F,
        "continuous": continuous is not False,
    }
    try:
        registered = SourceRegistered.model_validate(fields)
    except ValueError:
        raise click.UsageError(
            f"{quoted(slug)} can't be the id of a source; give another --source"
        ) from None
    return registered, (source_name, reliability, continuous) == (None, None, None)


def _ended(
    source: SourceRegistered, until: str | None, zone: str | None, zones: Zones
) -> SourceEnded | None:
    """When the source ended, by the clocks of the table, else of the source."""
    if until is None:
        return None
    if not source.continuous:
        raise click.UsageError(
            "--until ends a source whose silence means no change; with --no-continuous there is "
            "nothing to end"
        )
    zone = zone or zones.zone(SourceEnded, {"source": source.source})
    return SourceEnded(source=source.source, ended=resolved(until, zone))


def _summary(
    path: Path, table: ClaimsTable, done: ImportOutcome, report: ImportReport, *, is_dry: bool
) -> Iterator[str]:
    """What became of a table, in numbers."""
    would = "would be recorded" if is_dry else "recorded"
    position = "" if is_dry else f"; last position {done.position}"
    yield (
        f"{path}: {counted(len(table.rows) + len(table.doubtful), 'row')}; "
        f"{counted(done.recorded, 'event')} {would}, {done.duplicates:,} recorded before{position}"
    )
    yield from (f"  {note}" for note in table.notes)
    if table.unread:
        yield f"  Columns that are not read: {', '.join(map(quoted, table.unread))}."
    refused = len({each.line for each in table.problems})
    for told, count, advice in (
        ("Left out, since they are doubtful", len(table.doubtful), ""),
        ("Refused", refused, ""),
        ("Amended places", len(done.amended), ""),
        ("Places that others registered otherwise", len(done.kept), ""),
        (_STALE, len(done.stale), " --keep-stale lets them stand."),
        ("Taken back, since a later revision speaks of an earlier time", len(done.dated_back), ""),
    ):
        if count:
            yield f"  {told}: {counted(count, 'row')}.{advice}"
    if report.was_written:
        yield f"  The rows that somebody should look at: {report.path}"


_STALE = "Taken back, since the controller was changed before as_of was"


def _listed(table: ClaimsTable, done: ImportOutcome) -> Iterator[RowReport]:
    """The rows that somebody should look at."""
    for problem in table.problems:
        line, column = problem.line or 0, problem.field
        told = column, problem.value, problem.message
        yield _reported(Detail(line, "", RowOutcome.REFUSED, *told))
    for number, why in (*table.doubtful, *done.kept):
        yield _reported(Detail(number, "", RowOutcome.DOUBTFUL, why=why))
    for each in done.amended:
        why = f"the registration is amended: {each.changes}"
        yield _reported(Detail(each.line, each.location, RowOutcome.CORRECTED, why=why))
    for row in (*done.stale, *done.dated_back):
        yield _reported(Detail(row.line or 0, "", RowOutcome.RETRACTED, why=_taken_back(row)))


def _reported(detail: Detail) -> RowReport:
    return RowReport(detail.line, detail.row, detail.outcome, (detail,))


def _taken_back(row: RowTakenBack) -> str:
    here = f"line {row.line}" if row.line else "of an earlier file"
    by = f"line {row.taken_back_by}" if row.taken_back_by else "a row of an earlier file"
    return f"{here}, by {by}: {row.said}; now {row.now_dated}"
