"""The record of a place and of an actor, folded from the ledger."""

import pytest

from domain import actor, events, location
from domain.actor import Actor
from domain.control.claims import ControlStatus
from domain.control.perspective import DEFAULT, Perspective, Provenance, Revocation, live
from domain.control.timeline import END
from domain.events import Event
from domain.location import Location
from domain.occurred import Instant, Occurred, parse_moment
from domain.situation.ties import TieKind
from domain.values import ActorId, LocationId, Reliability, SourceId
from tests.domain.builders import entries, event, event_id

KIDAL, MENAKA = LocationId("kidal"), LocationId("menaka")
AFP, RFI = SourceId("afp"), SourceId("rfi")


def source(name: str, reliability: str = "B", **fields: object) -> Event:
    return event(events.SourceRegistered, source=name, name=name, reliability=reliability, **fields)


def filed(report: str, by: str, published: str = "2023-11-15", **fields: object) -> Event:
    filing = {"report": report, "source": by, "published": published, "title": "Kidal"}
    return event(events.ReportFiled, **filing, **fields)


def seized(day: str, by: str = "fama", **fields: object) -> Event:
    return event(events.TownSeized, occurred=day, by=by, **fields)


def retracted(position: int, report: str = "report-1") -> Event:
    return event(events.EventRetracted, event=event_id(position), reason="because", report=report)


def reinstated(position: int, report: str = "report-1") -> Event:
    return event(events.EventReinstated, event=event_id(position), reason="because", report=report)


# ---- A place ---------------------------------------------------------------------------------

PREFACE = (
    event(events.LocationRegistered, name="Kidal", kind="base"),
    source("afp"),
    source("rfi", "C", continuous=True),
    filed("report-1", "afp"),
    filed("report-2", "rfi", "2023-12", syndicated_from="report-1"),
    filed("report-3", "rfi", "2023-12-24T08:00:00Z"),
)
FIRST = len(PREFACE) + 1
"""The position of the first event after the preface."""


def place(*said: Event) -> Location:
    return location.fold(KIDAL, entries(*PREFACE, *said))


def test_a_late_copy_of_an_old_report_does_not_undo_the_origin_s_own_correction() -> None:
    known = place(
        seized("2023-11-01", by="csp"),
        filed("report-4", "afp", "2023-11-20"),
        seized("2023-11-01", by="fama", report="report-4"),
        seized("2023-11-01", by="csp", report="report-2"),  # a copy of report-1, filed in December
    )
    assert holders(known) == ["fama"]


def holders(known: Location, view: Perspective = DEFAULT, on: str = "2024-01-01") -> list[str]:
    verdict = known.timeline(view).at(parse_moment(on)).reading.verdict
    return list(verdict.holders) or [verdict.status]


def test_a_claim_says_whose_word_it_is_and_how_good() -> None:
    (claim,) = place(seized("2023-11-14", credibility=3)).claims().claims
    assert (claim.event, claim.position) == (event_id(FIRST), FIRST)
    assert claim.occurred == Occurred.parse("2023-11-14").window
    assert (claim.origin, claim.source, str(claim.grade)) == ("afp", "afp", "B3")
    assert claim.published == parse_moment("2023-11-15")
    assert claim.kept_until is None


def test_a_copy_speaks_with_the_voice_of_its_origin_and_the_worse_of_both_grades() -> None:
    (claim,) = place(seized("2023-11-14", report="report-2")).claims().claims
    assert (claim.origin, claim.source, str(claim.grade)) == ("afp", "rfi", "C2")
    assert claim.published == parse_moment("2023-12-31")
    assert claim.kept_until is None


def test_a_continuous_source_keeps_its_word_current_until_it_ends() -> None:
    said = seized("2023-11-14", report="report-3")
    (claim,) = place(said).claims().claims
    assert claim.kept_until == END
    ended = event(events.SourceEnded, source="rfi", ended="2024-03", reason="It stopped.")
    (claim,) = place(said, ended).claims().claims
    assert claim.kept_until == Occurred.parse("2024-03").window.latest


