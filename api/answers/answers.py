"""Who controlled X on date Y, as known on date Z, according to whom, and why do we say so?

The one place where the views meet. GraphQL and the command line both ask here, and so give the
same answer in the same words.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial

from api.answers.basis import (
    Answer,
    Basis,
    Meet,
    held_to_takeovers,
    inherited,
    may_be_overtaken,
    refuse_ahead,
    refuse_future,
    takeovers_from,
    with_around,
)
from api.answers.chronicle import Chronicle
from api.answers.perspective import StatementFilter
from api.answers.tokens import BadToken, ControlPins, Pins, pins_in
from domain.control.lineage import Lineage
from domain.control.perspective import DEFAULT, Perspective
from domain.control.timeline import BEGINNING
from domain.occurred import Instant, instant_of
from domain.refusals import UnknownReference
from domain.situation.convoys import ConvoyState
from domain.situation.people import Displacement, Need
from domain.situation.ties import Around, Spell, Standing, TieKind
from domain.values import ActorId, ActorKind, LocationId, LocationKind
from domain.words.statements import Names
from infra.ledger.ledger import utc_now
from infra.spelling import nearest
from infra.views.file import Projection, ViewFile
from infra.views.rows import NOW
from projections.actors import ActorRow, Actors
from projections.control import UNKNOWN_FOR_EVER, Control, SomePeriod
from projections.control.supposition import Supposed, SupposedControl
from projections.convoys import Convoys
from projections.entries import Entries
from projections.names import ACTOR, LOCATION, Found, NamesView
from projections.people import Humanitarian
from projections.places import Place, PlaceFilter, Places
from projections.record import Record
from projections.sources import Source, SourceFilter, Sources
from projections.statistics import Statistics
from projections.ties import Ties


class Answers:
    """The questions of frontends, commands and courts to the views."""

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
        self.statistics = Statistics(views)

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
        """The last position followed by the views."""
        return self._views.position

    # ---- what pins a question ----------------------------------------------------------------

    def basis(
        self,
        at: Instant | None = None,
        *,
        known_at: Instant | None = None,
        position: int | None = None,
        perspective: Perspective = DEFAULT,
        of: Basis | None = None,
    ) -> Basis:
        """The basis of a question. Without recorded time and position, a question about a part of
        an answer has the knowledge `of` the answer, and any other question the knowledge of now.

        Raises NotRecordedYet, TwoKnowledges and InTheFuture.
        """
        now, closed = instant_of(self._now()), True
        if position is not None:
            refuse_ahead(position, known_at, self.head)
        elif known_at is not None:
            refuse_future("knownAt", known_at, now)
            position, closed = self._position_at(known_at)
        elif of is not None:
            position, closed = of.position, of.closed
        else:
            position, closed = self.head, False
        return Basis.asked(at, position, closed, perspective, now)

    def _position_at(self, known_at: Instant) -> tuple[int, bool]:
        # A later entry never gets an earlier recorded time than the head: everything before the
        # head is settled, while the same microsecond may still receive more.
        head = self.head
        latest = self.entries.recorded_at(head)
        position = min(head, self.entries.position_at(known_at))
        return position, latest is not None and known_at < latest

    def basis_in(self, pins: Pins) -> Basis:
        """The basis in a token. Raises UnknownReference, NotRecordedYet and InTheFuture."""
        perspective = pins.admitted
        for source in (*(perspective.sources or ()), *perspective.exclude_sources):
            if self.sources.source(source, known=self.head) is None:
                raise UnknownReference("source", source, "token")
        return self.basis(pins.instant, position=pins.position, perspective=perspective)

    def place(self, slug: str, *, known: int = NOW) -> Place:
        """The place, as known at a position. Raises UnknownReference with the nearest name."""
        if place := self.places.get(LocationId(slug), known=known):
            return place
        raise UnknownReference("location", slug, "location", nearest(slug, self.places.names()))

    # ---- who held a place --------------------------------------------------------------------

    def control(self, location: str, basis: Basis, *, inherit: bool = False) -> Answer:
        """Who controlled the place. Raises UnknownReference."""
        place = self.place(location, known=basis.position)  # if registered later, as first told
        answer = self._control(place.location, basis)
        if not inherit and not may_be_overtaken(answer, place):
            return answer

        def place_of(other: LocationId) -> Place:
            is_this = other == place.location
            return place if is_this else self.place(other, known=basis.position)

        answer_of = partial(self._control, basis=basis)
        if inherit:
            answer = inherited(answer, place_of, answer_of)
        return with_around(answer, place_of, answer_of, self._meet(basis))

    def again(self, token: str) -> Answer:
        """The answer with that token, word for word as given before.

        Raises BadToken, OtherRule, and the refusals of a question.
        """
        pins = pins_in(token, ControlPins)
        basis = self.basis_in(pins)
        answer = self.control(pins.location, basis, inherit=pins.inherited is not None)
        if answer.token != token:
            raise BadToken("no answer of ours has it")
        return answer

    def timeline(
        self,
        location: str,
        basis: Basis,
        *,
        since: Instant | None = None,
        until: Instant | None = None,
    ) -> list[Answer]:
        """Every period of the place, each as the answer for its first instant; only periods lasting
        beyond an instant, or begun by one. Of the basis, the position and the perspective
        count."""
        place = self.place(location).location
        if basis.perspective.is_default:
            periods = self.control_view.timeline(place, known=basis.position)
        else:
            whose, known = basis.perspective, basis.position
            periods = self.control_view.timeline_from(whose, place, known=known)
        periods = [
            period
            for period in periods
            if (since is None or period.end > since) and (until is None or period.start <= until)
        ]
        # The beginning comes before anything that a calendar can write.
        starts = (Instant(max(period.start, BEGINNING + 1)) for period in periods)
        return [
            Answer(place, basis.on(start), period)
            for start, period in zip(starts, periods, strict=True)
        ]

    def map(self, wanted: PlaceFilter, basis: Basis) -> list[Answer]:
        """The answers for every holdable place within the filter, and for every region with reports
        on its control as a whole."""
        return [answer for page in self.map_pages(wanted, basis) for _, answer in page]

    def map_pages(
        self, wanted: PlaceFilter, basis: Basis, *, size: int | None = None
    ) -> Iterator[list[tuple[Place, Answer]]]:
        """The same answers with their places, of at most `size` places at a time."""
        for places in self.place_pages(wanted, basis, size=size):
            by_id = {place.location: place for place in places}
            answers = self._map(by_id, basis)
            yield [(by_id[each.location], each) for each in answers]

    def place_pages(
        self, wanted: PlaceFilter, basis: Basis, *, size: int | None
    ) -> Iterator[list[Place]]:
        """The places within the filter by id, of at most `size` at a time."""
        after, more = "", True
        while more:
            page, more = self.places.page(wanted, known=basis.position, size=size, after=after)
            if page:
                after = page[-1].location
                yield page

    def _map(self, places: dict[LocationId, Place], basis: Basis) -> list[Answer]:
        asked = [place.location for place in places.values() if place.kind.may_be_controlled]
        view, at, known = self.control_view, basis.at, basis.position
        if basis.perspective.is_default:
            found = dict(view.map(at=at, known=known, places=asked))
        else:
            found = dict(view.map_from(basis.perspective, at=at, known=known, places=asked))
        told = [
            Answer(each, basis, found.get(each, UNKNOWN_FOR_EVER))
            for each in asked
            if places[each].kind.can_be_held or (each in found and not found[each].is_nothing)
        ]
        return self._all_with_around(told, basis, places)

    def holdings(self, actor: ActorId, basis: Basis, *, members: bool = False) -> list[Answer]:
        """The places held by the actor, alone or with others, in the order of ids; with `members`,
        also the places held by members of a coalition."""
        view, at, known = self.control_view, basis.at, basis.position
        found: dict[LocationId, SomePeriod] = {}
        for holder in self.members(actor, basis) if members else [actor]:
            if basis.perspective.is_default:
                found |= view.holdings(holder, at=at, known=known)
            else:
                found |= view.holdings_from(basis.perspective, holder, at=at, known=known)
        told = [Answer(place, basis, found[place]) for place in sorted(found)]
        return self._all_with_around(told, basis, {})

    def revisions(self, location: str, basis: Basis, *, after: int = 0) -> list[tuple[int, Answer]]:
        """The changes of the answer, each with the position that made the change; only changes
        after a position."""
        place = self.place(location).location
        view, at, known = self.control_view, basis.at, basis.position
        if basis.perspective.is_default:
            revised = view.revisions(place, at=at, known=known)
        else:
            whose = basis.perspective
            revised = view.revisions_from(whose, place, at=at, known=known, after=after)
        found = []
        for each in revised:
            if each.position > after:
                then = basis.up_to(each.position)
                (told,) = self._all_with_around([Answer(place, then, each.period)], then, {})
                found.append((each.position, told))
        return found

    def change_by_entry(self, location: LocationId, basis: Basis) -> tuple[Answer, Answer] | None:
        """The answers before and after the entry at the position of the basis, where they
        differ."""
        until, since = basis.up_to(basis.position - 1), basis
        before, after = (self._control(location, each) for each in (until, since))
        if before.period.reading == after.period.reading:
            return None
        (told_before,) = self._all_with_around([before], until, {})
        (told_after,) = self._all_with_around([after], since, {})
        return told_before, told_after

    def supposing(self, statements: Iterable[Supposed], *, reinstates: bool) -> SupposedControl:
        """The control of places as if the statements had been taken back, or reinstated."""
        return SupposedControl(self._views, self.record, statements, reinstates=reinstates)

    def left_out(self, answer: Answer) -> int:
        """The number of statements about the place left out by the perspective."""
        basis = answer.basis
        if basis.perspective.is_default:
            return 0
        view = self.control_view
        return view.left_out(answer.location, basis.perspective, known=basis.position)

    def first_recorded(self, location: LocationId, *, known: int | None = None) -> int | None:
        """The position of the first statement on control of the place, as known at a position;
        without a position, as the ledger is now."""
        return self.control_view.first_recorded(
            location, known=self.head if known is None else known
        )

    def _control(self, location: LocationId, basis: Basis) -> Answer:
        if basis.perspective.is_default:
            period = self.control_view.at(location, at=basis.at, known=basis.position)
        else:
            whose, at, known = basis.perspective, basis.at, basis.position
            period = self.control_view.at_from(whose, location, at=at, known=known)
        return Answer(location, basis, period)

    def _all_with_around(
        self, answers: Iterable[Answer], basis: Basis, places: dict[LocationId, Place]
    ) -> list[Answer]:
        """The answers, each held to the places around; every place around is asked about once."""

        @cache
        def place_of(location: LocationId) -> Place:
            return places.get(location) or self.place(location, known=basis.position)

        answer_of = cache(partial(self._control, basis=basis))

        @cache
        def takeovers(container: LocationId) -> list[Answer]:
            return [*takeovers_from(container, place_of, answer_of)]

        meet = self._meet(basis)
        return [held_to_takeovers(answer, place_of, takeovers, meet) for answer in answers]

    def _meet(self, basis: Basis) -> Meet:
        read: list[Lineage] = []  # once, and for most questions never

        def meet(some: Collection[ActorId], others: Collection[ActorId]) -> bool:
            if not read:
                read.append(self.control_view.lineage(basis.perspective, known=basis.position))
            return read[0].concerning([*some, *others]).at(basis.at).meet(some, others)

        return meet

    # ---- actors, convoys and people ----------------------------------------------------------

    def statement_filter(self, basis: Basis) -> StatementFilter | None:
        """The filter of statements for the perspective; None for everybody's."""
        if basis.perspective.is_default:
            return None
        return StatementFilter(self.entries, self.sources, basis)

    def ties(
        self,
        basis: Basis,
        kinds: Collection[TieKind],
        *,
        subject: str | None = None,
        other: str | None = None,
    ) -> list[Standing]:
        """The certain and possible ties of these kinds at the instant."""
        return self.ties_view.standing(
            at=basis.at,
            known=basis.position,
            around=self._around(basis),
            kinds=kinds,
            subject=subject,
            other=other,
            counting=self.statement_filter(basis),
        )

    def deployments(self, mission: ActorId, basis: Basis) -> list[Spell]:
        """The present and past deployments of a mission, as begun by the instant."""
        return self.ties_view.spells(
            at=basis.at,
            known=basis.position,
            around=self._around(basis),
            kinds=[TieKind.DEPLOYED_AT],
            subject=mission,
        )

    def identity(self, actor: ActorId, basis: Basis) -> ActorId:
        """The actor itself, or after a merger the actor merged into."""
        words = self.ties_view.words(known=basis.position, kinds=[TieKind.MERGED_INTO])
        return Lineage(words).concerning([actor]).at(basis.at).one(actor)

    def members(self, coalition: ActorId, basis: Basis) -> list[ActorId]:
        """The actor and all members at the instant, at any depth."""
        found = [coalition]
        for each in found:
            tied = self.ties(basis, [TieKind.MEMBER_OF], other=each)
            stand = (it for it in tied if not it.since.is_open_at(basis.at))
            found += [who for it in stand if (who := ActorId(it.tie.subject)) not in found]
        return found

    def members_ever(self, coalition: ActorId, basis: Basis) -> list[ActorId]:
        """The actor and all members of any time, at any depth: also actors with a known departure
        only. A split alone makes no member of a faction."""
        kinds = [TieKind.MEMBER_OF, TieKind.SPLIT_FROM]
        found = [coalition]
        for each in found:
            words = self.ties_view.words(known=basis.position, kinds=kinds, other=each)
            splits = {word.event for word in words if word.tie.kind is TieKind.SPLIT_FROM}
            named = (word.tie.subject for word in words if word.event not in splits)
            found += [ActorId(who) for who in dict.fromkeys(named) if who and who not in found]
        return found

    def convoys(
        self, basis: Basis, *, owners: Sequence[ActorId] | None = None
    ) -> list[ConvoyState]:
        """The convoys of these owners, or of anybody."""
        return self.convoys_view.at(
            at=basis.at, known=basis.position, owners=owners, counting=self.statement_filter(basis)
        )

    def displacement(
        self, basis: Basis, inside: Collection[LocationId] | None = None
    ) -> Displacement:
        """The number of displaced people from these places, or from anywhere."""
        return self.humanitarian.displacement(
            at=basis.at,
            known=basis.position,
            around=self._around(basis),
            inside=inside,
            counting=self.statement_filter(basis),
        )

    def needs(self, basis: Basis, inside: Collection[LocationId] | None = None) -> list[Need]:
        """The open needs of aid in these places, or anywhere."""
        return self.humanitarian.needs(
            at=basis.at, known=basis.position, inside=inside, counting=self.statement_filter(basis)
        )

    def _around(self, basis: Basis) -> Around:
        return partial(self.places.around, known=basis.position)

    # ---- lists -------------------------------------------------------------------------------

    def page_of_places(
        self,
        wanted: PlaceFilter,
        search: str | None,
        basis: Basis,
        *,
        size: int,
        after: Found | None = None,
    ) -> tuple[list[tuple[Found, Place]], bool]:
        """A page of places, each with its key, and whether more follow."""
        among = self._found(LOCATION, search, basis, after)
        rows, more = self.places.page(
            wanted,
            known=basis.position,
            size=size,
            after=after.slug if after and among is None else "",
            among=None if among is None else list(among),
        )
        ranks = among or {}
        return [(Found(ranks.get(row.location, 0), row.location), row) for row in rows], more

    def page_of_actors(
        self,
        kind: ActorKind | None,
        search: str | None,
        basis: Basis,
        *,
        size: int,
        after: Found | None = None,
    ) -> tuple[list[tuple[Found, ActorRow]], bool]:
        """A page of actors, each with its key, and whether more follow."""
        among = self._found(ACTOR, search, basis, after)
        rows, more = self.actors.page(
            known=basis.position,
            size=size,
            after=after.slug if after and among is None else "",
            kind=kind,
            among=None if among is None else list(among),
        )
        ranks = among or {}
        return [(Found(ranks.get(row.actor, 0), row.actor), row) for row in rows], more

    def page_of_sources(
        self, wanted: SourceFilter, basis: Basis, *, size: int, after: Found | None = None
    ) -> tuple[list[tuple[Found, Source]], bool]:
        """A page of sources, each with its key, and whether more follow."""
        rows, more = self.sources.page(
            wanted, known=basis.position, size=size, after=after.slug if after else ""
        )
        return [(Found(0, row.source), row) for row in rows], more

    def _found(
        self, kind: str, search: str | None, basis: Basis, after: Found | None
    ) -> dict[str, int] | None:
        """The search results beyond the key, each with its rank; None without a search."""
        if search is None or not search.strip():
            return None
        found = self.names_view.search(kind, search, known=basis.position)
        return {slug: rank for rank, slug in found if after is None or (rank, slug) > after}

    def chronicle(self, basis: Basis) -> Chronicle:
        """What is said to have happened, in valid-time order, from the perspective of the basis."""
        return Chronicle(self.entries, basis.position, self.statement_filter(basis))

    # ---- names -------------------------------------------------------------------------------

    def names_at(self, kind: str, slug: str, basis: Basis) -> list[str]:
        """All names of a place or an actor, the name in use first."""
        return self.names_view.names_at(kind, slug, at=basis.at, known=basis.position)

    def names(self, basis: Basis) -> Names:
        """The names of places and actors in use at the instant; each is looked up once."""
        return _DatedNames(self, basis)


@dataclass
class _DatedNames:
    answers: Answers
    basis: Basis
    _actors: dict[ActorId, str] = field(default_factory=dict)
    _locations: dict[LocationId, str] = field(default_factory=dict)

    def actor(self, actor: ActorId) -> str:
        if actor not in self._actors:
            found = self.answers.actors.get(actor, known=self.basis.position)
            self._actors[actor] = self._called(ACTOR, actor, found.name if found else actor)
        return self._actors[actor]

    def location(self, location: LocationId) -> str:
        if location not in self._locations:
            found = self.answers.places.get(location, known=self.basis.position)
            name = found.name if found else location
            self._locations[location] = self._called(LOCATION, location, name)
        return self._locations[location]

    def kind(self, location: LocationId) -> LocationKind:
        return self.answers.place(location, known=self.basis.position).kind

    def _called(self, kind: str, slug: str, registered: str) -> str:
        view, basis = self.answers.names_view, self.basis
        return view.called(kind, [slug], at=basis.at, known=basis.position).get(slug, registered)
