"""Is a served log what was signed? Checked from outside, tile by tile."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from api.commands.environment import progress
from api.commands.print.log_certificate import document, lines
from api.commands.print.terminal import say, say_document
from infra.log.checkpoints import read_checkpoint
from infra.log.http_files import HttpFiles
from infra.log.key_files import given_keys
from infra.log.regular_files import UnreadableLog
from infra.log.tiled_log import FolderFiles, LogFiles, TiledLog, check_tiled_log
from infra.private_files import read_private


@click.command("verify-log")
@click.argument("place", metavar="URL|DIR")
@click.option(
    "--key",
    "keys",
    multiple=True,
    required=True,
    metavar="KEY",
    help="A verifier key, or a file of them: each has to have signed. Repeatable.",
)
@click.option(
    "--checkpoint",
    "seen",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A signed checkpoint that you have kept: the log has to begin with it. Repeatable.",
)
@click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file with a bearer token, for a server that shows its entries to auditors alone.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def command(
    place: str,
    keys: Sequence[str],
    seen: Sequence[Path],
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Check a log from outside: served at URL, or as files in the folder DIR.

    The log is read in the form of C2SP tlog-tiles: `checkpoint`, `tile/<level>/<number>` and
    `tile/entries/<number>`. Every entry is held to its leaf, every tile to the tiles below, the
    root to the checkpoint, and the checkpoint to each KEY. A witness may have signed the cosigned
    checkpoint instead. The tiles of an exported bundle can be checked too, without the entries.

    Findings go to stderr, each with its place. Redirects are not followed.

    \b
    Examples:
      tenure verify-log http://127.0.0.1:8000/tlog --key keys.txt
      tenure verify-log mali-2024 --key keys.txt --checkpoint kept-in-march

    Exit codes: 0 as it was signed; 1 found wrong, not signed by each KEY, or unreadable; 2 misuse.
    """
    given, kept = given_keys(keys), [read_checkpoint(path) for path in seen]
    with closing(_files(place, token_file)) as files:
        log = TiledLog(files)
        with progress(f"Checking {place}", log.size) as advance:
            checked = check_tiled_log(log, given, seen=kept, progress=advance)
    if as_json:
        say_document(document(place, checked, len(kept)))
    elif not checked.findings:
        say(*lines(place, checked, len(kept)))
    for finding in checked.findings:
        say(str(finding), err=True)
    if checked.findings:
        say(f"{place} is NOT what it should be.", err=True)
        sys.exit(1)


def _files(place: str, token_file: Path | None) -> LogFiles:
    if place.startswith(("http://", "https://")):
        return HttpFiles(place, token=_token_in(token_file) if token_file else None)
    return FolderFiles(Path(place))


def _token_in(path: Path) -> str:
    """Raises UnreadableLog and NotPrivate."""
    try:
        token = read_private(path, longest=10_000).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise UnreadableLog(f"the token in {path} can't be read: {unreadable}") from None
    if not token.isprintable():
        raise UnreadableLog(f"{path} holds more than one line, and a token is one")
    return token
