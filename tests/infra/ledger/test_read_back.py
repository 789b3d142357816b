"""What is appended was read back from its bytes first, whichever way it comes in."""

from datetime import UTC, datetime
from typing import Any

import pytest
from eventsourcing.dcb.popo import InMemoryDCBRecorder
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from domain import events
from domain.events import EVENT_TYPES, Event
from domain.occurred import NotATime, Occurred, Precision, datetime_of
from domain.refusals import NotReadBack, UnfitAuthor
from infra.ledger.codec import UnreadableEntry, decode, fields_of, identify, read_back
from infra.ledger.dcb import Recorder
from infra.ledger.ledger import Ledger, StatementRefused
from tests.domain.builders import event
from tests.domain.test_occurred import written
from tests.infra.examples import EXAMPLES
from tests.nodes import NOW, WORLD
from tests.poison import STORED, WRITTEN, poison

often = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip)
TIMES = {"occurred", "published"}
FREE_TEXTS = {"name", "title", "summary", "passage", "reason", "text"}
COUNTS = {"low", "best", "high"}
HOUR = Occurred.parse(WRITTEN)


@st.composite
def times(draw: st.DrawFn) -> str:
    """Any time of the years 1 to 9999 that we take."""
    text = draw(written(draw(st.sampled_from(Precision))))
    try:
        Occurred.parse(text)
    except NotATime:
        assume(False)
    return text


@st.composite
def variants(draw: st.DrawFn, name: str) -> Event:
    """An event of that type with other values, and some of its fields left out."""
    fields = fields_of(EXAMPLES[name])
    for field, info in EVENT_TYPES[name].model_fields.items():
        if not info.is_required() and draw(st.booleans()):
            fields.pop(field, None)
    said = {field: draw(_other(field, value)) for field, value in fields.items()}
    try:
        return EVENT_TYPES[name].model_validate(said)
    except ValueError:  # as an event that says nothing, once a field of it is left out
        assume(False)
        raise


def _other(field: str, value: Any) -> st.SearchStrategy[Any]:
    if field in TIMES:
        return times()
    if field in FREE_TEXTS:
        return texts
    if field == "credibility":
        return st.integers(1, 6)
    if field == "latitude":
        return st.floats(-90, 90)
    if field == "longitude":
        return st.floats(-180, 180)
    if isinstance(value, dict) and value.keys() <= COUNTS:
        counts = st.lists(st.integers(0, 8_000_000_000), min_size=3, max_size=3).map(sorted)
        return counts.map(lambda each: dict(zip(("low", "best", "high"), each, strict=True)))
    if isinstance(value, dict):
        return st.fixed_dictionaries({key: _other(key, each) for key, each in value.items()})
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return st.tuples(*(_other(field, each) for each in value)).map(list)
    return st.just(value)


def unreadable_hour(said: Event) -> Event:
    """The same, with a time whose text is not read again: a fault that we no longer have."""
    field = "published" if isinstance(said, events.ReportFiled) else "occurred"
    return said.model_copy(update={field: Occurred(STORED, HOUR.window)})


# ---- Every event, with any time --------------------------------------------------------------


@pytest.mark.parametrize("name", EVENT_TYPES)
@often
@given(data=st.data())
def test_an_event_of_any_type_is_read_back_as_it_was_meant(name: str, data: st.DataObject) -> None:
    statement, by = identify(data.draw(variants(name))), data.draw(texts)
    at = data.draw(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))).replace(tzinfo=UTC)
    stored = read_back(statement, recorded_at=at, recorded_by=by)
    found = decode(412, stored)
    assert (found.statement, found.recorded_by) == (statement, by)
    assert identify(found.event) == statement
    assert datetime_of(found.recorded_at) == at


# ---- What would not be -----------------------------------------------------------------------


@pytest.fixture
def ledger(recorder: Recorder) -> Ledger:
    """A ledger that knows Kidal, on each engine in turn."""
    ledger = Ledger(recorder, lambda: NOW)
    ledger.record([identify(each) for each in WORLD], by="archivist")
    return ledger


def refused(ledger: Ledger, *said: Event, by: str = "archivist") -> NotReadBack:
    head = ledger.head
    with pytest.raises(StatementRefused) as refusal:
        ledger.record([identify(each) for each in said], by=by)
    assert ledger.head == head
    assert isinstance(refusal.value.refusal, NotReadBack)
    return refusal.value.refusal


SEIZED = event(events.TownSeized, by="fama", occurred="2023-11-14")


def test_what_would_not_be_read_again_is_refused_with_its_field(ledger: Ledger) -> None:
    wrong = refused(ledger, SEIZED, unreadable_hour(SEIZED))
    assert wrong.field == "occurred"
    assert f"occurred: '{STORED}' is not a time" in str(wrong)
    filed = event(events.ReportFiled, report="r-9", source="rfi", published="2023", title="Nine")
    assert refused(ledger, unreadable_hour(filed)).field == "published"


def test_what_would_be_read_as_something_else_is_refused_with_its_field(ledger: Ledger) -> None:
    another = Occurred("2023-11-15", Occurred.parse("2023-11-14").window)
    wrong = refused(ledger, SEIZED.model_copy(update={"occurred": another}))
    assert wrong.field == "occurred"
    wrong = refused(ledger, SEIZED.model_copy(update={"summary": "They left. "}))
    assert "'They left. ' would be read as 'They left.'" in str(wrong)
    assert wrong.field == "summary"


def test_an_author_whose_name_can_not_be_written_records_nothing(ledger: Ledger) -> None:
    before = ledger.head
    with pytest.raises(UnfitAuthor, match="half a character"):
        ledger.record([identify(SEIZED)], by="half of a character: \ud83c")
    assert ledger.head == before


def test_a_time_of_a_year_before_1000_is_recorded_and_read(ledger: Ledger) -> None:
    for text in (WRITTEN, "0023-11-14T06Z", "0001", "0001-01-01T00:00:00Z", "0099-01/0999-02"):
        said = event(events.TownSeized, by="fama", occurred=text)
        ledger.record([identify(said)], by="archivist")
        assert [*ledger.read()][-1].event == said
        assert ledger.record([identify(said)], by="archivist")[0].duplicate


def test_an_entry_of_another_ledger_that_can_not_be_read_is_not_taken_over(
    ledger: Ledger, recorder: Recorder
) -> None:
    ledger.record([identify(SEIZED)], by="archivist")
    poison(recorder, event(events.TownSeized, by="csp", occurred=WRITTEN), occurred=STORED)
    stored = [(each.position, each.event.data) for each in ledger.stored()]
    copy = Ledger(InMemoryDCBRecorder())
    with pytest.raises(UnreadableEntry, match=f"position {stored[-1][0]} can't be read: occurred"):
        copy.restore(stored, after=0)
    assert copy.head == 0
    copy.restore(stored[:-1], after=0)
    assert copy.head == stored[-2][0]
