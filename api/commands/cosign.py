"""Adds the cosignatures of witnesses to a checkpoint."""

from contextlib import closing
from pathlib import Path

import click

from api.commands.environment import ledger_of, settings_with_a_ledger
from api.commands.print.terminal import say
from infra.log.file import LogFile
from infra.log.key_files import Keys
from infra.log.regular_files import small_text
from infra.log.signed_notes import BadNote, SignedNote
from infra.log.transparency_log import NotOurs, TransparencyLog


@click.command("cosign")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Add the cosignatures of witnesses to a checkpoint of this log.

    FILE holds the checkpoint as a witness gave it back: the text as signed here, and below the
    witness's line. TENURE_WITNESSES names a file with the verifier keys of known witnesses, each on
    a line; the lines of others are passed over. The cosignatures are kept, and served with the
    checkpoint.

    \b
    Example:
      curl -s http://127.0.0.1:8000/tlog/checkpoint > checkpoint
      (a witness checks it, and hands checkpoint.cosigned back)
      tenure cosign checkpoint.cosigned

    Exit codes: 0 added; 1 refused, stderr says why; 2 misuse.
    """
    try:
        note = SignedNote.parse(small_text(file))
    except (OSError, UnicodeDecodeError) as unreadable:
        why = isinstance(unreadable, OSError) and unreadable.strerror
        raise BadNote(f"{file} can't be read: {why or unreadable}") from None
    settings = settings_with_a_ledger()
    if not settings.log.exists():
        raise NotOurs(f"there is no log at {settings.log} yet; 'tenure serve' keeps one")
    with ledger_of(settings) as ledger, closing(LogFile(settings.log)) as kept:
        keys = Keys(settings.signing_key, settings.witnesses)
        names = TransparencyLog(ledger, kept, keys).add_cosignatures(note)
    say(f"cosigned by {', '.join(names)}")
