"""The record in brief: as much as a perspective needs to admit words on many places."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from domain.control.perspective import Provenance
from domain.values import ActorId, EventId, LocationId, ReportId
from infra.views.rows import columns
from infra.views.rows import known as known_in
from projections.control.claims import provenance
from projections.control.lineage import OF_LINEAGE


class SourceKnown(NamedTuple):
    """The reliability of a source, and the position of the change; 0 for the registration."""

    reliability: str
    since: int


class KindKnown(NamedTuple):
    """The kind of a place, and the position of the change; 0 for the registration."""

    kind: str
    since: int


class ClaimKnown(NamedTuple):
    """A claim: the kinds of place, the credibility, and the report."""

    location: LocationId
    position: int
    event: EventId
    places: str
    credibility: int
    report: ReportId


class KinshipSaid(NamedTuple):
    """A word on lineage, or the revocation or reinstatement of a word."""

    actors: tuple[str, ...]
    """The actors that the word ties."""
    position: int
    report: str
    credibility: int
    """1 for a revocation: only the report counts."""


def sources_known(db: sqlite3.Connection, *, known: int) -> dict[str, SourceKnown]:
    """Every source, as known then. An end, and a change of `continuous`, are changes too."""
    weighed = "reliability, continuous, ended_by"
    return {
        source: SourceKnown(said[0], since)
        for source, said, since in _last_changes(db, "source", "source", weighed, known)
    }


def kinds_known(db: sqlite3.Connection, *, known: int) -> dict[LocationId, KindKnown]:
    """The kind of every place, as known then."""
    return {
        LocationId(location): KindKnown(said[0], since)
        for location, said, since in _last_changes(db, "place", "location", "kind", known)
    }


def _last_changes(
    db: sqlite3.Connection, table: str, key: str, names: str, known: int
) -> Iterator[tuple[str, tuple[Any, ...], int]]:
    """The columns of each registration, and the position of their last change; 0 for the
    registration."""
    found: dict[str, tuple[tuple[Any, ...], int]] = {}
    rows = db.execute(
        f"SELECT {key}, known_from, {names} FROM {table} WHERE known_from <= ? ORDER BY known_from",
        (known,),
    )
    for id, position, *said in rows:
        if id not in found:
            found[id] = (tuple(said), 0)
        elif found[id][0] != tuple(said):
            found[id] = (tuple(said), position)
    return ((id, said, since) for id, (said, since) in found.items())


def provenances(
    db: sqlite3.Connection, reports: Iterable[str], sources: dict[str, SourceKnown], *, known: int
) -> Iterator[tuple[ReportId, Provenance]]:
    """The voices of each report."""
    found = db.execute(
        "SELECT report, origin, source, published_by FROM json_each(:reports) "
        f"CROSS JOIN report ON report = value AND {known_in('report')}",
        {"reports": orjson.dumps(list(reports)).decode(), "known": known},
    )
    for report, origin, source, published in found:
        trusted = sources[origin].reliability, sources[source].reliability
        yield report, provenance(origin, source, published, *trusted)


def claims_in_brief(
    db: sqlite3.Connection, places: Iterable[LocationId], *, known: int
) -> list[ClaimKnown]:
    """Each claim on the places."""
    found = db.execute(
        f"SELECT {columns(ClaimKnown, position='claim.position')} FROM json_each(?) "
        "CROSS JOIN control_claim AS claim ON location = value "
        "CROSS JOIN entry ON entry.position = claim.position WHERE claim.position <= ?",
        (orjson.dumps(list(places)).decode(), known),
    )
    return [ClaimKnown._make(row) for row in found]


def revocations_in_brief(
    db: sqlite3.Connection, *, known: int
) -> Iterator[tuple[EventId, int, ReportId]]:
    """Every revocation or reinstatement: event, position and report."""
    return db.execute(
        "SELECT event, position, report FROM revocation WHERE position <= ?", (known,)
    )


def kinship_in_brief(db: sqlite3.Connection, *, known: int) -> list[KinshipSaid]:
    """Every word on the lineage of actors."""
    found = db.execute(_SELECT_KINSHIP, {"known": known})
    return [
        KinshipSaid(tuple(end for end in (subject, other) if end), *more)
        for subject, other, *more in found
    ]


def named_in(db: sqlite3.Connection, actors: Iterable[str]) -> Iterator[tuple[ActorId, LocationId]]:
    """Each actor with each place where a claim names the actor."""
    return db.execute(
        "SELECT value, location FROM json_each(?) "
        "CROSS JOIN control_named ON named = 'actor:' || value",
        (orjson.dumps(list(actors)).decode(),),
    )


_SAID = f"{OF_LINEAGE} AND subject || object <> ''"
_SELECT_KINSHIP = f"""
    SELECT subject, object, tie.position, report, credibility FROM tie JOIN entry USING (position)
    WHERE tie.position <= :known AND {_SAID}
    UNION ALL SELECT subject, object, revocation.position, revocation.report, 1
    FROM tie JOIN entry USING (position) JOIN revocation USING (event)
    WHERE revocation.position <= :known AND {_SAID}"""
