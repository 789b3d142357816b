"""Is an earlier bundle still in a later one, and if not, since when not?"""

from pathlib import Path

import orjson
import pytest

from infra.bundle.extension import check_since
from infra.bundle.files import BundleFolder
from infra.findings import Wrong
from infra.ledger.dcb import StoredEvent
from infra.ledger.engines import open_recorder
from infra.log.signed_notes import KeyType, SignerKey
from tests.bundles import export, found, lines_of, put_lines, redo_manifest, written
from tests.logs import SIGNER, history, put, stored

ENTRIES = stored(history(300))
OTHERS = stored(history(301))[:40] + stored(history(301))[41:]
"""Another history from leaf 40 on."""
OLD = 200


def bundle(
    folder: Path, name: str, entries: list[StoredEvent], *, signer: SignerKey = SIGNER
) -> BundleFolder:
    """A bundle of a ledger that holds these; it is sound by itself."""
    with open_recorder("memory:") as recorder:
        put(recorder, entries)
        export(recorder, folder / name, log=folder / f"{name}.db", signer=signer)
    assert found(folder / name, [signer.verifier]) == []
    return BundleFolder(folder / name)


@pytest.fixture
def old(tmp_path: Path) -> BundleFolder:
    return bundle(tmp_path, "old", ENTRIES[:OLD])


@pytest.mark.parametrize("size", [OLD, OLD + 1, 256, 300])
def test_a_bundle_that_only_adds_to_an_earlier_one(
    size: int, old: BundleFolder, tmp_path: Path
) -> None:
    assert check_since(old, bundle(tmp_path, "new", ENTRIES[:size])) == []


def test_an_earlier_bundle_of_nothing_is_in_every_one(tmp_path: Path) -> None:
    assert check_since(bundle(tmp_path, "old", []), bundle(tmp_path, "new", ENTRIES)) == []


def test_a_later_one_that_does_not_hold_the_earlier_checkpoint(
    old: BundleFolder, tmp_path: Path
) -> None:
    (finding,) = check_since(old, bundle(tmp_path, "new", OTHERS[:250]))
    assert (finding.wrong, finding.leaf, finding.size) == (Wrong.CHECKPOINT_WITHHELD, 40, OLD)


def test_two_histories_of_the_same_size(old: BundleFolder, tmp_path: Path) -> None:
    (finding,) = check_since(old, bundle(tmp_path, "new", OTHERS[:OLD]))
    assert (finding.wrong, finding.leaf, finding.size) == (Wrong.HISTORY_FORKED, 40, OLD)


def test_a_log_that_was_rolled_back(old: BundleFolder, tmp_path: Path) -> None:
    (finding,) = check_since(old, bundle(tmp_path, "new", ENTRIES[: OLD - 1]))
    assert (finding.wrong, finding.leaf, finding.size) == (Wrong.LOG_ROLLED_BACK, None, OLD - 1)


def test_a_log_that_was_rolled_back_and_went_on_otherwise(
    old: BundleFolder, tmp_path: Path
) -> None:
    (finding,) = check_since(old, bundle(tmp_path, "new", OTHERS[:100]))
    assert (finding.wrong, finding.leaf, finding.size) == (Wrong.HISTORY_FORKED, 40, 100)


def test_the_log_of_somebody_else(old: BundleFolder, tmp_path: Path) -> None:
    other = SignerKey("example.com/other", KeyType.NOTE, bytes(range(1, 33)))
    (finding,) = check_since(old, bundle(tmp_path, "new", ENTRIES, signer=other))
    assert finding.wrong is Wrong.OTHER_LOG


def test_a_position_that_is_another_than_before(old: BundleFolder, tmp_path: Path) -> None:
    new = bundle(tmp_path, "new", ENTRIES)
    lines = [orjson.loads(line) for line in lines_of(new.path)]
    for line in lines[100:]:
        line["position"] += 1
    put_lines(new.path, [written(line) for line in lines])
    redo_manifest(new.path, head=301)
    assert found(new.path) == []  # no signature covers the positions, but for their order
    first, *others = check_since(old, BundleFolder(new.path))
    assert (first.wrong, first.position, first.leaf, first.line) == (
        Wrong.ENTRY_MOVED,
        102,
        100,
        101,
    )
    assert len(others) == OLD - 101
