"""The options for moment, clocks and knowledge of a question, and the words for a moment."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import click

from api.answers.asked import moment_in
from domain.occurred import Instant, Local, Occurred, Precision, rfc3339
from domain.words.explanation import spoken_moment

Command = TypeVar("Command", bound=Callable[..., Any])


class MomentAsked(NamedTuple):
    """The valid-time moment of a question, and the words for the first line of the answer."""

    at: Instant
    words: str
    zone: str | None = None
    """The zone of the clocks; None for UTC."""


class ZoneName(click.ParamType[str]):
    """An IANA name, or an offset from UTC."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from infra.time_zones import UnknownZone, check_zone

        try:
            return check_zone(str(value))
        except UnknownZone as unknown:
            self.fail(str(unknown), param, ctx)


def zone_option(command: Command) -> Command:
    """Adds the option for the zone of the dates."""
    option = click.option(
        "--zone",
        type=ZoneName(),
        metavar="ZONE",
        help="The zone of the dates, as Asia/Kabul or +04:30. Else UTC.",
    )
    return option(command)


_AS_KNOWN = (
    click.option("--known-on", metavar="DATE", help="Only what this ledger held by that day."),
    click.option(
        "--position", type=click.IntRange(min=0), help="Only what it held up to that position."
    ),
)


def knowledge_options(command: Command) -> Command:
    """Adds the options for the knowledge: by a day, or up to a position."""
    for option in reversed(_AS_KNOWN):
        command = option(command)
    return command


def refuse_both(known_on: str | None, position: int | None) -> None:
    if known_on is not None and position is not None:
        raise click.UsageError("give --known-on or --position, not both")


def moment_asked(on: str, zone: str | None) -> MomentAsked:
    """The moment of `--on`. Raises NotATime."""
    at = moment_in(on, zone)
    local = _local(on, zone)
    if local is None:
        return MomentAsked(at, spoken_moment(at))
    when = "at" if local.window.precision is Precision.INSTANT else "at the close of"
    words = f"{when} {_by_its_clocks(local)} ({spoken_moment(at).removeprefix('at ')})"
    return MomentAsked(at, words, local.zone.removeprefix("UTC"))


def moment_now(now: Instant, zone: str | None) -> MomentAsked:
    """The moment of a question without `--on`: now."""
    said = moment_asked(rfc3339(now), zone)
    return said._replace(words=f"now ({said.words.removeprefix('at ')})")


def local_words(text: str | None, zone: str | None) -> str | None:
    """A date or an instant in the words of the question, as "2023-11-15 in Europe/Paris"; None for
    UTC. Raises NotATime."""
    local = None if text is None else _local(text, zone)
    return _by_its_clocks(local) if local else None


def _by_its_clocks(local: Local) -> str:
    shown = rfc3339(local.window.earliest).removesuffix("Z")
    if local.window.precision is not Precision.INSTANT:
        shown = shown[:10]
    return f"{shown} {'at' if local.zone.startswith('UTC') else 'in'} {local.zone}"


def moment_or_none(text: str | None, zone: str | None) -> Instant | None:
    """The moment of an option, if given. Raises NotATime."""
    return None if text is None else moment_in(text, zone)


def _local(on: str, zone: str | None) -> Local | None:
    if zone is None and "[" not in on:
        return Occurred.parse(on).local
    from infra.time_zones import resolved

    return resolved(on, zone).local
