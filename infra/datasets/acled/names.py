"""The names of ACLED's actors: regimes, crowds, kinds, and names that leave two actors open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from domain.values import ActorId, ActorKind
from infra.datasets.acled.codebook import InterCode
from infra.datasets.acled.columns import ACTOR_COLUMNS, AcledCells
from infra.intake.controllers import slug_of
from infra.visible_text import matching_form

_REGIME = re.compile(r"\s*\(\s*\d{4}\s*[-–]\s*(?:\d{4})?\s*\)")
_EITHER = re.compile(r"\band\s*/\s*or\b", re.IGNORECASE)
_STATE_FORCES = re.compile(
    r"(?:Former |Mutiny of |Unidentified )*(?:Military|Police) Forces\b", re.IGNORECASE
)
_STATE = re.compile(r"(?:Former )?Government of\b", re.IGNORECASE)
_CROWD = re.compile(r"(?:Rioters|Protesters|Civilians)\b|.*\bEthnic Group\b", re.IGNORECASE)
_MISSION = re.compile(
    r"MINUSMA|MONUSCO|MINUSCA|MINUSTAH|MINURSO|UNMISS|UNIFIL|UNAMID|UNISFA|UNDOF|AMISOM|ATMIS|"
    r"AUSSOM|AFISMA|MISCA|SAMIM|SAMIDRC|ECOMIG|MNJTF|ISAF|KFOR|United Nations|African Union|"
    r"Multinational|G5 Sahel|Peacekeep",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"Wagner|Africa Corps|Private Security|Mercenar|\bPMC\b", re.IGNORECASE)
_LONGEST_ID = 100
_ARMED = {InterCode.REBEL_GROUP, InterCode.POLITICAL_MILITIA, InterCode.IDENTITY_MILITIA}


def without_regime(name: str) -> str:
    """The name without the years of a regime: "Military Forces of Mali (2020-2021)"."""
    return " ".join(_REGIME.sub(" ", name).split())


def has_regime(name: str) -> bool:
    return _REGIME.search(name) is not None


def is_either(name: str) -> bool:
    """Whether the name leaves open which of two actors it was: "A and/or B"."""
    return _EITHER.search(name) is not None


def is_unidentified(name: str) -> bool:
    return name.casefold().startswith("unidentified")


def actor_id(name: str) -> ActorId:
    """An id made of the name alone."""
    slug = slug_of(name)
    if slug and len(slug) <= _LONGEST_ID:
        return ActorId(slug)
    mark = blake2b(name.encode(), digest_size=4).hexdigest()
    return ActorId(f"{slug[:80].strip('-') or 'actor'}-{mark}")


@dataclass(slots=True)
class NameSeen:
    """How a file uses the name of an actor."""

    name: str
    codes: set[InterCode] = field(default_factory=set)
    """The types that the name has as a main actor."""
    is_beside_crowd: bool = False
    is_beside_armed: bool = False
    rows: int = 0

    @property
    def kind(self) -> ActorKind:
        """By the name, else by the type, else by the company; whatever the order of rows."""
        if _STATE_FORCES.match(self.name):
            return ActorKind.STATE_FORCE
        if _STATE.match(self.name):
            return ActorKind.STATE
        if InterCode.STATE_FORCES in self.codes:
            return ActorKind.STATE_FORCE
        if self.codes & _ARMED:
            return ActorKind.ARMED_GROUP
        if InterCode.EXTERNAL_OR_OTHER in self.codes or not self.codes:
            if _MISSION.search(self.name):
                return ActorKind.MISSION
            if _PRIVATE.search(self.name):
                return ActorKind.PRIVATE_FORCE
        if InterCode.EXTERNAL_OR_OTHER in self.codes:
            return ActorKind.ARMED_GROUP
        is_crowd = bool(self.codes) or not self.is_beside_armed
        return ActorKind.CIVILIANS if is_crowd or _CROWD.match(self.name) else ActorKind.ARMED_GROUP


class NamesSeen:
    """All names of a file, with their use."""

    def __init__(self) -> None:
        self._seen: dict[str, NameSeen] = {}

    def __iter__(self) -> Iterator[NameSeen]:
        return iter(self._seen.values())

    def learn(self, cells: AcledCells, codes: tuple[InterCode | None, InterCode | None]) -> None:
        """Takes in the names of a row; `codes` are the types of its main actors."""
        for (main, associated, _), code in zip(ACTOR_COLUMNS, codes, strict=True):
            for name in filter(None, (" ".join(cells[main].split()),)):
                seen = self.of(name)
                seen.rows += 1
                seen.codes |= {code} if code else set()
            for name in cells.several(associated):
                seen = self.of(name)
                seen.rows += 1
                if code is not None and code.is_crowd:
                    seen.is_beside_crowd = True
                else:
                    seen.is_beside_armed = True

    def of(self, name: str) -> NameSeen:
        key = matching_form(name)
        if key not in self._seen:
            self._seen[key] = NameSeen(name)
        return self._seen[key]

    def regimes(self) -> dict[str, list[str]]:
        """The names with the years of a regime, by the name without, where there are several."""
        found: dict[str, list[str]] = {}
        for seen in self:
            if has_regime(seen.name):
                found.setdefault(without_regime(seen.name), []).append(seen.name)
        return {base: sorted(names) for base, names in found.items() if len(names) > 1}
