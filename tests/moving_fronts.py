"""A made-up war of regions, towns and fronts that move, as files of UCDP's GED and of ACLED.

Towns lie along a line from west to east. The army holds the west and the rebels hold the east; the
front swings over ten years, and most incidents are near the front of their day. The same number of
rows makes the same files.

A second edition of a file changes 4 rows in 100 and leaves out 1 in 100.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import product
from math import sin, tau
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.infra.datasets.acled.exports import TODAY
from tests.infra.datasets.ucdp import GED_COLUMNS

FIRST, LAST = date(2014, 1, 1), date(2023, 12, 31)
COUNTRY = "Azawa"
ARMY, REBELS = "Military Forces of Azawa (2012-)", "Front of the East"
REGIONS, DISTRICTS = 8, 6
"""Regions of the country, and districts of each."""
OUTLETS = 40
CHANGED, DELETED = 4, 1
"""How many rows of 100 a second edition changes, and leaves out."""


class Town(NamedTuple):
    """A town of the war."""

    name: str
    region: str
    district: str
    latitude: float
    longitude: float


class Incident(NamedTuple):
    """A row, whatever the format."""

    number: int
    day: date
    town: Town
    enemy: str
    """The other side than the army."""
    is_one_sided: bool
    is_capture: bool
    """Whether the place changed hands."""
    is_by_army: bool
    outlets: tuple[str, ...]
    precision: int
    """Of the place: 1 the town, 2 its surroundings, 3 the district, 4 the region."""
    deaths: int
    edition: int
    """1, or 2 where the second edition changed the row."""


@dataclass(frozen=True)
class MovingFronts:
    """A war of so many rows."""

    rows: int
    seed: int = 1

    @cached_property
    def towns(self) -> list[Town]:
        """From west to east: a town for every hundred rows."""
        random = Random(self.seed)
        count = min(max(60, self.rows // 100), 20_000)
        places = [*product(range(REGIONS), range(DISTRICTS))]
        found = []
        for number in range(count):
            region, district = places[number * len(places) // count]
            east = -12 + 24 * number / count
            north = 14 + 6 * random.random()
            names = f"Town {_word(number)}", f"Region {region}", f"District {region}-{district}"
            found.append(Town(*names, round(north, 4), round(east, 4)))
        return found

    def incidents(self, edition: int = 1) -> Iterator[Incident]:
        """The rows of an edition, day after day."""
        for number in range(self.rows):
            random = Random(self.seed * 1_000_003 + number)
            incident = self._incident(number, random)
            fate = random.randrange(100)
            if edition == 2 and fate < CHANGED:
                yield incident._replace(deaths=incident.deaths + 1, edition=2)
            elif edition == 1 or fate >= CHANGED + DELETED:
                yield incident

    def deleted(self) -> Iterator[int]:
        """The numbers of the rows missing in the second edition."""
        kept = {incident.number for incident in self.incidents(2)}
        return (number for number in range(self.rows) if number not in kept)

    def _incident(self, number: int, random: Random) -> Incident:
        day = FIRST + timedelta(days=(LAST - FIRST).days * number // self.rows)
        town, is_near = self._place(day, random)
        is_one_sided = random.randrange(5) == 0
        militia = f"Militia of {town.region}"
        return Incident(
            number,
            day,
            town,
            REBELS if random.randrange(4) else militia,
            is_one_sided,
            is_near and not is_one_sided and random.randrange(20) == 0,
            random.randrange(2) == 0,
            _outlets(random),
            random.choices((1, 2, 3, 4), (75, 12, 8, 5))[0],
            int(random.expovariate(0.4)),
            1,
        )

    def _place(self, day: date, random: Random) -> tuple[Town, bool]:
        """A town, and whether the front of the day is near."""
        if random.randrange(5) == 0:
            return random.choice(self.towns), False
        years = (day - FIRST).days / 365
        front = 0.5 + 0.35 * sin(tau * years / 4)
        east = min(max(random.gauss(front, 0.03), 0), 0.9999)
        return self.towns[int(east * len(self.towns))], True

    # ---- files -------------------------------------------------------------------------------

    def ged(self, path: Path, edition: int = 1) -> Path:
        """A file of GED."""
        return _written(path, GED_COLUMNS, map(_ged_row, self.incidents(edition)))

    def acled(self, path: Path, edition: int = 1) -> Path:
        """An export of ACLED's."""
        return _written(path, TODAY, map(_acled_row, self.incidents(edition)))

    def acled_deletions(self, path: Path) -> Path:
        """The list of deleted events that belongs to the second edition."""
        rows = (
            {"event_id_cnty": f"AZW{number}", "deleted_timestamp": _seconds(LAST, 2)}
            for number in self.deleted()
        )
        return _written(path, ("event_id_cnty", "deleted_timestamp"), rows)


