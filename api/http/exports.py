"""Tables over HTTP: GET /export/{table}.{format}, with the options of the command as parameters.

A table is priced before anything runs, made by a helper in a passing file, and sent from there: a
dear table delays no question, and memory does not grow with the table.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.graphql.hang_up import unless_gone
from api.graphql.helper_process import HelperEnded, HelperFailed
from api.graphql.helpers import Helpers
from api.graphql.limits import TooMuch
from api.graphql.messages import Busy
from api.graphql.request_notes import notes_of
from api.http.auth.admission import principal_of
from api.http.auth.gate import require_scope
from api.http.positions import HEADER
from api.http.table_task import DICTIONARY, TableMade, TableRefused, TableTask
from api.tables.asked import AskedTable, asked_in_url
from api.tables.formats import FORMATS, is_at_hand, media_of
from api.tables.prices import narrowing_of, price_of
from api.tables.question import RECORDED_BY, TABLES
from domain.refusals import Refusal
from domain.texts import escaped

log = logging.getLogger(__name__)
_FOR_EVER = "immutable, max-age=31536000"
_CHUNK = 65_536
_ENDINGS = (*FORMATS, DICTIONARY)
_THERE_ARE = f"there are {', '.join(TABLES)}, each as {', '.join(_ENDINGS)}"


@dataclass(frozen=True, slots=True)
class TableExports:
    """The tables of the application's node."""

    helpers: Helpers
    cost: float
    """The dearest table, in milliseconds of computing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        notes_of(scope).kind = "table"
        try:
            answer = await self._answer(Request(scope), receive)
        except ClientDisconnect:
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request, receive: Receive) -> Response:
        table, _, ending = str(request.path_params["name"]).partition(".")
        if table not in TABLES or ending not in _ENDINGS:
            return _refused(404, "UnknownTable", f"there is no such table; {_THERE_ARE}")
        if ending in FORMATS and not is_at_hand(ending):
            return _refused(501, "NoParquet", "this node writes csv and geojson only")
        try:
            given = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=200)
            asked = asked_in_url(table, given)
            notes_of(request.scope).operation = table
            reach, counts = asked.reach, request.app.state.node.answers.statistics
            if RECORDED_BY in reach.options:
                require_scope(principal_of(request), "audit", "reading who recorded events")
            cost = 0.0 if ending == DICTIONARY else price_of(asked, counts)
            notes_of(request.scope).cost = cost
            if dear := self._too_dear(asked, cost):
                return dear
        except Refusal as refused:
            return _refused(400, refused.code, str(refused), refused.field)
        except ValueError as wrong:  # of the query string
            return _refused(400, "MalformedRequest", str(wrong))
        is_private = RECORDED_BY in reach.options
        return await self._made(request, receive, asked, ending, is_private)

    def _too_dear(self, asked: AskedTable, cost: float) -> Response | None:
        if cost <= self.cost:
            return None
        narrowing = narrowing_of(asked)
        return _refused(
            400,
            "TooMuch",
            f"The table costs about {cost:,.0f} ms of computing; the limit is {self.cost:,.0f} ms. "
            f"Narrow it by {', '.join(narrowing)}, or have 'tenure export-table' write it on the "
            "machine of the node, without a limit.",
            cost=round(cost),
            limit=round(self.cost),
            narrowing=[*narrowing],
        )

    async def _made(
        self, request: Request, receive: Receive, asked: AskedTable, ending: Any, is_private: bool
    ) -> Response:
        with _passing_file() as path:
            try:
                task = TableTask(asked, ending, path)
                made = await unless_gone(self.helpers.ask(task), receive)
            except TooMuch as much:
                return _refused(503, "TooMuch", much.message)
            except HelperEnded:
                return _refused(
                    503, "TooMuch", "The table needs more memory than one may have; narrow it."
                )
            except Busy as busy:
                answer = _refused(503, busy.code, busy.message)
                answer.headers["Retry-After"] = busy.retry_after.decode()
                return answer
            except HelperFailed as failed:
                return _broken(request, failed)
            if isinstance(made, TableRefused):
                status = 503 if made.is_outage else 400
                return _refused(status, made.code, made.message, made.field)
            notes_of(request.scope).is_closed = made.closed
            headers = _headers(asked, ending, made, is_private)
            if _is_known(request, headers["ETag"]):
                return Response(status_code=304, headers=headers)
            return _sent(path, ending, headers)


@contextmanager
def _passing_file() -> Iterator[Path]:
    """An empty file, gone after the block; an open file can be read to its end."""
    with NamedTemporaryFile(prefix="tenure-table-") as file:
        yield Path(file.name)


def _headers(asked: AskedTable, ending: str, made: TableMade, is_private: bool) -> dict[str, str]:
    whose = "private" if is_private else "public"
    described = f"</export/{asked.table}.{DICTIONARY}?token={made.token}>"
    return {
        "Cache-Control": f"{whose}, {_FOR_EVER}" if made.closed else "no-cache",
        "ETag": f'"{made.digest}"',
        "Content-Disposition": f'attachment; filename="{asked.table}.{ending}"',
        "Link": f'{described}; rel="describedby"; type="application/json"',
        HEADER: str(made.position),
        "X-Content-Type-Options": "nosniff",
    }


def _is_known(request: Request, etag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    known = {each.strip().removeprefix("W/") for each in given.split(",")}
    return etag in known or "*" in known


def _sent(path: Path, ending: Any, headers: dict[str, str]) -> Response:
    media = "application/json" if ending == DICTIONARY else media_of(ending)
    length = str(path.stat().st_size)
    content = _chunks(path.open("rb"))
    return StreamingResponse(content, 200, headers | {"Content-Length": length}, media_type=media)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _refused(
    status: int, code: str, message: str, field: str | None = None, **more: Any
) -> Response:
    told = {"code": code, "message": escaped(message), "field": field, **more}
    return JSONResponse(told, status, {"Cache-Control": "no-store"})


def _broken(request: Request, failed: HelperFailed) -> Response:
    name = secrets.token_hex(6)
    log.error("Internal error %s at %s", name, request.url.path, exc_info=failed)
    return _refused(500, "InternalError", f"Internal error {name}")
