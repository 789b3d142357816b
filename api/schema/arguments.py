"""The arguments of questions, each described once."""

from typing import Annotated

from strawberry import ID, argument

from api.schema.scalars import Moment

At = Annotated[Moment, argument(description="The moment in the world (valid time).")]
KnownAt = Annotated[
    Moment | None,
    argument(
        description="Only what had been recorded by then (recorded time). Give this or position, "
        "not both; with neither, all that is known now."
    ),
]
Position = Annotated[
    int | None,
    argument(description="Only what had been recorded up to that position of the ledger."),
]
From = Annotated[
    Moment | None,
    argument(name="from", description="Only periods that last beyond this moment."),
]
To = Annotated[Moment | None, argument(description="Only periods that have begun by this moment.")]
PlaceId = Annotated[ID, argument(description="The place, by its slug or its global id.")]
Within = Annotated[
    ID | None,
    argument(description="Only places inside this one, at any depth; a slug or a global id."),
]
Box = Annotated[
    list[float] | None,
    argument(
        description="Only places in this box of degrees: [west, south, east, north]. One that "
        "crosses the antimeridian has its west east of its east."
    ),
]
Inherit = Annotated[
    bool | None,
    argument(
        description="Where the place has no voice of its own, answer as for the place around it."
    ),
]
Search = Annotated[
    str | None,
    argument(
        description="Only what goes by such a name, or once did: an alias of any script, an id or "
        "a code too. Case, accents, hyphens and ways of transliterating don't matter. The best "
        "comes first."
    ),
]
HappenedFrom = Annotated[
    Moment | None,
    argument(name="from", description="Only what may have happened at that moment or later."),
]
HappenedTo = Annotated[
    Moment | None, argument(description="Only what may have happened by that moment.")
]
Inside = Annotated[
    bool, argument(description="Also what concerns the places inside it, at any depth.")
]
AtSome = Annotated[
    Moment | None,
    argument(
        description="The moment in the world (valid time); where nothing is said, all that is "
        "known counts, whenever it happened."
    ),
]
Members = Annotated[
    bool, argument(description="Of a coalition, also that of its members, at any depth.")
]
NamesAt = Annotated[
    Moment | None,
    argument(
        description="The moment in the world; where nothing is said, that of the answer which this "
        "is part of, and else the last that is known of."
    ),
]
ThingId = Annotated[ID, argument(description="Its slug or its global id.")]
NodeId = Annotated[ID, argument(description="The global id, as an answer gave it.")]
First = Annotated[
    int | None,
    argument(description="At most so many, from the beginning; 50 where nothing is said."),
]
After = Annotated[
    str | None,
    argument(description="Only what follows this cursor, read at the position of its page."),
]
Last = Annotated[int | None, argument(description="At most so many, from the end.")]
Before = Annotated[
    str | None,
    argument(description="Only what precedes this cursor, read at the position of its page."),
]
Token = Annotated[str, argument(description="The token, as the basis of an answer gave it.")]
