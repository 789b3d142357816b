"""How often does a map read the views? As often for many places as for one, whatever is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.node import Node
from api.schema.local_execution import executed
from domain import events
from domain.values import LocationId
from infra.ledger.codec import identify
from infra.views.outages import ViewsUnavailable
from projections.control import LazyPeriod
from projections.places import PlaceFilter
from tests.domain.builders import event
from tests.nodes import WORLD, node_at

PLACES = [f"town-{number}" for number in range(40)]
MAP = "query ($at: Moment!, $position: Int) {{ controlMap(at: $at, position: $position) {{ {} }} }}"
FIELDS = {
    "columns": "status certain disputed corroboration sinceIs since { earliest } until { latest } "
    "lastHeard { day } holding { since { day } } basis { position token }",
    "names": "location { slug name latitude } holders { name slug } contenders { name }",
    "reasons": "evidence { position } rivals { status evidence { position } } "
    "possible { status evidence { position } } "
    "outweighed { because event { position } by { position } } lineage { position }",
}
AT = "2023-11-20"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node on which every town changed hands, by one word and against another."""
    path: Path = tmp_path_factory.mktemp("map")
    with node_at(path / "views.db") as node:
        told = [*WORLD, *map(_town, PLACES)]
        for number, place in enumerate(PLACES):
            by, before = ("csp", "fama") if number % 3 else ("fama", "wagner")
            told += [
                event(events.TownSeized, location=place, by=before, occurred="2014-05-21"),
                event(events.TownSeized, location=place, by=by, occurred="2023-11-14"),
                event(
                    events.ControlReported,
                    location=place,
                    holders=before,
                    occurred="2023-11-15",
                    report="report-2",
                ),
            ]
        node.ledger.record([identify(each) for each in told], by="archivist")
        node.projector.catch_up()
        yield node


def _town(place: str) -> events.Event:
    return event(
        events.LocationRegistered, location=place, name=place.title(), kind="town", within="mali"
    )


@contextmanager
def statements(node: Node) -> Iterator[list[str]]:
    """What the views are asked inside the block."""
    told: list[str] = []
    node.views.reader.set_trace_callback(told.append)
    try:
        yield told
    finally:
        node.views.reader.set_trace_callback(None)


def reads(node: Node, fields: str, position: int) -> tuple[int, int]:
    """The number of places of a map, and of the statements that it took."""
    with statements(node) as told:
        found = executed(node, MAP.format(fields), {"at": AT, "position": position})
    return len(found["controlMap"]), len(told)


@pytest.mark.parametrize("asked", FIELDS)
def test_a_map_of_many_places_reads_as_often_as_one_of_few(node: Node, asked: str) -> None:
    head, few = node.answers.head, len(WORLD) + 3
    many_places, for_many = reads(node, FIELDS[asked], head)
    few_places, for_few = reads(node, FIELDS[asked], few)
    assert (many_places, few_places) == (len(PLACES) + 2, 5)
    assert for_many <= for_few + 4  # nothing was said yet: no actor is named, and no reason


def test_a_map_reads_each_kind_of_row_once(node: Node) -> None:
    with statements(node) as told:
        executed(node, MAP.format(" ".join(FIELDS.values())), {"at": AT})
    for table in ("control_period", "control_verdict", "FROM actor"):
        assert sum(table in each for each in told) <= 2, (table, told)  # and the place around


def test_the_columns_alone_read_no_verdict(node: Node) -> None:
    with statements(node) as told:
        executed(node, MAP.format(f"{FIELDS['columns']} {FIELDS['names']}"), {"at": AT})
    assert not [each for each in told if "control_verdict" in each]


def test_a_list_of_places_is_read_again_only_after_a_change_of_a_place(node: Node) -> None:
    places, head = node.answers.places, node.answers.head
    wanted = PlaceFilter()
    first, _ = places.page(wanted, known=head, size=None)
    with statements(node) as told:
        again, _ = places.page(wanted, known=head - 1, size=None)
        assert again == first
        again.clear()  # nobody's list but the caller's
        assert places.page(wanted, known=head, size=None)[0] == first
        assert not [each for each in told if "aliases" in each]
        earlier, _ = places.page(wanted, known=len(WORLD) + 1, size=None)
        assert len(earlier) == 4
        assert [each for each in told if "aliases" in each]
    node.projector.rebuild()
    with statements(node) as told:
        assert places.page(wanted, known=head, size=None)[0] == first
        assert [each for each in told if "aliases" in each]


def test_a_verdict_is_read_rightly_or_refused_after_a_rebuild(node: Node) -> None:
    at, known = node.answers.basis().at, node.answers.head

    def shown() -> LazyPeriod:
        found = node.answers.control_view.at(LocationId(PLACES[0]), at=at, known=known)
        assert isinstance(found, LazyPeriod)
        return found

    before, expected = shown(), shown().reading
    node.projector.rebuild()
    assert before.reading == expected
    gone = shown()
    with node.views.writing([]) as advance:
        kept = advance.db.execute("SELECT * FROM control_verdict").fetchall()
        advance.db.execute("DELETE FROM control_verdict")
    with pytest.raises(ViewsUnavailable, match="built anew meanwhile"):
        assert gone.reading
    with node.views.writing([]) as advance:
        advance.db.executemany("INSERT INTO control_verdict VALUES (?, ?, ?)", kept)
    assert shown().reading == expected
