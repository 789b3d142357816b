"""An event as a plain English sentence without its time."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from domain.control.claims import assertion_of
from domain.events import (
    ActorDissolved,
    ActorMerged,
    ActorRenamed,
    ActorSplit,
    AffiliationDeclared,
    AffiliationEnded,
    AlignmentShifted,
    AllianceEnded,
    AllianceFormed,
    BaseCaptured,
    ClashReported,
    CoalitionJoined,
    CoalitionLeft,
    ControlHandedOver,
    ControlReported,
    ControlReportedUnknown,
    ConvoyArrived,
    ConvoyDeparted,
    ConvoyEvent,
    ConvoyResumed,
    ConvoyStalled,
    LineageEvent,
    LocatedEvent,
    LocationContested,
    LocationRenamed,
    MandateEnded,
    MissionDeployed,
    MissionWithdrawn,
    NeedReported,
    PoliticalEvent,
    PopulationDisplaced,
    PositionAbandoned,
    SiegeLaid,
    SiegeLifted,
    SituationEvent,
    StatementIssued,
    TownSeized,
)
from domain.texts import counted
from domain.values import ActorId, Estimate, LocationId, LocationKind, Stance, Tactic


class Names(Protocol):
    """The names of places and actors, and the kinds of places."""

    def actor(self, actor: ActorId) -> str: ...
    def location(self, location: LocationId) -> str: ...
    def kind(self, location: LocationId) -> LocationKind: ...


def statement(event: SituationEvent, names: Names) -> str:
    """As in "FAMa and Wagner captured Kidal"."""
    match event:
        case LocatedEvent():
            return _of_a_place(event, names.location(event.location), names)
        case PoliticalEvent():
            return _political(event, names)
        case LineageEvent():
            return _of_lineage(event, names)
    return type(event).__name__


def spoken_list(words: Sequence[str], last: str = "and") -> str:
    """As in "FAMa", "FAMa and Wagner", "FAMa, Wagner and JNIM"; `last` stands before the last."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def spoken_actors(actors: Iterable[ActorId], names: Names) -> str:
    """The names of the actors, as a list is said."""
    return spoken_list([names.actor(actor) for actor in actors])


def spoken_where(location: LocationId, names: Names) -> str:
    """As in "at Kidal", "in Mali", "on the road to Gao"."""
    match names.kind(location):
        case LocationKind.REGION:
            return f"in {names.location(location)}"
        case LocationKind.ROUTE:
            return f"on {names.location(location)}"
    return f"at {names.location(location)}"


def spoken_estimate(people: Estimate) -> str:
    """How many: "about 15 (10 to 20)", "at least 1,000", "at most 50", "10 to 20", "15"; of a sum
    that is open on all sides, "an unknown number of"."""
    low, best, high = people.low, people.best, people.high
    if low is not None and low == high:
        return f"{low:,}"
    extent = _extent(low, high)
    if best is None:
        return extent or "an unknown number of"
    return f"about {best:,}" + (f" ({extent})" if extent else "")


