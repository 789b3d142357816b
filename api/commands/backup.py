"""The command that writes a backup of the ledger."""

from pathlib import Path

import click

from api.commands.environment import (
    PATIENCE,
    ledger_of,
    progress,
    refuse_empty,
    settings_with_a_ledger,
)
from api.commands.print.terminal import say
from infra.ledger.backup import back_up


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace an earlier backup of that name.")
def command(file: Path, force: bool) -> None:
    """Write a backup of the ledger into FILE: one state of it, while others go on recording.

    FILE is a ledger in SQLite, whole in itself, whatever the engine of the ledger is; it appears
    when it is complete. `tenure restore` makes a ledger of it again. PostgreSQL's own tools
    (pg_dump) back up a ledger there too.

    The views need no backup: they are built from the ledger. The log, with all that was signed and
    cosigned, and the signing key with its state are files of their own: copy them too, the log
    after the backup.

    \b
    Examples:
      tenure backup tenure-2024-03-20.db
      tenure backup tenure-latest.db --force

    Exit codes: 0 written; 1 refused, and nothing is left behind; 2 misuse.
    """
    settings = settings_with_a_ledger()
    with ledger_of(settings, PATIENCE) as ledger:
        refuse_empty(ledger)
        with progress("Backing up", 100) as advance:
            done = back_up(ledger, settings.ledger_file, file, force=force, progress=advance)
    say(f"{file}: up to position {done.position}, {done.size:,} bytes")
