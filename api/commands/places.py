"""Which places are registered?"""

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
from api.ids import slug_of
from domain.values import LocationKind
from projections.places import Place, PlaceFilter

Box = tuple[float, float, float, float]


@click.command("places")
@click.option("--search", metavar="NAME", help="Only what goes, or once went, by such a name.")
@click.option("--within", metavar="PLACE", help="Only places inside that place.")
@click.option(
    "--kind",
    type=click.Choice([each.value for each in LocationKind], case_sensitive=False),
    help="Only of this kind.",
)
@click.option(
    "--bbox",
    type=(click.FloatRange(-180, 180), click.FloatRange(-90, 90)) * 2,
    metavar="W S E N",
    help="Only places in this box of degrees: west, south, east, north.",
)
@page_options("LocationConnection")
def command(
    search: str | None,
    within: str | None,
    kind: str | None,
    bbox: Box | None,
    page: PageAsked,
) -> None:
    """The registered places, by id; with --search, the best matches first. Each line has the id,
    the name, the kind, the places around, and the degrees north and east.

    \b
    Examples:
      tenure places --within kidal-region
      tenure places --search Tombouctou
      tenure places --kind base --first 20 --json

    Case, accents, hyphens, ways of transliterating and small misspellings of a name don't matter.

    Exit codes: 0 answered, be it with none; 1 refused, stderr says why; 2 misuse.
    """
    if bbox and bbox[1] > bbox[3]:
        raise click.UsageError("the second number of --bbox is the south, the fourth the north")
    with node_caught_up() as node:
        answers, of_kind = node.answers, None if kind is None else LocationKind(kind)
        around = None if within is None else answers.place(slug_of(within, "Location")).location
        if page.as_json:
            asked = {"search": search, "within": around, "kind": of_kind and of_kind.name}
            box = bbox and list(bbox)
            say_json(node, "places", page, bbox=box, **asked)
            return
        key, position = page.start(partial(found_in, what="places"))
        basis = answers.basis(position=position)
        wanted = PlaceFilter(around, of_kind, bbox)
        rows, more = answers.page_of_places(wanted, search, basis, size=page.size, after=key)
        say(*place_lines(answers, [place for _, place in rows], basis))
        if more:
            say_rest(key_of(rows[-1][0]), basis.position)


def place_lines(answers: Answers, places: list[Place], basis: Basis) -> Iterator[str]:
    """A line for each place: equal names are told apart by what lies around."""
    names = answers.names(basis)
    yield from in_columns(
        (place.location, names.location(place.location), _described(answers, place, basis))
        for place in places
    )


def _described(answers: Answers, place: Place, basis: Basis) -> str:
    names = answers.names(basis)
    around = answers.places.around(place.location, known=basis.position)
    where = f" in {', '.join(map(names.location, around))}" if around else ""
    if place.latitude is None or place.longitude is None:
        return f"{place.kind}{where}"
    return f"{place.kind}{where} ({place.latitude:.4f}, {place.longitude:.4f})"
