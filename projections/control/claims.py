"""Which claims are made on a place, by whom, and do they still stand?

What the rule of control needs to know, in tables of its own: the kinds of places and the grades of
sources, as they were given and amended; who stands behind each report; every claim, on which kinds
of place it is one, and which actors it names; what is said of their lineage; what was taken back.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import orjson

from domain.control.claims import Assertion, Claim, ClaimKind, ControlStatus, assertion_of
from domain.control.lineage import KINDS, NO_LINEAGE, Lineage, Said, lineage_of
from domain.control.perspective import Admitted, Perspective, Provenance, Revocation, live
from domain.control.timeline import END
from domain.events import (
    Event,
    EventReinstated,
    LineageEvent,
    LocationAmended,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.grades import Grade, worst_reliability
from domain.occurred import Instant, Precision, Window
from domain.references import Reference
from domain.situation.ties import Tie, TieKind, Word, ties_of
from domain.values import (
    ActorId,
    EventId,
    LocationId,
    LocationKind,
    Reliability,
    ReportId,
    SourceId,
)
from infra.ledger.codec import Recorded
from infra.views.amendments import AmendmentRows

_AMENDMENTS = AmendmentRows("control_amendment", LocationAmended, SourceAmended)

TABLES = (
    "control_place",
    "control_source",
    "control_report",
    "control_claim",
    "control_named",
    "control_tie",
    "control_revocation",
    "control_amendment",
)
SCHEMA = f"""
CREATE TABLE control_place (
    location    TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    PRIMARY KEY (location, position)
) WITHOUT ROWID;
CREATE TABLE control_source (
    source      TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    reliability TEXT    NOT NULL,
    continuous  INTEGER NOT NULL,
    ended       INTEGER,
    PRIMARY KEY (source, position)
) WITHOUT ROWID;
CREATE TABLE control_report (
    report      TEXT    PRIMARY KEY,
    source      TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    published   INTEGER NOT NULL,
    spoken_from INTEGER NOT NULL,
    spoken_to   INTEGER NOT NULL,
    spoken_as   TEXT    NOT NULL,
    copied      TEXT    NOT NULL
) WITHOUT ROWID;
CREATE TABLE control_claim (
    location    TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    earliest    INTEGER NOT NULL,
    latest      INTEGER NOT NULL,
    precision   TEXT    NOT NULL,
    report      TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    credibility INTEGER NOT NULL,
    places      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    holders     TEXT    NOT NULL,
    leaving     TEXT    NOT NULL,
    PRIMARY KEY (location, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX control_claim_event ON control_claim (event);
CREATE INDEX control_claim_origin ON control_claim (origin, location);
CREATE TABLE control_named (
    actor       TEXT    NOT NULL,
    location    TEXT    NOT NULL,
    PRIMARY KEY (actor, location)
) WITHOUT ROWID;
CREATE TABLE control_tie (
    event       TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    object      TEXT    NOT NULL,
    begins      INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    earliest    INTEGER NOT NULL,
    latest      INTEGER NOT NULL,
    precision   TEXT    NOT NULL,
    report      TEXT    NOT NULL,
    credibility INTEGER NOT NULL,
    PRIMARY KEY (event, kind, subject, object)
) WITHOUT ROWID;
CREATE INDEX control_tie_subject ON control_tie (subject);
CREATE INDEX control_tie_object ON control_tie (object);
CREATE TABLE control_revocation (
    event       TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    reinstates  INTEGER NOT NULL,
    report      TEXT    NOT NULL,
    PRIMARY KEY (event, position)
) WITHOUT ROWID;
{_AMENDMENTS.schema}
"""


def claims_on(
    db: sqlite3.Connection, location: LocationId, *, known: int, perspective: Perspective
) -> Admitted:
    """The claims that count from that perspective, as known at that position."""
    asked = {"location": location, "known": known}
    claims = [_claim_of(row) for row in db.execute(_SELECT_CLAIMS, asked)]
    revocations = [_revocation_of(row) for row in db.execute(_SELECT_REVOCATIONS, asked)]
    return live(claims, revocations, perspective)


def claims_on_many(
    db: sqlite3.Connection,
    places: Collection[LocationId],
    *,
    known: int,
    perspective: Perspective,
) -> Iterator[tuple[LocationId, Admitted]]:
    """The same for each of the places, read at once."""
    asked = {"places": orjson.dumps(list(places)).decode(), "known": known}
    made, kept = defaultdict[LocationId, list[Claim]](list), dict[str, list[Revocation]]()
    for location, *row in db.execute(_SELECT_CLAIMS_OF_MANY, asked):
        made[location].append(_claim_of(row))
    for location, *row in db.execute(_SELECT_REVOCATIONS_OF_MANY, asked):
        kept.setdefault(location, []).append(_revocation_of(row))
    for place in places:
        yield place, live(made.get(place, ()), kept.get(place, ()), perspective)


def left_out(
    db: sqlite3.Connection, location: LocationId, *, known: int, perspective: Perspective
) -> int:
    """How many claims on the place the perspective does not admit, of those known then."""
    asked = {"location": location, "known": known}
    return sum(not perspective.admits(_claim_of(row)) for row in db.execute(_SELECT_CLAIMS, asked))


def first_recorded(db: sqlite3.Connection, location: LocationId, *, known: int) -> int | None:
    """The position of the first claim on the place, of those known then, if any was made."""
    asked = {"location": location, "known": known}
    found = db.execute(f"SELECT min(position) FROM ({_SELECT_CLAIMS})", asked).fetchone()
    position: int | None = found[0]
    return position


def lineage_known(db: sqlite3.Connection, *, known: int, perspective: Perspective) -> Lineage:
    """Who merged with whom and who belongs to what, from that perspective, as known then."""
    asked = {"known": known}
    said = [_said_of(row) for row in db.execute(_SELECT_TIES, asked)]
    if not said:
        return NO_LINEAGE
    revocations = [_revocation_of(row) for row in db.execute(_SELECT_TIE_REVOCATIONS, asked)]
    return lineage_of(said, revocations, perspective)


def take_in_place(db: sqlite3.Connection, place: LocationRegistered, position: int) -> None:
    take_in_kind(db, place.location, place.kind, position)


def take_in_amendment(db: sqlite3.Connection, recorded: Recorded) -> Reference | None:
    """Keeps what amends a registration, or takes that back; whose registration may read otherwise
    by it, if it is one that control rests on."""
    return _AMENDMENTS.take_in(db, recorded)


def kind_amended(db: sqlite3.Connection, place: Reference) -> LocationKind | None:
    """What the place is by what stands, where that is not what it is held for."""
    kinds = db.execute(_SELECT_KINDS, (place.slug,)).fetchall()
    (kind,) = kinds[0]
    for amendment in _AMENDMENTS.standing(db, place):
        kind = amendment.changes.get("kind", kind)
    return None if (kind,) == kinds[-1] else LocationKind(kind)


def take_in_kind(
    db: sqlite3.Connection, location: LocationId, kind: LocationKind, position: int
) -> None:
    db.execute("INSERT INTO control_place VALUES (?, ?, ?)", (location, position, kind))


def continuous_amended(db: sqlite3.Connection, source: Reference) -> bool | None:
    """Whether the source is continuous by what stands, where it is not held for that."""
    told = db.execute(_SELECT_CONTINUOUS, (source.slug,)).fetchall()
    (continuous,) = told[0]
    for amendment in _AMENDMENTS.standing(db, source):
        continuous = amendment.changes.get("continuous", continuous)
    return None if (continuous,) == told[-1] else bool(continuous)


def take_in_continuous(
    db: sqlite3.Connection, source: SourceId, continuous: bool, position: int
) -> None:
    db.execute(
        "INSERT INTO control_source SELECT source, ?, reliability, ?, ended FROM control_source "
        "WHERE source = ? ORDER BY position DESC LIMIT 1",
        (position, continuous, source),
    )


def take_in_source(db: sqlite3.Connection, source: SourceRegistered, position: int) -> None:
    row = (source.source, position, source.reliability, source.continuous)
    db.execute("INSERT INTO control_source VALUES (?, ?, ?, ?, NULL)", row)


def take_in_end(db: sqlite3.Connection, over: SourceEnded, position: int) -> None:
    db.execute(
        "INSERT INTO control_source SELECT source, ?, reliability, continuous, ? "
        "FROM control_source WHERE source = ? ORDER BY position DESC LIMIT 1",
        (position, over.ended.window.latest, over.source),
    )


def take_in_grade(db: sqlite3.Connection, regraded: SourceRegraded, position: int) -> None:
    db.execute(
        "INSERT INTO control_source SELECT source, ?, ?, continuous, ended FROM control_source "
        "WHERE source = ? ORDER BY position DESC LIMIT 1",
        (position, regraded.reliability, regraded.source),
    )


def take_in_report(db: sqlite3.Connection, report: ReportFiled) -> None:
    window = report.published.window
    spoken = (window.earliest, window.latest, window.precision)
    origin, copied = report.source, list[str]()
    if report.syndicated_from:
        origin, *spoken, behind = db.execute(
            "SELECT origin, spoken_from, spoken_to, spoken_as, copied FROM control_report "
            "WHERE report = ?",
            (report.syndicated_from,),
        ).fetchone()
        copied = [report.syndicated_from, *orjson.loads(behind)]
    row = (report.report, report.source, origin, window.latest - 1, *spoken)
    db.execute(
        "INSERT INTO control_report VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, orjson.dumps(copied).decode()),
    )


def take_in_event(
    db: sqlite3.Connection, event: SituationEvent, recorded: Recorded
) -> LocationId | None:
    """Takes in a statement; returns the place on which it makes a claim, if it makes one.

    What is a claim on a place of another kind is kept too: the kind may be amended.
    """
    location: LocationId | None = getattr(event, "location", None)
    if location is None:
        return None
    places, asserted = _assertion_anywhere(event)
    if asserted is None:
        return None
    kind, origin = db.execute(_SELECT_WORD, (location, event.report)).fetchone()
    window = event.occurred.window
    db.execute(
        f"INSERT INTO control_claim VALUES ({', '.join('?' * 14)})",
        (
            location,
            recorded.position,
            recorded.statement.id,
            window.earliest,
            window.latest,
            window.precision,
            event.report,
            origin,
            event.credibility,
            places,
            asserted.kind,
            asserted.status,
            orjson.dumps(asserted.holders).decode(),
            orjson.dumps(asserted.leaving).decode(),
        ),
    )
    db.executemany(
        "INSERT OR IGNORE INTO control_named VALUES (?, ?)",
        [(actor, location) for actor in (*asserted.holders, *asserted.leaving)],
    )
    return location if kind in places.split() else None


def _assertion_anywhere(event: Event) -> tuple[str, Assertion | None]:
    """On which kinds of place the event makes a claim, and what that asserts: the same on each."""
    places = _CLAIMED_ON.get(type(event))
    if places is None:  # the type of an event decides it alone
        places = " ".join(kind for kind in LocationKind if assertion_of(event, kind))
        _CLAIMED_ON[type(event)] = places
    kind = places.partition(" ")[0]
    return places, assertion_of(event, LocationKind(kind)) if kind else None


_CLAIMED_ON: dict[type[Event], str] = {}


def is_of_lineage(event: LineageEvent) -> bool:
    """Whether other actors may count as one for it."""
    return any(tie.kind in KINDS for tie, _ in ties_of(event))


def take_in_lineage(db: sqlite3.Connection, event: LineageEvent, recorded: Recorded) -> None:
    window = event.occurred.window
    rows = [
        (
            recorded.statement.id,
            tie.kind,
            tie.subject,
            tie.object,
            begins,
            recorded.position,
            window.earliest,
            window.latest,
            window.precision,
            event.report,
            event.credibility,
        )
        for tie, begins in ties_of(event)
        if tie.kind in KINDS
    ]
    db.executemany(f"INSERT INTO control_tie VALUES ({', '.join('?' * 11)})", rows)


def take_in_revocation(db: sqlite3.Connection, keeping: RecordKeeping, position: int) -> None:
    row = (keeping.event, position, isinstance(keeping, EventReinstated), keeping.report)
    db.execute("INSERT INTO control_revocation VALUES (?, ?, ?, ?)", row)


def places_told_of(db: sqlite3.Connection, source: SourceId) -> list[LocationId]:
    """The places on which the source makes claims, as origin or as publisher of a copy."""
    found = db.execute(
        "SELECT DISTINCT location FROM control_claim WHERE origin = :source OR report IN "
        "(SELECT report FROM control_report WHERE source = :source AND origin <> :source)",
        {"source": source},
    )
    return [location for (location,) in found]


def claims_made(
    db: sqlite3.Connection, location: LocationId, positions: Sequence[int]
) -> Iterator[Claim]:
    """The claims on the place at those positions, graded as known by the last of them."""
    asked = {
        "location": location,
        "known": positions[-1],
        "positions": orjson.dumps(positions).decode(),
    }
    found = db.execute(f"{_SELECT_CLAIMS} {_AT_POSITIONS}", asked).fetchall()
    return map(_claim_of, found)


def place_of(db: sqlite3.Connection, event: EventId) -> LocationId | None:
    """The place on which the event makes a claim, if it does."""
    found = db.execute("SELECT location FROM control_claim WHERE event = ?", (event,)).fetchone()
    return LocationId(found[0]) if found else None


def is_lineage(db: sqlite3.Connection, event: EventId) -> bool:
    """Whether the event says who counts as whom."""
    return bool(
        db.execute("SELECT 1 FROM control_tie WHERE event = ? LIMIT 1", (event,)).fetchone()
    )


def places_akin(db: sqlite3.Connection, event: EventId) -> list[LocationId]:
    """The places on which claims name an actor whom the event ties to others, by any way at all."""
    return [location for (location,) in db.execute(_SELECT_AKIN, {"event": event})]


def places_of(db: sqlite3.Connection, actor: ActorId) -> list[LocationId]:
    """The places on which claims name the actor, or one that is tied to it by any way at all."""
    return [location for (location,) in db.execute(_SELECT_PLACES_OF, {"actor": actor})]


def positions_of(db: sqlite3.Connection, location: LocationId, *, known: int) -> list[int]:
    """Where it was recorded what may change the answer for the place, from any perspective: claims
    and what takes them back, grades and ends of their sources, its kind, and the lineage of the
    actors that they name."""
    asked = {"location": location, "known": known}
    return [position for (position,) in db.execute(_SELECT_POSITIONS_OF, asked)]


# ---- in brief: enough to tell what a perspective admits ------------------------------------------


class SourceKnown(NamedTuple):
    """How far a source is trusted, and since which position; 0 since its registration."""

    reliability: Reliability
    since: int


class KindKnown(NamedTuple):
    """What kind of place it is, and since which position; 0 since its registration."""

    kind: str
    since: int


class KinshipSaid(NamedTuple):
    """A word on lineage, or one that takes such a word back or reinstates it."""

    actors: tuple[str, ...]
    """Whom it ties to each other."""
    position: int
    report: str
    credibility: int
    """1, where it takes a word back: only the report is asked about."""


def sources_known(db: sqlite3.Connection, *, known: int) -> dict[str, SourceKnown]:
    """Every source, as known then. Also what is kept current since, or no longer, is a change."""
    found: dict[str, SourceKnown] = {}
    rows = db.execute(
        "SELECT source, reliability, position FROM control_source WHERE position <= ? "
        "ORDER BY position",
        (known,),
    )
    for source, reliability, position in rows:
        since = position if source in found else 0
        found[source] = SourceKnown(Reliability(reliability), since)
    return found


def kinds_known(db: sqlite3.Connection, *, known: int) -> dict[LocationId, KindKnown]:
    """The kind of every place, as known then."""
    found: dict[LocationId, KindKnown] = {}
    rows = db.execute(
        "SELECT location, kind, position FROM control_place WHERE position <= ? ORDER BY position",
        (known,),
    )
    for location, kind, position in rows:
        found[location] = KindKnown(kind, position if location in found else 0)
    return found


def provenance(
    source: str, origin: str, published: int, sources: Mapping[str, SourceKnown]
) -> Provenance:
    """Whose word a report is."""
    trusted = sources[origin].reliability
    if source != origin:
        trusted = worst_reliability([trusted, sources[source].reliability])
    return Provenance(SourceId(origin), SourceId(source), Instant(published), trusted)


def reports_in_brief(
    db: sqlite3.Connection, reports: Iterable[str]
) -> Iterator[tuple[str, str, str, int]]:
    """Each report, with its publisher, its origin, and when it was published."""
    return db.execute(
        "SELECT report, source, origin, published FROM json_each(?) CROSS JOIN control_report "
        "ON report = value",
        (orjson.dumps(list(reports)).decode(),),
    )


def claims_in_brief(
    db: sqlite3.Connection, places: Iterable[LocationId], *, known: int
) -> list[tuple[LocationId, int, EventId, str, int, ReportId]]:
    """Each claim on the places: place, position, event, on which kinds of place it is one,
    credibility and report."""
    return db.execute(
        "SELECT location, position, event, places, credibility, report FROM json_each(?) "
        "CROSS JOIN control_claim ON location = value WHERE position <= ?",
        (orjson.dumps(list(places)).decode(), known),
    ).fetchall()


def revocations_in_brief(
    db: sqlite3.Connection, *, known: int
) -> Iterator[tuple[EventId, int, ReportId]]:
    """Every word that takes something back or reinstates it: what, where it stands, its report."""
    return db.execute(
        "SELECT event, position, report FROM control_revocation WHERE position <= ?", (known,)
    )


def kinship_in_brief(db: sqlite3.Connection, *, known: int) -> list[KinshipSaid]:
    """Every word on the lineage of actors."""
    found = db.execute(_SELECT_KINSHIP, {"known": known})
    return [
        KinshipSaid(tuple(end for end in (subject, other) if end), *more)
        for subject, other, *more in found
    ]


def named_in(db: sqlite3.Connection, actors: Iterable[str]) -> Iterator[tuple[ActorId, LocationId]]:
    """Each of the actors, with each place on which a claim names it."""
    return db.execute(
        "SELECT actor, location FROM json_each(?) CROSS JOIN control_named ON actor = value",
        (orjson.dumps(list(actors)).decode(),),
    )


_SELECT_KINSHIP = """
    SELECT subject, object, position, report, credibility FROM control_tie
    WHERE position <= :known AND subject || object <> ''
    UNION ALL SELECT subject, object, revocation.position, revocation.report, 1
    FROM control_tie JOIN control_revocation AS revocation USING (event)
    WHERE revocation.position <= :known AND subject || object <> ''"""
_AKIN_BY = """
        UNION SELECT other FROM akin JOIN (
            SELECT subject AS one, object AS other FROM control_tie
            UNION ALL SELECT object, subject FROM control_tie
        ) ON one = actor WHERE actor <> '' AND other <> ''"""
_SELECT_PLACES_OF = f"""
    WITH RECURSIVE akin (actor) AS (SELECT :actor {_AKIN_BY}
    )
    SELECT DISTINCT location FROM akin JOIN control_named USING (actor) ORDER BY location"""
_SELECT_POSITIONS_OF = f"""
    WITH RECURSIVE akin (actor) AS (
        SELECT actor FROM control_named WHERE location = :location {_AKIN_BY}
    ),
    kinship (event, position) AS (
        SELECT event, position FROM control_tie
        WHERE subject IN akin OR object IN akin
    ),
    claim (event, position, report) AS (
        SELECT event, position, report FROM control_claim WHERE location = :location
    ),
    found (position) AS (
        SELECT position FROM claim
        UNION SELECT position FROM kinship
        UNION SELECT revocation.position FROM claim
            JOIN control_revocation AS revocation USING (event)
        UNION SELECT revocation.position FROM kinship
            JOIN control_revocation AS revocation USING (event)
        UNION SELECT source.position FROM claim JOIN control_report AS report USING (report)
            JOIN control_source AS source ON source.source IN (report.source, report.origin)
        UNION SELECT position FROM control_place WHERE location = :location
    )
    SELECT position FROM found WHERE position <= :known ORDER BY position"""
_SELECT_AKIN = f"""
    WITH RECURSIVE akin (actor) AS (
        SELECT subject FROM control_tie WHERE event = :event
        UNION SELECT object FROM control_tie WHERE event = :event {_AKIN_BY}
    )
    SELECT DISTINCT location FROM akin JOIN control_named USING (actor) ORDER BY location"""
_WORD = """
    report.origin, report.source, report.published, (
        SELECT reliability FROM control_source AS source
        WHERE source.source = report.origin AND source.position <= :known
        ORDER BY source.position DESC LIMIT 1
    ), CASE report.source WHEN report.origin THEN NULL ELSE (
        SELECT reliability FROM control_source AS source
        WHERE source.source = report.source AND source.position <= :known
        ORDER BY source.position DESC LIMIT 1
    ) END"""
_KEPT_UNTIL = f"""(
        SELECT CASE WHEN continuous THEN coalesce(ended, {END}) END FROM control_source AS source
        WHERE source.source = report.origin AND source.position <= :known
        ORDER BY source.position DESC LIMIT 1
    )"""
_SELECT_KINDS = "SELECT kind FROM control_place WHERE location = ? ORDER BY position"
_SELECT_CONTINUOUS = "SELECT continuous FROM control_source WHERE source = ? ORDER BY position"
_SELECT_WORD = """
    SELECT kind, origin FROM control_place, control_report WHERE location = ? AND report = ?
    ORDER BY control_place.position DESC LIMIT 1"""
_SELECT_CLAIMS = f"""
    SELECT claim.event, claim.position, earliest, latest, precision, kind, status, holders, leaving,
        claim.report, credibility, {_KEPT_UNTIL}, spoken_from, spoken_to, spoken_as,
        copied, {_WORD}
    FROM control_claim AS claim JOIN control_report AS report USING (report)
    WHERE location = :location AND claim.position <= :known AND instr(places, (
        SELECT kind FROM control_place AS place
        WHERE place.location = :location AND place.position <= :known
        ORDER BY place.position DESC LIMIT 1
    ))"""
_SELECT_CLAIMS_OF_MANY = f"""
    SELECT claim.location, claim.event, claim.position, earliest, latest, precision, kind, status,
        holders, leaving, claim.report, credibility, {_KEPT_UNTIL}, spoken_from, spoken_to,
        spoken_as, copied, {_WORD}
    FROM json_each(:places) CROSS JOIN control_claim AS claim ON claim.location = value
        CROSS JOIN control_report AS report USING (report)
    WHERE claim.position <= :known AND instr(places, (
        SELECT kind FROM control_place AS place
        WHERE place.location = claim.location AND place.position <= :known
        ORDER BY place.position DESC LIMIT 1
    ))"""
_AT_POSITIONS = """
    AND claim.position IN (SELECT value FROM json_each(:positions)) ORDER BY claim.position"""
_SELECT_REVOCATIONS = f"""
    SELECT event, revocation.position, reinstates, {_WORD}
    FROM control_claim AS claim
    JOIN control_revocation AS revocation USING (event)
    JOIN control_report AS report ON report.report = revocation.report
    WHERE location = :location AND revocation.position <= :known"""

_SELECT_REVOCATIONS_OF_MANY = f"""
    SELECT claim.location, event, revocation.position, reinstates, {_WORD}
    FROM json_each(:places) CROSS JOIN control_claim AS claim ON claim.location = value
        CROSS JOIN control_revocation AS revocation USING (event)
        CROSS JOIN control_report AS report ON report.report = revocation.report
    WHERE revocation.position <= :known"""


_SELECT_TIES = f"""
    SELECT tie.event, kind, subject, object, begins, tie.position, earliest, latest, precision,
        credibility, {_WORD}
    FROM control_tie AS tie JOIN control_report AS report USING (report)
    WHERE tie.position <= :known ORDER BY tie.position"""
_SELECT_TIE_REVOCATIONS = f"""
    SELECT event, revocation.position, reinstates, {_WORD}
    FROM (SELECT DISTINCT event FROM control_tie)
    JOIN control_revocation AS revocation USING (event)
    JOIN control_report AS report ON report.report = revocation.report
    WHERE revocation.position <= :known"""


def _claim_of(row: Sequence[Any]) -> Claim:
    event, position, earliest, latest, precision, kind, status, holders, leaving, *told = row
    report, credibility, kept_until, spoken_from, spoken_to, spoken_as, copied, *by = told
    word = _word_of(by)
    return Claim(
        event=EventId(event),
        position=position,
        occurred=Window(earliest, latest, Precision(precision)),
        published=word.published,
        spoken=Window(spoken_from, spoken_to, Precision(spoken_as)),
        asserts=_assertion_of(kind, status, holders, leaving),
        origin=word.origin,
        source=word.source,
        report=report,
        grade=_grade_of(word.reliability, credibility),
        kept_until=kept_until,
        copied=() if copied == "[]" else tuple(orjson.loads(copied)),
    )


def _word_of(row: Sequence[Any]) -> Provenance:
    """Whose word it is; the columns of `_WORD`."""
    origin, source, published, reliability, publisher = row
    worst = Reliability(reliability)
    if publisher:
        worst = worst_reliability([worst, Reliability(publisher)])
    return Provenance(origin, source, published, worst)


@lru_cache(maxsize=10_000)  # few sides fight over a place, and each is named in many claims
def _assertion_of(kind: str, status: str, holders: str, leaving: str) -> Assertion:
    named = (tuple(orjson.loads(each)) for each in (holders, leaving))
    return Assertion(ClaimKind(kind), ControlStatus(status), *named)


@cache
def _grade_of(reliability: Reliability, credibility: int) -> Grade:
    return Grade(reliability, credibility)


def _said_of(row: Sequence[Any]) -> Said:
    event, kind, subject, object_, begins, position, earliest, latest, *told = row
    precision, credibility, *by = told
    tie = Tie(TieKind(kind), subject, object_)
    window = Window(earliest, latest, Precision(precision))
    word = Word(tie, bool(begins), EventId(event), position, window)
    return Said(word, _word_of(by), credibility)


def _revocation_of(row: Sequence[Any]) -> Revocation:
    event, position, reinstates, *by = row
    return Revocation(event, position, bool(reinstates), _word_of(by))
