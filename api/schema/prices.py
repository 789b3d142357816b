"""What do the fields of the contract cost, in milliseconds, on an idle core of a usual server?

A price stands here for every list, and for every field that looks up more than a row; every other
field costs what `costs` says. The numbers were measured over the resolvers themselves
(`python -m tests.benchmarks hostile` shows how far they fit). A list that has no page is bounded by
its price: whoever asks for too much is told what it would cost.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from math import sqrt
from typing import Any

from api.answers.moving.dates import MOST
from api.answers.moving.price import build_price
from api.answers.pages import LONGEST_PAGE, PAGE
from api.answers.tokens import arguments_in
from api.graphql.costs import Asked, Price, Prices, Reckoned
from api.ids import NotAnId, slug_of
from domain.occurred import DAY, Instant, parse_moment
from domain.refusals import Refusal
from domain.situation.ties import TieKind
from projections.statistics import Statistics

About = Asked[Statistics]
"""A field as asked for, with the counts of the views."""

_ANSWER, _LOOKED_UP, _NAMED = 0.15, 0.05, 0.03
_ASKED, _SWEPT, _STATEMENT, _ENTRY = 0.25, 0.2, 0.04, 0.08
_SPELT, _HEARD = 0.015, 0.001
_TERM = 0.0001
"""The look-up of a word of a text, for each entry."""
_LATELY = 30


# ---- how much a field has to look through --------------------------------------------------------


def _places(asked: About) -> float:
    """The places within reach of the question."""
    counts, box = asked.counts, _given(asked, "bbox")
    within = _slug(_given(asked, "within"), "Location")
    if box is not None and isinstance(box, list) and len(box) == 4:
        if all(isinstance(each, int | float) and abs(each) <= 180 for each in box):
            return max(1, counts.places_in_box(*box))
    if within is not None:
        return 1 + counts.places_inside(within)
    return max(1, counts.totals.places)


def _claims(asked: About) -> float:
    """The claims on a place: on the named place, or the most that the place can have."""
    totals = asked.counts.totals
    if _given(asked, "inherit"):  # the answer may be that of a place around
        return totals.most_claims
    if place := _place(asked):
        return asked.counts.claims_on(place)
    return min(totals.most_claims, totals.claims / max(1, _different_places(asked)))


def _place(asked: About) -> str | None:
    """The slug of the place in question, if the document names the place."""
    if isinstance(named := asked.arguments.get("location"), str) and named:
        return _slug(named, "Location")
    around = [asked, *_up_to_a_thing(asked)]
    named = next((each for at in around if (each := _held_in(at).get("location"))), None)
    thing = around[-1]
    if named is None and thing is not asked and thing.kind in {"Location", "Node"}:
        named = thing.arguments.get("id")
    return _slug(named, "Location")


def _different_places(asked: About) -> float:
    """The places that share all claims in one list; a place met elsewhere may be the one with most
    claims each time."""
    around = _up_to_a_thing(asked)
    thing = around[-1] if around else None
    if thing is not None and thing.kind == "ControlRevision":
        return 1
    if thing is None or thing.kind not in _THINGS:
        return _places(asked)
    if thing.kind == "Actor":
        return _held(asked)
    is_listed = thing.around is not None and thing.around.kind in _LISTS_OF_PLACES
    return min(_page(thing), _places(thing)) if is_listed else 1


def _up_to_a_thing(asked: About) -> list[About]:
    """The fields around, up to the nearest with a thing of its own as the value: an id or a list
    further out is about another thing."""
    found: list[About] = []
    while asked.around is not None and not (found and asked.kind in _THINGS):
        asked = asked.around
        found.append(asked)
    return found


_THINGS = {"Location", "Actor", "Event", "Report", "Source", "Node"}
_LISTS_OF_PLACES = {"LocationConnection", "LocationEdge"}


def _misspelt(asked: About) -> float:
    """The search for the names nearest to names that are not registered."""
    found = 0
    for kind, given in _referred(asked):
        if slug := _slug(given, kind):
            found += asked.counts.names_beside(kind.lower(), slug)
            if found:
                break  # the first is refused
    return _SPELT * found


def _referred(asked: About) -> Iterator[tuple[str, Any]]:
    given = asked.arguments
    wanted = given.get("filter")
    whose = given.get("perspective")
    yield "Location", given.get("location")
    yield "Location", given.get("within")
    if isinstance(wanted, Mapping):
        yield "Location", wanted.get("location")
        yield "Location", wanted.get("within")
        yield "Actor", wanted.get("actor")
        yield "Source", wanted.get("source")
        yield "Report", wanted.get("report")
    if isinstance(whose, Mapping):
        for name in ("sources", "excludeSources"):
            for each in whose.get(name) or () if isinstance(whose.get(name), list) else ():
                yield "Source", each


def _voices(asked: About) -> float:
    """The voices in an answer: one for each origin, of which about half still speak."""
    return max(1.0, min(_claims(asked), asked.counts.totals.sources) / 2)


def _swept(asked: About) -> float:
    """The sweep of one place from a perspective; nothing for everybody's word. A claim is heard
    beside the last word of every origin."""
    return 0.0 if _given(asked, "perspective") is None else _sweep(asked)


def _sweep(asked: About) -> float:
    claims = _claims(asked)
    origins = min(claims, asked.counts.totals.sources)
    return 0.05 + (_SWEPT + _HEARD * origins) * claims


def _answered(asked: About) -> float:
    """One answer from the rows, or swept."""
    return _ANSWER + 0.002 * _claims(asked) + _swept(asked)


def _changed(asked: About) -> float:
    """The places with another answer than so many days before."""
    return min(_places(asked), _told(asked) + 1)


def _told(asked: About) -> float:
    """The statements of so many days before the moment."""
    at = _moment(_given(asked, "at"))
    since = at - _whole(_given(asked, "days"), _LATELY) * DAY
    within = _slug(_given(asked, "within"), "Location")
    return asked.counts.statements_between(within, Instant(since), Instant(at))


def _compared(asked: About) -> float:
    """Two maps, and the revisions of each place between two positions."""
    pairs = [each for name in ("from", "to") if isinstance(each := _given(asked, name), Mapping)]
    named = any("position" in pair or "knownAt" in pair for pair in pairs)
    between = 1.0 + _swept(asked) if named else 0.1
    published = sum("publishedBy" in pair for pair in pairs)
    swept = 0.0 if _swept(asked) else published * _sweep(asked)
    return _places(asked) * (2 * _answered(asked) + swept + between)


def _page(asked: About) -> float:
    """The length of the page, as said by the nearest field that takes a length."""
    at = asked
    while "first" not in at.arguments and at.around is not None:
        at = at.around
    given = (at.arguments.get(name) for name in ("first", "last"))
    size = next((each for each in given if each is not None), None)
    return min(LONGEST_PAGE, _whole(size, PAGE))


def _scanned(asked: About) -> float:
    """What a page of events looks through: its entries, or all, where a filter picks among them."""
    wanted = _given(asked, "filter")
    whole = asked.counts.totals.position
    if not isinstance(wanted, Mapping):
        return 0.3
    misspelt = _misspelt(asked) + _read(wanted.get("text"), 0.02)
    searched = _TERM * len(str(wanted["text"]).split()) + 0.003 if wanted.get("text") else 0.0
    picked = 0.0004 if set(wanted) - _TAGGED else 0.0
    among = min([whole, *(_under(asked.counts, name, wanted) for name in _TAGGED & set(wanted))])
    return (
        0.3 + misspelt + searched * whole + picked * among + 0.05 * len(wanted.get("types") or ())
    )


def _under(counts: Statistics, name: str, wanted: Mapping[str, Any]) -> int:
    tag = "within" if name == "within" else name
    kind = "Location" if name == "within" else name.capitalize()
    slug = _slug(wanted[name], kind) if kind != "Convoy" else wanted[name]
    return counts.entries_under(f"{tag}:{slug}") if slug else counts.totals.position


_TAGGED = {"location", "within", "actor", "source", "report", "convoy"}


def _searched(asked: About) -> float:
    """A search by name looks at the names that begin alike; among all places, at many."""
    totals = asked.counts.totals
    return (
        0.3
        + _misspelt(asked)
        + _read(_given(asked, "search"), 0.06)
        + (0.012 * (totals.places + totals.actors) if _given(asked, "search") else 0.0)
    )


def _read(given: Any, each: float) -> float:
    """The reading of a text to search for, which may be as long as all variables."""
    return each * len(given) if isinstance(given, str) else 0.0


def _listed_sources(asked: About) -> float:
    """Words are looked for in the name of each source; a late word in all reports."""
    counts, wanted = asked.counts.totals, _given(asked, "filter")
    chosen = wanted if isinstance(wanted, Mapping) else {}
    each = 0.01 if chosen.get("text") else 0.0002
    lately = 0.0004 * counts.reports if chosen.get("saidSince") is not None else 0.0
    return 0.3 + each * counts.sources + lately


def _listed_reports(asked: About) -> float:
    """All reports are put in order; words are looked for in the title of each."""
    wanted = _given(asked, "filter")
    of_words = isinstance(wanted, Mapping) and bool(wanted.get("text"))
    each = 0.013 if of_words else 0.0004
    return 0.3 + _misspelt(asked) + each * asked.counts.totals.reports


def _chronicled(asked: About) -> float:
    """The chronicle of a place: its entries in order, filtered or not. A perspective reads the
    reports of all that it looks through."""
    is_filtered = isinstance(_given(asked, "filter"), Mapping)
    is_judged = asked.arguments.get("perspective") is not None
    if not is_filtered and not is_judged:
        return 0.5 + 0.01 * _page(asked)
    place = _place(asked)
    counts = asked.counts
    among = counts.entries_under(f"within:{place}") if place else counts.totals.statements
    looked_through = _scanned(asked) if is_filtered else 0.5
    return looked_through + (0.05 if is_judged else 0.002) * among


def _replayed(asked: About) -> float:
    told = _entries(asked)
    return 1.0 + _misspelt(asked) + 5.0 * told + 0.01 * told * told


def _supposed(asked: About) -> float:
    """The decision, and the fold of each place that the statement names; of a retraction, of any
    place."""
    counts, places = asked.counts, [*_named_places(asked.arguments.get("input"))]
    told = sum(counts.entries_under(f"location:{place}") for place in places)
    misspelt = sum(counts.names_beside("location", place) for place in places)
    return 3.0 + 0.1 * (told if places else counts.totals.most_claims) + _SPELT * misspelt


def _supposed_places(asked: About) -> float:
    return max(1.0, len([*_named_places(_given(asked, "input"))]))


def _named_places(given: Any) -> Iterator[str]:
    """The ids of places in an input, at any depth."""
    if isinstance(given, Mapping):
        for name, value in given.items():
            if name in {"location", "locations"}:
                yield from filter(None, (_slug(each, "Location") for each in _listed(value)))
            else:
                yield from _named_places(value)


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _entries(asked: About) -> float:
    """The entries about the place."""
    place = _slug(_given(asked, "location"), "Location")
    return asked.counts.entries_under(f"location:{place}") if place else 0


def _revised(asked: About) -> float:
    claims, misspelt = _claims(asked), _misspelt(asked)
    if _given(asked, "perspective") is None:
        return 0.3 + misspelt + 0.2 * claims
    return 1.0 + misspelt + 0.8 * claims + 0.004 * claims * claims


def _held(asked: About) -> float:
    """The places that the actor may hold; of an actor met in a list, the most of any."""
    around = _up_to_a_thing(asked)
    thing = around[-1] if around else asked
    actor = _slug(thing.arguments.get("id"), "Actor") if thing.kind in {"Actor", "Node"} else None
    counts = asked.counts
    held = counts.places_naming(actor) if actor else counts.totals.most_named
    return min(counts.totals.places, held * _of_members(asked))


def _of_members(asked: About) -> float:
    """The actors in question: with members, all that were ever members of anything at most."""
    return 1.0 + (asked.counts.totals.members if _given(asked, "members") else 0)


def _ties(asked: About) -> float:
    """Ties looked up by an end: the most that any end has."""
    return asked.counts.totals.most_tied


def _tied(kind: TieKind) -> Reckoned:
    """All words on ties of a kind."""
    return partial(_said_of, kind)


def _said_of(kind: TieKind, asked: About) -> float:
    return asked.counts.totals.tied.get(kind, 0)


def _present(asked: About) -> float:
    """The missions at a place: words on all deployments are read."""
    return 0.4 + 0.01 * _said_of(TieKind.DEPLOYED_AT, asked)


def _all_ties(asked: About) -> float:
    weighed = 1.0 if _given(asked, "perspective") is None else 3.0
    return 0.5 + 0.05 * weighed * asked.counts.totals.ties


def _people(asked: About) -> float:
    """Displacement compares the reports of a place with each other."""
    people = asked.counts.totals.people
    return 0.5 + 0.15 * people + 0.0005 * people * sqrt(people)


def _convoys(asked: About) -> float:
    """The convoys of an owner, or all of them: each is told by all its events."""
    weighed = 1.0 if _given(asked, "perspective") is None else 3.0
    return 0.5 + 0.1 * weighed * asked.counts.totals.told


def _telling(asked: About) -> float:
    """The events by which a thing that lasts is told. The words on ties are counted as ties; those
    on convoys are shared by all convoys."""
    totals = asked.counts.totals
    is_convoy = asked.around is not None and asked.around.kind == "Convoy"
    return max(2.0, totals.told / max(1, totals.convoys)) if is_convoy else 2.0


def _reported(asked: About) -> float:
    weighed = 1.0 if _given(asked, "perspective") is None else 3.0
    return 0.5 + _STATEMENT * weighed * _told(asked)


def _accounted(asked: About) -> float:
    """The account in words: every part of the situation, two sentences for a place."""
    parts = _all_ties(asked) + _people(asked) + _convoys(asked) + 2 * _reported(asked)
    map_ = _places(asked) * (2 * _answered(asked) + 0.2)
    return 3.0 + map_ + parts + 2.0 * _changed(asked)


# ---- arguments, which may still be anything ------------------------------------------------------


def _given(asked: About, *names: str) -> Any:
    """The nearest value of any of these arguments, at this field or a field around; a token holds
    arguments too."""
    return asked.given(*names, held=_held_in)


def _held_in(asked: About) -> Mapping[str, Any]:
    token = asked.arguments.get("token")
    return _pinned(token) if isinstance(token, str) else asked.arguments


@lru_cache(maxsize=64)
def _pinned(token: str) -> Mapping[str, Any]:
    return arguments_in(token)


def _slug(given: Any, kind: str) -> str | None:
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)  # as ids may be written
    if not isinstance(given, str) or not given:
        return None
    try:
        return slug_of(given, kind)
    except NotAnId:
        return None


def _whole(given: Any, usual: int) -> int:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return int(min(max(given, 1), 100_000)) if is_number else usual


def _moment(given: Any) -> int:
    try:
        return parse_moment(given) if isinstance(given, str) else 0
    except Refusal:
        return 0


# ---- the prices ----------------------------------------------------------------------------------


def _explained(asked: About) -> float:
    voices = _voices(asked)
    return 0.6 * voices * sqrt(voices)


def _asked_once(asked: About) -> float:
    return _ASKED + _answered(asked) + _misspelt(asked)


def _sides(asked: About) -> float:
    return max(1.0, _voices(asked) / 4)


def _swept_in_full(asked: About) -> float:
    return 0.3 + 0.25 * _claims(asked) + _swept(asked) + _misspelt(asked)


def _mapped(asked: About) -> float:
    return 1.0 + _places(asked) * _answered(asked) + _misspelt(asked)


def _moving(asked: About) -> float:
    """A map that is not in memory."""
    whose = _given(asked, "perspective")
    given = (
        {name for name, each in whose.items() if each is not None}
        if isinstance(whose, Mapping)
        else set()
    )
    narrows = bool(given - {"publishedBy"}) or (
        whose is not None and not isinstance(whose, Mapping)
    )
    built = build_price(
        asked.counts.totals, is_by_publication="publishedBy" in given, narrows_words=narrows
    )
    return 1.0 + built + _misspelt(asked)


def _looks(asked: About) -> float:
    """Places share looks, of which a map of many places has few hundreds."""
    return min(500.0, _places(asked))


def _dates(asked: About) -> float:
    """The days of a map's changes: at most so many are told."""
    return min(float(MOST), 2 * asked.counts.totals.claims)


