"""Does GraphiQL ask this server in a real browser, and no other?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.browser import CALM, Person, built, served
from tests.keys import token_of, write_keys

SUBSCRIPTION = "subscription { eventRecorded(after: 0) { position statement } }"


@pytest.fixture
def somebody(chromium_browser: Browser, demo: str) -> Iterator[Person]:
    context = chromium_browser.new_context()
    person = Person.before(context.new_page(), demo)
    yield person
    context.close()
    assert person.complaints == []


def open_graphiql(page: Page, address: str) -> None:
    page.goto(f"{address}/graphql")
    expect(page.get_by_role("button", name="Execute query")).to_be_visible()


def response(page: Page) -> str:
    return page.get_by_label("Result Window").inner_text()


def write(page: Page, text: str) -> None:
    page.locator("section[aria-label='Query Editor'] .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def test_it_knows_the_schema_and_its_first_question_is_answered(somebody: Person) -> None:
    page = somebody.page
    open_graphiql(page, somebody.address)
    page.get_by_role("button", name="Execute query").click()
    expect(page.get_by_label("Result Window")).to_contain_text('"Wagner"', timeout=CALM)
    page.get_by_role("button", name="Show Documentation Explorer").click()
    somebody.sees("ControlStatus")  # the introspection was answered, within the limits of prices
    elsewhere = [each for each in somebody.asked if not each.startswith(somebody.address)]
    assert [each for each in elsewhere if not each.startswith("data:")] == []


def test_a_subscription_shows_what_is_recorded(somebody: Person) -> None:
    page = somebody.page
    open_graphiql(page, somebody.address)
    write(page, SUBSCRIPTION)
    page.get_by_role("button", name="Execute query").click()
    expect(page.get_by_label("Result Window")).to_contain_text('"position"', timeout=CALM)
    page.get_by_role("button", name="Stop query").click()


def test_a_token_among_the_headers_lets_a_reader_ask(
    chromium_browser: Browser, tmp_path: Path
) -> None:
    built()
    keys = write_keys(tmp_path / "keys.json", {"reader": ["read"]})
    settings = {"TENURE_KEYS": str(keys), "TENURE_READ": "keys", "TENURE_GRAPHIQL": "1"}
    with served(tmp_path, "demo", **settings) as address:
        page = chromium_browser.new_page()
        open_graphiql(page, address)
        run = page.get_by_role("button", name="Execute query")
        run.click()
        window = page.get_by_label("Result Window")
        expect(window).to_contain_text("reading needs a bearer token", timeout=CALM)
        page.locator("section[aria-label='Headers'] .graphiql-editor:not(.hidden)").click()
        page.keyboard.insert_text(f'{{"Authorization": "Bearer {token_of("reader")}"}}')
        run.click()
        expect(window).to_contain_text('"Wagner"', timeout=CALM)
        page.close()
