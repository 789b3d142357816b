"""How much is there to look through? Counts for the cost of a question.

Totals are counted anew when the views have grown by a twentieth. A count under one place or one tag
is read from an index, up to a bound. Counts are of the present, whatever position a question names.
"""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from math import floor
from threading import Lock
from typing import Any

from domain.occurred import DAY, Instant
from domain.situation.ties import TieKind
from infra.views.file import ViewFile
from infra.views.rows import FOR_EVER

BOUND = 20_000
"""The most rows that one count looks at."""
_KEPT = 20_000
"""How many counts are kept."""
_GROWTH, _LEAST = 20, 500
_TITLES = 5_000
"""The most reports that are searched for a name like another; see `projections.sources`."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole of the views, as counted at a position."""

    position: int = 0
    places: int = 0
    claims: int = 0
    most_claims: int = 0
    """The number of claims on the place with most claims."""
    most_named: int = 0
    """The most places on which claims name the same actor."""
    sources: int = 0
    reports: int = 0
    actors: int = 0
    statements: int = 0
    convoys: int = 0
    told: int = 0
    """The statements about convoys."""
    ties: int = 0
    most_tied: int = 0
    """The most words on ties of one kind with one actor or place at the same end."""
    members: int = 0
    """The actors that were ever members of another."""
    tied: dict[str, int] = field(default_factory=dict)
    """The words on ties, by kind."""
    people: int = 0
    """The statements on displaced people and needs of aid."""
    inside: dict[str, int] = field(default_factory=dict)
    """The places inside a place, by places with any."""
    days: list[int] = field(default_factory=list)
    """The days on which windows of statements open."""
    told_by: list[int] = field(default_factory=list)
    """The statements by the end of each of these days."""
    squares: dict[tuple[int, int], int] = field(default_factory=dict)
    """The number of places in each square of a degree, by the south-western corner."""

    def told_before(self, day: int) -> int:
        """The statements whose windows open before the day."""
        number = bisect_left(self.days, day)
        return self.told_by[number - 1] if number else 0

    def grown_by(self, position: int) -> bool:
        """Whether the totals are too old for views at the position."""
        return position < self.position or (
            position - self.position > max(_LEAST, self.position // _GROWTH)
        )


class Statistics:
    """Counts of the views, kept while about true."""

    def __init__(self, views: ViewFile) -> None:
        self._views = views
        self._lock = Lock()
        self._totals: Totals | None = None
        self._counts: OrderedDict[tuple[Any, ...], tuple[int, int]] = OrderedDict()

    @property
    def totals(self) -> Totals:
        """The totals of the last count; the first call counts."""
        return self._totals or self.refresh()

    def refresh(self) -> Totals:
        """The totals, counted again after growth of the views: a scan of whole tables."""
        with self._lock:
            position = self._views.position
            if self._totals is None or self._totals.grown_by(position):
                self._totals = self._counted(position)
            return self._totals

    def places_inside(self, place: str) -> int:
        return self.totals.inside.get(place, 0)

    def places_in_box(self, west: float, south: float, east: float, north: float) -> int:
        """The places in every square of a degree that the box touches."""
        return sum(
            count
            for (lat, lon), count in self.totals.squares.items()
            if floor(south) <= lat <= north
            and (floor(west) <= lon <= east if west <= east else lon >= floor(west) or lon <= east)
        )

    def claims_on(self, place: str) -> int:
        """The claims on one place; of more than the bound, the most that any place has."""
        return self._bounded(_CLAIMS_ON, (place,), lambda all_: all_.most_claims)

    def entries_under(self, tag: str) -> int:
        """The entries with the tag; of more than the bound, all."""
        return self._bounded(_UNDER, (tag,), lambda all_: all_.position)

    def places_naming(self, actor: str) -> int:
        """The places on which claims name the actor."""
        return self._bounded(_NAMING, (f"actor:{actor}",), lambda all_: all_.places)

    def names_beside(self, kind: str, slug: str) -> int:
        """How many names are searched for one like an unregistered slug; 0 for a registered one."""
        if kind == "location" and self.claims_on(slug):  # mostly counted for its price already
            return 0
        if self._bounded(_REGISTERED[kind], (slug,), _nothing_beyond):
            return 0
        totals = self.totals
        found = {"location": totals.places, "actor": totals.actors, "source": totals.sources}
        return found.get(kind, min(totals.reports, _TITLES))

    def statements_between(self, place: str | None, since: Instant, until: Instant) -> int:
        """The statements about a place and the places inside, or about anywhere, whose windows open
        between two instants."""
        totals = self.totals
        before, by = (totals.told_before(day) for day in (since // DAY, until // DAY + 1))
        return (
            by - before
            if place is None
            else min(by - before, self.entries_under(f"within:{place}"))
        )

    def _bounded(self, sql: str, asked: tuple[Any, ...], beyond: Callable[[Totals], int]) -> int:
        totals = self.totals
        key = (sql, *asked)
        if kept := self._counts.get(key):
            counted_at, count = kept
            if counted_at == totals.position:
                return count
        found: int
        (found,) = self._views.reader_of_turn.execute(sql, asked).fetchone()
        count = max(found, beyond(totals)) if found > BOUND else found
        self._counts[key] = (totals.position, count)
        while len(self._counts) > _KEPT:
            self._counts.popitem(last=False)
        return count

    def _counted(self, position: int) -> Totals:
        db = self._views.reader
        whole = {name: db.execute(sql).fetchone()[0] or 0 for name, sql in _WHOLE.items()}
        inside = dict(db.execute(_INSIDE))
        squares = {(lat, lon): count for lat, lon, count in db.execute(_SQUARES)}
        days, told = [*zip(*db.execute(_DAYS), strict=True)] or ((), ())
        return Totals(
            position,
            **whole,
            inside=inside,
            tied=dict(db.execute(_TIED)),
            days=[*days],
            told_by=[*accumulate(told)],
            squares=squares,
        )


def _nothing_beyond(_: Totals) -> int:
    return 0


_CLAIMS_ON = f"""SELECT count(*) FROM (
    SELECT 1 FROM control_claim WHERE location = ? LIMIT {BOUND + 1})"""
_UNDER = f"SELECT count(*) FROM (SELECT 1 FROM entry_tag WHERE tag = ? LIMIT {BOUND + 1})"
_NAMING = f"SELECT count(*) FROM (SELECT 1 FROM control_named WHERE named = ? LIMIT {BOUND + 1})"
_REGISTERED = {
    kind: f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {kind} = ? LIMIT 1)"
    for kind, table in (
        ("location", "place"),
        ("actor", "actor"),
        ("source", "source"),
        ("report", "report"),
    )
}
_WHOLE = {
    "places": f"SELECT count(*) FROM place WHERE known_to = {FOR_EVER}",
    "claims": "SELECT count(*) FROM control_claim",
    "most_claims": """SELECT max(found) FROM (
        SELECT count(*) AS found FROM control_claim GROUP BY location)""",
    "most_named": """SELECT max(found) FROM (
        SELECT count(*) AS found FROM control_named WHERE named LIKE 'actor:%' GROUP BY named)""",
    "sources": f"SELECT count(*) FROM source WHERE known_to = {FOR_EVER}",
    "reports": f"SELECT count(*) FROM report WHERE known_to = {FOR_EVER}",
    "actors": f"SELECT count(*) FROM actor WHERE known_to = {FOR_EVER}",
    "statements": "SELECT count(*) FROM entry_tag WHERE tag = 'within:'",
    "convoys": "SELECT count(DISTINCT convoy) FROM convoy_word",
    "told": "SELECT count(*) FROM convoy_word",
    "ties": "SELECT count(*) FROM tie",
    "most_tied": """SELECT max(found) FROM (
        SELECT count(*) AS found FROM tie GROUP BY kind, subject
        UNION ALL SELECT count(*) FROM tie GROUP BY kind, object)""",
    "members": f"SELECT count(DISTINCT subject) FROM tie WHERE kind = '{TieKind.MEMBER_OF}'",
    "people": "SELECT count(*) FROM people",
}
_TIED = "SELECT kind, count(*) FROM tie GROUP BY kind"
_INSIDE = f"""SELECT container, count(*) - 1 AS found FROM containment
    WHERE known_to = {FOR_EVER} GROUP BY container HAVING found > 0"""
_DAYS = f"""SELECT earliest / {DAY} - (earliest % {DAY} < 0), count(*) FROM entry_tag
    WHERE tag = 'within:' AND earliest IS NOT NULL GROUP BY 1 ORDER BY 1"""
_SQUARES = f"""SELECT floor(latitude), floor(longitude), count(*) FROM place
    WHERE known_to = {FOR_EVER} AND latitude IS NOT NULL GROUP BY 1, 2"""
