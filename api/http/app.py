"""The server: node, schema and routes wired together."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from sqlite3 import DatabaseError
from threading import Event
from typing import Any

import anyio
from fastapi import FastAPI, Request, Response
from starlette.requests import HTTPConnection
from starlette.routing import Route

from api.answers.moving.at_hand import MapsAtHand
from api.console.files import Console
from api.console.graphiql import GraphiQLFirst
from api.graphql.kept import KeptAnswers
from api.graphql.limits import Limits
from api.graphql.subscription_places import SubscriptionLimits
from api.graphql.view import GraphQLView
from api.http.application import Application
from api.http.auth.admission import (
    PUBLIC,
    AdmissionMiddleware,
    for_readers,
    reloading_on_hangup,
)
from api.http.auth.gate import Gate
from api.http.cross_origin import CrossOriginMiddleware
from api.http.exports import TableExports
from api.http.follower_board import FollowerBoard
from api.http.following import FollowingElsewhere, FollowingHere
from api.http.graphql_routes import DOCUMENTS, PATH, add_graphql, shipped_documents
from api.http.kept_first import KeptFirst
from api.http.log_flood import limit_flood
from api.http.log_routes import add_tlog_routes
from api.http.map_answers import MapAnswers
from api.http.map_routes import MapPaths
from api.http.node_helpers import NodeHelpers
from api.http.operations.operations import Operations
from api.http.positions import PositionMiddleware, Positions
from api.http.question_process import resting_on
from api.http.readiness import Readiness
from api.node import Node, open_node
from api.schema.context import Context
from api.schema.contract import schema
from domain.refusals import Unavailable
from infra.ledger.engines import import_driver
from infra.settings import Settings

log = logging.getLogger(__name__)

_SWITCH_SECONDS = 0.0001
"""The longest computing of a thread before the turn of another; a question yields at each row read,
and waits as long each time."""
_READYZ = (
    "Whether the node can answer and record, else the reasons; how far each view lags; the "
    "positions of entries that can't be read, and of those left out because they rest on one."
)
PATIENCE = 5.0
"""Seconds that a server waits for the locks of other processes."""


def create_app(
    settings: Settings,
    *,
    warm: bool = False,
    board: FollowerBoard | None = None,
    documents: Mapping[str, str] | None = None,
    subscription_limits: SubscriptionLimits | None = None,
) -> FastAPI:
    """The application on these settings; the node is opened at the start, and with `warm` the
    processes for dear questions too. With a `board`, another process follows the ledger.
    `documents`: those of the settings' manifests, if they are already checked.
    `app.state.stopping` is set once the server is to end.

    Raises BadKeys, NotPrivate, NoReaders, BadDocuments, NoAccessLog and NoTraces.
    """
    gate, operations, console = Gate(settings), Operations.of(settings), Console(settings)
    import_driver(settings.ledger)
    limit_flood("api.graphql.execution", __name__)
    made = schema()
    limits = Limits(cost=settings.question_cost, compiles=settings.compiled_plans)
    helpers = NodeHelpers.of(lambda: app.state.node, settings, made, limits)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            stack.enter_context(operations.running(app))
            node = stack.enter_context(open_node(settings, patience=PATIENCE, mapped=False))
            if board is None:
                node.log.prepare()
            await anyio.to_thread.run_sync(node.answers.statistics.refresh)
            stack.enter_context(reloading_on_hangup(gate))
            following = _followed(node, board, operations)
            stack.callback(following.stop)
            readiness = Readiness(node, following, settings, app.state.stopping)
            readiness.start()
            stack.callback(readiness.stop)
            app.state.node, app.state.following, app.state.readiness = node, following, readiness
            app.state.positions = Positions(lambda: node.views.position, lambda: readiness.head)
            app.state.maps = MapAnswers(node, helpers.maps, MapsAtHand(node.views))
            stack.callback(node.maps.close)
            helpers.start()
            stack.callback(helpers.close)
            stack.callback(app.state.subscriptions.head.close)
            warming = asyncio.create_task(helpers.warm()) if warm else None
            sys.setswitchinterval(_SWITCH_SECONDS)
            # A collection stops every answer: of the youngest objects 5 ms, of all 100 ms.
            gc.freeze()
            gc.set_threshold(5_000, 4, 5_000)
            yield
            if warming:
                warming.cancel()
            await anyio.to_thread.run_sync(following.stop)

    app = Application(
        title="Tenure",
        description="Who controlled X on date Y, as known on date Z, according to whom, and why?",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # the contract is that of GraphQL
        # Its spans would hold the query of a URL, and so whole documents.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.stopping, app.state.metrics = Event(), operations.metrics
    parts = (made, limits, helpers, gate)
    view = add_graphql(app, settings, *parts, subscription_limits or SubscriptionLimits())
    if settings.documents is not None:
        view.persisted.trust(documents or shipped_documents(settings.documents, view.documents))
    operations.watch(view, helpers.questions, DOCUMENTS)
    _add_console(app, console, view)
    _add_walls(app, gate, settings, operations, console)
    _give_kept_first(app, view.answers, gate, settings, operations)
    exports = TableExports(helpers.questions, limits.cost)
    app.router.routes.append(Route("/export/{name}", exports, methods=["GET"]))
    app.router.routes += MapPaths(helpers.questions, limits.cost).routes
    add_tlog_routes(app)
    _add_probes(app)
    return app


def _followed(
    node: Node, board: FollowerBoard | None, operations: Operations
) -> FollowingHere | FollowingElsewhere:
    if board is None:
        return FollowingHere.start(node, operations)
    return FollowingElsewhere.start(node, board)


def _add_console(app: FastAPI, console: Console, view: GraphQLView[Context]) -> None:
    """The page, and the documents that it asks for by their digests. Raises BadDocuments."""
    app.router.routes += console.routes
    if console.manifest:
        view.persisted.trust(shipped_documents(console.manifest, view.documents))


def _add_probes(app: FastAPI) -> None:
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(DatabaseError, _unavailable)

    @app.get("/healthz", summary="Whether the process answers at all.")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary=_READYZ)
    async def readyz(request: Request, response: Response) -> Mapping[str, Any]:
        response.status_code, told = await request.app.state.readiness.answer()
        return for_readers(request, told, "ready")


def _add_walls(
    app: FastAPI, gate: Gate, settings: Settings, operations: Operations, console: Console
) -> None:
    """What stands before the routes; what is added last stands outermost."""
    public = PUBLIC | operations.public_paths | console.public_paths
    app.add_middleware(PositionMiddleware)
    app.add_middleware(AdmissionMiddleware, gate=gate, public=public)
    if console.graphiql and settings.graphiql is not False:
        is_for = _everybody if settings.graphiql else gate.is_local
        app.add_middleware(GraphiQLFirst, path=PATH, page=console.graphiql, is_for=is_for)
    if settings.cors_origins:
        app.add_middleware(CrossOriginMiddleware, origins=settings.cors_origins)
    operations.add_to(app)


def _everybody(asked: HTTPConnection) -> bool:
    return True


def _give_kept_first(
    app: Application, answers: KeptAnswers, gate: Gate, settings: Settings, operations: Operations
) -> None:
    """Past the walls, as far as they let every reader pass."""
    if observation := operations.observation:
        origins = settings.cors_origins
        cross_origin = CrossOriginMiddleware(app, origins) if origins else None
        rests_on = partial(resting_on, lambda: app.state.node.views.state)
        app.kept_first = KeptFirst(PATH, answers, rests_on, gate, observation, cross_origin)


def _unavailable(request: Request, out: Exception) -> Response:
    trace = None if isinstance(out, Unavailable) else out
    log.error("%s can't be answered: %s", request.url.path, out, exc_info=trace)
    why = str(out) if isinstance(out, Unavailable) else "a file of this node can't be read now"
    return Response(f"{why}\n", 503, {"Cache-Control": "no-store"}, media_type="text/plain")
