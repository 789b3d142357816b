"""The options for a perspective, and the basis of a question on the command line."""

from collections.abc import Callable
from typing import Any

import click

from api.answers.asked import moment_in, perspective_of
from api.answers.basis import Basis
from api.answers.sources import Respondent
from api.commands.question import Command, knowledge_options, refuse_both, zone_option
from domain.occurred import Instant
from domain.values import Reliability

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
