"""What does somebody see who opens the page?"""

from playwright.sync_api import expect

from tests.console.browser import Person


def test_the_list_beside_the_map_says_who_held_kidal(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    place = person.page.get_by_role("button", name="Kidal held by FAMa and Wagner, disputed")
    expect(place).to_be_visible()


def test_no_request_leaves_the_server(person: Person) -> None:
    person.opens()
    assert person.asked
    assert [each for each in person.asked if not each.startswith((person.address, "blob:"))] == []
