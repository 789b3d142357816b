"""Answers about control as JSON lists, for the columns of a row. No field is named: a view holds a
list for every period of every place."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import orjson

from domain.control.claims import ControlStatus
from domain.control.verdict import (
    Holding,
    Period,
    Reading,
    Side,
    Silence,
    Silenced,
    SinceIs,
    Verdict,
)
from domain.occurred import Instant, Precision, Window
from domain.values import ActorId

# Python 3.11 looks up the name of a member of an enum slowly.
_NAMES = {why: why.name for why in (*Silence, *SinceIs)}


def verdict_to_row(verdict: Verdict) -> str:
    """The verdict as compact JSON; equal verdicts give equal text."""
    return orjson.dumps(_verdict_to_list(verdict)).decode()


def reading_to_row(reading: Reading) -> str:
    """The reading as compact JSON: the verdict, and a list of the possible ones."""
    possible = ",".join(map(verdict_to_row, reading.possible))
    return f"[{verdict_to_row(reading.verdict)},[{possible}]]"


def verdict_name(verdict: Verdict) -> str:
    """The name of the verdict in storage, made of its content."""
    return name_of(verdict_to_row(verdict))


def name_of(told: str) -> str:
    """The name of a verdict's text."""
    return sha256(told.encode()).hexdigest()[:32]


def verdict_of_row(told: str) -> Verdict:
    """The verdict of a text."""
    return _verdict_of(orjson.loads(told))


def window_to_row(window: Window | None) -> str | None:
    """The window as text: two ends in microseconds, and the precision."""
    if window is None:
        return None
    return " ".join((str(window.earliest), str(window.latest), window.precision))


def window_of_row(text: str | None) -> Window | None:
    return None if text is None else _window_of(text)


def _window_of(text: str) -> Window:
    earliest, latest, precision = text.split()
    return Window(Instant(int(earliest)), Instant(int(latest)), Precision(precision))


def since_is_to_row(period: Period) -> str | None:
    return None if period.since_is is None else _NAMES[period.since_is]


def held_since_to_row(period: Period) -> str:
    """Each holder with a longer hold than the answer's, with its own beginning."""
    return ";".join(
        f"{each.actor} {window_to_row(each.since)}"
        for each in period.holding
        if each.since is not period.since and each.since != period.since
    )


def held_since_of_row(text: str, holders: Sequence[ActorId], since: Window) -> tuple[Holding, ...]:
    """Each holder, and since when; where nothing else is told, since the answer's beginning."""
    longer = (each.partition(" ") for each in text.split(";") if each)
    own = {actor: _window_of(window) for actor, _, window in longer}
    return tuple(Holding(holder, own.get(holder, since)) for holder in holders)


def _verdict_to_list(verdict: Verdict) -> list[Any]:
    return [
        verdict.status,
        verdict.holders,
        verdict.evidence,
        [[side.status, side.holders, side.evidence] for side in verdict.rivals],
        [[each.event, each.by, _NAMES[each.why]] for each in verdict.outweighed],
        verdict.lineage,
    ]


def _verdict_of(stored: list[Any]) -> Verdict:
    status, holders, evidence, rivals, outweighed, lineage = stored
    return Verdict(
        ControlStatus(status),
        tuple(holders),
        tuple(evidence),
        tuple(Side(ControlStatus(s), tuple(h), tuple(e)) for s, h, e in rivals),
        tuple(Silenced(event, by, Silence[why]) for event, by, why in outweighed),
        tuple(lineage),
    )
