"""How did the answer for a place and a date come about, as the ledger alone tells it?"""

from collections.abc import Iterator
from textwrap import fill

import click

from api.answer import refuse_future
from api.commands.surroundings import refuse_empty, settings_with_a_ledger
from api.replay import Replayed, Told, replay_from
from api.schema.ids import slug_of
from domain.control import RULE
from domain.explanation import spoken_moment, spoken_window
from domain.occurred import parse_moment, rfc3339
from domain.replay_in_words import spoken_reading
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
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON document.")
def command(
    location: str, on: str, known_on: str | None, position: int | None, as_json: bool
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
    at = parse_moment(on)
    with open_ledger(settings_with_a_ledger().ledger) as ledger:
        refuse_empty(ledger)
        known = position if known_on is None else _position_on(ledger, known_on)
        replayed = replay_from(ledger, slug_of(location, "Location"), at=at, position=known)
    click.echo(_document(replayed) if as_json else _page(replayed), nl=False)


def _position_on(ledger: Ledger, date: str) -> int:
    known_at = parse_moment(date)
    refuse_future("known-on", known_at, ledger.now)
    return ledger.position_at(known_at)


def _document(replayed: Replayed) -> str:
    from api.commands.replay_as_json import document

    return document(replayed)


def _page(replayed: Replayed) -> str:
    return "\n".join(_lines(replayed)) + "\n"


def _lines(replayed: Replayed) -> Iterator[str]:
    place, when = replayed.names.location(replayed.location), spoken_moment(replayed.at)
    yield f"{place}, {when}, replayed from the ledger up to position {replayed.position}"
    for told in replayed.steps:
        yield from _step(told)
    answer = replayed.replay.answer
    reading = spoken_reading(answer.reading, replayed.names)
    yield from ["", _filled(f"Answer: {reading}, by {RULE}.")]
    if answer.since:
        until = f", until it changed {spoken_window(answer.until)}" if answer.until else ""
        yield f"That began {spoken_window(answer.since)}{until}."
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
