"""Does a point question take longer where a hundred times as much is recorded?

The small views are those of a war of 100,000 words, folded from its ledger; the large ones are
grown from them (grown_views). Both are asked about the same number of random places, each at a
random instant, as known at a random position; no question is asked twice. In process, without a
server. The files are larger than the memory of most machines, so the tables that a point question
reads are read through once before; without that, each page is a wait for the disk.
"""

import shutil
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from api.answers.answers import Answers
from api.node import open_node
from domain.occurred import DAY, Instant
from infra.settings import Settings
from infra.views.file import ViewFile
from tests.benchmarks.data import War
from tests.benchmarks.grown_views import copied, grow
from tests.benchmarks.point import DAYS, FIRST, QUESTIONS
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, in_turns

SMALL = 100_000


def measure(words: int, times: int) -> list[Figure]:
    """The large views have `words` words, a multiple of those of the small ones."""
    copies = max(2, words // SMALL)
    war = War(SMALL)
    with TemporaryDirectory() as directory:
        small, large = Path(directory) / "small.db", Path(directory) / "large.db"
        head = _told_of("folding", partial(_fold, war, Path(directory), small))
        shutil.copy(small, large)
        _told_of(f"growing to {copies} copies", partial(grow, large, copies))
        print(f"{large.stat().st_size / 2**30:.1f} GiB", file=sys.stderr)
        with closing(ViewFile(small)) as one, closing(ViewFile(large)) as many:
            for views in (one, many):
                _told_of("reading through", partial(_warmed, views))
            asking = {
                "small": partial(_asked, Answers(one), war, 1, head, Random(1)),
                "large": partial(_asked, Answers(many), war, copies, head, Random(2)),
            }
            runs = in_turns(asking, times)
    return [
        Figure(
            f"point question on the view, {head * copies:,} events, median",
            "ms",
            runs["large"],
            f"itself at {head:,} events",
            runs["small"],
            "at most 1.5x",
            lambda ratio: ratio <= 1.5,
        )
    ]


def _fold(war: War, directory: Path, views: Path) -> int:
    settings = Settings(ledger=f"sqlite:///{directory}/ledger.db", views=views)
    with open_node(settings) as node:
        record_all(node.ledger, war.told())
        head = node.projector.fill()
        node.views.reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return head


def _warmed(views: ViewFile) -> int:
    """The number of periods."""
    for table in ("place", "containment"):
        views.reader.execute(f"SELECT count(location || known_to) FROM {table}").fetchone()
    (periods,) = views.reader.execute("SELECT count(until) FROM control_period").fetchone()
    return int(periods)


def _asked(answers: Answers, war: War, copies: int, last: int, random: Random) -> float:
    """The median of the questions, in milliseconds."""
    took = []
    for _ in range(QUESTIONS):
        number = random.randrange(copies)
        place = copied(random.choice(war.places), number)
        at = Instant(FIRST + random.randrange(DAYS) * DAY)
        position = number * last + random.randrange(last)
        start = time.perf_counter()
        answers.control(place, answers.basis(at, position=position))
        took.append(time.perf_counter() - start)
    return median(took) * 1_000


def _told_of(what: str, work: "partial[int]") -> int:
    start = time.perf_counter()
    done = work()
    print(f"{what}: {time.perf_counter() - start:,.0f} s", file=sys.stderr)
    return done
