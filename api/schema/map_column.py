"""The map that moves in GraphQL: a column for a moment, and the dates of change."""

from typing import Annotated

import strawberry
from strawberry import ID

from api.answers.basis import Basis
from api.answers.moving.bodies import MapColumn, days_of
from api.answers.moving.cells import Look, Siege
from api.answers.moving.dates import ChangeUnit, change_dates
from api.answers.moving.moving_map import Chosen
from api.schema.context import Context
from api.schema.scalars import Date, Moment
from domain.control.claims import ControlStatus
from domain.occurred import DAY, Instant
from domain.refusals import NotUnderstood
from projections.places import PlaceFilter

strawberry.enum(ChangeUnit, description=ChangeUnit.__doc__)


class BadSpan(NotUnderstood):
    """The two moments do not go together; the message says why."""


@strawberry.type(name="MapLook", description="A look that places have on a map.")
class MapLookObject:
    status: ControlStatus = strawberry.field(description="Whether anybody held the place.")
    holders: list[ID] = strawberry.field(
        description="The slugs of the holders, best corroborated first; of a contested place, of "
        "the contenders."
    )
    certain: bool = strawberry.field(description="False where another answer is possible.")
    disputed: bool = strawberry.field(description="Whether there are rivals to the answer.")
    told: bool = strawberry.field(
        description="False of a region of which nobody speaks at the moment: `controlMap` leaves "
        "it out."
    )
    besieged: bool = strawberry.field(description="Whether the place was besieged, or may be.")
    siege_certain: bool = strawberry.field(description="Whether it certainly was.")

    @staticmethod
    def of(look: Look) -> "MapLookObject":
        return MapLookObject(
            status=look.status,
            holders=[ID(holder) for holder in look.holders],
            certain=look.certain,
            disputed=look.disputed,
            told=look.told,
            besieged=look.siege is not Siege.NONE,
            siege_certain=look.siege is Siege.CERTAIN,
        )


@strawberry.type(
    name="ControlColumn",
    description="What a map shows at a moment, as columns: for each place a number into `looks`. "
    "The same as `controlMap`, without the reasons; GET /map/column answers sooner.",
)
class ControlColumnObject:
    column: strawberry.Private[MapColumn]
    chosen: strawberry.Private[Chosen]
    at: Moment = strawberry.field(description="The moment that was asked about.")
    position: int = strawberry.field(description="The position of the ledger that was known.")
    places: str = strawberry.field(
        description="The version of the list of places: with the same version, the places are the "
        "same, and in the same order."
    )

    @strawberry.field(description="The slugs of the places, in the order of all columns.")
    def ids(self) -> list[ID]:
        return [ID(place) for place in self.chosen.choice.ids]

    @strawberry.field(description="Every look that a place has at the moment.")
    def looks(self) -> list[MapLookObject]:
        return [MapLookObject.of(self.column.map.look(look)) for look in self.column.looks]

    @strawberry.field(description="For each place, the number of its look, from 0.")
    def numbers(self) -> list[int]:
        return self.column.numbers.tolist()

    @strawberry.field(
        description="For each place, the day of the latest word among the voices that answer."
    )
    def last_heard(self) -> list[Date | None]:
        return [None if day is None else Date(day * DAY) for day in days_of(self.column.heard)]

    @staticmethod
    def of(context: Context, wanted: PlaceFilter, basis: Basis) -> "ControlColumnObject":
        maps = context.node.maps
        spot = maps.place_on_map(basis)
        chosen = maps.of(spot.key, wanted)
        column = MapColumn.of(chosen.map, chosen.choice, basis, spot.instant)
        return ControlColumnObject(
            column=column,
            chosen=chosen,
            at=Moment(basis.at),
            position=basis.position,
            places=column.places,
        )


@strawberry.input(description="A time, and by what the changes within it are counted.")
class ChangeSpan:
    from_: Moment = strawberry.field(
        name="from", description="Only what changes after this moment (valid time)."
    )
    to: Moment = strawberry.field(description="Only what changes by this moment (valid time).")
    unit: ChangeUnit = strawberry.field(
        default=ChangeUnit.DAY, description="What changes within one such unit counts together."
    )


Span = Annotated[ChangeSpan, strawberry.argument(description="The time in question.")]


@strawberry.type(name="ChangeDate", description="A time at which a map changes.")
class ChangeDateObject:
    at: str = strawberry.field(
        description="An RFC 3339 instant, or a day, a month or a year of UTC, by the unit."
    )
    changes: int = strawberry.field(
        description="How many changes of places; a place that changes twice counts twice."
    )


def change_date_objects(
    context: Context, wanted: PlaceFilter, basis: Basis, span: ChangeSpan
) -> list[ChangeDateObject]:
    """The dates of change within a span, on the basis of its end. Raises BadSpan and
    TooManyMoments."""
    since = Instant(span.from_)
    if since > basis.at:
        raise BadSpan("'from' lies after 'to'")
    maps = context.node.maps
    found = maps.of(maps.place_on_map(basis, along_valid_time=True).key, wanted)
    dates = change_dates(found.map.moments(found.choice, since, basis.at), span.unit)
    return [ChangeDateObject(at=each.at, changes=each.places) for each in dates]
