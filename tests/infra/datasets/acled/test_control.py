"""Answers: what does a row say happened, and who controls the place afterwards?"""

from pathlib import Path

import pytest

from domain.events import (
    ClashReported,
    ControlReportedUnknown,
    LocationContested,
    SituationEvent,
    TownSeized,
)
from domain.values import Tactic
from infra.datasets.acled.codebook import InterCode, inter_code
from infra.datasets.report import RowOutcome
from infra.ledger.ledger import Ledger
from tests.infra.datasets.acled.exports import (
    ARMY,
    FRONT,
    OF_2016,
    actors,
    export,
    of_2016,
    outcomes,
    pull,
    row,
    standing,
    the,
    told,
)

GOVERNMENT, OTHERS, QUIET = (
    "Government regains territory",
    "Non-state actor overtakes territory",
    "Non-violent transfer of territory",
)


def names(ledger: Ledger, ids: tuple[str, ...]) -> list[str]:
    known = actors(ledger)
    return [known[each].name for each in ids]


def kinds(ledger: Ledger) -> list[type[SituationEvent]]:
    return [type(each) for each in standing(ledger)]


@pytest.mark.parametrize("is_army_first", [True, False])
@pytest.mark.parametrize(
    ("sub_event_type", "taker", "loser"), [(GOVERNMENT, ARMY, FRONT), (OTHERS, FRONT, ARMY)]
)
def test_the_types_of_the_actors_tell_who_took_the_place_in_whatever_order(
    sub_event_type: str, taker: str, loser: str, is_army_first: bool, ledger: Ledger, file: Path
) -> None:
    said = row(sub_event_type=sub_event_type, assoc_actor_1="Friends (Azawa)")
    if not is_army_first:
        said |= {"actor1": FRONT, "inter1": "Rebel group", "actor2": ARMY, "inter2": "State forces"}
    pull(ledger, export(file, said))
    seized = the(ledger, TownSeized)
    assert names(ledger, seized.by) == [taker]
    assert names(ledger, seized.taken_from) == [loser]
    clash = the(ledger, ClashReported)
    assert clash.tactic is Tactic.ARMED_CLASH
    assert len(clash.sides[0]) == 2
    assert told(file) == []


def test_a_foreign_army_may_be_the_one_that_overtakes(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(sub_event_type=OTHERS, inter2="External/Other forces")))
    assert names(ledger, the(ledger, TownSeized).by) == [FRONT]


@pytest.mark.parametrize(
    ("sub_event_type", "codes"),
    [
        (GOVERNMENT, ("State forces", "State forces")),
        (GOVERNMENT, ("External/Other forces", "Rebel group")),
        (OTHERS, ("Political militia", "Rebel group")),
        (OTHERS, ("2", "8")),
        (GOVERNMENT, ("", "")),
    ],
)
def test_a_winner_that_the_row_does_not_tell_is_unknown_and_doubted(
    sub_event_type: str, codes: tuple[str, str], ledger: Ledger, file: Path
) -> None:
    export(file, row(sub_event_type=sub_event_type, inter1=codes[0], inter2=codes[1]))
    report = pull(ledger, file)
    assert kinds(ledger) == [ClashReported, ControlReportedUnknown]
    assert outcomes(report) == {RowOutcome.RECORDED: 1, RowOutcome.DOUBTFUL: 1}
    (doubt,) = told(file)
    assert doubt["column"] == "sub_event_type"
    assert doubt["why"] == (
        "the row does not say who controls the place afterwards; recorded: that it is not known "
        "who holds it"
    )


def test_an_unidentified_winner_is_unknown(ledger: Ledger, file: Path) -> None:
    stranger = "Unidentified Armed Group (Azawa)"
    pull(ledger, export(file, row(sub_event_type=OTHERS, actor2=stranger, inter2="3")))
    assert kinds(ledger) == [ClashReported, ControlReportedUnknown]
    assert told(file)[0]["why"].startswith("the one who took the place is not identified")


def test_whoever_alone_comes_without_violence_controls_the_place(
    ledger: Ledger, file: Path
) -> None:
    alone = row(sub_event_type=QUIET, event_type="Strategic developments", actor2="", inter2="")
    pull(ledger, export(file, alone))
    seized = the(ledger, TownSeized)
    assert (names(ledger, seized.by), seized.taken_from) == ([ARMY], ())
    assert kinds(ledger) == [TownSeized]


def test_of_two_in_a_transfer_without_violence_the_row_does_not_say_who(
    ledger: Ledger, file: Path
) -> None:
    pull(ledger, export(file, row(sub_event_type=QUIET, event_type="Strategic developments")))
    assert kinds(ledger) == [ControlReportedUnknown]
    assert [each["column"] for each in told(file)] == ["sub_event_type", "fatalities"]


@pytest.mark.parametrize("precision", ["2", "3"])
def test_in_an_area_nothing_is_said_of_who_controls_the_town(
    precision: str, ledger: Ledger, file: Path
) -> None:
    won = row(sub_event_type=GOVERNMENT, geo_precision=precision)
    open_ = row(event_id_cnty="AZW2", sub_event_type=OTHERS, inter1="2", geo_precision=precision)
    pull(ledger, export(file, won, open_))
    assert kinds(ledger) == [ClashReported, TownSeized, ClashReported]
    assert {each.location for each in standing(ledger) if isinstance(each, TownSeized)} == {
        the(ledger, TownSeized).location
    }


