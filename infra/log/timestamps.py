"""Timestamps of checkpoints by third parties: RFC 3161, kept as lines of JSON.

A timestamp authority signs the SHA-256 of a checkpoint's text together with the time. So the
checkpoint, and with it every entry up to its size, existed at that time.

* BadTimestamp   a token is not genuine, or of another text; or a line holds no timestamp
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import orjson

from domain.occurred import Instant
from domain.refusals import Refusal
from infra.findings import Finding, Findings, Wrong
from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import BadNote, SignedNote
from infra.log.source import SignedCheckpoint

TIMESTAMPS = "timestamps.jsonl"
"""The name of the file in a bundle, and on a server below /tlog."""
LONGEST_TOKEN = 256 * 1024  # bytes
LONGEST_TIMESTAMPS = 256 * 1024 * 1024


class BadTimestamp(Refusal):
    """The timestamp can't be believed; the message says why."""


class Timestamp(NamedTuple):
    """The response of an authority about a checkpoint, before any check."""

    checkpoint: Checkpoint
    token: bytes

    @staticmethod
    def parse(line: bytes) -> "Timestamp":
        """Raises BadTimestamp."""
        try:
            match orjson.loads(line):
                case {"checkpoint": str(text), "token": str(token), **rest} if not rest:
                    found = Timestamp(Checkpoint.parse(text), b64decode(token, validate=True))
                    if found.line == line:
                        return found
        except (ValueError, BadNote) as bad:
            raise BadTimestamp(f"the line holds no timestamp: {bad}") from None
        raise BadTimestamp('the line is not {"checkpoint":…,"token":…} in its one form')

    @property
    def line(self) -> bytes:
        token = b64encode(self.token).decode()
        written = {"checkpoint": self.checkpoint.text, "token": token}
        return orjson.dumps(written, option=orjson.OPT_SORT_KEYS) + b"\n"


class Attestation(NamedTuple):
    """The content of a genuine timestamp."""

    at: Instant
    by: str
    """The subject of the authority's certificate."""


class AttestsTime(Protocol):
    """Trusted timestamp authorities."""

    def attestation(self, text: str, token: bytes) -> Attestation:
        """The content of a genuine token about a text. Raises BadTimestamp."""


class StampedCheckpoint(NamedTuple):
    """A checkpoint that existed at a time, by the word of an authority."""

    signed: SignedCheckpoint
    """The checkpoint, to be held to the tree; without signatures."""
    attestation: Attestation


def check_timestamps(
    lines: Iterable[bytes],
    authority: AttestsTime,
    findings: Findings,
    *,
    file: str | None = None,
) -> list[StampedCheckpoint]:
    """The genuine timestamps among these lines, from the smallest checkpoint on.

    Every other timestamp is a finding, and so is the lack of any. The checkpoints are not held to a
    tree here.
    """
    stamped, count = list[StampedCheckpoint](), 0
    for count, line in enumerate(lines, 1):
        try:
            timestamp = Timestamp.parse(line)
            text = timestamp.checkpoint.text
            attestation = authority.attestation(text, timestamp.token)
        except BadTimestamp as bad:
            message = f"{file}:{count}: {bad}" if file else f"timestamp {count}: {bad}"
            at = count if file else None
            findings.add(Finding(Wrong.TIMESTAMP_INVALID, message, file=file, line=at))
            continue
        signed = SignedCheckpoint(timestamp.checkpoint, SignedNote(text, ()), file=file)
        stamped.append(StampedCheckpoint(signed, attestation))
    if not count:
        message = "no checkpoint here has a timestamp, and an authority for timestamps was given"
        findings.add(Finding(Wrong.NOT_TIMESTAMPED, message, file=file))
    return sorted(stamped, key=lambda each: (each.signed.checkpoint.size, each.attestation))


def split_lines(content: bytes) -> Iterator[bytes]:
    """The lines of a file, with their line breaks."""
    return iter(content.splitlines(keepends=True))
