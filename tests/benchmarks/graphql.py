"""How fast does GraphQL answer, beside others that have the same rows?

Each candidate is asked the same questions, about random places, times and positions, none of them
twice. Before anything is timed their answers are compared: where they differ, nothing is measured.
All share the machine with the load and with each other's database, so they take turns.

PostGraphile does not say the position back, as the others do: it has no row to take it from.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import orjson

from api.node import open_node
from infra.settings import Settings
from tests.benchmarks import map_column
from tests.benchmarks.graphql_load import Load, ask, get, loading, post
from tests.benchmarks.graphql_rows import WideWar, copy_views
from tests.benchmarks.graphql_servers import NoPeers, constant, install_peers, peer, tenure
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Measured, Run, in_turns
from tests.engines import serving_postgresql

SECONDS = 3.0
QUESTIONS, MAPS, HOT, COMPARED = 60_000, 300, 500, 300
CONNECTIONS, MAP_CONNECTIONS = 16, 2
FIRST, LAST = datetime(2014, 1, 1, tzinfo=UTC), datetime(2023, 12, 31, tzinfo=UTC)

Arguments = dict[str, Any]


class AnswersDiffer(Exception):
    """Two candidates answer the same question differently, so that no figure means anything."""


@dataclass(frozen=True, slots=True)
class Language:
    """How one server is asked, and how its answer is told: the same words for the same answer."""

    point: str
    map: str
    told: Callable[[Mapping[str, Any]], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Candidate:
    name: str
    port: int
    speaks: Language

    def point(self, asked: Arguments) -> bytes:
        return post(orjson.dumps({"query": self.speaks.point, "variables": asked}))

    def map(self, asked: Arguments) -> bytes:
        return post(orjson.dumps({"query": self.speaks.map, "variables": _when(asked)}))

    def answer(self, request: bytes) -> list[tuple[object, ...]]:
        (found,) = orjson.loads(ask(self.port, request))["data"].values()
        return [self.speaks.told(each) for each in (found if isinstance(found, list) else [found])]


# ---- The three ways to ask -------------------------------------------------------------------


def _told(control: Mapping[str, Any]) -> tuple[object, ...]:
    since = control.get("since")
    return (
        control.get("location"),
        control["status"],
        control["certain"],
        [holder["name"] for holder in control["holders"]],
        since and (_time(since["earliest"]), _time(since["latest"]), since["precision"].lower()),
    )


def _told_by_postgraphile(control: Mapping[str, Any]) -> tuple[object, ...]:
    earliest, latest = control.get("sinceEarliest"), control.get("sinceLatest")
    return (
        control.get("location"),
        control["status"],
        control["certain"],
        [holder["actor"]["name"] for holder in control["holders"]],
        earliest and latest and (_time(earliest), _time(latest), control["sincePrecision"]),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


_POINT = """query ($location: ID!, $at: Moment!, $position: Int!) {
  control(location: $location, at: $at, position: $position) {
    status certain since { earliest latest precision } holders { name } basis { position }
  }
}"""
_MAP = """query ($at: Moment!, $position: Int!) {
  controlMap(at: $at, position: $position) {
    location { slug name latitude longitude } status certain holders { name }
  }
}"""
TENURE = Language(_POINT, _MAP, _told)
MERCURIUS = Language(_POINT.replace("Moment", "String"), _MAP.replace("Moment", "String"), _told)
POSTGRAPHILE = Language(
    """query ($location: String!, $at: Datetime!, $position: Int!) {
  control: controlList(location: $location, at: $at, position: $position) {
    status certain sinceEarliest sinceLatest sincePrecision
    holders: holdersByPeriodList(orderBy: [RANK_ASC]) { actor: actorByActor { name } }
  }
}""",
    """query ($at: Datetime!, $position: Int!) {
  controlMap: controlMapList(at: $at, position: $position) {
    location: placeByLocation { slug: rowId name latitude longitude } status certain
    holders: holdersByPeriodList(orderBy: [RANK_ASC]) { actor: actorByActor { name } }
  }
}""",
    _told_by_postgraphile,
)


# ---- What is measured ------------------------------------------------------------------------


def measure(words: int, times: int) -> list[Figure]:
    """On a place for every four words."""
    try:
        install_peers()
    except NoPeers as missing:
        print(f"GraphQL is not measured: {missing}", file=sys.stderr)
        return []
    war = WideWar(words)
    with _candidates(war) as (servers, bare, head), loading(SECONDS) as loaded:
        asking = partial(_questions, war.places, head)
        compare(servers, list(asking(0, COMPARED)))
        points = _in_turns(
            {
                each.name: partial(_asked_once, each.port, each.point, asking, QUESTIONS)
                for each in servers
            },
            partial(loaded, connections=CONNECTIONS),
            times,
        )
        maps = _in_turns(
            {
                each.name: partial(_asked_once, each.port, each.map, asking, MAPS)
                for each in servers
            },
            partial(loaded, connections=MAP_CONNECTIONS),
            times,
        )
        at, known = next(map_column.moments(0, 1)), {"position": head}
        told = servers[0].answer(servers[0].map({"at": at, **known}))
        map_column.compare(servers[0].port, at, head, told)
        columns = {
            form: _in_turns(
                {
                    "Tenure": partial(_columns, servers[0].port, head, form),
                    **{
                        each.name: partial(_asked_once, each.port, each.map, asking, MAPS)
                        for each in servers[1:]
                    },
                },
                partial(loaded, connections=MAP_CONNECTIONS),
                times,
            )
            for form in map_column.MEDIA
        }
        hot = Load(servers[0].port, [_by_get(one) for one in asking(0, HOT)])
        trivial = Load(bare, [get("/constant")])
        closed = _in_turns(
            {"Tenure": lambda _: hot, "constant": lambda _: trivial},
            partial(loaded, connections=CONNECTIONS),
            times,
        )
    point, all_of = (
        "GraphQL point question, random arguments",
        f"GraphQL map of {len(war.places):,}",
    )
    return [
        _figure(point, points, "PostGraphile", 2),
        _figure(point, points, "Mercurius", 0.75),
        _figure("GraphQL hot question, closed basis", closed, "constant", 1, "FastAPI, a constant"),
        _figure(f"{all_of} places", maps, "PostGraphile", 1),
        _figure(f"{all_of} places", maps, "Mercurius"),
        *(
            _figure(
                f"column of {len(war.places):,} places, {form}", runs, peer, 50, f"{peer}'s map"
            )
            for form, runs in columns.items()
            for peer in ("PostGraphile", "Mercurius")
        ),
    ]


def compare(servers: Sequence[Candidate], asked: Sequence[Arguments]) -> None:
    """Raises AnswersDiffer."""
    first, *others = servers
    requests = [(Candidate.point, each) for each in asked]
    requests += [(Candidate.map, each) for each in asked[:3]]
    for how, question in requests:
        expected = first.answer(how(first, question))
        for other in others:
            if (told := other.answer(how(other, question))) != expected:
                pairs = zip(expected, told, strict=False)
                pair = next((pair for pair in pairs if pair[0] != pair[1]), "one tells more")
                raise AnswersDiffer(f"{first.name} and {other.name} about {question}: {pair}")


@contextmanager
def _candidates(war: WideWar) -> Iterator[tuple[list[Candidate], int, int]]:
    """Every server on the same rows, ours first; the bare route's port; the ledger's position."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="tenure-")))
        database = Path(stack.enter_context(TemporaryDirectory(prefix="tenure-pg-")))
        server = stack.enter_context(serving_postgresql(database, shared_buffers="256MB"))
        url = server.format("postgres")
        views = directory / "views.db"
        settings = Settings(ledger=f"sqlite:///{directory / 'ledger.db'}", views=views)
        with open_node(settings) as node:
            record_all(node.ledger, war.told())
            head = node.projector.catch_up()
            copy_views(node, url)
        ours = stack.enter_context(tenure(settings))
        postgraphile = stack.enter_context(peer("postgraphile.mjs", url))
        mercurius = stack.enter_context(peer("mercurius.mjs", url))
        servers = [
            Candidate("Tenure", ours, TENURE),
            Candidate("PostGraphile", postgraphile, POSTGRAPHILE),
            Candidate("Mercurius", mercurius, MERCURIUS),
        ]
        yield servers, stack.enter_context(constant()), head


