"""The server: node, schema and routes wired together."""

import gc
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import anyio
from fastapi import FastAPI, Request, Response
from starlette.routing import Route

from api.graphql.view import GraphQLView
from api.http.auth.admission import Admission, for_readers, principal_of, reloading_on_hangup
from api.http.auth.gate import Gate
from api.http.follower import FollowerThread
from api.http.log_routes import add_tlog_routes
from api.http.witness_threads import WitnessThreads
from api.node import Node, open_node
from api.schema.context import Context
from api.schema.contract import schema
from api.schema.queries import TARGETS
from api.schema.situation_document import DOCUMENT
from infra.ledger.engines import import_driver
from infra.settings import Settings

log = logging.getLogger(__name__)

FOR_EVER = "public, immutable, max-age=31536000"
"""The cache directive of an answer with a closed basis."""

DOCUMENTS = {"situation": DOCUMENT}
"""The documents to be asked for by id: too dear for strangers to compose."""


_READYZ = (
    "Whether the views have caught up, the reason if they have not and it is known, and how far "
    "views, log and witnesses lag; the positions of entries that can't be read, and of those left "
    "out because they rest on one."
)


def create_app(settings: Settings) -> FastAPI:
    """The application on these settings; the node is opened at the start. Raises BadKeys,
    NotPrivate and NoReaders."""
    gate = Gate(settings)
    import_driver(settings.ledger)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            node = stack.enter_context(open_node(settings))
            node.log.prepare()
            follower = FollowerThread(node.ledger, node.projector, node.log)
            follower.start()
            stack.callback(follower.stop)
            stack.enter_context(reloading_on_hangup(gate))
            witnesses = WitnessThreads(node.log, node.log.keys.addressed_witnesses)
            witnesses.start()
            stack.callback(witnesses.stop)
            app.state.node, app.state.follower = node, follower
            app.state.witnesses = witnesses
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
    )
    app.add_middleware(Admission, gate=gate)
    add_tlog_routes(app)
    app.router.routes.append(Route("/graphql", view, methods=["GET", "POST"]))

    @app.get("/healthz", summary="Whether the process answers at all.")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary=_READYZ)
    async def readyz(request: Request, response: Response) -> Mapping[str, Any]:
        node, follower = request.app.state.node, request.app.state.follower
        head = await anyio.to_thread.run_sync(_head, node)
        ready = head is not None and follower.caught_up.is_set()
        response.status_code = 200 if ready else 503
        log = await anyio.to_thread.run_sync(_log, node, head)
        unreadable, left_out = await anyio.to_thread.run_sync(_passed_over, node)
        answer = {
            "ready": ready,
            "reason": None if ready or not follower.refused else str(follower.refused),
            "position": head,
            "views": _views(node, head),
            "log": log,
            "witnesses": _witnesses(request.app.state.witnesses, log["size"]),
            "unreadable": unreadable,
            "leftOut": left_out,
        }
        return for_readers(request, answer, "ready")

    return app


def _head(node: Node) -> int | None:
    try:
        return node.ledger.head
    except Exception:
        log.exception("the ledger can't be read")
        return None


def _log(node: Node, head: int | None) -> dict[str, Any]:
    last = node.log.log.last
    position = last.position if last else 0
    lag = None if head is None else max(0, head - position)
    return {"size": last.number + 1 if last else 0, "position": position, "lag": lag}


def _witnesses(threads: WitnessThreads, size: int) -> list[dict[str, Any]]:
    """How far each witness with an address lags behind the log."""
    return [
        {
            "name": each.name,
            "size": each.size,
            "lag": None if each.size is None else max(0, size - each.size),
            "failing": each.is_failing,
        }
        for each in threads.progress
    ]


def _passed_over(node: Node) -> tuple[list[int], list[int]]:
    """The positions of unreadable entries, and of entries that rest on an unreadable one."""
    passed_over = node.views.passed_over
    unreadable = [each.position for each in passed_over if each.rests_on is None]
    return unreadable, [each.position for each in passed_over if each.rests_on is not None]


def _views(node: Node, head: int | None) -> dict[str, Any]:
    position = node.views.position
    lag = None if head is None else max(0, head - position)
    return {each.name: {"position": position, "lag": lag} for each in node.answers.projections}
