"""What does somebody see and do on the map, with mouse and keyboard, in light and dark?"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from playwright.sync_api import Browser, Locator, Route, expect

from tests.console.browser import CALM, Person

ON_KIDAL = "/?at=2023-11-20&map=7.00/18.4410/1.4080"
"""Kidal and its UN camp, which have the same coordinates, in the middle of the map."""
FAR_OUT = "/?at=2023-11-20&map=3.00/18.0000/-10.0000"
DRAWN = "() => performance.getEntriesByName('places drawn').length > 0"
LAND, DARK_LAND = [0xF7, 0xF5, 0xF0], [0x26, 0x2B, 0x2F]


def canvas(person: Person) -> Locator:
    """The map, once the places are drawn on it."""
    person.page.wait_for_function(DRAWN)
    return person.page.get_by_role("region", name=re.compile("^Map. Arrow keys"))


def colour(person: Person, x: float, y: float) -> list[int]:
    """What is on the screen at shares of the map's width and height: red, green and blue."""
    box = person.page.locator("canvas.maplibregl-canvas").bounding_box()
    assert box is not None
    left, top = round(box["x"] + x * box["width"]), round(box["y"] + y * box["height"])
    picture = person.page.screenshot(clip={"x": left, "y": top, "width": 1, "height": 1})
    return _first_colour(picture)


def _first_colour(png: bytes) -> list[int]:
    pixels, at = b"", 8
    while at < len(png):
        end = at + 8 + int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            pixels += png[at + 8 : end]
        at = end + 4
    # A row begins with a byte for its filter, which changes nothing of the first pixel.
    return list(zlib.decompress(pixels)[1:4])


def shows(person: Person, wanted: list[int], x: float = 0.75, y: float = 0.45) -> None:
    """Waits until the map has the colour there."""
    canvas(person)
    until = monotonic() + CALM / 1000
    while (seen := colour(person, x, y)) != wanted:
        assert monotonic() < until, f"{seen} is on the map, not {wanted}"
        person.page.wait_for_timeout(100)


