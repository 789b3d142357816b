"""Situations in GraphQL, and the differences between two situations."""

from dataclasses import replace
from typing import Annotated, Any

import strawberry

from api.answers.basis import Basis
from api.answers.situation import LATELY, AnswerDifference, ControlGroup, Situation
from api.answers.situation_text import account, in_one_text
from api.schema.context import Context
from api.schema.control import BasisObject, ControlObject, actors_in, controls
from api.schema.entry import EventObject
from api.schema.events import event_object, event_objects
from api.schema.node import ActorTarget, Info, LocationTarget, place_object
from api.schema.perspective import PerspectiveInput
from api.schema.relations import (
    AlignmentObject,
    AllianceObject,
    ConvoyObject,
    DeploymentObject,
    NeedObject,
    SiegeObject,
    convoy_objects,
    deployment_objects,
    relation,
)
from api.schema.scalars import Moment
from api.schema.values import EstimateObject, estimate_object
from domain.control.claims import ControlStatus
from domain.refusals import NotUnderstood
from domain.situation.convoys import ConvoyPhase
from domain.situation.people import OVERLAPS, Displacement
from domain.values import EventId

Days = Annotated[
    int,
    strawberry.argument(description="How many days before the moment, 1 to 36,600."),
]
LONGEST = 36_600
"""A hundred years: "lately" reaches no further back."""


class BadDays(NotUnderstood):
    """The number of days is out of range."""


@strawberry.input(description="A moment in the world, and what was known of it.")
class MomentPair:
    at: Moment = strawberry.field(description="The moment in the world (valid time).")
    known_at: Moment | None = strawberry.field(
        default=None,
        description="Only what had been recorded by then; this or position, not both.",
    )
    position: int | None = strawberry.field(
        default=None, description="Only what had been recorded up to that position."
    )
    published_by: Moment | None = strawberry.field(
        default=None,
        description="Only what had been published by then, whatever the perspective says of it.",
    )

    def basis(self, context: Context, perspective: PerspectiveInput | None) -> Basis:
        """Raises NotRecordedYet, TwoKnowledges, InTheFuture and the refusals of a perspective."""
        if self.published_by is not None:
            perspective = replace(perspective or PerspectiveInput(), published_by=self.published_by)
        return context.basis(self.at, self.known_at, self.position, perspective)


@strawberry.type(
    name="ControlGroup", description="Places with one answer: the same status, and the same actors."
)
class ControlGroupObject:
    group: strawberry.Private[ControlGroup]
    status: ControlStatus = strawberry.field(description="What is said of all of them.")
    count: int = strawberry.field(description="How many they are.")

    @strawberry.field(description="Who holds them, best corroborated first.")
    def holders(self, info: Info) -> list[ActorTarget]:
        return self._actors(info, ControlStatus.HELD)

    @strawberry.field(description="Of contested places, who contests them.")
    def contenders(self, info: Info) -> list[ActorTarget]:
        return self._actors(info, ControlStatus.CONTESTED)

    @strawberry.field(description="The answer for each place, with its evidence.")
    def places(self, info: Info) -> list[ControlObject]:
        answers = self.group.answers
        return controls(info.context, answers, answers[0].basis)

    def _actors(self, info: Info, status: ControlStatus) -> list[ActorTarget]:
        answer = self.group.answers[0]
        return actors_in(info, answer, status, answer)

    @staticmethod
    def of(group: ControlGroup) -> "ControlGroupObject":
        return ControlGroupObject(group=group, status=group.status, count=len(group.answers))


@strawberry.type(
    name="ControlDifference", description="A place of which two situations say otherwise."
)
class ControlDifferenceObject:
    difference: strawberry.Private[AnswerDifference]

    @strawberry.field(description="The place.")
    def location(self, info: Info) -> LocationTarget:
        after = self.difference.after
        return place_object(info, after.location, after.basis)

    @strawberry.field(name="from", description="What the one situation says of it.")
    def before(self) -> ControlObject:
        return ControlObject.of(self.difference.before)

    @strawberry.field(name="to", description="What the other one says.")
    def after(self) -> ControlObject:
        return ControlObject.of(self.difference.after)

    @strawberry.field(
        description="What the one rests on and the other does not, and what was recorded between "
        "the two that changed the answer; in the order of recording."
    )
    def events(self, info: Info) -> list[EventObject]:
        before, after = self.difference.before.basis, self.difference.after.basis
        basis = max(before, after, key=lambda each: each.position)
        return event_objects(info.context, self.difference.events, basis)


@strawberry.type(description="A report that is not counted, because it overlaps with another.")
class OverlappingReport:
    basis: strawberry.Private[Basis]
    pair: strawberry.Private[tuple[EventId, EventId]]

    @strawberry.field(description="The report that is left out.")
    def event(self, info: Info) -> EventObject:
        return event_objects(info.context, [self.pair[0]], self.basis)[0]

    @strawberry.field(description="The one that counts in its stead.")
    def counted(self, info: Info) -> EventObject:
        return event_objects(info.context, [self.pair[1]], self.basis)[0]


