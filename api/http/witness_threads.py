"""The threads of a server that submit checkpoints to witnesses.

A thread for each witness, apart from recording and from the follower: a slow witness is awaited by
its own thread alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom
from threading import Event, Thread

from domain.refusals import Refusal
from infra.log.submission_rounds import SubmissionRounds
from infra.log.transparency_log import TransparencyLog
from infra.log.witness_client import WitnessClient
from infra.log.witness_files import Witness

log = logging.getLogger(__name__)

_PAUSE = 0.5
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_STOPPING = 1.0
"""Seconds between looks at the log, before another attempt at first and at most, and for an end."""


@dataclass(frozen=True, slots=True)
class WitnessProgress:
    """How far a witness has cosigned this log."""

    name: str
    size: int | None
    """None before the first answer."""
    is_failing: bool


class WitnessThread(Thread):
    """Submits the newest checkpoint to one witness, until `stop`."""

    def __init__(self, client: WitnessClient, rounds: SubmissionRounds) -> None:
        super().__init__(name=f"witness {client.key.name}", daemon=True)
        self._client, self._rounds = client, rounds
        self._stopping = Event()
        self._failures = 0
        self._told = ""

    @property
    def progress(self) -> WitnessProgress:
        return WitnessProgress(self._client.key.name, self._client.size, self._failures > 0)

    def run(self) -> None:
        wait = _PAUSE
        while not self._stopping.wait(wait):
            try:
                self._step()
                wait = _PAUSE
            except Exception as error:  # noqa: BLE001 - it is logged, and tried again
                wait = self._next_wait()
                if not self._stopping.is_set():
                    self._tell(error)
                    self._rounds.failed(self._client.key)

    def stop(self) -> None:
        """Tells the thread to end, and breaks off an awaited answer."""
        self._stopping.set()
        self._client.close()

    def _step(self) -> None:
        key = self._client.key
        note = self._rounds.next_for(key)
        if note is None:
            return
        made = self._client.submit(note)
        self._rounds.cosigned(key, note, made)
        if self._failures:
            log.warning("the witness %s cosigns again", key.name)
        self._failures, self._told = 0, ""

    def _next_wait(self) -> float:
        longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(self._failures, 10))
        self._failures += 1
        return SystemRandom().uniform(longest / 2, longest)

    def _tell(self, error: Exception) -> None:
        """Logs a failure, once for each reason in a row."""
        if str(error) == self._told:
            return
        self._told = str(error)
        words = "the witness %s gives no cosignature: %s; trying again"
        trace = None if isinstance(error, Refusal) else error
        log.warning(words, self._client.key.name, error, exc_info=trace)


class WitnessThreads:
    """The threads for all witnesses with an address; none on a node that doesn't sign."""

    def __init__(self, transparency_log: TransparencyLog, witnesses: Sequence[Witness]) -> None:
        submitted = [each for each in witnesses if each.url] if transparency_log.keys.signer else []
        self._rounds = SubmissionRounds(transparency_log, [each.key for each in submitted])
        self._threads = [
            WitnessThread(WitnessClient(transparency_log, each.key, each.url), self._rounds)
            for each in submitted
            if each.url
        ]

    @property
    def progress(self) -> list[WitnessProgress]:
        return [each.progress for each in self._threads]

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """Ends the threads, and keeps their cosignatures; a hanging thread is left behind."""
        for each in self._threads:
            each.stop()
        for each in self._threads:
            if each.is_alive():
                each.join(_STOPPING)
        self._rounds.keep()
