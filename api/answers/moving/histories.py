"""The published histories of all places in memory, for the maps that move through publications."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from api.answers.moving.moved_by import Moved
from api.answers.moving.place_list import PlaceList
from domain.control.perspective import Perspective
from domain.values import LocationId
from infra.views.file import ViewFile
from projections.control.published import LineagesPublished, PublishedHistory, Stretches

MOST_BYTES = 256 * 2**20
_AT_ONCE = 500
"""How many places are read at once."""


@dataclass(frozen=True, slots=True)
class PlaceHistories:
    """What a perspective admits, by publication, as known at a position."""

    stretches: Mapping[LocationId, Stretches]
    lineages: LineagesPublished

    def of(self, places: Sequence[LocationId]) -> Iterator[tuple[LocationId, Stretches]]:
        """The stretches of the places with any."""
        return ((each, self.stretches[each]) for each in places if each in self.stretches)

    @property
    def size(self) -> int:
        """About how many bytes the history takes."""
        return sum(each.size for each in self.stretches.values())


@dataclass
class KeptHistories:
    """The histories asked about lately."""

    views: ViewFile
    go_on: Callable[[], None]
    """Called between parts of the work; raises to give it up."""
    most_bytes: int = MOST_BYTES
    _kept: "OrderedDict[tuple[Perspective, int], tuple[PlaceHistories, int]]" = field(
        default_factory=OrderedDict
    )
    """Each with its size."""

    def forget(self) -> None:
        self._kept.clear()

    def of(
        self,
        perspective: Perspective,
        position: int,
        listed: PlaceList,
        moved_by: Callable[[int, int], Moved | None],
    ) -> PlaceHistories:
        """The history of all places, read or moved on from the nearest kept position."""
        if kept := self._kept.get((perspective, position)):
            self._kept.move_to_end((perspective, position))
            return kept[0]
        published = PublishedHistory(self.views, perspective, known=position)
        stretches = self._moved(published, perspective, position, moved_by)
        if stretches is None:
            stretches = dict(self._read(published, _all_places(listed)))
        found = PlaceHistories(stretches, published.lineages)
        self._kept[perspective, position] = found, found.size
        while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > (
            self.most_bytes
        ):
            self._kept.popitem(last=False)
        return found

    def _moved(
        self,
        published: PublishedHistory,
        perspective: Perspective,
        position: int,
        moved_by: Callable[[int, int], Moved | None],
    ) -> dict[LocationId, Stretches] | None:
        others = [known for whose, known in self._kept if whose == perspective]
        if not others:
            return None
        nearest = min(others, key=lambda known: abs(known - position))
        if (moved := moved_by(nearest, position)) is None:
            return None
        before, _ = self._kept[perspective, nearest]
        found = {
            place: each for place, each in before.stretches.items() if place not in moved.places
        }
        return found | dict(self._read(published, sorted(moved.places)))

    def _read(
        self, published: PublishedHistory, places: Sequence[LocationId]
    ) -> Iterable[tuple[LocationId, Stretches]]:
        for first in range(0, len(places), _AT_ONCE):
            self.go_on()
            yield from published.stretches(places[first : first + _AT_ONCE])


def _all_places(listed: PlaceList) -> Sequence[LocationId]:
    """The places of the list, and the places around them."""
    return sorted({each.location for each in listed.places} | listed.containers)
