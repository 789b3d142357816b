"""Writes the lost memory of a signer again."""

from collections.abc import Sequence
from pathlib import Path

import click

from api.commands.environment import BadSettings, settings_with_a_ledger
from api.commands.print.terminal import say
from api.node import open_node
from infra.log.checkpoints import read_checkpoint


@click.command("remember")
@click.option(
    "--checkpoint",
    "kept",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A checkpoint of this key that you have kept elsewhere. Repeatable.",
)
def command(kept: Sequence[Path]) -> None:
    """Acknowledge that a memory of the signer is lost, and write it again.

    Before a node signs, the node keeps the checkpoint in a file beside the key (KEY.state) and in
    the ledger's database. A signature has to continue both; where one is missing, nothing is
    signed. First look for a copy of the file, and put the copy back.

    Without a copy, this command takes the longest checkpoint that is left: in the other memory, in
    the log, in each --checkpoint FILE. All of them have to agree. Later signatures of the key are
    forgotten, and later entries could have been rewritten: compare with a checkpoint that lies
    elsewhere. A key made by an earlier version has no state yet, and gets the first one here.

    \b
    Examples:
      tenure remember
      tenure remember --checkpoint kept-in-june

    Exit codes: 0 written, or nothing was missing; 1 refused, stderr says why; 2 misuse.
    """
    settings = settings_with_a_ledger()
    if settings.signing_key is None:
        raise BadSettings("TENURE_SIGNING_KEY names no key, so there is no memory to write")
    notes = [read_checkpoint(path) for path in kept]
    with open_node(settings) as node:
        missing, last = node.log.remember(notes)
    if not missing:
        say("nothing is missing")
        return
    signed = last.checkpoint
    say(f"{signed.origin} remembers a checkpoint of {signed.size:,} leaves")
    for place in missing:
        say(f"written again: {place}", err=True)
    say(
        "whatever the key signed after that is not remembered here: compare with a checkpoint kept "
        "elsewhere ('tenure verify --checkpoint FILE')",
        err=True,
    )