def _extent(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"{low:,} to {high:,}"
    if low is not None:
        return f"at least {low:,}"
    return f"at most {high:,}" if high is not None else ""


def _of_a_place(event: LocatedEvent, place: str, names: Names) -> str:
    match event:
        case ConvoyEvent():
            return _of_a_convoy(event, place, names)
        case ClashReported():
            return _of_a_clash(event, names)
        case SiegeLaid():
            besieged = _held("places", event, names)
            return f"{spoken_actors(event.by, names)} laid siege to {besieged}"
        case SiegeLifted():
            return f"the siege of {place}{_after('by', event.by, names)} was lifted"
        case PopulationDisplaced():
            goal = f" for {names.location(event.displaced_to)}" if event.displaced_to else ""
            return f"{spoken_estimate(event.people)} people fled {place}{goal}"
        case NeedReported():
            return _of_a_need(event, names)
        case LocationRenamed():
            return f"{place} was renamed {event.name}"
    return _of_control(event, place, names)


def _of_control(event: LocatedEvent, place: str, names: Names) -> str:
    match event:
        case BaseCaptured():
            taken = f"captured {_held('bases', event, names)}"
            return f"{spoken_actors(event.by, names)} {taken}{_from(event.taken_from, names)}"
        case TownSeized():
            taken = f"seized {_held('towns', event, names)}"
            return f"{spoken_actors(event.by, names)} {taken}{_from(event.taken_from, names)}"
        case ControlHandedOver():
            giver, given = spoken_actors(event.handed_from, names), _held("places", event, names)
            return f"{giver} handed {given} to {spoken_actors(event.handed_to, names)}"
        case PositionAbandoned():
            left = _held("positions", event, names)
            return f"{spoken_actors(event.by, names)} abandoned {left}"
        case ControlReported(holders=()):
            return f"nobody held {_held('places', event, names)}"
        case ControlReported():
            held = _held("places", event, names)
            return f"{spoken_actors(event.holders, names)} held {held}"
        case LocationContested():
            between = _after("between", event.between, names)
            kind = names.kind(event.location)
            was = "was" if kind.can_be_held or assertion_of(event, kind) else "were"
            return f"{_held('places', event, names)} {was} contested{between}"
        case ControlReportedUnknown():
            held = _held("places", event, names)
            return f"it was not known who held {held}{_perhaps(event.possibly, names)}"
        case MissionDeployed():
            return f"{names.actor(event.mission)} deployed to {place}"
        case MissionWithdrawn():
            heir = _after("and handed it to", event.handed_to, names)
            return f"{names.actor(event.mission)} left {place}{heir}"
    return type(event).__name__


def _of_a_need(event: NeedReported, names: Names) -> str:
    where = spoken_where(event.location, names)
    what = "aid" if event.sector is None else f"aid ({event.sector.replace('-', ' ')})"
    if event.people and event.people.says_nobody:
        return f"nobody {where} needed {what} any more"
    people = f"{spoken_estimate(event.people)} people" if event.people else "people"
    return f"{people} {where} needed {what}"


def _held(what: str, event: LocatedEvent, names: Names) -> str:
    """The object of a capture or a report. For a region or a route a position there, unless the
    event asserts control of the whole region."""
    kind = names.kind(event.location)
    if kind.can_be_held or assertion_of(event, kind):
        return names.location(event.location)
    return f"one or more {what} {spoken_where(event.location, names)}"


def _of_a_clash(event: ClashReported, names: Names) -> str:
    sides = [_spoken_side(side, event, names, behind_aside=",") for side in event.sides]
    verb = " attacked " if event.tactic is Tactic.ATTACK_ON_CIVILIANS else " fought "
    who = verb.join(sides) if len(sides) == 2 else f"{' against '.join(sides)} fought"
    where = spoken_where(event.location, names)
    precision = event.place_precision
    if precision and precision.code == _NEAR and where.startswith("at "):
        where = f"near {names.location(event.location)}"
    how = f" ({event.tactic.replace('-', ' ')})" if event.tactic else ""
    deaths = f"; {spoken_estimate(event.deaths)} died" if event.deaths else ""
    return f"{who} {where}{how}{deaths}{_by_side(event, names)}"


def _spoken_side(
    side: Sequence[ActorId], event: ClashReported, names: Names, *, behind_aside: str = ""
) -> str:
    """As in "FAMa and Wagner", "JNIM and/or ISGS", "FAMa, and perhaps Wagner"."""
    certain = [names.actor(each) for each in side if each not in event.uncertain]
    open_ = [names.actor(each) for each in side if each in event.uncertain]
    either = spoken_list(open_, "and/or")
    if not open_:
        return spoken_list(certain)
    if len(open_) == 1:
        either = f"perhaps {either}"
    return f"{spoken_list(certain)}, and {either}{behind_aside}" if certain else either


def _by_side(event: ClashReported, names: Names) -> str:
    """As in ", 3 of FAMa, 2 civilians"; a count of nobody is left out."""
    dead_by_side = event.deaths_by_side
    if dead_by_side is None:
        return ""
    dead = zip(dead_by_side.sides, event.sides, strict=False)
    of_sides = [(count, _spoken_side(side, event, names)) for count, side in dead if count]
    told = [f"{count:,} of {side}" for count, side in of_sides]
    if dead_by_side.civilians:
        told.append(counted(dead_by_side.civilians, "civilian"))
    if dead_by_side.unknown:
        told.append(f"{dead_by_side.unknown:,} of whom it is not known who they were")
    if not told:
        return ""
    return f"{',' if event.deaths else '; dead:'} {', '.join(told)}"


def _of_a_convoy(event: ConvoyEvent, place: str, names: Names) -> str:
    convoy = f"a convoy of {spoken_actors(event.owners, names)}"
    match event:
        case ConvoyDeparted():
            goal = f" for {names.location(event.bound_for)}" if event.bound_for else ""
            return f"{convoy} left {place}{goal}"
        case ConvoyStalled():
            foe = _after(", halted by", event.halted_by, names)
            return f"{convoy} stalled {spoken_where(event.location, names)}{foe}"
        case ConvoyResumed():
            return f"{convoy} moved on from {place}"
        case ConvoyArrived():
            return f"{convoy} reached {place}"
    return f"{convoy} was {spoken_where(event.location, names)}"


def _political(event: PoliticalEvent, names: Names) -> str:
    match event:
        case MandateEnded():
            return f"the mandate of {names.actor(event.mission)} ended"
        case AllianceFormed():
            return f"{spoken_actors(event.parties, names)} became allies"
        case AllianceEnded():
            return f"{spoken_actors(event.parties, names)} ceased to be allies"
        case AlignmentShifted():
            away = f" away from {names.actor(event.from_patron)}" if event.from_patron else ""
            towards = f" towards {names.actor(event.to_patron)}" if event.to_patron else ""
            return f"{names.actor(event.actor)} turned{away}{towards}"
        case StatementIssued():
            stand, preposition = _STANCES[event.stance]
            about = _after(preposition, event.about, names)
            return f"{spoken_actors(event.by, names)} {stand}{about}"
    return type(event).__name__


def _of_lineage(event: LineageEvent, names: Names) -> str:
    match event:
        case ActorRenamed():
            called = names.actor(event.actor)
            # In an answer about a later moment it has that name already.
            return (
                f"{called} took {'that name' if called == event.name else f'the name {event.name}'}"
            )
        case ActorMerged():
            return f"{spoken_actors(event.merged, names)} merged into {names.actor(event.into)}"
        case ActorSplit():
            return f"{spoken_actors(event.into, names)} split from {names.actor(event.actor)}"
        case ActorDissolved():
            heirs = _after(", succeeded by", event.succeeded_by, names)
            return f"{names.actor(event.actor)} ceased to exist or to act{heirs}"
        case CoalitionJoined():
            coalition = names.actor(event.coalition)
            return f"{spoken_actors(event.members, names)} joined {coalition}"
        case CoalitionLeft():
            return f"{spoken_actors(event.members, names)} left {names.actor(event.coalition)}"
        case AffiliationDeclared():
            return f"{names.actor(event.actor)} became an affiliate of {names.actor(event.parent)}"
        case AffiliationEnded():
            parent = names.actor(event.parent)
            return f"{names.actor(event.actor)} ceased to be an affiliate of {parent}"
    return type(event).__name__


def _after(words: str, actors: Sequence[ActorId], names: Names) -> str:
    """The actors after some words, or nothing without actors."""
    if not actors:
        return ""
    return f"{'' if words.startswith(',') else ' '}{words} {spoken_actors(actors, names)}"


def _perhaps(actors: Sequence[ActorId], names: Names) -> str:
    """As in " (perhaps CSP or JNIM)"."""
    return f" (perhaps {spoken_list([*map(names.actor, actors)], 'or')})" if actors else ""


def _from(losers: Sequence[ActorId], names: Names) -> str:
    return _after("from", losers, names)


_NEAR = 2
"""The code of a place that stands for its surroundings, on the scales of ACLED and of UCDP."""
_STANCES = {
    Stance.SUPPORT: ("declared support", "for"),
    Stance.CONCERN: ("voiced concern", "about"),
    Stance.CONDEMNATION: ("condemned what happened", "with regard to"),
    Stance.REJECTION: ("declared rejection", "with regard to"),
    Stance.DEMAND: ("made a demand", "of"),
    Stance.DENIAL: ("denied what was said", "about"),
    Stance.ANNOUNCEMENT: ("made an announcement", "about"),
    Stance.NEUTRAL: ("made a statement", "about"),
}
