"""What did sources say happened, and does each statement still stand?"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from api.answers.answers import Answers
from api.tables.answer_columns import joined, joined_names
from api.tables.columns import (
    Degrees,
    Ids,
    OneOf,
    People,
    Position,
    PublishedTime,
    RecordedTime,
    SeveralNames,
    TableRow,
    ValidTime,
)
from api.tables.names import NamesInUse, NamesThen
from api.tables.question import RECORDED_BY, Page, TableQuestion
from domain.events import RecordKeeping, SituationEvent
from domain.grades import report_reliability
from domain.occurred import Instant, Occurred, Precision
from domain.references import references_of
from domain.values import ActorId, Estimate, LocationId, Reliability, SourceId
from domain.words.names import moment_of
from domain.words.statements import statement
from projections.entries import EntryRow, EventFilter
from projections.entries.conditions import within
from projections.entries.fold import ANYWHERE

_SIZE = 1_000
"""How many entries are read at once."""


@dataclass(frozen=True, kw_only=True)
class _StatementRow(TableRow):
    event: str
    """The id of the event."""
    position: Position
    """The entry of the ledger."""
    type: str
    """The type of the event, as TownSeized: docs/events.md has all of them."""
    occurred_from: ValidTime
    """The event happened at this instant or later."""
    occurred_to: ValidTime
    """And before this instant (half-open)."""
    occurred_precision: Annotated[str, OneOf(Precision)]
    """How exactly the time is known."""
    occurred_as_written: str
    """The time as the record has it, with the offset of local days."""


@dataclass(frozen=True, kw_only=True)
class _WhereRow(TableRow):
    location: str | None
    """The id of the place; empty for a statement about actors."""
    location_name: str | None
    """The name in use at the time of the event."""
    latitude: Degrees | None
    """Of the place, north of the equator, on WGS 84."""
    longitude: Degrees | None
    """Of the place, east of Greenwich, on WGS 84."""
    geo_precision: int | None
    """The code of the precision of the coordinates, on the scale of geo_scale: of acled 1 to 3, of
    ucdp (where_prec) 1 to 7; 1 is the exact place."""
    geo_scale: str | None
    """The scale of geo_precision: acled or ucdp."""
    locations: Ids | None
    """The ids of all places named."""


@dataclass(frozen=True, kw_only=True)
class EventRow(_WhereRow, _StatementRow):
    """A statement of a source that something happened."""

    actors: Ids | None
    """The ids of all actors named."""
    actor_names: SeveralNames | None
    """Their names in use at the time of the event."""
    roles: Ids | None
    """Each actor with the field of the event that names the actor, as by:fama; of a clash each
    side has a number, as side1:fama, and side2-uncertain:csp where it is open whether csp took
    part."""
    people_low: People | None
    """How many people fled or are in need: at least."""
    people_best: People | None
    """The best estimate."""
    people_high: People | None
    """At most."""
    deaths_low: People | None
    """How many people died: at least."""
    deaths_best: People | None
    """The best estimate."""
    deaths_high: People | None
    """At most."""
    statement: str
    """What is said, as a plain English sentence without its time."""
    summary: str | None
    """What is said, in the words of whoever recorded the event."""
    passage: str | None
    """Where in the report."""
    report: str
    """The id of the report."""
    report_title: str
    """The title of the report."""
    report_url: str | None
    """The address of the report."""
    source: str
    """The id of the source; of a copied report, the first source."""
    source_name: str
    """The name of the source."""
    via: str | None
    """The id of the source of the copy, where the report is a copy."""
    published_from: PublishedTime
    """The report was published at this instant or later."""
    published_to: PublishedTime
    """And before this instant (half-open)."""
    recorded_at: RecordedTime
    """When the ledger accepted the event."""
    reliability: Annotated[str, OneOf(Reliability)]
    """Trust in the source: A the most, F not judged. Of a copy, the worse of the two."""
    credibility: int
    """Trust in the statement: 1 confirmed, 5 improbable, 6 not judged."""
    retracted: bool
    """Whether the statement is taken back, as known at the position of the table, and by words that
    the perspective admits."""
    retracted_at: RecordedTime | None
    """When the retraction was recorded."""
    retracted_by: str | None
    """The id of the report behind the retraction."""
    retracted_why: str | None
    """The reason given."""
    replaced_by: str | None
    """The id of the corrected event, where there is one."""
    recorded_by: str | None
    """Who recorded the event; only with the option recorded-by, which over HTTP needs the scope
    audit."""
    details: str
    """All fields of the event as JSON, as recorded: nothing is left out."""
    token: str
    """The token of the table: tenure export-table --token writes the table again."""


class EventRows:
    """The rows of a question, in the order of recording."""

    def __init__(self, answers: Answers, question: TableQuestion) -> None:
        self._answers, self._question = answers, question
        self._known = question.basis.position
        self._names = NamesInUse(answers, self._known)
        self._source = lru_cache(10_000)(self._look_up_source)
        self._report = lru_cache(10_000)(self._report_cells)
        self._token = question.token

    @property
    def length(self) -> int:
        return self._answers.entries.count(self._wanted, known=self._known)

    def pages(self) -> Iterator[Page]:
        after, more = 0, True
        while more:
            page = self._answers.entries.page(
                self._wanted, known=self._known, size=_SIZE, after=after
            )
            more = page.more_after
            if page.entries:
                after = page.entries[-1].position
                rows = [self._row(*each) for each in self._judged(page.entries)]
                yield Page([*rows], len(page.entries))

    @property
    def _wanted(self) -> EventFilter:
        asked = self._question
        return EventFilter(
            tags=() if asked.within else (within(ANYWHERE),),
            within=asked.within,
            occurred_from=asked.since,
            occurred_to=asked.until,
        )

    def _judged(self, entries: list[EntryRow]) -> list[tuple[EntryRow, EntryRow | None]]:
        """The statements of the perspective, each with the retraction in force, if any."""
        said = [each for each in entries if isinstance(each.event, SituationEvent)]
        # A filter of its own for each page: the filter keeps every report that it meets.
        if counting := self._answers.statement_filter(self._question.basis):
            return counting.judged(said)
        gone = [each.id for each in said if each.retracted]
        kept = self._answers.entries.revocations(gone, known=self._known)
        last = {each.event.event: each for each in kept if isinstance(each.event, RecordKeeping)}
        return [(each, last.get(each.id)) for each in said]

    def _row(self, entry: EntryRow, taken_back: EntryRow | None) -> EventRow:
        event = entry.event
        assert isinstance(event, SituationEvent), "only statements are asked for"
        names = self._names.at(moment_of(event) or Instant(event.occurred.window.earliest))
        shows_who = self._question.has(RECORDED_BY)
        return EventRow(
            event=entry.id,
            position=entry.position,
            type=type(event).__name__,
            **_time_cells(event.occurred),
            **self._where_cells(event, names),
            **_actor_cells(event, names),
            **_estimate_cells("people", getattr(event, "people", None)),
            **_estimate_cells("deaths", getattr(event, "deaths", None)),
            statement=statement(event, names),
            summary=event.summary,
            passage=event.passage,
            **self._report(event.report),
            recorded_at=entry.recorded_at,
            credibility=event.credibility,
            **_retraction_cells(taken_back),
            recorded_by=entry.recorded_by if shows_who else None,
            details=event.model_dump_json(exclude_defaults=True),
            token=self._token,
        )

    def _where_cells(self, event: SituationEvent, names: NamesThen) -> dict[str, Any]:
        location: LocationId | None = getattr(event, "location", None)
        place = self._names.place(location) if location else None
        named = [each.slug for each in references_of(event) if each.kind == "location"]
        return {
            "location": location,
            "location_name": location and names.location(location),
            "latitude": place and place.latitude,
            "longitude": place and place.longitude,
            "geo_precision": place and place.geo_code,
            "geo_scale": place and place.geo_scale,
            "locations": joined(dict.fromkeys(named)),
        }

    def _report_cells(self, slug: Any) -> dict[str, Any]:
        report = self._answers.sources.report(slug, known=self._known)
        assert report is not None, "an event cites a report that was filed before it"
        origin, via = self._source(report.origin), self._source(report.source)
        window = Occurred.parse(report.published).window
        return {
            "report": slug,
            "report_title": report.title,
            "report_url": report.url,
            "source": origin.source,
            "source_name": origin.name,
            "via": None if via.source == origin.source else via.source,
            "published_from": window.earliest,
            "published_to": window.latest,
            "reliability": report_reliability(origin.reliability, via.reliability).value,
        }

    def _look_up_source(self, slug: SourceId) -> Any:
        found = self._answers.sources.source(slug, known=self._known)
        assert found is not None, "a report cites a registered source"
        return found


def _time_cells(occurred: Occurred) -> dict[str, Any]:
    window = occurred.window
    return {
        "occurred_from": window.earliest,
        "occurred_to": window.latest,
        "occurred_precision": window.precision.value,
        "occurred_as_written": occurred.text,
    }


def _actor_cells(event: SituationEvent, names: NamesThen) -> dict[str, Any]:
    named = [each for each in references_of(event) if each.kind == "actor"]
    actors = [ActorId(slug) for slug in dict.fromkeys(each.slug for each in named)]
    roles = [f"{each.field}:{each.slug}" for each in named if each.field not in _ON_SIDES]
    open_ = getattr(event, "uncertain", ())
    for number, side in enumerate(getattr(event, "sides", ()), 1):
        roles += [f"side{number}{'-uncertain' if actor in open_ else ''}:{actor}" for actor in side]
    return {
        "actors": joined(actors),
        "actor_names": joined_names(actors, names),
        "roles": joined(roles),
    }


_ON_SIDES = {"sides", "uncertain"}
"""The fields told by the role of a side."""


def _estimate_cells(name: str, told: Estimate | None) -> dict[str, Any]:
    return {
        f"{name}_{bound}": None if told is None else getattr(told, bound)
        for bound in ("low", "best", "high")
    }


def _retraction_cells(entry: EntryRow | None) -> dict[str, Any]:
    keeping = entry.event if entry else None
    if entry is None or not isinstance(keeping, RecordKeeping):
        return {"retracted": False} | dict.fromkeys(
            ("retracted_at", "retracted_by", "retracted_why", "replaced_by")
        )
    return {
        "retracted": True,
        "retracted_at": entry.recorded_at,
        "retracted_by": keeping.report,
        "retracted_why": keeping.reason,
        "replaced_by": getattr(keeping, "replaced_by", None),
    }
