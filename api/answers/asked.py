"""Moments and perspectives of a question, as people write them."""

from collections.abc import Sequence
from typing import Protocol

from api.ids import slug_of
from domain.control.perspective import Perspective
from domain.occurred import Instant, parse_moment
from domain.refusals import UnknownReference
from domain.values import Reliability, SourceId
from infra.spelling import nearest


class SourcesNamed(Protocol):
    """The names of sources."""

    def names(self) -> dict[str, set[str]]: ...


def moment_in(text: str, zone: str | None) -> Instant:
    """The moment of a date or an instant. Raises NotATime."""
    if zone is None and "[" not in text:
        return parse_moment(text)
    from infra.time_zones import moment  # most questions name no zone, and answer sooner without it

    return moment(text, zone)


def perspective_of(
    known: SourcesNamed,
    zone: str | None,
    *,
    sources: Sequence[str],
    without: Sequence[str],
    published_by: str | None,
    min_reliability: str,
    min_credibility: int,
) -> Perspective:
    """The perspective of these words. Raises UnknownReference and NotATime."""
    return Perspective(
        sources=_registered(known, "according-to", sources) if sources else None,
        exclude_sources=_registered(known, "not-according-to", without),
        min_reliability=Reliability(min_reliability),
        min_credibility=min_credibility,
        published_by=None if published_by is None else moment_in(published_by, zone),
    )


def _registered(known: SourcesNamed, option: str, given: Sequence[str]) -> frozenset[SourceId]:
    if not given:
        return frozenset()
    names = known.names()
    slugs = [slug_of(each, "Source") for each in given]
    for slug in slugs:
        if slug not in names:
            raise UnknownReference("source", slug, option, nearest(slug, names))
    return frozenset(map(SourceId, slugs))
