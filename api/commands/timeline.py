"""Who controlled a place, period by period?"""

from collections.abc import Iterator
from typing import Any

import click

from api.answers.answers import Answers
from api.answers.basis import Answer
from api.answers.sources import spoken_basis
from api.commands.environment import node_caught_up
from api.commands.perspective import basis_of, basis_options
from api.commands.print.answer_json import control_as_json
from api.commands.print.many_answers import brief_answer, perspective_suffix
from api.commands.print.terminal import hanging, say, say_document
from api.commands.question import local_words, moment_or_none
from api.ids import slug_of
from api.pretty_json import pretty
from domain.control.timeline import BEGINNING, END
from domain.occurred import rfc3339
from domain.values import LocationId
from domain.words.explanation import spoken_moment


@click.command("timeline")
@click.argument("location")
@click.option("--from", "from_", metavar="DATE", help="Only periods that last beyond that day.")
@click.option("--to", metavar="DATE", help="Only periods that have begun by then.")
@basis_options("ControlPeriod for each period")
def command(
    location: str,
    from_: str | None,
    to: str | None,
    zone: str | None,
    as_json: bool,
    **pinning: Any,
) -> None:
    """Who controlled LOCATION from the beginning to now, and on which dates that changed.

    \b
    Examples:
      tenure timeline kidal
      tenure timeline kidal --from 2023-10-01 --to 2023-12-31
      tenure timeline kidal --published-by 2023-11-20
      tenure timeline kidal --according-to united-nations --json

    Exit codes: 0 answered; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        answers = node.answers
        basis = basis_of(answers, None, zone=zone, **pinning)
        since, until = (moment_or_none(each, zone) for each in (from_, to))
        told = answers.timeline(slug_of(location, "Location"), basis, since=since, until=until)
        if as_json:
            say_document(_document(answers, told))
            return
        name = answers.names(basis).location(LocationId(slug_of(location, "Location")))
        by = local_words(pinning["published_by"], zone)
        first = f"{name}{perspective_suffix(answers, basis, by)}:"
        lines = [first, *_lines(answers, told), "", spoken_basis(answers, basis)]
        say(*hanging(lines))


def _lines(answers: Answers, told: list[Answer]) -> Iterator[str]:
    for each in told:
        start = "from the beginning"
        if each.told.start != BEGINNING:
            start = f"from {spoken_moment(each.basis.at).removeprefix('at ')}"
        yield f"  {start}: {brief_answer(answers, each)}"


def _document(answers: Answers, told: list[Answer]) -> str:
    return pretty(
        [
            {
                "from": None if each.told.start == BEGINNING else rfc3339(each.basis.at),
                "to": None if each.told.end == END else rfc3339(each.told.end),
                "control": control_as_json(answers, each),
            }
            for each in told
        ]
    )
