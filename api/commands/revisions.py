"""How did the answer for one place and date change as reports came in?"""

from collections.abc import Iterator
from typing import Any

import click

from api.answers.answers import Answers
from api.answers.basis import Answer
from api.answers.sources import spoken_basis
from api.commands.environment import node_caught_up
from api.commands.perspective import basis_of, basis_options
from api.commands.print.answer_json import control_as_json
from api.commands.print.event_json import EventJson
from api.commands.print.many_answers import brief_answer, perspective_suffix, spoken_events
from api.commands.print.terminal import hanging, say, say_document
from api.commands.question import local_words, moment_asked
from api.ids import slug_of
from api.pretty_json import pretty
from domain.occurred import rfc3339

Revised = list[tuple[int, Answer]]


@click.command("revisions")
@click.argument("location")
@click.option(
    "--on", required=True, metavar="DATE", help="The close of that day, UTC; or an instant."
)
@basis_options("ControlRevision for each revision")
def command(
    location: str,
    on: str,
    zone: str | None,
    as_json: bool,
    **pinning: Any,
) -> None:
    """How the answer for LOCATION at the close of a day changed, entry by entry, as this ledger
    came to know more.

    \b
    Examples:
      tenure revisions kidal --on 2023-11-14
      tenure revisions kidal --on 2023-11-14 --not-according-to csp-spokesman --json

    Exit codes: 0 answered; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        answers, when = node.answers, moment_asked(on, zone)
        basis = basis_of(answers, when.at, zone=zone, **pinning)
        place = slug_of(location, "Location")
        revised = answers.revisions(place, basis)
        if as_json:
            say_document(_document(answers, revised))
            return
        by = local_words(pinning["published_by"], zone)
        name = answers.names(basis).location(answers.place(place).location)
        first = f"{name}, {when.words}{perspective_suffix(answers, basis, by)}:"
        lines = [first, *_lines(answers, revised), "", spoken_basis(answers, basis)]
        say(*hanging(lines))


def _lines(answers: Answers, revised: Revised) -> Iterator[str]:
    if not revised:
        yield "  unknown; nothing that was recorded changed that"
    for position, answer in revised:
        entry = answers.entries.at_position(position)
        assert entry is not None, "a revision names the entry that made it"
        (why,) = spoken_events(answers, [entry.id], answer.basis)
        recorded = rfc3339(entry.recorded_at)
        yield f"  position {position}, recorded {recorded}: {brief_answer(answers, answer)}"
        yield f"    {why}"


def _document(answers: Answers, revised: Revised) -> str:
    told = []
    before = None
    for position, answer in revised:
        recorded_at = answers.entries.recorded_at(position)
        made = answers.entries.at_position(position)
        assert made is not None, "a revision names the entry that made it"
        (event,) = EventJson(answers, answer.basis).events([made.id])
        control = control_as_json(answers, answer)
        told.append(
            {
                "position": position,
                "recordedAt": None if recorded_at is None else rfc3339(recorded_at),
                "event": event,
                "before": before,
                "control": control,
            }
        )
        before = control
    return pretty(told)
