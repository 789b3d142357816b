"""Which actors do we know, and what are they called?"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import ActorRegistered
from domain.values import ActorId, ActorKind
from infra.codec import Recorded
from infra.nearest import plain
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

    name, version = "actors", 1
    tables = ("actor",)
    schema = """
    CREATE TABLE actor (
        actor       TEXT    PRIMARY KEY,
        position    INTEGER NOT NULL,
        name        TEXT    NOT NULL,
        kind        TEXT    NOT NULL,
        aliases     TEXT    NOT NULL,
        plain       TEXT    NOT NULL
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
        search: str | None = None,
        kind: ActorKind | None = None,
    ) -> tuple[list[ActorRow], bool]:
        """At most `size` actors in the order of their ids, and whether there are more."""
        found = self._views.reader.execute(
            f"SELECT {_ACTOR} FROM actor WHERE position <= :known AND actor > :after "
            "AND (:kind IS NULL OR kind = :kind) "
            "AND (:search IS NULL OR instr(plain, :search)) ORDER BY actor LIMIT :size",
            {
                "known": known,
                "after": after,
                "kind": kind,
                "search": search and (plain(search) or search),  # of "%" no letter is left
                "size": size + 1,
            },
        ).fetchall()
        return [_actor_of(row) for row in found[:size]], len(found) > size

    def names(self) -> dict[str, set[str]]:
        """Every actor, with what it may be called."""
        found = self._views.reader.execute("SELECT actor, name, aliases FROM actor")
        return {id_: {id_, name, *orjson.loads(aliases)} for id_, name, aliases in found}

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        if isinstance(recorded.event, ActorRegistered):
            actor = recorded.event
            aliases = [alias.text for alias in actor.aliases]
            codes = [code.code for code in actor.codes]
            db.execute(
                "INSERT INTO actor VALUES (?, ?, ?, ?, ?, ?)",
                (
                    actor.actor,
                    recorded.position,
                    actor.name,
                    actor.kind,
                    orjson.dumps(aliases).decode(),
                    "\n".join(map(plain, [actor.actor, actor.name, *aliases, *codes])),
                ),
            )


_ACTOR = "actor, position, name, kind, aliases"


def _actor_of(row: Sequence[Any]) -> ActorRow:
    actor, position, name, kind, aliases = row
    return ActorRow(actor, position, name, ActorKind(kind), tuple(orjson.loads(aliases)))