def _written(path: Path, columns: Sequence[str], rows: Iterator[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval="")
        table.writeheader()
        table.writerows(rows)
    return path


def _word(number: int) -> str:
    """A name that sounds like no other: syllables for the digits."""
    syllables = ("ba", "do", "fu", "ge", "ki", "la", "mo", "nu", "re", "si")
    return "".join(syllables[int(digit)] for digit in f"{number:05}").title()


def _outlets(random: Random) -> tuple[str, ...]:
    numbers = random.sample(range(OUTLETS), random.choice((1, 1, 2, 3)))
    return tuple(f"Outlet {number}" for number in numbers)


def _notes(told: Incident) -> str:
    what = "attacked people of" if told.is_one_sided else "fought the army at"
    return (
        f"On {told.day}, {told.enemy} {what} {told.town.name} in {told.town.district}. "
        f"{told.deaths} people were killed, as {' and '.join(told.outlets)} report."
    )


def _seconds(day: date, edition: int) -> str:
    """The Unix seconds of the weekly update behind a day; a second edition comes a year later."""
    update = day + timedelta(days=8 - day.weekday() + 364 * (edition - 1))
    return f"{datetime.combine(update, time(17), UTC).timestamp():.0f}"


def _ged_row(told: Incident) -> dict[str, str]:
    enemy = "Civilians" if told.is_one_sided else told.enemy
    attacker = told.enemy if told.is_one_sided else "Government of Azawa"
    days = f"{told.day} 00:00:00.000"
    headlines = [f"Shots in {told.town.name}"] * len(told.outlets)
    return {
        "id": f"{1_000 + told.number}",
        "relid": f"AZW-{told.day.year}-1-{told.number}",
        "year": f"{told.day.year}",
        "active_year": "1",
        "code_status": "Clear",
        "type_of_violence": "3" if told.is_one_sided else "1",
        "conflict_new_id": "70",
        "conflict_name": "Azawa: Government",
        "dyad_new_id": _ged_id(attacker) + _ged_id(enemy),
        "dyad_name": f"{attacker} - {enemy}",
        "side_a_new_id": _ged_id(attacker),
        "side_a": attacker,
        "side_b_new_id": _ged_id(enemy),
        "side_b": enemy,
        "number_of_sources": f"{len(told.outlets)}",
        "source_article": ";".join(f'"{each},{told.day},Shots"' for each in told.outlets),
        "source_office": ";".join(told.outlets),
        "source_date": ";".join([f"{told.day}"] * len(told.outlets)),
        "source_headline": ";".join(headlines),
        "where_prec": f"{told.precision}",
        "where_coordinates": f"{told.town.name} town",
        "where_description": _notes(told),
        "adm_1": told.town.region,
        "adm_2": told.town.district,
        "latitude": f"{told.town.latitude}",
        "longitude": f"{told.town.longitude}",
        "country": COUNTRY,
        "country_id": "999",
        "region": "Africa",
        "event_clarity": "1",
        "date_prec": "1",
        "date_start": days,
        "date_end": days,
        "deaths_a": "0",
        "deaths_b": "0" if told.is_one_sided else f"{told.deaths}",
        "deaths_civilians": f"{told.deaths}" if told.is_one_sided else "0",
        "deaths_unknown": "0",
        "low": f"{told.deaths}",
        "best": f"{told.deaths}",
        "high": f"{told.deaths + 2}",
    }


def _ged_id(name: str) -> str:
    known = {"Government of Azawa": 501, "Civilians": 502, REBELS: 503}
    return f"{known.get(name) or 510 + int(name[-1])}"


def _acled_row(told: Incident) -> dict[str, str]:
    kind, sub_kind = _acled_type(told)
    enemy = "Rebel group" if told.enemy == REBELS else "Political militia"
    victims = {"actor2": f"Civilians ({COUNTRY})", "inter2": "Civilians"}
    army = {"actor2": ARMY, "inter2": "State forces"}
    return {
        "event_id_cnty": f"AZW{told.number}",
        "event_date": f"{told.day}",
        "year": f"{told.day.year}",
        "time_precision": "1",
        "disorder_type": "Political violence",
        "event_type": kind,
        "sub_event_type": sub_kind,
        "actor1": told.enemy,
        "inter1": enemy,
        **(victims if told.is_one_sided else army),
        "civilian_targeting": "Civilian targeting" if told.is_one_sided else "",
        "iso": "999",
        "region": "Western Africa",
        "country": COUNTRY,
        "admin1": told.town.region,
        "admin2": told.town.district,
        "location": told.town.name,
        "latitude": f"{told.town.latitude}",
        "longitude": f"{told.town.longitude}",
        "geo_precision": f"{min(told.precision, 3)}",
        "source": "; ".join(told.outlets),
        "source_scale": "National",
        "notes": _notes(told),
        "fatalities": f"{told.deaths}",
        "timestamp": _seconds(told.day, told.edition),
    }


def _acled_type(told: Incident) -> tuple[str, str]:
    if told.is_one_sided:
        return "Violence against civilians", "Attack"
    if not told.is_capture:
        return "Battles", "Armed clash"
    if told.is_by_army:
        return "Battles", "Government regains territory"
    return "Battles", "Non-state actor overtakes territory"
