"""Sources and reports in GraphQL."""

import strawberry

from api.answers.basis import Basis
from api.schema.context import Context
from api.schema.node import Info, NodeObject, OccurredObject
from domain.grades import report_reliability
from domain.occurred import Occurred
from domain.values import Reliability, ReportId, SourceId
from projections.sources import Report, Source


@strawberry.type(name="Source", description="A publisher or person whose word is recorded.")
class SourceObject(NodeObject):
    slug: str
    name: str
    reliability: Reliability = strawberry.field(
        description="Trust in the source, as known at the position that is asked about."
    )
    continuous: bool = strawberry.field(
        description="It keeps its word current, so that its silence means no change."
    )
    ended: OccurredObject | None = strawberry.field(
        description="When a continuous source ended: from the close of that on its silence says "
        "nothing. As known at the position that is asked about."
    )
    url: str | None

    @staticmethod
    def find(context: Context, source: SourceId, basis: Basis) -> "SourceObject | None":
        row = context.answers.sources.source(source, known=basis.position)
        return SourceObject.shown(row, basis) if row else None

    @staticmethod
    def shown(row: Source, basis: Basis) -> "SourceObject":
        return SourceObject(
            named=("Source", row.source),
            basis=basis,
            slug=row.source,
            name=row.name,
            reliability=row.reliability,
            continuous=row.continuous,
            ended=OccurredObject.of(Occurred.parse(row.ended).window) if row.ended else None,
            url=row.url,
        )


@strawberry.type(name="Report", description="One item received from a source.")
class ReportObject(NodeObject):
    row: strawberry.Private[Report]
    slug: str
    published: OccurredObject = strawberry.field(
        description="When the source said so (published time)."
    )
    title: str
    url: str | None
    content_hash: str | None = strawberry.field(
        description="The SHA-256 of what was received, as sha256:…"
    )

    @strawberry.field(description="Who published it.")
    def source(self, info: Info) -> SourceObject | None:
        return SourceObject.find(info.context, self.row.source, self.basis)

    @strawberry.field(description="Whose word it is, behind all copying.")
    def origin(self, info: Info) -> SourceObject | None:
        return SourceObject.find(info.context, self.row.origin, self.basis)

    @strawberry.field(
        description="The trust that its statements are graded with, as known at the position that "
        "is asked about: that in its source, or of a copy the worse of source and origin."
    )
    def reliability(self, info: Info) -> Reliability:
        sources, known = info.context.answers.sources, self.basis.position
        by = [sources.source(each, known=known) for each in (self.row.origin, self.row.source)]
        origin, publisher = (each.reliability for each in by if each is not None)
        return report_reliability(origin, publisher)

    @strawberry.field(description="The report that this one copies.")
    def syndicated_from(self, info: Info) -> "ReportObject | None":
        copied = self.row.syndicated_from
        return ReportObject.find(info.context, copied, self.basis) if copied else None

    @staticmethod
    def find(context: Context, report: ReportId, basis: Basis) -> "ReportObject | None":
        row = context.answers.sources.report(report, known=basis.position)
        return ReportObject.shown(row, basis) if row else None

    @staticmethod
    def shown(row: Report, basis: Basis) -> "ReportObject":
        return ReportObject(
            named=("Report", row.report),
            row=row,
            basis=basis,
            slug=row.report,
            published=OccurredObject.told(Occurred.parse(row.published)),
            title=row.title,
            url=row.url,
            content_hash=row.content_hash,
        )
