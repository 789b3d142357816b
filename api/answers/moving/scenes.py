"""What a moving map is made of: the pieces of places, kinship and sieges, along one axis."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from api.answers.answers import Answers
from api.answers.basis import LATEST, Basis
from api.answers.moving.around import Kin
from api.answers.moving.axes import TimeAxis, merged
from api.answers.moving.moving_map import MapKey
from api.answers.moving.sieges import Sieges, SiegesPublished, sieges_of_places
from domain.occurred import Instant
from domain.situation.ties import TieKind
from domain.values import ActorId, LocationId
from projections.control.pieces import MapPiece, MapPieces
from projections.control.published import LineagesPublished, Stretches


class Scene(Protocol):
    """The parts of a map along an axis."""

    def pieces(self, places: Sequence[LocationId]) -> Mapping[LocationId, list[MapPiece]]:
        """The pieces of the places with any word."""

    def sieges(self) -> Mapping[str, Sieges]:
        """The sieges of every place with any."""

    @property
    def turns(self) -> Sequence[Instant]:
        """The instants at which actors may come to meet, or cease to."""

    def meet(self, some: Collection[ActorId], others: Collection[ActorId], at: Instant) -> bool:
        """Whether some actors are, contain or belong to others at an instant of the axis."""


class KnownScene:
    """The parts of a map along valid time, as known at a position, from any perspective."""

    def __init__(self, answers: Answers, pieces: MapPieces, key: MapKey) -> None:
        self._answers, self._pieces, self._key = answers, pieces, key
        lineage = answers.control_view.lineage(key.perspective, known=key.position)
        self._kin = Kin(lineage)

    def pieces(self, places: Sequence[LocationId]) -> Mapping[LocationId, list[MapPiece]]:
        perspective, known = self._key.perspective, self._key.position
        if perspective.is_default:
            return dict(self._pieces.known(places, known=known))
        return dict(self._pieces.seen(perspective, places, known=known))

    def sieges(self) -> Mapping[str, Sieges]:
        basis = Basis(LATEST, self._key.position, perspective=self._key.perspective)
        words = self._answers.ties_view.words(
            known=basis.position,
            kinds=[TieKind.BESIEGES],
            counting=self._answers.statement_filter(basis),
        )
        return sieges_of_places(words)

    @property
    def turns(self) -> Sequence[Instant]:
        return self._kin.turns

    def meet(self, some: Collection[ActorId], others: Collection[ActorId], at: Instant) -> bool:
        return self._kin.meet(some, others, at)


@dataclass
class PublishedScene:
    """The parts of a map along an axis of publication, valid time or both."""

    answers: Answers
    key: MapKey
    axis: TimeAxis
    lineages: LineagesPublished
    stretches: Callable[[Sequence[LocationId]], Iterable[tuple[LocationId, Stretches]]]
    _kin: dict[int, Kin] = field(default_factory=dict)

    def pieces(self, places: Sequence[LocationId]) -> Mapping[LocationId, list[MapPiece]]:
        return {place: self.axis.cut(found) for place, found in self.stretches(places)}

    def sieges(self) -> Mapping[str, Sieges]:
        key = self.key
        basis = Basis(LATEST, key.position, perspective=key.perspective)
        return SiegesPublished(self.answers, basis).along(self.axis)

    @property
    def turns(self) -> Sequence[Instant]:
        axis, lineages = self.axis, self.lineages
        published = [axis.on_published(each) for each in lineages.turns]
        if not published and not lineages.turns:
            return merged(map(axis.on_valid, lineages.at(None).turns))
        every = {turn for each in lineages.turns for turn in lineages.at(each).turns}
        return merged(published, map(axis.on_valid, every))

    def meet(self, some: Collection[ActorId], others: Collection[ActorId], at: Instant) -> bool:
        point = self.axis.point(at)
        lineage = self.lineages.at(point.published)
        kin = self._kin.setdefault(id(lineage), Kin(lineage))
        return kin.meet(some, others, point.at)
