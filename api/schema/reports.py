"""What can be asked about a source, and about a report?"""

import strawberry

from api.answers.basis import Known
from api.schema.context import Context
from api.schema.node import Info, Node, Occurred
from domain.occurred import Occurred as Time
from domain.values import Reliability, ReportId, SourceId
from projections.sources import Report as ReportRow


@strawberry.type(description="A publisher or person whose word is recorded.")
class Source(Node):
    slug: str
    name: str
    reliability: Reliability = strawberry.field(
        description="Trust in the source, as known at the position that is asked about."
    )
    continuous: bool = strawberry.field(
        description="It keeps its word current, so that its silence means no change."
    )
    ended: Occurred | None = strawberry.field(
        description="When a continuous source ended: from the close of that on its silence says "
        "nothing. As known at the position that is asked about."
    )
    url: str | None

    @staticmethod
    def find(context: Context, source: SourceId, known: Known) -> "Source | None":
        row = context.answers.sources.source(source, known=known.position)
        if row is None:
            return None
        return Source(
            named=("Source", row.source),
            slug=row.source,
            name=row.name,
            reliability=row.reliability,
            continuous=row.continuous,
            ended=Occurred.of(Time.parse(row.ended).window) if row.ended else None,
            url=row.url,
        )


@strawberry.type(description="One item received from a source.")
class Report(Node):
    row: strawberry.Private[ReportRow]
    known: strawberry.Private[Known]
    slug: str
    published: Occurred = strawberry.field(description="When the source said so (published time).")
    title: str
    url: str | None
    content_hash: str | None = strawberry.field(
        description="The SHA-256 of what was received, as sha256:…"
    )

    @strawberry.field(description="Who published it.")
    def source(self, info: Info) -> Source | None:
        return Source.find(info.context, self.row.source, self.known)

    @strawberry.field(description="Whose word it is, behind all copying.")
    def origin(self, info: Info) -> Source | None:
        return Source.find(info.context, self.row.origin, self.known)

    @strawberry.field(description="The report that this one copies.")
    def syndicated_from(self, info: Info) -> "Report | None":
        copied = self.row.syndicated_from
        return Report.find(info.context, copied, self.known) if copied else None

    @staticmethod
    def find(context: Context, report: ReportId, known: Known) -> "Report | None":
        row = context.answers.sources.report(report, known=known.position)
        if row is None:
            return None
        return Report(
            named=("Report", row.report),
            row=row,
            known=known,
            slug=row.report,
            published=Occurred.told(Time.parse(row.published)),
            title=row.title,
            url=row.url,
            content_hash=row.content_hash,
        )
