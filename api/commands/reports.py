"""Which reports are filed, by whom, and when were they published?"""

from collections.abc import Iterable, Iterator

import click

from api.answers.pages import filed_in, filed_key
from api.answers.references import registered
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
from api.ids import slug_of
from domain.occurred import Occurred
from domain.values import SourceId
from projections.sources import Report, ReportFilter


@click.command("reports")
@click.option("--source", metavar="SOURCE", help="Only what it published, or said at first.")
@click.option("--published-from", metavar="DATE", help="Only what may be of that day or later.")
@click.option("--published-to", metavar="DATE", help="Only what had surely been published by then.")
@click.option(
    "--syndicated/--not-syndicated",
    default=None,
    help="Only copies of other reports, or only what is none.",
)
@click.option("--text", metavar="WORDS", help="Only with these words in title or id.")
@zone_option
@page_options("ReportConnection")
def command(
    source: str | None,
    published_from: str | None,
    published_to: str | None,
    syndicated: bool | None,
    text: str | None,
    zone: str | None,
    page: PageAsked,
) -> None:
    """The reports in the order of publication. Each line has the date of publication, the id, the
    source and the title; of a copy also the source that it copies.

    \b
    Examples:
      tenure reports --source united-nations
      tenure reports --published-from 2023-11-01 --published-to 2023-11-30
      tenure reports --text kidal --first 10 --json

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        answers = node.answers
        since, until = (moment_or_none(each, zone) for each in (published_from, published_to))
        voice = source and registered(answers, "source", slug_of(source, "Source"), "source")
        if page.as_json:
            wanted = given(
                source=voice,
                publishedFrom=as_moment(since),
                publishedTo=as_moment(until),
                syndicated=syndicated,
                text=text,
            )
            say_json(node, "reports", page, filter=wanted)
            return
        key, position = page.start(filed_in)
        basis = answers.basis(position=position)
        rows, more = answers.sources.reports(
            ReportFilter(SourceId(voice) if voice else None, since, until, syndicated, text),
            known=basis.position,
            size=page.size,
            after=key,
        )
        say(*report_lines(report for _, report in rows))
        if more:
            say_rest(filed_key(rows[-1][0]), basis.position)


def report_lines(reports: Iterable[Report]) -> Iterator[str]:
    """A line for each report."""
    yield from in_columns(
        (Occurred.parse(each.published).written, each.report, _voices(each), each.title)
        for each in reports
    )


def _voices(report: Report) -> str:
    is_copy = report.origin != report.source
    return f"{report.source}, after {report.origin}" if is_copy else report.source
