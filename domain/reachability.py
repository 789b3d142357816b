"""The walk along all steps from a start."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def reachable(start: Iterable[Node], step: Callable[[Node], Iterable[Node]]) -> Iterator[Node]:
    """`start` and everything that `step` leads to, each once, nearest first."""
    found = dict.fromkeys(start)
    waiting = list(found)
    for each in waiting:
        yield each
        for following in step(each):
            if following not in found:
                found[following] = None
                waiting.append(following)
