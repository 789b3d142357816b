"""The places of a ledger with coordinates."""

from collections.abc import Collection

from domain.events import LocationRegistered
from domain.values import Coordinates, LocationId, LocationKind
from infra.datasets.registered import registrations_as_amended
from infra.ledger.ledger import Ledger


def points_of(
    ledger: Ledger, *, kinds: Collection[LocationKind], within: LocationId | None
) -> dict[LocationId, Coordinates]:
    """The coordinates of the places of some kinds, anywhere inside of a place; by their ids."""
    around: dict[LocationId, LocationId | None] = {}
    points: dict[LocationId, Coordinates] = {}
    for place in registrations_as_amended(ledger, LocationRegistered):
        around[place.location] = place.within
        if place.kind in kinds and place.coordinates:
            points[place.location] = place.coordinates
    inside = (id for id in sorted(points) if within is None or _is_inside(id, within, around))
    return {id: points[id] for id in inside}


def _is_inside(
    place: LocationId, container: LocationId, around: dict[LocationId, LocationId | None]
) -> bool:
    seen: set[LocationId] = set()
    at: LocationId | None = place
    while at and at not in seen:
        if at == container:
            return True
        seen.add(at)
        at = around.get(at)
    return False
