"""What can be asked about an actor?"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.answers.basis import Known
from api.schema.arguments import After, At, AtSome, First, KnownAt, Members, NamesAt, Position
from api.schema.connections import Connection
from api.schema.context import Context
from api.schema.entry import Event, EventFilter, Wanted
from api.schema.node import NAME, NAMES, Info, Node, instant_at
from api.schema.perspective import Whose, asked_of
from domain.occurred import Instant
from domain.situation.ties import TieKind
from domain.values import ActorId, ActorKind
from projections.actors import ActorRow
from projections.names import ACTOR

if TYPE_CHECKING:
    from api.schema.control import Control
    from api.schema.relations import Convoy, Deployment, Lineage

LazyControl = Annotated["Control", strawberry.lazy("api.schema.control")]
LazyConvoy = Annotated["Convoy", strawberry.lazy("api.schema.relations")]
LazyDeployment = Annotated["Deployment", strawberry.lazy("api.schema.relations")]
LazyLineage = Annotated["Lineage", strawberry.lazy("api.schema.relations")]


@strawberry.type(description="A force, group, coalition, mission or state that acts.")
class Actor(Node):
    row: strawberry.Private[ActorRow]
    known: strawberry.Private[Known]
    at: strawberry.Private[Instant | None]
    slug: str
    name: str = strawberry.field(description=NAME)
    kind: ActorKind

    @strawberry.field(description="Its other names.")
    def aliases(self) -> list[str]:
        return list(self.row.aliases)

    @strawberry.field(description=NAMES)
    def names(self, info: Info, at: NamesAt = None) -> list[str]:
        moment = self.at if at is None else Instant(at)
        return info.context.answers.names_at(ACTOR, self.slug, at=moment, known=self.known)

    @strawberry.field(description="The places that it held at that moment, alone or with others.")
    def holdings(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        members: Members = False,
        perspective: Whose = None,
    ) -> list[LazyControl]:
        from api.schema.control import controls

        known, moment = info.context.known(known_at, position, of=self.known), Instant(at)
        asked, answers = asked_of(info.context, perspective), info.context.answers
        held = answers.holdings(
            self.row.actor, at=moment, known=known, members=members, perspective=asked
        )
        return controls(info.context, held)

    @strawberry.field(description="Its allies at that moment.")
    def allies(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list["Actor"]:
        known = info.context.known(known_at, position, of=self.known)
        return self._tied(info, TieKind.ALLIED_WITH, Instant(at), known)

    @strawberry.field(description="The patrons that it leaned on at that moment.")
    def patrons(
        self, info: Info, at: At, known_at: KnownAt = None, position: Position = None
    ) -> list["Actor"]:
        known = info.context.known(known_at, position, of=self.known)
        return self._tied(info, TieKind.BACKED_BY, Instant(at), known)

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
    ) -> list[LazyDeployment]:
        from api.schema.relations import Deployment, lasting

        known, moment = info.context.known(known_at, position, of=self.known), instant_at(at)
        spells = [
            spell
            for who in self._whose(info, moment, known, members)
            for spell in info.context.answers.deployments(who, at=moment, known=known)
        ]
        return [lasting(Deployment, spell, moment, known, spell=spell) for spell in spells]

    @strawberry.field(description="Its convoys, and whether they moved, at that moment.")
    def convoys(
        self,
        info: Info,
        at: At,
        known_at: KnownAt = None,
        position: Position = None,
        members: Members = False,
    ) -> list[LazyConvoy]:
        from api.schema.relations import convoys

        known, moment = info.context.known(known_at, position, of=self.known), Instant(at)
        owners = self._whose(info, moment, known, members)
        found = info.context.answers.convoys(at=moment, known=known, owners=owners)
        return convoys(found, moment, known)

    @strawberry.field(description="What it came from, became, and belongs to, as sources say.")
    def lineage(
        self, info: Info, at: AtSome = None, known_at: KnownAt = None, position: Position = None
    ) -> LazyLineage:
        from api.schema.relations import Lineage

        known = info.context.known(known_at, position, of=self.known)
        return Lineage(actor=self.row.actor, at=instant_at(at), known=known)

    def _tied(self, info: Info, kind: TieKind, at: Instant, known: Known) -> list["Actor"]:
        tied = info.context.answers.ties(at=at, known=known, kinds=[kind], subject=self.row.actor)
        others = [ActorId(each.tie.object) for each in tied if not each.since.is_open_at(at)]
        return [Actor.of(info.context, other, known=known, at=at) for other in others]

    def _whose(self, info: Info, at: Instant | None, known: Known, members: bool) -> list[ActorId]:
        if not members:
            return [self.row.actor]
        return info.context.answers.members(self.row.actor, at=at, known=known)

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
    ) -> Connection[Event]:
        context, actor, chosen = info.context, self.row.actor, filter or EventFilter()
        if members:
            known = Event.known_to_page(context, after, of=self.known)
            whose = context.answers.members_ever(actor, known=known)
            wanted = replace(chosen.rows(context), among=tuple(f"actor:{who}" for who in whose))
        else:
            wanted = chosen.rows(context, f"actor:{actor}")
        return Event.page(context, wanted, first=first, after=after, of=self.known)

    @staticmethod
    def of(context: Context, actor: ActorId, *, known: Known, at: Instant | None) -> "Actor":
        """The actor, as known at that position, by its name at that instant."""
        return Actor.shown(context, context.actor(actor, known), known=known, at=at)

    @staticmethod
    def shown(context: Context, row: ActorRow, *, known: Known, at: Instant | None) -> "Actor":
        return Actor(
            named=("Actor", row.actor),
            row=row,
            known=known,
            at=at,
            slug=row.actor,
            name=context.name(ACTOR, row.actor, row.name, at=at, known=known),
            kind=row.kind,
        )

    @staticmethod
    def find(context: Context, actor: ActorId, known: Known) -> "Actor | None":
        row = context.answers.actors.get(actor, known=known.position)
        return Actor.shown(context, row, known=known, at=None) if row else None
