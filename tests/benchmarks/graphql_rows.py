"""What do all candidates know? One war, recorded in Tenure and copied to PostgreSQL.

The rows that PostgreSQL gets are those of Tenure's own views: it need not know the rule of control,
only find the row. It is given whatever helps it there: keys, an index, functions that it can
inline, rows in the order of places, statistics, and for each place a first row that says that
nothing was known yet.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg

from api.node import Node
from domain.control.claims import ControlStatus
from domain.control.timeline import BEGINNING, END
from domain.occurred import Instant, datetime_of
from projections.control import FOR_EVER
from projections.control.stored import PERIOD, StoredPeriods
from tests.benchmarks.data import War

WORDS_ON_A_PLACE = 4


class WideWar(War):
    """Many places, with few words on each, so that a map of all of them is large."""

    @property
    def places(self) -> list[str]:
        return [f"place-{number}" for number in range(self.words // WORDS_ON_A_PLACE)]


SCHEMA = """
CREATE TYPE control_status AS ENUM ('HELD', 'CONTESTED', 'VACANT', 'DISPUTED', 'UNKNOWN');
CREATE TABLE actor (id text PRIMARY KEY, name text NOT NULL);
CREATE TABLE place (
    id              text    PRIMARY KEY,
    name            text    NOT NULL,
    latitude        float8,
    longitude       float8
);
CREATE TABLE control_period (
    id              int     PRIMARY KEY,
    location        text    NOT NULL REFERENCES place,
    valid_from      timestamptz NOT NULL,
    valid_to        timestamptz NOT NULL,
    known_from      int     NOT NULL,
    known_to        int     NOT NULL,
    status          control_status NOT NULL,
    certain         boolean NOT NULL,
    since_earliest  timestamptz,
    since_latest    timestamptz,
    since_precision text
);
CREATE TABLE holder (
    period          int     REFERENCES control_period,
    rank            int,
    actor           text    NOT NULL REFERENCES actor,
    PRIMARY KEY (period, rank)
);
CREATE FUNCTION control(location text, at timestamptz, "position" int)
RETURNS SETOF control_period STABLE ROWS 1 LANGUAGE sql AS $$
    SELECT * FROM control_period AS period WHERE period.location = control.location
    AND valid_from <= at AND valid_to > at AND known_from <= "position" AND known_to > "position"
$$;
CREATE FUNCTION control_map(at timestamptz, "position" int) RETURNS SETOF control_period
STABLE ROWS 10000 LANGUAGE sql AS $$
    SELECT * FROM control_period WHERE valid_from <= at AND valid_to > at
    AND known_from <= "position" AND known_to > "position" ORDER BY location
$$;
"""
INDEXES = "CREATE INDEX ON control_period (location, valid_from, known_from)"


def copy_views(node: Node, url: str) -> None:
    """The same rows as tables of that PostgreSQL."""
    view = node.views.reader
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(SCHEMA)
        _copy(db, "actor", view.execute("SELECT actor, name FROM actor"))
        places = view.execute(
            "SELECT location, name, latitude, longitude FROM place ORDER BY location"
        ).fetchall()
        _copy(db, "place", places)
        periods, holders = _periods(node, [place[0] for place in places])
        _copy(db, "control_period", periods)
        _copy(db, "holder", holders)
        db.execute(INDEXES)
        db.execute("VACUUM (ANALYZE, FREEZE)")


Row = Sequence[Any]


def _periods(node: Node, places: list[str]) -> tuple[list[Row], list[Row]]:
    """The rows of every period, and of who held the place in it."""
    found: dict[str, list[Row]] = {place: [] for place in places}
    stored = node.views.reader.execute(
        f"SELECT known_from, known_to, {PERIOD} "
        "FROM control_period ORDER BY location, valid_from, known_from"
    )
    for row in stored:
        found[row[2]].append(row)
    periods: list[Row] = []
    holders: list[Row] = []
    for location, rows in found.items():
        first = min((row[0] for row in rows), default=FOR_EVER)
        periods.append((len(periods), location, *_nothing_until(first)))
        told_of = StoredPeriods(lambda: node.views.reader)
        for known_from, known_to, *told in rows:
            period = told_of.add(told)
            window = period.since
            if period.status is ControlStatus.HELD:
                holders += [(len(periods), rank, who) for rank, who in enumerate(period.holders)]
            periods.append(
                (
                    len(periods),
                    location,
                    _time(period.start),
                    _time(period.end),
                    known_from,
                    _position(known_to),
                    period.status.name,
                    period.certain,
                    window and _time(window.earliest),
                    window and _time(window.latest),
                    window and window.precision.value,
                )
            )
    return periods, holders


def _nothing_until(position: int) -> Row:
    """For ever, nothing was known of the place before that position."""
    valid = (_time(BEGINNING), _time(END))
    return (*valid, 0, _position(position), "UNKNOWN", True, None, None, None)


def _position(known: int) -> int:
    return min(known, 2**31 - 1)


def _time(instant: Instant) -> datetime | str:
    edges = {BEGINNING: "-infinity", END: "infinity"}
    return edges.get(instant) or datetime_of(instant)


def _copy(db: psycopg.Connection[Any], table: str, rows: Iterable[Row]) -> None:
    with db.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
