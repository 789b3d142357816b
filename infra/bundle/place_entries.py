"""What does a bundle hold of one place? Enough to fold it, and to say who is who.

The entries are read from end to end a few times, and only those that bear on the place are kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import (
    EVENT_TYPES,
    ActorAmended,
    ActorRegistered,
    Event,
    LineageEvent,
    LocationAmended,
    LocationRegistered,
    LocationRenamed,
    RecordKeeping,
    ReportAmended,
    ReportFiled,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.occurred import Instant
from domain.reachability import reachable
from domain.references import REGISTERED_BY
from domain.values import EventId, LocationId
from infra.bundle.clock import Clock, ticks_in, ticks_of
from infra.bundle.containment import containers_in
from infra.bundle.files import BundleFolder
from infra.bundle.layout import ENTRIES, BadBundle, Line, parse_line
from infra.ledger.codec import Recorded, recorded_at_of
from infra.ledger.legibility import PassedOver, Sieve

Json = dict[str, Any]

_INTRODUCES = (
    SourceRegistered,
    SourceRegraded,
    SourceEnded,
    SourceAmended,
    LocationRegistered,
    LocationAmended,
    LocationRenamed,
    ActorRegistered,
    ActorAmended,
    LineageEvent,
)
"""What is kept whichever place is asked about."""


@dataclass(frozen=True, slots=True)
class PlaceKept:
    """What bears on a place and on those around it, in the order of recording, and the clock."""

    entries: list[Recorded]
    """Each with the recorded time that counts."""
    clock: Clock
    around: dict[LocationId, set[LocationId]]
    """The places within which each place was ever said to lie."""


def read_place(folder: BundleFolder, location: str) -> PlaceKept:
    """Of a bundle that was checked: the place, and the places that contain it.

    Raises BadBundle where an entry names what was not introduced before it, as no ledger lets it.
    """
    kept = _Kept()
    clock = Clock(ticks_of(_introduced(folder, kept)))
    if folder.manifest.within is not None:
        clock = Clock(ticks_in(folder))
    containers = containers_in(kept.events)
    places = {location, *reachable([LocationId(location)], containers.__getitem__)}
    for line, entry in _stored(folder):
        kind = _type_of(entry)
        told = entry["event"]
        is_said = issubclass(kind, SituationEvent) and told.get("location") in places
        if is_said or (issubclass(kind, RecordKeeping) and told.get("event") in kept.ids):
            kept.keep(line)
    while wanted := kept.reports_wanted - kept.reports_sought:
        kept.reports_sought |= wanted
        for line, entry in _stored(folder):
            kind, told = _type_of(entry), entry["event"]
            is_filed = issubclass(kind, (ReportFiled, ReportAmended))
            is_kept = issubclass(kind, RecordKeeping) and told.get("event") in kept.ids
            if is_kept or (is_filed and told.get("report") in wanted):
                kept.keep(line)
    entries = list(kept.in_order(clock))
    _refuse_unknown(folder, entries)
    return PlaceKept(entries, clock, containers)


class _Kept:
    """The entries that were kept so far, and the reports that they cite."""

    def __init__(self) -> None:
        self._sieve = Sieve()
        self.ids: set[EventId] = set()
        self.reports_wanted: set[str] = set()
        self.reports_sought: set[str] = set()
        self._entries: dict[int, Recorded] = {}

    def keep(self, line: Line) -> None:
        recorded = self._sieve.read(line.position, line.entry)
        if isinstance(recorded, PassedOver):
            return
        self._entries[line.position] = recorded
        self.ids.add(recorded.statement.id)
        match recorded.event:
            case SituationEvent() | RecordKeeping() as said:
                self.reports_wanted.add(said.report)
            case ReportFiled() as report if report.syndicated_from:
                self.reports_wanted.add(report.syndicated_from)

    @property
    def events(self) -> Iterator[Event]:
        return (each.event for each in self._entries.values())

    def in_order(self, clock: Clock) -> Iterator[Recorded]:
        """All that can be read, and doesn't rest on what can't: every entry that one of these
        rests on was to be kept."""
        for position, each in sorted(self._entries.items()):
            if self._sieve.hold(each) is not each:
                continue
            counts = clock.recorded_at(position)
            yield each if counts is None else each.at(counts)


def _introduced(folder: BundleFolder, kept: _Kept) -> Iterator[tuple[int, Instant | None]]:
    """When each entry was recorded; on the way, those that are kept anyway are."""
    for line, entry in _stored(folder):
        if issubclass(_type_of(entry), _INTRODUCES):
            kept.keep(line)
        yield line.position, recorded_at_of(line.entry)


def _refuse_unknown(folder: BundleFolder, entries: list[Recorded]) -> None:
    known: set[tuple[str, str]] = set()
    for each in entries:
        subject = each.statement.subject
        for kind, slug, _ in each.statement.references:
            is_new = subject is not None and (kind, slug) == subject[:2]
            if kind in REGISTERED_BY and is_new is ((kind, slug) in known):
                wrong = (
                    "introduces it again"
                    if is_new
                    else "names it, and nothing before it introduces it"
                )
                raise BadBundle(
                    f"{folder.path}: {kind} {slug}: the entry at position {each.position} {wrong}"
                )
        if subject:
            known.add(subject[:2])


def _stored(folder: BundleFolder) -> Iterator[tuple[Line, Json]]:
    for _, data in folder.lines(ENTRIES):
        line = parse_line(data)
        yield line, orjson.loads(line.entry)


def _type_of(entry: Json) -> type[Event]:
    return EVENT_TYPES[entry["type"]]
