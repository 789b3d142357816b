"""The filters of sources and of reports in GraphQL."""

from typing import Annotated

import strawberry
from strawberry import ID

from api.ids import slug_of
from api.schema.context import Context
from api.schema.node import instant_at
from api.schema.scalars import Moment
from domain.values import Reliability, SourceId
from projections.sources import ReportFilter, SourceFilter

_WORDS = "Each word may be the beginning of one. Case, accents and punctuation don't matter."


@strawberry.input(
    name="SourceFilter",
    description="Which sources are asked for: those that fulfil every condition.",
)
class SourceFilterInput:
    reliability: list[Reliability] | None = strawberry.field(
        default=None, description="Only of these grades."
    )
    continuous: bool | None = strawberry.field(
        default=None, description="Only what keeps its word current, or only what does not."
    )
    said_since: Moment | None = strawberry.field(
        default=None,
        description="Only with a report that may have been published at that moment or later.",
    )
    text: str | None = strawberry.field(
        default=None, description=f"Only where name and slug have all of these words. {_WORDS}"
    )

    def rows(self) -> SourceFilter:
        return SourceFilter(
            reliability=tuple(self.reliability or ()),
            continuous=self.continuous,
            said_since=instant_at(self.said_since),
            text=self.text,
        )


@strawberry.input(
    name="ReportFilter",
    description="Which reports are asked for: those that fulfil every condition.",
)
class ReportFilterInput:
    source: ID | None = strawberry.field(
        default=None, description="Only what this source published, or said at first."
    )
    published_from: Moment | None = strawberry.field(
        default=None, description="Only what may have been published at that moment or later."
    )
    published_to: Moment | None = strawberry.field(
        default=None, description="Only what had surely been published by that moment."
    )
    syndicated: bool | None = strawberry.field(
        default=None, description="Only copies of other reports, or only what is none."
    )
    text: str | None = strawberry.field(
        default=None, description=f"Only where title and slug have all of these words. {_WORDS}"
    )

    def rows(self, context: Context) -> ReportFilter:
        """Raises NotAnId and UnknownReference."""
        source = None
        if self.source is not None:
            source = context.registered("source", slug_of(self.source, "Source"), "source")
        return ReportFilter(
            source=None if source is None else SourceId(source),
            published_from=instant_at(self.published_from),
            published_to=instant_at(self.published_to),
            is_copy=self.syndicated,
            text=self.text,
        )


SomeSources = Annotated[
    SourceFilterInput | None,
    strawberry.argument(description="Which sources; all of them where nothing is said."),
]
SomeReports = Annotated[
    ReportFilterInput | None,
    strawberry.argument(description="Which reports; all of them where nothing is said."),
]
