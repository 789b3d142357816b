"""What answers a question about the map that moves: a map in memory, or the process of maps.

The process of maps builds a map, moves one on, and looks for misspelt names; it sends the answer,
and the map with it, from which the server answers the next questions. The event loop waits for
nothing that takes long. Questions for a map that is being built wait for that one map.
"""

import asyncio
from dataclasses import dataclass, field, replace
from enum import StrEnum

import orjson
from starlette.responses import Response

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.moving.at_hand import MapsAtHand, SentMap
from api.answers.moving.axes import TimePoint
from api.answers.moving.bodies import ChangedPlaces, MapColumn
from api.answers.moving.dates import ChangeUnit, change_dates
from api.answers.moving.kept import MovingMaps
from api.answers.moving.moving_map import Chosen, MapKey, Spot
from api.answers.moving.place_list import Choice
from api.graphql.helpers import Helpers
from api.http.map_geojson import MapRefused, carried, made_or_refused
from api.http.map_question import BadMapQuestion, MapQuestion
from api.http.map_sending import BYTES, Body
from api.node import Node
from domain.occurred import Instant, rfc3339

_INLINE = 20_000
"""The most places in an answer made on the event loop."""


class MapForm(StrEnum):
    """What is asked of a map."""

    PLACES = "places"
    COLUMN = "column"
    COLUMN_AS_BYTES = "column as bytes"
    CHANGES = "changes"
    DATES = "dates"

    @property
    def is_of_a_span(self) -> bool:
        return self in {MapForm.CHANGES, MapForm.DATES}


@dataclass(frozen=True, slots=True)
class MapTask:
    """A question for the process of maps, and the parts of the answer that the server has."""

    form: MapForm
    asked: MapQuestion
    key: MapKey | None = None
    """The map as the server has found it; None where a name has to be looked for."""
    has_map: bool = False
    lists: frozenset[str] = frozenset()
    """The lists of which the server has the places."""
    bases: frozenset[str] = frozenset()
    """The bases of strips that the server has."""


@dataclass(frozen=True, slots=True)
class MapMade:
    body: Body
    sent: SentMap


def carried_out(node: Node, task: MapTask) -> MapMade | MapRefused:
    """The answer, made in this thread. Raises what is neither a refusal nor an outage."""
    return made_or_refused(lambda: _made(node, task))


def _made(node: Node, task: MapTask) -> MapMade:
    since, until = _bases(task.form, task.asked, node.answers)
    wanted, maps = task.asked.places(node.answers), node.maps
    build, position = node.views.state.build, until.position
    if task.form is MapForm.PLACES:
        choice = maps.places(position, wanted)
        sent = SentMap(build, position, wanted, choice.list_name, choice)
        return MapMade(_body_of_places(choice, until), sent)
    spot = _spot(task, maps, until)
    found = maps.of(spot.key, wanted)
    body = _body(task.form, task.asked, found, (since, until), spot.instant)
    sent = SentMap(build, position, wanted, found.map.list_name, None)
    if task.form is not MapForm.DATES and len(found.choice.numbers) <= _INLINE:
        if found.choice.list_name not in task.lists:
            sent = sent._replace(choice=found.choice)
        if not (task.has_map and task.key == spot.key):
            sent = sent._replace(key=spot.key, map=found.map.to_send(task.bases))
    return MapMade(body, sent)


def _spot(task: MapTask, maps: MovingMaps, basis: Basis) -> Spot:
    """The map, along the axis that the server chose, if any."""
    axis, published = task.key.axis if task.key else None, basis.perspective.published_by
    if axis is None or published is None:
        return maps.place_on_map(basis, along_valid_time=task.form.is_of_a_span)
    whose = replace(basis.perspective, published_by=None)
    return Spot(MapKey(basis.position, whose, axis), axis.instant(TimePoint(basis.at, published)))


