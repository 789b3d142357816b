"""Within which places was each place ever said to lie?

A bundle answers as known at every position: it goes by all that was ever registered or amended,
be it taken back or not.
"""

from collections import defaultdict
from collections.abc import Iterable

from domain.events import Event, LocationAmended, LocationRegistered
from domain.values import LocationId


def containers_in(events: Iterable[Event]) -> dict[LocationId, set[LocationId]]:
    """The places within which each place was ever said to lie."""
    found: dict[LocationId, set[LocationId]] = defaultdict(set)
    for event in events:
        if isinstance(event, LocationRegistered | LocationAmended) and event.within:
            found[event.location].add(event.within)
    return found


def contents_in(
    containers: dict[LocationId, set[LocationId]],
) -> dict[LocationId, set[LocationId]]:
    """The places that were ever said to lie within each place."""
    found: dict[LocationId, set[LocationId]] = defaultdict(set)
    for place, around in containers.items():
        for container in around:
            found[container].add(place)
    return found
