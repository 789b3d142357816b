"""The paths of the log for auditors: C2SP tlog-tiles under /tlog.

Tiles never change, so that every cache may keep them; only the checkpoint is asked for anew.
Entries say who recorded them, to the byte that the tree hashes: they are for the scope `audit`.
"""

import gzip
import re

from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from api.http.auth.admission import principal_of
from api.http.auth.gate import require_scope
from infra.log.file import Log
from infra.log.signed_notes import SignedNote
from infra.log.tiles import BadTilePath, Bundle, Tile, parse_path
from infra.log.transparency_log import TransparencyLog

FOR_EVER = "public, immutable, max-age=31536000"
_FOR_AUDITORS = "private, immutable, max-age=31536000"
_TEXT = "text/plain; charset=utf-8"
_LINES = "application/jsonl"
_GZIP = re.compile(r"(^|,)\s*gzip\s*(,|$|;\s*q=(1|0\.0*[1-9]))", re.IGNORECASE)
_UNSIGNED = "this node signs no checkpoints; TENURE_SIGNING_KEY names the key to sign with"
_NOT_COSIGNED = "no witness has cosigned a checkpoint of this log yet"


def add_tlog_routes(app: FastAPI) -> None:
    """Serves the log of the application's node."""

    @app.api_route(
        "/tlog/checkpoint",
        methods=["GET", "HEAD"],
        summary="The newest signed checkpoint of the log.",
    )
    def checkpoint(request: Request) -> Response:
        return _note(_log(request).checkpoint(), _UNSIGNED)

    @app.api_route(
        "/tlog/cosigned",
        methods=["GET", "HEAD"],
        summary="The newest checkpoint that a witness has cosigned.",
    )
    def cosigned(request: Request) -> Response:
        return _note(_log(request).cosigned(), _NOT_COSIGNED)

    @app.api_route(
        "/tlog/timestamps.jsonl",
        methods=["GET", "HEAD"],
        summary="Timestamps of checkpoints by authorities (RFC 3161), a line each.",
    )
    def timestamps(request: Request) -> Response:
        content = (each.line for each in _log(request).timestamps())
        return StreamingResponse(content, headers={"Cache-Control": "no-cache"}, media_type=_LINES)

    @app.api_route(
        "/tlog/tile/{path:path}",
        methods=["GET", "HEAD"],
        summary="A tile of the log, or a bundle of its entries.",
    )
    def tile(request: Request, path: str) -> Response:
        try:
            asked = parse_path(path)
        except BadTilePath as bad:
            return _plain(str(bad), 400)
        if isinstance(asked, Bundle):
            require_scope(principal_of(request), "audit", "reading entries with their recorders")
        takes_gzip = _GZIP.search(request.headers.get("accept-encoding", "")) is not None
        return _tile(_log(request).log, asked, takes_gzip)


def _log(request: Request) -> TransparencyLog:
    log: TransparencyLog = request.app.state.node.log
    return log


def _note(note: SignedNote | None, otherwise: str) -> Response:
    if note is None:
        return _plain(otherwise, 404)
    return Response(str(note), headers={"Cache-Control": "no-cache"}, media_type=_TEXT)


def _tile(log: Log, tile: Tile | Bundle, takes_gzip: bool) -> Response:
    size, headers = log.size, {"Cache-Control": FOR_EVER}
    if tile.end > size:
        return _plain(f"the log has {size:,} leaves; that is there from {tile.end:,} on", 404)
    content = log.tile(tile) if isinstance(tile, Tile) else log.bundle(tile)
    if isinstance(tile, Bundle):
        headers |= {"Cache-Control": _FOR_AUDITORS, "Vary": "Accept-Encoding"}
        if takes_gzip:
            headers["Content-Encoding"] = "gzip"
            content = gzip.compress(content, mtime=0)
    return Response(content, headers=headers, media_type="application/octet-stream")


def _plain(message: str, status: int) -> Response:
    return Response(f"{message}\n", status, {"Cache-Control": "no-cache"}, media_type=_TEXT)
