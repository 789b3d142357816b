"""How many events a second are recorded over GraphQL, on each engine?

One mutation records one event: validated, decided, durable, followed by the views, and told back
as the views have it. Each is about a random place of a recorded war, at a random day. Beside it the
same statements, one in an append, go straight into the ledger of the engine, without server and
views.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson

from api.node import open_node
from infra.ledger.ledger import open_ledger
from infra.settings import Settings
from tests.benchmarks.data import ACTORS, WORDS_IN_A_REPORT, Said, War, statements
from tests.benchmarks.graphql_load import BadAnswer, Load, ask, loading, post
from tests.benchmarks.graphql_servers import tenure
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Run, in_turns
from tests.engines import serving_postgresql, serving_umadb

ENGINES = ("SQLite", "PostgreSQL", "UmaDB")
CONNECTIONS = (1, 8)
SENT = 20_000
"""The most mutations of a run: more than are answered in its time."""
SECONDS = 5.0

_MUTATION = """mutation ($input: ControlReportedInput!) {
  recordControlReported(input: $input) {
    __typename ... on Recorded { position event { id } } ... on Refused { code message }
  }
}"""


def measure(words: int, times: int) -> list[Figure]:
    """On a ledger with a war of so many words."""
    return [figure for engine in ENGINES for figure in _on(engine, War(words), times)]


def _on(engine: str, war: War, times: int) -> Iterator[Figure]:
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="tenure-")))
        url = stack.enter_context(_fresh_ledger(engine, directory))
        settings = Settings(ledger=url, views=directory / "views.db")
        with open_node(settings) as node:
            record_all(node.ledger, war.told())
            node.projector.catch_up()
        port = stack.enter_context(tenure(settings))
        loaded = stack.enter_context(loading(SECONDS))
        numbers = count(1)
        _refuse_refused(port, next(_mutations(war, next(numbers))))
        runs: dict[str, Run] = {
            f"{each}": lambda each=each: loaded(  # type: ignore[misc]
                Load(port, [*_mutations(war, next(numbers))]), connections=each
            )
            for each in CONNECTIONS
        }
        runs["alone"] = lambda: _appended(url, war, next(numbers))
        measured = in_turns(runs, times)
    for connections in CONNECTIONS:
        yield Figure(
            f"writes over GraphQL into {engine}, clients: {connections}",
            "events/s",
            measured[f"{connections}"],
            "an append for each, without server and views",
            measured["alone"],
        )


@contextmanager
def _fresh_ledger(engine: str, directory: Path) -> Iterator[str]:
    """The URL of an empty ledger that waits for the disk."""
    if engine == "SQLite":
        yield f"sqlite:///{directory / 'ledger.db'}"
    elif engine == "UmaDB":
        with serving_umadb() as url:
            yield url
    else:
        with (
            TemporaryDirectory(prefix="tenure-pg-") as data,
            serving_postgresql(Path(data), is_durable=True) as server,
        ):
            yield server.format("postgres")


def _mutations(war: War, run: int) -> Iterator[bytes]:
    for said in _words(war, run):
        given = {name: value for name, value in said.items() if name != "type"}
        yield post(orjson.dumps({"query": _MUTATION, "variables": {"input": given}}))


def _refuse_refused(port: int, mutation: bytes) -> None:
    """A refusal would be quick. Raises BadAnswer."""
    told = orjson.loads(ask(port, mutation))["data"]["recordControlReported"]
    if told["__typename"] != "Recorded":
        raise BadAnswer(str(told))


def _appended(url: str, war: War, run: int) -> float:
    with open_ledger(url) as ledger:
        made = statements(_words(war, run))
        start, recorded = perf_counter(), 0
        while perf_counter() < start + SECONDS:
            ledger.record([next(made)], by="benchmark")
            recorded += 1
        return recorded / (perf_counter() - start)


def _words(war: War, run: int) -> Iterator[Said]:
    """Statements of which no two are the same, in this run or in another."""
    random, last = Random(run), (war.words - 1) // WORDS_IN_A_REPORT * WORDS_IN_A_REPORT
    for number in range(SENT):
        yield {
            "type": "ControlReported",
            "location": random.choice(war.places),
            "occurred": f"{random.randint(2014, 2022)}-{random.randint(1, 12):02}-15",
            "report": f"report-{last}",
            "credibility": 2,
            "holders": [random.choice(ACTORS)],
            "passage": f"run {run}, word {number}",
        }
