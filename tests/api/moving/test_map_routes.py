"""The map that moves, asked over HTTP as a page asks it."""

import struct
from array import array
from typing import Any

import pytest

from api.http.app import create_app
from infra.settings import Settings
from tests.api.server import Server
from tests.hostile import NUL

DAY = "2023-11-20"


@pytest.fixture
def war(server: Server) -> Server:
    server.seized("fama", on="2023-11-14")
    return server


def get(server: Server, path: str, **given: Any) -> Any:
    answer = server.http.get(f"/map/{path}", params=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


def shown(server: Server, **given: Any) -> dict[str, dict[str, Any]]:
    """What the column says of each place."""
    column, places = get(server, "column", **given), get(server, "places")
    looks = (column["looks"][number] for number in column["column"])
    return dict(zip(places["id"], looks, strict=True))


def test_a_column_lies_in_the_order_of_the_places(war: Server) -> None:
    places = get(war, "places")
    column = get(war, "column", at=DAY)
    print(places, column)
    assert 0
