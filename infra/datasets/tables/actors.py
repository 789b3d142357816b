"""The actors of a table: by the map, else by name."""

from pydantic import ValidationError

from domain.events import ActorRegistered
from infra.datasets.rows import Remark, Unfit
from infra.datasets.tables.table_map import TableMap
from infra.field_errors import in_plain_words
from infra.intake.controllers import (
    Controllers,
    DoubtfulController,
    GivenMeaning,
    Meaning,
    NoId,
    actor_of,
    is_doubtful,
    slug_of,
)
from infra.visible_text import matching_form, quoted

_REMEMBERED = 50_000


class MappedActors:
    """Reads the names of actors."""

    def __init__(self, table_map: TableMap) -> None:
        self._told = {matching_form(text): (text, to) for text, to in table_map.actors.items()}
        self._found: dict[str, tuple[str, ActorRegistered | None]] = {}
        self._column = table_map.control.column if table_map.control else ""
        registered = (
            (text, made) for text, to in table_map.actors.items() if (made := to.registration(text))
        )
        ids = {
            text: GivenMeaning.parse(to.id)
            for text, to in table_map.actors.items()
            if to.registration(text) is None
        }
        values = table_map.control.values if table_map.control else {}
        told = {text: GivenMeaning.parse(str(meaning)) for text, meaning in values.items()}
        self._controllers = Controllers(registered, ids | told, ())

    def controller(self, cell: str) -> Meaning:
        """The meaning of a controller. Raises Unfit."""
        if not cell:
            raise self._unfit(cell, "it is empty; write Unknown where nobody knows")
        try:
            return self._controllers.meaning(cell)
        except DoubtfulController:
            why = "it may be one actor, several or none; say it in the map, under control.values"
            raise self._unfit(cell, why) from None
        except NoId:
            why = "no id can be made of it; give one in the map, under actors"
            raise self._unfit(cell, why) from None
        except ValidationError as invalid:
            error = invalid.errors(include_url=False)[0]
            raise self._unfit(cell, in_plain_words(error, ActorRegistered)) from None

    def actor(self, column: str, text: str) -> tuple[str, ActorRegistered | None]:
        """The id of an actor, and the registration; none by an id in the map. Raises Unfit."""
        if text not in self._found:
            if len(self._found) > _REMEMBERED:
                self._found.clear()
            self._found[text] = self._actor(column, text)
        return self._found[text]

    def _actor(self, column: str, text: str) -> tuple[str, ActorRegistered | None]:
        if told := self._told.get(matching_form(text)):
            spelled, to = told
            return to.id, to.registration(spelled)
        if is_doubtful(text) or not slug_of(text):
            why = (
                f"{quoted(text)} may be one actor, several or none; say it in the map, under actors"
            )
            raise Unfit(Remark(column, text, why))
        try:
            registered = ActorRegistered.model_validate(actor_of(text))
        except ValidationError as invalid:
            error = invalid.errors(include_url=False)[0]
            why = in_plain_words(error, ActorRegistered)
            raise Unfit(Remark(column, text, why)) from None
        return registered.actor, registered

    def _unfit(self, cell: str, why: str) -> Unfit:
        return Unfit(Remark(self._column, cell, why))
