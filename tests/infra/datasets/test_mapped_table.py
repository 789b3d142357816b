"""What does a table of events or of control say, by the map of its user?"""

import json
from pathlib import Path

import pytest

from domain.events import (
    ClashReported,
    ControlReported,
    EventRetracted,
    LocationAmended,
    LocationContested,
    ReportFiled,
    SituationEvent,
)
from infra.ledger.ledger import open_ledger
from tests.command_line import CommandLine, Outcome
from tests.workbooks import write_xlsx

EVENTS = """\
ID;Type;Town;Lat;Lon;Country;Date;Side A;Side B;Deaths;Sure;Notes;Source
1;Battle;Ber;16,84;-2,53;Mali;14.11.2023;FAMa;CSP, JNIM;12;yes;A fight;RFI; Kidal
2;Seizure;Kidal;18,44;1,41;Mali;14/11/2023;FAMa;;;no;;AFP
3;Protest;Gao;16,27;-0,04;Mali;15/11/2023;;;;yes;;AFP
""".replace("RFI; Kidal", "RFI")
MAP = """\
source: {source: desk, name: Desk, reliability: C}
key: ID
place: {name: Town, latitude: Lat, longitude: Lon, around: Country}
time: date
event:
  column: type
  values: {battle: ClashReported, Seizure: TownSeized, Protest: null}
fields:
  sides: [Side A, {column: Side B, split: ","}]
  by: Side A
  deaths: {best: Deaths}
summary: Notes
cites: Source
credibility: {column: Sure, values: {yes: 2, no: 4}}
actors: {FAMa: {id: fama, kind: state-force}}
"""
CONTROL = """\
source: {source: desk, name: Desk, reliability: C, continuous: true}
key: [Town, From]
place: {id: Town, name: Town, latitude: Lat, longitude: Lon, keep_current: true}
time: {first: From, last: To}
control: {column: Holder, values: {Mixed: contested, 'A / B': 'a,b'}}
actors: {A: {id: a, kind: state-force}, B: {id: b, kind: armed-group, name: Bees}}
"""


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def imports(
    cli: CommandLine, table: str, by: str = MAP, *options: str, published: str = "2024-01-01"
) -> Outcome:
    file, table_map = cli.write("t.csv", table), cli.write("map.yaml", by)
    given = ("--published", published) if published else ()
    return cli.run("import", "table", file, "--map", table_map, *given, *options)


def events(cli: CommandLine) -> list[SituationEvent]:
    """What stands."""
    with open_ledger(cli.environment["TENURE_LEDGER"]) as ledger:
        entries = [*ledger.read()]
    gone = {each.event.event for each in entries if isinstance(each.event, EventRetracted)}
    found = [each.event for each in entries if each.statement.id not in gone]
    return [each for each in found if isinstance(each, SituationEvent)]


def recorded(cli: CommandLine, kind: type) -> list:  # type: ignore[type-arg]
    with open_ledger(cli.environment["TENURE_LEDGER"]) as ledger:
        return [each.event for each in ledger.of_type(kind)]


def test_each_row_becomes_the_event_of_the_map(cli: CommandLine) -> None:
    done = imports(cli, EVENTS)
    assert done.code == 0, done
    clash, seizure = events(cli)
    assert isinstance(clash, ClashReported)
    assert clash.sides == (("fama",), ("csp", "jnim"))
    assert clash.deaths is not None
    assert (clash.deaths.best, clash.summary, clash.credibility) == (12, "A fight", 2)
    assert clash.occurred.text == seizure.occurred.text == "2023-11-14"
    assert (clash.passage, seizure.credibility) == ("row 1", 4)
    titles = {each.title for each in recorded(cli, ReportFiled)}
    assert titles == {"Desk, 2024-01-01: RFI", "Desk, 2024-01-01: AFP"}
    assert "3 rows: 2 recorded, 1 left out" in done.stderr
    assert "1 left out, type 'Protest': the map leaves such rows out" in done.stderr
    assert "Its cells are parted by a semicolon." in done.stderr


