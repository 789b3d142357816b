"""The server: node, schema and routes wired together."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from sqlite3 import DatabaseError
from typing import Any

import anyio
from fastapi import FastAPI, Request, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from api.graphql.helpers import HelperLimits, Helpers, HelperThread
from api.graphql.limits import Limits
from api.graphql.view import Elsewhere, GraphQLView, Pricing
from api.http.auth.admission import (
    AdmissionMiddleware,
    for_readers,
    principal_of,
    reloading_on_hangup,
)
from api.http.auth.gate import Gate
from api.http.exports import TableExports
from api.http.follower import FollowerThread
from api.http.log_routes import add_tlog_routes
from api.http.outages import refusal_of
from api.http.question_process import cache_control, carry_for, opened_for_questions
from api.http.readiness import Readiness
from api.http.short_way import ShortWay
from api.http.witness_threads import WitnessThreads
from api.node import open_node
from api.schema.context import Context
from api.schema.contract import schema
from api.schema.desk_documents import DOCUMENTS as OF_LISTS
from api.schema.prices import PRICES
from api.schema.queries import TARGETS
from api.schema.situation_document import DOCUMENT
from domain.refusals import Unavailable
from infra.ledger.engines import import_driver
from infra.settings import Settings

log = logging.getLogger(__name__)

DOCUMENTS = {"situation": DOCUMENT, **OF_LISTS}
"""The documents to be asked for by id."""
_SWITCH_SECONDS = 0.0001
"""The longest computing of a thread before the turn of another; a question yields at each row read,
and waits as long each time."""
_SMALLEST = "{ __typename }"

_READYZ = (
    "Whether the node can answer and record, else the reasons; how far each view lags; the "
    "positions of entries that can't be read, and of those left out because they rest on one."
)
PATIENCE = 5.0
"""Seconds that a server waits for the locks of other processes."""


def create_app(settings: Settings, *, warm: bool = False) -> FastAPI:
    """The application on these settings; the node is opened at the start, and with `warm` the
    processes for dear questions too. Raises BadKeys, NotPrivate and NoReaders."""
    gate = Gate(settings)
    import_driver(settings.ledger)
    made = schema()
    limits = Limits(cost=settings.question_cost, compiles=settings.compiled_plans)
    helper_limits = HelperLimits(at_once=settings.questions_at_once)
    if settings.ledger == "memory:":
        # No other process can read it.
        helpers = Helpers(
            lambda: HelperThread(carry_for(app.state.node, made, limits)), helper_limits
        )
    else:
        helpers = Helpers.of(opened_for_questions(settings, limits), helper_limits)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            node = stack.enter_context(open_node(settings, patience=PATIENCE, mapped=False))
            node.log.prepare()
            await anyio.to_thread.run_sync(node.answers.statistics.refresh)
            follower = FollowerThread(
                node.ledger, node.projector, node.log, node.answers.statistics
            )
            follower.start()
            stack.callback(follower.stop)
            stack.enter_context(reloading_on_hangup(gate))
            witnesses = WitnessThreads(node.log, node.log.keys.addressed_witnesses)
            witnesses.start()
            stack.callback(witnesses.stop)
            readiness = Readiness(node, follower, witnesses, settings)
            readiness.start()
            stack.callback(readiness.stop)
            app.state.node, app.state.follower = node, follower
            app.state.readiness = readiness
            helpers.start()
            stack.callback(helpers.close)
            warming = asyncio.create_task(helpers.warm(_SMALLEST)) if warm else None
            sys.setswitchinterval(_SWITCH_SECONDS)
            # A collection stops every answer: of the youngest objects 5 ms, of all 100 ms.
            gc.freeze()
            gc.set_threshold(5_000, 4, 5_000)
            yield
            if warming:
                warming.cancel()
            await anyio.to_thread.run_sync(witnesses.stop)
            await anyio.to_thread.run_sync(follower.stop)

    app = FastAPI(
        title="Tenure",
        description="Who controlled X on date Y, as known on date Z, according to whom, and why?",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # the contract is that of GraphQL
    )
    view = GraphQLView(
        made,
        context_of=lambda request: Context(request.app.state.node, principal_of(request), TARGETS),
        cache_control=cache_control,
        limits=limits,
        documents=DOCUMENTS,
        pricing=Pricing(PRICES, lambda context: context.answers.statistics),
        elsewhere=Elsewhere(helpers, lambda context: context.principal),
        refusal_of=refusal_of,
        snapshot_of=lambda context: context.node.views.snapshot(),
    )
    _serve_questions(app, view)
    app.add_middleware(AdmissionMiddleware, gate=gate)
    add_tlog_routes(app)
    exports = TableExports(helpers, limits.cost)
    app.router.routes.append(Route("/export/{name}", exports, methods=["GET"]))

    @app.get("/healthz", summary="Whether the process answers at all.")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary=_READYZ)
    async def readyz(request: Request, response: Response) -> Mapping[str, Any]:
        response.status_code, told = await request.app.state.readiness.answer()
        return for_readers(request, told, "ready")

    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(DatabaseError, _unavailable)
    return app


def _serve_questions(app: FastAPI, view: ASGIApp) -> None:
    """The route of GraphQL, and the short way to it behind every middleware that is added later."""
    methods = ("GET", "HEAD", "POST")
    app.router.routes.append(Route("/graphql", view, methods=methods))
    app.add_middleware(
        ShortWay, path="/graphql", methods=methods, to=view, handlers=app.exception_handlers
    )


def _unavailable(request: Request, out: Exception) -> Response:
    log.error("%s can't be answered: %s", request.url.path, out, exc_info=out)
    why = str(out) if isinstance(out, Unavailable) else "a file of this node can't be read now"
    return Response(f"{why}\n", 503, {"Cache-Control": "no-store"}, media_type="text/plain")
