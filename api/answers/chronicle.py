"""What happened at a place, in the order in which it happened, from a perspective?"""

from dataclasses import dataclass, replace

from api.answers.perspective import StatementFilter
from domain.values import LocationId
from projections.entries import WHOLE, ChronicleBounds, Entries, EntryPage, EventFilter
from projections.record import EntryRow

_READ = 500
"""The entries that are read at once where a perspective chooses among them."""


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The statements in the order of their windows, as known at a position."""

    entries: Entries
    known: int
    counting: StatementFilter | None
    """The filter of a perspective; None where everybody's word counts."""

    def page(
        self,
        location: LocationId | None,
        wanted: EventFilter,
        *,
        size: int | None = None,
        bounds: ChronicleBounds = WHOLE,
        inside: bool = True,
    ) -> EntryPage:
        """At most `size` statements about a place and all places inside, or about anywhere; from a
        perspective, the counting statements."""
        if self.counting is None:
            return self.entries.chronicle(
                location, known=self.known, size=size, bounds=bounds, wanted=wanted, inside=inside
            )
        found = list[EntryRow]()
        rest: ChronicleBounds | None = bounds
        while rest is not None and (size is None or len(found) <= size):
            page = self.entries.chronicle(
                location,
                known=self.known,
                size=_READ,
                bounds=rest,
                wanted=replace(wanted, retracted=None),
                inside=inside,
                with_revoked=True,  # the perspective may leave out the report that revoked it
            )
            chosen = _chosen(self.counting, page.entries, bool(wanted.retracted))
            found += reversed(chosen) if bounds.from_end else chosen
            rest = rest.beyond(page)
        return bounds.page(found[:size], size is not None and len(found) > size)


def _chosen(
    counting: StatementFilter, entries: list[EntryRow], is_retracted: bool
) -> list[EntryRow]:
    """The admitted statements that stand, or those that were taken back, by admitted words."""
    judged = counting.judged(entries)
    return [entry for entry, taken_back in judged if (taken_back is not None) == is_retracted]
