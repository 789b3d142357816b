"""What does a map of polygons say of the places of a gazetteer, day by day?"""

import json
from collections.abc import Iterator
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from api.node import Node, open_node
from domain.events import LocatedEvent, LocationRegistered
from domain.occurred import parse_moment
from infra.datasets.importing import ImportTerms, import_rows
from infra.datasets.report import ImportReport, RowOutcome
from infra.datasets.tables.polygon_days import DayFile, PolygonDays
from infra.datasets.tables.polygon_map import dated_label, read_polygon_map
from infra.intake.problems import BadInput
from infra.ledger.codec import identify
from infra.settings import Settings
from tests.command_line import CommandLine

OCCUPIED = "Окуповано /// Occupied /// geoJSON.status.occupied {{at:01.01}}"
FREED = "Звільнено 01.02 /// Liberated 01.02\xa0/// geoJSON.status.dismissed\n"
UNKNOWN = "Статус невідомий /// Unknown status /// geoJSON.status.unknown"
MAP = """\
source: {source: front, name: Front map, reliability: B, continuous: true}
status:
  property: name
  values:
    geoJSON.status.occupied: red
    geoJSON.status.dismissed: blue
    geoJSON.status.unknown: contested
    geoJSON.territories.abroad: null
actors:
  red: {id: red, kind: state-force, name: Red Army}
  blue: {id: blue, kind: state-force, name: Blue Army}
"""
POINTS = {"ostrel": (50.0, 30.0), "harrow": (50.0, 31.0), "tolme": (50.0, 32.0)}
HELD_BY_RED, HELD_BY_BLUE = ("HELD", ("red",)), ("HELD", ("blue",))
UNKNOWN_NOW = ("UNKNOWN", ())


class Maps:
    """A ledger with three towns, and days of a map of the front."""

    def __init__(self, node: Node, folder: Path) -> None:
        self.node, self.folder = node, folder
        self.map = folder / "map.yaml"
        self.map.write_text(MAP)

    def day(self, day: str, *squares: tuple[str, float, float]) -> DayFile:
        path = self.folder / f"front_{day.replace('-', '')}.geojson"
        features = [square(*each) for each in squares]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return DayFile(date.fromisoformat(day), path)

    def imports(self, *files: DayFile, is_dry: bool = False) -> ImportReport:
        by = read_polygon_map(self.map)
        days = PolygonDays(files, by, self.node.ledger)
        terms = ImportTerms("Front map", by.source.source, "a test", is_dry=is_dry)
        report = import_rows(self.node.ledger, days.rows, terms, self.folder / "report.csv")
        self.node.projector.catch_up()
        return report

    def says(self, town: str, day: str) -> tuple[str, tuple[str, ...]]:
        answers = self.node.answers
        verdict = answers.control(town, answers.basis(parse_moment(day))).period.reading.verdict
        return verdict.status.value, tuple(verdict.holders)

    @property
    def sightings(self) -> list[str]:
        events = (each.event for each in self.node.ledger.read())
        located = [each for each in events if isinstance(each, LocatedEvent)]
        return [f"{each.location} {each.occurred}" for each in located]


