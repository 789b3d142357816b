"""Does an open page follow the ledger, and say when it can't?"""

import re
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route, expect

from tests.console.browser import Person, asked, built, served

TOLD = """
mutation ($report: ReportFiledInput!, $seized: TownSeizedInput!) {
  fileReport(input: $report) { __typename ... on Refused { message } }
  recordTownSeized(input: $seized) { __typename ... on Refused { message } }
}
"""


def tell(address: str, on: str) -> None:
    """Another town falls."""
    report = {"report": f"later-{on}", "source": "world-press", "published": on, "title": "Later"}
    seized = {"location": "gao", "by": ["csp"], "occurred": on, "report": f"later-{on}"}
    send(address, TOLD, {"report": report, "seized": {**seized, "credibility": 2}})


def send(address: str, mutation: str, variables: dict[str, Any]) -> None:
    answer = asked(address, mutation, **variables)
    assert {each["__typename"] for each in answer.values()} == {"Recorded"}, answer


def test_what_is_recorded_moves_the_map_on(looker: Person) -> None:
    looker.opens("/?at=2024-03-25")
    expect(looker.page.get_by_text("live, 188 entries")).to_be_visible()
    tell(looker.address, "2024-03-24")
    expect(looker.page.get_by_role("button", name="Gao held by CSP")).to_be_visible()
    expect(looker.page.get_by_text("live, 190 entries")).to_be_visible()


def test_what_is_beside_the_map_follows_as_the_map_does(looker: Person) -> None:
    looker.opens("/?at=2024-03-25&place=gao")
    expect(looker.page.get_by_role("article")).to_contain_text("Nothing that says who holds")
    expect(looker.page.get_by_text("live, 188 entries")).to_be_visible()
    tell(looker.address, "2024-03-24")
    expect(looker.page.get_by_role("article")).to_contain_text("CSP seized Gao")


def test_a_pinned_comparison_stays_as_it_is(looker: Person) -> None:
    looker.opens("/?at=2024-03-25&show=compare&with=2023-12-25&position=188")
    same = looker.page.get_by_text("The two say the same of every place.")
    expect(same).to_be_visible()
    tell(looker.address, "2023-12-24")
    expect(looker.page.get_by_text("188 of 190 entries")).to_be_visible()
    looker.opens("/?at=2024-03-25&show=compare&with=2023-12-25&position=188")
    expect(same).to_be_visible()
    looker.page.get_by_role("button", name="Exchange the sides").click()
    expect(looker.page).to_have_url(re.compile("at=2023-12-25.*position=188"))
    expect(same).to_be_visible()


def test_a_name_that_was_recorded_later_is_none_of_a_pinned_page(looker: Person) -> None:
    tell(looker.address, "2024-03-24")
    renamed = {"actor": "fama", "name": "New army", "occurred": "2023-11-01"}
    send(
        looker.address,
        "mutation ($renamed: ActorRenamedInput!) {"
        " recordActorRenamed(input: $renamed) { __typename ... on Refused { message } } }",
        {"renamed": {**renamed, "report": "later-2024-03-24", "credibility": 2}},
    )
    looker.opens("/?at=2023-11-20")
    expect(looker.page.get_by_role("button", name="Kidal held by New army")).to_be_visible()
    looker.opens("/?at=2023-11-20&position=188")
    expect(looker.page.get_by_role("button", name="Kidal held by FAMa and Wagner")).to_be_visible()
    expect(looker.page.get_by_role("list", name="Who holds how many places")).to_contain_text(
        "FAMa"
    )


def test_a_page_follows_a_ledger_that_was_put_back_from_an_older_copy(
    chromium_browser: Browser, tmp_path: Path
) -> None:
    built()
    for name in ("older", "lost"):
        (tmp_path / name).mkdir()
    with served(tmp_path / "older", "demo"):
        pass
    shutil.copytree(tmp_path / "older", tmp_path / "lost", dirs_exist_ok=True)
    with chromium_browser.new_context() as context:
        with served(tmp_path / "lost", "serve") as address:
            looker = Person.before(context.new_page(), address).opens("/?at=2024-03-25")
            tell(address, "2024-03-24")
            expect(looker.page.get_by_text("live, 190 entries")).to_be_visible()
        expect(looker.page.get_by_text("offline: shows what was last read")).to_be_visible()
        with served(tmp_path / "older", "serve", port=address.rsplit(":", 1)[1]):
            looker.page.evaluate("void window.dispatchEvent(new Event('online'))")
            expect(looker.page.get_by_text("live, 188 entries")).to_be_visible()
            tell(address, "2024-03-22")
            expect(looker.page.get_by_text("live, 190 entries")).to_be_visible()


def test_a_pinned_page_stays_as_it_is_and_tells_how_far_the_ledger_is(looker: Person) -> None:
    looker.opens("/?at=2024-03-25&position=188")
    expect(looker.page.get_by_text("live, 188 entries")).to_be_visible()
    tell(looker.address, "2024-03-24")
    expect(looker.page.get_by_text("188 of 190 entries")).to_be_visible()
    expect(looker.page.get_by_role("button", name="Gao not known")).to_be_visible()


def test_a_page_of_a_position_that_the_node_has_not_come_to_waits_for_it(looker: Person) -> None:
    looker.page.goto(f"{looker.address}/?at=2024-03-25&position=190&place=gao")
    expect(looker.page.get_by_role("alert").first).to_contain_text("position 190 is not recorded")
    tell(looker.address, "2024-03-24")
    expect(looker.page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(looker.page.get_by_role("article")).to_contain_text("CSP seized Gao")


def test_without_the_server_the_page_says_so_and_shows_what_it_has(
    chromium_browser: Browser, tmp_path: Path
) -> None:
    built()
    with chromium_browser.new_context() as context, served(tmp_path, "demo") as address:
        looker = Person.before(context.new_page(), address).opens("/?at=2023-11-20")
        expect(looker.page.get_by_text("live, 188 entries")).to_be_visible()
        looker.page.context.set_offline(True)
        expect(looker.page.get_by_text("offline: shows what was last read")).to_be_visible()
        expect(looker.page.get_by_role("button", name="Kidal held by FAMa")).to_be_visible()
        looker.page.context.set_offline(False)
        expect(looker.page.get_by_text("live, 188 entries")).to_be_visible()


def test_a_node_whose_answers_lag_behind_its_records_says_how_far(person: Person) -> None:
    def behind(route: Route) -> None:
        lags = {"control": {"lag": 2}, "situation": {"lag": 1}}
        route.fulfill(status=503, json={"ready": False, "reasons": [], "views": lags})

    person.page.route("**/readyz", behind)
    person.opens("/?at=2024-03-25")
    person.sees("2 entries behind")
    # A browser complains of every status above 399.
    person.complaints[:] = [each for each in person.complaints if "503" not in each]
