"""The wall around the application: every path that is not named public needs the right to read.

A new route is behind the wall without a word of its own. It asks `principal_of` for the author, and
`require_scope` for more than reading.
"""

import asyncio
import signal
import threading
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.auth.gate import NOBODY, Gate
from api.schema.context import Principal

PUBLIC = frozenset({"/healthz", "/readyz"})
"""The paths of probes, which carry no tokens: answered to everybody, and in detail to readers."""
SOCKETS = frozenset({"/graphql"})
"""The paths of WebSockets whose clients may send their token in the first message: browsers can't
send a header."""
_PRINCIPAL, _REFUSED = "tenure.principal", "tenure.refused"


class AdmissionMiddleware:
    """Admits requests of authors who may read, and remembers the author for the routes.

    Where reading needs a token, no shared cache keeps an answer.
    """

    def __init__(self, app: ASGIApp, gate: Gate, public: Set[str] = PUBLIC) -> None:
        self._app, self._gate, self._public = app, gate, public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        try:
            admit(self._gate, asked)
        except HTTPException as refused:
            if scope["path"] not in self._public and not _may_introduce_itself(asked, refused):
                await _refuse(refused, scope, receive, send)
                return
            scope[_PRINCIPAL] = NOBODY
        if not self._gate.has_keys:
            await self._app(scope, receive, send)
            return

        async def send_for_caches(message: Message) -> None:
            if message["type"] == "http.response.start":
                mark_for_caches(self._gate, scope, message)
            await send(message)

        await self._app(scope, receive, send_for_caches)


def admit(gate: Gate, asked: HTTPConnection) -> None:
    """Remembers the author, or the refusal, so that a token is looked at once. Raises HTTPException
    as `Gate.admit` does."""
    scope = asked.scope
    if _REFUSED in scope:
        raise scope[_REFUSED]
    if _PRINCIPAL in scope:
        return
    try:
        scope[_PRINCIPAL] = gate.admit(asked)
    except HTTPException as refused:
        scope[_REFUSED] = refused
        raise


def mark_for_caches(gate: Gate, scope: Scope, start: Message) -> None:
    """Where reading needs a token, the start of an answer says so to caches."""
    if gate.has_keys:
        is_public = gate.may_anybody_read(HTTPConnection(scope))
        _limit_caches(MutableHeaders(scope=start), is_public=is_public)


def principal_of(request: HTTPConnection) -> Principal:
    """The author of an admitted request; nobody, without the wall."""
    return principal_of_scope(request.scope)


def principal_of_scope(scope: Scope) -> Principal:
    """The same, from the scope of a request."""
    principal: Principal = scope.get(_PRINCIPAL, NOBODY)
    return principal


def for_readers(request: Request, answer: Mapping[str, Any], *shown: str) -> Mapping[str, Any]:
    """The answer of a probe: whole for authors who may read, else the `shown` fields alone."""
    if "read" in principal_of(request).scopes:
        return answer
    return {name: answer[name] for name in shown}


def _may_introduce_itself(asked: HTTPConnection, refused: HTTPException) -> bool:
    is_socket = asked.scope["type"] == "websocket" and asked.scope["path"] in SOCKETS
    return is_socket and refused.status_code == 401 and "authorization" not in asked.headers


def _limit_caches(headers: MutableHeaders, *, is_public: bool) -> None:
    kept = headers.get("cache-control", "")
    if not is_public and "public" in kept:
        kept = headers["cache-control"] = kept.replace("public", "private")
    if "public" not in kept:
        headers.add_vary_header("Authorization")


async def _refuse(refused: HTTPException, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Cache-Control": "no-store", **(refused.headers or {})}
    answer = JSONResponse({"detail": refused.detail}, refused.status_code, headers)
    await answer(scope, receive, send)


@contextmanager
def reloading_on_hangup(gate: Gate) -> Iterator[None]:
    """Inside the block SIGHUP has the files of keys read again, instead of ending the server.

    Only in the main thread of a node with keys, and where there are signals.
    """
    hangup = getattr(signal, "SIGHUP", None)
    is_main = threading.current_thread() is threading.main_thread()
    if hangup is None or not is_main or not gate.has_keys:
        yield
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(hangup, gate.reload)
    try:
        yield
    finally:
        loop.remove_signal_handler(hangup)
