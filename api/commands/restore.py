"""The command that makes a ledger of a backup."""

from contextlib import closing
from pathlib import Path

import click

from api.answers.answers import Answers
from api.commands.environment import ledger_of, progress, settings_from_environment
from api.commands.print.terminal import say
from infra.cycle_collection import rare_cycle_collection
from infra.ledger.backup import restore_backup
from infra.ledger.ledger import Ledger
from infra.settings import Settings
from infra.views.file import ViewFile
from infra.views.mending import replace
from infra.views.projector import ForeignViews, Projector


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Make a ledger of the backup in FILE, where TENURE_LEDGER names none yet, or an empty one.

    The whole backup is checked first: its pages, its index, the id of every entry. A file that is
    not whole is refused, and so is a ledger that holds anything. FILE stays as it is. The views
    follow; those of a later state of the ledger are built anew.

    What was recorded after the backup is gone with the old ledger. A log that goes on behind the
    backup shows that, and nothing more is signed: `tenure verify` names what is missing.

    \b
    Example:
      tenure restore tenure-march.db

    Exit codes: 0 restored; 1 refused, stderr says why; 2 misuse.
    """
    settings = settings_from_environment()
    with progress("Restoring", 100) as advance:
        done = restore_backup(file, settings.ledger, settings.ledger_file, advance)
    say(f"{file}: restored up to position {done.position}")
    if done.unreadable:
        say(f"entries that can't be read, and are kept: {done.unreadable:,}", err=True)
    with ledger_of(settings) as ledger:
        if _rebuilt(ledger, settings, done.position):
            say(f"the views in {settings.views} were of another state: built anew", err=True)


def _rebuilt(ledger: Ledger, settings: Settings, head: int) -> bool:
    """Lets the views follow; whether they had to be built anew."""
    with rare_cycle_collection(), progress("Catching up", head) as advance:
        try:
            with closing(ViewFile(settings.views)) as views:
                Projector(ledger, views, Answers(views).projections).catch_up(progress=advance)
            return False
        except ForeignViews as other:
            replace(
                ledger,
                settings.views,
                lambda views: Answers(views).projections,
                advance,
                str(other),
            )
            return True