@pytest.mark.parametrize(
    ("event_type", "kept"),
    [
        ("Battle-Government regains territory", [ClashReported, TownSeized]),
        ("Battle-Non-state actor overtakes territory", [ClashReported, TownSeized]),
        ("Non-violent transfer of territory", [ControlReportedUnknown]),
        ("Remote violence", [ClashReported]),
        ("VIOLENCE AGAINST CIVILIANS", [ClashReported]),
    ],
)
def test_event_types_of_2016_say_the_same(
    event_type: str, kept: list[type[SituationEvent]], ledger: Ledger, file: Path
) -> None:
    export(file, of_2016(event_type=event_type), columns=OF_2016)
    pull(ledger, file, published="2023-12-31")
    assert kinds(ledger) == kept


@pytest.mark.parametrize(
    ("sub_event_type", "tactic"),
    [
        ("Armed clash", Tactic.ARMED_CLASH),
        ("Air/drone strike", Tactic.AIR_OR_DRONE_STRIKE),
        ("Shelling/artillery/missile attack", Tactic.SHELLING),
        ("Remote explosive/landmine/IED", Tactic.REMOTE_EXPLOSIVE),
        ("Suicide bomb", Tactic.SUICIDE_BOMB),
        ("Grenade", None),
        ("Chemical weapon", None),
        ("Attack", Tactic.ATTACK_ON_CIVILIANS),
        ("Sexual violence", Tactic.ATTACK_ON_CIVILIANS),
        ("Abduction/forced disappearance", Tactic.ABDUCTION),
        ("Excessive force against protesters", Tactic.ATTACK_ON_CIVILIANS),
        ("Looting/property destruction", Tactic.LOOTING),
        ("Mob violence", None),
        ("Violent demonstration", None),
    ],
)
def test_every_other_violence_is_a_clash_with_its_tactic_and_says_nothing_of_control(
    sub_event_type: str, tactic: Tactic | None, ledger: Ledger, file: Path
) -> None:
    pull(ledger, export(file, row(sub_event_type=sub_event_type)))
    assert kinds(ledger) == [ClashReported]
    assert the(ledger, ClashReported).tactic is tactic


@pytest.mark.parametrize(
    "sub_event_type",
    [
        *("Peaceful protest", "Protest with intervention", "Agreement", "Arrests", "Other"),
        *("Change to group/activity", "Disrupted weapons use", "Headquarters or base established"),
    ],
)
def test_what_no_event_is_made_of_is_counted_with_the_reason(
    sub_event_type: str, ledger: Ledger, file: Path
) -> None:
    quiet = row(sub_event_type=sub_event_type, fatalities="0")
    report = pull(ledger, export(file, quiet, {**quiet, "event_id_cnty": "AZW2"}))
    assert outcomes(report) == {RowOutcome.LEFT_OUT: 2}
    assert ledger.head == 0
    (line,) = report.left_out()
    assert line.startswith(f"2 left out, sub_event_type '{sub_event_type}': ")
    assert [each["outcome"] for each in told(file)] == ["left out"]


def test_the_dead_of_a_demonstration_are_kept(ledger: Ledger, file: Path) -> None:
    dead = row(event_type="Protests", sub_event_type="Protest with intervention", fatalities="2")
    riot = of_2016(event_type="Riots/Protests", inter1="5", fatalities="0")
    march = of_2016(event_type="Riots/Protests", inter1="6", fatalities="0", event_id_cnty="2")
    pull(ledger, export(file, dead))
    export(file, riot, march, columns=OF_2016)
    report = pull(ledger, file, dataset="acled-2016", published="2023-12-31")
    assert outcomes(report) == {RowOutcome.RECORDED: 1, RowOutcome.LEFT_OUT: 1}
    assert kinds(ledger) == [ClashReported, ClashReported]


def test_no_reported_deaths_are_not_nobody(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(fatalities="0")))
    clash = the(ledger, ClashReported)
    assert clash.deaths is None
    assert "no deaths reported" in (clash.summary or "")


def test_an_army_that_fought_itself_is_one_side(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(actor2=ARMY, inter2="State forces")))
    assert len(the(ledger, ClashReported).sides) == 1


def test_no_row_says_that_a_place_is_contested(ledger: Ledger, file: Path) -> None:
    types = ("Armed clash", GOVERNMENT, OTHERS, QUIET, "Attack")
    pull(
        ledger,
        export(file, *(row(event_id_cnty=each, sub_event_type=each) for each in types)),
    )
    assert LocationContested not in kinds(ledger)


def test_the_summary_has_notes_coding_and_tags(ledger: Ledger, file: Path) -> None:
    told_of = {
        "notes": "On 14 November,\n they   fought. ",
        "tags": "women targeted: none",
        "civilian_targeting": "Civilians targeted",
        "geo_precision": "2",
    }
    pull(ledger, export(file, row(**told_of)))
    assert the(ledger, ClashReported).summary == (
        "On 14 November, they fought.\n"
        "Coded as Battles, Armed clash; civilians targeted; tags: women targeted: none; coded at "
        "Kaya.\n"
        "Sources: Desert Post (National)."
    )


@pytest.mark.parametrize(
    ("notes", "told_of"),
    [
        ("They fought", "They fought."),
        ('He said "leave."', 'He said "leave."'),
        ("They fled (all of them)", "They fled (all of them)."),
        ("اشتبكوا؟", "اشتبكوا؟"),
        ("", "Coded as Battles, Armed clash."),
    ],
)
def test_notes_end_with_a_full_stop(notes: str, told_of: str, ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(notes=notes)))
    assert (the(ledger, ClashReported).summary or "").splitlines()[0] == told_of


def test_types_of_actors_are_numbers_or_words() -> None:
    words = ("State forces", "Rebel groups", "Political militia", "Identity militia", "Rioters")
    more = ("Protesters", "Civilians", "External/Other forces")
    assert [inter_code(each) for each in (*words, *more)] == [*InterCode]
    assert [inter_code(str(number)) for number in range(1, 9)] == [*InterCode]
    assert inter_code("0") is inter_code("") is None