def test_the_last_end_of_a_source_counts_and_only_while_it_is_continuous() -> None:
    ends = (
        event(events.SourceEnded, source="rfi", ended=ended, reason="It stopped.")
        for ended in ("2024-03", "2024-02")
    )
    said = [seized("2023-11-14", report="report-3"), *ends]
    (claim,) = place(*said).claims().claims
    assert claim.kept_until == Occurred.parse("2024-02").window.latest
    amended = event(events.SourceAmended, source="rfi", continuous=False, reason="a slip")
    (claim,) = place(*said, amended).claims().claims
    assert claim.kept_until is None


def test_a_regrading_counts_for_all_that_the_source_ever_said() -> None:
    regraded = event(events.SourceRegraded, source="afp", reliability="E", reason="because")
    known = place(seized("2023-11-14"), regraded, seized("2023-11-15"))
    assert [str(claim.grade) for claim in known.claims().claims] == ["E2", "E2"]


def test_claims_come_in_the_order_of_recording() -> None:
    known = place(seized("2023-11-14"), seized("2023-10-01", report="report-3"))
    assert [claim.position for claim in known.claims().claims] == [FIRST, FIRST + 1]


def test_a_late_report_fills_the_past_and_does_not_change_the_present() -> None:
    known = place(seized("2023-11-14"), seized("2023-10-31", "csp", report="report-3"))
    assert holders(known) == ["fama"]
    assert holders(known, on="2023-11-13") == ["csp"]


def test_a_place_does_not_hear_what_is_said_of_others() -> None:
    known = place(
        event(events.LocationRegistered, location="gao", name="Gao", kind="town"),
        seized("2023-11-14", location="gao"),
        event(
            events.ConvoyDeparted,
            occurred="2023-11-14",
            location="gao",
            bound_for="kidal",
            convoy="column-1",
            owners="fama",
        ),
        retracted(FIRST + 1),
    )
    assert known.said == {}
    assert known.revoked == []
    assert known.registered == PREFACE[0]


def test_what_says_nothing_of_control_is_known_and_claims_nothing() -> None:
    stalled = event(events.ConvoyStalled, occurred="2023-11-14", convoy="column-1", owners="fama")
    known = place(stalled)
    assert list(known.said) == [event_id(FIRST)]
    assert known.claims().claims == ()


@pytest.mark.parametrize("kind", ["region", "route"])
def test_a_region_keeps_its_chronicle_and_is_held_by_nobody(kind: str) -> None:
    registered = event(events.LocationRegistered, name="Kidal", kind=kind)
    known = location.fold(KIDAL, entries(registered, *PREFACE[1:], seized("2023-11-14")))
    assert len(known.said) == 1
    assert known.claims().claims == ()


def test_a_place_that_is_not_registered_claims_nothing() -> None:
    assert location.fold(KIDAL, entries(*PREFACE[1:], seized("2023-11-14"))).claims().claims == ()


def test_what_is_taken_back_does_not_count_and_counts_again_when_reinstated() -> None:
    said = [seized("2023-11-14"), retracted(FIRST), reinstated(FIRST), retracted(FIRST)]
    alive = [len(place(*said[:count]).claims().claims) for count in (1, 2, 3, 4)]
    assert alive == [1, 0, 1, 0]


def test_a_source_out_is_not_heard_neither_as_origin_nor_as_publisher() -> None:
    known = place(seized("2023-11-14", report="report-2"), seized("2023-11-15", "csp"))
    assert holders(known, Perspective(exclude_sources=frozenset({RFI}))) == ["csp"]
    assert holders(known, Perspective(exclude_sources=frozenset({AFP}))) == ["UNKNOWN"]


def test_a_source_in_is_heard_as_origin_and_as_publisher() -> None:
    known = place(seized("2023-11-14", report="report-2"), seized("2023-11-15", "csp"))
    heard = known.claims(Perspective(sources=frozenset({AFP})))
    assert (len(heard.claims), len(heard.copies)) == (1, 1)
    assert holders(known, Perspective(sources=frozenset({RFI}))) == ["fama"]
    assert holders(known, Perspective(sources=frozenset())) == ["UNKNOWN"]


