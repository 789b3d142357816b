"""The rule of control, clause by clause: each test is one sentence of it.

Day 1 is the first of November 2023, and whoever is not named is a source of its own, graded B2.
"""

import pytest

from domain import events
from domain.control.claims import Assertion, ClaimKind, ControlStatus, Weight, assertion_of
from domain.control.timeline import Timeline
from domain.control.verdict import Silence, SinceIs
from domain.grades import Grade
from domain.occurred import Occurred, Window
from domain.values import ActorId, LocationKind, Reliability
from tests.domain.builders import (
    abandoned,
    captured,
    contested,
    event,
    handed_over,
    nobody_knows,
    seen,
    seized,
)
from tests.domain.given import given

# ---- What an event asserts -------------------------------------------------------------------


def test_nobody_having_spoken_the_answer_is_unknown() -> None:
    given().ask(day=6).unknown().certain()


def test_a_captured_base_changes_hands() -> None:
    given(captured("csp", day=1), captured("fama", day=5)).ask(day=6).held_by("fama")


def test_before_it_changed_hands_it_was_in_other_hands() -> None:
    given(captured("csp", day=1), captured("fama", day=5)).ask(day=4).held_by("csp")


def test_a_seized_town_changes_hands() -> None:
    given(captured("csp", day=1), seized("fama", day=5)).ask(day=6).held_by("fama")


def test_a_place_handed_over_is_held_by_the_receiver() -> None:
    given(captured("minusma", day=1), handed_over("minusma", to="fama", day=5)).ask(6).held_by(
        "fama"
    )


def test_an_abandoned_position_is_vacant() -> None:
    given(captured("fama", day=1), abandoned("fama", day=5)).ask(day=6).vacant()


def test_a_place_reported_in_nobodys_hands_is_vacant() -> None:
    given(seen(day=5)).ask(day=6).vacant()


def test_a_contested_place_is_contested_between_those_who_fight() -> None:
    given(contested("fama", "csp", day=5)).ask(day=6).contested("csp", "fama")


def test_a_place_may_be_contested_between_nobody_knows_whom() -> None:
    given(contested(day=5)).ask(day=6).contested()


FAMA, CSP, MINUSMA = ActorId("fama"), ActorId("csp"), ActorId("minusma")


def taken(by: ActorId, *leaving: ActorId) -> Assertion:
    return Assertion(ClaimKind.TRANSITION, ControlStatus.HELD, (by,), leaving)


def left(by: ActorId) -> Assertion:
    return Assertion(ClaimKind.TRANSITION, ControlStatus.VACANT, leaving=(by,))


def watched(status: ControlStatus, *by: ActorId) -> Assertion:
    return Assertion(ClaimKind.OBSERVATION, status, by)


def said(kind: type[events.LocatedEvent], **fields: object) -> events.LocatedEvent:
    return event(kind, occurred="2023-11-14", **fields)


@pytest.mark.parametrize(
    ("event", "asserted"),
    [
        (said(events.BaseCaptured, by="fama"), taken(FAMA)),
        (said(events.BaseCaptured, by="fama", taken_from="csp"), taken(FAMA, CSP)),
        (said(events.TownSeized, by="fama", taken_from="csp"), taken(FAMA, CSP)),
        (
            said(events.ControlHandedOver, handed_from="minusma", handed_to="fama"),
            taken(FAMA, MINUSMA),
        ),
        (said(events.PositionAbandoned, by="fama"), left(FAMA)),
        (said(events.ControlReported, holders="fama"), watched(ControlStatus.HELD, FAMA)),
        (said(events.ControlReported, holders=()), watched(ControlStatus.VACANT)),
        (
            said(events.LocationContested, between=("fama", "csp")),
            watched(ControlStatus.CONTESTED, FAMA, CSP),
        ),
    ],
)
@pytest.mark.parametrize("place", LocationKind)
def test_towns_bases_and_sites_can_be_held_and_a_region_where_it_is_said_of_the_whole(
    place: LocationKind, event: events.Event, asserted: Assertion
) -> None:
    can_be_held = place in {LocationKind.TOWN, LocationKind.BASE, LocationKind.SITE}
    of_a_region = events.ControlReported | events.LocationContested | events.ControlHandedOver
    is_told = can_be_held or (place is LocationKind.REGION and isinstance(event, of_a_region))
    assert assertion_of(event, place) == (asserted if is_told else None)


