"""Do the views say what the ledger says?"""

import sys

import click

from api.commands.surroundings import progress, settings_from_environment
from api.node import open_node


@click.command("rebuild")
def command() -> None:
    """Build every view anew beside the live ones, compare the two, and switch.

    Prints the digest of each view: two nodes at one position have the same digests. A live view
    that differs from the new one is named, and replaced like the others.

    Exit codes: 0 the live views were right; 1 one differed, or refused; 2 misuse.
    """
    with (
        open_node(settings_from_environment()) as node,
        progress("Rebuilding", node.ledger.head) as advance,
    ):
        rebuilt = node.projector.rebuild(advance)
    for view, digest in sorted(rebuilt.digests.items()):
        click.echo(f"{view:<10} {digest}")
    click.echo(f"rebuilt at position {rebuilt.position}")
    if rebuilt.differing:
        click.echo(
            f"these views differed, and were replaced: {', '.join(rebuilt.differing)}", err=True
        )
        sys.exit(1)
