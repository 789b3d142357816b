"""Answers: is a request on the short way answered as behind the router?"""

import pytest
from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.application import Application
from api.http.short_way import ShortWay


class Lost(Exception):
    pass


class Answering:
    """Answers with what is in the query, or raises it. An application, as the view is one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raised = {b"lost": Lost("it is lost"), b"refused": HTTPException(418, "refused")}
        if error := raised.get(scope["query_string"]):
            raise error
        is_routed = "path_params" in scope
        await PlainTextResponse("routed" if is_routed else "short")(scope, receive, send)


class Stamping:
    """A middleware that marks every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-stamp", b"1")]
            await send(message)

        await self._app(scope, receive, stamped)


def _lost(request: Request, lost: Exception) -> Response:
    return PlainTextResponse(f"{request.url.path}: {lost}", 503)


@pytest.fixture(params=["short", "routed"])
def client(request: pytest.FixtureRequest) -> TestClient:
    app, methods = Application(), ["GET", "POST"]
    app.router.routes.append(Route("/asked", Answering(), methods=methods))
    if request.param == "short":
        app.short_way = ShortWay(app, "/asked", methods, Answering())
    app.add_middleware(Stamping)
    app.add_exception_handler(Lost, _lost)
    client = TestClient(app)
    assert client.get("/asked").text == request.param
    return client


def test_errors_have_the_answers_of_the_application(client: TestClient) -> None:
    """Of handlers that were added later too."""
    lost, refused = client.get("/asked?lost"), client.get("/asked?refused")
    assert (lost.status_code, lost.text) == (503, "/asked: it is lost")
    assert (refused.status_code, refused.json()) == (418, {"detail": "refused"})


def test_every_middleware_sees_every_response(client: TestClient) -> None:
    asked = [client.get("/asked"), client.get("/asked?lost"), client.get("/other")]
    assert [each.headers["x-stamp"] for each in asked] == ["1", "1", "1"]


def test_other_methods_and_paths_are_the_routers(client: TestClient) -> None:
    assert client.put("/asked").status_code == 405
    assert client.get("/asked/more").status_code == 404
