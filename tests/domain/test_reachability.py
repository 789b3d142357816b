"""The one walk: everything that steps lead to, each once, nearest first."""

from collections.abc import Iterator
from itertools import islice

from domain.reachability import reachable

STEPS = {"a": "bc", "b": "d", "c": "da", "d": "e", "e": "a"}


def test_the_nearest_come_first_and_each_once() -> None:
    assert list(reachable("a", STEPS.__getitem__)) == ["a", "b", "c", "d", "e"]


def test_several_starts_are_walked_from_together() -> None:
    assert list(reachable("db", STEPS.__getitem__)) == ["d", "b", "e", "a", "c"]


def test_nothing_is_reached_from_nowhere() -> None:
    assert list(reachable("", STEPS.__getitem__)) == []


def test_steps_are_taken_only_as_far_as_the_walk_is_followed() -> None:
    def following(number: int) -> Iterator[int]:
        yield number + 1

    assert list(islice(reachable([1], following), 3)) == [1, 2, 3]
