"""What an auditor of somebody else's log remembers between two checks: a JSON file.

* BadAuditState  the file can't be read, or was altered
* StateNotKept   the file can't be written
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.refusals import Refusal
from infra.durable_files import replace_durably
from infra.log.checkpoints import Checkpoint
from infra.log.regular_files import UnreadableLog, read_regular
from infra.log.right_edge import RightEdge
from infra.log.signed_notes import BadNote, SignedNote

_LONGEST = 1024 * 1024  # bytes


class BadAuditState(Refusal):
    """The file holds no state of a check; the message says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} can't be gone on from: {why}. Keep it for comparison, and name another file "
            "with --state to begin anew"
        )


class StateNotKept(Refusal):
    """The file can't be written."""

    def __init__(self, path: Path, refused: OSError) -> None:
        super().__init__(
            f"the state can't be kept in {path}: {refused.strerror or refused}; name another file "
            "with --state, or give --no-state"
        )


class WitnessSize(BaseModel):
    """The last cosignature of a witness under a log."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    size: int
    seconds: Annotated[int, Field(ge=0)]
    """The second since 1970 at which the witness saw the checkpoint."""


class _StateFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    checked_at: str
    checkpoint: str
    cosigned: list[WitnessSize]
    edge: list[str]
    version: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class AuditState:
    """A log as it was found sound."""

    note: SignedNote
    """The checkpoint, with all signatures."""
    checkpoint: Checkpoint
    edge: RightEdge
    cosigned: tuple[WitnessSize, ...]
    checked_at: str

    @staticmethod
    def read(path: Path) -> "AuditState | None":
        """None where there is no file yet. Raises BadAuditState."""
        if not path.exists():
            return None
        try:
            kept = _StateFile.model_validate_json(read_regular(path, _LONGEST))
            note = SignedNote.parse(kept.checkpoint)
            checkpoint = Checkpoint.parse(note.text)
            rows = tuple(b64decode(row, validate=True) for row in kept.edge)
        except FileNotFoundError:
            raise BadAuditState(path, "it is no file") from None
        except ValidationError as wrong:
            first = wrong.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the whole"
            raise BadAuditState(path, f"{where}: {first['msg'].lower()}") from None
        except (UnreadableLog, BadNote, ValueError) as unreadable:
            raise BadAuditState(path, str(unreadable)) from None
        edge = RightEdge(checkpoint.size, rows)
        if not edge.is_sound or edge.root != checkpoint.root:
            raise BadAuditState(path, "its hashes are not those of its checkpoint: it was altered")
        return AuditState(note, checkpoint, edge, tuple(kept.cosigned), kept.checked_at)

    def write(self, path: Path) -> None:
        """Replaces the file as a whole. Raises StateNotKept."""
        kept = _StateFile(
            checked_at=self.checked_at,
            checkpoint=str(self.note),
            cosigned=list(self.cosigned),
            edge=[b64encode(row).decode() for row in self.edge.rows],
        )
        content = orjson.dumps(kept.model_dump(), option=orjson.OPT_INDENT_2) + b"\n"
        try:
            replace_durably(path, content, mode=0o666)
        except OSError as refused:
            raise StateNotKept(path, refused) from None
