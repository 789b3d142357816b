"""Along which line do the questions of an animation move?"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from api.answers.basis import Basis
from api.answers.moving.axes import TimeAxis, TimePoint
from api.answers.moving.moving_map import MapKey, Spot
from domain.control.perspective import Perspective

_KEPT = 100


@dataclass(slots=True)
class QuestionLines:
    """The point asked about last from each perspective, and the axis chosen for it."""

    _asked: "OrderedDict[Perspective, tuple[TimePoint, TimeAxis]]" = field(
        default_factory=OrderedDict
    )

    def spot(
        self, basis: Basis, is_kept: Callable[[MapKey], bool], *, along_valid_time: bool = False
    ) -> Spot:
        """The map that answers on a basis, and the instant on the axis of the map. Of a question
        with `published_by`, a map that is kept where there is one."""
        perspective, published = basis.perspective, basis.perspective.published_by
        if published is None:
            return Spot(MapKey(basis.position, perspective), basis.at)
        point, whose = TimePoint(basis.at, published), replace(perspective, published_by=None)

        def is_of_a_kept_map(axis: TimeAxis) -> bool:
            return is_kept(MapKey(basis.position, whose, axis))

        axes = TimeAxis.through(point)[:1] if along_valid_time else TimeAxis.through(point)
        axis = self.axis(whose, point, axes, is_of_a_kept_map)
        return Spot(MapKey(basis.position, whose, axis), axis.instant(point))

    def axis(
        self,
        whose: Perspective,
        point: TimePoint,
        axes: Sequence[TimeAxis],
        is_kept: Callable[[TimeAxis], bool],
    ) -> TimeAxis:
        """The axis for a point, of some through the point: one of a map that is kept; else the
        line from the question before; else the first. A question asked again keeps its axis."""
        last, chosen = self._asked.pop(whose, (point, axes[0]))
        on_line = [chosen] if point == last else TimeAxis.through(last)
        in_order = [*(axis for axis in axes if axis in on_line), *axes]
        axis = next(filter(is_kept, in_order), in_order[0])
        self._asked[whose] = point, axis
        while len(self._asked) > _KEPT:
            self._asked.popitem(last=False)
        return axis
