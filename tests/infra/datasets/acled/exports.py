"""Made-up exports of each generation of ACLED's, and what a ledger holds after their import."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from domain.events import (
    ActorRegistered,
    Event,
    EventReinstated,
    EventRetracted,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
)
from domain.occurred import Occurred
from domain.values import EventId
from infra.datasets.acled.actor_map import MappedActor
from infra.datasets.acled.dates import DateOrder
from infra.datasets.acled.deletions import AcledDeletions
from infra.datasets.acled.export_file import AcledFile, AcledTerms
from infra.datasets.acled.survey import survey
from infra.datasets.importing import ImportTerms, import_rows
from infra.datasets.report import ImportReport, RowOutcome
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger

E = TypeVar("E", bound=Event)

TODAY = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type"),
    *("sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2"),
    *("interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2"),
    *("admin3", "location", "latitude", "longitude", "geo_precision", "source", "source_scale"),
    *("notes", "fatalities", "tags", "timestamp", "population_1km", "population_best"),
)
OF_2020 = (
    *("data_id", "iso", "event_id_cnty", "event_id_no_cnty", "event_date", "year"),
    *("time_precision", "event_type", "sub_event_type", "actor1", "assoc_actor_1", "inter1"),
    *("actor2", "assoc_actor_2", "inter2", "interaction", "region", "country", "admin1"),
    *("admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source"),
    *("source_scale", "notes", "fatalities", "timestamp", "iso3"),
)
OF_2016 = (
    *("GWNO", "EVENT_ID_CNTY", "EVENT_ID_NO_CNTY", "EVENT_DATE", "YEAR", "TIME_PRECISION"),
    *("EVENT_TYPE", "ACTOR1", "ALLY_ACTOR_1", "INTER1", "ACTOR2", "ALLY_ACTOR_2", "INTER2"),
    *("INTERACTION", "COUNTRY", "ADMIN1", "ADMIN2", "ADMIN3", "LOCATION", "LATITUDE"),
    *("LONGITUDE", "GEO_PRECISION", "SOURCE", "NOTES", "FATALITIES"),
)
ARMY, FRONT = "Military Forces of Azawa (2019-)", "Front of the North"

CLASH = {
    "event_id_cnty": "AZW1",
    "event_date": "2023-11-14",
    "year": "2023",
    "time_precision": "1",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": ARMY,
    "inter1": "State forces",
    "actor2": FRONT,
    "inter2": "Rebel group",
    "country": "Azawa",
    "admin1": "Tamesna",
    "admin2": "Kaya",
    "location": "Kaya",
    "latitude": "18.441",
    "longitude": "1.408",
    "geo_precision": "1",
    "source": "Desert Post",
    "source_scale": "National",
    "notes": "They fought.",
    "fatalities": "3",
    "timestamp": "1700600000",
}
"""A row of today's generation, told by the columns that say something."""


def row(**changes: str) -> dict[str, str]:
    return {**CLASH, **changes}


def of_2016(**changes: str) -> dict[str, str]:
    """The same row in upper case, without sub-event type and timestamp, codes in numbers."""
    told = {
        **row(event_type="Battle-No change of territory", inter1="1", inter2="2"),
        "ally_actor_1": "NA",
        "event_date": "14/11/2023",
        **changes,
    }
    return {name.upper(): text for name, text in told.items() if name.upper() in OF_2016}


def export(
    path: Path,
    *rows: Mapping[str, str],
    columns: Sequence[str] = TODAY,
    hxl: bool = False,
) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        if hxl:
            writer.writerow({name: f"#event+{name}" for name in columns[:-3]})
        writer.writerows(rows)
    return path


def gazetteer(ledger: Ledger, **points: tuple[float, float]) -> None:
    """Registers a town for each of these points; `kaya_1` is Kaya with the id kaya-1."""
    for slug, (latitude, longitude) in points.items():
        fields = {
            "location": slug.replace("_", "-"),
            "name": slug.split("_")[0].title(),
            "kind": "town",
            "coordinates": {"latitude": latitude, "longitude": longitude},
        }
        ledger.record([identify(LocationRegistered.model_validate(fields))], by="a test")


def terms(
    *,
    dataset: str = "acled",
    published: str | None = None,
    order: DateOrder | None = None,
    actors: Mapping[str, MappedActor] | None = None,
) -> AcledTerms:
    source = SourceRegistered.model_validate(
        {"source": dataset, "name": "ACLED", "reliability": "F"}
    )
    when = Occurred.parse(published) if published else None
    return AcledTerms(source, 6, when, order, actors or {})


def pull(ledger: Ledger, path: Path, *, is_dry: bool = False, **given: Any) -> ImportReport:
    """Imports an export; the report is beside it."""
    read = terms(**given)
    file = AcledFile(path, survey(path), read, ledger)
    how = ImportTerms("ACLED", read.source.source, "a test", is_dry=is_dry)
    return import_rows(ledger, file.rows, how, report_of(path))


def delete(ledger: Ledger, path: Path, **given: Any) -> ImportReport:
    read = terms(**given)
    how = ImportTerms("ACLED", read.source.source, "a test")
    return import_rows(ledger, AcledDeletions(path, read).rows, how, report_of(path))


def report_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.report.csv")


def told(path: Path) -> list[dict[str, str]]:
    """The lines of the report of an import."""
    if not report_of(path).exists():
        return []
    with report_of(path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def outcomes(report: ImportReport) -> dict[RowOutcome, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}


def standing(ledger: Ledger) -> list[SituationEvent]:
    """The events that stand."""
    live: dict[EventId, SituationEvent] = {}
    gone: dict[EventId, SituationEvent] = {}
    for each in ledger.read():
        match each.event:
            case EventRetracted(event=event):
                gone[event] = live.pop(event)
            case EventReinstated(event=event):
                live[event] = gone.pop(event)
            case SituationEvent() as said:
                live[each.statement.id] = said
    return list(live.values())


def the(ledger: Ledger, kind: type[E]) -> E:
    """The only standing event of a type."""
    (found,) = [each for each in standing(ledger) if isinstance(each, kind)]
    return found


def actors(ledger: Ledger) -> dict[str, ActorRegistered]:
    return {each.actor: each for each in _registered(ledger, ActorRegistered)}


def places(ledger: Ledger) -> dict[str, LocationRegistered]:
    return {each.location: each for each in _registered(ledger, LocationRegistered)}


def reports(ledger: Ledger) -> list[ReportFiled]:
    return list(_registered(ledger, ReportFiled))


def _registered(ledger: Ledger, kind: type[E]) -> Iterator[E]:
    for each in ledger.of_type(kind):
        if isinstance(each.event, kind):
            yield each.event
