"""Answers: who makes the pages of subscriptions, how many, and on which ledger?"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.graphql.subscription_places import SubscriptionLimits
from api.http.app import create_app
from api.node import Node
from domain.events import ReportFiled
from infra.ledger.codec import identify
from infra.ledger.ledger import open_ledger
from infra.settings import Settings
from tests.api.server import Server, describe_the_world
from tests.api.serving import serving
from tests.api.sockets import Socket, socket_to
from tests.api.test_serving import record_the_world, seize, until
from tests.domain.builders import event

LATER = "subscription { eventRecorded { position } }"
EVENTS = "subscription { eventRecorded(after: 0) { position statement } }"
WHOSE = """subscription { controlChanged(after: 0, perspective: {minReliability: B}) {
    position before { status } control { status location { slug } } } }"""
DEAR = EVENTS.replace("statement", " ".join(f"a{each}: statement" for each in range(40)))
FEW = SubscriptionLimits(results=7, page_bytes=3_000)


@contextmanager
def served(
    folder: Path, limits: SubscriptionLimits | None = None, ledger: str = "", **more: Any
) -> Iterator[tuple[Server, str]]:
    """A server in this process, and its address."""
    url = ledger or f"sqlite:///{folder / 'ledger.db'}"
    settings = Settings(ledger=url, views=folder / "views.db", **more)
    app = create_app(settings, subscription_limits=limits)
    with TestClient(app, base_url="http://127.0.0.1") as http, serving(app, lifespan="off") as at:
        yield Server(http), at


@contextmanager
def following(address: str, *queries: str) -> Iterator[Socket]:
    with socket_to(address) as made:
        made.init()
        for number, query in enumerate(queries):
            made.subscribe(query, str(number))
        yield made


def state(server: Server) -> Any:
    return server.http.app.state.subscriptions  # type: ignore[attr-defined]


def told(server: Server, number: int) -> None:
    """So many reports, in one append."""
    node: Node = server.http.app.state.node  # type: ignore[attr-defined]
    common = {"source": "rfi", "published": "2024-01-01", "title": "Later"}
    said = [event(ReportFiled, report=f"later-{each}", **common) for each in range(number)]
    node.ledger.record([identify(each) for each in said], by="another")
    until(lambda: server.head == node.ledger.head)


def test_a_page_that_many_ask_for_is_made_once(tmp_path: Path) -> None:
    with served(tmp_path, ledger="memory:") as (server, address), ExitStack() as stack:
        describe_the_world(server)
        made = [stack.enter_context(following(address, LATER)) for _ in range(30)]
        until(lambda: state(server).places.open == 30)
        before, head = state(server).pages.made, server.head
        server.later_report("2024-01-01")
        for each in made:
            assert each.results(1, "eventRecorded") == [{"position": head + 1}]
        assert state(server).pages.made - before <= 2  # the last one to begin may ask for itself


def test_no_page_outlives_a_rebuild_of_the_views(tmp_path: Path) -> None:
    with served(tmp_path) as (server, address):
        describe_the_world(server)
        node: Node = server.http.app.state.node  # type: ignore[attr-defined]

        def pages_made() -> int:
            before: int = state(server).pages.made
            with following(address, EVENTS) as one:
                one.results(server.head, "eventRecorded")
            return int(state(server).pages.made) - before

        assert pages_made() > 0
        assert pages_made() == 0, "they are kept"
        node.projector.rebuild()
        assert pages_made() > 0


@pytest.mark.parametrize("query", [EVENTS, DEAR, WHOSE])
def test_pages_by_helpers_are_those_of_the_event_loop(tmp_path: Path, query: str) -> None:
    """A question that is dear, or about a long past, is answered in another process."""
    with served(tmp_path, FEW) as (server, address):
        describe_the_world(server)
        told(server, 600 if query is EVENTS else 30)
        server.seized("csp", on="2023-11-13")
        server.seized("fama", on="2023-11-14")
        field = "controlChanged" if query is WHOSE else "eventRecorded"
        with following(address, query) as one, following(address, query.replace("after: 0", "")):
            if query is not WHOSE:
                found = one.results(server.head, field)
                assert [each["position"] for each in found] == [*range(1, server.head + 1)]
            else:
                found = one.results(2, field)
                assert found[0]["control"]["location"] == {"slug": "kidal"}
                assert found[0]["before"] is None
            server.later_report("2024-01-01")
            if query is not WHOSE:
                assert one.results(1, field)[0]["position"] == server.head


def test_an_outage_of_the_views_is_waited_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with served(tmp_path) as (server, address), following(address, LATER) as made:
        describe_the_world(server)
        head = server.head
        made.results(head, "eventRecorded")
        views, away = tmp_path / "views.db", tmp_path / "away.db"
        views.rename(away)
        until(lambda: "the position of the views can't be read" in caplog.text)
        with following(address, "subscription { eventRecorded(after: 0) { position } }") as another:
            another.tell("ping")
            assert another.hear() == {"type": "pong"}
            away.rename(views)
            assert len(another.results(head, "eventRecorded")) == head
        server.later_report("2024-01-01")
        assert made.results(1, "eventRecorded") == [{"position": head + 1}]


def test_what_others_record_is_told_on_every_ledger(ledger_url: str, tmp_path: Path) -> None:
    if ledger_url == "memory:":
        pytest.skip("nobody else can record into the memory of this process")
    record_the_world(ledger_url)
    with served(tmp_path, ledger=ledger_url) as (server, address):
        until(lambda: server.http.get("/readyz").json()["ready"] is True)
        head = server.head
        ahead = f"subscription {{ eventRecorded(after: {head + 1}) {{ position }} }}"
        with following(address, LATER, ahead) as made, open_ledger(ledger_url) as another:
            error = made.hear()
            assert (error["id"], error["type"]) == ("1", "error")
            assert error["payload"][0]["extensions"]["code"] == "NotRecordedYet"
            until(lambda: state(server).places.open == 1)
            seize(another)
            assert made.results(1, "eventRecorded") == [{"position": head + 1}]


def test_subscriptions_hold_so_many_bytes_at_most(tmp_path: Path) -> None:
    limits = SubscriptionLimits(question_bytes=2_500)
    with served(tmp_path, limits, ledger="memory:") as (server, address):
        with following(address, LATER, LATER, LATER) as made:
            assert made.hear()["payload"][0]["extensions"]["code"] == "Busy"
            assert state(server).places.open == 2
        until(lambda: state(server).places.open == 0)
        with following(address, LATER):
            until(lambda: state(server).places.open == 1)