@pytest.mark.parametrize(
    ("event", "asserted"),
    [
        (said(events.MissionDeployed, mission="minusma"), watched(ControlStatus.HELD, MINUSMA)),
        (said(events.MissionWithdrawn, mission="minusma"), left(MINUSMA)),
        (
            said(events.MissionWithdrawn, mission="minusma", handed_to="fama"),
            taken(FAMA, MINUSMA),
        ),
    ],
)
@pytest.mark.parametrize("place", LocationKind)
def test_a_mission_holds_a_base_and_no_other_place(
    place: LocationKind, event: events.Event, asserted: Assertion
) -> None:
    assert assertion_of(event, place) == (asserted if place is LocationKind.BASE else None)


@pytest.mark.parametrize(
    "kind",
    [
        events.ConvoyDeparted,
        events.ConvoyStalled,
        events.ConvoyResumed,
        events.ConvoyArrived,
    ],
)
def test_a_convoy_at_a_place_says_nothing_about_control(kind: type[events.ConvoyEvent]) -> None:
    passing = said(kind, convoy="column-1", owners="fama")
    assert all(assertion_of(passing, place) is None for place in LocationKind)


# ---- 1. One voice per origin -----------------------------------------------------------------


def test_a_source_that_speaks_again_corrects_itself() -> None:
    given(seen("csp", day=1, source="afp"), seen("fama", day=2, source="afp")).ask(3).held_by(
        "fama"
    ).told_by("afp").nobody_outweighed()


def test_the_last_word_of_a_source_is_the_last_in_valid_time_whatever_came_first() -> None:
    given(seen("fama", day=2, source="afp"), seen("csp", day=1, source="afp")).ask(3).held_by(
        "fama"
    )


def test_of_two_words_on_one_day_the_one_published_later_is_the_last() -> None:
    given(
        seen("fama", day=1, published=3, source="afp"),
        seen("csp", day=1, published=2, source="afp"),
    ).ask(4).held_by("fama")


def test_of_two_words_published_together_the_one_recorded_later_is_the_last() -> None:
    given(seen("csp", day=1, source="afp"), seen("fama", day=1, source="afp")).ask(2).held_by(
        "fama"
    )


def test_a_source_that_returns_to_its_first_word_means_that() -> None:
    given(
        seen("csp", day=1, published=2, source="afp"),
        seen("fama", day=1, published=3, source="afp"),
        seen("csp", day=1, published=4, source="afp"),
    ).ask(5).held_by("csp")


def test_a_word_said_again_counts_as_published_when_it_first_was() -> None:
    given(
        seen("csp", day=1, published="2023-11-01T10:00:00Z", source="afp"),
        seized("fama", taken_from="csp", day=1, published="2023-11-01T18:00:00Z", source="rfi"),
        seen("csp", day=1, published=8, source="afp"),
    ).ask(5).held_by("fama")


def test_a_wider_window_that_begins_earlier_does_not_replace_a_later_word() -> None:
    given(captured("fama", day=14, source="afp"), captured("csp", day="2023-11", source="afp")).ask(
        "2023-12-01"
    ).held_by("fama")


def test_a_source_that_passes_on_a_rumour_has_not_unsaid_what_it_knew() -> None:
    given(seen("csp", day=1, source="afp"), seen("fama", day=90, source="afp", grade="B5")).ask(
        91
    ).held_by("csp").outweighed("afp", "afp", Silence.LIGHTER_THAN_ITS_OWN)


def test_a_weak_word_of_a_source_replaces_its_firm_one_of_more_than_30_days_ago() -> None:
    firm = seen("csp", day=1, source="afp", grade="D2")
    given(firm, seen("fama", day=32, source="afp", grade="D3")).ask(32).held_by("csp")
    given(firm, seen("fama", day=33, source="afp", grade="D3")).ask(33).held_by("fama")


def test_two_sources_that_agree_are_two_voices() -> None:
    given(captured("fama", day=5, source="afp"), captured("fama", day=5, source="rfi")).ask(
        6
    ).held_by("fama").told_by("afp", "rfi")


# ---- 2. What a word weighs -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "is_continuous", "weight"),
    [
        *((grade, False, Weight.FIRM) for grade in ("A1", "E1", "F2", "E2", "C3", "A6", "C6")),
        *((grade, False, Weight.WEAK) for grade in ("D3", "E6", "F3", "F6")),
        *((grade, True, Weight.FIRM) for grade in ("F6", "E3")),
        *((grade, True, Weight.DOUBTFUL) for grade in ("A4", "F5")),
        *((grade, False, Weight.DOUBTFUL) for grade in ("A4", "A5", "F4")),
    ],
)
def test_a_word_is_firm_weak_or_doubtful_by_its_grade(
    grade: str, is_continuous: bool, weight: Weight
) -> None:
    assert seen("fama", day=1, grade=grade, continuous=is_continuous).weight is weight


