"""Can somebody look at an actor, at the situation, and at two moments beside each other?"""

from playwright.sync_api import expect

from tests.console.browser import Person


def test_an_actor_tells_what_it_holds_and_what_it_was_called(person: Person) -> None:
    person.opens("/?at=2024-03-20&actor=csp")
    beside = person.page.get_by_role("complementary")
    expect(beside.get_by_role("heading", name="CSP", level=2)).to_be_visible()
    expect(beside.get_by_role("heading", name="Holds 3 places")).to_be_visible()
    expect(beside.get_by_role("link", name="CSP took the name CSP-DPA")).to_be_visible()
    curve = beside.get_by_role("img", name="Places held from")
    expect(curve).to_be_visible()
    beside.get_by_role("link", name="Tessalit").click()
    expect(beside.get_by_role("heading", name="Tessalit", level=2)).to_be_visible()


def test_a_name_is_that_of_the_moment(person: Person) -> None:
    person.opens("/?at=2023-09-05")
    place = person.page.get_by_role("button", name="Tessalit held by CSP", exact=True)
    expect(place).to_be_visible()


def test_lineage_leads_from_one_actor_to_another(person: Person) -> None:
    person.opens("/?at=2024-03-20&actor=csp")
    beside = person.page.get_by_role("complementary")
    beside.get_by_role("link", name="CMA").click()
    expect(beside.get_by_role("heading", name="CMA", level=2)).to_be_visible()
    expect(beside.get_by_text("In coalitions")).to_be_visible()


def test_each_sentence_of_the_situation_leads_to_its_note_and_to_the_event(person: Person) -> None:
    person.opens("/?at=2024-03-20&show=situation")
    beside = person.page.get_by_role("complementary")
    beside.get_by_role("link", name="36", exact=True).click()
    note = beside.get_by_role("listitem").filter(has_text="JNIM laid siege to Timbuktu")
    expect(note).to_be_focused()
    note.get_by_role("link", name="the event").click()
    expect(
        beside.get_by_role("heading", name="JNIM laid siege to Timbuktu", level=2)
    ).to_be_visible()


def test_the_situation_can_be_that_of_a_region_and_of_another_while(person: Person) -> None:
    person.opens("/?at=2024-03-20&show=situation")
    beside = person.page.get_by_role("complementary")
    beside.get_by_role("combobox", name="Within").fill("Région de Kidal")
    beside.get_by_role("option", name="Kidal region").click()
    expect(beside.get_by_text("Kidal region, at the close of 2024-03-20")).to_be_visible()
    expect(beside.get_by_text("JNIM besieges Timbuktu")).to_have_count(0)
    beside.get_by_label("Told of the last").select_option("year")
    expect(beside.get_by_text("Changed in the 365 days before")).to_be_visible()


COMPARED = "/?at=2023-11-20&show=compare&with=2023-11-20&with-published=2023-11-13"


