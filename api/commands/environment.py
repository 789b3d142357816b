"""The settings, the node and the messages of a command."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from errno import EPIPE
from os import environ
from pathlib import Path
from sqlite3 import DatabaseError
from time import perf_counter
from traceback import extract_tb

import click
from eventsourcing.persistence import PersistenceError
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.commands.print.terminal import say
from api.node import Node, open_node
from domain.refusals import Refusal, Unavailable
from domain.texts import escaped
from infra.cycle_collection import rare_cycle_collection
from infra.ledger.ledger import Ledger, open_ledger
from infra.ledger.legibility import PassedOver
from infra.ledger.sqlite.file import PATIENCE as FOR_WRITERS
from infra.ledger.sqlite.file import is_missing
from infra.settings import Settings
from infra.views.elsewhere import writable_copy

_NAMED, _LISTED = 10, 50
"""The most unreadable entries printed with their reasons, and with their positions."""
PATIENCE = 10.0
"""Seconds that a question waits for the locks of other processes."""
_REBUILD = "If the views are damaged, 'tenure rebuild' builds them again from the ledger"
_VERIFY = "'tenure verify' says whether the ledger is as it was recorded"
_LONG = 10_000
"""The least number of entries worth a progress bar for catching up."""


class BadSettings(Refusal):
    """An environment variable, or an option, with a value that can't be used."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self._problems = problems

    @property
    def lines(self) -> Sequence[str]:
        return self._problems


