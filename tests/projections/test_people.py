"""How many people fled by a moment, and who needed aid, as known at a position?"""

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.node import Node
from domain import events
from domain.events import NeedReported, PopulationDisplaced, ReportFiled
from domain.grades import Grade
from domain.occurred import Instant, parse_moment
from domain.registry import Entry
from domain.situation.people import Displaced, Needed, displacement, open_needs
from domain.values import LocationId, Reliability, ReportId, SourceId
from tests.domain.builders import event
from tests.domain.strategies import flights, people
from tests.nodes import WORLD, tell
from tests.projections.replay import around_in, moments, standing_in
from tests.projections.strategies import Append, appends
from tests.projections.test_control_view import followed, often

FIRST = len(WORLD) + 1
"""The position of the first thing that a test says."""
AT = parse_moment("2024-01-01")
PLACES = [LocationId(place) for place in ("kidal", "tessalit", "gao")]


def fled(best: int, **fields: Any) -> PopulationDisplaced:
    return event(PopulationDisplaced, people={"best": best}, occurred="2023-11", **fields)


def figure(node: Node, *inside: str, known: int | None = None) -> int | None:
    shown = node.answers.humanitarian.displacement(
        at=AT,
        known=node.answers.head if known is None else known,
        around=node.answers.places.around,
        inside=[LocationId(each) for each in inside] or None,
    )
    return shown.people.best if shown.people else None


def needs(node: Node, *inside: str, known: int | None = None) -> list[str]:
    found = node.answers.humanitarian.needs(
        at=AT,
        known=node.answers.head if known is None else known,
        inside=[LocationId(each) for each in inside] or None,
    )
    return [each.location for each in found]


def test_the_figure_is_of_the_places_that_are_asked_about(node: Node) -> None:
    tell(node, fled(10), fled(30, location="mali", credibility=3))
    assert (figure(node), figure(node, "mali"), figure(node, "kidal-camp")) == (10, 30, None)


def test_the_grade_is_the_one_that_was_known_then(node: Node) -> None:
    regraded = event(events.SourceRegraded, source="rfi", reliability="E", reason="because")
    tell(node, fled(10), fled(30, report="report-2"), regraded)
    assert [figure(node, known=FIRST + step) for step in (-1, 0, 1, 2)] == [None, 10, 10, 30]


def test_of_equals_that_counts_which_had_certainly_been_published_last(node: Node) -> None:
    filing = {"source": "rfi", "title": "Again"}
    vague = event(ReportFiled, report="vague", published="2024-01", **filing)
    exact = event(ReportFiled, report="exact", published="2024-01-15", **filing)
    tell(node, vague, exact, fled(10, report="vague"), fled(30, report="exact"))
    assert figure(node) == 10


def test_a_copy_speaks_with_the_grade_of_its_origin_and_adds_nobody(node: Node) -> None:
    copy = event(
        ReportFiled,
        report="copy",
        source="csp-comms",
        published="2024-02",
        title="Copied",
        syndicated_from="report-1",
    )
    tell(node, copy, fled(10), fled(10, report="copy"), fled(30, report="report-2"))
    assert figure(node) == 10


def test_what_is_taken_back_counts_again_once_it_is_reinstated(node: Node) -> None:
    said = tell(node, fled(10), event(NeedReported, sector="health", occurred="2023-11"))
    for kind in (events.EventRetracted, events.EventReinstated):
        tell(node, *(event(kind, event=each.id, reason="it was so") for each in said))
    assert [figure(node, known=FIRST + step) for step in (1, 2, 3, 4, 5)] == [
        *(10, None, None, 10, 10)
    ]
    heard = [needs(node, known=FIRST + step) for step in (1, 2, 3, 4, 5)]
    assert heard == [["kidal"], ["kidal"], [], [], ["kidal"]]


def test_the_needs_are_those_of_the_places_that_are_asked_about(node: Node) -> None:
    tell(node, *(event(NeedReported, location=each, occurred="2023") for each in ("kidal", "mali")))
    assert needs(node) == ["kidal", "mali"]
    assert needs(node, "mali", "kidal-camp") == ["mali"]


# ---- The view agrees with a replay of the ledger ---------------------------------------------


@often
@given(appends([flights]) | appends([people]), st.data())
def test_the_view_agrees_with_a_replay_of_the_ledger_at_any_position(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        view, around = node.answers.humanitarian, around_in(ledger)
        inside = data.draw(st.none() | st.sets(st.sampled_from(PLACES)))
        for known, at in moments(ledger, data):
            then = Replayed(ledger[:known])
            flights = [each for each in then.flights() if is_in(inside, each.location)]
            shown = view.displacement(
                at=at, known=known, around=node.answers.places.around, inside=inside
            )
            assert shown == displacement(flights, at, around)
            reports = [each for each in then.needs() if is_in(inside, each.location)]
            assert view.needs(at=at, known=known, inside=inside) == open_needs(reports, at)


def is_in(inside: set[LocationId] | None, place: LocationId) -> bool:
    return inside is None or place in inside


class Replayed:
    """What stands at the end of a ledger, and whose word it is."""

    def __init__(self, ledger: Sequence[Entry]) -> None:
        self.told = standing_in(ledger)
        self.reports: dict[ReportId, ReportFiled] = {}
        self.grades: dict[SourceId, Reliability] = {}
        for entry in ledger:
            match entry.statement.event:
                case ReportFiled() as report:
                    self.reports[report.report] = report
                case events.SourceRegistered() | events.SourceRegraded() as source:
                    self.grades[source.source] = source.reliability

    def flights(self) -> Iterator[Displaced]:
        for position, id, said in self.told:
            if isinstance(said, PopulationDisplaced):
                root = report = self.reports[said.report]
                while root.syndicated_from:
                    root = self.reports[root.syndicated_from]
                yield Displaced(
                    event=id,
                    position=position,
                    location=said.location,
                    occurred=said.occurred.window,
                    published=Instant(report.published.window.latest - 1),
                    grade=Grade(self.grades[root.source], said.credibility),
                    people=said.people,
                )

    def needs(self) -> Iterator[Needed]:
        for position, id, said in self.told:
            if isinstance(said, NeedReported):
                yield Needed(
                    event=id,
                    position=position,
                    location=said.location,
                    sector=said.sector,
                    occurred=said.occurred.window,
                    published=Instant(self.reports[said.report].published.window.latest - 1),
                    people=said.people,
                )
