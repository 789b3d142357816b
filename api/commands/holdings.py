"""Which places did an actor hold on a date?"""

from collections.abc import Iterator
from typing import Any

import click

from api.answers.answers import Answers
from api.answers.basis import Answer
from api.answers.sources import spoken_basis
from api.commands.environment import node_caught_up
from api.commands.perspective import basis_of, basis_options
from api.commands.print.answer_json import control_as_json
from api.commands.print.many_answers import answer_extent, brief_answer, perspective_suffix
from api.commands.print.terminal import hanging, say, say_document
from api.commands.question import local_words, moment_asked
from api.ids import slug_of
from api.pretty_json import pretty
from domain.values import ActorId


@click.command("holdings")
@click.argument("actor")
@click.option(
    "--on", required=True, metavar="DATE", help="The close of that day, UTC; or an instant."
)
@click.option("--members", is_flag=True, help="Of a coalition, also what its members held.")
@basis_options("Control for each place")
def command(
    actor: str,
    on: str,
    members: bool,
    zone: str | None,
    as_json: bool,
    **pinning: Any,
) -> None:
    """The places that ACTOR held at the close of a day, alone or with others, and since when.

    \b
    Examples:
      tenure holdings fama --on 2024-03-20
      tenure holdings csp --on 2023-10-01 --members --according-to united-nations

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        answers, when = node.answers, moment_asked(on, zone)
        basis = basis_of(answers, when.at, zone=zone, **pinning)
        who = ActorId(slug_of(actor, "Actor"))
        if answers.actors.get(who, known=basis.position) is None:
            raise node.ledger.unknown("actor", who)
        held = answers.holdings(who, basis, members=members)
        if as_json:
            say_document(pretty([control_as_json(answers, each) for each in held]))
            return
        name = answers.names(basis).actor(who)
        by = local_words(pinning["published_by"], zone)
        first = f"{name}, {when.words}{perspective_suffix(answers, basis, by)}:"
        lines = [first, *_lines(answers, held), "", spoken_basis(answers, basis)]
        say(*hanging(lines))


def _lines(answers: Answers, held: list[Answer]) -> Iterator[str]:
    if not held:
        yield "  held nothing that we know of"
    for each in held:
        name = answers.names(each.basis).location(each.location)
        yield f"  {name}: {brief_answer(answers, each)}. {answer_extent(answers, each)}"
