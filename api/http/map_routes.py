"""The map that moves, over HTTP: its places once, and for each moment what the map shows.

Answers from a map in memory are made on the event loop; the process of maps makes the others.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers.moving.price import build_price
from api.graphql.helpers import Helpers
from api.http.map_answers import MapAnswers, MapForm
from api.http.map_geojson import MEDIA, geojson_of, price_of, refusal
from api.http.map_question import PERSPECTIVE, BadMapQuestion, MapQuestion, asked_in_url
from api.http.map_sending import BYTES, Body, media_of, sent
from api.node import Node
from domain.refusals import Refusal, Unavailable


@dataclass(frozen=True)
class MapPaths:
    """The paths under /map, and /map.geojson; node and maps are those of the application."""

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
        return await self._answered(request, MapForm.PLACES, ())

    async def column(self, request: Request) -> Response:
        is_bytes = media_of(request.headers.get("accept", "")) == BYTES
        form = MapForm.COLUMN_AS_BYTES if is_bytes else MapForm.COLUMN
        answer = await self._answered(request, form, ("at",), *PERSPECTIVE)
        answer.headers.add_vary_header("Accept")
        return answer

    async def changes(self, request: Request) -> Response:
        return await self._answered(request, MapForm.CHANGES, ("from", "to"), *PERSPECTIVE)

    async def dates(self, request: Request) -> Response:
        return await self._answered(request, MapForm.DATES, ("from", "to"), *PERSPECTIVE, "unit")

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
        self, request: Request, form: MapForm, moments: tuple[str, ...], *more: str
    ) -> Response:
        maps: MapAnswers = request.app.state.maps
        try:
            asked = _asked(request, moments, *more)
            found = maps.look(form, asked)
            if isinstance(found, Body):
                return sent(request, found)
            if dear := self._too_dear(_price(maps.node, asked), ("sources", "excludeSources")):
                return dear
            made = await maps.made(found)
        except Unavailable:
            raise
        except Refusal as refused:
            return _refused(refused)
        return made if isinstance(made, Response) else sent(request, made)

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
    return build_price(
        node.answers.statistics.totals,
        is_by_publication=asked.published_by is not None,
        narrows_words=asked.narrows_words,
    )


def _refused(refused: Refusal) -> Response:
    return refusal(400, refused.code, str(refused), refused.field)
