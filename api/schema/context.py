"""The context of a request: node, author, and the rows already looked up."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.references import registered
from api.node import Node
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import Instant
from domain.refusals import DomainError
from domain.values import ActorId, EventId, LocationId
from projections.actors import ActorRow
from projections.entries import EntryRow
from projections.names import ACTOR, LOCATION
from projections.places import Place


class NotPermitted(DomainError):
    """The author of the request lacks a scope."""

    def __init__(self, what: str, scope: str) -> None:
        super().__init__(f"{what} needs a bearer token whose scopes include {scope!r}")


@dataclass(frozen=True, slots=True)
class Principal:
    """The author of a request, with the scopes of the token."""

    subject: str
    scopes: frozenset[str]

    def with_scopes(self, more: Set[str]) -> "Principal":
        return Principal(self.subject, self.scopes | more)


class PerspectiveGiven(Protocol):
    """A perspective as an argument of a question."""

    def perspective(self, context: "Context") -> Perspective: ...


Targets = Mapping[str, Callable[["Context", Any, Basis], Any]]
"""Makers of the GraphQL objects for a place and an actor, by the kind of their global ids."""


@dataclass
class Context:
    """The node, the author, and the rows already looked up."""

    node: Node
    principal: Principal
    targets: Targets
    _closed: list[bool] = field(default_factory=list)
    _now: Basis | None = None
    _is_private: bool = False
    _places: dict[tuple[LocationId, int], Place] = field(default_factory=dict)
    _actors: dict[tuple[ActorId, int], ActorRow] = field(default_factory=dict)
    _renamed: dict[tuple[str, int], frozenset[str] | None] = field(default_factory=dict)
    _called: dict[tuple[str, Instant, int], dict[str, str | None]] = field(default_factory=dict)
    _entries: dict[tuple[EventId, int], EntryRow] = field(default_factory=dict)

    @property
    def answers(self) -> Answers:
        return self.node.answers

    def basis(
        self,
        at: int | None = None,
        known_at: int | None = None,
        position: int | None = None,
        perspective: PerspectiveGiven | None = None,
        of: Basis | None = None,
    ) -> Basis:
        """The basis of a question, from its arguments. "Now" is one position for the whole request;
        a question about a part `of` an answer has the knowledge of the answer by default.

        Raises NotRecordedYet, TwoKnowledges, InTheFuture, and the refusals of a perspective.
        """
        if known_at is None and position is None and of is None:
            of = self._now = self._now or self.answers.basis()
        moment, known = (None if each is None else Instant(each) for each in (at, known_at))
        whose = perspective.perspective(self) if perspective else DEFAULT
        basis = self.answers.basis(
            moment, known_at=known, position=position, perspective=whose, of=of
        )
        self._closed.append(basis.closed)
        return basis

    def pinned(self, position: int | None) -> "Context":
        """The context, with the knowledge of a position as "now"; None leaves it as it is."""
        if position is not None:
            self._now = self.answers.basis(position=position)
        return self

    def forget_now(self) -> None:
        """After a recording, "now" is a later position."""
        self._now = None

    def permit(self, scope: str, what: str) -> None:
        """Refuses an author without the scope. Raises NotPermitted."""
        if not self.may(scope):
            raise NotPermitted(what, scope)

    def may(self, scope: str) -> bool:
        """Whether the author has the scope; no cache keeps the answer for other authors."""
        self._is_private = True
        return scope in self.principal.scopes

    @property
    def closed(self) -> bool:
        """Whether every question of the request has one answer for ever, for every author."""
        return bool(self._closed) and all(self._closed) and not self._is_private

    def show(self, kind: str, slug: str, basis: Basis) -> Any:
        """The GraphQL object of a place or an actor, with the name in use at the instant."""
        return self.targets[kind](self, slug, basis)

    def place(self, location: LocationId, basis: Basis) -> Place:
        key = (location, basis.position)
        if key not in self._places:
            self._places[key] = self.answers.place(location, known=basis.position)
        return self._places[key]

    def registered(self, kind: str, slug: str, field: str) -> str:
        """The slug, if registered. Raises UnknownReference with the nearest names."""
        return registered(self.answers, kind, slug, field)

    def prepare(self, places: set[LocationId], actors: set[ActorId], basis: Basis) -> None:
        """Looks up the rows and names of many places and actors at once, for a list."""
        position = basis.position
        unknown = {each for each in places if (each, position) not in self._places}
        found = self.answers.places.many(unknown, known=position)
        self._places |= {(place, position): row for place, row in found.items()}
        self._look_up_actors(actors, position)
        self._look_up_names(LOCATION, places, basis)
        self._look_up_names(ACTOR, actors, basis)

    def actor(self, actor: ActorId, basis: Basis) -> ActorRow:
        self._look_up_actors({actor}, basis.position)
        return self._actors[actor, basis.position]

    def _look_up_actors(self, actors: Set[ActorId], position: int) -> None:
        if unknown := {each for each in actors if (each, position) not in self._actors}:
            found = self.answers.actors.many(unknown, known=position)
            self._actors |= {(actor, position): row for actor, row in found.items()}

    def name(self, kind: str, slug: str, registered: str, basis: Basis) -> str:
        """The name in use at the instant; mostly the name of the registration."""
        renamed = self._ever_renamed(kind, basis)
        if renamed is not None and slug not in renamed:
            return registered
        self._look_up_names(kind, {slug}, basis)
        return self._called[kind, basis.at, basis.position][slug] or registered

    def _look_up_names(self, kind: str, slugs: Set[str], basis: Basis) -> None:
        at, known = basis.at, basis.position
        called = self._called.setdefault((kind, at, known), {})
        renamed = self._ever_renamed(kind, basis)
        asked = slugs if renamed is None else slugs & renamed
        if wanted := [slug for slug in asked if slug not in called]:
            found = self.answers.names_view.called(kind, wanted, at=at, known=known)
            called |= {slug: found.get(slug) for slug in wanted}

    def _ever_renamed(self, kind: str, basis: Basis) -> frozenset[str] | None:
        # The views move on during a request: renamings up to one position are too few for a later.
        key = (kind, basis.position)
        if key not in self._renamed:
            self._renamed[key] = self.answers.names_view.renamed(kind)
        return self._renamed[key]

    def entry(self, event: EventId, basis: Basis) -> EntryRow:
        key = (event, basis.position)
        if key not in self._entries:
            found = self.answers.entries.many([event], known=basis.position)
            self._entries[key] = found[event]
        return self._entries[key]

    def recorded_at(self, position: int) -> Instant | None:
        return self.answers.entries.recorded_at(position)
