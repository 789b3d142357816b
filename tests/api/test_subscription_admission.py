"""Answers: is a subscriber let in as a reader is, and shut out once the token no longer counts?"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError

import pytest
from websockets.exceptions import InvalidStatus

from api.graphql.subscription_places import SubscriptionLimits
from api.http.app import create_app
from infra.settings import Settings
from tests.api.serving import serving
from tests.api.sockets import Socket, events_of, socket_to
from tests.api.test_jwt_tokens import AUDIENCE, ED, ISSUER, public, token
from tests.keys import token_of, write_keys, write_private

LATER = "subscription { eventRecorded { position recordedBy } }"
QUICK = SubscriptionLimits(admission_seconds=0.1)
SCOPES = {"nobody": [], "reader": ["read"], "auditor": ["audit"], "writer": ["record"]}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return write_keys(tmp_path / "keys.json", SCOPES)


@pytest.fixture
def address(tmp_path: Path, keys: Path) -> Iterator[str]:
    """A server whose readers need tokens."""
    jwks = write_private(tmp_path / "jwks.json", json.dumps({"keys": [public(ED, kid="ed")]}))
    settings = Settings(
        ledger="memory:",
        views=tmp_path / "views.db",
        keys=keys,
        read="keys",
        jwt_keys=jwks,
        jwt_issuer=ISSUER,
        jwt_audience=AUDIENCE,
    )
    with serving(create_app(settings, subscription_limits=QUICK)) as url:
        yield url


def bearer(subject: str) -> str:
    return f"Bearer {token_of(subject)}"


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
def test_a_token_in_the_first_message_counts_as_one_in_a_header(address: str, name: str) -> None:
    with socket_to(address) as browser:
        browser.init(**{name: bearer("reader")})
        browser.subscribe("{ __typename }")
        assert browser.hear()["type"] == "next"
    with socket_to(address, Authorization=bearer("reader")) as program:
        program.init()
        program.subscribe("{ __typename }")
        assert program.hear()["type"] == "next"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, 4403),
        ({"Authorization": ""}, 4403),
        ({"Authorization": "Bearer unknown"}, 4403),
        ({"Authorization": "Bearer \ud83d\ude00"}, 4403),
        ({"Authorization": bearer("nobody")}, 4403),
        ({"Authorization": f"Basic {token_of('reader')}"}, 4403),
        ({"Authorization": 17}, 4400),
        ({"Authorization": "x" * 20_000}, 4400),
        ({"token": token_of("reader")}, 4403),
    ],
)
def test_whoever_is_not_admitted_is_closed(
    address: str, payload: dict[str, object], code: int
) -> None:
    with socket_to(address) as stranger:
        stranger.tell("connection_init", payload=payload)
        assert stranger.close_code() == code


def test_a_wrong_token_in_a_header_is_refused_before_the_handshake(address: str) -> None:
    for header in ("Bearer unknown", bearer("nobody")):
        with pytest.raises(InvalidStatus) as refused, socket_to(address, Authorization=header):
            pass
        assert refused.value.response.status_code in (401, 403)


def test_nothing_is_answered_to_a_socket_without_a_token(address: str) -> None:
    with socket_to(address) as stranger:
        stranger.subscribe("{ __typename }")
        assert stranger.close_code() == 4401
    with socket_to(address) as stranger:
        stranger.tell("ping")
        assert stranger.hear() == {"type": "pong"}


def test_a_token_that_no_longer_counts_ends_its_subscriptions(address: str, keys: Path) -> None:
    with (
        socket_to(address) as reader,
        socket_to(address) as auditor,
        events_of(address, LATER, Authorization=bearer("reader")) as events,
    ):
        reader.init(Authorization=bearer("reader"))
        reader.subscribe(LATER)
        auditor.init(Authorization=bearer("auditor"))
        auditor.subscribe(LATER)
        assert next(events) == {"id": "0"}
        write_keys(keys, {"auditor": ["read"]})  # one is gone, and the other has fewer rights
        assert reader.close_code() == 4403
        assert auditor.close_code() == 4403
        assert [*events] == []
    again = events_of(address, LATER, Authorization=bearer("reader"))
    with pytest.raises(HTTPError) as refused, again:
        pass
    refused.value.close()
    assert refused.value.code == 401


def test_a_jwt_ends_its_subscriptions_when_it_expires(address: str) -> None:
    soon = int(time.time()) - 58  # the clocks of issuers may be a minute off
    with socket_to(address) as made:
        made.init(Authorization=f"Bearer {token(ED, 'EdDSA', 'ed', scope='read', exp=soon)}")
        made.subscribe(LATER)
        assert made.close_code() == 4403


def test_what_is_for_auditors_is_shown_to_auditors_alone(address: str) -> None:
    """Two who ask the same in the same words share no page, unless they have the same scopes."""
    command = """mutation { registerSource(input: {source: "x", name: "X", reliability: B}) {
        __typename } }"""

    def following(made: Socket, subject: str) -> Socket:
        made.init(Authorization=bearer(subject))
        made.subscribe(LATER)
        return made

    with socket_to(address) as one, socket_to(address) as two, socket_to(address) as three:
        auditor, reader = following(one, "auditor"), following(two, "reader")
        time.sleep(0.3)
        three.init(Authorization=bearer("writer"))
        three.subscribe(command)
        assert three.hear()["payload"]["data"]["registerSource"]["__typename"] == "Recorded"
        assert auditor.results(1, "eventRecorded") == [{"position": 1, "recordedBy": "writer"}]
        assert reader.results(1, "eventRecorded") == [{"position": 1, "recordedBy": None}]


@pytest.mark.parametrize("read", ["anybody", None])
def test_a_page_of_another_site_opens_no_socket(
    tmp_path: Path, keys: Path, read: Literal["anybody"] | None
) -> None:
    settings = Settings(ledger="memory:", views=tmp_path / "views.db", keys=keys, read=read)
    with (
        serving(create_app(settings)) as url,
        pytest.raises(InvalidStatus) as refused,
        socket_to(url, Origin="https://elsewhere.example"),
    ):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("read", "headers", "is_open"),
    [
        ("anybody", {}, True),
        (None, {}, True),
        (None, {"X-Forwarded-For": "192.0.2.1"}, False),
    ],
)
def test_without_a_token_whoever_may_read_may_subscribe(
    tmp_path: Path,
    keys: Path,
    read: Literal["anybody"] | None,
    headers: dict[str, str],
    is_open: bool,
) -> None:
    settings = Settings(ledger="memory:", views=tmp_path / "views.db", keys=keys, read=read)
    with serving(create_app(settings)) as url, socket_to(url, **headers) as made:
        made.tell("connection_init")
        if is_open:
            assert made.hear() == {"type": "connection_ack"}
            made.subscribe('mutation { registerSource(input: {source: "x", name: "X", '
                           'reliability: B}) { ... on Refused { code } } }')  # fmt: skip
            assert made.hear()["payload"]["data"]["registerSource"] == {"code": "NotPermitted"}
        else:
            assert made.close_code() == 4403


@pytest.mark.parametrize("read", ["anybody", None])
def test_a_page_of_another_site_may_not_open_one(
    tmp_path: Path, keys: Path, read: Literal["anybody"] | None
) -> None:
    """Browsers show such a page no answer over HTTP; of WebSockets they ask nobody."""
    settings = Settings(ledger="memory:", views=tmp_path / "views.db", keys=keys, read=read)
    page = {"Origin": "https://elsewhere.example"}
    with (
        serving(create_app(settings)) as url,
        pytest.raises(InvalidStatus) as refused,
        socket_to(url, **page),
    ):
        pass
    assert refused.value.response.status_code == 403
