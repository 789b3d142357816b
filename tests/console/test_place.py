"""What does the panel of a place tell, and does it follow both times and whose word counts?"""

import re

from playwright.sync_api import Locator, expect

from tests.console.browser import Person

KIDAL = "/?at=2023-11-20&place=kidal"


def answer(person: Person) -> Locator:
    return person.page.get_by_role("region", name="The answer")


def section(person: Person, title: str) -> Locator:
    """The part of the panel below a heading."""
    heading = person.page.get_by_role("heading", name=title, exact=True)
    return person.page.get_by_role("complementary").locator("section, details").filter(has=heading)


def unfolded(person: Person, title: str) -> Locator:
    section(person, title).get_by_role("heading", name=title).click()
    return section(person, title)


def test_a_newcomer_finds_who_held_kidal_and_who_disputes_it(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    person.page.get_by_role("button", name="Kidal held by FAMa").first.click()
    expect(person.page.get_by_role("heading", name="Kidal", exact=True)).to_be_visible()
    expect(answer(person)).to_contain_text("held by FAMa and Wagner")
    expect(answer(person)).to_contain_text("2 independent sources say so")
    expect(answer(person)).to_contain_text("14 Nov 2023 · 6 days before")
    disputing = section(person, "Who disputes it")
    expect(disputing).to_contain_text("held by CSP")
    expect(disputing).to_contain_text("Spokesman of the CSP, “The CSP have not given up”")


def test_the_panel_follows_what_the_world_could_know(person: Person) -> None:
    person.opens(KIDAL)
    expect(section(person, "Who disputes it")).to_be_visible()
    person.opens(f"{KIDAL}&published=2023-11-14")
    expect(answer(person)).to_contain_text("held by CSP")
    person.opens(f"{KIDAL}&published=2023-11-15")
    expect(answer(person)).to_contain_text("held by FAMa and Wagner")
    expect(answer(person)).to_contain_text("1 source says so")
    expect(section(person, "Who disputes it")).to_have_count(0)
    told = unfolded(person, "What happened here")
    expect(told).to_contain_text("International press")
    expect(told).not_to_contain_text("United Nations reporting")


def test_whose_word_counts_is_followed_and_set_from_a_source(person: Person) -> None:
    person.opens(KIDAL)
    disputing = section(person, "Who disputes it")
    disputing.get_by_role("link", name="Spokesman of the CSP").click()
    person.sees("C: fairly reliable source.")
    person.page.get_by_role("button", name="Leave its word out").click()
    person.sees("Its word does not count now.")
    person.page.go_back()
    person.page.go_back()
    expect(disputing).to_be_visible()
    person.opens(f"{KIDAL}&without=csp-spokesman")
    expect(answer(person)).to_contain_text("held by FAMa and Wagner")
    expect(disputing).to_have_count(0)


def test_a_grade_is_spelled_out_on_demand(person: Person) -> None:
    person.opens(KIDAL)
    grade = section(person, "Evidence").get_by_role("button", name="Grade B2")
    spelled = person.page.get_by_text("B: usually reliable source. 2: probably true.").first
    expect(spelled).to_be_hidden()
    grade.press("Enter")
    expect(grade).to_have_attribute("aria-expanded", "true")
    expect(spelled).to_be_visible()


def test_the_timeline_moves_the_moment(person: Person) -> None:
    person.opens(KIDAL)
    person.page.get_by_text(re.compile("The same as a list")).click()
    person.page.get_by_role("button", name=re.compile("21 May 2014 .*held by MNLA")).press("Enter")
    moment = person.page.get_by_role("textbox", name="Moment in the world")
    expect(moment).to_have_value("2014-05-21")
    expect(answer(person)).to_contain_text("held by MNLA")
    strip = person.page.get_by_title(re.compile("held by CMA$")).last
    strip.click()
    expect(answer(person)).to_contain_text("held by CMA")
    person.page.go_back()
    expect(answer(person)).to_contain_text("held by MNLA")


def test_what_was_outweighed_says_why(person: Person) -> None:
    person.opens("/?at=2024-03-20&place=bourem")
    outweighed = section(person, "Outweighed (1)")
    expect(outweighed).to_contain_text("Bourem was contested between CSP and FAMa")
    why = "A later report says who held the place after the fight: FAMa held Bourem"
    expect(outweighed).to_contain_text(why)


def test_the_chronicle_goes_back_and_on_from_the_moment(person: Person) -> None:
    person.opens("/?at=2023-11-20&place=mali")
    told = unfolded(person, "What happened here")
    statements = told.get_by_role("listitem")
    expect(statements).to_have_count(12)
    told.get_by_role("button", name="Earlier events").click()
    expect(statements).to_have_count(24)
    told.get_by_role("button", name="Later events").click()
    expect(told).to_contain_text(re.compile("(Dec 2023|2024).*20 Nov 2023", re.DOTALL))
    texts = statements.all_inner_texts()
    assert len(texts) == len(set(texts)) > 24


def test_revisions_tell_how_the_answer_changed_entry_by_entry(person: Person) -> None:
    person.opens(KIDAL)
    told = unfolded(person, "How this answer changed")
    changes = told.get_by_role("listitem").filter(has_text="entry")
    expect(changes.first).to_contain_text("nothing recorded → then held by MNLA")
    expect(changes.filter(has_text="held by CSP → then held by FAMa and Wagner")).to_have_count(1)


def test_around_it_are_its_camp_its_region_and_the_nearest_towns(person: Person) -> None:
    person.opens(KIDAL)
    around = unfolded(person, "In it and around it")
    expect(around).to_contain_text("Kidal UN camp")
    expect(around).to_contain_text("Anefis 96 km south-west")
    around.get_by_role("link", name="Kidal region").click()
    expect(person.page.get_by_role("heading", name="Kidal region")).to_be_visible()


def test_in_french_the_statements_of_the_server_are_marked_as_english(person: Person) -> None:
    person.opens(KIDAL)
    person.page.get_by_label("Language").select_option("fr")
    person.sees("Tenu par FAMa et Wagner")
    said = person.page.get_by_role("link", name="FAMa and Wagner seized Kidal from CSP").first
    assert said.locator("[lang=en]").count() == 1
    person.sees("Qui la conteste")
