"""How long do the views take with many claims on one place, and how much memory?

Each shape is built twice, with a tenth of the claims and with all, each time in a process of its
own: so the peak of memory is of one build. Then one more claim arrives, in the middle of valid
time; and a question is asked from a perspective, the first time and again.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from subprocess import run
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

import orjson

from api.node import Node, open_node
from domain.control.perspective import Perspective
from domain.occurred import Instant, parse_moment
from domain.values import SourceId
from infra.settings import Settings
from tests.benchmarks.data import Said
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Measured

FIRST = date(2014, 1, 1)
HOLDERS = ("actor-0", "actor-1", "actor-2")
AGAINST = "itself with a tenth of the claims"

Words = Iterator[tuple[int, Said]]
"""Words on the place, each with the number of its source."""


def measure(words: int, times: int) -> list[Figure]:
    found: list[Figure] = []
    for shape in SHAPES:
        few, many = (
            [_measured(shape, size) for _ in range(times)] for size in (words // 10, words)
        )
        found += _figures(shape, words, few, many)
    return found


class Took(NamedTuple):
    """The time for the parts of a run in seconds, and its peak of memory in MB."""

    build: float
    late: float
    asked: float
    asked_again: float
    memory: float


def _figures(shape: str, words: int, few: list[Took], many: list[Took]) -> list[Figure]:
    name = f"{words:,} claims on a place, {shape}"
    built, before = (Measured(tuple(each.build for each in runs)) for runs in (many, few))
    return [
        Figure(f"{name}: built", "s", built, AGAINST, before, "at most 15x", lambda x: x <= 15),
        *(
            Figure(f"{name}: {what}", unit, Measured(tuple(getattr(each, part) for each in many)))
            for what, unit, part in (
                ("a late claim", "s", "late"),
                ("a perspective, first asked", "s", "asked"),
                ("a perspective, asked again", "s", "asked_again"),
                ("peak of memory", "MB", "memory"),
            )
        ),
    ]


def _measured(shape: str, words: int) -> Took:
    command = [sys.executable, "-m", "tests.benchmarks.claims", shape, str(words)]
    return Took(*orjson.loads(run(command, check=True, capture_output=True).stdout))


# ---- one run -------------------------------------------------------------------------------------


def build(shape: str, words: int) -> Took:
    with TemporaryDirectory() as directory:
        ledger = f"sqlite:///{directory}/ledger.db"
        with open_node(Settings(ledger=ledger, views=Path(directory) / "views.db")) as node:
            record_all(node.ledger, told(shape, words))
            built = _seconds(node.projector.catch_up)
            source, late = next(_like_the_middle(shape, words))
            record_all(node.ledger, _said(iter([(source, late)]), "late"))
            took = (built, _seconds(node.projector.catch_up))
            at = parse_moment(late["occurred"].partition("/")[0].partition("T")[0])
            first, again = (_seconds(lambda: _ask(node, at)) for _ in range(2))
        return Took(*took, first, again, getrusage(RUSAGE_SELF).ru_maxrss / 1024)


def _like_the_middle(shape: str, words: int) -> Words:
    """The words from the middle on, better founded."""
    for source, word in islice(SHAPES[shape](words), words // 2 + 37, None):
        if "occurred" in word:
            yield source, word | {"credibility": 1}


def _seconds(do: Callable[[], object]) -> float:
    start = perf_counter()
    do()
    return perf_counter() - start


def _ask(node: Node, at: Instant) -> object:
    without = Perspective(exclude_sources=frozenset({SourceId("source-3")}))
    return node.answers.control("place", node.answers.basis(at=at, perspective=without))


# ---- shapes --------------------------------------------------------------------------------------


def told(shape: str, words: int) -> Iterator[Said]:
    """Registrations, and reports with a word each, in the order of arrival."""
    for source in range(2_000 if shape == "2,000 origins" else 20):
        yield {
            "type": "SourceRegistered",
            "source": f"source-{source}",
            "name": f"Source {source}",
        } | {"reliability": "ABBCCDF"[source % 7]}
    for actor in HOLDERS:
        yield {"type": "ActorRegistered", "actor": actor, "name": actor, "kind": "armed-group"}
    yield {"type": "LocationRegistered", "location": "place", "name": "Place", "kind": "town"}
    yield from _said(islice(SHAPES[shape](words), words), "told")


def _said(words: Words, name: str) -> Iterator[Said]:
    report = ""
    for number, (source, word) in enumerate(words):
        if word["type"] == "EventRetracted":
            yield word | {"report": report}
            continue
        report = f"report-{name}-{number}"
        published = word.get("occurred", str(FIRST)).partition("/")[0]
        yield {"type": "ReportFiled", "report": report, "source": f"source-{source}"} | {
            "published": published,
            "title": report,
        }
        yield word | {"report": report}


def seen(occurred: str, holder: str, **more: Any) -> Said:
    word = {"type": "ControlReported", "location": "place", "holders": [holder]}
    return word | {"occurred": occurred, "credibility": 2} | more


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _twenty(words: int) -> Words:
    """Twenty sources, each every day; the place changes hands every 90 days."""
    for number in range(words):
        day, source = divmod(number, 20)
        yield source, seen(str(_day(day)), HOLDERS[day // 90 % 3])


def _one(words: int) -> Words:
    """One source, every hour or so."""
    for number in range(words):
        day, hour = divmod(number, 24)
        yield 0, seen(f"{_day(day)}T{hour:02}Z", HOLDERS[number // 500 % 3])


def _origins(words: int) -> Words:
    for number in range(words):
        day = number // max(1, words // 2_500)
        yield number % 2_000, seen(str(_day(day)), HOLDERS[day // 90 % 3])


def _alternating(words: int) -> Words:
    for number in range(words):
        day, source = divmod(number, 20)
        yield source, seen(str(_day(day)), HOLDERS[day % 2])


def _wide(words: int, days: int) -> Words:
    """Windows of so many days, one opening after the other over ten years."""
    for number in range(words):
        opening = 3_650 * number // words
        window = f"{_day(opening)}/{_day(opening + days)}"
        yield number % 20, seen(window, HOLDERS[0])


def _corrected(words: int) -> Words:
    """Every word is taken back at once, and said again of another holder."""
    for number, (source, word) in enumerate(_twenty(words)):
        if number % 3 == 2:
            yield source, {"type": "EventRetracted", "reason": "It was another."}
        else:
            yield source, word | {"holders": [HOLDERS[number % 3]]}


def _shuffled(words: int) -> Words:
    """The words of twenty sources, recorded in random order of valid time."""
    said = list(_twenty(words))
    Random(1).shuffle(said)
    return iter(said)


SHAPES: dict[str, Callable[[int], Words]] = {
    "twenty sources daily": _twenty,
    "one source": _one,
    "2,000 origins": _origins,
    "holders alternating daily": _alternating,
    "windows of a month": lambda words: _wide(words, 30),
    "windows of a year": lambda words: _wide(words, 365),
    "corrected": _corrected,
    "in random order": _shuffled,
}


if __name__ == "__main__":
    print(orjson.dumps(list(build(sys.argv[1], int(sys.argv[2])))).decode())
