"""Pages of a long list, by the Relay cursor specification.

A cursor holds the key of an item and the position of the first page: every further page is read at
the same position, so a late report neither repeats an item nor skips one.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Generic, TypeVar

import strawberry

from domain.refusals import NotUnderstood

T = TypeVar("T")

PAGE = 50
"""The default number of items on a page."""
LONGEST_PAGE = 1_000


class BadPage(NotUnderstood):
    """The page asked for can't be given; the message says why."""


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follows.")
    has_previous_page: bool = strawberry.field(description="Whether something precedes it.")
    start_cursor: str | None = strawberry.field(description="The cursor of its first item.")
    end_cursor: str | None = strawberry.field(description="The cursor of its last item.")


@strawberry.type(description="An item of a list, and the cursor to go on from it.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Where to go on, as after or before.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The items, each with its cursor.")
    page_info: PageInfo = strawberry.field(description="Whether there are more, and from where.")
    position: int = strawberry.field(description="The position of the ledger that it was read at.")

    @strawberry.field(description="The items alone.")
    def nodes(self) -> list[T]:
        return [edge.node for edge in self.edges]


def connection(
    items: Sequence[tuple[str, T]], position: int, *, more_before: bool, more_after: bool
) -> Connection[T]:
    """A page of items, each with its key."""
    edges = [Edge(cursor=cursor(key, position), node=node) for key, node in items]
    info = PageInfo(
        has_next_page=more_after,
        has_previous_page=more_before,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info, position=position)


def cursor(key: str, position: int) -> str:
    return urlsafe_b64encode(f"{position}:{key}".encode()).decode().rstrip("=")


def key_and_position(given: str) -> tuple[str, int]:
    """The key and the position in a cursor. Raises BadPage."""
    try:
        text = urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
        position, colon, key = text.partition(":")
        if colon:
            return key, int(position)
    except ValueError:
        pass
    raise BadPage(f"{given[:60]!r} is not a cursor that was given out here")


def size_of(first: int | None, last: int | None = None) -> int:
    """The number of items on the page. Raises BadPage."""
    if first is not None and last is not None:
        raise BadPage("give first or last, not both")
    size = next((each for each in (first, last) if each is not None), PAGE)
    if not 0 <= size <= LONGEST_PAGE:
        raise BadPage(f"a page has 0 to {LONGEST_PAGE} items, not {size}")
    return size
