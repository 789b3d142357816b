"""Answers: which places does a dump of GeoNames become?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.amendments import Amendments
from domain.events import LocationAmended, LocationRegistered, LocationRenamed
from domain.occurred import Occurred
from domain.values import ExternalCode, LocationKind, Name, SourceId
from infra.datasets.geonames.dump import GeoNamesFile
from infra.datasets.geonames.kinds import kind_of
from infra.datasets.geonames.names import GeoNamesNames
from infra.datasets.geonames.rows import COLUMNS, Filter
from infra.datasets.importing import ImportTerms, import_rows
from infra.datasets.report import ImportReport, RowOutcome
from infra.datasets.scripts import script_of
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger
from tests.infra.datasets.test_places import place, record
from tests.infra.datasets.test_recording import SOURCE, outcomes

COUNTRY = {"geonameid": "1", "name": "Republic of Mali", "alternatenames": "Mali,Мали"}
COUNTRY |= {"feature class": "A", "feature code": "PCLI", "admin1 code": "00"}
GAO = {"geonameid": "2", "name": "Gao Region", "feature class": "A", "feature code": "ADM1"}
CERCLE = GAO | {"geonameid": "3", "name": "Bourem Cercle", "feature code": "ADM2"}
CERCLE |= {"admin2 code": "77"}
BAMBA = {"geonameid": "10", "name": "Bamba", "latitude": "17.03358", "longitude": "-1.40381"}
OTHER_BAMBA = {"geonameid": "11", "name": "Bamba", "latitude": "14.6439", "admin1 code": "99"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def dump(folder: Path, *rows: dict[str, str], name: str = "ML.txt") -> Path:
    usual = dict.fromkeys(COLUMNS, "") | {
        "latitude": "17.0",
        "longitude": "-1.0",
        "feature class": "P",
        "feature code": "PPL",
        "country code": "ML",
        "admin1 code": "09",
        "population": "0",
        "timezone": "Africa/Bamako",
        "modification date": "2012-01-18",
    }
    path = folder / name
    lines = ["\t".join((usual | row).values()) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def imported(
    ledger: Ledger, path: Path, wanted: Filter | None = None, **terms: Any
) -> ImportReport:
    file = GeoNamesFile(path, ledger, wanted or Filter())
    given = ImportTerms("GeoNames", SourceId("geonames"), by="a test", **terms)
    return import_rows(ledger, file.rows, given, path.with_suffix(".csv"))


TERMS = ImportTerms("GeoNames", SourceId("geonames"), by="a test")


def places(ledger: Ledger) -> dict[str, LocationRegistered]:
    """The places as amended, by id."""
    amendments = Amendments()
    for each in ledger.of_type(LocationAmended):
        amendments.learn(each.entry)
    found = (each.event for each in ledger.of_type(LocationRegistered))
    return {
        each.location: amendments.read(each)
        for each in found
        if isinstance(each, LocationRegistered)
    }


def told(path: Path) -> str:
    return path.with_suffix(".csv").read_text(encoding="utf-8")


def test_a_row_becomes_a_place_in_the_smallest_unit_of_the_file(
    ledger: Ledger, tmp_path: Path
) -> None:
    names = {"asciiname": "Lere", "alternatenames": "Lere,Lira,ليري,Лере"}
    lere = {"geonameid": "12", "name": "Léré", "admin2 code": "77", **names}
    imported(ledger, dump(tmp_path, lere, BAMBA, OTHER_BAMBA, CERCLE, GAO, COUNTRY))
    found = places(ledger)
    assert found["lere-12"] == LocationRegistered.model_validate(
        {
            "location": "lere-12",
            "name": "Léré",
            "kind": "town",
            "coordinates": {"latitude": 17.0, "longitude": -1.0},
            "within": "bourem-cercle-3",
            "aliases": [
                {"text": "Lere", "script": "Latn"},
                {"text": "Lira", "script": "Latn"},
                {"text": "ليري", "script": "Arab"},
                {"text": "Лере", "script": "Cyrl"},
            ],
            "codes": [{"scheme": "geonames", "code": "12"}],
            "zone": "Africa/Bamako",
            "published": "2012-01-18",
        }
    )
    within = {id: each.within for id, each in found.items()}
    assert within == {
        "lere-12": "bourem-cercle-3",
        "bamba-10": "gao-region-2",
        "bamba-11": "republic-of-mali-1",  # the file has no unit of its code
        "bourem-cercle-3": "gao-region-2",
        "gao-region-2": "republic-of-mali-1",
        "republic-of-mali-1": None,
    }


def test_a_filter_takes_the_units_around_what_it_takes_and_changes_no_place(
    ledger: Ledger, tmp_path: Path
) -> None:
    well = {"geonameid": "13", "name": "Anefis", "feature class": "H", "feature code": "WLL"}
    big = BAMBA | {"population": "5000"}
    path = dump(tmp_path, well, big, OTHER_BAMBA, CERCLE, GAO, COUNTRY)
    imported(ledger, path, Filter(frozenset("P"), least_population=1000))
    some = places(ledger)
    assert [*some] == ["republic-of-mali-1", "gao-region-2", "bamba-10"]
    imported(ledger, path, Filter(codes=frozenset({"WLL"})))
    assert "anefis-13" in places(ledger)
    imported(ledger, path)
    assert len(places(ledger)) == 6
    assert {id: places(ledger)[id] for id in some} == some
    assert not [*ledger.of_type(LocationAmended)]


def test_neither_quotation_marks_nor_returns_swallow_rows(ledger: Ledger, tmp_path: Path) -> None:
    odd = {"geonameid": "14", "name": 'Tin "Essako'}
    broken = {"geonameid": "15", "name": "Tin\rEssako"}
    short = dump(tmp_path, BAMBA).read_bytes().rpartition(b"\t")[0] + b"\n"
    path = dump(tmp_path, odd, broken, BAMBA, OTHER_BAMBA)
    path.write_bytes(path.read_bytes() + short + b"16\tK\xffdal\n")
    done = imported(ledger, path)
    assert outcomes(done)[RowOutcome.REFUSED] == 3
    assert [*places(ledger)] == ["tin-essako-14", "bamba-10", "bamba-11"]
    assert "the row has 18 cells, and the file 19 columns" in told(path)


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("geonameid", "12x", "it is no number of GeoNames"),
        ("latitude", "north", "it is no number"),
        ("latitude", "97.0", "no point of the earth has these coordinates"),
        ("longitude", "nan", "no point of the earth has these coordinates"),
        ("modification date", "18.1.2012", "is not a time"),
        ("modification date", "2999-01-01", "future"),
        ("name", "", "it is empty"),
    ],
)
def test_an_unfit_row_is_refused_alone(
    ledger: Ledger, tmp_path: Path, column: str, value: str, why: str
) -> None:
    path = dump(tmp_path, BAMBA | {column: value}, OTHER_BAMBA)
    assert outcomes(imported(ledger, path)) == {RowOutcome.RECORDED: 1, RowOutcome.REFUSED: 1}
    assert why in told(path)


def test_the_same_dump_adds_nothing_and_a_dry_run_says_the_same(
    ledger: Ledger, tmp_path: Path
) -> None:
    record(ledger, [place("bamba", "Bamba", at=(17.036, -1.405))])
    path = dump(tmp_path, COUNTRY, GAO, BAMBA, OTHER_BAMBA)
    dry = imported(ledger, path, is_dry=True)
    assert ledger.head == 1
    assert outcomes(dry) == outcomes(imported(ledger, path))
    head = ledger.head
    assert outcomes(imported(ledger, path)) == {RowOutcome.UNCHANGED: 4}
    assert ledger.head == head


def test_a_later_dump_amends_and_an_older_one_does_not_win(ledger: Ledger, tmp_path: Path) -> None:
    first = BAMBA | {"alternatenames": "Banba"}
    later = {"modification date": "2020-05-01", "latitude": "17.04", "name": "Bamba Town"}
    imported(ledger, dump(tmp_path, first))
    changed = imported(ledger, dump(tmp_path, first | later | {"alternatenames": "Bambá"}))
    assert outcomes(changed) == {RowOutcome.CORRECTED: 1}
    (amended,) = places(ledger).values()
    assert amended.location == "bamba-10" and amended.name == "Bamba Town"
    assert amended.coordinates and amended.coordinates.latitude == 17.04
    assert {each.text for each in amended.aliases} == {"Banba", "Bamba", "Bambá"}
    (amendment,) = (each.event for each in ledger.of_type(LocationAmended))
    assert isinstance(amendment, LocationAmended)
    assert amendment.reason == "GeoNames has it so, as of 2020-05-01."
    assert outcomes(imported(ledger, dump(tmp_path, first))) == {RowOutcome.OLDER: 1}
    assert places(ledger) == {amended.location: amended}


def test_what_a_person_amended_stays_until_the_row_changes(ledger: Ledger, tmp_path: Path) -> None:
    path = dump(tmp_path, BAMBA)
    imported(ledger, path)
    by_hand = {"location": "bamba-10", "reason": "seen on a photograph", "name": "Bamba-sur-Niger"}
    record(ledger, [LocationAmended.model_validate(by_hand)])
    assert outcomes(imported(ledger, path)) == {RowOutcome.UNCHANGED: 1}
    assert places(ledger)["bamba-10"].name == "Bamba-sur-Niger"


def test_a_place_registered_by_hand_gets_the_code_and_keeps_its_name(
    ledger: Ledger, tmp_path: Path
) -> None:
    by_hand = place("bamba", "Bamba (Gao)", at=(17.036, -1.405), aliases=["Bamba"])
    record(ledger, [by_hand])
    path = dump(tmp_path, BAMBA, OTHER_BAMBA)
    imported(ledger, path)
    found = places(ledger)
    assert [*found] == ["bamba", "bamba-11"]
    assert found["bamba"].name == "Bamba (Gao)"
    assert found["bamba"].coordinates == by_hand.coordinates
    assert found["bamba"].codes == (ExternalCode(scheme="geonames", code="10"),)
    assert "the ledger holds bamba, 0.3 km away" in told(path)
    later = dump(tmp_path, BAMBA | {"name": "Bambah", "modification date": "2020-01-01"})
    imported(ledger, later)
    amended = places(ledger)["bamba"]
    assert amended.name == "Bamba (Gao)"
    assert [each.text for each in amended.aliases] == ["Bamba", "Bambah"]


def test_where_two_could_be_meant_each_is_registered_on_its_own(
    ledger: Ledger, tmp_path: Path
) -> None:
    record(ledger, [place("bamba", "Bamba", at=(17.036, -1.405))])
    near = BAMBA | {"geonameid": "16", "latitude": "17.05"}
    path = dump(tmp_path, BAMBA, near)
    imported(ledger, path)
    assert [*places(ledger)] == ["bamba", "bamba-10", "bamba-16"]
    assert told(path).count("it may be bamba in the ledger") == 2


def test_an_import_cut_short_decides_the_same_when_begun_again(
    ledger: Ledger, tmp_path: Path
) -> None:
    by_hand = [
        place("bamba", "Bamba", at=(17.036, -1.405)),
        place("lere", "Léré", at=(15.712, -4.912), aliases=["Lira"]),
        place("lira", "Lira", at=(15.713, -4.912)),
    ]
    lere = {"geonameid": "12", "name": "Léré", "latitude": "15.712", "longitude": "-4.912"}
    lira = lere | {"geonameid": "13", "name": "Lirra", "alternatenames": "Lira"}
    rows = [BAMBA, BAMBA | {"geonameid": "16", "latitude": "17.05"}, lere, lira]
    record(ledger, by_hand)
    imported(ledger, dump(tmp_path, *rows))
    straight = {each.statement.id for each in ledger.read()}
    for cut in range(1, len(rows)):
        with open_ledger("memory:") as other:
            record(other, by_hand)
            file = GeoNamesFile(dump(tmp_path, *rows), other, Filter())
            some = [*file.rows()][:cut]
            import_rows(other, lambda some=some: iter(some), TERMS, None)  # type: ignore[misc]
            imported(other, dump(tmp_path, *rows))
            assert {each.statement.id for each in other.read()} == straight


def test_a_place_of_another_kind_or_farther_away_is_another(ledger: Ledger, tmp_path: Path) -> None:
    record(
        ledger,
        [
            place("camp", "Bamba", "base", at=(17.034, -1.404)),
            place("far", "Bamba", at=(17.2, -1.404)),
        ],
    )
    imported(ledger, dump(tmp_path, BAMBA))
    assert [*places(ledger)] == ["camp", "far", "bamba-10"]


def test_regions_without_coordinates_are_found_by_their_country(
    ledger: Ledger, tmp_path: Path
) -> None:
    record(
        ledger,
        [
            place("mali", "Mali", "region"),
            place("gao-region", "Gao region", "region", within="mali"),
            place("niger", "Niger", "region"),
            place("gao-in-niger", "Gao region", "region", within="niger"),
        ],
    )
    imported(ledger, dump(tmp_path, COUNTRY, GAO, BAMBA))
    found = places(ledger)
    assert [*found] == ["mali", "gao-region", "niger", "gao-in-niger", "bamba-10"]
    assert [code.code for code in found["gao-region"].codes] == ["2"]
    assert found["bamba-10"].within == "gao-region"


def test_more_names_than_fit_keep_every_script_and_are_told(ledger: Ledger, tmp_path: Path) -> None:
    many = ",".join([*(f"Name {number}" for number in range(250)), "كيدال"])
    path = dump(tmp_path, BAMBA | {"alternatenames": many})
    imported(ledger, path)
    aliases = places(ledger)["bamba-10"].aliases
    assert len(aliases) == 200 and "كيدال" in {each.text for each in aliases}
    assert "it has 251 other names; 51 are left out" in told(path)
    more = dump(tmp_path, BAMBA | {"alternatenames": "One more"}, name="more.txt")
    imported(ledger, more)
    assert len(places(ledger)["bamba-10"].aliases) == 200


def test_two_rows_of_one_unit_are_told(ledger: Ledger, tmp_path: Path) -> None:
    twin = GAO | {"geonameid": "20", "name": "Gao"}
    path = dump(tmp_path, twin, BAMBA, GAO)
    imported(ledger, path)
    assert places(ledger)["bamba-10"].within == "gao-region-2"
    assert "2 has the same administrative codes; places lie in that one" in told(path)


def test_a_feature_is_of_the_kind_of_its_class_unless_its_code_says_otherwise() -> None:
    assert kind_of("P", "PPLC") is LocationKind.TOWN
    assert kind_of("P", "PPLQ") is LocationKind.SITE
    assert kind_of("S", "AIRB") is LocationKind.BASE
    assert kind_of("A", "ADM3") is LocationKind.REGION
    assert kind_of("R", "RD") is LocationKind.ROUTE
    assert kind_of("", "") is LocationKind.SITE


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Kidal", "Latn"),
        ("Léré", "Latn"),
        ("Кидаль", "Cyrl"),
        ("كيدال", "Arab"),
        ("キダル", "Kana"),
        ("東京タワー", "Jpan"),
        ("基達爾", "Hani"),
        ("키달", "Hang"),
        ("ⴽⵉⴷⴰⵍ", "Tfng"),
        ("टिंबक्टू", "Deva"),
        ("Kidal كيدال", None),
        ("12", None),
    ],
)
def test_the_script_is_found_from_the_letters(text: str, script: str | None) -> None:
    assert script_of(text) == script


# ---- alternate names -------------------------------------------------------------------------

FIELDS = ("language", "name", "preferred", "short", "colloquial", "historic", "since", "until")
ON = {"preferred": "1"}


def names(folder: Path, *rows: dict[str, str], name: str = "names.txt") -> Path:
    path = folder / name
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [row.get(each, "") for each in FIELDS]
        lines.append("\t".join([str(number), row.get("of", "10"), *cells]))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def import_names(
    ledger: Ledger, path: Path, published: str | None = "2024-05-01"
) -> tuple[ImportReport, GeoNamesNames]:
    day = Occurred.parse(published) if published else None
    file = GeoNamesNames(path, ledger, SOURCE, day)
    given = ImportTerms("GeoNames", SOURCE.source, by="a test")
    return import_rows(ledger, file.rows, given, path.with_suffix(".csv")), file


def renamings(ledger: Ledger) -> list[tuple[str, str]]:
    found = [each.event for each in ledger.of_type(LocationRenamed)]
    return [(e.occurred.written, e.name) for e in found if isinstance(e, LocationRenamed)]


@pytest.fixture
def bamba(ledger: Ledger, tmp_path: Path) -> Ledger:
    imported(ledger, dump(tmp_path, BAMBA | {"alternatenames": "Banba"}))
    return ledger


def test_names_get_their_language_and_script(bamba: Ledger, tmp_path: Path) -> None:
    path = names(
        tmp_path,
        {"language": "fr", "name": "Banba"},
        {"language": "tmh-Tfng", "name": "ⴱⴰⵎⴱⴰ"},
        {"language": "en", "name": "Bambah"},
        {"language": "de", "name": "Bambah"},
        {"name": "Bamba"},
        {"language": "wkdt", "name": "Q216"},
        {"language": "link", "name": "https://example.org/Bamba"},
        {"language": "iata", "name": "BBA"},
        {"language": "fr", "name": "Ailleurs", "of": "999"},
    )
    done, file = import_names(bamba, path)
    assert outcomes(done) == {RowOutcome.CORRECTED: 1}
    found = places(bamba)["bamba-10"]
    assert found.aliases == (
        Name(text="Banba", language="fr", script="Latn"),
        Name(text="ⴱⴰⵎⴱⴰ", language="tmh-Tfng", script="Tfng"),
        Name(text="Bambah", script="Latn"),  # of two languages
    )
    assert [(code.scheme, code.code) for code in found.codes] == [
        ("geonames", "10"),
        ("wikidata", "Q216"),
    ]
    assert (file.no_names, file.elsewhere) == ({"link": 1, "iata": 1}, 1)
    assert outcomes(import_names(bamba, path)[0]) == {RowOutcome.UNCHANGED: 1}


def test_dated_names_become_renamings(bamba: Ledger, tmp_path: Path) -> None:
    path = names(
        tmp_path,
        {"language": "fr", "name": "Vieille-Bamba", "since": "1893", "until": "1960-09-22"},
        {"language": "fr", "name": "Fort Bamba", "since": "1880", "until": "1893", **ON},
        {"language": "en", "name": "Bamba Fort", "since": "1880", "until": "1893"},
        {"language": "en", "name": "Bambatown", "colloquial": "1", "since": "1990"},
        {"language": "en", "name": "Ur-Bamba", "since": "ca. 1700"},
        {"language": "en", "name": "Backwards", "since": "1950", "until": "1940"},
    )
    import_names(bamba, path)
    wanted = [("1880", "Fort Bamba"), ("1893", "Vieille-Bamba"), ("1960-09-22", "Bamba")]
    assert renamings(bamba) == wanted
    assert len(places(bamba)["bamba-10"].aliases) == 7
    assert "it is no date, and is left out; the name is kept" in told(path)
    assert "the name ends before it begins" in told(path)
    assert outcomes(import_names(bamba, path, "2024-06-01")[0]) == {RowOutcome.UNCHANGED: 1}


def test_without_the_day_of_the_dump_dated_names_are_other_names_and_told(
    bamba: Ledger, tmp_path: Path
) -> None:
    path = names(tmp_path, {"language": "fr", "name": "Fort Bamba", "since": "1880"})
    import_names(bamba, path, None)
    assert renamings(bamba) == []
    assert "--published, the day of the dump, makes it a renaming" in told(path)
    import_names(bamba, path)
    assert renamings(bamba) == [("1880", "Fort Bamba")]


def test_a_renaming_that_a_later_dump_leaves_out_is_taken_back(
    bamba: Ledger, tmp_path: Path
) -> None:
    import_names(bamba, names(tmp_path, {"name": "Fort Bamba", "since": "1880"}))
    done, _ = import_names(bamba, names(tmp_path, {"name": "Fort Bamba"}), "2024-06-01")
    assert outcomes(done) == {RowOutcome.CORRECTED: 1}
    older, _ = import_names(bamba, names(tmp_path, {"name": "F", "since": "1880"}), "2024-04-01")
    assert outcomes(older) == {RowOutcome.OLDER: 1}


def test_a_line_of_names_that_cannot_be_read_is_refused_alone(
    bamba: Ledger, tmp_path: Path
) -> None:
    path = names(tmp_path, {"of": "ten", "name": "X"}, {"name": "Bambah"})
    path.write_text(path.read_text(encoding="utf-8") + "3\t10\n", encoding="utf-8")
    done, _ = import_names(bamba, path)
    assert outcomes(done) == {RowOutcome.REFUSED: 2, RowOutcome.CORRECTED: 1}


def test_the_date_of_a_gazetteer_leaves_old_ids_as_they_were() -> None:
    assert identify(place("bamba", "Bamba")).id == "4a70c182-e715-504e-9846-5c63cd3e918a"
