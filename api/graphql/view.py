"""An ASGI application that speaks "GraphQL over HTTP" for any Strawberry schema:

    Route("/graphql", GraphQLView(schema, context_of=..., cache_control=...))

Documents are checked once (documents), within limits (limits), and priced before anything runs
(costs). A cheap query runs inline; a dear one, and the check of a long document, with the helpers;
a mutation in a thread. An awaitable result is awaited. Unexpected errors are logged, not shown.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.pyutils import AwaitableOrValue
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send
from strawberry.directive import DirectiveLocation, StrawberryDirective

from api.graphql.costs import Plan, Prices
from api.graphql.documents import Document, Documents, InvalidDocument, Refused
from api.graphql.event_stream import EventStream, resumed_at, send_once
from api.graphql.execution import Execution, Question, Reply
from api.graphql.hang_up import unless_gone
from api.graphql.helper_process import HelperEnded, HelperFailed
from api.graphql.helpers import Helpers
from api.graphql.kept import KeptAnswers, Resting, note_kept
from api.graphql.limits import Limits, TooMuch, refuse_above
from api.graphql.messages import (
    GRAPHQL,
    JSON,
    EventStreams,
    Headers,
    Malformed,
    Parameters,
    event_streams_for,
    negotiate,
    parameters_in_body,
    parameters_in_url,
    read_body,
)
from api.graphql.page_making import SubscriptionRefused
from api.graphql.persisted import PersistedDocuments
from api.graphql.request_notes import RequestNotes, notes_of
from api.graphql.subscriptions import Subscriptions
from api.graphql.writers import Writers
from domain.refusals import Refusal
from domain.texts import escaped

C = TypeVar("C")
log = logging.getLogger(__name__)
_OPERATIONS = {
    DirectiveLocation.QUERY,
    DirectiveLocation.MUTATION,
    DirectiveLocation.SUBSCRIPTION,
}


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
    others: Mapping[str, Helpers] = field(default_factory=dict)
    """Helpers for questions with a field of such a type, by the type's name."""

    def helpers_for(self, plan: Plan | None) -> Helpers:
        kinds = {step.kind for step in plan.steps} if plan else set[str]()
        found = (helpers for kind, helpers in self.others.items() if kind in kinds)
        return next(found, self.helpers)


_FOR_EVER = Resting(None, None)


@dataclass(frozen=True)
class Sharing(Generic[C]):
    """Whether the reply just made is the same for every caller, and what such replies rest on; None
    where that can't be told now."""

    is_shared: Callable[[C], bool] = lambda _: False
    rests_on: Callable[[C], Resting | None] = lambda _: _FOR_EVER


