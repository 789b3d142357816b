"""The command line answers, records, and says what it did."""

import json
import re
import shlex
import signal
import socket
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type
from starlette.testclient import TestClient

from api.cli import COMMANDS
from api.commands.demo import SCENARIO, questions_to_try
from api.http.app import create_app
from api.ids import with_plain_ids
from api.schema.contract import schema
from infra.intake.schema import schema_text
from tests.claims_by_hand import UKRAINE
from tests.command_line import KIDAL, ROOT, CommandLine
from tests.infra.intake.test_claims_csv import HEADER


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def kidal(cli: CommandLine) -> CommandLine:
    """A command line whose ledger knows of Kidal."""
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    return cli


@pytest.fixture(scope="module")
def mali(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A command line with the scenario that the demo records."""
    cli = CommandLine(tmp_path_factory.mktemp("mali"))
    assert cli.run("demo", "--no-serve").code == 0
    return cli


# ---- who ---------------------------------------------------------------------------------------


def test_who_says_who_when_why_and_on_what_basis(kidal: CommandLine) -> None:
    told = kidal.run("who", "kidal", "--on", "2023-11-20").stdout
    first, since, *_ = told.splitlines()
    assert first == "Kidal, at the close of 2023-11-20 (UTC): held by FAMa and Wagner, disputed"
    assert since == "It began on 2023-11-14."
    for part in (
        "  B2  FAMa and Wagner seized Kidal on 2023-11-14\n      Press, published on 2023-11-14\n",
        "      The army takes the town.\n      (paragraph 3)\n",
        "Says held by CSP:\n  D4  CSP held Kidal on 2023-11-15\n      CSP spokesman, published on ",
        "Why:\n  The answer stands, disputed, because it is better founded by the grades, B2 ",
        "Basis: position 13 (recorded 2",
        "Token: ",
    ):
        assert part in told


def test_the_day_before_the_day_itself_and_an_instant_in_it(kidal: CommandLine) -> None:
    first = {
        on: kidal.run("who", "kidal", "--on", on).stdout.splitlines()
        for on in ("2013-01-01", "2023-11-13", "2023-11-14T12:00:00Z", "2023-11-14")
    }
    assert first["2013-01-01"][0] == "Kidal, at the close of 2013-01-01 (UTC): unknown"
    assert first["2023-11-13"][0] == "Kidal, at the close of 2023-11-13 (UTC): held by CSP"
    assert first["2023-11-13"][1:3] == [
        "It began on 2014-05-21 and ended on 2023-11-14.",
        "It was last heard of on 2014-05-21, 3,463 days before.",
    ]
    assert first["2023-11-14T12:00:00Z"][0].endswith(": held by CSP")
    assert first["2023-11-14T12:00:00Z"][3].startswith(
        "Not certain: it may have been held by FAMa and Wagner, if this had happened by then: "
    )
    assert first["2023-11-14"][0].endswith(": held by FAMa and Wagner")


MERGERS = """
- {type: SourceRegistered, source: radio, name: Radio, reliability: C}
- {type: ReportFiled, report: radio-1, source: radio, published: 2024-01-05, title: Mergers}
- {type: ActorRegistered, actor: fla, name: FLA, kind: armed-group}
- {type: ActorRegistered, actor: cma, name: CMA, kind: armed-group}
- {type: ActorMerged, merged: csp, into: fla, occurred: 2023-03, report: press-1, credibility: 2}
- {type: ActorMerged, merged: csp, into: cma, occurred: "2023", report: radio-1, credibility: 3}
"""


def test_readings_by_different_mergers_name_the_merger_its_source_and_its_grade(
    kidal: CommandLine,
) -> None:
    assert kidal.run("record", kidal.write("mergers.yaml", MERGERS)).code == 0
    told = " ".join(kidal.run("who", "kidal", "--on", "2023-03-10").stdout.split())
    assert (
        "Not certain: it may have been held by FLA, if this had happened by then: Press (B2, "
        "published on 2023-11-14) says that CSP merged into FLA in 2023-03. "
        "Not certain: it may have been held by CMA, if this had happened by then: Radio (C3, "
        "published on 2024-01-05) says that CSP merged into CMA in 2023. "
    ) in told
    document = json.loads(kidal.run("who", "kidal", "--on", "2023-03-10", "--json").stdout)
    assert set(document["possible"][0]) == graphql_fields("ControlReading")
    lineage = [[each["statement"] for each in it["lineage"]] for it in document["possible"]]
    assert lineage == [["CSP merged into FLA"], ["CSP merged into CMA"]]


REGION = """
- {type: SourceRegistered, source: radio, name: Radio, reliability: B}
- {type: ReportFiled, report: radio-1, source: radio, published: 2023-11-14, title: The region}
- {type: LocationRegistered, location: south, name: South, kind: region}
- {type: LocationRegistered, location: ansongo, name: Ansongo, kind: town, within: south}
- {type: ControlReported, location: south, holders: fama, occurred: 2023-11-14, report: radio-1,
   credibility: 2}
"""


@pytest.fixture
def south(kidal: CommandLine) -> CommandLine:
    """Beside Kidal, a region of which anybody speaks, and a town in it of which nobody does."""
    assert kidal.run("record", kidal.write("region.yaml", REGION)).code == 0
    return kidal


@pytest.mark.parametrize("options", [(), ("--inherit",)])
def test_an_unknown_answer_says_that_the_perspective_takes_the_answer_around_away(
    south: CommandLine, options: tuple[str, ...]
) -> None:
    asked = ("who", "ansongo", "--on", "2023-11-20", "--not-according-to", "radio", *options)
    told = " ".join(south.run(*asked).stdout.split())
    assert (
        "unknown Left out by the perspective (without what Radio said): that South, in which it "
        "lies, was held by FAMa. "
    ) in told
    found = json.loads(south.run(*asked, "--json").stdout)["available"]
    assert (found["around"], found["leftOut"]) == (None, 0)
    assert [each["slug"] for each in found["aroundLeftOut"]["holders"]] == ["fama"]
    assert found["aroundLeftOut"]["inheritedFrom"]["slug"] == "south"


def test_an_answer_before_the_first_word_says_so_and_where_that_came_in(south: CommandLine) -> None:
    asked = ("who", "south", "--on", "2023-11-20", "--position", "0", "--json")
    found = json.loads(south.run(*asked).stdout)
    # What was recorded later is no part of an answer that stays the same for ever.
    assert set(found["available"]) == graphql_fields("Available") - {"firstRecorded"}
    assert (
        "Up to position 0 nothing that says who holds it had been recorded." in found["explanation"]
    )


def test_the_hint_of_a_situation_within_a_region_speaks_of_the_region(south: CommandLine) -> None:
    before = str(south.head - 1)
    told = south.run("situation", "--on", "2023-11-20", "--within", "south", "--position", before)
    assert told.stderr.startswith(
        f"Nothing that says who holds a place in South had been recorded up to position {before}: "
    )


def test_whose_word_counts(kidal: CommandLine) -> None:
    def asked(*options: str) -> str:
        told = kidal.run("who", "kidal", "--on", "2023-11-20", *options)
        assert told.code == 0, told.stderr
        return told.stdout.splitlines()[0].rpartition(": ")[2]

    assert asked("--according-to", "csp-comms") == "held by CSP"
    assert asked("--according-to", "csp-comms", "--according-to", "press") == (
        "held by FAMa and Wagner, disputed"
    )
    assert asked("--not-according-to", "csp-comms") == "held by FAMa and Wagner"
    assert asked("--published-by", "2023-11-15") == "held by FAMa and Wagner"
    assert asked("--published-by", "2023-11-13") == "unknown"
    assert asked("--min-reliability", "c") == "held by FAMa and Wagner"
    assert asked("--min-credibility", "3") == "held by FAMa and Wagner"


def test_inheritance_is_asked_for(kidal: CommandLine) -> None:
    alone = kidal.run("who", "kidal-market", "--on", "2023-11-14").stdout
    assert alone.startswith("Market, at the close of 2023-11-14 (UTC): unknown")
    inherited = kidal.run("who", "kidal-market", "--on", "2023-11-14", "--inherit").stdout
    assert inherited.startswith(
        "Market, as part of Kidal, at the close of 2023-11-14 (UTC): held by FAMa and Wagner"
    )


def test_what_was_known_before_a_late_report_stays_as_it_was(kidal: CommandLine) -> None:
    before = kidal.head
    sleep(0.01)
    late = """
- {type: ReportFiled, report: late, source: press, published: 2023-12-01, title: Late}
- {type: TownSeized, location: kidal, by: csp, occurred: 2023-11-18, report: late, credibility: 1}
"""
    document = json.loads(kidal.run("who", "kidal", "--on", "2023-11-20", "--json").stdout)
    assert kidal.run("record", kidal.write("late.yaml", late)).code == 0

    def holders(*options: str) -> list[str]:
        told = kidal.run("who", "kidal", "--on", "2023-11-20", "--json", *options)
        return [holder["slug"] for holder in json.loads(told.stdout)["holders"]]

    assert holders() == ["csp"]
    assert holders("--position", str(before)) == ["fama", "wagner"]
    assert holders("--known-on", document["basis"]["recordedAt"]) == ["fama", "wagner"]
    again = kidal.run("who", "kidal", "--on", "2023-11-20", "--position", str(before), "--json")
    assert json.loads(again.stdout) == document


def test_the_evidence_of_an_unknown_answer_is_not_outweighed_too(kidal: CommandLine) -> None:
    unknown = """
- {type: LocationRegistered, location: ber, name: Ber, kind: town}
- {type: ReportFiled, report: ber-1, source: press, published: 2023-12-01, title: Ber}
- {type: ControlReportedUnknown, location: ber, occurred: 2023-11-14, report: ber-1, credibility: 2}
"""
    assert kidal.run("record", kidal.write("ber.yaml", unknown)).code == 0
    told = kidal.run("who", "ber", "--on", "2023-11-20").stdout
    assert told.count("it was not known who held Ber") == 1
    assert "Says so:" in told and "Outweighed:" not in told


def test_json_has_the_fields_of_the_graphql_contract(kidal: CommandLine) -> None:
    told = json.loads(kidal.run("who", "kidal", "--on", "2023-11-20", "--json").stdout)
    assert set(told) == graphql_fields("Control")
    assert set(told["basis"]) == graphql_fields("Basis")
    assert set(told["since"]) == graphql_fields("Occurred")
    assert set(told["rivals"][0]) == graphql_fields("ControlReading")
    assert set(told["evidence"][0]) - {"__typename"} <= graphql_fields("TownSeized")
    assert set(told["evidence"][0]["report"]) <= graphql_fields("Report")
    assert set(told["location"]) <= graphql_fields("Location")
    assert set(told["holders"][0]) <= graphql_fields("Actor")
    assert told["status"] == "HELD"
    assert told["certain"] is True
    assert told["disputed"] is True
    assert told["corroboration"] == 1
    assert told["at"] == "2023-11-20T23:59:59.999999Z"
    assert told["since"] == {
        "earliest": "2023-11-14T00:00:00Z",
        "latest": "2023-11-15T00:00:00Z",
        "precision": "DAY",
        "day": "2023-11-14",
        "written": None,
        "zone": None,
    }
    assert told["evidence"][0]["statement"] == "FAMa and Wagner seized Kidal"
    assert told["rivals"][0]["holders"][0]["name"] == "CSP"


@pytest.mark.parametrize(
    ("place", "on"),
    [
        ("kidal", "2023-11-13"),
        ("kidal", "2023-11-20"),
        ("bourem", "2023-09-12"),
        ("bourem", "2023-09-12T12:00:00Z"),
        ("lere", "2023-09-18"),
        ("minusma-camp-kidal", "2023-10-31"),
        ("timbuktu", "2023-08-08"),
    ],
)
def test_json_is_what_graphql_answers(mali: CommandLine, place: str, on: str) -> None:
    assert_json_is_what_graphql_answers(mali, place, on)


RENAMED = """\
- {type: ActorRenamed, actor: csp, name: CSP-PSD, occurred: 2021-05-06, report: press-1,
   credibility: 2}
- {type: LocationRenamed, location: kidal, name: Kidal-Ville, occurred: 2023-11-17, report: csp-1,
   credibility: 2}
"""


@pytest.mark.parametrize("on", ["2021-05-05", "2022-01-01", "2023-11-16", "2023-11-17"])
def test_json_calls_all_by_the_names_that_graphql_gives(kidal: CommandLine, on: str) -> None:
    assert kidal.run("record", kidal.write("renamed.yaml", RENAMED)).code == 0
    assert_json_is_what_graphql_answers(kidal, "kidal", on)


def test_names_are_those_of_the_day_that_is_asked_about(kidal: CommandLine) -> None:
    assert kidal.run("record", kidal.write("renamed.yaml", RENAMED)).code == 0
    headlines = [
        kidal.run("who", "kidal", "--on", on).stdout.splitlines()[0]
        for on in ("2021-05-05", "2021-05-06", "2023-11-17")
    ]
    assert headlines == [
        "Kidal, at the close of 2021-05-05 (UTC): held by CSP",
        "Kidal, at the close of 2021-05-06 (UTC): held by CSP-PSD",
        "Kidal-Ville, at the close of 2023-11-17 (UTC): held by FAMa and Wagner, disputed",
    ]


def assert_json_is_what_graphql_answers(cli: CommandLine, place: str, on: str) -> None:
    told = json.loads(cli.run("who", place, "--on", on, "--json").stdout)
    contract = schema()._schema.get_type("Control")
    assert isinstance(contract, GraphQLObjectType)
    query = f'{{ control(location: "{place}", at: "{on}") {selection(contract, [told])} }}'
    with TestClient(create_app(cli.settings), base_url="http://127.0.0.1") as http:
        answer = http.post("/graphql", json={"query": query}).json()
    assert with_plain_ids(answer) == {"data": {"control": told}}


def selection(shape: GraphQLObjectType | GraphQLInterfaceType, told: list[Any]) -> str:
    """Asks for just the fields that these documents hold."""
    asked = []
    for name in dict.fromkeys(name for each in told for name in each):
        if name == "__typename":
            asked.append(name)
            continue
        inner = get_named_type(shape.fields[name].type)
        if not isinstance(inner, GraphQLObjectType | GraphQLInterfaceType):
            asked.append(name)
            continue
        held = [each[name] for each in told if each.get(name)]
        below = [it for value in held for it in (value if isinstance(value, list) else [value])]
        asked.append(name + (selection(inner, below) if below else "{ __typename }"))
    return f"{{ {' '.join(asked)} }}"


def graphql_fields(name: str) -> set[str]:
    """The fields of an object type in the exported schema."""
    schema = (ROOT / "api" / "schema.graphql").read_text(encoding="utf-8")
    body = schema.split(f"\ntype {name} ", 1)[1].split("{\n", 1)[1].split("\n}", 1)[0]
    return set(re.findall(r"^  (\w+)(?:\(.*\)|\($|:)", body, re.MULTILINE))


@pytest.mark.parametrize(
    ("place", "on", "said"),
    [
        ("kidal", "2023-11-13", "held by CSP"),
        ("kidal", "2023-11-14", "held by FAMa and Wagner"),
        ("kidal", "2023-11-20", "held by FAMa and Wagner"),
        ("minusma-camp-kidal", "2023-10-30", "held by MINUSMA"),
        ("minusma-camp-kidal", "2023-10-31", "held by CSP"),
        ("bourem", "2023-09-12", "the sources disagree"),
    ],
)
def test_the_scenario_answers_what_its_report_tells(
    mali: CommandLine, place: str, on: str, said: str
) -> None:
    told = mali.run("who", place, "--on", on).stdout
    assert told.splitlines()[0].rpartition(": ")[2].removesuffix(", disputed") == said
    assert "\nSays" in told


def test_who_imports_no_more_than_it_needs(mali: CommandLine) -> None:
    told = mali.process("who", "kidal", "--on", "2023-11-14", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    heavy = {"fastapi", "starlette", "strawberry", "graphql", "uvicorn", "psycopg", "umadb"}
    assert "api.answers.answers" in imported
    assert imported.isdisjoint(heavy | {"yaml", "rapidfuzz", "api.commands.serve"})


# ---- record, import, rebuild, schema -----------------------------------------------------------


def test_record_says_what_it_recorded_and_adds_nothing_twice(cli: CommandLine) -> None:
    path = cli.write("kidal.yaml", KIDAL)
    first, again = cli.run("record", path), cli.run("record", path)
    assert first.stdout == f"{path}: 13 recorded, 0 recorded before; last position 13\n"
    assert again.stdout == f"{path}: 0 recorded, 13 recorded before; last position 13\n"
    assert cli.head == 13


def test_several_files_are_recorded_in_their_order(cli: CommandLine) -> None:
    places = cli.write("places.yaml", KIDAL)
    news = cli.write(
        "news.jsonl",
        '{"type": "ReportFiled", "report": "r", "source": "press", '
        '"published": "2024", "title": "T"}\n',
    )
    assert cli.run("record", places, news).code == 0
    assert cli.head == 14


def test_rebuild_shows_the_digest_of_each_view(kidal: CommandLine) -> None:
    assert kidal.run("who", "kidal", "--on", "2023-11-14").code == 0
    rebuilt = kidal.run("rebuild")
    *digests, last = rebuilt.stdout.splitlines()
    assert rebuilt.code == 0
    assert [line.split()[0] for line in digests] == [
        *("control", "convoys", "entries", "humanitarian", "names", "record"),
    ]
    assert all(len(line.split()[1]) == 64 for line in digests)
    assert last == "rebuilt at position 13"


def test_rebuild_finds_a_view_that_was_tampered_with_and_replaces_it(kidal: CommandLine) -> None:
    assert kidal.run("rebuild").code == 0
    with closing(sqlite3.connect(kidal.folder / "views.db")) as db, db:
        db.execute("UPDATE place SET name = 'Somewhere else'")
    found = kidal.run("rebuild")
    assert found.code == 1
    assert found.stderr == "these views differed, and were replaced: record\n"
    assert kidal.run("rebuild").code == 0


def test_schema_is_the_stored_one(cli: CommandLine) -> None:
    assert cli.run("schema").stdout == schema_text()


@pytest.mark.skipif(not UKRAINE.exists(), reason="../shared/data/claims is not here")
def test_importing_a_claims_table(cli: CommandLine) -> None:
    report = cli.folder / "report.csv"
    first = cli.run("import", "claims-csv", UKRAINE, "--report", report)
    assert first.stderr.startswith(f"{UKRAINE}: 3,171 rows; 6,363 events recorded, 0 recorded bef")
    assert "controller was changed before as_of was: 11 rows. --keep-stale lets" in first.stderr
    told = report.read_text()
    assert (
        '2527,,retracted,,,"line 2527, by line 2532: ua-mariupol, revision of 2022-04-22T' in told
    )
    head = cli.head
    assert cli.run("import", "claims-csv", UKRAINE, "--report", report).code == 0
    assert report.read_text() == told
    assert cli.head == head


def test_an_import_lists_each_row_that_it_takes_back_with_lines_and_dates(cli: CommandLine) -> None:
    first = "t-1,Town,46,32,2022-03-26,2022-03-25,Russia,,"
    then = "t-1,Town,46,32,2022-03-27,2022-03-04,Russia,,"
    table = cli.write("table.csv", f"{HEADER}\n{first}\n{then}")
    told = cli.run("import", "claims-csv", table)
    assert told.stdout == ""
    assert "  Taken back, since a later revision speaks of an earlier time: 1 row.\n" in told.stderr
    (line,) = (cli.folder / "table.csv.report.csv").read_text().splitlines()[1:]
    assert line.startswith('2,,retracted,,,"line 2, by line 3: t-1, revision of 2022-03-26')
    assert line.endswith('dated 2022-03-25; now 2022-03-04"')


@pytest.mark.parametrize(
    ("controller", "offered"),
    [
        ("SAF / RSF", ["contested", "saf,rsf", "unknown", "armed-group"]),
        ("Contested/RSF", ["contested", "unknown", "armed-group"]),
        ("n/a", ["contested", "uncontrolled", "unknown", "armed-group"]),
        ("Russia?/Ukraine", ["contested", "unknown", "armed-group"]),
        ("Ukraine & A = B's", ["contested", "ukraine,a-b-s", "unknown", "armed-group"]),
        ("SAF\nRSF", ["contested", "saf,rsf", "unknown", "armed-group"]),
        ("SAF, saf, others", ["contested", "unknown", "armed-group"]),
        ("Neutral", ["contested", "uncontrolled", "unknown", "armed-group"]),
        ("الجيش / RSF", ["contested", "unknown", "armed-group"]),
        ("-", ["contested", "unknown"]),
        (f"{'long' * 25} or not", ["contested", f"{'long' * 25},not", "unknown"]),
    ],
)
def test_every_offer_that_says_what_a_controller_means_can_be_pasted(
    cli: CommandLine, controller: str, offered: list[str]
) -> None:
    table = cli.write("table.csv", f'{HEADER}\nt-1,Town,46,32,2022-03-26,,"{controller}",,\n')
    asked = cli.run("import", "claims-csv", table)
    offers = [line.rpartition("  ")[0] for line in asked.stderr.splitlines()[1:]]
    pasted = [shlex.split(offer) for offer in offers]
    assert [options[1].rpartition("=")[2] for options in pasted] == offered
    for options in pasted:
        told = cli.run("import", "claims-csv", table, *options, TENURE_LEDGER="memory:")
        assert told.code == 0, (options, told)


def test_what_an_import_is_told_of_source_and_actors(cli: CommandLine) -> None:
    table = cli.write(
        "table.csv",
        "location_id,name,lat,lon,known_at,as_of,controller,note,source_link\n"
        "kidal,Kidal,18.4,1.4,2023-11-14T12:00:00Z,,CSP,,\n",
    )
    options = ["--source", "my-table", "--source-name", "My table", "--reliability", "C"]
    given = ["--credibility", "3", "--actor", "CSP=coalition:csp-psd", "--no-continuous"]
    assert cli.run("import", "claims-csv", table, *options, *given).code == 0
    told = json.loads(cli.run("who", "kidal", "--on", "2023-11-14", "--json").stdout)
    assert told["holders"][0] | {"id": ""} == {
        "id": "",
        "slug": "csp-psd",
        "name": "CSP",
        "kind": "COALITION",
    }
    source = told["evidence"][0]["source"]
    assert (source["slug"], source["name"], source["reliability"]) == ("my-table", "My table", "C")


# ---- demo and serve ----------------------------------------------------------------------------


def test_the_demo_can_be_had_again_and_prints_three_questions(mali: CommandLine) -> None:
    told = mali.run("demo", "--no-serve")
    assert told.code == 0
    assert f"{SCENARIO}: 0 recorded" in told.stdout
    assert questions_to_try(None) in told.stdout
    assert told.stdout.count("\n  tenure ") == 3
    assert "Three questions to try:" in told.stdout
    assert "curl" not in told.stdout, "nothing serves"


def test_the_demo_that_is_served_prints_a_fourth_question_to_the_server() -> None:
    told = questions_to_try(8123)
    assert "Four questions to try:" in told
    assert told.count("\n  tenure ") == 3
    assert told.count("\n  curl -s http://127.0.0.1:8123/graphql ") == 1


def test_the_demo_does_not_mix_with_other_records(kidal: CommandLine) -> None:
    kidal.run("demo", "--no-serve").refused("holds other records", "TENURE_LEDGER")
    assert kidal.head == 13


def test_the_demo_needs_a_ledger_that_outlives_it(cli: CommandLine) -> None:
    cli.run("demo", "--no-serve", TENURE_LEDGER="memory:").refused("a ledger in memory ends")


@pytest.fixture
def port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        found: int = free.getsockname()[1]
        return found


def test_serve_answers_over_graphql_names_the_page_and_ends_in_good_order(
    kidal: CommandLine, port: int
) -> None:
    with kidal.start("serve", "--port", str(port)) as server:
        try:
            query = (
                b'{"query": "{ control(location: \\"kidal\\", at: \\"2023-11-13\\") { status } }"}'
            )
            answer = json.loads(asked(f"http://127.0.0.1:{port}/graphql", query))
        finally:
            server.send_signal(signal.SIGINT)
            _, told = server.communicate(timeout=20)
    assert answer == {"data": {"control": {"status": "HELD"}}}
    assert "no keys are set" in told
    address = f"http://127.0.0.1:{port}"
    assert told.endswith(
        f"open {address}/ in a browser\n"
        f"serving GraphQL on {address}/graphql; Ctrl-C stops\n"
        "stopped\n"
    )
    assert "Traceback" not in told
    assert server.returncode == 0


def asked(url: str, body: bytes) -> bytes:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    for _ in range(400):
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                found: bytes = response.read()
                return found
        except OSError:
            sleep(0.1)
    raise AssertionError("the server does not answer")


def test_serve_refuses_an_open_address_without_keys(cli: CommandLine) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        cli.run("serve", "--host", host).refused(host, "no keys are set", "TENURE_KEYS", code=2)


def test_serve_says_that_its_port_is_taken(cli: CommandLine) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        cli.run("serve", "--port", str(port)).refused(f"port {port}: address already in use")


# ---- manners -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(cli: CommandLine, name: str) -> None:
    told = cli.run(name, "--help")
    assert told.code == 0
    assert told.stdout.startswith(f"Usage: tenure {name}")
    assert "Example" in told.stdout or "Exit codes" in told.stdout


def test_the_overview_names_every_command_and_exit_code(cli: CommandLine) -> None:
    told = cli.run("--help").stdout
    assert all(f"\n  {name} " in told for name in COMMANDS)
    assert all(f"\n    {code}  " in told for code in (0, 1, 2))


@pytest.mark.parametrize(
    "args",
    [
        ("who",),
        ("who", "--on", "2023-11-14"),
        ("who", "kidal", "--on", "2023-11-14", "--position", "-1"),
        ("who", "kidal", "--on", "2023-11-14", "--position", "1", "--known-on", "2024-01-01"),
        ("who", "kidal", "--on", "2023-11-14", "--min-reliability", "G"),
        ("record",),
        ("import", "claims-csv"),
        ("import", "nonsense", "x"),
        ("import", "claims-csv", "x", "--actor", "CSP"),
        ("import", "claims-csv", "x", "--controller", "A or B"),
        ("import", "claims-csv", "x", "--controller", "A or B=a|b"),
        ("import", "claims-csv", "x", "--controller", "A or B=a,contested"),
        ("import", "claims-csv", "x", "--controller", "A or B=a,"),
        ("import", "claims-csv", "x", "--until", "yesterday"),
        ("import", "claims-csv", "x", "--until", "2024", "--no-continuous"),
        ("serve", "--port", "99999"),
        ("nonsense",),
    ],
)
def test_misuse_is_exit_code_two(cli: CommandLine, args: tuple[str, ...]) -> None:
    told = cli.run(*args)
    assert told.code == 2, told
    assert "Usage: tenure" in told.stderr


def test_a_closed_pipe_is_no_accident(kidal: CommandLine) -> None:
    with kidal.start("who", "kidal", "--on", "2023-11-14", "--json") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.wait(timeout=20)
        assert "Traceback" not in process.stderr.read()


def test_no_progress_bar_where_nobody_watches(kidal: CommandLine) -> None:
    assert kidal.process("rebuild").stderr == ""


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a command leaves behind by its defaults stays in the folder of the test."""
    monkeypatch.chdir(tmp_path)
    yield
    assert not (tmp_path / "tenure.db").exists()
