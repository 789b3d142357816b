"""How did an answer or an actor's story come about, as the ledger alone tells it?"""

from functools import cached_property
from typing import Any

import click

from api.answers.actor_replay import replay_actor_from
from api.answers.asked import moment_in, perspective_of
from api.answers.basis import Basis, refuse_future
from api.answers.replay import replay_basis, replay_from
from api.commands.environment import (
    ledger_of,
    reading,
    refuse_empty,
    say_passed_over,
    settings_with_a_ledger,
)
from api.commands.perspective import perspective_options
from api.commands.print.actor_replay_json import document as actor_replay_json
from api.commands.print.replay_json import document as place_replay_json
from api.commands.print.replay_text import actor_lines, place_lines
from api.commands.print.terminal import say, say_document
from api.commands.question import (
    knowledge_options,
    local_words,
    moment_asked,
    refuse_both,
    zone_option,
)
from api.ids import parts_of, slug_of
from domain.events import SourceRegistered
from domain.values import SourceId
from domain.words.perspective import spoken_perspective
from infra.ledger.ledger import Ledger


@click.command("replay")
@click.argument("name")
@click.option(
    "--on", required=True, metavar="DATE", help="The close of that day, UTC; or an instant."
)
@knowledge_options
@perspective_options
@zone_option
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON document.")
def command(
    name: str,
    on: str,
    known_on: str | None,
    position: int | None,
    zone: str | None,
    as_json: bool,
    **words: Any,
) -> None:
    """How the answer for a place, or an actor's story, came about, entry by entry.

    NAME is the id of a place or of an actor; an id of both means the place. The entries of the
    ledger are read in the order of recording; the views are not used. Each entry is shown with its
    author, its source, and its effect.

    For a place: who controlled the place at the close of a day, by the rule of control, with the
    steps of the rule behind each effect.

    For an actor: names, ties (alliances, coalitions, patrons, missions, sieges, mergers, splits)
    and convoys, as they stand at the close of the day. "+" begins with the entry, "-" ends or is
    replaced; a tie ends when its entry is taken back, and begins again when the entry is
    reinstated. The options on sources narrow ties and convoys, and not names.

    \b
    Examples:
      tenure replay kidal --on 2023-11-14
      tenure replay kidal --on 2023-11-14 --position 142 --json
      tenure replay kidal --on 2023-11-20 --not-according-to csp-spokesman
      tenure replay minusma --on 2023-12-31
      tenure replay wagner --on 2024-03-20 --known-on 2024-01-31 --json

    Exit codes: 0 replayed; 1 refused, stderr says why; 2 misuse.
    """
    refuse_both(known_on, position)
    when = moment_asked(on, zone)
    with reading(), ledger_of(settings_with_a_ledger()) as ledger:
        refuse_empty(ledger)
        known = position if known_on is None else _position_on(ledger, known_on, zone)
        sources = SourceNames(ledger)
        perspective = perspective_of(sources, zone, **words)
        by = local_words(words["published_by"], zone)
        whose = spoken_perspective(perspective, sources.called, by)
        asked_for = f"{when.words}, {whose}" if whose else when.words
        is_actor, slug = _named(ledger, name)
        tell = _tell_actor if is_actor else _tell_place
        basis = replay_basis(ledger, when.at, known, perspective)
        tell(ledger, slug, basis, asked_for, whose, as_json)
        say_passed_over(ledger.sieve.passed)


def _named(ledger: Ledger, given: str) -> tuple[bool, str]:
    """Whether the id is that of an actor, and the slug; the id of a place means the place."""
    parts = parts_of(given)
    if parts and parts[0] == "Actor":
        return True, parts[1]
    slug = slug_of(given, "Location")
    is_place = bool(ledger.registrations("location", [slug]))
    return not is_place and bool(ledger.registrations("actor", [slug])), slug


def _tell_place(
    ledger: Ledger, place: str, basis: Basis, when: str, whose: str, as_json: bool
) -> None:
    replayed = replay_from(ledger, place, basis)
    if as_json:
        say_document(place_replay_json(replayed, whose))
    else:
        say(*place_lines(replayed, when))


def _tell_actor(
    ledger: Ledger, actor: str, basis: Basis, when: str, whose: str, as_json: bool
) -> None:
    replayed = replay_actor_from(ledger, actor, basis)
    if as_json:
        say_document(actor_replay_json(replayed, whose))
    else:
        say(*actor_lines(replayed, when))


class SourceNames:
    """The names of sources, by the ledger alone."""

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
