"""What does the page tell of an event, and of one that was taken back?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.console.browser import Person, built, served

SEIZED = "9cbb8ea8-1316-57b1-bc9a-9273a41162ae"
"""FAMa and Wagner seized Kidal, says the international press."""


def ask(address: str, query: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urlopen(request) as response:
        return json.load(response)["data"]


def test_an_event_has_its_words_its_report_its_entry_and_all_its_fields(person: Person) -> None:
    person.opens("/?at=2023-11-20&place=kidal")
    person.page.get_by_role("link", name="FAMa and Wagner seized Kidal from CSP").first.click()
    page = person.page
    expect(
        page.get_by_role("heading", name="FAMa and Wagner seized Kidal from CSP")
    ).to_be_visible()
    person.sees("Happened 14 Nov 2023")
    person.sees("The army and Wagner take the town.")
    person.sees("B: usually reliable source. 2: probably true.")
    expect(person.page.get_by_role("article").get_by_text(SEIZED).first).to_be_visible()
    panel = page.get_by_role("complementary")
    for field, value in (("Taken from", "CSP"), ("By", "FAMa, Wagner"), ("Credibility", "2")):
        row = panel.locator("dl > div").filter(has=page.get_by_text(field, exact=True))
        expect(row.get_by_role("definition")).to_have_text(value)
    panel.get_by_role("link", name="The army and Wagner in Kidal").click()
    expect(page.get_by_role("heading", name="The army and Wagner in Kidal")).to_be_visible()


def test_an_event_that_was_not_public_yet_says_so(person: Person) -> None:
    person.opens(f"/?at=2023-11-20&published=2023-11-14&event={SEIZED}")
    person.sees("This was not public on 14 Nov 2023")
    person.opens(f"/?at=2023-11-20&published=2023-11-15&event={SEIZED}")
    person.sees("Happened 14 Nov 2023")
    expect(person.page.get_by_text("This was not public")).to_have_count(0)


@pytest.fixture
def corrected(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A server of the demo where the seizure of Kidal was corrected, and when that was recorded."""
    built()
    with served(tmp_path, "demo") as address:
        correction = """mutation ($input: CorrectEventInput!) { correctEvent(input: $input) {
            __typename ... on Recorded { event { recordedAt } } ... on Refused { message } } }"""
        before = ask(address, "{ ledger { recordedAt } }")["ledger"]["recordedAt"]
        told = ask(
            address,
            correction,
            input={
                "event": SEIZED,
                "reason": "the town fell a day later",
                "report": "un-half-year-2024-01",
                "corrected": {
                    "townSeized": {
                        "location": "kidal",
                        "by": ["fama", "wagner"],
                        "occurred": "2023-11-15",
                        "report": "un-half-year-2024-01",
                        "credibility": 2,
                    }
                },
            },
        )["correctEvent"]
        assert told["__typename"] == "Recorded", told
        yield address, before


def test_a_corrected_event_tells_why_by_whom_and_what_stands_instead(
    chromium_browser: Browser, corrected: tuple[str, str]
) -> None:
    address, before = corrected
    context = chromium_browser.new_context(locale="en-GB")
    person = Person.before(context.new_page(), address)
    person.opens(f"/?at=2023-11-20&event={SEIZED}")
    person.sees("This was taken back: no answer uses it any more.")
    person.sees("the town fell a day later")
    kept = person.page.get_by_role("listitem").filter(has_text="Event retracted")
    expect(kept).to_contain_text("United Nations reporting")
    expect(kept.get_by_text("learned later")).to_have_count(0)
    person.opens(f"/?at=2023-11-20&recorded={before}&event={SEIZED}")
    expect(kept.get_by_text("learned later")).to_be_visible()
    kept.get_by_role("link", name="FAMa and Wagner seized Kidal").click()
    person.sees("Happened 15 Nov 2023")
    person.sees("This had not been recorded")
    context.close()
    assert person.complaints == []