def _groups(asked: About) -> float:
    """The places of a situation fall into a group for each set of holders."""
    return min(100.0, 1 + _places(asked) / 4)


def _grouped(asked: About) -> float:
    return max(1.0, _places(asked) / _groups(asked))


def _held_in_full(asked: About) -> float:
    return _of_members(asked) + _held(asked) * _answered(asked)


def _owned_convoys(asked: About) -> float:
    return _of_members(asked) + _convoys(asked)


def _of_some_actor(asked: About) -> float:
    """Events of an actor, with the members or without."""
    return _of_members(asked) - 1.0 + _scanned(asked)


def _convoys_told(asked: About) -> float:
    return asked.counts.totals.convoys


def _people_told(asked: About) -> float:
    return asked.counts.totals.people


def _by(reckoned: Callable[[About], float], factor: float = 1.0, plus: float = 0.0) -> Reckoned:
    """A multiple of another price or number. No lambda: plans are sent between processes."""
    return partial(_linear, reckoned, factor, plus)


def _linear(reckoned: Callable[[About], float], factor: float, plus: float, asked: About) -> float:
    return plus + factor * reckoned(asked)


_EVENTS = Price(0.01, 2, _ENTRY)


def _followed(asked: About) -> float:
    """One event of a subscription. Words are looked for among all texts, again for each page."""
    wanted = _given(asked, "filter")
    if not isinstance(wanted, Mapping):
        return 0.3
    searched = _TERM * len(str(wanted["text"]).split()) + 0.003 if wanted.get("text") else 0.0
    read = _misspelt(asked) + _read(wanted.get("text"), 0.02)
    types = wanted.get("types")
    named = 0.05 * len(types) if isinstance(types, list) else 0.05
    return 0.3 + read + named + searched * asked.counts.totals.position


