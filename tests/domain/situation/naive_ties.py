"""Ties read a second time, each by itself and slowly: what every event says of it, one by one.

It shares no function with the domain, only the types in which an answer is given.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain import events
from domain.events import SituationEvent
from domain.occurred import Instant, Window
from domain.situation.ties import Around, Spell, Standing, Tie, TieKind
from domain.values import EventId, LocationId


class Told(NamedTuple):
    """A statement where it stands in the ledger."""

    position: int
    id: EventId
    event: SituationEvent


def standing(
    told: Sequence[Told], at: Instant, around: Around, ends: Sequence[str]
) -> list[Standing]:
    """The ties that stand, or may, between any two of these ids."""
    found = []
    for tie in ties_between(ends):
        since: list[Told] = []
        doubts: list[Told] = []
        for each in on(tie, told, around):
            if not is_over(each, at):
                doubts += [each] if has_begun(each, at) else []
            else:
                since = [*since, each] if begins(tie, each.event) else []
                doubts = []
        doubts = [each for each in doubts if begins(tie, each.event) is not bool(since)]
        if since or doubts:
            rests_on = since or doubts
            found.append(
                Standing(
                    tie,
                    first_of(rests_on),
                    tuple(each.id for each in rests_on),
                    certain=not doubts,
                )
            )
    return found


def spells(told: Sequence[Told], at: Instant, around: Around, ends: Sequence[str]) -> list[Spell]:
    """Every spell of every tie between any two of these ids."""
    found = []
    for tie in ties_between(ends):
        words = on(tie, told, around)
        if not any(names(tie, each.event) and has_begun(each, at) for each in words):
            continue
        parts: list[tuple[list[Told], list[Told]]] = []
        for each in (each for each in words if has_begun(each, at)):
            if not begins(tie, each.event):
                parts = parts or [([], [])]
                parts[-1][1].append(each)
            elif parts and not parts[-1][1]:
                parts[-1][0].append(each)
            else:
                parts.append(([each], []))
        found += [spell(tie, beginning, end, at) for beginning, end in parts]
    return found


def spell(tie: Tie, beginning: list[Told], end: list[Told], at: Instant) -> Spell:
    since = first_of(beginning) if beginning else None
    until = first_of(end) if end else None
    ids = [each.id for each in beginning + end]
    settled = [window.latest <= at + 1 for window in (since, until) if window]
    return Spell(tie, since, until, tuple(ids), all(settled))


def ties_between(ends: Sequence[str]) -> Iterator[Tie]:
    for kind in sorted(TieKind):
        for one in sorted(ends):
            for other in sorted(ends):
                yield Tie(kind, one, other)


def on(tie: Tie, told: Sequence[Told], around: Around) -> list[Told]:
    """What is said of the tie, in the order in which it comes to count."""
    found = [each for each in told if begins(tie, each.event) or stops(tie, each.event, around)]
    return sorted(found, key=lambda each: order(tie, each))


def order(tie: Tie, each: Told) -> tuple[int, int, int, int]:
    """A beginning stands where its window opens, an end where its window closes."""
    window = each.event.occurred.window
    if begins(tie, each.event):
        return (window.earliest, 2, window.latest, each.position)
    return (window.latest, 1, window.earliest, each.position)


def first_of(told: Sequence[Told]) -> Window:
    """The window that closes first; of several, the shortest."""
    windows = [each.event.occurred.window for each in told]
    closes = min(window.latest for window in windows)
    opens = max(window.earliest for window in windows if window.latest == closes)
    return next(each for each in windows if (each.earliest, each.latest) == (opens, closes))


def is_over(each: Told, at: Instant) -> bool:
    return each.event.occurred.window.latest <= at + 1


def has_begun(each: Told, at: Instant) -> bool:
    return each.event.occurred.window.earliest <= at


def begins(tie: Tie, said: SituationEvent) -> bool:
    """Whether it says that the tie began."""
    one, other = tie.subject, tie.object
    match said:
        case events.SiegeLaid():
            pairs = [(TieKind.BESIEGES, who, str(said.location)) for who in said.by]
        case events.MissionDeployed():
            pairs = [(TieKind.DEPLOYED_AT, said.mission, str(said.location))]
        case events.AllianceFormed():
            pairs = [
                (TieKind.ALLIED_WITH, a, b) for a in said.parties for b in said.parties if a != b
            ]
        case events.AlignmentShifted(to_patron=str() as patron):
            pairs = [(TieKind.BACKED_BY, said.actor, patron)]
        case events.CoalitionJoined():
            pairs = [(TieKind.MEMBER_OF, who, said.coalition) for who in said.members]
        case events.AffiliationDeclared():
            pairs = [(TieKind.AFFILIATE_OF, said.actor, said.parent)]
        case events.ActorMerged():
            pairs = [(TieKind.MERGED_INTO, who, said.into) for who in said.merged]
        case events.ActorSplit():
            pairs = [(TieKind.SPLIT_FROM, faction, said.actor) for faction in said.into]
        case events.ActorDissolved():
            pairs = [(TieKind.SUCCEEDED_BY, said.actor, heir) for heir in said.succeeded_by]
        case _:
            pairs = []
    return (tie.kind, one, other) in pairs


def names(tie: Tie, said: SituationEvent) -> bool:
    """Whether it names both ends of the tie, and speaks of such a tie."""
    return begins(tie, said) or (
        stops(tie, said, lambda place: ())
        and not isinstance(said, events.ActorDissolved)
        and not (isinstance(said, events.SiegeLifted) and not said.by)
    )


def stops(tie: Tie, said: SituationEvent, around: Around) -> bool:
    """Whether it says that the tie ended."""
    one, other, kind = tie.subject, tie.object, tie.kind
    match said:
        case events.SiegeLifted():
            everybody = said.by == ()
            return kind == "besieges" and other == said.location and (everybody or one in said.by)
        case events.MissionWithdrawn():
            places = [other, *around(LocationId(other))]
            return kind == "deployed at" and one == said.mission and said.location in places
        case events.AllianceEnded():
            return kind == "allied with" and {one, other} <= set(said.parties) and one != other
        case events.AlignmentShifted():
            return kind == "backed by" and one == said.actor and other == said.from_patron
        case events.CoalitionLeft():
            return kind == "member of" and one in said.members and other == said.coalition
        case events.AffiliationEnded():
            return kind == "affiliate of" and one == said.actor and other == said.parent
        case events.ActorSplit():
            belonging = kind in ("merged into", "member of", "affiliate of")
            return belonging and one in said.into and other == said.actor
        case events.ActorDissolved():
            to_a_place = kind in ("besieges", "deployed at")
            for_ever = kind in ("merged into", "split from", "succeeded by")
            return not for_ever and (one == said.actor or (other == said.actor and not to_a_place))
    return False
