"""Does a recorder with supposed entries read as if they were recorded, and record nothing?"""

from collections.abc import Sequence
from io import UnsupportedOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.ledger.dcb import Query, QueryItem, Recorder, StoredEvent
from infra.ledger.memory import MemoryRecorder
from infra.ledger.supposing import SupposingRecorder

TYPES, TAGS = ["BaseCaptured", "TownSeized"], ["location:kidal", "location:gao", "actor:fama"]
events = st.builds(
    StoredEvent,
    type=st.sampled_from(TYPES),
    data=st.binary(max_size=3),
    tags=st.lists(st.sampled_from(TAGS), unique=True),
)
items = st.builds(
    QueryItem,
    types=st.lists(st.sampled_from(TYPES), unique=True),
    tags=st.lists(st.sampled_from(TAGS), unique=True),
)
queries = st.none() | st.builds(Query, items=st.lists(items, max_size=2))


@given(
    st.lists(events, max_size=6),
    st.lists(events, max_size=4),
    st.lists(events, max_size=3),
    queries,
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 12),
)
def test_supposed_entries_are_read_as_if_they_were_recorded(
    recorded: list[StoredEvent],
    supposed: list[StoredEvent],
    later: list[StoredEvent],
    query: Query | None,
    after: int | None,
    limit: int | None,
) -> None:
    real, whole = MemoryRecorder(), MemoryRecorder()
    _append(real, recorded)
    supposing = SupposingRecorder(real, until=len(recorded))
    _append(real, later)  # somebody else records meanwhile
    _append(supposing, supposed[:2])
    _append(supposing, supposed[2:])
    _append(whole, [*recorded, *supposed])

    found, wanted = (each.read(query, after=after, limit=limit) for each in (supposing, whole))
    assert [*found] == [*wanted]
    assert supposing.read(after=2**62).head == whole.read(after=2**62).head
    assert len([*real.read()]) == len(recorded) + len(later)


def _append(recorder: Recorder, events: Sequence[StoredEvent]) -> None:
    if events:
        recorder.append(events)


def test_what_is_only_supposed_is_not_followed() -> None:
    with pytest.raises(UnsupportedOperation, match="can't be followed"):
        SupposingRecorder(MemoryRecorder(), until=0).subscribe()
