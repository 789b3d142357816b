"""What every engine promises the ledger: the library's own cases, and a contract of ours."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from typing import TypeVar

import pytest
from eventsourcing.dcb.tests import DCBRecorderTestCase

from infra.ledger.dcb import (
    AppendCondition,
    AppendConflict,
    Query,
    QueryItem,
    Recorder,
    SequencedEvent,
    StoredEvent,
    Subscription,
)
from infra.ledger.engines import open_recorder

WRITERS = 4

T = TypeVar("T")


def event(name: str, *tags: str, kind: str = "BaseCaptured", data: bytes = b"{}") -> StoredEvent:
    """One event, known by the tag of its id."""
    return StoredEvent(type=kind, data=data, tags=[f"event:{name}", *tags])


def tagged(*tags: str, kinds: Sequence[str] = ()) -> Query:
    return Query(items=[QueryItem(types=list(kinds), tags=list(tags))])


def unless(query: Query, after: int | None = None) -> AppendCondition:
    return AppendCondition(fail_if_events_match=query, after=after)


def record(recorder: Recorder, *events: StoredEvent) -> int:
    """As the ledger does it: each event at most once."""
    items = [QueryItem(tags=event.tags[:1]) for event in events]
    return recorder.append(events, unless(Query(items=items)))


def names(found: Iterator[SequencedEvent]) -> list[str]:
    return [each.event.tags[0].removeprefix("event:") for each in found]


def test_the_librarys_own_case_of_appending_and_reading_holds(recorder: Recorder) -> None:
    DCBRecorderTestCase()._test_append_read(recorder)


def test_the_librarys_own_case_of_subscribing_holds(recorder: Recorder) -> None:
    DCBRecorderTestCase()._test_append_subscribe(recorder)


def test_a_recorded_tag_refuses_an_append(recorder: Recorder) -> None:
    record(recorder, event("a", "location:kidal"))
    with pytest.raises(AppendConflict):
        recorder.append([event("b")], unless(tagged("location:kidal")))
    assert recorder.append([event("b")], unless(tagged("location:gao"))) == 2


def test_a_recorded_type_with_a_tag_refuses_an_append(recorder: Recorder) -> None:
    record(recorder, event("a", "location:kidal", kind="BaseCaptured"))
    with pytest.raises(AppendConflict):
        recorder.append([event("b")], unless(tagged("location:kidal", kinds=["BaseCaptured"])))
    assert (
        recorder.append([event("b")], unless(tagged("location:kidal", kinds=["TownSeized"]))) == 2
    )


def test_only_what_came_after_the_position_refuses_an_append(recorder: Recorder) -> None:
    record(recorder, event("a", "location:kidal"))
    seen = record(recorder, event("b", "location:kidal"))
    assert recorder.append([event("c", "location:kidal")], unless(tagged("location:kidal"), seen))
    with pytest.raises(AppendConflict):
        recorder.append([event("d")], unless(tagged("location:kidal"), seen))


def test_an_item_refuses_only_with_all_of_its_tags(recorder: Recorder) -> None:
    record(recorder, event("a", "actor:fama"), event("b", "actor:csp"))
    assert record(recorder, event("c")) == 3
    recorder.append(
        [event("d", "actor:fama", "actor:csp")], unless(tagged("actor:fama", "actor:csp"))
    )
    with pytest.raises(AppendConflict):
        recorder.append([event("e")], unless(tagged("actor:csp", "actor:fama")))


def test_one_item_of_a_thousand_is_enough_to_refuse_a_batch(recorder: Recorder) -> None:
    record(recorder, *(event(f"old-{n}", "source:acled") for n in range(1000)))
    batch = [*(event(f"new-{n}") for n in range(999)), event("old-500")]
    with pytest.raises(AppendConflict):
        record(recorder, *batch)
    assert record(recorder, *batch[:-1]) == 1999


def test_a_refused_batch_leaves_nothing_behind(recorder: Recorder) -> None:
    record(recorder, event("a"))
    with pytest.raises(AppendConflict):
        record(recorder, event("b", "location:gao"), event("a"), event("c", "location:gao"))
    assert names(recorder.read()) == ["a"]
    assert names(recorder.read(tagged("location:gao"))) == []
    assert record(recorder, event("d")) == 2


def test_events_are_read_in_order_after_a_position_up_to_a_limit(recorder: Recorder) -> None:
    for n in range(10):
        record(recorder, event(f"{n}", f"location:{'even' if n % 2 == 0 else 'odd'}"))
    assert names(recorder.read(after=7)) == ["7", "8", "9"]
    assert names(recorder.read(after=3, limit=2)) == ["3", "4"]
    assert names(recorder.read(tagged("location:odd"), after=2, limit=3)) == ["3", "5", "7"]
    assert [each.position for each in recorder.read(tagged("location:even"))] == [1, 3, 5, 7, 9]
    assert names(recorder.read(after=10)) == []


def test_a_type_alone_can_be_read(recorder: Recorder) -> None:
    record(recorder, event("a"), event("b", kind="TownSeized"), event("c"))
    kinds = Query(items=[QueryItem(types=["TownSeized"])])
    assert names(recorder.read(kinds)) == ["b"]


def test_more_events_than_any_batch_are_read_in_full(recorder: Recorder) -> None:
    for start in range(0, 3000, 1000):
        batch = [event(f"{n}", f"actor:{n % 2}") for n in range(start, start + 1000)]
        record(recorder, *batch)
    assert names(recorder.read()) == [f"{n}" for n in range(3000)]
    assert names(recorder.read(tagged("actor:1"))) == [f"{n}" for n in range(1, 3000, 2)]


def test_rare_types_on_a_frequent_tag_are_all_found(recorder: Recorder) -> None:
    rare = {500: "TownSeized", 1700: "ConvoyStalled", 2999: "TownSeized"}
    for start in range(0, 3000, 1000):
        numbers = range(start, start + 1000)
        batch = [event(f"{n}", "actor:a", kind=rare.get(n, "BaseCaptured")) for n in numbers]
        record(recorder, *batch)
    wanted = tagged("actor:a", kinds=["ConvoyStalled", "MissionWithdrawn", "TownSeized"])
    assert names(recorder.read(wanted)) == ["500", "1700", "2999"]
    assert names(recorder.read(wanted, after=1701)) == ["2999"]
    assert names(recorder.read(tagged("actor:b", kinds=["TownSeized"]))) == []


def test_tags_come_back_in_full_and_in_order(recorder: Recorder) -> None:
    tags = [
        "event:1",
        "location:كيدال",
        'a "quoted", tag',
        "back\\slash",
        "{b}",
        "tenure's",
        "🏜",
        "z",
        "a",
    ]
    recorder.append([StoredEvent("Ünïcode", b"", tags)], unless(tagged("event:1")))
    (found,) = recorder.read()
    assert (found.event.type, found.event.tags) == ("Ünïcode", tags)
    assert [names(recorder.read(tagged(tag))) for tag in tags] == [["1"]] * len(tags)


@pytest.mark.parametrize("data", [b"", bytes(range(256)), "كيدال".encode(), b"\0" * 1_000_000])
def test_data_comes_back_byte_for_byte(recorder: Recorder, data: bytes) -> None:
    record(recorder, event("a", data=data))
    assert [found.event.data for found in recorder.read()] == [data]


def test_positions_have_no_gap_under_concurrent_writers(recorder: Recorder) -> None:
    def write(writer: int) -> list[int]:
        ends = []
        for n in range(25):
            batch = [event(f"{writer}-{n}-{m}", f"actor:{writer}") for m in range(n % 3 + 1)]
            ends.append(record(recorder, *batch))
        return ends

    ends = together(write)
    found = list(recorder.read())
    assert [each.position for each in found] == list(range(1, len(found) + 1))
    assert len(found) == WRITERS * sum(n % 3 + 1 for n in range(25))
    assert all(mine == sorted(set(mine)) for mine in ends)
    for writer in range(WRITERS):
        expected = [f"{writer}-{n}-{m}" for n in range(25) for m in range(n % 3 + 1)]
        assert names(recorder.read(tagged(f"actor:{writer}"))) == expected


def test_of_many_who_record_the_same_event_exactly_one_wins(recorder: Recorder) -> None:
    start = threading.Barrier(WRITERS)

    def race(writer: int) -> list[int]:
        won = []
        for heat in range(25):
            start.wait()
            with suppress(AppendConflict):
                won.append(record(recorder, event(f"{heat}", f"actor:{writer}")))
        return won

    won = together(race)
    assert sorted(chain(*won)) == list(range(1, 26))
    assert names(recorder.read()) == [f"{heat}" for heat in range(25)]


def test_no_update_is_lost_when_writers_decide_on_what_they_read(recorder: Recorder) -> None:
    counter = tagged("location:kidal")

    def count_up(writer: int) -> None:
        for n in range(10):
            while not attempt(writer, n):
                pass

    def attempt(writer: int, n: int) -> bool:
        known = recorder.read(counter)
        next_number = b"%d" % (len(list(known)) + 1)
        step = event(f"{writer}-{n}", "location:kidal", data=next_number)
        try:
            recorder.append([step], unless(counter, known.head))
        except AppendConflict:
            return False
        return True

    together(count_up)
    numbers = [int(found.event.data) for found in recorder.read()]
    assert numbers == list(range(1, WRITERS * 10 + 1))


@pytest.mark.parametrize("after", [0, 7, 20])
def test_a_subscription_delivers_everything_once_and_in_order(
    recorder: Recorder, after: int
) -> None:
    record(recorder, *(event(f"before-{n}") for n in range(20)))
    total = 20 + WRITERS * 30
    with recorder.subscribe(after=after) as subscription:
        received = in_background(lambda: take(subscription, total - after))
        together(lambda writer: [record(recorder, event(f"{writer}-{n}")) for n in range(30)])
        found = received()
    assert [each.position for each in found] == list(range(after + 1, total + 1))
    assert names(iter(found)) == names(recorder.read(after=after))


def test_a_subscription_delivers_only_what_it_asked_for(recorder: Recorder) -> None:
    with recorder.subscribe(tagged("location:kidal")) as subscription:
        received = in_background(lambda: take(subscription, 5))
        for n in range(10):
            record(recorder, event(f"{n}", f"location:{'kidal' if n % 2 else 'gao'}"))
        assert names(iter(received())) == ["1", "3", "5", "7", "9"]


def test_stopping_a_subscription_ends_the_wait_for_the_next_event(recorder: Recorder) -> None:
    record(recorder, event("a"))
    with recorder.subscribe() as subscription:
        assert next(subscription).position == 1
        rest = in_background(lambda: list(subscription))
        subscription.stop()
        assert rest() == []


@pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql", "umadb"], indirect=True)
def test_two_recorders_of_one_ledger_see_and_refuse_each_others_events(ledger_url: str) -> None:
    with open_recorder(ledger_url) as here, open_recorder(ledger_url) as there:
        record(here, event("a", "location:kidal"))
        with pytest.raises(AppendConflict):
            record(there, event("a"))
        assert record(there, event("b", "location:kidal")) == 2
        assert names(here.read(tagged("location:kidal"))) == ["a", "b"]


@pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql", "umadb"], indirect=True)
def test_a_subscription_hears_of_events_from_another_recorder(ledger_url: str) -> None:
    with open_recorder(ledger_url) as here, open_recorder(ledger_url) as there:
        for n in range(3):
            with here.subscribe(after=n) as subscription:
                received = in_background(lambda: take(subscription, 1))
                record(there, event(f"{n}"))
                assert names(iter(received())) == [f"{n}"]


@pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql", "umadb"], indirect=True)
def test_a_ledger_is_there_when_it_is_opened_again(ledger_url: str) -> None:
    with open_recorder(ledger_url) as recorder:
        record(recorder, event("a"), event("b"))
    with open_recorder(ledger_url) as recorder:
        assert names(recorder.read()) == ["a", "b"]
        assert record(recorder, event("c")) == 3


def together(work: Callable[[int], T]) -> list[T]:
    """What each of the writers returned, all at work at the same time."""
    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(work, range(WRITERS)))


def in_background(work: Callable[[], T]) -> Callable[[], T]:
    """Starts the work; the result waits for its end, but not for ever."""
    threads = ThreadPoolExecutor(1)
    promise = threads.submit(work)
    threads.shutdown(wait=False)
    return lambda: promise.result(timeout=20)


def take(subscription: Subscription[Recorder], number: int) -> list[SequencedEvent]:
    return [next(subscription) for _ in range(number)]
