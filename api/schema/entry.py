"""The GraphQL interface of all events: the entry in the ledger, and shared fields."""

from collections.abc import Callable

import orjson
import strawberry

from api.answers.basis import Basis
from api.schema.node import (
    ActorTarget,
    Info,
    LocationTarget,
    NodeObject,
    OccurredObject,
    actor_object,
    place_object,
)
from api.schema.proofs import InclusionProof, TreeSize
from api.schema.reports import ReportObject, SourceObject
from api.schema.scalars import DateTime
from domain.events import SituationEvent
from domain.references import references_of
from domain.values import ActorId, LocationId
from domain.words.names import moment_of
from domain.words.statements import statement
from infra.ledger.codec import fields_of
from projections.entries import EntryRow


@strawberry.interface(
    name="Event", description="A fact in the ledger. There is one type for each sort of it."
)
class EventObject(NodeObject):
    entry: strawberry.Private[EntryRow]
    object_of: strawberry.Private[Callable[[EntryRow, Basis], "EventObject"]]
    """Makes the object of another entry."""
    event_id: str = strawberry.field(description="The UUID that its content gives it.")
    position: int = strawberry.field(description="Where it stands in the ledger.")
    recorded_at: DateTime = strawberry.field(description="When it was recorded (recorded time).")
    retracted: bool = strawberry.field(
        description="Whether it was taken back, as known at the position that is asked about."
    )

    @strawberry.field(
        description="Who was authenticated when it was recorded; null for whoever asks without "
        "the scope 'audit'."
    )
    def recorded_by(self, info: Info) -> str | None:
        return self.entry.recorded_by if info.context.may("audit") else None

    @strawberry.field(description="When it happened in the world (valid time).")
    def occurred(self) -> OccurredObject | None:
        event = self.entry.event
        return OccurredObject.told(event.occurred) if isinstance(event, SituationEvent) else None

    @strawberry.field(description="The place that it is about.")
    def location(self, info: Info) -> LocationTarget | None:
        location = getattr(self.entry.event, "location", None)
        return self.named_place(info, location) if location else None

    @strawberry.field(description="Every place that it names.")
    def locations(self, info: Info) -> list[LocationTarget]:
        named = [each.slug for each in references_of(self.entry.event) if each.kind == "location"]
        return [self.named_place(info, LocationId(slug)) for slug in dict.fromkeys(named)]

    @strawberry.field(description="Every actor that it names.")
    def actors(self, info: Info) -> list[ActorTarget]:
        named = [each.slug for each in references_of(self.entry.event) if each.kind == "actor"]
        return [self.named_actor(info, ActorId(slug)) for slug in dict.fromkeys(named)]

    @strawberry.field(description="The report that says so.")
    def report(self, info: Info) -> ReportObject | None:
        report = getattr(self.entry.event, "report", None)
        return ReportObject.find(info.context, report, self.basis) if report else None

    @strawberry.field(description="Whose report it is.")
    def source(self, info: Info) -> SourceObject | None:
        event = self.entry.event
        source = getattr(event, "source", None)
        if source is None and (report := getattr(event, "report", None)):
            found = info.context.answers.sources.report(report, known=self.basis.position)
            source = found and found.source
        return SourceObject.find(info.context, source, self.basis) if source else None

    @strawberry.field(description="Trust in the information: 1 confirmed to 6 not judged.")
    def credibility(self) -> int | None:
        return getattr(self.entry.event, "credibility", None)

    @strawberry.field(description="What is said, in the words of whoever recorded it.")
    def summary(self) -> str | None:
        return getattr(self.entry.event, "summary", None)

    @strawberry.field(description="Where in the report it is said.")
    def passage(self) -> str | None:
        return getattr(self.entry.event, "passage", None)

    @strawberry.field(description="What is said, as a plain English sentence without its time.")
    def statement(self, info: Info) -> str | None:
        event = self.entry.event
        if not isinstance(event, SituationEvent):
            return None
        return statement(event, info.context.answers.names(self._then))

    @strawberry.field(
        description="All that was recorded of it, as JSON in the words of situation files; what "
        "has its usual value is left out."
    )
    def content(self) -> str:
        return orjson.dumps(fields_of(self.entry.event)).decode()

    @strawberry.field(
        description="What took it back or reinstated it, in the order of recording, as known at "
        "the position that is asked about."
    )
    def record_keeping(self, info: Info) -> list["EventObject"]:
        entries = info.context.answers.entries
        found = entries.revocations([self.entry.id], known=self.basis.position)
        return [self.object_of(entry, self.basis) for entry in found]

    def named_place(self, info: Info, location: LocationId) -> LocationTarget:
        return place_object(info, location, self._then)

    def named_actor(self, info: Info, actor: ActorId) -> ActorTarget:
        return actor_object(info, actor, self._then)

    @property
    def _then(self) -> Basis:
        """The basis at the time of the event: events are told with the names in use then."""
        return self.basis.on(moment_of(self.entry.event))

    @strawberry.field(
        description="What proves that it is in the log; null until the log has taken it in."
    )
    def inclusion_proof(self, info: Info, size: TreeSize = None) -> InclusionProof | None:
        info.context.basis()  # the log grows: this is no answer for ever
        log = info.context.node.log
        found = log.inclusion(self.entry.position, size)
        return InclusionProof.of(found, log) if found else None
