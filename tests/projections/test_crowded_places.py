"""A crowded place from a perspective: one instant by few claims, and then the whole timeline."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from api.node import Node
from domain import events
from domain.control import timeline as timelines
from domain.control.perspective import Admitted, Perspective
from domain.occurred import DAY, Instant, Occurred
from domain.values import LocationId, Reliability
from infra.ledger.codec import identify
from projections.control import claims, perspectives
from tests.domain.builders import event
from tests.nodes import WORLD, node_at

KIDAL = LocationId("kidal")
START = Occurred.parse("2022").window.earliest
FIRM = Perspective(min_reliability=Reliability.B)
"""Without the words of the CSP."""


def told() -> Iterator[events.Event]:
    """Radio France says the same every day, and once otherwise; the CSP speaks every tenth day."""
    yield from WORLD
    for number in range(300):
        day, holder = date(2022, 1, 1) + timedelta(days=number), "csp" if number == 150 else "fama"
        yield event(events.ControlReported, occurred=str(day), holders=[holder])
        if number % 10 == 0:
            said = {"occurred": str(day), "holders": ["csp"], "report": "report-2"}
            yield event(events.ControlReported, **said)


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setattr(claims, "MANY", 100)
    with node_at(tmp_path / "views.db") as node:
        node.ledger.record([*map(identify, told())], by="archivist")
        node.projector.catch_up()
        yield node


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many claims each sweep was of."""
    found: list[int] = []

    class Counted(timelines.Timeline):
        def __init__(self, admitted: Admitted, *more: object) -> None:
            found.append(len(admitted.claims))
            super().__init__(admitted, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(perspectives, "Timeline", Counted)
    return found


def test_an_instant_is_answered_by_few_claims_as_by_all(node: Node, swept: list[int]) -> None:
    view, known = node.answers.control_view, node.answers.head
    whole = view.from_perspective(KIDAL, FIRM, known=known)
    days = (50, 149, 150, 151, 299, 320)
    for day in days:
        at = Instant(START + day * DAY + DAY // 2)
        assert view.at_from(FIRM, KIDAL, at=at, known=known) == whole.at(at)
    assert len(swept) == 1 + perspectives._LOOKS
    assert max(swept[:-1]) < 150
    assert swept[-1] == 300


def test_an_instant_in_a_known_period_is_not_looked_at_again(node: Node, swept: list[int]) -> None:
    view, known = node.answers.control_view, node.answers.head
    period = view.at_from(FIRM, KIDAL, at=Instant(START + 50 * DAY), known=known)
    for at in (period.start, Instant(period.end - 1)):
        assert view.at_from(FIRM, KIDAL, at=at, known=known) == period
    assert len(swept) == 1


def test_words_of_lineage_have_all_claims_heard(node: Node, swept: list[int]) -> None:
    merged = event(events.ActorMerged, merged=["csp"], into="fama", occurred="2022-05")
    node.ledger.record([identify(merged)], by="archivist")
    node.projector.catch_up()
    view, known, at = node.answers.control_view, node.answers.head, Instant(START + 200 * DAY)
    whole = view.from_perspective(KIDAL, FIRM, known=known)
    assert view.at_from(FIRM, KIDAL, at=at, known=known) == whole.at(at)
    assert swept == [300]