@strawberry.type(
    name="Displacement",
    description="How many people fled: the sum of the reports that don't overlap.",
)
class DisplacementObject:
    figure: strawberry.Private[Displacement]
    basis: strawberry.Private[Basis]
    treatment: str = strawberry.field(description="How reports that overlap are treated.")

    @strawberry.field(
        description="The sums of low, best and high, each by itself. best and high are null where "
        "a report that counts gives none; low is the sum of those that are given, null where none "
        "is. Null as a whole where nobody reports anything."
    )
    def people(self) -> EstimateObject | None:
        return estimate_object(self.figure.people)

    @strawberry.field(description="The reports that are summed.")
    def events(self, info: Info) -> list[EventObject]:
        return event_objects(info.context, self.figure.counted, self.basis)

    @strawberry.field(description="The reports that are left out, each with the one that counts.")
    def overlapping(self) -> list[OverlappingReport]:
        return [OverlappingReport(basis=self.basis, pair=each) for each in self.figure.left_out]

    @strawberry.field(description="The reports whose window is not over yet; they don't count.")
    def still_open(self, info: Info) -> list[EventObject]:
        return event_objects(info.context, self.figure.still_open, self.basis)


@strawberry.type(
    name="Situation",
    description="The situation at a moment, as known then, everywhere or in a place.",
)
class SituationObject:
    found: strawberry.Private[Situation]
    at: Moment = strawberry.field(description="The moment that was asked about.")

    @strawberry.field(description="The place that was asked about; null for everywhere.")
    def within(self, info: Info) -> LocationTarget | None:
        within = self.found.within
        return place_object(info, within, self.found.basis) if within else None

    @strawberry.field(
        description="The places of which anything is said, by status and holders; whoever holds "
        "most comes first."
    )
    def places(self) -> list[ControlGroupObject]:
        return [ControlGroupObject.of(group) for group in self.found.groups]

    @strawberry.field(description="The places that changed in so many days before the moment.")
    def changes(self, days: Days = LATELY) -> list[ControlDifferenceObject]:
        found = self.found.changes(_checked(days))
        return [ControlDifferenceObject(difference=each) for each in found]

    @strawberry.field(description="Every convoy that was heard of by then.")
    def convoys(self) -> list[ConvoyObject]:
        return self._convoys(None)

    @strawberry.field(description="The convoys that are stalled, where, and by whom.")
    def stalled_convoys(self) -> list[ConvoyObject]:
        return self._convoys(ConvoyPhase.STALLED)

    @strawberry.field(description="The missions that are present.")
    def missions(self) -> list[DeploymentObject]:
        return deployment_objects(self.found.missions, self.found.basis)

    @strawberry.field(description="The places that are besieged.")
    def sieges(self) -> list[SiegeObject]:
        return [self._show(SiegeObject, each, standing=each) for each in self.found.sieges]

    @strawberry.field(description="Who is allied with whom.")
    def alliances(self) -> list[AllianceObject]:
        return [self._show(AllianceObject, each, alliance=each) for each in self.found.alliances]

    @strawberry.field(description="Who leans on which patron.")
    def alignments(self) -> list[AlignmentObject]:
        return [self._show(AlignmentObject, each, standing=each) for each in self.found.alignments]

    @strawberry.field(description="How many people fled, by all reports until then.")
    def displacement(self) -> DisplacementObject:
        figure, basis = self.found.displacement, self.found.basis
        return DisplacementObject(figure=figure, basis=basis, treatment=OVERLAPS)

    @strawberry.field(description="The needs of aid that are open, by place and sector.")
    def needs(self) -> list[NeedObject]:
        return [
            self._show(NeedObject, each, need=each, sector=each.sector) for each in self.found.needs
        ]

    @strawberry.field(
        description="What is said to have happened in so many days before the moment, in "
        "valid-time order."
    )
    def reported(self, days: Days = LATELY) -> list[EventObject]:
        basis = self.found.basis
        return [event_object(entry, basis) for entry in self.found.reported(_checked(days))]

    @strawberry.field(
        description="The situation in plain English: each statement with the numbers of its notes, "
        "and each note with who says so, when, where in the report, and how far it is trusted."
    )
    def explanation(self, info: Info, days: Days = LATELY) -> str:
        return in_one_text(account(info.context.answers, self.found, _checked(days)))

    @strawberry.field(description="What pins the answer.")
    def basis(self) -> BasisObject:
        return BasisObject.of(self.found)

    def _convoys(self, phase: ConvoyPhase | None) -> list[ConvoyObject]:
        return convoy_objects(self.found.convoys(phase), self.found.basis)

    def _show(self, kind: Any, found: Any, **more: Any) -> Any:
        return relation(kind, found, self.found.basis, **more)

    @staticmethod
    def of(found: Situation) -> "SituationObject":
        return SituationObject(found=found, at=Moment(found.basis.at))


def _checked(days: int) -> int:
    if not 1 <= days <= LONGEST:
        raise BadDays(f"days are 1 to {LONGEST:,}, not {days}")
    return days