@pytest.mark.parametrize(
    ("one", "other", "is_better"),
    [
        *(("A1", other, True) for other in ("B1", "A2", "E5", "F5", "E6")),
        *((one, other, True) for one, other in (("F1", "D1"), ("F1", "E5"), ("A6", "A4"))),
        *(("C3", other, True) for other in ("F3", "C6", "F6")),
        *((one, one, False) for one in ("A1", "F6")),
        *((one, other, False) for one, other in (("A2", "B1"), ("B1", "A1"), ("F1", "C2"))),
    ],
)
def test_a_grade_is_strictly_better_that_is_nowhere_worse_and_better_on_one_scale(
    one: str, other: str, is_better: bool
) -> None:
    this, that = (Grade(Reliability(text[0]), int(text[1])) for text in (one, other))
    assert this.is_better_than(that) is is_better
    assert str(this) == one


# ---- 3. Later word takes the place of earlier word -------------------------------------------


def test_a_transition_ends_every_voice_that_says_otherwise_before_it() -> None:
    given(
        captured("csp", day=1, source="afp"),
        contested("jnim", "csp", day=1, source="rfi"),
        captured("fama", day=5, source="acled"),
    ).ask(6).held_by("fama").outweighed("afp", "acled", Silence.CHANGED_HANDS).outweighed(
        "rfi", "acled", Silence.CHANGED_HANDS
    )


def test_a_transition_of_the_next_day_is_later() -> None:
    given(captured("csp", day=4), captured("fama", day=5)).ask(5).held_by("fama")


def test_two_sources_that_differ_about_one_day_are_not_ordered() -> None:
    given(captured("csp", day=5), captured("fama", day=5)).ask(6).disputed_between("fama", "csp")


def test_of_windows_that_overlap_the_one_that_ends_later_and_begins_no_earlier_is_later() -> None:
    given(captured("csp", day="2023-11-01/2023-11-05"), captured("fama", day=5)).ask(6).held_by(
        "fama"
    )
    given(captured("csp", day=1), captured("fama", day="2023-11-01/2023-11-05")).ask(6).held_by(
        "fama"
    )


def test_a_window_within_another_is_neither_later_nor_earlier() -> None:
    given(captured("csp", day="2023-11-01/2023-11-09"), captured("fama", day=5)).ask(
        9
    ).disputed_between("fama", "csp")


def test_a_later_sighting_takes_the_place_of_an_earlier_one() -> None:
    given(seen("csp", day=1, source="afp"), seen("fama", day=2, source="rfi")).ask(3).held_by(
        "fama"
    ).outweighed("afp", "rfi", Silence.SEEN_SINCE)


def test_a_sighting_of_credibility_3_does_not_unsay_a_better_graded_word_of_30_days() -> None:
    said = captured("csp", day=1, grade="A2", source="afp")
    given(said, seen("fama", day=32, grade="B3")).ask(32).held_by("csp", disputed_by="fama")
    given(said, seen("fama", day=33, grade="B3", source="rfi")).ask(33).held_by("fama").outweighed(
        "afp", "rfi", Silence.OUTDATED
    )


def test_a_microsecond_more_than_30_days_is_more() -> None:
    said = seen("csp", day="2023-11-01T00:00:00Z", grade="A2")
    for second, holder in (("00:00:00.000001", "csp"), ("00:00:00.000002", "fama")):
        later = seen("fama", day=f"2023-12-01T{second}Z", grade="B3")
        assert given(said, later).ask(40).reading.verdict.holders == (holder,)


def test_a_second_origin_that_sees_the_same_unsays_the_better_graded_word() -> None:
    given(
        captured("csp", day=1, grade="A2", source="afp"),
        seen("fama", day=5, grade="B3", source="rfi"),
        seen("fama", day=6, grade="C3", source="acled"),
    ).ask(7).held_by("fama").outweighed("afp", "rfi", Silence.CONFIRMED)


def test_a_reported_change_unsays_a_better_graded_sighting() -> None:
    given(seen("csp", day=1, grade="A1"), captured("fama", day=2, grade="C3")).ask(3).held_by(
        "fama"
    )


def test_the_silence_of_a_continuous_source_keeps_its_word_current() -> None:
    said = seen("csp", day=1, grade="A2", continuous=True)
    given(said, seen("fama", day=90, grade="B3")).ask(91).held_by("csp", disputed_by="fama")
    given(said, captured("fama", day=90, grade="B3")).ask(91).held_by("csp", disputed_by="fama")
    given(said, captured("fama", day=90, grade="B2")).ask(91).held_by("fama")


