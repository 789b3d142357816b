"""Lists on the command line say what GraphQL says: page by page, filter by filter."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import create_app
from api.ids import with_plain_ids
from tests.command_line import KIDAL, CommandLine

MORE = """\
- {type: SourceRegistered, source: dataset, name: Données du Sahel, reliability: C,
   continuous: true}
- {type: ReportFiled, report: copy-1, source: dataset, published: 2023-11-15, title: Kidal pris,
   syndicated_from: press-1}
- {type: ReportFiled, report: month-1, source: dataset, published: 2023-10, title: "Le mois"}
- {type: LocationRegistered, location: gao, name: Gao, kind: town,
   coordinates: {latitude: 16.27, longitude: -0.04}}
- {type: LocationRegistered, location: kidal-gao, name: Kidal, kind: site, within: gao}
"""


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    cli = CommandLine(tmp_path_factory.mktemp("lists"))
    for name, content in (("kidal.yaml", KIDAL), ("more.yaml", MORE)):
        assert cli.run("record", cli.write(name, content)).code == 0
    return cli


def told(cli: CommandLine, *asked: str) -> list[str]:
    outcome = cli.run(*asked)
    assert (outcome.code, outcome.stderr) == (0, ""), outcome
    return outcome.stdout.splitlines()


def listed(cli: CommandLine, *asked: str) -> Any:
    outcome = cli.run(*asked, "--json")
    assert (outcome.code, outcome.stderr) == (0, ""), outcome
    return json.loads(outcome.stdout)


def slugs(cli: CommandLine, *asked: str) -> list[str]:
    """The ids on the page, which has the same in lines and as JSON."""
    found = [each["slug"] for each in listed(cli, *asked)["nodes"]]
    column = 1 if asked[0] == "reports" else 0
    assert [line.split()[column] for line in told(cli, *asked) if line[:1] != " "] == found
    return found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("places",), ["gao", "kidal", "kidal-gao", "kidal-market", "kidal-region"]),
        (("places", "--within", "kidal-region"), ["kidal", "kidal-market"]),
        (("places", "--kind", "site"), ["kidal-gao", "kidal-market"]),
        (("places", "--bbox", "-1", "16", "0", "17"), ["gao"]),
        (("places", "--search", "kidal", "--kind", "TOWN"), ["kidal"]),
        (("actors", "--kind", "coalition"), ["csp"]),
        (("actors", "--search", "FAMA"), ["fama"]),
        (("sources",), ["csp-comms", "dataset", "press"]),
        (("sources", "--reliability", "b", "--reliability", "D"), ["csp-comms", "press"]),
        (("sources", "--continuous"), ["dataset"]),
        (("sources", "--not-continuous"), ["csp-comms", "press"]),
        (("sources", "--text", "donnees sah"), ["dataset"]),
        (("sources", "--said-since", "2023-11-15"), ["csp-comms", "dataset"]),
        (("sources", "--said-since", "2023-11-17"), []),
        (("reports",), ["month-1", "press-1", "copy-1", "csp-1"]),
        (("reports", "--source", "press"), ["press-1", "copy-1"]),
        (("reports", "--published-from", "2023-11-15"), ["copy-1", "csp-1"]),
        (("reports", "--published-from", "2023-10-15"), ["month-1", "press-1", "copy-1", "csp-1"]),
        (("reports", "--published-to", "2023-10-15"), []),
        (("reports", "--published-to", "2023-11-14"), ["month-1", "press-1"]),
        (("reports", "--syndicated"), ["copy-1"]),
        (("reports", "--not-syndicated", "--text", "kidal"), ["press-1"]),
        (("reports", "--text", "PRIS"), ["copy-1"]),
    ],
)
def test_a_list_is_narrowed_in_lines_and_as_json(
    cli: CommandLine, asked: tuple[str, ...], found: list[str]
) -> None:
    assert slugs(cli, *asked) == found


@pytest.mark.parametrize(
    ("asked", "positions"),
    [
        (("--location", "kidal", "--type", "TownSeized"), [11, 12]),
        (("--within", "kidal-region", "--source", "csp-comms"), [13]),
        (("--actor", "wagner"), [9, 12]),
        (("--report", "csp-1"), [4, 13]),
        (("--occurred-from", "2023-11-14", "--occurred-to", "2023-11-14"), [12]),
        (("--recorded-to", "2020-01-01"), []),
        (("--recorded-from", "2020-01-01", "--last", "1"), [18]),
        (("--text", '"takes the town"'), [12]),
        (("--standing", "--type", "ControlReported"), [13]),
        (("--retracted",), []),
    ],
)
def test_events_take_the_filters_of_graphql(
    cli: CommandLine, asked: tuple[str, ...], positions: list[int]
) -> None:
    assert [each["position"] for each in listed(cli, "events", *asked)["nodes"]] == positions
    lines = [line.split()[0] for line in cli.run("events", *asked).stdout.splitlines()]
    assert [int(each) for each in lines if each.isdigit()] == positions


@pytest.mark.parametrize("what", ["places", "actors", "sources", "reports", "events"])
def test_pages_follow_each_other_and_stderr_says_how_to_go_on(cli: CommandLine, what: str) -> None:
    whole = told(cli, what)
    found: list[list[str]] = []
    onwards: tuple[str, ...] = ()
    while True:
        page = cli.run(what, "--first", "2", *onwards)
        found += [line.split() for line in page.stdout.splitlines()]
        if not page.stderr:
            break
        assert page.stderr.startswith("more follow; for these, add --after ")
        onwards = ("--after", page.stderr.split()[-1])
        as_json = listed(cli, what, "--first", "2", *onwards)
        assert as_json["pageInfo"]["hasPreviousPage"] is True
    assert found == [line.split() for line in whole]


def test_the_last_events_are_told_and_how_to_go_back(cli: CommandLine) -> None:
    page = cli.run("events", "--last", "2")
    assert [line.split()[0] for line in page.stdout.splitlines()[::2]] == ["17", "18"]
    *_, last, number, before, cursor = page.stderr.split()
    assert (last, number, before) == ("--last", "2", "--before")
    page = cli.run("events", last, number, before, cursor)
    assert [line.split()[0] for line in page.stdout.splitlines()[::2]] == ["15", "16"]


def test_places_of_one_name_are_told_apart(cli: CommandLine) -> None:
    outcome = cli.run("search", "kidal")
    assert outcome.code == 0
    places = outcome.stdout.split("\n\n")[0].splitlines()
    assert [line.split(maxsplit=2) for line in places[1:4]] == [
        ["kidal", "Kidal", "town in Kidal region (18.4410, 1.4080)"],
        ["kidal-gao", "Kidal", "site in Gao"],
        ["kidal-market", "Market", "site in Kidal, Kidal region"],
    ]


def test_a_search_finds_every_sort_of_thing(cli: CommandLine) -> None:
    titles = [line for line in told(cli, "search", "press") if line and line[0] != " "]
    assert titles == ["Sources", "Reports"]
    assert "  events" not in told(cli, "search", "town")
    assert told(cli, "search", "town")[0] == "Events"
    found = listed(cli, "search", "kidal", "--first", "1")
    assert {name: len(page["nodes"]) for name, page in found.items()} == {
        "locations": 1,
        "actors": 0,
        "sources": 0,
        "reports": 1,
        "events": 0,
    }
    assert found["locations"]["pageInfo"]["hasNextPage"] is True
    few = cli.run("search", "kidal", "--first", "1")
    assert "more places are found; for these: tenure places --search kidal\n" in few.stderr
    assert "nothing goes by such a name" in cli.run("search", "zzzz").stdout


@pytest.mark.parametrize("name", ["places", "actors", "sources", "reports", "events", "search"])
def test_the_json_of_a_list_is_what_a_server_answers(cli: CommandLine, name: str) -> None:
    extra = ["kidal"] if name == "search" else []
    variables = {"text": "kidal", "first": 10} if name == "search" else {"first": None}
    with TestClient(create_app(cli.settings), base_url="http://127.0.0.1") as http:
        asked = {"documentId": name, "variables": json.dumps(variables)}
        data = http.get("/graphql", params=asked).json()["data"]
    served = data if name == "search" else next(iter(data.values()))
    told = listed(cli, name, *extra)
    assert told == with_plain_ids(served)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("places", "--within", "kidl"), "no location is registered as 'kidl'; did you mean kidal"),
        (("reports", "--source", "pres"), "no source is registered as 'pres'; did you mean press"),
        (("events", "--source", "pres"), "did you mean press"),
        (("events", "--actor", "famas"), "did you mean fama"),
        (("events", "--report", "press-2"), "no report is registered as 'press-2'; did you mean"),
        (("events", "--within", "kidl"), "did you mean kidal"),
        (("events", "--type", "TownSiezed"), "no event is called 'TownSiezed'; did you mean Town"),
        (("timeline", "kidl"), "did you mean kidal"),
        (("who", "kidl"), "did you mean kidal"),
        (("places", "--after", "x"), "'x' is not a cursor that was given out here"),
        (("reports", "--after", "OTk6MDprZA"), "position 99 is not recorded yet"),
        (("reports", "--after", "MTg6a2lkYWw"), "not a cursor of a list of reports"),
        (("reports", "--published-from", "yesterday"), "yesterday"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    cli: CommandLine, asked: tuple[str, ...], said: str
) -> None:
    cli.run(*asked).refused(said)
    as_json = cli.run(*asked, "--json")
    as_json.refused(said)
    assert as_json.stdout == ""


@pytest.mark.parametrize(
    "asked",
    [
        ("places", "--first", "0"),
        ("places", "--first", "1001"),
        ("places", "--kind", "castle"),
        ("places", "--bbox", "0", "10", "1", "9"),
        ("events", "--first", "1", "--last", "1"),
        ("sources", "--reliability", "G"),
        ("search",),
    ],
)
def test_a_list_that_is_misused_is_exit_code_two(cli: CommandLine, asked: tuple[str, ...]) -> None:
    assert cli.run(*asked).code == 2


def test_without_a_date_who_asks_about_now(cli: CommandLine) -> None:
    text = cli.run("who", "kidal").stdout
    assert text.startswith("Kidal, now (20")
    assert "held by FAMa and Wagner" in text.splitlines()[0]
    token = text.split("Token: ")[1].strip()
    assert cli.run("who", "--token", token).code == 0
    zoned = cli.run("who", "kidal", "--zone", "Africa/Bamako").stdout
    assert zoned.startswith("Kidal, now (20")


def test_a_timeline_is_cut_out_as_in_graphql(cli: CommandLine) -> None:
    days = ("--from", "2023-11-14", "--to", "2023-11-14")
    lines = told(cli, "timeline", "kidal", *days)
    assert lines[1:-2] == [
        "  from the close of 2023-11-14 (UTC): held by FAMa and Wagner",
    ]
    query = """{ controlTimeline(location: "kidal", from: "2023-11-14", to: "2023-11-14")
                 { from to } }"""
    with TestClient(create_app(cli.settings), base_url="http://127.0.0.1") as http:
        served = http.post("/graphql", json={"query": query}).json()["data"]["controlTimeline"]
    periods = cli.run("timeline", "kidal", *days, "--json").stdout
    assert [{"from": it["from"], "to": it["to"]} for it in json.loads(periods)] == served


def test_a_bundle_of_strange_names_reaches_no_terminal(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    for asked in (("search", "a\x1b[2Jb"), ("places", "--search", "\x1b[2J")):
        outcome = cli.run(*asked)
        assert "\x1b" not in outcome.stdout + outcome.stderr
