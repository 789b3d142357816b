"""The claims on a place, as known at a position."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import orjson

from domain.control.claims import Assertion, Claim, ClaimKind, ControlStatus, assertion_of
from domain.control.perspective import Admitted, Perspective, Provenance, Revocation, live
from domain.control.timeline import END
from domain.events import Event, SituationEvent
from domain.grades import Grade, report_reliability
from domain.occurred import Instant, Precision, Window
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
from infra.views.rows import PendingRows, columns, insertion
from infra.views.rows import known as known_in
from projections.record import Record

TABLES = ("control_claim", "control_named")
SCHEMA = """
CREATE TABLE control_claim (
    location    TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    places      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    holders     TEXT    NOT NULL,
    leaving     TEXT    NOT NULL,
    PRIMARY KEY (location, position)
) WITHOUT ROWID;
CREATE TABLE control_named (
    named       TEXT    NOT NULL,
    location    TEXT    NOT NULL,
    PRIMARY KEY (named, location)
) WITHOUT ROWID;
"""


class StoredClaim(NamedTuple):
    """A claim: the kinds of place that the claim may be made on, and the assertion."""

    location: LocationId
    position: int
    places: str
    kind: str
    status: str
    holders: str
    leaving: str


class ClaimKeeper:
    """Takes claims in, and notes the places on which actors are named and sources speak."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._claims = PendingRows(insertion("control_claim", StoredClaim._fields))
        self._named: set[tuple[str, str]] = set()
        """The pairs in `control_named`, and the unwritten ones."""
        self._unwritten: set[tuple[str, str]] = set()

    def take_in(
        self, db: sqlite3.Connection, event: SituationEvent, recorded: Recorded
    ) -> LocationId | None:
        """Takes in a statement, and returns the place of its claim, if any. A claim on a place of
        another kind is kept too: the kind may be amended."""
        location: LocationId | None = getattr(event, "location", None)
        if location is None:
            return None
        places, asserted = _assertion_anywhere(event)
        if asserted is None:
            return None
        holders, leaving = asserted.holders, asserted.leaving
        said = (places, asserted.kind, asserted.status, _texts(holders), _texts(leaving))
        self._claims.add(StoredClaim(location, recorded.position, *said))
        actors = (f"actor:{actor}" for actor in (*holders, *leaving))
        voices = (f"source:{source}" for source in self._record.voices(db, event.report))
        for named in (*actors, *voices):
            if (pair := (named, location)) not in self._named:
                self._named.add(pair)
                self._unwritten.add(pair)
        return location

    def write(self, db: sqlite3.Connection) -> None:
        self._claims.write(db)
        db.executemany("INSERT OR IGNORE INTO control_named VALUES (?, ?)", sorted(self._unwritten))
        self._unwritten.clear()

    def forget(self) -> None:
        self._claims.forget()
        self._named.clear()
        self._unwritten.clear()

    def places_told_of(self, db: sqlite3.Connection, source: SourceId) -> list[LocationId]:
        """The places on which the source makes claims, as origin or as publisher of a copy."""
        self.write(db)
        found = db.execute(
            "SELECT location FROM control_named WHERE named = 'source:' || ?", (source,)
        )
        return [location for (location,) in found]

    @staticmethod
    def place_of(said: Event) -> LocationId | None:
        """The place of the event's claim, if any."""
        return getattr(said, "location", None) if _assertion_anywhere(said)[1] else None


def _assertion_anywhere(event: Event) -> tuple[str, Assertion | None]:
    """The kinds of place on which the event makes a claim, and its assertion, the same on each."""
    kinds = _CLAIMED_ON.get(type(event))
    if kinds is None:  # the type of an event decides it alone
        kinds = tuple(kind for kind in LocationKind if assertion_of(event, kind))
        _CLAIMED_ON[type(event)] = kinds
    return " ".join(kinds), assertion_of(event, kinds[0]) if kinds else None


_CLAIMED_ON: dict[type[Event], tuple[LocationKind, ...]] = {}


