"""How is a situation shown, and how two of them differ?"""

from typing import Annotated, Any

import strawberry

from api.answers.basis import Known
from api.answers.situation import LATELY, Difference, Group
from api.answers.situation import Situation as Found
from api.answers.situation_text import account, in_one_text
from api.schema.actors import Actor
from api.schema.context import Context
from api.schema.control import Basis, Control, actors_in, controls
from api.schema.entry import Event
from api.schema.events import EstimateObject, estimate
from api.schema.node import Info
from api.schema.places import Location
from api.schema.relations import (
    Alignment,
    Alliance,
    Convoy,
    Deployment,
    Need,
    Siege,
    convoys,
    deployments,
    events_of,
    lasting,
)
from api.schema.scalars import Moment
from domain.control.claims import ControlStatus
from domain.occurred import Instant
from domain.refusals import NotUnderstood
from domain.situation.convoys import ConvoyPhase
from domain.situation.people import OVERLAPS
from domain.situation.people import Displacement as Figure
from domain.values import EventId

Days = Annotated[
    int,
    strawberry.argument(description="How many days before the moment, 1 to 36,600."),
]
LONGEST = 36_600
"""A hundred years: further back nobody calls lately."""


class BadDays(NotUnderstood):
    """So many days can't be asked for."""


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

    def resolved(self, context: Context) -> tuple[Instant, Known]:
        """Raises NotRecordedYet, TwoKnowledges and InTheFuture."""
        return Instant(self.at), context.known(self.known_at, self.position)


@strawberry.type(description="Places with one answer: the same status, and the same actors.")
class ControlGroup:
    group: strawberry.Private[Group]
    status: ControlStatus = strawberry.field(description="What is said of all of them.")
    count: int = strawberry.field(description="How many they are.")

    @strawberry.field(description="Who holds them, best corroborated first.")
    def holders(self, info: Info) -> list[Actor]:
        return self._actors(info, ControlStatus.HELD)

    @strawberry.field(description="Of contested places, who contests them.")
    def contenders(self, info: Info) -> list[Actor]:
        return self._actors(info, ControlStatus.CONTESTED)

    @strawberry.field(description="The answer for each place, with its evidence.")
    def places(self, info: Info) -> list[Control]:
        return controls(info.context, self.group.answers)

    def _actors(self, info: Info, status: ControlStatus) -> list[Actor]:
        answer = self.group.answers[0]
        return actors_in(info.context, answer.verdict, status, answer)

    @staticmethod
    def of(group: Group) -> "ControlGroup":
        return ControlGroup(group=group, status=group.status, count=len(group.answers))


@strawberry.type(description="A place of which two situations say otherwise.")
class ControlDifference:
    difference: strawberry.Private[Difference]

    @strawberry.field(description="The place.")
    def location(self, info: Info) -> Location:
        after = self.difference.after
        return Location.of(info.context, after.location, known=after.known, at=after.at)

    @strawberry.field(name="from", description="What the one situation says of it.")
    def before(self) -> Control:
        return Control.of(self.difference.before)

    @strawberry.field(name="to", description="What the other one says.")
    def after(self) -> Control:
        return Control.of(self.difference.after)

    @strawberry.field(
        description="What the one rests on and the other does not, and what was recorded between "
        "the two that changed the answer; in the order of recording."
    )
    def events(self, info: Info) -> list[Event]:
        before, after = self.difference.before.known, self.difference.after.known
        known = max(before, after, key=lambda each: each.position)
        return events_of(info.context, self.difference.events, known)


@strawberry.type(description="A report that is not counted, because it overlaps with another.")
class OverlappingReport:
    known: strawberry.Private[Known]
    pair: strawberry.Private[tuple[EventId, EventId]]

    @strawberry.field(description="The report that is left out.")
    def event(self, info: Info) -> Event:
        return events_of(info.context, [self.pair[0]], self.known)[0]

    @strawberry.field(description="The one that counts in its stead.")
    def counted(self, info: Info) -> Event:
        return events_of(info.context, [self.pair[1]], self.known)[0]