def _followed_control(asked: About) -> float:
    """Two answers for the place of one change: it may be the place with most claims."""
    most = asked.counts.totals.most_claims
    swept = 0.0
    if _given(asked, "perspective") is not None:
        swept = 0.05 + (_SWEPT + _HEARD * min(most, asked.counts.totals.sources)) * most
    return 0.3 + _misspelt(asked) + 2 * (_ANSWER + 0.002 * most + swept)


_VOICED = Price(0.01, _voices, _ENTRY)
_SIDES = Price(0.01, _sides, 0.02)
_ACTORS = Price(0.01, 2, _NAMED)
_KIN = Price(0.3, _ties, 0.1)
_TEXTS = Price(0.01, 3, 0.0)
_PAGED = Price(0.02, _page, 0.06)

PRICES: Prices = {
    "Query.control": Price(_asked_once),
    "Query.controlTimeline": Price(
        _swept_in_full,
        _by(_claims, 0.6, plus=1),
        0.05,
    ),
    "Query.controlMap": Price(_mapped, _places, 0.02),
    "Query.controlColumn": Price(_moving),
    "Query.changeDates": Price(_moving, _dates, 0.003),
    "ControlColumn.ids": Price(0.01, _places, 0.0),
    "ControlColumn.looks": Price(0.01, _looks, 0.02),
    "ControlColumn.numbers": Price(0.01, _places, 0.0),
    "ControlColumn.lastHeard": Price(0.01, _places, 0.001),
    "MapLook.holders": Price(0.0, 2, 0.0),
    "Query.revisions": Price(_revised, _by(_claims, 0.25, plus=1), 0.1),
    "Query.compare": Price(_compared, _places, 0.02),
    "Query.answer": Price(_asked_once),
    "Query.situationOf": Price(1.0),
    "Query.replay": Price(_replayed),
    "Query.supposed": Price(_supposed),
    "Supposition.changes": Price(0.1, _supposed_places, 0.2),
    "SupposedControl.holders": Price(0.0, 2, 0.05),
    "SupposedControl.contenders": Price(0.0, 2, 0.05),
    "SupposedControl.explanation": Price(2.0),
    "Query.scopes": Price(0.01, 4, 0.0),
    "Query.locations": Price(_searched),
    "Query.actors": Price(_searched),
    "Query.events": Price(_scanned),
    "Query.sources": Price(_listed_sources),
    "Query.reports": Price(_listed_reports),
    "Subscription.eventRecorded": Price(_followed),
    "Subscription.controlChanged": Price(_followed_control),
    "Query.ledger": Price(0.05),
    "Query.location": Price(0.1),
    "Query.actor": Price(0.1),
    "Query.event": Price(0.1),
    "Query.node": Price(0.1),
    "Query.consistencyProof": Price(2.0),
    "Ledger.checkpoint": Price(0.5),
    "Ledger.cosignedCheckpoint": Price(0.5),
    "Ledger.verifierKey": Price(0.05),
    "Ledger.recordedAt": Price(_LOOKED_UP),
    # one answer
    "Control.location": Price(_NAMED),
    "Control.holders": _ACTORS,
    "Control.contenders": Price(0.01, 0.2, _NAMED),
    "Control.holding": Price(0.02, 1.5, 0.05),
    "Control.possible": _SIDES,
    "Control.evidence": _VOICED,
    "Control.rivals": _SIDES,
    "Control.outweighed": Price(0.01, _voices, 0.02),
    "Control.lineage": Price(0.01, 0.2, _ENTRY),
    "Control.explanation": Price(_explained),
    "Control.available": Price(_by(_answered, 1.5, plus=0.1)),
    "ControlReading.holders": _ACTORS,
    "ControlReading.contenders": _ACTORS,
    "ControlReading.evidence": Price(0.01, 2, _ENTRY),
    "ControlReading.lineage": Price(0.01, 0.2, _ENTRY),
    "OutweighedClaim.event": Price(_ENTRY),
    "OutweighedClaim.by": Price(_ENTRY),
    "Basis.recordedAt": Price(_LOOKED_UP),
    "Basis.token": Price(0.03),
    "Perspective.sources": _TEXTS,
    "Perspective.excludeSources": _TEXTS,
    "ControlRevision.event": Price(_ENTRY),
    "ControlRevision.recordedAt": Price(_LOOKED_UP),
    # the situation
    "Query.situation": Price(_by(_misspelt, plus=0.2)),
    "Situation.places": Price(
        _mapped,
        _groups,
        0.02,
    ),
    "ControlGroup.holders": _ACTORS,
    "ControlGroup.contenders": Price(0.01, 0.2, _NAMED),
    "ControlGroup.places": Price(0.02, _grouped, 0.02),
    "Situation.changes": Price(_by(_mapped, 2), _changed, 0.2),
    "ControlDifference.events": _EVENTS,
    "Situation.convoys": Price(_convoys, _convoys_told, 0.03),
    "Situation.stalledConvoys": Price(_convoys, _by(_convoys_told, 0.5, plus=1), 0.03),
    "Situation.missions": Price(_all_ties, _tied(TieKind.DEPLOYED_AT), 0.03),
    "Situation.sieges": Price(_all_ties, _tied(TieKind.BESIEGES), 0.03),
    "Situation.alliances": Price(_all_ties, _tied(TieKind.ALLIED_WITH), 0.03),
    "Situation.alignments": Price(_all_ties, _tied(TieKind.BACKED_BY), 0.03),
    "Alliance.parties": Price(0.01, 3, _NAMED),
    "DeathsBySide.sides": Price(0.0, 3, 0.0),
    "Situation.displacement": Price(_people),
    "Displacement.events": Price(0.01, _people_told, _ENTRY),
    "Displacement.overlapping": Price(0.01, _by(_people_told, 0.5), 2 * _ENTRY),
    "Displacement.stillOpen": Price(0.01, 1, _ENTRY),
    "Situation.needs": Price(_people, _by(_people_told, 0.5), 0.03),
    "Situation.reported": Price(_reported, _told, 0.03),
    "Situation.explanation": Price(_accounted),
    # places, actors, and what lasts
    "Location.aliases": _TEXTS,
    "Location.names": Price(0.12, 3, 0.0),
    "Location.controlledBy": Price(_by(_answered, plus=_ASKED)),
    "Location.sieges": Price(0.4, _ties, 0.1),
    "Location.missions": Price(_present, _ties, 0.1),
    "Location.events": Price(_scanned),
    "Location.chronicle": Price(_chronicled),
    "Location.within": Price(_LOOKED_UP),
    "Actor.aliases": _TEXTS,
    "Actor.names": Price(0.12, 3, 0.0),
    "Actor.holdings": Price(_held_in_full, _held, 0.02),
    "Actor.allies": Price(0.4, _ties, 0.25),
    "Actor.patrons": Price(0.4, _ties, 0.25),
    "Actor.missions": Price(_of_members, _ties, 0.05),
    "Actor.convoys": Price(
        _owned_convoys,
        _by(_convoys_told, 0.25),
        0.03,
    ),
    "Actor.events": Price(_of_some_actor),
    "Lasting.events": Price(0.01, _telling, _ENTRY),
    "Deployment.mandateEnded": Price(0.3, 1, _ENTRY),
    "Convoy.owners": _ACTORS,
    "Convoy.haltedBy": _ACTORS,
    "Lineage.identity": Price(0.5),
    "Lineage.predecessors": Price(0.9, _ties, _NAMED),
    "Lineage.successors": Price(0.9, _ties, _NAMED),
    "Lineage.parents": _KIN,
    "Lineage.affiliates": _KIN,
    "Lineage.coalitions": _KIN,
    "Lineage.members": _KIN,
    # events
    "EventConnection.nodes": _PAGED,
    "EventConnection.edges": _PAGED,
    "LocationConnection.nodes": _PAGED,
    "LocationConnection.edges": _PAGED,
    "ActorConnection.nodes": _PAGED,
    "ActorConnection.edges": _PAGED,
    "SourceConnection.nodes": _PAGED,
    "SourceConnection.edges": _PAGED,
    "ReportConnection.nodes": _PAGED,
    "ReportConnection.edges": _PAGED,
    "Event.locations": Price(0.02, 2, _LOOKED_UP),
    "Event.actors": Price(0.02, 2, _LOOKED_UP),
    "Event.location": Price(_LOOKED_UP),
    "Event.report": Price(_LOOKED_UP),
    "Event.source": Price(2 * _LOOKED_UP),
    "Event.content": Price(0.05),
    "Event.recordKeeping": Price(0.1, 0.2, _ENTRY),
    "Event.statement": Price(0.2),
    "Event.inclusionProof": Price(1.5),
    "Event.*": Price(0.02, 3, _NAMED),
    "Report.reliability": Price(2 * _LOOKED_UP),
    "Report.source": Price(_LOOKED_UP),
    "Report.origin": Price(_LOOKED_UP),
    "InclusionProof.hashes": Price(0.0, 20, 0.0),
    "ConsistencyProof.hashes": Price(0.0, 20, 0.0),
    # replays
    "Replay.steps": Price(0.02, _entries, 0.1),
    "ReplayStep.because": Price(0.01, 2, 0.02),
    "ReplayReason.events": Price(_by(_entries, 0.002), 2, 0.03),
}
