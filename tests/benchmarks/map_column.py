"""How fast is a column of the map that moves, beside the maps of others with the same rows?

A column of a moment says of every place what a map of it says, but for names and coordinates, which
come once. Every column is of another moment, known at one position, as a page asks that animates.
"""

from collections.abc import Iterator, Sequence
from random import Random
from urllib.parse import urlencode

import orjson

from domain.occurred import DAY, Instant, parse_moment, rfc3339
from tests.benchmarks.graphql_load import ask, get

FIRST, LAST = parse_moment("2014-01-01"), parse_moment("2023-12-31")
MEDIA = {"JSON": b"application/json", "bytes": b"application/octet-stream"}
Answered = Sequence[tuple[object, ...]]


class ColumnDiffers(Exception):
    """A column says otherwise than the map of the moment, so that no figure means anything."""


def moments(run: int, number: int) -> Iterator[str]:
    """Random moments, others in every run."""
    random = Random(run)
    for _ in range(number):
        yield rfc3339(Instant(random.randrange(FIRST, LAST, DAY // 24)))


def column(at: str, position: int, form: str = "JSON") -> bytes:
    """The request for a column."""
    asked = get(f"/map/column?{urlencode({'at': at, 'position': position})}")
    return asked.replace(MEDIA["JSON"], MEDIA[form])


def compare(port: int, at: str, position: int, answered: Answered) -> None:
    """`answered` has place, status, certainty and names of holders of a map at the moment; places
    and actors go by their ids there. Raises ColumnDiffers."""
    told = orjson.loads(ask(port, column(at, position)))
    places = orjson.loads(ask(port, get(f"/map/places?position={position}")))["id"]
    looks = (told["looks"][number] for number in told["column"])
    shown = [
        (place, look["status"], look["certain"], look["holders"] * (look["status"] == "HELD"))
        for place, look in zip(places, looks, strict=True)
    ]
    expected = [(place["slug"], *more) for place, *more, _ in answered]  # type: ignore[index]
    if shown != expected:
        pair = next(pair for pair in zip(shown, expected, strict=True) if pair[0] != pair[1])
        raise ColumnDiffers(f"{at}: {pair}")
