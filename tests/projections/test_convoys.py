"""Where is a convoy at a moment, and does it move, as known at a position?"""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from api.node import Node
from domain import events
from domain.events import ConvoyEvent
from domain.occurred import parse_moment
from domain.registry import Entry
from domain.situation.convoys import ConvoyWord, convoys_at
from domain.values import ActorId
from tests.domain.builders import event
from tests.domain.strategies import ACTORS, convoys
from tests.nodes import WORLD, tell
from tests.projections.replay import moments, standing_in
from tests.projections.strategies import Append, appends
from tests.projections.test_control_view import followed, often

FIRST = len(WORLD) + 1
"""The position of the first thing that a test says."""


def said(kind: type[ConvoyEvent], on: str, *owners: str, convoy: str = "column-1") -> ConvoyEvent:
    return event(kind, convoy=convoy, owners=owners, occurred=on)


def told(node: Node, on: str, *owners: str, known: int | None = None) -> list[tuple[str, str]]:
    found = node.answers.convoys_view.at(
        at=parse_moment(on),
        known=node.answers.head if known is None else known,
        owners=[ActorId(each) for each in owners] or None,
    )
    return [(each.convoy, each.phase) for each in found]


DEPARTED = said(events.ConvoyDeparted, "2023-10-02", "fama", "wagner")
STALLED = said(events.ConvoyStalled, "2023-10-05", "fama", "wagner")
OTHER = said(events.ConvoyDeparted, "2023-10-03", "csp", convoy="column-2")


def test_convoys_are_asked_for_by_any_of_their_owners(node: Node) -> None:
    tell(node, DEPARTED, STALLED, OTHER)
    both = [("column-1", "stalled"), ("column-2", "moving")]
    assert told(node, "2023-10-06") == told(node, "2023-10-06", "csp", "fama") == both
    assert told(node, "2023-10-06", "wagner") == both[:1]
    assert told(node, "2023-10-06", "minusma") == []
    empty = node.answers.convoys_view.at(
        at=parse_moment("2023-10-06"), known=node.answers.head, owners=[]
    )
    assert empty == []


def test_a_convoy_belongs_to_those_whom_the_last_word_names(node: Node) -> None:
    tell(node, DEPARTED, said(events.ConvoyArrived, "2023-10-07", "fama"))
    assert told(node, "2023-10-06", "wagner") == [("column-1", "moving")]
    assert told(node, "2023-10-07", "wagner") == []


def test_a_word_heard_later_or_taken_back_changes_nothing_that_was_known_before(
    node: Node,
) -> None:
    _, stalled = tell(node, DEPARTED, STALLED)
    for kind in (events.EventRetracted, events.EventReinstated):
        tell(node, event(kind, event=stalled.id, reason="it was so"))
    phases = [told(node, "2023-10-06", known=FIRST + step) for step in (-1, 0, 1, 2, 3)]
    moving, halted = [("column-1", "moving")], [("column-1", "stalled")]
    assert phases == [[], moving, halted, moving, halted]


# ---- The view agrees with a replay of the ledger ---------------------------------------------


@often
@given(appends([convoys]), st.data())
def test_the_view_and_the_actor_agree_with_a_replay_of_the_ledger_at_any_position(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        view = node.answers.convoys_view
        for known, at in moments(ledger, data, later=(0, 30)):
            expected = convoys_at(words_in(ledger[:known]), at)
            assert view.at(at=at, known=known) == expected
            one, other = data.draw(st.permutations(ACTORS))[:2]
            of_two = [each for each in expected if {one, other} & set(each.owners)]
            assert view.at(at=at, known=known, owners=[one, other]) == of_two
            of_one = [each for each in expected if one in each.owners]
            assert node.ledger.actor(one, until=known).convoys(at) == of_one


def words_in(ledger: Sequence[Entry]) -> list[ConvoyWord]:
    return [
        ConvoyWord(id, position, said)
        for position, id, said in standing_in(ledger)
        if isinstance(said, ConvoyEvent)
    ]
