"""Take back all that a source, a report or an import said."""

from typing import Any

import click

from api.commands.undoing import UndoingAsked, undo, undoing_options


@click.command("retract")
@undoing_options()
def command(**options: Any) -> None:
    """Take back all that a source or a report said, or single events: first shows how many events
    these are, and of which places the answer would change from what to what.

    A statement stays in the ledger and no longer counts; what was known before stays askable, by
    --position, --known-on and --published-by. What is taken back or corrected already is left
    alone. All is told by one report: that of --told-by, or a new one by the desk of TENURE_AUTHOR.
    Interrupted and run again on the same day, it goes on with the same report.

    \b
    Examples:
      tenure retract --source csp-spokesman --dry-run --reason "Forged letters."
      tenure retract --source regional-press --since 2024-02-01 --reason "A mistake of ours."
      tenure retract --report csp-kidal-2023-11-16 --told-by un-half-year-2024-01 --reason "Denied."
      tenure retract --source sahel-analysts --recorded-from 2024-06-01 --reason "Wrong file."

    'tenure reinstate' takes it back. On a terminal it asks before it records, unless --yes is
    given.

    Exit codes: 0 done, or nothing to do; 1 refused, stderr says why; 2 misuse.
    """
    undo(UndoingAsked(reinstates=False, **options))
