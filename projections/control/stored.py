"""What does the row of a period tell by itself, and what must be looked up for it?

The columns tell status, holders and times. Verdicts, with their evidence and reasons, are stored
once for many rows, under names made of their content; they are read when somebody asks for them,
for all the rows of a question at once. A name has the same content in every build of the views: a
verdict read later than its row is the row's verdict, or it is missing.
"""

import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from domain.control.claims import ControlStatus
from domain.control.verdict import NOTHING, Holding, Period, Reading, SinceIs, Verdict
from domain.occurred import Instant, Window
from domain.values import ActorId, LocationId
from infra.ledger.outages import Outage
from infra.views.outages import ViewsUnavailable
from infra.views.rows import FOR_EVER, columns
from projections.control.encoding import (
    held_since_of_row,
    verdict_name,
    verdict_of_row,
    window_of_row,
)

TABLES = ("control_period", "control_verdict", "control_holding")
SCHEMA = f"""
CREATE TABLE control_period (
    location    TEXT    NOT NULL,
    valid_from  INTEGER NOT NULL,
    known_from  INTEGER NOT NULL,
    valid_to    INTEGER NOT NULL,
    known_to    INTEGER NOT NULL,
    status      TEXT    NOT NULL,
    holders     TEXT    NOT NULL,
    certain     INTEGER NOT NULL,
    disputed    INTEGER NOT NULL,
    corroboration INTEGER NOT NULL,
    since       TEXT,
    since_is    TEXT,
    held_since  TEXT    NOT NULL,
    until       TEXT,
    last_heard  TEXT,
    verdict     TEXT    NOT NULL,
    possible    TEXT    NOT NULL,
    PRIMARY KEY (location, valid_from, known_from)
) WITHOUT ROWID;
CREATE INDEX control_period_open ON control_period (location, valid_to)
    WHERE known_to = {FOR_EVER};
CREATE TABLE control_verdict (
    location    TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    told        TEXT    NOT NULL,
    PRIMARY KEY (location, name)
);
CREATE TABLE control_holding (
    actor       TEXT    NOT NULL,
    location    TEXT    NOT NULL,
    valid_from  INTEGER NOT NULL,
    known_from  INTEGER NOT NULL,
    PRIMARY KEY (actor, location, valid_from, known_from)
) WITHOUT ROWID;
"""


class StoredPeriod(NamedTuple):
    """A period of valid time, as its columns tell it."""

    location: LocationId
    valid_from: Instant
    valid_to: Instant
    status: str
    holders: str
    """The ids of the holders or contenders, best corroborated first, with spaces between."""
    certain: int
    disputed: int
    corroboration: int
    """The number of independent origins behind the answer."""
    since: str | None
    since_is: str | None
    held_since: str
    """The holders with a longer hold than `since`, each with its own beginning."""
    until: str | None
    last_heard: str | None
    verdict: str
    """The name in `control_verdict`."""
    possible: str
    """The names of the other possible verdicts, as a JSON list."""


PERIOD = columns(StoredPeriod)
"""The columns of control_period for `StoredPeriods.add`."""


class LazyPeriod:
    """A period whose verdicts are read when `reading` is first asked for; else like a Period."""

    __slots__ = ("_reading", "_row", "_rows")

    def __init__(self, row: StoredPeriod, rows: "StoredPeriods") -> None:
        self._row, self._rows = row, rows
        self._reading: Reading | None = None

    @property
    def start(self) -> Instant:
        return self._row.valid_from

    @property
    def end(self) -> Instant:
        return self._row.valid_to

    @property
    def status(self) -> ControlStatus:
        return _STATUSES[self._row.status]

    @property
    def holders(self) -> tuple[ActorId, ...]:
        return _actors(self._row.holders)

    @property
    def certain(self) -> bool:
        return bool(self._row.certain)

    @property
    def disputed(self) -> bool:
        return bool(self._row.disputed)

    @property
    def corroboration(self) -> int:
        return self._row.corroboration

    @property
    def is_nothing(self) -> bool:
        return self._row.verdict == _NOTHING and bool(self._row.certain)

    @property
    def since(self) -> Window | None:
        return _window(self._row.since)

    @property
    def since_is(self) -> SinceIs | None:
        said = self._row.since_is
        return SinceIs[said] if said else None

    @property
    def until(self) -> Window | None:
        return _window(self._row.until)

    @property
    def last_heard(self) -> Window | None:
        return _window(self._row.last_heard)

    @property
    def holding(self) -> tuple[Holding, ...]:
        since = self.since
        if since is None or self.status is not ControlStatus.HELD:
            return ()
        return held_since_of_row(self._row.held_since, self.holders, since)

    @property
    def reading(self) -> Reading:
        """The answer in full. Raises ViewsUnavailable where its rows are gone meanwhile."""
        if self._reading is None:
            self._reading = self._rows.reading(self._row)
        return self._reading

    @property
    def period(self) -> Period:
        """The whole period. Raises as `reading` does."""
        return Period(
            start=self.start,
            end=self.end,
            reading=self.reading,
            since=self.since,
            since_is=self.since_is,
            until=self.until,
            last_heard=self.last_heard,
            holding=self.holding,
        )

    def says_the_same_as(self, other: "SomePeriod") -> bool:
        """Whether the content about the place is the same, for whatever reasons."""
        if isinstance(other, LazyPeriod) and self._names == other._names:
            return True
        return self.reading.says_the_same_as(other.reading)

    @property
    def _names(self) -> tuple[str, str]:
        return self._row.verdict, self._row.possible

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LazyPeriod):
            return self.period == other.period
        return self.period == other if isinstance(other, Period) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.period)

    def __repr__(self) -> str:
        return f"LazyPeriod({self._row!r})"


