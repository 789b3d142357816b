"""A question for a table as text: the options of the command, and the parameters of a URL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from api.answers.answers import Answers
from api.answers.asked import perspective_of
from api.answers.basis import LATEST
from api.answers.tokens import TablePins, pins_in
from api.ids import slug_of
from api.tables.question import OPTIONS, TableName, TableQuestion
from domain.occurred import Instant
from domain.refusals import NotUnderstood
from domain.values import Reliability
from infra.time_zones import check_zone, moment, resolved

_ONCE = (
    *("on", "known-on", "position", "published-by", "min-reliability", "min-credibility"),
    *("within", "zone", "from", "to", "token"),
)
_REPEATED = ("according-to", "not-according-to")
_FLAGS = tuple(sorted(frozenset[str]().union(*OPTIONS.values())))
PARAMETERS = (*_ONCE, *_REPEATED, *_FLAGS)
"""All names, as the command has them without the leading dashes."""


class Reach(NamedTuple):
    """How much of the record a question is about."""

    within: str | None
    since: str | None
    until: str | None
    options: frozenset[str]
    has_perspective: bool


class BadTableQuestion(NotUnderstood):
    """The parameters do not go together, or with the table; the message says why."""


@dataclass(frozen=True, kw_only=True)
class AskedTable:
    """A table, and the parameters as given."""

    table: TableName
    on: str | None = None
    known_on: str | None = None
    position: int | None = None
    zone: str | None = None
    within: str | None = None
    since: str | None = None
    until: str | None = None
    token: str | None = None
    sources: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    published_by: str | None = None
    min_reliability: str = "F"
    min_credibility: int = 6
    options: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Raises BadTableQuestion and UnknownZone."""
        if self.zone is not None:
            check_zone(self.zone)
        given = {each.name for each in fields(self) if getattr(self, each.name) != each.default}
        if self.token is not None and given != {"table", "token"}:
            raise BadTableQuestion("a token pins the question: give 'token' alone")
        if self.known_on is not None and self.position is not None:
            raise BadTableQuestion("give 'known-on' or 'position', not both")
        if self.table == "control" and self.on is None and self.token is None:
            raise BadTableQuestion(
                "the table control is of one moment: say with 'on' of which, a day (2023-11-14) or "
                "an instant with its offset (2023-11-14T06:30:00Z)"
            )
        if self.table != "control" and self.on is not None:
            raise BadTableQuestion(f"the table {self.table} is of all times: 'on' is for control")
        if self.table != "events" and (self.since is not None or self.until is not None):
            raise BadTableQuestion("'from' and 'to' are for the table events")
        if foreign := self.options - OPTIONS[self.table]:
            raise BadTableQuestion(f"{min(foreign)!r} is not for the table {self.table}")

    @property
    def reach(self) -> Reach:
        """What the answer depends on, before anything is looked up. Raises BadToken."""
        if self.token is None:
            has_view = (self.sources, self.without, self.published_by) != ((), (), None) or (
                (self.min_reliability, self.min_credibility) != ("F", 6)
            )
            return Reach(self.within, self.since, self.until, self.options, has_view)
        pins = pins_in(self.token, TablePins)
        options = frozenset(pins.options.split())
        return Reach(pins.within, pins.since, pins.until, options, pins.perspective is not None)

    def question(self, answers: Answers) -> TableQuestion:
        """Raises UnknownReference, NotATime, NotRecordedYet, InTheFuture, and the refusals of a
        token."""
        if self.token is not None:
            again = TableQuestion.again(answers, self.token)
            if again.table != self.table:
                raise BadTableQuestion(f"the token is that of the table {again.table}")
            return again
        at, known_at = (
            None if told is None else moment(told, self.zone) for told in (self.on, self.known_on)
        )
        perspective = perspective_of(
            answers.sources,
            self.zone,
            sources=self.sources,
            without=self.without,
            published_by=self.published_by,
            min_reliability=self.min_reliability,
            min_credibility=self.min_credibility,
        )
        basis = answers.basis(
            at, known_at=known_at, position=self.position, perspective=perspective
        )
        place = None if self.within is None else answers.place(slug_of(self.within, "Location"))
        since = None if self.since is None else resolved(self.since, self.zone).window.earliest
        until = None if self.until is None else Instant(moment(self.until, self.zone) + 1)
        return TableQuestion(
            self.table,
            basis,
            place and place.location,
            since,
            until and min(until, LATEST),
            self.options,
        )


def asked_in_url(table: TableName, given: Iterable[tuple[str, str]]) -> AskedTable:
    """The question of the parameters of a URL. Raises BadTableQuestion and UnknownZone."""
    once: dict[str, str] = {}
    repeated: dict[str, list[str]] = {name: [] for name in _REPEATED}
    for name, value in given:
        if name not in PARAMETERS:
            raise BadTableQuestion(
                f"there is no parameter {name[:40]!r}; there are {', '.join(PARAMETERS)}"
            )
        if name in repeated:
            repeated[name].append(value)
        elif name in once:
            raise BadTableQuestion(f"{name!r} is given twice")
        else:
            once[name] = value
    return AskedTable(
        table=table, **_texts(once), **_numbers(once), **_lists(repeated), options=_options(once)
    )


def _texts(once: Mapping[str, str]) -> dict[str, Any]:
    return {field: once[name] for name, field in _FIELDS.items() if name in once}


def _numbers(once: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        name.replace("-", "_"): _number(name, once[name], low, high)
        for name, low, high in (("position", 0, 2**62 - 1), ("min-credibility", 1, 6))
        if name in once
    }
    if "min-reliability" in once:
        letter = once["min-reliability"].upper()
        if letter not in set(Reliability):
            raise BadTableQuestion("'min-reliability' is a letter from A to F")
        found["min_reliability"] = letter
    return found


def _number(name: str, text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
        bounds = f"from {low} to {high}" if high < 100 else f"from {low} on"
        raise BadTableQuestion(f"{name!r} is a whole number {bounds}, not {text[:40]!r}")
    return int(text)


def _lists(repeated: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "sources": tuple(repeated["according-to"]),
        "without": tuple(repeated["not-according-to"]),
    }


def _options(once: Mapping[str, str]) -> frozenset[str]:
    found = set()
    for name in _FLAGS:
        match once.get(name, "false").lower():
            case "true" | "1" | "":
                found.add(name)
            case "false" | "0":
                pass
            case other:
                raise BadTableQuestion(f"{name!r} is true or false, not {other[:40]!r}")
    return frozenset(found)


_FIELDS = {
    "on": "on",
    "known-on": "known_on",
    "published-by": "published_by",
    "within": "within",
    "zone": "zone",
    "from": "since",
    "to": "until",
    "token": "token",
}
