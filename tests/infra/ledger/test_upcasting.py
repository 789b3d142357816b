"""An entry of an older schema revision reads as the newest one; its leaf stays what was stored."""

from pathlib import Path

import orjson
import pytest

from domain import events
from domain.events import EVENT_TYPES
from domain.location import fold
from domain.values import LocationId
from infra.ledger import codec
from infra.ledger.dcb import Recorder, StoredEvent
from infra.ledger.index_check import IndexCheck
from infra.ledger.ledger import Ledger
from infra.log.check import check_log
from infra.log.merkle import leaf_hash
from tests.logs import KEYS, hash_in_tile, history, log_at, put, stored
from tests.nodes import WORLD, node_on

CAPTURED = len(WORLD)
"""The leaf of the entry whose shape changes."""
KIDAL = LocationId("kidal")


@pytest.fixture
def entries() -> list[StoredEvent]:
    """A history that ends with a town seized, as the first revision of that event tells it."""
    entries = stored(history(CAPTURED + 1))
    entry = orjson.loads(entries[-1].data)
    entry["event"]["captors"] = entry["event"].pop("by")
    new = entry["id"]
    entry["id"] = codec.id_of(codec.canonical(entry, has_floats=False))
    data = codec.canonical(entry, has_floats=False)
    tags = [f"event:{entry['id']}" if tag == f"event:{new}" else tag for tag in entries[-1].tags]
    return [*entries[:-1], StoredEvent("TownSeized", data, tags)]


@pytest.fixture
def newest(monkeypatch: pytest.MonkeyPatch) -> type[events.TownSeized]:
    """The second revision, which calls them otherwise."""

    class TownSeized(events.TownSeized):
        revision = 2

    def upcast(fields: dict[str, object]) -> dict[str, object]:
        return {"by" if name == "captors" else name: each for name, each in fields.items()}

    monkeypatch.setitem(EVENT_TYPES, "TownSeized", TownSeized)
    monkeypatch.setitem(codec.UPCASTERS, ("TownSeized", 1), upcast)
    return TownSeized


def test_it_reads_as_the_newest_and_hashes_as_it_was_stored(
    recorder: Recorder,
    entries: list[StoredEvent],
    newest: type[events.TownSeized],
    tmp_path: Path,
) -> None:
    put(recorder, entries)
    ledger = Ledger(recorder)
    recorded = list(ledger.read())[-1]
    assert isinstance(recorded.event, newest)
    assert (recorded.event.by, recorded.event.revision) == (("fama",), 2)
    assert recorded.statement.id == orjson.loads(entries[-1].data)["id"]

    with log_at(tmp_path / "log.db", recorder) as log:
        log.catch_up()
        assert hash_in_tile(log.log, CAPTURED) == leaf_hash(entries[-1].data)
        assert check_log(ledger, log.log, KEYS) == []
    assert IndexCheck(ledger, until=ledger.head).finish() == []


def test_it_counts_in_every_answer(
    recorder: Recorder,
    entries: list[StoredEvent],
    newest: type[events.TownSeized],
    tmp_path: Path,
) -> None:
    put(recorder, entries)
    with node_on(recorder, tmp_path / "views.db") as node:
        node.projector.catch_up()
        seen = node.answers.control("kidal", node.answers.basis(node.ledger.now))
        assert seen.verdict.holders == ("fama",)
        about = node.ledger.about(KIDAL)
        assert (
            fold(KIDAL, [each.entry for each in about]).timeline().at(seen.basis.at) == seen.period
        )
