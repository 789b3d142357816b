"""A replay from the ledger alone leaves nothing out: step by step it says what the view says."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers.replay import replay_basis, replay_from
from domain.control.perspective import Perspective
from domain.control.timeline import Timeline
from domain.control.verdict import Period
from domain.occurred import Instant, Window
from domain.replay import Effect, EntryEffect, replay
from domain.values import LocationId
from infra.ledger.ledger import StatementRefused
from projections.control import UNKNOWN_FOR_EVER
from tests.domain.strategies import perspectives, windows
from tests.nodes import node_at
from tests.projections.strategies import Append, appends

PLACES = [LocationId(place) for place in ("kidal", "tessalit", "gao")]


@settings(max_examples=200, deadline=None)
@given(appends(), windows, st.sampled_from([-1, 0, 1]), st.data())
def test_every_step_is_what_the_view_answers_as_known_at_that_position(
    told: list[Append], window: Window, aside: int, data: st.DataObject
) -> None:
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        for append in told:
            with suppress(StatementRefused):  # taken back twice, or reinstated though it stands
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        entries = [recorded.entry for recorded in node.ledger.read()]
        at = Instant(window.latest - 1 + aside)
        for place in PLACES:
            found = replay(entries, place, at)
            after = {step.entry.position: step.after for step in found.steps}
            answer: Period = UNKNOWN_FOR_EVER
            for known in range(len(entries) + 1):
                before, answer = answer, after.get(known, answer)
                assert node.answers.control_view.at(place, at=at, known=known) == answer
                if known in after:
                    (step,) = (each for each in found.steps if each.entry.position == known)
                    assert step.before == before
            assert found.answer == answer
            until = data.draw(st.integers(0, len(entries)))
            replayed = replay_from(node.ledger, place, replay_basis(node.ledger, at, until))
            assert replayed.replay == replay(entries[:until], place, at)
            assert all(told.words.because for told in replayed.steps)


@settings(max_examples=100, deadline=None)
@given(appends(), windows, perspectives, st.data())
def test_from_a_perspective_it_ends_with_what_the_question_answers_from_there(
    told: list[Append], window: Window, perspective: Perspective, data: st.DataObject
) -> None:
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        for append in told:
            with suppress(StatementRefused):
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        until = data.draw(st.integers(0, node.ledger.head))
        answers, at = node.answers, Instant(window.latest - 1)
        for place in PLACES:
            basis = answers.basis(at, position=until, perspective=perspective)
            replayed = replay_from(node.ledger, place, basis)
            assert replayed.answer == answers.control(place, basis)
            answer = Timeline().at(at).reading
            for step in replayed.replay.steps:
                assert step.before.reading == answer
                answer = step.after.reading
                if EntryEffect(Effect.LEFT_OUT) in step.effects:
                    assert step.before == step.after
