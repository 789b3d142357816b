"""How is an answer about control stored in a row?

As JSON lists, without the names of fields: a view holds one for every period of every place.
"""

from typing import Any

import orjson

from domain.claims import ControlStatus
from domain.occurred import Instant, Precision, Window
from domain.verdict import Reading, Side, Silence, Silenced, Verdict

_NAMES = {why: why.name for why in Silence}


def verdict_to_row(verdict: Verdict) -> str:
    """The verdict as compact JSON; equal verdicts give equal text."""
    return orjson.dumps(_verdict_to_list(verdict)).decode()


def reading_to_row(reading: Reading) -> str:
    """The reading as compact JSON: its verdict, and the list of those that are possible."""
    possible = ",".join(map(verdict_to_row, reading.possible))
    return f"[{verdict_to_row(reading.verdict)},[{possible}]]"


def reading_of_row(text: str) -> Reading:
    """The reading that this JSON tells of."""
    verdict, possible = orjson.loads(text)
    return Reading(_verdict_of(verdict), tuple(_verdict_of(each) for each in possible))


def window_to_row(window: Window | None) -> str | None:
    """The window as text: its two ends in microseconds, and its precision."""
    return f"{window.earliest} {window.latest} {window.precision}" if window else None


def window_of_row(text: str | None) -> Window | None:
    """The window that was stored."""
    if text is None:
        return None
    earliest, latest, precision = text.split()
    return Window(Instant(int(earliest)), Instant(int(latest)), Precision(precision))


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
