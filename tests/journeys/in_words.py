"""The verbs of a story, and the answers in the words of a story."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from api.answers.basis import Answer
from domain import events
from domain.control.claims import ControlStatus
from domain.control.verdict import Side, Verdict
from domain.values import ActorId, LocationId, LocationKind
from domain.words.verdicts import spoken_side

VERBS: dict[str, tuple[type[events.Event], dict[str, str]]] = {
    "captured": (events.BaseCaptured, {"by": "by", "from": "taken_from"}),
    "seized": (events.TownSeized, {"by": "by", "from": "taken_from"}),
    "handed over": (events.ControlHandedOver, {"from": "handed_from", "to": "handed_to"}),
    "abandoned": (events.PositionAbandoned, {"by": "by"}),
    "held": (events.ControlReported, {"by": "holders"}),
    "contested": (events.LocationContested, {"between": "between"}),
    "lost track of": (events.ControlReportedUnknown, {}),
    "entered": (events.MissionDeployed, {"by": "mission"}),
    "left": (events.MissionWithdrawn, {"by": "mission", "to": "handed_to"}),
    "besieged": (events.SiegeLaid, {"by": "by"}),
    "no longer besieged": (events.SiegeLifted, {"by": "by"}),
    "fought at": (events.ClashReported, {"by": "sides", "against": "sides"}),
    "renamed the place": (events.LocationRenamed, {"to": "name"}),
    "ended the mandate of": (events.MandateEnded, {"": "mission"}),
    "allied with": (events.AllianceFormed, {"": "parties", "by": "parties"}),
    "broke up with": (events.AllianceEnded, {"": "parties", "by": "parties"}),
    "turned": (
        events.AlignmentShifted,
        {"": "actor", "from": "from_patron", "to": "to_patron"},
    ),
    "renamed": (events.ActorRenamed, {"": "actor", "to": "name"}),
    "merged into": (events.ActorMerged, {"": "into", "by": "merged"}),
    "split from": (events.ActorSplit, {"": "actor", "by": "into"}),
    "dissolved": (events.ActorDissolved, {"": "actor", "to": "succeeded_by"}),
    "joined": (events.CoalitionJoined, {"": "coalition", "by": "members"}),
    "walked out of": (events.CoalitionLeft, {"": "coalition", "by": "members"}),
    "submitted to": (events.AffiliationDeclared, {"": "parent", "by": "actor"}),
    "broke away from": (events.AffiliationEnded, {"": "parent", "by": "actor"}),
}
"""The event for each verb, and the field for each preposition.

A verb is followed by a place, unless "" names a field for an actor.
"""

SLUG = "[a-z0-9-]+"
_PREPOSITIONS = "by|from|to|between|against"
SAID = rf"(?:{'|'.join(VERBS)}) {SLUG}(?: (?:{_PREPOSITIONS}) .+?)? on \S+"


class Objection(ValueError):
    """The line does not hold."""


class Told(NamedTuple):
    """The content of a statement."""

    event: type[events.Event]
    places: list[str]
    actors: list[str]
    fields: dict[str, Any]


def understood(said: str) -> Told:
    """The content of words such as "seized kidal by fama and wagner on 2023-11-14"."""
    verb = next(verb for verb in VERBS if said.startswith(f"{verb} "))
    event, prepositions = VERBS[verb]
    what, _, occurred = said.removeprefix(f"{verb} ").rpartition(" on ")
    subject, *roles = re.split(f" ({_PREPOSITIONS}) ", what)
    told = Told(event, [], [], {"occurred": occurred})
    _fill(told, prepositions.get("", "location"), subject)
    for preposition, text in zip(roles[::2], roles[1::2], strict=True):
        if preposition not in prepositions:
            raise Objection(f"{verb!r} does not go with {preposition!r}")
        _fill(told, prepositions[preposition], text)
    return told


def _fill(told: Told, field: str, text: str) -> None:
    match field:
        case "location":
            told.places.append(text)
            told.fields[field] = text
            return
        case "name":
            told.fields[field] = text
            return
    names = names_in(text)
    told.actors.extend(names)
    if field == "sides":
        told.fields.setdefault(field, []).append(names)
    elif field == "parties":
        told.fields.setdefault(field, []).extend(names)
    else:
        told.fields[field] = names[0] if len(names) == 1 else names


def names_in(text: str) -> list[str]:
    """The ids in "csp", in "csp, fama and wagner", or in "nobody", which has none."""
    return [] if text == "nobody" else re.split(", | and ", text)


def spoken(answer: Answer, *, with_count: bool) -> str:
    """As in "fama and wagner, disputed by csp, perhaps nobody, as in kidal, by 2 sources"."""
    verdict, reading = answer.verdict, answer.period.reading
    parts = [_in_full(verdict)]
    if not reading.certain:
        parts.append(f"perhaps {' / '.join(map(_in_full, reading.possible))}")
    if answer.inherited_from:
        parts.append(f"as in {answer.inherited_from}")
    if with_count:
        parts.append(f"by {len(verdict.evidence)} source{'s' * (len(verdict.evidence) != 1)}")
    return ", ".join(parts)


def _in_full(verdict: Verdict) -> str:
    rivals = " / ".join(map(_reading, verdict.rivals))
    if verdict.status is ControlStatus.DISPUTED:
        return f"disputed: {rivals}"
    return f"{_reading(verdict)}, disputed by {rivals}" if rivals else _reading(verdict)


def _reading(said: Verdict | Side) -> str:
    return spoken_side(said, _Ids()).removeprefix("held by ")


class _Ids:
    """The names in a story: every place and actor goes by its id."""

    def actor(self, actor: ActorId) -> str:
        return actor

    def location(self, location: LocationId) -> str:
        return location

    def kind(self, location: LocationId) -> LocationKind:
        raise AssertionError("a verdict names no kind of place")


def chronicle(told: Iterable[events.Event]) -> str:
    """As in "convoy stalled, town seized"."""
    names = [re.sub("(?!^)([A-Z])", r" \1", type(event).__name__) for event in told]
    return ", ".join(names).lower() or "nothing"
