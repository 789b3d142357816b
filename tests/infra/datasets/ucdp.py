"""Small files in the forms of UCDP's datasets, with made-up rows."""

import csv
from pathlib import Path
from typing import Any

from domain.events import SourceRegistered
from domain.occurred import Occurred
from domain.values import Reliability, SourceId
from infra.datasets.importing import ImportTerms, import_rows
from infra.datasets.report import ImportReport, RowOutcome
from infra.datasets.ucdp.actors import ActorList
from infra.datasets.ucdp.ged import GedFile
from infra.datasets.ucdp.releases import Release
from infra.datasets.ucdp.superseded import CompleteFor
from infra.ledger.ledger import Ledger

SOURCE = SourceRegistered(source=SourceId("ged"), name="GED", reliability=Reliability.B)
GED_COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence"),
    *("conflict_dset_id", "conflict_new_id", "conflict_name"),
    *("dyad_dset_id", "dyad_new_id", "dyad_name"),
    *("side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b"),
    *("number_of_sources", "source_article", "source_office", "source_date", "source_headline"),
    *("source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2"),
    *("latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low"),
    *("gwnoa", "gwnob"),
)
ACTOR_COLUMNS = (
    *("ActorId", "NameData", "NameOrig", "NameOrigFull", "NameOrigFullEng", "NameChange"),
    *("NewName", "NewNameFullMotherTongue", "NewNameFullEng", "Org", "ConflictId", "DyadId"),
    *("PrimaryParty", "OSID", "OSCoalition", "OSCoalitionID", "NSID", "NSCoalition"),
    *("NSCoalitionID", "Splinter", "NamePrev", "ActorIdPrev", "SplitTemp", "NameSplitTemp"),
    *("ActorIdSplitTemp", "Alliance", "NameAlliance", "ActorIdAlliance", "JoinGroup"),
    *("GroupName", "ActorIdGroup", "Location", "GWNOLoc", "Region", "Version"),
)
CLASH = {
    "id": "9001",
    "relid": "ATL-2023-1-77-1",
    "year": "2023",
    "active_year": "1",
    "code_status": "Clear",
    "type_of_violence": "1",
    "conflict_dset_id": "70",
    "conflict_new_id": "70",
    "conflict_name": "Atlantis: Government",
    "dyad_dset_id": "77",
    "dyad_new_id": "77",
    "dyad_name": "Government of Atlantis - Reef Front",
    "side_a_dset_id": "501",
    "side_a_new_id": "501",
    "side_a": "Government of Atlantis",
    "side_b_dset_id": "502",
    "side_b_new_id": "502",
    "side_b": "Reef Front",
    "number_of_sources": "2",
    "source_article": '"Tide Post,2023-04-03,Shots at the quay";"Coral Wire,2023-04-04,Six dead"',
    "source_office": "Tide Post;Coral Wire",
    "source_date": "2023-04-03;2023-04-04",
    "source_headline": "Shots at the quay;Six dead",
    "source_original": "harbour master",
    "where_prec": "1",
    "where_coordinates": "Bamba town",
    "where_description": "at the quay",
    "adm_1": "North province",
    "adm_2": "Quay district",
    "latitude": "17.032",
    "longitude": "-1.4",
    "geom_wkt": "POINT (-1.4 17.032)",
    "priogrid_gid": "1",
    "country": "Atlantis",
    "country_id": "999",
    "region": "Africa",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2023-04-02 00:00:00.000",
    "date_end": "2023-04-02 00:00:00.000",
    "deaths_a": "1",
    "deaths_b": "4",
    "deaths_civilians": "1",
    "deaths_unknown": "0",
    "best": "6",
    "high": "9",
    "low": "5",
    "gwnoa": "999",
    "gwnob": "",
}
"""A row of GED as a whole."""
ACTOR = {
    "ActorId": "502",
    "NameData": "Reef Front",
    "NameOrig": "Reef Front",
    "NameOrigFull": "n/a",
    "NameOrigFullEng": "Front of the Reef",
    "NameChange": "0",
    "Org": "1",
    "Version": "24.1",
}


def table(path: Path, columns: tuple[str, ...], *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, columns, restval="")
        written.writeheader()
        written.writerows(rows)
    return path


def clash(**fields: str) -> dict[str, str]:
    return CLASH | fields


def ged(
    ledger: Ledger,
    path: Path,
    *rows: dict[str, str],
    release: str = "24.1",
    published: str | None = None,
    extent: CompleteFor = CompleteFor.COUNTRIES,
    **terms: Any,
) -> ImportReport:
    """Imports rows of GED."""
    when = Occurred.parse(published) if published else None
    file = GedFile(
        table(path / "ged.csv", GED_COLUMNS, *rows),
        ledger,
        SOURCE,
        Release.parse(release, when),
        extent,
    )
    given = ImportTerms(f"UCDP GED {release}", SOURCE.source, by="a test", **terms)
    return import_rows(ledger, file.rows, given, path / "ged.report.csv")


def actors(
    ledger: Ledger, path: Path, *rows: dict[str, str], release: str = "24.1"
) -> ImportReport:
    """Imports rows of the actor list."""
    source = SourceRegistered(source=SourceId("list"), name="List", reliability=Reliability.B)
    file = ActorList(
        table(path / "actors.csv", ACTOR_COLUMNS, *rows), ledger, source, Release.parse(release)
    )
    given = ImportTerms(f"UCDP Actor Dataset {release}", source.source, by="a test")
    return import_rows(ledger, file.rows, given, path / "actors.report.csv")


def outcomes(report: ImportReport) -> dict[RowOutcome, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}
