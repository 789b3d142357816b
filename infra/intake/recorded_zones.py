"""The time zone of a time without a zone.

The nearest zone comes first: a zone in the time; the report's zone, for everything in the report;
the zone of the place, or of the nearest containing place with a zone, since "15 August" of Kabul is
mostly the day of Kabul, wherever the paper is printed; the source's zone. The publication of a
report goes by the zone of the report, else of the source. Without any zone: UTC.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from domain.events import (
    Event,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
)
from domain.occurred import NotATime, Occurred
from domain.offsets import ZONE_OR_OFFSET
from infra.ledger.reader import LedgerReader
from infra.time_zones import UnknownZone, check_zone, names_no_zone, resolved

Fields = Mapping[str, Any]
"""The fields of an event as given, unchecked."""


class _Registered(NamedTuple):
    """The part of a registration that zones follow from."""

    zone: str | None
    around: str | None = None
    """The source of a report, the container of a place."""


def _zoned(event: Event) -> _Registered:
    match event:
        case ReportFiled():
            return _Registered(event.zone, event.source)
        case LocationRegistered():
            return _Registered(event.zone, event.within)
        case _:
            return _Registered(getattr(event, "zone", None))


class Zones:
    """The zones of sources, reports and places: recorded, or about to be recorded.

    A registration is never edited, so each registration is looked up once.
    """

    def __init__(self, recorded: LedgerReader | None = None) -> None:
        self._recorded = recorded
        self._found: dict[tuple[str, str], _Registered | None] = {}
        self._at: dict[str, str | None] = {}
        """The zones of places, as found so far."""

    def look_up(self, records: Iterable[Any]) -> None:
        """Looks up everything named by the records at once, to be quick about a long file."""
        wanted: dict[str, set[str]] = {"source": set(), "report": set(), "location": set()}
        for record in records:
            if isinstance(record, dict):
                for kind, slugs in wanted.items():
                    if isinstance(slug := record.get(kind), str):
                        slugs.add(slug)
        for kind, slugs in wanted.items():
            self._ask(kind, slugs)

    def learn(self, event: Event) -> None:
        """Takes in a registration about to be recorded; a recorded registration comes first."""
        match event:
            case SourceRegistered():
                self._learn("source", event.source, event)
            case ReportFiled():
                self._learn("report", event.report, event)
            case LocationRegistered():
                self._at.clear()
                self._learn("location", event.location, event)

    def resolve_times(
        self, event_type: type[Event], given: Fields
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """The fields with the offsets of their zones, and the problems of times and zones by field.
        A wrong field stays as given."""
        fields: dict[str, Any] = {**given}
        wrong: dict[str, str] = {}
        for field in _times(event_type):
            if isinstance(text := given.get(field), str):
                try:
                    zone = self.zone(event_type, given) if names_no_zone(text) else None
                    fields[field] = resolved(text, zone)
                except (NotATime, UnknownZone) as refusal:
                    wrong[field] = str(refusal)
        if isinstance(zone := given.get("zone"), str) and "zone" in event_type.model_fields:
            wrong |= _wrong_zone(zone)
        return fields, wrong

    def zone(self, event_type: type[Event], given: Fields) -> str | None:
        """The zone of the times of an event; None is UTC."""
        source = given.get("source")
        if issubclass(event_type, SituationEvent):
            report = self._registered("report", given.get("report"))
            source = report.around if report else None
            said = (report.zone if report else None) or self._of_places(given)
        else:
            said = given.get("zone")
        return said if isinstance(said, str) else self._of_source(source)

    def _of_source(self, source: Any) -> str | None:
        registered = self._registered("source", source)
        return registered.zone if registered else None

    def _of_places(self, given: Fields) -> str | None:
        """The common zone of all places of an event; None of places with different zones."""
        if isinstance(place := given.get("location"), str):
            return self._of_place(place)
        zones = {self._of_place(slug) for slug in _texts(given.get("locations"))}
        return zones.pop() if len(zones) == 1 else None

    def _of_place(self, slug: str) -> str | None:
        if slug not in self._at:
            self._at[slug] = self._around(slug)
        return self._at[slug]

    def _around(self, slug: str | None) -> str | None:
        """The zone of a place, or of the nearest containing place with a zone."""
        seen = set[str]()
        while slug and slug not in seen:
            seen.add(slug)
            place = self._registered("location", slug)
            if place is None:
                return None
            if place.zone:
                return place.zone
            slug = place.around
        return None

    def _registered(self, kind: str, slug: Any) -> _Registered | None:
        if not isinstance(slug, str):
            return None
        if (kind, slug) not in self._found:
            self._ask(kind, [slug])
        return self._found[kind, slug]

    def _ask(self, kind: str, slugs: Iterable[str]) -> None:
        fresh = [slug for slug in slugs if (kind, slug) not in self._found]
        for slug in fresh:
            self._found[kind, slug] = None
        if self._recorded and fresh:
            for each in self._recorded.registrations(kind, fresh):
                self._found[kind, getattr(each.event, kind)] = _zoned(each.event)

    def _learn(self, kind: str, slug: str, event: Event) -> None:
        if self._found.get((kind, slug)) is None:
            self._found[kind, slug] = _zoned(event)


@cache
def _times(event_type: type[Event]) -> tuple[str, ...]:
    fields = event_type.model_fields.items()
    return tuple(name for name, field in fields if field.annotation is Occurred)


def _wrong_zone(zone: str) -> dict[str, str]:
    """The problem of an unknown zone, by its field; the form is checked elsewhere."""
    if re.fullmatch(ZONE_OR_OFFSET, zone):
        try:
            check_zone(zone)
        except UnknownZone as refusal:
            return {"zone": str(refusal)}
    return {}


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, list | tuple):
        yield from (each for each in given if isinstance(each, str))
