"""The map that moves, over HTTP: its places once, and for each moment what the map shows.

Answers from a map in memory are made on the event loop. The thread of the maps builds a map or
moves it on, looks for misspelt names, and makes the answers that take longer.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers.basis import Basis
from api.answers.moving.bodies import ChangedPlaces, MapColumn
from api.answers.moving.dates import change_dates
from api.answers.moving.kept import MapsBusy
from api.answers.moving.moving_map import Chosen, MapKey
from api.graphql.helpers import Helpers
from api.http.map_geojson import MEDIA, geojson_of, price_of, refusal
from api.http.map_question import PERSPECTIVE, BadMapQuestion, MapQuestion, asked_in_url
from api.http.map_sending import BYTES, Body, media_of, sent
from api.node import Node
from domain.occurred import rfc3339
from domain.refusals import Refusal, Unavailable

_INLINE = 20_000
"""The most places in an answer made on the event loop."""
_PUBLISHED, _SWEPT = 0.05, 0.2
"""Milliseconds for a claim, of a map by publication and of a map from any other perspective."""


Make = Callable[[Node, MapQuestion, bool], Body | None]
"""The body of an answer; None where it is to be made by the thread: only asked with True, which
says that nothing may be built."""


@dataclass(frozen=True)
class MapPaths:
    """The paths under /map, and /map.geojson; the node is that of the application."""

    helpers: Helpers
    cost: float
    """The dearest map, in milliseconds of computing."""

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/map/places", self.places, methods=["GET"]),
            Route("/map/column", self.column, methods=["GET"]),
            Route("/map/changes", self.changes, methods=["GET"]),
            Route("/map/dates", self.dates, methods=["GET"]),
            Route("/map.geojson", self.geojson, methods=["GET"]),
        ]

    async def places(self, request: Request) -> Response:
        return await self._answered(request, _places_made, ())

    async def column(self, request: Request) -> Response:
        media = media_of(request.headers.get("accept", ""))
        make = partial(_column_made, media)
        answer = await self._answered(request, make, ("at",), *PERSPECTIVE)
        answer.headers.add_vary_header("Accept")
        return answer

    async def changes(self, request: Request) -> Response:
        return await self._answered(request, _changes_made, ("from", "to"), *PERSPECTIVE)

    async def dates(self, request: Request) -> Response:
        return await self._answered(request, _dates_made, ("from", "to"), *PERSPECTIVE, "unit")

    async def geojson(self, request: Request) -> Response:
        node: Node = request.app.state.node
        try:
            asked = _asked(request, ("at",), *PERSPECTIVE)
            counts = node.answers.statistics
            price = price_of(asked.region, counts, has_perspective=asked.has_perspective)
            if dear := self._too_dear(price, ("within", "bbox")):
                return dear
        except Refusal as refused:
            return _refused(refused)
        try:
            made = await geojson_of(request, request.receive, self.helpers, asked)
        except ClientDisconnect:
            return Response(status_code=499)
        if isinstance(made, Response):
            return made
        return sent(request, Body(made.content, made.basis, MEDIA))

    async def _answered(
        self, request: Request, make: Make, moments: tuple[str, ...], *more: str
    ) -> Response:
        node: Node = request.app.state.node
        try:
            asked = _asked(request, moments, *more)
            body = make(node, asked, True) if asked.is_registered(node.answers) else None
            if body is None:
                if dear := self._too_dear(_price(node, asked), ("sources", "excludeSources")):
                    return dear
                made = node.maps.soon(partial(_made_at_once, make, node, asked))
                body = await asyncio.shield(asyncio.wrap_future(made))
                assert body is not None, "the thread may build all that is needed"
        except Unavailable:
            raise
        except Refusal as refused:
            return _refused(refused)
        return sent(request, body)

    def _too_dear(self, price: float, narrowing: tuple[str, ...]) -> Response | None:
        if price <= self.cost:
            return None
        return refusal(
            400,
            "TooMuch",
            f"The map costs about {price:,.0f} ms of computing; the limit is {self.cost:,.0f} ms.",
            cost=round(price),
            limit=round(self.cost),
            narrowing=[*narrowing],
        )


def _asked(request: Request, moments: tuple[str, ...], *more: str) -> MapQuestion:
    """Raises the refusals of a question."""
    try:
        given = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=200)
    except ValueError as wrong:
        raise BadMapQuestion(str(wrong)) from wrong
    return asked_in_url(given, moments, *more)


def _price(node: Node, asked: MapQuestion) -> float:
    """The computing of a map that is not in memory. Everybody's word has no price: its map is the
    rows that stand there, read once."""
    if not asked.has_perspective:
        return 0.0
    claims = node.answers.statistics.totals.claims
    is_only_published = asked.published_by is not None and not asked.narrows_words
    return claims * (_PUBLISHED if is_only_published else _SWEPT)


# ---- the answers -----------------------------------------------------------------------------


def _made_at_once(make: Make, node: Node, asked: MapQuestion) -> Body | None:
    """The body from one state of the views: else views that are built anew after the position of
    the answer was found, and are behind it still, would be kept as the map of that position."""
    with node.views.snapshot():
        return make(node, asked, False)


def _places_made(node: Node, asked: MapQuestion, is_inline: bool) -> Body | None:
    basis, wanted = asked.basis(node.answers, None), asked.places(node.answers)
    if is_inline:
        found = node.maps.places_at_hand(basis.position, wanted)
    else:
        found = node.maps.places(basis.position, wanted)
    return Body(found.columns, basis, version=found.version) if found else None


def _column_made(media: str, node: Node, asked: MapQuestion, is_inline: bool) -> Body | None:
    basis = asked.basis(node.answers, "at")
    spot = node.maps.place_on_map(basis)
    if (found := _chosen(node, asked, spot.key, is_inline)) is None:
        return None
    column = MapColumn.of(found.map, found.choice, basis, spot.instant)
    return Body(column.binary if media == BYTES else column.json, basis, media)


def _changes_made(node: Node, asked: MapQuestion, is_inline: bool) -> Body | None:
    since, until = _between(node, asked)
    key = node.maps.place_on_map(until, along_valid_time=True).key
    if (found := _chosen(node, asked, key, is_inline)) is None:
        return None
    changed = ChangedPlaces.of(found.map, found.choice, (since, since.at), (until, until.at))
    return Body(changed.json, until)


def _dates_made(node: Node, asked: MapQuestion, is_inline: bool) -> Body | None:
    since, until = _between(node, asked)
    key = node.maps.place_on_map(until, along_valid_time=True).key
    if is_inline or (found := _chosen(node, asked, key, is_inline)) is None:
        return None
    dates = change_dates(found.map.moments(found.choice, since.at, until.at), asked.unit)
    told = {
        "position": until.position,
        "from": rfc3339(since.at),
        "to": rfc3339(until.at),
        "unit": asked.unit,
        "dates": [each.at for each in dates],
        "changes": [each.places for each in dates],
    }
    return Body(orjson.dumps(told), until)


def _between(node: Node, asked: MapQuestion) -> tuple[Basis, Basis]:
    """The bases of two moments, with one knowledge. Raises BadMapQuestion."""
    until = asked.basis(node.answers, "to")
    since = until.on(asked.moments["from"])
    if since.at > until.at:
        raise BadMapQuestion("'from' lies after 'to'", "from")
    return since, until


def _chosen(node: Node, asked: MapQuestion, key: MapKey, is_inline: bool) -> Chosen | None:
    wanted = asked.places(node.answers)
    if not is_inline:
        return node.maps.of(key, wanted)
    found = node.maps.at_hand(key, wanted)
    return None if found is None or len(found.choice.numbers) > _INLINE else found


def _refused(refused: Refusal) -> Response:
    answer = refusal(
        503 if isinstance(refused, MapsBusy) else 400, refused.code, str(refused), refused.field
    )
    if isinstance(refused, MapsBusy):
        answer.headers["Retry-After"] = "1"
    return answer
