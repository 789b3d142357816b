"""Answers: are server-sent events sent as graphql-sse and browsers expect them?"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from api.graphql.messages import EventStreams, event_streams_for
from api.graphql.subscription_places import SubscriptionLimits
from api.http.app import create_app
from infra.settings import Settings
from tests.api.server import Server, describe_the_world, server_at
from tests.api.serving import serving
from tests.api.sockets import PATIENCE, events_of

EVENTS = "subscription { eventRecorded(after: 3) { position } }"
QUICK = SubscriptionLimits(heartbeat_seconds=0.2, admission_seconds=0.1, of_one_subject=1)
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server_at(tmp_path_factory.mktemp("told")) as server:
        describe_the_world(server)
        yield server


@pytest.fixture(scope="module")
def address(told: Server) -> Iterator[str]:
    with serving(told.http.app, lifespan="off") as url:
        yield url


def positions(events: Iterator[dict[str, str]], number: int) -> list[tuple[str, int]]:
    """Id and position of so many events."""
    found = events_with_data(events, number)
    assert {event["event"] for event in found} == {"next"}
    return [(e["id"], json.loads(e["data"])["data"]["eventRecorded"]["position"]) for e in found]


def events_with_data(events: Iterator[dict[str, str]], number: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    while len(found) < number:
        event = next(events)
        if "data" in event:
            found.append(event)
    return found


def test_the_id_of_an_event_is_its_position_and_whoever_names_it_goes_on(
    address: str, told: Server
) -> None:
    head = told.head
    with events_of(address, EVENTS) as events:
        assert next(events) == {"id": "3"}
        assert positions(events, head - 3) == [(str(each), each) for each in range(4, head + 1)]
        told.later_report("2024-01-01")
        assert positions(events, 1) == [(str(head + 1), head + 1)]
    with events_of(address, EVENTS, **{"Last-Event-ID": str(head - 1)}) as events:
        assert next(events) == {"id": str(head - 1)}
        assert positions(events, 2) == [(str(each), each) for each in (head, head + 1)]


def test_a_stream_is_kept_by_nobody_and_buffered_by_nobody(address: str) -> None:
    given = urlencode({"query": EVENTS})
    with urlopen(Request(f"{address}/graphql?{given}", headers=STREAM), timeout=PATIENCE) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store, no-transform"
        assert answer.headers["x-accel-buffering"] == "no"


def refused(address: str, method: str, query: str, **headers: str) -> tuple[int, str]:
    """Status and body of what is refused before the first event."""
    given = urlencode({"query": query})
    url, body = f"{address}/graphql", None
    if method == "POST":
        body = json.dumps({"query": query}).encode()
        headers = {**headers, "Content-Type": "application/json"}
    else:
        url += f"?{given}"
    try:
        asked = Request(url, body, STREAM | headers, method=method)
        with urlopen(asked, timeout=PATIENCE) as answer:
            return answer.status, ""
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_refused_has_a_status_of_its_own(address: str, told: Server, method: str) -> None:
    for query, status, why in (
        ("{ nope }", 400, "Cannot query field"),
        ("subscription { nope }", 400, "Cannot query field"),
        ("subscription { eventRecorded(after: -1) { position } }", 400, "BadStart"),
        ("subscription { eventRecorded(after: 999) { position } }", 400, "NotRecordedYet"),
    ):
        code, body = refused(address, method, query)
        assert code == status
        assert why in body
    ahead = {"Last-Event-ID": f"{told.head + 1}:1"}
    code, body = refused(address, method, EVENTS, **ahead)
    assert (code, "NotRecordedYet" in body) == (400, True)
    for bad in ("x", "0:1", "9" * 5_000, "1:1:1", "é"):
        code, body = refused(address, method, EVENTS, **{"Last-Event-ID": bad})
        assert (code, "Last-Event-ID" in body) == (400, True)


def test_no_mutation_is_sent_by_get_and_no_head_is_streamed(address: str) -> None:
    command = (
        'mutation { registerActor(input: {actor: "x", name: "X", kind: MISSION}) {__typename}}'
    )
    assert refused(address, "GET", command)[0] == 405
    assert refused(address, "HEAD", EVENTS)[0] == 405
    assert refused(address, "PUT", EVENTS)[0] == 405


def test_a_question_is_a_stream_of_one_event(address: str) -> None:
    with events_of(address, "{ __typename }") as events:
        assert [*events] == [
            {"event": "next", "data": '{"data":{"__typename":"Query"}}'},
            {"event": "complete", "data": ""},
        ]


def test_whoever_accepts_no_stream_is_told_where_subscriptions_are(told: Server) -> None:
    message = told.post(EVENTS).text
    assert "text/event-stream" in message
    assert "graphql-transport-ws" in message


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (b"text/event-stream", EventStreams.EVERYTHING),
        (b"Text/Event-Stream;q=0.5", EventStreams.EVERYTHING),
        (b"*/*", EventStreams.NOTHING),
        (b"", EventStreams.NOTHING),
        (b"text/event-stream;q=0", EventStreams.NOTHING),
        (b"application/json, text/event-stream;q=0.5", EventStreams.NOTHING),
        (b"text/event-stream, application/json;q=0.5", EventStreams.EVERYTHING),
        (b"application/json, text/event-stream", EventStreams.SUBSCRIPTIONS),
        (b"text/*", EventStreams.NOTHING),
    ],
)
def test_a_stream_is_for_whoever_names_it(accept: bytes, wanted: EventStreams) -> None:
    assert event_streams_for(accept) is wanted


def test_who_takes_both_has_a_stream_of_subscriptions_alone(told: Server, address: str) -> None:
    both = "application/json, text/event-stream"
    answer = told.http.post("/graphql", json={"query": "{ __typename }"}, headers={"Accept": both})
    assert answer.json() == {"data": {"__typename": "Query"}}
    with events_of(address, EVENTS, Accept=both) as events:
        assert next(each["event"] for each in events if "data" in each) == "next"


def test_a_silent_stream_shows_signs_of_life_and_how_far_it_is(tmp_path: Path) -> None:
    settings = Settings(ledger="memory:", views=tmp_path / "views.db")
    app = create_app(settings, subscription_limits=QUICK)
    silent = 'subscription { eventRecorded(filter: {types: ["BaseCaptured"]}) { position } }'
    with serving(app) as url:
        with events_of(url, silent) as events:
            assert next(events) == {"id": "0"}
            beat = next(events)
            assert beat.pop(":", "") == ""
            assert beat == {"id": "0"}
            command = """mutation { registerSource(input: {source: "x", name: "X",
                reliability: B}) { __typename } }"""
            body = json.dumps({"query": command}).encode()
            head = {"Content-Type": "application/json"}
            urlopen(Request(f"{url}/graphql", body, head), timeout=PATIENCE).close()
            while beat["id"] != "1":  # a filtered client need not begin at the beginning again
                beat = next(events)
            assert refused(url, "POST", silent)[0] == 503
        deadline = time.monotonic() + PATIENCE
        while refused(url, "POST", "{ __typename }")[0] != 200 or not _has_room(url, silent):
            assert time.monotonic() < deadline


def _has_room(url: str, query: str) -> bool:
    """Whether the place of the client that has gone is free again."""
    try:
        with events_of(url, query) as events:
            return next(events) == {"id": "1"}
    except HTTPError as busy:
        with busy:
            return False
