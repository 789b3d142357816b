"""`tenure situation` prints a page on which each claim can be checked, and what GraphQL answers."""

import json
import re
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import create_app
from api.ids import with_plain_ids
from api.schema.situation_document import DOCUMENT
from tests.command_line import CommandLine

DAY = "2024-03-20"
"""The day of the report that the scenario starts from."""


@pytest.fixture(scope="module")
def mali(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A command line with the scenario that the demo records."""
    cli = CommandLine(tmp_path_factory.mktemp("mali"))
    assert cli.run("demo", "--no-serve").code == 0
    return cli


def page(cli: CommandLine, *options: str, on: str = DAY) -> str:
    told = cli.run("situation", "--on", on, *options)
    assert told.code == 0, told.stderr
    return told.stdout


def document(cli: CommandLine, *options: str, on: str = DAY) -> Any:
    return json.loads(page(cli, "--json", *options, on=on))


def section(text: str, title: str) -> list[str]:
    """Its statements, each on one line."""
    body = text.split(f"\n{title}\n", 1)[1].split("\n\n", 1)[0]
    return re.sub(r"\n {3,}", " ", body).strip().split("\n  ")


# ---- the page --------------------------------------------------------------------------------


def test_the_page_tells_all_parts_of_the_situation_in_their_order(mali: CommandLine) -> None:
    head, *parts = page(mali).split("\n\n")
    assert head == (
        "The situation, at the close of 2024-03-20 (UTC), as known at position " + str(mali.head)
    )
    assert [part.splitlines()[0].partition(":")[0] for part in parts] == [
        "How many places",
        "Who holds what",
        "Not certain",
        "Said to have happened in the 30 days before",
        "Convoys",
        "Missions",
        "Sieges",
        "Alliances",
        "Patrons",
        "Displaced people",
        "Need of aid",
        "Notes",
        "Basis",
    ]


def test_it_says_what_the_report_of_that_day_says(mali: CommandLine) -> None:
    told = re.sub(r" \[[0-9, ]+\]", "", page(mali))
    (convoy,) = section(told, "Convoys")
    assert convoy.startswith("A convoy of FAMa and Wagner is stalled at Anefis, halted by MNLA")
    assert section(told, "Sieges") == ["JNIM besieges Timbuktu, since 2023-08-08."]
    assert "FAMa and Wagner are allies, since 2021-12." in section(told, "Alliances")
    assert "Mali leans on Russia, since 2022." in section(told, "Patrons")
    assert section(told, "Displaced people") == ["At least 2,000 people fled."]
    assert section(told, "Need of aid")[0].startswith("People in Mali need aid, since")
    assert not any("MINUSMA" in each for each in section(told, "Missions"))


@pytest.mark.parametrize("on", [DAY, "2023-11-14", "2023-09-12T12:00:00Z"])
def test_notes_are_numbered_as_they_are_cited_and_none_is_missing(
    mali: CommandLine, on: str
) -> None:
    body, notes = page(mali, on=on).split("\nNotes\n")
    cited = [number for them in re.findall(r"\[([\d,\s]+)\]", body) for number in them.split(",")]
    first_cited = list(dict.fromkeys(map(int, cited)))
    numbered = [int(number) for number in re.findall(r"^ +\[(\d+)\] ", notes, re.MULTILINE)]
    assert first_cited == numbered == list(range(1, len(numbered) + 1))
    assert len(re.findall(r"Event\s+[0-9a-f-]{36}\.", notes)) == len(numbered)


def test_a_note_says_who_told_of_it_when_how_far_it_is_trusted_and_where(
    kidal: CommandLine,
) -> None:
    told = document(kidal, on="2023-11-14")["explanation"]
    note = next(line for line in told.splitlines() if line.startswith("[1] "))
    assert note.startswith(
        "[1] FAMa and Wagner seized Kidal on 2023-11-14. Press, B2, “Kidal”, "
        "published on 2023-11-14, paragraph 3. Event "
    )


def test_no_line_is_wider_than_a_terminal(mali: CommandLine) -> None:
    lines = page(mali).splitlines()
    assert max(len(line) for line in lines if not line.startswith("Token: ")) <= 96


def test_within_a_place_only_that_place_and_what_lies_in_it_are_told_of(mali: CommandLine) -> None:
    told = page(mali, "--within", "kidal-region", on="2023-11-14")
    assert told.startswith("Kidal region, at the close of 2023-11-14 (UTC), as known at ")
    held = " ".join(section(told, "Who holds what"))
    assert "Tessalit" in held
    assert "Timbuktu" not in held
    assert "\nSieges\n" not in told
    alone = page(mali, "--within", "timbuktu", on="2023-11-14")
    assert section(alone, "Sieges") == ["JNIM besieges Timbuktu, since 2023-08-08 [3]."]


@pytest.mark.parametrize(
    ("days", "title", "change"),
    [
        ("1", "Changed in the day before", None),
        ("5", "Changed in the 5 days before", None),
        (
            "6",
            "Changed in the 6 days before",
            "2023-11-15 Kidal: held by FAMa and Wagner, then disputed",
        ),
        (
            "7",
            "Changed in the 7 days before",
            "2023-11-14 Kidal: held by CSP, then held by FAMa and Wagner",
        ),
        (
            "36600",
            "Changed in the 36,600 days before",
            "2014-05-21 Kidal: not known, then held by CSP",
        ),
    ],
)
def test_changes_are_told_with_their_dates_as_far_back_as_days_say(
    kidal: CommandLine, days: str, title: str, change: str | None
) -> None:
    told = page(kidal, "--days", days, on="2023-11-20")
    if change is None:
        assert f"\n{title}\n" not in told
    else:
        first = section(told, title)[0]
        assert re.fullmatch(rf"{change} \[[\d, ]+\]\.", first)


def test_of_nothing_the_page_says_so_and_has_no_notes(kidal: CommandLine) -> None:
    told = page(kidal, "--position", "0")
    assert section(told, "Nothing is known") == ["No report speaks of it."]
    assert "Notes" not in told
    assert "\nBasis: position 0, rule 3\n" in told


def test_a_section_without_a_statement_is_left_out(kidal: CommandLine) -> None:
    titles = [part.splitlines()[0] for part in page(kidal, on="2023-11-14").split("\n\n")[1:]]
    assert titles[:-1] == [
        "How many places",
        "Who holds what",
        "Changed in the 30 days before",
        "Said to have happened in the 30 days before",
        "Notes",
    ]


def test_a_brief_page_has_no_notes_and_what_it_says_the_whole_page_says(mali: CommandLine) -> None:
    whole, brief = page(mali, on="2023-11-14"), page(mali, "--brief", on="2023-11-14")
    assert "Notes" not in brief
    assert "[" not in brief

    def words(text: str) -> str:
        return " ".join(re.sub(r"\s\[[\d,\s]+\]", "", text).split())

    for title in ("How many places", "Who holds what", "Sieges", "Alliances"):
        for line in section(brief, title):
            assert words(line) in words(whole) or line.endswith("more are not listed here.")
    assert len(brief.splitlines()) <= 60


OPEN = """
- {type: LocationRegistered, location: ber, name: Ber, kind: town}
- {type: ReportFiled, report: press-2, source: press, published: 2023-11-14, title: Ber}
- {type: TownSeized, location: ber, by: csp, occurred: 2023-11, report: press-2, credibility: 2}
"""


def test_a_place_whose_only_word_is_still_open_is_in_the_situation(kidal: CommandLine) -> None:
    assert kidal.run("record", kidal.write("open.yaml", OPEN)).code == 0
    told = re.sub(r" \[[0-9, ]+\]", "", page(kidal, on="2023-11-20"))
    assert "It is not known who holds Ber." in section(told, "Who holds what")
    assert section(told, "Not certain") == ["Ber: not known; perhaps held by CSP."]
    assert "Of 1 place it is not known who holds it (1 not certain)." in told
    (group,) = (each for each in document(kidal, on="2023-11-20")["places"] if not each["holders"])
    assert (group["status"], group["count"]) == ("UNKNOWN", 1)
    (possible,) = (
        reading for reading in group["places"][0]["possible"] if reading["status"] == "HELD"
    )
    assert [each["slug"] for each in possible["holders"]] == ["csp"]
    assert "Not certain" not in page(kidal, on="2023-11-30")
    assert "CSP holds Ber" in page(kidal, on="2023-11-30")


RENAMED = """
- {type: ReportFiled, report: press-3, source: press, published: 2024-02-01, title: New names}
- {type: ActorRenamed, actor: csp, name: FLA, occurred: 2023-12-01, report: press-3, credibility: 2}
- {type: LocationRenamed, location: kidal, name: Kidal City, occurred: 2023-12-02, report: press-3,
   credibility: 2}
"""


def test_old_events_are_told_with_the_names_of_their_time(kidal: CommandLine) -> None:
    assert kidal.run("record", kidal.write("renamed.yaml", RENAMED)).code == 0
    told = page(kidal, "--days", "100", on="2023-12-10")
    assert "held by FLA" in " ".join(section(told, "Disputed"))
    assert "Kidal City: held by" in " ".join(section(told, "Disputed"))
    reported = section(told, "Said to have happened in the 100 days before")
    assert any(each.startswith("CSP held Kidal on 2023-11-15") for each in reported)
    notes = " ".join(told.split("\nNotes\n")[1].split())
    assert "CSP held Kidal on 2023-11-15. CSP spokesman" in notes
    assert "FLA held" not in notes


# ---- many places -----------------------------------------------------------------------------


def country(towns: int) -> str:
    """Towns in three hands; half of them changed hands in February 2024, some in dispute."""
    holders = ("fama", "csp", "wagner")
    lines = ["- {type: SourceRegistered, source: press, name: Press, reliability: B}"]
    lines += ["- {type: SourceRegistered, source: radio, name: Radio, reliability: C}"]
    lines += [
        f"- {{type: ActorRegistered, actor: {each}, name: {each.upper()}, kind: armed-group}}"
        for each in holders
    ]
    lines += [
        f"- {{type: ReportFiled, report: {source}-{day}, source: {source}, "
        f"published: 2024-02-{day:02}, title: Day {day}}}"
        for source in ("press", "radio")
        for day in range(1, 29)
    ]
    for number in range(towns):
        day, town = number % 28 + 1, f"location: town-{number}"
        lines.append(f"- {{type: LocationRegistered, {town}, name: Town {number}, kind: town}}")
        lines.append(
            f"- {{type: ControlReported, {town}, holders: {holders[number % 3]}, "
            f"occurred: 2023-12-{day:02}, report: press-{day}, credibility: 2}}"
        )
        if number % 2:
            lines.append(
                f"- {{type: TownSeized, {town}, by: {holders[number % 3 - 1]}, "
                f"occurred: 2024-02-{day:02}, report: press-{day}, credibility: 2}}"
            )
        if number % 5 == 0:
            lines.append(
                f"- {{type: ControlReported, {town}, holders: {holders[number % 3 - 2]}, "
                f"occurred: 2024-02-{day:02}, report: radio-{day}, credibility: 3}}"
            )
    return "\n".join(lines)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A command line with five hundred towns."""
    cli = CommandLine(tmp_path_factory.mktemp("country"))
    assert cli.run("record", cli.write("country.yaml", country(500))).code == 0
    return cli


CHANGED = "Changed in the 30 days before"


def test_of_five_hundred_places_all_are_named(towns: CommandLine) -> None:
    told = page(towns, on="2024-02-28")
    assert len(told.splitlines()) < 300
    counts = section(told, "How many places")
    assert sum(int(re.findall(r"\d+", each)[0]) for each in counts) == 500
    listed = " ".join(section(told, "Who holds what"))
    assert {*re.findall(r"Town \d+", listed)} == {f"Town {number}" for number in range(500)}
    changed = section(told, CHANGED)
    named = {name for line in changed for name in re.findall(r"Town \d+", line)}
    assert {f"Town {number}" for number in range(1, 500, 2)} <= named
    cited = {
        int(number)
        for them in re.findall(r"\[([\d,\s]+)\]", told.split("\nNotes\n")[0])
        for number in them.split(",")
    }
    assert cited == set(range(1, len(re.findall(r"^ +\[\d+\] ", told, re.MULTILINE)) + 1))


def test_changes_of_many_places_have_one_form_and_the_last_have_notes(towns: CommandLine) -> None:
    count, *kinds = section(page(towns, on="2024-02-28"), CHANGED)
    total = int(count.split(" ")[0])
    times = [re.search(r", (\d+) times: |, (once): ", kind) for kind in kinds]
    assert sum(int(each[1] or 1) for each in times if each) == total
    assert sum(len(re.findall(r"Town \d+", kind)) for kind in kinds) == total
    assert sum(len(re.findall(r"Town \d+ \[[\d, ]+\]", kind)) for kind in kinds) == 10


def test_five_hundred_places_make_a_brief_page(towns: CommandLine) -> None:
    told = page(towns, "--brief", on="2024-02-28")
    assert len(told.splitlines()) <= 64
    assert re.search(
        r"holds \d+ places: (Town \d+, ){7}Town \d+\s.* and \d+ more\.",
        " ".join(section(told, "Who holds what")),
    )
    count, *kinds = section(told, CHANGED)
    assert re.fullmatch(r"\d+ changes of \d+ places\.", count)
    assert re.match(
        r"Held by \w+, then .*, \d+ times: 2024-02-\d+ Town .* and \d+ earlier\.", kinds[0]
    )


UNKNOWN = """
- {type: SourceRegistered, source: press, name: Press, reliability: B}
- {type: ReportFiled, report: press-1, source: press, published: 2023-11-14, title: Unknown}
"""


def test_of_many_places_of_which_the_holder_is_not_known_the_page_says_it_plainly(
    tmp_path: Path,
) -> None:
    cli = CommandLine(tmp_path)
    lines = [
        f"- {{type: LocationRegistered, location: t{number}, name: T{number}, kind: town}}\n"
        f"- {{type: ControlReportedUnknown, location: t{number}, occurred: 2023-11-14, "
        "report: press-1, credibility: 2}"
        for number in range(10, 40)
    ]
    assert cli.run("record", cli.write("unknown.yaml", UNKNOWN + "\n".join(lines))).code == 0
    (told,) = section(page(cli), "Who holds what")
    assert told.startswith("Of 30 places it is not known who holds them: T10, T11, T12")


# ---- when it changed -------------------------------------------------------------------------

TURNS = """
- {type: SourceRegistered, source: press, name: Press, reliability: B}
- {type: ReportFiled, report: press-1, source: press, published: 2021-08-20, title: Afghanistan}
- {type: ActorRegistered, actor: ana, name: ANA, kind: state-force}
"""


@pytest.mark.parametrize(
    ("occurred", "zone", "when"),
    [
        ("2021-08-12", None, "2021-08-12"),
        ("2021-08-12", "Asia/Kabul", "2021-08-12 (UTC)"),
        ("2021-08-12[Asia/Kabul]", "Asia/Kabul", "2021-08-12"),
        ("2021-08-12[Asia/Kabul]", "+04:30", "2021-08-12"),
        ("2021-08-12[Asia/Kabul]", None, "2021-08-12 (UTC+04:30)"),
        ("2021-08-12T06Z", None, "2021-08-12T06Z"),
        ("2021-08-12T06Z", "Asia/Tashkent", "2021-08-12T11"),
        ("2021-08-12T06Z", "Asia/Kabul", "2021-08-12T10:30"),
        ("2021-08-12T22:15:00Z", None, "2021-08-12T22:15:00Z"),
        ("2021-08-12T22:15:00Z", "Asia/Kabul", "2021-08-13T02:45:00"),
        ("2021-07", None, "2021-07"),
        ("2021-08-10/2021-08-12", None, "2021-08-12"),
    ],
)
def test_a_change_is_told_with_its_day_or_hour_by_the_clocks_asked_for(
    tmp_path: Path, occurred: str, zone: str | None, when: str
) -> None:
    cli = CommandLine(tmp_path)
    said = f"""
- {{type: LocationRegistered, location: herat, name: Herat, kind: town}}
- {{type: TownSeized, location: herat, by: ana, occurred: "{occurred}", report: press-1,
   credibility: 2}}
"""
    assert cli.run("record", cli.write("turns.yaml", TURNS + said)).code == 0
    told = page(cli, *(["--zone", zone] if zone else []), on="2021-08-20")
    (changed,) = section(told, CHANGED)
    assert re.sub(r" \[1\]", "", changed) == f"{when} Herat: not known, then held by ANA."


# ---- the document ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "within", "days"),
    [
        (DAY, None, 30),
        ("2023-10-06", "kidal-region", 10),
        ("2023-11-20", "mali", 400),
        ("2025-03-01", "kidal", 200),
    ],
)
def test_json_is_what_graphql_answers(
    mali: CommandLine, on: str, within: str | None, days: int
) -> None:
    options = ["--days", str(days), *(["--within", within] if within else [])]
    told = document(mali, *options, on=on)
    asked = {"at": on, "within": within, "days": days, "position": mali.head}
    with TestClient(create_app(mali.settings), base_url="http://127.0.0.1") as http:
        answers = [
            http.post("/graphql", json={"query": DOCUMENT, "variables": asked}),
            http.get(
                "/graphql", params={"documentId": "situation", "variables": json.dumps(asked)}
            ),
        ]
    assert [with_plain_ids(each.json()) for each in answers] == [{"data": {"situation": told}}] * 2
    assert "immutable" in answers[1].headers["cache-control"]


