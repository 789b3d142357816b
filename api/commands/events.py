"""Which events are recorded, by whom are they told, and does each still stand?"""

from typing import Any

import click

from api.answers.event_filter import EventsAsked
from api.answers.pages import PAGE, entry_in, size_of
from api.commands.environment import node_caught_up
from api.commands.listing import (
    PageAsked,
    as_moment,
    given,
    page_options,
    say_json,
    say_rest,
)
from api.commands.print.event_lines import event_lines
from api.commands.print.terminal import say
from api.commands.question import Command, moment_or_none, zone_option
from api.node import Node
from domain.occurred import Instant
from infra.time_zones import resolved

_FILTERS = (
    click.option(
        "--type", "types", multiple=True, metavar="TYPE", help="Only of this type. Repeatable."
    ),
    click.option("--location", metavar="PLACE", help="Only about this place."),
    click.option("--within", metavar="PLACE", help="Only about it, or a place inside."),
    click.option("--actor", metavar="ACTOR", help="Only what names this actor."),
    click.option("--source", metavar="SOURCE", help="Only this source's word."),
    click.option("--report", metavar="REPORT", help="Only from this report."),
    click.option("--convoy", metavar="CONVOY", help="Only about this convoy."),
    click.option("--occurred-from", metavar="DATE", help="Only what may be of that day or later."),
    click.option("--occurred-to", metavar="DATE", help="Only what may have happened by then."),
    click.option("--recorded-from", metavar="DATE", help="Only what was recorded then or later."),
    click.option("--recorded-to", metavar="DATE", help="Only what was recorded by then."),
    click.option("--text", metavar="WORDS", help='Words of what is said; "a phrase", begin*.'),
    click.option(
        "--retracted/--standing", default=None, help="Only what was taken back, or what stands."
    ),
)


def _filter_options(command: Command) -> Command:
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@click.command("events")
@_filter_options
@zone_option
@click.option(
    "--last",
    type=click.IntRange(1, 1_000),
    metavar="N",
    help="The last so many, not the first.",
)
@click.option("--before", metavar="CURSOR", help="Only what precedes a page, with --last.")
@page_options("EventConnection")
def command(
    zone: str | None,
    last: int | None,
    before: str | None,
    page: PageAsked,
    **filters: Any,
) -> None:
    """The events in the order of recording, each with its position, its source and its grade, its
    id and its report.

    \b
    Examples:
      tenure events --location kidal --standing
      tenure events --source csp-spokesman --occurred-from 2023-10-01 --last 5
      tenure events --text 'column*' --within kidal-region --json

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    if page.first is not None and last is not None:
        raise click.UsageError("give --first or --last, not both")
    asked = _asked(filters, zone)
    with node_caught_up() as node:
        if page.as_json:
            say_json(node, "events", page, last=last, before=before, filter=_variables(asked))
        else:
            _say_page(node, asked, page, last, before)


def _asked(filters: dict[str, Any], zone: str | None) -> EventsAsked:
    occurred: Any = {
        name: moment_or_none(filters.pop(name), zone) for name in ("occurred_from", "occurred_to")
    }
    since, until = filters.pop("recorded_from"), filters.pop("recorded_to")
    return EventsAsked(
        **filters,
        **occurred,
        recorded_from=None if since is None else resolved(since, zone).window.earliest,
        recorded_to=None if until is None else resolved(until, zone).window.latest,
    )


def _variables(asked: EventsAsked) -> Any:
    until = asked.recorded_to
    return given(
        types=list(asked.types) or None,
        location=asked.location,
        within=asked.within,
        actor=asked.actor,
        source=asked.source,
        report=asked.report,
        convoy=asked.convoy,
        occurredFrom=as_moment(asked.occurred_from),
        occurredTo=as_moment(asked.occurred_to),
        recordedFrom=as_moment(asked.recorded_from),
        recordedTo=None if until is None else as_moment(Instant(until - 1)),
        text=asked.text,
        retracted=asked.retracted,
    )


def _say_page(
    node: Node, asked: EventsAsked, page: PageAsked, last: int | None, before: str | None
) -> None:
    answers = node.answers
    low, position = page.start(entry_in)
    high, also_at = (None, None) if before is None else entry_in(before)
    is_from_end = last is not None or (before is not None and page.first is None)
    basis = answers.basis(position=also_at if position is None else position)
    found = answers.entries.page(
        asked.rows(answers),
        known=basis.position,
        size=size_of(page.first, last),
        after=low or 0,
        before=high,
        from_end=is_from_end,
    )
    say(*event_lines(answers, found.entries, basis))
    if found.more_after and not is_from_end:
        say_rest(str(found.entries[-1].position), basis.position)
    if found.more_before and is_from_end:
        onwards = f"--last {last or PAGE} --before"
        say_rest(str(found.entries[0].position), basis.position, onwards)
