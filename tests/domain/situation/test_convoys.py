"""Where is a convoy, and does it move: departed, stalled, resumed, arrived, lost from sight."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.events import (
    ConvoyArrived,
    ConvoyDeparted,
    ConvoyEvent,
    ConvoyResumed,
    ConvoyStalled,
)
from domain.occurred import DAY, Instant, parse_moment
from domain.registry import Entry
from domain.situation.convoys import ConvoyPhase, ConvoyState, ConvoyWord, convoys_at
from domain.values import ActorId
from tests.domain.builders import event, event_id, text_of
from tests.domain.strategies import convoys, ledgers

LIFE = [ConvoyDeparted, ConvoyStalled, ConvoyResumed, ConvoyArrived]
often = settings(max_examples=300, deadline=None)


def on(day: int | str, kind: type[ConvoyEvent], at: str, **fields: Any) -> ConvoyEvent:
    common = {"convoy": "column-1", "owners": ["fama", "wagner"], "occurred": text_of(day)}
    return event(kind, location=at, **common | fields)


def departed(day: int | str, at: str = "gao", **fields: Any) -> ConvoyEvent:
    return on(day, ConvoyDeparted, at, **fields)


def stalled(day: int | str, at: str = "anefis", **fields: Any) -> ConvoyEvent:
    return on(day, ConvoyStalled, at, **fields)


def resumed(day: int | str, at: str = "anefis", **fields: Any) -> ConvoyEvent:
    return on(day, ConvoyResumed, at, **fields)


def arrived(day: int | str, at: str = "kidal", **fields: Any) -> ConvoyEvent:
    return on(day, ConvoyArrived, at, **fields)


def words(said: Sequence[ConvoyEvent]) -> list[ConvoyWord]:
    return [ConvoyWord(event_id(number), number, each) for number, each in enumerate(said, 1)]


def found(*said: ConvoyEvent, day: int | str) -> ConvoyState:
    """The one convoy at the close of that day."""
    (state,) = convoys_at(words(said), parse_moment(text_of(day)))
    return state


def told(*said: ConvoyEvent, day: int | str) -> str:
    state = found(*said, day=day)
    return f"{state.phase} at {state.location}{'' if state.certain else ', perhaps'}"


def events(state: ConvoyState) -> list[int]:
    """The numbers of the words that it rests on."""
    return [int(each[:8], 16) for each in state.events]


# ---- Its life --------------------------------------------------------------------------------


def test_a_convoy_departs_is_stalled_resumes_and_arrives() -> None:
    said = departed(2), stalled(5), resumed(7), arrived(9)
    assert [told(*said, day=day) for day in (2, 4, 5, 6, 7, 8, 9)] == [
        *("moving at gao", "moving at gao"),
        *("stalled at anefis", "stalled at anefis"),
        *("moving at anefis", "moving at anefis"),
        "arrived at kidal",
    ]


def test_a_convoy_is_not_there_before_it_is_heard_of() -> None:
    assert convoys_at(words([departed(2)]), parse_moment(text_of(1))) == []


def test_each_convoy_is_by_itself_and_they_come_in_the_order_of_their_ids() -> None:
    said = words([departed(2, convoy="b"), stalled(3, convoy="a"), arrived(4, convoy="b")])
    states = convoys_at(said, parse_moment(text_of(4)))
    assert [(each.convoy, each.phase) for each in states] == [("a", "stalled"), ("b", "arrived")]


def test_the_owners_are_those_that_were_named_last() -> None:
    said = departed(2), arrived(4, owners="fama")
    assert found(*said, day=3).owners == ("fama", "wagner")
    assert found(*said, day=4).owners == ("fama",)


def test_where_a_convoy_goes_is_what_was_last_said_of_it() -> None:
    said = departed(2, bound_for="kidal"), departed(4, "anefis"), stalled(5)
    assert [found(*said, day=day).bound_for for day in (2, 4, 5)] == ["kidal"] * 3
    assert found(*said, departed(6, bound_for="tessalit"), day=6).bound_for == "tessalit"
    assert found(departed(2), day=2).bound_for is None


def test_who_halted_a_convoy_is_told_while_it_is_stalled() -> None:
    said = departed(2), stalled(5, halted_by=["csp", "jnim"]), resumed(7)
    assert [found(*said, day=day).halted_by for day in (4, 5, 7)] == [(), ("csp", "jnim"), ()]


# ---- What it rests on ------------------------------------------------------------------------


def test_a_convoy_is_stalled_since_the_first_of_the_words_that_agree() -> None:
    said = departed(2), stalled(5), stalled(6, report="report-2")
    state = found(*said, day=6)
    assert (state.since, events(state)) == (said[1].occurred.window, [2, 3])


def test_a_convoy_that_is_stalled_elsewhere_is_stalled_anew() -> None:
    said = stalled(5), stalled(6, "amassine")
    state = found(*said, day=6)
    assert (state.location, state.since, events(state)) == (
        *("amassine", said[1].occurred.window),
        [2],
    )


def test_a_convoy_that_was_held_up_twice_is_stalled_since_the_second_time() -> None:
    assert events(found(stalled(5), resumed(6), stalled(7), day=8)) == [3]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_of_words_with_one_window_the_life_of_a_convoy_gives_the_order(
    order: tuple[int, ...],
) -> None:
    said = [departed("2023-10"), stalled("2023-10"), resumed("2023-10"), arrived("2023-10")]
    assert told(*(said[each] for each in order), day=1) == "arrived at kidal"
    assert told(*(said[each] for each in order if each < 2), day=1) == "stalled at anefis"


def test_what_overlaps_a_departure_follows_it() -> None:
    left = departed("2023-10")
    assert told(left, stalled("2023-10-05"), day=1) == "stalled at anefis"
    assert told(arrived("2023-10-05"), left, day=1) == "arrived at kidal"
    assert told(stalled("2023-09-30"), left, day=1) == "moving at gao"


# ---- What is not known -----------------------------------------------------------------------


def test_after_thirty_days_without_a_word_nobody_knows_whether_it_moves() -> None:
    for said in (departed(1), stalled(1, "gao", halted_by="csp"), resumed(1, "gao")):
        assert found(said, day="2023-12-01").phase in ("moving", "stalled")
        lost = found(said, day="2023-12-02T00:00:00Z")
        assert (lost.phase, lost.location, lost.halted_by) == ("unknown", "gao", ())
        assert lost.certain


def test_a_convoy_that_has_arrived_stays_arrived() -> None:
    assert told(arrived(1), day="2024-11-01") == "arrived at kidal"


def test_another_word_finds_a_lost_convoy_again() -> None:
    said = stalled(1), stalled("2024-01-05", report="report-2")
    assert found(*said, day="2024-01-04").phase is ConvoyPhase.UNKNOWN
    assert found(*said, day="2024-01-05").phase is ConvoyPhase.STALLED


def test_while_the_only_word_is_of_a_time_that_is_not_over_nothing_is_known_of_it() -> None:
    said = stalled("2023-11", halted_by="csp")
    state = found(said, day=5)
    assert (state.phase, state.location, state.certain) == ("unknown", None, False)
    assert (state.owners, state.halted_by, state.since) == (
        *(("fama", "wagner"), ()),
        said.occurred.window,
    )
    assert told(said, day=30) == "stalled at anefis"


def test_a_word_whose_window_is_open_makes_what_is_known_uncertain() -> None:
    said = departed(2), stalled("2023-11-05/2023-11-08")
    assert [told(*said, day=day) for day in (4, 5, 8)] == [
        *("moving at gao", "moving at gao, perhaps", "stalled at anefis")
    ]


# ---- Two ways to the same answer -------------------------------------------------------------


@often
@given(ledgers([convoys]), st.randoms(use_true_random=False), st.data())
def test_convoys_agree_with_those_that_are_followed_one_by_one(
    ledger: list[Entry], random: Any, data: st.DataObject
) -> None:
    heard = [
        ConvoyWord(entry.statement.id, entry.position, said)
        for entry in ledger
        if isinstance(said := entry.statement.event, ConvoyEvent)
    ]
    shuffled = list(heard)
    random.shuffle(shuffled)
    for at in data.draw(st.sets(st.sampled_from(edges(heard)), max_size=20)):
        assert convoys_at(shuffled, at) == list(followed(heard, at))


def when(word: ConvoyWord) -> Instant:
    window = word.occurred
    return window.earliest if isinstance(word.said, ConvoyDeparted) else window.latest


def followed(heard: list[ConvoyWord], at: Instant) -> Any:
    """Each convoy, by telling its life from the beginning."""
    for convoy in sorted({word.said.convoy for word in heard}):
        begun = [word for word in heard if word.said.convoy == convoy]
        begun = [word for word in begun if word.occurred.earliest <= at]
        begun.sort(key=lambda word: word.position)
        begun.sort(key=lambda word: LIFE.index(type(word.said)))
        begun.sort(key=lambda word: word.occurred.earliest)
        begun.sort(key=when)
        run: list[ConvoyWord] = []
        goal = location = None
        phase, halted_by = "unknown", tuple[ActorId, ...]()
        for word in begun:
            said = word.said
            if word.occurred.latest - 1 > at:
                continue
            same = run and (type(said), said.location) == (type(run[0].said), run[0].said.location)
            run = [*run, word] if same else [word]
            location, halted_by = said.location, ()
            phase = "moving"
            match said:
                case ConvoyDeparted(bound_for=str() as named):
                    goal = named
                case ConvoyStalled():
                    phase, halted_by = "stalled", said.halted_by
                case ConvoyArrived():
                    phase = "arrived"
        if run and phase != "arrived" and at - (run[-1].occurred.latest - 1) > 30 * DAY:
            phase, halted_by = "unknown", ()
        rests_on = run or begun
        if rests_on:
            yield ConvoyState(
                convoy=convoy,
                owners=rests_on[-1].said.owners,
                phase=ConvoyPhase(phase),
                location=location,
                bound_for=goal,
                halted_by=halted_by,
                since=rests_on[0].occurred,
                events=tuple(word.event for word in rests_on),
                certain=all(word.occurred.latest - 1 <= at for word in begun),
            )


def edges(heard: Sequence[ConvoyWord]) -> list[Instant]:
    """Every instant at which a state may change, with its neighbours; and the day before all."""
    found = {edge for word in heard for edge in (word.occurred.earliest, word.occurred.latest)}
    near = {edge + days * DAY + step for edge in found for days in (0, 30) for step in _NEAR}
    return [Instant(at) for at in sorted(near | {min(found, default=0) - DAY})]


_NEAR = (-2, -1, 0, 1)
