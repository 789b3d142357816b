"""Does the page tell of ledgers that look otherwise than the demo what their entries say?"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.command_line import ROOT
from tests.console.browser import Person, built, served

CHANGES = 120
"""How often the answer for one place changes as reports are recorded."""

RENAMED = 101

ACTORS = {
    "front": "جبهة تحرير أزواد",
    "army": "صقور",
    "idle": "Idle",
    "kin": "Kin",
    "renamed": "Name",
}
ACLED_2 = {"precision": {"scale": "acled", "code": 2}}
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "tombouctou": ("تمبكتو", {}),
    "nobody": ("Nobody Named", {}),
    "part": ("Part of a Region", ACLED_2),
    "hour": ("In an Hour", {}),
    "old": ("Long Ago", {}),
    "unclear": ("Unclear", {}),
    "busy": ("Busy", {}),
    "ringed": ("Ringed", {}),
}
KABUL = {"location": "kabul", "name": "Kabul", "kind": "town", "zone": "Asia/Kabul"}


def _records() -> Iterator[dict[str, Any]]:
    """The records of a situation file."""
    yield {"type": "SourceRegistered", "source": "press", "name": "Press", "reliability": "B"}
    one = {"report": "one", "source": "press", "published": "2023-06-01", "title": "One"}
    yield {"type": "ReportFiled", **one}
    groups = {f"group-{each}": f"Group {each}" for each in range(16)}
    for actor, name in (ACTORS | groups).items():
        yield {"type": "ActorRegistered", "actor": actor, "name": name, "kind": "armed-group"}
    for number, (place, (name, exactness)) in enumerate(PLACES.items()):
        point = {"latitude": 20 + number, "longitude": 3, **exactness}
        town = {"location": place, "name": name, "kind": "town", "coordinates": point}
        yield {"type": "LocationRegistered", **town}
    yield {"type": "LocationRegistered", **KABUL}
    yield {"type": "LocationRegistered", "location": "land", "name": "Land", "kind": "region"}
    inside = {"location": "inside", "name": "Inside", "kind": "town", "within": "land"}
    yield {"type": "LocationRegistered", **inside}
    yield _held("inside", "2023-05-02", "army")
    yield _held("tombouctou", "2023-05-02", "front", "army")
    yield _said("LocationContested", "2023-05-02", location="nobody", between=[])
    yield _held("part", "2023-05-02", "army")
    yield _held("hour", "2023-05-02T06Z", "army")
    yield _held("kabul", "2023-05-02/2023-05-04", "army")
    yield _held("old", "1850-03-05", "army")
    yield {"type": "SourceRegistered", "source": "rumour", "name": "Rumour", "reliability": "E"}
    late = {"report": "late", "source": "rumour", "published": "2023-06-10", "title": "Late"}
    yield {"type": "ReportFiled", **late}
    siege = {"location": "ringed", "by": ["army"], "report": "late"}
    yield _held("ringed", "2023-05-02", "front")
    yield _said("SiegeLaid", "2023-05-03", **siege)
    allies = {"parties": ["army", "front"], "report": "late"}
    yield _said("AllianceFormed", "2023-05-03", **allies)
    unclear = {"location": "unclear", "possibly": ["army"]}
    yield _said("ControlReportedUnknown", "2023-05-02", **unclear)
    for number, group in enumerate(groups):
        if number % 2:
            yield _said("CoalitionJoined", "2023-05-02", members=["kin"], coalition=group)
        else:
            yield _said("ActorSplit", "2023-05-02", actor="kin", into=[group])
    yield _said("ActorRenamed", "2023-05-20", actor="kin", name="Kindred")
    for number in range(CHANGES):
        holder = ("army", "front")[number % 2]
        yield {**_held("busy", "2023-05-02", holder), "summary": f"Message {number}"}

    for number in range(RENAMED):
        yield _said("ActorRenamed", "2023-05-20", actor="renamed", name=f"Name {number}")


def _held(place: str, occurred: str, *holders: str) -> dict[str, Any]:
    return _said("ControlReported", occurred, location=place, holders=list(holders))


def _said(kind: str, occurred: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "occurred": occurred, "report": "one", "credibility": 2} | fields


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    built()
    folder: Path = tmp_path_factory.mktemp("other")
    lines = "\n".join(map(json.dumps, _records()))
    (folder / "situation.jsonl").write_text(lines)
    record = [sys.executable, "-c", "from api.cli import main; main()", "record", "situation.jsonl"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TENURE_LEDGER": f"sqlite:///{folder}/ledger.db",
        "TENURE_VIEWS": f"{folder}/views.db",
    }
    subprocess.run(record, cwd=folder, env=environment, check=True, capture_output=True)
    with served(folder, "serve") as found:
        urlopen(f"{found}/map/places").close()  # the first map takes longer than a test waits
        yield found


@pytest.fixture
def reader(chromium_browser: Browser, address: str) -> Iterator[Person]:
    """Somebody whose own clocks are not those of UTC."""
    context = chromium_browser.new_context(
        viewport={"width": 1280, "height": 800},
        locale="en-GB",
        timezone_id="America/Los_Angeles",
    )
    somebody = Person.before(context.new_page(), address)
    yield somebody
    context.close()
    assert somebody.complaints == []


PLACES_OF_LETTERS = """(element, letters) => {
    const nodes = [...element.childNodes];
    return letters.map((letter) => {
        const node = nodes.find(({ data }) => data.includes(letter));
        const range = document.createRange();
        range.setStart(node, node.data.indexOf(letter));
        range.setEnd(node, node.data.indexOf(letter) + 1);
        return range.getBoundingClientRect().toJSON();
    });
}"""
"""Where the first of each letter stands on the screen."""


def beside(reader: Person) -> Locator:
    return reader.page.get_by_role("complementary")


def test_a_date_stays_whole_behind_a_name_from_right_to_left(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&place=tombouctou")
    when = beside(reader).locator(".testimony .when").first
    expect(when).to_have_text(", 2 May 2023")
    day, month = when.evaluate(PLACES_OF_LETTERS, ["2", "M"])
    assert 0 <= month["left"] - day["right"] < 10


def test_names_from_right_to_left_stand_apart_from_each_other(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&place=tombouctou")
    answer = reader.page.get_by_role("region", name="The answer")
    expect(answer).to_contain_text("\u2068صقور\u2069 and \u2068جبهة تحرير أزواد\u2069")


def test_a_place_contested_by_nobody_named_is_contested_and_hatched(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&place=nobody")
    headline = reader.page.get_by_role("region", name="The answer").locator(".headline")
    expect(headline).to_have_text("contested")
    strip = beside(reader).locator(".strip .contested").last
    assert "repeating" in strip.evaluate("(element) => element.style.background")


def test_a_part_of_a_region_is_an_area_by_the_codes_of_acled(reader: Person) -> None:
    reader.opens("/?at=2023-05-25")
    named = reader.page.get_by_role("button", name="Part of a Region (area) held by")
    expect(named).to_be_visible()


def test_times_are_no_more_exact_than_they_are_known(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&place=hour")
    expect(beside(reader)).to_contain_text("2 May 2023, 06:00–07:00 UTC")
    reader.opens("/?at=2023-05-25&place=kabul")
    expect(beside(reader).locator(".testimony")).to_contain_text("2 – 4 May 2023 (Asia/Kabul)")


def test_what_changed_long_ago_can_be_stepped_to(reader: Person) -> None:
    reader.opens("/?at=1900-01-01&place=old")
    reader.page.keyboard.press("[")
    expect(beside(reader)).to_contain_text("On 5 Mar 1850")


def test_words_of_not_knowing_are_told_once(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&place=unclear")
    words = "It was not known who held Unclear"
    expect(beside(reader).get_by_role("link", name=words)).to_have_count(1)


def test_a_long_history_of_an_answer_is_told_in_parts(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&place=busy")
    beside(reader).get_by_role("heading", name="How this answer changed").click()
    rows = beside(reader).locator(".revisions > li")
    expect(rows).to_have_count(50)
    beside(reader).get_by_role("button", name="earlier changes").click()
    expect(rows).to_have_count(100)


def test_an_actor_has_the_name_of_the_moment(reader: Person) -> None:
    reader.opens("/?at=2023-05-10&actor=kin")
    expect(beside(reader).get_by_role("heading", level=2)).to_have_text("Kin")
    reader.opens("/?at=2023-05-25&actor=kin")
    expect(beside(reader).get_by_role("heading", level=2)).to_have_text("Kindred")


def test_no_box_of_a_lineage_covers_another(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&actor=kin")
    boxes = beside(reader).locator(".graph rect")
    expect(boxes).to_have_count(17)
    found = boxes.evaluate_all("(all) => all.map((each) => each.getBoundingClientRect().toJSON())")
    for at, one in enumerate(found):
        for other in found[:at]:
            is_apart = (
                one["left"] >= other["right"]
                or other["left"] >= one["right"]
                or one["top"] >= other["bottom"]
                or other["top"] >= one["bottom"]
            )
            assert is_apart


def test_a_curve_says_no_place_of_an_actor_that_held_none(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&actor=idle")
    expect(beside(reader)).to_contain_text(", at most 0")


def test_an_actor_or_a_source_that_is_not_there_is_told_once(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&actor=nobody")
    expect(beside(reader)).to_contain_text("There is no such actor.")
    reader.opens("/?at=2023-05-25&source=nobody")
    expect(beside(reader).get_by_role("alert")).to_have_text("no source is registered as 'nobody'")


def test_sieges_and_allies_follow_whose_word_counts_and_what_could_be_read(reader: Person) -> None:
    answer = reader.page.get_by_role("region", name="The answer")
    allies = beside(reader).get_by_role("heading", name="Allies")
    for whose, count in (("", 1), ("&without=rumour", 0), ("&published=2023-06-05", 0)):
        reader.opens(f"/?at=2023-05-25{whose}&place=ringed")
        expect(answer).to_contain_text("held by")
        expect(answer.get_by_text("besieged by")).to_have_count(count)
        reader.opens(f"/?at=2023-05-25{whose}&actor=army")
        expect(beside(reader).get_by_role("heading", level=2)).to_have_text("صقور")
        expect(allies).to_have_count(count)


def test_a_list_of_names_says_where_it_ends_early(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&actor=renamed")
    expect(beside(reader)).to_contain_text("Only the first 100 are shown.")
    reader.opens("/?at=2023-05-25&actor=kin")
    expect(beside(reader).get_by_role("heading", name="Names through time")).to_be_visible()
    expect(beside(reader)).not_to_contain_text("Only the first")


def test_a_comparison_can_be_that_of_a_region(reader: Person) -> None:
    reader.opens("/?at=2023-05-25&show=compare&with=2023-05-01")
    expect(beside(reader).get_by_role("link", name="Kabul", exact=True)).to_be_visible()
    beside(reader).get_by_role("combobox", name="Within").fill("land")
    beside(reader).get_by_role("listbox").get_by_role("option").first.click()
    expect(beside(reader)).to_contain_text("The two differ about 1 place.")
    expect(beside(reader).get_by_role("link", name="Inside", exact=True)).to_be_visible()
