"""What has everything in common that can be asked about?"""

import strawberry
from strawberry import ID

from api.schema.context import Context
from api.schema.ids import global_id
from api.schema.scalars import Date, DateTime, Moment
from domain.occurred import Instant, Precision, Window
from domain.values import (
    ActorKind,
    LocationDetail,
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


@strawberry.interface(description="Anything that has a global id.")
class Node:
    named: strawberry.Private[tuple[str, str]]
    """Its kind, and its name among that kind."""

    @strawberry.field(description="Its global id.")
    def id(self) -> ID:
        return ID(global_id(*self.named))


@strawberry.type(description="When something happened, as exactly as it is known: a window.")
class Occurred:
    earliest: DateTime = strawberry.field(description="Its first microsecond.")
    latest: DateTime = strawberry.field(description="The first microsecond after it.")
    precision: Precision = strawberry.field(description="How exactly it is known.")
    day: Date | None = strawberry.field(description="The day, where it is known to the day.")

    @staticmethod
    def of(window: Window) -> "Occurred":
        return Occurred(
            earliest=DateTime(window.earliest),
            latest=DateTime(window.latest),
            precision=window.precision,
            day=Date(window.earliest) if window.precision is Precision.DAY else None,
        )


NAME = (
    "The name in use at the moment of the answer that this is part of; where there is none, the "
    "last that is known."
)
NAMES = "All that it went by: the name in use, one that it may have taken by then, and its aliases."
"""What is said of the names of places and of actors alike."""


def instant_at(moment: Moment | None) -> Instant | None:
    return None if moment is None else Instant(moment)
