"""How did the answer for a place and a date come about, as the ledger alone tells it?"""

from collections.abc import Iterator
from textwrap import fill

import click

from api.answer import refuse_future
from api.commands.asked import asked, moment_in, zoned
from api.commands.surroundings import refuse_empty, say_passed_over, settings_with_a_ledger
from api.grounds import around_in_words
from api.replay import Replayed, Told, replay_from
from api.schema.ids import slug_of
from domain.explanation import spoken_extent
from domain.occurred import rfc3339
from domain.replay_in_words import spoken_answer
from domain.verdict import RULE
from infra.ledger import Ledger, open_ledger

_WIDTH = 96


@click.command("replay")
@click.argument("location")
@click.option(
    "--on", required=True, metavar="DATE", help="The close of that day, UTC; or an instant."
)
@click.option("--known-on", metavar="DATE", help="Only what this ledger held by that day.")
@click.option(
    "--position", type=click.IntRange(min=0), help="Only what it held up to that position."
)
@zoned
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON document.")
def command(
    location: str,
    on: str,
    known_on: str | None,
    position: int | None,
    zone: str | None,
    as_json: bool,
) -> None:
    """How the answer for LOCATION at the close of a day came about, entry by entry.

    Reads all that the ledger holds about the place, in the order of recording, and applies the rule
    of control after each entry; the views are not used. Each entry is shown with who recorded it,
    who says so, what it did to the answer, and by which step of the rule.

    \b
    Examples:
      tenure replay kidal --on 2023-11-14
      tenure replay kidal --on 2023-11-14 --position 142 --json

    Exit codes: 0 replayed; 1 refused, stderr says why; 2 misuse.
    """
    if known_on is not None and position is not None:
        raise click.UsageError("give --known-on or --position, not both")
    when = asked(on, zone)
    with open_ledger(settings_with_a_ledger().ledger) as ledger:
        refuse_empty(ledger)
        known = position if known_on is None else _position_on(ledger, known_on, zone)
        replayed = replay_from(ledger, slug_of(location, "Location"), at=when.at, position=known)
        say_passed_over(ledger.sieve.passed)
    click.echo(_document(replayed) if as_json else _page(replayed, when.words), nl=False)


def _position_on(ledger: Ledger, date: str, zone: str | None) -> int:
    known_at = moment_in(date, zone)
    refuse_future("known-on", known_at, ledger.now)
    return ledger.position_at(known_at)


def _document(replayed: Replayed) -> str:
    from api.commands.replay_as_json import document

    return document(replayed)


def _page(replayed: Replayed, when: str) -> str:
    return "\n".join(_lines(replayed, when)) + "\n"


def _lines(replayed: Replayed, when: str) -> Iterator[str]:
    place = replayed.names.location(replayed.location)
    yield f"{place}, {when}, replayed from the ledger up to position {replayed.position}"
    for told in replayed.steps:
        yield from _step(told)
    answer = replayed.replay.answer
    reading = spoken_answer(answer.reading, replayed.names)
    yield from ["", _filled(f"Answer: {reading}, by {RULE}.")]
    yield from spoken_extent(replayed.answer.at, answer)
    yield from map(_filled, around_in_words(replayed.answer, replayed.names))
    if silent := replayed.replay.passed_over:
        more = "1 more event is" if silent == 1 else f"{silent:,} more events are"
        verb = "asserts" if silent == 1 else "assert"
        yield f"{more} about the place, and {verb} nothing about who controls it."


def _step(told: Told) -> Iterator[str]:
    recorded, words = told.recorded, told.words
    by, when = recorded.recorded_by, rfc3339(recorded.recorded_at)
    yield from ["", f"No. {recorded.position}, recorded {when} by {by}"]
    yield _filled(words.heard, "  ")
    if words.source:
        yield _filled(words.source, "  ")
    same = words.before == words.after
    yield _filled(f"= {words.after}" if same else f"{words.before} -> {words.after}", "    ")
    for sentence in words.because:
        yield _filled(sentence, "    ")


def _filled(text: str, margin: str = "") -> str:
    return fill(
        text,
        _WIDTH,
        initial_indent=margin,
        subsequent_indent=f"{margin}  ",
        break_on_hyphens=False,
    )
