"""Which actors do we know?"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import ActorAmended, ActorRegistered
from domain.references import Reference
from domain.values import ActorId, ActorKind, Name
from infra.ledger.codec import Recorded
from infra.views.amendments import FOR_EVER, KNOWN, NOW, AmendmentRows, Readings
from infra.views.file import ViewFile


@dataclass(frozen=True, slots=True)
class ActorRow:
    """A registered actor, as it reads at a position."""

    actor: ActorId
    name: str
    kind: ActorKind
    aliases: tuple[str, ...]


_COLUMNS = ("name", "kind", "aliases")
_READINGS = Readings("actor", "actor", _COLUMNS)
_AMENDMENTS = AmendmentRows("actor_amendment", ActorAmended)


class Actors:
    """One row for each actor, and one more for each time that it came to read otherwise."""

    name, version = "actors", 3
    tables = ("actor", "actor_amendment")
    schema = f"""
    CREATE TABLE actor (
        actor       TEXT    NOT NULL,
        known_from  INTEGER NOT NULL,
        known_to    INTEGER NOT NULL,
        name        TEXT    NOT NULL,
        kind        TEXT    NOT NULL,
        aliases     TEXT    NOT NULL,
        PRIMARY KEY (actor, known_from)
    ) WITHOUT ROWID;
    {_AMENDMENTS.schema}
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def get(self, actor: ActorId, *, known: int = NOW) -> ActorRow | None:
        """The actor of that id, as it read at that position; one that was not registered by then,
        as it was registered."""
        return self.many([actor], known=known).get(actor)

    def many(self, actors: Iterable[ActorId], *, known: int = NOW) -> dict[ActorId, ActorRow]:
        """The same of several: those that are registered."""
        found = self._views.reader.execute(
            f"SELECT {_ACTOR} FROM json_each(?) CROSS JOIN actor "
            "ON actor = value AND known_from = (SELECT min(known_from) FROM actor AS reading "
            "WHERE reading.actor = value AND reading.known_to > ?)",
            (orjson.dumps(list(actors)).decode(), known),
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
            f"SELECT {_ACTOR} FROM {source} WHERE {KNOWN} AND actor > :after "
            f"AND (:kind IS NULL OR kind = :kind) ORDER BY {order} LIMIT :size",
            asked,
        ).fetchall()
        return [_actor_of(row) for row in found[:size]], len(found) > size

    def names(self) -> dict[str, set[str]]:
        """Every actor, with the names of its registration."""
        found = self._views.reader.execute(
            "SELECT actor, name, aliases FROM actor WHERE known_to = ?", (FOR_EVER,)
        )
        return {id_: {id_, name, *orjson.loads(aliases)} for id_, name, aliases in found}

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        if isinstance(recorded.event, ActorRegistered):
            actor = recorded.event
            said = (actor.name, actor.kind, _texts(actor.aliases))
            _READINGS.register(db, actor.actor, said, recorded.position)
        elif amended := _AMENDMENTS.take_in(db, recorded):
            _READINGS.read(db, amended.slug, _as_it_reads(db, amended), recorded.position)


def _as_it_reads(db: sqlite3.Connection, actor: Reference) -> dict[str, Any]:
    said = _READINGS.registered(db, actor.slug)
    for amendment in _AMENDMENTS.standing(db, actor):
        changes = amendment.changes
        if "aliases" in changes:
            said["aliases"] = _texts(changes["aliases"])
        said |= {name: changes[name] for name in ("name", "kind") if name in changes}
    return said


def _texts(aliases: Iterable[Name]) -> str:
    return orjson.dumps([alias.text for alias in aliases]).decode()


_ACTOR = f"actor, {', '.join(_COLUMNS)}"


def _actor_of(row: Sequence[Any]) -> ActorRow:
    actor, name, kind, aliases = row
    return ActorRow(actor, name, ActorKind(kind), tuple(orjson.loads(aliases)))
