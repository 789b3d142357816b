"""Is a served log what was signed? Checked from outside, tile by tile."""

import re
import sys
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import click

from api.commands.environment import progress, settings_from_environment
from api.commands.print.log_certificate import LogCertificateFacts, document, lines
from api.commands.print.terminal import say, say_document
from api.commands.timestamp_options import tsa_certificates
from domain.occurred import instant_of, rfc3339
from infra.findings import Findings
from infra.ledger.ledger import utc_now
from infra.log.audit_state import AuditState
from infra.log.checkpoints import read_checkpoint
from infra.log.http_files import HttpFiles
from infra.log.key_files import given_keys
from infra.log.outside_check import Expected, check_tiled_log
from infra.log.regular_files import UnreadableLog
from infra.log.tiled_log import FolderFiles, LogFiles, TiledLog
from infra.log.timestamp_authority import TimestampAuthorities
from infra.log.timestamps import (
    LONGEST_TIMESTAMPS,
    TIMESTAMPS,
    StampedCheckpoint,
    check_timestamps,
    split_lines,
)
from infra.log.witness_files import read_witnesses
from infra.private_files import read_private

_PATH = click.Path(path_type=Path)


class _Options(NamedTuple):
    """The options of a check."""

    keys: Sequence[str]
    seen: Sequence[Path]
    witnesses: Path | None
    quorum: int | None
    authorities: Sequence[Path]


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
    type=_PATH,
    help="A signed checkpoint that you have kept: the log has to begin with it. Repeatable.",
)
@click.option(
    "--witnesses",
    metavar="FILE",
    type=_PATH,
    help="The keys of witnesses, as in the file of TENURE_WITNESSES.",
)
@click.option(
    "--quorum",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many of --witnesses have to have cosigned one checkpoint; more than half by default.",
)
@tsa_certificates
@click.option(
    "--state",
    metavar="FILE",
    type=_PATH,
    help="Where to remember what was found sound; for a URL beside TENURE_VIEWS by default.",
)
@click.option("--no-state", is_flag=True, help="Remember nothing, and go on from nothing.")
@click.option("--whole", is_flag=True, help="Read again also what was found sound before.")
@click.option(
    "--token-file",
    metavar="FILE",
    type=_PATH,
    help="A file with a bearer token, for a server that shows its entries to auditors alone.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def command(
    place: str,
    state: Path | None,
    no_state: bool,
    whole: bool,
    token_file: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Check a log from outside: served at URL, or as files in the folder DIR.

    The log is read in the form of C2SP tlog-tiles: `checkpoint`, `tile/<level>/<number>` and
    `tile/entries/<number>`. Every entry is held to its leaf, every tile to the tiles below, the
    root to the checkpoint, and the checkpoint to each KEY. A witness may have signed the cosigned
    checkpoint instead. The tiles of an exported bundle can be checked too, without the entries.

    The next check goes on from here: it reads the new entries alone, proves that the log continues
    what was found sound, and says what changed. A log that was rolled back or forked since then is
    a finding, and a check with findings leaves the state as it was.

    Findings go to stderr, each with its place. Redirects are not followed.

    \b
    Examples:
      tenure verify-log http://127.0.0.1:8000/tlog --key keys.txt
      tenure verify-log http://127.0.0.1:8000/tlog --key KEY --witnesses witnesses.txt --quorum 2
      tenure verify-log mali-2024 --key keys.txt --checkpoint kept-in-march
      tenure verify-log mali-2024 --key keys.txt --tsa-certificate tsa-root.pem

    Exit codes: 0 as it was signed; 1 found wrong, not signed by each KEY, or unreadable; 2 misuse.
    """
    if state and no_state:
        raise click.UsageError("give --state or --no-state, not both")
    path = None if no_state else state or _state_beside_the_views(place)
    before = AuditState.read(path) if path else None
    with closing(_files(place, token_file)) as files:
        facts = _checked(place, files, before, _Options(**options), is_whole=whole)
    findings = facts.checked.findings
    if as_json:
        say_document(document(facts))
    elif not findings:
        say(*lines(facts))
    for finding in findings:
        say(str(finding), err=True)
    if findings:
        say(f"{place} is NOT what it should be.", err=True)
        sys.exit(1)
    if path:
        now = rfc3339(instant_of(utc_now().replace(microsecond=0)))
        facts.checked.state(now, before).write(path)


def _checked(
    place: str, files: LogFiles, before: AuditState | None, options: _Options, *, is_whole: bool
) -> LogCertificateFacts:
    expected = _expected(options)
    log, findings = TiledLog(files), Findings()
    if options.authorities:
        expected = expected._replace(stamped=_stamped(files, options.authorities, findings))
    known = before.checkpoint.size if before and not is_whole else 0
    with progress(f"Checking {place}", max(0, log.size - known)) as advance:
        checked = check_tiled_log(log, expected, state=before, is_whole=is_whole, progress=advance)
    checked.findings.add(*findings)
    return LogCertificateFacts(place, checked, expected, before)


def _expected(options: _Options) -> Expected:
    kept = [read_checkpoint(path) for path in options.seen]
    keys = [each.key for each in read_witnesses(options.witnesses)] if options.witnesses else []
    if options.quorum and not options.witnesses:
        raise click.UsageError("--quorum is for --witnesses")
    if (options.quorum or 0) > len(keys):
        raise click.UsageError(f"--quorum: {options.witnesses} names {len(keys)} witnesses")
    quorum = options.quorum or (len(keys) // 2 + 1 if keys else 0)
    return Expected(given_keys(options.keys), kept, keys, quorum)


def _stamped(
    files: LogFiles, authorities: Sequence[Path], findings: Findings
) -> list[StampedCheckpoint]:
    content = files.read(TIMESTAMPS, LONGEST_TIMESTAMPS) or b""
    authority = TimestampAuthorities.read(authorities)
    return check_timestamps(split_lines(content), authority, findings, file=TIMESTAMPS)


def _state_beside_the_views(place: str) -> Path | None:
    if not _is_address(place):
        return None
    views = settings_from_environment().views
    host = re.sub(r"[^a-zA-Z0-9.-]+", "-", place.partition("://")[2])[:60].strip("-.")
    digest = sha256(place.rstrip("/").encode()).hexdigest()[:8]
    return views.with_name(f"{views.stem}-seen-{host}-{digest}.json")


def _files(place: str, token_file: Path | None) -> LogFiles:
    if _is_address(place):
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


def _is_address(place: str) -> bool:
    return place.startswith(("http://", "https://"))
