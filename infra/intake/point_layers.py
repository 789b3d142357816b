"""A layer of points in GeoJSON (RFC 7946) as rows of text."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from infra.intake.problems import BadInput

LATITUDE, LONGITUDE, FEATURE_ID = "@latitude", "@longitude", "@id"
"""The columns beside the properties."""
_LONGEST = 300_000_000


def features_of(path: Path, shown: Path) -> list[Any]:
    """The features of a GeoJSON file, which is read whole. Raises BadInput."""
    try:
        if path.stat().st_size > _LONGEST:
            raise BadInput.at(shown, None, f"it is longer than {_LONGEST:,} bytes; split it")
        found = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadInput.at(shown, None, f"it can't be read: {why}") from None
    except orjson.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg}"
        raise BadInput.at(shown, error.lineno, message, column=error.colno) from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise BadInput.at(shown, None, "it is no FeatureCollection of GeoJSON")
    return features


class PointLayer:
    """The points of a file, with their properties."""

    def __init__(self, path: Path, shown: Path) -> None:
        self._features = features_of(path, shown)
        names: dict[str, None] = {}
        for each in self._features:
            names |= dict.fromkeys(properties_of(each))
        self.columns = (*names, FEATURE_ID, LATITUDE, LONGITUDE)

    def __len__(self) -> int:
        """The number of features."""
        return len(self._features)

    def points(self) -> Iterator[tuple[int, tuple[str, ...], str | None]]:
        """The number of each feature, its cells, and why it is no point, if it is none."""
        names = self.columns[:-3]
        for number, feature in enumerate(self._features, 1):
            properties = properties_of(feature)
            latitude, longitude, why = _point(feature)
            id = text_of_value(feature.get("id")) if isinstance(feature, dict) else ""
            cells = [text_of_value(properties.get(name)) for name in names]
            yield number, (*cells, id, latitude, longitude), why


def text_of_value(value: Any) -> str:
    """A value of JSON as a cell: a whole number without ".0", nothing for null."""
    match value:
        case None:
            return ""
        case str():
            return value
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float() | int() if not isinstance(value, bool):
            return repr(value)
        case _:
            return orjson.dumps(value).decode()


def properties_of(feature: Any) -> dict[str, Any]:
    """The properties of a feature; none of what is no feature of GeoJSON."""
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _point(feature: Any) -> tuple[str, str, str | None]:
    """Latitude and longitude; why it has none."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if geometry is None:
        return "", "", None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind != "Point":
        return "", "", f"its geometry is {kind or 'none of GeoJSON'}, and no Point"
    match geometry.get("coordinates"):
        case [float() | int() as longitude, float() | int() as latitude, *_]:
            return text_of_value(latitude), text_of_value(longitude), None
        case _:
            return "", "", "its coordinates are no longitude and latitude"
