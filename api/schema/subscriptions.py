"""The subscriptions of the GraphQL contract, and the feeds behind them."""

from collections.abc import AsyncIterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import strawberry
from strawberry import ID, argument

from api.answers.basis import Answer, Basis
from api.answers.references import registered
from api.graphql.feeds import Cursor, Feed, FeedResult, NotYetFollowed, TakesLong
from api.ids import slug_of
from api.node import Node
from api.schema.context import Context
from api.schema.control import ControlRevision
from api.schema.entry import EventObject
from api.schema.event_filter import EventFilterInput, Wanted
from api.schema.events import event_object
from api.schema.node import Info
from api.schema.perspective import Whose
from domain.control.perspective import DEFAULT, Perspective
from domain.control.verdict import NOTHING
from domain.occurred import DAY, Instant
from domain.refusals import NotUnderstood
from domain.values import LocationId
from projections.control.changes import BEARING, places_touched
from projections.entries import EntryRow, EventFilter

_SPAN = 100_000
_AT_ONCE = 200
"""The entries of one look into the views."""
_FEW = 20
"""The most places of an entry whose answers are compared on the event loop."""

AfterPosition = Annotated[
    int | None,
    argument(
        description="Only what was recorded after that position of the ledger, the past first; "
        "where nothing is said, what is recorded from now on."
    ),
]
Skip = Annotated[
    int,
    argument(
        description="Leave out so many results of the entry right after `after`: whoever has n "
        "results of the entry at position p goes on with `after: p - 1, skip: n`."
    ),
]
WithinPlace = Annotated[
    ID | None,
    argument(
        description="Only this place and those inside it, at any depth; a slug or a global id."
    ),
]


class BadStart(NotUnderstood):
    """A subscription can't begin where the client wants; the message says why."""


@dataclass
class EventFeed(Feed):
    """Every event, as it is recorded."""

    context: Context
    start: Cursor | None
    wanted: EventFilter
    span: int = _SPAN

    def read(self, cursor: Cursor, until: int, *, is_brief: bool) -> Iterator[FeedResult]:
        after = cursor.begun_with
        while entries := self._entries(after, until):
            for entry in entries:
                basis = self.context.answers.basis(position=entry.position)
                yield FeedResult(entry.position, 1, True, event_object(entry, basis))
            after = entries[-1].position

    def _entries(self, after: int, until: int) -> list[EntryRow]:
        asked: dict[str, int] = {"after": after, "until": until, "size": _AT_ONCE}
        return self.context.answers.entries.as_recorded(self.wanted, **asked)


@dataclass
class ControlFeed(Feed):
    """The changes of the present answer for every place."""

    context: Context
    start: Cursor | None
    within: LocationId | None
    perspective: Perspective
    span: int = _SPAN

    def read(self, cursor: Cursor, until: int, *, is_brief: bool) -> Iterator[FeedResult]:
        bearing = EventFeed(self.context, None, EventFilter(types=BEARING))
        for found in bearing.read(Cursor(cursor.position), until, is_brief=is_brief):
            given = cursor if found.position == cursor.position + 1 else Cursor(0)
            yield from _numbered(self._changes(found.value.entry, given, is_brief), given)

    def _changes(self, entry: EntryRow, given: Cursor, is_brief: bool) -> Iterator[ControlRevision]:
        """The answers that the entry changed, in the order of places; those behind the last that
        was given, where the cursor names it."""
        db = self.context.node.views.reader
        places = places_touched(db, entry.event, entry.id, entry.position)
        if is_brief and len(places) > _FEW:
            raise TakesLong
        basis = Basis(_close_of_day(entry), entry.position, perspective=self.perspective)
        for place in places:
            if place > given.last and self._is_within(place, entry.position):
                if change := self.context.answers.change_by_entry(place, basis):
                    yield _revision(entry.position, *change)

    def _is_within(self, place: LocationId, position: int) -> bool:
        if self.within is None or place == self.within:
            return True
        return self.within in self.context.answers.places.around(place, known=position)


def _numbered(changes: Iterator[ControlRevision], given: Cursor) -> Iterator[FeedResult]:
    """The changes of one entry as results, without those given already."""
    changes = islice(changes, 0 if given.last else given.given, None)
    number, change = given.given + 1, next(changes, None)
    while change is not None:
        following = next(changes, None)
        about = change.answer.location
        yield FeedResult(change.position, number, following is None, change, about)
        number, change = number + 1, following


def _revision(position: int, before: Answer, after: Answer) -> ControlRevision:
    was = None if before.period.reading == NOTHING else before
    return ControlRevision(position=position, answer=after, before_=was)


def _close_of_day(entry: EntryRow) -> Instant:
    """The close of the day on which the entry was recorded, in UTC."""
    return Instant(entry.recorded_at // DAY * DAY + DAY - 1)


def _start(info: Info, after: int | None, skip: int = 0) -> Cursor | None:
    """Where the client wants to go on; an id of an event stream goes before arguments.

    Raises BadStart, and NotYetFollowed before anything else is looked up.
    """
    if after is None and skip:
        raise BadStart("skip counts results after a position: give 'after' too")
    if (after or 0) < 0 or skip < 0:
        raise BadStart("positions and numbers of results are not negative")
    resumed: object = info.root_value
    start = None if after is None else Cursor(after, skip)
    if isinstance(resumed, Cursor):
        start = resumed
    if start and start.begun_with > info.context.answers.head:
        raise NotYetFollowed(start.begun_with)
    return start


@strawberry.type(
    name="Subscription",
    description="What is told as it comes to be known, in the order of the ledger; nothing is left "
    "out or told twice. A client that goes on after the last position that it has misses nothing.",
)
class SubscriptionObject:
    @strawberry.subscription(
        description="Every event as it is recorded, with the knowledge of its position: names, and "
        "whether it was retracted, are those of then."
    )
    def event_recorded(
        self, info: Info, after: AfterPosition = None, filter: Wanted = None
    ) -> AsyncIterable[EventObject]:
        start = _start(info, after)
        if filter is not None and filter.retracted:
            raise BadStart("nothing has taken an event back when it is recorded; leave retracted")
        wanted = (filter or EventFilterInput()).rows(info.context)
        return EventFeed(info.context, start, wanted)

    @strawberry.subscription(
        description="How the answers for places change: one result for each place and entry that "
        "changed the answer for the close of the day (UTC) on which the entry was recorded. "
        "Several results of one entry come in the order of places."
    )
    def control_changed(
        self,
        info: Info,
        after: AfterPosition = None,
        within: WithinPlace = None,
        perspective: Whose = None,
        skip: Skip = 0,
    ) -> AsyncIterable[ControlRevision]:
        start = _start(info, after, skip)
        place = None
        if within is not None:
            slug = slug_of(within, "Location")
            place = LocationId(registered(info.context.answers, "location", slug, "within"))
        whose = perspective.perspective(info.context) if perspective else DEFAULT
        return ControlFeed(info.context, start, place, whose)


@contextmanager
def snapshot_of(node: Node) -> Iterator[int]:
    """One state of the views for this thread, and its position."""
    with node.views.snapshot():
        yield node.answers.head