@lru_cache(maxsize=10_000)
def _texts(actors: tuple[ActorId, ...]) -> str:
    return orjson.dumps(actors).decode()


# ---- questions -----------------------------------------------------------------------------------


def claims_on(
    db: sqlite3.Connection, location: LocationId, *, known: int, perspective: Perspective
) -> Admitted:
    """The claims that count from the perspective, as known at a position."""
    ((_, admitted),) = claims_on_many(db, [location], known=known, perspective=perspective)
    return admitted


def claims_on_many(
    db: sqlite3.Connection,
    places: Collection[LocationId],
    *,
    known: int,
    perspective: Perspective,
    supposed: Collection[Revocation] = (),
) -> Iterator[tuple[LocationId, Admitted]]:
    """The same for each of the places, read at once; with `supposed`, as if these had been
    recorded too."""
    for place, made, kept in claims_and_revocations(db, places, known=known):
        yield place, live(made, [*kept, *supposed], perspective)


def claims_and_revocations(
    db: sqlite3.Connection, places: Collection[LocationId], *, known: int
) -> Iterator[tuple[LocationId, list[Claim], list[Revocation]]]:
    """All claims on each of the places, whoever makes them, and their revocations."""
    asked = {"places": orjson.dumps(list(places)).decode(), "known": known}
    made, kept = defaultdict[LocationId, list[Claim]](list), dict[str, list[Revocation]]()
    for row in map(ClaimRow._make, db.execute(_SELECT_CLAIMS, asked)):
        made[row.location].append(row.claim)
    for location, *row in db.execute(_SELECT_REVOCATIONS, asked):
        kept.setdefault(location, []).append(RevocationRow._make(row).revocation)
    for place in places:
        yield place, made.get(place, []), kept.get(place, [])


def claims_made(
    db: sqlite3.Connection, location: LocationId, *, first: int, last: int
) -> list[Claim]:
    """The claims on the place between two positions, graded as known at the last."""
    asked = {"places": orjson.dumps([location]).decode(), "first": first, "known": last}
    found = db.execute(f"{_SELECT_CLAIMS} {_FROM_FIRST}", asked)
    return [ClaimRow._make(row).claim for row in found]


def left_out(
    db: sqlite3.Connection, location: LocationId, *, known: int, perspective: Perspective
) -> int:
    """How many of the known claims on the place the perspective leaves out."""
    asked = {"places": orjson.dumps([location]).decode(), "known": known}
    found = map(ClaimRow._make, db.execute(_SELECT_CLAIMS, asked))
    return sum(not perspective.admits(row.claim) for row in found)


MANY = 1_000
"""A sweep of so many claims on a place is kept for later questions."""


def is_crowded(db: sqlite3.Connection, location: LocationId) -> bool:
    """Whether many claims are made on the place."""
    found = db.execute(
        "SELECT 1 FROM control_claim WHERE location = ? LIMIT 1 OFFSET ?", (location, MANY)
    )
    return found.fetchone() is not None


def first_recorded(db: sqlite3.Connection, location: LocationId, *, known: int) -> int | None:
    """The position of the first known claim on the place, if any was made."""
    asked = {"places": orjson.dumps([location]).decode(), "known": known}
    found = db.execute(f"SELECT min(position) FROM ({_SELECT_CLAIMS})", asked).fetchone()
    position: int | None = found[0]
    return position


# ---- rows ----------------------------------------------------------------------------------------

JOINED_REPORT = f"""
    CROSS JOIN report ON report.report = %s AND {known_in("report")}
    CROSS JOIN source AS origin ON origin.source = report.origin AND {known_in("origin")}
    CROSS JOIN source AS publisher
        ON publisher.source = report.source AND {known_in("publisher")}"""
"""The joins from a column with a report to the report, its origin and its publisher."""


BY = {
    "origin": "report.origin",
    "source": "report.source",
    "reliability": "origin.reliability",
    "publisher_reliability": "publisher.reliability",
}
"""The columns of a report's voices, after `JOINED_REPORT`."""


