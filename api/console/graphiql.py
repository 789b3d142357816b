"""Who gets GraphiQL? A browser that opens /graphql without a question."""

from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.console.page import HtmlPage
from api.graphql.messages import prefers_html

_QUESTIONS = frozenset({b"query", b"documentId", b"extensions"})


class GraphiQLFirst:
    """Gives the page, past the layers behind: it holds no answers, and a browser that opens an
    address has no token to show. Every other request goes on."""

    def __init__(
        self, app: ASGIApp, path: str, page: HtmlPage, is_for: Callable[[HTTPConnection], bool]
    ) -> None:
        self._app, self._path, self._page, self._is_for = app, path, page, is_for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["path"] != self._path
            or scope["method"] not in ("GET", "HEAD")
            or not _opens_a_page(scope)
            or not self._is_for(HTTPConnection(scope))
        ):
            await self._app(scope, receive, send)
            return
        answer = self._page.answer(Request(scope))
        answer.headers.add_vary_header("Accept")
        await answer(scope, receive, send)


def _opens_a_page(scope: Scope) -> bool:
    accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    if b"text/html" not in accept or not prefers_html(accept):
        return False
    asked = parse_qs(scope["query_string"], keep_blank_values=True)
    return not _QUESTIONS & asked.keys()
