"""When did the checkpoints of a kept log exist, by the word of authorities?"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from infra.findings import Finding, Findings
from infra.log.file import LogFile
from infra.log.timestamp_authority import TimestampAuthorities
from infra.log.timestamps import StampedCheckpoint, check_timestamps


class KeptTimestamps(NamedTuple):
    """The genuine timestamps beside a log, and the findings about the others."""

    stamped: Sequence[StampedCheckpoint] = ()
    findings: Sequence[Finding] = ()


def check_kept_timestamps(path: Path, authorities: Sequence[Path]) -> KeptTimestamps:
    """Checks the timestamps in the log file at a path, if authorities are given.

    The checkpoints are held to the log elsewhere. Raises BadAuthority and NotALogFile.
    """
    if not authorities:
        return KeptTimestamps()
    trusted, findings, lines = TimestampAuthorities.read(authorities), Findings(), list[bytes]()
    if path.exists():
        with closing(LogFile(path)) as file:
            lines = [each.line for each in file.log.timestamps()]
    return KeptTimestamps(check_timestamps(lines, trusted, findings), findings)
