"""Events, places, actors and reports as JSON, with the names of GraphQL."""

from collections.abc import Iterable
from typing import Any

from api.answers.basis import Basis
from api.answers.sources import AnswerSources
from api.ids import global_id
from domain.events import SituationEvent
from domain.local_days import day_of, local_of
from domain.occurred import Occurred, Window, rfc3339
from domain.references import references_of
from domain.values import ActorId, EventId, LocationId, ReportId, SourceId
from domain.words.names import moment_of
from domain.words.statements import Names, statement
from projections.entries import EntryRow

Json = dict[str, Any]


class EventJson:
    """The events behind an answer, as known on a basis."""

    def __init__(self, sources: AnswerSources, basis: Basis) -> None:
        self._sources = sources
        self._basis, self._known = basis, basis.position

    def events(self, events: Iterable[EventId]) -> list[Json]:
        wanted = list(events)
        found = self._sources.entries.many(wanted, known=self._known)
        return [self._event(found[event]) for event in wanted]

    def _event(self, entry: EntryRow) -> Json:
        event = entry.event
        named = [each.slug for each in references_of(event) if each.kind == "actor"]
        location = getattr(event, "location", None)
        names = self._sources.names(self._basis.on(moment_of(event)))
        filed = getattr(event, "report", None)
        report = self._report(filed) if filed else None
        said = event if isinstance(event, SituationEvent) else None
        return {
            "__typename": type(event).__name__,
            "id": global_id("Event", entry.id),
            "eventId": entry.id,
            "position": entry.position,
            "recordedAt": rfc3339(entry.recorded_at),
            "recordedBy": entry.recorded_by,
            "retracted": entry.retracted,
            "occurred": time_as_json(said.occurred) if said else None,
            "location": self.location(location, names) if location else None,
            "actors": self.actors(map(ActorId, dict.fromkeys(named)), names),
            "report": report,
            "source": report["source"] if report else self._source_named(event),
            "credibility": said.credibility if said else None,
            "summary": said.summary if said else None,
            "passage": said.passage if said else None,
            "statement": statement(said, names) if said else None,
        }

    def _source_named(self, event: object) -> Json | None:
        source = getattr(event, "source", None)
        return self._source(source) if source else None

    def _report(self, slug: ReportId) -> Json:
        report = self._sources.sources.report(slug, known=self._known)
        assert report is not None, "an event cites a report that was filed before it"
        return {
            "id": global_id("Report", report.report),
            "slug": report.report,
            "title": report.title,
            "url": report.url,
            "published": time_as_json(Occurred.parse(report.published)),
            "source": self._source(report.source),
            "origin": self._source(report.origin),
        }

    def _source(self, slug: SourceId) -> Json:
        source = self._sources.sources.source(slug, known=self._known)
        assert source is not None, "a report cites a source that was registered before it"
        return {
            "id": global_id("Source", source.source),
            "slug": source.source,
            "name": source.name,
            "reliability": source.reliability,
        }

    def location(self, slug: LocationId, names: Names) -> Json:
        place = self._sources.place(slug, known=self._known)
        return {
            "id": global_id("Location", place.location),
            "slug": place.location,
            "name": names.location(slug),
            "kind": place.kind.name,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }

    def actors(self, actors: Iterable[ActorId], names: Names) -> list[Json]:
        wanted = list(actors)
        rows = self._sources.actors.many(wanted, known=self._known)
        return [
            {
                "id": global_id("Actor", row.actor),
                "slug": row.actor,
                "name": names.actor(row.actor),
                "kind": row.kind.name,
            }
            for row in (rows[actor] for actor in wanted)
        ]


def time_as_json(said: Occurred) -> Json:
    """The time of a source, as GraphQL's `Occurred`."""
    return _window_as_json(said.window, said)


def window_as_json(window: Window | None) -> Json | None:
    """A window, as GraphQL's `Occurred`."""
    return None if window is None else _window_as_json(window, None)


def _window_as_json(window: Window, said: Occurred | None) -> Json:
    local = (said.local if said else None) or local_of(window)
    day = day_of(window, local)
    return {
        "earliest": rfc3339(window.earliest),
        "latest": rfc3339(window.latest),
        "precision": window.precision.name,
        "day": None if day is None else rfc3339(day)[:10],
        "written": said.text if said else None,
        "zone": local.zone if local else None,
    }
