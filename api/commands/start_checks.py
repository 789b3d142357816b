"""What keeps a server from starting? Everything at once, not one fault at a time.

Nothing is made: no ledger, no views, no log.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.commands.listening import CannotServe, listen
from api.http.auth.gate import NoReaders
from api.http.auth.jwt_keys import read_jwt_keys
from api.http.auth.keys_file import read_keys
from api.http.graphql_routes import shipped_documents
from api.http.operations.access_log import STDERR, AccessLog
from api.http.operations.traces import are_traces_wanted
from domain.refusals import Refusal
from infra.ledger.engines import LedgerUnreachable, masked_url, refuse_unreachable
from infra.log.key_files import Keys
from infra.settings import Settings
from infra.spelling import misspelt

_PREFIX = "TENURE_"
_LONGEST_VALUE = 200
_PATIENCE = 5.0
"""Seconds to wait for the locks of other processes."""
_PMTILES = b"PMTiles\x03"
"""The first bytes of an archive."""
_OF_LINKS = re.compile(
    r"TENURE(_[A-Z0-9_]+)?_(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT(_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)"
)
"""Kubernetes and Docker set these for other containers where a service is called "tenure"."""


class StartFault(NamedTuple):
    """A reason against a start."""

    words: str
    may_pass: bool = False
    """Whether the same settings may work later, as once a database is up."""


class CheckedStart(NamedTuple):
    """What a server can start with, as far as can be seen."""

    settings: Settings
    documents: Mapping[str, str] | None
    """The documents of TENURE_DOCUMENTS by their ids, each checked."""


class CannotStart(Refusal):
    """A server that can't start, with every reason."""

    def __init__(self, problems: list[StartFault]) -> None:
        super().__init__("\n".join(each.words for each in problems))
        self._problems = problems

    @property
    def lines(self) -> list[str]:
        number = len(self._problems)
        found = [each.words for each in self._problems]
        return found if number == 1 else [f"{number} things keep the server from starting:", *found]

    @property
    def exit_code(self) -> int:
        """2 where settings are wrong, and starting again won't help; else 1."""
        return 1 if all(each.may_pass for each in self._problems) else 2


def checked_start(
    environment: Mapping[str, str], host: str, port: int, workers: int = 1
) -> CheckedStart:
    """The settings of a server that can start, with its documents. Raises CannotStart."""
    problems = list(_unknown_names(environment))
    settings = None
    usable = dict(environment)
    while settings is None:
        try:
            settings = Settings.of(usable)
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                problems.append(StartFault(_words_of(error, environment)))
                _take_out(error, usable)
    problems += _problems_of(settings, host, port)
    documents: dict[str, str] = {}
    if manifests := settings.documents:
        problems += _found(
            "TENURE_DOCUMENTS", lambda: documents.update(shipped_documents(manifests))
        )
    if workers > 1 and settings.ledger == "memory:":
        problems.append(
            StartFault(
                "TENURE_LEDGER=memory:: a ledger in memory is in one process alone; --workers "
                "needs a ledger in SQLite, PostgreSQL or UmaDB"
            )
        )
    if problems:
        raise CannotStart(problems)
    return CheckedStart(settings, documents or None)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


# ---- names and values --------------------------------------------------------------------------


def _unknown_names(environment: Mapping[str, str]) -> Iterator[StartFault]:
    known = [name.upper() for name in Settings.model_fields]
    for name in sorted(environment):
        prefix, bare = name[: len(_PREFIX)], name[len(_PREFIX) :]
        if prefix == _PREFIX and bare not in known and not _OF_LINKS.fullmatch(name):
            near = misspelt(bare[:_LONGEST_VALUE], known)
            hint = f"did you mean {_PREFIX}{near[0]}?" if near else "unset it"
            yield StartFault(f"{name[:_LONGEST_VALUE]}: there is no such setting; {hint}")


