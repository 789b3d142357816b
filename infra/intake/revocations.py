"""Taking many events back, or reinstating many, by one report."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from pydantic import ValidationError

from domain.events import EventReinstated, EventRetracted, ReportFiled, SourceRegistered
from domain.occurred import Instant, Occurred, rfc3339
from domain.refusals import NothingToReinstate, NothingToRetract, NotUnderstood
from domain.registry import Statement
from domain.texts import in_one_line
from domain.values import EventId, Reliability, ReportId, SourceId
from infra.field_errors import in_plain_words
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, Receipt, StatementRefused
from infra.spelling import plain

DESK = "desk-of-"
"""The beginning of the ids of desks: sources that speak for whoever keeps the record."""
TOGETHER = 5_000
"""The most revocations in one append."""
_LONGEST_TITLE = 300


class UnfitReason(NotUnderstood):
    """A reason that no event can hold; the message says why."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A report of our own, on whose word events are revoked or reinstated."""

    source: SourceRegistered
    report: ReportFiled

    @property
    def statements(self) -> list[Statement]:
        return [identify(self.source), identify(self.report)]


@dataclass(frozen=True, slots=True)
class Order:
    """The revocation, or reinstatement, of events by a report."""

    report: ReportId
    reason: str
    reinstates: bool = False
    new: tuple[Statement, ...] = ()
    """The report and its source, as far as they have to be recorded."""

    def statement(self, event: EventId) -> Statement:
        kind = EventReinstated if self.reinstates else EventRetracted
        return identify(kind(event=event, reason=self.reason, report=self.report))


@dataclass(frozen=True, slots=True)
class RevocationOutcome:
    """The outcome of revoking or reinstating events."""

    recorded: int
    passed: int
    """The events that somebody else had revoked, or reinstated, meanwhile."""
    position: int | None


def desk_of(author: str) -> SourceId:
    """The id of the author's desk; authors with the same letters are told apart."""
    letters = "-".join(_LETTERS.findall(plain(author)))
    if letters == author and len(letters) <= _LONGEST_NAME:
        return SourceId(f"{DESK}{letters}")
    mark = sha256(author.encode()).hexdigest()[:8]
    parts = [f"{DESK[:-1]}", letters[:_LONGEST_NAME].strip("-"), mark]
    return SourceId("-".join(filter(None, parts)))


_LETTERS = re.compile("[a-z0-9]+")
_LONGEST_NAME = 40


def desk_report(author: str, title: str, key: Iterable[str], number: int, now: Instant) -> Desk:
    """The report of the author's desk on one undoing. The same undoing on one day has the same
    report; `number` tells the second apart from the first, and so on."""
    source, day = desk_of(author), rfc3339(now)[:10]
    mark = sha256("\0".join(key).encode()).hexdigest()[:10]
    report = f"{source}-{day}-{mark}{f'-{number}' if number > 1 else ''}"
    return Desk(
        SourceRegistered(source=source, name=f"Desk of {author}", reliability=Reliability.A),
        ReportFiled(
            report=ReportId(report),
            source=source,
            published=Occurred.parse(rfc3339(now)),
            title=in_one_line(title)[:_LONGEST_TITLE],
        ),
    )


def checked_reason(reason: str) -> str:
    """The reason as it would be recorded. Raises UnfitReason."""
    nobody = "00000000-0000-0000-0000-000000000000"
    try:
        return EventRetracted(event=EventId(nobody), reason=reason, report=ReportId("none")).reason
    except ValidationError as invalid:
        (error, *_) = invalid.errors(include_url=False)
        why = in_plain_words(error, EventRetracted)
        raise UnfitReason(f"the reason can't be recorded: {why}") from None


def revoke(
    ledger: Ledger,
    events: Sequence[EventId],
    order: Order,
    *,
    by: str,
    progress: Callable[[int], None] = lambda done: None,
) -> RevocationOutcome:
    """Revokes or reinstates the events, some thousands in each append; a new report is recorded in
    the first.

    Events revoked or reinstated meanwhile are passed over. Raises StatementRefused.
    """
    position: int | None = None
    recorded, waiting, new = 0, iter(events), order.new
    while some := list(islice(waiting, TOGETHER)):
        said = [order.statement(event) for event in some]
        receipts = _append(ledger, [*new, *said], by)
        told = {each.id for each in said}
        recorded += sum(each.id in told and not each.duplicate for each in receipts)
        position = max((each.position for each in receipts), default=position)
        new = ()
        progress(len(some))
    return RevocationOutcome(recorded, len(events) - recorded, position)


def _append(ledger: Ledger, statements: list[Statement], by: str) -> list[Receipt]:
    """Records the statements, except those that became idle meanwhile."""
    while statements:
        try:
            return ledger.record(statements, by=by)
        except StatementRefused as refused:
            if not isinstance(refused.refusal, NothingToRetract | NothingToReinstate):
                raise
            del statements[refused.index]
    return []
