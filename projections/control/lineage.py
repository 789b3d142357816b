"""The lineage of actors as sources tell it, and the places that lineage bears on."""

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from domain.control.lineage import KINDS, NO_LINEAGE, Lineage, Said, lineage_of
from domain.control.perspective import Perspective, Revocation
from domain.events import Event, LineageEvent
from domain.occurred import Instant, Precision, Window
from domain.situation.ties import Tie, TieKind, Word, ties_of
from domain.values import ActorId, EventId, LocationId, SourceId
from infra.views.rows import columns
from projections.control.claims import BY, JOINED_REPORT, REVOCATION, RevocationRow, provenance


def is_of_lineage(event: Event) -> bool:
    """Whether the event makes actors count as others."""
    return isinstance(event, LineageEvent) and any(tie.kind in KINDS for tie, _ in ties_of(event))


def lineage_known(
    db: sqlite3.Connection,
    *,
    known: int,
    perspective: Perspective,
    supposed: Collection[Revocation] = (),
) -> Lineage:
    """The lineage from the perspective, as known at a position; with `supposed`, as if these had
    been recorded too."""
    asked = {"known": known}
    said = [_LineageRow._make(row).said for row in db.execute(_SELECT_SAID, asked)]
    if not said:
        return NO_LINEAGE
    revocations = [
        RevocationRow._make(row).revocation for row in db.execute(_SELECT_REVOCATIONS, asked)
    ]
    return lineage_of(said, [*revocations, *supposed], perspective)


def places_akin(db: sqlite3.Connection, event: EventId) -> list[LocationId]:
    """The places with claims on an actor of the event, or on kin at any distance."""
    return [location for (location,) in db.execute(_SELECT_AKIN, {"event": event})]


def places_of(db: sqlite3.Connection, actor: ActorId) -> list[LocationId]:
    """The places with claims on the actor, or on kin at any distance."""
    return [location for (location,) in db.execute(_SELECT_PLACES_OF, {"actor": actor})]


def positions_of(db: sqlite3.Connection, location: LocationId, *, known: int) -> list[int]:
    """The positions at which the answer for the place may change, from any perspective: claims and
    their revocations, readings of the place and of the sources, and the lineage of the actors."""
    asked = {"location": location, "known": known}
    return [position for (position,) in db.execute(_SELECT_POSITIONS_OF, asked)]


class _LineageRow(NamedTuple):
    """A word on lineage, joined with entry, report, origin and publisher."""

    event: EventId
    kind: str
    subject: str
    object: str
    begins: int
    position: int
    earliest: Instant
    latest: Instant
    precision: str
    credibility: int
    origin: SourceId
    source: SourceId
    published_by: Instant
    reliability: str
    publisher_reliability: str

    @property
    def said(self) -> Said:
        tie = Tie(TieKind(self.kind), self.subject, self.object)
        window = Window(self.earliest, self.latest, Precision(self.precision))
        word = Word(tie, bool(self.begins), self.event, self.position, window)
        by = provenance(
            self.origin,
            self.source,
            self.published_by,
            self.reliability,
            self.publisher_reliability,
        )
        return Said(word, by, self.credibility)


OF_LINEAGE = f"tie.kind IN ({', '.join(repr(str(kind)) for kind in sorted(KINDS))})"
"""The condition of a tie of lineage."""
_SAID = columns(_LineageRow, position="tie.position", **BY)
_SELECT_SAID = f"""
    SELECT {_SAID}
    FROM tie CROSS JOIN entry USING (position) {JOINED_REPORT % "entry.report"}
    WHERE {OF_LINEAGE} AND tie.position <= :known ORDER BY tie.position"""
_SELECT_REVOCATIONS = f"""
    SELECT {REVOCATION}
    FROM (SELECT DISTINCT position FROM tie WHERE {OF_LINEAGE}) AS said
    CROSS JOIN entry USING (position)
    CROSS JOIN revocation ON revocation.event = entry.event
        AND revocation.position <= :known {JOINED_REPORT % "revocation.report"}"""
_TIED = f"""
        SELECT subject AS one, object AS other FROM tie WHERE {OF_LINEAGE}
        UNION ALL SELECT object, subject FROM tie WHERE {OF_LINEAGE}"""
_AKIN_BY = f"""
    UNION SELECT other FROM akin JOIN ({_TIED}) ON one = actor WHERE actor <> '' AND other <> ''"""
_NAMED = "control_named ON named = 'actor:' || actor"
_SELECT_PLACES_OF = f"""
    WITH RECURSIVE akin (actor) AS (SELECT :actor {_AKIN_BY})
    SELECT DISTINCT location FROM akin JOIN {_NAMED} ORDER BY location"""
_SELECT_AKIN = f"""
    WITH RECURSIVE said AS (
        SELECT subject, object FROM tie JOIN entry USING (position)
        WHERE event = :event AND {OF_LINEAGE}
    ),
    akin (actor) AS (SELECT subject FROM said UNION SELECT object FROM said {_AKIN_BY})
    SELECT DISTINCT location FROM akin JOIN {_NAMED} ORDER BY location"""
_SELECT_POSITIONS_OF = f"""
    WITH RECURSIVE akin (actor) AS (
        SELECT substr(named, 7) FROM control_named
        WHERE location = :location AND named LIKE 'actor:%' {_AKIN_BY}
    ),
    said (position) AS (
        SELECT position FROM control_claim WHERE location = :location
        UNION SELECT position FROM tie
        WHERE {OF_LINEAGE} AND (subject IN akin OR object IN akin)
    ),
    word (report) AS (
        SELECT report FROM said JOIN entry USING (position)
        UNION SELECT revocation.report FROM said JOIN entry USING (position)
            JOIN revocation USING (event)
    ),
    found (position) AS (
        SELECT position FROM said
        UNION SELECT revocation.position FROM said JOIN entry USING (position)
            JOIN revocation USING (event)
        UNION SELECT source.known_from FROM word JOIN report USING (report)
            JOIN source ON source.source IN (report.source, report.origin)
        UNION SELECT known_from FROM place WHERE location = :location
    )
    SELECT position FROM found WHERE position <= :known ORDER BY position"""
