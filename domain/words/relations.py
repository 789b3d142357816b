"""Ties and convoys in plain English."""

from domain.occurred import Window
from domain.situation.convoys import ConvoyPhase, ConvoyState
from domain.situation.ties import Spell, Tie, TieKind
from domain.values import ActorId, LocationId
from domain.words.explanation import spoken_window
from domain.words.statements import Names, spoken_actors, spoken_where


def spoken_since(window: Window) -> str:
    """As in "since 2023-11-14", "since some time between 2023-11-14 and 2023-11-16"."""
    return f"since {_bare(window)}"


def spoken_spell(spell: Spell, names: Names) -> str:
    """As in "MINUSMA deployed at Kidal, since 2013-07, until 2023-10-31"."""
    since = f", {spoken_since(spell.since)}" if spell.since else ""
    until = f", until {_bare(spell.until)}" if spell.until else ""
    doubt = "" if spell.certain else " (not certain)"
    return f"{spoken_tie(spell.tie, names)}{since}{until}{doubt}"


def spoken_tie(tie: Tie, names: Names) -> str:
    """As in "CMA member of CSP", "MINUSMA deployed in Mali"."""
    subject = names.actor(ActorId(tie.subject))
    match tie.kind:
        case TieKind.DEPLOYED_AT:
            return f"{subject} deployed {spoken_where(LocationId(tie.object), names)}"
        case TieKind.BESIEGES:
            return f"{subject} besieges {names.location(LocationId(tie.object))}"
    return f"{subject} {tie.kind} {names.actor(ActorId(tie.object))}"


def spoken_convoy(convoy: ConvoyState, names: Names) -> str:
    """As in "a convoy of FAMa is stalled at Anefis, halted by CSP, since 2023-10-07"."""
    owners, since = spoken_actors(convoy.owners, names), spoken_since(convoy.since)
    place = names.location(convoy.location) if convoy.location else None
    match convoy.phase:
        case ConvoyPhase.STALLED:
            by = spoken_actors(convoy.halted_by, names)
            foe = f", halted by {by}" if by else ""
            return f"a convoy of {owners} is stalled at {place}{foe}, {since}"
        case ConvoyPhase.MOVING:
            goal = f", bound for {names.location(convoy.bound_for)}" if convoy.bound_for else ""
            return f"a convoy of {owners} is moving from {place}{goal}, {since}"
        case ConvoyPhase.ARRIVED:
            return f"a convoy of {owners} has arrived at {place}, {since}"
    last = f", last seen at {place}" if place else ""
    return f"where a convoy of {owners} is, is not known{last}"


def _bare(window: Window) -> str:
    words = spoken_window(window)
    for preposition in ("on ", "in ", "at "):
        words = words.removeprefix(preposition)
    return words.replace("between ", "some time between ")
