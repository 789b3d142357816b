"""Adds the timestamp of an authority to a checkpoint: RFC 3161."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from api.commands.environment import settings_with_a_ledger
from api.commands.print.log_certificate import timestamp_lines
from api.commands.print.terminal import say
from api.node import open_node
from domain.refusals import Refusal
from infra.log.checkpoints import Checkpoint
from infra.log.http_exchange import HttpExchange, NoAnswer
from infra.log.regular_files import UnreadableLog, read_regular
from infra.log.signed_notes import SignedNote
from infra.log.source import SignedCheckpoint
from infra.log.timestamp_authority import (
    TimestampAuthorities,
    digest_of,
    stamped_digest,
    timestamp_request,
)
from infra.log.timestamps import LONGEST_TOKEN, BadTimestamp, StampedCheckpoint, Timestamp
from infra.log.transparency_log import TransparencyLog

_PATH = click.Path(path_type=Path)


class NothingToStamp(Refusal):
    """This node has no signed checkpoint."""

    def __init__(self) -> None:
        super().__init__(
            "no checkpoint is signed here yet: 'tenure serve' with TENURE_SIGNING_KEY signs one"
        )


class CannotWrite(Refusal):
    """The request can't be written to the file."""

    def __init__(self, path: Path, refused: OSError) -> None:
        super().__init__(f"{path} can't be written: {refused.strerror or refused}")


@click.command("timestamp")
@click.option("--request", "asked", type=_PATH, metavar="FILE", help="Write the request to FILE.")
@click.option("--response", type=_PATH, metavar="FILE", help="Take the authority's response.")
@click.option("--url", help="Ask the authority at this address, and take its response.")
@click.option(
    "--tsa-certificate",
    "authorities",
    multiple=True,
    type=_PATH,
    metavar="FILE",
    help="The root certificate of the authority, in PEM or DER. Repeatable.",
)
def command(
    asked: Path | None, response: Path | None, url: str | None, authorities: Sequence[Path]
) -> None:
    """Have an authority attest when the newest checkpoint existed.

    The authority is sent the SHA-256 of the checkpoint's text, and signs that with the time
    (RFC 3161). So every entry up to the checkpoint was there at that time: a court asks when. The
    response is kept beside the log once it is shown to be genuine, goes into every bundle, and is
    checked by verify, verify-export and verify-log with --tsa-certificate.

    A machine without a network writes the request to a file, and takes the response from one.

    \b
    Examples:
      tenure timestamp --request checkpoint.tsq
      curl -s -H 'Content-Type: application/timestamp-query' --data-binary @checkpoint.tsq \\
        https://tsa.example.org > checkpoint.tsr
      tenure timestamp --response checkpoint.tsr --tsa-certificate tsa-root.pem
      tenure timestamp --url https://tsa.example.org --tsa-certificate tsa-root.pem

    Exit codes: 0 written, or kept; 1 refused, stderr says why; 2 misuse.
    """
    if sum(each is not None for each in (asked, response, url)) != 1:
        raise click.UsageError("give one of --request, --response and --url")
    if asked is None and not authorities:
        raise click.UsageError("give --tsa-certificate: nothing is kept that is not shown genuine")
    settings = settings_with_a_ledger()
    if not settings.log.exists():  # it would be made, new and empty
        raise NothingToStamp
    with open_node(settings) as node:
        if asked:
            _write_request(node.log, asked)
            return
        trusted = TimestampAuthorities.read(authorities)
        if response:
            token = _read(response)
            stamped = _checkpoint_of(node.log, token)
        else:
            stamped = _newest(node.log)
            token = _ask(str(url), stamped)
        said = trusted.attestation(stamped.text, token)
        node.log.add_timestamp(Timestamp(stamped, token))
    signed = SignedCheckpoint(stamped, SignedNote(stamped.text, ()))
    say(*timestamp_lines([StampedCheckpoint(signed, said)], stamped.size))


def _write_request(log: TransparencyLog, path: Path) -> None:
    newest = _newest(log)
    try:
        with path.open("xb") as file:
            file.write(timestamp_request(newest.text))
    except OSError as refused:
        raise CannotWrite(path, refused) from None
    say(f"{path}: a request for a timestamp of the checkpoint of {newest.size:,} entries")


def _newest(log: TransparencyLog) -> Checkpoint:
    note = log.checkpoint()
    if note is None:
        raise NothingToStamp
    return Checkpoint.parse(note.text)


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, LONGEST_TOKEN)
    except (FileNotFoundError, UnreadableLog) as unreadable:
        raise BadTimestamp(f"{path} can't be read: {unreadable}") from None


def _checkpoint_of(log: TransparencyLog, token: bytes) -> Checkpoint:
    """The checkpoint that a response is about."""
    digest = stamped_digest(token)
    for each in log.log.checkpoints():
        if digest_of(each.text) == digest:
            return each
    raise BadTimestamp("the token is of none of the checkpoints that this log has signed")


def _ask(url: str, stamped: Checkpoint) -> bytes:
    with closing(HttpExchange(url, user_agent="tenure timestamp")) as exchange:
        request = timestamp_request(stamped.text)
        answer = exchange.post("", request, "application/timestamp-query", LONGEST_TOKEN)
    if answer.status != 200:
        raise NoAnswer(f"{url} answers with status {answer.status}")
    return answer.body
