"""A kept answer, given before the whole way of a request begins.

Such an answer takes less than the way through the layers of a server. Whatever they do for it is
done here by the same functions: who may read is asked first, and the end of the request is told.
Everything else goes the whole way.
"""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Generic, NamedTuple, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import Scope, Send

from api.graphql.execution import Reply
from api.graphql.kept import KeptAnswers, Resting, note_kept
from api.graphql.messages import EventStreams, event_streams_for, negotiate
from api.graphql.request_notes import RequestNotes, new_notes
from api.http.auth.admission import admit, mark_for_caches
from api.http.auth.gate import Gate
from api.http.cross_origin import CrossOriginMiddleware
from api.http.operations.observation import Observation

T = TypeVar("T")
_POSITION = b"tenure-position"


class ReadOncePerTurn(Generic[T]):
    """What is read once for all requests that the event loop answers in one turn: each of them had
    arrived before. It is forgotten before anything that happens later is looked at."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._found: tuple[T] | None = None

    def __call__(self) -> T:
        if self._found is None:
            self._found = (self._read(),)
            asyncio.get_running_loop().call_soon(self._forget)
        return self._found[0]

    def _forget(self) -> None:
        self._found = None


class GivenFirst(NamedTuple):
    """A kept answer for an admitted request, and the notes of the request."""

    reply: Reply
    notes: RequestNotes
    began: float


class KeptFirst:
    """The kept answers of one path, for requests by GET."""

    def __init__(
        self,
        path: str,
        answers: KeptAnswers,
        rests_on: Callable[[], Resting | None],
        gate: Gate,
        observation: Observation,
        cross_origin: CrossOriginMiddleware | None,
    ) -> None:
        self._path, self._answers, self._gate = path, answers, gate
        self._rests_on = ReadOncePerTurn(rests_on)
        self._observation, self._cross_origin = observation, cross_origin

    def find(self, scope: Scope) -> GivenFirst | None:
        """The answer, if one was kept and the author may read."""
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] != "GET":
            return None
        began, headers = perf_counter(), dict(scope["headers"])
        accept = headers.get(b"accept", b"")
        media = negotiate(accept)
        # Whoever names a position waits for it, and may have learnt of it in this turn.
        if (
            media is None
            or _POSITION in headers
            or event_streams_for(accept) is EventStreams.EVERYTHING
        ):
            return None
        asked = (media, True, scope["query_string"])
        if not self._answers.has(asked) or not self._is_admitted(scope):
            return None
        reply = self._answers.get(asked, self._rests_on())
        if reply is None:
            return None
        notes = new_notes(scope)
        note_kept(notes, reply)
        return GivenFirst(reply.unless_known(headers.get(b"if-none-match", b"")), notes, began)

    def _is_admitted(self, scope: Scope) -> bool:
        try:
            admit(self._gate, HTTPConnection(scope))
        except HTTPException:
            return False  # the whole way is told the same, and refuses
        return True

    async def give(self, found: GivenFirst, scope: Scope, send: Send) -> None:
        """Answers the request."""
        start = found.reply.start
        mark_for_caches(self._gate, scope, start)
        if self._cross_origin:
            self._cross_origin.mark(scope, start)
        status, size = start["status"], len(found.reply.body)
        try:
            await send(start)
            await send({"type": "http.response.body", "body": found.reply.body})
        finally:
            self._observation.tell(scope, found.notes, status, found.began, size)
