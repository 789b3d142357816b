"""Lists on the command line: the options for a page, the JSON of GraphQL, and what was left out."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import click

from api.answers.pages import LONGEST_PAGE, PAGE, cursor, size_of
from api.commands.print.terminal import say, say_document
from api.commands.question import Command
from api.node import Node
from domain.occurred import Instant, rfc3339

K = TypeVar("K")


class PageAsked(NamedTuple):
    """The page asked for, in which form."""

    first: int | None
    after: str | None
    as_json: bool

    @property
    def size(self) -> int:
        return size_of(self.first)

    def start(self, read: Callable[[str], tuple[K, int]]) -> tuple[K | None, int | None]:
        """The key before the page and the position of the list, by the reader of the cursor."""
        return (None, None) if self.after is None else read(self.after)


def page_options(of: str) -> Callable[[Command], Command]:
    """Adds the options for the page, and for JSON with the fields of a GraphQL connection; the
    command gets them as `page`."""
    options = (
        click.option(
            "--first",
            type=click.IntRange(1, LONGEST_PAGE),
            metavar="N",
            help=f"At most so many; {PAGE} unless another number is given.",
        ),
        click.option("--after", metavar="CURSOR", help="Only what follows a page before."),
        json_of(of),
    )

    def with_options(command: Callable[..., Any]) -> Any:
        @wraps(command)
        def paged(*, first: int | None, after: str | None, as_json: bool, **more: Any) -> Any:
            return command(page=PageAsked(first, after, as_json), **more)

        for option in reversed(options):
            paged = option(paged)
        return paged

    return with_options


def json_of(of: str) -> Callable[[Command], Command]:
    """Adds the option for JSON with the fields of a GraphQL connection."""
    return click.option(
        "--json", "as_json", is_flag=True, help=f"One JSON document, as GraphQL's {of}."
    )


def say_json(node: Node, name: str, page: PageAsked | None = None, **variables: Any) -> None:
    """Prints the answer of GraphQL to a document of a list."""
    from api.schema.desk_documents import document

    if page:
        variables |= {"first": page.first, "after": page.after}
    say_document(document(node, name, variables))


def say_rest(key: str, position: int, onwards: str = "--after") -> None:
    """Tells on stderr that more follows beyond the item with the key, and how to go on."""
    what = "follow" if onwards == "--after" else "come before"
    say(f"more {what}; for these, add {onwards} {cursor(key, position)}", err=True)


def as_moment(at: Instant | None) -> str | None:
    """The moment as a variable of GraphQL."""
    return None if at is None else rfc3339(at)


def given(**fields: Any) -> Mapping[str, Any]:
    """The fields of a filter in GraphQL with a value."""
    return {name: value for name, value in fields.items() if value is not None}
