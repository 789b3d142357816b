"""Is a map built once, in the process of maps, and are the next questions answered from memory?"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.answers.moving.at_hand import MapsAtHand
from api.graphql.documents import Documents
from api.graphql.helpers import HelperLimits, Helpers, HelperThread
from api.graphql.limits import Limits
from api.graphql.view import Elsewhere
from api.http.map_answers import MapAnswers, MapForm, MapMade, MapTask, carried_out
from api.http.map_question import MapQuestion, asked_in_url
from api.http.map_sending import Body
from api.node import Node
from api.schema.contract import schema
from api.schema.prices import PRICES
from tests.api.server import Server, describe_the_world, server_at

DAY, BEFORE = "2023-11-20", "2023-11-10"


@pytest.fixture
def war(tmp_path: Path) -> Iterator[Server]:
    """A server whose ledger is a file, and whose map is made by another process."""
    with server_at(tmp_path) as server:
        describe_the_world(server)
        server.seized("fama", on="2023-11-14")
        yield server


def column(server: Server, **given: Any) -> dict[str, Any]:
    answer = server.http.get("/map/column", params=given)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def maps_of(server: Server) -> MapAnswers:
    found: MapAnswers = server.http.app.state.maps  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("more", [{}, {"publishedBy": "2023-11-19"}, {"minCredibility": 5}])
def test_after_the_first_answer_the_process_of_maps_is_not_needed(
    war: Server, more: dict[str, Any]
) -> None:
    first = column(war, at=DAY, **more)
    assert war.http.get("/map/places").status_code == 200
    maps_of(war).helpers.close()  # whatever asks the process now fails
    assert column(war, at=DAY, **more) == first
    earlier = column(war, at=BEFORE, **more)
    assert {look["status"] for look in earlier["looks"]} == {"UNKNOWN"}
    changed = war.http.get("/map/changes", params={"from": BEFORE, "to": DAY, **more})
    assert (changed.status_code, len(changed.json()["changed"])) == (200, 1)
    assert war.http.get("/map/places").status_code == 200


def test_the_server_builds_no_map_by_itself(war: Server) -> None:
    column(war, at=DAY)
    war.seen("csp", on="2023-11-16", location="gao")
    column(war, at=DAY)
    maps = maps_of(war).node.maps
    assert (maps.built, maps.moved) == (0, 0)


def test_questions_for_one_map_wait_for_one_build(war: Server) -> None:
    node, carried = maps_of(war).node, list[MapTask]()

    def carry(task: MapTask) -> Any:
        carried.append(task)
        return carried_out(node, task)

    async def ask_together() -> list[Any]:
        with counting(node, carry) as maps:
            questions = [asked(DAY), asked(BEFORE), asked("2023-11-15"), asked(DAY)] * 5
            return await asyncio.gather(*(answer(maps, each) for each in questions))

    answers = asyncio.run(ask_together())
    assert len(carried) == 1
    assert all(isinstance(each, Body) for each in answers)
    assert len({each.content for each in answers}) == 3


def test_a_map_that_is_here_is_not_sent_again_for_another_region(war: Server) -> None:
    node, sent = maps_of(war).node, list[Any]()

    def carry(task: MapTask) -> Any:
        made = carried_out(node, task)
        assert isinstance(made, MapMade)
        sent.append(made.sent)
        return made

    async def ask_in_turn() -> None:
        with counting(node, carry) as maps:
            for more in ({}, {"within": "kidal"}, {"bbox": "-1,16,0,17"}):
                await answer(maps, asked(DAY, **more))

    asyncio.run(ask_in_turn())
    assert [each.map is not None for each in sent] == [True, False, False]
    assert all(each.choice is not None for each in sent)


def test_of_a_map_that_is_moved_on_only_the_moved_places_are_sent(war: Server) -> None:
    node, sent = maps_of(war).node, list[Any]()
    before = war.head
    war.seen("csp", on="2023-11-16", location="gao")

    def carry(task: MapTask) -> Any:
        made = carried_out(node, task)
        assert isinstance(made, MapMade)
        sent.append(made)
        return made

    async def ask_in_turn() -> list[Any]:
        with counting(node, carry) as maps:
            for position in (before, before + 1):
                await answer(maps, asked(BEFORE, position=str(position)))
            return [
                await answer(maps, asked(DAY, position=str(position)))
                for position in (before, before + 1)
            ]

    from_memory = asyncio.run(ask_in_turn())
    assert [each.sent.map.strip.lacks_base for each in sent] == [False, True]
    for position, body in zip((before, before + 1), from_memory, strict=True):
        made = carried_out(node, MapTask(MapForm.COLUMN, asked(DAY, position=str(position))))
        assert isinstance(made, MapMade) and made.body.content == body.content
    assert from_memory[0].content != from_memory[1].content


@contextmanager
def counting(node: Node, carry: Callable[[Any], Any]) -> Iterator[MapAnswers]:
    helpers = Helpers(lambda: HelperThread(carry), HelperLimits(at_once=1))
    helpers.start()
    try:
        yield MapAnswers(node, helpers, MapsAtHand(node.views))
    finally:
        helpers.close()


def asked(at: str, **more: str) -> MapQuestion:
    return asked_in_url({"at": at, **more}.items(), ["at"])


async def answer(maps: MapAnswers, question: MapQuestion) -> Any:
    found = maps.look(MapForm.COLUMN, question)
    return found if isinstance(found, Body) else await maps.made(found)


@pytest.mark.parametrize(
    ("document", "is_of_maps"),
    [
        ('{ controlColumn(at: "2020-01-01") { numbers } }', True),
        ('{ dates: changeDates(span: { from: "2020-01-01", to: "2021-01-01" }) { at } }', True),
        ("{ ...m } fragment m on Query { controlColumn(at: 0) { numbers } }", True),
        ('{ controlMap(at: "2020-01-01") { status } }', False),
    ],
)
def test_dear_questions_about_columns_and_dates_share_the_process_of_maps(
    document: str, is_of_maps: bool
) -> None:
    prepared = Documents(schema(), Limits(), PRICES).prepare(
        document.replace("0)", '"2020-01-01")')
    )
    others, of_maps = (Helpers(lambda: HelperThread(str), HelperLimits()) for _ in range(2))
    both = Elsewhere[Any](others, others={"ControlColumn": of_maps, "ChangeDate": of_maps})
    chosen = both.helpers_for(prepared.plans[None])
    assert (chosen is of_maps) == is_of_maps
