"""Answers: is a question answered within one snapshot, and without one where none can be had?"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.api.small_schema import Asking, client


class Snapshots:
    """Notes the beginnings and ends of snapshots."""

    def __init__(self) -> None:
        self.begun, self.ended = list[str](), list[str]()

    @contextmanager
    def of(self, asking: Asking) -> Iterator[None]:
        self.begun.append(asking.who)
        yield
        self.ended.append(asking.who)


@pytest.mark.parametrize(
    ("query", "number"),
    [("{ hello }", 1), ("{ hello later }", 1), ('mutation { greet(name: "x") }', 0)],
)
def test_a_query_has_one_snapshot_and_a_mutation_none(query: str, number: int) -> None:
    snapshots = Snapshots()
    asked = client(snapshot_of=snapshots.of)
    for times in (1, 2, 3):
        assert "errors" not in asked.post("/graphql", json={"query": query}).json()
        assert snapshots.begun == snapshots.ended == ["you"] * number * times


@pytest.mark.parametrize("query", ["{ hello }", "{ noSuchDay hello }"])
def test_a_question_is_answered_though_no_snapshot_can_be_had(query: str) -> None:
    """What is wrong with the views, the fields find out and tell in their places."""

    @contextmanager
    def failing(asking: Asking) -> Iterator[None]:
        if asking.who == "you":
            raise OSError("the disk is gone")
        yield

    for _ in range(3):
        told = client(snapshot_of=failing).post("/graphql", json={"query": query}).json()
        assert told == client().post("/graphql", json={"query": query}).json()
