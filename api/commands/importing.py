"""How does other people's data come in?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from api.commands.surroundings import progress, settings_from_environment
from domain.events import ActorRegistered, SourceRegistered
from domain.occurred import instant_of
from domain.values import ActorKind, Reliability
from infra.bad_input import shown
from infra.bundle.restore import import_bundle
from infra.claims_csv import Terms, actor_of, read_claims, slug_of
from infra.claims_import import import_claims
from infra.ledger import open_ledger, utc_now


@click.group("import")
def command() -> None:
    """Import other people's data.

    \b
    Examples:
      tenure import claims-csv control-table.csv
      tenure import bundle mali-2024

    Exit codes: 0 all imported; 1 refused, stderr says file, line and column; 2 misuse.
    """


class ActorGiven(click.ParamType[ActorRegistered]):
    """NAME=KIND or NAME=KIND:ID."""

    name = "name=kind[:id]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ActorRegistered:
        name, _, rest = value.rpartition("=")
        kind, _, slug = rest.partition(":")
        if not name or kind not in set(ActorKind):
            self.fail(f"{shown(value)}: write NAME=KIND, KIND one of {', '.join(ActorKind)}")
        try:
            return ActorRegistered.model_validate(actor_of(name, ActorKind(kind), slug))
        except ValueError:
            self.fail(f"{shown(value)}: no id can be made of it; write NAME=KIND:ID")


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
def claims_csv(
    files: Sequence[Path], credibility: int, actors: Sequence[ActorRegistered], **given: Any
) -> None:
    """Import tables of who controls which place, as a source kept them.

    \b
    Columns: location_id, name, lat, lon, known_at, as_of, controller, note,
    source_link. Each known_at is one revision of the table, and one report. A row
    speaks of as_of, or of known_at where that is empty; note becomes its summary,
    source_link its passage.

    \b
    Controller is a name, or one of
      Contested, Truce   nobody controls it, it is fought over
      Uncontrolled       nobody holds it
      Unknown            the source does not know (any more)

    A row whose time moves backwards is a correction: what the source had said of later times is
    taken back. The whole file is checked before anything is recorded; importing it again, or
    after an interruption, adds only what is missing.

    A source, a place or an actor that is registered already is taken as it is, unless options say
    otherwise of the source. A controller with the name of a state becomes a state, any other an
    armed group; --actor says better.

    \b
    Examples:
      tenure import claims-csv ukraine-2022h1.csv
      tenure import claims-csv mali.csv --source my-table --reliability C \\
          --credibility 3 --actor 'CSP=coalition' --actor 'FAMa=state-force:fama'
    """
    settings = settings_from_environment()
    known = {actor.name: actor for actor in actors}
    tables = []
    for path in files:
        source, is_default = _source(path, **given)
        terms = Terms(source, credibility, known, source_as_registered=is_default)
        tables.append((path, terms, read_claims(path, terms, instant_of(utc_now()))))
    with open_ledger(settings.ledger) as ledger:
        for path, terms, rows in tables:
            with progress(f"Importing {path.name}", len(rows)) as advance:
                done = import_claims(
                    ledger, str(path), rows, terms, by=settings.author, progress=advance
                )
            click.echo(
                f"{path}: {len(rows):,} rows; {done.recorded:,} events recorded, "
                f"{done.duplicates:,} recorded before; last position {done.position}"
            )


@command.command("bundle")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="Who has to have signed it: a verifier key, or a file of them. Repeatable.",
)
def bundle(folder: Path, keys: Sequence[str]) -> None:
    """Make a ledger of the bundle in DIR, as `tenure export` wrote it.

    The bundle is checked first, as `tenure verify-export` does. Its entries come into an empty
    ledger with the same bytes, ids, positions and recorded times, so that the tree over them has
    the same root. A ledger that holds the beginning of the bundle already is filled up: what was
    cut short goes on. A bundle that was narrowed by --within can't be imported.

    \b
    Examples:
      tenure import bundle mali-2024
      tenure import bundle mali-2024 --key KEY
    """
    from api.commands.verify_export import checked_bundle, keys_of, refuse_findings

    checked = checked_bundle(folder, keys_of(keys))
    refuse_findings(checked)
    entries = checked.folder.manifest.entries
    with (
        open_ledger(settings_from_environment().ledger) as ledger,
        progress(f"Importing {folder}", entries) as advance,
    ):
        done = import_bundle(checked.folder, ledger, progress=advance)
    click.echo(
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
    """Whose word the table is, and whether nothing but its id is given."""
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
            f"{shown(slug)} can't be the id of a source; give another --source"
        ) from None
    return registered, (source_name, reliability, continuous) == (None, None, None)
