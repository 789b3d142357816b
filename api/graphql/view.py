"""An ASGI application that speaks "GraphQL over HTTP" for any Strawberry schema:

    Route("/graphql", GraphQLView(schema, context_of=..., cache_control=...))

Documents are checked once (documents), within limits (limits), and priced before anything runs
(costs). A cheap query runs inline; a dear one, and the check of a long document, with the helpers;
a mutation in a thread. An awaitable result is awaited. Unexpected errors are logged, not shown.
"""

import asyncio
import inspect
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.pyutils import AwaitableOrValue
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from api.graphql.costs import Prices
from api.graphql.documents import Cache, Document, Documents, InvalidDocument, Refused
from api.graphql.execution import Execution, Question, Reply
from api.graphql.hang_up import unless_gone
from api.graphql.helper_process import HelperEnded, HelperFailed
from api.graphql.helpers import Helpers
from api.graphql.limits import Limits, TooMuch, refuse_above
from api.graphql.messages import (
    GRAPHQL,
    JSON,
    Headers,
    Malformed,
    Parameters,
    negotiate,
    parameters_in_body,
    parameters_in_url,
    read_body,
)
from api.graphql.writers import Writers
from domain.refusals import Refusal
from domain.texts import escaped

C = TypeVar("C")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pricing(Generic[C]):
    """The prices of fields, and the counts to reckon with."""

    prices: Prices = field(default_factory=dict)
    counts_of: Callable[[C], Any] = lambda _: None


@dataclass(frozen=True)
class Elsewhere(Generic[C]):
    """The helpers for dear questions, and what they are told of the context: who asks."""

    helpers: Helpers
    author_of: Callable[[C], Any] = lambda _: None


