"""One path served behind the middlewares of the application, and behind nothing else."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from fastapi import FastAPI
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class ShortWay:
    """The way of requests for one path: through every middleware, and straight to the application
    of that path.

    A cheap question is answered in about as long as the router takes to find its route, and the
    layers that FastAPI puts around the middlewares take as long as a middleware. Errors are
    answered by the same handlers as behind the router; an error without a handler is answered by
    the web server, with status 500 as FastAPI's layers would.
    """

    def __init__(self, app: FastAPI, path: str, methods: Collection[str], to: ASGIApp) -> None:
        self._app, self._to = app, to
        self._path, self._methods = path, frozenset(methods)
        self._layers: ASGIApp | None = None

    def takes(self, scope: Scope) -> bool:
        """Whether the request is one for this way."""
        return (
            scope["type"] == "http"
            and scope["path"] == self._path
            and scope["method"] in self._methods
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self._app
        scope["endpoint"] = self._to  # as the router says which application answers
        if self._layers is None:  # middlewares are added until the first request
            self._layers = self._built()
        await self._layers(scope, receive, send)

    def _built(self) -> ASGIApp:
        layers: ASGIApp = _Handled(self._to, self._app.exception_handlers)
        for middleware, args, kwargs in reversed(self._app.user_middleware):
            layers = middleware(layers, *args, **kwargs)
        return layers


class _Handled:
    """An application whose errors are answered by handlers."""

    def __init__(self, app: ASGIApp, handlers: Mapping[Any, Callable[..., Any]]) -> None:
        self._app, self._handlers = app, handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as failed:  # noqa: BLE001 - the handlers tell what is not theirs
            await self._handled(failed, scope, receive, send)

    async def _handled(self, failed: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        async def fail(scope: Scope, receive: Receive, send: Send) -> None:
            raise failed

        await ExceptionMiddleware(fail, self._handlers)(scope, receive, send)
