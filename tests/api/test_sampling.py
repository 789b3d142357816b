"""A verification folds places and actors from the ledger, and compares the views at some points."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.audit.certificate import verify
from api.audit.sampling import Sampler
from api.node import Node
from domain import events
from domain.values import LocationId
from infra.ledger.codec import identify
from infra.views.digests import RowDifference
from tests.api.test_verify import unwatched
from tests.domain.builders import event
from tests.nodes import WORLD, node_at, tell

ALLIED = event(events.AllianceFormed, parties=["fama", "wagner"], occurred="2021-12")
CONVOY = {"convoy": "column-1", "owners": ["fama", "wagner"]}
SAID: list[events.Event] = [
    event(events.TownSeized, by="csp", occurred="2014-05-21"),
    event(events.MissionDeployed, mission="minusma", occurred="2013-07"),
    event(events.MissionWithdrawn, mission="minusma", location="mali", occurred="2023-12-31"),
    ALLIED,
    event(events.EventRetracted, event=identify(ALLIED).id, reason="No.", report="report-1"),
    event(events.EventReinstated, event=identify(ALLIED).id, reason="Yes.", report="report-1"),
    event(events.SiegeLaid, by="csp", location="kidal-camp", occurred="2023-08"),
    event(events.ActorRenamed, actor="csp", name="CSP-DPA", occurred="2023-05-02"),
    event(events.ConvoyDeparted, **CONVOY, location="kidal", occurred="2023-10-02"),
    event(events.ConvoyStalled, **CONVOY, location="kidal-camp", occurred="2023-10-05"),
]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node with ties, a siege, a convoy and a name taken later."""
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD, *SAID)
        yield node


def sampled(node: Node, points: int = 400) -> list[RowDifference]:
    """Every difference at these points, found without a replay of the views."""
    sampler = Sampler(node.ledger, node.answers, node.views.position, seed=3)
    places = [LocationId("kidal"), LocationId("kidal-camp")]
    found = [*sampler.places(places, points), *sampler.actors(points)]
    assert len(found) == 2 * points
    return [each for each in found if each]


def by_hand(node: Node, statement: str) -> None:
    """What somebody with access to the view file does to it."""
    with closing(sqlite3.connect(node.views.path, isolation_level=None)) as db:
        assert db.execute(statement).rowcount != 0


def test_sound_views_agree_with_the_ledger_at_every_point(node: Node) -> None:
    assert sampled(node) == []


STALLED_FORGOTTEN = """DELETE FROM convoy_word
    WHERE position IN (SELECT position FROM entry WHERE type = 'ConvoyStalled')"""


@pytest.mark.parametrize(
    ("forgery", "view", "table", "about"),
    [
        ("DELETE FROM tie WHERE kind = 'allied with'", "ties", "tie", {"fama", "wagner"}),
        ("UPDATE tie SET object = 'mali' WHERE kind = 'deployed at'", "ties", "tie", {"minusma"}),
        (
            "UPDATE entry SET latest = latest + 1 WHERE position IN (SELECT position FROM tie)",
            *("ties", "tie", {"csp", "fama", "wagner", "minusma"}),
        ),
        ("UPDATE name SET text = 'FAMA' WHERE slug = 'fama'", "names", "name", {"fama"}),
        ("UPDATE name SET text = 'CSP' WHERE event <> ''", "names", "name", {"csp"}),
        (
            STALLED_FORGOTTEN,
            *("convoys", "convoy_word", {"fama", "wagner"}),
        ),
        (
            "DELETE FROM convoy_owner WHERE owner = 'wagner'",
            *("convoys", "convoy_word", {"wagner"}),
        ),
    ],
)
def test_a_row_altered_by_hand_is_found_in_the_answers_on_its_actors(
    node: Node, forgery: str, view: str, table: str, about: set[str]
) -> None:
    by_hand(node, forgery)
    found = [each for each in sampled(node) if "actor" in each.key]
    assert {(each.view, each.table) for each in found} == {(view, table)}
    assert {each.key["actor"] for each in found} == about
    assert verify(node.ledger, node.views, samples=0, seed=1, bars=unwatched).differences


def test_a_siege_altered_by_hand_is_found_in_the_answers_on_its_place(node: Node) -> None:
    by_hand(node, "DELETE FROM tie WHERE kind = 'besieges'")
    (found, *_) = [each for each in sampled(node) if "location" in each.key]
    assert (found.view, found.key["location"]) == ("ties", "kidal-camp")
    assert found.stored == {"ties": []}
    assert "subject='csp'" in str(found)


def test_the_difference_shows_only_what_differs(node: Node) -> None:
    by_hand(node, "UPDATE name SET text = 'FAMA' WHERE slug = 'fama' AND role = 'name'")
    (found, *_) = sampled(node)
    assert (found.stored, found.replayed) == ({"names": ["FAMA"]}, {"names": ["FAMa"]})
