"""Read your writes: a request is answered once the views have reached the position it names.

A reply tells in `Tenure-Position` from which position it was answered, or at which a mutation was
recorded. A request with that header, to any node of the ledger, waits until the node has it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from sqlite3 import DatabaseError

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.graphql.messages import Busy, Malformed
from api.http.auth.admission import PUBLIC, principal_of_scope
from domain.refusals import Unavailable

HEADER = "Tenure-Position"
_HEADER = HEADER.lower().encode()
PATIENCE = 2.0
"""Seconds that a request waits."""
_DIGITS = 15
"""The most digits of a position: no ledger is as long."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.05
"""Seconds between two looks at the views, while anybody waits."""
_MOST, _MOST_AHEAD = 128, 32
"""The most requests that wait at once, and of these behind the last known entry of the ledger."""


class NotReached(Malformed):
    """The views have not reached the position in time."""

    retry_after = b"1"

    def __init__(self, position: int, reached: int | None) -> None:
        now = "can't be read now" if reached is None else f"are at position {reached}"
        super().__init__(
            503,
            f"The views of this node have not reached position {position}: they {now}. Ask again, "
            "or another node.",
            code="PositionNotReached",
        )


class NoPosition(Malformed):
    """The header, or the argument, is no position of a ledger."""

    def __init__(self, what: str) -> None:
        super().__init__(
            400, f"{what} is a position of the ledger: a number of 1 to {_DIGITS} digits."
        )


class TokenComesLater(Malformed):
    """The handshake of a WebSocket whose token comes in the first message: nobody waits before."""

    def __init__(self) -> None:
        super().__init__(
            401,
            f"A WebSocket with the header {HEADER} needs its token in the header Authorization.",
            code="Unauthorized",
        )


class Positions:
    """The requests that wait for the views to move on; one look at the views serves all."""

    def __init__(
        self, reached: Callable[[], int], head: Callable[[], int | None] = lambda: None
    ) -> None:
        """`reached` reads the position of the views, `head` the last known one of the ledger."""
        self._read, self._head = reached, head
        self._waiting: dict[asyncio.Future[None], int] = {}
        self._looking: asyncio.Task[None] | None = None

    async def reach(self, position: int) -> None:
        """Returns once the views are at the position. Raises NoPosition, NotReached, Busy,
        and asyncio.CancelledError."""
        if not 0 <= position < 10**_DIGITS:
            raise NoPosition("The position to wait for")
        if self._has(position):
            return
        self._refuse_crowds(position)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[future] = position
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            async with asyncio.timeout(PATIENCE):
                await future
        except TimeoutError:
            raise NotReached(position, self._reached()) from None
        finally:
            self._waiting.pop(future, None)

    def _refuse_crowds(self, position: int) -> None:
        head = self._head()
        ahead = sum(1 for each in self._waiting.values() if head is None or each > head)
        is_ahead = head is None or position > head
        if len(self._waiting) >= _MOST or (is_ahead and ahead >= _MOST_AHEAD):
            raise Busy("Too many requests wait for later positions; ask again.")

    async def _look(self) -> None:
        pause = _FIRST_PAUSE
        while self._waiting:
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, 1.5 * pause)
            reached = self._reached()
            for future, position in [*self._waiting.items()]:
                if reached is not None and position <= reached and not future.done():
                    future.set_result(None)
                    pause = _FIRST_PAUSE

    def _has(self, position: int) -> bool:
        reached = self._reached()
        return reached is not None and position <= reached

    def _reached(self) -> int | None:
        with suppress(Unavailable, DatabaseError):
            return self._read()
        return None


class PositionMiddleware:
    """Has every request with the header wait for the views, the handshake of a WebSocket too;
    `Positions` are in `app.state`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and scope["path"] not in PUBLIC:
            try:
                if (position := _asked(scope)) is not None:
                    if "read" not in principal_of_scope(scope).scopes:
                        raise TokenComesLater
                    await scope["app"].state.positions.reach(position)
            except Malformed as refused:
                await _refusal(refused, scope["path"])(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _asked(scope: Scope) -> int | None:
    """The position in the header. Raises NoPosition."""
    given = [value for name, value in scope["headers"] if name == _HEADER]
    if not given:
        return None
    text = given[0].decode("latin-1").strip()
    if len(given) > 1 or not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise NoPosition(f"The header {HEADER}")
    return int(text)


def _refusal(refused: Malformed, path: str) -> Response:
    """In the form of the errors of that path."""
    told = {"code": refused.code, "message": refused.message, "field": HEADER}
    if path == "/graphql":
        error = {"message": refused.message, "extensions": {"code": refused.code}}
        body = orjson.dumps({"errors": [error]})
    else:
        body = orjson.dumps(told)
    headers = {"Cache-Control": "no-store"}
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refused.retry_after:
        headers["Retry-After"] = refused.retry_after.decode()
    return Response(body, refused.status, headers, media_type="application/json")