SomePeriod = Period | LazyPeriod


def common_columns(names: Iterable[str]) -> Callable[[SomePeriod], Hashable]:
    """The function that gives equal values for periods of which the columns say the same under
    these names of fields: status, holders, certain and the like."""
    columns = {"status", *("holders" if each == "contenders" else each for each in names)}
    get = itemgetter(*(StoredPeriod._fields.index(each) for each in sorted(columns | {"holders"})))

    def values(period: SomePeriod) -> Hashable:
        return get(period._row) if type(period) is LazyPeriod else id(period)

    return values


class StoredPeriods:
    """The rows of one question, and their verdicts, read together at the first need."""

    def __init__(self, reader: Callable[[], sqlite3.Connection]) -> None:
        """`reader` gives the connection of the asking thread, when verdicts are read."""
        self._reader = reader
        self._unread: list[StoredPeriod] = []
        self._told: dict[tuple[str, str], str] = {}
        """The texts of verdicts, by place and name."""

    def add(self, row: Iterable[Any]) -> LazyPeriod:
        """The period of a row, from the columns of `PERIOD`."""
        stored = StoredPeriod._make(row)
        self._unread.append(stored)
        return LazyPeriod(stored, self)

    def by_place(self, rows: Iterable[Iterable[Any]]) -> Iterator[tuple[LocationId, LazyPeriod]]:
        """The periods of rows, each with its place."""
        for row in rows:
            stored = StoredPeriod._make(row)
            self._unread.append(stored)
            yield stored.location, LazyPeriod(stored, self)

    def reading(self, row: StoredPeriod) -> Reading:
        """The answer of an added row, in full. Raises ViewsUnavailable."""
        if self._unread:
            self._read(self._unread)
            self._unread = []
        found = (self._verdict(row.location, name) for name in _names_in(row))
        return Reading(next(found), tuple(found))

    def _verdict(self, location: LocationId, name: str) -> Verdict:
        told = self._told.get((location, name))
        if told is None:
            raise ViewsUnavailable(Outage.REPLACED, "they were built anew meanwhile; ask again")
        return verdict_of_row(told)

    def _read(self, rows: Iterable[StoredPeriod]) -> None:
        pairs = ((row.location, name) for row in rows for name in _names_in(row))
        asked = orjson.dumps([*dict.fromkeys(pairs)]).decode()
        for location, name, told in self._reader().execute(_SELECT_VERDICTS, (asked,)):
            self._told[location, name] = told


def _names_in(row: StoredPeriod) -> Iterable[str]:
    """The names of the verdict and of the possible ones."""
    if row.possible == "[]":
        return (row.verdict,)
    return chain((row.verdict,), orjson.loads(row.possible))


_SELECT_VERDICTS = """
    SELECT said.location, name, told FROM json_each(?) AS asked CROSS JOIN control_verdict AS said
    ON said.location = json_extract(asked.value, '$[0]')
    AND name = json_extract(asked.value, '$[1]')"""
_STATUSES = {each.value: each for each in ControlStatus}
_NOTHING = verdict_name(NOTHING.verdict)


@lru_cache(maxsize=10_000)  # a map has few holders, and many places
def _actors(ids: str) -> tuple[ActorId, ...]:
    return tuple(map(ActorId, ids.split()))


_window = lru_cache(maxsize=10_000)(window_of_row)
