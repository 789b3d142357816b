"""The subscriptions of a server: where each begins, and where it reads on."""

import asyncio
from typing import Any, Generic, TypeVar

from graphql import GraphQLError

from api.graphql.documents import Documents
from api.graphql.execution import Question
from api.graphql.feed_pages import BeginTask, FeedPage, PageTask
from api.graphql.feeds import Cursor, FeedOutage, NotYetFollowed
from api.graphql.head import Head
from api.graphql.limits import Limits
from api.graphql.messages import Busy
from api.graphql.page_making import FeedSource, PageMaker
from api.graphql.subscription_places import SubscriptionLimits, SubscriptionPlaces

C = TypeVar("C")
_AGAIN_SECONDS = 0.5
"""Before another attempt to read a page."""


class Subscriptions(Generic[C]):
    """The subscriptions of one server."""

    def __init__(
        self,
        source: FeedSource[C],
        head: Head,
        documents: Documents,
        limits: SubscriptionLimits,
        general: Limits,
    ) -> None:
        self.source, self.head, self.limits = source, head, limits
        self.places = SubscriptionPlaces(limits)
        self.pages = PageMaker(source, documents, limits, general)
        self.delivered = 0
        """How many results were handed over to connections."""

    async def begin(
        self, question: Question, cost: float, context: C, resumed: Cursor | None = None
    ) -> "OpenSubscription[C]":
        """The subscription, at its beginning. Waits while the views are built anew, or have yet to
        come to where the client left off.

        Raises SubscriptionRefused, GraphQLError and InvalidDocument.
        """
        author = self.source.author_of(context)
        task = BeginTask(question, author, resumed, await self.head.newest())
        while True:
            await self.head.settled()
            try:
                start = await self.pages.begin(task, cost)
                return OpenSubscription(self, question, cost, author, start)
            except NotYetFollowed as behind:
                position = behind.position
            except (FeedOutage, Busy):
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            await self._wait_for(position)

    async def _wait_for(self, position: int) -> None:
        """Returns once the views are at the position, or the ledger is out of use. Raises
        GraphQLError where the ledger is not there yet."""
        try:
            refusal = await asyncio.to_thread(self.source.ahead, position)
        except FeedOutage:
            await asyncio.sleep(_AGAIN_SECONDS)
            return
        if refusal is not None:
            raise GraphQLError(str(refusal), original_error=refusal)
        await self.head.beyond(position - 1)


class OpenSubscription(Generic[C]):
    """One subscription: a question, and the cursor of its client."""

    def __init__(
        self,
        among: Subscriptions[C],
        question: Question,
        cost: float,
        author: Any,
        start: Cursor,
    ) -> None:
        self._among, self._question = among, question
        self._cost, self._author = cost, author
        self.cursor = start

    async def next_page(self, seconds: float | None = None) -> FeedPage | None:
        """The next results; a page without any, or None, where there are none so soon. The cursor
        stands behind them.

        Raises SubscriptionRefused, GraphQLError and TooMuch.
        """
        head = await self._among.head.beyond(self.cursor.position, seconds)
        if head is None:
            return None
        limits = self._among.limits
        results = self._among.pages.length(self._cost)
        asked = (self._question, self._author, self.cursor, head, results, limits.page_bytes)
        build = self._among.head.build
        try:
            page = await self._among.pages.page(PageTask(*asked), self._cost, build)
        except (FeedOutage, Busy, NotYetFollowed):
            await asyncio.sleep(_AGAIN_SECONDS)
            return FeedPage((), self.cursor)
        if page.reached == self.cursor:  # the views are being built anew
            await asyncio.sleep(_AGAIN_SECONDS)
        self.cursor = page.reached
        self._among.delivered += len(page.results)
        return page
