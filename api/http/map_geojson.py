"""The map at a moment as GeoJSON (RFC 7946): a point for each place, made by a helper."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive

from api.answers.answers import Answers
from api.answers.basis import Answer, Basis
from api.graphql.hang_up import unless_gone
from api.graphql.helper_process import HelperEnded, HelperFailed
from api.graphql.helpers import Helpers
from api.graphql.limits import TooMuch
from api.graphql.messages import Busy
from api.http.map_question import MapQuestion
from api.http.outages import refusal_of
from domain.control.claims import ControlStatus
from domain.occurred import Window, rfc3339
from domain.refusals import Refusal, Unavailable
from domain.texts import escaped, escaped_json
from projections.places import Place, PlaceFilter
from projections.statistics import Statistics

log = logging.getLogger(__name__)
T = TypeVar("T")
MEDIA = "application/geo+json"
_AT_ONCE = 500
"""How many places are asked about at once."""
_BEGUN, _PLACE, _SWEPT = 3.0, 0.15, 0.2
"""Milliseconds of computing: to begin, for a place, and for a claim from a perspective."""


@dataclass(frozen=True, slots=True)
class GeoJsonTask:
    """The question for a map, of a moment `at`."""

    asked: MapQuestion


@dataclass(frozen=True, slots=True)
class GeoJsonMade:
    content: bytes
    basis: Basis


@dataclass(frozen=True, slots=True)
class MapRefused:
    """A question about a map was refused, or storage is out of use."""

    code: str
    message: str
    field: str | None
    is_outage: bool


def price_of(wanted: PlaceFilter, counts: Statistics, *, has_perspective: bool) -> float:
    """The computing of the map, in milliseconds."""
    places = counts.totals.places
    if wanted.within is not None:
        places = counts.places_inside(wanted.within)
    if wanted.bbox is not None:
        places = min(places, counts.places_in_box(*wanted.bbox))
    swept = _SWEPT * counts.totals.claims if has_perspective else 0.0
    return _BEGUN + _PLACE * places + swept


def carried_out(answers: Answers, task: GeoJsonTask) -> GeoJsonMade | MapRefused:
    """The map, made in this thread. Raises what is neither a refusal nor an outage."""

    def make() -> GeoJsonMade:
        basis = task.asked.basis(answers, "at")
        content = _collection(answers, task.asked.places(answers), basis)
        return GeoJsonMade(content, basis)

    return made_or_refused(make)


def made_or_refused(make: Callable[[], T]) -> T | MapRefused:
    """What is made, or the refusal of it. Raises what is neither a refusal nor an outage."""
    try:
        return make()
    except Exception as error:
        refusal = error if isinstance(error, Refusal) else refusal_of(error)
        if refusal is None or not refusal.is_public:
            raise
        is_outage = isinstance(refusal, Unavailable)
        return MapRefused(refusal.code, str(refusal), refusal.field, is_outage)


async def geojson_of(
    request: Request, receive: Receive, helpers: Helpers, asked: MapQuestion
) -> GeoJsonMade | Response:
    """The map made by a helper, or the response of a refusal. Raises ClientDisconnect."""
    asking = unless_gone(helpers.ask(GeoJsonTask(asked)), receive)
    made = await carried(asking, request.url.path)
    if isinstance(made, Response):
        return made
    assert isinstance(made, GeoJsonMade), "a helper answers a task with what the task makes"
    return made


async def carried(asking: Awaitable[Any], path: str) -> Any:
    """What a helper makes of a task about a map, or the response of a refusal."""
    try:
        made = await asking
    except TooMuch as much:
        return refusal(503, "TooMuch", much.message)
    except HelperEnded:
        return refusal(503, "TooMuch", "The map needs more memory than one may have; narrow it.")
    except Busy as busy:
        answer = refusal(503, busy.code, busy.message)
        answer.headers["Retry-After"] = busy.retry_after.decode()
        return answer
    except HelperFailed as failed:
        name = secrets.token_hex(6)
        log.error("Internal error %s at %s", name, path, exc_info=failed)
        return refusal(500, "InternalError", f"Internal error {name}")
    if isinstance(made, MapRefused):
        return refusal(503 if made.is_outage else 400, made.code, made.message, made.field)
    return made


def refusal(
    status: int, code: str, message: str, field: str | None = None, **more: Any
) -> Response:
    """A refusal as data, which no cache keeps."""
    told = {"code": code, "message": escaped(message), "field": field, **more}
    return JSONResponse(told, status, {"Cache-Control": "no-store"})


# ---- the features ----------------------------------------------------------------------------


def _collection(answers: Answers, wanted: PlaceFilter, basis: Basis) -> bytes:
    head = orjson.dumps({"position": basis.position, "at": rfc3339(basis.at)}).decode()
    features = ",\n".join(_features(answers, wanted, basis))
    told = f'{{"type":"FeatureCollection","tenure":{head},"features":[\n{features}\n]}}\n'
    return told.encode()


def _features(answers: Answers, wanted: PlaceFilter, basis: Basis) -> Iterator[str]:
    for page in answers.map_pages(wanted, basis, size=_AT_ONCE):
        for place, answer in page:
            yield escaped_json(orjson.dumps(_feature(place, answer)).decode())


def _feature(place: Place, answer: Answer) -> dict[str, Any]:
    has_point = place.latitude is not None and place.longitude is not None
    point = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
    return {
        "type": "Feature",
        "id": place.location,
        "geometry": point if has_point else None,
        "properties": _properties(place, answer),
    }


def _properties(place: Place, answer: Answer) -> dict[str, Any]:
    period = answer.period
    is_held = period.status is ControlStatus.HELD
    return {
        "name": place.name,
        "kind": place.kind,
        "within": place.within,
        "status": period.status,
        "holders": period.holders if is_held else (),
        "contenders": () if is_held else period.holders,
        "certain": answer.certain,
        "disputed": period.disputed,
        "since": _window(period.since),
        "lastHeard": _window(period.last_heard),
        "changedAround": answer.around.location if answer.around else None,
        "token": answer.token,
    }


def _window(window: Window | None) -> dict[str, str] | None:
    if window is None:
        return None
    return {
        "earliest": rfc3339(window.earliest),
        "latest": rfc3339(window.latest),
        "precision": window.precision,
    }