def test_a_continuous_source_keeps_its_word_current_until_it_ends() -> None:
    said = seen("csp", day=1, grade="A2", continuous=10)
    given(said, seen("fama", day=20, grade="B3")).ask(21).held_by("csp", disputed_by="fama")
    given(said, seen("fama", day=90, grade="B3")).ask(91).held_by("fama")


def test_what_may_have_happened_while_a_source_kept_its_word_current_does_not_end_that() -> None:
    said = given(
        seen("csp", day=1, grade="A2", continuous=40),
        captured("fama", day="2023-12-01/2023-12-20", grade="B3"),
    )
    said.ask("2023-12-05").held_by("csp").perhaps("held by csp, against fama")
    said.ask("2023-12-10").held_by("csp").perhaps("held by fama")
    said.ask("2023-12-20").held_by("fama")


def test_a_weak_word_unsays_a_firm_one_of_more_than_30_days_ago() -> None:
    firm = seen("army", day=1, grade="B3")
    given(firm, captured("rebel", day=32, grade="F3")).ask(33).held_by("army", disputed_by="rebel")
    given(firm, captured("rebel", day=33, grade="F3")).ask(34).held_by("rebel")


def test_a_doubtful_word_never_unsays_a_heavier_one() -> None:
    given(captured("fama", day=1), captured("jnim", day=90, grade="A4")).ask(91).held_by(
        "fama", disputed_by="jnim"
    )
    given(captured("fama", day=1, grade="F6"), captured("jnim", day=90, grade="A4")).ask(
        91
    ).held_by("fama", disputed_by="jnim")


def test_between_words_that_are_not_firm_an_equal_or_heavier_one_is_enough() -> None:
    given(captured("fama", day=1, grade="E5"), captured("jnim", day=2, grade="F4")).ask(3).held_by(
        "jnim"
    )
    given(captured("fama", day=1, grade="F6"), captured("jnim", day=2, grade="E3")).ask(3).held_by(
        "jnim"
    )


def test_a_firm_word_ends_one_that_is_not_firm() -> None:
    given(
        captured("fama", day=1, grade="D3", source="afp"),
        seen("jnim", day=2, grade="C6", source="rfi"),
    ).ask(3).held_by("jnim").outweighed("afp", "rfi", Silence.FIRM_WORD)


def test_a_fight_is_over_when_a_firm_word_says_who_holds_the_place() -> None:
    given(
        contested("fama", "csp", day=1, grade="A1", source="afp"),
        seen("fama", day=2, grade="C3", source="rfi"),
    ).ask(3).held_by("fama").outweighed("afp", "rfi", Silence.FIGHT_OVER)


def test_that_somebody_left_contradicts_nobody_who_came() -> None:
    given(
        abandoned("army", day=1, grade="A1", source="afp"),
        seen("rebels", day=3, grade="F3", source="rfi"),
    ).ask(4).held_by("rebels").outweighed("afp", "rfi", Silence.SOMEBODY_CAME)


def test_a_word_that_its_own_source_has_continued_still_ends_others() -> None:
    given(
        seen("csp", day=1, source="afp"),
        captured("fama", day=3, source="rfi"),
        seen("fama", day=4, source="rfi"),
    ).ask(5).held_by("fama").told_by("rfi").outweighed("afp", "rfi", Silence.CHANGED_HANDS)


def test_a_word_that_has_itself_ended_still_ends_others() -> None:
    given(
        seen("csp", day=1, source="afp", grade="B3"),
        captured("jnim", day=3, source="rfi", grade="B3"),
        captured("fama", day=5, source="acled", grade="C1"),
    ).ask(6).held_by("fama").outweighed("afp", "rfi").outweighed("rfi", "acled")


def test_if_everyone_would_fall_silent_nobody_does() -> None:
    day = 5
    given(
        handed_over("csp", to="fama", day=day),
        handed_over("fama", to="jnim", day=day),
        handed_over("jnim", to="csp", day=day),
    ).ask(6).disputed_between("csp", "jnim", "fama").nobody_outweighed()


# ---- 3, continued. What they say orders claims whose windows overlap -------------------------


def test_anothers_leaving_comes_before_a_taking() -> None:
    given(abandoned("minusma", day=5, source="afp"), captured("fama", day=5, source="rfi")).ask(
        6
    ).held_by("fama").outweighed("afp", "rfi", Silence.SOMEBODY_CAME)


def test_a_place_seen_empty_does_not_come_before_a_taking_of_that_day() -> None:
    given(seen(day=5), captured("fama", day=5)).ask(6).disputed_between("fama", "vacant")


