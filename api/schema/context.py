"""What does a resolver have at hand, during one request?"""

from collections.abc import Set
from dataclasses import dataclass, field

from api.answers.answers import Answers
from api.answers.basis import Known
from api.node import Node
from domain.occurred import Instant
from domain.refusals import DomainError, UnknownReference
from domain.values import ActorId, EventId, LocationId, ReportId, SourceId
from infra.spelling import nearest
from projections.actors import ActorRow
from projections.entries import EntryRow
from projections.names import ACTOR, LOCATION
from projections.places import Place


class NotPermitted(DomainError):
    """Whoever asks may not do that."""

    def __init__(self, what: str, scope: str) -> None:
        super().__init__(f"{what} needs a bearer token whose scopes include {scope!r}")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, and what that allows."""

    subject: str
    scopes: frozenset[str]


@dataclass
class Context:
    """One request: the node that answers it, who asks, and what was looked up already."""

    node: Node
    principal: Principal
    _asked: list[Known] = field(default_factory=list)
    _now: Known | None = None
    _is_private: bool = False
    _places: dict[tuple[LocationId, int], Place] = field(default_factory=dict)
    _actors: dict[tuple[ActorId, int], ActorRow] = field(default_factory=dict)
    _renamed: dict[tuple[str, int], frozenset[str] | None] = field(default_factory=dict)
    _called: dict[tuple[str, Instant | None, int], dict[str, str | None]] = field(
        default_factory=dict
    )
    _entries: dict[tuple[EventId, int], EntryRow] = field(default_factory=dict)

    @property
    def answers(self) -> Answers:
        return self.node.answers

    def known(
        self, known_at: int | None = None, position: int | None = None, of: Known | None = None
    ) -> Known:
        """What a question may know. What is known now is one position for the whole request.

        A question about a part `of` an answer may know what that answer did, where it says nothing.
        """
        if known_at is None and position is None:
            if of is not None:
                return of
            if self._now is None:
                self._now = self.answers.known()
            known = self._now
        else:
            at = None if known_at is None else Instant(known_at)
            known = self.answers.known(at=at, position=position)
        self._asked.append(known)
        return known

    def ask_anew(self) -> None:
        """What is known now is more than before: something was recorded."""
        self._now = None

    def permit(self, scope: str, what: str) -> None:
        """What is answered to those who may ask only is kept by no cache for others.

        Raises NotPermitted.
        """
        if scope not in self.principal.scopes:
            raise NotPermitted(what, scope)
        self._is_private = True

    @property
    def closed(self) -> bool:
        """Whether all that was asked has one answer for ever, whoever asks."""
        is_closed = bool(self._asked) and all(known.closed for known in self._asked)
        return is_closed and not self._is_private

    def place(self, location: LocationId, known: Known) -> Place:
        """The place, as it read at the position that is known."""
        key = (location, known.position)
        if key not in self._places:
            self._places[key] = self.answers.place(location, known=known.position)
        return self._places[key]

    def registered(self, kind: str, slug: str, field: str) -> str:
        """The slug, where something of that kind has it.

        Raises UnknownReference, which names the nearest. What a misspelt name admits or leaves
        out is nothing, and nobody would notice.
        """
        answers, head = self.answers, self.answers.head
        found: object
        match kind:
            case "location":
                found, names = answers.places.get(LocationId(slug)), answers.places.names
            case "actor":
                found, names = answers.actors.get(ActorId(slug)), answers.actors.names
            case "source":
                found = answers.sources.source(SourceId(slug), known=head)
                names = answers.sources.names
            case _:
                found, names = answers.sources.report(ReportId(slug), known=head), dict
        if found is None:
            raise UnknownReference(kind, slug, field, nearest(slug, names()))
        return slug

    def prepare(
        self, places: set[LocationId], actors: set[ActorId], *, at: Instant | None, known: Known
    ) -> None:
        """Looks many places and actors up at once, and their names, for what is asked of a list."""
        position = known.position
        unknown = {each for each in places if (each, position) not in self._places}
        found = self.answers.places.many(unknown, known=position)
        self._places |= {(place, position): row for place, row in found.items()}
        self._look_up_actors(actors, position)
        self._look_up_names(LOCATION, places, at, known)
        self._look_up_names(ACTOR, actors, at, known)

    def actor(self, actor: ActorId, known: Known) -> ActorRow:
        """The actor, as it read at the position that is known."""
        self._look_up_actors({actor}, known.position)
        return self._actors[actor, known.position]

    def _look_up_actors(self, actors: Set[ActorId], position: int) -> None:
        if unknown := {each for each in actors if (each, position) not in self._actors}:
            found = self.answers.actors.many(unknown, known=position)
            self._actors |= {(actor, position): row for actor, row in found.items()}

    def name(
        self, kind: str, slug: str, registered: str, *, at: Instant | None, known: Known
    ) -> str:
        """What it was called at that instant; most keep the name of their registration."""
        renamed = self._ever_renamed(kind, known)
        if renamed is not None and slug not in renamed:
            return registered
        self._look_up_names(kind, {slug}, at, known)
        return self._called[kind, at, known.position][slug] or registered

    def _look_up_names(self, kind: str, slugs: Set[str], at: Instant | None, known: Known) -> None:
        called = self._called.setdefault((kind, at, known.position), {})
        renamed = self._ever_renamed(kind, known)
        asked = slugs if renamed is None else slugs & renamed
        if wanted := [slug for slug in asked if slug not in called]:
            found = self.answers.names_view.called(kind, wanted, at=at, known=known.position)
            called |= {slug: found.get(slug) for slug in wanted}

    def _ever_renamed(self, kind: str, known: Known) -> frozenset[str] | None:
        # The views move on meanwhile: what was looked up for one position is too old for a later.
        key = (kind, known.position)
        if key not in self._renamed:
            self._renamed[key] = self.answers.names_view.renamed(kind)
        return self._renamed[key]

    def entry(self, event: EventId, known: Known) -> EntryRow:
        key = (event, known.position)
        if key not in self._entries:
            self._entries[key] = self.answers.entries.many([event], known=known.position)[event]
        return self._entries[key]

    def recorded_at(self, known: Known) -> Instant | None:
        """Recorded time of the entry at the position that is known."""
        return self.answers.entries.recorded_at(known.position)
