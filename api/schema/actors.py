"""Actors in GraphQL, and the questions about an actor."""

from dataclasses import replace

import strawberry

from api.answers.basis import Basis
from api.schema.arguments import After, At, AtSome, First, KnownAt, Members, NamesAt, Position
from api.schema.connections import Connection
from api.schema.context import Context
from api.schema.control import ControlObject, controls
from api.schema.entry import EventObject
from api.schema.event_filter import EventFilterInput, Wanted
from api.schema.event_pages import event_page, page_basis
from api.schema.node import NAME, NAMES, Info, NodeObject
from api.schema.perspective import Whose
from api.schema.relations import (
    ConvoyObject,
    DeploymentObject,
    LineageObject,
    convoy_objects,
    relation,
)
from domain.situation.ties import TieKind
from domain.values import ActorId, ActorKind
from projections.actors import ActorRow
from projections.names import ACTOR


@strawberry.type(name="Actor", description="A force, group, coalition, mission or state that acts.")
class ActorObject(NodeObject):
    has_names = True
    row: strawberry.Private[ActorRow]
    slug: str
    name: str = strawberry.field(description=NAME)
    kind: ActorKind

    @strawberry.field(description="Its other names.")
    def aliases(self) -> list[str]:
        return list(self.row.aliases)

    @strawberry.field(description=NAMES)
    def names(self, info: Info, at: NamesAt = None) -> list[str]:
        basis = self.basis if at is None else info.context.basis(at, of=self.basis)
        return info.context.answers.names_at(ACTOR, self.slug, basis)

    @strawberry.field(description="The places that it held at that moment, alone or with others.")
    def holdings(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        members: Members = False,
        perspective: Whose = None,
    ) -> list[ControlObject]:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        held = info.context.answers.holdings(self.row.actor, basis, members=members)
        return controls(info.context, held, basis)

    @strawberry.field(description="Its allies at that moment.")
    def allies(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
    ) -> list["ActorObject"]:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        return self._tied(info, TieKind.ALLIED_WITH, basis)

    @strawberry.field(description="The patrons that it leaned on at that moment.")
    def patrons(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
    ) -> list["ActorObject"]:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        return self._tied(info, TieKind.BACKED_BY, basis)

    @strawberry.field(
        description="Where it is or was deployed, by that moment, since when and until when."
    )
    def missions(
        self,
        info: Info,
        at: AtSome = None,
        known_at: KnownAt = None,
        position: Position = None,
        members: Members = False,
        perspective: Whose = None,
    ) -> list[DeploymentObject]:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        spells = [
            spell
            for mission in self._with_members(info, basis, members)
            for spell in info.context.answers.deployments(mission, basis)
        ]
        return [relation(DeploymentObject, spell, basis, spell=spell) for spell in spells]

    @strawberry.field(description="Its convoys, and whether they moved, at that moment.")
    def convoys(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        members: Members = False,
        perspective: Whose = None,
    ) -> list[ConvoyObject]:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        owners = self._with_members(info, basis, members)
        return convoy_objects(info.context.answers.convoys(basis, owners=owners), basis)

    @strawberry.field(description="What it came from, became, and belongs to, as sources say.")
    def lineage(
        self,
        info: Info,
        at: AtSome = None,
        known_at: KnownAt = None,
        position: Position = None,
        perspective: Whose = None,
    ) -> LineageObject:
        basis = info.context.basis(at, known_at, position, perspective, of=self.basis)
        return LineageObject(actor=self.row.actor, basis=basis)

    def _tied(self, info: Info, kind: TieKind, basis: Basis) -> list["ActorObject"]:
        tied = info.context.answers.ties(basis, [kind], subject=self.row.actor)
        others = [ActorId(each.tie.object) for each in tied if not each.since.is_open_at(basis.at)]
        return [ActorObject.of(info.context, other, basis) for other in others]

    def _with_members(self, info: Info, basis: Basis, members: bool) -> list[ActorId]:
        if not members:
            return [self.row.actor]
        return info.context.answers.members(self.row.actor, basis)

    @strawberry.field(
        description="The events that name it, in the order of recording; with members, also those "
        "that name anybody who was ever its member, before or after that too."
    )
    def events(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        filter: Wanted = None,
        members: Members = False,
    ) -> Connection[EventObject]:
        context, actor, chosen = info.context, self.row.actor, filter or EventFilterInput()
        if members:
            named = context.answers.members_ever(actor, page_basis(context, after, of=self.basis))
            wanted = replace(chosen.rows(context), among=tuple(f"actor:{each}" for each in named))
        else:
            wanted = chosen.rows(context, f"actor:{actor}")
        return event_page(context, wanted, first=first, after=after, of=self.basis)

    @staticmethod
    def of(context: Context, actor: ActorId, basis: Basis) -> "ActorObject":
        return ActorObject.shown(context, context.actor(actor, basis), basis)

    @staticmethod
    def shown(context: Context, row: ActorRow, basis: Basis) -> "ActorObject":
        return ActorObject(
            named=("Actor", row.actor),
            row=row,
            basis=basis,
            slug=row.actor,
            name=context.name(ACTOR, row.actor, row.name, basis),
            kind=row.kind,
        )

    @staticmethod
    def find(context: Context, actor: ActorId, basis: Basis) -> "ActorObject | None":
        row = context.answers.actors.get(actor, known=basis.position)
        return ActorObject.shown(context, row, basis) if row else None
