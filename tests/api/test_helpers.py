"""Answers: is dear work done elsewhere, a few at once, and left when nobody waits for it?"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from api.graphql.helper_process import HelperEnded, HelperFailed, HelperProcess
from api.graphql.helpers import HelperLimits, Helpers
from api.graphql.limits import TooMuch
from api.graphql.messages import Busy
from tests.api.helper_tasks import opened

Body = Callable[[Helpers], Awaitable[None]]
MEMORY = 400_000_000


@pytest.fixture
def helper() -> Iterator[HelperProcess]:
    made = HelperProcess(opened, MEMORY)
    yield made
    made.close()


def test_a_helper_is_another_process_and_stays(helper: HelperProcess) -> None:
    first = helper.ask("who")
    assert first == helper.ask("who") != os.getpid()


def test_a_task_that_fails_says_why_and_the_helper_stays(helper: HelperProcess) -> None:
    first = helper.ask("who")
    with pytest.raises(HelperFailed, match="ValueError: no such thing"):
        helper.ask("fail")
    assert helper.ask("who") == first


def test_a_task_that_eats_memory_or_ends_its_process_fails_alone(helper: HelperProcess) -> None:
    first = helper.ask("who")
    for task in ("eat", "die"):
        with pytest.raises(HelperEnded):
            helper.ask(task)
        assert helper.ask("who") not in (first, os.getpid())


def test_a_helper_that_cannot_open_says_why() -> None:
    helper = HelperProcess(partial(opened, fails=True), MEMORY)
    with pytest.raises(HelperFailed, match="the views are gone"):
        helper.ask("who")
    helper.close()


async def _with(limits: HelperLimits, body: Body) -> None:
    helpers = Helpers.of(opened, limits)
    helpers.start()
    try:
        await helpers.warm("who")
        await body(helpers)
    finally:
        helpers.close()


def test_beyond_the_queue_others_are_told_to_come_back(tmp_path: Path) -> None:
    async def body(helpers: Helpers) -> None:
        dear = ("compute", 0.5, tmp_path / "done")
        asked = [asyncio.create_task(helpers.ask(dear)) for _ in range(3)]
        await asyncio.sleep(0.1)
        with pytest.raises(Busy) as busy:
            await helpers.ask("who")
        assert (busy.value.status, busy.value.retry_after) == (503, b"2")
        await asyncio.gather(*asked)
        assert await helpers.ask("who") != os.getpid()

    asyncio.run(_with(HelperLimits(at_once=1, queued=2), body))


def test_what_nobody_waits_for_is_not_computed(tmp_path: Path) -> None:
    async def body(helpers: Helpers) -> None:
        first = await helpers.ask("who")
        running = asyncio.create_task(helpers.ask(("compute", 20.0, tmp_path / "running")))
        queued = asyncio.create_task(helpers.ask(("compute", 0.1, tmp_path / "queued")))
        await asyncio.sleep(0.2)
        queued.cancel()
        running.cancel()
        for each in (running, queued):
            with suppress(asyncio.CancelledError):
                await each
        began = time.monotonic()
        assert await helpers.ask("who") == first, "it was interrupted, not replaced"
        assert time.monotonic() - began < 5

    asyncio.run(_with(HelperLimits(at_once=1), body))
    assert not list(tmp_path.iterdir())


def test_a_task_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    async def body(helpers: Helpers) -> None:
        with pytest.raises(TooMuch, match="longer than 1 s,"):
            await helpers.ask(("compute", 20.0, tmp_path / "done"))
        assert await helpers.ask("who")

    asyncio.run(_with(HelperLimits(at_once=1, seconds=1.0), body))
    assert not list(tmp_path.iterdir())
