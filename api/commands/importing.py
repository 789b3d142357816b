"""The commands that import a claims table or a bundle."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from api.commands import import_acled
from api.commands.environment import ledger_to_record_in, progress, settings_from_environment
from api.commands.import_geonames import geonames, geonames_names
from api.commands.import_ucdp import ucdp_actors, ucdp_ged
from api.commands.print.terminal import say
from api.commands.question import ZoneName
from api.commands.verify_export import checked_bundle, refuse_findings
from domain.events import ActorRegistered, SourceEnded, SourceRegistered
from domain.occurred import NotATime, instant_of
from domain.values import ActorKind, Reliability
from infra.bundle.restoration import Anew, import_bundle
from infra.intake.claims_book import RowTakenBack
from infra.intake.claims_csv import ClaimsTable, Terms, read_claims
from infra.intake.claims_import import ImportOutcome, import_claims
from infra.intake.controllers import GivenMeaning, actor_of, slug_of
from infra.intake.recorded_zones import Zones
from infra.ledger.ledger import utc_now
from infra.log.key_files import given_keys
from infra.time_zones import UnknownZone, resolved
from infra.visible_text import matching_form, quoted, visible


@click.group("import")
def command() -> None:
    """Import other people's data.

    \b
    Examples:
      tenure import claims-csv control-table.csv
      tenure import geonames ML.txt
      tenure import bundle mali-2024

    Exit codes: 0 all imported; 1 refused, stderr says file, line and column; 2 misuse.
    """


for _each in (ucdp_ged, ucdp_actors):
    command.add_command(_each)
command.add_command(geonames)
command.add_command(geonames_names)
command.add_command(import_acled.command)


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


@command.command("claims-csv")
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
def claims_csv(
    files: Sequence[Path],
    credibility: int,
    actors: Sequence[ActorRegistered],
    controllers: Sequence[tuple[str, GivenMeaning]],
    keep_stale: bool,
    until: str | None,
    **given: Any,
) -> None:
    """Import tables of who controls which place, as a source kept them.

    \b
    Columns: location_id, name, lat, lon, known_at, as_of, controller, note,
    source_link. Each known_at is one revision of the table, and one report. A row
    speaks of as_of, or of known_at where that is empty; note becomes its summary,
    source_link its passage.

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
      tenure import claims-csv sudan.csv --until 2025-12-31 \\
          --controller 'SAF / RSF=contested' --controller 'SAF + allies=saf,jsf'
    """
    settings = settings_from_environment()
    known = {actor.name: actor for actor in actors}
    zone = given.pop("zone")
    tables = []
    with ledger_to_record_in(settings) as ledger:
        zones = Zones(ledger)
        for path in files:
            source, is_default = _source(path, **given)
            terms = Terms(
                source,
                credibility,
                known,
                source_as_registered=is_default,
                controllers=dict(controllers),
                ended=_ended(source, until, zone, zones),
                keep_stale=keep_stale,
                zone=zone,
            )
            tables.append((path, terms, read_claims(path, terms, instant_of(utc_now()), zones)))
        for path, terms, table in tables:
            with progress(f"Importing {path.name}", len(table.rows)) as advance:
                done = import_claims(
                    ledger, str(path), table.rows, terms, by=settings.author, progress=advance
                )
            say(*_report(path, table, done))


@command.command("bundle")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="Who has to have signed it: a verifier key, or a file of them. Repeatable.",
)
@click.option(
    "--anew-from",
    type=click.IntRange(min=1),
    metavar="POSITION",
    help="Record the entries from that position on anew, by the clock of this machine.",
)
def bundle(folder: Path, keys: Sequence[str], anew_from: int | None) -> None:
    """Make a ledger of the bundle in DIR, as `tenure export` wrote it.

    The bundle is checked first, as `tenure verify-export` does. Its entries come into an empty
    ledger with the same bytes, ids, positions and recorded times, so that the tree over them has
    the same root. A ledger that holds the beginning of the bundle already is filled up: what was
    cut short goes on. A bundle that was narrowed by --within can't be imported.

    An entry recorded by a clock ahead of this machine's is refused, and with it all behind it.
    --anew-from POSITION records them anew instead: the same events under the same ids, recorded
    now, by TENURE_AUTHOR.

    \b
    Examples:
      tenure import bundle mali-2024
      tenure import bundle mali-2024 --key KEY
      tenure import bundle mali-2024 --anew-from 142
    """
    settings = settings_from_environment()
    anew = None if anew_from is None else Anew(anew_from, settings.author)
    checked = checked_bundle(folder, given_keys(keys))
    refuse_findings(checked)
    entries = checked.folder.manifest.entries
    with (
        ledger_to_record_in(settings) as ledger,
        progress(f"Importing {folder}", entries) as advance,
    ):
        done = import_bundle(checked.folder, ledger, anew=anew, progress=advance)
    say(
        f"{folder}: {done.recorded:,} entries recorded, {done.before:,} were there; last position "
        f"{done.position}"
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


def _report(path: Path, table: ClaimsTable, done: ImportOutcome) -> Iterator[str]:
    """The report on a table: the counts, and every row left out or taken back."""
    yield (
        f"{path}: {len(table.rows) + len(table.doubtful):,} rows; {done.recorded:,} events "
        f"recorded, {done.duplicates:,} recorded before; last position {done.position}"
    )
    if table.unread:
        yield f"  Columns that are not read: {', '.join(map(quoted, table.unread))}."
    if table.doubtful:
        yield f"  Left out, since they are doubtful: {_rows(len(table.doubtful))}."
        yield from (f"    line {line}: {why}" for line, why in table.doubtful)
    if done.stale:
        yield (
            f"  Taken back, since the controller was changed before as_of was: "
            f"{_rows(len(done.stale))}. --keep-stale lets them stand."
        )
        yield from map(_taken_back, done.stale)
    if done.dated_back:
        yield (
            f"  Taken back, since a later revision speaks of an earlier time: "
            f"{_rows(len(done.dated_back))}."
        )
        yield from map(_taken_back, done.dated_back)


def _taken_back(row: RowTakenBack) -> str:
    here = f"line {row.line}" if row.line else "of an earlier file"
    by = f"line {row.taken_back_by}" if row.taken_back_by else "a row of an earlier file"
    return f"    {here}, by {by}: {row.said}; now {row.now_dated}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
