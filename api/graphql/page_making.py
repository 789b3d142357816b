"""Where is a page of a feed made? A cheap one on the event loop; a dear one, and the past, by a
helper, one page at a time, so that the other helpers are left to questions. A page that several
ask for is made once.
"""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from graphql import GraphQLError
from starlette.requests import HTTPConnection

from api.graphql.documents import Cache, Document, Documents
from api.graphql.execution import Question, Reply
from api.graphql.feed_pages import BeginTask, FeedPage, FeedReader, OutOfUse, PageTask, Waits
from api.graphql.feeds import Cursor, FeedOutage, NotYetFollowed, TakesLong
from api.graphql.helper_process import HelperEnded, HelperFailed
from api.graphql.helpers import Helpers
from api.graphql.limits import Limits, TooMuch
from api.graphql.subscription_places import SubscriptionLimits, question_size

C = TypeVar("C")
_PAST = 500
"""So many entries behind the head begins the past, which is read by a helper."""


class SubscriptionRefused(Exception):
    """The subscription is refused; the reply has the errors."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body)
        self.reply = reply


@dataclass(frozen=True)
class FeedSource(Generic[C]):
    """Where subscriptions read: by the reader of this process, or by helpers; and what there is to
    know of authors and of the ledger."""

    reader: FeedReader[C]
    helpers: Helpers
    author_of: Callable[[C], Any]
    group_of: Callable[[Any], Any]
    """What of an author an answer may depend on: of equal groups, equal pages."""
    subject_of: Callable[[Any], str]
    ahead: Callable[[int], Exception | None]
    """The refusal of a position that the ledger has not come to; asked in a thread. Raises
    FeedOutage."""
    admit: Callable[[HTTPConnection], C]
    """The context of an admitted connection. Raises HTTPException."""


class PageMaker(Generic[C]):
    """The beginnings and pages of all subscriptions of one server."""

    def __init__(
        self,
        source: FeedSource[C],
        documents: Documents,
        limits: SubscriptionLimits,
        general: Limits,
    ) -> None:
        self._source, self._documents, self._limits = source, documents, limits
        self._inline, self._short = general.inline, general.checked_inline
        self._kept: Cache[Any, FeedPage] = Cache(number=10_000, weight=limits.kept_page_bytes)
        self._made: dict[Any, asyncio.Task[FeedPage]] = {}
        self._turn, self._past = asyncio.Lock(), asyncio.Lock()
        self.made = 0
        """How many pages were made."""

    async def begin(self, task: BeginTask, cost: float) -> Cursor:
        """Where the subscription begins.

        Raises SubscriptionRefused, GraphQLError, TooMuch, NotYetFollowed, FeedOutage and Busy.
        """
        if cost <= self._inline and (document := self._at_hand(task.question)):
            async with self._turn:
                await asyncio.sleep(0)
                return self._source.reader.begin(document, task)
        begun = await self._by_helper(task)
        assert isinstance(begun, Cursor), "a beginning is a cursor"
        return begun

    async def page(self, task: PageTask, cost: float, build: Hashable) -> FeedPage:
        """A page of that build of the views, made once for all who ask for it.

        Raises SubscriptionRefused, GraphQLError, TooMuch, FeedOutage and Busy.
        """
        question = task.question
        variables = orjson.dumps(question.variables, option=orjson.OPT_SORT_KEYS)
        asked = (question.text, question.operation_name, variables)
        whose = self._source.group_of(task.author)
        key = (*asked, whose, task.cursor, task.until, build)
        if kept := self._kept.get(key):
            return kept
        if key not in self._made:
            making = self._made[key] = asyncio.create_task(self._page(task, cost))
            making.add_done_callback(lambda made: self._keep(key, task, made))
        return await asyncio.shield(self._made[key])

    def _keep(self, key: Any, task: PageTask, made: asyncio.Task[FeedPage]) -> None:
        self._made.pop(key, None)
        if made.cancelled() or made.exception() is not None:
            return
        page = made.result()
        if page.reached != task.cursor:  # else the views are being built anew
            self._kept.keep(key, page, weight=page.weight + question_size(task.question))

    async def _page(self, task: PageTask, cost: float) -> FeedPage:
        self.made += 1
        is_past = task.until - task.cursor.position > _PAST
        is_cheap = cost <= self._inline and not is_past
        if is_cheap and (document := self._at_hand(task.question)):
            async with self._turn:
                await asyncio.sleep(0)  # other work of the event loop comes in between
                try:
                    return self._source.reader.page(document, task, is_brief=True)
                except TakesLong:
                    pass
        async with self._past:
            made = await self._by_helper(task)
        assert isinstance(made, FeedPage), "a page is answered by a page"
        return made

    async def _by_helper(self, task: BeginTask | PageTask) -> Cursor | FeedPage:
        try:
            told = await self._source.helpers.ask(task)
        except HelperEnded:
            raise TooMuch(
                "The results need more memory than one subscription may have; ask for less of each."
            ) from None
        except HelperFailed as failed:
            raise GraphQLError(str(failed), original_error=failed) from failed
        match told:
            case Cursor() | FeedPage():
                return told
            case Waits(position):
                raise NotYetFollowed(position)
            case OutOfUse(why):
                raise FeedOutage(why)
            case Reply():
                raise SubscriptionRefused(told)
        raise TypeError(f"a helper answered a subscription with {type(told).__name__}")

    def _at_hand(self, question: Question) -> Document | None:
        """The document, to be executed here. A parsed document takes hundreds of times the memory
        of its text, so that a subscription keeps the text alone."""
        document = self._documents.known(question.text)
        if document is None and len(question.text) <= self._short:
            document = self._documents.prepare(question.text)
        return document if document and document.node else None

    def length(self, cost: float) -> int:
        """The most results of a page."""
        is_cheap = cost <= self._inline
        fit = int((self._inline if is_cheap else self._limits.page_cost) / max(cost, 0.01))
        return max(1, min(self._limits.results, fit))