def _in_turns(
    loads: Mapping[str, Callable[[int], Load]], loaded: Callable[[Load], float], times: int
) -> dict[str, Measured]:
    runs: dict[str, Run] = {
        name: partial(lambda load, number: loaded(load(next(number))), load, count())
        for name, load in loads.items()
    }
    for warm_up in runs.values():  # compilers in the peers, caches in all of them
        warm_up()
    return in_turns(runs, times)


def _asked_once(
    port: int,
    request: Callable[[Arguments], bytes],
    asking: Callable[[int, int], Iterator[Arguments]],
    number: int,
    run: int,
) -> Load:
    """Every run has questions of its own, so that no answer is one that was kept."""
    return Load(port, [request(one) for one in asking(run, number)])


def _columns(port: int, head: int, form: str, run: int) -> Load:
    """Columns of other moments in every run."""
    asked = map_column.moments(run, QUESTIONS // 10)
    return Load(port, [map_column.column(at, head, form) for at in asked])


def _figure(
    what: str, runs: Mapping[str, Measured], against: str, reach: float = 0, called: str = ""
) -> Figure:
    measured, baseline = runs["Tenure"], runs[against]
    if not reach:
        return Figure(what, "requests/s", measured, called or against, baseline)
    return Figure(
        what,
        "requests/s",
        measured,
        called or against,
        baseline,
        f"at least {reach:g}x",
        lambda ratio: ratio >= reach,
    )


def _questions(places: Sequence[str], head: int, run: int, number: int) -> Iterator[Arguments]:
    """The same ones for every candidate, and others in every run."""
    random = Random(run)
    for _ in range(number):
        yield {
            "location": random.choice(places),
            "at": FIRST + random.random() * (LAST - FIRST),
            "position": random.randint(head // 4, head),
        }


def _when(asked: Arguments) -> Arguments:
    return {name: asked[name] for name in ("at", "position")}


def _by_get(asked: Arguments) -> bytes:
    given = {"query": TENURE.point, "variables": orjson.dumps(asked).decode()}
    return get(f"/graphql?{urlencode(given)}")