def test_ones_own_taking_comes_before_ones_leaving() -> None:
    given(abandoned("fama", day=5, source="afp"), captured("fama", day=5, source="rfi")).ask(
        6
    ).vacant().outweighed("rfi", "afp", Silence.ALL_LEFT)


def test_of_those_who_took_it_together_the_one_remains_who_did_not_leave() -> None:
    given(captured(["fama", "wagner"], day=5), abandoned(["wagner", "csp"], day=5)).ask(6).held_by(
        "fama"
    )


def test_a_sighting_published_with_a_leaving_of_that_day_is_a_denial() -> None:
    given(seen("fama", day=5), abandoned("fama", day=5)).ask(6).disputed_between("vacant", "fama")


def test_a_sighting_published_before_a_leaving_of_that_day_comes_before_it() -> None:
    given(seen("fama", day=5, published=5), abandoned("fama", day=5, published=6)).ask(6).vacant()


def test_a_holding_comes_before_a_taking_from_the_holder() -> None:
    given(
        captured("fama", taken_from="csp", day=5, source="afp"),
        captured("csp", day=5, source="rfi"),
    ).ask(6).held_by("fama").outweighed("rfi", "afp", Silence.COMES_BEFORE)


def test_a_sighting_of_the_loser_published_after_the_taking_denies_it() -> None:
    taking = captured("fama", taken_from="csp", day=5, published=6)
    given(taking, seen("csp", day=5, published=5)).ask(7).held_by("fama")
    given(taking, seen("csp", day=5, published=7)).ask(7).disputed_between("csp", "fama")


def test_where_each_is_said_to_take_it_from_the_other_the_one_published_before_came_first() -> None:
    given(
        captured("fama", taken_from="csp", day=5),
        captured("csp", taken_from="fama", day=5),
    ).ask(6).disputed_between("csp", "fama")
    given(
        captured("fama", taken_from="csp", day=5, published=5),
        captured("csp", taken_from="fama", day=5, published=6),
    ).ask(6).held_by("csp")


def test_what_they_say_orders_windows_of_any_width() -> None:
    given(captured("csp", day="2023-11"), captured("fama", taken_from="csp", day=14)).ask(
        "2023-12-01"
    ).held_by("fama")


# ---- 4. Who has left holds no longer ---------------------------------------------------------


def test_of_a_joint_holding_the_others_remain() -> None:
    given(captured(["army", "militia"], day=1), abandoned("militia", day=5)).ask(6).held_by("army")


def test_where_all_have_left_the_place_is_vacant() -> None:
    given(
        captured(["army", "militia"], day=1), abandoned("militia", day=5), abandoned("army", day=6)
    ).ask(7).vacant()


def test_where_one_source_says_all_of_it_the_others_remain_too() -> None:
    given(
        captured(["army", "militia"], day=1, source="afp"),
        abandoned("militia", day=5, source="afp"),
    ).ask(6).held_by("army")


def test_a_contested_place_is_held_by_the_one_contender_who_did_not_leave() -> None:
    given(contested("fama", "csp", day=1), abandoned("csp", day=5)).ask(6).held_by("fama")


def test_a_lighter_leaving_strikes_nobody() -> None:
    given(captured("fama", day=1), abandoned("fama", day=5, grade="F3")).ask(6).held_by(
        "fama", disputed_by="vacant"
    )


def test_a_leaving_of_one_who_does_not_hold_the_place_says_nothing_of_it() -> None:
    given(captured("fama", day=1, source="afp"), abandoned("csp", day=5, source="rfi")).ask(
        6
    ).held_by("fama").outweighed("rfi", "afp", Silence.ONLY_A_LEAVING)


def test_who_is_seen_there_later_has_not_left() -> None:
    given(captured("fama", day=1), abandoned("fama", day=5), seen("fama", day=6)).ask(7).held_by(
        "fama"
    )


# ---- 6. Voices that agree are one side -------------------------------------------------------


def test_voices_agree_when_their_holders_meet() -> None:
    given(seen("fama", "wagner", day=5), seen("fama", day=5)).ask(6).held_by("fama", "wagner")


def test_the_best_corroborated_holder_comes_first() -> None:
    given(seen("wagner", "fama", day=5), seen("fama", day=5)).ask(6).held_by("fama", "wagner")


def test_holders_named_as_often_come_by_their_ids() -> None:
    given(seen("wagner", "fama", day=5), seen("fama", "wagner", day=6)).ask(7).held_by(
        "fama", "wagner"
    )


def test_agreement_passes_on_from_one_voice_to_the_next() -> None:
    first, both, last = seen("fama", day=5), seen("fama", "wagner", day=5), seen("wagner", day=5)
    given(first, both, last).ask(6).held_by("fama", "wagner")
    given(first, last, both).ask(6).held_by("fama", "wagner")