@contextmanager
def somebody(browser: Browser, address: str, script: str = "") -> Iterator[Person]:
    """Whose browser first runs the script; what their page complains of they look at themselves."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.add_init_script(script)
    yield Person.before(context.new_page(), address)
    context.close()


def test_a_click_on_places_with_the_same_coordinates_lists_them(person: Person) -> None:
    person.opens(ON_KIDAL)
    canvas(person).click()
    expect(person.page.get_by_role("heading", name="2 places here")).to_be_visible()
    panel = person.page.get_by_role("complementary")
    expect(
        panel.get_by_role("button", name="Kidal held by FAMa and Wagner, disputed")
    ).to_be_visible()
    panel.get_by_role("button", name="Kidal UN camp (near here)").click()
    expect(person.page.get_by_role("heading", name="Kidal UN camp")).to_be_visible()


def test_the_mouse_on_a_place_brings_its_sentence_and_escape_takes_it_away(person: Person) -> None:
    person.opens(ON_KIDAL)
    canvas(person).hover()
    tip = person.page.get_by_role("tooltip")
    expect(tip).to_contain_text("Kidal held by FAMa and Wagner, disputed")
    expect(tip).to_contain_text("last heard of on 14 Nov 2023")
    person.page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_what_stands_beside_a_place_stays_on_the_map_and_goes_with_the_list(person: Person) -> None:
    for width, east in ((1280, "0.2500"), (390, "0.9000")):
        person.page.set_viewport_size({"width": width, "height": 800})
        person.opens(f"/?at=2023-11-20&map=8.00/18.4410/{east}")
        canvas(person)
        place = person.page.get_by_role("button", name="Kidal held by")
        place.focus()
        tip = person.page.get_by_role("tooltip")
        expect(tip).to_be_visible()
        box, on = tip.bounding_box(), person.page.locator(".map").bounding_box()
        assert box and on
        assert on["x"] <= box["x"] and box["x"] + box["width"] <= on["x"] + on["width"]
        place.press("Enter")
        expect(person.page.get_by_role("heading", name="Kidal", exact=True)).to_be_visible()
        expect(tip).to_have_count(0)


def test_the_keyboard_on_a_place_of_the_list_shows_it_on_the_map(person: Person) -> None:
    person.opens(ON_KIDAL)
    canvas(person)
    person.page.get_by_role("button", name="Anefis held by").focus()
    expect(person.page.get_by_role("tooltip")).to_contain_text("Anefis held by FAMa and Wagner")


def test_arrow_keys_move_the_map_and_the_address_keeps_where_it_is(person: Person) -> None:
    person.opens(FAR_OUT)
    canvas(person).focus()
    person.page.keyboard.press("ArrowRight")
    person.page.wait_for_url(re.compile(r"map=3\.00/18\.0000/(?!-10\.0000)"))
    moved = person.page.url
    person.page.reload()
    canvas(person)
    person.page.wait_for_timeout(500)
    assert person.page.url == moved


def test_going_back_brings_the_map_back(person: Person) -> None:
    person.opens(ON_KIDAL)
    canvas(person).click()
    expect(person.page.get_by_role("heading", name="2 places here")).to_be_visible()
    person.page.get_by_role("button", name="Show all places").click()
    person.page.wait_for_url(re.compile(r"map=(?!7\.00)"))
    person.page.go_back()
    person.page.wait_for_url(re.compile(r"map=7\.00/18\.4410/1\.4080"))
    person.page.get_by_role("button", name="Zoom in").click()
    person.page.wait_for_url(re.compile(r"map=8\.00/18\.4410/1\.4080"))


def test_the_legend_tells_holders_and_signs_and_folds_away(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    expect(person.page.get_by_role("button", name="FAMa 8")).to_be_visible()
    person.page.get_by_text("Signs", exact=True).click()
    for sign in (
        "held, and somebody disputes it",
        "an area, not a point",
        "near here, within 25 km",
    ):
        expect(person.page.get_by_text(sign)).to_be_visible()
    person.page.get_by_text("Legend", exact=True).click()
    expect(person.page.get_by_role("button", name="FAMa 8")).to_be_hidden()


def test_an_address_has_the_same_colours_each_time(person: Person) -> None:
    """Also where the panel beside the map is told of other actors before the map is."""
    page = person.page
    mark = page.get_by_role("button", name="FAMa 8").locator("circle")
    person.opens("/?at=2023-11-20&place=kidal")
    before = mark.get_attribute("fill")

    def later(route: Route) -> None:
        page.wait_for_timeout(1_000)
        route.continue_()

    page.route("**/map/column*", later)
    person.opens("/?at=2023-11-20&place=kidal")
    assert mark.get_attribute("fill") == before
    page.unroute_all(behavior="wait")


def test_a_link_brings_the_colours_of_whoever_shared_it(person: Person) -> None:
    """Colours depend on what was looked at before; two who talk about a map see the same."""
    page = person.page
    mark = page.get_by_role("button", name="FAMa 8").locator("circle")
    fills = []
    for colour in ("3", "5"):
        person.opens(f"/?at=2023-11-20&colours=fama.{colour}")
        fills.append(mark.get_attribute("fill"))
    assert fills[0] != fills[1]
    page.get_by_role("button", name="Share").click()
    link = page.get_by_label("Link that shows this for ever").input_value()
    person.opens("/?at=2023-11-20")
    page.goto(link)
    expect(mark).to_have_attribute("fill", fills[1] or "")


def test_the_map_turns_dark_with_the_page(person: Person) -> None:
    person.opens(FAR_OUT)
    canvas(person)
    shows(person, LAND)
    person.page.emulate_media(color_scheme="dark")
    shows(person, DARK_LAND)


def test_playing_shows_on_the_map_what_the_list_says(person: Person) -> None:
    """The map draws another moment without drawing all of it anew."""
    person.opens(ON_KIDAL.replace("2023-11-20", "2023-11-13"))
    canvas(person)
    person.page.wait_for_timeout(1_500)
    before = colour(person, 0.5, 0.5 + 8 / 670)
    person.page.get_by_role("button", name="Step to the next change").click()
    expect(person.page.get_by_role("button", name="Kidal held by FAMa and Wagner")).to_be_visible()
    person.page.wait_for_timeout(500)
    assert colour(person, 0.5, 0.5 + 8 / 670) != before


def test_without_webgl_the_page_says_so_and_the_list_answers(
    chromium_browser: Browser, demo: str
) -> None:
    no_webgl = "HTMLCanvasElement.prototype.getContext = () => null"
    with somebody(chromium_browser, demo, no_webgl) as person:
        person.opens("/?at=2023-11-20")
        person.sees("This browser can't draw the map: it needs WebGL 2.")
        person.page.get_by_role("button", name="Kidal held by FAMa and Wagner, disputed").click()
        expect(person.page.get_by_role("heading", name="Kidal", exact=True)).to_be_visible()


def test_the_map_comes_back_after_the_graphics_card_was_lost(person: Person) -> None:
    person.opens(ON_KIDAL)
    shows(person, LAND, 0.3, 0.3)
    before = colour(person, 0.5, 0.5)
    person.evaluates(
        """() => {
          const gl = document.querySelector("canvas.maplibregl-canvas").getContext("webgl2");
          const lost = gl.getExtension("WEBGL_lose_context");
          lost.loseContext();
          setTimeout(() => lost.restoreContext(), 300);
        }"""
    )
    person.page.wait_for_timeout(600)
    shows(person, LAND, 0.3, 0.3)
    shows(person, before, 0.5, 0.5)
    person.complaints.clear()  # MapLibre says that it can't bring the places back: the page does


def test_on_a_phone_the_map_and_the_list_stand_one_above_the_other(
    chromium_browser: Browser, demo: str
) -> None:
    with somebody(chromium_browser, demo) as person:
        person.page.set_viewport_size({"width": 390, "height": 844})
        person.opens("/?at=2023-11-20")
        on_map = canvas(person).bounding_box()
        place = person.page.get_by_role("button", name="Aguelhok held by").bounding_box()
        assert on_map is not None and place is not None
        assert on_map["height"] > 250 and place["y"] > on_map["y"] + on_map["height"]
        assert person.evaluates("document.documentElement.scrollWidth") <= 390
        assert person.complaints == []
