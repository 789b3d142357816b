"""Which sources are registered, and how far are they trusted?"""

from collections.abc import Iterable, Iterator
from functools import partial

import click

from api.answers.pages import found_in, key_of
from api.commands.environment import node_caught_up
from api.commands.listing import (
    PageAsked,
    as_moment,
    given,
    page_options,
    say_json,
    say_rest,
)
from api.commands.print.columns import in_columns
from api.commands.print.terminal import say
from api.commands.question import moment_or_none, zone_option
from domain.occurred import Occurred
from domain.values import Reliability
from domain.words.explanation import spoken_time
from projections.sources import Source, SourceFilter


@click.command("sources")
@click.option(
    "--reliability",
    "grades",
    type=click.Choice([*Reliability], case_sensitive=False),
    multiple=True,
    help="Only of this grade. Repeatable.",
)
@click.option(
    "--continuous/--not-continuous",
    default=None,
    help="Only what keeps its word current, or only what does not.",
)
@click.option(
    "--said-since", metavar="DATE", help="Only what published anything on that day or later."
)
@click.option("--text", metavar="WORDS", help="Only with these words in name or id.")
@zone_option
@page_options("SourceConnection")
def command(
    grades: tuple[str, ...],
    continuous: bool | None,
    said_since: str | None,
    text: str | None,
    zone: str | None,
    page: PageAsked,
) -> None:
    """The registered sources, by id. Each line has the id, the reliability, the name, and whether
    the source keeps its word current (so that its silence means no change).

    \b
    Examples:
      tenure sources
      tenure sources --reliability A --reliability B --said-since 2024-01-01
      tenure sources --text press --json

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        answers, since = node.answers, moment_or_none(said_since, zone)
        reliability = tuple(map(Reliability, grades))
        if page.as_json:
            wanted = given(
                reliability=[each.name for each in reliability] or None,
                continuous=continuous,
                saidSince=as_moment(since),
                text=text,
            )
            say_json(node, "sources", page, filter=wanted)
            return
        key, position = page.start(partial(found_in, what="sources"))
        basis = answers.basis(position=position)
        rows, more = answers.page_of_sources(
            SourceFilter(reliability, continuous, since, text),
            basis,
            size=page.size,
            after=key,
        )
        say(*source_lines(source for _, source in rows))
        if more:
            say_rest(key_of(rows[-1][0]), basis.position)


def source_lines(sources: Iterable[Source]) -> Iterator[str]:
    """A line for each source."""
    yield from in_columns(
        (each.source, each.reliability, each.name, _continuity(each)) for each in sources
    )


def _continuity(source: Source) -> str:
    if source.ended:
        return f"kept current until it ended {spoken_time(Occurred.parse(source.ended))}"
    return "kept current" if source.continuous else ""
