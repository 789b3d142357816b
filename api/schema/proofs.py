"""Proofs of the transparency log, for anybody to check."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Annotated

import strawberry

from infra.log.transparency_log import Consistency, Inclusion, TransparencyLog

TreeSize = Annotated[
    int | None,
    strawberry.argument(
        description="In the tree of so many leaves; the newest tree where nothing is said."
    ),
]
OldSize = Annotated[
    int, strawberry.argument(name="from", description="The size of the earlier tree, in leaves.")
]
NewSize = Annotated[int, strawberry.argument(description="The size of the later tree, in leaves.")]


@strawberry.type(
    description="What proves that an entry of the ledger is in the log: RFC 9162, section 2.1.3. "
    "Hashes are SHA-256, as base64."
)
class InclusionProof:
    index: int = strawberry.field(description="The number of its leaf, from 0 on.")
    size: int = strawberry.field(description="The leaves of the tree that the proof is for.")
    hashes: list[str] = strawberry.field(description="The proof itself, from the leaf upwards.")
    leaf_hash: str = strawberry.field(
        description="The hash of the leaf, which is the entry as it is stored."
    )
    root: str = strawberry.field(description="The root of that tree.")
    checkpoint: str | None = strawberry.field(
        description="The signed checkpoint of that tree, where one was signed."
    )

    @staticmethod
    def of(inclusion: Inclusion, log: TransparencyLog) -> "InclusionProof":
        return InclusionProof(
            index=inclusion.number,
            size=inclusion.size,
            hashes=_texts(inclusion.hashes),
            leaf_hash=_text(inclusion.leaf_hash),
            root=_text(inclusion.root),
            checkpoint=checkpoint_of(log, inclusion.size),
        )


@strawberry.type(
    description="What proves that a tree of the log only adds to an earlier one: RFC 9162, section "
    "2.1.4. Hashes are SHA-256, as base64."
)
class ConsistencyProof:
    from_: int = strawberry.field(name="from", description="The leaves of the earlier tree.")
    to: int = strawberry.field(description="The leaves of the later tree.")
    hashes: list[str] = strawberry.field(description="The proof itself.")
    from_root: str = strawberry.field(description="The root of the earlier tree.")
    to_root: str = strawberry.field(description="The root of the later tree.")

    @staticmethod
    def of(consistency: Consistency) -> "ConsistencyProof":
        return ConsistencyProof(
            from_=consistency.old,
            to=consistency.new,
            hashes=_texts(consistency.hashes),
            from_root=_text(consistency.old_root),
            to_root=_text(consistency.new_root),
        )


def checkpoint_of(log: TransparencyLog, size: int | None = None) -> str | None:
    """The signed note of the newest checkpoint, or of the checkpoint with that size."""
    note = log.checkpoint(size)
    return None if note is None else str(note)


def _texts(hashes: Sequence[bytes]) -> list[str]:
    return [_text(each) for each in hashes]


def _text(found: bytes) -> str:
    return b64encode(found).decode()
