"""How is what lasts shown: deployments, sieges, alliances, alignments, lineage, convoys, needs?"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import strawberry

from api.answers.basis import Known
from api.answers.situation import Alliance as AllianceFound
from api.schema.actors import Actor
from api.schema.context import Context
from api.schema.entry import Event
from api.schema.events import EstimateObject, estimate
from api.schema.node import Info, Occurred
from api.schema.places import Location
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import Instant, Window
from domain.situation.convoys import ConvoyPhase, ConvoyState
from domain.situation.people import Need as NeedFound
from domain.situation.ties import Spell, Standing, TieKind
from domain.values import ActorId, EventId, LocationId, Sector
from projections.entries import EventFilter

strawberry.enum(ConvoyPhase, description=ConvoyPhase.__doc__)

L = TypeVar("L", bound="Lasting")


@strawberry.interface(description="Something that lasts, and the events that say so.")
class Lasting:
    at: strawberry.Private[Instant | None]
    """The moment that is asked about, if one is; names are those of that moment."""
    known: strawberry.Private[Known]
    said_by: strawberry.Private[tuple[EventId, ...]]
    began: strawberry.Private[Window | None]
    certain: bool = strawberry.field(
        description="False where a beginning or an end is reported whose window contains the "
        "moment that is asked about."
    )

    @strawberry.field(
        description="Since when, as exactly as it is known; null where only its end is told of."
    )
    def since(self) -> Occurred | None:
        return Occurred.of(self.began) if self.began else None

    @strawberry.field(description="The events that say so.")
    def events(self, info: Info) -> list[Event]:
        return events_of(info.context, self.said_by, self.known)

    def actor(self, info: Info, actor: ActorId) -> Actor:
        return Actor.of(info.context, actor, known=self.known, at=self.at)

    def place(self, info: Info, location: LocationId) -> Location:
        return Location.of(info.context, location, known=self.known, at=self.at)


def events_of(context: Context, events: Iterable[EventId], known: Known) -> list[Event]:
    """The events, as known at that position, in the order in which they are given."""
    return [Event.of(context.entry(event, known), known) for event in events]


@strawberry.type(description="A mission, or a force that is deployed like one, at a place.")
class Deployment(Lasting):
    spell: strawberry.Private[Spell]
    perspective: strawberry.Private[Perspective] = DEFAULT

    @strawberry.field(description="Who is deployed.")
    def mission(self, info: Info) -> Actor:
        return self.actor(info, ActorId(self.spell.tie.subject))

    @strawberry.field(description="Where.")
    def location(self, info: Info) -> Location:
        return self.place(info, LocationId(self.spell.tie.object))

    @strawberry.field(description="Until when, where it ended by the moment that is asked about.")
    def until(self) -> Occurred | None:
        return Occurred.of(self.spell.until) if self.spell.until else None

    @strawberry.field(description="What says by that moment that its mandate ended.")
    def mandate_ended(self, info: Info) -> list[Event]:
        wanted = EventFilter(
            types=("MandateEnded",),
            tags=(f"actor:{self.spell.tie.subject}",),
            occurred_to=None if self.at is None else Instant(self.at + 1),
            retracted=False if self.perspective.is_default else None,
        )
        answers = info.context.answers
        found = answers.entries.page(wanted, known=self.known.position, size=_MANDATES).entries
        if counting := answers.counting(self.perspective, known=self.known):
            found = counting.among(found)
        return [Event.of(entry, self.known) for entry in found]


@strawberry.type(description="A place that is besieged or blockaded.")
class Siege(Lasting):
    standing: strawberry.Private[Standing]

    @strawberry.field(description="The place.")
    def location(self, info: Info) -> Location:
        return self.place(info, LocationId(self.standing.tie.object))

    @strawberry.field(description="Who besieges it.")
    def besieger(self, info: Info) -> Actor:
        return self.actor(info, ActorId(self.standing.tie.subject))


@strawberry.type(description="Actors that are allies, each of each.")
class Alliance(Lasting):
    alliance: strawberry.Private[AllianceFound]

    @strawberry.field(description="Who is allied.")
    def parties(self, info: Info) -> list[Actor]:
        return [self.actor(info, actor) for actor in self.alliance.parties]


@strawberry.type(description="An actor that leans on a patron.")
class Alignment(Lasting):
    standing: strawberry.Private[Standing]

    @strawberry.field(name="actor", description="Who leans on the patron.")
    def leaning(self, info: Info) -> Actor:
        return self.actor(info, ActorId(self.standing.tie.subject))

    @strawberry.field(description="The patron.")
    def patron(self, info: Info) -> Actor:
        return self.actor(info, ActorId(self.standing.tie.object))


@strawberry.type(description="Another actor, and since when it is to this one what the list says.")
class Kin(Lasting):
    other: strawberry.Private[ActorId]

    @strawberry.field(name="actor", description="The other actor.")
    def kin(self, info: Info) -> Actor:
        return self.actor(info, self.other)


@strawberry.type(description="What an actor came from, became, and belongs to, as sources say.")
class Lineage:
    actor: strawberry.Private[ActorId]
    at: strawberry.Private[Instant | None]
    known: strawberry.Private[Known]

    @strawberry.field(description="The actor as which it counts: itself, or what it merged into.")
    def identity(self, info: Info) -> Actor:
        answers = info.context.answers
        one = answers.identity(self.actor, at=self.at, known=self.known)
        return Actor.of(info.context, one, known=self.known, at=self.at)

    @strawberry.field(description="What merged into it, it split from, or it succeeded.")
    def predecessors(self, info: Info) -> list[Kin]:
        return [
            *self._tied(info, TieKind.MERGED_INTO, below=True),
            *self._tied(info, TieKind.SPLIT_FROM),
            *self._tied(info, TieKind.SUCCEEDED_BY, below=True),
        ]

    @strawberry.field(description="What it merged into, split from it, or succeeded it.")
    def successors(self, info: Info) -> list[Kin]:
        return [
            *self._tied(info, TieKind.MERGED_INTO),
            *self._tied(info, TieKind.SPLIT_FROM, below=True),
            *self._tied(info, TieKind.SUCCEEDED_BY),
        ]

    @strawberry.field(description="Whom it answers to.")
    def parents(self, info: Info) -> list[Kin]:
        return self._tied(info, TieKind.AFFILIATE_OF)

    @strawberry.field(description="Who answers to it.")
    def affiliates(self, info: Info) -> list[Kin]:
        return self._tied(info, TieKind.AFFILIATE_OF, below=True)

    @strawberry.field(description="The coalitions that it is a member of.")
    def coalitions(self, info: Info) -> list[Kin]:
        return self._tied(info, TieKind.MEMBER_OF)

    @strawberry.field(description="Its own members.")
    def members(self, info: Info) -> list[Kin]:
        return self._tied(info, TieKind.MEMBER_OF, below=True)

    def _tied(self, info: Info, kind: TieKind, *, below: bool = False) -> list[Kin]:
        """What it has that tie to; `below`, what has that tie to it."""
        found = info.context.answers.ties(
            at=self.at,
            known=self.known,
            kinds=[kind],
            subject=None if below else self.actor,
            other=self.actor if below else None,
        )
        return [
            lasting(
                Kin,
                each,
                self.at,
                self.known,
                other=ActorId(each.tie.subject if below else each.tie.object),
            )
            for each in found
        ]


@strawberry.type(description="A convoy, and whether it moves, as far as sources say.")
class Convoy(Lasting):
    state: strawberry.Private[ConvoyState]
    slug: str = strawberry.field(description="The id that all its events share.")
    phase: ConvoyPhase = strawberry.field(description="Whether it moves.")

    @strawberry.field(description="Whose convoy it is.")
    def owners(self, info: Info) -> list[Actor]:
        return [self.actor(info, actor) for actor in self.state.owners]

    @strawberry.field(description="Where it was last.")
    def location(self, info: Info) -> Location | None:
        return self.place(info, self.state.location) if self.state.location else None

    @strawberry.field(description="Where it was bound for, when that was last said.")
    def bound_for(self, info: Info) -> Location | None:
        return self.place(info, self.state.bound_for) if self.state.bound_for else None

    @strawberry.field(description="Who halted it, where it is stalled and that is said.")
    def halted_by(self, info: Info) -> list[Actor]:
        return [self.actor(info, actor) for actor in self.state.halted_by]


@strawberry.type(description="People in need of aid at a place, in one humanitarian sector.")
class Need(Lasting):
    need: strawberry.Private[NeedFound]
    sector: Sector | None = strawberry.field(
        description="The sector; null where the source speaks of aid as such."
    )

    @strawberry.field(description="Where.")
    def location(self, info: Info) -> Location:
        return self.place(info, self.need.location)

    @strawberry.field(description="How many people, where that is said.")
    def people(self) -> EstimateObject | None:
        return estimate(self.need.people)


def convoys(found: Iterable[ConvoyState], at: Instant, known: Known) -> list[Convoy]:
    return [
        lasting(Convoy, each, at, known, state=each, slug=each.convoy, phase=each.phase)
        for each in found
    ]


def deployments(
    found: Iterable[Standing], at: Instant, known: Known, perspective: Perspective = DEFAULT
) -> list[Deployment]:
    """The missions that are present, each from its beginning, and not yet at an end."""
    return [
        lasting(
            Deployment,
            each,
            at,
            known,
            spell=Spell(each.tie, each.since, None, each.events, each.certain),
            perspective=perspective,
        )
        for each in found
    ]


Found = Standing | Spell | AllianceFound | ConvoyState | NeedFound


def lasting(
    kind: Callable[..., L], found: Found, at: Instant | None, known: Known, **more: Any
) -> L:
    """What was found, as the GraphQL type that shows it."""
    since = found.since
    return kind(
        at=at, known=known, said_by=found.events, began=since, certain=found.certain, **more
    )


_MANDATES = 100
"""The most ends of one mandate that are shown."""
