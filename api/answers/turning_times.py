"""The times of changed answers, in words, by the clocks of the question."""

from domain.local_days import day_of, local_of
from domain.occurred import Instant, Precision, Window, rfc3339
from infra.time_zones import clock_time


def spoken_turn(at: Instant, told: Window | None, zone: str | None) -> str:
    """The day, hour or instant of a change; `told` is the window of the report behind the change,
    where known. A change counts from the close of the window.

    A day follows the clocks of the report, with a zone where the question has other clocks.
    """
    if told is None:
        return rfc3339(_shown(at, zone))[:10]
    if (day := day_of(told)) is not None:
        is_asked_for = day == _shown(told.earliest, zone)
        local = local_of(told)
        return rfc3339(day)[:10] + ("" if is_asked_for else f" ({local.zone if local else 'UTC'})")
    suffix = "" if zone else "Z"
    opening = rfc3339(_shown(told.earliest, zone))
    match told.precision:
        case Precision.INSTANT:
            return opening.removesuffix("Z") + suffix
        case Precision.HOUR:
            is_whole = opening[13:16] == ":00"
            return opening[: 13 if is_whole else 16] + suffix
        case Precision.MONTH | Precision.YEAR:
            local = local_of(told)
            first = rfc3339(local.window.earliest if local else told.earliest)
            return first[: 7 if told.precision is Precision.MONTH else 4]
    return rfc3339(_shown(at, zone))[:10]


def _shown(at: Instant, zone: str | None) -> Instant:
    return at if zone is None else clock_time(at, zone)
