"""Are claims tables imported as people keep them, with places that later rows change?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from api.node import open_node
from domain.events import LocationAmended, LocationRegistered
from domain.values import LocationId, LocationKind
from infra.datasets.rehearsal import rehearsing
from infra.intake.claims_csv import Terms, read_claims
from infra.intake.claims_import import ImportOutcome, import_claims
from infra.intake.problems import BadInput
from infra.intake.table_dates import DayOrder
from infra.ledger.codec import identify
from infra.settings import Settings
from tests.command_line import CommandLine
from tests.infra.intake.test_claims_csv import NOW, Importer, table_of
from tests.workbooks import Sheets, write_xlsx

HEAD = "location_id,name,lat,lon,known_at,as_of,controller,within"


@pytest.fixture
def importer(tmp_path: Path) -> Iterator[Importer]:
    settings = Settings(ledger=f"sqlite:///{tmp_path / 'ledger.db'}", views=tmp_path / "views.db")
    with open_node(settings, now=lambda: datetime(2026, 1, 1, 12, tzinfo=UTC)) as node:
        yield Importer(node, tmp_path)


def kept(importer: Importer, *lines: str, encoding: str = "utf-8") -> Path:
    path = importer.folder / "kept.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def amendments(importer: Importer) -> list[LocationAmended]:
    found = (each.event for each in importer.node.ledger.of_type(LocationAmended))
    return [each for each in found if isinstance(each, LocationAmended)]


# ---- The form of the table -------------------------------------------------------------------


def test_a_table_as_excel_saves_it_is_read(importer: Importer) -> None:
    path = kept(
        importer,
        "Localité ID;Town;Latitude;Longitude;Published;Date;Held by;Notes",
        "gao;Gao;16,27;0,04 W;14.11.23;13/11/2023;FAMa;d'après un témoin à Gao",
        ";;;;;;;",
        "lere;Léré;15,71;4,91 W;14.11.23;;Contested;",
        encoding="cp1252",
    )
    text = path.read_bytes().replace("Localité ID".encode("cp1252"), b"Location ID")
    path.write_bytes(text)
    read = read_claims(path, table_of(), NOW)
    gao, lere = read.rows
    assert gao.place.coordinates is not None
    assert (gao.place.coordinates.latitude, gao.place.coordinates.longitude) == (16.27, -0.04)
    assert (gao.event.occurred.text, gao.report.published.text) == ("2023-11-13", "2023-11-14")
    assert gao.event.summary == "d'après un témoin à Gao"
    assert (lere.place.name, lere.event.occurred.text) == ("Léré", "2023-11-14")
    assert read.notes == [
        "It is not UTF-8; it is read as Latin-1.",
        "Its cells are parted by a semicolon.",
        "The column 'Town' is read as name.",
        "The column 'Latitude' is read as lat.",
        "The column 'Longitude' is read as lon.",
        "The column 'Published' is read as known_at.",
        "The column 'Date' is read as as_of.",
        "The column 'Held by' is read as controller.",
        "The column 'Notes' is read as note.",
    ]


def test_a_workbook_of_few_columns_is_a_table(importer: Importer) -> None:
    rows: Sheets = {
        "One": [
            ["Town", "Holder", "Date"],
            ["Gao", "FAMa", date(2023, 11, 14)],
            ["Léré", "JNIM", None],
        ],
    }
    path = write_xlsx(importer.folder / "t.xlsx", rows)
    with pytest.raises(BadInput, match="this column is missing: known_at"):
        read_claims(path, table_of(), NOW)
    done = importer.imports(path, replace(table_of(), published="2023-11-20"))
    assert done.rows == 2
    assert importer.says("gao", day="2023-11-14") == ("HELD", frozenset({"fama"}))
    assert importer.says("lere", day="2023-11-20") == ("HELD", frozenset({"jnim"}))


def test_the_order_of_days_and_months_is_asked_about(importer: Importer) -> None:
    path = kept(importer, "name,known_at,controller", "Gao,03/04/2023,FAMa")
    with pytest.raises(
        BadInput, match=r"kept.csv:2: no date of the file says whether '03/04/2023'"
    ):
        read_claims(path, table_of(), NOW)
    (row,) = read_claims(path, replace(table_of(), order=DayOrder.DAY_FIRST), NOW).rows
    assert row.report.published.text == "2023-04-03"


def test_two_columns_that_may_be_one_are_asked_about(importer: Importer) -> None:
    path = kept(importer, "name,known_at,Date,Since,controller", "Gao,2023,,,FAMa")
    with pytest.raises(BadInput, match="'Date' and 'Since' may both be as_of; rename one"):
        read_claims(path, table_of(), NOW)


def test_a_lenient_reading_refuses_a_row_alone(importer: Importer) -> None:
    path = kept(
        importer, "name,known_at,controller", "Gao,2023,FAMa", "Léré,soon,JNIM", "Ber,2023,A / B"
    )
    with pytest.raises(BadInput):
        read_claims(path, table_of(), NOW)
    read = read_claims(path, replace(table_of(), is_strict=False), NOW)
    assert [row.place.name for row in read.rows] == ["Gao"]
    assert [(each.line, each.field) for each in read.problems] == [
        (4, "controller"),
        (3, "known_at"),
    ]


# ---- Places ----------------------------------------------------------------------------------


def test_a_place_lies_within_a_row_of_the_table_or_a_region(importer: Importer) -> None:
    path = kept(
        importer,
        HEAD,
        "market,Market,,,2023-11-14,,FAMa,gao",
        "gao,Gao,,,2023-11-14,,FAMa,Gao Region",
    )
    importer.imports(path)
    places = importer.node.answers.places
    found = places.many(map(LocationId, ("market", "gao", "gao-region")))
    assert {slug: (row.name, row.kind, row.within) for slug, row in found.items()} == {
        "market": ("Market", "town", "gao"),
        "gao": ("Gao", "town", "gao-region"),
        "gao-region": ("Gao Region", "region", None),
    }


def test_places_do_not_lie_within_each_other(importer: Importer) -> None:
    path = kept(importer, HEAD, "a,A,,,2023,,X,b", "b,B,,,2023,,X,a")
    with pytest.raises(BadInput, match=r"kept.csv:2: within: a would come to lie within its own"):
        importer.imports(path)


FIRST = "gao,Gao,16.27,-0.04,2023-01-01,,FAMa,"
MOVED = "gao,Gao,16.2700001,-0.0451,2023-06-01,,FAMa,"
NAMED = "gao,Gawgaw,16.27,-0.0451,2023-09-01,,FAMa,Gao Region"


def test_what_a_later_row_changes_amends_the_place(importer: Importer) -> None:
    done = importer.imports(kept(importer, HEAD, FIRST, MOVED, NAMED))
    assert [(each.line, each.changes) for each in done.amended] == [
        (3, "coordinates 16.27, -0.04 is 16.27, -0.0451"),
        (4, "name 'Gao' is 'Gawgaw'; within nothing is 'gao-region'"),
    ]
    first, second = amendments(importer)
    assert first.reason == (
        "The table table has it so since its revision of 2023-06-01: "
        "coordinates 16.27, -0.04 is 16.27, -0.0451"
    )
    assert (second.name, second.within, second.coordinates) == ("Gawgaw", "gao-region", None)
    head = importer.node.ledger.head
    again = importer.imports(kept(importer, HEAD, FIRST, MOVED, NAMED))
    assert (importer.node.ledger.head, again.amended) == (head, ())


@pytest.mark.parametrize("parts", [([FIRST], [MOVED, NAMED]), ([FIRST, MOVED], [NAMED])])
def test_a_later_file_amends_as_a_later_row_does(
    importer: Importer, parts: tuple[list[str], list[str]]
) -> None:
    for part in parts:
        importer.imports(kept(importer, HEAD, *part))
    assert importer.node.answers.place("gao").name == "Gawgaw"
    assert len(amendments(importer)) == 2


def test_an_older_file_does_not_win(importer: Importer) -> None:
    for part in ([NAMED], [FIRST, MOVED]):
        importer.imports(kept(importer, HEAD, *part))
    assert importer.node.answers.place("gao").name == "Gawgaw"
    assert amendments(importer) == []


def test_what_others_registered_or_amended_stays(importer: Importer) -> None:
    ber = LocationRegistered(location=LocationId("ber"), name="Bêr", kind=LocationKind.TOWN)
    importer.node.ledger.record([identify(ber)], by="tester")
    importer.imports(kept(importer, HEAD, FIRST, "ber,Ber,,,2023-01-01,,FAMa,"))
    by_hand = LocationAmended(location=LocationId("gao"), reason="The map.", name="Gao-Ville")
    importer.node.ledger.record([identify(by_hand)], by="tester")
    later = importer.imports(kept(importer, HEAD, NAMED, "ber,Berr,,,2023-09-01,,FAMa,"))
    assert importer.node.answers.place("ber").name == "Bêr"
    assert importer.node.answers.place("gao").name == "Gao-Ville"
    assert importer.node.answers.place("gao").within == "gao-region"
    assert [(each.line, each.why) for each in later.kept] == [
        (2, "gao keeps the name 'Gao-Ville', which others registered; the table has 'Gawgaw'"),
        (3, "ber keeps the name 'Bêr', which others registered; the table has 'Berr'"),
    ]


# ---- Rehearsed -------------------------------------------------------------------------------


def rehearsed(importer: Importer, path: Path, terms: Terms) -> ImportOutcome:
    rows = read_claims(path, terms, NOW).rows
    with rehearsing(importer.node.ledger) as rehearsal:
        return import_claims(rehearsal, str(path), rows, terms, by="tester")


def test_a_dry_run_says_what_the_import_does(importer: Importer) -> None:
    importer.imports(kept(importer, HEAD, FIRST, MOVED))
    dated_back = "gao,Gawgaw,,,2023-10-01,2023-02-01,JNIM,"
    path = kept(importer, HEAD, FIRST, MOVED, NAMED, dated_back)
    head = importer.node.ledger.head
    told = rehearsed(importer, path, table_of())
    assert importer.node.ledger.head == head
    done = importer.imports(path)
    assert replace(told, position=done.position) == done
    assert (done.rows, len(done.amended), len(done.dated_back)) == (2, 1, 2)


def test_the_command_says_how_it_read_and_what_it_refused(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    table = cli.write("t.csv", "Town;Published;Holder\nGao;14.11.23;FAMa\nLéré;soon;JNIM\n")
    cli.run("import", "claims-csv", table).refused("t.csv:3: known_at: 'soon' is not a time")
    dry = cli.run("import", "claims-csv", table, "--no-strict", "--dry-run")
    assert (dry.code, cli.head) == (1, 0)
    report = cli.folder / "report.csv"
    done = cli.run("import", "claims-csv", table, "--no-strict", "--report", report)
    assert done.code == 1
    assert dry.stdout == done.stdout == ""
    told = dry.stderr.replace("would be recorded", "recorded").splitlines()
    assert done.stderr.splitlines()[1:-1] == told[1:-1]
    assert done.stderr.startswith(f"{told[0]}; last position")
    assert "  Refused: 1 row." in done.stderr
    assert done.stderr.endswith(f"  The rows that somebody should look at: {report}\n")
    assert report.read_text().splitlines()[1].startswith("3,,refused,known_at,soon,")
    assert report.read_text() == (cli.folder / "t.csv.report.csv").read_text()
