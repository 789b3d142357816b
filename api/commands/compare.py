"""Of which places do two dates, or two states of knowledge, say otherwise?"""

from collections.abc import Iterator
from typing import Any

import click

from api.answers.answers import Answers
from api.answers.situation import Difference, Situation, compare
from api.commands.environment import node_caught_up
from api.commands.perspective import as_json, by_whose_word, perspective_of
from api.commands.question import asked, known_of, local_words, zoned
from api.ids import slug_of
from api.pretty_json import pretty

_KNOWN_ON = "Of the {} situation, only what this ledger held by that day."
_POSITION = "Of the {} situation, only what it held up to that position."


@click.command("compare")
@click.option("--from", "from_", required=True, metavar="DATE", help="The close of the first day.")
@click.option("--to", required=True, metavar="DATE", help="The close of the second day.")
@click.option("--from-known-on", metavar="DATE", help=_KNOWN_ON.format("first"))
@click.option("--from-position", type=click.IntRange(min=0), help=_POSITION.format("first"))
@click.option("--to-known-on", metavar="DATE", help=_KNOWN_ON.format("second"))
@click.option("--to-position", type=click.IntRange(min=0), help=_POSITION.format("second"))
@click.option("--within", metavar="PLACE", help="Only that place and all that lies in it.")
@by_whose_word
@zoned
@as_json("ControlDifference for each place")
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
      tenure compare --from 2023-10-01 --to 2024-03-20 --published-by 2023-12-01 --json

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        answers = node.answers
        place = None if within is None else answers.place(slug_of(within, "Location")).location
        one, other = asked(from_, zone), asked(to, zone)
        before, after = (
            known_of(
                answers,
                known_on=more.pop(f"{which}_known_on"),
                position=more.pop(f"{which}_position"),
                zone=zone,
            )
            for which in ("from", "to")
        )
        perspective = perspective_of(answers.sources, zone, **more)
        found = compare(
            answers,
            *(
                Situation(answers, at=at, known=known, within=place, perspective=perspective)
                for at, known in ((one.at, before), (other.at, after))
            ),
        )
        if as_json:
            click.echo(_document(answers, found), nl=False)
            return
        from api.commands.print.many_answers import basis, page, whose

        by = local_words(more["published_by"], zone)
        first = f"Once {one.words}, then {other.words}{whose(answers, perspective, after, by)}:"
        bases = dict.fromkeys([basis(answers, before), basis(answers, after)])
        click.echo(page([first, *_lines(answers, found), "", *bases]), nl=False)


def _lines(answers: Answers, found: list[Difference]) -> Iterator[str]:
    from api.commands.print.many_answers import in_brief, spoken_events

    if not found:
        yield "  no place of which they say otherwise"
    for each in found:
        after = each.after
        name = answers.names(at=after.at, known=after.known.position).location(after.location)
        yield f"  {name}: {in_brief(answers, each.before)}; then {in_brief(answers, after)}"
        known = max(each.before.known, after.known, key=lambda known: known.position)
        yield from (f"    {said}" for said in spoken_events(answers, each.events, known))


def _document(answers: Answers, found: list[Difference]) -> str:
    from api.commands.print.answer_json import control_as_json

    return pretty(
        [
            {
                "from": control_as_json(answers, each.before),
                "to": control_as_json(answers, each.after),
                "events": list(each.events),
            }
            for each in found
        ]
    )
