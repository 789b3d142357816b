"""Places in GraphQL, and the questions about a place."""

import strawberry

from api.answers.basis import Basis
from api.answers.situation import Situation
from api.schema.arguments import (
    After,
    At,
    Before,
    First,
    HappenedFrom,
    HappenedTo,
    Inside,
    KnownAt,
    Last,
    NamesAt,
    Position,
)
from api.schema.connections import Connection
from api.schema.context import Context
from api.schema.control import ControlObject
from api.schema.entry import EventObject
from api.schema.event_filter import EventFilterInput, Wanted
from api.schema.event_pages import PageArguments, chronicle_connection, event_page
from api.schema.node import NAME, NAMES, Info, NodeObject, instant_at
from api.schema.perspective import Whose
from api.schema.relations import DeploymentObject, SiegeObject, deployment_objects, relation
from domain.occurred import Instant
from domain.situation.ties import TieKind
from domain.values import LocationId, LocationKind
from projections.names import LOCATION
from projections.places import Place


@strawberry.type(name="Location", description="A place that events speak of.")
class LocationObject(NodeObject):
    has_names = True
    row: strawberry.Private[Place]
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
        basis = self.basis if at is None else info.context.basis(at, of=self.basis)
        return info.context.answers.names_at(LOCATION, self.slug, basis)

    @strawberry.field(description="The smallest registered place that contains it.")
    def within(self, info: Info) -> "LocationObject | None":
        around = self.row.within
        if around is None:
            return None
        return LocationObject.of(info.context, around, self.basis)

    @strawberry.field(description="Who controlled it at that moment, as known then.")
    def controlled_by(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
    ) -> ControlObject:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        return ControlObject.of(info.context.answers.control(self.slug, basis))

    @strawberry.field(description="Who besieged it at that moment.")
    def sieges(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
    ) -> list[SiegeObject]:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        found = info.context.answers.ties(basis, [TieKind.BESIEGES], other=self.slug)
        return [relation(SiegeObject, each, basis, standing=each) for each in found]

    @strawberry.field(
        description="Which missions were there at that moment, or in a place within it."
    )
    def missions(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
    ) -> list[DeploymentObject]:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        here = Situation(info.context.answers, basis, self.row.location)
        return deployment_objects(here.missions, basis)

    @strawberry.field(description="The events about it, in the order of recording.")
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: Wanted = None,
    ) -> Connection[EventObject]:
        wanted = (filter or EventFilterInput()).rows(info.context, f"location:{self.row.location}")
        return event_page(info.context, wanted, first=first, after=after, of=self.basis)

    @strawberry.field(
        description="All that is said to have happened there, in the order in which it happened. "
        "What was taken back is left out, unless the filter asks for it."
    )
    def chronicle(  # noqa: PLR0913, PLR0917 - the arguments are its contract
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        from_: HappenedFrom = None,
        to: HappenedTo = None,
        filter: Wanted = None,
        inside: Inside = True,
        perspective: Whose = None,
    ) -> Connection[EventObject]:
        wanted = (filter or EventFilterInput()).rows(info.context)
        return chronicle_connection(
            info.context,
            self.row.location,
            wanted.between(instant_at(from_), None if to is None else Instant(to + 1)),
            PageArguments(first, after, last, before),
            inside=inside,
            perspective=perspective,
            of=self.basis,
        )

    @staticmethod
    def of(context: Context, location: LocationId, basis: Basis) -> "LocationObject":
        return LocationObject.shown(context, context.place(location, basis), basis)

    @staticmethod
    def shown(context: Context, row: Place, basis: Basis) -> "LocationObject":
        return LocationObject(
            named=("Location", row.location),
            row=row,
            basis=basis,
            slug=row.location,
            name=context.name(LOCATION, row.location, row.name, basis),
            kind=row.kind,
            latitude=row.latitude,
            longitude=row.longitude,
        )

    @staticmethod
    def find(context: Context, location: LocationId, basis: Basis) -> "LocationObject | None":
        row = context.answers.places.get(location, known=basis.position)
        return LocationObject.shown(context, row, basis) if row else None
