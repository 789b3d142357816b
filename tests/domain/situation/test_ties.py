"""Who is tied to whom or what: sieges, deployments, alliances, patrons, parents, factions."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import events
from domain.events import SituationEvent
from domain.occurred import DAY, Instant, parse_moment
from domain.registry import Entry
from domain.situation.ties import (
    Around,
    Spell,
    Standing,
    Tie,
    TieKind,
    Word,
    spells,
    standing,
    ties_of,
)
from domain.values import LocationId
from tests.domain.builders import event, event_id, text_of
from tests.domain.situation import naive_ties
from tests.domain.situation.naive_ties import Told
from tests.domain.strategies import ACTORS, kinship, ledgers, sieges, ties

MALI = {"kidal": ("mali",), "kidal-camp": ("kidal", "mali")}
often = settings(max_examples=200, deadline=None)


def in_mali(place: LocationId) -> Sequence[LocationId]:
    return tuple(map(LocationId, MALI.get(place, ())))


def on(day: int | str, kind: type[SituationEvent], **fields: Any) -> SituationEvent:
    return event(kind, occurred=text_of(day), **fields)


def laid(day: int | str, *by: str, **fields: Any) -> SituationEvent:
    return on(day, events.SiegeLaid, by=by, **fields)


def lifted(day: int | str, *by: str, **fields: Any) -> SituationEvent:
    return on(day, events.SiegeLifted, by=by, **fields)


def deployed(day: int | str, at: str = "kidal") -> SituationEvent:
    return on(day, events.MissionDeployed, mission="minusma", location=at)


def withdrew(day: int | str, at: str = "kidal") -> SituationEvent:
    return on(day, events.MissionWithdrawn, mission="minusma", location=at)


def allied(day: int | str, *parties: str) -> SituationEvent:
    return on(day, events.AllianceFormed, parties=parties)


def parted(day: int | str, *parties: str) -> SituationEvent:
    return on(day, events.AllianceEnded, parties=parties)


def turned(day: int | str, actor: str, *, off: str | None = None, to: str | None = None) -> Any:
    return on(day, events.AlignmentShifted, actor=actor, from_patron=off, to_patron=to)


def dissolved(day: int | str, actor: str, *heirs: str) -> SituationEvent:
    return on(day, events.ActorDissolved, actor=actor, succeeded_by=heirs)


def words(said: Sequence[SituationEvent]) -> list[Word]:
    return [
        Word(*tie, event_id(number), number, each.occurred.window)
        for number, each in enumerate(said, 1)
        for tie in ties_of(each)
    ]


def found(*said: SituationEvent, day: int | str) -> list[Standing]:
    return standing(words(said), parse_moment(text_of(day)), in_mali)


def told(*said: SituationEvent, day: int | str) -> list[str]:
    """The ties at the close of that day, in words."""
    return [
        f"{each.tie.subject} {each.tie.kind} {each.tie.object}{'' if each.certain else ', perhaps'}"
        for each in found(*said, day=day)
    ]


def deployments(*said: SituationEvent, day: int | str) -> list[tuple[str | None, str | None]]:
    """Since when and until when, as text."""
    text = {each.occurred.window: each.occurred.text for each in said} | {None: None}
    return [
        (text[each.since], text[each.until])
        for each in spells(words(said), parse_moment(text_of(day)), in_mali)
        if each.tie.object == "kidal"
    ]


# ---- Sieges ----------------------------------------------------------------------------------


def test_a_siege_lasts_from_the_day_it_is_laid_until_the_day_it_is_lifted() -> None:
    said = laid(3, "jnim"), lifted(9, "jnim")
    lasts = [told(*said, day=day) for day in (2, 3, 8, 9)]
    assert lasts == [[], ["jnim besieges kidal"], ["jnim besieges kidal"], []]


def test_each_besieger_lifts_its_own_siege() -> None:
    said = laid(3, "jnim", "csp"), lifted(9, "csp")
    assert told(*said, day=9) == ["jnim besieges kidal"]


def test_a_siege_that_is_lifted_without_a_name_is_lifted_by_all() -> None:
    said = laid(3, "jnim"), laid(4, "csp"), lifted(9)
    assert told(*said, day=8) == ["csp besieges kidal", "jnim besieges kidal"]
    assert told(*said, day=9) == []
    assert told(*said, laid(3, "jnim", location="gao"), day=9) == ["jnim besieges gao"]


def test_of_two_words_on_one_day_the_end_comes_last() -> None:
    assert told(laid(3, "jnim"), lifted(3), day=3) == []
    assert told(lifted(3), laid(3, "jnim"), day=3) == []


def test_what_began_in_a_month_and_ended_on_a_day_of_it_is_over() -> None:
    said = laid("2023-11", "jnim"), lifted(15)
    days = ("2023-10-31", 1, 14, 15, 30, "2024-06-01")
    lasts = [told(*said, day=day) for day in days]
    assert lasts == [[], *[["jnim besieges kidal, perhaps"]] * 2, [], [], []]


def test_a_vaguer_word_of_its_beginning_does_not_bring_back_what_has_ended() -> None:
    said = laid(8, "jnim"), lifted(15), laid("2023-11", "jnim", report="report-2")
    assert [told(*said, day=day) for day in (8, 15, "2024-01-01")] == [
        *(["jnim besieges kidal"], [], [])
    ]
    (siege,) = found(*said, day=14)
    assert siege.since == said[0].occurred.window


def test_what_ended_in_a_month_may_have_ended_on_any_day_of_it() -> None:
    said = laid(15, "jnim"), lifted("2023-11")
    assert told(*said, day=15) == ["jnim besieges kidal, perhaps"]
    assert told(*said, day=30) == []


def test_what_is_heard_late_is_put_where_it_belongs() -> None:
    assert told(lifted(9, "jnim"), laid(3, "jnim"), day=10) == []


def test_a_siege_begins_when_it_was_first_reported_since_the_last_one_ended() -> None:
    said = laid(1, "jnim"), lifted(2), laid(5, "jnim"), laid(6, "jnim", report="report-2")
    (siege,) = found(*said, day=7)
    assert siege.since == said[2].occurred.window
    assert siege.events == (event_id(3), event_id(4))


# ---- Windows that are not over ---------------------------------------------------------------


def test_a_tie_that_may_have_begun_is_told_with_the_doubt() -> None:
    said = laid("2023-11", "jnim")
    shown = [told(said, day=day) for day in ("2023-10-31", "2023-11-01", "2023-11-30")]
    assert shown == [[], ["jnim besieges kidal, perhaps"], ["jnim besieges kidal"]]


def test_a_tie_that_may_have_ended_is_told_with_the_doubt() -> None:
    said = laid(1, "jnim"), lifted("2023-11-05/2023-11-08")
    shown = [told(*said, day=day) for day in (4, 5, 8)]
    assert shown == [["jnim besieges kidal"], ["jnim besieges kidal, perhaps"], []]


def test_a_vaguer_word_that_says_the_same_makes_nothing_uncertain() -> None:
    assert told(laid(1, "jnim"), laid("2023-11", "jnim"), day=5) == ["jnim besieges kidal"]
    assert told(lifted("2023-11", "jnim"), day=5) == []


def test_a_doubt_rests_on_the_events_that_make_it() -> None:
    (siege,) = found(laid(1, "jnim"), lifted(2), laid("2023-11-03/2023-11-08", "jnim"), day=5)
    assert siege.events == (event_id(3),)


# ---- Deployments -----------------------------------------------------------------------------


def test_a_mission_that_leaves_a_country_has_left_its_towns() -> None:
    said = deployed(1), deployed(2, "gao"), withdrew(9, "mali")
    assert told(*said, day=8) == ["minusma deployed at gao", "minusma deployed at kidal"]
    assert told(*said, day=9) == ["minusma deployed at gao"]  # which nobody put into Mali here


def test_a_mission_that_leaves_a_camp_has_not_left_the_town_around_it() -> None:
    assert told(deployed(1), withdrew(9, "kidal-camp"), day=9) == ["minusma deployed at kidal"]


def test_a_deployment_has_a_beginning_and_an_end() -> None:
    said = deployed("2013-07"), withdrew("2023-10-31")
    assert deployments(*said, day="2014-01-01") == [("2013-07", None)]
    assert deployments(*said, day="2023-11-01") == [("2013-07", "2023-10-31")]


def test_a_mission_may_leave_a_place_to_which_nobody_said_it_had_come() -> None:
    assert deployments(withdrew("2023-10-31"), day="2023-11-01") == [(None, "2023-10-31")]


def test_a_mission_that_leaves_a_country_has_no_spell_in_a_town_where_it_never_was() -> None:
    assert deployments(withdrew("2023-12-31", "mali"), day="2024-01-01") == []


def test_a_mission_may_come_back() -> None:
    said = deployed("2013-07"), withdrew("2014-05"), deployed("2015-02")
    assert deployments(*said, day=1) == [("2013-07", "2014-05"), ("2015-02", None)]


def test_the_first_of_several_reports_says_since_when_and_until_when() -> None:
    said = deployed("2013-07"), deployed("2013-08"), withdrew("2023-10-31"), withdrew("2023-11-02")
    (only,) = spells(words(said), parse_moment("2024-01-01"))
    assert (only.since, only.until) == (said[0].occurred.window, said[2].occurred.window)
    assert only.events == tuple(map(event_id, (1, 2, 3, 4)))


@pytest.mark.parametrize(
    ("day", "certain"), [("2013-07-15", False), ("2013-08-01", True), ("2023-12-31", True)]
)
def test_a_spell_is_certain_once_a_word_on_its_beginning_and_on_its_end_is_over(
    day: str, certain: bool
) -> None:
    said = deployed("2013-07"), withdrew("2023-10-31"), withdrew("2023", "mali")
    (spell,) = (each for each in spells(words(said), parse_moment(day), in_mali) if each.since)
    assert spell.certain is certain


def test_a_spell_that_may_have_ended_is_uncertain() -> None:
    said = deployed("2013-07"), withdrew("2023-11")
    (spell,) = spells(words(said), parse_moment("2023-11-05"))
    assert (spell.until, spell.certain) == (said[1].occurred.window, False)


# ---- Allies and patrons ----------------------------------------------------------------------


def test_allies_are_allies_of_each_other() -> None:
    assert told(allied(1, "fama", "wagner"), day=2) == [
        "fama allied with wagner",
        "wagner allied with fama",
    ]


def test_an_alliance_ends_between_those_who_part() -> None:
    said = allied(1, "fama", "gatia", "wagner"), parted(5, "fama", "gatia")
    assert told(*said, day=5) == [
        "fama allied with wagner",
        "gatia allied with wagner",
        "wagner allied with fama",
        "wagner allied with gatia",
    ]


def test_an_actor_turns_from_one_patron_to_another() -> None:
    said = turned(1, "mali", to="france"), turned(5, "mali", off="france", to="russia")
    assert told(*said, day=4) == ["mali backed by france"]
    assert told(*said, day=5) == ["mali backed by russia"]
    assert told(*said, turned(6, "mali", off="russia"), day=6) == []


def test_an_actor_may_have_two_patrons() -> None:
    said = turned(1, "mali", to="france"), turned(5, "mali", to="russia")
    assert told(*said, day=5) == ["mali backed by france", "mali backed by russia"]


# ---- Lineage ---------------------------------------------------------------------------------


def test_members_join_and_leave() -> None:
    joined = on(1, events.CoalitionJoined, members=["mnla", "hcua"], coalition="cma")
    left = on(5, events.CoalitionLeft, members="hcua", coalition="cma")
    assert told(joined, left, day=4) == ["hcua member of cma", "mnla member of cma"]
    assert told(joined, left, day=5) == ["mnla member of cma"]


def test_an_affiliate_answers_to_its_parent_until_it_no_longer_does() -> None:
    declared = on(1, events.AffiliationDeclared, actor="jnim", parent="aqim")
    ended = on(5, events.AffiliationEnded, actor="jnim", parent="aqim")
    assert [told(declared, ended, day=day) for day in (4, 5)] == [["jnim affiliate of aqim"], []]


def test_a_faction_that_split_off_no_longer_belongs() -> None:
    merged = on(1, events.ActorMerged, merged="ansar-dine", into="jnim")
    split = on(5, events.ActorSplit, actor="jnim", into="ansar-dine")
    assert told(merged, day=5) == ["ansar-dine merged into jnim"]
    assert told(merged, split, day=5) == ["ansar-dine split from jnim"]


def test_an_actor_that_dissolves_has_heirs_and_nothing_else() -> None:
    said = [
        laid(1, "wagner"),
        on(1, events.MissionDeployed, mission="wagner"),
        allied(1, "fama", "wagner"),
        turned(1, "wagner", to="russia"),
        turned(1, "fama", to="wagner"),
        on(1, events.CoalitionJoined, members="wagner", coalition="x"),
        on(1, events.CoalitionJoined, members="y", coalition="wagner"),
        on(1, events.AffiliationDeclared, actor="z", parent="wagner"),
    ]
    assert len(told(*said, day=4)) == 9
    assert told(*said, dissolved(5, "wagner", "africa-corps"), day=5) == [
        "wagner succeeded by africa-corps"
    ]


def test_what_an_actor_came_from_and_became_outlasts_it() -> None:
    said = [
        on(1, events.ActorMerged, merged="csp", into="fla"),
        on(1, events.ActorSplit, actor="cma", into="csp"),
    ]
    lasting = ["csp merged into fla", "csp split from cma"]
    assert told(*said, dissolved(5, "csp"), day=6) == lasting


def test_a_place_that_goes_by_the_id_of_an_actor_is_no_actor() -> None:
    assert Tie(TieKind.DEPLOYED_AT, "minusma", "mali").actors == ("minusma",)
    assert Tie(TieKind.BACKED_BY, "mali", "russia").actors == ("mali", "russia")


# ---- Two ways to the same answer -------------------------------------------------------------

ENDS = [*ACTORS, "kidal", "tessalit"]
nestings = st.sampled_from(
    [{}, {"kidal": ("tessalit",)}, {"tessalit": ("kidal",)}, {"tessalit": ("kidal", "gao")}]
)


@often
@given(
    ledgers([sieges]) | ledgers([ties, ties, kinship]),
    nestings,
    st.randoms(use_true_random=False),
    st.data(),
)
def test_the_ties_agree_with_those_read_one_by_one(
    ledger: list[Entry], nested: dict[str, tuple[LocationId, ...]], random: Any, data: st.DataObject
) -> None:
    said = list(statements(ledger))
    heard = [Word(*tie, id, n, e.occurred.window) for n, id, e in said for tie in ties_of(e)]
    random.shuffle(heard)  # the order of arrival does not matter
    around: Around = lambda place: nested.get(place, ())  # noqa: E731
    for at in data.draw(st.sets(st.sampled_from(edges(said)), max_size=4)):
        assert standing(heard, at, around) == naive_ties.standing(said, at, around, ENDS)
        shown: list[Spell] = spells(heard, at, around)
        assert shown == naive_ties.spells(said, at, around, ENDS)


def statements(ledger: list[Entry]) -> list[Told]:
    """All that is said in it, whether taken back or not."""
    return [
        Told(entry.position, entry.statement.id, said)
        for entry in ledger
        if isinstance(said := entry.statement.event, SituationEvent)
    ]


def edges(said: Sequence[Told]) -> list[Instant]:
    """Every instant at which a tie may begin or end, with its neighbours; and a day before all."""
    windows = [each.event.occurred.window for each in said]
    found = {edge for window in windows for edge in (window.earliest, window.latest)}
    near = {edge + step for edge in found for step in (-2, -1, 0, 1)}
    return [Instant(at) for at in sorted(near | {min(found, default=0) - DAY})]
