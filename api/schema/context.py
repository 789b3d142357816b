"""The context of a request: node, author, and the rows already looked up."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from api.answers.answers import Answers
from api.answers.basis import Answer, Basis
from api.answers.parts import EventsOf
from api.answers.references import registered
from api.node import Node
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import Instant
from domain.refusals import DomainError
from domain.values import ActorId, EventId, LocationId
from infra.views.file import Later, ViewState
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

    _node: Node
    _principal: Principal
    targets: Targets
    _closed: list[bool] = field(default_factory=list)
    _now: Basis | None = None
    _is_private: bool = False
    _is_of_views_alone: bool = True
    seen: int | None = None
    """The last position that the answer draws on, or at which something was recorded."""
    _places: dict[tuple[LocationId, int], Place] = field(default_factory=dict)
    _actors: dict[tuple[ActorId, int], ActorRow] = field(default_factory=dict)
    _renamed: dict[tuple[str, int], frozenset[str] | None] = field(default_factory=dict)
    _awaited: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    """The slugs of lists, by kind and position, whose rows are looked up together at the first
    need."""
    _awaited_names: dict[tuple[str, Instant, int], set[str]] = field(default_factory=dict)
    _shown_together: dict[tuple[tuple[ActorId, ...], int], tuple[Basis, list[Any]]] = field(
        default_factory=dict
    )
    _called: dict[tuple[str, Instant, int], dict[str, str | None]] = field(default_factory=dict)
    _awaited_answers: dict[tuple[EventsOf, int], list[Answer]] = field(default_factory=dict)
    _entries: dict[tuple[EventId, int], EntryRow] = field(default_factory=dict)

    @property
    def answers(self) -> Answers:
        return self._node.answers

    @property
    def state(self) -> ViewState:
        """The state of the views now. Raises ViewsUnavailable."""
        return self._node.views.state

    def snapshot(self, later: Later | None = None) -> AbstractContextManager[None]:
        """Inside the block all questions of this thread read one state of the views; see
        `ViewFile.snapshot`."""
        return self._node.views.snapshot(later)

    @property
    def node(self) -> Node:
        """The node, for what the views don't tell: an answer that asks here is not kept."""
        self._is_of_views_alone = False
        return self._node

    @property
    def principal(self) -> Principal:
        """The author; no cache keeps the answer for other authors."""
        self._is_private = True
        return self._principal

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
        self.has_seen(basis.position)
        return basis

    def has_seen(self, position: int) -> None:
        self.seen = max(self.seen or 0, position)

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
        return scope in self.principal.scopes

    @property
    def closed(self) -> bool:
        """Whether every question of the request has one answer for ever, for every author."""
        return bool(self._closed) and all(self._closed) and not self._is_private

    @property
    def is_shared(self) -> bool:
        """Whether the answer just given rests on the question and the views alone, so that every
        author has the same one until the views move on."""
        return self._is_of_views_alone and not self._is_private

    def show(self, kind: str, slug: str, basis: Basis) -> Any:
        """The GraphQL object of a place or an actor, with the name in use at the instant."""
        return self.targets[kind](self, slug, basis)

    def show_actors(self, actors: tuple[ActorId, ...], basis: Basis) -> list[Any]:
        """The GraphQL objects of some actors; one list for all answers on one basis."""
        key = (actors, id(basis))  # kept with the basis, so that no other takes its identity
        if key not in self._shown_together:
            shown = [self.show("Actor", actor, basis) for actor in actors]
            self._shown_together[key] = basis, shown
        return self._shown_together[key][1]

    def place(self, location: LocationId, basis: Basis) -> Place:
        key = (location, basis.position)
        if key not in self._places:
            self._look_up_places(location, basis.position)
        return self._places[key]

    def _look_up_places(self, location: LocationId, position: int) -> None:
        """Looks a place up, with all others that are awaited. Raises UnknownReference."""
        awaited = self._awaited.pop((LOCATION, position), set()) - {location}
        self._places[location, position] = self.answers.place(location, known=position)
        if unknown := [each for each in awaited if (each, position) not in self._places]:
            self.found(
                self.answers.places.many(map(LocationId, unknown), known=position).values(),
                position,
            )

    def found(self, places: Iterable[Place], position: int) -> None:
        """Keeps the rows of places that were read as known at a position."""
        self._places |= {(each.location, position): each for each in places}

    def registered(self, kind: str, slug: str, field: str) -> str:
        """The slug, if registered. Raises UnknownReference with the nearest names."""
        return registered(self.answers, kind, slug, field)

    def prepare(self, places: Set[str], actors: Set[str], basis: Basis) -> None:
        """Rows and names of these are looked up together, as soon as one of them is needed."""
        at, known = basis.at, basis.position
        for kind, slugs in ((LOCATION, places), (ACTOR, actors)):
            self._awaited.setdefault((kind, known), set()).update(slugs)
            self._awaited_names.setdefault((kind, at, known), set()).update(slugs)

    def actor(self, actor: ActorId, basis: Basis) -> ActorRow:
        key = (actor, basis.position)
        if key not in self._actors:
            self._look_up_actors(actor, basis.position)
        return self._actors[key]

    def _look_up_actors(self, actor: ActorId, position: int) -> None:
        awaited = self._awaited.pop((ACTOR, position), None)
        if awaited is None:
            if row := self.answers.actors.get(actor, known=position):
                self._actors[actor, position] = row
            return
        awaited.add(actor)
        unknown = [each for each in awaited if (each, position) not in self._actors]
        found = self.answers.actors.many(map(ActorId, unknown), known=position)
        self._actors |= {(each, position): row for each, row in found.items()}

    def name(self, kind: str, slug: str, registered: str, basis: Basis) -> str:
        """The name in use at the instant; mostly the name of the registration."""
        renamed = self._ever_renamed(kind, basis)
        if renamed is not None and slug not in renamed:
            return registered
        called = self._called.setdefault((kind, basis.at, basis.position), {})
        if slug not in called:
            self._look_up_names(kind, slug, basis, called)
        return called[slug] or registered

    def _look_up_names(
        self, kind: str, slug: str, basis: Basis, called: dict[str, str | None]
    ) -> None:
        at, known = basis.at, basis.position
        renamed = self._ever_renamed(kind, basis)
        awaited = self._awaited_names.pop((kind, at, known), set())
        asked = awaited if renamed is None else awaited & renamed
        wanted = [each for each in asked | {slug} if each not in called]
        found = self.answers.names_view.called(kind, wanted, at=at, known=known)
        called |= {each: found.get(each) for each in wanted}

    def _ever_renamed(self, kind: str, basis: Basis) -> frozenset[str] | None:
        # The views move on during a request: renamings up to one position are too few for a later.
        key = (kind, basis.position)
        if key not in self._renamed:
            self._renamed[key] = self.answers.names_view.renamed(kind)
        return self._renamed[key]

    def entries(
        self, events: Iterable[EventId], basis: Basis, alike: EventsOf | None = None
    ) -> list[EntryRow]:
        """The entries of the events, in their order, read at once; with `alike`, together with the
        same events of every other answer of the list."""
        known, asked = basis.position, list(events)
        unknown = {each for each in asked if (each, known) not in self._entries}
        if unknown:
            if alike and (answers := self._awaited_answers.pop((alike, known), None)):
                unknown.update(event for answer in answers for event in alike(answer))
            found = self.answers.entries.many(unknown, known=known)
            self._entries |= {(event, known): entry for event, entry in found.items()}
        return [self._entries[each, known] for each in asked]

    def await_events(
        self, alike: Iterable[EventsOf], answers: Sequence[Answer], basis: Basis
    ) -> None:
        """Entries of these answers are looked up together, as soon as one of them is needed."""
        for each in alike:
            self._awaited_answers.setdefault((each, basis.position), []).extend(answers)

    def recorded_at(self, position: int) -> Instant | None:
        return self.answers.entries.recorded_at(position)
