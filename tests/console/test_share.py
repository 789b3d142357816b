"""Can somebody pin what the page shows, and take it along?"""

import csv
import json
import re
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.console.browser import Person

SHOWN = "/?at=2023-11-20&published=2023-11-15&show=share"


def saved(person: Person, button: str) -> Path:
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name=button).click()
    return Path(download.value.path())


def test_a_pinned_link_holds_both_times_and_the_position(person: Person) -> None:
    person.opens(SHOWN)
    person.page.get_by_role("button", name="Pin to position 188").click()
    expect(person.page.get_by_text("Pinned to position 188 of the ledger")).to_be_visible()
    link = person.page.get_by_label("Link that shows this for ever").input_value()
    asked = parse_qs(urlsplit(link).query)
    assert (asked["at"], asked["published"], asked["position"]) == (
        ["2023-11-20"],
        ["2023-11-15"],
        ["188"],
    )
    person.sees("This node is reached on this machine only, and so is the link")
    person.page.goto(link)
    expect(person.page.get_by_text("Pinned to position 188 of the ledger")).to_be_visible()


def test_the_citation_says_what_it_rests_on(person: Person) -> None:
    person.opens(SHOWN)
    citation = person.page.get_by_label("Citation")
    expect(citation).to_have_value(
        re.compile(
            "at the close of 2023-11-20 .UTC.; as public on 2023-11-15; position 188 of the ledger;"
            " according to everybody’s word; rule of control, version 3"
        )
    )


def test_the_table_says_what_the_list_says(person: Person) -> None:
    person.opens(SHOWN)
    content = saved(person, "Table (CSV)").read_text(encoding="utf-8")
    rows = {row["id"]: row for row in csv.DictReader(StringIO(content))}
    assert rows["kidal"]["status"] == "HELD"
    assert rows["kidal"]["holders"] == "fama wagner"
    assert rows["kidal"]["position"] == "188"
    assert "as public on 2023-11-15" in rows["kidal"]["known"]


def test_the_geojson_is_that_of_the_position(person: Person) -> None:
    person.opens(SHOWN)
    found = json.loads(saved(person, "GeoJSON").read_text(encoding="utf-8"))
    assert found["type"] == "FeatureCollection"
    assert "kidal" in json.dumps(found)


def test_the_picture_is_one_of_the_map_with_its_basis_below(person: Person) -> None:
    person.opens(SHOWN)
    picture = saved(person, "Picture (PNG)").read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    drawn = person.evaluates("(e => [e.width, e.height])(document.querySelector('.map canvas'))")
    assert width == drawn[0]
    assert height > drawn[1]


def test_the_picture_tells_the_signs_that_occur_on_it_and_whose_the_map_is(person: Person) -> None:
    person.page.add_init_script(WRITTEN)
    person.opens(SHOWN)
    saved(person, "Picture (PNG)")
    written = person.evaluates("written")
    assert "Map: Natural Earth" in written
    assert "besieged; broken where that is possible" in written
    assert "held by nobody" in written
    assert "an area, not a point" not in written
    assert "the two sides differ" not in written


WRITTEN = """
window.written = []
const write = CanvasRenderingContext2D.prototype.fillText
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  written.push(text)
  write.call(this, text, ...rest)
}
"""


def test_a_comparison_is_shared_with_both_sides(person: Person) -> None:
    person.page.add_init_script(WRITTEN)
    person.opens("/?at=2024-03-20&show=compare&with=2023-10-01")
    person.page.get_by_role("button", name="Share this comparison").click()
    expect(person.page.get_by_role("slider", name="Line between the sides")).to_be_visible()
    link = person.page.get_by_label("Link that shows this for ever").input_value()
    asked = parse_qs(urlsplit(link).query)
    assert (asked["show"], asked["with"], asked["position"]) == (
        ["compare"],
        ["2023-10-01"],
        ["188"],
    )
    expect(person.page.get_by_label("Citation")).to_have_value(
        re.compile("compared with: at the close of 2023-10-01 .UTC.")
    )
    saved(person, "Picture (PNG)")
    written = person.evaluates("written")
    assert "1 Oct 2023" in written
    assert "20 Mar 2024" in written
    assert "the two sides differ" in written
    person.page.reload()
    expect(person.page.get_by_role("slider", name="Line between the sides")).to_be_visible()
    person.page.get_by_role("button", name="Close", exact=True).click()
    expect(person.page.get_by_role("heading", name="Compare")).to_be_visible()


def test_sharing_what_is_no_comparison_is_none(person: Person) -> None:
    person.opens("/?at=2024-03-20&show=compare&with=2023-10-01")
    person.page.get_by_role("button", name="Situation").click()
    person.page.get_by_role("button", name="Share", exact=True).click()
    person.page.get_by_role("button", name="Pin to position 188").click()
    assert "with=" not in person.page.url
