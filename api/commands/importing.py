"""The commands that import other people's data, or a bundle."""

from collections.abc import Sequence
from pathlib import Path

import click

from api.commands import import_acled
from api.commands.environment import ledger_to_record_in, progress, settings_from_environment
from api.commands.import_claims import claims_csv
from api.commands.import_geonames import geonames, geonames_names
from api.commands.import_polygons import command as polygons
from api.commands.import_table import command as table
from api.commands.import_ucdp import ucdp_actors, ucdp_ged
from api.commands.print.terminal import say
from api.commands.verify_export import checked_bundle, refuse_findings
from infra.bundle.restoration import Anew, import_bundle
from infra.log.key_files import given_keys


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
command.add_command(claims_csv)
command.add_command(table)
command.add_command(polygons)


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
