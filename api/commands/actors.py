"""Which actors are registered?"""

from collections.abc import Iterator
from functools import partial

import click

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.pages import found_in, key_of
from api.commands.environment import node_caught_up
from api.commands.listing import PageAsked, page_options, say_json, say_rest
from api.commands.print.columns import in_columns
from api.commands.print.terminal import say
from domain.values import ActorKind
from projections.actors import ActorRow


@click.command("actors")
@click.option("--search", metavar="NAME", help="Only who goes, or once went, by such a name.")
@click.option(
    "--kind",
    type=click.Choice([each.value for each in ActorKind], case_sensitive=False),
    help="Only of this kind.",
)
@page_options("ActorConnection")
def command(
    search: str | None,
    kind: str | None,
    page: PageAsked,
) -> None:
    """The registered actors, by id; with --search, the best matches first. Each line has the id,
    the name and the kind.

    \b
    Examples:
      tenure actors
      tenure actors --search azawad
      tenure actors --kind state-force --json

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    with node_caught_up() as node:
        answers, wanted = node.answers, None if kind is None else ActorKind(kind)
        if page.as_json:
            of_kind = wanted and wanted.name
            say_json(node, "actors", page, search=search, kind=of_kind)
            return
        key, position = page.start(partial(found_in, what="actors"))
        basis = answers.basis(position=position)
        rows, more = answers.page_of_actors(wanted, search, basis, size=page.size, after=key)
        say(*actor_lines(answers, [actor for _, actor in rows], basis))
        if more:
            say_rest(key_of(rows[-1][0]), basis.position)


def actor_lines(answers: Answers, actors: list[ActorRow], basis: Basis) -> Iterator[str]:
    """A line for each actor."""
    names = answers.names(basis)
    yield from in_columns(
        (each.actor, names.actor(each.actor), each.kind.replace("-", " ")) for each in actors
    )
