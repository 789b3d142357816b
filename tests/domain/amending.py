"""Random amendments; and a naive reading of amended registrations, field by field."""

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

from domain import events
from domain.registry import Entry
from domain.values import LocationKind
from tests.domain.builders import event

PLACES = ["kidal", "kidal", "tessalit", "gao"]
NAMES = st.sampled_from(["Another", "Third", "Gao", "fama", "Kidal city"])
ALIASES = st.sampled_from([[], ["Fourth"], ["Fourth", "Another"]])


@st.composite
def amendments(
    draw: st.DrawFn, actors: Sequence[str], sources: Sequence[str], reports: Sequence[str]
) -> events.Amendment:
    """What amends the registration of a place, mostly; or of an actor, a source or a report."""
    kind = draw(st.sampled_from([events.LocationAmended] * 4 + _OTHERS))
    reason = draw(st.sampled_from(["a slip", "another slip"]))
    if kind is events.LocationAmended:
        return draw(_of_a_place(reason))
    name = draw(NAMES)
    if kind is events.ActorAmended:
        actor, aliases = draw(st.sampled_from(actors)), draw(st.none() | ALIASES)
        return event(kind, actor=actor, aliases=aliases, name=name, reason=reason)
    if kind is events.SourceAmended:
        source, continuous = draw(st.sampled_from(sources)), draw(st.none() | st.booleans())
        return event(kind, source=source, continuous=continuous, name=name, reason=reason)
    return event(kind, report=draw(st.sampled_from(reports)), title=name, reason=reason)


_OTHERS: list[type[events.Amendment]] = [
    events.ActorAmended,
    events.SourceAmended,
    events.ReportAmended,
]


@st.composite
def _of_a_place(draw: st.DrawFn, reason: str) -> events.LocationAmended:
    place = draw(st.sampled_from(PLACES))
    said: list[dict[str, Any]] = [
        *({"kind": kind} for kind in LocationKind),
        *({"within": each} for each in PLACES if each != place),
        *({"cleared": ["within"]}, {"aliases": ["Fourth"]}, {"name": "Third"}),
        {"coordinates": {"latitude": 18.44, "longitude": 1.4}, "aliases": []},
    ]
    changes = draw(st.sampled_from(said))
    return event(events.LocationAmended, location=place, reason=reason, **changes)


def as_it_reads(registered: Any, ledger: Sequence[Entry]) -> Any:
    """The registration as amended at the end of the ledger."""
    return registered.model_copy(
        update={name: _last_word(registered, name, ledger) for name, _ in registered}
    )


def _last_word(registered: Any, field: str, ledger: Sequence[Entry]) -> Any:
    for amendment in _standing(registered, ledger):
        if field in getattr(amendment, "cleared", ()):
            return None
        if field not in ("source", "report", "location", "actor"):
            given = getattr(amendment, field, None)
            if given is not None:
                return given
    return getattr(registered, field)


def _standing(registered: Any, ledger: Sequence[Entry]) -> Iterator[events.Amendment]:
    """The live amendments of a registration, the last first."""
    amending: dict[type[events.Event], tuple[type[events.Amendment], str]] = {
        events.LocationRegistered: (events.LocationAmended, "location"),
        events.ActorRegistered: (events.ActorAmended, "actor"),
        events.SourceRegistered: (events.SourceAmended, "source"),
        events.ReportFiled: (events.ReportAmended, "report"),
    }
    introduced: type[events.Event] = type(registered)
    kind, id = amending[introduced]
    for entry in reversed(ledger):
        said: events.Event = entry.statement.event
        if isinstance(said, kind) and getattr(said, id) == getattr(registered, id):
            kept = [
                each.statement.event
                for each in ledger
                if isinstance(each.statement.event, events.RecordKeeping)
                and each.statement.event.event == entry.statement.id
            ]
            if not kept or isinstance(kept[-1], events.EventReinstated):
                yield said


def containers_in(ledger: Sequence[Entry]) -> dict[str, str | None]:
    """The container of each place, at the end of the ledger."""
    said = (entry.statement.event for entry in ledger)
    places = [each for each in said if isinstance(each, events.LocationRegistered)]
    return {place.location: as_it_reads(place, ledger).within for place in places}
