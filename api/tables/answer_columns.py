"""The columns about an answer, the same for one moment and for a timeline."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from api.tables.columns import Ids, OneOf, SeveralNames, TableRow, ValidTime
from domain.control.claims import ControlStatus
from domain.control.verdict import Period, Side, SinceIs, Verdict
from domain.occurred import Instant, Precision, Window
from domain.values import ActorId, EventId, SourceId
from domain.words.statements import Names


@dataclass(frozen=True, kw_only=True)
class AnswerRow(TableRow):
    """The answer of a row."""

    status: Annotated[str, OneOf(ControlStatus, is_lower=True)]
    """Whether the place is held, contested (fought over), vacant (held by nobody), disputed (the
    sources disagree), or nobody knows."""
    holders: Ids | None
    """The ids of the holders of the place, best corroborated first."""
    holder_names: SeveralNames | None
    """The same by their names in use at the moment of the row."""
    contenders: Ids | None
    """Of a contested place, the ids of the contenders."""
    contender_names: SeveralNames | None
    """The same by their names in use at the moment of the row."""
    certain: bool
    """Whether no other reading is possible."""
    disputed: bool
    """Whether voices that count say otherwise."""
    rivals: Ids | None
    """The readings of other voices, as held:fama+wagner."""
    possible: Ids | None
    """The other possible readings of an answer that is not certain, as held:csp."""
    since_earliest: ValidTime | None
    """The status and holders have been so since this instant at the earliest."""
    since_latest: ValidTime | None
    """And since before this instant (half-open)."""
    since_precision: Annotated[str, OneOf(Precision)] | None
    """How exactly the beginning is known."""
    since_is: str | None
    """began: the status began then. seen: so by then; nobody says since when."""
    until_earliest: ValidTime | None
    """The end of the same status and holders, if they ended, at the earliest."""
    until_latest: ValidTime | None
    """And before this instant (half-open)."""
    last_heard_earliest: ValidTime | None
    """The latest word among the answering voices speaks of this instant or later."""
    last_heard_latest: ValidTime | None
    """And of a time before this instant (half-open)."""
    sources: Ids | None
    """The ids of the sources that speak in the answer, rivals included; of a copy, the first
    source."""
    evidence: Ids | None
    """The ids of the events in agreement with the answer, one for each independent source."""
    events: Ids | None
    """The ids of all events behind the answer, outweighed and possible ones included."""


def answer_cells(
    period: Period, names: Names, origins: Mapping[EventId, SourceId], events: Iterable[EventId]
) -> dict[str, Any]:
    """The columns about the answer; `origins` has the sources of the speaking events."""
    reading = period.reading
    verdict = reading.verdict
    is_contested = verdict.status is ControlStatus.CONTESTED
    holders = () if is_contested else verdict.holders
    contenders = verdict.holders if is_contested else ()
    since, until, heard = period.since, period.until, period.last_heard
    return {
        "status": verdict.status.value.lower(),
        "holders": joined(holders),
        "holder_names": joined_names(holders, names),
        "contenders": joined(contenders),
        "contender_names": joined_names(contenders, names),
        "certain": reading.certain,
        "disputed": verdict.disputed,
        "rivals": joined(map(_said, verdict.rivals)),
        "possible": joined(map(_said, reading.possible)),
        **window_cells("since", since),
        "since_precision": since and since.precision.value,
        "since_is": _SINCE[period.since_is],
        **window_cells("until", until),
        **window_cells("last_heard", heard),
        "sources": joined(dict.fromkeys(origins[each] for each in verdict.told)),
        "evidence": joined(verdict.evidence),
        "events": joined(events),
    }


def window_cells(name: str, window: Window | None) -> dict[str, Instant | None]:
    """The two columns of a half-open window."""
    if window is None:
        return {f"{name}_earliest": None, f"{name}_latest": None}
    return {f"{name}_earliest": window.earliest, f"{name}_latest": window.latest}


def joined(items: Iterable[str]) -> str | None:
    """Several ids in a cell; None without any."""
    return ";".join(items) or None


def joined_names(actors: Collection[ActorId], names: Names) -> str | None:
    """The names of several actors in a cell."""
    return "; ".join(map(names.actor, actors)) or None


def _said(side: Side | Verdict) -> str:
    return f"{side.status.value.lower()}:{'+'.join(side.holders)}".removesuffix(":")


_SINCE = {SinceIs.BEGAN: "began", SinceIs.SEEN: "seen", None: None}
