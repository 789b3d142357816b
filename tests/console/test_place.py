"""What does the panel of a place tell, and does it follow both times and whose word counts?"""

import re

from playwright.sync_api import Locator, Route, expect

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


def test_while_an_answer_is_on_its_way_the_card_speaks_of_the_former_one(person: Person) -> None:
    page = person.opens(KIDAL).page
    expect(answer(person)).to_contain_text("2 independent sources say so")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/graphql?**", hold)
    page.get_by_role("radio", name="As public on").check()
    known = page.get_by_role("textbox", name="As public on")
    known.fill("2023-11-15")
    known.press("Enter")
    page.wait_for_timeout(700)
    assert held
    expect(answer(person)).not_to_contain_text("as public on")
    for each in held:
        each.continue_()
    page.unroute_all(behavior="wait")
    expect(answer(person)).to_contain_text("as public on 15 Nov 2023")
    expect(answer(person)).to_contain_text("1 source says so")


def test_a_holder_that_no_report_names_is_told_as_such_with_its_lineage(person: Person) -> None:
    person.opens("/?at=2026-01-01&place=kidal")
    said = answer(person)
    expect(said).to_contain_text("held by Africa Corps and FAMa")
    expect(said).to_contain_text("2 independent sources, none of which names Africa Corps")
    succession = "Africa Corps: succeeded Wagner (between 1 Apr 2024 and 31 Dec 2025)"
    expect(said).to_contain_text(succession)
    expect(said).to_contain_text("FAMa: since 14 Nov 2023")
    expect(said.get_by_role("list")).not_to_contain_text("FLA")
    said.get_by_role("link", name="succeeded Wagner").click()
    person.sees("Wagner ceased to exist or to act, succeeded by Africa Corps")
    person.opens("/?at=2026-01-01&place=tessalit")
    expect(said).to_contain_text("1 source, which does not name FLA")
    expect(said).to_contain_text("FLA: CSP-DPA merged into it (30 Nov 2024)")


def test_the_answer_says_what_was_known_and_whose_word_counts(person: Person) -> None:
    person.opens(KIDAL)
    expect(answer(person)).to_contain_text(re.compile("^On 20 Nov 2023held"))
    person.opens(f"{KIDAL}&published=2023-11-20&without=csp-spokesman")
    known = "On 20 Nov 2023, as public on 20 Nov 2023 · Whose word counts: 1 source left out"
    expect(answer(person)).to_contain_text(known)
    carried = "Nothing of 20 Nov 2023 could be known on 15 Nov 2023"
    expect(answer(person)).not_to_contain_text("could be known")
    person.opens(f"{KIDAL}&published=2023-11-15")
    expect(answer(person)).to_contain_text(carried)
    person.opens("/?at=2023-11-20&place=kidal&position=143")
    expect(answer(person)).to_contain_text("On 20 Nov 2023, as known up to entry 143")


def test_the_mark_of_a_dispute_leads_to_those_who_dispute_it(person: Person) -> None:
    person.opens(KIDAL)
    answer(person).get_by_role("button", name="disputed").press("Enter")
    heading = person.page.get_by_role("heading", name="Who disputes it")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(section(person, "Who disputes it").get_by_role("heading", level=4)).to_have_text(
        "held by CSP"
    )
    headings = person.page.get_by_role("article").get_by_role("heading", level=3)
    expect(headings.nth(0)).to_have_text("Evidence")
    expect(headings.nth(1)).to_have_text("Who disputes it")
    expect(headings.nth(2)).to_have_text("Through time")


def test_an_uncertain_moment_is_told_as_one_and_a_span_as_a_span(person: Person) -> None:
    person.opens("/?at=2023-11-20&place=kidal")
    expect(answer(person)).to_contain_text("between 1 Apr 2024 and 31 Dec 2025")
    expect(section(person, "Who disputes it")).to_contain_text("CSP held Kidal, 15 – 17 Nov 2023")
    expect(section(person, "Evidence")).to_contain_text("published between 14 and 15 Nov 2023")
    person.page.get_by_label("Language").select_option("fr")
    person.sees("entre le 1 avr. 2024 et le 31 déc. 2025")


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


def test_the_timeline_as_a_list_is_told_in_days_that_do_not_overlap(person: Person) -> None:
    person.opens("/?at=2014-05-21&place=kidal")
    person.page.get_by_text("The same as a list (12)").click()
    rows = section(person, "Through time").get_by_role("listitem")
    expect(rows).to_have_count(12)
    told = [" ".join(text.split("\n")) for text in rows.all_inner_texts()]
    assert told[:4] == [
        "up to 20 May 2014 not known",
        "21 May 2014 held by MNLA",
        "22 May 2014 to 30 Dec 2014 held by CMA, not certain",
        "31 Dec 2014 to 30 Apr 2021 held by CMA",
    ]
    assert "1 Apr 2024 to 30 Dec 2025 held by FAMa and Wagner, not certain" in told
    lapsed = rows.filter(has_text="18 Dec 2023")
    why = "No longer disputed: CSP held Kidal, 15 – 17 Nov 2023. It is weakly founded, and nobody"
    expect(lapsed).to_contain_text(why)


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


def test_a_revision_in_the_same_words_says_what_became_different(person: Person) -> None:
    person.opens(KIDAL)
    changes = unfolded(person, "How this answer changed").get_by_role("listitem")
    last = "held by FAMa and Wagner, disputed; 1 source says so → then 2 independent sources say so"
    expect(changes.filter(has_text="entry 148")).to_contain_text(last)
    person.opens("/?at=2026-01-01&place=kidal")
    changes = unfolded(person, "How this answer changed").get_by_role("listitem")
    expect(changes.filter(has_text="entry 188")).to_contain_text("held by Africa Corps and FAMa")
    expect(changes.filter(has_text="entry 185")).to_have_count(0)


def test_the_list_is_in_the_order_of_names(person: Person) -> None:
    person.opens("/?at=2023-11-20")
    places = person.page.get_by_role("complementary").get_by_role("listitem").locator("strong")
    expect(places).to_have_count(20)
    names = places.all_inner_texts()
    assert names.index("Kidal") < names.index("Kidal UN camp") < names.index("Léré")
    assert names.index("Léré") < names.index("Léré army camps") < names.index("Tessalit")
    assert names == sorted(names)


def test_before_anything_was_known_the_first_day_of_knowledge_is_told(person: Person) -> None:
    person.opens("/?at=2023-11-20&recorded=2023-11-20")
    note = person.page.get_by_role("status").filter(has_text="Nothing was recorded before")
    expect(person.page.get_by_role("complementary")).to_contain_text("Nothing was recorded before")
    expect(person.page.get_by_text("Reading …")).to_have_count(0)
    note.get_by_role("button", name="Go to that day").click()
    expect(person.page.get_by_role("button", name="Kidal held by FAMa").first).to_be_visible()
    expect(note).to_have_count(0)
    person.opens("/?at=2023-11-20&published=2001-01-01&place=kidal")
    expect(answer(person)).to_contain_text("6 statements about this place were not public by then.")
    note = person.page.get_by_role("status").filter(has_text="Nothing was public before")
    note.get_by_role("button", name="Go to that day").click()
    expect(note).to_have_count(0)
    expect(person.page.get_by_label("As public on").first).to_be_attached()


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
