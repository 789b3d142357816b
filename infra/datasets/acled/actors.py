"""The actor that a name of ACLED's means: by the user's file, by its code in the ledger, or new."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.events import ActorRegistered
from domain.values import ActorId
from infra.datasets.acled.actor_map import MappedActor
from infra.datasets.acled.either import alternatives
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.names import NamesSeen, actor_id, kind_of, without_regime
from infra.datasets.rows import made
from infra.visible_text import matching_form

_MOST_CODES = 50


class FoundActor(NamedTuple):
    """The actor of a name."""

    name: str
    actor: ActorId
    registers: ActorRegistered | None = None
    """Its registration, where the ledger had none when the import began."""
    doubt: str = ""


class FoundName(NamedTuple):
    """The actor of a name; of "A and/or B" the actors."""

    actors: tuple[FoundActor, ...]
    is_open: bool = False
    """Whether the name leaves open which of the actors it was."""


class ActorBook:
    """Finds the actors of the names of a file."""

    def __init__(
        self, known: KnownActors, names: NamesSeen, mapped: Mapping[str, MappedActor]
    ) -> None:
        self._known, self._names, self._mapped = known, names, mapped
        self._by_name = known.by_name
        self._regimes = {name for several in names.regimes().values() for name in several}
        self._found: dict[str, FoundActor] = {}

    def find(self, name: str) -> FoundName:
        """The actor of a name; of "A and/or B" both, unless the user or the ledger has one actor
        for the whole name. Raises Unfit."""
        parts = () if self._is_told(matching_form(name)) else alternatives(name)
        if not parts:
            return FoundName((self._of_one(name),))
        actors = tuple(map(self._of_one, parts))
        is_one = len(parts) > 1 and len({each.actor for each in actors}) == 1
        return FoundName(actors, is_open=not is_one)

    def _is_told(self, form: str) -> bool:
        return form in self._mapped or form in self._known.by_code

    def _of_one(self, name: str) -> FoundActor:
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> FoundActor:
        form = matching_form(name)
        if mapped := self._mapped.get(form):
            return self._as_mapped(name, mapped)
        if form in self._known.by_code:
            return FoundActor(name, self._known.by_code[form])
        if found := self._by_name.get(form):
            return FoundActor(name, found, doubt=f"taken for {found}, which has the same name")
        actor = actor_id(name)
        if actor in self._known.names:
            registered = self._known.names[actor]
            return FoundActor(
                name, actor, doubt=f"taken for {actor}, which is registered as {registered}"
            )
        kind = self._names.of(name).kind
        return FoundActor(name, actor, _registered(actor, name, kind, (name,)), self._doubt(name))

    def _as_mapped(self, name: str, mapped: MappedActor) -> FoundActor:
        if mapped.actor in self._known.names:
            return FoundActor(name, mapped.actor)
        called = mapped.name or without_regime(mapped.names[0])
        kind = mapped.kind or kind_of(self._names.of(each) for each in mapped.names)
        registers = _registered(mapped.actor, called, kind, mapped.names)
        return FoundActor(name, mapped.actor, registers)

    def _doubt(self, name: str) -> str:
        if held := self._known.regimes(name):
            actor, names = min(held.items())
            return (
                f"the ledger has {min(names)} ({actor}), perhaps the same army, and this is an "
                "actor of its own; --draft-actors writes a file that joins them, for you to check"
            )
        if name in self._regimes:
            return (
                "it may be one army under several governments, and each is an actor of its own; "
                "--draft-actors writes a file that joins them, for you to check"
            )
        return ""


def _registered(actor: ActorId, name: str, kind: str, names: tuple[str, ...]) -> ActorRegistered:
    codes = [{"scheme": "acled", "code": each} for each in names[:_MOST_CODES]]
    fields = {"actor": actor, "name": name, "kind": kind, "codes": codes}
    return made(ActorRegistered, fields, {"name": "actor1"}, {"actor1": name})
