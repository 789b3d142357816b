"""The import of a claims table into the ledger.

Each revision of the table is a report, and each row a statement of the report. The retractions
between rows come from `infra.intake.claims_book`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.events import ActorRegistered, ControlReported, SituationEvent
from domain.references import subject_of
from domain.refusals import AlreadyRegistered
from infra.intake.claims_book import ClaimsBook, RowTakenBack, TableClaim, TableStatement
from infra.intake.claims_csv import Row, Terms
from infra.intake.problems import BadInput, Problem
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, Receipt, StatementRefused
from infra.visible_text import quoted

_APPENDED_TOGETHER = 1_000
"""About how many statements an append holds: an append ends with a whole revision."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The outcome of importing a file."""

    recorded: int
    duplicates: int
    position: int
    """The last position with a statement of the file."""
    stale: tuple[RowTakenBack, ...] = ()
    """The rows with a stale date: taken back by the row with the later date."""
    dated_back: tuple[RowTakenBack, ...] = ()
    """The corrected rows: taken back by a row about an earlier time."""


def import_claims(
    ledger: Ledger,
    file: str,
    rows: Sequence[Row],
    terms: Terms,
    *,
    by: str,
    progress: Callable[[int], None] = lambda rows: None,
) -> ImportOutcome:
    """Records the rows; `progress` gets the number of rows of each append.

    Each append leaves the ledger with whole revisions. Raises BadInput where the ledger refuses.
    """
    _refuse_later_than_the_end(file, rows, terms)
    _refuse_unknown_actors(ledger, file, rows)
    receipts: list[Receipt] = []
    book = ClaimsBook(ledger.told_by(terms.source.source), keep_stale=terms.keep_stale)
    for lines in _appends(statements_of(rows, terms, book)):
        receipts += _append(ledger, file, lines, terms, by)
        progress(sum(isinstance(line.statement.event, SituationEvent) for line in lines))
    fresh = sum(not receipt.duplicate for receipt in receipts)
    last = max((receipt.position for receipt in receipts), default=0)
    taken_back = [tuple(sorted(rows, key=_by_line)) for rows in (book.stale, book.dated_back)]
    return ImportOutcome(fresh, len(receipts) - fresh, last, *taken_back)


def _by_line(row: RowTakenBack) -> tuple[int, int]:
    return row.line or 0, row.taken_back_by or 0


def statements_of(
    rows: Iterable[Row], terms: Terms, book: ClaimsBook
) -> Iterator[list[TableStatement]]:
    """The statements to record, a list for each revision, in the order of publication."""
    claims = [TableClaim.of_row(row) for row in rows]
    fresh = {claim.id for claim in claims}
    claims += [claim for claim in book.claims if claim.id not in fresh]
    about_the_source = [terms.source, *filter(None, [terms.ended])]
    yield [TableStatement(identify(event)) for event in about_the_source]
    seen: set[str] = set()
    in_order = sorted(claims, key=lambda claim: claim.order)
    for _, revision in groupby(in_order, key=lambda claim: claim.report):
        lines = [line for claim in revision for line in (*claim.lines, *book.corrections(claim))]
        yield list(_first_times(lines, seen))
    yield list(book.reinstatements())


def _first_times(lines: Iterable[TableStatement], seen: set[str]) -> Iterator[TableStatement]:
    """The statements without repeated registrations of places, reports and actors."""
    for line in lines:
        subject = subject_of(line.statement.event)
        key = subject.tag if subject else line.statement.id
        if key not in seen:
            seen.add(key)
            yield line


def _appends(revisions: Iterable[list[TableStatement]]) -> Iterator[list[TableStatement]]:
    together: list[TableStatement] = []
    for lines in revisions:
        together += lines
        if len(together) >= _APPENDED_TOGETHER:
            yield together
            together = []
    if together:
        yield together


def _append(
    ledger: Ledger, file: str, lines: list[TableStatement], terms: Terms, by: str
) -> list[Receipt]:
    """Records the statements. A place or an actor under a recorded id is taken as recorded."""
    taken_as_registered = {"location", "actor"}
    if terms.source_as_registered:
        taken_as_registered.add("source")
    while True:
        try:
            return ledger.record([line.statement for line in lines], by=by)
        except StatementRefused as refused:
            refusal, field = refused.refusal, refused.refusal.field or ""
            if isinstance(refusal, AlreadyRegistered) and field in taken_as_registered:
                del lines[refused.index]
                continue
            line = lines[refused.index].line
            raise BadInput([Problem(file, line, None, field, str(refusal))]) from None


def _refuse_later_than_the_end(file: str, rows: Iterable[Row], terms: Terms) -> None:
    if terms.ended is None:
        return
    end = terms.ended.ended
    problems = [
        Problem(
            *(file, row.line, None, "known_at"),
            f"this revision was published after {end}, when the source is said to have ended; "
            "give a later --until",
        )
        for row in rows
        if row.report.published.window.earliest >= end.window.latest
    ]
    if problems:
        raise BadInput(problems)


def _refuse_unknown_actors(ledger: Ledger, file: str, rows: Sequence[Row]) -> None:
    """Refuses an id given by an option if neither the ledger nor a row registers the actor."""
    introduced = {actor.actor for row in rows for actor in row.actors}
    first: dict[str, int] = {}
    for row in rows:
        if isinstance(row.event, ControlReported):
            for holder in row.event.holders:
                if holder not in introduced:
                    first.setdefault(holder, row.line)
    for known in ledger.registrations("actor", first):
        if isinstance(known.event, ActorRegistered):
            first.pop(known.event.actor, None)
    if first:
        raise BadInput(
            Problem(
                *(file, line, None, "controller"),
                f"no actor is registered as {quoted(actor)}; say who that is with "
                f"--actor 'NAME=KIND:{actor}'",
            )
            for actor, line in first.items()
        )
