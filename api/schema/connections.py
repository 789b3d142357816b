"""Pages of a long list in GraphQL, by the Relay cursor specification."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import strawberry

from api.answers.pages import cursor

T = TypeVar("T")


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