class GraphQLView(Generic[C]):
    """One schema at one URL, by GET and POST.

    `cache_control` and `is_shared` are called after a query. A shared reply is kept, and given to
    every caller admitted by `context_of`, while `rests_on` says the same. `persisted` are the
    documents asked for by id. `reach` waits until the position of `@atLeast` may be answered. A
    cheap query is answered from one state, in a `snapshot_of` what the resolvers read.
    """

    def __init__(  # noqa: PLR0913 - the parts of one view
        self,
        schema: strawberry.Schema,
        *,
        context_of: Callable[[Request], C],
        cache_control: Callable[[C], str | None],
        limits: Limits | None = None,
        persisted: PersistedDocuments | None = None,
        pricing: Pricing[C] | None = None,
        elsewhere: Elsewhere[C] | None = None,
        refusal_of: Callable[[Exception], Refusal | None] = lambda error: None,
        sharing: Sharing[C] | None = None,
        position_of: Callable[[C], int | None] = lambda context: None,
        reach: Callable[[C, int], Awaitable[None]] | None = None,
        subscriptions: Callable[[Execution[C]], Subscriptions[C]] | None = None,
        snapshot_of: Callable[[C], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> None:
        if schema.extensions or not all(map(_is_of_operations, schema.directives)):
            raise ValueError("This view does not run schema extensions or directives of fields.")
        self._reach = reach
        self._limits = limits or Limits()
        self._context_of, self._snapshot_of = context_of, snapshot_of
        self._pricing, self._elsewhere = pricing or Pricing(), elsewhere
        self.persisted = persisted or PersistedDocuments({})
        self.documents = Documents(schema, self._limits, self._pricing.prices)
        sharing = sharing or Sharing()
        self._rests_on = sharing.rests_on
        self._execution = Execution(
            schema,
            self.documents,
            self._limits,
            cache_control,
            refusal_of,
            sharing.is_shared,
            position_of,
        )
        self.subscriptions = subscriptions(self._execution) if subscriptions else None
        self._checking: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]
        self._checking = WeakKeyDictionary()
        self._writers = Writers(self._limits.writers, self._limits.queued_writers)
        self.answers = KeptAnswers(
            number=self._limits.kept_answers, weight=self._limits.kept_answer_bytes
        )

    @property
    def waiting_writers(self) -> int:
        """How many mutations are at work or wait for their turn."""
        return self._writers.waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers.of(scope)
        media = negotiate(headers.accept)
        try:
            if self.subscriptions and event_streams_for(headers.accept) is EventStreams.EVERYTHING:
                media = GRAPHQL  # refusals have a status of their own
                raw = await self._raw(scope, receive, headers)
                await self._stream(raw, scope, receive, send, headers)
                return
            reply = await self._reply(scope, receive, send, headers, media)
            if reply is None:
                return
        except Malformed as wrong:
            notes_of(scope).refused = wrong.code
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
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, media: bytes | None
    ) -> Reply | None:
        """The reply; None where a stream was the answer. Raises Malformed and ClientDisconnect."""
        by_url = _is_by_url(scope)
        if media is None:
            raise Malformed(406, f"We answer as {JSON.decode()} or {GRAPHQL.decode()}.")
        context = self._context_of(Request(scope))
        raw = await self._raw(scope, receive, headers)
        asked, notes = (media, by_url, raw), notes_of(scope)
        # What answers rest on is read only where one was kept, or is to be.
        if self.answers.has(asked) and (kept := self.answers.get(asked, self._rests_on(context))):
            note_kept(notes, kept)
            return kept.unless_known(headers.if_none_match)
        try:
            question = self._question(raw, by_url, media, notes)
        except GraphQLError as unknown:
            return self._execution.failed([unknown], media)
        if self.subscriptions and event_streams_for(headers.accept) is EventStreams.SUBSCRIPTIONS:
            if await self._is_subscription(question, receive):
                await self._stream(raw, scope, receive, send, headers)
                return None
        reply, rests_on = await self._answered(question, context, receive, notes)
        notes.position, notes.is_closed = reply.position, reply.is_the_same_for_ever
        if reply.is_shared and rests_on is not None:
            self.answers.follow(rests_on)
            self.answers.keep(asked, reply, rests_on)
        return reply.unless_known(headers.if_none_match)

    async def _raw(self, scope: Scope, receive: Receive, headers: Headers) -> bytes:
        if _is_by_url(scope):
            query: bytes = scope["query_string"]
            return query
        return await read_body(receive, headers, self._limits.body_bytes)

    async def _is_subscription(self, question: Question, receive: Receive) -> bool:
        try:
            document = await self._document(question.text, receive)
        except (GraphQLError, InvalidDocument):  # the answer tells
            return False
        return document.kind(question.operation_name) is OperationType.SUBSCRIPTION

    async def _stream(
        self, raw: bytes, scope: Scope, receive: Receive, send: Send, headers: Headers
    ) -> None:
        """Answers by an event stream; a question by a stream of one event. Raises Malformed."""
        assert self.subscriptions is not None, "only a view with subscriptions streams"
        by_url, context = _is_by_url(scope), self._context_of(Request(scope))
        if scope["method"] == "HEAD":
            raise Malformed(405, "An event stream has no head alone.", allow=b"GET, POST")
        resumed, notes = resumed_at(headers), notes_of(scope)
        try:
            question = self._question(raw, by_url, GRAPHQL, notes)
            cost = await self.subscribed(question, context, receive, notes)
            if cost is not None:
                stream = EventStream(self.subscriptions, scope, receive, send)
                await stream.serve(question, cost, context, resumed)
                return
            reply = await self.answer(question, context, receive, notes)
        except SubscriptionRefused as refused:
            reply = refused.reply
        except InvalidDocument as invalid:
            reply = self._execution.failed(invalid.errors, GRAPHQL)
        except GraphQLError as error:
            reply = self._execution.failed([error], GRAPHQL)
        if reply.errors is None:
            await send_once(reply, send)
        else:
            await reply.send(send)

    def question(
        self, asked: Parameters, notes: RequestNotes, media: bytes = JSON, *, by_url: bool = False
    ) -> Question:
        """The question with these parameters. Raises Malformed and GraphQLError."""
        notes.text = text = self.persisted.text(asked)
        notes.operation, notes.document = asked.operation_name or "", asked.document_id or ""
        given = (asked.variables, asked.operation_name, asked.extensions)
        return Question(text, *given, media, by_url)

    async def subscribed(
        self, question: Question, context: C, receive: Receive, notes: RequestNotes
    ) -> float | None:
        """The cost of a result, where the question is a subscription.

        Raises InvalidDocument, GraphQLError, Malformed and ClientDisconnect.
        """
        document = await self._document(question.text, receive)
        kind = document.kind(question.operation_name)
        if kind is not OperationType.SUBSCRIPTION:
            return None
        notes.kind = kind.value
        self._refuse_long_variables(question)
        await self._reach_floor(document, question, context)
        notes.cost = self._priced(document, question, context, kind)
        return notes.cost

    def failed(self, errors: Iterable[GraphQLError]) -> Reply:
        """The reply to an operation that was refused."""
        return self._execution.failed(errors, JSON)

    def _question(self, raw: bytes, by_url: bool, media: bytes, notes: RequestNotes) -> Question:
        asked = parameters_in_url(raw) if by_url else parameters_in_body(raw)
        return self.question(asked, notes, media, by_url=by_url)

    async def answer(
        self, question: Question, context: C, receive: Receive, notes: RequestNotes
    ) -> Reply:
        """The reply to a question or a mutation. Raises Malformed and ClientDisconnect."""
        return (await self._answered(question, context, receive, notes))[0]

    async def _answered(
        self, question: Question, context: C, receive: Receive, notes: RequestNotes
    ) -> tuple[Reply, Resting | None]:
        """The reply, and what it rests on if that holds now; of a reply that is not shared, None
        will do."""
        try:
            notes.begin("document")
            self._refuse_long_variables(question)
            document = await self._document(question.text, receive)
            kind = document.kind(question.operation_name)
            notes.kind = kind.value if kind else ""
            _refuse_kind(kind, question.by_url)
            await self._reach_floor(document, question, context)
            notes.begin("price")
            cost = notes.cost = self._priced(document, question, context, kind)
            notes.begin("execute")
            if kind is OperationType.MUTATION:  # it waits for the disk, and perhaps for a lock
                work = partial(self._execution.answer, question, context)
                return await self._writers.run(work), None
            if self._elsewhere and (cost > self._limits.inline or document.node is None):
                task = (question, self._elsewhere.author_of(context))
                before = self._rests_on(context)
                plan = document.plans.get(question.operation_name)
                reply: Reply = await self._with_helpers(task, receive, plan)
                return reply, before if before == self._rests_on(context) else None
            result, rests_on = self._executed(document, question, context)
            if not isinstance(result, ExecutionResult):
                result = await result
                rests_on = rests_on if rests_on == self._rests_on(context) else None
        except InvalidDocument as invalid:
            notes.refused = "InvalidDocument"
            return self._execution.failed(invalid.errors, question.media), None
        except GraphQLError as refused:
            notes.refused = str((refused.extensions or {}).get("code", "GraphQLError"))
            return self._execution.failed([refused], question.media), None
        notes.begin("write")
        return self._execution.reply(document, question, result, context), rests_on

    async def _reach_floor(self, document: Document, question: Question, context: C) -> None:
        """Returns once the position of `@atLeast` may be answered. Raises Malformed."""
        floor = document.floor(question.operation_name, question.variables)
        if floor is not None and self._reach:
            await self._reach(context, floor)

    def _executed(
        self, document: Document, question: Question, context: C
    ) -> tuple[AwaitableOrValue[ExecutionResult], Resting | None]:
        """The result, and what it rests on: the state of the snapshot."""
        try:
            with self._snapshot_of(context):
                result = self._execution.execute(document, question, context)
                return result, self._rests_on(context)
        except GraphQLError:
            raise
        except Exception:  # noqa: BLE001 - no snapshot can be had: the resolvers find out, and tell
            return self._execution.execute(document, question, context), None

    def _refuse_long_variables(self, question: Question) -> None:
        # The variables are part of the request, which is held to a limit of its own.
        size = len(orjson.dumps(question.variables)) if question.variables else 0
        refuse_above("Bytes of the variables", size, self._limits.variables_bytes)

    def _turn_to_check(self) -> asyncio.Lock:
        """The lock of this event loop: a lock wakes nobody who waits in another."""
        return self._checking.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    async def _document(self, text: str, receive: Receive) -> Document:
        """The document; a long text is checked with the helpers, where they are at hand.

        Raises InvalidDocument.
        """
        if known := self.documents.known(text):
            return known
        is_long = len(text) > self._limits.checked_inline
        if not is_long or not self._elsewhere or not self._elsewhere.helpers.is_warm:
            async with self._turn_to_check():
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

    async def _with_helpers(self, task: Any, receive: Receive, plan: Plan | None = None) -> Any:
        """What the helpers make of the task, unless the client hangs up meanwhile.

        Raises Busy, TooMuch and ClientDisconnect.
        """
        assert self._elsewhere is not None, "only a view with helpers sends them anything"
        try:
            return await unless_gone(self._elsewhere.helpers_for(plan).ask(task), receive)
        except HelperEnded:
            raise TooMuch(
                "The answer needs more memory than one question may have; ask for less at once."
            ) from None
        except HelperFailed as failed:
            raise GraphQLError(str(failed), original_error=failed) from failed


def _is_of_operations(directive: StrawberryDirective[Any]) -> bool:
    """Whether the directive stands on whole operations, so that no field is executed otherwise."""
    return {*directive.locations} <= _OPERATIONS


def _is_by_url(scope: Scope) -> bool:
    by_url: bool = scope["method"] in ("GET", "HEAD")
    if not by_url and scope["method"] != "POST":
        raise Malformed(405, "Ask by GET or POST.", allow=b"GET, POST")
    return by_url


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
        raise GraphQLError(
            "Subscriptions are served over WebSocket (graphql-transport-ws), and as a stream of "
            "events (Accept: text/event-stream)."
        )


_VALUE = 0.005
"""Milliseconds of a value among the variables: each is coerced, and perhaps looked up."""
