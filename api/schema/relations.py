"""Lasting relations in GraphQL: deployments, sieges, alliances, lineage, convoys and needs."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import strawberry

from api.answers.basis import Basis
from api.answers.situation import Alliance
from api.schema.entry import EventObject
from api.schema.events import event_object, event_objects
from api.schema.node import (
    ActorTarget,
    Info,
    LocationTarget,
    OccurredObject,
    actor_object,
    place_object,
)
from api.schema.values import EstimateObject, estimate_object
from domain.occurred import Instant, Window
from domain.situation.convoys import ConvoyPhase, ConvoyState
from domain.situation.people import Need
from domain.situation.ties import Spell, Standing, TieKind
from domain.values import ActorId, EventId, LocationId, Sector
from projections.entries import EventFilter

strawberry.enum(ConvoyPhase, description=ConvoyPhase.__doc__)

R = TypeVar("R", bound="RelationObject")


@strawberry.interface(
    name="Lasting", description="Something that lasts, and the events that say so."
)
class RelationObject:
    basis: strawberry.Private[Basis]
    said_by: strawberry.Private[tuple[EventId, ...]]
    began: strawberry.Private[Window | None]
    certain: bool = strawberry.field(
        description="False where a beginning or an end is reported whose window contains the "
        "moment that is asked about."
    )

    @strawberry.field(
        description="Since when, as exactly as it is known; null where only its end is told of."
    )
    def since(self) -> OccurredObject | None:
        return OccurredObject.of(self.began) if self.began else None

    @strawberry.field(description="The events that say so.")
    def events(self, info: Info) -> list[EventObject]:
        return event_objects(info.context, self.said_by, self.basis)

    def actor(self, info: Info, actor: ActorId) -> ActorTarget:
        return actor_object(info, actor, self.basis)

    def place(self, info: Info, location: LocationId) -> LocationTarget:
        return place_object(info, location, self.basis)


@strawberry.type(
    name="Deployment", description="A mission, or a force that is deployed like one, at a place."
)
class DeploymentObject(RelationObject):
    spell: strawberry.Private[Spell]

    @strawberry.field(description="Who is deployed.")
    def mission(self, info: Info) -> ActorTarget:
        return self.actor(info, ActorId(self.spell.tie.subject))

    @strawberry.field(description="Where.")
    def location(self, info: Info) -> LocationTarget:
        return self.place(info, LocationId(self.spell.tie.object))

    @strawberry.field(description="Until when, where it ended by the moment that is asked about.")
    def until(self) -> OccurredObject | None:
        return OccurredObject.of(self.spell.until) if self.spell.until else None

    @strawberry.field(description="What says by that moment that its mandate ended.")
    def mandate_ended(self, info: Info) -> list[EventObject]:
        wanted = EventFilter(
            types=("MandateEnded",),
            tags=(f"actor:{self.spell.tie.subject}",),
            occurred_to=Instant(self.basis.at + 1),
            retracted=False if self.basis.perspective.is_default else None,
        )
        answers, known = info.context.answers, self.basis.position
        found = answers.entries.page(wanted, known=known, size=_MANDATES).entries
        if counting := answers.statement_filter(self.basis):
            found = counting.among(found)
        return [event_object(entry, self.basis) for entry in found]


@strawberry.type(name="Siege", description="A place that is besieged or blockaded.")
class SiegeObject(RelationObject):
    standing: strawberry.Private[Standing]

    @strawberry.field(description="The place.")
    def location(self, info: Info) -> LocationTarget:
        return self.place(info, LocationId(self.standing.tie.object))

    @strawberry.field(description="Who besieges it.")
    def besieger(self, info: Info) -> ActorTarget:
        return self.actor(info, ActorId(self.standing.tie.subject))


@strawberry.type(name="Alliance", description="Actors that are allies, each of each.")
class AllianceObject(RelationObject):
    alliance: strawberry.Private[Alliance]

    @strawberry.field(description="Who is allied.")
    def parties(self, info: Info) -> list[ActorTarget]:
        return [self.actor(info, actor) for actor in self.alliance.parties]


@strawberry.type(name="Alignment", description="An actor that leans on a patron.")
class AlignmentObject(RelationObject):
    standing: strawberry.Private[Standing]

    @strawberry.field(name="actor", description="Who leans on the patron.")
    def leaning(self, info: Info) -> ActorTarget:
        return self.actor(info, ActorId(self.standing.tie.subject))

    @strawberry.field(description="The patron.")
    def patron(self, info: Info) -> ActorTarget:
        return self.actor(info, ActorId(self.standing.tie.object))


@strawberry.type(
    name="Kin", description="Another actor, and since when it is to this one what the list says."
)
class KinObject(RelationObject):
    other: strawberry.Private[ActorId]

    @strawberry.field(name="actor", description="The other actor.")
    def kin(self, info: Info) -> ActorTarget:
        return self.actor(info, self.other)


@strawberry.type(
    name="Lineage", description="What an actor came from, became, and belongs to, as sources say."
)
class LineageObject:
    actor: strawberry.Private[ActorId]
    basis: strawberry.Private[Basis]

    @strawberry.field(description="The actor as which it counts: itself, or what it merged into.")
    def identity(self, info: Info) -> ActorTarget:
        one = info.context.answers.identity(self.actor, self.basis)
        return actor_object(info, one, self.basis)

    @strawberry.field(description="What merged into it, it split from, or it succeeded.")
    def predecessors(self, info: Info) -> list[KinObject]:
        return [
            *self._tied(info, TieKind.MERGED_INTO, below=True),
            *self._tied(info, TieKind.SPLIT_FROM),
            *self._tied(info, TieKind.SUCCEEDED_BY, below=True),
        ]

    @strawberry.field(description="What it merged into, split from it, or succeeded it.")
    def successors(self, info: Info) -> list[KinObject]:
        return [
            *self._tied(info, TieKind.MERGED_INTO),
            *self._tied(info, TieKind.SPLIT_FROM, below=True),
            *self._tied(info, TieKind.SUCCEEDED_BY),
        ]

    @strawberry.field(description="Whom it answers to.")
    def parents(self, info: Info) -> list[KinObject]:
        return self._tied(info, TieKind.AFFILIATE_OF)

    @strawberry.field(description="Who answers to it.")
    def affiliates(self, info: Info) -> list[KinObject]:
        return self._tied(info, TieKind.AFFILIATE_OF, below=True)

    @strawberry.field(description="The coalitions that it is a member of.")
    def coalitions(self, info: Info) -> list[KinObject]:
        return self._tied(info, TieKind.MEMBER_OF)

    @strawberry.field(description="Its own members.")
    def members(self, info: Info) -> list[KinObject]:
        return self._tied(info, TieKind.MEMBER_OF, below=True)

    def _tied(self, info: Info, kind: TieKind, *, below: bool = False) -> list[KinObject]:
        """The actors at the other end of ties from, or with `below` of ties to, the actor."""
        ends = {"other": self.actor} if below else {"subject": self.actor}
        return [
            relation(
                KinObject,
                each,
                self.basis,
                other=ActorId(each.tie.subject if below else each.tie.object),
            )
            for each in info.context.answers.ties(self.basis, [kind], **ends)
        ]


@strawberry.type(
    name="Convoy", description="A convoy, and whether it moves, as far as sources say."
)
class ConvoyObject(RelationObject):
    state: strawberry.Private[ConvoyState]
    slug: str = strawberry.field(description="The id that all its events share.")
    phase: ConvoyPhase = strawberry.field(description="Whether it moves.")

    @strawberry.field(description="Whose convoy it is.")
    def owners(self, info: Info) -> list[ActorTarget]:
        return [self.actor(info, actor) for actor in self.state.owners]

    @strawberry.field(description="Where it was last.")
    def location(self, info: Info) -> LocationTarget | None:
        return self.place(info, self.state.location) if self.state.location else None

    @strawberry.field(description="Where it was bound for, when that was last said.")
    def bound_for(self, info: Info) -> LocationTarget | None:
        return self.place(info, self.state.bound_for) if self.state.bound_for else None

    @strawberry.field(description="Who halted it, where it is stalled and that is said.")
    def halted_by(self, info: Info) -> list[ActorTarget]:
        return [self.actor(info, actor) for actor in self.state.halted_by]


@strawberry.type(
    name="Need", description="People in need of aid at a place, in one humanitarian sector."
)
class NeedObject(RelationObject):
    need: strawberry.Private[Need]
    sector: Sector | None = strawberry.field(
        description="The sector; null where the source speaks of aid as such."
    )

    @strawberry.field(description="Where.")
    def location(self, info: Info) -> LocationTarget:
        return self.place(info, self.need.location)

    @strawberry.field(description="How many people, where that is said.")
    def people(self) -> EstimateObject | None:
        return estimate_object(self.need.people)


def convoy_objects(found: Iterable[ConvoyState], basis: Basis) -> list[ConvoyObject]:
    return [
        relation(ConvoyObject, each, basis, state=each, slug=each.convoy, phase=each.phase)
        for each in found
    ]


def deployment_objects(found: Iterable[Standing], basis: Basis) -> list[DeploymentObject]:
    """The present missions, each with an open end."""
    return [
        relation(
            DeploymentObject,
            each,
            basis,
            spell=Spell(each.tie, each.since, None, each.events, each.certain),
        )
        for each in found
    ]


Found = Standing | Spell | Alliance | ConvoyState | Need


def relation(kind: Callable[..., R], found: Found, basis: Basis, **more: Any) -> R:
    """The GraphQL object of a relation."""
    return kind(basis=basis, said_by=found.events, began=found.since, certain=found.certain, **more)


_MANDATES = 100
"""The most reported ends of one mandate."""
