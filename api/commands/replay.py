"""How did the answer for a place and a date come about, as the ledger alone tells it?"""

from collections.abc import Iterator
from functools import cached_property
from textwrap import fill
from typing import Any

import click

from api.answers.basis import refuse_future
from api.answers.replay import Replayed, ReplayedStep, replay_from
from api.answers.sources import around_in_words
from api.commands.environment import refuse_empty, say_passed_over, settings_with_a_ledger
from api.commands.perspective import by_whose_word, perspective_of
from api.commands.question import as_known, asked, local_words, moment_in, refuse_both, zoned
from api.ids import slug_of
from domain.control.verdict import RULE
from domain.events import SituationEvent, SourceRegistered
from domain.occurred import Occurred, rfc3339
from domain.values import SourceId
from domain.words.explanation import spoken_extent
from domain.words.perspective import spoken_perspective
from domain.words.verdicts import spoken_answer
from infra.ledger.ledger import Ledger, open_ledger

_WIDTH = 96


@click.command("replay")
@click.argument("location")
@click.option(
    "--on", required=True, metavar="DATE", help="The close of that day, UTC; or an instant."
)
@as_known
@by_whose_word
@zoned
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON document.")
def command(
    location: str,
    on: str,
    known_on: str | None,
    position: int | None,
    zone: str | None,
    as_json: bool,
    **words: Any,
) -> None:
    """How the answer for LOCATION at the close of a day came about, entry by entry.

    Reads all that the ledger holds about the place, in the order of recording, and applies the rule
    of control after each entry; the views are not used. Each entry is shown with who recorded it,
    who says so, what it did to the answer, and by which step of the rule.

    \b
    Examples:
      tenure replay kidal --on 2023-11-14
      tenure replay kidal --on 2023-11-14 --position 142 --json
      tenure replay kidal --on 2023-11-20 --not-according-to csp-spokesman

    Exit codes: 0 replayed; 1 refused, stderr says why; 2 misuse.
    """
    refuse_both(known_on, position)
    when = asked(on, zone)
    with open_ledger(settings_with_a_ledger().ledger) as ledger:
        refuse_empty(ledger)
        known = position if known_on is None else _position_on(ledger, known_on, zone)
        sources = SourceNames(ledger)
        perspective = perspective_of(sources, zone, **words)
        replayed = replay_from(
            ledger,
            slug_of(location, "Location"),
            at=when.at,
            position=known,
            perspective=perspective,
        )
        say_passed_over(ledger.sieve.passed)
        by = local_words(words["published_by"], zone)
        whose = spoken_perspective(perspective, sources.called, by)
    asked_for = f"{when.words}, {whose}" if whose else when.words
    click.echo(_document(replayed, whose) if as_json else _page(replayed, asked_for), nl=False)


class SourceNames:
    """What sources are called, by the ledger alone."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def names(self) -> dict[str, set[str]]:
        return {source: {source, name} for source, name in self._registered.items()}

    def called(self, source: SourceId) -> str:
        return self._registered.get(source, source)

    @cached_property
    def _registered(self) -> dict[str, str]:
        found = (each.event for each in self._ledger.of_type(SourceRegistered))
        return {each.source: each.name for each in found if isinstance(each, SourceRegistered)}


def _position_on(ledger: Ledger, date: str, zone: str | None) -> int:
    known_at = moment_in(date, zone)
    refuse_future("known-on", known_at, ledger.now)
    return ledger.position_at(known_at)


def _document(replayed: Replayed, whose: str) -> str:
    from api.commands.print.replay_json import document

    return document(replayed, whose)


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
    yield from spoken_extent(replayed.answer.at, answer, _times(replayed))
    yield from map(_filled, around_in_words(replayed.answer, replayed.names))
    if silent := replayed.replay.passed_over:
        more = "1 more event is" if silent == 1 else f"{silent:,} more events are"
        verb = "asserts" if silent == 1 else "assert"
        yield f"{more} about the place, and {verb} nothing about who controls it."


def _times(replayed: Replayed) -> Iterator[Occurred]:
    for told in replayed.steps:
        if isinstance(event := told.recorded.event, SituationEvent):
            yield event.occurred


def _step(told: ReplayedStep) -> Iterator[str]:
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
