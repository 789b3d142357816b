"""Random histories with colliding sources: few actors, few days, every kind of claim."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from domain import events
from domain.control.claims import Assertion, Claim, ClaimKind, ControlStatus
from domain.control.perspective import Perspective
from domain.grades import Grade, report_reliability
from domain.occurred import DAY, Instant, Occurred
from domain.registry import Entry
from domain.situation.ties import Tie, TieKind, Word
from domain.values import (
    ActorId,
    Estimate,
    EventId,
    LocationKind,
    Reliability,
    ReportId,
    Sector,
    SourceId,
)
from tests.domain.amending import amendments
from tests.domain.builders import END, entries, event, event_id

ACTORS = [ActorId(name) for name in ("fama", "wagner", "csp", "jnim")]
SOURCES = [SourceId(name) for name in ("afp", "rfi", "studio-tamani", "acled", "ucdp")]
FIRST = date(2023, 10, 25)
DAYS = [0, 1, 2, 3, 3, 4, 4, 6, 7, 31, 32, 33, 34, 60, 66]
"""Days apart by less than 30, by 30 exactly, and by more."""

PRECISIONS = ["day"] * 6 + [
    *["range"] * 3,
    "last moment",
    "month",
    "year",
    "hour",
    "instant",
    "local",
]
CLOCKS = ["[+04:30 Asia/Kabul]", "[-05:00]", "[+02:00/+01:00 Europe/Paris]"]
KEEPING: list[type[events.RecordKeeping]] = [events.EventRetracted, events.EventReinstated]

some_actors = st.lists(st.sampled_from(ACTORS), min_size=1, max_size=2, unique=True).map(tuple)
any_actors = st.one_of(st.just(()), st.lists(st.sampled_from(ACTORS), max_size=3, unique=True))
reliabilities = st.sampled_from([*Reliability, Reliability.B, Reliability.B, Reliability.C])
credibilities = st.sampled_from([1, 2, 2, 2, 3, 3, 4, 5, 6])
places = st.sampled_from(["kidal", "kidal", "kidal", "tessalit"])


@st.composite
def times(draw: st.DrawFn) -> str:
    """A time as given by a source: mostly a day."""
    day = FIRST + timedelta(days=draw(st.sampled_from(DAYS)))
    match draw(st.sampled_from(PRECISIONS)):
        case "range":
            return f"{day}/{day + timedelta(days=draw(st.sampled_from([1, 2, 5, 30])))}"
        case "last moment":
            return f"{day}T23:59:59.999999Z/{day + timedelta(days=2)}"
        case "year":
            return f"{day:%Y}"
        case "month":
            return f"{day:%Y-%m}"
        case "hour":
            return f"{day}T{draw(st.sampled_from(['00', '06', '23']))}Z"
        case "instant":
            return f"{day}T{draw(st.sampled_from(['00:00:00', '06:00:00', '23:59:59.999999']))}Z"
        case "local":
            return f"{day}{draw(st.sampled_from(CLOCKS))}"
    return str(day)


_KEPT: list[Instant | None] = [
    *[None] * 6,
    END,
    END,
    *(Occurred.parse(str(FIRST + timedelta(days=day))).window.earliest for day in (2, 5, 40)),
]
"""The end of a continuous source, or None."""

windows = times().map(lambda text: Occurred.parse(text).window)
_CROWDED = [
    "2023-10-25",
    "2023-10-26",
    "2023-10-26T06Z",
    "2023-10-26T18Z",
    "2023-10-25/2023-10-27",
    "2023-10-26/2023-10-30",
    "2023-10-28",
    "2023-11",
    "2023-11-26",
    "2023-11-27",
]
"""A few times, many of which meet: equal, nested, adjacent, 30 days apart."""
crowded = st.one_of(
    st.sampled_from([Occurred.parse(text).window for text in _CROWDED]),
    st.sampled_from([Occurred.parse(text).window for text in _CROWDED[:7]]),
    windows,
)


@st.composite
def assertions(draw: st.DrawFn) -> Assertion:
    """An assertion: mostly of a holder, a capture, or a departure."""
    one, other = draw(some_actors), tuple(draw(any_actors))
    taken = Assertion(ClaimKind.TRANSITION, ControlStatus.HELD, one, other)
    left = Assertion(ClaimKind.TRANSITION, ControlStatus.VACANT, leaving=one)
    held = Assertion(ClaimKind.OBSERVATION, ControlStatus.HELD, one)
    return draw(
        st.sampled_from(
            [
                *[taken] * 3,
                *[left] * 2,
                *[held] * 4,
                Assertion(ClaimKind.OBSERVATION, ControlStatus.VACANT),
                Assertion(ClaimKind.OBSERVATION, ControlStatus.CONTESTED, other),
                Assertion(ClaimKind.OBSERVATION, ControlStatus.CONTESTED, tuple(ACTORS[:2])),
                Assertion(ClaimKind.OBSERVATION, ControlStatus.UNKNOWN),
            ]
        )
    )


@st.composite
def lineages(draw: st.DrawFn) -> list[Word]:
    """Words on lineage, in the order of recording; an event may make several."""
    made: list[Word] = []
    for position in range(1, draw(st.sampled_from([0, 0, 1, 1, 2, 3, 5])) + 1):
        window, id = draw(crowded), event_id(100 + position)
        made += [Word(*tie, id, position, window) for tie in draw(_lineage_ties())]
    return made


@st.composite
def _lineage_ties(draw: st.DrawFn) -> list[tuple[Tie, bool]]:
    """The words of an event on lineage."""
    one, other, third, _ = draw(st.permutations(ACTORS))
    member, merged = Tie(TieKind.MEMBER_OF, one, other), Tie(TieKind.MERGED_INTO, one, other)
    split = [(Tie(TieKind.SPLIT_FROM, each, one), True) for each in (other, third)]
    apart = [(Tie(kind, other, one), False) for kind in (merged.kind, member.kind)]
    ended = [(Tie(member.kind, one, ""), False), (Tie(member.kind, "", one), False)]
    heirs = [(Tie(TieKind.SUCCEEDED_BY, one, each), True) for each in (other, third)]
    return draw(
        st.sampled_from(
            [
                [(merged, True)],
                [(merged, True)],
                [(merged, False)],
                [(member, True)],
                [(member, True)],
                [(member, False)],
                split + apart,
                heirs + ended,
                heirs[:1] + ended,
                [(Tie(TieKind.SUCCEEDED_BY, one, ""), True), *ended],
            ]
        )
    )


@st.composite
def histories(draw: st.DrawFn, max_size: int = 10) -> list[Claim]:
    """Claims on a place, in the order of recording, published in any order. Some repeat an earlier
    claim of the same source."""
    trust = {source: draw(reliabilities) for source in SOURCES}
    kept = {source: draw(st.sampled_from(_KEPT)) for source in SOURCES}
    made: list[Claim] = []
    for position in range(1, draw(st.sampled_from(range(max_size + 1))) + 1):
        origin = draw(st.sampled_from(SOURCES))
        said, window = draw(assertions()), draw(crowded)
        if made and draw(st.sampled_from([True, *[False] * 7])):
            again = draw(st.sampled_from(made))
            origin, said, window = again.origin, again.asserts, again.occurred
        source = draw(st.sampled_from([origin, *SOURCES]))
        made.append(
            Claim(
                event=event_id(position),
                position=position,
                occurred=window,
                published=Instant(draw(windows).latest - 1),
                spoken=draw(st.sampled_from([window, draw(crowded)])),
                asserts=said,
                origin=origin,
                source=source,
                report=ReportId(f"report-{position}"),
                grade=Grade(report_reliability(trust[origin], trust[source]), draw(credibilities)),
                kept_until=kept[origin],
            )
        )
    return made


def edges(said: Sequence[Claim | Word]) -> list[Instant]:
    """Every instant with a possible change of the answer, with its neighbours; and the day before
    all."""
    found: set[int] = set()
    for each in said:
        found |= {each.occurred.earliest, each.occurred.latest, each.occurred.latest + 30 * DAY}
        if isinstance(each, Claim) and each.kept_until not in (None, END):
            found |= {each.kept_until, each.kept_until + 30 * DAY}
    near = {edge + step for edge in found for step in (-2, -1, 0, 1)}
    return [Instant(at) for at in sorted(near | {min(found, default=0) - DAY})]


Told = Callable[[ReportId], st.SearchStrategy[events.SituationEvent]]
"""The statements of a report."""


@st.composite
def ledgers(draw: st.DrawFn, told: Sequence[Told] = ()) -> list[Entry]:
    """A ledger with two places: registrations, copies, retractions, regradings, and statements,
    mostly of control, or the given ones."""
    kinds = st.sampled_from([LocationKind.BASE] * 5 + [LocationKind.TOWN, LocationKind.REGION])
    said: list[events.Event] = [
        event(events.LocationRegistered, location=place, name=place, kind=draw(kinds))
        for place in ("kidal", "tessalit")
    ]
    for source in SOURCES:
        grade, is_continuous = draw(reliabilities), draw(st.booleans())
        said.append(
            event(
                events.SourceRegistered,
                source=source,
                name=source,
                reliability=grade,
                continuous=is_continuous,
            )
        )
    situations: list[EventId] = []
    said.extend(draw(_report(number)) for number in range(1, draw(st.integers(1, 4)) + 1))
    reports = [each.report for each in said if isinstance(each, events.ReportFiled)]
    for _ in range(draw(st.sampled_from(range(25)))):
        kind = draw(
            st.sampled_from(["report", "regraded", "amended", "kept", "kept", *["said"] * 6])
        )
        report = draw(st.sampled_from(reports))
        if kind == "report":
            filed = draw(_report(len(reports) + 1))
            reports.append(filed.report)
            said.append(filed)
        elif kind == "regraded":
            source, grade = draw(st.sampled_from(SOURCES)), draw(reliabilities)
            said.append(
                event(events.SourceRegraded, source=source, reliability=grade, reason="because")
            )
        elif kind == "amended":
            said.append(draw(amendments(ACTORS, SOURCES, reports)))
            situations.append(event_id(len(said)))
        elif kind == "kept" and situations:
            target = draw(st.sampled_from(situations))
            keeping = draw(st.sampled_from(KEEPING))
            said.append(event(keeping, event=target, reason="because", report=report))
        else:
            say = draw(st.sampled_from(told or _MOSTLY_OF_CONTROL))
            said.append(draw(say(report)))
            situations.append(event_id(len(said)))
    return entries(*said)


@st.composite
def _report(draw: st.DrawFn, number: int) -> events.ReportFiled:
    """The report with a number, half of the time a copy of an earlier report."""
    earlier = [f"report-{each}" for each in range(1, number)]
    return event(
        events.ReportFiled,
        report=f"report-{number}",
        source=draw(st.sampled_from(SOURCES)),
        published=draw(times()),
        title="A report",
        syndicated_from=draw(st.sampled_from([None, *earlier[-2:]])),
    )


@st.composite
def kinship(draw: st.DrawFn, report: ReportId) -> events.SituationEvent:
    """Mergers, memberships, and their ends."""
    one, other, *_ = draw(st.permutations(ACTORS))
    said: list[tuple[type[events.SituationEvent], dict[str, object]]] = [
        (events.ActorMerged, {"merged": one, "into": other}),
        (events.ActorMerged, {"merged": one, "into": other}),
        (events.CoalitionJoined, {"members": one, "coalition": other}),
        (events.CoalitionJoined, {"members": one, "coalition": other}),
        (events.CoalitionLeft, {"members": one, "coalition": other}),
        (events.ActorSplit, {"actor": one, "into": other}),
        (events.ActorDissolved, {"actor": one, "succeeded_by": other}),
        (events.AffiliationDeclared, {"actor": one, "parent": other}),
        (events.ActorRenamed, {"actor": one, "name": "Another"}),
    ]
    return draw(_one_of(said, report))


@st.composite
def holding(draw: st.DrawFn, report: ReportId) -> events.SituationEvent:
    """Control of a place, and events with a possible effect on control."""
    one, other = draw(some_actors), draw(any_actors)
    said: list[tuple[type[events.SituationEvent], dict[str, object]]] = [
        (events.BaseCaptured, {"by": one, "taken_from": other}),
        (events.ControlHandedOver, {"handed_from": other or one, "handed_to": one}),
        (events.PositionAbandoned, {"by": one}),
        (events.ControlReported, {"holders": other}),
        (events.LocationContested, {"between": other}),
        (events.MissionDeployed, {"mission": one[0]}),
        (events.MissionWithdrawn, {"mission": one[0], "handed_to": other}),
        (events.ConvoyStalled, {"convoy": "column-1", "owners": one}),
    ]
    return draw(_one_of(said, report))


@st.composite
def ties(draw: st.DrawFn, report: ReportId) -> events.SituationEvent:
    """Sieges, missions, allies and patrons, and their ends."""
    one, other, third, _ = draw(st.permutations(ACTORS))
    some, parties = draw(some_actors), draw(st.sampled_from([(one, other), (one, other, third)]))
    said: list[tuple[type[events.SituationEvent], dict[str, object]]] = [
        (events.SiegeLaid, {"by": some}),
        (events.SiegeLifted, {"by": draw(st.sampled_from([(), some]))}),
        (events.MissionDeployed, {"mission": one}),
        (events.MissionWithdrawn, {"mission": one, "handed_to": draw(any_actors)}),
        (events.AllianceFormed, {"parties": parties}),
        (events.AllianceEnded, {"parties": parties}),
        (events.AlignmentShifted, {"actor": one, "from_patron": other, "to_patron": third}),
        (events.AlignmentShifted, {"actor": one, "to_patron": other}),
        (events.AlignmentShifted, {"actor": one, "from_patron": other}),
    ]
    return draw(_one_of(said, report))


@st.composite
def sieges(draw: st.DrawFn, report: ReportId) -> events.SituationEvent:
    """Sieges of a place by two actors: many words on few ties."""
    by = draw(st.sampled_from(ACTORS[:2]))
    said: list[tuple[type[events.SituationEvent], dict[str, object]]] = [
        (events.SiegeLaid, {"by": by, "location": "kidal"}),
        (events.SiegeLaid, {"by": by, "location": "kidal"}),
        (events.SiegeLifted, {"by": by, "location": "kidal"}),
        (events.SiegeLifted, {"location": "kidal"}),
        (events.ActorDissolved, {"actor": by}),
    ]
    return draw(_one_of(said, report))


@st.composite
def convoys(draw: st.DrawFn, report: ReportId) -> events.SituationEvent:
    """The places and fates of two convoys."""
    convoy = draw(st.sampled_from(["column-1", "column-1", "column-2"]))
    common: dict[str, object] = {"convoy": convoy, "owners": draw(some_actors)}
    goal = draw(st.sampled_from([None, "kidal", "tessalit"]))
    said: list[tuple[type[events.SituationEvent], dict[str, object]]] = [
        (events.ConvoyDeparted, {**common, "bound_for": goal}),
        (events.ConvoyStalled, {**common, "halted_by": draw(any_actors)}),
        (events.ConvoyResumed, common),
        (events.ConvoyArrived, common),
    ]
    return draw(_one_of(said, report))


@st.composite
def people(draw: st.DrawFn, report: ReportId) -> events.SituationEvent:
    """Displaced people, and needs of aid with their ends."""
    sector = draw(st.sampled_from([None, Sector.HEALTH, Sector.HEALTH]))
    said: list[tuple[type[events.SituationEvent], dict[str, object]]] = [
        (events.PopulationDisplaced, {"people": draw(estimates())}),
        (events.PopulationDisplaced, {"people": draw(estimates())}),
        (events.NeedReported, {"sector": sector, "people": draw(st.none() | estimates())}),
        (events.NeedReported, {"sector": sector, "people": Estimate(best=0)}),
    ]
    return draw(_one_of(said, report))


@st.composite
def flights(draw: st.DrawFn, report: ReportId) -> events.SituationEvent:
    """Flights from a place at a time: only a single report counts."""
    told = {"location": "kidal", "occurred": "2023-11", "people": draw(estimates())}
    return event(events.PopulationDisplaced, **told, credibility=2, report=report)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """Estimates of few people, or none; a bound left out is open."""
    numbers = sorted(draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)))
    given = draw(st.sets(st.sampled_from(["low", "best", "high"]), min_size=1))
    named = zip(("low", "best", "high"), numbers, strict=True)
    return Estimate(**{name: number for name, number in named if name in given})


@st.composite
def _besides(draw: st.DrawFn, report: ReportId) -> events.SituationEvent:
    """Statements without control and without ties, but for names."""
    one, other, *_ = draw(st.permutations(ACTORS))
    said: list[tuple[type[events.SituationEvent], dict[str, object]]] = [
        (events.ClashReported, {"sides": [[one], [other]], "deaths": draw(estimates())}),
        (events.MandateEnded, {"mission": one, "locations": draw(places)}),
        (events.StatementIssued, {"by": one, "stance": "concern", "about": other}),
        (events.LocationRenamed, {"name": "Another"}),
    ]
    return draw(_one_of(said, report))


@st.composite
def _one_of(
    draw: st.DrawFn,
    said: Sequence[tuple[type[events.SituationEvent], dict[str, object]]],
    report: ReportId,
) -> events.SituationEvent:
    kind, fields = draw(st.sampled_from(said))
    common = {"occurred": draw(times()), "credibility": draw(credibilities), "report": report}
    if issubclass(kind, events.LocatedEvent):
        common["location"] = draw(places)
    return event(kind, **common | fields)


_MOSTLY_OF_CONTROL: list[Told] = [
    *[holding] * 12,
    *[kinship] * 3,
    *(ties, convoys, people, _besides),
]

perspectives = st.builds(
    Perspective,
    sources=st.none() | st.frozensets(st.sampled_from(SOURCES), min_size=2),
    exclude_sources=st.frozensets(st.sampled_from(SOURCES), max_size=1),
    min_reliability=st.sampled_from([Reliability.F] * 5 + [*Reliability]),
    min_credibility=st.sampled_from([6, 6, 6, 5, 2]),
    published_by=st.none() | windows.map(lambda window: Instant(window.latest - 1)),
)
