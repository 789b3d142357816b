"""What is known at a position is what was known when the ledger ended there: for every view.

A node that has heard the whole ledger and is asked as known at a position answers word for word
what a node answers that has heard only as much.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.situation import Situation
from api.answers.situation_text import account, in_one_text
from api.answers.sources import explanation_of
from domain.occurred import DAY, Instant
from domain.situation.ties import TieKind
from domain.values import LocationId, ReportId
from infra.ledger.ledger import Ledger, StatementRefused
from infra.views.file import ViewFile
from infra.views.projector import Projector
from projections.entries import EventFilter
from projections.names import ACTOR, LOCATION
from projections.places import PlaceFilter
from tests.domain.strategies import ACTORS, SOURCES, windows
from tests.nodes import node_at
from tests.projections.strategies import Append, appends

PLACES = [LocationId(place) for place in ("kidal", "tessalit", "gao")]
REPORTS = [ReportId(f"report-{number}") for number in range(1, 5)]


@settings(max_examples=150, deadline=None)
@given(appends(), st.data())
def test_a_later_entry_never_changes_what_was_known_before(
    told: list[Append], data: st.DataObject
) -> None:
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        for append in told:
            with suppress(StatementRefused):  # taken back twice, or reinstated though it stands
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        position = data.draw(st.integers(0, node.ledger.head))
        at = Instant(data.draw(windows).latest - data.draw(st.sampled_from([0, 1, 2, DAY])))
        with (
            heard_until(position, node.ledger, Path(directory) / "then.db") as then,
            node.views.snapshot(),  # where rows are kept
        ):
            basis = Basis(at, position)
            assert everything(node.answers, basis) == everything(then, basis)


@contextmanager
def heard_until(position: int, ledger: Ledger, file: Path) -> Iterator[Answers]:
    with closing(ViewFile(file)) as views:
        answers = Answers(views)
        Projector(ledger, views, answers.projections).catch_up(until=position)
        yield answers


def everything(answers: Answers, basis: Basis) -> dict[str, Any]:
    """Something of every view: all that is there, as far as it can be asked for."""
    registered = {
        place.location
        for place in answers.places.page(PlaceFilter(), known=basis.position, size=None)[0]
    }
    told: dict[str, Any] = {
        "places": answers.places.page(PlaceFilter(), known=basis.position, size=None),
        "actors": answers.actors.page(known=basis.position, size=100),
        "sources": [answers.sources.source(each, known=basis.position) for each in SOURCES],
        "reports": [answers.sources.report(each, known=basis.position) for each in REPORTS],
        "entries": answers.entries.page(EventFilter(), known=basis.position, size=1_000),
        "standing": answers.entries.page(
            EventFilter(retracted=False), known=basis.position, size=1_000
        ),
        "situation": in_one_text(account(answers, Situation(answers, basis), 365)),
        "deployments": [answers.deployments(who, basis) for who in ACTORS],
        "members": [answers.members(who, basis) for who in ACTORS],
        "ties": answers.ties(basis.on(None), list(TieKind)),
        "identities": [answers.identity(actor, basis) for actor in ACTORS],
        "names": [
            answers.names_view.names_at(kind, slug, at=basis.at, known=basis.position)
            for kind, slugs in ((ACTOR, ACTORS), (LOCATION, PLACES))
            for slug in slugs
        ],
        "found": [
            answers.names_view.search(kind, text, known=basis.position, limit=10)
            for kind in (ACTOR, LOCATION)
            for text in ("another", "fama", "kidal", "fourth")
        ],
        "holdings": [answers.holdings(actor, basis) for actor in ACTORS],
    }
    for place in sorted(registered):
        told[f"control of {place}"] = answers.timeline(place, basis)
        told[f"revisions of {place}"] = answers.revisions(place, basis)
        answer = answers.control(place, basis, inherit=True)
        told[f"why {place}"] = explanation_of(answers, answer), answer.token
        told[f"around {place}"] = answers.places.around(place, known=basis.position)
        told[f"inside {place}"] = answers.map(PlaceFilter(within=place), basis)
        told[f"concerning {place}"] = answers.entries.page(
            EventFilter(within=place), known=basis.position, size=1_000
        )
        told[f"chronicle of {place}"] = answers.chronicle(basis).page(place, EventFilter())
        within = Situation(answers, basis, place)
        told[f"situation in {place}"] = in_one_text(account(answers, within, 365))
    return told
