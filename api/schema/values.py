"""The values within events in GraphQL, as objects and as inputs; and the types of fields."""

from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import strawberry

from api.schema.scalars import Count
from domain.values import (
    ActorId,
    ConvoyId,
    Coordinates,
    DeathsBySide,
    Estimate,
    EventId,
    ExternalCode,
    GeoPrecision,
    LocationId,
    Name,
    Reliability,
    ReportId,
    Sector,
    SourceId,
    Stance,
    Tactic,
)


@strawberry.type(name="Name", description=Name.__doc__)
class NameObject:
    text: str
    language: str | None
    script: str | None


@strawberry.input(name="NameInput", description=Name.__doc__)
class NameInput:
    text: str
    language: str | None = None
    script: str | None = None


@strawberry.type(name="ExternalCode", description=ExternalCode.__doc__)
class ExternalCodeObject:
    scheme: str
    code: str


@strawberry.input(name="ExternalCodeInput", description=ExternalCode.__doc__)
class ExternalCodeInput:
    scheme: str
    code: str


@strawberry.type(name="GeoPrecision", description=GeoPrecision.__doc__)
class GeoPrecisionObject:
    scale: str
    code: int


@strawberry.input(name="GeoPrecisionInput", description=GeoPrecision.__doc__)
class GeoPrecisionInput:
    scale: str
    code: int


@strawberry.type(name="Coordinates", description=Coordinates.__doc__)
class CoordinatesObject:
    latitude: float
    longitude: float
    precision: GeoPrecisionObject | None


@strawberry.input(name="CoordinatesInput", description=Coordinates.__doc__)
class CoordinatesInput:
    latitude: float
    longitude: float
    precision: GeoPrecisionInput | None = None


@strawberry.type(name="Estimate", description=Estimate.__doc__)
class EstimateObject:
    low: Count | None = strawberry.field(description="The least that the source gives.")
    best: Count | None = strawberry.field(description="What the source holds most likely.")
    high: Count | None = strawberry.field(description="The most that the source gives.")


@strawberry.input(name="EstimateInput", description=Estimate.__doc__)
class EstimateInput:
    low: Count | None = strawberry.field(default=None, description="The least.")
    best: Count | None = strawberry.field(default=None, description="The most likely.")
    high: Count | None = strawberry.field(default=None, description="The most.")


@strawberry.type(name="DeathsBySide", description=DeathsBySide.__doc__)
class DeathsBySideObject:
    sides: list[Count | None] = strawberry.field(
        description="The dead of each side, in the order of the sides of the clash; null, where "
        "the source does not count a side apart."
    )
    civilians: Count | None = strawberry.field(
        description="All civilians among the dead, also where civilians are a side."
    )
    unknown: Count | None = strawberry.field(
        description="The dead of whom the source can't say who they were."
    )


@strawberry.input(name="DeathsBySideInput", description=DeathsBySide.__doc__)
class DeathsBySideInput:
    sides: list[Count | None] = strawberry.field(
        default_factory=list, description="The dead of each side, in the order of the sides."
    )
    civilians: Count | None = strawberry.field(default=None, description="All civilians.")
    unknown: Count | None = strawberry.field(default=None, description="Nobody knows who.")


def estimate_object(people: Estimate | None) -> EstimateObject | None:
    if people is None:
        return None
    low, best, high = (
        None if it is None else Count(it) for it in (people.low, people.best, people.high)
    )
    return EstimateObject(low=low, best=best, high=high)


MEANINGS: dict[Any, str] = {
    LocationId: "The place.",
    ActorId: "The actor, or actors, in this role.",
    SourceId: "The source.",
    ReportId: "The report that says so.",
    EventId: "The event that is meant.",
    ConvoyId: "The convoy, by the slug that all its events share.",
    Name: "Other names.",
    ExternalCode: "The same in the lists of others.",
    Coordinates: "Where it is.",
    Reliability: "Our trust in the source.",
    Estimate: "How many people.",
    DeathsBySide: "How many of each side died.",
    GeoPrecision: "How sure the place is.",
    Tactic: "How it was fought.",
    Stance: "Where the statement stands on what it speaks of.",
    Sector: "The humanitarian sector.",
}
"""The descriptions of fields without a meaning of their own."""


def innermost(annotation: Any) -> tuple[Any, int, bool]:
    """The type of one item, the depth of the lists around, and whether the item may be missing."""
    if get_origin(annotation) is Annotated:
        return innermost(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (each for each in get_args(annotation) if each is not NoneType)
        item, depth, _ = innermost(inner)
        return item, depth, True
    if get_origin(annotation) is tuple:
        item, depth, _ = innermost(get_args(annotation)[0])
        return item, depth + 1, False
    return annotation, 0, False


def wrapped(inner: Any, depth: int, optional: bool) -> Any:
    for _ in range(depth):
        inner = list[inner]
    return inner | None if optional else inner


def each_in(given: Any, depth: int, change: Callable[[Any], Any]) -> Any:
    """The same lists, with every item changed."""
    return [each_in(one, depth - 1, change) for one in given] if depth else change(given)