def test_page_and_document_tell_the_same(mali: CommandLine) -> None:
    told = document(mali)
    text, token = re.sub(r"\s+", " ", page(mali)), told["basis"]["token"]
    for line in told["explanation"].splitlines()[1:]:
        assert line.partition("] " if line.startswith("[") else ": ")[2] in text
    assert text.endswith(f"Token: {token} ")


# ---- as known then ---------------------------------------------------------------------------

LATE = """
- {type: ReportFiled, report: late, source: press, published: 2023-12-01, title: Late}
- {type: SiegeLaid, location: kidal, by: csp, occurred: 2023-11-16, report: late, credibility: 1}
- {type: TownSeized, location: kidal, by: csp, occurred: 2023-11-18, report: late, credibility: 1}
"""


def test_what_was_known_before_a_late_report_stays_word_for_word(kidal: CommandLine) -> None:
    before, known = page(kidal, on="2023-11-20"), document(kidal, on="2023-11-20")
    recorded, position = known["basis"]["recordedAt"], str(kidal.head)
    sleep(0.01)  # so that it is recorded at a later time
    assert kidal.run("record", kidal.write("late.yaml", LATE)).code == 0
    now = page(kidal, on="2023-11-20")
    assert section(now, "Sieges")[0].startswith("CSP besieges Kidal, since 2023-11-16")
    assert "CSP holds Kidal" in now
    assert page(kidal, "--position", position, on="2023-11-20") == before
    assert page(kidal, "--known-on", recorded, on="2023-11-20") == before
    assert document(kidal, "--position", position, on="2023-11-20") == known