def test_a_comparison_begins_with_what_was_public_then(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    person.page.get_by_role("button", name="Compare").click()
    expect(person.page.get_by_role("textbox", name="As public on")).to_have_value("2023-11-20")
    assert person.evaluates("document.documentElement.scrollHeight <= innerHeight")
    person.opens("/")
    person.page.get_by_role("button", name="Compare").click()
    beside = person.page.get_by_role("complementary")
    now = person.page.get_by_role("textbox", name="Moment in the world").last.input_value()
    other = beside.get_by_role("textbox", name="Moment").first.input_value()
    assert other < now


def test_two_states_of_knowledge_are_compared(person: Person) -> None:
    person.opens(COMPARED)
    beside = person.page.get_by_role("complementary")
    expect(beside.get_by_text("The two differ about 2 places.")).to_be_visible()
    expect(beside.get_by_text("held by FAMa and Wagner, disputed")).to_be_visible()
    beside.get_by_role("link", name="FAMa and Wagner seized Kidal from CSP").first.click()
    expect(
        beside.get_by_role("heading", name="FAMa and Wagner seized Kidal", level=2)
    ).to_be_visible()


def test_the_line_between_the_sides_is_moved_by_keys_and_by_hand(person: Person) -> None:
    person.opens(COMPARED)
    line = person.page.get_by_role("slider", name="Line between the sides")
    begun = between_the_sides(person)
    line.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", str(begun + 2))
    box = line.bounding_box()
    assert box
    person.page.mouse.move(box["x"] + 12, box["y"] + 100)
    person.page.mouse.down()
    person.page.mouse.move(box["x"] - 200, box["y"] + 100)
    person.page.mouse.up()
    expect(line).not_to_have_attribute("aria-valuenow", str(begun + 2))


def between_the_sides(person: Person) -> int:
    """Where the line stands, in percent of the map, once it has been placed."""
    line = person.page.get_by_role("slider", name="Line between the sides")
    expect(line).not_to_have_attribute("aria-valuenow", "50")
    return int(line.get_attribute("aria-valuenow") or 0)


def test_the_line_begins_amid_the_places_that_differ(person: Person) -> None:
    """Kidal stands in the east of all places."""
    person.opens(COMPARED)
    assert 70 < between_the_sides(person) < 95
    beside = person.page.get_by_role("complementary")
    beside.get_by_role("link", name="Kidal", exact=True).hover()
    tip = person.page.get_by_role("tooltip")
    expect(tip).to_contain_text("Left: held by CSP")
    expect(tip).to_contain_text("Right: held by FAMa and Wagner, disputed")


def test_each_caption_stays_on_its_side_of_the_line(person: Person) -> None:
    for width in (1280, 390):
        person.page.set_viewport_size({"width": width, "height": 800})
        person.opens("/?at=2024-03-20&show=compare&with=2023-10-01")
        between_the_sides(person)
        line = person.page.get_by_role("slider", name="Line between the sides")
        for _ in range(50):
            line.press("ArrowLeft")
        for _ in range(49):
            bar = line.bounding_box()
            map_ = person.page.locator(".map").bounding_box()
            assert bar and map_
            at = bar["x"] + bar["width"] / 2
            for side in ("left", "right"):
                caption = person.page.locator(f".swipe .{side} p").bounding_box()
                if not caption:
                    continue  # there is no room for one
                assert caption["x"] >= (map_["x"] if side == "left" else at)
                end = at if side == "left" else map_["x"] + map_["width"]
                assert caption["x"] + caption["width"] <= end + 1
            line.press("ArrowRight")


def test_the_legend_of_a_comparison_has_the_holders_of_both_sides(person: Person) -> None:
    person.opens("/?at=2024-03-20&show=compare&with=2023-10-01")
    legend = person.page.get_by_role("list", name="Who holds how many places")
    expect(legend.get_by_role("button", name="MINUSMA left 3, right 0")).to_be_visible()
    expect(legend.get_by_role("button", name="Wagner left 0, right 3")).to_be_visible()


def test_the_map_shows_the_other_side_before_the_line(person: Person) -> None:
    """Kidal is drawn in another colour where the line has passed it."""
    person.opens(COMPARED + "&map=8.00/18.4410/1.4080")
    line = person.page.get_by_role("slider", name="Line between the sides")
    canvas = person.page.locator("canvas.maplibregl-canvas")
    box = canvas.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2 - 40, box["y"] + box["height"] / 2 - 40

    def seen() -> bytes:
        person.page.wait_for_timeout(600)  # until the map has drawn
        return person.page.screenshot(clip={"x": x, "y": y, "width": 80, "height": 80})

    line.focus()
    for _ in range(10):
        line.press("ArrowRight")
    then = seen()
    for _ in range(20):
        line.press("ArrowLeft")
    assert seen() != then


def test_the_sides_are_exchanged(person: Person) -> None:
    person.opens(COMPARED)
    person.page.get_by_role("button", name="Exchange the sides").click()
    expect(person.page.get_by_role("radio", name="As public on")).to_be_checked()
    beside = person.page.get_by_role("complementary")
    expect(beside.get_by_text("The two differ about 2 places.")).to_be_visible()
