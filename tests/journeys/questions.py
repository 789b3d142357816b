"""What else can a story ask, and how is the answer spoken?

    2024-03-21  asked  who besieges timbuktu on 2024-03-20 -> jnim
    2024-03-21  asked  allies of fama on 2024-03-20 -> wagner
    2024-03-21  asked  patrons of mali-state on 2024-03-20 -> russia
    2024-03-21  asked  members of csp on 2024-03-20 -> cma
    2024-03-21  asked  missions within mali on 2023-08-01 -> minusma in mali
    2024-03-21  asked  the convoys on 2023-10-05 -> gao-kidal stalled at anefis by csp
    2024-03-21  asked  names of csp on 2024-06-01 -> CSP-DPA, CSP-PSD
    2024-03-21  asked  who fla is on 2025-01-01 -> fla
    2024-03-21  asked  how many fled mali on 2024-03-20 -> at least 2,000
    2024-03-21  asked  who needs aid on 2024-03-20 -> mali
    2024-03-21  asked  what changed from 2023-11-13 to 2023-11-14 -> kidal: csp, then fama
    2024-03-21  asked  kidal on 2023-11-14 as known from 2023-11-15 to 2024-02-01 -> csp, then fama
    2024-03-21  asked  who is meant by Tombouctou -> timbuktu

Each can end in "known on" and a date, before the arrow; "nothing" stands for no answer. What may
be or may not be so is said with "perhaps".
"""

from collections.abc import Callable, Iterable

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.situation import Situation, compare
from domain.occurred import Instant, parse_moment
from domain.situation.convoys import ConvoyPhase, ConvoyState
from domain.situation.ties import Standing, TieKind
from domain.values import ActorId
from domain.words.statements import spoken_estimate
from projections.names import ACTOR, LOCATION
from tests.journeys.in_words import SLUG, spoken

_ENDS: dict[str, tuple[TieKind, str]] = {
    "allies": (TieKind.ALLIED_WITH, "subject"),
    "patrons": (TieKind.BACKED_BY, "subject"),
    "coalitions": (TieKind.MEMBER_OF, "subject"),
    "members": (TieKind.MEMBER_OF, "other"),
    "parents": (TieKind.AFFILIATE_OF, "subject"),
    "affiliates": (TieKind.AFFILIATE_OF, "other"),
    "origins": (TieKind.MERGED_INTO, "other"),
    "successors": (TieKind.SUCCEEDED_BY, "subject"),
}


def tied(answers: Answers, known: Basis, *, what: str, of: str, at: str) -> str:
    kind, end = _ENDS[what]
    ends = {"subject": None, "other": None} | {end: of}
    basis = known.on(parse_moment(at))
    found = answers.ties(basis, [kind], subject=ends["subject"], other=ends["other"])
    return _listed(_other(each, end, parse_moment(at)) for each in found)


def besiegers(answers: Answers, known: Basis, *, place: str, at: str) -> str:
    moment, kinds = parse_moment(at), [TieKind.BESIEGES]
    location = answers.place(place).location
    found = answers.ties(known.on(moment), kinds, other=location)
    return _listed(_other(each, "other", moment) for each in found)


def missions(answers: Answers, known: Basis, *, within: str, at: str) -> str:
    moment = parse_moment(at)
    place = answers.place(within).location
    here = Situation(answers, known.on(moment), place)
    return _listed(
        f"{_other(each, 'other', moment)} in {each.tie.object}" for each in here.missions
    )


def convoys(answers: Answers, known: Basis, *, at: str) -> str:
    return _listed(map(_convoy, answers.convoys(known.on(parse_moment(at)))))


def names(answers: Answers, known: Basis, *, of: str, at: str) -> str:
    kind = ACTOR if answers.actors.get(ActorId(of)) else LOCATION
    return ", ".join(answers.names_at(kind, of, known.on(parse_moment(at))))


def identity(answers: Answers, known: Basis, *, of: str, at: str) -> str:
    return answers.identity(ActorId(of), known.on(parse_moment(at)))


def fled(answers: Answers, known: Basis, *, place: str, at: str) -> str:
    here = Situation(answers, known.on(parse_moment(at)), answers.place(place).location)
    figure = here.displacement
    said = spoken_estimate(figure.people) if figure.people else "nobody"
    return f"{said}, {len(figure.left_out)} left out" if figure.left_out else said


def needs(answers: Answers, known: Basis, *, at: str) -> str:
    found = answers.needs(known.on(parse_moment(at)))
    return _listed(
        f"{each.location} ({each.sector})" if each.sector else each.location for each in found
    )


def changed(answers: Answers, known: Basis, *, since: str, until: str) -> str:
    before, after = (Situation(answers, known.on(parse_moment(at))) for at in (since, until))
    return (
        "; ".join(
            f"{each.after.location}: {spoken(each.before, with_count=False)}, "
            f"then {spoken(each.after, with_count=False)}"
            for each in compare(answers, before, after)
        )
        or "nothing"
    )


def minds(answers: Answers, known: Basis, *, place: str, at: str, since: str, until: str) -> str:
    one, other = (
        answers.control(place, answers.basis(parse_moment(at), known_at=parse_moment(knowledge)))
        for knowledge in (since, until)
    )
    return f"{spoken(one, with_count=False)}, then {spoken(other, with_count=False)}"


def meant(answers: Answers, known: Basis, *, text: str) -> str:
    found = [
        each
        for kind in (LOCATION, ACTOR)
        for each in answers.names_view.search(kind, text, known=known.position, limit=3)
    ]
    return _listed(each.slug for each in sorted(found)[:1])


def _other(each: Standing, end: str, at: Instant) -> str:
    other = each.tie.object if end == "subject" else each.tie.subject
    return f"perhaps {other}" if each.since.is_open_at(at) else other


def _convoy(state: ConvoyState) -> str:
    place = f" at {state.location}" if state.location else ""
    by = f" by {' and '.join(state.halted_by)}" if state.halted_by else ""
    match state.phase:
        case ConvoyPhase.MOVING:
            goal = f" for {state.bound_for}" if state.bound_for else ""
            return f"{state.convoy} moving from {state.location}{goal}"
        case ConvoyPhase.UNKNOWN:
            return f"{state.convoy} unknown"
    return f"{state.convoy} {state.phase}{place}{by}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "nothing"


_AT = r"on (?P<at>\S+)"
QUESTIONS: dict[str, Callable[..., str]] = {
    rf"(?P<what>{'|'.join(_ENDS)}) of (?P<of>{SLUG}) {_AT}": tied,
    rf"who besieges (?P<place>{SLUG}) {_AT}": besiegers,
    rf"missions within (?P<within>{SLUG}) {_AT}": missions,
    rf"the convoys {_AT}": convoys,
    rf"names of (?P<of>{SLUG}) {_AT}": names,
    rf"who (?P<of>{SLUG}) is {_AT}": identity,
    rf"how many fled (?P<place>{SLUG}) {_AT}": fled,
    rf"who needs aid {_AT}": needs,
    r"what changed from (?P<since>\S+) to (?P<until>\S+)": changed,
    rf"(?P<place>{SLUG}) {_AT} as known from (?P<since>\S+) to (?P<until>\S+)": minds,
    r"who is meant by (?P<text>.+)": meant,
}
"""Every question besides control of a place, and events at a place or of an actor."""
