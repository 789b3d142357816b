"""A day of Kabul is recorded and asked about as such, over GraphQL and on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.answers.basis import refuse_future
from api.http.app import create_app
from domain.occurred import parse_moment
from domain.refusals import InTheFuture
from tests.api.server import Server
from tests.command_line import CommandLine

CLOSE = "2021-08-15T19:29:59.999999Z"
"""The last microsecond of 2021-08-15 by the clocks of Kabul."""
END = "just before 2021-08-15T19:30:00Z"
"""The same, as it is said."""
OCCURRED = "occurred { earliest latest precision day written zone }"


@pytest.fixture
def kabul(server: Server) -> Server:
    """A server that knows of Kabul, and of two reports on it."""
    tolo = {"source": "tolo", "reliability": "B"}
    server.tell("registerSource", **tolo, name="TOLOnews", zone="Asia/Kabul")
    server.tell("fileReport", report="tolo-1", source="tolo", published="2021-08-15", title="Kabul")
    server.tell("registerLocation", location="kabul", name="Kabul", kind="TOWN")
    server.tell("registerActor", actor="taliban", name="Taliban", kind="ARMED_GROUP")
    return server


def told(server: Server, occurred: str, **more: Any) -> Any:
    given = {"location": "kabul", "credibility": 2, "report": "tolo-1", "by": ["taliban"]}
    event = server.tell("recordTownSeized", **(given | more), occurred=occurred)
    return server.ask(
        f"query ($id: ID!) {{ event(id: $id) {{ {OCCURRED} eventId }} }}", id=event["id"]
    )["event"]


# ---- GraphQL ---------------------------------------------------------------------------------


def test_a_mutation_is_told_by_the_clocks_of_its_source(kabul: Server) -> None:
    assert told(kabul, "2021-08-15")["occurred"] == {
        "earliest": "2021-08-14T19:30:00Z",
        "latest": "2021-08-15T19:30:00Z",
        "precision": "DAY",
        "day": "2021-08-15",
        "written": "2021-08-15[+04:30 Asia/Kabul]",
        "zone": "Asia/Kabul",
    }
    published = kabul.ask('{ report(id: "tolo-1") { published { day written } } }')["report"]
    assert published["published"] == {
        "day": "2021-08-15",
        "written": "2021-08-15[+04:30 Asia/Kabul]",
    }


@pytest.mark.parametrize(
    ("occurred", "written", "zone"),
    [
        ("2021-08-15Z", "2021-08-15", None),
        ("2021-08-15+02:00", "2021-08-15[+02:00]", "UTC+02:00"),
        ("2021-08-15[Asia/Tokyo]", "2021-08-15[+09:00 Asia/Tokyo]", "Asia/Tokyo"),
        ("2021-08-15T06", "2021-08-15T06[+04:30 Asia/Kabul]", "Asia/Kabul"),
        ("2021-08-15T06:30:00", "2021-08-15T06:30:00[+04:30 Asia/Kabul]", "Asia/Kabul"),
        ("2021-08-15T06+02:00", "2021-08-15T06[+02:00]", "UTC+02:00"),
        ("2021-08-15T06:30:00+02:00", "2021-08-15T06:30:00[+02:00]", "UTC+02:00"),
    ],
)
def test_a_mutation_may_say_its_zone_itself(
    kabul: Server, occurred: str, written: str, zone: str | None
) -> None:
    shown = told(kabul, occurred)["occurred"]
    assert (shown["written"], shown["zone"]) == (written, zone)


def test_a_correction_is_told_by_the_clocks_of_its_source(kabul: Server) -> None:
    wrong = told(kabul, "2021-08-15")
    right = {"location": "kabul", "credibility": 2, "report": "tolo-1", "by": ["taliban"]}
    because = {"event": wrong["eventId"], "reason": "A day earlier.", "report": "tolo-1"}
    corrected = {"townSeized": {**right, "occurred": "2021-08-14"}}
    event = kabul.tell("correctEvent", **because, corrected=corrected)
    shown = kabul.ask(f"query ($id: ID!) {{ event(id: $id) {{ {OCCURRED} }} }}", id=event["id"])
    assert shown["event"]["occurred"]["written"] == "2021-08-14[+04:30 Asia/Kabul]"
    corrected["townSeized"]["occurred"] = "2021-08-14[Asia/Kabool]"
    code, field, message = kabul.refused("correctEvent", **because, corrected=corrected)
    assert (code, field) == ("InvalidValue", "corrected.townSeized.occurred")
    assert "did you mean Asia/Kabul" in message


def test_a_zone_that_is_none_is_refused_with_the_nearest(kabul: Server) -> None:
    source = {"source": "x", "name": "X", "reliability": "B"}
    for command, given, field in (
        ("registerSource", {**source, "zone": "Asia/Kabool"}, "zone"),
        ("registerSource", {**source, "zone": "4h30"}, "zone"),
        (
            "registerLocation",
            {"location": "x", "name": "X", "kind": "TOWN", "zone": "+15:00"},
            "zone",
        ),
        (
            "fileReport",
            {"report": "x", "source": "tolo", "title": "X", "published": "2021-08-15[A]"},
            "published",
        ),
    ):
        assert kabul.refused(command, **given)[:2] == ("InvalidValue", field)


def test_an_hour_that_nothing_gives_a_zone_is_refused(server: Server) -> None:
    given = {"location": "kidal", "by": ["fama"], "report": "rfi-1", "credibility": 2}
    code, field, message = server.refused("recordTownSeized", **given, occurred="2023-11-14T06")
    assert (code, field) == ("InvalidValue", "occurred")
    assert "it says neither its offset from UTC nor its zone" in message


def test_a_moment_with_an_offset_is_the_close_of_that_local_day(kabul: Server) -> None:
    told(kabul, "2021-08-15")
    assert kabul.control("kabul", "2021-08-15+04:30")["at"] == CLOSE
    assert kabul.holders("kabul", "2021-08-15+04:30") == ["taliban"]
    assert kabul.control("kabul", "2021-08-14+04:30")["status"] == "UNKNOWN"
    asked = '{ control(location: "kabul", at: "2021-08-15+04:30") { since { day written zone } } }'
    since = {"day": "2021-08-15", "written": None, "zone": "UTC+04:30"}
    assert kabul.ask(asked)["control"] == {"since": since}


@pytest.mark.parametrize("moment", ["15 August", "2021-08-15+4:30", "2021-08-15+15:00", "+04:30"])
def test_a_moment_that_is_none_is_refused_in_words(kabul: Server, moment: str) -> None:
    query = 'query ($at: Moment!) { control(location: "kabul", at: $at) { status } }'
    _, message = kabul.error(query, at=moment)
    assert "is not a time" in message
    assert "2023-11-14+04:30" in message


def test_days_of_recorded_time_stay_those_of_utc(kabul: Server) -> None:
    query = "query ($from: When!) { events(filter: {recordedFrom: $from}) { nodes { id } } }"
    found = {"2021-08-15", "2021-08-15+04:30", "2021-08-15[Asia/Kabul]"}
    assert all(kabul.ask(query, **{"from": each})["events"]["nodes"] for each in found)
    _, message = kabul.error(query, **{"from": "2021-08-15T06"})
    assert "neither its offset from UTC nor its zone" in message


# ---- The command line ------------------------------------------------------------------------

WORLD = """\
- {type: SourceRegistered, source: tolo, name: TOLOnews, reliability: B}
- {type: ReportFiled, report: tolo-1, source: tolo, published: 2021-08-16, title: Kabul}
- {type: LocationRegistered, location: kabul, name: Kabul, kind: town, zone: Asia/Kabul}
- {type: ActorRegistered, actor: taliban, name: Taliban, kind: armed-group}
- {type: ActorRegistered, actor: state, name: The Republic, kind: state}
- {type: ControlReported, location: kabul, holders: state, occurred: 2021-08-14, report: tolo-1,
   credibility: 2}
