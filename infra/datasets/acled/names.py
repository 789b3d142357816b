"""The names of ACLED's actors: regimes, crowds and kinds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from domain.values import ActorId, ActorKind
from infra.datasets.acled.codebook import InterCode
from infra.datasets.acled.columns import ACTOR_COLUMNS, AcledCells
from infra.datasets.acled.either import alternatives
from infra.intake.controllers import slug_of
from infra.visible_text import matching_form

_REGIME = re.compile(r"\s*\(\s*\d{4}\s*[-–]\s*(?:\d{4})?\s*\)")
_REGIME_END = re.compile(r"\(\s*\d{4}\s*[-–]\s*((?:\d{4})?)\s*\)")
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


def base_form(name: str) -> str:
    """The same of all regimes of an army."""
    return matching_form(without_regime(name))


def last_year(name: str) -> int:
    """The year in which the regime of a name ends; 9999 of one that lasts, and of a name without
    years."""
    years = [int(each or 9999) for each in _REGIME_END.findall(name)]
    return max(years, default=9999)


def has_regime(name: str) -> bool:
    return _REGIME.search(name) is not None


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
    shared_codes: set[InterCode] = field(default_factory=set)
    """The types of main actors with this name as one of several, as in "A and/or B"."""
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
        codes = self.codes or self.shared_codes
        if codes & {*_ARMED, InterCode.EXTERNAL_OR_OTHER, InterCode.STATE_FORCES}:
            return ActorKind.ARMED_GROUP
        is_crowd = bool(codes) or not self.is_beside_armed
        return ActorKind.CIVILIANS if is_crowd or _CROWD.match(self.name) else ActorKind.ARMED_GROUP


class NamesSeen:
    """All names of a file, with their use; of "A and/or B" both names too."""

    def __init__(self) -> None:
        self._seen: dict[str, NameSeen] = {}

    def __iter__(self) -> Iterator[NameSeen]:
        """The names of one actor each."""
        return (seen for seen in self._seen.values() if not alternatives(seen.name))

    @property
    def left_open(self) -> list[str]:
        """The names of several actors, as "A and/or B"."""
        return sorted(seen.name for seen in self._seen.values() if alternatives(seen.name))

    def learn(self, cells: AcledCells, codes: tuple[InterCode | None, InterCode | None]) -> None:
        """Takes in the names of a row; `codes` are the types of its main actors."""
        for (main, associated, _), code in zip(ACTOR_COLUMNS, codes, strict=True):
            codes_seen = {code} if code else set()
            name = " ".join(cells[main].split())
            for seen in self._again(name) if name else ():
                is_whole = seen.name == name or not alternatives(name)
                (seen.codes if is_whole else seen.shared_codes).update(codes_seen)
            for name in cells.several(associated):
                for seen in self._again(name):
                    if code is not None and code.is_crowd:
                        seen.is_beside_crowd = True
                    else:
                        seen.is_beside_armed = True

    def _again(self, name: str) -> Iterator[NameSeen]:
        """The name, and what it may stand for, each with a row more."""
        for each in (name, *alternatives(name)):
            seen = self.of(each)
            seen.rows += 1
            yield seen

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
                found.setdefault(base_form(seen.name), []).append(seen.name)
        several = (sorted(names) for names in found.values() if len(names) > 1)
        return {without_regime(names[0]): names for names in several}


def kind_of(seen: Iterable[NameSeen]) -> ActorKind:
    """The kind of an actor with several names: of most rows, else the first by name."""
    rows: dict[ActorKind, int] = {}
    for each in seen:
        rows[each.kind] = rows.get(each.kind, 0) + each.rows
    return min(rows, key=lambda kind: (-rows[kind], kind))
