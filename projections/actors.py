"""Which actors do we know?"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import ActorRegistered
from domain.values import ActorId, ActorKind
from infra.codec import Recorded
from infra.views import ViewFile


@dataclass(frozen=True, slots=True)
class ActorRow:
    """A registered actor."""

    actor: ActorId
    position: int
    name: str
    kind: ActorKind
    aliases: tuple[str, ...]


class Actors:
    """One row for each actor."""

    name, version = "actors", 2
    tables = ("actor",)
    schema = """
    CREATE TABLE actor (
        actor       TEXT    PRIMARY KEY,
        position    INTEGER NOT NULL,
        name        TEXT    NOT NULL,
        kind        TEXT    NOT NULL,
        aliases     TEXT    NOT NULL
    ) WITHOUT ROWID;
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def get(self, actor: ActorId) -> ActorRow | None:
        """The actor of that id."""
        return self.many([actor]).get(actor)

    def many(self, actors: Iterable[ActorId]) -> dict[ActorId, ActorRow]:
        """Those of the actors that are registered."""
        found = self._views.reader.execute(
            f"SELECT {_ACTOR} FROM json_each(?) CROSS JOIN actor ON actor = value",
            (orjson.dumps(list(actors)).decode(),),
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
        """At most `size` actors in the order of their ids, and whether there are more.

        With `among`, only those, in the order in which they are given.
        """
        asked: dict[str, Any] = {"known": known, "after": after, "kind": kind, "size": size + 1}
        source, order = "actor", "actor"
        if among is not None:
            source = "json_each(:among) AS asked CROSS JOIN actor ON actor = asked.value"
            order, asked["among"] = "asked.key", orjson.dumps(list(among)).decode()
        found = self._views.reader.execute(
            f"SELECT {_ACTOR} FROM {source} WHERE position <= :known AND actor > :after "
            f"AND (:kind IS NULL OR kind = :kind) ORDER BY {order} LIMIT :size",
            asked,
        ).fetchall()
        return [_actor_of(row) for row in found[:size]], len(found) > size

    def names(self) -> dict[str, set[str]]:
        """Every actor, with the names of its registration."""
        found = self._views.reader.execute("SELECT actor, name, aliases FROM actor")
        return {id_: {id_, name, *orjson.loads(aliases)} for id_, name, aliases in found}

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        if isinstance(recorded.event, ActorRegistered):
            actor = recorded.event
            db.execute(
                "INSERT INTO actor VALUES (?, ?, ?, ?, ?)",
                (
                    actor.actor,
                    recorded.position,
                    actor.name,
                    actor.kind,
                    orjson.dumps([alias.text for alias in actor.aliases]).decode(),
                ),
            )


_ACTOR = "actor, position, name, kind, aliases"


def _actor_of(row: Sequence[Any]) -> ActorRow:
    actor, position, name, kind, aliases = row
    return ActorRow(actor, position, name, ActorKind(kind), tuple(orjson.loads(aliases)))
