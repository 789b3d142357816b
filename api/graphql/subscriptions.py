"""The open subscriptions of a server: how many there are, and where each reads on.

A page that several ask for is made once. A cheap page is made on the event loop; a dear one, and
the past, by a helper, one page at a time, so that the other helpers are left to questions.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from graphql import GraphQLError
from starlette.requests import HTTPConnection

from api.graphql.documents import Cache, Document, Documents
from api.graphql.execution import Question, Reply
from api.graphql.feed_pages import BeginTask, FeedPage, FeedReader, OutOfUse, PageTask, Waits
from api.graphql.feeds import Cursor, FeedOutage, NotYetFollowed, TakesLong
from api.graphql.head import Head
from api.graphql.helper_process import HelperEnded, HelperFailed
from api.graphql.helpers import Helpers
from api.graphql.limits import Limits, TooMuch
from api.graphql.messages import Busy

C = TypeVar("C")
log = logging.getLogger(__name__)
_AGAIN_SECONDS = 0.5
"""Before another attempt to read a page."""
_PAST = 500
"""So many entries behind the head begins the past, which is read by a helper."""


@dataclass(frozen=True)
class SubscriptionLimits:
    """The bounds of subscriptions; times in seconds."""

    in_all: int = 10_000
    of_one_subject: int = 5_000
    of_one_connection: int = 32
    sockets: int = 10_000
    sockets_before_init: int = 500
    """The WebSockets without a `connection_init`; of more, the oldest is closed."""
    init_seconds: float = 10.0
    admission_seconds: float = 5.0
    """Between two looks whether a token still admits its bearer."""
    send_seconds: float = 20.0
    """The longest time for a client to take a message."""
    heartbeat_seconds: float = 15.0
    """Between two signs of life on a silent event stream."""
    results: int = 200
    """The results of a page."""
    page_bytes: int = 64_000
    """The bytes of a page after which no further result is begun."""
    page_cost: float = 250.0
    """The computing of a page by a helper, in milliseconds."""
    kept_page_bytes: int = 8_000_000
    question_bytes: int = 64_000_000
    """The texts and variables of all subscriptions."""
    questions: int = 500
    """The questions and mutations over all WebSockets at once."""


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
        self._documents = documents
        self._inline, self._short = general.inline, general.checked_inline
        self._kept: Cache[Any, FeedPage] = Cache(number=10_000, weight=limits.kept_page_bytes)
        self._made: dict[Any, asyncio.Task[FeedPage]] = {}
        self._turn, self._past = asyncio.Lock(), asyncio.Lock()
        self._of_subject: Counter[str] = Counter()
        self.open = 0
        """How many subscriptions are open."""
        self.tell_open: Callable[[int], object] = lambda number: None
        """Told how many are open, whenever that changes."""
        self._bytes = self._questions = 0
        self.sockets = 0
        """How many WebSockets are open."""
        self.delivered = 0
        """How many results were handed over to connections."""
        self.pages = 0
        """How many pages were made."""

    @contextmanager
    def place(self, author: Any, question: Question) -> Iterator[None]:
        """Inside the block the author has one subscription more. Raises Busy."""
        subject, size = self.source.subject_of(author), _size(question)
        is_full = self.open >= self.limits.in_all
        if is_full or self._bytes + size > self.limits.question_bytes:
            raise Busy("All places for subscriptions are taken; try again later.")
        if self._of_subject[subject] >= self.limits.of_one_subject:
            raise Busy("You have as many subscriptions as anybody may have; end one of them.")
        self.open += 1
        self.tell_open(self.open)
        self._bytes += size
        self._of_subject[subject] += 1
        try:
            yield
        finally:
            self.open -= 1
            self.tell_open(self.open)
            self._bytes -= size
            self._of_subject[subject] -= 1
            if not self._of_subject[subject]:
                del self._of_subject[subject]

    @contextmanager
    def turn_of_a_question(self) -> Iterator[None]:
        """Inside the block one question more is answered over WebSocket. Raises Busy."""
        if self._questions >= self.limits.questions:
            raise Busy("Too many questions wait already; try again in a moment.")
        self._questions += 1
        try:
            yield
        finally:
            self._questions -= 1

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
                start = await self._begun(task, cost)
                return OpenSubscription(self, question, cost, author, start)
            except NotYetFollowed as behind:
                position = behind.position
            except (FeedOutage, Busy):
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            await self._wait_for(position)

    def _at_hand(self, question: Question) -> Document | None:
        """The document, to be executed here. A parsed document takes hundreds of times the memory
        of its text, so that a subscription keeps the text alone."""
        document = self._documents.known(question.text)
        if document is None and len(question.text) <= self._short:
            document = self._documents.prepare(question.text)
        return document if document and document.node else None

    async def _begun(self, task: BeginTask, cost: float) -> Cursor:
        if cost <= self._inline and (document := self._at_hand(task.question)):
            async with self._turn:
                await asyncio.sleep(0)
                return self.source.reader.begin(document, task)
        begun = await self._by_helper(task)
        assert isinstance(begun, Cursor), "a beginning is a cursor"
        return begun

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

    async def page(self, task: PageTask, cost: float) -> FeedPage:
        """A page, made once for all who ask for it.

        Raises SubscriptionRefused, GraphQLError, TooMuch, FeedOutage and Busy.
        """
        question = task.question
        variables = orjson.dumps(question.variables, option=orjson.OPT_SORT_KEYS)
        asked = (question.text, question.operation_name, variables)
        whose = self.source.group_of(task.author)
        key = (*asked, whose, task.cursor, task.until, self.head.build)
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
            self._kept.keep(key, page, weight=page.weight + _size(task.question))

    async def _page(self, task: PageTask, cost: float) -> FeedPage:
        self.pages += 1
        is_past = task.until - task.cursor.position > _PAST
        is_cheap = cost <= self._inline and not is_past
        if is_cheap and (document := self._at_hand(task.question)):
            async with self._turn:
                await asyncio.sleep(0)  # other work of the event loop comes in between
                try:
                    return self.source.reader.page(document, task, is_brief=True)
                except TakesLong:
                    pass
        async with self._past:
            made = await self._by_helper(task)
        assert isinstance(made, FeedPage), "a page is answered by a page"
        return made

    async def _by_helper(self, task: BeginTask | PageTask) -> Cursor | FeedPage:
        try:
            told = await self.source.helpers.ask(task)
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

    def page_length(self, cost: float) -> int:
        """The most results of a page."""
        is_cheap = cost <= self._inline
        fit = int((self._inline if is_cheap else self.limits.page_cost) / max(cost, 0.01))
        return max(1, min(self.limits.results, fit))


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
        results = self._among.page_length(self._cost)
        asked = (self._question, self._author, self.cursor, head, results, limits.page_bytes)
        try:
            page = await self._among.page(PageTask(*asked), self._cost)
        except (FeedOutage, Busy, NotYetFollowed):
            await asyncio.sleep(_AGAIN_SECONDS)
            return FeedPage((), self.cursor)
        if page.reached == self.cursor:  # the views are being built anew
            await asyncio.sleep(_AGAIN_SECONDS)
        self.cursor = page.reached
        self._among.delivered += len(page.results)
        return page


def _size(question: Question) -> int:
    """The bytes of a question, about."""
    variables = len(orjson.dumps(question.variables)) if question.variables else 0
    return 1_000 + len(question.text) + 2 * variables
