"""What do the event types, sub-event types and actor types of ACLED mean here?

By the ACLED codebook as published online in 2025, and the codebooks of 2015 and 2017 for the event
types of exports before 2019. docs/datasets/acled.md tells all of it.
"""

import re
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import lru_cache

from domain.values import Tactic


class InterCode(IntEnum):
    """The type of a main actor."""

    STATE_FORCES = 1
    REBEL_GROUP = 2
    POLITICAL_MILITIA = 3
    IDENTITY_MILITIA = 4
    RIOTERS = 5
    PROTESTERS = 6
    CIVILIANS = 7
    EXTERNAL_OR_OTHER = 8
    """State forces abroad, missions of international organisations, private forces."""

    @property
    def is_crowd(self) -> bool:
        """People who hold no place: rioters, protesters, civilians."""
        return self in {InterCode.RIOTERS, InterCode.PROTESTERS, InterCode.CIVILIANS}


_IN_WORDS = {
    "stateforces": InterCode.STATE_FORCES,
    "rebelgroup": InterCode.REBEL_GROUP,
    "rebelforces": InterCode.REBEL_GROUP,
    "politicalmilitia": InterCode.POLITICAL_MILITIA,
    "identitymilitia": InterCode.IDENTITY_MILITIA,
    "communalmilitia": InterCode.IDENTITY_MILITIA,
    "rioter": InterCode.RIOTERS,
    "protester": InterCode.PROTESTERS,
    "civilian": InterCode.CIVILIANS,
    "externalotherforces": InterCode.EXTERNAL_OR_OTHER,
    "otherforces": InterCode.EXTERNAL_OR_OTHER,
}


@lru_cache(maxsize=1_000)
def inter_code(text: str) -> InterCode | None:
    """The code, written as a number or in words; None of 0 and of nothing. Raises ValueError."""
    if re.fullmatch(r"[0-8](\.0+)?", text):
        return InterCode(int(text[0])) if text[0] != "0" else None
    if not text:
        return None
    letters = _letters(text)
    for form in (letters, letters.removesuffix("s")):
        if form in _IN_WORDS:
            return _IN_WORDS[form]
    raise ValueError("the codebook has no such type of actor")


class Transfer(Enum):
    """A change of control, as a sub-event type tells it."""

    GOVERNMENT_REGAINS = "the government regained the place by force"
    NON_STATE_OVERTAKES = "a non-state actor, or a foreign state, took the place by force"
    NON_VIOLENT = "somebody came to control the place without violence"


@dataclass(frozen=True, slots=True)
class SubEvent:
    """The meaning of a sub-event type."""

    is_clash: bool = False
    """Whether it is recorded as a ClashReported."""
    tactic: Tactic | None = None
    transfer: Transfer | None = None
    left_out: str = ""
    """Why no event is made of it; empty where one is."""
    is_demonstration: bool = False
    """Left out as peaceful, unless people died or rioters took part."""


def _clash(tactic: Tactic | None = None) -> SubEvent:
    return SubEvent(is_clash=True, tactic=tactic)


def _taken(transfer: Transfer) -> SubEvent:
    return SubEvent(is_clash=True, tactic=Tactic.ARMED_CLASH, transfer=transfer)


def _left_out(why: str) -> SubEvent:
    return SubEvent(left_out=why)


_PEACEFUL = SubEvent(
    left_out="a demonstration without deaths is no clash, and says nothing of control",
    is_demonstration=True,
)
_UNTYPED = _left_out("the export does not say which development it is")
_SUB_EVENTS = {
    "Government regains territory": _taken(Transfer.GOVERNMENT_REGAINS),
    "Non-state actor overtakes territory": _taken(Transfer.NON_STATE_OVERTAKES),
    "Armed clash": _clash(Tactic.ARMED_CLASH),
    "Excessive force against protesters": _clash(Tactic.ATTACK_ON_CIVILIANS),
    "Protest with intervention": _PEACEFUL,
    "Peaceful protest": _PEACEFUL,
    "Violent demonstration": _clash(),
    "Mob violence": _clash(),
    "Chemical weapon": _clash(),
    "Air/drone strike": _clash(Tactic.AIR_OR_DRONE_STRIKE),
    "Suicide bomb": _clash(Tactic.SUICIDE_BOMB),
    "Shelling/artillery/missile attack": _clash(Tactic.SHELLING),
    "Remote explosive/landmine/IED": _clash(Tactic.REMOTE_EXPLOSIVE),
    "Grenade": _clash(),
    "Sexual violence": _clash(Tactic.ATTACK_ON_CIVILIANS),
    "Attack": _clash(Tactic.ATTACK_ON_CIVILIANS),
    "Abduction/forced disappearance": _clash(Tactic.ABDUCTION),
    "Looting/property destruction": _clash(Tactic.LOOTING),
    "Non-violent transfer of territory": SubEvent(transfer=Transfer.NON_VIOLENT),
    "Agreement": _left_out(
        "an agreement may be a peace accord, a ceasefire or an exchange of prisoners; only the "
        "notes say which"
    ),
    "Arrests": _left_out("an arrest is no fight, and says nothing of control"),
    "Change to group/activity": _left_out("only the notes say what changed, and of whom"),
    "Disrupted weapons use": _left_out("nobody was attacked"),
    "Headquarters or base established": _left_out(
        "a base is presence; it does not say who controls the place"
    ),
    "Other": _left_out("only the notes say what happened"),
}
"""By the names of the codebook."""
_EVENT_TYPES = {
    "Battle-No change of territory": _clash(Tactic.ARMED_CLASH),
    "Battle-Government regains territory": _taken(Transfer.GOVERNMENT_REGAINS),
    "Battle-Non-state actor overtakes territory": _taken(Transfer.NON_STATE_OVERTAKES),
    "Non-violent transfer of territory": SubEvent(transfer=Transfer.NON_VIOLENT),
    "Headquarters or base established": _SUB_EVENTS["Headquarters or base established"],
    "Remote violence": _clash(),
    "Violence against civilians": _clash(Tactic.ATTACK_ON_CIVILIANS),
    "Riots/Protests": _PEACEFUL,
    "Strategic development": _UNTYPED,
    "Strategic developments": _UNTYPED,
    "Non-violent activity by a conflict actor": _UNTYPED,
}
"""The event types of exports without sub-event types."""


def _letters(text: str) -> str:
    return re.sub("[^a-z]+", "", text.casefold())


_BY_SUB_EVENT = {_letters(name): meaning for name, meaning in _SUB_EVENTS.items()}
_BY_SUB_EVENT["excessiveforceagainstprotestors"] = _clash(Tactic.ATTACK_ON_CIVILIANS)
_BY_EVENT_TYPE = {_letters(name): meaning for name, meaning in _EVENT_TYPES.items()}


@lru_cache(maxsize=1_000)
def sub_event(event_type: str, sub_event_type: str) -> SubEvent | None:
    """The meaning of a coding, in whatever case and punctuation; None where the codebook has no
    such type."""
    if sub_event_type:
        return _BY_SUB_EVENT.get(_letters(sub_event_type))
    return _BY_EVENT_TYPE.get(_letters(event_type))
