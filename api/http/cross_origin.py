"""Which pages of other sites may read our answers? Those of the origins in the settings (CORS).

Without origins in the settings this is no part of the server, and browsers show our answers to no
page of another site. No cookies are used here, so that credentials are never allowed.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANY = "*"
_EXPOSED = "ETag, Retry-After, Tenure-Position, WWW-Authenticate"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "*, Authorization",  # the star does not cover this one
    "Access-Control-Max-Age": "7200",
}


class CrossOriginMiddleware:
    """Lets the pages of some origins read every answer, refusals too; of `*`, of all.

    A page asks beforehand without its token, so this stands before the admission of authors.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        allowed = self._allowed(asked.getlist("origin"))
        if scope["method"] == "OPTIONS" and "access-control-request-method" in asked:
            answer = self._preflight(allowed)
            await answer(scope, receive, send)
            return

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._mark(MutableHeaders(scope=message), allowed)
            await send(message)

        await self._app(scope, receive, send_with_origin)

    def mark(self, scope: Scope, start: Message) -> None:
        """Marks the start of an answer that is given without the layers behind."""
        allowed = self._allowed(Headers(scope=scope).getlist("origin"))
        self._mark(MutableHeaders(scope=start), allowed)

    def _allowed(self, origins: list[str]) -> str | None:
        """The value of Access-Control-Allow-Origin. Of `*` it is the same for all, without an
        origin too: one answer in a cache is good for everybody."""
        if ANY in self._origins:
            return ANY
        return origins[0] if len(origins) == 1 and origins[0] in self._origins else None

    def _mark(self, headers: MutableHeaders, allowed: str | None) -> None:
        if allowed is not None:
            headers["Access-Control-Allow-Origin"] = allowed
            headers["Access-Control-Expose-Headers"] = _EXPOSED
        if ANY not in self._origins:
            # On every answer: a cache must not give a page what was made for none.
            headers.add_vary_header("Origin")

    def _preflight(self, allowed: str | None) -> Response:
        if allowed is None:
            answer: Response = PlainTextResponse("no page of this origin may read here\n", 403)
        else:
            answer = Response(status_code=204, headers=_PREFLIGHT)
        self._mark(answer.headers, allowed)
        return answer
