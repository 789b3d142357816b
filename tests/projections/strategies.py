"""Random ledgers as they are appended: real ids, corrections, words that arrive in any order."""

from collections.abc import Sequence

from hypothesis import strategies as st

from domain import events
from domain.registry import Statement
from domain.values import EventId
from infra.ledger.codec import correction, identify
from tests.domain.builders import event
from tests.domain.strategies import ACTORS, Told, credibilities, ledgers, times

Append = list[Statement]

new_names = st.sampled_from(["Another", "Third", "Gao", "fama"])

_REGISTRATIONS: list[events.Event] = [
    *(
        event(events.ActorRegistered, actor=actor, name=actor, kind="armed-group")
        for actor in ACTORS
    ),
    event(events.LocationRegistered, location="gao", name="Gao", kind="town"),
]


@st.composite
def appends(draw: st.DrawFn, told: Sequence[Told] = ()) -> list[Append]:
    """What is recorded together. Some of it is said twice, and some will be refused."""
    made: list[Append] = [[identify(each) for each in _REGISTRATIONS]]
    said: dict[EventId, Statement] = {}
    for entry in draw(ledgers(told)):
        heard = entry.statement.event
        if isinstance(heard, events.RecordKeeping):
            append = draw(_kept(heard, said[heard.event], len(made)))
        else:
            append = [identify(draw(_varied(heard)))]
        said[entry.statement.id] = append[0]
        made.append(append)
    return made


@st.composite
def _varied(draw: st.DrawFn, told: events.Event) -> events.Event:
    """As it was drawn; a capture may be a seizure, a convoy have somewhere to go, one place lie in
    another, and a place or an actor take one name or another."""
    match told:
        case events.ReportFiled() if draw(st.booleans()):  # late enough to tell of anything
            return event(type(told), **dict(told) | {"published": "2023-12"})
        case events.LocationRegistered():
            around = st.sampled_from([None, "gao", *({"kidal"} - {told.location})])
            return event(type(told), **dict(told) | {"within": draw(around)})
        case events.ActorRenamed():
            return event(type(told), **dict(told) | {"name": draw(new_names)})
        case events.LocationContested() if draw(st.booleans()):
            shared = {name: value for name, value in told if name != "between"}
            return event(events.LocationRenamed, **shared, name=draw(new_names))
        case events.BaseCaptured() if draw(st.booleans()):
            return events.TownSeized(**dict(told))
        case events.ConvoyStalled() if draw(st.booleans()):
            shared = {name: value for name, value in told if name != "halted_by"}
            return event(events.ConvoyDeparted, **shared, bound_for="gao")
    return told


@st.composite
def _kept(draw: st.DrawFn, told: events.RecordKeeping, target: Statement, number: int) -> Append:
    """Taken back, reinstated or corrected, each time for a reason of its own."""
    reason, wrong = f"because of {number}", target.event
    if isinstance(told, events.EventRetracted) and isinstance(wrong, events.SituationEvent):
        if draw(st.booleans()):
            fields = dict(wrong) | {"occurred": draw(times()), "credibility": draw(credibilities)}
            right = event(type(wrong), **fields)
            return list(correction(target.id, reason, told.report, right))
    return [identify(told.model_copy(update={"event": target.id, "reason": reason}))]
