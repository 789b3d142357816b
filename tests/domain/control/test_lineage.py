"""Who counts as whom: merged actors are one, and a coalition agrees with its members."""

from typing import Any

from domain import events
from domain.control.timeline import Timeline
from domain.control.verdict import Silence
from domain.events import LineageEvent
from tests.domain.builders import abandoned, captured, event, event_id, seen, text_of
from tests.domain.given import given


def told(kind: type[LineageEvent], day: int | str, **fields: Any) -> LineageEvent:
    return event(kind, occurred=text_of(day), **fields)


def joined(*members: str, to: str, day: int | str) -> LineageEvent:
    return told(events.CoalitionJoined, day, members=members, coalition=to)


def left(*members: str, to: str, day: int | str) -> LineageEvent:
    return told(events.CoalitionLeft, day, members=members, coalition=to)


def merged(*actors: str, into: str, day: int | str) -> LineageEvent:
    return told(events.ActorMerged, day, merged=actors, into=into)


def dissolved(actor: str, *heirs: str, day: int | str) -> LineageEvent:
    return told(events.ActorDissolved, day, actor=actor, succeeded_by=heirs)


def split(*factions: str, off: str, day: int | str) -> LineageEvent:
    return told(events.ActorSplit, day, actor=off, into=factions)


FIRST, SECOND = event_id(1001), event_id(1002)


def test_a_voice_that_names_a_coalition_agrees_with_one_that_names_its_member() -> None:
    said = given(captured(by="csp", day=5), captured(by="cma", day=5))
    said.ask(6).disputed_between("cma", "csp")
    said.where(joined("cma", to="csp", day=1)).ask(6).held_by("csp").told_by("source-1", "source-2")


def test_they_agree_only_while_it_is_a_member() -> None:
    said = given(seen("csp", day=5), seen("cma", day=5)).where(
        joined("cma", to="csp", day=8), left("cma", to="csp", day=12)
    )
    said.ask(7).disputed_between("cma", "csp")
    said.ask(8).held_by("csp")
    said.ask(11).held_by("csp")
    said.ask(12).disputed_between("cma", "csp")


def test_a_member_of_a_member_is_a_member() -> None:
    said = given(seen("csp", day=5), seen("mnla", day=5))
    kin = joined("mnla", to="cma", day=1), joined("cma", to="csp", day=2)
    said.where(*kin).ask(6).held_by("csp")
    said.where(*kin, left("cma", to="csp", day=5)).ask(6).disputed_between("mnla", "csp")


def test_two_members_of_one_coalition_are_not_the_same_hands() -> None:
    said = given(seen("hcua", day=5), seen("mnla", day=5))
    said.where(joined("mnla", "hcua", to="cma", day=1)).ask(6).disputed_between("mnla", "hcua")


def test_two_members_are_one_side_where_a_voice_names_their_coalition() -> None:
    said = given(seen("hcua", day=5), seen("mnla", day=5), seen("cma", day=5))
    said.where(joined("mnla", "hcua", to="cma", day=1)).ask(6).held_by("cma")


def test_a_member_that_a_better_graded_voice_names_alone_is_shown_in_place_of_its_coalition() -> (
    None
):
    said = given(seen("cma", day=5), seen("mnla", day=5, grade="A2"))
    said.where(joined("mnla", to="cma", day=1)).ask(6).held_by("mnla")


def test_a_parent_does_not_speak_for_its_affiliate() -> None:
    said = given(seen("aqim", day=5), seen("jnim", day=5))
    declared = told(events.AffiliationDeclared, 1, actor="jnim", parent="aqim")
    said.where(declared).ask(6).disputed_between("jnim", "aqim")


def test_merged_actors_count_as_the_one_that_they_became_from_then_on() -> None:
    said = given(captured(by="csp", day=5)).where(merged("csp", into="fla", day=20))
    said.ask(19).held_by("csp")
    said.ask(20).held_by("fla")


def test_a_voice_that_names_what_they_became_agrees_with_an_older_one() -> None:
    said = given(captured(by="csp", day=5), seen("fla", day=21))
    said.where(merged("csp", into="fla", day=20)).ask(21).held_by("fla").told_by(
        "source-1", "source-2"
    )


def test_before_they_merged_they_were_apart() -> None:
    said = given(seen("ansar-dine", day=5), seen("katiba-macina", day=5))
    founded = merged("ansar-dine", "katiba-macina", into="jnim", day=10)
    said.where(founded).ask(9).disputed_between("katiba-macina", "ansar-dine")
    said.where(founded).ask(10).held_by("jnim")


def test_a_merger_is_followed_to_its_end() -> None:
    kin = merged("mnla", into="cma", day=2), merged("cma", into="fla", day=3)
    given(seen("mnla", day=1)).where(*kin).ask(3).held_by("fla")


def test_a_splinter_is_its_own_again() -> None:
    said = given(seen("ansar-dine", day=5), seen("jnim", day=5))
    kin = merged("ansar-dine", into="jnim", day=1), split("ansar-dine", off="jnim", day=8)
    said.where(*kin).ask(7).held_by("jnim")
    said.where(*kin).ask(8).disputed_between("jnim", "ansar-dine")


def test_a_coalition_that_dissolves_has_no_members_and_holds_nothing() -> None:
    said = given(seen("cma", day=5), seen("mnla", day=5))
    over = told(events.ActorDissolved, 8, actor="cma")
    kin = (joined("mnla", to="cma", day=1), over)
    said.where(*kin).ask(7).held_by("cma")
    said.where(*kin).ask(8).held_by("mnla").outweighed("source-1", "", Silence.HOLDER_GONE)


