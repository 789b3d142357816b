"""A row with a cell that no event can hold is refused alone, and the report names the column."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.events import ClashReported, SourceRegistered
from domain.occurred import Occurred
from infra.datasets.acled.export_file import AcledFile
from infra.datasets.acled.survey import survey
from infra.datasets.geonames.dump import GeoNamesFile
from infra.datasets.geonames.names import COLUMNS as NAME_COLUMNS
from infra.datasets.geonames.names import GeoNamesNames
from infra.datasets.geonames.rows import COLUMNS as DUMP_COLUMNS
from infra.datasets.geonames.rows import Filter
from infra.datasets.importing import ImportTerms, Rows, import_rows
from infra.datasets.report import RowOutcome
from infra.datasets.tables.mapped_table import MappedTable, MappedTerms
from infra.datasets.tables.table_map import read_map
from infra.datasets.ucdp.actors import ActorList
from infra.datasets.ucdp.ged import GedFile
from infra.datasets.ucdp.releases import Release
from infra.ledger.ledger import Ledger, open_ledger
from tests.command_line import CommandLine
from tests.infra.datasets.acled.exports import CLASH as ACLED_ROW
from tests.infra.datasets.acled.exports import TODAY
from tests.infra.datasets.acled.exports import terms as acled_terms
from tests.infra.datasets.ucdp import ACTOR, ACTOR_COLUMNS, CLASH, GED_COLUMNS

UNFIT = {
    "longer than a name": "x" * 501,
    "longer than a text": "long " * 2_100,
    "a control character": "a\x07b",
    "no UTF-8": "a\udcffb",  # written as the byte 0xff
    "the direction turned": "a\u202eb",
    "no character": "a\ufdd0b",
    "a pile of marks": "a" + "\u0301" * 12,
    "nothing to be seen": "\u2800",
    "spaces at the ends": "  Kaya  ",
    "spaces alone": "   ",
    "a line separator": "a\u2028b",
    "a wide gap": f"a{' ' * 9}b",
    "digits without end": "9" * 400,
    "dots alone": "." * 600,
    "a null": "a\0b",
}
SOURCE = SourceRegistered.model_validate({"source": "s", "name": "S", "reliability": "B"})
Opened = Callable[[Path, Ledger], Rows]


@dataclass(frozen=True)
class Format:
    """A format of files, with a row of it, and the column that tells rows apart."""

    columns: Sequence[str]
    row: dict[str, str]
    key: str
    opened: Opened
    also: tuple[str, ...] = ()
    """Columns that are different in each row, too: a known actor's name is not looked at."""
    delimiter: str = ","
    left_out: tuple[str, ...] = ()
    """Columns with several names, of which the unfit are left out and doubted."""
    texts: tuple[str, ...] = ()
    """Columns with texts of events."""
    name: str = ""
    """The column with the name of a place or an actor."""


def _ged(path: Path, ledger: Ledger) -> Rows:
    return GedFile(path, ledger, SOURCE, Release.parse("24.1")).rows


def _actors(path: Path, ledger: Ledger) -> Rows:
    return ActorList(path, ledger, SOURCE, Release.parse("24.1")).rows


def _acled(path: Path, ledger: Ledger) -> Rows:
    return AcledFile(path, survey(path), acled_terms(dataset="s"), ledger).rows


def _dump(path: Path, ledger: Ledger) -> Rows:
    return GeoNamesFile(path, ledger, Filter()).rows


def _mapped(path: Path, ledger: Ledger) -> Rows:
    by = path.with_name("map.yaml")
    by.write_text(MAP)
    return MappedTable(path, read_map(by), MappedTerms("2024-01-01"), ledger).rows


