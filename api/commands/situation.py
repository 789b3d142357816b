"""What is the situation on a date, as known when?"""

from collections.abc import Iterator
from typing import Any

import click

from api.answers.situation import LATELY, Situation
from api.answers.situation_text import Account, account
from api.answers.sources import spoken_basis
from api.commands.environment import node_caught_up
from api.commands.hints import situation_hint
from api.commands.perspective import EVERYBODY, basis_of, perspective_options
from api.commands.print.terminal import say, say_document, wrapped
from api.commands.question import (
    knowledge_options,
    local_words,
    moment_asked,
    refuse_both,
    zone_option,
)
from api.ids import slug_of
from api.node import Node


@click.command("situation")
@click.option("--on", metavar="DATE", help="The close of that day, UTC; or an instant.")
@knowledge_options
@perspective_options
@click.option("--within", metavar="PLACE", help="Only that place and all that lies in it.")
@click.option(
    "--days",
    type=click.IntRange(min=1, max=36_600),
    default=LATELY,
    show_default=True,
    help="How many days back changes and reports are listed.",
)
@click.option("--brief", is_flag=True, help="One page: no notes, and of long lists the first few.")
@click.option("--token", help="Give the situation with this token again, word for word.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON document, with the fields of GraphQL's Situation.",
)
@zone_option
def command(
    on: str | None, days: int, token: str | None, brief: bool, as_json: bool, **more: Any
) -> None:
    """The situation at the close of a day: how many places each side holds, and which; where
    sources disagree; what changed and what was reported of late; convoys, missions, sieges,
    alliances, displaced people, and needs.

    Each statement bears the numbers of its notes, and each note says who told us so. Of more than
    25 places the lists give the names, and notes only where something is disputed or new; --within
    asks about a part, and --json gives all. With --brief the whole makes one page: counts, the
    first few of each list, and how many more there are.

    Whose word counts is asked with --according-to and the options below it: all parts of the page
    follow it. What the world could have read by a day is asked with --published-by.

    \b
    Examples:
      tenure situation --on 2024-03-20
      tenure situation --on 2024-03-20 --within kidal-region --days 90
      tenure situation --on 2024-03-20 --brief
      tenure situation --on 2023-11-20 --published-by 2023-11-15
      tenure situation --on 2024-03-20 --not-according-to csp-spokesman
      tenure situation --on 2023-10-31 --position 142 --json
      tenure situation --token TOKEN --days 90

    Exit codes: 0 answered; 1 refused, stderr says why; 2 misuse.
    """
    known_on, zone = more["known_on"], more["zone"]
    refuse_both(known_on, more["position"])
    if (on is None) is (token is None):
        raise click.UsageError("give --on or --token, one of them")
    if token is not None and any(more[name] != EVERYBODY.get(name) for name in more):
        raise click.UsageError(
            "a token pins the question: give --token, --days, --brief and --json only"
        )
    if brief and as_json:
        raise click.UsageError("give --brief or --json, not both: JSON always has everything")
    with node_caught_up() as node:
        answers, when = node.answers, None
        if token is not None:
            situation = Situation.again(answers, token)
        else:
            when = moment_asked(str(on), zone)
            within = more.pop("within")
            basis = basis_of(answers, when.at, **more)
            place = None if within is None else answers.place(slug_of(within, "Location")).location
            situation = Situation(answers, basis, place)
        if as_json:
            say_document(_document(node, situation, days))
        else:
            by = local_words(more["published_by"], zone)
            said, clocks = (when.words, when.zone) if when else (None, None)
            told = account(
                answers,
                situation,
                days,
                brief=brief,
                when=said,
                published_by=by,
                zone=clocks,
            )
            known = spoken_basis(answers, situation.basis)
            say(*_lines(told), "", known, f"Token: {situation.token}")
        if hint := situation_hint(answers, situation, on, known_on):
            say(hint, err=True)


def _document(node: Node, situation: Situation, days: int) -> str:
    from api.schema.situation_document import document

    return document(node, situation, days)


def _lines(told: Account) -> Iterator[str]:
    yield from wrapped(told.headline)
    for section in told.sections:
        yield from ["", section.title]
        for line in section.lines:
            yield from wrapped(line, "  ", "    ")
    if told.notes:
        yield from ["", "Notes"]
    width = len(f"  [{len(told.notes)}] ")
    for note in told.notes:
        yield from wrapped(note.text, f"  [{note.number}] ".rjust(width), " " * width)
