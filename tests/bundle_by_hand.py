"""A bundle checked as a stranger would: with the standard library, and by the RFCs alone.

It shares no code with Tenure, so that the two can be held to each other. Signatures are left to
whatever tool the stranger has for signed notes.
"""

import json
from base64 import b64decode
from hashlib import sha1, sha256
from pathlib import Path

NAMESPACE = bytes.fromhex("6f0d1b3c5a0e5a5e9c587b1f5f1f2f0a")


def check(folder: Path) -> int:
    """How many entries were found in the tree. Raises AssertionError."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["files"]:
        assert sha256((folder / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    _, size, root = (folder / "checkpoint").read_text().split("\n")[:3]
    leaves = leaf_hashes(folder, int(size))
    for line in (folder / "entries.jsonl").read_bytes().splitlines():
        told = json.loads(line)
        assert line == canonical(told)
        assert leaves[told["leaf"]] == sha256(b"\0" + canonical(told["entry"])).digest()
        assert told["entry"]["id"] == id_of(told["entry"])
    assert tree(leaves) == b64decode(root)
    return len((folder / "entries.jsonl").read_bytes().splitlines())


def leaf_hashes(folder: Path, size: int) -> list[bytes]:
    row = b""
    for number in range(-(-size // 256)):
        width = min(256, size - number * 256)
        part = "" if width == 256 else f".p/{width}"
        row += (folder / f"tile/0/{number:03}{part}").read_bytes()
    return [row[at : at + 32] for at in range(0, len(row), 32)]


def tree(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256().digest()
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + tree(leaves[:middle]) + tree(leaves[middle:])).digest()


def canonical(value: object) -> bytes:
    """RFC 8785, as far as there are no numbers but small whole ones."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def id_of(entry: dict[str, object]) -> str:
    """RFC 9562, section 5.5, of the event with its type."""
    event = entry["event"]
    assert isinstance(event, dict)
    digest = sha1(NAMESPACE + canonical(event | {"type": entry["type"]})).digest()
    number = int.from_bytes(digest[:16])
    number = number & ~(0xF << 76) | 5 << 76
    number = number & ~(3 << 62) | 2 << 62
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
