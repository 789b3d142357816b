"""Tokens: the basis of an answer as one opaque text.

* BadToken    the text is no token of ours
* OtherRule   the token belongs to an answer by another version of the rule
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.control.perspective import DEFAULT, Perspective
from domain.control.verdict import RULE
from domain.occurred import Instant, NotATime, parse_moment
from domain.refusals import DomainError
from domain.values import LocationId, Reliability, SourceId

_LONGEST = 20_000
"""Characters; a token with the names of a hundred sources has a few thousand."""


class BadToken(DomainError):
    """The text is no token of ours; the message says why."""

    field = "token"

    def __init__(self, why: str) -> None:
        super().__init__(f"this is not the token of an answer: {why}")


class OtherRule(DomainError):
    """The answer was given by another version of the rule of control."""

    field = "token"

    def __init__(self, rule: str) -> None:
        super().__init__(f"this is the token of an answer by {rule}; here answers go by {RULE}")


class Pins(BaseModel):
    """The contents of a token: instant, position, rule and perspective."""

    # Most commands read no token: each validator is built at its first use.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    at: str
    position: Annotated[int, Field(ge=0, lt=2**62)]
    rule: str
    perspective: (
        tuple[
            list[SourceId] | None,
            list[SourceId],
            Literal["A", "B", "C", "D", "E", "F"],
            Annotated[int, Field(ge=1, le=6)],
            int | None,
        ]
        | None
    ) = Field(default=None, strict=False)

    @property
    def instant(self) -> Instant | None:
        """The valid-time instant; None for a table of all times. Raises BadToken."""
        try:
            return parse_moment(self.at)
        except NotATime as wrong:
            raise BadToken(str(wrong)) from None

    @property
    def admitted(self) -> Perspective:
        if self.perspective is None:
            return DEFAULT
        sources, without, reliability, credibility, published_by = self.perspective
        return Perspective(
            sources=None if sources is None else frozenset(sources),
            exclude_sources=frozenset(without),
            min_reliability=Reliability(reliability),
            min_credibility=credibility,
            published_by=None if published_by is None else Instant(published_by),
        )


class ControlPins(Pins):
    """The contents of a token of one place."""

    location: LocationId
    inherited: LocationId | None


class SituationPins(Pins):
    """The contents of a token of a situation."""

    situation: LocationId | None


class TablePins(Pins):
    """The contents of a token of a table."""

    table: Literal["control", "timelines", "events"]
    within: LocationId | None
    since: str | None
    until: str | None
    options: str
    """The names of the options, in alphabetical order, with gaps."""

    @property
    def instant(self) -> Instant | None:
        return super().instant if self.table == "control" else None


P = TypeVar("P", ControlPins, SituationPins, TablePins)


def token_of(pins: dict[str, Any]) -> str:
    """The pins as one opaque text."""
    text = orjson.dumps(pins, option=orjson.OPT_SORT_KEYS)
    return urlsafe_b64encode(text).decode().rstrip("=")


def pins_of(perspective: Perspective) -> list[Any]:
    """The perspective in full, in the form of a token."""
    return [
        None if perspective.sources is None else sorted(perspective.sources),
        sorted(perspective.exclude_sources),
        perspective.min_reliability,
        perspective.min_credibility,
        perspective.published_by,
    ]


def pins_in(token: str, kind: type[P]) -> P:
    """The contents of a token. Raises BadToken and OtherRule.

    An answer has one token, to the letter: another text with the same contents is refused too.
    """
    held = _decoded(token)
    rule = held.get("rule")
    if isinstance(rule, str) and _RULE.fullmatch(rule) and rule != RULE:
        raise OtherRule(rule)
    if kind is not SituationPins and "situation" in held:
        raise BadToken("it is that of a situation")
    if kind is not TablePins and "table" in held:
        raise BadToken(
            "it is that of a table; 'tenure export-table --token' writes the table again"
        )
    if kind is not ControlPins and "location" in held:
        wanted = "a situation" if kind is SituationPins else "a table"
        raise BadToken(f"it is that of one place, not of {wanted}")
    try:
        return kind.model_validate(held)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        raise BadToken(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def arguments_in(token: str) -> dict[str, Any]:
    """The arguments of the question behind a token, for the reckoning of its cost; nothing for any
    other text."""
    try:
        held = _decoded(token)
    except BadToken:
        return {}
    place = held.get("location")
    return {
        "at": held.get("at"),
        "perspective": held.get("perspective"),
        "location": held.get("inherited") or place,
        "within": held.get("situation"),
    }


_FORM = re.compile(r"[A-Za-z0-9_-]+")
_RULE = re.compile(r"rule [0-9]{1,9}")


def _decoded(token: str) -> dict[str, Any]:
    if len(token) > _LONGEST or not _FORM.fullmatch(token):
        raise BadToken("it has another form")
    try:
        held = orjson.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        raise BadToken("it can't be read") from None
    if not isinstance(held, dict) or token_of(held) != token:
        raise BadToken("it can't be read")
    return held
