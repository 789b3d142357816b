"""Answers: which place is meant by a row, and is it a town, an area or a province?"""

from pathlib import Path

from domain.events import ClashReported, LocationRegistered
from domain.values import LocationKind
from infra.datasets.report import RowOutcome
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger
from tests.infra.datasets.acled.exports import (
    export,
    gazetteer,
    outcomes,
    places,
    pull,
    row,
    standing,
    the,
    told,
)

KAYA, FAR_KAYA = (18.441, 1.408), (16.441, 1.408)


def at(point: tuple[float, float], **changes: str) -> dict[str, str]:
    return row(latitude=str(point[0]), longitude=str(point[1]), **changes)


def test_one_name_is_two_towns_far_apart(ledger: Ledger, file: Path) -> None:
    gazetteer(ledger, kaya_1=KAYA, kaya_2=FAR_KAYA)
    pull(ledger, export(file, at(FAR_KAYA), at(KAYA, event_id_cnty="AZW2")))
    assert [each.location for each in standing(ledger) if isinstance(each, ClashReported)] == [
        "kaya-2",
        "kaya-1",
    ]


def test_homonyms_without_a_gazetteer_are_two_places(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, at(FAR_KAYA), at(KAYA, event_id_cnty="AZW2")))
    first, second = [each.location for each in standing(ledger) if isinstance(each, ClashReported)]
    assert first != second
    assert places(ledger)[first].name == places(ledger)[second].name == "Kaya"


def test_one_town_in_two_spellings_is_one_place_and_is_doubted(ledger: Ledger, file: Path) -> None:
    gazetteer(ledger, aguelhok=KAYA)
    pull(ledger, export(file, at(KAYA, location="Aguelhoc")))
    assert the(ledger, ClashReported).location == "aguelhok"
    assert told(file)[0]["column"] == "location"


def test_precision_3_is_the_province_and_never_the_town(ledger: Ledger, file: Path) -> None:
    gazetteer(ledger, kaya=KAYA)
    pull(ledger, export(file, row(geo_precision="3"), row(event_id_cnty="A2")))
    vague, exact = [each for each in standing(ledger) if isinstance(each, ClashReported)]
    province = places(ledger)[vague.location]
    assert (province.name, province.kind) == ("Tamesna", LocationKind.REGION)
    assert province.coordinates is None
    assert exact.location == "kaya"
    assert "coded at Kaya" in (vague.summary or "")


def test_precision_3_without_a_province_is_the_country(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(geo_precision="3", admin1="", latitude="", longitude="")))
    assert places(ledger)[the(ledger, ClashReported).location].name == "Azawa"


def test_precision_2_is_the_area_around_the_town(ledger: Ledger, file: Path) -> None:
    gazetteer(ledger, kaya=KAYA)
    pull(ledger, export(file, row(geo_precision="2")))
    area = places(ledger)[the(ledger, ClashReported).location]
    assert (area.name, area.kind) == ("Surroundings of Kaya", LocationKind.REGION)
    assert area.coordinates
    assert area.coordinates.precision
    assert (area.coordinates.precision.scale, area.coordinates.precision.code) == ("acled", 2)


def test_a_new_place_lies_in_its_district_province_and_country(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row()))
    at, around = the(ledger, ClashReported).location, []
    while within := places(ledger)[at].within:
        around.append(places(ledger)[within].name)
        at = within
    assert around == ["Kaya", "Tamesna", "Azawa"]


def test_a_refused_row_takes_no_place_from_the_next(ledger: Ledger, file: Path) -> None:
    export(file, row(event_date="2023-02-30"), row(event_id_cnty="AZW2"))
    assert outcomes(pull(ledger, file)) == {RowOutcome.RECORDED: 1, RowOutcome.REFUSED: 1}


def test_days_are_those_of_the_place(ledger: Ledger, file: Path) -> None:
    fields = {
        "location": "kaya",
        "name": "Kaya",
        "kind": "town",
        "zone": "Africa/Lagos",
        "coordinates": {"latitude": KAYA[0], "longitude": KAYA[1]},
    }
    ledger.record([identify(LocationRegistered.model_validate(fields))], by="a test")
    pull(ledger, export(file, row()))
    assert the(ledger, ClashReported).occurred.text == "2023-11-14[+01:00 Africa/Lagos]"
    assert outcomes(pull(ledger, file)) == {RowOutcome.UNCHANGED: 1}
