"""The actor that a name of ACLED's means: by the user's file, by its code in the ledger, or new."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.amendments import Amendments
from domain.events import ActorAmended, ActorRegistered
from domain.values import ActorId
from infra.datasets.acled.actor_map import MappedActor, kind_of
from infra.datasets.acled.names import NamesSeen, actor_id, is_either, without_regime
from infra.datasets.rows import made
from infra.ledger.reader import LedgerReader
from infra.visible_text import matching_form

_MOST_CODES = 50


class FoundActor(NamedTuple):
    """The actor of a name."""

    actor: ActorId
    registers: ActorRegistered | None = None
    """Its registration, where the ledger had none when the import began."""
    doubt: str = ""


@dataclass(slots=True)
class KnownActors:
    """The actors of a ledger, by the names of ACLED's."""

    names: dict[ActorId, str] = field(default_factory=dict)
    by_code: dict[str, ActorId] = field(default_factory=dict)
    """By the matching form of each code of ACLED's."""
    _by_name: dict[str, set[ActorId]] = field(default_factory=dict)

    @staticmethod
    def of(ledger: LedgerReader) -> "KnownActors":
        amended = {
            each.event.actor
            for each in ledger.of_type(ActorAmended)
            if isinstance(each.event, ActorAmended)
        }
        amendments = Amendments()
        for each in ledger.amendments("actor", sorted(amended)):
            amendments.learn(each.entry)
        known = KnownActors()
        for each in ledger.of_type(ActorRegistered):
            if isinstance(each.event, ActorRegistered):
                known.learn(amendments.read(each.event))
        return known

    def learn(self, actor: ActorRegistered) -> None:
        self.names.setdefault(actor.actor, actor.name)
        for name in (actor.name, *(alias.text for alias in actor.aliases)):
            self._by_name.setdefault(matching_form(name), set()).add(actor.actor)
        for code in actor.codes:
            if code.scheme == "acled":
                self.by_code.setdefault(matching_form(code.code), actor.actor)

    @property
    def by_name(self) -> dict[str, ActorId]:
        """By code, else by a name of one actor alone."""
        alone = {name: min(ids) for name, ids in self._by_name.items() if len(ids) == 1}
        return alone | self.by_code


class ActorBook:
    """Finds the actors of the names of a file."""

    def __init__(
        self, known: KnownActors, names: NamesSeen, mapped: Mapping[str, MappedActor]
    ) -> None:
        self._known, self._names, self._mapped = known, names, mapped
        self._by_name = known.by_name
        self._regimes = {name for several in names.regimes().values() for name in several}
        self._found: dict[str, FoundActor] = {}

    def find(self, name: str) -> FoundActor:
        """The actor of a name. Raises Unfit."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> FoundActor:
        form = matching_form(name)
        if mapped := self._mapped.get(form):
            return self._as_mapped(mapped)
        if form in self._known.by_code:
            return FoundActor(self._known.by_code[form])
        if found := self._by_name.get(form):
            return FoundActor(found, doubt=f"taken for {found}, which has the same name")
        actor = actor_id(name)
        if actor in self._known.names:
            return FoundActor(
                actor, doubt=f"taken for {actor}, which is registered as {self._known.names[actor]}"
            )
        kind = self._names.of(name).kind
        return FoundActor(actor, _registered(actor, name, kind, (name,)), self._doubt(name))

    def _as_mapped(self, mapped: MappedActor) -> FoundActor:
        if mapped.actor in self._known.names:
            return FoundActor(mapped.actor)
        name = mapped.name or without_regime(mapped.names[0])
        kind = mapped.kind or kind_of(self._names.of(each) for each in mapped.names)
        return FoundActor(mapped.actor, _registered(mapped.actor, name, kind, mapped.names))

    def _doubt(self, name: str) -> str:
        if is_either(name):
            return "which of the two it was, the dataset does not say; it is an actor of its own"
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
