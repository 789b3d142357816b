"""A first file of actors for a user to edit: the names of an export, joined to actors."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from domain.values import ActorId
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.names import (
    NameSeen,
    NamesSeen,
    actor_id,
    base_form,
    has_regime,
    kind_of,
    last_year,
    without_regime,
)
from infra.visible_text import matching_form

_HEAD = """\
# Which actor is meant by each name, for `tenure import acled --actors FILE`.
# actor: the id in the ledger. names: ACLED's names of this actor. Edit both as you know better:
# give an actor of the ledger its id, split an entry whose names are not one actor, join others.
# An entry that is left out is an actor of its own for each name.
"""
_SPLIT = (
    "# One army under several governments? ACLED names it anew with each regime. Split the entry "
    "where the\n# army is another one, as that of Afghanistan before and since 2021.\n"
)
_SEVERAL = (
    "# The ledger has several actors of these names: {held}.\n# The rows of the next pull move to "
    "the one below, as corrections; split the entry to keep them apart.\n"
)
_RENAME = """\
# Its name there has the years of one government. Recorded in a situation file, this changes it:
#   - {{type: ActorAmended, actor: {actor}, name: {name}, reason: One army through time}}
"""
_LEFT_OPEN = """\

# These names leave open which of several actors it was. Each of them stands on the side, and is
# uncertain. Who knows better adds the whole name to the names of one actor.
"""


def drafted(names: NamesSeen, known: KnownActors) -> Iterator[str]:
    """The text of a first file, with the ids of the ledger's actors."""
    yield _HEAD
    by_name = known.by_name
    for seen in sorted(_by_army(names), key=lambda seen: _base_of(seen).casefold()):
        yield "\n"
        yield from _entry(seen, _held(seen, known, by_name))
    if names.left_open:
        yield _LEFT_OPEN
        yield from (f"#   {_written(name)}\n" for name in names.left_open)


class _HeldActor(NamedTuple):
    """An actor of the ledger that an entry may mean."""

    actor: ActorId
    name: str
    regimes: list[str]
    """The names there with the years of a regime."""

    @property
    def last_year(self) -> int:
        return max(map(last_year, self.regimes), default=9999)


def _by_army(names: NamesSeen) -> list[list[NameSeen]]:
    found: dict[str, list[NameSeen]] = {}
    for seen in names:
        form = base_form(seen.name) if has_regime(seen.name) else matching_form(seen.name)
        found.setdefault(form, []).append(seen)
    return [sorted(several, key=lambda seen: seen.name) for several in found.values()]


def _base_of(seen: list[NameSeen]) -> str:
    return without_regime(seen[0].name) if has_regime(seen[0].name) else seen[0].name


def _held(
    seen: list[NameSeen], known: KnownActors, by_name: dict[str, ActorId]
) -> list[_HeldActor]:
    """The actors of the ledger with one of the names, or with the years of another regime; the one
    of the last regime first."""
    regimes: dict[ActorId, set[str]] = {}
    for name in (*(each.name for each in seen), _base_of(seen)):
        if (actor := by_name.get(matching_form(name))) is not None:
            regimes.setdefault(actor, set()).update({name} if has_regime(name) else ())
        for actor, others in known.regimes(name).items():
            regimes.setdefault(actor, set()).update(filter(has_regime, others))
    held = [
        _HeldActor(actor, known.names[actor], sorted(texts)) for actor, texts in regimes.items()
    ]
    return sorted(held, key=lambda each: (-each.last_year, each.actor))


def _entry(seen: list[NameSeen], held: list[_HeldActor]) -> Iterator[str]:
    base = _base_of(seen)
    names = {matching_form(each): each for actor in held for each in actor.regimes}
    names |= {matching_form(each.name): each.name for each in seen}
    if len(names) > 1:
        yield _SPLIT
    if len(held) == 1:
        yield f"# The ledger has this actor as {_written(held[0].name)}.\n"
    elif held:
        told = ", ".join(f"{each.actor} ({_written(each.name)})" for each in held)
        yield _SEVERAL.format(held=told)
    if held and len(names) > 1 and has_regime(held[0].name):
        yield _RENAME.format(actor=held[0].actor, name=_written(base))
    yield f"- actor: {held[0].actor if held else actor_id(base)}\n"
    yield f"  name: {_written(base)}\n"
    yield f"  kind: {kind_of(seen)}\n"
    yield "  names:\n"
    yield from (f"    - {_written(name)}\n" for name in sorted(names.values()))


def _written(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
