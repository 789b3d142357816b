"""The import of a claims table into the ledger.

Each revision of the table is a report, and each row a statement of the report. The retractions
between rows come from `infra.intake.claims_book`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from domain.events import ActorRegistered, ControlReported, SituationEvent
from domain.references import subject_of
from domain.refusals import AlreadyRegistered
from domain.registry import Statement
from domain.values import SourceId
from infra.intake.claims_book import ClaimsBook, RowTakenBack, TableClaim, TableStatement
from infra.intake.claims_csv import Row, Terms
from infra.intake.claims_places import ClaimedPlaces, PlaceAmended, PlaceKept
from infra.intake.problems import BadInput, Problem
from infra.ledger.codec import Recorded, identify
from infra.ledger.ledger import Receipt, StatementRefused
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
    rows: int = 0
    """The rows recorded for the first time."""
    amended: tuple[PlaceAmended, ...] = ()
    kept: tuple[PlaceKept, ...] = ()


class ClaimsLedger(Protocol):
    """A ledger, or a rehearsal of one."""

    def record(self, statements: Sequence[Statement], *, by: str) -> list[Receipt]: ...
    def of_source(self, source: SourceId) -> Iterator[Recorded]: ...
    def registrations(self, kind: str, slugs: Iterable[str]) -> list[Recorded]: ...
    def amendments(self, kind: str, slugs: Iterable[str]) -> list[Recorded]: ...


def import_claims(
    ledger: ClaimsLedger,
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
    told = [*ledger.of_source(terms.source.source)]
    book = ClaimsBook(told, keep_stale=terms.keep_stale)
    places = _places(ledger, rows, terms, told)
    fresh_rows = 0
    for lines in _appends(statements_of(rows, terms, book, places)):
        done = _append(ledger, file, lines, terms, by)
        receipts += done
        progress(sum(isinstance(line.statement.event, SituationEvent) for line in lines))
        fresh_rows += _fresh_rows(lines, done)
    fresh = sum(not receipt.duplicate for receipt in receipts)
    last = max((receipt.position for receipt in receipts), default=0)
    stale, dated_back = (
        tuple(sorted(rows, key=_by_line)) for rows in (book.stale, book.dated_back)
    )
    changed = tuple(places.amended), tuple(places.kept)
    return ImportOutcome(
        *(fresh, len(receipts) - fresh, last, stale, dated_back, fresh_rows), *changed
    )


def _places(
    ledger: ClaimsLedger, rows: Sequence[Row], terms: Terms, told: Iterable[Recorded]
) -> ClaimedPlaces:
    places = ClaimedPlaces(terms.source.source, told)
    slugs = {row.place.location for row in rows}
    if slugs:
        registered = ledger.registrations("location", slugs)
        places.look_up(registered, ledger.amendments("location", slugs))
    return places


def _fresh_rows(lines: Iterable[TableStatement], receipts: Iterable[Receipt]) -> int:
    """The number of rows whose events were not recorded before."""
    pairs = zip(lines, receipts, strict=True)
    return sum(
        isinstance(line.statement.event, SituationEvent) and not receipt.duplicate
        for line, receipt in pairs
    )


def _by_line(row: RowTakenBack) -> tuple[int, int]:
    return row.line or 0, row.taken_back_by or 0


def statements_of(
    rows: Sequence[Row], terms: Terms, book: ClaimsBook, places: ClaimedPlaces
) -> Iterator[list[TableStatement]]:
    """The statements to record, a list for each revision, in the order of publication."""
    claims = [TableClaim.of_row(row) for row in rows]
    row_of = {claim.id: row for claim, row in zip(claims, rows, strict=True)}
    fresh = {claim.id for claim in claims}
    claims += [claim for claim in book.claims if claim.id not in fresh]
    about_the_source = [terms.source, *filter(None, [terms.ended])]
    yield [TableStatement(identify(event)) for event in about_the_source]
    seen: set[str] = set()
    in_order = sorted(claims, key=lambda claim: claim.order)
    for _, revision in groupby(in_order, key=lambda claim: claim.report):
        lines: list[TableStatement] = []
        for claim in revision:
            lines += claim.lines
            if row := row_of.get(claim.id):
                amended = places.amendments(row)
                lines += [TableStatement(identify(event), row.line) for event in amended]
            lines += book.corrections(claim)
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
    ledger: ClaimsLedger, file: str, lines: list[TableStatement], terms: Terms, by: str
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


def _refuse_unknown_actors(ledger: ClaimsLedger, file: str, rows: Sequence[Row]) -> None:
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