@dataclass
class MapAnswers:
    """The answers of a server, on the event loop."""

    node: Node
    helpers: Helpers
    """The process of maps."""
    at_hand: MapsAtHand
    _coming: dict[MapKey, "asyncio.Task[Body | Response]"] = field(default_factory=dict)
    """The maps that are being built, or moved on."""

    def look(self, form: MapForm, asked: MapQuestion) -> Body | MapTask:
        """The answer from memory, or else the task for it. Raises the refusals of the question."""
        if not asked.is_registered(self.node.answers):
            return MapTask(form, asked)
        since, until = _bases(form, asked, self.node.answers)
        wanted = asked.places(self.node.answers)
        if form is MapForm.PLACES:
            choice = self.at_hand.places(until.position, wanted)
            return _body_of_places(choice, until) if choice else MapTask(form, asked)
        spot = self.at_hand.place_on_map(until, along_valid_time=form.is_of_a_span)
        found = self.at_hand.of(spot.key, wanted)
        if found and form is not MapForm.DATES:
            return _body(form, asked, found, (since, until), spot.instant)
        has_map, lists = self.at_hand.has(spot.key), self.at_hand.lists_with(wanted)
        return MapTask(form, asked, spot.key, has_map, lists, self.at_hand.bases)

    async def made(self, task: MapTask) -> Body | Response:
        """The answer to a task, or the response of a refusal. Raises as `look`."""
        while task.key and not task.has_map and (coming := self._coming.get(task.key)):
            await asyncio.wait([coming])
            again = self.look(task.form, task.asked)
            if isinstance(again, Body):
                return again
            task = again
        asking = asyncio.create_task(self._ask(task))
        if task.key and not task.has_map and task.form is not MapForm.DATES:
            key = task.key
            self._coming[key] = asking
            asking.add_done_callback(lambda _: self._coming.pop(key, None))
        return await asyncio.shield(asking)  # who hangs up leaves the map to the others

    async def _ask(self, task: MapTask) -> Body | Response:
        made = await carried(self.helpers.ask(task), f"/map/{task.form}")
        if isinstance(made, Response):
            return made
        assert isinstance(made, MapMade), "a helper answers a task with what the task makes"
        self.at_hand.keep(made.sent)
        return made.body


# ---- the bodies ------------------------------------------------------------------------------


def _bases(form: MapForm, asked: MapQuestion, answers: Answers) -> tuple[Basis, Basis]:
    """The bases of the first and the last moment, with one knowledge. Raises BadMapQuestion."""
    if form is MapForm.PLACES:
        basis = asked.basis(answers, None)
        return basis, basis
    if not form.is_of_a_span:
        basis = asked.basis(answers, "at")
        return basis, basis
    until = asked.basis(answers, "to")
    since = until.on(asked.moments["from"])
    if since.at > until.at:
        raise BadMapQuestion("'from' lies after 'to'", "from")
    return since, until


def _body(
    form: MapForm, asked: MapQuestion, found: Chosen, bases: tuple[Basis, Basis], at: Instant
) -> Body:
    since, until = bases
    if form is MapForm.CHANGES:
        ends = (since, since.at), (until, until.at)
        return Body(ChangedPlaces.of(found.map, found.choice, *ends).json, until)
    if form is MapForm.DATES:
        return _body_of_dates(found, since, until, asked.unit)
    column = MapColumn.of(found.map, found.choice, until, at)
    if form is MapForm.COLUMN_AS_BYTES:
        return Body(column.binary, until, BYTES)
    return Body(column.json, until)


def _body_of_places(choice: Choice, basis: Basis) -> Body:
    return Body(choice.columns, basis, version=choice.version)


def _body_of_dates(found: Chosen, since: Basis, until: Basis, unit: ChangeUnit) -> Body:
    dates = change_dates(found.map.moments(found.choice, since.at, until.at), unit)
    told = {
        "position": until.position,
        "from": rfc3339(since.at),
        "to": rfc3339(until.at),
        "unit": unit,
        "dates": [each.at for each in dates],
        "changes": [each.places for each in dates],
    }
    return Body(orjson.dumps(told), until)
