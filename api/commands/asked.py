"""Which moment is asked about, by whose clocks, and how is it said?"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import click

from domain.explanation import spoken_moment
from domain.occurred import Instant, Local, Occurred, Precision, parse_moment, rfc3339

Command = TypeVar("Command", bound=Callable[..., Any])


class Asked(NamedTuple):
    """A moment in the world, and the words for it in the first line of an answer."""

    at: Instant
    words: str
    zone: str | None = None
    """By which clocks it is told; None of UTC."""


class ZoneName(click.ParamType[str]):
    """An IANA name, or an offset from UTC."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from infra.zones import UnknownZone, check_zone

        try:
            return check_zone(str(value))
        except UnknownZone as unknown:
            self.fail(str(unknown), param, ctx)


def zoned(command: Command) -> Command:
    """The option that says in which zone the dates of a question are."""
    option = click.option(
        "--zone",
        type=ZoneName(),
        metavar="ZONE",
        help="The zone of the dates, as Asia/Kabul or +04:30. Else UTC.",
    )
    return option(command)


def asked(on: str, zone: str | None) -> Asked:
    """What `--on` means. Raises NotATime."""
    at = moment_in(on, zone)
    local = _local(on, zone)
    if local is None:
        return Asked(at, spoken_moment(at))
    shown = rfc3339(local.window.earliest).removesuffix("Z")
    when = f"at the close of {shown[:10]}"
    if local.window.precision is Precision.INSTANT:
        when = f"at {shown}"
    preposition = "at" if local.zone.startswith("UTC") else "in"
    words = f"{when} {preposition} {local.zone} ({rfc3339(at)})"
    return Asked(at, words, local.zone.removeprefix("UTC"))


def moment_in(text: str, zone: str | None) -> Instant:
    """The moment that a date or an instant of the command line means. Raises NotATime."""
    if zone is None and "[" not in text:
        return parse_moment(text)
    from infra.zones import moment  # most questions name no zone, and answer sooner without it

    return moment(text, zone)


def _local(on: str, zone: str | None) -> Local | None:
    if zone is None and "[" not in on:
        return Occurred.parse(on).local
    from infra.zones import resolved

    return resolved(on, zone).local
