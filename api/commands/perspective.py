"""Whose word is asked for on the command line?"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import click

from api.answers.basis import Known
from api.commands.question import Command, Knows, as_known, known_of, moment_in, zoned
from api.ids import slug_of
from domain.control.perspective import Perspective
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
"""These options, as they are where nobody gives them."""


def by_whose_word(command: Command) -> Command:
    """The options that say whose word counts."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def as_json(of: str) -> Callable[[Command], Command]:
    """The option for an answer as JSON, with the fields of that GraphQL type."""
    words = f"One JSON document, with the fields of GraphQL's {of}."
    return click.option("--json", "as_json", is_flag=True, help=words)


def pins(of: str) -> Callable[[Command], Command]:
    """The options that pin a question: as known when, according to whom, by which clocks; and the
    one for its answer as JSON, with the fields of that GraphQL type."""

    def with_options(command: Command) -> Command:
        return as_known(by_whose_word(zoned(as_json(of)(command))))

    return with_options


class SourcesNamed(Protocol):
    """What sources are called."""

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
    """Whose word counts. Raises UnknownReference and NotATime."""
    return Perspective(
        sources=_registered(known, "according-to", sources) if sources else None,
        exclude_sources=_registered(known, "not-according-to", without),
        min_reliability=Reliability(min_reliability),
        min_credibility=min_credibility,
        published_by=None if published_by is None else moment_in(published_by, zone),
    )


class Asking(Knows, Protocol):
    """What says what was known when, and what sources are called."""

    @property
    def sources(self) -> SourcesNamed: ...


def pinned(
    answers: Asking, *, known_on: str | None, position: int | None, zone: str | None, **words: Any
) -> tuple[Known, Perspective]:
    """As known when, and whose word counts, by the options of `as_known`, `by_whose_word` and
    `zoned`. Raises UnknownReference, NotATime, NotRecordedYet and InTheFuture."""
    known = known_of(answers, known_on=known_on, position=position, zone=zone)
    return known, perspective_of(answers.sources, zone, **words)


def _registered(known: SourcesNamed, option: str, given: Sequence[str]) -> frozenset[SourceId]:
    if not given:
        return frozenset()
    names = known.names()
    slugs = [slug_of(each, "Source") for each in given]
    for slug in slugs:
        if slug not in names:
            raise UnknownReference("source", slug, option, nearest(slug, names))
    return frozenset(map(SourceId, slugs))
