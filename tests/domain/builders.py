"""Statements of sources, in a line each: `captured(by="fama", day=5)`, `seen("csp", day=9)`."""

from datetime import date, timedelta
from typing import Any, TypeVar

from domain import events
from domain.control.claims import Claim, assertion_of
from domain.grades import Grade
from domain.occurred import Instant, Occurred, Window
from domain.registry import Entry, Statement
from domain.values import EventId, LocationKind, Reliability, ReportId, SourceId

E = TypeVar("E", bound=events.Event)

END = Instant(253_402_300_800_000_000)
"""The year 10000: the end of a continuous source without an end."""


def text_of(day: int | str) -> str:
    """The first of November 2023 is day 1; a text stands for itself."""
    return day if isinstance(day, str) else str(date(2023, 10, 31) + timedelta(days=day))


def event(kind: type[E], /, **fields: object) -> E:
    """An event about Kidal from one report, but for the given fields."""
    common = {"location": "kidal", "report": "report-1", "credibility": 2}
    known = {name: value for name, value in common.items() if name in kind.model_fields}
    return kind.model_validate(known | fields)


def event_id(position: int) -> EventId:
    return EventId(f"{position:08x}-0000-4000-8000-000000000000")


def entries(*said: events.Event) -> list[Entry]:
    """The events as entries of a ledger, from position 1 on."""
    return [Entry(n, Statement(event_id(n), each)) for n, each in enumerate(said, 1)]


def captured(by: object, *, taken_from: object = (), **told: Any) -> Claim:
    return _claim(event(events.BaseCaptured, occurred="2023", by=by, taken_from=taken_from), **told)


def seized(by: object, *, taken_from: object = (), **told: Any) -> Claim:
    return _claim(event(events.TownSeized, occurred="2023", by=by, taken_from=taken_from), **told)


def handed_over(by: object, *, to: object, **told: Any) -> Claim:
    said = event(events.ControlHandedOver, occurred="2023", handed_from=by, handed_to=to)
    return _claim(said, **told)


def abandoned(by: object, **told: Any) -> Claim:
    return _claim(event(events.PositionAbandoned, occurred="2023", by=by), **told)


def seen(*holders: str, **told: Any) -> Claim:
    """Seen in the hands of these actors; seen empty, without actors."""
    return _claim(event(events.ControlReported, occurred="2023", holders=holders), **told)


def contested(*between: str, **told: Any) -> Claim:
    return _claim(event(events.LocationContested, occurred="2023", between=between), **told)


def nobody_knows(**told: Any) -> Claim:
    """A source reports that the holder is not known."""
    return _claim(event(events.ControlReportedUnknown, occurred="2023"), **told)


def _claim(
    said: events.LocatedEvent,
    *,
    day: int | str,
    grade: str = "B2",
    source: str = "",
    copied_by: str = "",
    published: int | str | None = None,
    continuous: bool | int | str = False,
) -> Claim:
    """A claim without id and position; `given` provides them, and a source for a claim without a
    name. The time of publication is the time of the event, unless another is given. A source may be
    continuous up to the opening of a day."""
    asserts = assertion_of(said, LocationKind.BASE)
    assert asserts
    spoken = _window(day if published is None else published)
    return Claim(
        event=EventId(""),
        position=0,
        occurred=_window(day),
        published=Instant(spoken.latest - 1),
        spoken=spoken,
        asserts=asserts,
        origin=SourceId(source),
        source=SourceId(copied_by or source),
        report=ReportId("report-1"),
        grade=Grade(Reliability(grade[0]), int(grade[1])),
        kept_until=_kept_until(continuous),
    )


def _window(day: int | str) -> Window:
    return Occurred.parse(text_of(day)).window


def _kept_until(continuous: bool | int | str) -> Instant | None:
    if isinstance(continuous, bool):
        return END if continuous else None
    return _window(continuous).earliest
