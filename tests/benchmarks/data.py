"""A made-up war that is shaped like a real one, as the dictionaries that a file would hold.

A hundred words on each place over ten years, from twenty sources of every grade. Places change
hands every other year, and nine words in ten tell of who holds it then. One in five comes months
late, one report in fifty copies another, one word in two hundred is taken back. The same number
makes the same war.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

from domain.events import EVENT_TYPES, RecordKeeping
from domain.registry import Statement
from infra.ledger.codec import identify

Said = dict[str, Any]
"""An event as a file holds it: its type, and its fields."""

WORDS_ON_A_PLACE = 100
WORDS_IN_A_REPORT = 4
FIRST, LAST = date(2014, 1, 1), date(2023, 12, 31)
SOURCES = [f"source-{number}" for number in range(20)]
ACTORS = [f"actor-{number}" for number in range(12)]
KINDS = {
    "ControlReported": 70,
    "TownSeized": 15,
    "ConvoyStalled": 8,
    "LocationContested": 5,
    "PositionAbandoned": 2,
}
"""What is told, and of a hundred words how many tell it."""


@dataclass(frozen=True)
class War:
    """So many words, on a place for every hundred of them."""

    words: int
    seed: int = 1

    @cached_property
    def places(self) -> list[str]:
        return [f"place-{number}" for number in range(max(1, self.words // WORDS_ON_A_PLACE))]

    def told(self) -> Iterator[Said]:
        """Registrations, and then reports and what they say, in the order of arrival."""
        random = Random(self.seed)
        yield from self._registrations(random)
        arrivals = sorted(self._happenings(random), key=lambda each: each[0])
        truth = {place: _holders(random) for place in self.places}
        for start in range(0, len(arrivals), WORDS_IN_A_REPORT):
            report, source = f"report-{start}", random.choice(SOURCES)
            words = arrivals[start : start + WORDS_IN_A_REPORT]
            copied = f"report-{start - WORDS_IN_A_REPORT}" if _once_in(random, 50) else None
            yield {
                "type": "ReportFiled",
                "report": report,
                "source": source,
                "published": str(words[-1][0]),
                "title": f"What {source} heard by {words[-1][0]}",
                "syndicated_from": copied if start else None,
            }
            for arrived, happened in words:
                place = random.choice(self.places)
                yield _word(random, report, happened, place, truth[place][happened.year])
                if _once_in(random, 200):
                    yield {"type": "EventRetracted", "report": report, "reason": f"By {arrived}"}

    def _registrations(self, random: Random) -> Iterator[Said]:
        for source in SOURCES:
            grade = random.choice("ABBCCDEF")
            yield {"type": "SourceRegistered", "source": source, "name": source} | {
                "reliability": grade,
                "continuous": _once_in(random, 10),
            }
        for actor in ACTORS:
            yield {"type": "ActorRegistered", "actor": actor, "name": actor} | {
                "kind": "armed-group"
            }
        for place in self.places:
            point = {"latitude": random.uniform(10, 25), "longitude": random.uniform(-12, 4)}
            yield {"type": "LocationRegistered", "location": place, "name": place.title()} | {
                "kind": random.choice(["town", "town", "base"]),
                "coordinates": point,
            }

    def _happenings(self, random: Random) -> Iterator[tuple[date, date]]:
        """When each word arrives, and when what it tells happened."""
        for _ in range(self.words):
            happened = FIRST + timedelta(days=random.randrange((LAST - FIRST).days))
            late = random.expovariate(1 / 90) if _once_in(random, 5) else random.expovariate(1)
            yield happened + timedelta(days=int(late)), happened


def statements(told: Iterator[Said]) -> Iterator[Statement]:
    """Validated, and identified by their content; a retraction takes back the word before it."""
    before = ""
    for said in told:
        kind = EVENT_TYPES[said["type"]]
        fields = {name: value for name, value in said.items() if name != "type"}
        if issubclass(kind, RecordKeeping):
            fields["event"] = before
        statement = identify(kind.model_validate(fields))
        before = statement.id
        yield statement


def _holders(random: Random) -> dict[int, list[str]]:
    """Who holds a place, year by year."""
    found: dict[int, list[str]] = {}
    for year in range(FIRST.year, LAST.year + 1):
        changes = not found or _once_in(random, 2)
        found[year] = (
            random.sample(ACTORS, random.choice([1, 1, 2])) if changes else found[year - 1]
        )
    return found


def _word(random: Random, report: str, happened: date, place: str, holders: list[str]) -> Said:
    (kind,) = random.choices(list(KINDS), list(KINDS.values()))
    actors = random.sample(ACTORS, 1) if _once_in(random, 10) else holders
    return {
        "type": kind,
        "location": place,
        "occurred": f"{happened:%Y-%m}" if _once_in(random, 12) else str(happened),
        "report": report,
        "credibility": random.choice([1, 2, 2, 3, 3, 4, 6]),
        "summary": "What is said there, in a sentence of about the usual length.",
        "passage": f"paragraph {random.randrange(1, 1_000_000)}",
    } | _roles(kind, actors, report)


def _roles(kind: str, actors: list[str], report: str) -> Said:
    match kind:
        case "ControlReported":
            return {"holders": actors}
        case "LocationContested":
            return {"between": actors}
        case "ConvoyStalled":
            return {"owners": actors, "convoy": f"convoy-of-{report}"}
    return {"by": actors}


def _once_in(random: Random, times: int) -> bool:
    return random.randrange(times) == 0
