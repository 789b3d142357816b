"""In which country does an event lie, for comparing releases? In memory that the ledger's length
does not move."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.events import LocationAmended, LocationRegistered
from domain.values import LocationId, LocationKind
from infra.datasets.place_index import PlaceIndex
from infra.datasets.places import PlaceBook, WantedPlace
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def place(id: str, within: str | None = None, kind: str = "region") -> LocationRegistered:
    fields = {"location": id, "name": id.title(), "kind": kind, "within": within}
    return LocationRegistered.model_validate(fields)


def record(ledger: Ledger, *events: LocationRegistered | LocationAmended) -> None:
    ledger.record([identify(each) for each in events], by="a test")


def outermost(ledger: Ledger, *places: str) -> list[str]:
    index = PlaceIndex(ledger)
    return [index.outermost(LocationId(each)) for each in places]


def test_the_country_is_the_last_region_around_as_amended(ledger: Ledger) -> None:
    record(ledger, place("mali"), place("niger"), place("gao", "mali"), place("ber", "gao", "town"))
    record(ledger, place("lone", kind="town"))
    assert outermost(ledger, "ber", "gao", "mali", "lone", "unheard-of") == [
        *("mali", "mali", "mali", "lone", "unheard-of")
    ]
    moved = {"location": "gao", "within": "niger", "reason": "It lies there."}
    record(ledger, LocationAmended.model_validate(moved))
    assert outermost(ledger, "ber", "gao") == ["niger", "niger"]


def test_a_place_to_be_registered_lies_in_the_country_of_its_regions(ledger: Ledger) -> None:
    record(ledger, place("mali"), place("gao", "mali"))
    book = PlaceBook(ledger, "ged")

    def country_of(*around: str, name: str = "Ber") -> str:
        found = book.find(WantedPlace(name, LocationKind.TOWN, around))
        return book.country_of(found.location, found.registers)

    assert country_of("Mali", "Gao") == country_of("Mali") == "mali"
    assert country_of("Mali", "Kidal", "Tin-Essako") == "mali"
    assert country_of("Atlantis", "North") == country_of("Atlantis") == "ged-atlantis"
    assert book.country_of(LocationId("gao")) == "mali"
    alone = book.find(WantedPlace("Nowhere", LocationKind.TOWN))
    assert book.country_of(alone.location, alone.registers) == alone.location


def test_the_countries_of_many_places_take_no_memory_for_each(ledger: Ledger) -> None:
    towns = [place(f"town-{number}", "mali", "town") for number in range(12_000)]
    record(ledger, place("mali"), *towns)
    index = PlaceIndex(ledger)
    tracemalloc.start()
    try:
        assert {index.outermost(each.location) for each in towns} == {"mali"}
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 2_000_000, "at most 10,000 answers are remembered"
