"""The checkpoint of a log, as C2SP tlog-checkpoint: name, number of leaves, and root."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from infra.log.merkle import HASH_BYTES
from infra.log.regular_files import small_text
from infra.log.signed_notes import BadNote, SignedNote


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: the root covers every entry up to the size."""

    origin: str
    """The name of the log."""
    size: int
    root: bytes

    @staticmethod
    def parse(text: str) -> "Checkpoint":
        """Raises BadNote."""
        form = _TEXT.fullmatch(text)
        root = b64decode(form["root"]) if form else b""
        if form is None or len(root) != HASH_BYTES or b64encode(root).decode() != form["root"]:
            raise BadNote(
                "that is no checkpoint: it has three lines, the name of a log, the number of its "
                "leaves, and the base64 of its root"
            )
        return Checkpoint(form["origin"], int(form["size"]), root)

    @property
    def text(self) -> str:
        """The signed text."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read_checkpoint(path: Path) -> SignedNote:
    """The signed checkpoint in a file. Raises BadNote."""
    try:
        note = SignedNote.parse(small_text(path))
    except (OSError, UnicodeDecodeError, BadNote) as unreadable:
        why = isinstance(unreadable, OSError) and unreadable.strerror
        raise BadNote(f"{path} holds no signed checkpoint: {why or unreadable}") from None
    return note


# Lines of extension may follow by the specification; ours have none, since nobody can check them.
_TEXT = re.compile(
    r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
)
