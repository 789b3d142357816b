"""The moving maps in the memory of a server: built by another process, and bounded."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from api.answers.basis import Basis
from api.answers.moving.kept import MOST_BYTES
from api.answers.moving.lines import QuestionLines
from api.answers.moving.moving_map import Chosen, MapKey, MovingMap, Spot
from api.answers.moving.place_list import Choice
from infra.views.file import ViewFile
from projections.places import PlaceFilter

_MOST_BYTES_OF_PLACES = 32 * 2**20
_LISTS_KEPT = 64


class SentMap(NamedTuple):
    """A map or places for a server, without the parts that it has already."""

    build: str
    """The build of the views that they were read from."""
    position: int
    wanted: PlaceFilter
    list_name: str
    """The list of the places as known at the position."""
    choice: Choice | None
    key: MapKey | None = None
    map: MovingMap | None = None


@dataclass
class MapsAtHand:
    """The maps asked about lately; used by one thread."""

    views: ViewFile
    most_bytes: int = MOST_BYTES
    _build: str = ""
    """The build of the views that the kept maps are of."""
    _maps: "OrderedDict[MapKey, MovingMap]" = field(default_factory=OrderedDict)
    _lists: "OrderedDict[int, str]" = field(default_factory=OrderedDict)
    """The name of the list of places, by position."""
    _choices: "OrderedDict[tuple[str, PlaceFilter], Choice]" = field(default_factory=OrderedDict)
    _lines: QuestionLines = field(default_factory=QuestionLines)

    def place_on_map(self, basis: Basis, *, along_valid_time: bool = False) -> Spot:
        """The map that answers on a basis, and the instant on its axis."""
        return self._lines.spot(basis, self.has, along_valid_time=along_valid_time)

    def has(self, key: MapKey) -> bool:
        return key in self._maps

    def of(self, key: MapKey, wanted: PlaceFilter) -> Chosen | None:
        """The map and the places of a filter, if both are here."""
        self._follow_build(self.views.state.build)
        if (found := self._maps.get(key)) is None:
            return None
        self._maps.move_to_end(key)
        choice = self._choice(found.list_name, wanted)
        return Chosen(found, choice) if choice else None

    def places(self, position: int, wanted: PlaceFilter) -> Choice | None:
        """The places of a filter as known at a position, if they are here."""
        self._follow_build(self.views.state.build)
        name = self._lists.get(position)
        return self._choice(name, wanted) if name else None

    def lists_with(self, wanted: PlaceFilter) -> frozenset[str]:
        """The lists of which the places of a filter are here."""
        return frozenset(name for name, each in self._choices if each == wanted)

    def keep(self, sent: SentMap) -> None:
        """Keeps the parts that were sent, and forgets the oldest."""
        self._follow_build(sent.build)
        self._lists[sent.position] = sent.list_name
        if sent.choice:
            self._choices[sent.list_name, sent.wanted] = sent.choice
        if sent.key and sent.map and (found := self._whole(sent.map)):
            self._maps[sent.key] = found
        while len(self._maps) > 1 and sum(each.size for each in self._maps.values()) > (
            self.most_bytes
        ):
            self._maps.popitem(last=False)
        while len(self._choices) > 1 and sum(
            len(each.columns) for each in self._choices.values()
        ) > (_MOST_BYTES_OF_PLACES):
            self._choices.popitem(last=False)
        while len(self._lists) > _LISTS_KEPT:
            self._lists.popitem(last=False)

    @property
    def bases(self) -> frozenset[str]:
        """The bases of strips that are here."""
        return frozenset(each.strip.base for each in self._maps.values())

    def _whole(self, sent: MovingMap) -> MovingMap | None:
        """The map on its base; None where the base was forgotten meanwhile."""
        if not sent.strip.lacks_base:
            return sent
        like = [each for each in self._maps.values() if each.strip.base == sent.strip.base]
        return replace(sent, strip=sent.strip.on_base_of(like[0].strip)) if like else None

    def _choice(self, list_name: str, wanted: PlaceFilter) -> Choice | None:
        found = self._choices.get((list_name, wanted))
        if found is not None:
            self._choices.move_to_end((list_name, wanted))
        return found

    def _follow_build(self, build: str) -> None:
        """Drops what is of an earlier build of the views."""
        if build != self._build:
            self._maps.clear()
            self._lists.clear()
            self._choices.clear()
            self._build = build
