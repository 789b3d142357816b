"""How does a command come by its settings and its node?"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os import environ

import click
from pydantic import ValidationError

from api.commands.refusals import words_of
from api.node import Node, open_node
from infra.ledger.ledger import Ledger, open_ledger
from infra.ledger.legibility import PassedOver
from infra.ledger.sqlite.file import is_missing
from infra.settings import Settings

_NAMED, _LISTED = 10, 50
"""Of how many entries it is said why they can't be read, and of how many where they stand."""
_LONG = 10_000
"""From how many entries on catching up is worth a progress bar."""


class BadSettings(Exception):
    """An environment variable holds what can't be used."""


class NoLedger(Exception):
    """A question is asked where nothing has been recorded: it is answered by nothing, and must not
    leave an empty ledger behind that looks like one of somebody's."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}, so there is nothing to ask; 'tenure record FILE' begins a ledger, 'tenure "
            "demo' records an example, and TENURE_LEDGER names one that is somewhere else"
        )


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
        return Settings.of(environ)
    except ValidationError as invalid:
        problems = [
            f"TENURE_{str(error['loc'][0]).upper()}: {error['msg'].lower()}"
            for error in invalid.errors(include_url=False)
        ]
        raise BadSettings("\n".join(problems)) from None


def settings_with_a_ledger() -> Settings:
    """The settings, where the ledger that they name may be there; a ledger in a file must be.

    Raises BadSettings and NoLedger.
    """
    settings = settings_from_environment()
    path = settings.ledger_file
    if path and is_missing(path):
        raise NoLedger(f"there is no ledger yet at {path}; it would be new and empty")
    return settings


def refuse_empty(ledger: Ledger) -> None:
    """Raises NoLedger where nothing has been recorded."""
    if ledger.head == 0:
        raise NoLedger("the ledger is new and empty: nothing has been recorded in it")


@contextmanager
def node_caught_up(*, begins: bool = False) -> Iterator[Node]:
    """The node of the settings, its views as far as the ledger. Only with `begins` may the ledger
    be new. Raises BadSettings and NoLedger."""
    settings = settings_from_environment() if begins else settings_with_a_ledger()
    with open_node(settings) as node:
        if not begins:
            refuse_empty(node.ledger)
        behind = node.ledger.head - node.answers.head
        with progress("Catching up", behind, hidden=behind < _LONG) as advance:
            node.projector.catch_up(progress=advance)
        say_passed_over(node.views.passed_over)
        yield node


@contextmanager
def ledger_to_record_in(url: str) -> Iterator[Ledger]:
    """The ledger of that URL. In the end stderr says what can't be read of all that bore on what
    was recorded: a statement that stands in such an entry counts as recorded before."""
    with open_ledger(url) as ledger:
        try:
            yield ledger
        finally:
            say_passed_over(ledger.sieve.passed)


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