def test_all_who_say_that_nobody_holds_it_agree() -> None:
    given(seen(day=5), abandoned("fama", day=5)).ask(6).vacant()


def test_contests_agree_when_their_contenders_meet() -> None:
    given(contested("fama", "csp", day=5), contested("csp", "jnim", day=5)).ask(6).contested(
        "csp", "fama", "jnim"
    )
    given(contested("fama", "csp", day=5), contested(day=5)).ask(6).contested("csp", "fama")


def test_held_and_contested_do_not_agree() -> None:
    given(seen("fama", day=5), contested("fama", "csp", day=5)).ask(6).disputed_between(
        "contested by csp and fama", "fama"
    )


# ---- 6, continued. What the sides amount to --------------------------------------------------


def test_one_voice_better_graded_than_every_rival_prevails_disputed() -> None:
    given(seen("fama", day=5, grade="A1"), seen("csp", day=5, grade="B2")).ask(6).held_by(
        "fama", disputed_by="csp"
    ).told_by("source-1")


def test_one_better_graded_voice_does_not_prevail_against_two_to_one() -> None:
    given(
        seen("fama", day=5, grade="A1"),
        seen("csp", day=5, grade="B2"),
        seen("csp", day=5, grade="C1"),
    ).ask(6).disputed_between("csp", "fama")


def test_twice_as_many_origins_prevail_where_the_others_are_not_better_graded() -> None:
    given(
        seen("fama", day=5, grade="B2"),
        seen("csp", day=5, grade="C3"),
        seen("csp", day=5, grade="B2"),
    ).ask(6).held_by("csp", disputed_by="fama")


def test_a_voice_must_be_better_than_every_voice_of_the_others() -> None:
    given(
        seen("fama", day=5, grade="A3"),
        seen("fama", day=5, grade="C1"),
        seen("csp", day=5, grade="B3"),
        seen("jnim", day=5, grade="C2"),
    ).ask(6).disputed_between("fama", "jnim", "csp")


def test_what_is_not_judged_is_outweighed_by_what_is_judged_better() -> None:
    given(seen("fama", day=5, grade="A1"), seen("csp", day=5, grade="F2")).ask(6).held_by(
        "fama", disputed_by="csp"
    )


def test_a_vacant_or_contested_side_may_prevail_too() -> None:
    given(seen(day=5, grade="A1"), seen("csp", day=5, grade="B2")).ask(6).vacant(
        disputed_by=["csp"]
    )
    given(contested("fama", day=5, grade="A1"), seen(day=5)).ask(6).contested(
        "fama", disputed_by=["vacant"]
    )


def test_a_fight_that_nobody_saw_for_30_days_disputes_no_longer() -> None:
    said = given(contested("fama", "csp", day=5, source="afp"), seen("fama", day=5))
    said.ask(35).disputed_between("fama", "contested by csp and fama")
    said.ask(36).held_by("fama").outweighed("afp", "", Silence.FIGHT_UNSEEN)


def test_a_lighter_word_disputes_for_30_days_unless_somebody_confirms_it() -> None:
    said = given(captured("fama", day=1), captured("jnim", day=5, grade="F3", source="x"))
    said.ask(35).held_by("fama", disputed_by="jnim")
    said.ask(36).held_by("fama").outweighed("x", "", Silence.UNCONFIRMED)


def test_an_improbable_word_disputes_nothing() -> None:
    given(captured("fama", day=1), captured("jnim", day=5, grade="A5", source="x")).ask(6).held_by(
        "fama"
    ).outweighed("x", "", Silence.IMPROBABLE)


def test_a_lighter_word_that_agrees_is_evidence_and_names_no_holder() -> None:
    given(
        captured("fama", day=1, source="afp"), seen("fama", "x", day=5, grade="F3", source="rfi")
    ).ask(6).held_by("fama").told_by("afp", "rfi")


# ---- 7. Uncertain time stays uncertain -------------------------------------------------------


def test_a_date_asks_about_the_close_of_that_day() -> None:
    given(captured("fama", day=5)).ask(5).held_by("fama").certain()


def test_within_the_window_of_a_transition_the_answer_is_without_it_and_with_it_is_possible() -> (
    None
):
    given(captured("csp", day=1), captured("fama", day=5)).ask("2023-11-05T12:00:00Z").held_by(
        "csp"
    ).perhaps("held by fama")


