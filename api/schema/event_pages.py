"""Pages of events in GraphQL, in the order of recording or as a chronicle."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from api.answers.basis import Basis
from api.answers.pages import BadPage, entry_in, key_and_position, size_of
from api.schema.connections import Connection, connection
from api.schema.context import Context, PerspectiveGiven
from api.schema.entry import EventObject
from api.schema.events import event_object
from domain.occurred import Instant
from domain.values import LocationId
from projections.entries import ChronicleBounds, ChronicleKey, EventFilter


class PageArguments(NamedTuple):
    """The arguments of a page of a list that is read from either end."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def from_end(self) -> bool:
        return self.last is not None or (self.before is not None and self.first is None)


def event_page(
    context: Context,
    wanted: EventFilter,
    *,
    first: int | None,
    after: str | None,
    last: int | None = None,
    before: str | None = None,
    of: Basis | None = None,
) -> Connection[EventObject]:
    size = size_of(first, last)
    basis = page_basis(context, after, before, of=of)
    low, high = (None if each is None else entry_in(each)[0] for each in (after, before))
    page = context.answers.entries.page(
        wanted,
        known=basis.position,
        size=size,
        after=low or 0,
        before=high,
        from_end=last is not None or (before is not None and first is None),
    )
    items = [(str(entry.position), event_object(entry, basis)) for entry in page.entries]
    return connection(
        items, basis.position, more_before=page.more_before, more_after=page.more_after
    )


def page_basis(context: Context, *cursors: str | None, of: Basis | None) -> Basis:
    """The basis of a page: every page is read at the position of the first."""
    position = _pinned(entry_in(each)[1] for each in cursors if each is not None)
    return context.basis(position=position, of=of)


def _pinned(positions: Iterable[int]) -> int | None:
    """The position that cursors were given out at; None without any. Raises BadPage."""
    pinned = set(positions)
    if len(pinned) > 1:
        raise BadPage("after and before were given out for lists read at different positions")
    return pinned.pop() if pinned else None


def chronicle_connection(
    context: Context,
    location: LocationId,
    wanted: EventFilter,
    asked: PageArguments,
    *,
    inside: bool,
    perspective: PerspectiveGiven | None,
    of: Basis,
) -> Connection[EventObject]:
    """What happened at a place, in the order in which it happened; a page by its cursors."""
    after, before = (None if it is None else _moment_in(it) for it in (asked.after, asked.before))
    basis = context.basis(
        position=_pinned(each[1] for each in (after, before) if each is not None),
        perspective=perspective,
        of=of,
    )
    page = context.answers.chronicle(basis).page(
        location,
        wanted,
        size=size_of(asked.first, asked.last),
        bounds=ChronicleBounds(after and after[0], before and before[0], asked.from_end),
        inside=inside,
    )
    items = [
        (":".join(map(str, ChronicleKey.of(entry))), event_object(entry, basis))
        for entry in page.entries
    ]
    return connection(
        items, basis.position, more_before=page.more_before, more_after=page.more_after
    )


def _moment_in(cursor: str) -> tuple[ChronicleKey, int]:
    """The time of the event behind a cursor, and the position of the list."""
    key, position = key_and_position(cursor)
    if not _MOMENT.fullmatch(key):
        raise BadPage(f"{cursor[:60]!r} is not a cursor of a chronicle")
    earliest, latest, recorded = map(int, key.split(":"))
    return ChronicleKey(Instant(earliest), Instant(latest), recorded), position


_MOMENT = re.compile(r"-?[0-9]{1,18}:-?[0-9]{1,18}:[0-9]{1,18}")
