"""Can somebody move both times, and choose whose word counts?"""

import pytest
from playwright.sync_api import expect

from tests.console.browser import Person


def test_a_typed_day_moves_the_map(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    field = person.page.get_by_role("textbox", name="Moment in the world")
    field.fill("2023-9-5")
    field.press("Enter")
    expect(person.page.get_by_role("button", name="Kidal held by CSP")).to_be_visible()
    expect(person.page).to_have_url(f"{person.address}/?at=2023-09-05", timeout=5_000)


@pytest.mark.parametrize("typed", ["20 Nov 2023", "20 novembre 2023", "20 nov. 2023"])
def test_a_day_is_typed_as_the_page_writes_it(person: Person, typed: str) -> None:
    person.opens("/?at=2023-09-05")
    field = person.page.get_by_role("textbox", name="Moment in the world")
    field.fill(typed)
    field.press("Enter")
    expect(field).to_have_value("2023-11-20")


def test_what_is_no_moment_stays_in_the_field_and_is_told(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    field = person.page.get_by_role("textbox", name="Moment in the world")
    field.fill("2023-02-30")
    field.press("Enter")
    expect(person.page.get_by_role("alert")).to_contain_text("Write a day as 2023-11-20")
    expect(field).to_have_value("2023-02-30")
    expect(person.page.get_by_role("button", name="Kidal held by FAMa and Wagner")).to_be_visible()


def test_an_instant_needs_no_seconds(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    field = person.page.get_by_role("textbox", name="Moment in the world")
    field.fill("2023-11-20T18:00Z")
    field.press("Enter")
    expect(person.page).to_have_url(f"{person.address}/?at=2023-11-20T18:00:00Z", timeout=5_000)
    expect(person.page.locator("[aria-busy=false]").first).to_be_visible()
    expect(person.page.get_by_role("alert")).to_have_count(0)


def test_what_an_address_says_and_cannot_be_read_is_told(person: Person) -> None:
    person.opens("/?at=2023-11-2O&position=-1&reliability=G&place=kidal")
    told = person.page.get_by_role("alert")
    expect(told).to_contain_text("left out: at=2023-11-2O, position=-1, reliability=G")
    told.get_by_role("button", name="Close").click()
    expect(told).to_have_count(0)


def test_steps_go_from_one_change_to_the_next(person: Person) -> None:
    person.opens("/?at=2023-11-13")
    person.page.get_by_role("button", name="Step to the next change").click()
    expect(person.page.get_by_role("textbox", name="Moment in the world")).to_have_value(
        "2023-11-14"
    )
    expect(person.page.get_by_role("button", name="Kidal held by FAMa and Wagner")).to_be_visible()
    person.page.keyboard.press("[")
    expect(person.page.get_by_role("textbox", name="Moment in the world")).not_to_have_value(
        "2023-11-14"
    )


def test_it_shows_what_the_world_could_know_by_then(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    person.page.get_by_role("radio", name="As public on").check()
    field = person.page.get_by_role("textbox", name="As public on")
    field.fill("2023-11-13")
    field.press("Enter")
    expect(person.page.get_by_role("button", name="Kidal held by CSP")).to_be_visible()


def test_what_was_known_on_each_day_about_that_same_day(person: Person) -> None:
    person.opens("/?at=2023-11-14&published=2024-02-01")
    person.page.get_by_role("checkbox", name="known that same day").check()
    known = person.page.get_by_role("textbox", name="As public on")
    expect(known).to_have_value("2023-11-14")
    moment = person.page.get_by_role("textbox", name="Moment in the world")
    moment.fill("2023-11-18")
    moment.press("Enter")
    expect(known).to_have_value("2023-11-18")
    person.page.get_by_role("radio", name="All that is known now").check()
    person.page.get_by_role("radio", name="As public on").check()
    expect(known).to_have_value("2023-11-18")


def test_words_below_a_grade_count_no_more_until_they_are_let_in_again(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    person.page.get_by_role("button", name="Whose word counts: everybody’s word").click()
    person.page.get_by_label("Credibility of what is said, at least").select_option("1")
    expect(person.page.get_by_role("button", name="Whose word counts: at least 1")).to_be_visible()
    person.page.get_by_role("button", name="Close").click()
    expect(person.page.get_by_role("button", name="Kidal not known")).to_be_visible()
    person.page.go_back()
    person.page.get_by_role("button", name="Let everybody’s word count").click()
    person.page.get_by_role("button", name="Close").click()
    expect(person.page.get_by_role("button", name="Kidal held by FAMa and Wagner")).to_be_visible()


def test_playing_shows_one_moment_after_another(person: Person) -> None:
    person.opens("/?at=2023-10-01")
    person.page.get_by_role("button", name="Play", exact=True).click()
    field = person.page.get_by_role("textbox", name="Moment in the world")
    expect(field).not_to_have_value("2023-10-01")
    person.page.get_by_role("button", name="Pause").click()
    expect(person.page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    person.page.wait_for_timeout(500)  # the last moment on its way
    stopped = field.input_value()
    person.page.wait_for_timeout(300)
    assert field.input_value() == stopped


def test_a_day_a_second_is_played_slowly(person: Person) -> None:
    person.opens("/?at=2023-11-10")
    person.page.get_by_role("combobox", name="How fast it plays").select_option("day / s")
    person.page.get_by_role("button", name="Play", exact=True).click()
    field = person.page.get_by_role("textbox", name="Moment in the world")
    expect(field).to_have_value("2023-11-11")
    expect(field).to_have_value("2023-11-12")


def test_a_source_that_is_switched_off_counts_no_more(person: Person) -> None:
    person.opens("/?at=2023-11-20&show=words")
    person.page.get_by_role("checkbox", name="CSP").first.uncheck()
    expect(person.page.get_by_role("button", name="1 source left out")).to_be_visible()
    person.page.get_by_role("button", name="Close").click()
    place = person.page.get_by_role("button", name="Kidal held by FAMa and Wagner", exact=True)
    expect(place).to_be_visible()
