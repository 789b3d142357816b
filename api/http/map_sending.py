"""The form and the headers of an answer about the map."""

from dataclasses import dataclass
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

from api.answers.basis import Basis

FOR_EVER = "public, immutable, max-age=31536000"
BYTES, JSON = "application/octet-stream", "application/json"


@dataclass(frozen=True, slots=True)
class Body:
    """An answer before its headers."""

    content: bytes
    basis: Basis
    media: str = JSON
    version: str | None = None
    """The content of the ETag, if it is not a digest of the body."""


def sent(request: Request, body: Body) -> Response:
    etag = f'"{body.version or blake2b(body.content, digest_size=16).hexdigest()}"'
    headers = {
        "Cache-Control": FOR_EVER if body.basis.closed else "no-cache",
        "ETag": etag,
        "Tenure-Position": str(body.basis.position),
        "X-Content-Type-Options": "nosniff",
    }
    given = request.headers.get("if-none-match", "")
    known = {each.strip().removeprefix("W/") for each in given.split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body.content, headers=headers, media_type=body.media)


def media_of(accept: str) -> str:
    """Bytes, where the header prefers them by name."""
    weights = {BYTES: 0.0, JSON: 0.0}
    for each in accept[:1_000].split(","):
        media, *parameters = (part.strip() for part in each.lower().split(";"))
        if media in weights:
            weights[media] = max(weights[media], *map(_weight, parameters), 0.0)
            if not any(it.startswith("q=") for it in parameters):
                weights[media] = 1.0
    return BYTES if weights[BYTES] > weights[JSON] else JSON


def _weight(parameter: str) -> float:
    try:
        return min(1.0, float(parameter.removeprefix("q=")[:5]))
    except ValueError:
        return 0.0