@pytest.mark.parametrize(
    ("least", "heard"), [("A", 0), ("B", 1), ("C", 2), ("D", 2), ("E", 2), ("F", 3)]
)
def test_a_least_reliability_leaves_out_who_does_not_reach_it_and_who_is_not_judged(
    least: str, heard: int
) -> None:
    rumour = (source("x", "F"), filed("report-4", "x"), seized("2023-11-14", report="report-4"))
    known = place(seized("2023-11-14"), seized("2023-11-14", report="report-3"), *rumour)
    assert len(known.claims(Perspective(min_reliability=Reliability(least))).claims) == heard


@pytest.mark.parametrize(("least", "heard"), [(1, 0), (2, 1), (5, 2), (6, 3)])
def test_a_least_credibility_leaves_out_what_does_not_reach_it_and_what_is_not_judged(
    least: int, heard: int
) -> None:
    known = place(*(seized("2023-11-14", credibility=each) for each in (2, 4, 6)))
    assert len(known.claims(Perspective(min_credibility=least)).claims) == heard


@pytest.mark.parametrize(
    ("by", "heard"),
    [
        ("2023-11-14", 0),
        ("2023-11-15T23:59:59.999998Z", 0),
        ("2023-11-15", 1),
        ("2023-12-24T07:59:59.999999Z", 1),
        ("2023-12-24T08:00:00Z", 2),
        ("2023-12-30", 2),
        ("2023-12-31", 3),
    ],
)
def test_published_by_hears_what_had_certainly_been_published(by: str, heard: int) -> None:
    known = place(*(seized("2023-11-14", report=f"report-{each}") for each in (1, 2, 3)))
    admitted = known.claims(Perspective(published_by=parse_moment(by)))
    assert len(admitted.claims) + len(admitted.copies) == heard


def test_an_error_that_was_taken_back_later_stands_in_a_view_of_what_had_been_published() -> None:
    known = place(seized("2023-11-14"), retracted(FIRST, "report-3"))
    assert holders(known) == ["UNKNOWN"]
    assert holders(known, Perspective(published_by=parse_moment("2023-12-01"))) == ["fama"]


def test_a_retraction_by_a_source_that_is_not_heard_takes_nothing_back() -> None:
    known = place(seized("2023-11-14"), retracted(FIRST, "report-3"), reinstated(FIRST))
    assert holders(known, Perspective(exclude_sources=frozenset({RFI}))) == ["fama"]
    again = place(seized("2023-11-14"), retracted(FIRST), reinstated(FIRST, "report-3"))
    assert holders(again, Perspective(exclude_sources=frozenset({RFI}))) == ["UNKNOWN"]


def test_the_last_word_on_an_event_is_the_last_recorded_in_whatever_order_it_comes() -> None:
    claims = place(seized("2023-11-14")).claims().claims
    word = Provenance(AFP, AFP, parse_moment("2023-11-15"), Reliability.B)
    taken_back, brought_back = (
        Revocation(claims[0].event, position, position == 9, word) for position in (8, 9)
    )
    assert live(claims, [taken_back, brought_back]).claims == claims
    assert live(claims, [brought_back, taken_back]).claims == claims


def test_the_default_perspective_is_known_as_such() -> None:
    assert Perspective().is_default
    assert not Perspective(published_by=Instant(0)).is_default


def test_a_base_is_held_by_the_mission_that_deployed_until_it_withdrew() -> None:
    known = place(
        event(events.MissionDeployed, mission="minusma", occurred="2023-01-10"),
        event(events.MissionWithdrawn, mission="minusma", occurred="2023-10-31"),
    )
    assert holders(known, on="2023-05-01") == ["minusma"]
    assert holders(known) == [ControlStatus.VACANT]


def test_a_place_is_besieged_until_the_siege_is_lifted_or_the_besieger_is_no_more() -> None:
    said = [
        event(events.SiegeLaid, by=["jnim", "csp"], occurred="2023-08-08"),
        event(events.SiegeLaid, by="jnim", occurred="2023-08-08", location="gao"),
        event(events.ActorDissolved, actor="csp", occurred="2023-09-01"),
        event(events.SiegeLifted, occurred="2023-10-01"),
    ]
    assert besiegers(place(*said), "2023-08-09") == ["csp", "jnim"]
    assert besiegers(place(*said), "2023-09-01") == ["jnim"]
    assert besiegers(place(*said), "2023-10-01") == []
    assert besiegers(place(*said, retracted(FIRST + 3)), "2023-10-01") == ["jnim"]


