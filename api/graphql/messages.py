"""The messages of "GraphQL over HTTP": the parameters of a request, and the media types.

Only the form is judged here, without a schema.
"""

from collections.abc import Mapping
from enum import Enum, auto
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

JSON = b"application/json"
GRAPHQL = b"application/graphql-response+json"
_LONGEST_DIGEST = 200
"""Letters; what stands in place of a digest may be the id of a manifest."""
EVENT_STREAM = b"text/event-stream"


class Malformed(Exception):
    """The request has not the form of a GraphQL request: a failure in every media type."""

    retry_after = b""

    def __init__(
        self, status: int, message: str, *, code: str = "MalformedRequest", allow: bytes = b""
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.allow = status, message, code, allow


class Busy(Malformed):
    """More requests wait than are ever carried out in good time."""

    retry_after = b"2"

    def __init__(self, message: str) -> None:
        super().__init__(503, message, code="Busy")


class Headers(NamedTuple):
    """The headers of a request that count; absent headers are empty."""

    accept: bytes = b""
    content_type: bytes = b""
    content_length: bytes = b""
    if_none_match: bytes = b""
    last_event_id: bytes = b""

    @classmethod
    def of(cls, scope: Scope) -> "Headers":
        get = dict(scope["headers"]).get
        return cls(
            get(b"accept", b""),
            get(b"content-type", b""),
            get(b"content-length", b""),
            get(b"if-none-match", b""),
            get(b"last-event-id", b""),
        )


class Parameters(NamedTuple):
    """The parameters of one well-formed request."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any]
    extensions: dict[str, Any] | None
    digest: str | None = None
    """The SHA-256 of the document, by which Apollo's clients name it."""

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Parameters":
        extensions = _map(parameters, "extensions")
        found = cls(
            query=_text(parameters, "query"),
            document_id=_text(parameters, "documentId"),
            operation_name=_text(parameters, "operationName") or None,
            variables=_map(parameters, "variables") or {},
            extensions=extensions,
            digest=_digest(extensions) if extensions else None,
        )
        sent = found.digest if found.query is None else found.query
        if (sent is None) == (found.document_id is None):
            raise Malformed(400, "Send either 'query' or 'documentId', as a string.")
        return found


def parameters_in_message(payload: Any) -> Parameters:
    """The parameters of an operation sent over a WebSocket."""
    if not isinstance(payload, dict):
        raise Malformed(400, "The payload must be a JSON object.")
    return Parameters.of(payload)


def parameters_in_url(query_string: bytes) -> Parameters:
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict")
    except ValueError:
        raise Malformed(400, "The query of the URL is not UTF-8 and form-encoded.") from None
    parameters: dict[str, Any] = dict(pairs)
    for name in ("variables", "extensions"):
        if text := parameters.pop(name, ""):
            parameters[name] = _parsed(text, f"The parameter '{name}'")
    return Parameters.of(parameters)


def parameters_in_body(body: bytes) -> Parameters:
    if body.lstrip().startswith(b"["):  # before the parts are parsed, which may be thousands
        raise Malformed(400, "Batches are not supported; send one request at a time.")
    parameters = _parsed(body, "The body")
    if not isinstance(parameters, dict):
        raise Malformed(400, "The body must be a JSON object.")
    return Parameters.of(parameters)


async def read_body(receive: Receive, headers: Headers, limit: int) -> bytes:
    if not _is_json(headers.content_type):
        raise Malformed(415, "Send the body as 'Content-Type: application/json', in UTF-8.")
    if headers.content_length.isdigit():
        _refuse_large(int(headers.content_length), limit)
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        _refuse_large(len(body), limit)
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    _refuse_large(len(body), limit)
    return body


def _refuse_large(size: int, limit: int) -> None:
    if size > limit:
        raise Malformed(413, f"Bytes of the body: {size}; the limit is {limit}.", code="TooMuch")


@lru_cache(maxsize=64)
def negotiate(accept: bytes) -> bytes | None:
    """The media type preferred by the client; None for types of others only."""
    ranges = [_range(text) for text in accept.decode("latin-1").lower().split(",") if text.strip()]
    if not ranges:
        return JSON
    best: tuple[float, int, bytes] = (0.0, 0, b"")
    for media in (JSON, GRAPHQL):
        names = (media.decode(), "application/*", "*/*")
        fits = [(-names.index(r[0]), r[1], -i) for i, r in enumerate(ranges) if r[0] in names]
        if fits and max(fits)[1:] > best[:2] and max(fits)[1] > 0:
            best = (*max(fits)[1:], media)
    return best[2] or None


class EventStreams(Enum):
    """What a client wants to have as an event stream."""

    NOTHING = auto()
    SUBSCRIPTIONS = auto()
    EVERYTHING = auto()


@lru_cache(maxsize=64)
def event_streams_for(accept: bytes) -> EventStreams:
    """Everything, where no other of our media types is named with as much weight: many clients name
    all that they understand."""
    ranges = [_range(text) for text in accept.decode("latin-1").lower().split(",") if text.strip()]
    named = dict(reversed(ranges))
    stream = named.get(EVENT_STREAM.decode(), 0.0)
    other = max(named.get(each.decode(), 0.0) for each in (JSON, GRAPHQL))
    if stream <= 0 or stream < other:
        return EventStreams.NOTHING
    return EventStreams.EVERYTHING if stream > other else EventStreams.SUBSCRIPTIONS


@lru_cache(maxsize=64)
def prefers_html(accept: bytes) -> bool:
    """Whether a client would rather show a page than read an answer: it names HTML first, or with
    more weight than each of our media types that it names."""
    ranges = [_range(text) for text in accept.decode("latin-1").lower().split(",") if text.strip()]
    named = dict(reversed(ranges))
    order = [name for name, _ in ranges]
    html = named.get("text/html", 0.0)
    ours = [each.decode() for each in (JSON, GRAPHQL) if each.decode() in named]
    is_heavier = all(
        named[each] < html or (named[each] == html and order.index(each) > order.index("text/html"))
        for each in ours
    )
    return html > 0 and is_heavier


def _range(text: str) -> tuple[str, float]:
    name, parameters = _media_type(text)
    if parameters.get("charset", "utf-8") != "utf-8":
        return name, 0.0
    try:
        return name, float(parameters.get("q", "1"))
    except ValueError:
        return name, 0.0


@lru_cache(maxsize=64)
def _is_json(content_type: bytes) -> bool:
    name, parameters = _media_type(content_type.decode("latin-1").lower())
    return name == "application/json" and parameters.get("charset", "utf-8") in ("utf-8", "utf8")


def _media_type(text: str) -> tuple[str, dict[str, str]]:
    name, *rest = text.split(";")
    pairs = (part.partition("=") for part in rest)
    return name.strip(), {key.strip(): value.strip(' "') for key, _, value in pairs}


def _parsed(text: bytes | str, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Malformed(400, f"{what} is not JSON: {error}") from None


def _text(parameters: Mapping[str, Any], name: str) -> str | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(400, f"The parameter '{name}' must be a string.")
    return value


def _digest(extensions: Mapping[str, Any]) -> str | None:
    """The digest of an automatic persisted query, as Apollo's clients send it."""
    given = extensions.get("persistedQuery")
    if given is None:
        return None
    digest = given.get("sha256Hash") if isinstance(given, dict) else None
    if not isinstance(digest, str) or not 0 < len(digest) <= _LONGEST_DIGEST:
        raise Malformed(400, "The extension 'persistedQuery' has a 'sha256Hash', as a string.")
    if given.get("version") != 1:
        raise Malformed(400, "The extension 'persistedQuery' is of version 1.")
    return digest


def _map(parameters: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, dict):
        raise Malformed(400, f"The parameter '{name}' must be a JSON object.")
    return value
