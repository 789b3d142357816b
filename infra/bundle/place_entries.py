"""The entries of a bundle about one place: enough for its timeline and for all names.

The entries are read from end to end a few times.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import (
    EVENT_TYPES,
    Event,
    RecordKeeping,
    ReportAmended,
    ReportFiled,
    SituationEvent,
)
from domain.occurred import Instant
from domain.reachability import reachable
from domain.references import REGISTERED_BY
from domain.values import EventId, LocationId
from infra.bundle.clock import Clock, ticks_in, ticks_of
from infra.bundle.containment import containers_in
from infra.bundle.files import BundleFolder
from infra.bundle.layout import ENTRIES, BadBundle, EntryLine, parse_line
from infra.bundle.selection import ABOUT_ACTORS, ABOUT_PLACES, ABOUT_SOURCES
from infra.ledger.codec import Recorded, recorded_at_of
from infra.ledger.legibility import PassedOver, Sieve

Json = dict[str, Any]

_INTRODUCES = (*ABOUT_SOURCES, *ABOUT_PLACES, *ABOUT_ACTORS)
"""The kinds of entries that every place needs."""


@dataclass(frozen=True, slots=True)
class PlaceEntries:
    """The entries about a place and the places around, in order of recording, and the clock."""

    entries: list[Recorded]
    """In order of recording, with the recorded times that count."""
    clock: Clock
    around: dict[LocationId, set[LocationId]]
    """For each place the places around, by any event."""


def read_place(folder: BundleFolder, location: str) -> PlaceEntries:
    """The entries about a place in a checked bundle.

    Raises BadBundle where an entry names something before its introduction.
    """
    kept = _PlaceSelection()
    clock = Clock(ticks_of(_introductions(folder, kept)))
    if folder.manifest.within is not None:
        clock = Clock(ticks_in(folder))
    containers = containers_in(kept.events)
    places = {location, *reachable([LocationId(location)], containers.__getitem__)}
    for line, entry in _entries(folder):
        kind = _type_of(entry)
        told = entry["event"]
        is_said = issubclass(kind, SituationEvent) and told.get("location") in places
        if is_said or (issubclass(kind, RecordKeeping) and told.get("event") in kept.ids):
            kept.keep(line)
    while wanted := kept.reports_wanted - kept.reports_sought:
        kept.reports_sought |= wanted
        for line, entry in _entries(folder):
            kind, told = _type_of(entry), entry["event"]
            is_filed = issubclass(kind, (ReportFiled, ReportAmended))
            is_kept = issubclass(kind, RecordKeeping) and told.get("event") in kept.ids
            if is_kept or (is_filed and told.get("report") in wanted):
                kept.keep(line)
    entries = list(kept.in_order(clock))
    _refuse_unknown(folder, entries)
    return PlaceEntries(entries, clock, containers)


class _PlaceSelection:
    """The collected entries, and the reports that they cite."""

    def __init__(self) -> None:
        self._sieve = Sieve()
        self.ids: set[EventId] = set()
        self.reports_wanted: set[str] = set()
        self.reports_sought: set[str] = set()
        self._entries: dict[int, Recorded] = {}

    def keep(self, line: EntryLine) -> None:
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
        """The readable entries that rest on readable entries only."""
        for position, each in sorted(self._entries.items()):
            if self._sieve.hold(each) is not each:
                continue
            counts = clock.recorded_at(position)
            yield each if counts is None else each.at(counts)


def _introductions(
    folder: BundleFolder, kept: _PlaceSelection
) -> Iterator[tuple[int, Instant | None]]:
    """The recorded time of each entry; collects introductions on the way."""
    for line, entry in _entries(folder):
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


def _entries(folder: BundleFolder) -> Iterator[tuple[EntryLine, Json]]:
    for _, data in folder.lines(ENTRIES):
        line = parse_line(data)
        yield line, orjson.loads(line.entry)


def _type_of(entry: Json) -> type[Event]:
    return EVENT_TYPES[entry["type"]]
