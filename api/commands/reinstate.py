"""Have all count again that was taken back together."""

from typing import Any

import click

from api.commands.undoing import UndoingAsked, undo, undoing_options


@click.command("reinstate")
@undoing_options(
    click.option("--retracted-by", metavar="REPORT", help="What this report took back.")
)
def command(**options: Any) -> None:
    """Have statements count again that 'tenure retract' took back: first shows how many these are,
    and of which places the answer would change from what to what.

    What was corrected stays taken back. So does what was taken back on the word of anybody but a
    desk, unless --retracted-by names the report, or --event the event.

    \b
    Examples:
      tenure reinstate --source csp-spokesman --reason "The letters were genuine."
      tenure reinstate --retracted-by un-half-year-2024-01 --reason "A mistake."

    Exit codes: 0 done, or nothing to do; 1 refused, stderr says why; 2 misuse.
    """
    undo(UndoingAsked(reinstates=True, **options))
