"""What does a map show of each place, by what had been published until any instant?

Publication is an axis of knowledge beside the ledger's: what a perspective with `published_by`
admits grows from one publication to the next. Of a place where reports were recorded in the order
of publication, each answer is the one known at some position, and stands in the rows. Only the
other places are swept, once for all publications, word after word.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, cast

import orjson

from domain.control.claims import Claim
from domain.control.lineage import Lineage
from domain.control.perspective import Admitted, Perspective, Revocation, live
from domain.control.timeline import END, Timeline, Touched
from domain.occurred import Instant
from domain.values import LocationId
from infra.views.file import ViewFile
from projections.control.claims import claims_and_revocations
from projections.control.lineage import lineage_known
from projections.control.pieces import SHOWN, Shown, shown_of
from projections.control.publication_order import KnownBy, PublicationOrder
from projections.control.versions import EVERYTHING, History


class Stretch(NamedTuple):
    """A look of a place, for a stretch of valid time and a stretch of publications."""

    valid_from: Instant
    valid_to: Instant
    published_from: Instant
    published_to: Instant
    shown: Shown


@dataclass(frozen=True, slots=True)
class Stretches:
    """The stretches of one place, kept compactly; outside of all nobody had said anything."""

    _bounds: Sequence[Instant]
    _shown: Sequence[Shown]

    @staticmethod
    def of(stretches: Sequence[Stretch]) -> "Stretches":
        bounds = array("q", (bound for each in stretches for bound in each[:4]))
        return Stretches(cast("Sequence[Instant]", bounds), tuple(each.shown for each in stretches))

    def __iter__(self) -> Iterator[Stretch]:
        bounds, first = self._bounds, 0
        for shown in self._shown:
            begin, end = bounds[first], bounds[first + 1]
            yield Stretch(begin, end, bounds[first + 2], bounds[first + 3], shown)
            first += 4

    @property
    def size(self) -> int:
        """About how many bytes the stretches take."""
        return 200 + 120 * len(self._shown)


StretchesOfPlaces = Iterator[tuple[LocationId, Stretches]]


class PublishedHistory:
    """Publications as an axis of knowledge, for what a perspective without `published_by` admits,
    as known at a position."""

    def __init__(self, views: ViewFile, perspective: Perspective, *, known: int) -> None:
        self._views, self._known = views, known
        self._perspective = replace(perspective, published_by=None)
        self._words = PublicationOrder(views.reader, self._perspective, known)
        turns = self._words.published_on_lineage()
        self.lineages = LineagesPublished(views, self._perspective, known, turns)

    def stretches(self, places: Collection[LocationId]) -> StretchesOfPlaces:
        """The stretches of each place with any admitted word."""
        db = self._views.reader
        steps = self._words.steps(places)
        in_order = {place: found for place, found in steps.items() if found is not None}
        asked = {"places": orjson.dumps([*in_order]).decode(), "known": self._known}
        for place, rows in groupby(db.execute(_SELECT, asked), itemgetter(0)):
            yield place, Stretches.of(list(_translated(rows, in_order[place])))
        swept = [place for place, found in steps.items() if found is None]
        for place, made, kept in claims_and_revocations(db, swept, known=self._known):
            turns = self.lineages.turns if place in self._words.akin else frozenset[Instant]()
            yield place, Stretches.of(list(self._swept(made, kept, turns)))

    def _swept(
        self, made: Sequence[Claim], kept: Sequence[Revocation], turns: Set[Instant]
    ) -> Iterator[Stretch]:
        """The stretches of a place, word after word as published; at the `turns` the lineage of
        the actors may change."""
        admitted = sorted(filter(self._perspective.admits, made), key=attrgetter("published"))
        by = {when: [*some] for when, some in groupby(admitted, attrgetter("published"))}
        revoked = {each.word.published for each in kept if self._perspective.admits_word(each.word)}
        targets = {each.event for each in kept}
        timeline, history = Timeline(Admitted(), self.lineages.at(None)), History()
        for when in sorted({*by, *revoked, *turns}):
            new, whose = by.get(when, []), replace(self._perspective, published_by=when)
            touched: list[Touched]
            if when in turns:
                timeline = Timeline(live(made, kept, whose), self.lineages.at(when))
                touched = [EVERYTHING]
            elif when in revoked or any(it.copied or it.event in targets for it in new):
                touched = [timeline.become(live(made, kept, whose))]
            else:
                touched = [timeline.add(each) for each in new]
            history.show(timeline, touched, when)
        for period, published_from, published_to in history.versions():
            until = END if published_to is None else Instant(published_to)
            shown = Shown.of(period)
            yield Stretch(period.start, period.end, Instant(published_from), until, shown)


class LineagesPublished:
    """The lineage by what had been published until any instant."""

    def __init__(
        self, views: ViewFile, perspective: Perspective, known: int, turns: Set[Instant]
    ) -> None:
        self._views, self._perspective, self._known = views, perspective, known
        self._kept: dict[Instant | None, Lineage] = {}
        self.turns = frozenset(turns)
        """The instants of publication at which the lineage may change."""
        self._in_order = sorted(self.turns)

    def at(self, published: Instant | None) -> Lineage:
        """The lineage by an instant of publication; before all publications with None."""
        number = 0 if published is None else bisect_left(self._in_order, published + 1)
        turn = self._in_order[number - 1] if number else None
        if turn not in self._kept:
            whose = replace(self._perspective, published_by=turn)
            db = self._views.reader
            self._kept[turn] = (
                Lineage()
                if turn is None
                else lineage_known(db, known=self._known, perspective=whose)
            )
        return self._kept[turn]


def _translated(rows: Iterable[Sequence[Any]], steps: Sequence[KnownBy]) -> Iterator[Stretch]:
    """The rows of a place, with publications for positions."""
    known = [step.known for step in steps]
    published = [*(step.published for step in steps), END]
    for _, valid_from, valid_to, known_from, known_to, *shown in rows:
        first = published[bisect_left(known, known_from)]
        last = published[bisect_left(known, known_to)]
        if first < last:
            yield Stretch(valid_from, valid_to, first, last, shown_of(shown))


_SELECT = f"""
    SELECT location, valid_from, valid_to, known_from, known_to, {SHOWN}
    FROM json_each(:places) CROSS JOIN control_period
    ON location = value AND known_from <= :known ORDER BY key, valid_from"""
