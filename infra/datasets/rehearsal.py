"""A rehearsal of an import: every decision is made, and nothing is recorded.

What the import names is copied from the ledger into a passing one, which takes the statements.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.events import EventReinstated, EventRetracted
from domain.references import REGISTERED_BY
from domain.refusals import DomainError
from domain.registry import Statement
from domain.values import EventId, SourceId
from infra.ledger.codec import Recorded
from infra.ledger.ledger import Ledger, Receipt, open_ledger


@contextmanager
def rehearsing(ledger: Ledger) -> Iterator["Rehearsal"]:
    """A rehearsal on a ledger; the passing one is deleted at the end."""
    with (
        TemporaryDirectory(prefix="tenure-rehearsal-") as folder,
        open_ledger(f"sqlite:///{Path(folder) / 'ledger.db'}") as passing,
    ):
        yield Rehearsal(ledger, passing)


class Rehearsal:
    """Takes statements as the ledger would take them."""

    def __init__(self, ledger: Ledger, passing: Ledger) -> None:
        self._ledger, self._passing = ledger, passing
        self._copied: set[str] = set()
        """Tags of what has been looked for in the ledger."""

    def record(self, statements: Sequence[Statement], *, by: str) -> list[Receipt]:
        """Decides on all statements, or refuses one. Raises StatementRefused."""
        self._copy_for(statements, by)
        return self._passing.record(statements, by=by)

    def refusals(self, statements: Sequence[Statement], *, by: str) -> dict[int, DomainError]:
        self._copy_for(statements, by)
        return self._passing.refusals(statements, by=by)

    def _copy_for(self, statements: Sequence[Statement], by: str) -> None:
        """Copies what the statements name from the ledger."""
        copied = self._recorded_before(statements)
        waiting: list[Statement] = [*statements, *(each.statement for each in copied)]
        while waiting and (found := self._named(waiting)):
            copied += found
            waiting = [each.statement for each in found]
        if copied:
            in_order = {each.position: each.statement for each in copied}
            known = [in_order[position] for position in sorted(in_order)]
            self._passing.record(known, by=by, is_restored=True)

    def event(self, event: EventId) -> Recorded | None:
        return self._passing.event(event) or self._ledger.event(event)

    def of_source(self, source: SourceId) -> Iterator[Recorded]:
        return self._ledger.of_source(source)

    def registrations(self, kind: str, slugs: Iterable[str]) -> list[Recorded]:
        wanted = [*slugs]
        return [
            *self._ledger.registrations(kind, wanted),
            *self._passing.registrations(kind, wanted),
        ]

    def amendments(self, kind: str, slugs: Iterable[str]) -> list[Recorded]:
        wanted = [*slugs]
        return [*self._ledger.amendments(kind, wanted), *self._passing.amendments(kind, wanted)]

    def _named(self, statements: Iterable[Statement]) -> list[Recorded]:
        """What the statements name, as far as the ledger holds it and it was not copied before."""
        wanted: dict[str, set[str]] = {kind: set() for kind in REGISTERED_BY}
        events: set[EventId] = set()
        for each in statements:
            for reference in each.references:
                tag = f"{reference.kind}:{reference.slug}"
                if tag not in self._copied and reference.kind in wanted:
                    self._copied.add(tag)
                    wanted[reference.kind].add(reference.slug)
            if isinstance(each.event, EventRetracted | EventReinstated):
                events.add(each.event.event)
        found = [*self._revoked(events)]
        for kind, slugs in wanted.items():
            found += self._ledger.registrations(kind, slugs)
        return found

    def _recorded_before(self, statements: Iterable[Statement]) -> list[Recorded]:
        """The statements that the ledger holds: they would be duplicates there."""
        tags = [f"event:{each.id}" for each in statements]
        ids = {each.id for each in statements}
        found = [each for each in self._ledger.tagged(tags) if each.statement.id in ids]
        self._copied.update(f"event:{each.statement.id}" for each in found)
        return found

    def _revoked(self, events: set[EventId]) -> Iterator[Recorded]:
        for id in sorted(events):
            if f"event:{id}" not in self._copied:
                self._copied.add(f"event:{id}")
                yield from self._ledger.tagged([f"event:{id}"])
