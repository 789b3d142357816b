"""A first reading of an export: its columns, the order of its dates, the names of its actors."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.values import ActorId
from infra.datasets.acled.codebook import InterCode
from infra.datasets.acled.columns import (
    NEEDED,
    NOT_KEPT,
    READ,
    AcledCells,
    column_name,
    is_hxl,
)
from infra.datasets.acled.dates import DateEvidence, DateOrder
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.names import NamesSeen, base_form
from infra.datasets.acled.sides import codes_of
from infra.datasets.acled.statements import coding_of
from infra.datasets.cells import DelimitedFile
from infra.datasets.rows import Unfit
from infra.intake.problems import BadInput
from infra.visible_text import matching_form, quoted


@dataclass(frozen=True, slots=True)
class AcledSurvey:
    """The result of a first reading."""

    columns: frozenset[str]
    strange: tuple[str, ...]
    """Columns without a place in the codebooks, as written."""
    dates: DateEvidence
    names: NamesSeen

    def notes(
        self, told: DateOrder | None, mapped: Container[str], known: KnownActors
    ) -> Iterator[str]:
        """How the file is read, in words. `mapped` has the matching forms of the names in the
        user's file of actors."""
        if words := self.dates.in_words(told):
            yield words
        if self.strange:
            yield f"Columns that are not read: {', '.join(map(quoted, self.strange))}."
        yield from self._regimes(mapped, known)

    def _regimes(self, mapped: Container[str], known: KnownActors) -> Iterator[str]:
        """The armies under several governments that nobody has joined."""
        regimes = {
            base: names
            for base, names in self.names.regimes().items()
            if any(matching_form(each) not in mapped for each in names)
        }
        if regimes:
            yield (
                f"Armies or police forces with a name for each government: {len(regimes):,}, as "
                f"{min(regimes)}. {_JOIN}"
            )
        told = set(map(base_form, regimes))
        apart = [each for each in self._apart(mapped, known) if base_form(each[0]) not in told]
        if apart:
            name, actor, held = apart[0]
            yield (
                f"Names of perhaps the same army as an actor of the ledger with other years: "
                f"{len(apart):,}, as {name}; the ledger has {held} ({actor}). {_JOIN}"
            )

    def _apart(
        self, mapped: Container[str], known: KnownActors
    ) -> Iterator[tuple[str, ActorId, str]]:
        """The names of perhaps the same army as another actor of the ledger, each with the actor
        and the actor's name there."""
        by_name = known.by_name
        for seen in sorted(self.names, key=lambda seen: seen.name):
            own = by_name.get(matching_form(seen.name))
            held_by = known.regimes(seen.name)
            others = {id: held for id, held in held_by.items() if id != own}
            is_joined = matching_form(seen.name) in mapped or own in held_by
            if others and not is_joined:
                actor, held = min(others.items())
                yield seen.name, actor, min(held)


_JOIN = (
    "tenure import acled FILE --draft-actors actors.yaml writes a file that joins them; check it, "
    "then import with --actors actors.yaml."
)


def survey(path: Path) -> AcledSurvey:
    """Reads the file once. Raises BadInput for a file without the columns of ACLED's."""
    dates, names = DateEvidence(), NamesSeen()
    columns: frozenset[str] | None = None
    strange: tuple[str, ...] = ()
    for cells, written in cells_of(path, DelimitedFile(path)):
        if columns is None:
            columns = frozenset(cells.cells)
            strange = tuple(each for each in written if column_name(each) not in READ | {*NOT_KEPT})
        dates.learn(cells["event_date"], cells.line)
        if (codes := _codes_of_kept(cells)) is not None:
            names.learn(cells, codes)
    return AcledSurvey(columns or frozenset(), strange, dates, names)


def _codes_of_kept(cells: AcledCells) -> tuple[InterCode | None, InterCode | None] | None:
    """The types of the main actors; None of a row left out or refused."""
    try:
        return None if coding_of(cells).left_out else codes_of(cells)
    except Unfit:
        return None


def cells_of(
    path: Path, rows: DelimitedFile, needed: tuple[str, ...] = NEEDED
) -> Iterator[tuple[AcledCells, tuple[str, ...]]]:
    """The rows of a file, with the names of its columns as written. Raises BadInput."""
    names: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    for number, row in enumerate(rows):
        if not names:
            written = tuple(row.cells)
            names = tuple(map(column_name, written))
            _refuse_missing(path, names, needed)
        if number or not is_hxl(row.cells.values()):
            yield AcledCells(row, names), written


def _refuse_missing(path: Path, names: tuple[str, ...], needed: tuple[str, ...]) -> None:
    if missing := [each for each in needed if each not in names]:
        raise BadInput.at(
            path, 1, f"an export of ACLED's has these columns, and this file not: {_list(missing)}"
        )


def _list(names: list[str]) -> str:
    return ", ".join(names)
