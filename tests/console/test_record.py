"""Does a person record, correct and take back events on the page, knowing what would change?"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.console.browser import Person, built, served
from tests.console.test_accessible import faults
from tests.keys import token_of, write_keys

EVENT_OF = """async (filter) => {
  const query = `query ($filter: EventFilter) {
    events(filter: $filter, first: 1) { nodes { eventId } }
  }`
  const headers = {
    "Content-Type": "application/json",
    Authorization: `Bearer ${sessionStorage.getItem("token")}`,
  }
  const body = JSON.stringify({ query, variables: { filter } })
  const answer = await (await fetch("/graphql", { method: "POST", headers, body })).json()
  return answer.data.events.nodes[0].eventId
}"""

AMENDED = """async () => {
  const query = `mutation {
    amendLocation(input: {location: "ber", reason: "A gazetteer.", name: "Ber town"}) {
      ... on Recorded { event { eventId } }
    }
  }`
  const headers = {
    "Content-Type": "application/json",
    Authorization: `Bearer ${sessionStorage.getItem("token")}`,
  }
  const answer = await (
    await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query }) })
  ).json()
  return answer.data.amendLocation.event.eventId
}"""


@pytest.fixture(scope="module")
def desk_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo that the tests record into, each at a place of its own."""
    built()
    folder = tmp_path_factory.mktemp("desk")
    keys = write_keys(folder / "keys.json", {"desk": ["read", "record"], "reader": ["read"]})
    with served(folder, "demo", TENURE_KEYS=str(keys)) as address:
        yield address


@pytest.fixture
def desk(chromium_browser: Browser, desk_server: str) -> Iterator[Person]:
    yield from _with_token(chromium_browser, desk_server, token_of("desk"))


@pytest.fixture
def reader(chromium_browser: Browser, desk_server: str) -> Iterator[Person]:
    yield from _with_token(chromium_browser, desk_server, token_of("reader"))


def _with_token(browser: Browser, address: str, token: str) -> Iterator[Person]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="en-GB")
    context.add_init_script(
        f"sessionStorage.getItem('token') ?? sessionStorage.setItem('token', '{token}')"
    )
    somebody = Person.before(context.new_page(), address)
    yield somebody
    context.close()
    assert somebody.complaints == []


def choose(page: Page, field: str, typed: str) -> None:
    """Types into a field that finds things, and takes the first."""
    page.get_by_role("combobox", name=field, exact=True).fill(typed)
    page.get_by_role("listbox").get_by_role("option").first.wait_for()
    if field == "Report":
        page.keyboard.press("ArrowDown")  # of many with the word, none is taken unasked
    page.keyboard.press("Enter")


def fill_seizure(page: Page, place: str, by: str, occurred: str) -> None:
    page.get_by_label("What happened").select_option(label="Town seized")
    choose(page, "Location", place)
    choose(page, "By", by)
    page.get_by_label("Occurred").fill(occurred)
    page.get_by_label("Credibility").fill("2")


def preview(page: Page) -> Locator:
    return page.locator("section").filter(has_text="What the answer would become")


def record_button(page: Page, name: str = "Record") -> Locator:
    return page.get_by_role("article").get_by_role("button", name=name, exact=True)


