"""What is said to have happened at a place and inside it, in the order in which it happened?"""

from hypothesis import given
from hypothesis import strategies as st

from api.node import Node
from domain import events
from domain.occurred import Occurred
from domain.references import references_of
from domain.registry import Entry as InLedger
from domain.values import LocationId
from projections.entries import WHOLE, ChronicleBounds, EntryPage, EventFilter
from tests.domain.amending import containers_in
from tests.domain.builders import event
from tests.nodes import WORLD, tell
from tests.projections.strategies import Append, appends
from tests.projections.test_control_view import followed, often

KIDAL, CAMP, MALI = (LocationId(slug) for slug in ("kidal", "kidal-camp", "mali"))
FIRST = len(WORLD) + 1
"""The position of the first thing that a test says."""
SEIZED = event(events.TownSeized, by="fama", occurred="2023-11-14")
WITHDRAWN = event(
    events.MissionWithdrawn, location="kidal-camp", mission="minusma", occurred="2023-10-31"
)
CLASH = event(events.ClashReported, sides=[["fama"], ["csp"]], occurred="2023-11")
FLED = event(events.PopulationDisplaced, location="mali", people={"low": 2000}, occurred="2024")
ALLIED = event(events.AllianceFormed, parties=["fama", "wagner"], occurred="2021-12")


def chronicle(node: Node, location: LocationId | None, **asked: object) -> EntryPage:
    known = {"known": node.answers.head, **asked}
    return node.answers.entries.chronicle(location, **known)  # type: ignore[arg-type]


def told(shown: EntryPage) -> list[int]:
    """The numbers of the things that the test said, from 0 on."""
    return [entry.position - FIRST for entry in shown.entries]


def retraction(id: str) -> events.EventRetracted:
    return event(events.EventRetracted, event=id, reason="it was wrong", report="report-2")


def test_it_tells_what_happened_in_the_order_in_which_it_happened(node: Node) -> None:
    tell(node, SEIZED, WITHDRAWN, FLED, CLASH)  # a window that begins earlier comes first
    assert told(chronicle(node, MALI)) == [1, 3, 0, 2]


def test_it_tells_of_the_places_inside_a_place_and_not_of_those_around_it(node: Node) -> None:
    tell(node, SEIZED, WITHDRAWN, FLED)
    assert told(chronicle(node, KIDAL)) == [1, 0]
    assert told(chronicle(node, CAMP)) == [1]


def test_it_may_tell_of_the_place_itself_only(node: Node) -> None:
    tell(node, SEIZED, WITHDRAWN, FLED)
    assert told(chronicle(node, KIDAL, inside=False)) == [0]
    assert told(chronicle(node, MALI, inside=False)) == [2]


def test_what_concerns_several_places_is_told_once_in_each_of_them(node: Node) -> None:
    said = event(
        events.StatementIssued,
        locations=["kidal-camp", "mali"],
        by="csp",
        stance="demand",
        occurred="2023-11-15",
    )
    convoy = event(
        events.ConvoyDeparted,
        location="mali",
        convoy="column-1",
        owners="fama",
        bound_for="kidal",
        occurred="2023-10-02",
    )
    tell(node, said, convoy)
    assert told(chronicle(node, MALI)) == [1, 0]
    assert told(chronicle(node, KIDAL)) == [1, 0]
    assert told(chronicle(node, MALI, inside=False)) == [1, 0]


def test_the_chronicle_of_everywhere_has_what_concerns_no_place_in_particular(node: Node) -> None:
    tell(node, SEIZED, ALLIED)
    assert told(chronicle(node, None)) == [1, 0]
    assert told(chronicle(node, MALI)) == [0]


def test_what_was_taken_back_is_left_out_unless_it_is_asked_for(node: Node) -> None:
    said, _ = tell(node, SEIZED, WITHDRAWN)
    tell(node, retraction(said.id))
    assert told(chronicle(node, MALI)) == [1]
    assert told(chronicle(node, MALI, wanted=EventFilter(retracted=True))) == [0]
    assert told(chronicle(node, MALI, known=FIRST + 1)) == [1, 0]


def test_it_may_be_filtered(node: Node) -> None:
    tell(node, SEIZED, WITHDRAWN, CLASH)
    november = Occurred.parse("2023-11-10").window
    wanted = EventFilter(occurred_from=november.earliest, occurred_to=november.latest)
    assert told(chronicle(node, MALI, wanted=wanted)) == [2]
    assert told(chronicle(node, MALI, wanted=EventFilter(types=("TownSeized",)))) == [0]
    assert told(chronicle(node, MALI, wanted=EventFilter(tags=("actor:csp",)))) == [2]
    assert told(chronicle(node, MALI, wanted=EventFilter(within=CAMP))) == [1]


