"""The answers for cells that repeat from row to row, within a bound of memory."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class RepeatedCells(Generic[K, V]):
    """At most so many answers by key; then all are forgotten. Equal keys get the same object."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: dict[K, V] = {}

    def get(self, key: K, answer: Callable[[], V]) -> V:
        """The answer; what raises is asked again."""
        if key in self._answers:
            return self._answers[key]
        found = answer()
        if len(self._answers) >= self._most:
            self._answers.clear()
        self._answers[key] = found
        return found
