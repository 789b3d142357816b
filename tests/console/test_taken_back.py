"""Does the panel of a place say what was taken back?"""

from playwright.sync_api import expect

from tests.console.browser import Person, asked
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
