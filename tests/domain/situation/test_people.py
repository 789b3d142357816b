"""How many people fled, and who needs aid: reports that overlap, open ends, needs that are met."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cmp_to_key
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.grades import Grade
from domain.occurred import DAY, Instant, Occurred, Precision, Window, parse_moment
from domain.situation.people import (
    Displaced,
    Displacement,
    Need,
    Needed,
    Part,
    displacement,
    open_needs,
)
from domain.values import Estimate, LocationId, Reliability, Sector
from domain.words.statements import spoken_estimate
from tests.domain.builders import event_id, text_of
from tests.domain.strategies import credibilities, estimates, reliabilities, windows

AROUND = {
    "kidal": ("kidal-region", "mali"),
    "tessalit": ("kidal-region", "mali"),
    "kidal-region": ("mali",),
    "gao": ("mali",),
}
PLACES = [*AROUND, "mali", "niger"]
often = settings(max_examples=300, deadline=None)


def around(place: LocationId) -> Sequence[LocationId]:
    return tuple(map(LocationId, AROUND.get(place, ())))


def window(day: int | str) -> Window:
    return Occurred.parse(text_of(day)).window


def people(number: int | None = None, **fields: int) -> Estimate:
    return Estimate(**fields if number is None else {"best": number})


def fled(
    number: int | None = None,
    *,
    day: int | str = 1,
    place: str = "kidal",
    grade: str = "B2",
    published: int | str = "2024-01-01",
    **fields: int,
) -> Displaced:
    return Displaced(
        event=event_id(0),
        position=0,
        location=LocationId(place),
        occurred=window(day),
        published=parse_moment(text_of(published)),
        grade=Grade(Reliability(grade[0]), int(grade[1])),
        people=people(number, **fields),
    )


def figure(*reports: Displaced, day: int | str = "2024-12-31") -> Displacement:
    placed = [
        replace(each, event=event_id(number), position=number)
        for number, each in enumerate(reports, 1)
    ]
    return displacement(placed, parse_moment(text_of(day)), around)


def counted(*reports: Displaced) -> list[int]:
    """The numbers of the reports that count."""
    return [int(each[:8], 16) for each in figure(*reports).counted]


# ---- Which reports count ---------------------------------------------------------------------


def test_nobody_is_reported_to_have_fled_where_nothing_is_reported() -> None:
    assert figure() == Displacement(people=None, counted=(), left_out=(), still_open=())


def test_reports_of_different_times_and_places_add_up() -> None:
    shown = figure(fled(10, day=1), fled(20, day=2), fled(30, day=2, place="gao"))
    assert shown.people == people(best=60)
    assert (len(shown.counted), shown.left_out) == (3, ())


def test_of_two_reports_of_one_place_and_time_one_counts() -> None:
    shown = figure(fled(10, day=1), fled(20, day="2023-11", grade="B1"))
    assert shown.people == people(best=20)
    assert shown.counted == (event_id(2),)
    assert shown.left_out == ((event_id(1), event_id(2)),)


def test_a_report_of_a_region_overlaps_with_one_of_a_town_in_it() -> None:
    assert counted(fled(10, place="kidal"), fled(99, place="kidal-region")) == [2]
    assert counted(fled(10, place="kidal"), fled(99, place="mali")) == [2]
    assert counted(fled(10, place="kidal", grade="A1"), fled(99, place="mali")) == [1]


def test_two_towns_of_one_region_do_not_overlap() -> None:
    assert counted(fled(10, place="kidal"), fled(10, place="tessalit")) == [1, 2]


def test_windows_that_only_touch_do_not_overlap() -> None:
    assert counted(fled(1, day=1), fled(1, day=2), fled(1, day="2023-12")) == [1, 2, 3]


@pytest.mark.parametrize(
    ("better", "worse"), [("A2", "B2"), ("B1", "B2"), ("F1", "E1"), ("A6", "A4"), ("B5", "C1")]
)
def test_of_reports_that_overlap_the_better_graded_counts(better: str, worse: str) -> None:
    assert counted(fled(1, grade=worse, place="mali"), fled(2, grade=better)) == [2]


def test_of_equals_the_wider_place_counts_then_the_longer_time_then_the_later_word() -> None:
    assert counted(fled(1, place="kidal-region"), fled(2, day="2023-11")) == [1]
    assert counted(fled(1, published="2024-02-01"), fled(2, day="2023-11")) == [2]
    assert counted(fled(1, published="2024-02-01"), fled(2, published="2024-01-01")) == [1]
    assert counted(fled(1), fled(2)) == [2]


def test_a_report_that_is_left_out_leaves_nobody_else_out() -> None:
    month = fled(1, day="2023-11", grade="C2")
    assert counted(fled(1, day=1), month, fled(1, day="2023-11-30/2023-12-02", grade="D2")) == [
        *(1, 3)
    ]


def test_a_report_that_is_left_out_names_the_first_in_time_of_those_that_it_overlaps() -> None:
    shown = figure(fled(1, day=20), fled(1, day=9), fled(1, day="2023-11", grade="C2"))
    assert shown.left_out == ((event_id(3), event_id(2)),)


# ---- Time ------------------------------------------------------------------------------------


def test_a_report_counts_once_its_window_is_over() -> None:
    november = fled(10, day="2023-11")
    assert figure(november, day="2023-10-31") == figure()
    assert figure(november, day=29).still_open == (event_id(1),)
    assert figure(november, day=29).counted == ()
    assert figure(november, day=30).counted == (event_id(1),)


def test_a_report_that_is_still_open_leaves_nobody_out() -> None:
    shown = figure(fled(10, day=1), fled(99, day="2023-11", grade="A1"), day=5)
    assert (shown.counted, shown.still_open) == ((event_id(1),), (event_id(2),))


# ---- Sums ------------------------------------------------------------------------------------


def two(one: dict[str, int], other: dict[str, int]) -> tuple[Displaced, Displaced]:
    """Two reports of different days, with these estimates."""
    return (
        replace(fled(1, day=1), people=people(**one)),
        replace(fled(1, day=2), people=people(**other)),
    )


GIVEN = [
    {name: number for name, number in zip(("low", "best", "high"), numbers, strict=True) if number}
    for numbers in product((100, None), (200, None), (500, None))
    if any(numbers)
]
"""An estimate of each kind: some of low, best and high are given."""


@pytest.mark.parametrize("one", GIVEN, ids=" ".join)
@pytest.mark.parametrize("other", GIVEN, ids=" ".join)
def test_a_sum_is_open_where_a_report_is(one: dict[str, int], other: dict[str, int]) -> None:
    total = figure(*two(one, other)).people
    assert total is not None
    for bound, summed in (("best", total.best), ("high", total.high)):
        assert summed == (one[bound] + other[bound] if bound in one and bound in other else None)
    # Nobody can be fewer than none: what one report gives as the least is the least of the sum.
    lows = [each["low"] for each in (one, other) if "low" in each]
    assert total.low == (sum(lows) if lows else None)


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ({"best": 268}, {"high": 500}, "an unknown number of"),
        ({"best": 268}, {"best": 32}, "about 300"),
        ({"best": 268}, {"low": 2000}, "at least 2,000"),
        ({"low": 2000}, {"high": 500}, "at least 2,000"),
        ({"high": 4}, {"high": 5}, "at most 9"),
        ({"best": 268}, {"low": 200, "best": 300, "high": 500}, "about 568 (at least 200)"),
        ({"best": 268, "high": 300}, {"best": 2, "high": 3}, "about 270 (at most 303)"),
        ({"low": 1, "high": 3}, {"low": 2, "best": 3, "high": 4}, "3 to 7"),
        ({"low": 0, "best": 0, "high": 0}, {"low": 1, "best": 2, "high": 3}, "about 2 (1 to 3)"),
        ({"low": 5, "best": 5, "high": 5}, {"low": 5, "best": 5, "high": 5}, "10"),
    ],
)
def test_a_sum_is_told_as_far_as_it_is_known(
    one: dict[str, int], other: dict[str, int], words: str
) -> None:
    total = figure(*two(one, other)).people
    assert total is not None
    assert spoken_estimate(total) == words


def test_reports_that_give_other_bounds_are_summed_apart() -> None:
    shown = figure(
        fled(day=1, best=268), fled(day=2, high=500), fled(day=3, best=32), fled(day=4, high=9)
    )
    assert shown.parts == (
        Part(people(best=300), (event_id(1), event_id(3))),
        Part(people(high=509), (event_id(2), event_id(4))),
    )


def test_reports_that_give_the_same_bounds_are_one_sum() -> None:
    assert figure(fled(day=1, low=5, high=9), fled(day=2, low=1, high=2)).parts == ()


def test_a_sum_may_be_of_more_people_than_there_are() -> None:
    everybody = 8_000_000_000
    shown = figure(fled(everybody, day=1), fled(everybody, day=2)).people
    assert shown is not None
    assert shown.best == 2 * everybody


# ---- Needs -----------------------------------------------------------------------------------


def needed(
    number: int | None = None,
    *,
    day: int | str = 1,
    place: str = "kidal",
    sector: Sector | None = Sector.HEALTH,
) -> Needed:
    return Needed(
        event=event_id(0),
        position=0,
        location=LocationId(place),
        sector=sector,
        occurred=window(day),
        published=parse_moment("2024-01-01"),
        people=None if number is None else people(number),
    )


def met(day: int | str = 1, **fields: Any) -> Needed:
    return needed(0, day=day, **fields)


def needs(*reports: Needed, day: int | str) -> list[Need]:
    placed = [
        replace(each, event=event_id(number), position=number)
        for number, each in enumerate(reports, 1)
    ]
    return open_needs(placed, parse_moment(text_of(day)))


def told(*reports: Needed, day: int | str) -> list[str]:
    return [
        f"{each.location}: {each.sector or 'aid'}{'' if each.certain else ', perhaps'}"
        for each in needs(*reports, day=day)
    ]


def test_a_need_is_open_until_nobody_is_in_need() -> None:
    said = needed(10, day=2), met(9)
    assert [told(*said, day=day) for day in (1, 2, 8, 9)] == [
        *([], ["kidal: health"], ["kidal: health"], [])
    ]


def test_a_need_without_a_number_is_a_need() -> None:
    (need,) = needs(needed(day=2), day=2)
    assert need.people is None


def test_each_place_and_each_sector_has_needs_of_its_own() -> None:
    said = needed(10, sector=None), needed(10), needed(10, sector=Sector.EDUCATION), met(5)
    assert told(*said, needed(10, place="gao"), day=5) == [
        *("gao: health", "kidal: aid", "kidal: education")
    ]


def test_a_need_has_the_number_of_the_last_word_and_the_time_of_the_first() -> None:
    said = needed(10, day=2), needed(30, day=5), needed(20, day=4)
    (need,) = needs(*said, day=6)
    assert need.people == people(30)
    assert need.since == said[0].occurred
    assert need.events == tuple(map(event_id, (1, 3, 2)))


def test_a_need_that_arises_anew_begins_anew() -> None:
    said = needed(10, day=2), met(5), needed(7, day=9)
    (need,) = needs(*said, day=9)
    assert (need.since, need.events) == (said[2].occurred, (event_id(3),))


def test_a_need_is_uncertain_while_it_may_have_arisen_or_been_met() -> None:
    open_month = "2023-11-05/2023-11-08"
    shown = [told(needed(10, day=open_month), day=day) for day in (4, 5, 8)]
    assert shown == [[], ["kidal: health, perhaps"], ["kidal: health"]]
    shown = [told(needed(10), met(open_month), day=day) for day in (4, 5, 8)]
    assert shown == [["kidal: health"], ["kidal: health, perhaps"], []]
    assert told(met(1), needed(10, day=open_month), day=5) == ["kidal: health, perhaps"]


def test_a_vaguer_word_that_says_the_same_makes_no_need_uncertain() -> None:
    assert told(needed(10), needed(20, day="2023-11"), day=5) == ["kidal: health"]
    assert told(met(1), met("2023-11"), day=5) == []


# ---- Two ways to the same answer -------------------------------------------------------------

places = st.sampled_from(PLACES).map(LocationId)
moments = st.integers(0, 12).map(Instant)


@st.composite
def crowded(draw: st.DrawFn) -> Window:
    """A stretch of a few microseconds, so that many of them meet."""
    begin = draw(moments)
    return Window(begin, Instant(begin + draw(st.integers(1, 5))), Precision.RANGE)


@st.composite
def told_of_flight(draw: st.DrawFn) -> list[Displaced]:
    """Far apart, or crowded into a few places and moments."""
    where, when, grades = draw(
        st.sampled_from(
            [
                (places, windows, reliabilities),
                (st.sampled_from(_NEAR), crowded(), st.just(Reliability.B)),
                (st.sampled_from(_NEAR), crowded(), reliabilities),
            ]
        )
    )
    return [
        Displaced(
            event=event_id(number),
            position=number,
            location=draw(where),
            occurred=draw(when),
            published=draw(moments),
            grade=Grade(draw(grades), draw(credibilities)),
            people=draw(estimates()),
        )
        for number in range(1, draw(st.sampled_from(range(21))) + 1)
    ]


@st.composite
def told_of_need(draw: st.DrawFn) -> list[Needed]:
    return [
        Needed(
            event=event_id(number),
            position=number,
            location=draw(st.sampled_from([LocationId("kidal"), LocationId("gao")])),
            sector=draw(st.sampled_from([None, Sector.HEALTH])),
            occurred=draw(windows),
            published=draw(windows).latest,
            people=draw(st.none() | estimates() | st.just(Estimate(best=0))),
        )
        for number in range(1, draw(st.integers(0, 10)) + 1)
    ]


@often
@given(told_of_flight(), st.randoms(use_true_random=False), st.data())
def test_the_figure_agrees_with_one_that_compares_every_pair(
    reports: list[Displaced], random: Any, data: st.DataObject
) -> None:
    asked = edges([each.occurred for each in reports])
    at = data.draw(st.sampled_from([*asked, *asked[-1:] * len(asked)]))
    shuffled = list(reports)
    random.shuffle(shuffled)
    shown = displacement(shuffled, at, around)
    begun = [each for each in reports if each.occurred.earliest <= at]
    over = [each for each in begun if each.occurred.latest <= at + 1]
    kept: list[Displaced] = []
    left_out = []
    for each in sorted(over, key=cmp_to_key(by_preference)):
        rivals = [other for other in kept if is_one_flight(each, other)]
        rivals.sort(key=lambda other: max(other.occurred.earliest, each.occurred.earliest))
        if rivals:
            left_out.append((each.event, rivals[0].event))
        else:
            kept.append(each)
    kept.sort(key=lambda each: each.position)
    assert shown.counted == tuple(each.event for each in kept)
    assert shown.left_out == tuple(left_out)
    assert shown.still_open == tuple(each.event for each in begun if each not in over)
    assert shown.people == added_up([each.people for each in kept])


def by_preference(one: Displaced, other: Displaced) -> int:
    """Negative, where the first is preferred."""
    for this, that in (
        ("ABCFDE".index(one.grade.reliability), "ABCFDE".index(other.grade.reliability)),
        ("123645".index(str(one.grade.credibility)), "123645".index(str(other.grade.credibility))),
        (len(around(one.location)), len(around(other.location))),
        (length(other), length(one)),
        (other.published, one.published),
    ):
        if this != that:
            return -1 if this < that else 1
    return other.position - one.position


def length(report: Displaced) -> int:
    return report.occurred.latest - report.occurred.earliest


def is_one_flight(one: Displaced, other: Displaced) -> bool:
    this, that = one.location, other.location
    nested = this == that or this in around(that) or that in around(this)
    begins = max(one.occurred.earliest, other.occurred.earliest)
    return nested and begins < min(one.occurred.latest, other.occurred.latest)


def added_up(estimates: list[Estimate]) -> Estimate | None:
    """One report after the other."""
    if not estimates:
        return None
    low: int | None = None
    best: int | None = 0
    high: int | None = 0
    for each in estimates:
        if each.low is not None:
            low = each.low + (low or 0)
        best = None if best is None or each.best is None else best + each.best
        high = None if high is None or each.high is None else high + each.high
    return Estimate.model_construct(low=low, best=best, high=high)


@often
@given(told_of_need(), st.randoms(use_true_random=False), st.data())
def test_the_needs_agree_with_those_that_are_followed_one_by_one(
    reports: list[Needed], random: Any, data: st.DataObject
) -> None:
    at = data.draw(st.sampled_from(edges([each.occurred for each in reports])))
    shuffled = list(reports)
    random.shuffle(shuffled)
    expected = []
    for place in ("gao", "kidal"):
        for sector in (None, Sector.HEALTH):
            of_it = [e for e in reports if e.location == place and e.sector == sector]
            expected += followed(of_it, at)
    assert open_needs(shuffled, at) == expected


def followed(reports: list[Needed], at: Instant) -> list[Need]:
    """One need, from its first report on."""
    reports = sorted(reports, key=lambda each: (each.published, each.position))
    reports.sort(key=lambda each: (each.occurred.latest, each.occurred.earliest))
    run: list[Needed] = []
    arising, meeting = list[Needed](), list[Needed]()
    for each in reports:
        nobody = each.people is not None and 0 in (each.people.best, each.people.high)
        if each.occurred.latest <= at + 1:
            run = [] if nobody else [*run, each]
        elif each.occurred.earliest <= at:
            (meeting if nobody else arising).append(each)
    rests_on, certain = (run, not meeting) if run else (arising, False)
    return [
        Need(
            location=last.location,
            sector=last.sector,
            people=last.people,
            since=rests_on[0].occurred,
            events=tuple(each.event for each in rests_on),
            certain=certain,
        )
        for last in rests_on[-1:]
    ]


def edges(found: list[Window]) -> list[Instant]:
    """Every instant at which an answer may change, with its neighbours; and the day before all."""
    edges = {edge for window in found for edge in (window.earliest, window.latest)}
    near = {edge + step for edge in edges for step in (-2, -1, 0, 1)}
    return [Instant(at) for at in sorted(near | {min(edges, default=0) - DAY})]


_NEAR = [LocationId(place) for place in ("kidal", "tessalit", "kidal-region", "mali")]
