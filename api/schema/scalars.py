"""How are times written in GraphQL?"""

from typing import Any, NewType

import strawberry

from domain.occurred import Instant, Occurred, parse_moment, rfc3339

Moment = NewType("Moment", int)
When = NewType("When", Occurred)
DateTime = NewType("DateTime", int)
Date = NewType("Date", int)


def _moment(text: Any) -> Moment:
    return Moment(parse_moment(str(text)))


def _when(text: Any) -> When:
    return When(Occurred.parse(str(text)))


def _instant(text: Any) -> DateTime:
    return DateTime(parse_moment(str(text)))


def _date(text: Any) -> Date:
    return Date(Occurred.parse(str(text)).window.earliest)


SCALARS: dict[object, Any] = {
    Moment: strawberry.scalar(
        name="Moment",
        description='An instant that is asked about: a date such as "2023-11-14" is the close of '
        "that day, UTC; or an RFC 3339 instant.",
        serialize=lambda instant: rfc3339(Instant(instant)),
        parse_value=_moment,
    ),
    When: strawberry.scalar(
        name="When",
        description='When something happened or was said, as exactly as it is known: "2023-11-14",'
        ' "2023-11", "2023", "2023-11-14T06Z", an RFC 3339 instant, or two of them as a range, '
        '"2023-10-05/2023-10-06".',
        serialize=str,
        parse_value=_when,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An RFC 3339 instant in UTC, to the microsecond.",
        serialize=lambda instant: rfc3339(Instant(instant)),
        parse_value=_instant,
    ),
    Date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, UTC, as 2023-11-14.",
        serialize=lambda instant: rfc3339(Instant(instant))[:10],
        parse_value=_date,
    ),
}
