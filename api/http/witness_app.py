"""A witness as an HTTP server: C2SP tlog-witness."""

import anyio
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from infra.log.submission import (
    LONGEST_SUBMISSION,
    SIZE_TYPE,
    MalformedSubmission,
    OtherSize,
    Submission,
    SubmissionRefused,
)
from infra.log.witness import Cosigner

_PATIENCE = 10.0
"""Seconds in which a body has to arrive."""
_TEXT = "text/plain; charset=utf-8"


class TooLong(SubmissionRefused):
    """The body is longer than any submission."""

    status = 413

    def __init__(self) -> None:
        super().__init__(f"a submission has at most {LONGEST_SUBMISSION:,} bytes")


class TooSlow(SubmissionRefused):
    """The body did not arrive in time."""

    status = 408

    def __init__(self) -> None:
        super().__init__(f"the submission did not arrive within {_PATIENCE:g} seconds")


def create_witness_app(cosigner: Cosigner) -> Starlette:
    """The application of one witness: submission and monitoring prefix are the same."""

    async def add_checkpoint(request: Request) -> Response:
        try:
            submission = Submission.parse(await _body(request))
            # Off the loop: the answer waits for the disk.
            made = await anyio.to_thread.run_sync(cosigner.cosign, submission)
        except OtherSize as other:
            return _answer(f"{other.size}\n", other.status, SIZE_TYPE)
        except SubmissionRefused as refused:
            return _answer(f"{refused}\n", refused.status)
        return _answer(f"{made}\n", 200)

    async def healthz(_request: Request) -> Response:
        return _answer("alive\n", 200)

    def checkpoint(request: Request) -> Response:
        note = cosigner.checkpoint(request.path_params["origin_hash"])
        if note is None:
            return _answer("this witness has cosigned no checkpoint of that log\n", 404)
        return _answer(note, 200)

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/healthz", healthz, methods=["GET"]),
            Route("/{origin_hash}/checkpoint", checkpoint, methods=["GET"]),
        ]
    )


async def _body(request: Request) -> bytes:
    """Raises TooLong, TooSlow and MalformedSubmission."""
    body = b""
    try:
        with anyio.fail_after(_PATIENCE):
            async for part in request.stream():
                body += part
                if len(body) > LONGEST_SUBMISSION:
                    raise TooLong
    except TimeoutError:
        raise TooSlow from None
    except ClientDisconnect:
        raise MalformedSubmission("the submission was cut off") from None
    return body


def _answer(text: str, status: int, content_type: str = _TEXT) -> Response:
    # Starlette would add a character set to the type of a size.
    headers = {"Content-Type": content_type, "Cache-Control": "no-cache"}
    if status in {408, 413}:
        headers["Connection"] = "close"
    return Response(text.encode(), status, headers)
