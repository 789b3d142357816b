"""A browser for each process of tests, the demo served once, and a page for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.console.browser import CALM, Person, browser, built, served

expect.set_options(timeout=CALM)


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the demo, for tests that record nothing."""
    built()
    folder: Path = tmp_path_factory.mktemp("demo")
    with served(folder, "demo") as address:
        yield address


@pytest.fixture
def person(chromium_browser: Browser, demo: str) -> Iterator[Person]:
    """Somebody before a fresh page of the demo, on a screen of 1280 by 800."""
    context = chromium_browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC"
    )
    somebody = Person.before(context.new_page(), demo)
    yield somebody
    context.close()
    assert somebody.complaints == []


@pytest.fixture
def looker(chromium_browser: Browser, tmp_path: Path) -> Iterator[Person]:
    """Somebody before the page of a server of their own."""
    built()
    with served(tmp_path, "demo") as address:
        context = chromium_browser.new_context(viewport={"width": 1280, "height": 800})
        yield Person.before(context.new_page(), address)
        context.close()
