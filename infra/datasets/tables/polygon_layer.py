"""A layer of polygons in GeoJSON, and the points inside them."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from domain.refusals import Refusal
from domain.values import Coordinates
from infra.datasets.tables.polygon_map import StatusMap
from infra.intake.point_layers import features_of, properties_of
from infra.intake.problems import BadInput
from infra.visible_text import matching_form, quoted


class NoPolygons(Refusal):
    """The library for polygons is not installed."""

    def __init__(self) -> None:
        super().__init__("polygons need another library; install tenure[polygons]")


class Inside(NamedTuple):
    """The polygons around a point: their keys, and the label of the first."""

    keys: tuple[str, ...]
    label: str


class PolygonLayer:
    """The polygons of a file, each with a status of the map. Raises BadInput."""

    def __init__(self, path: Path, status: StatusMap) -> None:
        try:
            import shapely
        except ImportError:
            raise NoPolygons from None
        self._shapely = shapely
        self._status = status
        known = {matching_form(key): meaning for key, meaning in status.values.items()}
        self._keys: list[str] = []
        self._labels: list[str] = []
        shapes: list[Any] = []
        for number, feature in enumerate(features_of(path, path), 1):
            geometry = feature.get("geometry") if isinstance(feature, dict) else None
            kind = geometry.get("type") if isinstance(geometry, dict) else None
            if kind in {"Polygon", "MultiPolygon"}:
                properties = properties_of(feature)
                key = status.key_of(properties)
                if key not in known:
                    raise BadInput.at(path, number, _unknown(status, properties))
                if known[key] is not None:
                    shapes.append(self._shape(path, number, geometry))
                    self._keys.append(key)
                    self._labels.append(status.label_of(properties))
        self._tree = shapely.STRtree(shapes)
        self._order = {matching_form(key): n for n, key in enumerate(status.prefer)}

    def inside(self, points: Collection[Coordinates]) -> Iterator[Inside | None]:
        """The polygons around each point."""
        around: dict[int, list[int]] = {}
        found = self._shapely.points([(each.longitude, each.latitude) for each in points])
        for point, polygon in zip(*self._tree.query(found, predicate="intersects"), strict=True):
            around.setdefault(int(point), []).append(int(polygon))
        for number in range(len(points)):
            polygons = sorted(around.get(number, ()))
            yield self._told(polygons) if polygons else None

    def _told(self, polygons: list[int]) -> Inside:
        keys = sorted({self._keys[each] for each in polygons}, key=self._rank)
        if len(keys) > 1 and self._rank(keys[0])[0] < self._rank(keys[1])[0]:
            keys = keys[:1]
        label = next(self._labels[each] for each in polygons if self._keys[each] == keys[0])
        return Inside(tuple(keys), label)

    def _rank(self, key: str) -> tuple[int, str]:
        return self._order.get(key, len(self._order)), key

    def _shape(self, path: Path, number: int, geometry: Any) -> Any:
        shapely = self._shapely
        try:
            shape = shapely.geometry.shape(geometry)
            return shape if shape.is_valid else shapely.make_valid(shape)
        except (*_UNREADABLE, shapely.GEOSException) as error:
            message = f"feature {number} is no polygon that can be read: {error}"
            raise BadInput.at(path, number, message) from None


_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


def _unknown(status: StatusMap, properties: Any) -> str:
    shown = quoted(str(properties.get(status.property) or ""))
    return (
        f"the map has no status for {shown}; add its key to status.values, or null to pass over it"
    )