class GraphQLView(Generic[C]):
    """One schema at one URL, by GET and POST.

    `cache_control` is called after a query; a "public" and "immutable" reply is kept here too, and
    given to every caller admitted by `context_of`: an answer for one caller must never be public.
    `documents` are asked for by id. A cheap query is answered from one state, in a `snapshot_of`
    what the resolvers read.
    """

    def __init__(  # noqa: PLR0913 - the parts of one view
        self,
        schema: strawberry.Schema,
        *,
        context_of: Callable[[Request], C],
        cache_control: Callable[[C], str | None],
        limits: Limits | None = None,
        documents: Mapping[str, str] | None = None,
        pricing: Pricing[C] | None = None,
        elsewhere: Elsewhere[C] | None = None,
        refusal_of: Callable[[Exception], Refusal | None] = lambda error: None,
        snapshot_of: Callable[[C], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> None:
        if schema.extensions or schema.directives:
            raise ValueError("This view does not run schema extensions or operation directives.")
        self._limits = limits or Limits()
        self._context_of, self._snapshot_of = context_of, snapshot_of
        self._pricing, self._elsewhere = pricing or Pricing(), elsewhere
        self._persisted = documents or {}
        self.documents = Documents(schema, self._limits, self._pricing.prices)
        self._execution = Execution(schema, self.documents, self._limits, cache_control, refusal_of)
        self._checking = asyncio.Lock()
        self._writers = Writers(self._limits.writers, self._limits.queued_writers)
        self.answers: Cache[tuple[bytes, bool, bytes], Reply] = Cache(
            number=self._limits.kept_answers, weight=self._limits.kept_answer_bytes
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers.of(scope)
        media = negotiate(headers.accept)
        try:
            reply = await self._reply(scope, receive, headers, media)
        except Malformed as wrong:
            errors = [{"message": escaped(wrong.message), "extensions": {"code": wrong.code}}]
            body = orjson.dumps({"errors": errors})
            reply = Reply(
                wrong.status,
                body,
                media or JSON,
                allow=wrong.allow,
                retry_after=wrong.retry_after,
            )
        except ClientDisconnect:
            return
        await reply.send(send)

    async def _reply(
        self, scope: Scope, receive: Receive, headers: Headers, media: bytes | None
    ) -> Reply:
        by_url = scope["method"] in ("GET", "HEAD")
        if not by_url and scope["method"] != "POST":
            raise Malformed(405, "Ask by GET or POST.", allow=b"GET, POST")
        if media is None:
            raise Malformed(406, f"We answer as {JSON.decode()} or {GRAPHQL.decode()}.")
        context = self._context_of(Request(scope))
        if by_url:
            raw: bytes = scope["query_string"]
        else:
            raw = await read_body(receive, headers, self._limits.body_bytes)
        key = (media, by_url, raw)
        if kept := self.answers.get(key):
            return kept.unless_known(headers.if_none_match)
        question = self._question(raw, by_url, media)
        reply = await self._answer(question, context, receive, by_url)
        if reply.is_the_same_for_ever_and_everyone or self._only_introspects(question, reply):
            self.answers.keep(key, reply, weight=len(raw) + len(reply.body) + 500)
        return reply.unless_known(headers.if_none_match)

    def _question(self, raw: bytes, by_url: bool, media: bytes) -> Question:
        asked = parameters_in_url(raw) if by_url else parameters_in_body(raw)
        return Question(
            text=self._text(asked),
            variables=asked.variables,
            operation_name=asked.operation_name,
            extensions=asked.extensions,
            media=media,
            by_url=by_url,
        )

    def _text(self, asked: Parameters) -> str:
        text = asked.query
        if text is None:
            text = self._persisted.get(asked.document_id or "")
        if text is None:
            message = f"No document is kept under the id {(asked.document_id or '')[:80]!r}."
            raise Malformed(404, message, code="UnknownDocument")
        return text

    def _only_introspects(self, question: Question, reply: Reply) -> bool:
        document = self.documents.recent.get(question.text)
        return document is not None and document.only_introspects and reply.status == 200

    async def _answer(
        self, question: Question, context: C, receive: Receive, by_url: bool
    ) -> Reply:
        try:
            self._refuse_long_variables(question)
            document = await self._document(question.text, receive)
            kind = document.kind(question.operation_name)
            _refuse_kind(kind, by_url)
            cost = self._priced(document, question, context, kind)
            if kind is OperationType.MUTATION:  # it waits for the disk, and perhaps for a lock
                work = partial(self._execution.answer, question, context)
                return await self._writers.run(work)
            if self._elsewhere and (cost > self._limits.inline or document.node is None):
                task = (question, self._elsewhere.author_of(context))
                reply: Reply = await self._with_helpers(task, receive)
                return reply
            result = self._executed(document, question, context)
            if inspect.isawaitable(result):
                result = await result
        except InvalidDocument as invalid:
            return self._execution.failed(invalid.errors, question.media)
        except GraphQLError as refused:
            return self._execution.failed([refused], question.media)
        return self._execution.reply(document, question, result, context)

    def _executed(
        self, document: Document, question: Question, context: C
    ) -> AwaitableOrValue[ExecutionResult]:
        try:
            with self._snapshot_of(context):
                return self._execution.execute(document, question, context)
        except GraphQLError:
            raise
        except Exception:  # noqa: BLE001 - no snapshot can be had: the resolvers find out, and tell
            return self._execution.execute(document, question, context)

    def _refuse_long_variables(self, question: Question) -> None:
        # The variables are part of the request, which is held to a limit of its own.
        size = len(orjson.dumps(question.variables)) if question.variables else 0
        refuse_above("Bytes of the variables", size, self._limits.variables_bytes)

    async def _document(self, text: str, receive: Receive) -> Document:
        """The document; a long text is checked with the helpers, where they are at hand.

        Raises InvalidDocument.
        """
        if known := self.documents.known(text):
            return known
        is_long = len(text) > self._limits.checked_inline
        if not is_long or not self._elsewhere or not self._elsewhere.helpers.is_warm:
            async with self._checking:
                await asyncio.sleep(0)  # whoever asks something known is answered in between
                return self.documents.prepare(text)
        checked: Document | Refused = await self._with_helpers(text, receive)
        if isinstance(checked, Document):
            self.documents.keep(text, checked)
            return checked
        self.documents.refuse(text, checked.errors)
        raise InvalidDocument(checked.errors)

    def _priced(
        self, document: Document, question: Question, context: C, kind: OperationType | None
    ) -> float:
        """The cost of the question. Raises TooMuch."""
        name, variables = question.operation_name, question.variables
        counts = self._pricing.counts_of(context)
        is_write = kind is OperationType.MUTATION
        limit = self._limits.cost_of_writing if is_write else self._limits.cost
        try:
            cost = document.cost(name, counts, variables)
        except (TypeError, ValueError, AttributeError, LookupError):
            return limit  # variables of wrong types: their check refuses them, off the loop
        except Exception as error:  # the counts are read from a file
            raise GraphQLError(str(error), original_error=error) from error
        cost += _VALUE * _values_in(variables) if variables else 0.0
        if cost > limit:
            raise _too_dear(document.plans.get(name), cost, limit, counts, variables)
        return cost

    async def _with_helpers(self, task: Any, receive: Receive) -> Any:
        """What the helpers make of the task, unless the client hangs up meanwhile.

        Raises Busy, TooMuch and ClientDisconnect.
        """
        assert self._elsewhere is not None, "only a view with helpers sends them anything"
        try:
            return await unless_gone(self._elsewhere.helpers.ask(task), receive)
        except HelperEnded:
            raise TooMuch(
                "The answer needs more memory than one question may have; ask for less at once."
            ) from None
        except HelperFailed as failed:
            raise GraphQLError(str(failed), original_error=failed) from failed


def _values_in(variables: Mapping[str, Any]) -> int:
    """How many values there are, in lists and objects too."""
    found, waiting = 0, [*variables.values()]
    while waiting:
        each = waiting.pop()
        found += 1
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def _too_dear(
    plan: Any, cost: float, limit: float, counts: Any, variables: Mapping[str, Any]
) -> TooMuch:
    message = f"The question costs about {cost:,.0f} ms of computing; the limit is {limit:,.0f} ms."
    told = {"cost": round(cost), "limit": round(limit)}
    if plan is None or not plan.steps:
        return TooMuch(f"{message} Ask for less at once.", **told)
    dearest = plan.dearest(counts, variables)
    how = "Ask for fewer fields, or in several requests"
    if dearest.narrowing:
        how = f"Narrow it by {', '.join(dearest.narrowing)}, or ask for fewer fields at once"
    message += f" The dearest part is {dearest.path}, with {dearest.cost:,.0f} ms. {how}."
    return TooMuch(message, **told, dearest=dearest.path, narrowing=[*dearest.narrowing])


def _refuse_kind(kind: OperationType | None, by_url: bool) -> None:
    if kind is OperationType.MUTATION and by_url:
        raise Malformed(405, "A mutation must be sent by POST.", allow=b"POST")
    if kind is OperationType.SUBSCRIPTION:
        raise GraphQLError("Subscriptions are served over WebSocket only.")


_VALUE = 0.005
"""Milliseconds of a value among the variables: each is coerced, and perhaps looked up."""
