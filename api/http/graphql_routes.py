"""The routes of GraphQL: questions, mutations and event streams by GET and POST; every operation
over WebSocket.
"""

from asyncio import get_running_loop
from functools import partial
from pathlib import Path

import strawberry
from starlette.routing import Route, WebSocketRoute

from api.graphql.documents import Documents
from api.graphql.limits import Limits
from api.graphql.manifests import documents_in
from api.graphql.persisted import PersistedDocuments
from api.graphql.socket import SocketEndpoint
from api.graphql.subscription_places import SubscriptionLimits
from api.graphql.view import Elsewhere, GraphQLView, Pricing, Sharing
from api.http.application import Application
from api.http.auth.admission import principal_of
from api.http.auth.gate import Gate
from api.http.node_helpers import NodeHelpers
from api.http.outages import refusal_of
from api.http.question_process import cache_control, is_shared, position_of, rests_on
from api.http.short_way import ShortWay
from api.http.subscriptions import subscriptions_on
from api.node import Node
from api.schema.context import Context
from api.schema.contract import schema
from api.schema.desk_documents import DOCUMENTS as OF_LISTS
from api.schema.prices import PRICES
from api.schema.queries import TARGETS
from api.schema.situation_document import DOCUMENT
from infra.settings import Settings

PATH = "/graphql"
_METHODS = ("GET", "HEAD", "POST")
_OF_MAPS = ("ControlColumn", "ChangeDate")
"""The types whose fields ask about the map that moves."""
DOCUMENTS = {"situation": DOCUMENT, **OF_LISTS}
"""The documents to be asked for by id."""


def add_graphql(
    app: Application,
    settings: Settings,
    made: strawberry.Schema,
    limits: Limits,
    helpers: NodeHelpers,
    gate: Gate,
    of_subscriptions: SubscriptionLimits,
) -> GraphQLView[Context]:
    """Adds the routes, and the short way to the first. The node and its positions are in
    `app.state` by the first request."""

    def node_of() -> Node:
        node: Node = app.state.node
        return node

    view = GraphQLView(
        made,
        context_of=lambda request: Context(node_of(), principal_of(request), TARGETS),
        cache_control=cache_control,
        limits=limits,
        persisted=PersistedDocuments(DOCUMENTS, only=settings.documents_only),
        pricing=Pricing(PRICES, lambda context: context.answers.statistics),
        elsewhere=Elsewhere(
            helpers.questions,
            lambda context: context.principal,
            dict.fromkeys(_OF_MAPS, helpers.maps),
        ),
        refusal_of=refusal_of,
        sharing=Sharing(is_shared, rests_on),
        position_of=position_of,
        reach=lambda _, position: app.state.positions.reach(position),
        # One snapshot for all questions that the event loop answers in one turn: each of them had
        # arrived before. To begin and end one takes as long as to read a period.
        snapshot_of=lambda context: context.snapshot(get_running_loop().call_soon),
        subscriptions=partial(
            subscriptions_on,
            node_of,
            helpers=helpers.questions,
            gate=gate,
            general=limits,
            limits=of_subscriptions,
        ),
    )
    assert view.subscriptions is not None, "the view was given subscriptions"
    app.state.subscriptions = view.subscriptions
    app.router.routes.append(Route(PATH, view, methods=_METHODS))
    app.router.routes.append(WebSocketRoute(PATH, SocketEndpoint(view, view.subscriptions)))
    app.short_way = ShortWay(app, PATH, _METHODS, view)
    return view


def shipped_documents(path: Path, documents: Documents | None = None) -> dict[str, str]:
    """The documents of frontends, and ours, by their ids. Raises BadDocuments."""
    checked = documents or Documents(schema(), Limits(), PRICES)
    return documents_in(path, checked, ours=DOCUMENTS)
