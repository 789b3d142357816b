"""Is a town without an id the town of that name at that point, or asked about?"""

from pathlib import Path

import pytest

from tests.command_line import CommandLine

HEAD = "name,lat,lon,known_at,as_of,controller"
PLACES = """\
- {type: LocationRegistered, location: mali, name: Mali, kind: region}
- {type: LocationRegistered, location: gao-region, name: Gao Region, kind: region, within: mali}
- {type: LocationRegistered, location: gao-cercle, name: Cercle de Gao, kind: region,
   within: gao-region}
- {type: LocationRegistered, location: gao, name: Gao, kind: town, within: gao-region,
   coordinates: {latitude: 16.27, longitude: -0.04}}
- {type: LocationRegistered, location: kaya, name: Kaya, kind: town,
   coordinates: {latitude: 13.0, longitude: -1.0}}
- {type: LocationRegistered, location: kaya-2, name: Kaya, kind: town, aliases: [Quaya],
   coordinates: {latitude: 14.0, longitude: -2.8}}
- {type: LocationRegistered, location: kaya-3, name: Kaya, kind: site,
   coordinates: {latitude: 14.01, longitude: -2.8}}
"""


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    line = CommandLine(tmp_path)
    assert line.run("record", line.write("places.yaml", PLACES)).code == 0
    return line


def imported(cli: CommandLine, *rows: str, head: str = HEAD) -> tuple[int, str]:
    table = cli.write("towns.csv", "\n".join((head, *rows)))
    done = cli.run("import", "claims-csv", table)
    report = cli.folder / "towns.csv.report.csv"
    return done.code, done.stderr + (report.read_text() if report.exists() else "")


def holds(cli: CommandLine, place: str) -> str:
    told = cli.run("who", place, "--on", "2024-01-01").stdout
    return told.partition("\n")[0].rpartition(": ")[2]


def test_two_towns_of_one_name_are_told_apart_by_their_points(cli: CommandLine) -> None:
    rows = ("Kaya,14.002,-2.8,2024-01-01,,JNIM", "Kaya,13,-1,2024-01-01,,FAMa")
    assert imported(cli, *rows)[0] == 0
    assert holds(cli, "kaya-2") == "held by JNIM"  # and not the site, which lies as near
    assert holds(cli, "kaya") == "held by FAMa"
    head = cli.head
    assert imported(cli, *rows)[0] == 0
    assert cli.head == head


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Kaya,,,2024-01-01,,JNIM", "2: name: it may be kaya, kaya-2; say in a column location_id"),
        ("Kaya,20,5,2024-01-01,,JNIM", "2: name: kaya lies 1,007 km away in the ledger; say in a"),
    ],
)
def test_a_town_that_may_be_another_is_asked_about(cli: CommandLine, row: str, why: str) -> None:
    code, told = imported(cli, row)
    assert code == 1
    assert why in told


def test_one_name_at_two_points_of_a_table_is_asked_about(cli: CommandLine) -> None:
    rows = ("Ber,16.8,-2.5,2024-01-01,,JNIM", "Ber,14.8,-2.5,2024-01-02,,FAMa")
    code, told = imported(cli, *rows)
    assert code == 1
    assert "3: name: ber lies 222 km away in another row" in told


def test_a_new_town_and_its_small_amendment_are_one_place(cli: CommandLine) -> None:
    assert imported(cli, "Ber,16.8,-2.5,2024-01-01,,JNIM")[0] == 0
    code, told = imported(cli, "Ber,16.81,-2.5,2024-01-02,,JNIM")
    assert code == 0
    assert '2,ber,corrected,,,"the registration is amended: coordinates 16.8, -2.5 is' in told


def test_an_id_in_the_row_counts(cli: CommandLine) -> None:
    head = f"location_id,{HEAD}"
    assert imported(cli, "kaya,Kaya,14.0,-2.8,2024-01-01,,JNIM", head=head)[0] == 0
    assert holds(cli, "kaya") == "held by JNIM"


def test_a_column_of_regions_names_no_towns(cli: CommandLine) -> None:
    head = HEAD.replace("controller", "controller,Region")
    rows = ("Gao,16.27,-0.04,2024-01-01,,FAMa,Gao", "Ber,16.8,-2.5,2024-01-01,,FAMa,Ber")
    assert imported(cli, "Labbe,16.2,-0.2,2024-01-01,,JNIM,Gao", *rows, head=head)[0] == 0
    places = cli.run("places").stdout
    assert "Labbe" in places
    assert "town in Gao Region, Mali (16.2000, -0.2000)" in " ".join(places.split())
    assert "town in Ber (16.8000, -2.5000)" in " ".join(places.split())
    assert "ber-region" in places


def test_the_number_of_a_feature_is_no_id_of_a_place(cli: CommandLine) -> None:
    layer = (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 1, "geometry": '
        '{"type": "Point", "coordinates": [-2.8, 14.0]}, "properties": {"name": "Kaya", '
        '"date": "2024-01-01", "holder": "JNIM"}}]}'
    )
    table = cli.write("layer.geojson", layer)
    done = cli.run("import", "claims-csv", table, "--published", "2024-01-01")
    assert done.code == 0, done.stderr
    assert "Columns that are not read: '@id'." in done.stderr
    assert holds(cli, "kaya-2") == "held by JNIM"
