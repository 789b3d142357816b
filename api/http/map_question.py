"""A question about the map as the parameters of a URL."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from api.answers.answers import Answers
from api.answers.asked import moment_in
from api.answers.basis import Basis
from api.answers.moving.dates import ChangeUnit
from api.answers.references import registered
from api.ids import NotAnId, slug_of
from domain.control.perspective import Perspective
from domain.occurred import Instant
from domain.refusals import InTheFuture, NotUnderstood
from domain.values import LocationId, Reliability, SourceId
from projections.places import PlaceFilter

KNOWLEDGE = ("knownAt", "position")
REGION = ("within", "bbox")
PERSPECTIVE = ("publishedBy", "minReliability", "minCredibility", "sources", "excludeSources")
_REPEATED = frozenset({"sources", "excludeSources"})


class BadMapQuestion(NotUnderstood):
    """The parameters can't be read, or do not go together; the message says why."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """The parameters as given; whatever needs the views is looked up by its methods."""

    moments: dict[str, Instant]
    """The moments asked about, by parameter: `at`, or `from` and `to`."""
    known_at: Instant | None = None
    position: int | None = None
    within: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    published_by: Instant | None = None
    min_reliability: Reliability = Reliability.F
    min_credibility: int = 6
    sources: tuple[str, ...] | None = None
    exclude_sources: tuple[str, ...] = ()
    unit: ChangeUnit = ChangeUnit.DAY

    @property
    def has_perspective(self) -> bool:
        return self.published_by is not None or self.narrows_words

    @property
    def narrows_words(self) -> bool:
        """Whether words are left out for another reason than their publication."""
        graded = (self.min_reliability, self.min_credibility) != (Reliability.F, 6)
        return graded or self.sources is not None or bool(self.exclude_sources)

    def is_registered(self, answers: Answers) -> bool:
        """Whether all that is named is registered: looked up quickly, and nothing is searched for
        like names."""
        within = self.region.within
        if within is not None and answers.places.get(within) is None:
            return False
        given = [("sources", each) for each in self.sources or ()]
        given += (("excludeSources", each) for each in self.exclude_sources)
        named = (_slug(name, each, "Source") for name, each in given)
        head = answers.head
        return all(answers.sources.source(SourceId(each), known=head) for each in named)

    def basis(self, answers: Answers, moment: str | None) -> Basis:
        """The basis of the question at the moment of a parameter. Raises NotRecordedYet,
        TwoKnowledges, InTheFuture, and UnknownReference of a source."""
        perspective = self.perspective(answers)
        try:
            return answers.basis(
                None if moment is None else self.moments[moment],
                known_at=self.known_at,
                position=self.position,
                perspective=perspective,
            )
        except InTheFuture as ahead:
            if ahead.field == "at":
                ahead.field = moment
            raise

    def perspective(self, answers: Answers) -> Perspective:
        """Raises UnknownReference."""
        only, without = self.sources, self.exclude_sources
        return Perspective(
            sources=None if only is None else _registered(answers, "sources", only),
            exclude_sources=_registered(answers, "excludeSources", without),
            min_reliability=self.min_reliability,
            min_credibility=self.min_credibility,
            published_by=self.published_by,
        )

    @property
    def region(self) -> PlaceFilter:
        """The filter of places, whether or not the place is registered. Raises NotAnId."""
        within = None if self.within is None else LocationId(_slug("within", self.within))
        return PlaceFilter(within=within, bbox=self.bbox)

    def places(self, answers: Answers) -> PlaceFilter:
        """The filter of places. Raises NotAnId and UnknownReference."""
        region = self.region
        if region.within is not None:
            registered(answers, "location", region.within, "within")
        return region


def _registered(answers: Answers, field: str, given: Iterable[str]) -> frozenset[SourceId]:
    slugs = (_slug(field, each, "Source") for each in given)
    return frozenset(SourceId(registered(answers, "source", slug, field)) for slug in slugs)


def _slug(field: str, given: str, kind: str = "Location") -> str:
    try:
        return slug_of(given, kind)
    except NotAnId as wrong:
        wrong.field = field
        raise


def asked_in_url(
    given: Iterable[tuple[str, str]], moments: Sequence[str], *more: str
) -> MapQuestion:
    """The question of the parameters of a URL, with the moments that it must name. Raises
    BadMapQuestion, NotATime and UnknownZone."""
    names = (*moments, *KNOWLEDGE, *REGION, *more)
    once: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    for name, value in given:
        if name not in names:
            there_are = ", ".join(names)
            raise BadMapQuestion(f"there is no parameter {name[:40]!r}; there are {there_are}")
        if name in _REPEATED:
            repeated.setdefault(name, []).append(value)
        elif name in once:
            raise BadMapQuestion(f"{name!r} is given twice", name)
        else:
            once[name] = value
    for name in moments:
        if name not in once:
            raise BadMapQuestion(
                f"say with {name!r} which moment: a day (2023-11-14), which asks about its close, "
                "or an instant with its offset (2023-11-14T06:30:00Z)",
                name,
            )
    read = {
        field: reader(name, once[name])
        for name, (field, reader) in _READERS.items()
        if name in once
    }
    only = repeated.get("sources")
    return MapQuestion(
        moments={name: _moment(name, once[name]) for name in moments},
        sources=None if only is None else tuple(only),
        exclude_sources=tuple(repeated.get("excludeSources", ())),
        **read,
    )


def _moment(name: str, text: str) -> Instant:
    try:
        return moment_in(text, None)
    except NotUnderstood as wrong:
        wrong.field = name
        raise


def _text(name: str, text: str) -> str:
    return text


def _number(name: str, text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
        bounds = f"from {low} to {high}" if high < 100 else f"from {low} on"
        raise BadMapQuestion(f"{name!r} is a whole number {bounds}, not {text[:40]!r}", name)
    return int(text)


def _position(name: str, text: str) -> int:
    return _number(name, text, 0, 2**62 - 1)


def _credibility(name: str, text: str) -> int:
    return _number(name, text, 1, 6)


def _reliability(name: str, text: str) -> Reliability:
    if text.upper() not in set(Reliability):
        raise BadMapQuestion(f"{name!r} is a letter from A to F, not {text[:40]!r}", name)
    return Reliability(text.upper())


def _unit(name: str, text: str) -> ChangeUnit:
    if text not in set(ChangeUnit):
        units = ", ".join(ChangeUnit)
        raise BadMapQuestion(f"{name!r} is one of {units}, not {text[:40]!r}", name)
    return ChangeUnit(text)


def _box(name: str, text: str) -> tuple[float, float, float, float]:
    parts = text.split(",") if len(text) <= 200 and "_" not in text else []  # float takes 1_0
    try:
        west, south, east, north = map(float, parts)
    except ValueError:
        west = south = east = north = float("nan")
    degrees = all(map(isfinite, (west, south, east, north)))
    if not degrees or not (-180 <= west <= 180 and -180 <= east <= 180):
        raise BadMapQuestion(f"{name!r} {_BOX}", name)
    if not -90 <= south <= north <= 90:
        raise BadMapQuestion(f"{name!r} {_BOX}", name)
    return west, south, east, north


_BOX = (
    "is west,south,east,north in degrees: longitudes from -180 to 180, latitudes from -90 to 90, "
    "the southern first"
)
_READERS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "knownAt": ("known_at", _moment),
    "position": ("position", _position),
    "within": ("within", _text),
    "bbox": ("bbox", _box),
    "publishedBy": ("published_by", _moment),
    "minReliability": ("min_reliability", _reliability),
    "minCredibility": ("min_credibility", _credibility),
    "unit": ("unit", _unit),
}
