"""The actors of a ledger, by ACLED's names: the same name, the same army under another regime."""

from dataclasses import dataclass, field

from domain.events import ActorRegistered
from domain.values import ActorId
from infra.datasets.acled.names import base_form, has_regime
from infra.datasets.registered import registrations_as_amended
from infra.ledger.reader import LedgerReader
from infra.visible_text import matching_form


@dataclass(slots=True)
class KnownActors:
    """The actors of a ledger, by the names of ACLED's."""

    names: dict[ActorId, str] = field(default_factory=dict)
    by_code: dict[str, ActorId] = field(default_factory=dict)
    """By the matching form of each code of ACLED's."""
    _by_name: dict[str, set[ActorId]] = field(default_factory=dict)
    _by_base: dict[str, dict[ActorId, list[str]]] = field(default_factory=dict)
    """The actors and their names, by the form common to all regimes of an army."""

    @staticmethod
    def of(ledger: LedgerReader) -> "KnownActors":
        known = KnownActors()
        for actor in registrations_as_amended(ledger, ActorRegistered):
            known.learn(actor)
        return known

    def learn(self, actor: ActorRegistered) -> None:
        self.names.setdefault(actor.actor, actor.name)
        codes = [code.code for code in actor.codes if code.scheme == "acled"]
        names = [actor.name, *(alias.text for alias in actor.aliases)]
        for name in names:
            self._by_name.setdefault(matching_form(name), set()).add(actor.actor)
        for code in codes:
            self.by_code.setdefault(matching_form(code), actor.actor)
        for text in dict.fromkeys((*names, *codes)):
            of_base = self._by_base.setdefault(base_form(text), {})
            of_base.setdefault(actor.actor, []).append(text)

    def regimes(self, name: str) -> dict[ActorId, list[str]]:
        """The actors of the ledger with this name under other years, perhaps the same army; with
        their names there."""
        form = matching_form(name)
        found = {}
        for actor, texts in self._by_base.get(base_form(name), {}).items():
            others = [each for each in texts if matching_form(each) != form]
            if has_regime(name):
                found[actor] = others
            else:
                found[actor] = [each for each in others if has_regime(each)]
        return {actor: texts for actor, texts in found.items() if texts}

    @property
    def by_name(self) -> dict[str, ActorId]:
        """By code, else by a name of one actor alone."""
        alone = {name: min(ids) for name, ids in self._by_name.items() if len(ids) == 1}
        return alone | self.by_code
