"""How an event is stored, what its id is, and that neither ever changes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticUndefined

from domain import events
from domain.events import EVENT_TYPES, Event, LocationRegistered
from domain.occurred import datetime_of, instant_of
from domain.registry import Statement
from domain.values import AS_RECORDED
from infra.ledger import codec
from infra.ledger.codec import (
    UnreadableEntry,
    canonical,
    decode,
    encode,
    fields_of,
    id_of,
    identify,
)
from tests.domain.builders import event
from tests.infra.examples import EXAMPLES

GOLDEN = Path(__file__).parent / "golden" / "events.jsonl"
"""Entries as they were once stored, one to a line. Lines are added, and never changed."""
RECORDED = datetime(2023, 11, 20, 8, 30, 0, 120_000, tzinfo=UTC)
STORED = GOLDEN.read_bytes().splitlines()

anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
texts = anything.filter(str.strip)
often = settings(max_examples=300, deadline=None)


def entry_of(example: Event) -> bytes:
    return encode(identify(example), recorded_at=RECORDED, recorded_by="archivist")


def recorded_again(line: bytes) -> bytes:
    recorded = decode(1, line)
    return encode(
        recorded.statement,
        recorded_at=datetime_of(recorded.recorded_at),
        recorded_by=recorded.recorded_by,
    )


# ---- Every event has an example, and a line that was stored ----------------------------------


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_event_has_a_full_example(name: str) -> None:
    assert name in EXAMPLES, "add an example of it to tests/infra/examples.py"
    at_default = [
        field
        for field, info in type(EXAMPLES[name]).model_fields.items()
        if info.default is not PydanticUndefined and getattr(EXAMPLES[name], field) == info.default
        if field not in getattr(EXAMPLES[name], "cleared", ())
    ]
    assert at_default == [], "give these fields of the example too"


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_example_of_every_event_was_stored_once(name: str) -> None:
    assert entry_of(EXAMPLES[name]) in STORED, f"add this line to {GOLDEN.name}"


@pytest.mark.parametrize("line", STORED, ids=lambda line: orjson.loads(line)["type"])
def test_what_was_stored_is_read_and_still_has_its_id(line: bytes) -> None:
    stored, recorded = orjson.loads(line), decode(7, line)
    assert identify(recorded.event) == recorded.statement
    assert (recorded.statement.id, recorded.position) == (stored["id"], 7)
    assert (recorded.recorded_at, recorded.recorded_by) == (instant_of(RECORDED), "archivist")


@pytest.mark.parametrize("line", STORED, ids=lambda line: orjson.loads(line)["type"])
def test_what_was_stored_is_stored_the_same_today(line: bytes) -> None:
    stored = orjson.loads(line)
    if stored["revision"] == EVENT_TYPES[stored["type"]].revision:
        assert recorded_again(line) == line


# ---- The fast encoder writes the bytes of RFC 8785 -------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_stored_in_the_canonical_form(name: str) -> None:
    data = entry_of(EXAMPLES[name])
    assert data == rfc8785.dumps(orjson.loads(data))


@often
@given(st.sampled_from(list(EXAMPLES.values())), st.data())
def test_any_event_is_stored_in_the_canonical_form(example: Event, data: st.DataObject) -> None:
    fields = reworded(fields_of(example), data.draw)
    varied = type(example).model_validate(fields, context=AS_RECORDED)
    stored = encode(identify(varied), recorded_at=RECORDED, recorded_by=data.draw(texts))
    assert stored == rfc8785.dumps(orjson.loads(stored))
    assert decode(1, stored).event == varied
    assert recorded_again(stored) == stored


@often
@given(st.dictionaries(st.sampled_from(["by", "passage", "summary", "title"]), anything))
def test_the_fast_encoder_writes_what_the_slow_one_does(value: dict[str, str]) -> None:
    assert canonical(value, has_floats=False) == rfc8785.dumps(value)


@often
@given(
    st.floats(-90, 90) | st.integers(-90, 90),
    st.floats(-180, 180) | st.sampled_from([-0.0, 1e-7, 5e-324, 1e-6, 100.0, 0.1 + 0.2]),
)
def test_a_place_keeps_its_point_to_the_last_digit(latitude: float, longitude: float) -> None:
    place = event(
        LocationRegistered,
        location="kidal",
        name="Kidal",
        kind="town",
        coordinates={"latitude": latitude, "longitude": longitude},
    )
    stored = entry_of(place)
    assert decode(1, stored).event == place
    assert recorded_again(stored) == stored


# ---- The id is the content's -----------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_id_does_not_depend_on_when_and_by_whom_it_is_recorded(name: str) -> None:
    statement = identify(EXAMPLES[name])
    later = encode(statement, recorded_at=datetime(2030, 1, 1, tzinfo=UTC), recorded_by="another")
    assert decode(2, later).statement == decode(1, entry_of(EXAMPLES[name])).statement


def test_ids_of_different_statements_differ() -> None:
    ids = {identify(example).id for example in EXAMPLES.values()}
    assert len(ids) == len(EXAMPLES)
    same_words = event(type(EXAMPLES["ConvoyResumed"]), **dict(EXAMPLES["ConvoyResumed"]))
    assert identify(same_words).id == identify(EXAMPLES["ConvoyResumed"]).id


def test_a_field_at_its_default_leaves_the_id_as_it_is() -> None:
    fields = {"by": "csp", "occurred": "2023-11-14"}
    captured = EVENT_TYPES["BaseCaptured"]
    assert identify(event(captured, **fields)) == identify(
        event(captured, **fields, taken_from=(), summary=None, passage=None)
    )


# ---- What can't be read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"17",
        b'"text"',
        b"{}",
        b"\xff\xfe",
        pytest.param(b'{"type":"BaseCaptured","revision":1}', id="without an event"),
    ],
)
def test_broken_bytes_are_named_by_their_position(data: bytes) -> None:
    with pytest.raises(UnreadableEntry, match="position 412"):
        decode(412, data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "PlagueReported"),
        ("type", None),
        ("type", ["BaseCaptured"]),
        ("revision", "1"),
        ("revision", 0),
        ("revision", None),
        ("event", None),
        ("event", {}),
        ("event", {"by": "csp"}),
        ("recorded_at", "yesterday"),
        ("recorded_at", "2023-11-20T08:30:00"),
        ("recorded_at", 1_700_000_000),
    ],
)
def test_an_entry_that_we_do_not_know_is_named_by_its_position(field: str, value: object) -> None:
    entry = orjson.loads(entry_of(EXAMPLES["BaseCaptured"])) | {field: value}
    with pytest.raises(UnreadableEntry, match="position 412"):
        decode(412, orjson.dumps(entry))


def test_an_event_of_a_newer_version_is_called_by_its_name() -> None:
    entry = orjson.loads(entry_of(EXAMPLES["BaseCaptured"])) | {"type": "PlagueReported"}
    entry["id"] = id_of(orjson.dumps(entry))
    with pytest.raises(UnreadableEntry, match="'PlagueReported'; a newer version of Tenure"):
        decode(1, orjson.dumps(entry))


def test_a_newer_revision_is_not_read_as_an_older_one() -> None:
    entry = orjson.loads(entry_of(EXAMPLES["BaseCaptured"])) | {"revision": 2}
    with pytest.raises(UnreadableEntry, match="newer version of Tenure"):
        decode(1, orjson.dumps(entry))


def test_an_older_revision_is_brought_up_to_date_step_by_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class BaseCaptured(events.BaseCaptured):
        revision = 3

    stored = orjson.loads(entry_of(EXAMPLES["BaseCaptured"]))
    stored["event"]["captors"] = stored["event"].pop("by")
    monkeypatch.setitem(EVENT_TYPES, "BaseCaptured", BaseCaptured)
    monkeypatch.setitem(codec.UPCASTERS, ("BaseCaptured", 1), renamed("captors", "takers"))
    monkeypatch.setitem(codec.UPCASTERS, ("BaseCaptured", 2), renamed("takers", "by"))
    upcast = decode(1, orjson.dumps(stored))
    assert dict(upcast.event) == dict(EXAMPLES["BaseCaptured"])
    assert upcast.statement.id == stored["id"]


def renamed(old: str, new: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda fields: {new if name == old else name: each for name, each in fields.items()}


def reworded(value: Any, draw: Callable[[st.SearchStrategy[str]], str], name: str = "") -> Any:
    """The same with other free texts, and other numbers in its coordinates."""
    if isinstance(value, dict):
        return {key: reworded(each, draw, key) for key, each in value.items()}
    if isinstance(value, list):
        return [reworded(each, draw, name) for each in value]
    return draw(texts) if name in FREE_TEXTS else value


FREE_TEXTS = {"name", "title", "summary", "passage", "reason", "text"}


def test_a_statement_is_never_told_apart_by_its_schema_revision() -> None:
    example = EXAMPLES["TownSeized"]
    assert b'"revision":1' in entry_of(example)
    assert identify(example) == Statement(identify(example).id, example)
