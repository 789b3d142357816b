"""Answers: which place of the ledger does a row of a dataset mean?"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.events import Event, EventRetracted, LocationAmended, LocationRegistered, ReportFiled
from domain.values import Coordinates, LocationId, LocationKind
from infra.datasets.place_index import PlaceIndex, region_form
from infra.datasets.places import FoundPlace, PlaceBook, WantedPlace
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger
from tests.infra.datasets.test_recording import SOURCE


def place(location: str, name: str, kind: str = "town", **fields: object) -> LocationRegistered:
    at = fields.pop("at", None)
    if isinstance(at, tuple):
        fields["coordinates"] = {"latitude": at[0], "longitude": at[1]}
    given = {"location": location, "name": name, "kind": kind, **fields}
    return LocationRegistered.model_validate(given)


GAZETTEER = (
    place("mali-1", "Republic of Mali", "region", aliases=["Mali"]),
    place("niger-2", "Niger", "region"),
    place("gao-3", "Gao Region", "region", within="mali-1", at=(17.0, 0.0)),
    place("mopti-4", "Mopti Region", "region", within="mali-1"),
    place("bamba-5", "Bamba", within="gao-3", at=(17.034, -1.404)),
    place("bamba-6", "Bamba", within="mopti-4", at=(14.644, -3.098)),
    place("aguelhok-7", "Aguelhok", within="mali-1", at=(19.466, 0.857)),
    place("kidal-8", "Kidal", within="mali-1", at=(18.441, 1.408)),
    place("kidal-9", "Kidal", "site", within="mali-1", at=(18.461, 1.385)),
    place("lere-10", "Léré", within="mali-1", at=(15.712, -4.912)),
    place("lere-11", "Léré", within="mali-1", at=(15.742, -4.912)),
    place("gossi-12", "Gossi", within="mali-1", at=(15.82, -1.29)),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        record(opened, GAZETTEER)
        yield opened


def record(ledger: Ledger, events: Sequence[Event]) -> None:
    ledger.record([identify(event) for event in events], by="a test")


def wanted(name: str, at: tuple[float, float] | None, *around: str) -> WantedPlace:
    point = Coordinates(latitude=at[0], longitude=at[1]) if at else None
    return WantedPlace(name, LocationKind.TOWN, around, point)


def find(ledger: Ledger, sought: WantedPlace) -> FoundPlace:
    return PlaceBook(ledger, "ged").find(sought)


def test_a_homonym_is_told_by_its_coordinates(ledger: Ledger) -> None:
    assert find(ledger, wanted("Bamba", (17.04, -1.40))) == FoundPlace(LocationId("bamba-5"))
    assert find(ledger, wanted("BAMBA", (14.64, -3.10))) == FoundPlace(LocationId("bamba-6"))


def test_a_homonym_far_from_all_is_a_place_of_its_own(ledger: Ledger) -> None:
    found = find(ledger, wanted("Bamba", (10.383, -7.15), "Mali", "Sikasso"))
    assert found.location.startswith("bamba-ged-") and found.doubt is None
    sikasso, bamba = found.registers
    assert (sikasso.location, sikasso.within) == ("ged-mali-sikasso", "mali-1")
    assert (bamba.name, bamba.within) == ("Bamba", "ged-mali-sikasso")


def test_a_homonym_not_far_away_is_a_doubt(ledger: Ledger) -> None:
    found = find(ledger, wanted("Gossi", (15.98, -1.29)))
    assert found.location.startswith("gossi-ged-")
    assert found.doubt == "it may be gossi-12 (18 km away); a place of its own was registered"


def test_a_town_comes_before_a_wadi_of_its_name(ledger: Ledger) -> None:
    assert find(ledger, wanted("Kidal", (18.45, 1.39))) == FoundPlace(LocationId("kidal-8"))


def test_of_two_towns_of_one_name_the_clearly_nearer_is_meant(ledger: Ledger) -> None:
    assert find(ledger, wanted("Lere", (15.711, -4.912))).location == "lere-10"
    between = find(ledger, wanted("Lere", (15.727, -4.912)))
    assert between.location.startswith("lere-ged-")
    assert between.doubt == "it may be lere-10, lere-11; a place of its own was registered"


def test_another_spelling_near_is_the_same_town_and_told(ledger: Ledger) -> None:
    sounds = find(ledger, wanted("Aguelhoc", (19.46, 0.86), "Mali"))
    assert sounds.location == "aguelhok-7"
    assert sounds.doubt == "the ledger writes Aguelhok (aguelhok-7), which lies near"
    assert find(ledger, wanted("Agueelhokt", (19.46, 0.86))).location == "aguelhok-7"
    assert find(ledger, wanted("Aguelhoc", (19.6, 0.86))).location.startswith("aguelhoc-ged-")


def test_a_town_in_another_region_than_the_row_says_is_a_doubt(ledger: Ledger) -> None:
    found = find(ledger, wanted("Bamba", (17.04, -1.40), "Mali", "Tombouctou region"))
    assert found.location == "bamba-5"
    assert found.doubt == (
        "bamba-5 lies in Gao Region, Republic of Mali in the ledger, in the row in "
        "Tombouctou region, Mali"
    )


def test_a_town_without_coordinates_is_told_by_its_region(ledger: Ledger) -> None:
    found = find(ledger, wanted("Bamba", None, "Mali", "Mopti"))
    assert (found.location, bool(found.doubt)) == ("bamba-6", True)
    assert find(ledger, wanted("Bamba", None, "Mali")).location.startswith("bamba-ged-")


def test_a_province_is_the_region_of_the_gazetteer(ledger: Ledger) -> None:
    def region(name: str, *around: str) -> str:
        return find(ledger, WantedPlace(name, LocationKind.REGION, around)).location

    assert region("Mali") == "mali-1"
    assert region("Gao region", "Mali") == region("Région de Gao", "Mali") == "gao-3"
    assert region("Gao", "Niger") == "ged-niger-gao"
    assert region("Gao cercle", "Mali", "Gao region") == "ged-mali-gao-region-gao-cercle"
    assert region("Niger (formerly French)") == "niger-2"


def test_names_without_latin_letters_keep_their_regions_apart(ledger: Ledger) -> None:
    ids = {
        find(ledger, WantedPlace(name, LocationKind.REGION, ("Syria",))).location
        for name in ("حلب", "دمشق")
    }
    assert len(ids) == 2


def test_an_amendment_counts_until_it_is_taken_back(ledger: Ledger) -> None:
    amendment = LocationAmended.model_validate(
        {
            "location": "gossi-12",
            "reason": "a test",
            "name": "Gosi",
            "aliases": ["غوسي"],
            "coordinates": {"latitude": 15.9, "longitude": -1.3},
        }
    )
    record(ledger, [amendment])
    assert find(ledger, wanted("غوسي", (15.9, -1.3))).location == "gossi-12"
    report = ReportFiled.model_validate(
        {"report": "r", "source": "deaths", "published": "2024-01-01", "title": "A report"}
    )
    taken_back = EventRetracted(event=identify(amendment).id, reason="wrong", report=report.report)
    record(ledger, [SOURCE, report, taken_back])
    assert find(ledger, wanted("Gossi", (15.82, -1.29))) == FoundPlace(LocationId("gossi-12"))
    assert find(ledger, wanted("غوسي", (15.9, -1.3))).location != "gossi-12"


_NAMES = st.sampled_from(["Bamba", "Banba", "Lere", "Léré", "Kidal", "Tin Essako", "كيدال"])
_POINTS = st.sampled_from(
    [(17.034, -1.404), (17.06, -1.41), (15.727, -4.912), (18.45, 1.39), (12.0, -8.0)]
)
_AROUND = st.sampled_from([(), ("Mali",), ("Mali", "Gao"), ("Mali", "GAO REGION")])
_WANTED = st.builds(lambda name, at, around: wanted(name, at, *around), _NAMES, _POINTS, _AROUND)


@given(st.lists(_WANTED, min_size=1, max_size=8), st.randoms(), st.integers(0, 8))
@settings(max_examples=25, deadline=None)
def test_neither_order_nor_interruption_changes_a_place(
    rows: list[WantedPlace], random: object, cut: int
) -> None:
    shuffled = [*rows]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with open_ledger("memory:") as ledger:
        record(ledger, GAZETTEER)
        book = PlaceBook(ledger, "ged")
        straight = {each: book.find(each).location for each in rows}
        begun = PlaceBook(ledger, "ged")
        found = {each: begun.find(each) for each in shuffled[:cut]}
        fresh = {one.location: one for each in found.values() for one in each.registers}
        record(ledger, [*fresh.values()])
        again = PlaceBook(ledger, "ged")
        assert {each: again.find(each).location for each in shuffled} == straight


def test_the_surroundings_of_a_place_are_the_smallest_first(ledger: Ledger) -> None:
    index = PlaceIndex(ledger)
    bamba = index.at(GAZETTEER[4].location)
    assert bamba and [each.location for each in index.around(bamba)] == ["gao-3", "mali-1"]


def test_a_region_is_named_with_and_without_its_sort() -> None:
    assert {region_form(each) for each in ("Cercle de Kidal", "Kidal Region", "KIDAL")} == {"kidal"}
    assert region_form("The Region") == "the region"
