"""The filter of events in GraphQL."""

from typing import Annotated

import strawberry
from strawberry import ID

from api.answers.event_filter import EventsAsked
from api.schema.context import Context
from api.schema.node import instant_at
from api.schema.scalars import Moment, When
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
        since, until = self.recorded_from, self.recorded_to
        asked = EventsAsked(
            types=tuple(self.types or ()),
            location=self.location,
            within=self.within,
            actor=self.actor,
            source=self.source,
            report=self.report,
            convoy=self.convoy,
            occurred_from=instant_at(self.occurred_from),
            occurred_to=instant_at(self.occurred_to),
            recorded_from=None if since is None else resolved(since).window.earliest,
            recorded_to=None if until is None else resolved(until).window.latest,
            text=self.text,
            retracted=self.retracted,
        )
        return asked.rows(context.answers, *more)


Wanted = Annotated[
    EventFilterInput | None,
    strawberry.argument(description="Which events; all of them where nothing is said."),
]
