"""Which route does a path belong to? Few and short names, fit for labels."""

from collections.abc import Iterable

from starlette.routing import BaseRoute


def route_of(path: str) -> str:
    """The first part of a path, as "/tlog" of "/tlog/checkpoint"."""
    end = path.find("/", 1)
    return path if end < 0 else path[:end]


def routes_among(routes: Iterable[BaseRoute]) -> frozenset[str]:
    """The first parts of the paths that are served."""
    return frozenset(route_of(path) for each in routes if (path := getattr(each, "path", "")))
