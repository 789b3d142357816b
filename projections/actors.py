"""Which actors do we know?"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from domain.values import ActorId, ActorKind
from infra.views.file import ViewFile
from infra.views.kept_rows import KeptRows
from infra.views.rows import FOR_EVER, NOW, columns
from infra.views.rows import known as known_in
from projections.record.registrations import ActorReading


class ActorRow(NamedTuple):
    """A registered actor, as known at a position."""

    actor: ActorId
    name: str
    kind: ActorKind
    aliases: tuple[str, ...]


class Actors:
    """Questions about actors, to the record."""

    def __init__(self, views: ViewFile) -> None:
        self._views = views
        self._readings = KeptRows(views, self._read_readings, most=_KEPT)

    def get(self, actor: ActorId, *, known: int = NOW) -> ActorRow | None:
        """The actor as known at that position; where its registration came later, as first
        registered."""
        for known_to, row in self._readings.get(actor):
            if known_to > known:
                return row
        return None

    def _read_readings(self, actor: ActorId) -> list[tuple[int, ActorRow]]:
        """Every reading of the actor in order, with the position at which the next one followed."""
        found = self._views.reader.execute(_SELECT_READINGS, (actor,))
        return [(known_to, _actor_of(tuple(row))) for known_to, *row in found]

    def many(self, actors: Iterable[ActorId], *, known: int = NOW) -> dict[ActorId, ActorRow]:
        """The registered ones of several, by id."""
        asked = list(actors)
        if len(asked) == 1:  # as of nearly every answer about one place
            row = self.get(asked[0], known=known)
            return {row.actor: row} if row else {}
        found = self._views.reader.execute(
            f"SELECT {_ACTOR} FROM json_each(?) CROSS JOIN actor "
            "ON actor = value AND known_from = (SELECT min(known_from) FROM actor AS reading "
            "WHERE reading.actor = value AND reading.known_to > ?)",
            (orjson.dumps(asked).decode(), known),
        )
        return {actor.actor: actor for actor in map(_actor_of, found)}

    def page(
        self,
        *,
        known: int,
        size: int,
        after: str = "",
        kind: ActorKind | None = None,
        among: Sequence[str] | None = None,
    ) -> tuple[list[ActorRow], bool]:
        """A page of at most `size` actors, and whether there are more: all by id, or those `among`
        in their given order."""
        asked: dict[str, Any] = {"known": known, "after": after, "kind": kind, "size": size + 1}
        source, order = "actor", "actor"
        if among is not None:
            source = "json_each(:among) AS asked CROSS JOIN actor ON actor = asked.value"
            order, asked["among"] = "asked.key", orjson.dumps(list(among)).decode()
        found = self._views.reader.execute(
            f"SELECT {_ACTOR} FROM {source} WHERE {known_in('actor')} AND actor > :after "
            f"AND (:kind IS NULL OR kind = :kind) ORDER BY {order} LIMIT :size",
            asked,
        ).fetchall()
        return [_actor_of(row) for row in found[:size]], len(found) > size

    def names(self) -> dict[str, set[str]]:
        """Every actor, with the names in its last registration."""
        found = self._views.reader.execute(
            "SELECT actor, name, aliases FROM actor WHERE known_to = ?", (FOR_EVER,)
        )
        return {id_: {id_, name, *orjson.loads(aliases)} for id_, name, aliases in found}


_KEPT = 10_000
"""The actors whose readings are kept."""
_ACTOR = columns(ActorReading)
_SELECT_READINGS = f"SELECT known_to, {_ACTOR} FROM actor WHERE actor = ? ORDER BY known_from"


@lru_cache(maxsize=10_000)  # few actors hold most places
def _actor_of(row: tuple[Any, ...]) -> ActorRow:
    said = ActorReading._make(row)
    aliases = tuple(orjson.loads(said.aliases))
    return ActorRow._make(said)._replace(kind=ActorKind(said.kind), aliases=aliases)
