"""The operations over one WebSocket: each is checked, priced and executed as over HTTP."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, NoReturn, TypeVar

from graphql import GraphQLError
from starlette.types import Message, Scope

from api.graphql.documents import InvalidDocument
from api.graphql.execution import Question
from api.graphql.messages import Malformed, Parameters, parameters_in_message
from api.graphql.page_making import SubscriptionRefused
from api.graphql.request_notes import EndedOperation, RequestNotes, tell_operation
from api.graphql.socket_admission import SocketAdmission
from api.graphql.socket_messages import Closing, Gone, MessageSender, as_error, id_in
from api.graphql.subscriptions import Subscriptions
from api.graphql.view import GraphQLView

C = TypeVar("C")
log = logging.getLogger(__name__)


class SocketOperations(Generic[C]):
    """The operations under way over one connection."""

    def __init__(
        self,
        view: GraphQLView[C],
        subscriptions: Subscriptions[C],
        admission: SocketAdmission[C],
        sender: MessageSender,
        scope: Scope,
        end: Callable[[Closing], None],
    ) -> None:
        """`end` ends the connection."""
        self._view, self._subscriptions, self._admission = view, subscriptions, admission
        self._sender, self._scope, self._end = sender, scope, end
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def begin(self, message: Mapping[str, Any]) -> None:
        """Begins what a message `subscribe` asks for. Raises Closing."""
        name = id_in(message)
        if self._admission.author is None:
            raise Closing(4401, "Unauthorized")
        if name in self._tasks:
            raise Closing(4409, f"Subscriber for {name} already exists")
        try:
            asked = parameters_in_message(message.get("payload"))
        except Malformed as wrong:
            raise Closing(4400, f"Invalid message: {wrong.message}") from None
        context = self._admission.context()
        most = self._subscriptions.limits.of_one_connection
        if len(self._tasks) >= most:
            told = f"A connection has {most} operations at most; end one of them, or open another."
            await self._sender.fail(name, as_error(told, "TooMuch"))
            return
        self._tasks[name] = asyncio.create_task(self._operate(name, asked, context))

    def cancel(self, message: Mapping[str, Any]) -> None:
        """Ends what a message `complete` names, if it is under way. Raises Closing."""
        if task := self._tasks.pop(id_in(message), None):
            task.cancel()

    async def end_all(self) -> None:
        """Ends all operations, and returns once they have ended."""
        tasks = [*self._tasks.values()]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _operate(self, name: str, asked: Parameters, context: C) -> None:
        operation = _Operation(name)
        try:
            operation.status = await self._answer(operation, asked, context)
        except Closing as why:
            self._end(why)
        except (OSError, Gone):
            self._end(Closing(1001, "gone"))
        except Exception as error:
            log.exception("Internal error in an operation over WebSocket", exc_info=error)
            operation.status = 500
            self._end(Closing(4500, "Internal error"))
        finally:
            tell_operation(self._scope, operation.ended(self._subject))
            self._forget(name)

    async def _answer(self, operation: "_Operation", asked: Parameters, context: C) -> int:
        """Answers to the end; returns the status of the same answer over HTTP."""
        notes = operation.notes
        try:
            question = self._view.question(asked, notes)
            with self._subscriptions.places.for_question():
                cost = await self._view.subscribed(question, context, _never, notes)
                if cost is None:
                    reply = await self._view.answer(question, context, _never, notes)
            if cost is not None:
                await self._follow(operation, question, cost, context)
        except SubscriptionRefused as refused:
            reply = refused.reply
        except InvalidDocument as invalid:
            notes.refused = "InvalidDocument"
            reply = self._view.failed(invalid.errors)
        except GraphQLError as error:
            notes.refused = str((error.extensions or {}).get("code", "GraphQLError"))
            reply = self._view.failed([error])
        except Malformed as wrong:
            notes.refused = wrong.code
            await self._fail(operation, as_error(wrong.message, wrong.code))
            return wrong.status
        notes.position, notes.is_closed = reply.position, reply.is_the_same_for_ever
        if (errors := reply.errors) is not None:
            await self._fail(operation, errors)
        else:
            await self._next(operation, reply.body)
            await self._complete(operation)
        return reply.status

    async def _follow(
        self, operation: "_Operation", question: Question, cost: float, context: C
    ) -> NoReturn:
        """Passes on what a subscription gives, for ever."""
        with self._subscriptions.places.for_subscription(self._subject, question):
            following = await self._subscriptions.begin(question, cost, context)
            operation.status = 200
            while True:
                page = await following.next_page()
                for each in page.results if page else ():
                    await self._next(operation, each.body)

    @property
    def _subject(self) -> str:
        return self._subscriptions.source.subject_of(self._admission.author)

    async def _next(self, operation: "_Operation", payload: bytes) -> None:
        operation.size += await self._sender.next(operation.name, payload)

    async def _fail(self, operation: "_Operation", errors: bytes) -> None:
        self._forget(operation.name)
        operation.size += await self._sender.fail(operation.name, errors)

    async def _complete(self, operation: "_Operation") -> None:
        self._forget(operation.name)
        operation.size += await self._sender.complete(operation.name)

    def _forget(self, name: str) -> None:
        """The id is free as soon as the client can know that the operation has ended."""
        if self._tasks.get(name) is asyncio.current_task():
            del self._tasks[name]


@dataclass(slots=True)
class _Operation:
    """An operation under way, and what there is to tell of it."""

    name: str
    notes: RequestNotes = field(default_factory=RequestNotes)
    began: float = field(default_factory=monotonic)
    status: int = 0
    """0 until it is answered: where it ends before, its client has gone."""
    size: int = 0

    def ended(self, subject: str) -> EndedOperation:
        seconds = monotonic() - self.began
        return EndedOperation(self.notes, subject, self.status, seconds, self.size)


async def _never() -> Message:
    """A client that never hangs up: the operation is cancelled where the socket closes."""
    await asyncio.get_running_loop().create_future()
    raise AssertionError("nothing ever comes")
