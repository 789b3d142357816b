"""The file system on which a path lies, by the system's own table.

SQLite rests on locks and shared memory, which network file systems don't keep between machines: two
writers would destroy a ledger.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

TABLE = Path("/proc/self/mountinfo")
NETWORKED = {
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "gpfs", "lustre",
    "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb3", "smbfs",
    "fuse.ceph", "fuse.ceph-fuse", "fuse.curlftpfs", "fuse.davfs", "fuse.gcsfuse",
    "fuse.glusterfs", "fuse.mfs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs",
}  # fmt: skip
"""The types of file systems that several machines share."""
_ESCAPED = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """A mounted file system."""

    point: str
    kind: str
    is_read_only: bool


def network_of(path: Path) -> str | None:
    """The type of the network file system on which a path can be written; else None."""
    found = mount_of(path)
    if found is None or found.kind not in NETWORKED or found.is_read_only:
        return None
    return found.kind


def mount_of(path: Path) -> Mount | None:
    """The mount of a path; None where the system has no table of mounts."""
    try:
        lines = TABLE.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    there = os.path.realpath(path)
    # Of mounts at one point, the last lies on top.
    around = [each for line in lines if (each := _parsed(line)) and _lies_in(there, each.point)]
    return max(reversed(around), key=lambda each: len(each.point), default=None)


def _parsed(line: str) -> Mount | None:
    before, _, after = line.partition(" - ")
    words, kinds = before.split(" "), after.split(" ")
    if len(words) < 6 or len(kinds) < 3:
        return None
    point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), words[4])
    options = {*words[5].split(","), *kinds[2].split(",")}
    return Mount(point, kinds[0], "ro" in options)


def _lies_in(path: str, point: str) -> bool:
    return path == point or path.startswith(point.rstrip("/") + "/")
