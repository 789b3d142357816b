"""The filter of events in GraphQL."""

from typing import Annotated

import strawberry
from strawberry import ID

from api.ids import slug_of
from api.schema.context import Context
from api.schema.node import instant_at
from api.schema.scalars import Moment, When
from domain.events import EVENT_TYPES
from domain.occurred import Instant
from domain.refusals import NotUnderstood
from domain.values import LocationId
from infra.time_zones import resolved
from projections.entries import EventFilter


@strawberry.input(
    name="EventFilter",
    description="Which events are asked for: those that fulfil every condition.",
)
class EventFilterInput:
    types: list[str] | None = strawberry.field(
        default=None, description="Only of these types, as BaseCaptured."
    )
    location: ID | None = strawberry.field(default=None, description="Only about this place.")
    within: ID | None = strawberry.field(
        default=None, description="Only about this place or one inside it, at any depth."
    )
    actor: ID | None = strawberry.field(default=None, description="Only what names this actor.")
    source: ID | None = strawberry.field(default=None, description="Only this source's word.")
    report: ID | None = strawberry.field(default=None, description="Only from this report.")
    convoy: ID | None = strawberry.field(default=None, description="Only about this convoy.")
    occurred_from: Moment | None = strawberry.field(
        default=None, description="Only what may have happened at that moment or later."
    )
    occurred_to: Moment | None = strawberry.field(
        default=None, description="Only what may have happened by that moment."
    )
    recorded_from: When | None = strawberry.field(
        default=None,
        description="Only what was recorded at that time or later; a day counts from its first "
        "microsecond.",
    )
    recorded_to: When | None = strawberry.field(
        default=None,
        description="Only what was recorded by that time; a day counts to its last microsecond.",
    )
    text: str | None = strawberry.field(
        default=None,
        description='Only where summary or passage has all of these words. "A phrase" stands in '
        "quotes, and begin* finds what begins so. Case and accents don't matter.",
    )
    retracted: bool | None = strawberry.field(
        default=None, description="Only what was taken back, or only what stands."
    )

    def rows(self, context: Context, *more: str) -> EventFilter:
        """Raises BadFilter, NotAnId and UnknownReference."""
        for name in self.types or ():
            if name not in EVENT_TYPES:
                raise BadFilter(f"no event is called {name[:60]!r}")
        asked = {
            "location": self.location,
            "actor": self.actor,
            "source": self.source,
            "report": self.report,
        }
        tags = [
            f"{kind}:{context.registered(kind, slug_of(given, kind.capitalize()), kind)}"
            for kind, given in asked.items()
            if given is not None
        ]
        within = None
        if self.within is not None:
            slug = context.registered("location", slug_of(self.within, "Location"), "within")
            within = LocationId(slug)
        if self.convoy is not None:
            tags.append(f"convoy:{self.convoy}")
        since, until = self.recorded_from, self.recorded_to
        return EventFilter(
            types=tuple(self.types or ()),
            tags=(*tags, *more),
            within=within,
            occurred_from=instant_at(self.occurred_from),
            occurred_to=None if self.occurred_to is None else Instant(self.occurred_to + 1),
            recorded_from=None if since is None else resolved(since).window.earliest,
            recorded_to=None if until is None else resolved(until).window.latest,
            text=self.text,
            retracted=self.retracted,
        )


Wanted = Annotated[
    EventFilterInput | None,
    strawberry.argument(description="Which events; all of them where nothing is said."),
]


class BadFilter(NotUnderstood):
    """The filter can't be read; the message says why."""
