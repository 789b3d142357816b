"""Fields shared by all GraphQL objects: global ids, names and times."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, ForwardRef, TypeAlias

import strawberry
from strawberry import ID

from api.answers.basis import Basis
from api.ids import global_id
from api.schema.context import Context
from api.schema.scalars import Date, DateTime, Moment
from domain.local_days import day_of, local_of
from domain.occurred import Instant, Local, Occurred, Precision, Window
from domain.values import (
    ActorId,
    ActorKind,
    LocationDetail,
    LocationId,
    LocationKind,
    Reliability,
    ReportDetail,
    Sector,
    SourceDetail,
    Stance,
    Tactic,
)

Info = strawberry.Info[Context, None]

for enum in (
    *(Reliability, LocationKind, ActorKind, Precision, Tactic, Stance, Sector),
    *(LocationDetail, SourceDetail, ReportDetail),
):
    strawberry.enum(enum, description=enum.__doc__)


@strawberry.interface(
    name="Node",
    description="Anything that has a global id. Within an answer about a moment, or about the "
    "knowledge of a position, its fields may differ, so there its id is another one. The stable "
    "key of a thing is its slug, of an event its `eventId`.",
)
class NodeObject:
    named: strawberry.Private[tuple[str, str]]
    """Kind and slug."""
    basis: strawberry.Private[Basis]
    has_names: ClassVar[bool] = False
    """Whether its fields depend on the moment of the basis, and not on the position alone."""

    @strawberry.field(description="Its global id, as in this answer.")
    def id(self) -> ID:
        kind, slug = self.named
        at, position = self.basis.pins
        return ID(global_id(kind, slug, at if self.has_names else None, position))


if TYPE_CHECKING:
    LocationTarget: TypeAlias = NodeObject
    ActorTarget: TypeAlias = NodeObject
else:  # by name: both objects have fields of nearly every other object
    LocationTarget = Annotated[ForwardRef("LocationObject"), strawberry.lazy("api.schema.places")]
    ActorTarget = Annotated[ForwardRef("ActorObject"), strawberry.lazy("api.schema.actors")]


def place_object(info: Info, location: LocationId, basis: Basis) -> LocationTarget:
    """The place, with the name in use at the instant."""
    place: LocationTarget = info.context.show("Location", location, basis)
    return place


def actor_object(info: Info, actor: ActorId, basis: Basis) -> ActorTarget:
    """The actor, with the name in use at the instant."""
    found: ActorTarget = info.context.show("Actor", actor, basis)
    return found


@strawberry.type(
    name="Occurred", description="When something happened, as exactly as it is known: a window."
)
class OccurredObject:
    window: strawberry.Private[Window]
    said: strawberry.Private[Occurred | None]
    earliest: DateTime = strawberry.field(description="Its first microsecond.")
    latest: DateTime = strawberry.field(description="The first microsecond after it.")
    precision: Precision = strawberry.field(description="How exactly it is known.")

    @strawberry.field(
        description="The day, where it is known to the day, by the clocks of its zone."
    )
    def day(self) -> Date | None:
        day = day_of(self.window, self._local)
        return None if day is None else Date(day)

    @strawberry.field(
        description="The time as it is recorded, as 2021-08-15[+04:30 Asia/Kabul], with what "
        "was written, how far the clocks were from UTC, and in which zone. Null where it follows "
        "from several records."
    )
    def written(self) -> str | None:
        return self.said.text if self.said else None

    @strawberry.field(
        description="The zone by whose clocks it is told, as Asia/Kabul or UTC+04:30; null where "
        "that is UTC."
    )
    def zone(self) -> str | None:
        local = self._local
        return local.zone if local else None

    @property
    def _local(self) -> Local | None:
        return (self.said.local if self.said else None) or local_of(self.window)

    @staticmethod
    def of(window: Window, said: Occurred | None = None) -> "OccurredObject":
        """The object of a window; one for all answers with it, where nothing was written."""
        return _shared(window) if said is None else OccurredObject._made(window, said)

    @staticmethod
    def _made(window: Window, said: Occurred | None) -> "OccurredObject":
        return OccurredObject(
            window=window,
            said=said,
            earliest=DateTime(window.earliest),
            latest=DateTime(window.latest),
            precision=window.precision,
        )

    @staticmethod
    def told(said: Occurred) -> "OccurredObject":
        return OccurredObject.of(said.window, said)


@lru_cache(maxsize=10_000)
def _shared(window: Window) -> OccurredObject:
    return OccurredObject._made(window, None)


NAME = (
    "The name in use at the moment of the answer that this is part of; where there is none, the "
    "last that is known."
)
NAMES = "All that it went by: the name in use, one that it may have taken by then, and its aliases."
"""The descriptions of the names of places and of actors."""


def instant_at(moment: Moment | None) -> Instant | None:
    return None if moment is None else Instant(moment)
