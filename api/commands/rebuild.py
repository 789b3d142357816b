"""The command that builds the views, or the log, anew from the ledger."""

import sys
from base64 import b64encode

import click

from api.commands.environment import progress, say_passed_over, settings_from_environment
from api.commands.print.terminal import say
from api.node import open_node


@click.command("rebuild")
@click.option("--log", "is_of_log", is_flag=True, help="The log instead, where it is damaged.")
def command(is_of_log: bool) -> None:
    """Build every view anew beside the live ones, compare the two, and switch.

    Prints the digest of each view: two nodes at one position have the same digests. A live view
    that differs from the new one is named, and replaced like the others.

    With --log, the leaves and the hashes of the log are made of the ledger again, also where the
    log is missing. What was signed and cosigned is kept. A ledger that doesn't begin with all of
    it, and with what the signer remembers beside its key and in the database, is refused.

    Exit codes: 0 the live views were right, or the log is whole; 1 a view differed, or refused;
    2 misuse.
    """
    if is_of_log:
        _rebuild_log()
    else:
        _rebuild_views()


def _rebuild_log() -> None:
    with (
        open_node(settings_from_environment()) as node,
        progress("Rebuilding the log", node.ledger.head) as advance,
    ):
        is_held = any(each.checkpoint.size for each in node.log.memory.read().all)
        is_held |= node.log.log.has_signatures
        size = node.log.rebuild(advance)
        root = b64encode(node.log.log.root(size)).decode()
    say(f"log of {size:,} leaves, root {root}")
    if size and not is_held:
        say(
            "nothing here remembers an earlier log: whether the ledger was rewritten before now is "
            "shown only by a checkpoint kept elsewhere ('tenure verify --checkpoint FILE')",
            err=True,
        )


def _rebuild_views() -> None:
    with (
        open_node(settings_from_environment()) as node,
        progress("Rebuilding", node.ledger.head) as advance,
    ):
        rebuilt = node.projector.rebuild(advance)
        passed_over = node.views.passed_over
    for view, digest in sorted(rebuilt.digests.items()):
        say(f"{view:<10} {digest}")
    say(f"rebuilt at position {rebuilt.position}")
    say_passed_over(passed_over)
    if rebuilt.differing:
        say(f"these views differed, and were replaced: {', '.join(rebuilt.differing)}", err=True)
        sys.exit(1)
