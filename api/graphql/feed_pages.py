"""Pages of a feed: results as bytes, made on the event loop or by a helper, the same in both."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from graphql import GraphQLError

from api.graphql.documents import Document, InvalidDocument
from api.graphql.execution import Execution, Question, Reply
from api.graphql.feeds import Cursor, Feed, FeedOutage, NotYetFollowed

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class BeginTask:
    """A subscription to be begun: may it be, and where?"""

    question: Question
    author: Any
    resumed: Cursor | None
    newest: int
    """The position after which it begins where the client names none."""


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to be read."""

    question: Question
    author: Any
    cursor: Cursor
    until: int
    results: int
    """The most results."""
    size: int
    """The bytes after which no further result is begun."""


@dataclass(frozen=True, slots=True)
class TextResult:
    """One result: the id that a client names to go on after it, and the answer as JSON."""

    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some results, and the cursor behind them."""

    results: tuple[TextResult, ...]
    reached: Cursor

    @property
    def weight(self) -> int:
        return 500 + sum(len(each.body) + 100 for each in self.results)


@dataclass(frozen=True, slots=True)
class Waits:
    """The views have yet to come to the position."""

    position: int


@dataclass(frozen=True, slots=True)
class OutOfUse:
    """Storage is out of use; the message is for the log."""

    why: str


class FeedReader(Generic[C]):
    """Reads the feeds of one schema.

    `context_for` makes the context of an author, with the knowledge of a position or of now;
    `snapshot` holds one state of the views, and gives its position.
    """

    def __init__(
        self,
        execution: Execution[C],
        context_for: Callable[[Any, int | None], C],
        snapshot: Callable[[], AbstractContextManager[int]],
    ) -> None:
        self._execution, self._context_for, self._snapshot = execution, context_for, snapshot

    def carry(self, task: BeginTask | PageTask) -> Cursor | FeedPage | Waits | OutOfUse | Reply:
        """The task, carried out by a helper; what is refused is told, not raised."""
        try:
            document = self._execution.documents.parsed(task.question.text)
            if isinstance(task, BeginTask):
                return self.begin(document, task)
            return self.page(document, task)
        except NotYetFollowed as ahead:
            return Waits(ahead.position)
        except FeedOutage as out:
            return OutOfUse(str(out))
        except InvalidDocument as invalid:
            return self._execution.failed(invalid.errors, task.question.media)
        except GraphQLError as refused:
            return self._execution.failed([refused], task.question.media)

    def begin(self, document: Document, task: BeginTask) -> Cursor:
        """Where the subscription begins.

        Raises GraphQLError, NotYetFollowed and FeedOutage.
        """
        with self._reading():
            feed = self._feed(document, task.question, task.author, task.resumed)
            return feed.start or Cursor(task.newest)

    def page(self, document: Document, task: PageTask, *, is_brief: bool = False) -> FeedPage:
        """The results after the cursor, as far as they fit on a page.

        Raises GraphQLError, FeedOutage, and TooLong where the page has to be brief.
        """
        with self._reading() as head:
            if head < task.cursor.position:  # the views are being built anew
                return FeedPage((), task.cursor)
            feed = self._feed(document, task.question, task.author, task.cursor)
            end = min(head, task.until, task.cursor.position + feed.span)
            made, size, reached = list[TextResult](), 0, None
            for found in feed.read(task.cursor, end, is_brief=is_brief):
                context = self._context_for(task.author, found.position)
                body = self._body(document, task.question, context, found.value)
                made.append(TextResult(found.cursor.id, body))
                size, reached = size + len(body), found.cursor
                if len(made) >= task.results or size >= task.size:
                    return FeedPage(tuple(made), reached)
            return FeedPage(tuple(made), Cursor(max(end, task.cursor.position)))

    @contextmanager
    def _reading(self) -> Iterator[int]:
        """One state of the views, and its position. An error of storage is a FeedOutage."""
        try:
            with self._snapshot() as head:
                yield head
        except (FeedOutage, NotYetFollowed):
            raise
        except Exception as error:
            if out := self._execution.outage_of(error):
                raise FeedOutage(str(out)) from error
            raise

    def _feed(
        self, document: Document, question: Question, author: Any, resumed: Cursor | None
    ) -> Feed:
        return self._execution.feed(document, question, self._context_for(author, None), resumed)

    def _body(self, document: Document, question: Question, context: C, value: Any) -> bytes:
        result = self._execution.execute(document, question, context, value)
        assert not inspect.isawaitable(result), "no resolver of a feed's results is awaited"
        for error in result.errors or ():
            if out := self._execution.outage_of(error):
                raise FeedOutage(str(out)) from error
        return self._execution.reply(document, question, result, context).body