def test_a_later_pull_records_what_changed(cli: CommandLine) -> None:
    imports(cli, EVENTS)
    head = cli.head
    assert "2 unchanged" in imports(cli, EVENTS, published="2024-02-01").stderr
    assert cli.head == head
    changed = EVENTS.replace(";12;", ";15;").replace("16,84;", "16,8400000001;")
    told = imports(cli, changed, MAP, "--dry-run", published="2024-03-01").stderr
    done = imports(cli, changed, published="2024-03-01").stderr
    assert "1 unchanged, 1 corrected" in done
    assert told.splitlines()[0] == done.splitlines()[0]
    assert "1 unchanged, 1 older" in imports(cli, EVENTS, published="2024-02-01").stderr
    clash = next(each for each in events(cli) if isinstance(each, ClashReported))
    assert clash.deaths is not None
    assert clash.deaths.best == 15
    (retraction,) = recorded(cli, EventRetracted)
    assert retraction.report.startswith("desk-2024-03-01-")


def test_a_row_that_cannot_be_read_is_refused_alone(cli: CommandLine) -> None:
    rows = EVENTS + (
        "4;Riot;Gao;16,27;-0,04;Mali;2023;;;;yes;;AFP\n"
        "5;Battle;Gao;96,27;-0,04;Mali;2023;FAMa;;;yes;;AFP\n"
        "6;Battle;Gao;16,27;-0,04;Mali;soon;FAMa;;;yes;;AFP\n"
        "7;Battle;Gao;16,27;-0,04;Mali;2023;A / B;;;yes;;AFP\n"
        "8;Battle;Gao;16,27;-0,04;Mali;2023;FAMa;;many;yes;;AFP\n"
        "9;Battle;Gao;16,27;-0,04;Mali;2999;FAMa;;;yes;;AFP\n"
        ";Battle;Gao;16,27;-0,04;Mali;2023;FAMa;;;yes;;AFP\n"
        "11;Battle;Gao\n"
        "2;Battle;Gao;16,27;-0,04;Mali;2023;FAMa;;;perhaps;;AFP\n"
    )
    done = imports(cli, rows)
    assert done.code == 1
    assert "12 rows: 2 recorded, 1 left out, 9 refused" in done.stderr
    _, _, *lines = (cli.folder / "t.csv.report.csv").read_text().splitlines()
    assert [line.split(",")[:2] + line.split(",")[3:4] for line in lines] == [
        ["5", "4", "type"],
        ["6", "5", "Lat"],
        ["7", "6", "date"],
        ["8", "7", "Side A"],
        ["9", "8", "Deaths"],
        ["10", "9", "occurred"],
        ["11", "", "ID"],
        ["12", "11", ""],
        ["13", "2", "Sure"],
    ]
    strict = CommandLine(cli.folder / "strict")
    strict.folder.mkdir()
    assert imports(strict, rows, MAP, "--strict").code == 1
    assert strict.head == 0


def test_a_table_of_control_is_a_living_dataset(cli: CommandLine) -> None:
    rows = "Town,Lat,Lon,From,To,Holder\ngao,16.27,-0.04,2023-01-01,,A\nber,,,2023,2024-01,Mixed\n"
    assert imports(cli, rows, CONTROL).code == 0
    later = "Town,Lat,Lon,From,To,Holder\ngao,16.3,-0.04,2023-01-01,,A / B\n"
    imports(cli, later, CONTROL, published="2024-06-01")
    mixed, both = events(cli)
    assert isinstance(both, ControlReported)
    assert isinstance(mixed, LocationContested)
    assert (both.holders, mixed.occurred.text) == (("a", "b"), "2023/2024-01")
    (amendment,) = recorded(cli, LocationAmended)
    assert amendment.coordinates.latitude == 16.3
    then = cli.run("who", "gao", "--on", "2023-06-01", "--published-by", "2024-03-01")
    now = cli.run("who", "gao", "--on", "2023-06-01")
    assert "held by A" in then.stdout
    assert "Bees" in now.stdout, now