- {type: TownSeized, location: kabul, by: taliban, occurred: 2021-08-15, report: tolo-1,
   credibility: 2}
"""


LATER = ["--on", "2021-08-16"]


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    line = CommandLine(tmp_path)
    assert line.run("record", line.write("kabul.yaml", WORLD)).code == 0
    return line


def first_line(line: CommandLine, *args: str) -> str:
    ran = line.run(*args)
    assert ran.code == 0, ran.stderr
    return " ".join(ran.stdout.split("\n\n")[0].split())


def test_who_asks_about_the_close_of_a_day_in_a_zone(line: CommandLine) -> None:
    said = first_line(line, "who", "kabul", "--on", "2021-08-15", "--zone", "Asia/Kabul")
    assert said == (
        f"Kabul, at the close of 2021-08-15 in Asia/Kabul ({END}): held by Taliban "
        "It began on 2021-08-15 (Asia/Kabul)."
    )
    page = line.run("who", "kabul", "--on", "2021-08-15", "--zone", "Asia/Kabul").stdout
    assert "Taliban seized Kabul on 2021-08-15 (Asia/Kabul)\n" in page
    earlier = first_line(line, "who", "kabul", "--on", "2021-08-14", "--zone", "Asia/Kabul")
    assert "held by The Republic" in earlier


@pytest.mark.parametrize(
    ("on", "zone", "words"),
    [
        ("2021-08-15", "+04:30", f"at the close of 2021-08-15 at UTC+04:30 ({END})"),
        ("2021-08-15+04:30", None, f"at the close of 2021-08-15 at UTC+04:30 ({END})"),
        ("2021-08-15[Asia/Kabul]", None, f"at the close of 2021-08-15 in Asia/Kabul ({END})"),
        (
            "2021-08-15T12:00:00",
            "Asia/Kabul",
            "at 2021-08-15T12:00:00 in Asia/Kabul (2021-08-15T07:30:00Z)",
        ),
        ("2021-08-15T07:30:00Z", "Asia/Kabul", "at 2021-08-15T07:30:00Z"),
        ("2021-08-15", "UTC", "at the close of 2021-08-15 (UTC)"),
        ("2021-08-15Z", "Asia/Kabul", "at the close of 2021-08-15 (UTC)"),
    ],
)
def test_the_first_line_says_the_moment_as_it_was_asked(
    line: CommandLine, on: str, zone: str | None, words: str
) -> None:
    options = ["--zone", zone] if zone else []
    assert first_line(line, "who", "kabul", "--on", on, *options).startswith(f"Kabul, {words}: ")


def test_replay_and_situation_ask_about_the_same_moment(line: CommandLine) -> None:
    asked = ["--on", "2021-08-15", "--zone", "Asia/Kabul"]
    words = f"at the close of 2021-08-15 in Asia/Kabul ({END})"
    assert first_line(line, "replay", "kabul", *asked).startswith(f"Kabul, {words}, replayed")
    assert first_line(line, "situation", *asked).startswith(f"The situation, {words}, as known")
    for command in (["who", "kabul"], ["replay", "kabul"], ["situation"]):
        document = json.loads(line.run(*command, *asked, "--json").stdout)
        assert CLOSE in (document.get("at"), document.get("basis", {}).get("at"))


def test_json_is_what_graphql_answers_of_local_days_too(line: CommandLine) -> None:
    told = json.loads(line.run("who", "kabul", "--on", "2021-08-15+04:30", "--json").stdout)
    query = f"""{{ control(location: "kabul", at: "2021-08-15+04:30") {{
      since {{ earliest latest precision day written zone }}
      evidence {{ {OCCURRED} }} }} }}"""
    with TestClient(create_app(line.settings), base_url="http://127.0.0.1") as http:
        control = http.post("/graphql", json={"query": query}).json()["data"]["control"]
    assert control["since"] == told["since"]
    assert control["evidence"] == [{"occurred": it["occurred"]} for it in told["evidence"]]


def test_a_token_pins_the_instant(line: CommandLine) -> None:
    asked = ["who", "kabul", "--on", "2021-08-15", "--zone", "Asia/Kabul"]
    document = line.run(*asked, "--json").stdout
    token = json.loads(document)["basis"]["token"]
    assert line.run("who", "--token", token, "--json").stdout == document
    again, page = (line.run(*it).stdout.splitlines() for it in (["who", "--token", token], asked))
    assert again[0] == f"Kabul, {END}: held by Taliban"
    assert again[1:] == page[1:]
    assert line.run("who", "--token", token, "--zone", "Asia/Kabul").code == 2


def test_all_dates_of_a_question_are_of_its_zone(line: CommandLine) -> None:
    """TOLOnews wrote on 16 August of UTC, which ended at 04:30 on the 17th in Kabul."""
    asked = ["who", "kabul", "--on", "2021-08-15", "--zone", "Asia/Kabul", "--published-by"]
    assert ": unknown" in first_line(line, *asked, "2021-08-16")
    assert ": held by Taliban" in first_line(line, *asked, "2021-08-17")
    assert ": held by Taliban" in first_line(line, *asked, "2021-08-16Z")


@pytest.mark.parametrize(
    ("published", "zone", "words"),
    [
        ("2021-08-17", "Asia/Kabul", "as published by 2021-08-17 in Asia/Kabul"),
        ("2021-08-17", "+04:30", "as published by 2021-08-17 at UTC+04:30"),
        ("2021-08-17+02:00", None, "as published by 2021-08-17 at UTC+02:00"),
        ("2021-08-17T12:00:00", "Asia/Kabul", "as published by 2021-08-17T12:00:00 in Asia/Kabul"),
        ("2021-08-17", None, "as published by 2021-08-17"),
    ],
)
def test_the_first_line_says_by_when_it_was_published_as_it_was_asked(
    line: CommandLine, published: str, zone: str | None, words: str
) -> None:
    options = ["--on", "2021-08-16", "--published-by", published]
    options += ["--zone", zone] if zone else []
    assert f", {words}: held by Taliban" in first_line(line, "who", "kabul", *options)
    assert f", {words}, as known at" in first_line(line, "situation", *options)


def test_an_answer_calls_a_zone_by_its_name_throughout(line: CommandLine) -> None:
    asked = ["--on", "2021-08-14+04:30"]
    explained = json.loads(line.run("who", "kabul", *asked, "--json").stdout)["explanation"]
    assert "It was so by 2021-08-14 (Asia/Kabul); since when" in explained
    later = json.loads(line.run("who", "kabul", "--on", "2021-08-16", "--json").stdout)
    assert "It began on 2021-08-15 (Asia/Kabul)." in later["explanation"]
    assert "It began on 2021-08-15 (Asia/Kabul)." in line.run("replay", "kabul", *LATER).stdout


def test_what_is_said_without_the_zone_of_a_question_names_no_microsecond(
    line: CommandLine,
) -> None:
    asked = ["--on", "2021-08-15", "--zone", "Asia/Kabul", "--published-by", "2021-08-17"]
    document = json.loads(line.run("who", "kabul", *asked, "--json").stdout)
    words = "As published before 2021-08-17T19:30:00Z: Kabul was held by Taliban just before "
    assert document["explanation"].startswith(f"{words}2021-08-15T19:30:00Z. ")
    for command in (["who", "kabul"], ["replay", "kabul"], ["situation"]):
        given = asked if command[0] != "replay" else asked[:4]
        assert "59.999999" not in line.run(*command, *given).stdout
    ahead = line.run("who", "kabul", "--on", "2999-01-01", "--zone", "Asia/Kabul")
    ahead.refused("2999-01-01T19:30:00Z lies in the future")


def test_a_hint_names_the_day_that_was_asked_about(line: CommandLine) -> None:
    asked = ["--on", "2021-08-15", "--zone", "America/New_York", "--position", "0"]
    for command in (["who", "kabul"], ["situation"]):
        assert "add --published-by 2021-08-15 instead" in line.run(*command, *asked).stderr


def test_a_bundle_answers_by_the_same_clocks(line: CommandLine) -> None:
    line.run("keygen", line.folder / "log.key", "--name", "example.com/kabul")
    signing = {"TENURE_SIGNING_KEY": str(line.folder / "log.key")}
    assert line.run("export", line.folder / "bundle", **signing).code == 0
    asked = ["--on", "2021-08-15", "--zone", "Asia/Kabul"]
    answer = line.run("verify-export", line.folder / "bundle", "--who", "kabul", *asked)
    assert answer.stdout == line.run("who", "kabul", *asked).stdout
    assert line.run("verify-export", line.folder / "bundle", "--zone", "Asia/Kabul").code == 2


def test_an_unknown_zone_is_misuse_and_says_the_nearest(line: CommandLine) -> None:
    ran = line.run("who", "kabul", "--on", "2021-08-15", "--zone", "Asia/Kabool")
    assert ran.code == 2
    assert "did you mean Asia/Kabul" in ran.stderr


def test_what_is_refused_makes_no_ledger(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)
    hour = WORLD.replace(" 2021-08-15,", ' "2021-08-15[Asia/Kabool]",')
    line.run("record", line.write("kabul.yaml", hour)).refused("did you mean Asia/Kabul")
    assert [path.name for path in tmp_path.iterdir()] == ["kabul.yaml"]


def test_a_file_knows_the_zones_of_the_file_before_it(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)
    places, _, events = WORLD.partition("- {type: ControlReported")
    first = line.write("places.yaml", places)
    second = line.write("events.yaml", f"- {{type: ControlReported{events}")
    assert line.run("record", first, second).code == 0
    assert "(Asia/Kabul)" in line.run("who", "kabul", "--on", "2021-08-16").stdout


def test_a_table_is_told_in_its_zone(line: CommandLine) -> None:
    header = "location_id,name,lat,lon,known_at,as_of,controller,note,source_link\n"
    table = line.write("table.csv", f"{header}herat,Herat,,,2021-08-14,2021-08-13,Taliban,,\n")
    assert line.run("import", "claims-csv", table, "--zone", "+04:30").code == 0
    said = line.run("who", "herat", "--on", "2021-08-15").stdout
    assert "Taliban held Herat on 2021-08-13 (UTC+04:30)\n" in said
    assert "published on 2021-08-14 (UTC+04:30)\n" in said
    again = line.run("import", "claims-csv", table, "--zone", "+04:30")
    assert "0 events recorded" in again.stderr
    line.run("import", "claims-csv", table).refused("registered already, with other details")


# ---- Today, by whose clocks ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "lies_ahead"),
    [
        ("2023-11-28+04:30", False),  # it is 01:30 there
        ("2023-11-29+04:30", True),
        ("2023-11-27", False),
        ("2023-11-28", True),
        ("2023-11-27-05:00", False),
        ("2023-11-28-05:00", True),
        ("2023-11-27T23:00:00Z", False),
        ("2023-11-28T01:00:00Z", True),
    ],
)
def test_a_day_that_has_begun_by_its_own_clocks_may_be_asked_about(
    asked: str, lies_ahead: bool
) -> None:
    now = parse_moment("2023-11-27T21:00:00Z")
    if lies_ahead:
        with pytest.raises(InTheFuture):
            refuse_future("at", parse_moment(asked), now)
    else:
        refuse_future("at", parse_moment(asked), now)
