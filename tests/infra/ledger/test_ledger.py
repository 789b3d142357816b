"""The contract of our ledger, on every engine: what is recorded once is recorded for ever."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest
from eventsourcing.dcb.popo import InMemoryDCBRecorder, SimpleDCBReadResponse

from domain import events
from domain.events import Event
from domain.occurred import instant_of
from domain.refusals import (
    AlreadyRegistered,
    AlreadySaid,
    InTheFuture,
    NothingToReinstate,
    NothingToRetract,
    UnknownReference,
    WithinItself,
)
from domain.registry import Statement
from domain.values import ActorId, EventId, LocationId
from infra.ledger.codec import correction, identify
from infra.ledger.dcb import Query, QueryItem, ReadResponse, Recorder
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger, Receipt, StatementRefused
from tests.domain.builders import event
from tests.infra.examples import EXAMPLES, RIGHT
from tests.nodes import NOW, WORLD, node_at, ticking

HEAD = len(WORLD)
"""The position of the last registration, before a test says anything."""
SEIZED = identify(event(events.TownSeized, by="fama", occurred="2023-11-14"))
SEEN = identify(event(events.ControlReported, holders="csp", occurred="2023-11-16"))
WITHDRAWN = identify(
    event(events.MissionWithdrawn, location="kidal-camp", mission="minusma", occurred="2023-10-31")
)

Clock = Callable[[], datetime]
OpenLedger = Callable[..., Ledger]


@pytest.fixture
def opened(ledger_url: str) -> Iterator[OpenLedger]:
    """Opens one more ledger on the same facts, as another process would."""
    with ExitStack() as stack:
        shared: list[Recorder] = []

        def open_another(now: Clock = lambda: NOW) -> Ledger:
            if not shared or ledger_url != "memory:":
                shared.append(stack.enter_context(open_recorder(ledger_url)))
            return Ledger(shared[-1], now)

        yield open_another


@pytest.fixture
def ledger(opened: OpenLedger) -> Ledger:
    """A ledger that knows Kidal, and nothing about who controls it."""
    ledger = opened()
    record(ledger, *map(identify, WORLD))
    return ledger


def record(ledger: Ledger, *statements: Statement, by: str = "archivist") -> list[Receipt]:
    return ledger.record(statements, by=by)


def refusal(ledger: Ledger, *statements: Statement) -> StatementRefused:
    """How the ledger refuses them; nothing was recorded."""
    head = ledger.head
    with pytest.raises(StatementRefused) as refused:
        record(ledger, *statements)
    assert ledger.head == head
    return refused.value


def retracted(target: EventId, reason: str = "it was wrong") -> Statement:
    return identify(event(events.EventRetracted, event=target, reason=reason))


def reinstated(target: EventId, reason: str = "it was right") -> Statement:
    return identify(event(events.EventReinstated, event=target, reason=reason))


def seized(number: int) -> Statement:
    return identify(
        event(events.TownSeized, by="fama", occurred="2023-11-14", passage=f"line {number}")
    )


# ---- What was recorded -----------------------------------------------------------------------


def test_positions_are_given_in_the_order_of_the_statements(ledger: Ledger) -> None:
    assert record(ledger, SEIZED, SEEN) == [
        Receipt(SEIZED.id, HEAD + 1, duplicate=False),
        Receipt(SEEN.id, HEAD + 2, duplicate=False),
    ]
    assert ledger.head == HEAD + 2


def test_an_empty_ledger_has_no_head_and_nothing_to_read(opened: OpenLedger) -> None:
    assert (opened().head, list(opened().read())) == (0, [])


class Weighed(InMemoryDCBRecorder):
    """An engine that notes how many entries it handed over at once."""

    def __init__(self) -> None:
        super().__init__()
        self.handed_over: list[int] = []

    def read(
        self, query: Query | None = None, *, after: int | None = None, limit: int | None = None
    ) -> ReadResponse:
        response = super().read(query, after=after, limit=limit)
        head, entries = response.head, list(response)
        self.handed_over.append(len(entries))
        return SimpleDCBReadResponse(iter(entries), head)


def test_a_long_ledger_is_read_in_pages_and_its_head_without_reading_it() -> None:
    engine = Weighed()
    ledger = Ledger(engine, ticking())
    places = [
        identify(
            event(events.LocationRegistered, location=f"place-{n}", name=f"Place {n}", kind="town")
        )
        for n in range(10_001)
    ]
    record(ledger, *places)
    engine.handed_over.clear()
    assert ledger.head == 10_001
    assert engine.handed_over == [0]
    assert [each.position for each in ledger.read()] == [*range(1, 10_002)]
    assert engine.handed_over == [0, 5_000, 5_000, 1]


def test_nothing_to_record_is_recorded_as_nothing(ledger: Ledger) -> None:
    assert record(ledger) == []
    assert ledger.head == HEAD


def test_what_was_recorded_is_read_as_it_was_said(ledger: Ledger, opened: OpenLedger) -> None:
    record(ledger, SEIZED, SEEN, by="a person with the name Łukasz")
    read = list(opened().read(after=HEAD))
    assert [each.statement for each in read] == [SEIZED, SEEN]
    assert [each.position for each in read] == [HEAD + 1, HEAD + 2]
    assert {(each.recorded_at, each.recorded_by) for each in read} == {
        (instant_of(NOW), "a person with the name Łukasz")
    }


def test_the_ledger_is_read_from_any_position_up_to_a_limit(ledger: Ledger) -> None:
    record(ledger, SEIZED, SEEN, WITHDRAWN)
    assert [each.position for each in ledger.read(0, 2)] == [1, 2]
    assert [each.position for each in ledger.read(HEAD + 1, 1)] == [HEAD + 2]
    assert [each.position for each in ledger.read(HEAD + 3)] == []


def test_every_event_comes_back_from_the_engine_as_it_went_in(opened: OpenLedger) -> None:
    ledger = opened()
    told = list(map(identify, every_event()))
    record(ledger, *told)
    assert [each.statement for each in opened().read()] == told
    assert {type(each.event).__name__ for each in told} == set(events.EVENT_TYPES)


def every_event() -> list[Event]:
    """The example of each event, after the registrations that they all need."""
    some = [
        event(events.SourceRegistered, source="rfi", name="RFI", reliability="B"),
        event(events.SourceRegistered, source="afp", name="AFP", reliability="B"),
        event(events.LocationRegistered, location="mali", name="Mali", kind="region"),
        event(events.LocationRegistered, location="anefis", name="Anefis", kind="town"),
        *(
            event(events.ReportFiled, report=report, source=source, published="2023", title="A")
            for report, source in (("afp-2023-11-14", "afp"), ("rfi-2023-11-15", "rfi"))
        ),
        *(
            event(events.ActorRegistered, actor=actor, name=actor, kind="armed-group")
            for actor in ("fama", "wagner", "jnim", "minusma")
        ),
    ]
    examples = dict(EXAMPLES)
    retracted, reinstated = examples.pop("EventRetracted"), examples.pop("EventReinstated")
    wrong, right = (identify(examples[name]).id for name in ("BaseCaptured", "TownSeized"))
    return [
        *some,
        *examples.values(),
        retracted.model_copy(update={"event": wrong, "replaced_by": right}),
        reinstated.model_copy(update={"event": wrong}),
    ]


# ---- Once -------------------------------------------------------------------------------------


def test_what_was_recorded_before_is_answered_as_a_duplicate(
    ledger: Ledger, opened: OpenLedger
) -> None:
    (first,) = record(ledger, SEIZED)
    assert record(opened(), SEIZED, by="somebody else") == [first._replace(duplicate=True)]
    assert record(ledger, SEIZED, SEEN) == [
        first._replace(duplicate=True),
        Receipt(SEEN.id, HEAD + 2, duplicate=False),
    ]
    assert ledger.head == HEAD + 2


def test_the_second_of_two_equal_statements_in_one_append_is_a_duplicate(ledger: Ledger) -> None:
    assert record(ledger, SEIZED, SEEN, SEIZED) == [
        Receipt(SEIZED.id, HEAD + 1, duplicate=False),
        Receipt(SEEN.id, HEAD + 2, duplicate=False),
        Receipt(SEIZED.id, HEAD + 1, duplicate=True),
    ]


def test_a_registration_repeated_word_for_word_is_a_duplicate(ledger: Ledger) -> None:
    receipts = record(ledger, *map(identify, WORLD))
    assert [each.position for each in receipts] == list(range(1, HEAD + 1))
    assert all(each.duplicate for each in receipts)


def test_a_retracted_statement_repeated_is_still_a_duplicate(ledger: Ledger) -> None:
    (first,) = record(ledger, SEIZED)
    record(ledger, retracted(SEIZED.id))
    assert record(ledger, SEIZED) == [first._replace(duplicate=True)]


# ---- All or nothing --------------------------------------------------------------------------


def test_a_refusal_says_which_statement_it_is_about(ledger: Ledger) -> None:
    unknown = identify(event(events.TownSeized, location="kidl", by="fama", occurred="2023"))
    refused = refusal(ledger, SEIZED, SEEN, unknown, WITHDRAWN)
    assert refused.index == 2
    assert isinstance(refused.refusal, UnknownReference)
    assert refused.refusal.field == "location"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"location": "kidl"}, "no location is registered as 'kidl'; did you mean kidal"),
        ({"by": ["fama", "wagnr"]}, "no actor is registered as 'wagnr'; did you mean wagner"),
        ({"report": "report-9"}, "no report is registered as 'report-9'; did you mean report-"),
        ({"taken_from": "radio-france-9"}, "no actor is registered as 'radio-france-9'$"),
    ],
)
def test_an_unknown_reference_names_the_nearest(
    ledger: Ledger, fields: dict[str, object], message: str
) -> None:
    asked = {"by": "fama", "occurred": "2023"} | fields
    refused = refusal(ledger, identify(event(events.TownSeized, **asked)))
    assert re.match(message, str(refused))


def test_what_is_registered_earlier_in_the_same_append_is_known(opened: OpenLedger) -> None:
    ledger = opened()
    receipts = record(ledger, *map(identify, WORLD), SEIZED, retracted(SEIZED.id))
    assert [each.position for each in receipts] == list(range(1, HEAD + 3))


def test_what_is_registered_later_in_the_same_append_is_not(opened: OpenLedger) -> None:
    refused = refusal(opened(), SEIZED, *map(identify, WORLD))
    assert refused.index == 0


def test_what_lies_in_the_future_is_refused(ledger: Ledger) -> None:
    tomorrow = event(events.TownSeized, by="fama", occurred="2024-06-02")
    assert isinstance(refusal(ledger, identify(tomorrow)).refusal, InTheFuture)


def test_an_id_is_taken_once(ledger: Ledger, opened: OpenLedger) -> None:
    other = event(events.LocationRegistered, location="kidal", name="Kidal", kind="base")
    refused = refusal(opened(), identify(other))
    assert isinstance(refused.refusal, AlreadyRegistered)


def test_an_event_is_taken_back_and_reinstated_in_turns(ledger: Ledger) -> None:
    record(ledger, SEIZED)
    assert isinstance(refusal(ledger, reinstated(SEIZED.id)).refusal, NothingToReinstate)
    record(ledger, retracted(SEIZED.id))
    again = refusal(ledger, retracted(SEIZED.id, "for another reason"))
    assert isinstance(again.refusal, NothingToRetract)
    record(ledger, reinstated(SEIZED.id))
    assert isinstance(refusal(ledger, retracted(SEIZED.id)).refusal, AlreadySaid)
    record(ledger, retracted(SEIZED.id, "for another reason"))
    assert ledger.head == HEAD + 4


def test_what_was_never_said_is_not_taken_back(ledger: Ledger) -> None:
    assert isinstance(refusal(ledger, retracted(SEIZED.id)).refusal, NothingToRetract)
    registration = identify(WORLD[0]).id
    assert isinstance(refusal(ledger, retracted(registration)).refusal, NothingToRetract)


def test_a_correction_is_one_append(ledger: Ledger) -> None:
    record(ledger, SEIZED)
    joint = event(events.TownSeized, by=("fama", "wagner"), occurred="2023-11-14")
    right, wrong = correction(SEIZED.id, "Wagner too", joint.report, joint)
    assert [each.position for each in record(ledger, right, wrong)] == [HEAD + 2, HEAD + 3]
    kidal = ledger.location(LocationId("kidal"))
    assert [claim.event for claim in kidal.claims().claims] == [right.id]


def test_a_correction_that_names_no_recorded_event_is_refused(ledger: Ledger) -> None:
    record(ledger, SEIZED)
    wrong = event(events.EventRetracted, event=SEIZED.id, reason="so", replaced_by=RIGHT)
    assert isinstance(refusal(ledger, identify(wrong)).refusal, UnknownReference)


# ---- Found by what it concerns ---------------------------------------------------------------


def test_an_entry_is_tagged_with_everything_that_it_concerns(recorder: Recorder) -> None:
    ledger = Ledger(recorder, lambda: NOW)
    record(ledger, *map(identify, WORLD), WITHDRAWN, retracted(WITHDRAWN.id))
    *_, registered, withdrawn, taken_back = (each.event for each in recorder.read())
    assert registered.tags == [f"event:{identify(WORLD[-1]).id}", "actor:wagner"]
    concerned = {"actor:minusma", "location:kidal-camp", "report:report-1", "source:rfi"}
    assert withdrawn.tags[0] == f"event:{WITHDRAWN.id}"
    assert set(withdrawn.tags[1:]) == concerned
    assert set(taken_back.tags[1:]) == concerned | {f"event:{WITHDRAWN.id}"}
    by_tag = Query([QueryItem(tags=["location:kidal-camp"], types=["MissionWithdrawn"])])
    assert [each.position for each in recorder.read(by_tag)] == [HEAD + 1]


def test_aggregates_are_folded_from_the_ledger_alone(ledger: Ledger, opened: OpenLedger) -> None:
    record(ledger, WITHDRAWN, SEIZED, retracted(SEIZED.id))
    camp = opened().location(LocationId("kidal-camp"))
    assert [claim.event for claim in camp.claims().claims] == [WITHDRAWN.id]
    minusma = opened().actor(ActorId("minusma"))
    missions = minusma.spells(instant_of(NOW), lambda place: ())
    assert [mission.tie.object for mission in missions] == ["kidal-camp"]
    kidal = LocationId("kidal")
    assert opened().location(kidal).claims().claims == ()
    assert [each.event for each in opened().location(kidal, until=HEAD + 2).claims().claims] == [
        SEIZED.id
    ]


def test_an_actor_hears_what_ends_its_ties_and_moves_its_convoys_without_naming_it(
    ledger: Ledger, opened: OpenLedger
) -> None:
    told = {"occurred": "2023-10-02", "convoy": "column-1", "owners": "wagner"}
    laid = identify(event(events.SiegeLaid, by="wagner", occurred="2023-08-08"))
    allied = identify(event(events.AllianceFormed, parties=["fama", "wagner"], occurred="2021"))
    departed = identify(event(events.ConvoyDeparted, **told))
    ends = [
        identify(event(events.SiegeLifted, occurred="2023-11-14")),
        identify(event(events.ActorDissolved, actor="fama", occurred="2023-11-14")),
        identify(event(events.ConvoyArrived, **told | {"owners": "fama"})),
    ]
    record(ledger, laid, allied, departed, *ends, *(retracted(each.id) for each in ends))
    last = len(WORLD) + 9
    at = instant_of(datetime(2023, 11, 14, tzinfo=UTC) + timedelta(days=1))
    counts = [
        (len(wagner.ties(at, lambda place: ())), len(wagner.convoys(at)))
        for until in (last - 6, last - 5, last - 4, last - 3, last)
        for wagner in (opened().actor(ActorId("wagner"), until=until),)
    ]
    assert counts == [(3, 1), (2, 1), (0, 1), (0, 0), (3, 1)]


# ---- Several at once -------------------------------------------------------------------------


def interrupted(by: Callable[[], object]) -> Clock:
    """A clock at whose first look somebody else comes in: between the reading and the append."""
    pending = [by]

    def now() -> datetime:
        if pending:
            pending.pop()()
        return NOW

    return now


def test_a_decision_is_made_again_when_somebody_wrote_first(
    ledger: Ledger, opened: OpenLedger
) -> None:
    slow = opened(interrupted(by=lambda: record(ledger, SEIZED)))
    assert record(slow, SEIZED, SEEN) == [
        Receipt(SEIZED.id, HEAD + 1, duplicate=True),
        Receipt(SEEN.id, HEAD + 2, duplicate=False),
    ]


def test_what_others_write_elsewhere_does_not_matter(ledger: Ledger, opened: OpenLedger) -> None:
    slow = opened(interrupted(by=lambda: record(ledger, SEEN)))
    assert record(slow, SEIZED) == [Receipt(SEIZED.id, HEAD + 2, duplicate=False)]


def test_an_id_that_somebody_took_meanwhile_is_refused(ledger: Ledger, opened: OpenLedger) -> None:
    gao, other = (
        identify(event(events.LocationRegistered, location="gao", name=name, kind="town"))
        for name in ("Gao", "Another place")
    )
    slow = opened(interrupted(by=lambda: record(ledger, gao)))
    with pytest.raises(StatementRefused, match="'gao' is registered already"):
        record(slow, other)
    assert record(slow, gao) == [Receipt(gao.id, HEAD + 1, duplicate=True)]


def test_an_event_that_somebody_took_back_meanwhile_is_not_taken_back_twice(
    ledger: Ledger, opened: OpenLedger
) -> None:
    record(ledger, SEIZED)
    slow = opened(interrupted(by=lambda: record(ledger, retracted(SEIZED.id))))
    with pytest.raises(StatementRefused, match="retracted already"):
        record(slow, retracted(SEIZED.id, "for another reason"))
    assert ledger.head == HEAD + 2


def test_an_event_that_was_taken_back_and_reinstated_meanwhile_can_be_taken_back(
    ledger: Ledger, opened: OpenLedger
) -> None:
    record(ledger, SEIZED)

    def to_and_fro() -> None:
        record(ledger, retracted(SEIZED.id))
        record(ledger, reinstated(SEIZED.id))

    slow = opened(interrupted(by=to_and_fro))
    (receipt,) = record(slow, retracted(SEIZED.id, "for another reason"))
    assert receipt.position == HEAD + 4
    assert ledger.location(LocationId("kidal")).claims().claims == ()


def test_an_id_is_taken_by_exactly_one_of_two_threads(opened: OpenLedger) -> None:
    ledgers = [opened(), opened()]
    barrier = threading.Barrier(2)

    def register(slug: str, writer: int) -> type[Exception] | None:
        name = f"{slug} of {writer}"
        place = event(events.LocationRegistered, location=slug, name=name, kind="town")
        barrier.wait()
        try:
            record(ledgers[writer], identify(place))
        except StatementRefused as refused:
            return type(refused.refusal)
        return None

    with ThreadPoolExecutor(2) as threads:
        for slug in (f"place-{number}" for number in range(10)):
            refusals = threads.map(register, [slug, slug], [0, 1])
            assert set(refusals) == {None, AlreadyRegistered}
    assert ledgers[0].head == 10


def test_many_threads_that_say_the_same_record_each_event_once(
    ledger: Ledger, opened: OpenLedger
) -> None:
    told = [seized(number) for number in range(12)]
    ledgers = [ledger, opened(), ledger, opened()]

    def tell(writer: int) -> list[Receipt]:
        turned = told[writer * 3 :] + told[: writer * 3]
        singly = [record(ledgers[writer], each)[0] for each in turned[:6]]
        return singly + record(ledgers[writer], *turned)

    with ThreadPoolExecutor(4) as threads:
        receipts = [receipt for told_by in threads.map(tell, range(4)) for receipt in told_by]
    read = {each.statement.id: each.position for each in ledger.read(after=HEAD)}
    assert set(read) == {each.id for each in told}
    assert len(list(ledger.read(after=HEAD))) == len(told)
    assert {(each.id, each.position) for each in receipts} == set(read.items())
    assert sum(not each.duplicate for each in receipts) == len(told)


# ---- Recorded time ---------------------------------------------------------------------------


def test_a_recorded_instant_is_one_position_though_clocks_go_back(
    ledger_url: str, tmp_path: Path
) -> None:
    steps = chain([0, 5, 2, 2, 7, 3], repeat(9))

    def uneven() -> datetime:
        return NOW + timedelta(minutes=next(steps))

    with node_at(tmp_path / "views.db", ledger=ledger_url, now=uneven) as node:
        record(node.ledger, *map(identify, WORLD))
        for number in range(5):
            record(node.ledger, seized(number))
        node.projector.catch_up()
        times = [recorded_minute(node.answers.entries.recorded_at(HEAD + n)) for n in range(6)]
        assert times == [0, 5, 5, 5, 7, 7]
        asked = [instant_of(NOW + timedelta(minutes=minute)) for minute in range(9)]
        known = [node.answers.basis(known_at=at) for at in asked]
        assert [each.position - HEAD for each in known] == [0, 0, 0, 0, 0, 3, 3, 5, 5]
        assert [each.closed for each in known] == [True] * 7 + [False] * 2


def recorded_minute(recorded_at: int | None) -> int:
    assert recorded_at is not None
    return (recorded_at - instant_of(NOW)) // 60_000_000


def test_the_ledger_tells_the_time_of_the_writer_and_the_views_that_of_the_ledger(
    tmp_path: Path,
) -> None:
    backwards = ticking(step=-timedelta(minutes=1))
    with node_at(tmp_path / "views.db", now=backwards) as node:
        for each in WORLD[:3]:
            record(node.ledger, identify(each))
        node.projector.catch_up()
        written = [each.recorded_at for each in node.ledger.read()]
        assert written == sorted(written, reverse=True)
        shown = [node.answers.entries.recorded_at(position) for position in (1, 2, 3)]
        assert shown == [written[0]] * 3


# ---- What lies within what --------------------------------------------------------------------


def moved(place: str, reason: str = "the gazetteer", **changes: object) -> Statement:
    return identify(event(events.LocationAmended, location=place, reason=reason, **changes))


OUT = moved("kidal-camp", cleared=["within"])
INTO = moved("mali", within="kidal-camp")


def test_a_place_is_not_moved_into_what_lies_in_it_at_any_depth(ledger: Ledger) -> None:
    refused = refusal(ledger, INTO)
    assert isinstance(refused.refusal, WithinItself)
    assert refusal(ledger, OUT, moved("kidal-camp", within="kidal"), INTO).index == 2
    assert [each.duplicate for each in record(ledger, OUT, INTO)] == [False, False]
    assert [each.duplicate for each in record(ledger, OUT, INTO)] == [True, True]


def test_no_retraction_puts_a_place_within_itself(ledger: Ledger) -> None:
    record(ledger, OUT, INTO)
    refused = refusal(ledger, retracted(OUT.id))
    assert isinstance(refused.refusal, WithinItself)
    record(ledger, retracted(INTO.id), retracted(OUT.id))
    assert isinstance(refusal(ledger, reinstated(INTO.id)).refusal, WithinItself)


def test_what_others_moved_meanwhile_is_read_again(ledger: Ledger, opened: OpenLedger) -> None:
    record(ledger, OUT)
    slow = opened(interrupted(by=lambda: record(ledger, moved("kidal-camp", within="kidal"))))
    with pytest.raises(StatementRefused, match="'mali' would lie within 'kidal-camp'"):
        record(slow, INTO)


def test_an_amendment_taken_back_meanwhile_is_read_again(
    ledger: Ledger, opened: OpenLedger
) -> None:
    record(ledger, OUT)
    slow = opened(interrupted(by=lambda: record(ledger, retracted(OUT.id))))
    with pytest.raises(StatementRefused, match="'mali' would lie within 'kidal-camp'"):
        record(slow, INTO)


def test_what_is_amended_of_ids_is_found_with_what_takes_it_back(ledger: Ledger) -> None:
    told = [OUT, moved("kidal", name="Tikidal"), retracted(OUT.id)]
    record(ledger, *told)
    record(ledger, moved("mali", name="Republic of Mali"))
    found = ledger.amendments("location", ["kidal-camp", "kidal"])
    assert [each.statement for each in found] == told
    assert [each.statement for each in ledger.amendments("location", ["kidal"], until=HEAD)] == []


def test_a_place_is_folded_with_what_was_amended_of_it_and_of_its_sources(ledger: Ledger) -> None:
    amended = identify(
        event(events.SourceAmended, source="rfi", continuous=True, reason="it is a list")
    )
    kept = identify(
        event(events.EventRetracted, event=amended.id, reason="it is none", report="report-2")
    )
    record(ledger, SEIZED, amended, kept, moved("kidal", kind="base"))
    kidal = LocationId("kidal")
    heard = [ledger.location(kidal, until=HEAD + known).claims().claims for known in (1, 2, 3, 4)]
    assert [claim.kept_until is not None for (claim,) in heard] == [False, True, False, False]
    assert ledger.location(kidal).kind == "base"