# ---- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--on", DAY, "--within", "kidall"),
            "no location is registered as 'kidall'; did you mean kidal",
        ),
        (("--on", DAY, "--position", "99"), "position 99 is not recorded yet; the last one is 13"),
        (("--on", DAY, "--known-on", "2999-01-01"), "2999-01-01 lies in the future"),
        (("--on", "2999-01-01"), "2999-01-01 lies in the future"),
        (("--on", "2024-02-30"), "'2024-02-30' is not a time"),
        (("--on", "2024-03"), "a time that a question can be about; write a day"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_plain_words(
    kidal: CommandLine, options: tuple[str, ...], told: str, form: tuple[str, ...]
) -> None:
    outcome = kidal.run("situation", *options, *form)
    outcome.refused(told)
    assert outcome.stdout == ""


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--on", DAY, "--position", "1", "--known-on", "2024-01-01"),
        ("--on", DAY, "--position", "-1"),
        ("--on", DAY, "--days", "0"),
        ("--on", DAY, "--days", "36601"),
        ("--on", DAY, "kidal"),
    ],
)
def test_misuse_is_exit_code_two(kidal: CommandLine, options: tuple[str, ...]) -> None:
    told = kidal.run("situation", *options)
    assert told.code == 2, told
    assert "Usage: tenure situation" in told.stderr


