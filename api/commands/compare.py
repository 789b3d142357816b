"""Of which places do two dates, or two states of knowledge, say otherwise?"""

from collections.abc import Iterator
from typing import Any

import click

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.situation import AnswerDifference, Situation, compare
from api.answers.sources import spoken_basis
from api.commands.environment import node_caught_up
from api.commands.perspective import basis_of, json_option, perspective_options
from api.commands.print.answer_json import control_as_json, place_as_json
from api.commands.print.event_json import EventJson
from api.commands.print.many_answers import brief_answer, perspective_suffix, spoken_events
from api.commands.print.terminal import hanging, say, say_document
from api.commands.question import local_words, moment_asked, zone_option
from api.ids import slug_of
from api.pretty_json import pretty

_KNOWN_ON = "Of the {} situation, only what this ledger held by that day."
_POSITION = "Of the {} situation, only what it held up to that position."
_PUBLISHED = "Of the {} situation, only what had been published by that day."


@click.command("compare")
@click.option("--from", "from_", required=True, metavar="DATE", help="The close of the first day.")
@click.option("--to", required=True, metavar="DATE", help="The close of the second day.")
@click.option("--from-known-on", metavar="DATE", help=_KNOWN_ON.format("first"))
@click.option("--from-position", type=click.IntRange(min=0), help=_POSITION.format("first"))
@click.option("--to-known-on", metavar="DATE", help=_KNOWN_ON.format("second"))
@click.option("--to-position", type=click.IntRange(min=0), help=_POSITION.format("second"))
@click.option("--from-published-by", metavar="DATE", help=_PUBLISHED.format("first"))
@click.option("--to-published-by", metavar="DATE", help=_PUBLISHED.format("second"))
@click.option("--within", metavar="PLACE", help="Only that place and all that lies in it.")
@perspective_options
@zone_option
@json_option("ControlDifference for each place")
def command(
    from_: str,
    to: str,
    within: str | None,
    zone: str | None,
    as_json: bool,
    **more: Any,
) -> None:
    """The places of which two situations say otherwise, and the events that made the difference: of
    two dates, of one date as known at two times, or both.

    \b
    Examples:
      tenure compare --from 2023-10-01 --to 2024-03-20
      tenure compare --from 2023-10-01 --to 2024-03-20 --within kidal-region
      tenure compare --from 2023-11-14 --from-position 100 --to 2023-11-14
      tenure compare --from 2023-11-20 --from-published-by 2023-11-15 --to 2023-11-20
      tenure compare --from 2023-10-01 --to 2024-03-20 --published-by 2023-12-01 --json

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        answers = node.answers
        place = None if within is None else answers.place(slug_of(within, "Location")).location
        one, other = moment_asked(from_, zone), moment_asked(to, zone)
        knowledge = {
            which: {name: more.pop(f"{which}_{name}") for name in ("known_on", "position")}
            for which in ("from", "to")
        }
        published = {
            which: {"published_by": more.pop(f"{which}_published_by") or more["published_by"]}
            for which in ("from", "to")
        }
        before, after = (
            basis_of(answers, moment.at, zone=zone, **(more | knowledge[which] | published[which]))
            for which, moment in (("from", one), ("to", other))
        )
        found = compare(answers, *(Situation(answers, each, place) for each in (before, after)))
        if as_json:
            say_document(_document(answers, found))
            return
        whose, then_whose = (
            perspective_suffix(answers, basis, local_words(published[which]["published_by"], zone))
            for which, basis in (("from", before), ("to", after))
        )
        apart = "" if whose == then_whose else whose
        first = f"Once {one.words}{apart}, then {other.words}{then_whose}:"
        bases = dict.fromkeys([spoken_basis(answers, each) for each in (before, after)])
        say(*hanging([first, *_lines(answers, found), "", *bases]))


def _lines(answers: Answers, found: list[AnswerDifference]) -> Iterator[str]:
    if not found:
        yield "  no place of which they say otherwise"
    for each in found:
        after = each.after
        name = answers.names(after.basis).location(after.location)
        yield f"  {name}: {brief_answer(answers, each.before)}; then {brief_answer(answers, after)}"
        said = spoken_events(answers, each.events, _later_basis(each))
        yield from (f"    {line}" for line in said)


def _later_basis(found: AnswerDifference) -> Basis:
    """The basis by which all the events behind a difference are known."""
    return max(found.before.basis, found.after.basis, key=lambda basis: basis.position)


def _document(answers: Answers, found: list[AnswerDifference]) -> str:
    return pretty(
        [
            {
                "location": place_as_json(answers, each.after),
                "from": control_as_json(answers, each.before),
                "to": control_as_json(answers, each.after),
                "events": EventJson(answers, _later_basis(each)).events(each.events),
            }
            for each in found
        ]
    )
