"""What was recorded, when, and does it still stand: page by page, as known at a position."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.node import Node
from domain import events
from domain.occurred import Instant, Occurred, instant_of
from domain.values import LocationId
from infra.ledger.codec import correction
from infra.ledger.dcb import Query, QueryItem
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import StatementRefused
from infra.spelling import plain
from projections.entries import EntryPage, EventFilter
from tests.domain.builders import event
from tests.nodes import MINUTE, NOW, PLACES, WORLD, node_at, node_on, tell
from tests.projections.strategies import Append, appends

SEIZED = event(events.TownSeized, by="fama", occurred="2023-11-14")
CAPTURED = event(
    events.BaseCaptured, location="kidal-camp", by=("fama", "wagner"), occurred="2023-11-14"
)
SEEN = event(events.ControlReported, holders="csp", occurred="2023-11-16", report="report-2")
WITHDRAWN = event(
    events.MissionWithdrawn, location="kidal-camp", mission="minusma", occurred="2023-10-31"
)
STALLED = event(
    events.ConvoyStalled, convoy="column-1", owners="fama", halted_by="csp", occurred="2023-10"
)
REGISTRY = (
    events.LocationRegistered,
    events.ActorRegistered,
    events.SourceRegistered,
    events.ReportFiled,
)
FIRST = len(WORLD) + 1
"""The position of the first thing that a test says."""


def test_an_entry_tells_what_was_recorded_when_and_by_whom(node: Node) -> None:
    (said,) = tell(node, SEIZED)
    entry = node.answers.entries.get(said.id, known=FIRST)
    assert entry is not None
    assert (entry.position, entry.id, entry.event) == (FIRST, said.id, SEIZED)
    assert (entry.recorded_by, entry.retracted) == ("archivist", False)
    assert entry.recorded_at == instant_of(NOW + (FIRST - 1) * MINUTE)


def test_an_entry_is_not_known_before_it_was_recorded(node: Node) -> None:
    (said,) = tell(node, SEIZED)
    assert node.answers.entries.get(said.id, known=FIRST - 1) is None
    assert node.answers.entries.at_position(FIRST + 1) is None


def test_pages_follow_each_other_in_the_order_of_recording(node: Node) -> None:
    tell(node, SEIZED, CAPTURED, SEEN, WITHDRAWN, STALLED)
    first = page(node, size=2)
    second = page(node, size=2, after=FIRST + 1)
    last = page(node, size=2, after=FIRST + 3)
    assert [positions(first), positions(second), positions(last)] == [
        [FIRST, FIRST + 1],
        [FIRST + 2, FIRST + 3],
        [FIRST + 4],
    ]
    assert [each.more_after for each in (first, second, last)] == [True, True, False]
    assert [each.more_before for each in (first, second, last)] == [False, True, True]


def test_the_last_entries_come_in_the_order_of_recording_too(node: Node) -> None:
    tell(node, SEIZED, CAPTURED, SEEN, WITHDRAWN, STALLED)
    last = page(node, size=2, from_end=True)
    assert (positions(last), last.more_before, last.more_after) == (
        [FIRST + 3, FIRST + 4],
        True,
        False,
    )
    before = page(node, size=3, before=FIRST + 3, from_end=True)
    assert (positions(before), before.more_before, before.more_after) == (
        [FIRST, FIRST + 1, FIRST + 2],
        False,
        True,
    )


def test_a_late_report_neither_repeats_nor_skips_an_entry(node: Node) -> None:
    tell(node, SEIZED, CAPTURED, SEEN)
    known = node.answers.head
    first = page(node, size=2, known=known)
    tell(node, WITHDRAWN, STALLED)  # both happened earlier than what was read
    second = page(node, size=2, after=positions(first)[-1], known=known)
    assert positions(first) + positions(second) == [FIRST, FIRST + 1, FIRST + 2]
    assert not second.more_after


def test_entries_are_found_by_their_type(node: Node) -> None:
    tell(node, SEIZED, CAPTURED, SEEN)
    assert found(node, EventFilter(types=("TownSeized", "BaseCaptured"))) == [FIRST, FIRST + 1]


def test_entries_are_found_by_all_that_they_concern(node: Node) -> None:
    tell(node, SEIZED, CAPTURED, SEEN, STALLED)
    assert about(node, "location:kidal-camp") == [FIRST + 1]
    assert about(node, "actor:fama") == [FIRST, FIRST + 1, FIRST + 3]
    assert about(node, "actor:fama", "actor:wagner") == [FIRST + 1]
    assert about(node, "source:csp-comms") == [FIRST + 2]
    assert about(node, "report:report-1") == [FIRST, FIRST + 1, FIRST + 3]
    assert about(node, "convoy:column-1") == [FIRST + 3]
    assert about(node, "location:gao") == []


def test_a_retraction_concerns_what_it_takes_back(node: Node) -> None:
    (said,) = tell(node, CAPTURED)
    tell(node, retraction(said.id))
    assert about(node, "actor:wagner") == [FIRST, FIRST + 1]
    assert about(node, "source:csp-comms") == [FIRST + 1]


@settings(max_examples=50, deadline=None)
@given(appends())
def test_the_view_finds_by_a_tag_what_the_ledger_finds_by_it(told: list[Append]) -> None:
    with (
        TemporaryDirectory() as directory,
        open_recorder("memory:") as recorder,
        node_on(recorder, Path(directory) / "views.db") as node,
    ):
        for append in told:
            with suppress(StatementRefused):
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        kinds = [
            kind for kind, each in events.EVENT_TYPES.items() if not issubclass(each, REGISTRY)
        ]
        tags = {tag for stored in recorder.read() for tag in stored.event.tags}
        for tag in (tag for tag in tags if not tag.startswith("event:")):
            wanted = EventFilter(types=tuple(kinds), tags=(tag,))
            found = node.answers.entries.page(wanted, known=1000, size=1000)
            recorded = recorder.read(Query([QueryItem(types=kinds, tags=[tag])]))
            assert positions(found) == [stored.position for stored in recorded]


def test_a_registration_concerns_what_it_introduces_and_not_the_place_around_it(
    node: Node,
) -> None:
    registered = EventFilter(types=("LocationRegistered",), tags=("location:mali",))
    assert found(node, registered) == [1 + WORLD.index(PLACES[0])]


def test_entries_are_found_by_when_it_may_have_happened(node: Node) -> None:
    tell(node, SEIZED, SEEN, STALLED)  # on the 14th and 16th of November, and in October
    assert happened(node, since="2023-11-01") == [FIRST, FIRST + 1]
    assert happened(node, until="2023-11-16") == [FIRST, FIRST + 2]
    assert happened(node, since="2023-11-14", until="2023-11-15") == [FIRST]
    assert happened(node, since="2023-10-31", until="2023-11-01") == [FIRST + 2]
    assert happened(node, since="2023-11-17") == []


def test_entries_are_found_by_the_place_that_they_are_inside_of(node: Node) -> None:
    (said, _) = tell(node, CAPTURED, SEIZED)
    tell(node, retraction(said.id))
    within = [
        [at for at in found(node, EventFilter(within=LocationId(place))) if at >= FIRST]
        for place in ("mali", "kidal", "kidal-camp")
    ]
    assert within == [[FIRST, FIRST + 1, FIRST + 2]] * 2 + [[FIRST, FIRST + 2]]


def test_the_registration_of_a_place_is_inside_of_what_contains_it(node: Node) -> None:
    wanted = EventFilter(types=("LocationRegistered",), within=LocationId("kidal"))
    assert found(node, wanted) == [1 + WORLD.index(place) for place in PLACES[1:]]


def test_entries_are_found_by_when_they_were_recorded(node: Node) -> None:
    tell(node, SEIZED, SEEN, STALLED)
    since = instant_of(NOW + FIRST * MINUTE)
    until = Instant(since + 60_000_000)
    assert found(node, EventFilter(recorded_from=since)) == [FIRST + 1, FIRST + 2]
    assert found(node, EventFilter(recorded_from=since, recorded_to=until)) == [FIRST + 1]
    assert found(node, EventFilter(recorded_to=since))[-1] == FIRST


# ---- Full text -------------------------------------------------------------------------------

TOLD = [
    event(
        events.ConvoyStalled,
        convoy="column-1",
        owners="fama",
        occurred="2023-10-05",
        summary="Hit-and-run attacks stalled the army’s convoy near Anéfis.",
        passage="paragraph 2",
    ),
    event(
        events.TownSeized,
        by="fama",
        occurred="2023-10-07",
        summary="The convoy entered Anefis; أنفيس was taken.",
    ),
    event(events.TownSeized, by="csp", occurred="2014-05-21", passage="Paragraph 3, convoys"),
    event(events.TownSeized, by="csp", occurred="2012"),
]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("convoy", [0, 1]),
        ("CONVOY anefis", [0, 1]),
        ("Anéfis", [0, 1]),
        ("Ane\u0301fis", [0, 1]),
        ("convoy stalled", [0]),
        ("stalled convoy", [0]),
        ('"stalled the army"', [0]),
        ('"the stalled army"', []),
        ('"hit and run"', [0]),
        ("hit-and-run", [0]),
        ("convoy*", [0, 1, 2]),
        ("conv* para*", [0, 2]),
        ('"paragraph 2"', [0]),
        ("paragraph", [0, 2]),
        ("army's", [0]),
        ("أنفيس", [1]),
        ("انـفیس", [1]),
        ("sta\u00adlled con\u200bvoy", [0]),
        ("entered OR stalled", []),  # a word like any other
        ("convoy NOT stalled", []),
        ("summary:convoy", []),
        ('convoy "stalled', [0]),
        ("camp", []),
        ("", [0, 1, 2, 3]),
        ("  ", [0, 1, 2, 3]),
        ("%", []),
        ("*", []),
        ('""', []),
        ("convoy *", [0, 1]),
    ],
)
def test_entries_are_found_by_the_words_of_summary_and_passage(
    node: Node, text: str, told: list[int]
) -> None:
    tell(node, *TOLD)
    wanted = EventFilter(types=("ConvoyStalled", "TownSeized"), text=text)
    assert found(node, wanted) == [FIRST + number for number in told]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.text(alphabet="\"*():^-+{}~ aOR\0'\\"))
def test_no_text_is_a_syntax_error(node: Node, text: str) -> None:
    found(node, EventFilter(text=text))


def test_a_very_long_text_may_be_searched_for(node: Node) -> None:
    tell(node, *TOLD)
    assert found(node, EventFilter(text="convoy " * 10_000)) == [FIRST, FIRST + 1]


@settings(max_examples=50, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.text(min_size=1, max_size=200))
def test_what_is_said_is_found_by_its_own_words(
    tmp_path_factory: pytest.TempPathFactory, summary: str
) -> None:
    with node_at(tmp_path_factory.mktemp("views") / "views.db") as node:
        if not summary.strip():
            return
        tell(node, *WORLD, SEIZED.model_copy(update={"summary": summary.strip()}))
        assert found(node, EventFilter(text=summary)) == ([FIRST] if plain(summary) else [])


def test_entries_are_found_by_whether_they_stand(node: Node) -> None:
    (said, _) = tell(node, SEIZED, SEEN)
    tell(node, retraction(said.id))
    assert found(node, EventFilter(types=("TownSeized",), retracted=True)) == [FIRST]
    assert found(node, EventFilter(types=("TownSeized",), retracted=False)) == []
    assert found(node, EventFilter(types=("ControlReported",), retracted=False)) == [FIRST + 1]


def test_whether_an_entry_stands_is_told_as_known_then(node: Node) -> None:
    (said,) = tell(node, SEIZED)
    again = event(events.EventReinstated, event=said.id, reason="it was right", report="report-1")
    tell(node, retraction(said.id), again)
    told = [node.answers.entries.get(said.id, known=FIRST + step) for step in (0, 1, 2)]
    assert [entry and entry.retracted for entry in told] == [False, True, False]


def test_a_correction_takes_back_the_wrong_and_tells_the_right(node: Node) -> None:
    (wrong,) = tell(node, SEIZED)
    corrected = event(events.TownSeized, by=("fama", "wagner"), occurred="2023-11-14")
    right, taken_back = correction(wrong.id, "Wagner too", SEIZED.report, corrected)
    node.ledger.record([right, taken_back], by="archivist")
    node.projector.catch_up()
    standing = EventFilter(types=("TownSeized",), retracted=False)
    assert found(node, standing) == [FIRST + 1]
    entry = node.answers.entries.at_position(FIRST + 2)
    assert entry is not None and isinstance(entry.event, events.EventRetracted)
    assert entry.event.replaced_by == right.id


def test_a_recorded_instant_is_the_last_position_recorded_by_then(node: Node) -> None:
    tell(node, SEIZED, SEEN)
    entries = node.answers.entries
    seized = instant_of(NOW + (FIRST - 1) * MINUTE)
    assert entries.position_at(Instant(seized - 1)) == FIRST - 1
    assert entries.position_at(seized) == FIRST
    assert entries.position_at(instant_of(NOW) - 1) == 0  # type: ignore[arg-type]
    assert entries.position_at(Instant(seized * 2)) == FIRST + 1
    assert (entries.recorded_at(FIRST), entries.recorded_at(0)) == (seized, None)


def retraction(id: str) -> events.EventRetracted:
    return event(events.EventRetracted, event=id, reason="it was wrong", report="report-2")


def page(
    node: Node,
    *,
    size: int,
    after: int = FIRST - 1,
    before: int | None = None,
    known: int | None = None,
    from_end: bool = False,
) -> EntryPage:
    """Of what the test says; the registrations before it are left out."""
    return node.answers.entries.page(
        EventFilter(types=("TownSeized", *SITUATIONS)),
        known=node.answers.head if known is None else known,
        size=size,
        after=0 if after == FIRST - 1 else after,
        before=before,
        from_end=from_end,
    )


SITUATIONS = ("BaseCaptured", "ControlReported", "MissionWithdrawn", "ConvoyStalled")


def positions(shown: EntryPage) -> list[int]:
    return [entry.position for entry in shown.entries]


def found(node: Node, wanted: EventFilter) -> list[int]:
    """The positions of all that fulfil it, as known now."""
    return positions(node.answers.entries.page(wanted, known=node.answers.head, size=100))


def about(node: Node, *tags: str) -> list[int]:
    """The situation that carries these tags, and what was taken back of it."""
    return [at for at in found(node, EventFilter(tags=tags)) if at >= FIRST]


def happened(node: Node, *, since: str | None = None, until: str | None = None) -> list[int]:
    def instant(day: str | None) -> Instant | None:
        return Occurred.parse(day).window.earliest if day else None

    return found(node, EventFilter(occurred_from=instant(since), occurred_to=instant(until)))
