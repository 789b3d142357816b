"""What can be asked about a place?"""

from typing import TYPE_CHECKING, Annotated

import strawberry

from api.answers.basis import Known
from api.schema.arguments import (
    After,
    At,
    First,
    HappenedFrom,
    HappenedTo,
    Inside,
    KnownAt,
    NamesAt,
    Position,
)
from api.schema.connections import Connection
from api.schema.context import Context
from api.schema.entry import Event, EventFilter, Wanted
from api.schema.node import NAME, NAMES, Info, Node, instant_at
from api.schema.perspective import Whose, asked_of
from domain.occurred import Instant
from domain.situation.ties import TieKind
from domain.values import LocationId, LocationKind
from projections.names import LOCATION
from projections.places import Place

if TYPE_CHECKING:
    from api.schema.control import Control
    from api.schema.relations import Deployment, Siege

LazyControl = Annotated["Control", strawberry.lazy("api.schema.control")]
LazyDeployment = Annotated["Deployment", strawberry.lazy("api.schema.relations")]
LazySiege = Annotated["Siege", strawberry.lazy("api.schema.relations")]


@strawberry.type(description="A place that events speak of.")
class Location(Node):
    row: strawberry.Private[Place]
    known: strawberry.Private[Known]
    at: strawberry.Private[Instant | None]
    slug: str
    name: str = strawberry.field(description=NAME)
    kind: LocationKind
    latitude: float | None = strawberry.field(description="Degrees north, WGS 84.")
    longitude: float | None = strawberry.field(description="Degrees east, WGS 84.")

    @strawberry.field(description="Its other names.")
    def aliases(self) -> list[str]:
        return list(self.row.aliases)

    @strawberry.field(description=NAMES)
    def names(self, info: Info, at: NamesAt = None) -> list[str]:
        moment = self.at if at is None else Instant(at)
        return info.context.answers.names_at(LOCATION, self.slug, at=moment, known=self.known)

    @strawberry.field(description="The smallest registered place that contains it.")
    def within(self, info: Info) -> "Location | None":
        around = self.row.within
        if around is None:
            return None
        return Location.of(info.context, around, known=self.known, at=self.at)

    @strawberry.field(description="Who controlled it at that moment, as known then.")
    def controlled_by(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
    ) -> LazyControl:
        from api.schema.control import Control

        found = info.context.answers.control(
            self.row.location,
            at=Instant(at),
            known=info.context.known(known_at, position, of=self.known),
            perspective=asked_of(info.context, perspective),
        )
        return Control.of(found)

    @strawberry.field(description="Who besieged it at that moment.")
    def sieges(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list[LazySiege]:
        from api.schema.relations import Siege, lasting

        known, moment = info.context.known(known_at, position, of=self.known), Instant(at)
        found = info.context.answers.ties(
            at=moment, known=known, kinds=[TieKind.BESIEGES], other=self.row.location
        )
        return [lasting(Siege, each, moment, known, standing=each) for each in found]

    @strawberry.field(
        description="Which missions were there at that moment, or in a place within it."
    )
    def missions(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list[LazyDeployment]:
        from api.answers.situation import Situation
        from api.schema.relations import deployments

        known, moment = info.context.known(known_at, position, of=self.known), Instant(at)
        here = Situation(info.context.answers, at=moment, known=known, within=self.row.location)
        return deployments(here.missions, moment, known)

    @strawberry.field(description="The events about it, in the order of recording.")
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: Wanted = None,
    ) -> Connection[Event]:
        wanted = (filter or EventFilter()).rows(info.context, f"location:{self.row.location}")
        return Event.page(info.context, wanted, first=first, after=after, of=self.known)

    @strawberry.field(
        description="All that is said to have happened there, in the order in which it happened. "
        "What was taken back is left out, unless the filter asks for it."
    )
    def chronicle(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        from_: HappenedFrom = None,
        to: HappenedTo = None,
        filter: Wanted = None,
        inside: Inside = True,
    ) -> Connection[Event]:
        wanted = (filter or EventFilter()).rows(info.context)
        return Event.chronicle(
            info.context,
            self.row.location,
            wanted.between(instant_at(from_), None if to is None else Instant(to + 1)),
            first=first,
            after=after,
            inside=inside,
            of=self.known,
        )

    @staticmethod
    def of(
        context: Context, location: LocationId, *, known: Known, at: Instant | None
    ) -> "Location":
        """The place, as known at that position, by its name at that instant."""
        return Location.shown(context, context.place(location, known), known=known, at=at)

    @staticmethod
    def shown(context: Context, row: Place, *, known: Known, at: Instant | None) -> "Location":
        return Location(
            named=("Location", row.location),
            row=row,
            known=known,
            at=at,
            slug=row.location,
            name=context.name(LOCATION, row.location, row.name, at=at, known=known),
            kind=row.kind,
            latitude=row.latitude,
            longitude=row.longitude,
        )

    @staticmethod
    def find(context: Context, location: LocationId, known: Known) -> "Location | None":
        row = context.answers.places.get(location, known=known.position)
        return Location.shown(context, row, known=known, at=None) if row else None
