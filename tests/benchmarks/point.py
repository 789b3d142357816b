"""How fast is one question answered by the views, and does it matter how much is recorded?

A random place, a random instant of ten years, as known at a random position: no question is asked
twice. In process, without a server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from api.answers.answers import Answers
from api.node import open_node
from domain.occurred import DAY, Instant, parse_moment
from infra.settings import Settings
from tests.benchmarks.data import War
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Run, in_turns

QUESTIONS = 5_000
SMALL = 10_000
FIRST = parse_moment("2014-01-01")
DAYS = 3_652


def measure(words: int, times: int) -> list[Figure]:
    """The large ledger has `words`, the small one always as many."""
    with (
        TemporaryDirectory() as directory,
        _answering(War(SMALL), Path(directory) / "small") as small,
        _answering(War(words), Path(directory) / "large") as large,
    ):
        asking = {"small": _asking(small, War(SMALL)), "large": _asking(large, War(words))}
        runs = in_turns(asking, times)
        heads = small.head, large.head
    return [
        Figure(f"point question on the view, {heads[0]:,} events", "requests/s", runs["small"]),
        Figure(
            f"the same, {heads[1]:,} events",
            "requests/s",
            runs["large"],
            f"itself at {heads[0]:,} events",
            runs["small"],
            "at least 1/1.5x",
            lambda ratio: ratio >= 1 / 1.5,
        ),
    ]


@contextmanager
def _answering(war: War, directory: Path) -> Iterator[Answers]:
    directory.mkdir()
    settings = Settings(ledger=f"sqlite:///{directory}/ledger.db", views=directory / "views.db")
    with open_node(settings) as node:
        record_all(node.ledger, war.told())
        node.projector.catch_up()
        yield node.answers


def _asking(answers: Answers, war: War) -> Run:
    random, places, head = Random(war.words), war.places, answers.head

    def run() -> float:
        asked = [
            (random.choice(places), random.randrange(DAYS), random.randrange(head))
            for _ in range(QUESTIONS)
        ]
        start = perf_counter()
        for place, day, position in asked:
            basis = answers.basis(Instant(FIRST + day * DAY), position=position)
            answers.control(place, basis)
        return QUESTIONS / (perf_counter() - start)

    return run
