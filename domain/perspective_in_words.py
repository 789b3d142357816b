"""How is it said whose word was asked for?"""

from collections.abc import Callable, Iterator

from domain.occurred import DAY, Instant, rfc3339
from domain.perspective import Perspective
from domain.values import Reliability, SourceId

Called = Callable[[SourceId], str]
"""The name of a source."""


def spoken_perspective(perspective: Perspective, called: Called) -> str:
    """As in "according to Radio France only, as published by 2023-11-20"; empty for everybody's
    word."""
    return ", ".join(_parts(perspective, called))


def _parts(perspective: Perspective, called: Called) -> Iterator[str]:
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
        yield f"as published by {_moment(perspective.published_by)}"


def _named(sources: frozenset[SourceId], called: Called, conjunction: str) -> str:
    *names, last = [called(source) for source in sorted(sources)] or [""]
    return f"{', '.join(names)} {conjunction} {last}" if names else last


def _moment(at: Instant) -> str:
    return rfc3339(at)[:10] if (at + 1) % DAY == 0 else rfc3339(at)
