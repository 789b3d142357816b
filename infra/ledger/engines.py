"""The engine behind the URL of a ledger.

* UnknownLedger      the URL has none of the four forms
* LedgerUnreachable  the server does not answer, or does not let us in
* DriverMissing      the engine's driver is not installed
* NotALedger         the SQLite file cannot be a ledger (infra.ledger.sqlite.file)

A driver is imported only with a URL of its engine: the command line has to answer quickly.
"""

import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from eventsourcing.persistence import PersistenceError

from domain.refusals import Refusal
from infra.ledger.dcb import Recorder
from infra.ledger.sqlite.deferred import open_sqlite
from infra.ledger.sqlite.file import PATIENCE

FORMS = "memory:, sqlite:///path, postgresql://user@host/database or umadb://host:port"


class UnknownLedger(Refusal):
    """A URL of no known form."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{masked_url(url)!r} names no ledger; write {FORMS}")


class LedgerUnreachable(Refusal):
    """A well-formed URL whose ledger cannot be used now."""

    def __init__(self, url: str, reason: object) -> None:
        super().__init__(
            f"the ledger {masked_url(url)} cannot be reached: {' '.join(str(reason).split())}"
        )


class DriverMissing(Refusal):
    """The engine's driver is not installed here."""

    EXTRAS: ClassVar = {"postgresql": "postgres", "umadb": "umadb"}

    def __init__(self, scheme: str, missing: ImportError) -> None:
        super().__init__(
            f"a ledger at {scheme}: needs its driver ({missing}); "
            f"install tenure[{self.EXTRAS[scheme]}]"
        )


@contextmanager
def open_recorder(
    url: str, patience: float = PATIENCE, replica: str | None = None
) -> Iterator[Recorder]:
    """The recorder for a URL, with its threads and connections until the end of the block.

    `patience`: the seconds to wait for the lock of another process, or for a connection. `replica`:
    the URL of a streaming replica to read a ledger in PostgreSQL from.

    Raises UnknownLedger, LedgerUnreachable, DriverMissing and NotALedger, never with a password in
    the message.
    """
    scheme, separator, _ = url.partition(":")
    if not separator or scheme not in ENGINES:
        raise UnknownLedger(url)
    import_driver(url)
    opened = ENGINES[scheme](url, patience) if replica is None else _replica(url, replica, patience)
    with opened as recorder:
        yield recorder


def refuse_unreachable(url: str, patience: float = PATIENCE) -> None:
    """Raises the refusals of `open_recorder`, and makes nothing: no file, no table."""
    if not url.startswith("postgresql:"):
        with open_recorder(url, patience):
            return
    import_driver(url)
    import psycopg

    from infra.ledger.postgresql import parse

    try:
        given = parse(url)
    except psycopg.ProgrammingError:
        raise UnknownLedger(url) from None
    try:
        psycopg.connect(**given).close()
    except psycopg.Error as error:
        raise LedgerUnreachable(url, error) from None


def import_driver(url: str) -> None:
    """Imports the engine's driver. Raises DriverMissing.

    UmaDB's driver can only be imported in the main thread, so a server imports the driver before
    opening the ledger in another thread.
    """
    scheme = url.partition(":")[0]
    try:
        if scheme == "umadb":
            _import_umadb()
        elif scheme == "postgresql":
            import_module("psycopg")
    except ImportError as missing:
        raise DriverMissing(scheme, missing) from None


def masked_url(url: str) -> str:
    """The URL without its passwords, fit for a message or a log."""
    without = re.sub(r"(//[^:/?@]*):.*@", r"\1:***@", url)
    return re.sub(r"(password=)[^&\s]*", r"\1***", without)


@contextmanager
def _memory(url: str, _patience: float) -> Iterator[Recorder]:
    if url != "memory:":
        raise UnknownLedger(url)
    from infra.ledger.memory import MemoryRecorder

    yield MemoryRecorder()


@contextmanager
def _sqlite(url: str, patience: float) -> Iterator[Recorder]:
    prefix, path = url[: len("sqlite:///")], url[len("sqlite:///") :]
    # SQLite itself would take ":memory:" for a new, empty database on each connection.
    if prefix != "sqlite:///" or path in {"", ":memory:"} or "\0" in path:
        raise UnknownLedger(url)
    with closing(open_sqlite(Path(path), patience)) as recorder:
        yield recorder


@contextmanager
def _postgresql(url: str, patience: float) -> Iterator[Recorder]:
    import psycopg

    from infra.ledger.postgresql import open_postgresql, parse

    try:
        given = parse(url)
    except psycopg.ProgrammingError:
        raise UnknownLedger(url) from None
    with ExitStack() as stack:
        try:
            recorder = stack.enter_context(open_postgresql(given, patience))
        except (psycopg.Error, PersistenceError) as error:
            raise LedgerUnreachable(url, error) from None
        yield recorder


@contextmanager
def _replica(url: str, replica: str, patience: float) -> Iterator[Recorder]:
    import psycopg

    from infra.ledger.postgresql import parse
    from infra.ledger.postgresql_replica import open_replica

    def parsed(each: str) -> dict[str, Any]:
        try:
            return parse(each)
        except psycopg.ProgrammingError:
            raise UnknownLedger(each) from None

    primary, standby = parsed(url), parsed(replica)
    with ExitStack() as stack:
        try:
            recorder = stack.enter_context(open_replica(primary, standby, patience))
        except (psycopg.Error, PersistenceError) as error:
            raise LedgerUnreachable(replica, error) from None
        yield recorder


@contextmanager
def _umadb(url: str, _patience: float) -> Iterator[Recorder]:
    host, port = _host_and_port(url)
    import umadb

    from infra.ledger.umadb import open_umadb

    with ExitStack() as stack:
        try:
            recorder = stack.enter_context(open_umadb(host, port))
        except (OSError, umadb.TransportError) as error:
            raise LedgerUnreachable(url, error) from None
        yield recorder


def _import_umadb() -> None:
    # It puts a handler of its own on Ctrl-C as it is imported, which would keep a server from
    # stopping in good order.
    if sys.modules.get("umadb") is None:
        handler = signal.getsignal(signal.SIGINT)
        import_module("umadb")
        signal.signal(signal.SIGINT, handler)


def _host_and_port(url: str) -> tuple[str, int]:
    form = re.fullmatch(r"umadb://(\[[0-9a-fA-F:]+\]|[^\s/:@?#\[\]]+):(\d{1,5})/?", url)
    if form is None or int(form[2]) > 65535:
        raise UnknownLedger(url)
    return form[1].strip("[]"), int(form[2])


ENGINES: dict[str, Callable[[str, float], AbstractContextManager[Recorder]]] = {
    "memory": _memory,
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "umadb": _umadb,
}
