"""The aggregates of places and actors, folded from the ledger alone."""

from collections.abc import Iterable, Iterator, Sequence

from domain.actor import BEARING, Actor
from domain.actor import fold as fold_actor
from domain.events import (
    ActorDissolved,
    Amendment,
    ConvoyEvent,
    LineageEvent,
    RecordKeeping,
    ReportFiled,
    SiegeLifted,
    SituationEvent,
)
from domain.location import Location
from domain.location import fold as fold_location
from domain.references import REGISTERED_BY
from domain.values import ActorId, LocationId, ReportId, SourceId
from infra.ledger.clock import LedgerClock
from infra.ledger.codec import Recorded
from infra.ledger.dcb import Query, QueryItem, Recorder
from infra.ledger.reader import LedgerReader, type_names

_LINEAGE = type_names(LineageEvent)
"""The events of lineage: successors, mergers, coalitions and their like."""

_ACTOR = type_names(*BEARING)
"""The events on the names, ties and convoys of actors."""

_BEARING = {
    tag: type_names(about, RecordKeeping)
    for tag, about in (
        ("actor", ActorDissolved),
        ("location", SiegeLifted),
        ("convoy", ConvoyEvent),
    )
}
"""Events on an actor without the actor's own tag, by the kind of the common tag."""

_LOOKED_UP = ("actor", "location")


class AggregateReader(LedgerReader):
    """Reads and folds the entries of an aggregate."""

    def __init__(self, recorder: Recorder, clock: LedgerClock) -> None:
        super().__init__(recorder, clock)
        self._looked_up: set[str] = set()

    def location(self, location: LocationId, *, until: int | None = None) -> Location:
        """The aggregate of a place, folded from the ledger alone, up to a position."""
        about = self.about(location, until=until)
        return fold_location(location, [each.entry for each in about])

    def actor(self, actor: ActorId, *, until: int | None = None) -> Actor:
        """The aggregate of an actor, folded from the ledger alone, up to a position."""
        return fold_actor(actor, [each.entry for each in self.about_actor(actor, until=until)])

    def about(self, *locations: LocationId, until: int | None = None) -> list[Recorded]:
        """All entries of the aggregates of places, in the order of recording."""
        about = self.tagged([f"location:{location}" for location in locations], until=until)
        return self._with_sources([*about, *self._kinship(about, until)], until)

    def about_actor(
        self, actor: ActorId, *, until: int | None = None, is_whole: bool = False
    ) -> list[Recorded]:
        """The entries of the aggregate of an actor, in the order of recording; a whole one has all
        other entries too that name the actor."""
        told = self.tagged([f"actor:{actor}"], *(() if is_whole else _ACTOR), until=until)
        return self._with_sources([*told, *self._bearing_on(told, until)], until)

    def _with_sources(self, told: list[Recorded], until: int | None) -> list[Recorded]:
        """The entries with the reports and sources behind them, as far as all can be read."""
        reports, sources = self._behind(told, until)
        # The retraction of a source's amendment has a report too, and the report a source.
        while kept := [
            each for each in sources if isinstance(each.event, RecordKeeping) and each not in told
        ]:
            told += kept
            reports, sources = self._behind(told, until)
        by_position = {each.position: each for each in (*sources, *reports, *told)}
        self._look_up_registrations(by_position.values())
        ordered = (by_position[position] for position in sorted(by_position))
        return [each for each in ordered if self.sieve.hold(each) is each]

    def told_by(self, source: SourceId) -> list[Recorded]:
        """All entries about a source: its registration, its reports, and their statements."""
        return self.tagged([f"source:{source}"])

    def _behind(
        self, told: Sequence[Recorded], until: int | None
    ) -> tuple[list[Recorded], list[Recorded]]:
        """The cited reports, and the entries about the sources of the reports."""
        cited = {
            each.event.report
            for each in told
            if isinstance(each.event, SituationEvent | RecordKeeping)
        }
        reports = self._reports(cited, until)
        publishers = {each.event.source for each in reports if isinstance(each.event, ReportFiled)}
        return reports, self._sources(publishers, until)

    def _reports(self, wanted: set[ReportId], until: int | None) -> list[Recorded]:
        """The reports, and the copied originals."""
        found: dict[ReportId, Recorded] = {}
        while wanted:
            copied: set[ReportId | None] = set()
            for each in self.tagged([f"report:{it}" for it in wanted], "ReportFiled", until=until):
                if isinstance(each.event, ReportFiled):
                    found[each.event.report] = each
                    copied.add(each.event.syndicated_from)
            wanted = {report for report in copied if report and report not in found}
        return list(found.values())

    def _sources(self, sources: set[SourceId], until: int | None) -> list[Recorded]:
        tags = [f"source:{source}" for source in sources]
        types = ("SourceRegistered", "SourceRegraded", "SourceEnded", "SourceAmended")
        told = self.tagged(tags, *types, until=until)
        amended = {each.statement.id for each in told if isinstance(each.event, Amendment)}
        return [*told, *self.kept(amended, until)]

    def _look_up_registrations(self, told: Iterable[Recorded]) -> None:
        """Reads the registrations of all named places and actors, so that the sieve learns the
        unreadable ones. Sources and reports are read anyway."""
        waiting = _named_in(told, *_LOOKED_UP) - self._looked_up
        while waiting:
            self._looked_up |= waiting
            types = {kind: REGISTERED_BY[kind].__name__ for kind in _LOOKED_UP}
            items = [QueryItem([types[tag.partition(":")[0]]], [tag]) for tag in waiting]
            found = self.sieve.readable(self._recorder.read(Query(items)))
            waiting = _named_in(found, *_LOOKED_UP) - self._looked_up

    def _bearing_on(self, told: Sequence[Recorded], until: int | None) -> Iterator[Recorded]:
        """Further entries on the end of ties and on the convoys of the actor."""
        for kind, types in _BEARING.items():
            yield from self.tagged(sorted(_named_in(told, kind)), *types, until=until)

    def _kinship(self, told: Sequence[Recorded], until: int | None) -> list[Recorded]:
        """The entries on the lineage of all named actors and of all kin."""
        found: list[Recorded] = []
        waiting, asked = _named_in(told, "actor"), set[str]()
        while waiting:
            asked |= waiting
            fresh = self.tagged(waiting, *_LINEAGE, until=until)
            found += fresh
            waiting = _named_in(fresh, "actor") - asked
        # Few events are of lineage, while an actor may have been named in thousands of retractions.
        return [*found, *self.kept({each.statement.id for each in found}, until)]


def _named_in(told: Iterable[Recorded], *kinds: str) -> set[str]:
    """The tags of all references to some kinds of things."""
    named = (reference for each in told for reference in each.statement.references)
    return {reference.tag for reference in named if reference.kind in kinds}
