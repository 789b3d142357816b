"""A ledger of 10,000 places in regions, with a few words on each and many on one, and its views."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from api.node import open_node
from infra.settings import Settings
from tests.benchmarks.data import Said, statements

PLACES, REGIONS, ACTORS, SOURCES = 10_000, 20, 12, 20
SUMMARY = "What is said there, in a sentence of about the usual length."


def build(
    directory: Path, *, places: int = PLACES, words: int = 3_000, deep: int = 200
) -> Settings:
    """The settings of the ledger, recorded and followed; `deep` words are about the one place."""
    settings = Settings(ledger=f"sqlite:///{directory / 'ledger.db'}", views=directory / "views.db")
    with open_node(settings) as node:
        made = statements(_told(places, words, deep))
        while batch := list(islice(made, 5_000)):
            node.ledger.record(batch, by="builder")
        node.projector.catch_up()
        node.log.prepare()
        node.log.catch_up(node.answers.head)
    return settings


def _told(places: int, words: int, deep: int) -> Iterator[Said]:
    for number in range(SOURCES):
        source = f"source-{number}"
        yield {"type": "SourceRegistered", "source": source, "name": source} | {
            "reliability": "ABCD"[number % 4]
        }
    for number in range(ACTORS):
        yield {"type": "ActorRegistered", "actor": f"actor-{number}", "name": f"Actor {number}"} | {
            "kind": "armed-group"
        }
    for number in range(REGIONS):
        yield _place(f"region-{number}", "region", None, number)
    for number in range(places):
        yield _place(f"place-{number}", "town", f"region-{number % REGIONS}", number)
    yield _place("deep", "town", "region-0", 0)
    for number in range(words):
        yield from _word(f"place-{number % places}", number)
    for number in range(deep):
        yield from _word("deep", words + number)


def _place(slug: str, kind: str, within: str | None, number: int) -> Said:
    point = {"latitude": 10 + number % 150 / 10, "longitude": -12 + number % 160 / 10}
    return {"type": "LocationRegistered", "location": slug, "name": slug.title()} | {
        "kind": kind,
        "within": within,
        "coordinates": point,
    }


def _word(place: str, number: int) -> Iterator[Said]:
    """A word on the place; every twentieth begins a report."""
    happened = date(2015, 1, 1) + timedelta(days=number * 7 % 3_000)
    report = f"report-{number // 20 if place != 'deep' else number}"
    if number % 20 == 0 or place == "deep":
        yield {"type": "ReportFiled", "report": report, "source": f"source-{number // 20 % 20}"} | {
            "published": "2023-06-01",
            "title": f"The report {report}",
        }
    yield {"type": "TownSeized", "location": place, "occurred": str(happened)} | {
        "report": report,
        "credibility": 1 + number % 4,
        "summary": SUMMARY,
        "by": [f"actor-{number % ACTORS}"],
    }
