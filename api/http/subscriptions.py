"""Subscriptions of a server: who may subscribe, and where subscriptions read."""

from collections.abc import Callable

from starlette.requests import HTTPConnection

from api.answers.basis import NotRecordedYet
from api.graphql.execution import Execution
from api.graphql.feeds import FeedOutage
from api.graphql.head import Head
from api.graphql.helpers import Helpers
from api.graphql.limits import Limits
from api.graphql.page_making import FeedSource
from api.graphql.subscription_places import SubscriptionLimits
from api.graphql.subscriptions import Subscriptions
from api.http.auth.gate import Gate
from api.http.question_process import feed_reader
from api.node import Node
from api.schema.context import Context, Principal
from api.schema.queries import TARGETS
from domain.refusals import Unavailable


def subscriptions_on(
    node_of: Callable[[], Node],
    execution: Execution[Context],
    helpers: Helpers,
    gate: Gate,
    *,
    general: Limits,
    limits: SubscriptionLimits,
) -> Subscriptions[Context]:
    """The subscriptions to a node, within limits of their own and those of questions."""

    def admit(connection: HTTPConnection) -> Context:
        return Context(node_of(), gate.admit(connection), TARGETS)

    def ahead(position: int) -> NotRecordedYet | None:
        try:
            head = recorded()
        except Unavailable as out:
            raise FeedOutage(str(out)) from out
        return NotRecordedYet(position, head) if position > head else None

    def recorded() -> int:
        return node_of().ledger.head

    source = FeedSource(
        reader=feed_reader(node_of, execution),
        helpers=helpers,
        author_of=lambda context: context.principal,
        group_of=_scopes,
        subject_of=_subject,
        ahead=ahead,
        admit=admit,
    )
    head = Head(lambda: node_of().answers.head, recorded, lambda: node_of().views.state.build)
    return Subscriptions(source, head, execution.documents, limits, general)


def _scopes(author: Principal) -> frozenset[str]:
    return author.scopes


def _subject(author: Principal) -> str:
    return author.subject
