"""The places around and inside a place, by every registration and amendment.

A bundle answers as known at every position, so retracted amendments count too.
"""

from collections import defaultdict
from collections.abc import Iterable

from domain.events import Event, LocationAmended, LocationRegistered
from domain.values import LocationId


def containers_in(events: Iterable[Event]) -> dict[LocationId, set[LocationId]]:
    """For each place the places around, by any event."""
    found: dict[LocationId, set[LocationId]] = defaultdict(set)
    for event in events:
        if isinstance(event, LocationRegistered | LocationAmended) and event.within:
            found[event.location].add(event.within)
    return found


def contents_in(containers: dict[LocationId, set[LocationId]]) -> dict[LocationId, set[LocationId]]:
    """For each place the places inside, by any event."""
    found: dict[LocationId, set[LocationId]] = defaultdict(set)
    for place, around in containers.items():
        for container in around:
            found[container].add(place)
    return found
