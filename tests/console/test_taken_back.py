"""Does the panel of a place say what was taken back?"""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.console.browser import Person, built, served
from tests.console.test_place import answer, unfolded

TAKE_BACK = """
mutation ($report: ReportFiledInput!, $taken: EventRetractedInput!) {
  fileReport(input: $report) { __typename ... on Refused { message } }
  retractEvent(input: $taken) { __typename ... on Refused { message } }
}
"""
EVIDENCE = """
query ($location: ID!, $at: Moment!) {
  control(location: $location, at: $at) { evidence { eventId } rivals { evidence { eventId } } }
}
"""


@pytest.fixture
def looker(chromium_browser: Browser, tmp_path: Path) -> Iterator[Person]:
    """Somebody before the page of a server of their own."""
    built()
    with served(tmp_path, "demo") as address:
        context = chromium_browser.new_context(viewport={"width": 1280, "height": 800})
        yield Person.before(context.new_page(), address)
        context.close()


def asked(address: str, query: str, **variables: object) -> Any:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=30)
    body = json.dumps({"query": query, "variables": variables})
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    reply = json.loads(connection.getresponse().read())
    connection.close()
    return reply["data"]


def take_back(address: str, event: str) -> None:
    report = {"report": f"not-{event[:8]}", "source": "world-press", "title": "We were wrong"}
    taken = {"event": event, "reason": "Another town", "report": report["report"]}
    told = asked(address, TAKE_BACK, report={**report, "published": "2026-11-01"}, taken=taken)
    assert {each["__typename"] for each in told.values()} == {"Recorded"}, told


def test_what_was_taken_back_is_marked_where_it_changed_the_answer(looker: Person) -> None:
    found = asked(looker.address, EVIDENCE, location="kidal", at="2023-11-20")
    take_back(looker.address, found["control"]["rivals"][0]["evidence"][0]["eventId"])
    looker.opens("/?at=2023-11-20&place=kidal")
    changes = unfolded(looker, "How this answer changed").get_by_role("listitem")
    expect(changes.filter(has_text="CSP held Kidal, 15")).to_have_count(2)
    expect(changes.filter(has_text="entry 146")).to_contain_text("Taken back in entry 190")
    retraction = changes.filter(has_text="entry 190 ·")
    expect(retraction).to_contain_text("CSP held Kidal, 15 – 17 Nov 2023taken back: Another town")
    box = retraction.get_by_text("Event retracted").bounding_box()
    assert box and box["width"] > 90 and box["height"] < 30


def test_a_place_of_which_all_was_taken_back_says_so(looker: Person) -> None:
    found = asked(looker.address, EVIDENCE, location="aguelhok", at="2023-11-20")
    for event in found["control"]["evidence"]:
        take_back(looker.address, event["eventId"])
    looker.opens("/?at=2023-11-20&place=aguelhok")
    expect(answer(looker)).to_contain_text("not known")
    expect(answer(looker)).to_contain_text("was taken back")
    answer(looker).get_by_text("Why we say so, in full").click()
    expect(answer(looker)).to_contain_text("Nothing that counts says who controlled Aguelhok")