def test_a_workbook_and_points_are_tables_too(cli: CommandLine) -> None:
    head, *rows = (line.split(",") for line in ["Town,From,Holder", "gao,2023-01-01,A"])
    book = write_xlsx(cli.folder / "t.xlsx", {"One": [head, *rows]})
    by = CONTROL.replace("latitude: Lat, longitude: Lon, ", "").replace("last: To", "last: From")
    table_map = cli.write("map.yaml", by)
    done = cli.run("import", "table", book, "--map", table_map, "--published", "2024")
    assert done.code == 0, done
    properties = {"Town": "ber", "From": "2023-02-01", "Holder": "B"}
    point = {"type": "Point", "coordinates": [-2.53, 16.84]}
    feature = {"type": "Feature", "properties": properties, "geometry": point}
    layer = cli.write("t.geojson", json.dumps({"features": [feature]}))
    by = CONTROL.replace("Lat,", '"@latitude",').replace("Lon,", '"@longitude",')
    table_map = cli.write("map.yaml", by.replace("last: To", "last: From"))
    done = cli.run("import", "table", layer, "--map", table_map, "--published", "2024")
    assert done.code == 0, done
    assert [(each.location, each.holders) for each in events(cli)] == [  # type: ignore[attr-defined]
        ("gao", ("a",)),
        ("ber", ("b",)),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("time: date", "time: Day", "map.yaml:4:7: time: the table has no column 'Day'; there are"),
        ("latitude: Lat, ", "", "map.yaml:3:8: place: give latitude and longitude, or none"),
        ("key: ID", "kee: ID", "map.yaml:2:6: kee: no field of TableMap has that name; did you"),
        (
            "TownSeized",
            "TownTaken",
            "map.yaml:6:3: event: no event about a place is called 'TownTa",
        ),
        ("  by: Side A\n", "", "map.yaml:1:1: fields: TownSeized needs by"),
        ("yes: 2", "yes: 9", "map.yaml:14:43: credibility.values.yes: 9 is too large"),
        ("source: {", "source: [", "map.yaml:1:"),
        ("cites:", "# cites:", ""),
    ],
)
def test_a_wrong_map_is_refused_with_its_place(
    cli: CommandLine, right: str, wrong: str, message: str
) -> None:
    done = imports(cli, EVENTS, MAP.replace(right, wrong, 1))
    if message:
        done.refused(message)
    assert done.code == (1 if message else 0)


def test_a_draft_of_the_map_is_a_map(cli: CommandLine) -> None:
    table = cli.write("t.csv", "Town,Latitude,Longitude,Date,Controller\nGao,16.27,-0.04,2023,A\n")
    draft = cli.folder / "draft.yaml"
    assert cli.run("import", "table", table, "--draft-map", draft).code == 0
    assert cli.head == 0
    done = cli.run("import", "table", table, "--map", draft, "--published", "2024")
    assert done.code == 0, done
    assert "1 row: 1 recorded" in done.stderr
    again = cli.run("import", "table", table, "--draft-map", draft)
    assert (again.code, "is there already" in again.stderr) == (2, True)


def test_a_draft_lists_the_values_to_decide_on(cli: CommandLine) -> None:
    draft = cli.folder / "draft.yaml"
    cli.run("import", "table", cli.write("t.csv", EVENTS), "--draft-map", draft)
    told = draft.read_text()
    assert '    "Battle": null\n    "Seizure": null\n    "Protest": null\n' in told
    assert 'key: "ID"' in told


def test_what_is_missing_on_the_command_line_is_named(cli: CommandLine) -> None:
    table = cli.write("t.csv", EVENTS)
    assert "--draft-map writes a first one" in cli.run("import", "table", table).stderr
    told = imports(cli, EVENTS, published="")
    assert (told.code, "say --published DATE" in told.stderr) == (2, True)