def besiegers(known: Location, on: str) -> list[str]:
    return [each.tie.subject for each in known.sieges(parse_moment(on))]


# ---- An actor --------------------------------------------------------------------------------

MINUSMA = ActorId("minusma")
DEPLOYED = [TieKind.DEPLOYED_AT]
Spells = list[tuple[str, str | None, str | None]]


def known_of(*said: Event) -> Actor:
    return actor.fold(MINUSMA, entries(*said))


def nowhere(place: LocationId) -> tuple[LocationId, ...]:
    return ()


def deployed(on: str, **fields: object) -> Event:
    return event(events.MissionDeployed, mission="minusma", occurred=on, **fields)


def withdrew(on: str, **fields: object) -> Event:
    return event(events.MissionWithdrawn, mission="minusma", occurred=on, **fields)


def missions(*said: Event, day: str = "2024-06-01") -> Spells:
    """The places of missions with beginning and end, as known at the day."""
    text = {
        each.occurred.window: each.occurred.text
        for each in said
        if isinstance(each, events.SituationEvent)
    } | {None: None}
    found = known_of(*said).spells(parse_moment(day), nowhere, DEPLOYED)
    return [(each.tie.object, text[each.since], text[each.until]) for each in found]


def test_an_actor_knows_its_own_registration() -> None:
    own = event(events.ActorRegistered, actor="minusma", name="MINUSMA", kind="mission")
    other = event(events.ActorRegistered, actor="fama", name="FAMa", kind="state-force")
    assert known_of(own, other).registered == own
    assert known_of(other).registered is None


def test_a_mission_is_deployed_until_it_withdraws() -> None:
    assert missions(deployed("2013-07")) == [("kidal", "2013-07", None)]
    said = deployed("2013-07"), withdrew("2023-10-31")
    assert missions(*said) == [("kidal", "2013-07", "2023-10-31")]
    assert missions(*said, day="2023-10-30") == [("kidal", "2013-07", None)]
    assert missions(*said, day="2013-06-30") == []


def test_missions_follow_valid_time_whatever_the_order_of_recording() -> None:
    said = withdrew("2023-10-31"), deployed("2013-07")
    assert missions(*said) == [("kidal", "2013-07", "2023-10-31")]


def test_a_mission_may_withdraw_from_where_nobody_said_it_had_come() -> None:
    assert missions(withdrew("2023-10-31")) == [("kidal", None, "2023-10-31")]


def test_a_mission_may_come_back() -> None:
    said = deployed("2013-07"), withdrew("2014-05"), deployed("2015-02")
    assert missions(*said) == [("kidal", "2013-07", "2014-05"), ("kidal", "2015-02", None)]


def test_a_mission_is_in_each_place_by_itself() -> None:
    said = deployed("2013-07"), deployed("2013-08", location="menaka"), withdrew("2023")
    assert missions(*said) == [("kidal", "2013-07", "2023"), ("menaka", "2013-08", None)]


def test_a_mission_that_leaves_a_country_has_left_its_towns() -> None:
    known = known_of(deployed("2013-07"), withdrew("2023-12-31", location="mali"))
    kidal, mali = known.spells(
        parse_moment("2024-06-01"), lambda place: (LocationId("mali"),), DEPLOYED
    )
    assert kidal.tie.object == "kidal"
    assert kidal.until == mali.until == Occurred.parse("2023-12-31").window


def test_a_second_source_for_a_withdrawal_does_not_forget_when_the_mission_had_come() -> None:
    said = deployed("2013-07"), withdrew("2023-10-31"), withdrew("2023-10-31", report="report-2")
    assert missions(*said) == [("kidal", "2013-07", "2023-10-31")]


def test_of_a_day_and_a_month_that_begin_together_the_day_comes_first() -> None:
    arrived, left = deployed("2023-10-01"), withdrew("2023-10")
    expected = [("kidal", "2023-10-01", "2023-10")]
    assert missions(arrived, left) == missions(left, arrived) == expected


def test_a_mission_of_others_is_not_its_own() -> None:
    other = event(events.MissionDeployed, mission="g5-sahel", occurred="2017")
    assert missions(other) == []