def _words_of(error: ErrorDetails, environment: Mapping[str, str]) -> str:
    message = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return message
    name = f"{_PREFIX}{str(error['loc'][0]).upper()}"
    value = masked_url(environment.get(name, ""))[:_LONGEST_VALUE]
    return f"{name}={value}: {message[:1].lower()}{message[1:]}"


def _take_out(error: ErrorDetails, environment: dict[str, str]) -> None:
    """Leaves the setting at fault out, so that the others can be looked at; without a name the
    three of JWTs, which are set together."""
    wrong = f"{_PREFIX}{str(error['loc'][0]).upper()}" if error["loc"] else f"{_PREFIX}JWT_"
    for name in [each for each in environment if each.startswith(wrong)]:
        del environment[name]


# ---- files, ledger, address --------------------------------------------------------------------


def _problems_of(settings: Settings, host: str, port: int) -> Iterator[StartFault]:
    keys = Keys(settings.signing_key, settings.witnesses)
    has_keys = bool(settings.keys or settings.jwt_keys)
    for name, check in (
        ("TENURE_KEYS", lambda: settings.keys and read_keys(settings.keys)),
        ("TENURE_JWT_KEYS", lambda: settings.jwt_keys and read_jwt_keys(settings.jwt_keys)),
        ("TENURE_SIGNING_KEY", lambda: keys.signer),
        ("TENURE_WITNESSES", lambda: keys.addressed_witnesses),
        ("TENURE_MAP_TILES", lambda: _refuse_no_tiles(settings.map_tiles)),
        ("TENURE_ACCESS_LOG", lambda: _try_access_log(settings.access_log)),
        ("TENURE_VIEWS", lambda: _refuse_unwritable(settings.views)),
        ("", lambda: are_traces_wanted(os.environ)),
    ):
        yield from _found(name, check)
    if settings.read == "keys" and not has_keys:
        yield StartFault(str(NoReaders()))
    if not is_loopback(host) and not has_keys:
        yield StartFault(
            f"{host} can be reached by others, and no keys are set: anybody could record. "
            "Name a file of keys in TENURE_KEYS, or serve on 127.0.0.1"
        )
    yield from _found("TENURE_LEDGER", lambda: refuse_unreachable(settings.ledger, _PATIENCE))
    if replica := settings.ledger_replica:
        yield from _found("TENURE_LEDGER_REPLICA", lambda: refuse_unreachable(replica, _PATIENCE))
    try:
        listen(host, port).close()
    except CannotServe as taken:
        yield StartFault(str(taken), may_pass=True)


def _found(name: str, check: Callable[[], Any]) -> Iterator[StartFault]:
    try:
        check()
    except Refusal as refused:
        before = f"{name}: " if name and name not in str(refused) else ""
        yield StartFault(f"{before}{refused}", may_pass=isinstance(refused, LedgerUnreachable))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        yield StartFault(f"{name}: {place}{(error.strerror or str(error)).lower()}")


def _try_access_log(path: str | None) -> None:
    if path and path != STDERR and not Path(path).exists():
        _refuse_unwritable(Path(path))
    elif path:
        AccessLog(path).close()


def _refuse_no_tiles(path: Path | None) -> None:
    """Raises OSError where the file can't be read or is no PMTiles archive."""
    if path is None:
        return
    with path.open("rb") as archive:
        if archive.read(len(_PMTILES)) != _PMTILES:
            raise OSError(0, "this is no PMTiles archive of version 3", str(path))


def _refuse_unwritable(path: Path) -> None:
    """Raises OSError where the file can't be made or written."""
    if path.exists():
        if not path.is_file():
            raise OSError(0, "this is no file", str(path))
        if not os.access(path, os.W_OK):
            raise OSError(0, "this file can't be written", str(path))
        return
    folder = path.absolute().parent
    if not folder.is_dir():
        raise OSError(0, "there is no such folder; make it", str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(0, "no file can be made in this folder", str(folder))
