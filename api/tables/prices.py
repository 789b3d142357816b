"""What does a table cost, in milliseconds, on an idle core of a usual server?

The numbers were measured over the tables themselves, as those of `api.schema.prices`.
"""

from api.ids import NotAnId, slug_of
from api.tables.asked import AskedTable, Reach
from api.tables.question import ALL_KNOWLEDGE, EXPLAIN
from domain.occurred import Instant, NotATime
from infra.time_zones import UnknownZone, moment
from projections.statistics import Statistics

_BEGUN = 3.0
_PLACE, _ANSWER, _EXPLAINED = 0.2, 0.002, 0.13
_PERIOD, _VERSIONS, _SWEPT, _WALKED = 0.3, 3.0, 0.2, 0.8
_STATEMENT, _WEIGHED = 0.2, 0.05
_AGES = 2**60
"""In microseconds, more than any two instants are apart."""


def price_of(asked: AskedTable, counts: Statistics) -> float:
    """The computing of the table, before anything is looked up. Raises BadToken."""
    reach = asked.reach
    match asked.table:
        case "control":
            return _BEGUN + _control(reach, counts)
        case "timelines":
            return _BEGUN + _timelines(reach, counts)
        case "events":
            return _BEGUN + _events(asked, reach, counts)


def narrowing_of(asked: AskedTable) -> tuple[str, ...]:
    """The parameters that make the table cheaper."""
    return ("within", "from", "to") if asked.table == "events" else ("within",)


def _control(reach: Reach, counts: Statistics) -> float:
    places, claims = _places(reach, counts), _claims(reach, counts)
    swept = _SWEPT * claims if reach.has_perspective else 0.0
    explained = _EXPLAINED * claims if EXPLAIN in reach.options else 0.0
    return _PLACE * places + _ANSWER * claims + swept + explained


def _timelines(reach: Reach, counts: Statistics) -> float:
    places, claims = _places(reach, counts), _claims(reach, counts)
    rows = _PERIOD * claims * (_VERSIONS if ALL_KNOWLEDGE in reach.options else 1.0)
    walked = _WALKED * claims if reach.has_perspective else 0.0
    return _PLACE * places + rows + walked


def _events(asked: AskedTable, reach: Reach, counts: Statistics) -> float:
    place = _place(reach)
    since, until = (
        _instant(each, asked.zone, otherwise)
        for each, otherwise in ((reach.since, -_AGES), (reach.until, _AGES))
    )
    statements = counts.statements_between(place, since, until)
    looked_through = counts.entries_under(f"within:{place}") if place else counts.totals.statements
    weighed = _WEIGHED if reach.has_perspective else 0.0
    return (_STATEMENT + weighed) * statements + 0.001 * looked_through


def _places(reach: Reach, counts: Statistics) -> int:
    place = _place(reach)
    return 1 + counts.places_inside(place) if place else max(1, counts.totals.places)


def _claims(reach: Reach, counts: Statistics) -> int:
    """The claims on places in reach: of a region at most as many as entries about the region."""
    place = _place(reach)
    claims = counts.totals.claims
    return min(claims, counts.entries_under(f"within:{place}")) if place else claims


def _place(reach: Reach) -> str | None:
    if not reach.within:
        return None
    try:
        return slug_of(reach.within, "Location")
    except NotAnId:
        return None


def _instant(text: str | None, zone: str | None, otherwise: int) -> Instant:
    """The instant of a text that may be unreadable still."""
    if text is None:
        return Instant(otherwise)
    try:
        return moment(text, zone)
    except (NotATime, UnknownZone):
        return Instant(otherwise)