def provenance(
    origin: SourceId, source: SourceId, published: Instant, reliability: str, publisher: str
) -> Provenance:
    """The voices of a report; a copy has the worse reliability of origin and publisher."""
    return Provenance(origin, source, published, _worse(reliability, publisher))


@cache
def _worse(one: str, other: str) -> Reliability:
    return report_reliability(Reliability(one), Reliability(other))


class ClaimRow(NamedTuple):
    """A claim, joined with entry, report, origin and publisher."""

    location: LocationId
    position: int
    kind: str
    status: str
    holders: str
    leaving: str
    event: EventId
    earliest: Instant
    latest: Instant
    precision: str
    report: ReportId
    credibility: int
    copied: str
    spoken_from: Instant
    spoken_to: Instant
    spoken_as: str
    origin: SourceId
    source: SourceId
    published_by: Instant
    reliability: str
    publisher_reliability: str
    kept_until: Instant | None

    @property
    def claim(self) -> Claim:
        reliability = _worse(self.reliability, self.publisher_reliability)
        return Claim(
            event=self.event,
            position=self.position,
            occurred=_window(self.earliest, self.latest, self.precision),
            published=self.published_by,
            spoken=_window(self.spoken_from, self.spoken_to, self.spoken_as),
            asserts=_assertion(self.kind, self.status, self.holders, self.leaving),
            origin=self.origin,
            source=self.source,
            report=self.report,
            grade=_grade(reliability, self.credibility),
            kept_until=self.kept_until,
            copied=() if self.copied == "[]" else tuple(orjson.loads(self.copied)),
        )


class RevocationRow(NamedTuple):
    """A revocation or a reinstatement, joined with report, origin and publisher."""

    event: EventId
    position: int
    reinstates: int
    origin: SourceId
    source: SourceId
    published_by: Instant
    reliability: str
    publisher_reliability: str

    @property
    def revocation(self) -> Revocation:
        word = provenance(
            self.origin,
            self.source,
            self.published_by,
            self.reliability,
            self.publisher_reliability,
        )
        return Revocation(self.event, self.position, bool(self.reinstates), word)


@lru_cache(maxsize=10_000)  # few sides fight over a place, and each is named in many claims
def _assertion(kind: str, status: str, holders: str, leaving: str) -> Assertion:
    named = (tuple(orjson.loads(each)) for each in (holders, leaving))
    return Assertion(ClaimKind(kind), ControlStatus(status), *named)


@lru_cache(maxsize=10_000)  # many claims are about the same day
def _window(earliest: Instant, latest: Instant, precision: str) -> Window:
    return Window(earliest, latest, _PRECISIONS[precision])


@cache
def _grade(reliability: Reliability, credibility: int) -> Grade:
    return Grade(reliability, credibility)


_PRECISIONS = {each.value: each for each in Precision}
_CLAIM = columns(
    ClaimRow,
    location="claim.location",
    position="claim.position",
    kind="claim.kind",
    report="entry.report",
    **BY,
    kept_until=f"CASE WHEN origin.continuous THEN coalesce(origin.ended_by, {END}) END",
)
_SELECT_CLAIMS = f"""
    SELECT {_CLAIM} FROM json_each(:places)
    CROSS JOIN place ON place.location = value AND {known_in("place")}
    CROSS JOIN control_claim AS claim ON claim.location = value
        AND claim.position <= :known AND instr(places, place.kind)
    CROSS JOIN entry ON entry.position = claim.position {JOINED_REPORT % "entry.report"}
    WHERE true"""
_FROM_FIRST = "AND claim.position >= :first ORDER BY claim.position"
REVOCATION = columns(
    RevocationRow,
    event="revocation.event",
    position="revocation.position",
    **BY,
)
_SELECT_REVOCATIONS = f"""
    SELECT claim.location, {REVOCATION}
    FROM json_each(:places) CROSS JOIN control_claim AS claim ON claim.location = value
    CROSS JOIN entry ON entry.position = claim.position
    CROSS JOIN revocation ON revocation.event = entry.event
        AND revocation.position <= :known {JOINED_REPORT % "revocation.report"}"""