def test_within_the_window_of_an_observation_the_answer_is_with_it() -> None:
    army = given(seen("army", day="2015"))
    army.ask("2014-12-31").unknown().certain()
    army.ask("2015-06-15").held_by("army").perhaps("unknown")
    army.ask("2015-12-31").held_by("army").certain()


def test_the_window_is_open_from_its_first_microsecond_to_the_last_but_one() -> None:
    fallen = given(captured("fama", day=5))
    fallen.ask("2023-11-04T23:59:59.999999Z").unknown().certain()
    fallen.ask("2023-11-05T00:00:00Z").unknown().perhaps("held by fama")
    fallen.ask("2023-11-05T23:59:59.999998Z").unknown().perhaps("held by fama")
    fallen.ask("2023-11-05T23:59:59.999999Z").held_by("fama").certain()


def test_a_known_instant_is_never_uncertain() -> None:
    fallen = given(captured("fama", day="2023-11-05T06:30:00Z"))
    fallen.ask("2023-11-05T06:29:59.999999Z").unknown().certain()
    fallen.ask("2023-11-05T06:30:00Z").held_by("fama").certain()


def test_a_month_counts_at_its_close() -> None:
    fallen = given(captured("fama", day="2023-11"))
    fallen.ask("2023-11-01").unknown().perhaps("held by fama")
    fallen.ask("2023-11-29").unknown().perhaps("held by fama")
    fallen.ask("2023-11-30").held_by("fama").certain()


def test_an_open_claim_that_would_change_nothing_leaves_the_answer_certain() -> None:
    given(captured("fama", day=1), seen("fama", day="2023-11")).ask(5).held_by("fama").certain()


def test_several_open_changes_may_each_have_happened_or_all() -> None:
    given(
        captured("minusma", day=1),
        captured("csp", day="2023-11-10/2023-11-20"),
        captured("fama", day="2023-11-12/2023-11-18"),
    ).ask(16).held_by("minusma").perhaps(
        "held by csp", "held by fama", "disputed, against fama, csp"
    )


def test_before_a_sighting_that_alone_reveals_a_change_what_it_saw_is_possible() -> None:
    said = given(seen("csp", day=1), seen("fama", day=9))
    said.ask(1).held_by("csp").certain()
    said.ask(2).held_by("csp").perhaps("held by fama")
    said.ask(8).held_by("csp").perhaps("held by fama")
    said.ask(9).held_by("fama").certain()


def test_a_word_for_the_answer_in_between_makes_it_certain_up_to_there() -> None:
    said = given(seen("csp", day=1), seen("csp", day=5), seen("fama", day=9))
    said.ask(4).held_by("csp").certain()
    said.ask(6).held_by("csp").perhaps("held by fama")


def test_a_change_that_is_reported_with_its_day_leaves_the_time_before_certain() -> None:
    given(seen("csp", day=1), captured("fama", day=9)).ask(8).held_by("csp").certain()


def test_the_silence_of_a_continuous_source_makes_the_time_before_certain() -> None:
    given(seen("csp", day=1, continuous=True), seen("fama", day=9)).ask(8).held_by("csp").certain()


def test_a_firm_source_that_does_not_know_any_more_makes_unknown_possible() -> None:
    said = given(captured("csp", day=1), nobody_knows(day=9))
    said.ask(8).held_by("csp").certain()
    said.ask(9).held_by("csp").perhaps("unknown")


def test_a_source_that_does_not_know_unsays_its_own_word() -> None:
    given(captured("csp", day=1, source="afp"), nobody_knows(day=9, source="afp")).ask(10).unknown()


# ---- Periods: since when, and until when -----------------------------------------------------


def extent(*texts: str | None) -> tuple[Window | None, ...]:
    return tuple(Occurred.parse(text).window if text else None for text in texts)


def test_an_answer_says_since_when_and_until_when_it_holds() -> None:
    changing = given(captured("csp", day=1), captured("fama", day=5), abandoned("fama", day=9))
    for day, since, until in [
        ("2023-10-31", None, "2023-11-01"),
        ("2023-11-04", "2023-11-01", "2023-11-05"),
        ("2023-11-05", "2023-11-05", "2023-11-09"),
        ("2023-11-20", "2023-11-09", None),
    ]:
        period = changing.ask(day).period
        assert (period.since, period.until) == extent(since, until)


def test_since_and_until_are_as_exact_as_the_sources_are() -> None:
    changing = given(captured("csp", day="2023-10"), captured("fama", day="2023-11-05T06Z"))
    period = changing.ask("2023-11-01").period
    assert (period.since, period.until) == extent("2023-10", "2023-11-05T06Z")


