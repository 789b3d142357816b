"""What would the answers be if some events were taken back, or counted again?"""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from api.node import Node
from domain import events
from domain.values import LocationId
from infra.ledger.codec import identify
from infra.ledger.ledger import StatementRefused
from projections.control import SomePeriod
from projections.control.supposition import Supposed, said_otherwise
from projections.entries import EntryRow, EventFilter
from tests.domain.builders import event
from tests.nodes import WORLD, node_at, tell
from tests.projections.strategies import Append, appends

PLACES = [LocationId(place) for place in ("kidal", "tessalit", "gao")]


def statements(node: Node, *, retracted: bool) -> list[EntryRow]:
    wanted = EventFilter(retracted=retracted)
    found = node.answers.entries.page(wanted, known=node.answers.head, size=1_000).entries
    return [each for each in found if isinstance(each.event, events.SituationEvent)]


def timelines(node: Node) -> dict[LocationId, list[SomePeriod]]:
    view, known = node.answers.control_view, node.answers.head
    return {place: view.timeline(place, known=known) for place in PLACES}


@settings(max_examples=100, deadline=None)
@given(appends(), st.data(), st.booleans())
def test_what_was_supposed_is_what_comes_true(
    told: list[Append],
    data: st.DataObject,
    reinstates: bool,
) -> None:
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        for append in told:
            with suppress(StatementRefused):
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        candidates = statements(node, retracted=reinstates)
        chosen = [each for each in candidates if data.draw(st.booleans())]
        known = node.answers.head
        supposed = node.answers.supposing(map(Supposed.of, chosen), reinstates=reinstates)
        foretold = {place: supposed.timeline(place, known=known) for place in PLACES}
        kind = events.EventReinstated if reinstates else events.EventRetracted
        for each in chosen:
            revoked = event(kind, event=each.id, reason="as supposed", report="report-1")
            node.ledger.record([identify(revoked)], by="archivist")
        node.projector.catch_up()
        for place, periods in timelines(node).items():
            assert [(each.start, each.end, each.reading) for each in foretold[place]] == [
                (each.start, each.end, each.reading) for each in periods
            ]


def test_nothing_is_written_by_a_supposition(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node:
        seized = event(events.TownSeized, by="csp", occurred="2023-11-01")
        tell(node, *WORLD, seized)
        before, (entry,) = timelines(node), statements(node, retracted=False)
        supposed = node.answers.supposing([Supposed.of(entry)], reinstates=False)
        known = node.answers.head
        assert said_otherwise(before[PLACES[0]], supposed.timeline(PLACES[0], known=known))
        assert timelines(node) == before
        assert node.answers.head == node.ledger.head == known


def test_other_reasons_for_the_same_answer_say_nothing_otherwise(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node:
        seized = {"by": "csp", "occurred": "2023-11-01"}
        one, two = (
            event(events.TownSeized, report=it, **seized) for it in ("report-1", "report-2")
        )
        tell(node, *WORLD, one, two)
        second = statements(node, retracted=False)[1]
        supposed = node.answers.supposing([Supposed.of(second)], reinstates=False)
        known = node.answers.head
        before = node.answers.control_view.timeline(PLACES[0], known=known)
        assert not said_otherwise(before, supposed.timeline(PLACES[0], known=known))
