"""Does a print of the page show the map whole, and what it rests on?"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.console.browser import Person

COLOURS = """() => {
  const picture = document.querySelector("canvas.printed")
  const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height)
  const found = new Set()
  for (let at = 0; at < data.length; at += 4) found.add(data.slice(at, at + 3).join())
  return found.size
}"""


@pytest.fixture
def printing(person: Person) -> Iterator[Person]:
    yield person
    person.page.emulate_media(media="screen")


def prints(person: Person) -> None:
    person.evaluates("void window.dispatchEvent(new Event('beforeprint'))")
    person.page.emulate_media(media="print")


def test_the_map_is_printed_as_a_picture_that_fits_the_paper(printing: Person) -> None:
    printing.opens("/?at=2023-11-20&place=kidal")
    printing.sees("Evidence")
    printing.page.locator(".maplibregl-canvas").wait_for()
    printing.evaluates("new Promise((done) => setTimeout(done, 500))")
    prints(printing)
    assert printing.evaluates(COLOURS) > 20
    printing.page.set_viewport_size({"width": 700, "height": 1000})
    box = printing.page.locator("canvas.printed").bounding_box()
    assert box
    assert box["x"] + box["width"] <= 700
    assert box["height"] > 200


def test_a_print_says_what_it_rests_on_and_has_no_controls(printing: Person) -> None:
    printing.opens("/?at=2023-11-20&published=2023-11-15&show=compare&with=2023-10-01")
    prints(printing)
    basis = printing.page.locator("p.printed")
    expect(basis.first).to_have_text(
        "at the close of 2023-11-20 (UTC); as public on 2023-11-15; position 188 of the ledger;"
        " according to everybody’s word"
    )
    expect(basis.nth(1)).to_have_text("compared with: at the close of 2023-10-01 (UTC)")
    expect(basis.nth(2)).to_contain_text("position=188")
    expect(basis.first).to_be_visible()
    for name in ("Situation", "Exchange the sides", "Close"):
        expect(printing.page.get_by_role("button", name=name, exact=True)).to_be_hidden()
    expect(printing.page.get_by_role("combobox", name="Search everything")).to_be_hidden()
    expect(printing.page.get_by_role("region", name="Both times")).to_be_hidden()