MAP = """\
source: {source: s, name: S, reliability: B}
key: ID
place: {name: Town, latitude: Lat, longitude: Lon, around: [Country, Region]}
time: Date
event: {type: ClashReported}
fields: {sides: [A, B], deaths: {best: Deaths}}
summary: Notes
cites: Source
credibility: 3
"""
TABLE_ROW = {
    "ID": "1",
    "Town": "Ber",
    "Lat": "16.84",
    "Lon": "-2.53",
    "Country": "Mali",
    "Region": "Timbuktu",
    "Date": "2023-11-14",
    "A": "FAMa",
    "B": "CSP",
    "Deaths": "3",
    "Notes": "A fight",
    "Source": "RFI",
}
PLACE_ROW = dict.fromkeys(DUMP_COLUMNS, "") | {
    "geonameid": "1",
    "name": "Kaya",
    "latitude": "17.0",
    "longitude": "-1.0",
    "feature class": "P",
    "feature code": "PPL",
    "country code": "ML",
    "timezone": "Africa/Bamako",
    "population": "0",
    "modification date": "2012-01-18",
}
FORMATS = {
    "ucdp-ged": Format(
        GED_COLUMNS,
        CLASH,
        "id",
        _ged,
        also=("side_a_new_id", "side_b_new_id"),
        texts=("where_description", "source_office", "conflict_name"),
        name="where_coordinates",
    ),
    "ucdp-actors": Format(
        ACTOR_COLUMNS,
        ACTOR,
        "ActorId",
        _actors,
        left_out=(
            *("NameOrig", "NameOrigFull", "NameOrigFullEng", "NewName"),
            *("NewNameFullMotherTongue", "NewNameFullEng"),
        ),
        name="NameData",
    ),
    "acled": Format(
        TODAY, ACLED_ROW, "event_id_cnty", _acled, texts=("notes", "tags"), name="location"
    ),
    "geonames": Format(
        DUMP_COLUMNS,
        PLACE_ROW,
        "geonameid",
        _dump,
        delimiter="\t",
        left_out=("asciiname", "alternatenames"),
        name="name",
    ),
    "table": Format(
        tuple(TABLE_ROW), TABLE_ROW, "ID", _mapped, texts=("Notes", "Source"), name="Town"
    ),
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def written(path: Path, form: Format, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        if form.delimiter == "\t":
            lines = (
                form.delimiter.join(row.get(name, "") for name in form.columns) for row in rows
            )
            file.writelines(f"{line}\n" for line in lines)
        else:
            writer = csv.DictWriter(file, form.columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return path


def told(path: Path) -> dict[int, list[dict[str, str]]]:
    """The lines of a report by line of the file."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            found[int(line["line"])].append(line)
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_an_unfit_cell_refuses_its_row_alone(name: str, ledger: Ledger, tmp_path: Path) -> None:
    form, report_file = FORMATS[name], tmp_path / "report.csv"
    cases = [("", "")] + [(column, what) for column in form.columns for what in UNFIT] + [("", "")]
    rows = []
    for number, (column, what) in enumerate(cases, 100):
        row = form.row | dict.fromkeys((form.key, *form.also), str(number))
        row |= {each: f"{number}{at}" for at, each in enumerate(form.also)}
        rows.append(row | ({column: UNFIT[what]} if column else {}))
    path = written(tmp_path / "file.csv", form, rows)
    terms = ImportTerms("S", SOURCE.source, by="a test")
    report = import_rows(ledger, form.opened(path, ledger), terms, report_file)

    assert report.read == len(cases)
    lines, first = told(report_file), 1 if form.delimiter == "\t" else 2
    of_case = {case: lines[number] for number, case in enumerate(cases, first)}
    for (column, what), found in of_case.items():
        refused = [line for line in found if line["outcome"] == RowOutcome.REFUSED]
        if refused and what != "spaces alone":  # an empty cell is at fault with another
            assert column.casefold() in {each["column"].casefold() for each in refused}, refused
            assert all(each["why"] and "\n" not in each["value"] for each in refused)
    assert not of_case["", ""]

    def outcomes_of(column: str, what: str) -> set[str]:
        return {line["outcome"] for line in of_case[column, what]}

    for column in form.columns:
        for what in ("a control character", "no UTF-8"):
            assert RowOutcome.REFUSED in outcomes_of(column, what), (column, what)
    for what in ("longer than a name", "no character", "a pile of marks", "nothing to be seen"):
        assert RowOutcome.REFUSED in outcomes_of(form.name, what), what
        for column in form.left_out:
            assert outcomes_of(column, what) == {RowOutcome.DOUBTFUL}, (column, what)
    for column in form.texts:
        assert RowOutcome.REFUSED in outcomes_of(column, "no character"), column
    assert RowOutcome.REFUSED not in outcomes_of(form.name, "spaces at the ends")


def test_alternate_names_that_can_be_none_are_left_out_and_doubted(
    ledger: Ledger, tmp_path: Path
) -> None:
    place = written(tmp_path / "ML.txt", FORMATS["geonames"], [PLACE_ROW])
    terms = ImportTerms("S", SOURCE.source, by="a test")
    import_rows(ledger, _dump(place, ledger), terms, None)
    cells = ("1", "1", "fr", "Caya", "", "", "", "", "1990", "2000")
    usual = dict(zip(NAME_COLUMNS, cells, strict=True))
    cases = [(column, what) for column in NAME_COLUMNS for what in UNFIT]
    rows = [usual] + [
        usual | {"alternateNameId": str(number)} | {column: UNFIT[what]}
        for number, (column, what) in enumerate(cases, 2)
    ]
    form = Format(NAME_COLUMNS, usual, "alternateNameId", _dump, delimiter="\t")
    for published in (None, Occurred.parse("2024-01-01")):
        path = written(tmp_path / "names.txt", form, rows)
        names = GeoNamesNames(path, ledger, SOURCE, published)
        report = import_rows(ledger, names.rows, terms, tmp_path / "report.csv")
        whole = tmp_path / "report.csv"
        lines = [line for found in told(whole).values() for line in found]
        unfit = [each for each in lines if re.match("line [0-9]+ is left out: ", each["why"])]
        columns = {each["column"] for each in lines if each["outcome"] == RowOutcome.REFUSED}
        assert report.counts[RowOutcome.REFUSED] < report.read
        assert columns == {*NAME_COLUMNS}
        assert len(unfit) >= 6
        assert {each["column"] for each in unfit} == {"alternate name"}


def test_names_of_the_older_dumps_have_no_times(ledger: Ledger, tmp_path: Path) -> None:
    place = written(tmp_path / "ML.txt", FORMATS["geonames"], [PLACE_ROW])
    terms = ImportTerms("S", SOURCE.source, by="a test")
    import_rows(ledger, _dump(place, ledger), terms, None)
    path = tmp_path / "names.txt"
    path.write_bytes(b"1\t1\tfr\tCaya\t\t\t\t\n2\t1\tfr\tK\xffya\t\t\t\t\n3\t1\tfr\n")
    report = import_rows(ledger, GeoNamesNames(path, ledger, SOURCE, None).rows, terms, None)
    assert report.counts[RowOutcome.REFUSED] == 2
    assert report.counts[RowOutcome.CORRECTED] == 1


@pytest.mark.parametrize("name", ["ucdp-ged", "ucdp-actors", "acled"])
def test_rows_that_are_no_csv_or_too_short_keep_no_other_out(
    name: str, ledger: Ledger, tmp_path: Path
) -> None:
    form = FORMATS[name]
    path = written(tmp_path / "file.csv", form, [form.row])
    header, row = path.read_text().splitlines()
    short = row.rpartition(",")[0].rpartition(",")[0]
    broken = row.replace(form.row[form.key], '"1" x', 1)
    path.write_text(f"{header}\n{short}\n{broken}\na\rb\n{row}\n", newline="")
    terms = ImportTerms("S", SOURCE.source, by="a test")
    report = import_rows(ledger, form.opened(path, ledger), terms, tmp_path / "report.csv")
    assert report.counts[RowOutcome.REFUSED] == 3
    assert report.counts[RowOutcome.RECORDED] == 1
    whys = [line["why"] for found in told(tmp_path / "report.csv").values() for line in found]
    assert sum(why.startswith("this is not CSV: ") for why in whys) == 2
    assert sum(" cells, and the file " in why for why in whys) == 1


def test_a_row_without_a_readable_id_lets_no_candidate_be_taken_back(
    ledger: Ledger, tmp_path: Path
) -> None:
    form, terms = FORMATS["ucdp-ged"], ImportTerms("S", SOURCE.source, by="a test")
    rows = [CLASH, CLASH | {"id": "9002"}]
    first = written(tmp_path / "candidates.csv", form, rows)
    import_rows(ledger, GedFile(first, ledger, SOURCE, Release.parse("23.0.4")).rows, terms, None)
    final = written(tmp_path / "final.csv", form, [CLASH, CLASH | {"id": "9\x0702"}])
    report_file = tmp_path / "report.csv"
    report = import_rows(ledger, _ged(final, ledger), terms, report_file)
    assert report.counts[RowOutcome.RETRACTED] == 0
    assert "no missing candidate is taken back" in report_file.read_text()
    mended = written(tmp_path / "mended.csv", form, [CLASH])
    assert import_rows(ledger, _ged(mended, ledger), terms, None).counts[RowOutcome.RETRACTED] == 1


def test_the_reason_of_a_correction_may_begin_amidst_a_letter(
    ledger: Ledger, tmp_path: Path
) -> None:
    """An excerpt of a long text begins 40 characters before the difference."""
    form, terms = FORMATS["ucdp-ged"], ImportTerms("S", SOURCE.source, by="a test")
    hearts = "\u2764\ufe0f" * 200
    for release, end in (("24.1", "at dawn"), ("25.1", "at noon")):
        for shift in range(2):
            text = {"where_description": f"{'x' * shift}{hearts}{end}", "id": str(shift + 1)}
            path = written(tmp_path / "file.csv", form, [CLASH | text])
            rows = GedFile(path, ledger, SOURCE, Release.parse(release)).rows
            done = import_rows(ledger, rows, terms, None)
            assert done.counts[RowOutcome.REFUSED] == 0
    assert sum(1 for _ in ledger.of_type(ClashReported)) == 4


# ---- tables of control, and polygons -------------------------------------------------------------

CLAIMS = {
    "location_id": "kaya",
    "name": "Kaya",
    "lat": "17",
    "lon": "-1",
    "known_at": "2024-01-01",
    "as_of": "2024-01-01",
    "controller": "FAMa",
    "note": "A note",
    "source_link": "page 3",
    "within": "Gao Region",
}


def test_an_unfit_cell_of_a_claims_table_refuses_its_row_alone(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    form = Format(tuple(CLAIMS), CLAIMS, "location_id", _mapped)
    cases = [(column, what) for column in CLAIMS for what in UNFIT]
    rows = [
        CLAIMS
        | {"location_id": f"place-{number}", "name": f"Place {number}"}
        | {column: UNFIT[what]}
        for number, (column, what) in enumerate(cases)
    ]
    path = written(tmp_path / "claims.csv", form, rows)
    done = cli.run("import", "claims-csv", path, "--no-strict")
    assert done.code == 1, done
    assert "Traceback" not in done.stderr
    lines = told(tmp_path / "claims.csv.report.csv")
    refused = {cases[line - 2] for line in lines if line}
    assert {("within", "dots alone"), ("name", "longer than a name")} <= refused
    assert f"Refused: {len(refused)} rows" in done.stderr
    assert len(cases) - len(refused) > 15, "the others are recorded"
    for (column, what), line in zip(cases, range(2, len(cases) + 2), strict=True):
        columns = {each["column"] for each in lines.get(line, ()) if each["column"]}
        assert not columns or column in columns, (column, what, lines[line])
        assert all(each["value"] or not UNFIT[what].strip() for each in lines.get(line, ()))


@pytest.mark.parametrize("what", UNFIT)
def test_unfit_properties_of_polygons_end_no_import(what: str, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    text = UNFIT[what].replace("\udcff", "\u0085")
    by = "source: {source: m, name: M, reliability: B, continuous: true}\n"
    by += "status: {property: status, values: {red: red}}\nactors: {red: {id: red, name: Red}}\n"
    place = "- {type: LocationRegistered, location: kaya, name: Kaya, kind: town, "
    cli.run("record", cli.write("p.yaml", f"{place}coordinates: {{latitude: 1, longitude: 1}}}}"))
    ring = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
    features = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for geometry in ({"type": "Polygon", "coordinates": [ring]}, {"type": "Point"}, None, text)
        for properties in ({"status": f"{text} /// red", text: text}, {text: text})
        if geometry is None or "red" in str(properties)
    ]
    layer = {"type": "FeatureCollection", "features": features}
    day = cli.write("m_20240315.geojson", json.dumps(layer))
    done = cli.run("import", "polygons", day, "--map", cli.write("map.yaml", by))
    assert "Traceback" not in done.stderr
    is_read = done.code == 0
    report = tmp_path / "m_20240315.geojson.report.csv"
    assert is_read or ("refused,status," in report.read_text()), done


@pytest.mark.parametrize(
    "feature",
    [
        {"properties": ["red"]},
        {"properties": "red"},
        {"properties": {"status": {"a": 1}}},
        {"properties": {"status": "red"}, "geometry": {"type": "Polygon"}},
        {"properties": {"status": "red"}, "geometry": {"type": "Polygon", "coordinates": [[]]}},
        {
            "properties": {"status": "red"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, None], [1, "x"], [0, 0]]]},
        },
        {
            "properties": {"status": "red"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, None], [1, None], [2, 2], [0]]]},
        },
    ],
)
def test_a_polygon_that_can_not_be_read_is_refused_in_words(
    feature: dict[str, object], tmp_path: Path
) -> None:
    cli = CommandLine(tmp_path)
    by = "source: {source: m, name: M, reliability: B, continuous: true}\n"
    by += "status: {property: status, values: {red: red}}\nactors: {red: {id: red, name: Red}}\n"
    place = "- {type: LocationRegistered, location: kaya, name: Kaya, kind: town, "
    cli.run("record", cli.write("p.yaml", f"{place}coordinates: {{latitude: 1, longitude: 1}}}}"))
    given = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[]]}} | feature
    layer = {"type": "FeatureCollection", "features": [given]}
    day = cli.write("m_20240315.geojson", json.dumps(layer))
    done = cli.run("import", "polygons", day, "--map", cli.write("map.yaml", by))
    assert "Traceback" not in done.stderr, done
    assert done.code in (0, 1)
