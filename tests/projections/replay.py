"""What stands in a ledger, and what lies around what: found entry by entry, without a view."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from domain.events import EventReinstated, RecordKeeping, SituationEvent
from domain.occurred import DAY, Instant
from domain.registry import Entry
from domain.values import EventId, LocationId
from tests.domain.amending import containers_in


class Told(NamedTuple):
    """A statement where it stands in the ledger."""

    position: int
    id: EventId
    event: SituationEvent


def standing_in(ledger: Sequence[Entry]) -> list[Told]:
    """All statements that are not taken back at its end."""
    taken_back: dict[EventId, bool] = {}
    for entry in ledger:
        if isinstance(kept := entry.statement.event, RecordKeeping):
            taken_back[kept.event] = not isinstance(kept, EventReinstated)
    return [
        Told(entry.position, entry.statement.id, said)
        for entry in ledger
        if isinstance(said := entry.statement.event, SituationEvent)
        and not taken_back.get(entry.statement.id)
    ]


def around_in(ledger: Sequence[Entry]) -> Callable[[LocationId], list[LocationId]]:
    """The places that contain a place, the smallest first."""
    within = containers_in(ledger)

    def around(place: LocationId) -> list[LocationId]:
        found: list[LocationId] = []
        while (container := within.get(place)) and container not in found:
            place = LocationId(container)
            found.append(place)
        return found

    return around


def moments(
    ledger: Sequence[Entry], data: st.DataObject, *, later: Sequence[int] = (0,)
) -> list[tuple[int, Instant]]:
    """Positions and instants to ask about: as known at last, and as known before."""
    late = st.integers(len(ledger) // 2, len(ledger))
    before = data.draw(st.lists(late | st.integers(0, len(ledger)), max_size=3))
    asked = st.sampled_from(edges(ledger, later=later))
    instants = data.draw(st.lists(asked, min_size=1, max_size=5))
    return [(known, at) for known in (len(ledger), *before) for at in instants]


def edges(ledger: Sequence[Entry], *, later: Sequence[int] = (0,)) -> list[Instant]:
    """Every instant at which an answer may change, and so many days later, with its neighbours;
    and the day before all."""
    said = [entry.statement.event for entry in ledger]
    windows = [each.occurred.window for each in said if isinstance(each, SituationEvent)]
    found = {edge for window in windows for edge in (window.earliest, window.latest)}
    near = {edge + days * DAY + step for edge in found for days in later for step in (-2, -1, 0, 1)}
    return [Instant(at) for at in sorted(near | {min(found, default=0) - DAY})]
