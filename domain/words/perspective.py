"""The words for a perspective in the first line of an answer."""

from collections.abc import Callable, Iterator

from domain.control.perspective import Perspective
from domain.occurred import DAY, Instant, just_before, rfc3339
from domain.values import Reliability, SourceId

Called = Callable[[SourceId], str]
"""The name of a source."""


def spoken_perspective(
    perspective: Perspective, called: Called, published_by: str | None = None
) -> str:
    """As in "according to Radio France only, as published by 2023-11-20"; empty for the default.
    `published_by` are the words for a day by other clocks than UTC."""
    return ", ".join(_parts(perspective, called, published_by))


def _parts(perspective: Perspective, called: Called, published_by: str | None) -> Iterator[str]:
    if perspective.sources is not None:
        named = _named(perspective.sources, called, "and")
        yield f"according to {named} only" if named else "according to nobody"
    if perspective.exclude_sources:
        yield f"without what {_named(perspective.exclude_sources, called, 'or')} said"
    match perspective.min_reliability:
        case Reliability.F:
            pass
        case Reliability.A:
            yield "by sources of reliability A only"
        case least:
            yield f"by sources of reliability A to {least} only"
    match perspective.min_credibility:
        case 6:
            pass
        case 1:
            yield "by information of credibility 1 only"
        case number:
            yield f"by information of credibility 1 to {number} only"
    if perspective.published_by is not None:
        by = f"by {published_by}" if published_by else _by(perspective.published_by)
        yield f"as published {by}"


def _named(sources: frozenset[SourceId], called: Called, conjunction: str) -> str:
    *names, last = [called(source) for source in sorted(sources)] or [""]
    return f"{', '.join(names)} {conjunction} {last}" if names else last


def _by(at: Instant) -> str:
    if (at + 1) % DAY == 0:
        return f"by {rfc3339(at)[:10]}"
    end = just_before(at)
    return f"before {end}" if end else f"by {rfc3339(at)}"
