"""The options for a perspective, and the basis of a question on the command line."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import click

from api.answers.basis import Basis
from api.answers.sources import Respondent
from api.commands.question import Command, knowledge_options, moment_in, refuse_both, zone_option
from api.ids import slug_of
from domain.control.perspective import Perspective
from domain.occurred import Instant
from domain.refusals import UnknownReference
from domain.values import Reliability, SourceId
from infra.spelling import nearest

_OPTIONS = (
    click.option(
        "--according-to",
        "sources",
        multiple=True,
        metavar="SOURCE",
        help="Only what this source says. Repeatable.",
    ),
    click.option(
        "--not-according-to",
        "without",
        multiple=True,
        metavar="SOURCE",
        help="Leave out what this source says. Repeatable.",
    ),
    click.option("--published-by", metavar="DATE", help="Only what had been published by then."),
    click.option(
        "--min-reliability",
        type=click.Choice([*Reliability], case_sensitive=False),
        default="F",
        help="Least reliability of the source: A the most; F asks for nothing.",
    ),
    click.option(
        "--min-credibility",
        type=click.IntRange(1, 6),
        default=6,
        help="Least credibility of what is said: 1 the most; 6 asks for nothing.",
    ),
)
EVERYBODY: dict[str, object] = {
    "sources": (),
    "without": (),
    "published_by": None,
    "min_reliability": "F",
    "min_credibility": 6,
}
"""The defaults of these options."""


def perspective_options(command: Command) -> Command:
    """Adds the options for the perspective."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def json_option(of: str) -> Callable[[Command], Command]:
    """Adds the option for JSON with the fields of a GraphQL type."""
    words = f"One JSON document, with the fields of GraphQL's {of}."
    return click.option("--json", "as_json", is_flag=True, help=words)


def basis_options(of: str) -> Callable[[Command], Command]:
    """Adds the options for knowledge, perspective and clocks, and for JSON with the fields of a
    GraphQL type."""

    def with_options(command: Command) -> Command:
        return knowledge_options(perspective_options(zone_option(json_option(of)(command))))

    return with_options


class SourcesNamed(Protocol):
    """The names of sources."""

    def names(self) -> dict[str, set[str]]: ...


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
    """The perspective of these options. Raises UnknownReference and NotATime."""
    return Perspective(
        sources=_registered(known, "according-to", sources) if sources else None,
        exclude_sources=_registered(known, "not-according-to", without),
        min_reliability=Reliability(min_reliability),
        min_credibility=min_credibility,
        published_by=None if published_by is None else moment_in(published_by, zone),
    )


def basis_of(
    answers: Respondent,
    at: Instant | None,
    *,
    known_on: str | None,
    position: int | None,
    zone: str | None,
    **words: Any,
) -> Basis:
    """The basis of these options and a moment. Raises UnknownReference, NotATime, NotRecordedYet
    and InTheFuture."""
    refuse_both(known_on, position)
    known_at = None if known_on is None else moment_in(known_on, zone)
    perspective = perspective_of(answers.sources, zone, **words)
    return answers.basis(at, known_at=known_at, position=position, perspective=perspective)


def _registered(known: SourcesNamed, option: str, given: Sequence[str]) -> frozenset[SourceId]:
    if not given:
        return frozenset()
    names = known.names()
    slugs = [slug_of(each, "Source") for each in given]
    for slug in slugs:
        if slug not in names:
            raise UnknownReference("source", slug, option, nearest(slug, names))
    return frozenset(map(SourceId, slugs))
