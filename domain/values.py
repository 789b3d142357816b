"""The small values that facts are made of: ids, grades, names, places.

Everything here is frozen and validated once; deeper in nobody checks again.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, NewType

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

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

# Longest texts that a record may hold, in characters: room for a paragraph, none for a document.
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2_000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class Value(BaseModel):
    """An immutable value; two values with equal fields are the same value."""

    # Most commands need a few of the many event types: each is built when it is first used.
    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, defer_build=True
    )


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
"""One actor or several, each once, in the order in which the source names them."""

SomeActors = Annotated[Actors, Field(min_length=1)]
"""At least one actor."""


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
    """What sort of place it is. Only towns, bases and sites can be held."""

    TOWN = "town"
    BASE = "base"
    REGION = "region"
    ROUTE = "route"
    SITE = "site"

    @property
    def can_be_held(self) -> bool:
        return self in {LocationKind.TOWN, LocationKind.BASE, LocationKind.SITE}


class ActorKind(StrEnum):
    """What sort of actor it is."""

    STATE_FORCE = "state-force"
    ARMED_GROUP = "armed-group"
    COALITION = "coalition"
    MISSION = "mission"
    PRIVATE_FORCE = "private-force"
    STATE = "state"
    CIVILIANS = "civilians"


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
