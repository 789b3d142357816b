"""A log beside a ledger, and the keys that the tests sign and witness it with."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

from domain import events
from domain.registry import Statement
from infra.ledger.codec import identify
from infra.ledger.dcb import AppendCondition, Query, QueryItem, Recorder, StoredEvent
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger
from infra.log.file import Log, LogFile
from infra.log.key_files import Keys
from infra.log.merkle import HASH_BYTES, Frontier, ProofFails, root_by_inclusion
from infra.log.signed_notes import KeyType, SignerKey
from infra.log.tiles import WIDTH, Tile
from infra.log.transparency_log import TransparencyLog
from tests.domain.builders import event
from tests.nodes import WORLD, ticking

SIGNER = SignerKey("example.com/tenure", KeyType.NOTE, bytes(range(32)))
WITNESS = SignerKey("witness.example.com/w1", KeyType.COSIGNATURE, bytes(range(32, 64)))
ANOTHER_WITNESS = SignerKey("witness.example.org", KeyType.COSIGNATURE, bytes(range(64, 96)))
STRANGER = SignerKey("stranger.example.net", KeyType.COSIGNATURE, bytes(range(96, 128)))
KEYS = [SIGNER.verifier, WITNESS.verifier, ANOTHER_WITNESS.verifier]


def keys(signer: SignerKey | None = SIGNER) -> Keys:
    """The keys of a node in memory."""
    keys = Keys()
    keys.__dict__["signer"] = signer
    keys.__dict__["witnesses"] = [WITNESS.verifier, ANOTHER_WITNESS.verifier]
    return keys


@contextmanager
def log_at(
    path: Path, recorder: Recorder, *, signer: SignerKey | None = SIGNER
) -> Iterator[TransparencyLog]:
    """The log in that file, of the ledger in that recorder."""
    with closing(LogFile(path)) as file:
        yield TransparencyLog(Ledger(recorder), file, keys(signer))


def history(size: int) -> list[Statement]:
    """So many statements that a ledger would accept."""
    days = (date(2010, 1, 1) + timedelta(days=day) for day in range(size))
    said = [*WORLD, *(event(events.TownSeized, by="fama", occurred=f"{day}") for day in days)]
    return [identify(each) for each in said[:size]]


def stored(statements: Sequence[Statement]) -> list[StoredEvent]:
    """The entries that a ledger makes of them, each recorded a minute after the one before."""
    with open_recorder("memory:") as recorder:
        ledger = Ledger(recorder, ticking())
        for statement in statements:
            ledger.record([statement], by="archivist")
        return [each.event for each in ledger.stored()]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these hashes of leaves. Raises ValueError where one of them is no hash."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes
) -> None:
    """Proves that a leaf is in the tree with that root. Raises ProofFails."""
    if root_by_inclusion(leaf, index, size, proof) != expected:
        raise ProofFails("the proof leads to another root")


def hash_in_tile(log: Log, number: int) -> bytes:
    """The hash of a leaf, as its tile has it."""
    tile, offset = divmod(number, WIDTH)
    return log.tile(Tile(0, tile, offset + 1))[-HASH_BYTES:]


def put(recorder: Recorder, entries: Sequence[StoredEvent]) -> None:
    """Puts entries into a ledger past all its rules, as somebody with access to it could."""
    never = AppendCondition(Query([QueryItem(tags=["event:none"])]))
    for start in range(0, len(entries), 500):
        recorder.append(entries[start : start + 500], never)
