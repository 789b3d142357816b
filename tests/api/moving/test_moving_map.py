"""Two ways to the same map: the column of a moving map, and the answers for every place."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers.answers import Answers
from api.answers.basis import Answer, Basis
from api.answers.moving.axes import Direction, TimeAxis, TimePoint
from api.answers.moving.cells import NEVER, Look, Siege, day_of
from api.answers.moving.kept import MovingMaps
from api.answers.moving.moving_map import MapKey
from api.node import Node
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import Instant
from domain.situation.ties import TieKind
from domain.values import LocationId, Reliability, SourceId
from projections.places import PlaceFilter
from tests.api.moving.dense_wars import dense_war, instants, publications
from tests.domain.strategies import perspectives
from tests.projections.strategies import Append, appends
from tests.projections.test_control_view import PLACES, edges, followed

EVERYWHERE = PlaceFilter()
sometimes = settings(max_examples=25, deadline=None)
PERSPECTIVES = (
    Perspective(exclude_sources=frozenset({SourceId("csp-comms")})),
    Perspective(min_reliability=Reliability.C),
    DEFAULT,
)
Seen = tuple[object, ...]


@sometimes
@given(appends(), st.none() | perspectives, st.data())
def test_a_column_says_what_the_map_of_the_moment_says(
    told: list[Append], perspective: Perspective | None, data: st.DataObject
) -> None:
    whose = perspective or DEFAULT
    with followed(told, data) as (node, ledger):
        maps = MovingMaps(node.answers, node.views)
        instants = sorted({at for place in PLACES for at in edges(ledger, place)})
        asked = data.draw(st.lists(st.integers(0, len(ledger)), min_size=3, max_size=6))
        for position in asked:  # each later map is moved on from an earlier one, if it can be
            for within in (None, LocationId("gao")):
                wanted = PlaceFilter(within=within)
                for at in instants:
                    basis = Basis(at, position, perspective=whose)
                    shown = dict(_shown(maps, wanted, basis))
                    assert shown == dict(_answered(node.answers, wanted, basis))
        assert maps.built + maps.moved == len(set(asked))
        maps.close()


@sometimes
@given(appends(), st.data())
def test_between_two_moments_of_change_nothing_changes(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        maps = MovingMaps(node.answers, node.views)
        found, everywhere = maps.of(MapKey(len(ledger)), EVERYWHERE)
        instants = sorted({at for place in PLACES for at in edges(ledger, place)})
        for after, until in pairwise(instants):
            before, now = found.column(everywhere, after), found.column(everywhere, until)
            changed = {n: now[n] for n in range(len(now)) if before[n] != now[n]}
            assert found.changed(everywhere, after, until) == changed
            moments = found.moments(everywhere, after, until)
            if not moments:
                assert [it % 2**32 for it in before] == [it % 2**32 for it in now]
            for at, places in moments:
                earlier = found.column(everywhere, Instant(at - 1))
                looks = zip(earlier, found.column(everywhere, at), strict=True)
                assert sum((one ^ other) % 2**32 != 0 for one, other in looks) == places > 0
        maps.close()


@pytest.mark.parametrize("seed", range(6))
def test_a_column_of_a_dense_war_says_what_the_map_says(seed: int) -> None:
    random = Random(seed)
    with dense_war(seed) as (node, told):
        maps = MovingMaps(node.answers, node.views)
        edges = instants(told)
        for position in [len(told), *random.sample(range(20, len(told)), 4), len(told) - 1]:
            for at in random.sample(edges, min(12, len(edges))):
                for whose in (DEFAULT, *PERSPECTIVES[:1]):
                    basis = Basis(at, position, perspective=whose)
                    answered = dict(_answered(node.answers, EVERYWHERE, basis))
                    assert dict(_shown(maps, EVERYWHERE, basis)) == answered
        maps.close()


@pytest.mark.parametrize("seed", range(6))
def test_along_every_axis_a_column_says_what_had_been_published(seed: int) -> None:
    random = Random(seed)
    with dense_war(seed) as (node, told):
        maps = MovingMaps(node.answers, node.views)
        points = [
            TimePoint(random.choice(instants(told)), random.choice(publications(told)))
            for _ in range(8)
        ]
        positions = [len(told), random.randrange(20, len(told)), len(told) - 1]
        for position, whose, point in product(positions, PERSPECTIVES, points):
            perspective = replace(whose, published_by=point.published)
            basis = Basis(point.at, position, perspective=perspective)
            answered = dict(_answered(node.answers, EVERYWHERE, basis))
            for axis in TimeAxis.through(point):
                key = MapKey(position, whose, axis)
                assert dict(_seen_on(maps, key, axis.instant(point))) == answered, axis
        maps.close()


def test_a_question_lies_on_the_line_from_the_question_before(node: Node) -> None:
    maps = MovingMaps(node.answers, node.views)

    def axis(at: int, by: int) -> TimeAxis | None:
        whose = Perspective(published_by=Instant(by))
        basis = Basis(Instant(at), 0, perspective=whose)
        maps.place_on_map(basis)  # before the map is built, the event loop asks too
        spot = maps.place_on_map(basis)
        maps.of(spot.key, EVERYWHERE)
        return spot.key.axis

    assert axis(10, 20) == TimeAxis(Direction.VALID, 20)
    assert axis(11, 20) == TimeAxis(Direction.VALID, 20)
    assert axis(11, 21) == axis(11, 25) == TimeAxis(Direction.PUBLISHED, 11)
    assert axis(13, 27) == axis(14, 28) == TimeAxis(Direction.BOTH, 14)
    assert axis(19, 20) == TimeAxis(Direction.VALID, 20), "that map is in memory"
    assert axis(40, 90) == TimeAxis(Direction.VALID, 90), "no line leads there"
    assert maps.place_on_map(Basis(Instant(10), 0)).key.axis is None


def _shown(
    maps: MovingMaps, wanted: PlaceFilter, basis: Basis
) -> Iterator[tuple[LocationId, Seen]]:
    """The look of each place on the map, from the column."""
    spot = maps.place_on_map(basis)
    yield from _seen_on(maps, spot.key, spot.instant, wanted)


def _seen_on(
    maps: MovingMaps, key: MapKey, instant: Instant, wanted: PlaceFilter = EVERYWHERE
) -> Iterator[tuple[LocationId, Seen]]:
    found, choice = maps.of(key, wanted)
    column = found.column(choice, instant)
    for place, cell in zip(choice.ids, column, strict=True):
        look = Look.of(cell % 2**32, found.sets.sets)
        if look.told:
            day = cell >> 32
            heard = day - 2**32 if day >= 2**31 else day
            yield place, (*look[:4], look.siege, heard)


def _answered(
    answers: Answers, wanted: PlaceFilter, basis: Basis
) -> Iterator[tuple[LocationId, Seen]]:
    """The same from the answers."""
    sieges = answers.ties(basis, [TieKind.BESIEGES])
    for each in answers.map(wanted, basis):
        mine = [tie.certain for tie in sieges if tie.tie.object == each.location]
        siege = Siege.CERTAIN if any(mine) else Siege.POSSIBLE if mine else Siege.NONE
        yield each.location, (*_look(each), siege, _heard(each))


def _look(answer: Answer) -> Seen:
    verdict = answer.verdict
    return verdict.status, verdict.holders, answer.certain, verdict.disputed


def _heard(answer: Answer) -> int:
    heard = answer.period.last_heard
    return day_of(heard.latest) if heard else NEVER