def test_an_answer_goes_on_while_evidence_comes_and_goes() -> None:
    going_on = given(captured("fama", day=1), seen("fama", day=3), seen("fama", day=60))
    for day, heard in ((2, "2023-11-01"), (4, "2023-11-03"), (61, "2023-12-30")):
        period = going_on.ask(day).period
        assert (period.since, period.until) == extent("2023-11-01", None)
        assert period.last_heard == Occurred.parse(heard).window


def test_a_holder_who_joins_begins_a_new_answer_and_each_has_its_own_since() -> None:
    period = given(captured("fama", day=1), seen("fama", "wagner", day=9)).ask(10).period
    joined = Occurred.parse("2023-11-02/2023-11-09").window
    assert period.since == joined
    assert [(each.actor, each.since) for each in period.holding] == [
        ("fama", Occurred.parse("2023-11-01").window),
        ("wagner", joined),
    ]


def test_what_was_only_seen_began_by_then_and_nobody_says_when() -> None:
    shown = given(seen("fama", day=5)).ask(6).period
    assert (shown.since, shown.since_is) == (Occurred.parse("2023-11-05").window, SinceIs.SEEN)
    shown = given(captured("fama", day=5)).ask(6).period
    assert (shown.since, shown.since_is) == (Occurred.parse("2023-11-05").window, SinceIs.BEGAN)


def test_a_change_that_a_sighting_revealed_began_between_the_two_words() -> None:
    shown = given(seen("csp", day=1), seen("fama", day=5)).ask(6).period
    between = Occurred.parse("2023-11-02/2023-11-05").window
    assert (shown.since, shown.since_is) == (between, SinceIs.BEGAN)


def test_a_sighting_of_a_continuous_source_counts_as_a_change() -> None:
    shown = given(seen("fama", day=5, continuous=True)).ask(6).period
    assert (shown.since, shown.since_is) == (Occurred.parse("2023-11-05").window, SinceIs.BEGAN)


def test_while_time_is_uncertain_the_answer_still_began_when_it_did() -> None:
    period = (
        given(captured("csp", day=1), captured("fama", day="2023-11-05/2023-11-08"))
        .ask(6)
        .held_by("csp")
        .perhaps("held by fama")
        .period
    )
    assert (period.since, period.until) == extent("2023-11-01", "2023-11-05/2023-11-08")


def test_a_dispute_began_with_the_word_that_disputes() -> None:
    period = given(captured("csp", day=1), captured("fama", day="2023-11-01T12Z")).ask(6).period
    assert (period.since, period.until) == extent("2023-11-01", None)


def test_a_claim_that_arrives_in_order_changes_nothing_before_it() -> None:
    csp, fama = given(captured("csp", day=1), seen("csp", day=5)).claims
    timeline = Timeline([csp])
    assert timeline.add(fama).after == fama.occurred.earliest


def test_a_claim_that_ends_a_holding_changes_until_when_it_held() -> None:
    csp, fama = given(captured("csp", day=1), captured("fama", day=5)).claims
    timeline = Timeline([csp])
    assert timeline.add(fama).after == csp.occurred.latest - 1
    assert timeline.become([csp]).after == csp.occurred.latest - 1
    assert timeline.periods() == Timeline([csp]).periods()


@pytest.mark.parametrize("text", ["0001", "0001-01", "0001-01-01", "0001-01-01T00:00:00Z"])
def test_the_calendar_may_begin_with_a_claim(text: str) -> None:
    fallen = given(captured("fama", day=text))
    fallen.ask("2023-11-01").held_by("fama").certain()
    timeline = Timeline()
    timeline.add(fallen.claims[0])
    assert timeline.periods() == Timeline(fallen.claims).periods()


def test_a_lighter_rival_is_no_side_of_a_dispute_whose_word_would_tell_when_that_began() -> None:
    said = given(
        captured(by="fama", day=1, source="afp", grade="A1"),
        abandoned(by="fama", day=2, source="afp", grade="A1"),
        seen("wagner", day=2, grade="D1"),
        seen(day=2, grade="D3"),
        seen("fama", day="2023-11-02T06Z", source="afp", grade="A2"),
    )
    hour = Occurred.parse("2023-11-02T06Z").window
    assert said.ask("2023-11-02T06:30:00Z").period.since == hour


def test_a_reading_that_several_open_words_make_possible_is_told_with_all_of_them() -> None:
    said = given(
        seized("m23", day="2023-12-20/2024-01-25", grade="C3"),
        seized("m23", day="2024-01", grade="B2"),
    )
    (reading,) = said.ask("2024-01-10").perhaps("held by m23").reading.possible
    assert [event.split()[1] for event in reading.evidence] == ["source-1", "source-2"]
