"""The small values that facts are made of: ids, grades, names, places.

Everything here is frozen and validated once; deeper in nobody checks again.
"""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, NewType

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from domain.offsets import ZONE_OR_OFFSET
from domain.texts import fault_of

Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100),
    Field(description="A readable id: lower-case letters, digits and hyphens, as in minusma-camp."),
]
SourceId = NewType("SourceId", Slug)
ReportId = NewType("ReportId", Slug)
LocationId = NewType("LocationId", Slug)
ActorId = NewType("ActorId", Slug)
ConvoyId = NewType("ConvoyId", Slug)
EventId = NewType(
    "EventId",
    Annotated[
        str,
        StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
        Field(description="The id of a recorded event, a UUID derived from its content."),
    ],
)

AS_RECORDED: dict[str, object] = {"judges_texts": False}
"""The context of pydantic for reading a recorded event: its texts were judged when recorded, by the
rules of then."""


def _judge(text: str, info: ValidationInfo, *, has_lines: bool = False) -> str:
    if info.context is not AS_RECORDED and (fault := fault_of(text, has_lines=has_lines)):
        raise PydanticCustomError("unfit_text", "{fault}", {"fault": fault})
    return text


def _in_one_line(text: str, info: ValidationInfo) -> str:
    return _judge(text, info)


def _in_lines(text: str, info: ValidationInfo) -> str:
    return _judge(text, info, has_lines=True)


