"""An ASGI application that speaks "GraphQL over HTTP" for any Strawberry schema:

    Route("/graphql", GraphQLView(schema, context_of=..., cache_control=...))

Documents are checked once (documents), within limits (limits). Resolvers run inline; an awaitable
result is awaited. Unexpected errors are logged, not shown.
"""

import hashlib
import inspect
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeGuard, TypeVar, cast

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError, OperationType, execute
from graphql.pyutils import AwaitableOrValue
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send
from strawberry.execution.is_awaitable import optimized_is_awaitable

from api.graphql.documents import Cache, Document, Documents, InvalidDocument
from api.graphql.limits import Limits, refuse_above
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
from domain.refusals import Refusal, Unavailable

C = TypeVar("C")
log = logging.getLogger(__name__)

PARTIAL_SUCCESS = 294
_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    media: bytes = JSON
    cache_control: bytes = b"no-store"
    etag: bytes = b""
    allow: bytes = b""

    async def send(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status, "headers": self._headers()}
        await send(start)
        await send({"type": "http.response.body", "body": self.body})

    def _headers(self) -> list[tuple[bytes, bytes]]:
        headers = [(b"cache-control", self.cache_control), (b"vary", b"Accept")]
        if self.status != 304:
            headers.append((b"content-type", self.media + b"; charset=utf-8"))
            headers.append((b"content-length", b"%d" % len(self.body)))
        if self.etag:
            headers.append((b"etag", self.etag))
        if self.allow:
            headers.append((b"allow", self.allow))
        return headers

    def unless_known(self, if_none_match: bytes) -> "Reply":
        """The headers alone, for a client with the same bytes."""
        if not self.etag or not if_none_match:
            return self
        held = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
        return replace(self, status=304, body=b"") if held & {self.etag, b"*"} else self

    @property
    def is_the_same_for_ever_and_everyone(self) -> bool:
        return b"public" in self.cache_control and b"immutable" in self.cache_control


