"""The server: node, schema and routes wired together."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import anyio
from fastapi import FastAPI, Request, Response
from starlette.routing import Route

from api.graphql.helpers import HelperLimits, Helpers, HelperThread
from api.graphql.limits import Limits
from api.graphql.view import Elsewhere, GraphQLView, Pricing
from api.http.auth import Gate
from api.http.follower import FollowerThread
from api.http.log_routes import add_tlog_routes
from api.http.question_process import cache_control, carry_for, opened_for_questions
from api.node import Node, open_node
from api.schema.context import Context
from api.schema.contract import schema
from api.schema.prices import PRICES
from api.schema.queries import TARGETS
from api.schema.situation_document import DOCUMENT
from infra.ledger.engines import import_driver
from infra.settings import Settings

log = logging.getLogger(__name__)

DOCUMENTS = {"situation": DOCUMENT}
"""The documents to be asked for by id."""
_CHECKS = 4
"""The number of threads for readiness, out of reach for writers."""
_SWITCH_SECONDS = 0.0001
"""The longest computing of a thread before the turn of another; a question yields at each row read,
and waits as long each time."""
_SMALLEST = "{ __typename }"

_READYZ = (
    "Whether the views have caught up, and how far each lags; the positions of entries that can't "
    "be read, and of those that are left out because they rest on one."
)


def create_app(settings: Settings, *, warm: bool = False) -> FastAPI:
    """The application on these settings; the node is opened at the start, and with `warm` the
    processes for dear questions too. Raises BadKeys."""
    gate = Gate(settings)
    import_driver(settings.ledger)
    made, limits = schema(), Limits(cost=settings.question_cost)
    helper_limits = HelperLimits(at_once=settings.questions_at_once)
    if settings.ledger == "memory:":
        # No other process can read it.
        helpers = Helpers(
            lambda: HelperThread(carry_for(app.state.node, made, limits)), helper_limits
        )
    else:
        helpers = Helpers.of(opened_for_questions(settings, limits), helper_limits)
    checking = anyio.CapacityLimiter(_CHECKS)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            node = stack.enter_context(open_node(settings))
            node.log.prepare()
            await anyio.to_thread.run_sync(node.answers.statistics.refresh)
            follower = FollowerThread(
                node.ledger, node.projector, node.log, node.answers.statistics
            )
            follower.start()
            stack.callback(follower.stop)
            app.state.node, app.state.follower = node, follower
            helpers.start()
            stack.callback(helpers.close)
            warming = asyncio.create_task(helpers.warm(_SMALLEST)) if warm else None
            sys.setswitchinterval(_SWITCH_SECONDS)
            # What is there now stays, and a long answer makes objects by the hundred thousand that
            # are gone with it: to look for cycles among them took a third of the time of a map.
            gc.freeze()
            gc.set_threshold(50_000, 20, 50)
            yield
            if warming:
                warming.cancel()
            await anyio.to_thread.run_sync(follower.stop)

    app = FastAPI(
        title="Tenure",
        description="Who controlled X on date Y, as known on date Z, according to whom, and why?",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    view = GraphQLView(
        made,
        context_of=lambda request: Context(request.app.state.node, gate.admit(request), TARGETS),
        cache_control=cache_control,
        limits=limits,
        documents=DOCUMENTS,
        pricing=Pricing(PRICES, lambda context: context.answers.statistics),
        elsewhere=Elsewhere(helpers, lambda context: context.principal),
    )
    add_tlog_routes(app, gate.admit)
    app.router.routes.append(Route("/graphql", view, methods=["GET", "POST"]))

    @app.get("/healthz", summary="Whether the process answers at all.")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary=_READYZ)
    async def readyz(request: Request, response: Response) -> dict[str, Any]:
        node, follower = request.app.state.node, request.app.state.follower
        head = await anyio.to_thread.run_sync(_head, node, limiter=checking)
        ready = head is not None and follower.caught_up.is_set()
        response.status_code = 200 if ready else 503
        log = await anyio.to_thread.run_sync(_log, node, head, limiter=checking)
        unreadable, left_out = await anyio.to_thread.run_sync(_passed_over, node, limiter=checking)
        return {
            "ready": ready,
            "position": head,
            "views": _views(node, head),
            "log": log,
            "unreadable": unreadable,
            "leftOut": left_out,
        }

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


def _passed_over(node: Node) -> tuple[list[int], list[int]]:
    """The positions of unreadable entries, and of entries that rest on an unreadable one."""
    passed_over = node.views.passed_over
    unreadable = [each.position for each in passed_over if each.rests_on is None]
    return unreadable, [each.position for each in passed_over if each.rests_on is not None]


def _views(node: Node, head: int | None) -> dict[str, Any]:
    position = node.views.position
    lag = None if head is None else max(0, head - position)
    return {each.name: {"position": position, "lag": lag} for each in node.answers.projections}
