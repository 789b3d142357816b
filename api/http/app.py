"""The server: node, schema and routes wired together."""

import gc
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from sqlite3 import DatabaseError
from typing import Any

import anyio
from fastapi import FastAPI, Request, Response
from starlette.routing import Route

from api.graphql.view import GraphQLView
from api.http.auth.admission import Admission, for_readers, principal_of, reloading_on_hangup
from api.http.auth.gate import Gate
from api.http.follower import FollowerThread
from api.http.log_routes import add_tlog_routes
from api.http.outages import refusal_of
from api.http.readiness import Readiness
from api.http.witness_threads import WitnessThreads
from api.node import open_node
from api.schema.context import Context
from api.schema.contract import schema
from api.schema.queries import TARGETS
from api.schema.situation_document import DOCUMENT
from domain.refusals import Unavailable
from infra.ledger.engines import import_driver
from infra.settings import Settings

log = logging.getLogger(__name__)

FOR_EVER = "public, immutable, max-age=31536000"
"""The cache directive of an answer with a closed basis."""

DOCUMENTS = {"situation": DOCUMENT}
"""The documents to be asked for by id: too dear for strangers to compose."""


_READYZ = (
    "Whether the node can answer and record, else the reasons; how far each view lags; the "
    "positions of entries that can't be read, and of those left out because they rest on one."
)
PATIENCE = 5.0
"""Seconds that a server waits for the locks of other processes."""


def create_app(settings: Settings) -> FastAPI:
    """The application on these settings; the node is opened at the start. Raises BadKeys,
    NotPrivate and NoReaders."""
    gate = Gate(settings)
    import_driver(settings.ledger)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            node = stack.enter_context(open_node(settings, patience=PATIENCE, mapped=False))
            node.log.prepare()
            follower = FollowerThread(node.ledger, node.projector, node.log)
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
            # What is there now stays, and a long answer makes objects by the hundred thousand that
            # are gone with it: to look for cycles among them took a third of the time of a map.
            gc.freeze()
            gc.set_threshold(50_000, 20, 50)
            yield
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
        schema(),
        context_of=lambda request: Context(request.app.state.node, principal_of(request), TARGETS),
        cache_control=lambda context: FOR_EVER if context.closed else "no-cache",
        documents=DOCUMENTS,
        refusal_of=refusal_of,
    )
    app.add_middleware(Admission, gate=gate)
    add_tlog_routes(app)
    app.router.routes.append(Route("/graphql", view, methods=["GET", "POST"]))

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


def _unavailable(request: Request, out: Exception) -> Response:
    log.error("%s can't be answered: %s", request.url.path, out, exc_info=out)
    why = str(out) if isinstance(out, Unavailable) else "a file of this node can't be read now"
    return Response(f"{why}\n", 503, {"Cache-Control": "no-store"}, media_type="text/plain")
