"""Reads the UCDP Actor Dataset: names, kinds and ids of the actors of UCDP's other lists.

The list names splinters, alliances and joined groups, all without dates. An event has a time, and
no time is made up: the report of the import lists these ties.
"""

from collections.abc import Iterator
from pathlib import Path

from domain.events import ActorRegistered, ReportFiled, SourceRegistered
from domain.values import ActorKind, ExternalCode, Name, ReportId
from infra.datasets.cells import CellRow, DelimitedFile
from infra.datasets.rows import RefusedRow, Remark, Row, RowSaid, Unfit, made
from infra.datasets.standing import said_at_of
from infra.datasets.ucdp.actor_book import SCHEME, UcdpActors, id_for
from infra.datasets.ucdp.actor_names import aliases_of
from infra.datasets.ucdp.cells import Cells, code, id_of, text
from infra.datasets.ucdp.ged import kind_of
from infra.datasets.ucdp.releases import Release
from infra.intake.problems import BadInput
from infra.ledger.ledger import Ledger

ORGANISATION = {
    1: "a formally organised group",
    2: "an informally organised group",
    3: "a group with a common identity",
    4: "a government",
}
"""The column Org."""
NEEDED = ("actorid", "namedata", "org")
_GOVERNMENT = 4
_TIES = {
    "actoridprev": ("nameprev", "it came out of {names}", "ActorSplit"),
    "actoridsplittemp": ("namesplittemp", "it was a part of {names} for a time", "ActorSplit"),
    "actoridalliance": (
        "namealliance",
        "it is a member of the alliance {names}",
        "CoalitionJoined",
    ),
    "actoridgroup": ("groupname", "it joined {names}", "ActorMerged or CoalitionJoined"),
    "nscoalitionid": ("", "it fights in the coalitions {names}", "CoalitionJoined"),
    "oscoalitionid": ("", "it attacks civilians in the coalitions {names}", "CoalitionJoined"),
}
"""Columns about ties to other actors: the column of their names, words, and the fitting event."""
_FIELDS = {"name": "namedata", "aliases": "nameorigfull", "codes": "actorid", "actor": "namedata"}


class ActorList:
    """A file of the UCDP Actor Dataset, as registrations in a ledger."""

    def __init__(
        self, path: Path, ledger: Ledger, source: SourceRegistered, release: Release
    ) -> None:
        self._path, self._ledger, self._source, self._release = path, ledger, source, release
        self._file = DelimitedFile(path)

    @property
    def bytes_read(self) -> int:
        return self._file.bytes_read

    def rows(self) -> Iterator[Row]:
        self._file = DelimitedFile(self._path)
        self._actors = UcdpActors(self._ledger)
        self._is_older = self._ledger_has_a_later_list()
        is_known = False
        for row in self._file:
            cells = {name.strip().casefold(): cell for name, cell in row.cells.items()}
            if not is_known and (missing := [name for name in NEEDED if name not in cells]):
                message = f"this is no list of UCDP's actors: it has no column {', '.join(missing)}"
                raise BadInput.at(self._path, 1, message)
            is_known = True
            yield self._row(row, cells)

    def _row(self, row: CellRow, cells: Cells) -> Row:
        key = ""
        try:
            key = id_of(cells, "actorid")
            if row.faults:
                raise Unfit(*row.faults)
            said_at = said_at_of(self._release.published)
            known = self._actors.find(key)
            doubts: list[Remark] = []
            actor = self._actor(key, cells, known, doubts)
            doubts += _undated_ties(cells)
        except Unfit as unfit:
            why = (*unfit.why, *row.faults) if not key else unfit.why
            return RefusedRow(row.line, key, tuple(dict.fromkeys(why)))
        registers = (self._source, self._report())
        return RowSaid(
            row.line, key, said_at, registers, keeps_current=(actor,), doubts=tuple(doubts)
        )

    def _actor(
        self, key: str, cells: Cells, known: ActorRegistered | None, doubts: list[Remark]
    ) -> ActorRegistered:
        """The actor of a row; an actor registered by hand keeps the name and the kind."""
        name = text(cells, "namedata")
        is_ours = known is None or known.actor.endswith(f"-{SCHEME}-{key}")
        is_state = code(cells, "org", ORGANISATION) == _GOVERNMENT
        keeps = known if known and (self._is_older or not is_ours) else None
        aliases = aliases_of(cells, keeps.name if keeps else name, doubts)
        fields = {
            "actor": known.actor if known else id_for(name, key),
            "name": keeps.name if keeps else name,
            "kind": keeps.kind if keeps else _kind(name, is_state=is_state),
            "aliases": _added(known, aliases),
            "codes": (ExternalCode(scheme=SCHEME, code=key),),
        }
        return made(ActorRegistered, fields, _FIELDS, cells)

    def _report(self) -> ReportFiled:
        return ReportFiled(
            report=ReportId(f"{self._source.source}-{self._release.slug}"),
            source=self._source.source,
            published=self._release.published,
            title=f"UCDP Actor Dataset {self._release.number}",
        )

    def _ledger_has_a_later_list(self) -> bool:
        said_at = said_at_of(self._release.published)
        return any(
            isinstance(each.event, ReportFiled) and said_at_of(each.event.published) > said_at
            for each in self._ledger.of_source(self._source.source)
        )


def _kind(name: str, *, is_state: bool) -> ActorKind:
    return ActorKind.STATE_FORCE if is_state else kind_of(name, is_state=False)


def _added(known: ActorRegistered | None, aliases: tuple[Name, ...]) -> tuple[Name, ...]:
    """The names new to the actor, compared without their languages."""
    texts = {each.text for each in known.aliases} if known else set()
    return tuple(each for each in aliases if each.text not in texts)


def _undated_ties(cells: Cells) -> Iterator[Remark]:
    for column, (names, words, event) in _TIES.items():
        ids = text(cells, column)
        if ids:
            named = text(cells, names)
            told = words.format(names=f"{named} (UCDP {ids})" if named else f"UCDP {ids}")
            why = f"{told}; the list gives no date, so that no event says it: record {event}"
            yield Remark(column, ids, why)


def release_in_list(path: Path) -> str | None:
    """The number of the release in the first row. Raises BadInput."""
    for row in DelimitedFile(path):
        cells = {name.strip().casefold(): cell for name, cell in row.cells.items()}
        return text(cells, "version") or None
    return None
