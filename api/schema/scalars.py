"""The scalars of the GraphQL contract: times and counts."""

from contextlib import suppress
from enum import Enum
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.enum import has_enum_definition

from domain.occurred import Instant, Occurred, parse_moment, rfc3339
from infra.time_zones import UnknownZone, resolved

Moment = NewType("Moment", int)
When = NewType("When", str)
"""The text of a time; only the clocks of place, report or source make an instant of the text."""
DateTime = NewType("DateTime", int)
Date = NewType("Date", int)
Count = NewType("Count", int)


def explained_enum(enum: type[Enum], name: str | None = None) -> None:
    """Makes a GraphQL enum of an enum whose values explain the members, each in a sentence."""
    strawberry.enum(enum, name=name, description=enum.__doc__)
    assert has_enum_definition(enum)
    for member in enum.__strawberry_definition__.values:
        member.description = member.value


def _moment(text: Any) -> Moment:
    return Moment(parse_moment(str(text)))


def _when(text: Any) -> When:
    with suppress(UnknownZone):  # refused at the recording, as data
        resolved(str(text), "UTC")
    return When(str(text))


def _instant(text: Any) -> DateTime:
    return DateTime(parse_moment(str(text)))


def _date(text: Any) -> Date:
    return Date(Occurred.parse(str(text)).window.earliest)


def _count(given: Any) -> Count:
    if isinstance(given, bool) or not isinstance(given, int):
        raise GraphQLError(f"{str(given)[:60]!r} is not a whole number")
    return Count(given)


_RFC_3339 = "https://www.rfc-editor.org/rfc/rfc3339"
"""Specifies DateTime and Date. Moment, When and Count are our own: nobody else specifies them."""

SCALARS: dict[object, Any] = {
    Moment: strawberry.scalar(
        name="Moment",
        description='An instant that is asked about: a date such as "2023-11-14" is the close of '
        'that day, UTC; with an offset, "2021-08-15+04:30", of the day by such clocks; or an RFC '
        "3339 instant.",
        serialize=lambda instant: rfc3339(Instant(instant)),
        parse_value=_moment,
    ),
    When: strawberry.scalar(
        name="When",
        description='When something happened or was said, as exactly as it is known: "2023-11-14",'
        ' "2023-11", "2023", "2023-11-14T06Z", an RFC 3339 instant, or two of them as a range, '
        '"2023-10-05/2023-10-06". Days, months and hours without an offset are told in the zone of '
        "the report, else of the place, else of the source, where these have one, and else in "
        'UTC; "2021-08-15[Asia/Kabul]" or "2021-08-15+04:30" says otherwise.',
        serialize=str,
        parse_value=_when,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An RFC 3339 instant in UTC, to the microsecond.",
        specified_by_url=_RFC_3339,
        serialize=lambda instant: rfc3339(Instant(instant)),
        parse_value=_instant,
    ),
    Count: strawberry.scalar(
        name="Count",
        description="A whole number of people, which may be larger than an Int holds.",
        serialize=int,
        parse_value=_count,
    ),
    Date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, UTC, as 2023-11-14: a full-date of RFC 3339.",
        specified_by_url=_RFC_3339,
        serialize=lambda instant: rfc3339(Instant(instant))[:10],
        parse_value=_date,
    ),
}
