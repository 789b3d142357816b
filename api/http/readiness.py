"""Is a node ready, and if not, why? Answered at once, whatever hangs.

Separate threads examine the ledger and the views again and again; a request reads the last
findings. A hanging examination is itself a reason.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Generic, NamedTuple, TypeVar

from api.http.following import Following
from api.http.hindrances import SILENCE, Hindrance, hindrance_of
from api.http.witness_threads import WitnessProgress
from api.node import Node
from infra.ledger.dcb import CanBeProbed
from infra.ledger.legibility import PassedOver
from infra.ledger.outages import LedgerUnavailable, Outage
from infra.settings import Settings
from infra.views.outages import MENDED, ViewsUnavailable

log = logging.getLogger(__name__)

BEAT = 0.5
"""Seconds between two examinations, if nobody asks."""
WAIT = 0.04
"""Seconds that an answer waits for a fresh examination."""
LOCKED_FOR = 1.0
"""Seconds after which a lock is more than the turn of another writer."""
FREE = 8 * 1024 * 1024
"""The least bytes of free disk."""
_SHARE = 50
"""The part of the time for checks of all pages: a fiftieth."""

Found = TypeVar("Found")


class LedgerHealth(NamedTuple):
    """The findings of an examination of the ledger."""

    head: int | None
    hindrances: Sequence[Hindrance]


class ViewsHealth(NamedTuple):
    """The findings of an examination of the views and the log."""

    position: int | None
    leaves: int
    log_position: int
    unreadable: Sequence[int]
    left_out: Sequence[int]
    hindrances: Sequence[Hindrance]


class Examiner(Thread, Generic[Found]):
    """A thread for examinations on every beat and on request, with the last findings."""

    def __init__(
        self, name: str, examine: Callable[[], Found], pause: Callable[[float], float]
    ) -> None:
        """`pause` gives the seconds to the next examination from the seconds of the last."""
        super().__init__(name=name, daemon=True)
        self._examine, self._pause = examine, pause
        self._ending, self._hurry, self._lock = Event(), Event(), Lock()
        self._waiting: list[Future[None]] = []
        self._since = time.monotonic()
        self.found: Found | None = None

    def run(self) -> None:
        while not self._ending.is_set():
            with self._lock:
                waiting, self._waiting = self._waiting, []
            self._hurry.clear()
            began = self._since = time.monotonic()
            try:
                self.found = self._examine()
            except Exception:
                log.exception("the %s can't be examined", self.name)
            for each in waiting:
                with suppress(Exception):  # whoever asked is gone
                    each.set_result(None)
            self._since = time.monotonic()
            self._hurry.wait(self._pause(self._since - began))

    def request(self) -> Future[None]:
        """Done with the next examination."""
        done: Future[None] = Future()
        with self._lock:
            self._waiting.append(done)
        self._hurry.set()
        return done

    @property
    def silence(self) -> float:
        """The seconds since an examination last began or ended."""
        return time.monotonic() - self._since

    def end(self) -> None:
        """Ends the thread with its examination, or leaves a hanging one behind."""
        self._ending.set()
        self._hurry.set()
        self.join(SILENCE)


class Readiness:
    """The examiners of a node, and the answer of `/readyz`."""

    def __init__(
        self,
        node: Node,
        following: Following,
        settings: Settings,
        stopping: Event | None = None,
    ) -> None:
        """`stopping` is set once the server is to end."""
        self._stopping = stopping or Event()
        self._node, self._following, self._settings = node, following, settings
        self._locked_since: float | None = None
        self._ledger = Examiner("ledger", self._examine_ledger, lambda _: BEAT)
        self._views = Examiner("views", self._examine_views, lambda _: BEAT)
        self._pages = Examiner("pages of the views", self._check_pages, _rarely)

    def start(self) -> None:
        for each in self._examiners:
            each.start()

    def stop(self) -> None:
        for each in self._examiners:
            each.end()

    @property
    def _examiners(self) -> Sequence[Examiner[Any]]:
        return self._ledger, self._views, self._pages

    @property
    def head(self) -> int | None:
        """The last position of the ledger, as of the last examination."""
        return self._ledger.found.head if self._ledger.found else None

    async def answer(self) -> tuple[int, dict[str, Any]]:
        """The status and the document of `/readyz`."""
        asked = [asyncio.wrap_future(each.request()) for each in (self._ledger, self._views)]
        await asyncio.wait(asked, timeout=WAIT)
        reasons = list(self._reasons())
        ledger, views = self._ledger.found, self._views.found
        head = ledger.head if ledger else None
        position = views.position if views else None
        return 503 if reasons else 200, {
            "ready": not reasons,
            "reasons": [each._asdict() for each in reasons],
            "position": head,
            "views": {
                each.name: {"position": position, "lag": _lag(head, position)}
                for each in self._node.answers.projections
            },
            "log": {
                "size": views.leaves if views else 0,
                "position": views.log_position if views else 0,
                "lag": _lag(head, views.log_position if views else None),
            },
            "witnesses": [
                _progress(each, views.leaves if views else 0) for each in self._following.witnesses
            ],
            "unreadable": list(views.unreadable) if views else [],
            "leftOut": list(views.left_out) if views else [],
        }

    def _reasons(self) -> Iterator[Hindrance]:
        if self._stopping.is_set():
            yield Hindrance("Draining", "the server is about to end; ask another")
        found = 0
        for examiner, what in ((self._ledger, "Ledger"), (self._views, "Views")):
            for each in self._reasons_of(examiner, what):
                found += 1
                yield each
        for each in self._pages.found or ():
            found += 1
            yield each
        if not found and (behind := self._following.hindrance):
            yield behind

    def _reasons_of(self, examiner: Examiner[Any], what: str) -> Iterator[Hindrance]:
        if examiner.silence > SILENCE:
            words = f"the {examiner.name} did not answer for {examiner.silence:.0f} seconds"
            yield Hindrance(f"{what}{Outage.NO_ANSWER}", words)
        elif examiner.found is None:
            words = f"the {examiner.name} could not be examined yet"
            yield Hindrance(f"{what}{Outage.NO_ANSWER}", words)
        else:
            yield from examiner.found.hindrances

    # ---- in the threads of the examiners -----------------------------------------------------

    def _examine_ledger(self) -> LedgerHealth:
        head, found = None, list[Hindrance]()
        try:
            self._probe()  # first: a probe waits a moment, a reading for the lock
            head = self._node.ledger.head
        except LedgerUnavailable as out:
            if self._is_mere_turn(out):
                head = self._ledger.found.head if self._ledger.found else None
            else:
                log.warning("the ledger can't be read, or not written: %s", out)
                found.append(hindrance_of(out))
        except Exception as failed:
            log.exception("the ledger can't be read")
            words = f"the ledger can't be read ({type(failed).__name__})"
            found.append(Hindrance(f"Ledger{Outage.UNREADABLE}", words))
        else:
            self._locked_since = None
        if path := self._settings.ledger_file:
            found += _disk("Ledger", path)
        return LedgerHealth(head, found)

    def _probe(self) -> None:
        recorder = self._node.ledger.recorder
        if isinstance(recorder, CanBeProbed):
            recorder.probe()

    def _is_mere_turn(self, out: LedgerUnavailable) -> bool:
        """Whether another process has just its turn to write."""
        if out.outage is not Outage.LOCKED:
            self._locked_since = None
            return False
        self._locked_since = self._locked_since or time.monotonic()
        return time.monotonic() - self._locked_since < LOCKED_FOR

    def _examine_views(self) -> ViewsHealth:
        views, found = self._node.views, list[Hindrance]()
        position: int | None = None
        passed: Sequence[PassedOver] = ()
        try:
            if fault := views.fault():
                why = f"{fault}; {MENDED}"
                raise ViewsUnavailable(Outage.DAMAGED, why, str(views.path))
            position, passed = views.position, views.passed_over
        except ViewsUnavailable as out:
            found.append(hindrance_of(out))
        found += _disk("Views", views.path)
        last = self._last_leaf(found)
        unreadable = [each.position for each in passed if each.rests_on is None]
        left_out = [each.position for each in passed if each.rests_on is not None]
        return ViewsHealth(position, *last, unreadable, left_out, found)

    def _last_leaf(self, found: list[Hindrance]) -> tuple[int, int]:
        """The size of the log, and the position of its last leaf."""
        try:
            last = self._node.log.log.last
        except Exception as failed:
            log.exception("the log can't be read")
            words = f"the log can't be read ({type(failed).__name__}); 'tenure rebuild --log'"
            found.append(Hindrance(f"Log{Outage.DAMAGED}", f"{words} makes its leaves again"))
            return 0, 0
        return (last.number + 1, last.position) if last else (0, 0)

    def _check_pages(self) -> Sequence[Hindrance]:
        try:
            damage = self._node.views.damaged_page()
        except ViewsUnavailable as out:
            return [hindrance_of(out)]
        if damage is None:
            return []
        why = f"their file is damaged ({' '.join(damage.split())[:200]}); {MENDED}"
        return [hindrance_of(ViewsUnavailable(Outage.DAMAGED, why))]


def _rarely(took: float) -> float:
    return max(2 * BEAT, _SHARE * took)


def _progress(witness: WitnessProgress, size: int) -> dict[str, Any]:
    """How far a witness with an address lags behind the log."""
    return {
        "name": witness.name,
        "size": witness.size,
        "lag": None if witness.size is None else max(0, size - witness.size),
        "failing": witness.is_failing,
    }


def _lag(head: int | None, position: int | None) -> int | None:
    return None if head is None or position is None else max(0, head - position)


def _disk(what: str, path: Path) -> list[Hindrance]:
    """Whether the disk of a file is full, or about to be."""
    try:
        room = os.statvfs(path.parent)
    except OSError:
        return []
    free = room.f_bavail * room.f_frsize
    is_read_only = bool(room.f_flag & os.ST_RDONLY)
    if free >= FREE or is_read_only:
        return []
    words = f"the disk of the {what.lower()} is full: {free:,} bytes are free; make room"
    return [Hindrance(f"{what}{Outage.DISK_FULL}", words)]
