"""Which actors do we know?"""

from api.node import Node
from domain import events
from domain.values import ActorId, ActorKind
from tests.domain.builders import event
from tests.nodes import tell


def test_an_actor_is_known_by_its_id(node: Node) -> None:
    tell(
        node,
        event(
            events.ActorRegistered,
            actor="mnla",
            name="MNLA",
            kind="armed-group",
            aliases=["MLNA", {"text": "Mouvement national de libération", "language": "fr"}],
        ),
    )
    mnla = node.answers.actors.get(ActorId("mnla"))
    assert mnla is not None
    assert (mnla.name, mnla.kind) == ("MNLA", ActorKind.ARMED_GROUP)
    assert mnla.aliases == ("MLNA", "Mouvement national de libération")
    assert node.answers.actors.get(ActorId("mlna")) is None


def test_many_actors_are_looked_up_at_once(node: Node) -> None:
    asked = [ActorId(slug) for slug in ("fama", "nobody", "csp")]
    assert set(node.answers.actors.many(asked)) == {"csp", "fama"}


def test_pages_follow_each_other_by_id(node: Node) -> None:
    known = node.answers.head
    first, more = node.answers.actors.page(known=known, size=3)
    rest, no_more = node.answers.actors.page(known=known, size=3, after=first[-1].actor)
    assert [each.actor for each in first] == ["csp", "fama", "minusma"]
    assert [each.actor for each in rest] == ["wagner"]
    assert (more, no_more) == (True, False)


def test_an_actor_registered_meanwhile_does_not_disturb_the_pages(node: Node) -> None:
    known = node.answers.head
    tell(node, event(events.ActorRegistered, actor="dna", name="DNA", kind="armed-group"))
    shown, _ = node.answers.actors.page(known=known, size=9)
    assert [each.actor for each in shown] == ["csp", "fama", "minusma", "wagner"]


def test_actors_are_found_by_their_kind(node: Node) -> None:
    missions, _ = node.answers.actors.page(known=node.answers.head, size=9, kind=ActorKind.MISSION)
    assert [each.actor for each in missions] == ["minusma"]


def test_of_some_actors_those_that_fulfil_the_filter_come_in_the_order_given(node: Node) -> None:
    actors, known = node.answers.actors, node.answers.head
    asked = ["wagner", "nobody", "csp", "fama"]
    first, more = actors.page(known=known, size=2, among=asked)
    forces, _ = actors.page(known=known, size=9, among=asked, kind=ActorKind.STATE_FORCE)
    assert ([each.actor for each in first], more) == (["wagner", "csp"], True)
    assert [each.actor for each in forces] == ["fama"]


def test_every_actor_may_be_called_by_several_names(node: Node) -> None:
    assert node.answers.actors.names()["fama"] == {"fama", "FAMa"}