def test_a_seizure_is_previewed_recorded_with_its_new_report_and_shown_by_the_map(
    desk: Person,
) -> None:
    page = desk.opens("/?show=record&at=2023-11-20").page
    fill_seizure(page, "Kidal", "csp", "2023-11-18")
    page.get_by_role("button", name="A new report").click()
    page.get_by_role("button", name="A new source").click()
    page.get_by_label("Name").fill("Radio Tahanint")
    page.get_by_label("Reliability").select_option("A")
    page.get_by_label("Published").fill("2023-11-19")
    page.get_by_label("Title").fill("Kidal retaken")

    told = preview(page)
    expect(told).to_contain_text("Kidal, at the close of 18 Nov 2023")
    expect(told).to_contain_text("held by FAMa and Wagner, disputed")
    expect(told).to_contain_text("held by CSP")
    expect(told).to_contain_text("Places inside of them may change too")
    told.get_by_text("Why").click()
    expect(told).to_contain_text("Radio Tahanint (A2, published on 2023-11-19)")

    record_button(page).click()
    expect(page.get_by_role("status").filter(has_text="Recorded at position")).to_be_visible()
    expect(page.get_by_role("heading", name="CSP seized Kidal")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Kidal held by CSP")).to_be_visible()


def test_a_refusal_stands_beside_its_field_and_is_moved_to(desk: Person) -> None:
    page = desk.opens("/?show=record").page
    record_button(page).click()
    fill_seizure(page, "Gao", "fama", "2124")
    page.get_by_label("Credibility").fill("7")
    record_button(page).click()
    report = page.get_by_role("combobox", name="Report", exact=True)
    expect(report).to_be_focused()
    expect(report).to_have_accessible_description(re.compile("This is needed"))

    choose(page, "Report", "Kidal")
    record_button(page).click()
    credibility = page.get_by_label("Credibility")
    expect(credibility).to_be_focused()
    expect(credibility).to_have_attribute("aria-invalid", "true")
    expect(credibility).to_have_accessible_description(re.compile("less than or equal to 6"))

    credibility.fill("3")
    expect(credibility).to_have_attribute("aria-invalid", "false")
    record_button(page).click()
    occurred = page.get_by_label("Occurred")
    expect(occurred).to_be_focused()
    expect(occurred).to_have_accessible_description(re.compile("2124 lies in the future"))
    occurred.fill("lately")
    record_button(page).click()
    expect(occurred).to_have_accessible_description(re.compile("lately"))
    expect(occurred).not_to_have_accessible_description(re.compile("Expected value"))
    occurred.fill("2 Oct 2023")
    occurred.blur()
    expect(occurred).to_have_value("2023-10-02")
    # What the schema does not admit has a status that browsers tell of.
    desk.complaints[:] = [each for each in desk.complaints if "400" not in each]


def test_places_are_found_in_any_script_as_they_are_typed(desk: Person) -> None:
    page = desk.opens("/?place=gao").page
    page.get_by_role("button", name="Record here").click()
    page.get_by_label("What happened").select_option(label="Town seized")
    page.get_by_role("button", name="Gao: choose another").click()
    for typed in ("كيدال", "Кидаль"):
        page.get_by_role("combobox", name="Location").fill(typed)
        first = page.get_by_role("listbox").get_by_role("option").first
        expect(first).to_contain_text("Kidal town")
    assert faults(page) == []
    page.keyboard.press("Enter")
    chosen = page.get_by_role("button", name="Kidal: choose another")
    expect(chosen).to_be_focused()


def test_the_same_statement_is_told_to_be_recorded_already(desk: Person) -> None:
    page = desk.opens("/?show=record&at=2023-11-20").page
    for said in ("Recorded at position", "This had been recorded before, at position"):
        fill_seizure(page, "Ansongo", "fama", "2023-10-02")
        choose(page, "Report", "Anefis")
        expect(preview(page)).to_contain_text("Ansongo")
        record_button(page).click()
        page.get_by_role("status").filter(has_text=said).wait_for()
        page.get_by_role("button", name="Record", exact=True).click()


def test_where_the_answer_of_recording_is_lost_it_is_safe_to_record_again(desk: Person) -> None:
    page = desk.opens("/?show=record&at=2023-11-20").page
    fill_seizure(page, "Bourem", "fama", "2023-09-14")
    choose(page, "Report", "Anefis")
    expect(preview(page)).to_contain_text("Bourem")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/graphql", lose)
    record_button(page).click()
    expect(page.get_by_role("alert").last).to_contain_text("Recording it again is safe")
    expect(record_button(page)).to_be_focused()
    page.unroute_all()
    record_button(page).click()
    page.get_by_role("status").filter(has_text="had been recorded before").wait_for()
    desk.complaints[:] = [each for each in desk.complaints if "ERR_FAILED" not in each]


def test_an_event_is_corrected_in_its_own_form(desk: Person) -> None:
    page = desk.opens("/?at=2023-10-10").page
    event = page.evaluate(EVENT_OF, {"location": "anefis", "types": ["BaseCaptured", "TownSeized"]})
    desk.opens(f"/?at=2023-10-07&event={event}")
    page.get_by_role("button", name="Correct").click()
    occurred = page.get_by_label("Occurred")
    expect(occurred).to_have_value(re.compile("2023-10"))
    expect(page.get_by_role("button", name="Anefis: choose another", exact=True)).to_be_visible()
    occurred.fill("2023-10-01")
    page.get_by_label("Reason").fill("The day was a slip.")
    choose(page, "Report", "Anefis")
    expect(preview(page)).to_contain_text("Anefis, at the close of 1 Oct 2023")
    record_button(page, "Record the correction").click()
    page.get_by_role("status").filter(has_text="Recorded at position").wait_for()
    desk.opens(f"/?correct={event}")
    desk.sees("This was taken back")


def test_a_mistake_of_ones_own_is_taken_back_without_anybodys_report(desk: Person) -> None:
    page = desk.opens("/?at=2023-11-20").page
    event = page.evaluate(EVENT_OF, {"location": "bourem", "types": ["ControlReported"]})
    desk.opens(f"/?retract={event}")
    page.get_by_label("Reason").fill("A typing error.")
    page.get_by_role("combobox", name="Report", exact=True).fill("in")
    page.get_by_role("listbox").get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("choose another"))).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Our own desk found it").click()
    record_button(page, "Take it back").click()
    name = page.get_by_label("Name", exact=True)
    expect(name).to_have_accessible_description(re.compile("This is needed"))
    name.fill("Desk of Mia")
    expect(preview(page)).to_contain_text("Bourem")
    record_button(page, "Take it back").click()
    page.get_by_role("status").filter(has_text="Recorded at position").wait_for()
    desk.opens(f"/?event={event}")
    desk.sees("Desk of Mia")
    page.get_by_role("listitem").filter(has_text="Event retracted").get_by_role(
        "link"
    ).first.click()
    expect(page.get_by_role("complementary")).to_contain_text("It is about: FAMa held Bourem")


