"""The events stated by a row of ACLED."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from domain.events import (
    ClashReported,
    ControlReportedUnknown,
    SituationEvent,
    TownSeized,
)
from domain.occurred import DAY, Occurred
from domain.values import ActorId, ReportId
from infra.datasets.acled.codebook import InterCode, SubEvent, Transfer, sub_event
from infra.datasets.acled.columns import AcledCells
from infra.datasets.acled.dates import DateOrder, read_date, window_of
from infra.datasets.acled.places import PlaceOfRow
from infra.datasets.acled.sides import RowSide, RowSides, codes_of
from infra.datasets.rows import ColumnsOf, Remark, Unfit, made
from infra.datasets.standing import passage_of
from infra.time_zones import resolved

S = TypeVar("S", bound=SituationEvent)

_COLUMNS: ColumnsOf = {
    "passage": "event_id_cnty",
    "summary": (
        *("notes", "tags", "source", "source_scale", "civilian_targeting", "event_type"),
        *("sub_event_type", "location"),
    ),
    "deaths": "fatalities",
    "sides": "actor1",
    "occurred": "event_date",
    "by": "actor1",
    "taken_from": "actor2",
}
"""The column of each field, for messages."""


def coding_of(cells: AcledCells) -> SubEvent:
    """The meaning of the sub-event type. Raises Unfit."""
    meaning = sub_event(cells["event_type"], cells["sub_event_type"])
    if meaning is None:
        column = "sub_event_type" if cells["sub_event_type"] else "event_type"
        raise Unfit(cells.remark(column, "the codebooks have no such type"))
    if meaning.is_demonstration and _is_violent(cells):
        return SubEvent(is_clash=True)
    return meaning


def _is_violent(cells: AcledCells) -> bool:
    """Whether people died in a demonstration, or, in exports that do not tell riots from protests,
    rioters took part."""
    is_riot = not cells["sub_event_type"] and InterCode.RIOTERS in codes_of(cells)
    return is_riot or bool(cells.whole("fatalities"))


def occurred(
    cells: AcledCells, order: DateOrder | None, zone: str | None, published: Occurred
) -> Occurred:
    """The time of the event, as exactly as time_precision says. Raises Unfit, also for an event
    more than a day after the publication of its row."""
    precision = cells.one_of("time_precision", (1, 2, 3))
    year = cells.whole("year")
    try:
        day = read_date(cells["event_date"], year, order)
        found = resolved(window_of(day, precision), zone)
    except (ValueError, OverflowError) as wrong:
        raise Unfit(cells.remark("event_date", str(wrong))) from None
    if found.window.earliest > published.window.latest + DAY:
        why = f"the row was published before, at {published.written}"
        raise Unfit(cells.remark("event_date", why))
    return found


class Statements:
    """The events of one row, and what is doubtful about them."""

    def __init__(
        self,
        cells: AcledCells,
        place: PlaceOfRow,
        sides: RowSides,
        report: ReportId,
        common: dict[str, Any],
    ) -> None:
        """`common` has the fields of every event but the place, the report and the passage."""
        self._cells, self._place, self._sides = cells, place, sides
        self._common = {**common, "location": place.location, "report": report}
        self.doubts: list[Remark] = []

    def of(self, meaning: SubEvent, key: str) -> tuple[SituationEvent, ...]:
        """All events of a coding. Raises Unfit."""
        self._common["passage"] = passage_of(key)
        found: list[SituationEvent] = []
        if meaning.is_clash:
            found.append(self._clash(meaning))
        if meaning.transfer:
            found += self._control(meaning.transfer)
        return tuple(found)

    def _clash(self, meaning: SubEvent) -> ClashReported:
        deaths = deaths_of(self._cells)
        fields: dict[str, Any] = {
            "sides": self._sides.opposed,
            "uncertain": self._sides.uncertain,
        }
        if meaning.tactic:
            fields["tactic"] = meaning.tactic
        if deaths:
            fields["deaths"] = {"best": deaths}
        return self._made(ClashReported, fields)

    def _control(self, transfer: Transfer) -> list[SituationEvent]:
        """Who controls the place afterwards: a known holder, or an unknown one.

        A seizure in an area asserts nothing of the area as a whole; an unknown holder would.
        """
        takers = self._sides.takers(transfer)
        if len(takers) == 1 and takers[0].one_identified:
            return [self._made(TownSeized, self._seizure(takers[0], transfer))]
        self._doubt_the_taker(takers)
        if self._place.is_area:
            return []
        possibly = dict.fromkeys(each for taker in takers for each in taker.identified)
        return [self._made(ControlReportedUnknown, {"possibly": tuple(possibly)})]

    def _seizure(self, taker: RowSide, transfer: Transfer) -> dict[str, Any]:
        lost: tuple[ActorId, ...] = ()
        if transfer is not Transfer.NON_VIOLENT:
            lost = self._sides.losers(taker)
        return {"by": taker.one_identified, "taken_from": lost}

    def _doubt_the_taker(self, takers: Sequence[RowSide]) -> None:
        why = "the row does not say who controls the place afterwards"
        if len(takers) == 1:
            why = "the one who took the place is not identified"
            if takers[0].is_open:
                why = f"{takers[0].name} took the place, and the row leaves open which of them"
        unknown = "that it is not known who holds it"
        kept = "nothing of control is" if self._place.is_area else unknown
        column = "sub_event_type" if self._cells["sub_event_type"] else "event_type"
        self.doubts.append(self._cells.remark(column, f"{why}; recorded: {kept}"))

    def _made(self, kind: type[S], fields: dict[str, Any]) -> S:
        return made(kind, {**self._common, **fields}, _COLUMNS, self._cells.cells)


def deaths_of(cells: AcledCells) -> int | None:
    """The reported deaths; None where the cell is empty. Raises Unfit.

    ACLED writes 0 where no deaths are reported, and where it is unclear whether anybody died: that
    is not "nobody died".
    """
    deaths = cells.whole("fatalities")
    if deaths is not None and deaths < 0:
        raise Unfit(cells.remark("fatalities", "nobody counts fewer than none"))
    return deaths


def summary_of(cells: AcledCells, left_open: Sequence[str] = ()) -> str:
    """The notes, the coding, and what the place and the sources are, in words; `left_open` are the
    names of several actors, as "A and/or B"."""
    coding = [cells["event_type"], cells["sub_event_type"]]
    told = [", ".join(filter(None, coding))]
    told += [cells["civilian_targeting"].lower()] if cells["civilian_targeting"] else []
    told += ["no deaths reported"] if deaths_of(cells) == 0 else []
    told += [f"it is open which of them it was: {', '.join(left_open)}"] if left_open else []
    told += [f"tags: {cells['tags']}"] if cells["tags"] else []
    told += [f"coded at {cells['location']}"] if cells["geo_precision"][:1] != "1" else []
    cited = "; ".join(cells.several("source"))
    scale = f" ({cells['source_scale']})" if cells["source_scale"] else ""
    lines = [_ended(" ".join(cells["notes"].split())), f"Coded as {'; '.join(told)}."]
    if cited:
        lines.append(f"Sources: {cited}{scale}.")
    return "\n".join(filter(None, lines))


_END = re.compile(r"[.!?…。؟।][\"'”’»)\]]*$")
"""The end of a sentence, in the scripts of the notes."""


def _ended(sentences: str) -> str:
    """With a full stop, where there is none."""
    return f"{sentences}." if sentences and not _END.search(sentences) else sentences