def test_actors_that_merge_in_a_circle_are_the_first_of_them() -> None:
    kin = merged("csp", into="fla", day=1), merged("fla", into="csp", day=1)
    given(seen("fla", day=5), seen("csp", day=5)).where(*kin).ask(6).held_by("csp")


def test_a_holding_told_earlier_comes_before_a_taking_from_a_member_of_the_holder() -> None:
    said = given(
        seen("csp", day="2023-11", published="2023-11-20"),
        captured(by="fama", taken_from="cma", day="2023-11", published="2023-12-02"),
    )
    said.ask("2023-11-30").disputed_between("fama", "csp")
    said.where(joined("cma", to="csp", day=1)).ask("2023-11-30").held_by("fama").outweighed(
        "source-1", by="source-2"
    )


def test_a_coalition_that_took_a_place_holds_it_though_a_member_left() -> None:
    said = given(captured(by="csp", day=12), abandoned(by="cma", day=12))
    said.ask(12).held_by("csp")
    said.where(joined("cma", to="csp", day=1)).ask(12).held_by("csp")


def test_while_it_is_open_when_they_merged_both_readings_are_listed() -> None:
    said = given(seen("csp", day=1), seen("fla", day=1))
    said.where(merged("csp", into="fla", day="2023-11-05/2023-11-08")).ask(6).disputed_between(
        "fla", "csp"
    ).perhaps("held by fla")


def test_the_answer_names_the_events_by_which_actors_count_as_one() -> None:
    said = given(seen("csp", day=5), seen("mnla", day=5))
    kin = joined("mnla", to="cma", day=1), joined("cma", to="csp", day=2)
    assert said.where(*kin).ask(6).reading.verdict.lineage == (FIRST, SECOND)
    assert given(seen("csp", day=5)).where(*kin).ask(6).reading.verdict.lineage == ()


def test_another_reading_names_the_open_events_by_which_actors_count_otherwise() -> None:
    said = given(captured(by="csp", day=1)).where(
        merged("csp", into="fla", day="2023-11"), merged("csp", into="cma", day="2023")
    )
    possible = said.ask(7).perhaps("held by cma", "held by fla").reading.possible
    assert {each.holders: each.lineage for each in possible} == {
        ("fla",): (FIRST,),
        ("cma",): (SECOND,),
    }


def test_another_reading_names_the_open_event_by_which_actors_count_as_one_no_longer() -> None:
    said = given(seen("csp", day=5), seen("cma", day=5)).where(
        joined("cma", to="csp", day=1), left("cma", to="csp", day="2023-11")
    )
    (possible,) = said.ask(7).held_by("csp").reading.possible
    assert possible.lineage == (SECOND,)


def test_an_answer_goes_on_when_its_holder_merges_into_another() -> None:
    said = given(captured(by="csp", day=5)).where(merged("csp", into="fla", day=20))
    before, after = said.ask(19).period, said.ask(20).period
    assert before.since == after.since
    assert before.until is None


def test_a_sighting_of_a_coalition_makes_the_holding_of_its_member_before_no_less_certain() -> None:
    said = given(captured(by="mnla", day=5, source="afp"), seen("cma", day=9, source="afp"))
    said.ask(7).held_by("mnla").perhaps("held by cma")
    said.where(joined("mnla", to="cma", day=1)).ask(7).held_by("mnla").certain()


def test_a_side_that_comes_about_by_a_merger_begins_with_it() -> None:
    said = given(seen("csp", day=5), seen("mnla", day=5))
    merger = merged("mnla", into="csp", day=20)
    assert said.where(merger).ask(20).held_by("csp").period.since == merger.occurred.window


def test_a_successor_that_was_gone_itself_succeeds_as_whoever_it_was_when_the_word_named_it() -> (
    None
):
    kin = dissolved("wagner", "csp", day=4), dissolved("jnim", "wagner", "csp", day=8)
    said = given(seen("jnim", day=5)).where(*kin)
    said.ask(8).held_by("csp", "wagner").perhaps("held by csp", "held by wagner")
    given(seen("jnim", day=3)).where(*kin).ask(8).held_by("csp").certain()


def test_the_same_name_means_another_once_whoever_it_merged_into_is_no_more() -> None:
    said = given(
        captured(by="fama", day=2, source="rfi"),
        captured(by="fama", day=3, source="afp"),
        captured(by="fama", day=4, source="afp"),
    )
    kin = merged("fama", into="csp", day=1), dissolved("csp", "wagner", day=3)
    said.where(*kin).ask(3).held_by("wagner")
    said.where(*kin).ask(4).held_by("csp")


def test_a_place_hears_late_of_an_actor_that_had_merged_as_if_it_always_knew() -> None:
    said = given(captured(by="csp", day=1), seen("fama", day=9, source="source-1")).where(
        merged("fama", into="wagner", day=3)
    )
    grown = Timeline(lineage=said.lineage)
    for claim in said.claims:
        grown.add(claim)
    assert grown.periods() == Timeline(said.claims, said.lineage).periods()
    said.ask(2).perhaps("held by fama")
    said.ask(5).perhaps("held by wagner")


def test_what_a_sighting_reveals_is_held_to_the_answer_of_each_instant_before() -> None:
    said = given(
        captured(by=("csp", "fama"), day="2023-10-26T06Z", source="afp"),
        seen("jnim", "csp", day="2023-11", source="afp", grade="A2"),
    ).where(dissolved("csp", "jnim", day="2023-11-01"), dissolved("jnim", "csp", day="2023-10-28"))
    before, after = "2023-10-28T23:59:59.999998Z", "2023-10-28T23:59:59.999999Z"
    said.ask(before).held_by("csp", "fama").perhaps("held by jnim and csp")
    said.ask(after).held_by("csp", "fama").certain()
    said.ask("2023-10-31").held_by("csp", "fama").certain()