def test_an_event_is_taken_back_once_its_preview_is_seen(desk: Person) -> None:
    page = desk.opens("/?at=2023-11-20").page
    event = page.evaluate(EVENT_OF, {"location": "tessalit", "types": ["ControlReported"]})
    desk.opens(f"/?at=2023-11-20&event={event}")
    page.get_by_role("button", name="Take back").click()
    page.get_by_label("Reason").fill("The paper took it back.")
    choose(page, "Report", "Kidal")
    expect(preview(page)).to_contain_text("Taken back:")
    expect(preview(page)).to_contain_text("Tessalit, at the close of")
    record_button(page, "Take it back").click()
    page.get_by_role("status").filter(has_text="Recorded at position").wait_for()
    desk.opens(f"/?retract={event}")
    desk.sees("This was taken back")


def test_an_event_that_was_taken_back_is_reinstated(desk: Person) -> None:
    page = desk.opens("/?at=2023-10-25").page
    event = page.evaluate(EVENT_OF, {"location": "aguelhok", "types": ["ControlReported"]})
    desk.opens(f"/?at=2023-10-25&event={event}")
    page.get_by_role("button", name="Take back").click()
    page.get_by_label("Reason").fill("A slip.")
    choose(page, "Report", "Kidal")
    record_button(page, "Take it back").click()
    page.get_by_role("status").filter(has_text="Recorded at position").wait_for()
    desk.opens(f"/?at=2023-10-25&event={event}")
    page.get_by_role("button", name="Reinstate", exact=True).click()
    record_button(page, "Reinstate it").click()
    expect(page.get_by_label("Reason")).to_be_focused()
    page.get_by_label("Reason").fill("It was no slip.")
    choose(page, "Report", "Kidal")
    expect(preview(page)).to_contain_text("Counts again:")
    expect(preview(page)).to_contain_text("Aguelhok, at the close of")
    record_button(page, "Reinstate it").click()
    page.get_by_role("status").filter(has_text="Recorded at position").wait_for()
    desk.opens(f"/?at=2023-10-25&event={event}")
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    desk.opens(f"/?reinstate={event}")
    desk.sees("It was not taken back, or counts again already.")


def test_an_amendment_is_taken_back_and_not_corrected(desk: Person) -> None:
    page = desk.opens("/?at=2023-10-25").page
    event = page.evaluate(AMENDED)
    desk.opens(f"/?event={event}")
    expect(page.get_by_role("heading", name="Location amended")).to_be_visible()
    expect(page.get_by_role("button", name="Correct")).to_have_count(0)
    page.get_by_role("button", name="Take back").click()
    page.get_by_label("Reason").fill("A slip.")
    choose(page, "Report", "Kidal")
    record_button(page, "Take it back").click()
    page.get_by_role("status").filter(has_text="Recorded at position").wait_for()


def test_a_token_that_may_only_read_is_told_so_and_can_be_exchanged(reader: Person) -> None:
    page = reader.opens("/?show=record").page
    expect(page.get_by_role("alert").filter(has_text="does not permit to record")).to_be_visible()
    expect(page.get_by_label("What happened")).to_have_count(0)
    page.get_by_label("Token").fill(token_of("desk"))
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("What happened")).to_be_visible()