def square(name: str, west: float, east: float) -> dict[str, object]:
    ring = [[west, 49, 0], [east, 49, 0], [east, 51, 0], [west, 51, 0], [west, 49, 0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


def counts(report: ImportReport) -> dict[RowOutcome, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}


@pytest.fixture
def maps(tmp_path: Path) -> Iterator[Maps]:
    settings = Settings(ledger=f"sqlite:///{tmp_path / 'ledger.db'}", views=tmp_path / "views.db")
    with open_node(settings) as node:
        places = [
            LocationRegistered.model_validate(
                {
                    "location": town,
                    "name": town.capitalize(),
                    "kind": "town",
                    "coordinates": {"latitude": latitude, "longitude": longitude},
                }
            )
            for town, (latitude, longitude) in POINTS.items()
        ]
        node.ledger.record([identify(place) for place in places], by="a test")
        yield Maps(node, tmp_path)


def test_a_town_in_a_polygon_is_a_sighting_and_silence_is_no_change(maps: Maps) -> None:
    maps.imports(maps.day("2023-02-01", (OCCUPIED, 29, 31.5)))
    report = maps.imports(maps.day("2023-02-02", (OCCUPIED, 29, 31.5)))
    maps.imports(maps.day("2023-02-03", (OCCUPIED, 29, 30.5), (FREED, 30.5, 31.5)))
    assert maps.sightings == [
        "harrow 2023-02-01",
        "ostrel 2023-02-01",
        "harrow 2023-02-03",
    ]
    assert counts(report) == {RowOutcome.UNCHANGED: 3}
    assert maps.says("harrow", "2023-02-02") == HELD_BY_RED
    assert maps.says("harrow", "2023-02-03") == HELD_BY_BLUE
    assert maps.says("tolme", "2023-02-03") == UNKNOWN_NOW


def test_a_town_in_no_polygon_any_more_is_not_known(maps: Maps) -> None:
    maps.imports(maps.day("2023-02-01", (OCCUPIED, 29, 31.5)))
    maps.imports(maps.day("2023-02-02", (OCCUPIED, 29, 30.5)))
    assert maps.says("harrow", "2023-02-02") == UNKNOWN_NOW
    maps.map.write_text(f"{MAP}outside: blue\n")
    maps.imports(maps.day("2023-02-03", (OCCUPIED, 33, 34)))
    assert maps.says("ostrel", "2023-02-03") == HELD_BY_BLUE


def test_days_in_one_run_or_twice_add_nothing_more(maps: Maps) -> None:
    days = [
        maps.day("2023-02-03", (FREED, 29, 31.5)),
        maps.day("2023-02-01", (OCCUPIED, 29, 31.5)),
        maps.day("2023-02-02", (OCCUPIED, 29, 31.5)),
    ]
    dry = maps.imports(*days, is_dry=True)
    assert maps.sightings == []
    assert (
        counts(maps.imports(*days))
        == counts(dry)
        == {
            RowOutcome.RECORDED: 4,
            RowOutcome.UNCHANGED: 5,
        }
    )
    head = maps.node.ledger.head
    maps.imports(*days)
    assert maps.node.ledger.head == head


@pytest.mark.parametrize("order", [*permutations(range(4))][::3])
def test_days_in_any_order_give_the_same_answers(maps: Maps, order: tuple[int, ...]) -> None:
    days = [
        maps.day("2023-02-01", (OCCUPIED, 29, 30.5)),
        maps.day("2023-02-02", (FREED, 29, 31.5)),
        maps.day("2023-02-03", (OCCUPIED, 29, 30.5), (UNKNOWN, 30.5, 32.5)),
        maps.day("2023-02-04", (OCCUPIED, 29, 30.5)),
    ]
    for number in order:
        maps.imports(days[number])
    towns = ("ostrel", "harrow", "tolme")
    told = [[maps.says(town, f"2023-02-0{n}") for town in towns] for n in range(1, 5)]
    contested = ("CONTESTED", ())
    assert told == [
        [HELD_BY_RED, UNKNOWN_NOW, UNKNOWN_NOW],
        [HELD_BY_BLUE, HELD_BY_BLUE, UNKNOWN_NOW],
        [HELD_BY_RED, contested, contested],
        [HELD_BY_RED, UNKNOWN_NOW, UNKNOWN_NOW],
    ]


def test_a_corrected_day_is_a_correction(maps: Maps) -> None:
    maps.imports(maps.day("2023-02-01", (OCCUPIED, 29, 30.5)))
    maps.imports(maps.day("2023-02-02", (OCCUPIED, 29, 30.5)))
    report = maps.imports(maps.day("2023-02-01", (FREED, 29, 30.5)))
    assert counts(report) == {
        RowOutcome.CORRECTED: 1,
        RowOutcome.RECORDED: 1,
        RowOutcome.UNCHANGED: 2,
    }
    assert maps.says("ostrel", "2023-02-01") == HELD_BY_BLUE
    assert maps.says("ostrel", "2023-02-02") == HELD_BY_RED


def test_overlapping_polygons_refuse_the_place_alone(maps: Maps) -> None:
    day = maps.day("2023-02-01", (OCCUPIED, 29, 30.5), (UNKNOWN, 29.5, 31.5))
    assert counts(maps.imports(day)) == {
        RowOutcome.RECORDED: 1,
        RowOutcome.REFUSED: 1,
        RowOutcome.UNCHANGED: 1,
    }
    assert "under status.prefer" in (maps.folder / "report.csv").read_text()
    prefer = "  property: name\n  prefer: [geoJSON.status.unknown]\n"
    maps.map.write_text(MAP.replace("  property: name\n", prefer))
    maps.imports(day)
    assert maps.says("ostrel", "2023-02-01") == ("CONTESTED", ())


def test_a_status_that_the_map_does_not_know_is_asked_about(maps: Maps) -> None:
    day = maps.day("2023-02-01", ("Нове /// New /// geoJSON.status.new", 29, 30))
    with pytest.raises(BadInput, match="the map has no status for 'Нове /// New /// geoJSON"):
        maps.imports(day)
    assert maps.sightings == []


def test_a_date_without_a_year_is_the_last_such_day(maps: Maps) -> None:
    day = date(2023, 2, 3)
    assert dated_label("Liberated 01.02", day).endswith("01.02 is read as 2023-02-01.")
    assert dated_label("Liberated 27–31.03", day).endswith("31.03 is read as 2022-03-31.")
    assert dated_label("Occupied", day) == "The polygon is labelled 'Occupied'."


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("  property: name\n", "", "map.yaml:3:3: status.property: it is missing"),
        ("occupied: red", "occupied: a|b", "map.yaml:1:1: 'a|b': no event says 'one of these"),
        ("reliability: B", "reliability: G", "map.yaml:1:55: source.reliability: 'G' is not one"),
    ],
)
def test_a_wrong_map_is_refused_with_the_place(
    maps: Maps, right: str, wrong: str, message: str
) -> None:
    maps.map.write_text(MAP.replace(right, wrong))
    with pytest.raises(BadInput) as refused:
        read_polygon_map(maps.map)
    assert message in str(refused.value)


def test_the_command_finds_the_day_in_the_name(maps: Maps) -> None:
    cli = CommandLine(maps.folder)
    day = maps.day("2023-02-01", (OCCUPIED, 29, 30.5))
    yearless = day.path.rename(maps.folder / "front 02.02.geojson")
    refused = cli.run("import", "polygons", yearless, "--map", maps.map)
    assert (refused.code, "tells no day; say its --year" in refused.stderr) == (2, True)
    done = cli.run("import", "polygons", yearless, "--map", maps.map, "--year", "2023")
    assert done.code == 0, done
    assert maps.sightings == ["ostrel 2023-02-02"]