def test_two_bounds_on_when_it_happened_both_count() -> None:
    october, november = (Occurred.parse(text).window for text in ("2023-10", "2023-11"))
    autumn = EventFilter(occurred_from=october.earliest, occurred_to=november.latest)
    assert autumn.between(november.earliest, None) == EventFilter(
        occurred_from=november.earliest, occurred_to=november.latest
    )
    assert autumn.between(None, None) == autumn
    assert EventFilter().between(None, october.latest) == EventFilter(occurred_to=october.latest)


def test_a_late_report_of_an_early_event_does_not_disturb_the_pages(node: Node) -> None:
    tell(node, SEIZED, WITHDRAWN, FLED)
    known = node.answers.head
    first = chronicle(node, MALI, size=2)
    tell(node, event(events.TownSeized, by="csp", occurred="2014-05-21"), CLASH)
    second = chronicle(node, MALI, size=2, known=known, bounds=WHOLE.beyond(first))
    assert told(first) + told(second) == [1, 0, 2]
    assert (first.more_before, first.more_after) == (False, True)
    assert (second.more_before, second.more_after) == (True, False)


def test_it_is_read_from_its_end_as_well(node: Node) -> None:
    tell(node, SEIZED, WITHDRAWN, FLED, CLASH)
    from_end = ChronicleBounds(from_end=True)
    last = chronicle(node, MALI, size=3, bounds=from_end)
    rest = chronicle(node, MALI, size=3, bounds=from_end.beyond(last))
    assert (told(rest), told(last)) == ([1], [3, 0, 2])
    assert (last.more_before, last.more_after) == (True, False)
    assert (rest.more_before, rest.more_after) == (False, True)


def test_nothing_else_than_what_happened_is_told(node: Node) -> None:
    (said,) = tell(node, SEIZED)
    tell(node, retraction(said.id))
    assert told(chronicle(node, MALI)) == []


# ---- The view agrees with a replay of the ledger ---------------------------------------------


@often
@given(appends(), st.data())
def test_the_view_agrees_with_a_replay_of_the_ledger_at_any_position(
    heard: list[Append], data: st.DataObject
) -> None:
    with followed(heard, data) as (node, ledger):
        known = data.draw(st.integers(0, len(ledger)))
        replayed = ledger[:known]
        for place in ("kidal", "tessalit", "gao", None):
            inside = place is None or data.draw(st.booleans())
            retracted = data.draw(st.booleans())
            expected = replay(replayed, place, inside=inside, retracted=retracted)
            wanted = EventFilter(retracted=retracted)
            location = None if place is None else LocationId(place)
            size, pages = data.draw(st.integers(1, 4)), list[int]()
            from_end = data.draw(st.booleans())
            bounds: ChronicleBounds | None = ChronicleBounds(from_end=from_end)
            while bounds is not None:
                page = node.answers.entries.chronicle(
                    location, known=known, size=size, bounds=bounds, wanted=wanted, inside=inside
                )
                assert all(entry.retracted is retracted for entry in page.entries)
                read = [entry.position for entry in page.entries]
                pages += reversed(read) if from_end else read
                bounds = bounds.beyond(page)
            assert pages == (expected[::-1] if from_end else expected)
            if place and inside and known:
                assert concerning(node, LocationId(place), known) == sorted(
                    {*replay(replayed, place, retracted=True), *replay(replayed, place)}
                )


def concerning(node: Node, place: LocationId, known: int) -> list[int]:
    """What the list of events finds within the place, of what happened."""
    kinds = events.EVENT_TYPES.items()
    types = tuple(name for name, kind in kinds if issubclass(kind, events.SituationEvent))
    wanted = EventFilter(types=types, within=place)
    page = node.answers.entries.page(wanted, known=known, size=1_000)
    return [entry.position for entry in page.entries]


def replay(
    ledger: list[InLedger], place: str | None, *, inside: bool = True, retracted: bool = False
) -> list[int]:
    """The positions of what happened there, found by looking at each entry."""
    around = containers_in(ledger)
    gone: dict[str, bool] = {}
    for entry in ledger:
        match entry.statement.event:
            case events.RecordKeeping() as kept:
                gone[kept.event] = isinstance(kept, events.EventRetracted)
    found = []
    for entry in ledger:
        said = entry.statement.event
        if isinstance(said, events.SituationEvent):
            window = said.occurred.window
            names = {each.slug for each in references_of(said) if each.kind == "location"}
            reached = {each for name in names for each in upwards(name, around)}
            here = place is None or place in (reached if inside else names)
            if here and gone.get(entry.statement.id, False) is retracted:
                found.append((window.earliest, window.latest, entry.position))
    return [position for *_, position in sorted(found)]


def upwards(place: str, around: dict[str, str | None]) -> list[str]:
    above = around.get(place)
    return [place, *(upwards(above, around) if above else [])]
