"""Does the page hold to WCAG 2.2 AA, as far as axe can tell?"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.command_line import ROOT
from tests.console.browser import Person

AXE = ROOT / "api" / "console" / "app" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "the list": "/?at=2023-11-20",
    "a place": "/?at=2023-11-20&place=kidal",
    "an actor": "/?at=2024-03-20&actor=csp",
    "the situation": "/?at=2024-03-20&show=situation",
    "a comparison": "/?at=2023-11-20&show=compare&with=2023-11-20&with-published=2023-11-13",
    "whose word": "/?at=2023-11-20&show=words",
    "sharing": "/?at=2023-11-20&published=2023-11-15&show=share",
    "sharing a comparison": "/?at=2023-11-20&show=share&with=2023-10-01",
    "checking": "/?at=2023-11-20&check=1b5681cc-0855-57e5-aa4b-b5578117a1eb",
    "keys": "/?at=2023-11-20&show=keys",
    "recording": "/?at=2023-11-20&show=record",
    "correcting": "/?at=2023-11-20&correct=1b5681cc-0855-57e5-aa4b-b5578117a1eb",
    "reinstating": "/?at=2023-11-20&reinstate=1b5681cc-0855-57e5-aa4b-b5578117a1eb",
    "searching": "/?at=2023-11-20&show=search",
}


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: the rule, and the elements that break it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "levels => axe.run(document, {runOnly: {type: 'tag', values: levels}})", LEVELS
    )
    return [
        (
            each["id"],
            [node["html"][:200] + " " + str(node["any"])[:200] for node in each["nodes"][:4]],
        )
        for each in found["violations"]
    ]


@pytest.fixture(params=["light", "dark", "phone", "French"])
def looker(
    request: pytest.FixtureRequest, chromium_browser: Browser, demo: str
) -> Iterator[Person]:
    """Somebody with that screen."""
    kind = request.param
    context = chromium_browser.new_context(
        viewport={"width": 390, "height": 844}
        if kind == "phone"
        else {"width": 1280, "height": 800},
        color_scheme="dark" if kind == "dark" else "light",
        locale="fr-FR" if kind == "French" else "en-GB",
        reduced_motion="reduce",
    )
    somebody = Person.before(context.new_page(), demo)
    yield somebody
    context.close()
    assert somebody.complaints == []


def test_every_panel_is_accessible(looker: Person) -> None:
    found = {}
    for name, address in PAGES.items():
        looker.opens(address)
        expect(looker.page.locator("[aria-busy=true]")).to_have_count(0)
        if said := faults(looker.page):
            found[name] = said
    assert found == {}


def test_a_page_from_right_to_left_is_mirrored_and_time_runs_to_the_right(person: Person) -> None:
    """No language of the page is written so yet; the page is ready for one."""
    person.opens(PAGES["a place"])
    person.evaluates("document.documentElement.dir = 'rtl'")
    boxes = {
        name: person.page.locator(element).bounding_box()
        for name, element in {"beside": "aside", "map": ".map", "legend": ".legend"}.items()
    }
    middles = {name: box["x"] + box["width"] / 2 for name, box in boxes.items() if box}
    assert middles["beside"] < middles["map"] < middles["legend"]
    assert faults(person.page) == []
    slider = person.page.get_by_role("slider", name="Moment in the world")
    before = slider.input_value()
    slider.press("ArrowRight")
    assert int(slider.input_value()) == int(before) + 1
