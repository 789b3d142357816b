"""One path served without the router, behind the same middlewares."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class ShortWay:
    """The innermost middleware: requests for one path go straight to the application of that path.

    A cheap question is answered in about as long as the router takes to find its route. Errors are
    answered by the same `handlers` as behind the router.
    """

    def __init__(
        self,
        app: ASGIApp,
        path: str,
        methods: Collection[str],
        to: ASGIApp,
        handlers: Mapping[Any, Callable[..., Any]],
    ) -> None:
        self._app, self._to = app, to
        self._path, self._methods = path, frozenset(methods)
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_short = (
            scope["type"] == "http"
            and scope["path"] == self._path
            and scope["method"] in self._methods
        )
        if not is_short:
            await self._app(scope, receive, send)
            return
        scope["endpoint"] = self._to  # as the router says which application answers
        try:
            await self._to(scope, receive, send)
        except Exception as failed:  # noqa: BLE001 - the handlers tell what is not theirs
            await self._handled(failed, scope, receive, send)

    async def _handled(self, failed: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        async def fail(scope: Scope, receive: Receive, send: Send) -> None:
            raise failed

        await ExceptionMiddleware(fail, self._handlers)(scope, receive, send)