# ---- whose word ------------------------------------------------------------------------------


def test_the_first_line_says_whose_word_it_is(mali: CommandLine) -> None:
    told = page(mali, "--published-by", "2023-11-15", "--min-reliability", "B", on="2023-11-20")
    head = " ".join(told.split("\n\n")[0].split())
    assert head == (
        "The situation, at the close of 2023-11-20 (UTC), by sources of reliability A to B only, "
        f"as published by 2023-11-15, as known at position {mali.head}"
    )


def test_nothing_that_was_published_later_is_told(mali: CommandLine) -> None:
    options = ("--published-by", "2023-10-31")
    found = document(mali, *options, on="2023-11-20")
    published = [each["report"]["published"]["latest"] for each in found["reported"]]
    assert published and max(published) <= "2023-11-01T00:00:00Z"
    everything = document(mali, on="2023-11-20")
    assert len(found["reported"]) < len(everything["reported"])
    assert found["basis"]["perspective"]["words"] == "as published by 2023-10-31"
    assert everything["basis"]["perspective"] is None


def test_a_token_gives_the_situation_from_its_perspective_again(mali: CommandLine) -> None:
    options = ("--json", "--not-according-to", "csp-spokesman")
    told = page(mali, *options, on="2023-11-20")
    token = json.loads(told)["basis"]["token"]
    again = mali.run("situation", "--token", token, "--json")
    assert again.stdout == told
    refused = mali.run("situation", "--token", token, "--published-by", "2023-11-15")
    assert refused.code == 2 and "a token pins the question" in refused.stderr


def test_a_source_that_nobody_registered_is_refused(mali: CommandLine) -> None:
    told = mali.run("situation", "--on", DAY, "--according-to", "csp-spokesmen")
    assert told.code == 1 and "csp-spokesman" in told.stderr


def test_an_unknown_answer_says_what_the_perspective_leaves_out(mali: CommandLine) -> None:
    told = mali.run("who", "kidal", "--on", "2023-11-20", "--published-by", "2011-01-01").stdout
    head, left_out, *_ = told.splitlines()
    assert head.endswith("(UTC), as published by 2011-01-01: unknown")
    count = int(left_out.split("): ")[1].split(" ")[0])
    assert left_out == (
        f"Left out by the perspective (as published by 2011-01-01): {count} statements about it."
    )
    asked = ("who", "kidal", "--on", "2023-11-20", "--published-by", "2011-01-01", "--json")
    found = json.loads(mali.run(*asked).stdout)
    available = found["available"]
    assert (available["around"], available["leftOut"]) == (None, count)
    assert found["basis"]["perspective"]["publishedBy"] == "2011-01-01T23:59:59.999999Z"
