"""The command that builds the views, or the log, anew from the ledger."""

import sys

import click

from api.answers.answers import Answers
from api.commands.environment import (
    ledger_of,
    progress,
    say_passed_over,
    settings_with_a_ledger,
)
from api.commands.print.terminal import say
from infra.log.key_files import Keys
from infra.log.mending import rebuild_log
from infra.views.mending import Mended, rebuild


@click.command("rebuild")
@click.option("--log", "is_of_log", is_flag=True, help="The log instead, where it is damaged.")
def command(is_of_log: bool) -> None:
    """Build every view anew beside the live ones, compare the two, and switch.

    Prints the digest of each view: two nodes at one position have the same digests. A live view
    that differs from the new one is named, and replaced like the others. Views whose file is
    damaged are replaced by a new file.

    With --log, the leaves and the hashes of the log are made of the ledger again, also where the
    log is missing. What was signed and cosigned is kept. A ledger that doesn't begin with all of
    it, and with what the signer remembers beside its key and in the database, is refused. Of a
    damaged file, all that was signed and can still be read is kept, and the file itself as
    NAME.damaged.

    Exit codes: 0 the live views were right, or the log is whole; 1 a view differed, or refused;
    2 misuse.
    """
    if is_of_log:
        _rebuild_log()
    else:
        _rebuild_views()


def _rebuild_log() -> None:
    settings = settings_with_a_ledger()
    keys = Keys(settings.signing_key, settings.witnesses)
    with (
        ledger_of(settings) as ledger,
        progress("Rebuilding the log", ledger.head) as advance,
    ):
        done = rebuild_log(ledger, settings.log, keys, advance)
    say(f"log of {done.size:,} leaves, root {done.root}")
    if done.damage:
        say(
            f"the log was damaged: {done.damage}. It was replaced, and is kept as {done.kept_as}; "
            f"signed checkpoints found in it: {done.saved:,}. 'tenure verify --checkpoint FILE' "
            "holds the log to one that was kept elsewhere",
            err=True,
        )
    if done.size and not done.is_held:
        say(
            "nothing here remembers an earlier log: whether the ledger was rewritten before now is "
            "shown only by a checkpoint kept elsewhere ('tenure verify --checkpoint FILE')",
            err=True,
        )


def _rebuild_views() -> None:
    settings = settings_with_a_ledger()
    with (
        ledger_of(settings) as ledger,
        progress("Rebuilding", ledger.head) as advance,
    ):
        mended = rebuild(ledger, settings.views, lambda views: Answers(views).projections, advance)
        passed_over = ledger.sieve.passed
    for view, digest in sorted(mended.rebuilt.digests.items()):
        say(f"{view:<10} {digest}")
    say(f"rebuilt at position {mended.rebuilt.position}")
    say_passed_over(passed_over)
    if wrong := _wrong(mended):
        say(wrong, err=True)
        sys.exit(1)


def _wrong(mended: Mended) -> str | None:
    """What was wrong with the live views, in words."""
    if mended.damage:
        return f"the views were damaged, and were replaced: {mended.damage}"
    if mended.rebuilt.differing:
        names = ", ".join(mended.rebuilt.differing)
        return f"these views differed, and were replaced: {names}"
    return None
