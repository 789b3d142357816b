"""How does a command come by its settings and its node?"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click
from pydantic import ValidationError

from api.commands.refusals import words_of
from api.node import Node, open_node
from infra.legible import PassedOver
from infra.settings import Settings

_NAMED, _LISTED = 10, 50
"""Of how many entries it is said why they can't be read, and of how many where they stand."""
_LONG = 10_000
"""From how many entries on catching up is worth a progress bar."""


class BadSettings(Exception):
    """An environment variable holds what can't be used."""


class Damaged(Exception):
    """A file that only Tenure writes holds what Tenure never writes."""

    def __init__(self, what: str, error: Exception) -> None:
        super().__init__(
            f"{what} can't be read: there is something in it that Tenure never writes "
            f"({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        )


@contextmanager
def examining(what: str) -> Iterator[None]:
    """For files that somebody may have altered: whatever that breaks is said in plain words.

    Raises Damaged, and all refusals as they are.
    """
    try:
        yield
    except Exception as error:
        if words_of(error) is None:
            raise Damaged(what, error) from error
        raise


def settings_from_environment() -> Settings:
    """Raises BadSettings."""
    try:
        return Settings()
    except ValidationError as invalid:
        problems = [
            f"TENURE_{str(error['loc'][0]).upper()}: {error['msg'].lower()}"
            for error in invalid.errors(include_url=False)
        ]
        raise BadSettings("\n".join(problems)) from None


@contextmanager
def node_caught_up() -> Iterator[Node]:
    """The node of the settings, its views as far as the ledger."""
    with open_node(settings_from_environment()) as node:
        behind = node.ledger.head - node.answers.head
        with progress("Catching up", behind, hidden=behind < _LONG) as advance:
            node.projector.catch_up(progress=advance)
        say_passed_over(node.views.passed_over)
        yield node


def say_passed_over(passed_over: Sequence[PassedOver]) -> None:
    """Says on stderr which entries no answer takes into account, by their positions."""
    unreadable = [each for each in passed_over if each.rests_on is None]
    resting = [each for each in passed_over if each.rests_on is not None]
    for each in unreadable[:_NAMED]:
        click.echo(f"{each}; no answer takes it into account", err=True)
    if more := unreadable[_NAMED:]:
        click.echo(f"neither can be those at positions {_positions(more)}", err=True)
    if resting:
        those = "entry rests" if len(resting) == 1 else "entries rest"
        click.echo(
            f"{len(resting):,} other {those} on what can't be read, and no answer takes account of "
            f"that either: position {_positions(resting)}",
            err=True,
        )


def _positions(passed_over: Sequence[PassedOver]) -> str:
    named = ", ".join(str(each.position) for each in passed_over[:_LISTED])
    more = len(passed_over) - _LISTED
    return f"{named} and {more:,} more" if more > 0 else named


@contextmanager
def progress(label: str, length: int, *, hidden: bool = False) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr, where somebody watches."""
    if hidden or length <= 0 or not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update
