"""The strip of a map: equal to its tracks at every instant, however it was made."""

import itertools
from bisect import bisect_right
from random import Random

import pytest

from api.answers.moving import strip as strips
from api.answers.moving.strip import Strip, Track, TrackStep, track_of
from domain.control.timeline import BEGINNING
from domain.occurred import Instant


def tracks(random: Random, places: int, steps: int) -> list[Track]:
    return [track(random, steps) for _ in range(places)]


def track(random: Random, steps: int) -> Track:
    starts = sorted(random.sample(range(1_000), steps))
    made = [TrackStep(BEGINNING, random.randrange(4))]
    made += (
        TrackStep(Instant(at), random.randrange(4) | random.randrange(3) << 32) for at in starts
    )
    return track_of(made)


def told(of: list[Track], at: int) -> list[int]:
    starts = ([step.start for step in each] for each in of)
    return [each[bisect_right(its, at) - 1].cell for each, its in zip(of, starts, strict=True)]


@pytest.mark.parametrize("seed", range(5))
def test_a_column_is_that_of_the_tracks(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "_LEAST_APART", 7)
    monkeypatch.setattr(strips, "MOST_OVER", 4)
    random = Random(seed)
    made = tracks(random, 12, 15)
    strip = Strip.of(made)
    for _ in range(8):  # laid over at first, and then made anew
        for at in (-(10**9), *random.sample(range(-10, 1_010), 60)):
            assert strip.column(Instant(at)).tolist() == told(made, at)
        assert [list(each) for each in strip.tracks()] == [list(each) for each in made]
        for after, until in (sorted(random.sample(range(1_000), 2)) for _ in range(20)):
            between = [
                step.start
                for each in made
                for before, step in itertools.pairwise(each)
                if after < step.start <= until and (before.cell ^ step.cell) % 2**32
            ]
            moments = strip.moments(Instant(after), Instant(until))
            assert moments == [(at, between.count(at)) for at in sorted(set(between))]
            changed = strip.changed(Instant(after), Instant(until))
            one, other = told(made, after), told(made, until)
            assert changed == {n: other[n] for n in range(12) if one[n] != other[n]}
        which = random.randrange(12)
        made[which] = track(random, 15)
        strip = strip.over({which: made[which]})


def test_an_earlier_strip_is_not_changed_by_a_later_one() -> None:
    made = tracks(Random(1), 3, 5)
    strip = Strip.of(made)
    before = strip.column(Instant(500)).tolist()
    strip.over({0: [TrackStep(BEGINNING, 99)]})
    assert strip.column(Instant(500)).tolist() == before
