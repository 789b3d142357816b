"""An answer about control as JSON, with the names of GraphQL's `Control`."""

from collections.abc import Iterable
from typing import Any

from api.answers.availability import available
from api.answers.basis import Answer
from api.answers.perspective import perspective_fields, perspective_words
from api.answers.sources import AnswerSources, explanation_of
from api.ids import global_id
from api.pretty_json import pretty
from domain.control.claims import ControlStatus
from domain.control.perspective import Perspective
from domain.control.verdict import RULE, Period, Side, Verdict
from domain.events import SituationEvent
from domain.local_days import day_of, local_of
from domain.occurred import Occurred, Window, rfc3339
from domain.references import references_of
from domain.values import ActorId, EventId, LocationId, ReportId, SourceId
from domain.words.names import moment_of
from domain.words.statements import Names, statement
from projections.entries import EntryRow

Json = dict[str, Any]


def document(sources: AnswerSources, answer: Answer) -> str:
    """The answer as a JSON document."""
    return pretty(control_as_json(sources, answer))


def control_as_json(sources: AnswerSources, answer: Answer) -> Json:
    """The answer, with the fields of GraphQL's `Control`."""
    return _ControlJson(sources, answer).control()


def perspective_as_json(asked: Perspective, words: str) -> Json | None:
    """The perspective, with its words in English; None for everybody's."""
    fields = perspective_fields(asked)
    return None if fields is None else {**fields, "words": words}


class _ControlJson:
    def __init__(self, sources: AnswerSources, answer: Answer) -> None:
        self._sources = sources
        self._answer = answer
        self._basis, self._known = answer.basis, answer.basis.position
        self._names = sources.names(answer.basis)

    def control(self) -> Json:
        answer, period = self._answer, self._answer.period
        around = answer.inherited_from
        return {
            "location": self._location(answer.location, self._names),
            "at": rfc3339(answer.basis.at),
            **self._reading(answer.verdict),
            "since": window_as_json(period.since),
            "sinceIs": period.since_is.name if period.since_is else None,
            "until": window_as_json(period.until),
            "lastHeard": window_as_json(period.last_heard),
            "holding": [
                {"actor": actor, "since": window_as_json(each.since)}
                for actor, each in zip(self._holding(period), period.holding, strict=True)
            ],
            "certain": answer.certain,
            "possible": [self._other(verdict, place) for verdict, place in answer.possible],
            "disputed": answer.verdict.disputed,
            "rivals": [self._other(side) for side in answer.verdict.rivals],
            "outweighed": self._outweighed(),
            "lineage": self._events(answer.verdict.lineage),
            "explanation": explanation_of(self._sources, answer),
            "inheritedFrom": self._around(around),
            "available": self._available(),
            "basis": self._basis_json(),
        }

    def _available(self) -> Json | None:
        """The other answers to be had in place of an unknown one. Later entries are told on stderr:
        this document is the same for ever."""
        found = available(self._sources, self._answer)
        if found is None:
            return None
        return {
            "around": self._whole(found.around),
            "leftOut": found.left_out,
            "aroundLeftOut": self._whole(found.around_left_out),
        }

    def _whole(self, answer: Answer | None) -> Json | None:
        return None if answer is None else _ControlJson(self._sources, answer).control()

    def _reading(self, said: Verdict | Side) -> Json:
        """The verdict of the answer, a rival or a possibility."""
        held, fought = (said.status is it for it in (ControlStatus.HELD, ControlStatus.CONTESTED))
        return {
            "status": said.status,
            "holders": self._actors(said.holders if held else (), self._names),
            "contenders": self._actors(said.holders if fought else (), self._names),
            "corroboration": len(said.evidence),
            "evidence": self._events(said.evidence),
        }

    def _other(self, said: Verdict | Side, around: LocationId | None = None) -> Json:
        """A rival or a possibility; `around` is the place of an inherited possibility."""
        lineage = said.lineage if isinstance(said, Verdict) else ()
        return {
            **self._reading(said),
            "lineage": self._events(lineage),
            "inheritedFrom": self._around(around),
        }

    def _around(self, place: LocationId | None) -> Json | None:
        return self._location(place, self._names) if place else None

    def _holding(self, period: Period) -> list[Json]:
        return self._actors((each.actor for each in period.holding), self._names)

    def _outweighed(self) -> list[Json]:
        found = []
        for each in self._answer.verdict.outweighed:
            (event,) = self._events([each.event])
            by = self._events([each.by])[0] if each.by else None
            found.append({"event": event, "by": by, "because": each.why.name})
        return found

    def _basis_json(self) -> Json:
        recorded_at = self._sources.entries.recorded_at(self._known)
        return {
            "position": self._known,
            "recordedAt": None if recorded_at is None else rfc3339(recorded_at),
            "at": rfc3339(self._basis.at),
            "rule": RULE,
            "perspective": self._perspective(),
            "token": self._answer.token,
        }

    def _perspective(self) -> Json | None:
        words = perspective_words(self._sources.sources, self._basis)
        return perspective_as_json(self._basis.perspective, words)

    def _events(self, events: Iterable[EventId]) -> list[Json]:
        wanted = list(events)
        found = self._sources.entries.many(wanted, known=self._known)
        return [self._event(found[event]) for event in wanted]

    def _event(self, entry: EntryRow) -> Json:
        event = entry.event
        assert isinstance(event, SituationEvent), "only what says something of a place is evidence"
        named = [each.slug for each in references_of(event) if each.kind == "actor"]
        location = getattr(event, "location", None)
        names = self._sources.names(self._basis.on(moment_of(event)))
        report = self._report(event.report)
        return {
            "__typename": type(event).__name__,
            "id": global_id("Event", entry.id),
            "eventId": entry.id,
            "position": entry.position,
            "recordedAt": rfc3339(entry.recorded_at),
            "recordedBy": entry.recorded_by,
            "retracted": entry.retracted,
            "occurred": time_as_json(event.occurred),
            "location": self._location(location, names) if location else None,
            "actors": self._actors(map(ActorId, dict.fromkeys(named)), names),
            "report": report,
            "source": report["source"],
            "credibility": event.credibility,
            "summary": event.summary,
            "passage": event.passage,
            "statement": statement(event, names),
        }

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

    def _location(self, slug: LocationId, names: Names) -> Json:
        place = self._sources.place(slug, known=self._known)
        return {
            "id": global_id("Location", place.location),
            "slug": place.location,
            "name": names.location(slug),
            "kind": place.kind.name,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }

    def _actors(self, actors: Iterable[ActorId], names: Names) -> list[Json]:
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
