"""An actor's story from the ledger alone: at every position it says what the views say."""

from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers.actor_replay import replay_actor_from
from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.replay import replay_basis
from domain.actor_replay import ActorState, replay_actor
from domain.control.perspective import Perspective
from domain.occurred import Instant, Window
from domain.situation.ties import TieKind
from domain.values import ActorId
from infra.ledger.ledger import StatementRefused
from projections.names import ACTOR
from tests.domain.strategies import ACTORS, convoys, kinship, perspectives, sieges, ties, windows
from tests.nodes import node_at
from tests.projections.strategies import Append, appends

stories = appends([sieges, convoys]) | appends([ties, ties, kinship, convoys])


def by_the_views(
    answers: Answers, actor: ActorId, at: Instant, known: int, perspective: Perspective
) -> ActorState:
    """The actor as the views show it."""
    counting = answers.statement_filter(Basis(at, known, perspective=perspective))
    spells = answers.ties_view.spells(
        at=at,
        known=known,
        around=partial(answers.places.around, known=known),
        kinds=list(TieKind),
        counting=counting,
    )
    return ActorState(
        tuple(answers.names_view.names_at(ACTOR, actor, at=at, known=known)),
        tuple(
            each
            for kind in TieKind
            for each in spells
            if each.tie.kind is kind
            and actor in each.tie.actors
            and (kind is not TieKind.ALLIED_WITH or each.tie.subject == actor)
        ),
        tuple(answers.convoys_view.at(at=at, known=known, owners=[actor], counting=counting)),
    )


@settings(max_examples=100, deadline=None)
@given(stories, windows, st.sampled_from([-1, 0, 1]), st.sampled_from(ACTORS))
def test_every_step_is_what_the_views_say_as_known_at_that_position(
    told: list[Append], window: Window, aside: int, actor: ActorId
) -> None:
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        for append in told:
            with suppress(StatementRefused):
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        at = Instant(window.latest - 1 + aside)
        found = replay_actor([each.entry for each in node.ledger.read()], actor, at)
        after = {step.entry.position: step for step in found.steps}
        state = ActorState()
        for known in range(node.ledger.head + 1):
            if step := after.get(known):
                assert step.before == state
                state = step.after
            assert by_the_views(node.answers, actor, at, known, Perspective()) == state
        assert replay_actor_from(node.ledger, actor, replay_basis(node.ledger, at)).replay == found


@settings(max_examples=60, deadline=None)
@given(stories, windows, perspectives, st.sampled_from(ACTORS), st.data())
def test_from_a_perspective_it_ends_with_what_the_views_say_from_there(
    told: list[Append],
    window: Window,
    perspective: Perspective,
    actor: ActorId,
    data: st.DataObject,
) -> None:
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        for append in told:
            with suppress(StatementRefused):
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        until = data.draw(st.integers(len(told[0]), node.ledger.head))
        at = Instant(window.latest - 1)
        basis = replay_basis(node.ledger, at, until, perspective)
        replayed = replay_actor_from(node.ledger, actor, basis)
        shown = by_the_views(node.answers, actor, at, until, perspective)
        assert replayed.replay.state == shown
        for step in replayed.replay.steps:
            if step.is_left_out:
                assert (step.after.ties, step.after.convoys) == (
                    step.before.ties,
                    step.before.convoys,
                )
