"""Which places do we know, and where are they?"""

import pytest

from api.node import Node
from domain import events
from domain.values import LocationId, LocationKind
from projections.places import PlaceFilter
from tests.domain.builders import event
from tests.nodes import tell

Box = tuple[float, float, float, float]


def place(slug: str, kind: str = "town", at: tuple[float, float] | None = None, **told: object):  # type: ignore[no-untyped-def]
    point = at and {"latitude": at[0], "longitude": at[1]}
    fields = {"location": slug, "name": slug.title(), "kind": kind, "coordinates": point} | told
    return event(events.LocationRegistered, **fields)


def test_a_place_is_known_by_its_id(node: Node) -> None:
    tell(node, place("ber", at=(16.837, -2.531), within="mali", aliases=["Bir", {"text": "بير"}]))
    ber = node.answers.places.get(LocationId("ber"))
    assert ber is not None
    assert (ber.name, ber.kind, ber.within) == ("Ber", LocationKind.TOWN, "mali")
    assert (ber.latitude, ber.longitude, ber.aliases) == (16.837, -2.531, ("Bir", "بير"))
    assert node.answers.places.get(LocationId("bourem")) is None


def test_a_place_of_unknown_whereabouts_is_known_too(node: Node) -> None:
    kidal = node.answers.places.get(LocationId("kidal"))
    assert kidal is not None and (kidal.latitude, kidal.longitude) == (None, None)


def test_many_places_are_looked_up_at_once(node: Node) -> None:
    places = node.answers.places
    asked = [LocationId(slug) for slug in ("kidal", "nowhere", "mali")]
    assert set(places.many(asked)) == {"kidal", "mali"}
    assert places.many([]) == {}


def test_pages_follow_each_other_by_id(node: Node) -> None:
    tell(node, place("ber"), place("gao"))
    first, more = node.answers.places.page(PlaceFilter(), known=node.answers.head, size=3)
    rest, no_more = node.answers.places.page(
        PlaceFilter(), known=node.answers.head, size=3, after=first[-1].location
    )
    assert [each.location for each in first] == ["ber", "gao", "kidal"]
    assert [each.location for each in rest] == ["kidal-camp", "mali"]
    assert (more, no_more) == (True, False)


def test_a_place_registered_meanwhile_does_not_disturb_the_pages(node: Node) -> None:
    known = node.answers.head
    first, _ = node.answers.places.page(PlaceFilter(), known=known, size=1)
    tell(node, place("ansongo"), place("kidal-airfield", "site"))
    rest, _ = node.answers.places.page(PlaceFilter(), known=known, size=9, after=first[-1].location)
    assert [each.location for each in [*first, *rest]] == ["kidal", "kidal-camp", "mali"]


def test_of_some_places_those_that_fulfil_the_filter_come_in_the_order_given(node: Node) -> None:
    places, known = node.answers.places, node.answers.head
    asked = ["mali", "nowhere", "kidal-camp", "kidal"]
    first, more = places.page(PlaceFilter(), known=known, size=2, among=asked)
    towns, _ = places.page(PlaceFilter(kind=LocationKind.TOWN), known=known, size=9, among=asked)
    assert ([each.location for each in first], more) == (["mali", "kidal-camp"], True)
    assert [each.location for each in towns] == ["kidal"]
    assert places.page(PlaceFilter(), known=known, size=9, among=[]) == ([], False)


def test_places_are_found_inside_another_at_any_depth(node: Node) -> None:
    tell(node, place("gao", within="mali"), place("niamey"))
    assert found(node, PlaceFilter(within=LocationId("mali"))) == ["gao", "kidal", "kidal-camp"]
    assert found(node, PlaceFilter(within=LocationId("kidal"))) == ["kidal-camp"]
    assert found(node, PlaceFilter(within=LocationId("kidal-camp"))) == []


def test_a_place_lies_in_all_that_contain_it_the_smallest_first(node: Node) -> None:
    around = node.answers.places.around
    assert around(LocationId("kidal-camp")) == ("kidal", "mali")
    assert around(LocationId("mali")) == ()


def test_places_are_found_by_their_kind(node: Node) -> None:
    assert found(node, PlaceFilter(kind=LocationKind.BASE)) == ["kidal-camp"]
    within_mali = PlaceFilter(kind=LocationKind.TOWN, within=LocationId("mali"))
    assert found(node, within_mali) == ["kidal"]


@pytest.mark.parametrize(
    ("box", "slugs"),
    [
        ((0, 0, 10, 10), ["accra", "lagos"]),
        ((-1, 5, 0, 6), ["accra"]),
        ((170, -90, -170, 90), ["suva", "taveuni"]),  # across the antimeridian
        ((170, -90, 180, 90), ["suva"]),
        ((-180, -90, -170, 90), ["taveuni"]),
        ((-180, -90, 180, 90), ["accra", "lagos", "suva", "taveuni"]),
        ((20, 20, 30, 30), []),
        ((3.4, 6.5, 3.4, 6.5), ["lagos"]),  # its edges are inside
    ],
)
def test_places_are_found_in_a_box(node: Node, box: Box, slugs: list[str]) -> None:
    tell(
        node,
        place("accra", at=(5.6, 0.0)),
        place("lagos", at=(6.5, 3.4)),
        place("suva", at=(-18.1, 178.4)),
        place("taveuni", at=(-16.9, -179.9)),
    )
    assert found(node, PlaceFilter(bbox=box)) == slugs


def test_every_place_may_be_called_by_several_names(node: Node) -> None:
    tell(node, place("ber", aliases=["Bir"]))
    assert node.answers.places.names()["ber"] == {"ber", "Ber", "Bir"}


def found(node: Node, wanted: PlaceFilter) -> list[str]:
    places, more = node.answers.places.page(wanted, known=node.answers.head, size=None)
    assert not more
    return [each.location for each in places]
