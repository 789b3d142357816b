"""A question carried out, and the reply as bytes: the same in every process."""

import asyncio
import hashlib
import inspect
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeGuard, TypeVar, cast

import orjson
import strawberry
from graphql import ExecutionResult, Executor, GraphQLError, OperationType, execute
from graphql.execution.execute import execute_subscription
from graphql.pyutils import AwaitableOrValue
from starlette.types import Message, Send
from strawberry.execution.is_awaitable import optimized_is_awaitable

from api.graphql.documents import Document, Documents, InvalidDocument, brief
from api.graphql.feeds import Cursor, Feed, NotYetFollowed
from api.graphql.limits import Limits, TooMuch
from api.graphql.messages import GRAPHQL, JSON
from domain.refusals import Refusal, Unavailable
from domain.texts import escaped

C = TypeVar("C")
log = logging.getLogger(__name__)

PARTIAL_SUCCESS = 294
_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class Reply(NamedTuple):  # every answer has one, and a dataclass takes five times as long
    status: int
    body: bytes
    media: bytes = JSON
    cache_control: bytes = b"no-store"
    etag: bytes = b""
    allow: bytes = b""
    retry_after: bytes = b""
    is_shared: bool = False
    """Whether it rests on the request and the views alone, and is the same for every caller."""
    position: int | None = None
    """The latest position that the answer draws on, or at which a mutation was recorded."""

    async def send(self, send: Send) -> None:
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})

    @property
    def start(self) -> Message:
        """The message with status and headers."""
        return {"type": "http.response.start", "status": self.status, "headers": self._headers()}

    def _headers(self) -> list[tuple[bytes, bytes]]:
        headers = [(b"cache-control", self.cache_control), (b"vary", b"Accept")]
        if self.status != 304:
            headers.append((b"content-type", self.media + b"; charset=utf-8"))
            headers.append((b"content-length", b"%d" % len(self.body)))
        if self.etag:
            headers.append((b"etag", self.etag))
        if self.allow:
            headers.append((b"allow", self.allow))
        if self.retry_after:
            headers.append((b"retry-after", self.retry_after))
        if self.position is not None:
            headers.append((b"tenure-position", b"%d" % self.position))
        return headers

    def unless_known(self, if_none_match: bytes) -> "Reply":
        """The headers alone, for a client with the same bytes."""
        if not self.etag or not if_none_match:
            return self
        held = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
        return self._replace(status=304, body=b"") if held & {self.etag, b"*"} else self

    @property
    def is_the_same_for_ever(self) -> bool:
        return b"immutable" in self.cache_control

    @property
    def errors(self) -> bytes | None:
        """The list of errors of a request that was refused, or that failed before it had data."""
        return self.body[len(_ERRORS) : -1] if self.body.startswith(_ERRORS) else None


class Question(NamedTuple):
    """The question of one request, without the author; it can be sent to another process."""

    text: str
    variables: dict[str, Any]
    operation_name: str | None
    extensions: dict[str, Any] | None
    media: bytes
    by_url: bool