# Longest texts that a record may hold, in characters: room for a paragraph, none for a document.
_Short = StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
_Long = StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)
ShortText = Annotated[str, _Short, AfterValidator(_in_one_line)]
"""A name, a title or a code, in one line."""
Passage = Annotated[str, _Short, AfterValidator(_in_lines)]
"""A place in a report, or the words there."""
LongText = Annotated[str, _Long, AfterValidator(_in_lines)]
"""A paragraph or more."""
Url = Annotated[
    str,
    StringConstraints(pattern=r"^https?://\S+$", max_length=2_000),
    AfterValidator(_in_one_line),
]
Author = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_in_one_line)
]
"""Who records."""
Zone = Annotated[
    str,
    StringConstraints(pattern=ZONE_OR_OFFSET, max_length=64),
    Field(
        description="A time zone: its name in the IANA database (Asia/Kabul), or an offset from "
        "UTC (+04:30)."
    ),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class Value(BaseModel):
    """An immutable value; two values with equal fields are the same value."""

    # Most commands need a few of the many event types: each is built when it is first used.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _one_is_a_tuple(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


def _without_repeats(given: tuple[ActorId, ...]) -> tuple[ActorId, ...]:
    if len(set(given)) < len(given):
        raise ValueError("the same actor is named twice")
    return given


Actors = Annotated[
    tuple[ActorId, ...],
    BeforeValidator(_one_is_a_tuple, json_schema_input_type=ActorId | tuple[ActorId, ...]),
    Field(max_length=50),
    AfterValidator(_without_repeats),
]
"""An actor or several, without repetition, in the order of the source."""

SomeActors = Annotated[Actors, Field(min_length=1)]
"""An actor or several."""

Parties = Annotated[Actors, Field(min_length=2)]
"""Two actors or more."""


def _on_one_side_only(given: tuple[tuple[ActorId, ...], ...]) -> tuple[tuple[ActorId, ...], ...]:
    if len({actor for side in given for actor in side}) < sum(map(len, given)):
        raise ValueError("an actor stands on one side only")
    return given


Sides = Annotated[
    tuple[SomeActors, ...],
    Field(min_length=1, max_length=10),
    AfterValidator(_on_one_side_only),
]
"""The opposing sides, each with its actors; a side without named actors is left out."""


def _without_places_twice(given: tuple[LocationId, ...]) -> tuple[LocationId, ...]:
    if len(set(given)) < len(given):
        raise ValueError("the same place is named twice")
    return given


Places = Annotated[
    tuple[LocationId, ...],
    BeforeValidator(_one_is_a_tuple, json_schema_input_type=LocationId | tuple[LocationId, ...]),
    Field(max_length=50),
    AfterValidator(_without_places_twice),
]
"""Places without repetition; also none."""


class Reliability(StrEnum):
    """Trust in a source, by the Admiralty code (AJP-2.1). F is not the worst: it is not judged."""

    A = "A"
    """Completely reliable."""
    B = "B"
    """Usually reliable."""
    C = "C"
    """Fairly reliable."""
    D = "D"
    """Not usually reliable."""
    E = "E"
    """Unreliable."""
    F = "F"
    """Reliability cannot be judged."""


Credibility = Annotated[
    int,
    Field(
        ge=1,
        le=6,
        strict=True,
        description="Trust in the information, by the Admiralty code: 1 confirmed, 2 probably "
        "true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged.",
    ),
]


class LocationKind(StrEnum):
    """What sort of place it is. Towns, bases and sites can be held, and a region as a whole."""

    TOWN = "town"
    BASE = "base"
    REGION = "region"
    ROUTE = "route"
    SITE = "site"

    @cached_property  # asked of every place of a map
    def can_be_held(self) -> bool:
        return self in {LocationKind.TOWN, LocationKind.BASE, LocationKind.SITE}

    @cached_property
    def may_be_controlled(self) -> bool:
        """Whether control of the place can be asked about: of towns, bases, sites and regions."""
        return self.can_be_held or self is LocationKind.REGION


class LocationDetail(StrEnum):
    """What the registration of a place may do without, and an amendment take away."""

    COORDINATES = "coordinates"
    WITHIN = "within"


class SourceDetail(StrEnum):
    """What the registration of a source may do without, and an amendment take away."""

    URL = "url"


class ReportDetail(StrEnum):
    """What a filed report may do without, and an amendment take away."""

    URL = "url"


class ActorKind(StrEnum):
    """What sort of actor it is."""

    STATE_FORCE = "state-force"
    ARMED_GROUP = "armed-group"
    COALITION = "coalition"
    MISSION = "mission"
    PRIVATE_FORCE = "private-force"
    STATE = "state"
    CIVILIANS = "civilians"


class Tactic(StrEnum):
    """How a clash was fought: sub-event types of the ACLED codebook, with ambushes, raids and
    hit-and-run attacks told apart from other armed clashes."""

    ARMED_CLASH = "armed-clash"
    AMBUSH = "ambush"
    HIT_AND_RUN = "hit-and-run"
    RAID = "raid"
    SHELLING = "shelling"
    """Shelling, artillery or missiles."""
    AIR_OR_DRONE_STRIKE = "air-or-drone-strike"
    REMOTE_EXPLOSIVE = "remote-explosive"
    """A mine, an improvised explosive device, or another remote explosive."""
    SUICIDE_BOMB = "suicide-bomb"
    ATTACK_ON_CIVILIANS = "attack-on-civilians"
    ABDUCTION = "abduction"
    LOOTING = "looting"
    """Looting, or destruction of property."""


class Stance(StrEnum):
    """Where a statement stands on what it speaks of."""

    SUPPORT = "support"
    CONCERN = "concern"
    CONDEMNATION = "condemnation"
    REJECTION = "rejection"
    """It refuses something, or gives it up, as an accord that is declared at an end."""
    DEMAND = "demand"
    DENIAL = "denial"
    ANNOUNCEMENT = "announcement"
    NEUTRAL = "neutral"


class Sector(StrEnum):
    """A humanitarian sector: the global clusters, by OCHA's names for them."""

    CAMP_COORDINATION = "camp-coordination-and-camp-management"
    EARLY_RECOVERY = "early-recovery"
    EDUCATION = "education"
    EMERGENCY_TELECOMMUNICATIONS = "emergency-telecommunications"
    FOOD_SECURITY = "food-security"
    HEALTH = "health"
    LOGISTICS = "logistics"
    NUTRITION = "nutrition"
    PROTECTION = "protection"
    SHELTER = "shelter"
    WATER_SANITATION_HYGIENE = "water-sanitation-and-hygiene"


_Count = Annotated[int, Field(ge=0, le=8_000_000_000, strict=True)]


class Estimate(Value):
    """How many people, by the low, best and high estimate (UCDP GED). What a source leaves open
    stays open: "thousands" is a low of 2,000 without a high."""

    low: _Count | None = None
    """The least that the source gives."""
    best: _Count | None = None
    """The number that the source holds most likely."""
    high: _Count | None = None
    """The most that the source gives."""

    @model_validator(mode="after")
    def _is_in_order(self) -> "Estimate":
        given = [each for each in (self.low, self.best, self.high) if each is not None]
        if not given:
            raise ValueError("give low, best or high, at least one of them")
        if given != sorted(given):
            raise ValueError("low, best and high must not decrease in this order")
        return self

    @property
    def says_nobody(self) -> bool:
        """Whether the estimate is zero people."""
        return 0 in (self.best, self.high)


class DeathsBySide(Value):
    """Who the dead of a clash were, by the numbers that a source holds most likely (UCDP GED)."""

    sides: Annotated[tuple[_Count | None, ...], Field(max_length=10)] = ()
    """The dead of each side, in the order of the sides of the clash; none, where a source does not
    count a side apart."""
    civilians: _Count | None = None
    """All civilians among the dead, also where civilians are a side."""
    unknown: _Count | None = None
    """The dead of whom the source can't say who they were."""

    @model_validator(mode="after")
    def _counts_someone(self) -> "DeathsBySide":
        if all(each is None for each in (*self.sides, self.civilians, self.unknown)):
            raise ValueError("give a number for a side, civilians or unknown, at least one of them")
        return self


class Name(Value):
    """Another name of the same place or actor. A plain text stands for a name of any language."""

    text: ShortText
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] | None = (
        None
    )
    """The language, as a BCP 47 tag."""
    script: Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")] | None = None
    """The script, as an ISO 15924 code."""

    @model_validator(mode="before")
    @classmethod
    def _from_plain_text(cls, given: Any) -> Any:
        return {"text": given} if isinstance(given, str) else given


class ExternalCode(Value):
    """The same place or actor in somebody else's list."""

    scheme: Literal["geonames", "pcode", "wikidata", "acled", "ucdp"]
    code: ShortText


class GeoPrecision(Value):
    """How sure the coded place is, on the named scale: ACLED 1-3, UCDP where_prec 1-7."""

    scale: Literal["acled", "ucdp"]
    code: Annotated[int, Field(ge=1, le=7, strict=True)]

    @model_validator(mode="after")
    def _is_on_its_scale(self) -> "GeoPrecision":
        if self.scale == "acled" and self.code > 3:
            raise ValueError("the scale of ACLED ends at 3")
        return self


class Coordinates(Value):
    """A point on WGS 84, in decimal degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    precision: GeoPrecision | None = None
