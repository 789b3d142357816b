"""The rule of control, clause by clause: each test is one sentence of it.

Day 1 is the first of November 2023, and whoever is not named is a source of its own, graded B2.
"""

import pytest

from domain import events
from domain.claims import Assertion, ClaimKind, ControlStatus, Grade, assertion_of
from domain.occurred import Occurred, Window
from domain.timeline import Timeline
from domain.values import ActorId, LocationKind, Reliability
from domain.verdict import Silence
from tests.domain.builders import (
    abandoned,
    captured,
    contested,
    event,
    handed_over,
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
    given(contested("fama", "csp", day=5)).ask(day=6).contested("fama", "csp")


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
def test_only_towns_bases_and_sites_can_be_held(
    place: LocationKind, event: events.Event, asserted: Assertion
) -> None:
    can_be_held = place in {LocationKind.TOWN, LocationKind.BASE, LocationKind.SITE}
    assert assertion_of(event, place) == (asserted if can_be_held else None)


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
    given(seen("csp", day=1, source="afp"), seen("fama", day=2, source="afp", grade="B5")).ask(
        3
    ).held_by("fama").told_by("afp").nobody_outweighed()


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


def test_a_wider_window_that_begins_earlier_does_not_replace_a_later_word() -> None:
    given(captured("fama", day=14, source="afp"), captured("csp", day="2023-11", source="afp")).ask(
        "2023-12-01"
    ).held_by("fama")


def test_a_syndicated_copy_adds_no_voice() -> None:
    answer = given(
        captured("fama", day=5, source="afp"),
        captured("fama", day=5, source="afp", copied_by="rfi"),
    ).ask(day=6)
    answer.held_by("fama").told_by("afp")


def test_two_sources_that_agree_are_two_voices() -> None:
    given(captured("fama", day=5, source="afp"), captured("fama", day=5, source="rfi")).ask(
        6
    ).held_by("fama").told_by("afp", "rfi")


# ---- 2. Later word silences earlier word -----------------------------------------------------


def test_a_transition_silences_every_voice_whose_claim_precedes_it() -> None:
    given(
        captured("csp", day=1, source="afp"),
        seen("jnim", day=3, source="rfi"),
        captured("fama", day=5, source="acled"),
    ).ask(6).held_by("fama").outweighed("afp", "acled", Silence.CHANGED_HANDS).outweighed(
        "rfi", "acled"
    )


def test_a_transition_of_the_next_day_follows_on_without_overlap() -> None:
    given(captured("csp", day=4), captured("fama", day=5)).ask(5).held_by("fama")


def test_two_sources_that_differ_about_one_day_are_not_ordered() -> None:
    given(captured("csp", day=5), captured("fama", day=5)).ask(6).disputed_between("fama", "csp")


def test_windows_that_overlap_are_not_ordered() -> None:
    given(captured("csp", day="2023-11-01/2023-11-05"), captured("fama", day=5)).ask(
        6
    ).disputed_between("fama", "csp")


def test_an_observation_does_not_silence_a_voice_of_the_day_before() -> None:
    given(seen("csp", day=1), seen("fama", day=2)).ask(3).disputed_between("fama", "csp")


def test_an_observation_30_days_later_does_not_silence() -> None:
    given(captured("csp", day=1), seen("fama", day=32)).ask(40).disputed_between("fama", "csp")


def test_an_observation_more_than_30_days_later_silences() -> None:
    given(captured("csp", day=1, source="afp"), seen("fama", day=33, source="rfi")).ask(40).held_by(
        "fama"
    ).outweighed("afp", "rfi", Silence.OUTDATED)


def test_a_microsecond_more_than_30_days_is_more() -> None:
    given(
        seen("csp", day="2023-11-01T00:00:00Z"), seen("fama", day="2023-12-01T00:00:00.000001Z")
    ).ask(40).disputed_between("fama", "csp")
    given(
        seen("csp", day="2023-11-01T00:00:00Z"), seen("fama", day="2023-12-01T00:00:00.000002Z")
    ).ask(40).held_by("fama")


def test_an_observation_does_not_outdate_a_continuous_source() -> None:
    given(seen("csp", day=1, source="acled", continuous=True), seen("fama", day=90)).ask(
        91
    ).disputed_between("fama", "csp")


def test_a_transition_silences_a_continuous_source_like_any_other() -> None:
    given(seen("csp", day=1, continuous=True), captured("fama", day=2)).ask(3).held_by("fama")


def test_an_observation_that_agrees_renews_what_it_outdates() -> None:
    given(captured("fama", day=1, source="afp"), seen("fama", day=60, source="rfi")).ask(
        61
    ).held_by("fama").told_by("rfi")


def test_a_better_graded_voice_is_not_silenced_by_a_rumour() -> None:
    given(captured("fama", day=5, grade="B2"), captured("jnim", day=9, grade="E5")).ask(10).held_by(
        "fama", disputed_by="jnim"
    ).nobody_outweighed()


def test_a_better_graded_voice_is_not_outdated_by_a_rumour() -> None:
    given(captured("fama", day=5, grade="B2"), seen("jnim", day=90, grade="B3")).ask(91).held_by(
        "fama", disputed_by="jnim"
    )


def test_grades_that_are_better_in_one_part_each_do_not_dominate() -> None:
    given(captured("fama", day=5, grade="A3"), captured("jnim", day=9, grade="B2")).ask(10).held_by(
        "jnim"
    )


def test_an_equal_grade_does_not_shield() -> None:
    given(captured("fama", day=5, grade="A1"), captured("jnim", day=9, grade="A1")).ask(10).held_by(
        "jnim"
    )


@pytest.mark.parametrize("unjudged", ["F2", "B6", "F6"])
def test_a_word_that_nobody_can_grade_does_not_erase_a_graded_one_but_disputes_it(
    unjudged: str,
) -> None:
    given(captured("fama", day=5, grade="E5"), captured("jnim", day=9, grade=unjudged)).ask(
        10
    ).disputed_between("jnim", "fama")


@pytest.mark.parametrize("unjudged", ["F2", "B6", "F6"])
def test_among_ungraded_words_the_later_silences_the_earlier(unjudged: str) -> None:
    given(captured("fama", day=5, grade="F1"), captured("jnim", day=9, grade=unjudged)).ask(
        10
    ).held_by("jnim")


@pytest.mark.parametrize("unjudged", ["F2", "B6", "F6"])
def test_a_graded_word_silences_an_ungraded_one(unjudged: str) -> None:
    given(captured("fama", day=5, grade=unjudged), captured("jnim", day=9, grade="E5")).ask(
        10
    ).held_by("jnim")


@pytest.mark.parametrize(
    ("one", "other", "is_better"),
    [
        ("A1", "B1", True),
        ("A1", "A2", True),
        ("A1", "E5", True),
        ("A1", "A1", False),
        ("A2", "B1", False),
        ("B1", "A1", False),
        ("A1", "F5", False),
        ("A1", "E6", False),
        ("F1", "E5", False),
        ("A6", "B6", False),
    ],
)
def test_a_grade_dominates_when_both_are_judged_and_it_is_nowhere_worse(
    one: str, other: str, is_better: bool
) -> None:
    better, worse = (Grade(Reliability(text[0]), int(text[1])) for text in (one, other))
    assert better.dominates(worse) is is_better
    assert str(better) == one


def test_a_word_that_its_own_source_has_replaced_still_silences() -> None:
    given(
        seen("csp", day=1, source="afp"),
        captured("fama", day=3, source="rfi"),
        seen("fama", day=4, source="rfi"),
    ).ask(5).held_by("fama").told_by("rfi").outweighed("afp", "rfi", Silence.CHANGED_HANDS)


def test_a_word_that_is_itself_silenced_still_silences() -> None:
    given(
        seen("csp", day=1, source="afp", grade="B3"),
        captured("jnim", day=3, source="rfi", grade="B3"),
        captured("fama", day=5, source="acled", grade="C1"),
    ).ask(6).held_by("fama").outweighed("afp", "rfi").outweighed("rfi", "acled")


def test_a_source_does_not_outweigh_its_own_last_word() -> None:
    given(
        captured("fama", taken_from="csp", day=5, source="afp"),
        seen("csp", day=5, source="afp"),
        seen("jnim", day=5, source="rfi"),
    ).ask(6).disputed_between("jnim", "csp").nobody_outweighed()


def test_if_everyone_would_fall_silent_nobody_does() -> None:
    day = 5
    given(
        handed_over("csp", to="fama", day=day),
        handed_over("fama", to="jnim", day=day),
        handed_over("jnim", to="csp", day=day),
    ).ask(6).disputed_between("csp", "jnim", "fama").nobody_outweighed()


def test_the_claim_that_came_to_count_first_is_named_as_the_one_that_silenced() -> None:
    given(
        seen("csp", day=1, source="afp"),
        captured("fama", day=9, source="acled"),
        captured("jnim", day="2023-11-02/2023-11-20", source="rfi"),
        captured("fama", day=21, source="ucdp"),
    ).ask(30).held_by("fama").outweighed("afp", "acled")


# ---- 2, continued. What they say orders claims whose windows overlap -------------------------


def test_anothers_leaving_precedes_a_taking() -> None:
    given(abandoned("minusma", day=5, source="afp"), captured("fama", day=5, source="rfi")).ask(
        6
    ).held_by("fama").outweighed("afp", "rfi", Silence.ORDERED_BY_CONTENT)


def test_a_place_seen_empty_does_not_precede_a_taking_of_that_day() -> None:
    given(seen(day=5), captured("fama", day=5)).ask(6).disputed_between("fama", "vacant")


def test_ones_own_taking_precedes_ones_leaving() -> None:
    given(abandoned("fama", day=5, source="afp"), captured("fama", day=5, source="rfi")).ask(
        6
    ).vacant().outweighed("rfi", "afp", Silence.ORDERED_BY_CONTENT)


def test_a_leaving_shared_by_one_of_the_takers_follows_the_taking() -> None:
    given(captured(["fama", "wagner"], day=5), abandoned(["wagner", "csp"], day=5)).ask(6).vacant()


def test_being_seen_there_does_not_precede_ones_leaving_of_that_day() -> None:
    given(seen("fama", day=5), abandoned("fama", day=5)).ask(6).disputed_between("vacant", "fama")


def test_holding_precedes_a_taking_from_the_holder() -> None:
    given(
        captured("fama", taken_from="csp", day=5, source="afp"),
        captured("csp", day=5, source="rfi"),
    ).ask(6).held_by("fama").outweighed("rfi", "afp", Silence.ORDERED_BY_CONTENT)


def test_being_seen_there_precedes_a_taking_from_the_holder() -> None:
    given(captured("fama", taken_from="csp", day=5), seen("csp", day=5)).ask(6).held_by("fama")


def test_each_being_said_to_take_it_from_the_other_nothing_orders_them() -> None:
    given(
        captured("fama", taken_from="csp", day=5),
        captured("csp", taken_from="fama", day=5),
        seen("jnim", day=5),
    ).ask(6).disputed_between("jnim", "csp", "fama").nobody_outweighed()


def test_contested_and_taken_on_one_day_is_not_ordered() -> None:
    given(contested("csp", "fama", day=5), captured("fama", taken_from="csp", day=5)).ask(
        6
    ).disputed_between("fama", "contested by csp and fama")


def test_what_they_say_orders_windows_of_any_width() -> None:
    given(captured("csp", day="2023-11"), captured("fama", taken_from="csp", day=14)).ask(
        "2023-12-01"
    ).held_by("fama")


# ---- 3. Voices that agree are one side -------------------------------------------------------


def test_voices_agree_when_their_holders_intersect() -> None:
    given(seen("fama", "wagner", day=5), seen("fama", day=5)).ask(6).held_by("fama", "wagner")


def test_the_best_corroborated_holder_comes_first() -> None:
    given(seen("wagner", "fama", day=5), seen("fama", day=5)).ask(6).held_by("fama", "wagner")


def test_of_holders_named_as_often_the_one_named_first_comes_first() -> None:
    given(seen("wagner", "fama", day=5), seen("fama", "wagner", day=6)).ask(7).held_by(
        "wagner", "fama"
    )


def test_agreement_passes_on_from_one_voice_to_the_next() -> None:
    first, both, last = seen("fama", day=5), seen("fama", "wagner", day=5), seen("wagner", day=5)
    given(first, both, last).ask(6).held_by("fama", "wagner").told_by(
        "source-1", "source-2", "source-3"
    )
    given(first, last, both).ask(6).held_by("fama", "wagner").told_by(
        "source-1", "source-2", "source-3"
    )


def test_all_who_say_that_nobody_holds_it_agree() -> None:
    given(seen(day=5), abandoned("fama", day=5), abandoned("csp", day=5)).ask(6).vacant().told_by(
        "source-1", "source-2", "source-3"
    )


def test_all_who_say_that_it_is_contested_agree() -> None:
    given(contested("fama", "csp", day=5), contested("jnim", day=5), contested(day=5)).ask(
        6
    ).contested("fama", "csp", "jnim")


def test_held_and_contested_do_not_agree() -> None:
    given(seen("fama", day=5), contested("fama", "csp", day=5)).ask(6).disputed_between(
        "contested by fama and csp", "fama"
    )


# ---- 4. What the sides amount to -------------------------------------------------------------


def test_sides_are_listed_best_corroborated_first_then_newest() -> None:
    given(
        seen("jnim", day=5),
        seen("csp", day=4),
        seen("fama", day=3),
        seen("fama", day=3),
    ).ask(6).disputed_between("fama", "jnim", "csp")


def test_one_voice_better_graded_than_every_rival_prevails_disputed() -> None:
    given(
        seen("fama", day=5, grade="A1"),
        seen("csp", day=5, grade="B2"),
        seen("csp", day=5, grade="C1"),
    ).ask(6).held_by("fama", disputed_by="csp").told_by("source-1")


def test_a_voice_must_be_better_than_every_voice_of_the_others() -> None:
    given(
        seen("fama", day=5, grade="B2"),
        seen("csp", day=5, grade="C3"),
        seen("csp", day=5, grade="B2"),
    ).ask(6).disputed_between("csp", "fama")


def test_no_two_voices_of_a_side_prevail_together() -> None:
    given(
        seen("fama", day=5, grade="A3"),
        seen("fama", day=5, grade="C1"),
        seen("csp", day=5, grade="A4"),
        seen("jnim", day=5, grade="C2"),
    ).ask(6).disputed_between("fama", "jnim", "csp")


def test_a_rival_that_is_not_judged_cannot_be_outweighed() -> None:
    given(seen("fama", day=5, grade="A1"), seen("csp", day=5, grade="F5")).ask(6).disputed_between(
        "csp", "fama"
    )


def test_a_vacant_or_contested_side_may_prevail_too() -> None:
    given(seen(day=5, grade="A1"), seen("csp", day=5, grade="B2")).ask(6).vacant(
        disputed_by=["csp"]
    )
    given(contested("fama", day=5, grade="A1"), seen(day=5)).ask(6).contested(
        "fama", disputed_by=["vacant"]
    )


# ---- 5. Uncertain time stays uncertain -------------------------------------------------------


def test_a_date_asks_about_the_close_of_that_day() -> None:
    given(captured("fama", day=5)).ask(5).held_by("fama").certain()


def test_within_the_window_the_answer_is_the_one_without_the_claim_and_both_are_listed() -> None:
    given(captured("csp", day=1), captured("fama", day=5)).ask("2023-11-05T12:00:00Z").held_by(
        "csp"
    ).perhaps("held by fama")


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


def test_an_open_claim_of_the_same_source_that_begins_earlier_changes_nothing() -> None:
    given(captured("fama", day=5, source="afp"), seen("csp", day="2023-11", source="afp")).ask(
        6
    ).held_by("fama").certain()


def test_several_open_claims_may_each_have_happened_or_all() -> None:
    given(
        captured("minusma", day=1),
        captured("csp", day="2023-11-10/2023-11-20"),
        captured("fama", day="2023-11-15/2023-11-25"),
    ).ask(16).held_by("minusma").perhaps(
        "held by csp", "held by fama", "disputed, against fama, csp"
    )


def test_readings_that_say_the_same_are_listed_once() -> None:
    given(captured("fama", day="2023-11"), seen("fama", day="2023-11")).ask(5).unknown().perhaps(
        "held by fama"
    )


def test_a_possible_reading_may_be_that_it_is_disputed() -> None:
    given(captured("csp", day=1), seen("fama", day="2023-11-05/2023-11-08")).ask(6).held_by(
        "csp"
    ).perhaps("disputed, against fama, csp")


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


def test_one_holder_goes_on_while_evidence_comes_and_goes() -> None:
    going_on = given(
        captured("fama", day=1), seen("fama", "wagner", day=3), seen("wagner", "fama", day=60)
    )
    for day in (2, 4, 61):
        period = going_on.ask(day).period
        assert (period.since, period.until) == extent("2023-11-01", None)


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
    period = given(captured("csp", day=1), seen("fama", day=5)).ask(6).period
    assert (period.since, period.until) == extent("2023-11-05", None)


def test_a_claim_that_arrives_in_order_changes_nothing_before_it() -> None:
    csp, fama = given(captured("csp", day=1), seen("csp", day=5)).claims
    timeline = Timeline([csp])
    assert timeline.add(fama) == fama.occurred.earliest


def test_a_claim_that_ends_a_holding_changes_until_when_it_held() -> None:
    csp, fama = given(captured("csp", day=1), captured("fama", day=5)).claims
    timeline = Timeline([csp])
    assert timeline.add(fama) == csp.occurred.latest - 1
    assert timeline.become([csp]) == csp.occurred.latest - 1
    assert timeline.periods() == Timeline([csp]).periods()


@pytest.mark.parametrize("text", ["0001", "0001-01", "0001-01-01", "0001-01-01T00:00:00Z"])
def test_the_calendar_may_begin_with_a_claim(text: str) -> None:
    fallen = given(captured("fama", day=text))
    fallen.ask("2023-11-01").held_by("fama").certain()
    timeline = Timeline()
    timeline.add(fallen.claims[0])
    assert timeline.periods() == Timeline(fallen.claims).periods()
