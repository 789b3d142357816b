"""Who controlled X on date Y, as known on date Z, according to whom, and why do we say so?

The one place where the views meet. GraphQL and the command line both ask here, so that they give
the same answer in the same words.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial

from api.answers.basis import (
    Answer,
    Known,
    Meet,
    inherited,
    refuse_ahead,
    refuse_future,
    with_around,
)
from api.answers.perspective import Counted
from api.answers.sources import explanation_of, testimony_of
from api.answers.tokens import BadToken, ControlPins, pins_in
from domain.control.lineage import Lineage
from domain.control.perspective import DEFAULT, Perspective
from domain.control.timeline import END, Timeline
from domain.control.verdict import Period
from domain.events import SituationEvent
from domain.occurred import Instant, instant_of
from domain.refusals import UnknownReference
from domain.situation.convoys import ConvoyState
from domain.situation.people import Displacement, Need
from domain.situation.ties import Around, Spell, Standing, TieKind
from domain.values import ActorId, ActorKind, EventId, LocationId, LocationKind
from domain.words.explanation import Testimony
from domain.words.statements import Names
from infra.ledger.ledger import utc_now
from infra.spelling import nearest
from infra.views.file import Projection, ViewFile
from infra.views.rows import NOW
from projections.actors import ActorRow, Actors
from projections.control import UNKNOWN_FOR_EVER, Control
from projections.convoys import Convoys
from projections.entries import Entries, EntryRow, EventFilter
from projections.names import ACTOR, LOCATION, Found, NamesView
from projections.people import Humanitarian
from projections.places import Place, PlaceFilter, Places
from projections.record import Record
from projections.sources import Sources
from projections.ties import Ties


class Answers:
    """Every question that a frontend, a command or a court may ask of the views."""

    def __init__(self, views: ViewFile, now: Callable[[], datetime] = utc_now) -> None:
        self._views = views
        self._now = now
        self.record = Record(views)
        self.control_view = Control(views, self.record)
        self.entries = Entries(views, self.record)
        self.places = Places(views)
        self.actors = Actors(views)
        self.names_view = NamesView(views, self.record)
        self.sources = Sources(views)
        self.ties_view = Ties(views)
        self.convoys_view = Convoys(views)
        self.humanitarian = Humanitarian(views)

    @property
    def projections(self) -> tuple[Projection, ...]:
        return (
            self.record,
            self.entries,
            self.names_view,
            self.control_view,
            self.convoys_view,
            self.humanitarian,
        )

    @property
    def head(self) -> int:
        """The position that the views stand for."""
        return self._views.position

    def known(self, *, at: Instant | None = None, position: int | None = None) -> Known:
        """What was known at that recorded time, or position, or is known now.

        Raises NotRecordedYet, TwoKnowledges and InTheFuture.
        """
        head = self.head
        if position is not None:
            refuse_ahead(position, at, head)
            return Known(position, closed=True)
        if at is None:
            return Known(head, closed=False)
        self._refuse_future("knownAt", at)
        # A later entry never gets an earlier recorded time than the head: what lies before it is
        # settled, while the same microsecond may still receive more.
        latest = self.entries.recorded_at(head)
        position = min(head, self.entries.position_at(at))
        return Known(position, closed=latest is not None and at < latest)

    def place(self, slug: str, *, known: int = NOW) -> Place:
        """The place, as it read at that position; raises UnknownReference, which names the
        nearest."""
        if place := self.places.get(LocationId(slug), known=known):
            return place
        raise UnknownReference("location", slug, "location", nearest(slug, self.places.names()))

    def control(
        self,
        location: str,
        *,
        at: Instant,
        known: Known,
        perspective: Perspective = DEFAULT,
        inherit: bool = False,
    ) -> Answer:
        """Who controlled the place at that instant. Raises UnknownReference and InTheFuture."""
        self._refuse_future("at", at)
        place = self.place(location)
        answer = self._control(place.location, at, known, perspective)
        place_of = partial(self.place, known=known.position)
        ask = partial(self._control, at=at, known=known, perspective=perspective)
        if inherit:
            answer = inherited(answer, place_of, ask)
        return with_around(answer, place_of, ask, self._meet(at, known, perspective))

    def again(self, token: str) -> Answer:
        """The answer whose token that is, word for word as it was given.

        Raises BadToken, OtherRule, and what refuses a question.
        """
        pins = pins_in(token, ControlPins)
        perspective = self.registered(pins.whose)
        answer = self.control(
            pins.location,
            at=pins.instant,
            known=self.known(position=pins.position),
            perspective=perspective,
            inherit=pins.inherited is not None,
        )
        if answer.token != token:
            raise BadToken("no answer of ours has it")
        return answer

    def registered(self, perspective: Perspective) -> Perspective:
        """The perspective of a token, whose sources we know. Raises UnknownReference."""
        for source in (*(perspective.sources or ()), *perspective.exclude_sources):
            if self.sources.source(source, known=self.head) is None:
                raise UnknownReference("source", source, "token")
        return perspective

    def timeline(
        self, location: str, *, known: Known, perspective: Perspective = DEFAULT
    ) -> list[Answer]:
        """Every period of the place, each as the answer for its first instant."""
        place = self.place(location).location
        if perspective.is_default:
            periods = self.control_view.timeline(place, known=known.position)
        else:
            periods = self._swept(place, perspective, known).periods()
        return [Answer(place, period.start, known, period, perspective) for period in periods]

    def map(
        self, wanted: PlaceFilter, *, at: Instant, known: Known, perspective: Perspective = DEFAULT
    ) -> list[Answer]:
        """The answer for every place that can be held and fulfils the filter, and for every such
        region of which sources say who controls it as a whole."""
        self._refuse_future("at", at)
        places, _ = self.places.page(wanted, known=known.position, size=None)
        asked = [place.location for place in places if place.kind.may_be_controlled]
        view, position = self.control_view, known.position
        if perspective.is_default:
            found = dict(view.map(at=at, known=position, places=asked))
        else:
            found = dict(view.map_from(perspective, at=at, known=position, places=asked))
        told = [
            Answer(location, at, known, found.get(location, UNKNOWN_FOR_EVER), perspective)
            for location in asked
        ]
        by_id = {place.location: place for place in places}
        told = [each for each in told if each.events or by_id[each.location].kind.can_be_held]
        return self._with_around(told, at, known, by_id)

    def holdings(
        self,
        actor: ActorId,
        *,
        at: Instant,
        known: Known,
        members: bool = False,
        perspective: Perspective = DEFAULT,
    ) -> list[Answer]:
        """The places that the actor held, alone or with others, in the order of their ids; with
        `members`, also those that the members of a coalition held."""
        self._refuse_future("at", at)
        holders = [actor]
        if members:
            holders = self.members(actor, at=at, known=known, perspective=perspective)
        view, position = self.control_view, known.position
        found: dict[LocationId, Period] = {}
        for holder in holders:
            if perspective.is_default:
                found |= view.holdings(holder, at=at, known=position)
            else:
                found |= view.holdings_from(perspective, holder, at=at, known=position)
        told = (Answer(place, at, known, found[place], perspective) for place in sorted(found))
        return self._with_around(told, at, known, {})

    def _with_around(
        self, answers: Iterable[Answer], at: Instant, known: Known, places: dict[LocationId, Place]
    ) -> list[Answer]:
        """The answers from one perspective, each not certain where a place around has changed hands
        since; every place around is asked about once."""
        told = list(answers)
        perspective = told[0].perspective if told else DEFAULT

        @cache
        def place_of(location: LocationId) -> Place:
            return places.get(location) or self.place(location, known=known.position)

        ask = cache(partial(self._control, at=at, known=known, perspective=perspective))
        meet = self._meet(at, known, perspective)
        return [with_around(answer, place_of, ask, meet) for answer in told]

    def _meet(self, at: Instant, known: Known, perspective: Perspective) -> Meet:
        """Whether actors meet at that instant, as far as known."""

        @cache
        def lineage() -> Lineage:
            return self.control_view.lineage(perspective, known=known.position)

        def meet(some: Collection[ActorId], others: Collection[ActorId]) -> bool:
            return lineage().concerning([*some, *others]).at(at).meet(some, others)

        return meet

    def revisions(
        self,
        location: str,
        *,
        at: Instant,
        known: Known,
        perspective: Perspective = DEFAULT,
        after: int = 0,
    ) -> list[tuple[int, Answer]]:
        """How the answer for that instant changed, each with the position that changed it; only
        what changed it after a position."""
        self._refuse_future("at", at)
        place = self.place(location).location
        view, position = self.control_view, known.position
        if perspective.is_default:
            revised = view.revisions(place, at=at, known=position)
        else:
            revised = view.revisions_from(perspective, place, at=at, known=position, after=after)
        found = []
        for each in revised:
            if each.position > after:
                then = Known(each.position, closed=True)
                answer = Answer(place, at, then, each.period, perspective)
                (told,) = self._with_around([answer], at, then, {})
                found.append((each.position, told))
        return found

    def left_out(self, answer: Answer) -> int:
        """How many statements about the place the perspective of the answer leaves out."""
        perspective, known = answer.perspective, answer.known.position
        if perspective.is_default:
            return 0
        return self.control_view.left_out(answer.location, perspective, known=known)

    def first_recorded(self, location: LocationId, *, known: int | None = None) -> int | None:
        """The first position at which anything was recorded that says who holds the place, as
        known at a position; with none, as the ledger is now."""
        return self.control_view.first_recorded(
            location, known=self.head if known is None else known
        )

    def counting(self, perspective: Perspective, *, known: Known) -> Counted | None:
        """Which statements count from that perspective; None where all that stand do."""
        if perspective.is_default:
            return None
        return Counted(self.entries, self.sources, perspective, known.position)

    def ties(
        self,
        *,
        at: Instant | None,
        known: Known,
        kinds: Collection[TieKind],
        subject: str | None = None,
        other: str | None = None,
        perspective: Perspective = DEFAULT,
    ) -> list[Standing]:
        """The ties of those kinds that stood at that instant, or may have; with no instant, by all
        that is known. Raises InTheFuture."""
        return self.ties_view.standing(
            at=self._by(at),
            known=known.position,
            around=self._around(known),
            kinds=kinds,
            subject=subject,
            other=other,
            counting=self.counting(perspective, known=known),
        )

    def deployments(self, mission: ActorId, *, at: Instant | None, known: Known) -> list[Spell]:
        """Where it is or was deployed, as far as begun by then. Raises InTheFuture."""
        return self.ties_view.spells(
            at=self._by(at),
            known=known.position,
            around=self._around(known),
            kinds=[TieKind.DEPLOYED_AT],
            subject=mission,
        )

    def identity(self, actor: ActorId, *, at: Instant | None, known: Known) -> ActorId:
        """The actor as which it counted: itself, or what it had merged into."""
        words = self.ties_view.words(known=known.position, kinds=[TieKind.MERGED_INTO])
        return Lineage(words).concerning([actor]).at(self._by(at)).one(actor)

    def members(
        self,
        coalition: ActorId,
        *,
        at: Instant | None,
        known: Known,
        perspective: Perspective = DEFAULT,
    ) -> list[ActorId]:
        """The actor, and all its members at that instant, at any depth."""
        found = [coalition]
        kinds = [TieKind.MEMBER_OF]
        for each in found:
            tied = self.ties(at=at, known=known, kinds=kinds, other=each, perspective=perspective)
            stand = (it for it in tied if not it.since.is_open_at(self._by(at)))
            found += [who for it in stand if (who := ActorId(it.tie.subject)) not in found]
        return found

    def members_ever(self, coalition: ActorId, *, known: Known) -> list[ActorId]:
        """The actor, and all that were ever its members, at any depth: also who is only known to
        have left it. A faction that split from an actor is no member by that."""
        kinds = [TieKind.MEMBER_OF, TieKind.SPLIT_FROM]
        found = [coalition]
        for each in found:
            words = self.ties_view.words(known=known.position, kinds=kinds, other=each)
            splits = {word.event for word in words if word.tie.kind is TieKind.SPLIT_FROM}
            named = (word.tie.subject for word in words if word.event not in splits)
            found += [ActorId(who) for who in dict.fromkeys(named) if who and who not in found]
        return found

    def convoys(
        self,
        *,
        at: Instant,
        known: Known,
        owners: Sequence[ActorId] | None = None,
        perspective: Perspective = DEFAULT,
    ) -> list[ConvoyState]:
        """The convoys, or those of these owners, at that instant. Raises InTheFuture."""
        self._refuse_future("at", at)
        counting = self.counting(perspective, known=known)
        return self.convoys_view.at(at=at, known=known.position, owners=owners, counting=counting)

    def displacement(
        self,
        *,
        at: Instant,
        known: Known,
        inside: Collection[LocationId] | None = None,
        perspective: Perspective = DEFAULT,
    ) -> Displacement:
        """How many people fled by then, from these places or anywhere. Raises InTheFuture."""
        self._refuse_future("at", at)
        return self.humanitarian.displacement(
            at=at,
            known=known.position,
            around=self._around(known),
            inside=inside,
            counting=self.counting(perspective, known=known),
        )

    def needs(
        self,
        *,
        at: Instant,
        known: Known,
        inside: Collection[LocationId] | None = None,
        perspective: Perspective = DEFAULT,
    ) -> list[Need]:
        """The needs that were open then, in these places or anywhere. Raises InTheFuture."""
        self._refuse_future("at", at)
        counting = self.counting(perspective, known=known)
        return self.humanitarian.needs(
            at=at, known=known.position, inside=inside, counting=counting
        )

    def page_of_places(
        self,
        wanted: PlaceFilter,
        search: str | None = None,
        *,
        known: Known,
        size: int,
        after: Found | None = None,
    ) -> tuple[list[tuple[Found, Place]], bool]:
        """A page of places, each with its key, and whether there are more."""
        among = self._found(LOCATION, search, known, after)
        rows, more = self.places.page(
            wanted,
            known=known.position,
            size=size,
            after=after.slug if after and among is None else "",
            among=None if among is None else list(among),
        )
        ranks = among or {}
        return [(Found(ranks.get(row.location, 0), row.location), row) for row in rows], more

    def page_of_actors(
        self,
        kind: ActorKind | None = None,
        search: str | None = None,
        *,
        known: Known,
        size: int,
        after: Found | None = None,
    ) -> tuple[list[tuple[Found, ActorRow]], bool]:
        """A page of actors, each with its key, and whether there are more."""
        among = self._found(ACTOR, search, known, after)
        rows, more = self.actors.page(
            known=known.position,
            size=size,
            after=after.slug if after and among is None else "",
            kind=kind,
            among=None if among is None else list(among),
        )
        ranks = among or {}
        return [(Found(ranks.get(row.actor, 0), row.actor), row) for row in rows], more

    def chronicle(
        self,
        location: LocationId | None,
        wanted: EventFilter,
        *,
        known: Known,
        perspective: Perspective = DEFAULT,
    ) -> list[EntryRow]:
        """All that is said of a place and of what lies in it, or of anywhere, as it happened; from
        a perspective, what counts of that."""
        asked, position = partial(self.entries.chronicle, location), known.position
        counting = self.counting(perspective, known=known)
        if counting is None:
            return asked(known=position, wanted=wanted).entries
        # A word that took something back may be one that the perspective does not hear.
        told = [
            entry
            for retracted in (False, True)
            for entry in asked(known=position, wanted=replace(wanted, retracted=retracted)).entries
        ]
        return sorted(counting.among(told), key=_as_it_happened)

    def explanation(self, answer: Answer) -> str:
        """The answer in plain English, with its reasons."""
        return explanation_of(self, answer)

    def names_at(self, kind: str, slug: str, *, at: Instant | None, known: Known) -> list[str]:
        """All that it went by at that instant, the name in use first; with no instant, that it
        goes by as far as is known. Raises InTheFuture."""
        if at is not None:
            self._refuse_future("at", at)
        return self.names_view.names_at(kind, slug, at=at, known=known.position)

    def names(self, *, at: Instant | None, known: int) -> Names:
        """What places and actors were called at that instant, as known at that position; with no
        instant, the last that is known. Each is looked up once."""
        return _Names(self, at, known)

    def _found(
        self, kind: str, search: str | None, known: Known, after: Found | None
    ) -> dict[str, int] | None:
        """What a search finds beyond the key, each with its rank; None where nothing is searched
        for."""
        if search is None or not search.strip():
            return None
        found = self.names_view.search(kind, search, known=known.position)
        return {slug: rank for rank, slug in found if after is None or (rank, slug) > after}

    def _around(self, known: Known) -> Around:
        """The places around a place, as known then."""
        return partial(self.places.around, known=known.position)

    def _by(self, at: Instant | None) -> Instant:
        """The instant that is asked about; with none, every window that is known has passed."""
        if at is None:
            return Instant(END - 1)
        self._refuse_future("at", at)
        return at

    def _refuse_future(self, field: str, asked: Instant) -> None:
        refuse_future(field, asked, instant_of(self._now()))

    def _control(
        self, location: LocationId, at: Instant, known: Known, perspective: Perspective
    ) -> Answer:
        if perspective.is_default:
            period = self.control_view.at(location, at=at, known=known.position)
        else:
            period = self._swept(location, perspective, known).at(at)
        return Answer(location, at, known, period, perspective)

    def _swept(self, location: LocationId, perspective: Perspective, known: Known) -> Timeline:
        return self.control_view.from_perspective(location, perspective, known=known.position)

    def testimony(self, events: Iterable[EventId], known: int) -> dict[EventId, Testimony]:
        """Those of the events that are statements, and who makes them."""
        return testimony_of(self, events, known)


def _as_it_happened(entry: EntryRow) -> tuple[int, int, int]:
    assert isinstance(entry.event, SituationEvent), "a chronicle tells of situations"
    window = entry.event.occurred.window
    return window.earliest, window.latest, entry.position


@dataclass
class _Names:
    answers: Answers
    at: Instant | None
    known: int
    _actors: dict[ActorId, str] = field(default_factory=dict)
    _locations: dict[LocationId, str] = field(default_factory=dict)

    def actor(self, actor: ActorId) -> str:
        if actor not in self._actors:
            found = self.answers.actors.get(actor, known=self.known)
            self._actors[actor] = self._called(ACTOR, actor, found.name if found else actor)
        return self._actors[actor]

    def location(self, location: LocationId) -> str:
        if location not in self._locations:
            found = self.answers.places.get(location, known=self.known)
            name = found.name if found else location
            self._locations[location] = self._called(LOCATION, location, name)
        return self._locations[location]

    def kind(self, location: LocationId) -> LocationKind:
        return self.answers.place(location, known=self.known).kind

    def _called(self, kind: str, slug: str, registered: str) -> str:
        view = self.answers.names_view
        return view.called(kind, [slug], at=self.at, known=self.known).get(slug, registered)
