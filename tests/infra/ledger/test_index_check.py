"""Is an entry that the ledger hides, or shows where it does not belong, named?"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain import events
from infra.findings import Wrong
from infra.ledger.codec import identify
from infra.ledger.dcb import Recorder, StoredEvent
from infra.ledger.engines import open_recorder
from infra.ledger.index_check import IndexCheck
from infra.ledger.ledger import Ledger
from tests.domain.builders import event
from tests.logs import put, stored
from tests.nodes import WORLD

SEIZED = identify(event(events.TownSeized, by="fama", occurred="2023-11-14"))
TAKEN_BACK = event(events.EventRetracted, event=SEIZED.id, reason="No.", report="report-1")
ENTRIES = stored([*map(identify, WORLD), SEIZED, identify(TAKEN_BACK)])
HEAD = len(ENTRIES)
THE_REPORT = next(at for at, each in enumerate(ENTRIES) if each.type == "ReportFiled")


def found(recorder: Recorder, entries: Sequence[StoredEvent]) -> list[tuple[int | None, str]]:
    put(recorder, entries)
    findings = IndexCheck(Ledger(recorder), until=len(entries)).finish()
    assert {each.wrong for each in findings} <= {Wrong.INDEX_ALTERED}
    return [(each.position, each.message.partition(" is indexed ")[2]) for each in findings]


def test_a_ledger_that_was_written_by_us_is_indexed_by_what_it_says(recorder: Recorder) -> None:
    assert found(recorder, ENTRIES) == []


def without(entry: StoredEvent, tag: str) -> StoredEvent:
    assert tag in entry.tags
    return replace(entry, tags=[each for each in entry.tags if each != tag])


@pytest.mark.parametrize(
    ("at", "altered", "words"),
    [
        (HEAD - 2, without(ENTRIES[-2], "location:kidal"), "without location:kidal"),
        (HEAD - 1, without(ENTRIES[-1], "location:kidal"), "without location:kidal"),
        (HEAD - 2, without(ENTRIES[-2], "source:rfi"), "without source:rfi"),
        (
            HEAD - 2,
            replace(ENTRIES[-2], tags=[*ENTRIES[-2].tags, "actor:csp"]),
            "under actor:csp",
        ),
        (
            HEAD - 2,
            replace(ENTRIES[-2], type="TownLost"),
            "as TownLost, and it is a TownSeized",
        ),
    ],
)
def test_what_is_indexed_otherwise_is_named(
    recorder: Recorder, at: int, altered: StoredEvent, words: str
) -> None:
    assert found(recorder, [*ENTRIES[:at], altered, *ENTRIES[at + 1 :]]) == [(at + 1, words)]


def test_a_retraction_of_what_is_hidden_is_named_too(recorder: Recorder) -> None:
    hidden = without(ENTRIES[-2], f"event:{SEIZED.id}")
    assert found(recorder, [*ENTRIES[:-2], hidden, ENTRIES[-1]]) == [
        (HEAD - 1, f"without event:{SEIZED.id}"),
        (HEAD, "by what is not found: the report that it cites, or an event"),
    ]


def test_an_entry_whose_report_was_taken_out_is_named() -> None:
    entries = [*ENTRIES[:THE_REPORT], *ENTRIES[THE_REPORT + 1 :]]
    with open_recorder("memory:") as recorder:
        positions = [position for position, _ in found(recorder, entries)]
    assert positions[-2:] == [HEAD - 2, HEAD - 1]


def test_progress_is_told_of_every_entry(recorder: Recorder) -> None:
    put(recorder, ENTRIES)
    told: list[int] = []
    IndexCheck(Ledger(recorder), until=HEAD - 1).finish(told.append)
    assert sum(told) == HEAD - 1
