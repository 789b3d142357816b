"""A made-up war of 10,000 towns on both sides of a front that swings for ten years.

Towns lie in a wide country. Each is reported held by the army or the rebels at the start, and again
whenever the front has passed it. One word in twelve says that the town is contested. The same seed
makes the same war.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from math import sin, tau
from random import Random

from tests.benchmarks.data import Said

FIRST, LAST = date(2014, 1, 1), date(2023, 12, 31)
WEST, EAST, SOUTH, NORTH = -12.0, 12.0, 6.0, 22.0
SIDES = ("army", "rebels")
MILITIAS = tuple(f"militia-{number}" for number in range(6))
OUTLETS = 20
DAYS_OF_A_REPORT = 7


def told(towns: int, seed: int = 1) -> Iterator[Said]:
    """Registrations, then weekly reports and what they say, in the order of time."""
    random = Random(seed)
    places = sorted(
        (random.uniform(WEST, EAST), random.uniform(SOUTH, NORTH)) for _ in range(towns)
    )
    yield from _registered(places)
    holders: list[str | None] = [None] * towns
    for day in range(0, (LAST - FIRST).days, DAYS_OF_A_REPORT):
        words = []
        for town, (east, _) in enumerate(places):
            holder = _holder(east, day, town)
            if holder != holders[town]:
                words.append((town, holder))
                holders[town] = holder
        yield from _reported(FIRST + timedelta(days=day), words, random)


def _holder(east: float, day: int, town: int) -> str:
    """Who holds a town: the army west of the front, the rebels or their allies east of it."""
    front = 0.8 * EAST * sin(tau * day / 365 / 4 + town % 7 / 30)
    if east < front:
        return "army"
    return MILITIAS[town % len(MILITIAS)] if town % 5 == 0 else "rebels"


def _registered(places: list[tuple[float, float]]) -> Iterator[Said]:
    for number in range(OUTLETS):
        yield {
            "type": "SourceRegistered",
            "source": f"outlet-{number}",
            "name": f"Outlet {number}",
        } | {"reliability": "ABCD"[number % 4]}
    for actor in (*SIDES, *MILITIAS):
        yield {"type": "ActorRegistered", "actor": actor, "name": actor.title()} | {
            "kind": "armed-group"
        }
    for town, (east, north) in enumerate(places):
        yield {"type": "LocationRegistered", "location": f"town-{town}", "name": f"Town {town}"} | {
            "kind": "town",
            "coordinates": {"latitude": round(north, 4), "longitude": round(east, 4)},
        }


def _reported(day: date, words: list[tuple[int, str]], random: Random) -> Iterator[Said]:
    if not words:
        return
    report = f"week-of-{day}"
    yield {
        "type": "ReportFiled",
        "report": report,
        "source": f"outlet-{day.toordinal() % OUTLETS}",
    } | {
        "published": str(day + timedelta(days=DAYS_OF_A_REPORT)),
        "title": f"The week of {day}",
    }
    for town, holder in words:
        happened = str(day + timedelta(days=random.randrange(DAYS_OF_A_REPORT)))
        word: Said = {"location": f"town-{town}", "occurred": happened, "report": report}
        word["credibility"] = random.choice((1, 2, 2, 3, 4))
        if random.randrange(12) == 0:
            yield {
                "type": "LocationContested",
                "between": [holder, "rebels" if holder == "army" else "army"],
            } | word
        else:
            yield {"type": "ControlReported", "holders": [holder]} | word