class Execution(Generic[C]):
    """Carries out questions against one schema.

    `cache_control` and `is_shared` are called after a query. A shared reply is given to every
    caller: it must depend on nobody, and on nothing besides the request and the views.
    `refusal_of` gives the refusal behind an error of a library, `position_of` the latest position
    that an answer knows of.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        documents: Documents,
        limits: Limits,
        cache_control: Callable[[C], str | None],
        refusal_of: Callable[[Exception], Refusal | None] = lambda error: None,
        is_shared: Callable[[C], bool] = lambda _: False,
        position_of: Callable[[C], int | None] = lambda context: None,
    ) -> None:
        self._schema, self.documents, self._limits = schema, documents, limits
        self._position_of = position_of
        self._cache_control, self._refusal_of = cache_control, refusal_of
        self._is_shared = is_shared

    def answer(self, question: Question, context: C) -> Reply:
        """The reply, made in this thread and whole. An awaitable result is run to its end."""
        try:
            document = self.documents.parsed(question.text)
            result = self.execute(document, question, context)
            if inspect.isawaitable(result):
                result = asyncio.run(_awaited(result))
        except InvalidDocument as invalid:
            return self.failed(invalid.errors, question.media)
        except GraphQLError as refused:
            return self.failed([refused], question.media)
        return self.reply(document, question, result, context)

    def execute(
        self, document: Document, question: Question, context: C, root: Any = None
    ) -> AwaitableOrValue[ExecutionResult]:
        """The result: of the compiled query, or of graphql-core where that has none. `root` is the
        value of a subscription."""
        compiled = document.compiled.get(question.operation_name)
        if compiled is None:
            return self._interpreted(document, question, context, root)
        data = compiled.data(question.variables, context)
        if data is not None:
            return ExecutionResult(data, None)
        # Resolvers are called again, in the same order: queries change nothing, and what they note
        # in the context is noted once.
        result = self._interpreted(document, question, context)
        compiled.had_errors = not isinstance(result, ExecutionResult) or bool(result.errors)
        return result

    def _interpreted(
        self, document: Document, question: Question, context: C, root: Any = None
    ) -> AwaitableOrValue[ExecutionResult]:
        assert document.node is not None, "this process has parsed the document"
        try:
            return execute(
                self._schema._schema,
                document.node,
                root,
                variable_values=question.variables,
                operation_name=question.operation_name,
                context_value=context,
                executor_class=self._schema.execution_context_class,
                is_awaitable=_is_awaitable,
                operation_extensions=question.extensions,
            )
        except GraphQLError:
            raise
        except Exception as error:
            raise GraphQLError(str(error), original_error=error) from error

    def feed(
        self, document: Document, question: Question, context: C, resumed: Cursor | None
    ) -> Feed:
        """The feed of a subscription; `resumed` goes before the arguments.

        Raises InvalidDocument, GraphQLError and NotYetFollowed.
        """
        assert document.node is not None, "this process has parsed the document"
        try:
            executor = Executor.build(
                self._schema._schema,
                document.node,
                root_value=resumed,
                context_value=context,
                raw_variable_values=question.variables,
                operation_name=question.operation_name,
            )
            if isinstance(executor, list):
                raise InvalidDocument(executor)
            feed = execute_subscription(executor)
        except InvalidDocument:
            raise
        except GraphQLError as error:
            if isinstance(error.original_error, NotYetFollowed):
                raise error.original_error from None
            raise
        except Exception as error:
            raise GraphQLError(str(error), original_error=error) from error
        assert isinstance(feed, Feed), "every subscription gives a feed"
        return feed

    def outage_of(self, error: Exception) -> Unavailable | None:
        """The outage of storage behind an error, if it is one."""
        if not isinstance(error, GraphQLError):
            error = GraphQLError(str(error), original_error=error)
        cause = self._cause(error)
        return cause if isinstance(cause, Unavailable) else None

    def reply(
        self, document: Document, question: Question, result: ExecutionResult, context: C
    ) -> Reply:
        """The reply with the result, and with the headers for caches."""
        if result.data is None and not any(error.path for error in result.errors or ()):
            return self.failed(result.errors or (), question.media)
        made, position = self._succeeded(result, question.media), self._position_of(context)
        kind = document.kind(question.operation_name)
        if result.errors or made.status != 200 or kind is not OperationType.QUERY:
            return made._replace(position=position)
        if document.introspects:
            cache_control, is_shared = None, document.only_introspects
        else:
            cache_control, is_shared = self._cache_control(context), self._is_shared(context)
        return Reply(
            made.status,
            made.body,
            made.media,
            (cache_control or "no-cache").encode(),
            _etag(made) if question.by_url else b"",
            is_shared=is_shared,
            position=position,
        )

    def _succeeded(self, result: ExecutionResult, media: bytes) -> Reply:
        answer: dict[str, Any] = {"data": result.data}
        status = 200
        if result.errors:
            if any(isinstance(self._cause(error), MemoryError) for error in result.errors):
                return self.failed([_out_of_memory()], media)
            answer["errors"] = [self._shown(each) for each in result.errors[: self._limits.aliases]]
            status = PARTIAL_SUCCESS if media == GRAPHQL else 200
            status = 503 if any(map(self._is_outage, result.errors)) else status
        try:
            return Reply(status, orjson.dumps(answer), media)
        except MemoryError:
            return self.failed([_out_of_memory()], media)
        except TypeError as error:
            return self.failed([GraphQLError(str(error), original_error=error)], media)

    def failed(self, errors: Iterable[GraphQLError], media: bytes) -> Reply:
        """The request was refused before anything was executed, or we broke down."""
        errors = [*errors]
        shown = [self._shown(each) for each in errors[: self._limits.errors]]
        codes = [error.get("extensions", {}).get("code") for error in shown]
        status = 500 if _INTERNAL in codes else 200 if media == JSON else 400
        status = 503 if any(map(self._is_outage, errors)) else status
        return Reply(status, orjson.dumps({"errors": shown}), media)

    def _shown(self, error: GraphQLError) -> dict[str, Any]:
        cause, length = self._cause(error), self._limits.error_length
        shown: dict[str, Any] = {**brief(error, length).formatted}
        shown["message"] = escaped(shown["message"])
        if isinstance(cause, GraphQLError):
            return shown
        if isinstance(cause, Refusal) and cause.is_public:
            if isinstance(cause, Unavailable):
                log.error("%s (%s)", cause, cause.place)
                # In place of SQLite's words.
                shown["message"] = escaped(brief(GraphQLError(str(cause)), length).message)
            extensions = {"code": cause.code, **(error.extensions or {})}
            return {**shown, "extensions": extensions}
        name = secrets.token_hex(6)
        log.error("Internal error %s at %s", name, error.path, exc_info=cause)
        return {
            **shown,
            "message": f"Internal error {name}",
            "extensions": {"code": _INTERNAL},
        }

    def _cause(self, error: GraphQLError) -> Exception:
        cause: Exception = error
        while isinstance(cause, GraphQLError) and cause.original_error is not None:
            cause = cause.original_error
        return self._refusal_of(cause) or cause

    def _is_outage(self, error: GraphQLError) -> bool:
        return isinstance(self._cause(error), Unavailable)


def _out_of_memory() -> GraphQLError:
    return TooMuch("The answer needs more memory than one question may have; ask for less at once.")


def _etag(reply: Reply) -> bytes:
    digest = hashlib.blake2b(reply.media + reply.body, digest_size=16).hexdigest()
    return b'"%s"' % digest.encode()


async def _awaited(result: Awaitable[ExecutionResult]) -> ExecutionResult:
    return await result


_INTERNAL = "InternalError"
_ERRORS = b'{"errors":'
"""The beginning of a reply without data."""
