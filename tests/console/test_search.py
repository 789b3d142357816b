"""Is everything found by any of its names, with the keyboard alone?"""

from playwright.sync_api import Locator, expect

from tests.console.browser import Person


def field(person: Person) -> Locator:
    return person.page.get_by_role("combobox", name="Search")


def options(person: Person) -> Locator:
    return person.page.get_by_role("listbox", name="Found").get_by_role("option")


def test_the_best_answer_is_opened_by_a_slash_a_name_and_enter(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    person.page.keyboard.press("/")
    expect(field(person)).to_be_focused()
    person.page.keyboard.type("kidl")  # however it is spelt
    first = options(person).first
    expect(first).to_contain_text("held by FAMa and Wagner, disputed")
    expect(first).to_have_attribute("aria-selected", "true")
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("heading", name="Kidal", exact=True)).to_be_visible()
    expect(person.page.get_by_role("complementary")).to_be_focused()


def test_arrows_choose_among_groups_and_escape_closes(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    person.page.keyboard.press("Control+k")
    person.page.keyboard.type("kidal")
    for group in ("Places", "Reports", "Events"):
        expect(person.page.get_by_role("group", name=group)).to_be_visible()
    person.page.keyboard.press("ArrowDown")
    chosen = person.page.locator(f"#{field(person).get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    assert chosen.inner_text() == options(person).nth(1).inner_text()
    person.page.keyboard.press("ArrowUp")
    person.page.keyboard.press("ArrowUp")
    last = person.page.get_by_role("option", name="All that is found for “kidal”")
    expect(last).to_have_attribute("aria-selected", "true")
    person.page.keyboard.press("Escape")
    expect(options(person)).to_have_count(0)
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("heading", name="Found for “kidal”")).to_be_visible()
    assert "search=kidal" in person.page.url


def test_actors_sources_and_reports_are_found_too(person: Person) -> None:
    person.opens("/?at=2023-11-20&search=united%20nations")
    source = person.page.get_by_role("link", name="United Nations reporting")
    source.click()
    person.sees("A: completely reliable source.")
    person.page.get_by_text("Its reports").click()
    person.page.get_by_role("link", name="The second half of 2023 in West Africa").last.click()
    person.sees("It says")
    person.sees("FAMa and Wagner seized Kidal from CSP")


def test_a_former_name_in_the_french_page_finds_its_actor(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    person.page.get_by_label("Language").select_option("fr")
    search = person.page.get_by_role("combobox", name="Chercher des lieux")
    search.fill("Cadre stratégique permanent")
    expect(person.page.get_by_role("group", name="Acteurs")).to_contain_text("CSP-DPA")


def test_a_text_that_finds_nothing_says_so(person: Person) -> None:
    person.opens("/?at=2023-11-20&search=qqqqqqqq")
    person.sees("Nothing has such a name.")


def test_the_id_of_an_event_finds_it(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    person.page.keyboard.press("/")
    person.page.keyboard.type("9cbb8ea8-1316-57b1-bc9a-9273a41162ae")
    expect(options(person).first).to_contain_text("FAMa and Wagner seized Kidal from CSP")
    person.page.keyboard.press("Enter")
    person.sees("Happened 14 Nov 2023")
