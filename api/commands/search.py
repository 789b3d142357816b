"""What goes by such a name, or speaks of such words?"""

from collections.abc import Iterable, Iterator
from shlex import quote

import click

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.pages import LONGEST_PAGE
from api.commands.actors import actor_lines
from api.commands.environment import node_caught_up
from api.commands.listing import json_of, say_json
from api.commands.places import place_lines
from api.commands.print.event_lines import event_lines
from api.commands.print.terminal import say
from api.commands.reports import report_lines
from api.commands.sources import source_lines
from projections.entries import EventFilter
from projections.places import PlaceFilter
from projections.sources import ReportFilter, SourceFilter

_FEW = 10


@click.command("search")
@click.argument("text")
@click.option(
    "--first",
    type=click.IntRange(1, LONGEST_PAGE),
    default=_FEW,
    show_default=True,
    metavar="N",
    help="At most so many of each sort.",
)
@json_of("locations, actors, sources, reports and events of the same search")
def command(text: str, first: int, as_json: bool) -> None:
    """The places and the actors that go, or once went, by such a name, best matches first; then the
    sources, the reports and the events with all of these words.

    Several places of one name are told apart by the places around and by their degrees. Of names
    case, accents, hyphens, ways of transliterating and small misspellings don't matter.

    \b
    Examples:
      tenure search kidal
      tenure search "Tombouctou" --first 3
      tenure search azawad --json

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        if as_json:
            say_json(node, "search", text=text, first=first)
            return
        answers = node.answers
        sections = list(_sections(answers, text, first, answers.basis()))
        if not sections:
            say("nothing goes by such a name, and nothing that is recorded has these words")
        for number, (title, lines, onwards) in enumerate(sections):
            say(*([""] if number else []), title, *(f"  {line}" for line in lines))
            if onwards:
                again = f"tenure {onwards} {quote(text)}"
                say(f"more {title.lower()} are found; for these: {again}", err=True)


def _sections(
    answers: Answers, text: str, first: int, basis: Basis
) -> Iterator[tuple[str, Iterable[str], str]]:
    """The title, the lines, and the command for the rest, of each sort with a match."""
    known = basis.position
    places, more = answers.page_of_places(PlaceFilter(), text, basis, size=first)
    if places:
        lines = place_lines(answers, [place for _, place in places], basis)
        yield "Places", lines, "places --search" if more else ""
    actors, more = answers.page_of_actors(None, text, basis, size=first)
    if actors:
        lines = actor_lines(answers, [actor for _, actor in actors], basis)
        yield "Actors", lines, "actors --search" if more else ""
    sources, more = answers.page_of_sources(SourceFilter(text=text), basis, size=first)
    if sources:
        lines = source_lines(source for _, source in sources)
        yield "Sources", lines, "sources --text" if more else ""
    reports, more = answers.sources.reports(ReportFilter(text=text), known=known, size=first)
    if reports:
        lines = report_lines(report for _, report in reports)
        yield "Reports", lines, "reports --text" if more else ""
    page = answers.entries.page(EventFilter(text=text), known=known, size=first)
    if page.entries:
        lines = event_lines(answers, page.entries, basis)
        yield "Events", lines, "events --text" if page.more_after else ""