@strawberry.type(description="How many people fled: the sum of the reports that don't overlap.")
class Displacement:
    figure: strawberry.Private[Figure]
    known: strawberry.Private[Known]
    treatment: str = strawberry.field(description="How reports that overlap are treated.")

    @strawberry.field(
        description="The sums of low, best and high, each by itself. best and high are null where "
        "a report that counts gives none; low is the sum of those that are given, null where none "
        "is. Null as a whole where nobody reports anything."
    )
    def people(self) -> EstimateObject | None:
        return estimate(self.figure.people)

    @strawberry.field(description="The reports that are summed.")
    def events(self, info: Info) -> list[Event]:
        return events_of(info.context, self.figure.counted, self.known)

    @strawberry.field(description="The reports that are left out, each with the one that counts.")
    def overlapping(self) -> list[OverlappingReport]:
        return [OverlappingReport(known=self.known, pair=each) for each in self.figure.left_out]

    @strawberry.field(description="The reports whose window is not over yet; they don't count.")
    def still_open(self, info: Info) -> list[Event]:
        return events_of(info.context, self.figure.still_open, self.known)


@strawberry.type(description="The situation at a moment, as known then, everywhere or in a place.")
class Situation:
    found: strawberry.Private[Found]
    at: Moment = strawberry.field(description="The moment that was asked about.")

    @strawberry.field(description="The place that was asked about; null for everywhere.")
    def within(self, info: Info) -> Location | None:
        within = self.found.within
        if within is None:
            return None
        return Location.of(info.context, within, known=self.found.known, at=self.found.at)

    @strawberry.field(
        description="The places of which anything is said, by status and holders; whoever holds "
        "most comes first."
    )
    def places(self) -> list[ControlGroup]:
        return [ControlGroup.of(group) for group in self.found.groups]

    @strawberry.field(description="The places that changed in so many days before the moment.")
    def changes(self, days: Days = LATELY) -> list[ControlDifference]:
        found = self.found.changes(_checked(days))
        return [ControlDifference(difference=each) for each in found]

    @strawberry.field(description="Every convoy that was heard of by then.")
    def convoys(self) -> list[Convoy]:
        return self._convoys(None)

    @strawberry.field(description="The convoys that are stalled, where, and by whom.")
    def stalled_convoys(self) -> list[Convoy]:
        return self._convoys(ConvoyPhase.STALLED)

    @strawberry.field(description="The missions that are present.")
    def missions(self) -> list[Deployment]:
        found = self.found
        return deployments(found.missions, found.at, found.known, found.perspective)

    @strawberry.field(description="The places that are besieged.")
    def sieges(self) -> list[Siege]:
        return [self._show(Siege, each, standing=each) for each in self.found.sieges]

    @strawberry.field(description="Who is allied with whom.")
    def alliances(self) -> list[Alliance]:
        return [self._show(Alliance, each, alliance=each) for each in self.found.alliances]

    @strawberry.field(description="Who leans on which patron.")
    def alignments(self) -> list[Alignment]:
        return [self._show(Alignment, each, standing=each) for each in self.found.alignments]

    @strawberry.field(description="How many people fled, by all reports until then.")
    def displacement(self) -> Displacement:
        figure, known = self.found.displacement, self.found.known
        return Displacement(figure=figure, known=known, treatment=OVERLAPS)

    @strawberry.field(description="The needs of aid that are open, by place and sector.")
    def needs(self) -> list[Need]:
        return [self._show(Need, each, need=each, sector=each.sector) for each in self.found.needs]

    @strawberry.field(
        description="What is said to have happened in so many days before the moment, in "
        "valid-time order."
    )
    def reported(self, days: Days = LATELY) -> list[Event]:
        known = self.found.known
        return [Event.of(entry, known) for entry in self.found.reported(_checked(days))]

    @strawberry.field(
        description="The situation in plain English: each statement with the numbers of its notes, "
        "and each note with who says so, when, where in the report, and how far it is trusted."
    )
    def explanation(self, info: Info, days: Days = LATELY) -> str:
        return in_one_text(account(info.context.answers, self.found, _checked(days)))

    @strawberry.field(description="What pins the answer.")
    def basis(self) -> Basis:
        return Basis.of(self.found)

    def _convoys(self, phase: ConvoyPhase | None) -> list[Convoy]:
        return convoys(self.found.convoys(phase), self.found.at, self.found.known)

    def _show(self, kind: Any, found: Any, **more: Any) -> Any:
        return lasting(kind, found, self.found.at, self.found.known, **more)

    @staticmethod
    def of(found: Found) -> "Situation":
        return Situation(found=found, at=Moment(found.at))


def _checked(days: int) -> int:
    if not 1 <= days <= LONGEST:
        raise BadDays(f"days are 1 to {LONGEST:,}, not {days}")
    return days