class GraphQLView(Generic[C]):
    """One schema at one URL, by GET and POST.

    `cache_control` is called after a query; a "public" and "immutable" reply is kept here too, and
    given to every caller admitted by `context_of`: an answer for one caller must never be public.
    `documents` are asked for by id, and held to no limit of cost.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        context_of: Callable[[Request], C],
        cache_control: Callable[[C], str | None],
        limits: Limits | None = None,
        documents: Mapping[str, str] | None = None,
        refusal_of: Callable[[Exception], Refusal | None] = lambda error: None,
    ) -> None:
        if schema.extensions or schema.directives:
            raise ValueError("This view does not run schema extensions or operation directives.")
        self._schema, self._context_of, self._cache_control = schema, context_of, cache_control
        self._limits = limits or Limits()
        self._refusal_of, self._writers = refusal_of, Writers()
        self._persisted = documents or {}
        self.documents = Documents(schema, self._limits, trusted=self._persisted.values())
        self.answers: Cache[tuple[bytes, bool, bytes], Reply] = Cache(
            number=self._limits.kept_answers, weight=self._limits.kept_answer_bytes
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers.of(scope)
        media = negotiate(headers.accept)
        try:
            reply = await self._reply(scope, receive, headers, media)
        except Malformed as wrong:
            errors = [{"message": wrong.message, "extensions": {"code": wrong.code}}]
            body = orjson.dumps({"errors": errors})
            reply = Reply(wrong.status, body, media or JSON, allow=wrong.allow)
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
        reply = await self._answer(raw, by_url, media, context)
        if reply.is_the_same_for_ever_and_everyone:
            self.answers.keep(key, reply, weight=len(raw) + len(reply.body) + 500)
        return reply.unless_known(headers.if_none_match)

    async def _answer(self, raw: bytes, by_url: bool, media: bytes, context: C) -> Reply:
        asked = parameters_in_url(raw) if by_url else parameters_in_body(raw)
        try:
            document = self._document(asked, len(raw))
            kind = document.kind(asked.operation_name)
            _refuse_kind(kind, by_url)
            if kind is OperationType.MUTATION:  # it waits for the disk, and perhaps for a lock
                result = await self._writers.run(partial(self._execute, document, asked, context))
            else:
                result = self._execute(document, asked, context)
            if inspect.isawaitable(result):
                result = await result
        except InvalidDocument as invalid:
            return self._failed(invalid.errors, media)
        except GraphQLError as refused:
            return self._failed([refused], media)
        if result.data is None and not any(error.path for error in result.errors or ()):
            return self._failed(result.errors or (), media)
        reply = self._succeeded(result, media)
        if result.errors or reply.status != 200 or kind is not OperationType.QUERY:
            return reply
        cache_control = None if document.introspects else self._cache_control(context)
        return _cacheable(reply, by_url, (cache_control or "no-cache").encode())

    def _document(self, asked: Parameters, size: int) -> Document:
        # The variables are part of the request, so a small request needs no second look.
        if size > self._limits.variables_bytes:
            variables_bytes = len(orjson.dumps(asked.variables))
            refuse_above("Bytes of the variables", variables_bytes, self._limits.variables_bytes)
        text = asked.query
        if text is None:
            text = self._persisted.get(asked.document_id or "")
        if text is None:
            message = f"No document is kept under the id {asked.document_id!r}."
            raise Malformed(404, message, code="UnknownDocument")
        return self.documents.prepare(text, asked.variables)

    def _execute(
        self, document: Document, asked: Parameters, context: C
    ) -> AwaitableOrValue[ExecutionResult]:
        try:
            return execute(
                self._schema._schema,
                document.node,
                variable_values=asked.variables,
                operation_name=asked.operation_name,
                context_value=context,
                executor_class=self._schema.execution_context_class,
                is_awaitable=_is_awaitable,
                operation_extensions=asked.extensions,
            )
        except GraphQLError:
            raise
        except Exception as error:
            raise GraphQLError(str(error), original_error=error) from error

    def _succeeded(self, result: ExecutionResult, media: bytes) -> Reply:
        answer: dict[str, Any] = {"data": result.data}
        status = 200
        if result.errors:
            answer["errors"] = [self._shown(error) for error in result.errors]
            status = PARTIAL_SUCCESS if media is GRAPHQL else 200
            status = 503 if any(map(self._is_outage, result.errors)) else status
        try:
            return Reply(status, orjson.dumps(answer), media)
        except TypeError as error:
            return self._failed([GraphQLError(str(error), original_error=error)], media)

    def _failed(self, errors: Sequence[GraphQLError], media: bytes) -> Reply:
        """The request was refused before anything was executed, or we broke down."""
        shown = [self._shown(error) for error in errors]
        codes = [error.get("extensions", {}).get("code") for error in shown]
        status = 500 if _INTERNAL in codes else 200 if media is JSON else 400
        status = 503 if any(map(self._is_outage, errors)) else status
        return Reply(status, orjson.dumps({"errors": shown}), media)

    def _shown(self, error: GraphQLError) -> dict[str, Any]:
        cause = self._cause(error)
        shown: dict[str, Any] = {**error.formatted}
        if isinstance(cause, GraphQLError):
            return shown
        if isinstance(cause, Refusal) and cause.is_public:
            if isinstance(cause, Unavailable):
                log.error("%s (%s)", cause, cause.place, exc_info=cause)
                shown["message"] = str(cause)  # in place of SQLite's words
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


def _cacheable(reply: Reply, by_url: bool, cache_control: bytes) -> Reply:
    if not by_url:
        return replace(reply, cache_control=cache_control)
    digest = hashlib.blake2b(reply.media + reply.body, digest_size=16).hexdigest()
    return replace(reply, cache_control=cache_control, etag=b'"%s"' % digest.encode())


def _refuse_kind(kind: OperationType | None, by_url: bool) -> None:
    if kind is OperationType.MUTATION and by_url:
        raise Malformed(405, "A mutation must be sent by POST.", allow=b"POST")
    if kind is OperationType.SUBSCRIPTION:
        raise GraphQLError("Subscriptions are served over WebSocket only.")


_INTERNAL = "InternalError"
