"""Who is tied to whom or what at a moment, as known at a position?"""

from collections.abc import Sequence
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from api.node import Node
from domain import events
from domain.occurred import parse_moment
from domain.registry import Entry
from domain.situation.ties import Tie, TieKind, Word, spells, standing, ties_of
from domain.values import LocationId
from projections.names import ACTOR
from tests.domain.builders import event
from tests.domain.strategies import ACTORS, kinship, sieges, ties
from tests.nodes import WORLD, tell
from tests.projections.replay import around_in, moments, standing_in
from tests.projections.strategies import Append, appends
from tests.projections.test_control_view import followed, often

FIRST = len(WORLD) + 1
"""The position of the first thing that a test says."""
AT = parse_moment("2024-01-01")
KINDS = list(TieKind)
told_of_ties = appends([sieges]) | appends([ties, ties, kinship])
DEPLOYED = event(events.MissionDeployed, mission="minusma", occurred="2013-07")
ALLIED = event(events.AllianceFormed, parties=["fama", "wagner"], occurred="2021-12")


def told(
    node: Node,
    kinds: Sequence[TieKind] = KINDS,
    *,
    known: int | None = None,
    subject: str | None = None,
    other: str | None = None,
) -> list[tuple[str, str]]:
    known = node.answers.head if known is None else known
    around = node.answers.places.around
    found = node.answers.ties_view.standing(
        at=AT, known=known, around=around, kinds=kinds, subject=subject, other=other
    )
    return [(each.tie.subject, each.tie.object) for each in found]


def test_ties_are_asked_for_by_kind_by_subject_and_by_what_they_are_to(node: Node) -> None:
    tell(node, DEPLOYED, ALLIED)
    assert told(node, [TieKind.DEPLOYED_AT]) == [("minusma", "kidal")]
    assert told(node, subject="wagner") == [("wagner", "fama")]
    assert told(node, other="wagner") == [("fama", "wagner")]
    assert told(node, other="kidal") == [("minusma", "kidal")]
    assert told(node, subject="fama", other="kidal") == []
    assert told(node, []) == []


def test_a_mission_that_leaves_a_country_has_left_its_towns_whoever_asks(node: Node) -> None:
    left = event(events.MissionWithdrawn, mission="minusma", location="mali", occurred="2023-12-31")
    tell(node, DEPLOYED, left)
    assert told(node) == told(node, other="kidal") == told(node, subject="minusma") == []
    assert told(node, other="kidal", known=FIRST) == [("minusma", "kidal")]


def test_a_tie_heard_of_later_or_taken_back_changes_nothing_that_was_known_before(
    node: Node,
) -> None:
    (said,) = tell(node, ALLIED)
    for kind in (events.EventRetracted, events.EventReinstated):
        tell(node, event(kind, event=said.id, reason="it was so"))
    counts = [len(told(node, known=FIRST + step)) for step in (-1, 0, 1, 2)]
    assert counts == [0, 2, 0, 2]


# ---- The view agrees with a replay of the ledger ---------------------------------------------


@often
@given(told_of_ties, st.data())
def test_the_view_agrees_with_a_replay_of_the_ledger_at_any_position(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        around, nested = around_in(ledger), node.answers.places.around
        for known, at in moments(ledger, data):
            words, view = words_in(ledger[:known]), node.answers.ties_view
            standing_at = partial(view.standing, at=at, known=known, around=nested)
            spells_at = partial(view.spells, at=at, known=known, around=nested)
            all_standing, all_spells = standing(words, at, around), spells(words, at, around)
            assert standing_at(kinds=KINDS) == all_standing
            assert spells_at(kinds=KINDS) == all_spells
            named = [word.tie for word in words] or [Tie(TieKind.BESIEGES, "jnim", "kidal")]
            tie = data.draw(st.sampled_from(named))
            kind, one = tie.kind, data.draw(st.sampled_from([tie.subject, tie.object]))
            of_that_kind = [each for each in all_standing if each.tie.kind == kind]
            assert standing_at(kinds=[kind]) == of_that_kind
            of_one = [each for each in of_that_kind if each.tie.subject == one]
            assert standing_at(kinds=[kind], subject=one) == of_one
            to_one = [each for each in of_that_kind if each.tie.object == one]
            assert standing_at(kinds=[kind], other=one) == to_one
            spells_of_one = [each for each in all_spells if each.tie.subject == one]
            assert spells_at(kinds=KINDS, subject=one) == spells_of_one
            spells_to_one = [each for each in all_spells if each.tie.object == one]
            assert spells_at(kinds=KINDS, other=one) == spells_to_one


@often
@given(told_of_ties, st.data())
def test_an_actor_folded_from_the_ledger_alone_is_the_one_that_the_views_show(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        around, nested = around_in(ledger), node.answers.places.around
        for known, at in moments(ledger, data):
            who = data.draw(st.sampled_from(ACTORS))
            folded, view = node.ledger.actor(who, until=known), node.answers.ties_view
            shown = view.standing(at=at, known=known, around=nested, kinds=KINDS)
            assert folded.ties(at, around) == [each for each in shown if who in each.tie.actors]
            lasted = view.spells(at=at, known=known, around=nested, kinds=KINDS)
            assert folded.spells(at, around) == [each for each in lasted if who in each.tie.actors]
            deployed = [TieKind.DEPLOYED_AT]
            missions = view.spells(at=at, known=known, around=nested, kinds=deployed, subject=who)
            assert [
                each for each in folded.spells(at, around, deployed) if each.tie.subject == who
            ] == missions
            names = node.answers.names_view.names_at(ACTOR, who, at=at, known=known)
            assert folded.names(at) == names


@often
@given(told_of_ties, st.data())
def test_a_place_folded_from_the_ledger_alone_has_the_sieges_that_the_view_shows(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        for known, at in moments(ledger, data):
            place = data.draw(st.sampled_from([LocationId("kidal"), LocationId("tessalit")]))
            shown = node.answers.ties_view.standing(
                at=at,
                known=known,
                around=node.answers.places.around,
                kinds=[TieKind.BESIEGES],
                other=place,
            )
            assert node.ledger.location(place, until=known).sieges(at) == shown


def words_in(ledger: Sequence[Entry]) -> list[Word]:
    return [
        Word(*tie, id, position, said.occurred.window)
        for position, id, said in standing_in(ledger)
        for tie in ties_of(said)
    ]