class NoLedger(Refusal):
    """A question to a missing or empty ledger: no answer, and no new ledger left behind."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}, so there is nothing to ask; 'tenure record FILE' begins a ledger, 'tenure "
            "demo' records an example, and TENURE_LEDGER names one that is somewhere else"
        )


class Damaged(Refusal):
    """A file of Tenure's own with contents Tenure never writes."""

    def __init__(self, what: str, error: Exception) -> None:
        super().__init__(
            f"{what} can't be read: there is something in it that Tenure never writes "
            f"({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        )


class StrangeFile(Refusal):
    """An error while the ledger or the views were read: of a damaged file, or of Tenure."""

    def __init__(self, what: str, advice: str, error: Exception) -> None:
        *_, last = extract_tb(error.__traceback__)
        said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        super().__init__(
            f"{what} can't be read: {said} ({Path(last.filename).name}, line {last.lineno}). "
            f"{advice}; if nothing is wrong there it is a fault of Tenure, which its makers should "
            "hear of"
        )


def refusal_lines(error: Exception) -> Sequence[str]:
    """The message of a refusal, or of a ledger or views out of use; nothing for a bug."""
    if isinstance(error, Unavailable) and error.place:
        return [f"{error.place}: {error}"]
    if isinstance(error, Refusal):
        return error.lines
    if isinstance(error, PersistenceError | DatabaseError | UnicodeDecodeError):
        return [f"the ledger or the views can't be used now: {' '.join(str(error).split())}"]
    if isinstance(error, OSError) and error.errno != EPIPE:
        place = f"{error.filename}: " if error.filename else ""
        return [f"{place}{(error.strerror or str(error)).lower()}"]
    return []


@contextmanager
def examining(what: str) -> Iterator[None]:
    """Guards the reading of a file that somebody may have altered.

    Raises refusals as they are, and Damaged for any other error.
    """
    try:
        yield
    except Exception as error:
        if not refusal_lines(error):
            raise Damaged(what, error) from error
        raise


def settings_from_environment() -> Settings:
    """Raises BadSettings."""
    try:
        return Settings.of(environ)
    except ValidationError as invalid:
        problems = [
            f"TENURE_{str(error['loc'][0]).upper()}: {_said(error)}"
            if error["loc"]
            else error["msg"].removeprefix("Value error, ")
            for error in invalid.errors(include_url=False)
        ]
        raise BadSettings(*problems) from None


def _said(error: ErrorDetails) -> str:
    as_it_is = error["type"] in {"unfit_text", "no_duration", "no_origin"}
    return error["msg"] if as_it_is else error["msg"].lower()


def settings_with_a_ledger() -> Settings:
    """The settings, unless their ledger is a missing file. Raises BadSettings and NoLedger."""
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
def node_caught_up(*, begins: bool = False, settings: Settings | None = None) -> Iterator[Node]:
    """The node of the settings, by default those of the environment, with its views caught up. Only
    with `begins` may the ledger be new. Raises BadSettings and NoLedger."""
    if settings is None:
        settings = settings_from_environment() if begins else settings_with_a_ledger()
    with ExitStack() as stack:
        if not begins:
            settings = stack.enter_context(with_writable_views(settings))
        stack.enter_context(reading(f"what is in {settings.views}", _REBUILD))
        node = stack.enter_context(open_node(settings, patience=PATIENCE))
        if not begins:
            refuse_empty(node.ledger)
        behind = node.ledger.head - node.answers.head
        bar = progress("Catching up", behind, hidden=behind < _LONG)
        with rare_cycle_collection(), bar as advance:
            node.projector.catch_up(progress=advance)
        say_passed_over(node.views.passed_over)
        yield node


def ledger_of(settings: Settings, patience: float = FOR_WRITERS) -> AbstractContextManager[Ledger]:
    """The ledger of the settings, held to the clock of this machine; `patience` is the seconds to
    wait for the locks of other processes."""
    return open_ledger(settings.ledger, tolerance=settings.clock_tolerance, patience=patience)


@contextmanager
def with_writable_views(settings: Settings) -> Iterator[Settings]:
    """The settings, with copies of the views and the log in a passing folder where nothing can be
    written beside the views."""
    with writable_copy(settings.views, settings.log) as views:
        yield settings if views == settings.views else settings.model_copy(update={"views": views})


@contextmanager
def reading(what: str = "what is in the ledger", advice: str = _VERIFY) -> Iterator[None]:
    """Guards the reading of a ledger or views. Raises refusals as they are, and StrangeFile for any
    other error."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        if not refusal_lines(error) and not isinstance(error, OSError):
            raise StrangeFile(what, advice, error) from error
        raise


@contextmanager
def ledger_to_record_in(settings: Settings) -> Iterator[Ledger]:
    """The ledger of the settings, for recording.

    At the end stderr names the unreadable entries met: a statement in an unreadable entry counts as
    recorded before.
    """
    with ledger_of(settings) as ledger:
        try:
            yield ledger
        finally:
            say_passed_over(ledger.sieve.passed)


def say_passed_over(passed_over: Sequence[PassedOver]) -> None:
    """Prints the entries left out of every answer on stderr, by position."""
    unreadable = [each for each in passed_over if each.rests_on is None]
    resting = [each for each in passed_over if each.rests_on is not None]
    for each in unreadable[:_NAMED]:
        say(f"{each}; no answer takes it into account", err=True)
    if more := unreadable[_NAMED:]:
        say(f"neither can be those at positions {_positions(more)}", err=True)
    if resting:
        those = "entry rests" if len(resting) == 1 else "entries rest"
        say(
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
    """A progress bar on stderr, if stderr is a terminal."""
    if hidden or length <= 0 or not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=length, label=escaped(label), file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def progress_with_rate(label: str, length: int) -> Iterator[Callable[[int, int], None]]:
    """The same with rows a second and the time left; takes what was done, and all rows so far."""
    if length <= 0 or not sys.stderr.isatty():
        yield lambda done, rows: None
        return
    start = perf_counter()

    def rate(rows: int | None) -> str | None:
        return f"{rows / (perf_counter() - start):,.0f} rows/s" if rows else None

    with click.progressbar(
        length=length, label=escaped(label), file=sys.stderr, item_show_func=rate
    ) as bar:
        yield bar.update