def test_a_deployment_taken_back_does_not_count_and_counts_again_when_reinstated() -> None:
    said = [deployed("2013-07"), withdrew("2023-10-31"), retracted(2), reinstated(2)]
    assert missions(*said[:3]) == [("kidal", "2013-07", None)]
    assert missions(*said) == [("kidal", "2013-07", "2023-10-31")]
    assert missions(*said, retracted(1)) == [("kidal", None, "2023-10-31")]


def test_an_actor_goes_by_its_first_name_until_it_takes_another() -> None:
    known = known_of(
        event(
            events.ActorRegistered,
            actor="minusma",
            name="MINUSMA",
            kind="mission",
            aliases=["Blue Helmets"],
        ),
        event(events.ActorRenamed, actor="minusma", name="The UN", occurred="2024-01"),
        event(events.ActorRenamed, actor="fama", name="The army", occurred="2023-01-01"),
    )
    assert [
        known.names(parse_moment(day)) for day in ("2023-12-31", "2024-01-05", "2024-01-31")
    ] == [
        ["MINUSMA", "Blue Helmets"],
        ["MINUSMA", "The UN", "Blue Helmets"],
        ["The UN", "Blue Helmets"],
    ]
    assert known_of().names(parse_moment("2024-01-01")) == []


def test_an_actor_is_at_one_end_of_all_its_ties() -> None:
    known = known_of(
        event(events.AllianceFormed, parties=["minusma", "fama"], occurred="2013-07"),
        event(events.CoalitionJoined, members="x", coalition="minusma", occurred="2013-07"),
        event(events.CoalitionJoined, members="y", coalition="x", occurred="2013-07"),
    )
    at = parse_moment("2024-01-01")
    assert [(each.tie.subject, each.tie.object) for each in known.ties(at, nowhere)] == [
        *(("fama", "minusma"), ("minusma", "fama")),
        ("x", "minusma"),
    ]
    members = known.ties(at, nowhere, [TieKind.MEMBER_OF])
    assert [each.tie.subject for each in members] == ["x"]


def test_a_place_that_goes_by_its_id_is_not_the_actor() -> None:
    known = known_of(
        event(
            events.MissionWithdrawn,
            mission="g5",
            location="minusma",
            handed_to="minusma",
            occurred="2023",
        )
    )
    assert known.spells(parse_moment("2024-01-01"), nowhere) == []


def convoy(kind: type[events.ConvoyEvent], on: str, **fields: object) -> Event:
    common = {"convoy": "column-1", "owners": "minusma", "occurred": on}
    return event(kind, **common | fields)


def convoys(known: Actor, day: str = "2023-11-10") -> list[tuple[str, str]]:
    return [(each.convoy, each.phase) for each in known.convoys(parse_moment(day))]


def test_of_a_convoy_the_last_word_counts_in_valid_time() -> None:
    stalled = convoy(events.ConvoyStalled, "2023-11-02")
    departed = convoy(events.ConvoyDeparted, "2023-10-31")
    known = known_of(stalled, departed)
    assert convoys(known) == [("column-1", "stalled")]
    assert convoys(known, "2023-11-01") == [("column-1", "moving")]


def test_a_convoys_word_taken_back_gives_way_to_the_word_before() -> None:
    departed = convoy(events.ConvoyDeparted, "2023-10-31")
    known = known_of(departed, convoy(events.ConvoyStalled, "2023-11-02"), retracted(2))
    assert convoys(known) == [("column-1", "moving")]


def test_a_convoy_that_an_actor_halted_is_not_its_own() -> None:
    halted = convoy(
        events.ConvoyStalled, "2023-11-02", owners="fama", halted_by="minusma", convoy="column-2"
    )
    known = known_of(halted, convoy(events.ConvoyArrived, "2023-11-09"))
    assert convoys(known) == [("column-1", "arrived")]


def test_a_convoy_that_others_own_by_now_is_no_longer_the_actors() -> None:
    known = known_of(
        convoy(events.ConvoyDeparted, "2023-10-31"),
        convoy(events.ConvoyArrived, "2023-11-02", owners="fama"),
    )
    assert convoys(known, "2023-11-01") == [("column-1", "moving")]
    assert convoys(known) == []
