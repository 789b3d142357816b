"""Answers: what is the first result of a subscription to a server that is building its views?"""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.graphql.head import Head
from api.node import open_node
from domain import events
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger
from infra.settings import Settings
from tests.api.sockets import events_of, socket_to
from tests.api.test_serving import record_the_world, rename, until
from tests.api.test_subscription_pages import served, state
from tests.domain.builders import event
from tests.nodes import WORLD

FROM_NOW_ON = "subscription { eventRecorded { position } }"
WITHIN_KIDAL = 'subscription { controlChanged(after: 0, within: "kidal") { position } }'
Told = Iterator[int]


def over_web_socket(address: str, query: str, field: str) -> Told:
    with socket_to(address) as made:
        made.init()
        made.subscribe(query)
        while True:
            yield from (each["position"] for each in made.results(1, field))


def as_event_stream(address: str, query: str, field: str) -> Told:
    with events_of(address, query) as found:
        for each in found:
            if "data" in each:
                yield json.loads(each["data"])["data"][field]["position"]


WAYS = {"WebSocket": over_web_socket, "event stream": as_event_stream}


def record(ledger: Ledger, number: int) -> int:
    """The position of another event, recorded beside the server."""
    said = event(events.TownSeized, by="fama", occurred=f"2023-11-{number:02}")
    ledger.record([identify(said)], by="another")
    return ledger.head


def deleted(ledger: Ledger, settings: Settings) -> None:
    """The file of the views is gone."""


def out_of_date(ledger: Ledger, settings: Settings) -> None:
    """The views stand before the last entries."""
    with open_node(settings) as node:
        node.projector.catch_up()
    record(ledger, 1)


@contextmanager
def views_at_a_stand(path: Path) -> Iterator[None]:
    """Meanwhile the views take in nothing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TRIGGER stop BEFORE INSERT ON entry BEGIN SELECT raise(FAIL, 'no'); END")
        try:
            yield
        finally:
            db.execute("DROP TRIGGER stop")


@contextmanager
def building(folder: Path, leave: Callable[[Ledger, Settings], None]) -> Iterator[Any]:
    """A server whose views stand still until they are let go: the server, its address, the ledger,
    and what lets go."""
    url, views = f"sqlite:///{folder / 'ledger.db'}", folder / "views.db"
    record_the_world(url)
    with open_ledger(url) as ledger, ExitStack() as standing:
        leave(ledger, Settings(ledger=url, views=views))
        with open_node(Settings(ledger=url, views=views)):
            pass  # the tables are there
        standing.enter_context(views_at_a_stand(views))
        with served(folder, ledger=url) as (server, address):
            yield server, address, ledger, standing.close


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("leave", [deleted, out_of_date])
def test_a_subscription_from_now_on_is_told_nothing_older_by_views_that_are_built_anew(
    tmp_path: Path, leave: Callable[[Ledger, Settings], None], way: str
) -> None:
    with building(tmp_path, leave) as (server, address, ledger, let_go):
        assert server.head < ledger.head
        told = WAYS[way](address, FROM_NOW_ON, "eventRecorded")
        with ThreadPoolExecutor(1) as listening:
            first = listening.submit(next, told)
            until(lambda: state(server).head.highest == ledger.head)
            new = record(ledger, 2)
            let_go()
            assert first.result(30) == new
            assert record(ledger, 3) == next(told)


@pytest.mark.parametrize("way", WAYS)
def test_a_place_that_the_views_have_yet_to_come_to_is_no_unknown_place(
    tmp_path: Path, way: str
) -> None:
    with building(tmp_path, deleted) as (server, address, ledger, let_go):
        record(ledger, 1)
        told = WAYS[way](address, WITHIN_KIDAL, "controlChanged")
        with ThreadPoolExecutor(1) as listening:
            first = listening.submit(next, told)
            until(lambda: state(server).places.open == 1)
            let_go()
            assert first.result(30) == ledger.head


@contextmanager
def out_of_use(folder: Path) -> Iterator[None]:
    """Meanwhile the ledger can't be read."""
    rename(folder / "ledger.db", "event", "lost")
    try:
        yield
    finally:
        rename(folder / "ledger.db", "lost", "event")


@pytest.mark.parametrize("way", WAYS)
def test_a_ledger_out_of_use_is_waited_for(
    tmp_path: Path, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    record_the_world(url)
    head = len(WORLD)
    ahead = FROM_NOW_ON.replace("eventRecorded", f"eventRecorded(after: {head + 2})")
    with served(tmp_path) as (server, address), ThreadPoolExecutor(2) as listening:
        until(lambda: bool(server.head == head))
        told = [WAYS[way](address, query, "eventRecorded") for query in (FROM_NOW_ON, ahead)]
        with out_of_use(tmp_path):
            first = listening.submit(next, told[0])
            until(lambda: "no subscription begins" in caplog.text)
        until(lambda: state(server).head.is_ledger_known)
        with open_ledger(url) as ledger:
            assert record(ledger, 1) == first.result(30)
            with views_at_a_stand(tmp_path / "views.db"):
                assert record(ledger, 2) == head + 2
                with out_of_use(tmp_path):
                    second = listening.submit(next, told[1])
                    until(lambda: state(server).places.open == 2)
                    time.sleep(1)  # nobody can say whether the position is recorded
                    assert not second.done()
            assert record(ledger, 3) == second.result(30)


def test_whoever_waits_is_woken_though_another_saw_the_views_move_first() -> None:
    async def woken() -> int | None:
        at = 1
        head = Head(lambda: at, lambda: at, lambda: "a build")
        head.look()
        waiting = asyncio.create_task(head.beyond(1))
        await asyncio.sleep(0)
        at = 2
        assert await head.newest() == 2  # another subscription begins between two looks
        return await asyncio.wait_for(waiting, 5)

    assert asyncio.run(woken()) == 2
