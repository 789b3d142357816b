"""Answers: what does a row say of "A and/or B", where it is open which of them it was?"""

from pathlib import Path

import pytest

from domain.events import ClashReported, ControlReportedUnknown, SituationEvent, TownSeized
from domain.references import references_of
from domain.values import ActorKind
from infra.datasets.acled.actor_map import read_actor_map
from infra.datasets.acled.draft import drafted
from infra.datasets.acled.either import alternatives
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.survey import survey
from infra.datasets.report import RowOutcome
from infra.ledger.ledger import Ledger
from tests.infra.datasets.acled.exports import (
    ARMY,
    FRONT,
    actors,
    export,
    outcomes,
    pull,
    row,
    standing,
    the,
    told,
)

SOUTH = "Front of the South"
EITHER = f"{FRONT} and/or {SOUTH}"
STRANGER = "Unidentified Armed Group (Azawa)"
OVERTAKES, REGAINS, QUIET = (
    "Non-state actor overtakes territory",
    "Government regains territory",
    "Non-violent transfer of territory",
)
A, B, AZAWA = "front-of-the-north", "front-of-the-south", "military-forces-of-azawa-2019"


def kinds(ledger: Ledger) -> list[type[SituationEvent]]:
    return [type(each) for each in standing(ledger)]


def named_in(event: SituationEvent) -> set[str]:
    return {each.slug for each in references_of(event) if each.kind == "actor"}


def mapping(folder: Path, text: str) -> Path:
    path = folder / "actors.yaml"
    path.write_text(text)
    return path


# ---- the sides of a clash ---------------------------------------------------------------------


def test_both_are_found_by_their_ids_and_neither_is_said_to_have_taken_part(
    ledger: Ledger, file: Path
) -> None:
    pull(ledger, export(file, row(actor2=EITHER)))
    clash = the(ledger, ClashReported)
    assert clash.sides == ((AZAWA,), (A, B))
    assert clash.uncertain == (A, B)
    assert named_in(clash) == {AZAWA, A, B}
    assert f"it is open which of them it was: {EITHER}" in (clash.summary or "")
    (doubt,) = told(file)
    assert (doubt["column"], doubt["value"]) == ("actor2", EITHER)
    assert doubt["why"].startswith("the dataset leaves open which of them it was")


def test_the_whole_name_is_no_actor(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(actor2=EITHER)))
    assert {each.name for each in actors(ledger).values()} == {ARMY, FRONT, SOUTH}
    assert actors(ledger)[B].kind is ActorKind.ARMED_GROUP
    assert [code.code for code in actors(ledger)[B].codes] == [SOUTH]


def test_of_three_all_are_uncertain(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(actor2=f"{EITHER} and/or {STRANGER}")))
    assert the(ledger, ClashReported).uncertain == (A, B, "unidentified-armed-group-azawa")


def test_an_associated_actor_may_be_open_beside_a_certain_one(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(actor2="Katiba", assoc_actor_2=f"Guild; {EITHER}")))
    clash = the(ledger, ClashReported)
    assert clash.sides[1] == ("katiba", "guild", A, B)
    assert clash.uncertain == (A, B)
    assert told(file)[0]["column"] == "assoc_actor_2"


@pytest.mark.parametrize(
    "changes",
    [
        {"actor2": EITHER, "assoc_actor_2": FRONT},
        {"actor1": FRONT, "inter1": "2", "actor2": EITHER},
        {"actor1": EITHER, "inter1": "2", "actor2": FRONT},
    ],
)
def test_an_actor_that_the_row_names_elsewhere_took_part_for_certain(
    changes: dict[str, str], ledger: Ledger, file: Path
) -> None:
    pull(ledger, export(file, row(**changes)))
    clash = the(ledger, ClashReported)
    assert clash.uncertain == (B,)
    assert sorted(each for side in clash.sides for each in side if each != AZAWA) == [A, B]


def test_the_same_two_on_both_sides_are_one_side(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(actor1=EITHER, inter1="2", actor2=EITHER)))
    assert the(ledger, ClashReported).sides == ((A, B),)


def test_both_sides_may_be_open(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(actor1="X and/or Y", inter1="4", actor2=EITHER)))
    assert the(ledger, ClashReported).sides == (("x", "y"), (A, B))
    assert the(ledger, ClashReported).uncertain == ("x", "y", A, B)


# ---- a place that changes hands ---------------------------------------------------------------


def test_a_place_taken_by_one_of_two_has_no_holder_and_both_may_be(
    ledger: Ledger, file: Path
) -> None:
    report = pull(ledger, export(file, row(sub_event_type=OVERTAKES, actor2=EITHER)))
    assert kinds(ledger) == [ClashReported, ControlReportedUnknown]
    assert the(ledger, ControlReportedUnknown).possibly == (A, B)
    assert outcomes(report)[RowOutcome.DOUBTFUL] == 1
    assert told(file)[-1]["why"] == (
        f"{EITHER} took the place, and the row leaves open which of them; recorded: that it is not "
        "known who holds it"
    )


def test_a_transfer_without_violence_is_found_by_both_ids(ledger: Ledger, file: Path) -> None:
    alone = row(sub_event_type=QUIET, actor1=EITHER, inter1="2", actor2="", inter2="")
    pull(ledger, export(file, alone))
    assert kinds(ledger) == [ControlReportedUnknown]
    assert named_in(the(ledger, ControlReportedUnknown)) == {A, B}


def test_of_two_who_may_have_taken_the_place_both_are_named(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(sub_event_type=QUIET)))
    assert the(ledger, ControlReportedUnknown).possibly == (AZAWA, A)


def test_an_unidentified_group_is_not_who_may_hold_a_place(ledger: Ledger, file: Path) -> None:
    either = f"{FRONT} and/or {STRANGER}"
    pull(ledger, export(file, row(sub_event_type=OVERTAKES, actor2=either)))
    assert the(ledger, ControlReportedUnknown).possibly == (A,)


def test_nobody_loses_a_place_that_one_of_two_lost(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(sub_event_type=REGAINS, actor2=EITHER)))
    seized = the(ledger, TownSeized)
    assert (seized.by, seized.taken_from) == ((AZAWA,), ())


def test_an_ally_who_may_be_meant_too_makes_no_winner(ledger: Ledger, file: Path) -> None:
    both = row(sub_event_type=OVERTAKES, actor2=EITHER, assoc_actor_2=f"{FRONT}; {SOUTH}")
    pull(ledger, export(file, both))
    assert the(ledger, ClashReported).uncertain == ()
    assert kinds(ledger) == [ClashReported, ControlReportedUnknown]


# ---- the file of actors -----------------------------------------------------------------------


def test_a_whole_name_that_the_user_gives_to_one_actor_counts(
    ledger: Ledger, file: Path, tmp_path: Path
) -> None:
    mapped = read_actor_map(mapping(tmp_path, f"- {{actor: fn, names: ['{EITHER}']}}\n"))
    pull(ledger, export(file, row(sub_event_type=OVERTAKES, actor2=EITHER)), actors=mapped)
    assert the(ledger, TownSeized).by == ("fn",)
    assert the(ledger, ClashReported).uncertain == ()
    assert told(file) == []
    assert outcomes(pull(ledger, file)) == {RowOutcome.UNCHANGED: 1}


def test_two_names_of_one_actor_leave_nothing_open(
    ledger: Ledger, file: Path, tmp_path: Path
) -> None:
    text = f"- {{actor: fn, name: Fronts, names: ['{FRONT}', '{SOUTH}']}}\n"
    mapped = read_actor_map(mapping(tmp_path, text))
    pull(ledger, export(file, row(sub_event_type=OVERTAKES, actor2=EITHER)), actors=mapped)
    assert the(ledger, TownSeized).by == ("fn",)
    assert the(ledger, ClashReported).uncertain == ()


def test_the_draft_lists_both_names_and_not_the_whole(ledger: Ledger, file: Path) -> None:
    wagner = "Military Forces of Azawa (2014-2015) and/or Wagner Group"
    export(file, row(actor1=wagner, actor2=EITHER), row(event_id_cnty="AZW2"))
    text = "".join(drafted(survey(file).names, KnownActors.of(ledger)))
    entries, _, left_open = text.partition("# These names leave open")
    assert "and/or" not in entries
    assert f'    - "{SOUTH}"\n' in entries
    assert f'#   "{EITHER}"\n' in left_open
    assert (
        '  name: "Military Forces of Azawa"\n  kind: state-force\n  names:\n'
        '    - "Military Forces of Azawa (2014-2015)"\n'
        '    - "Military Forces of Azawa (2019-)"\n'
    ) in entries
    assert '  name: "Wagner Group"\n  kind: private-force\n' in entries


def test_a_later_pull_that_says_who_it_was_is_a_correction(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(sub_event_type=OVERTAKES, actor2=EITHER)))
    known = row(sub_event_type=OVERTAKES, actor2=SOUTH, timestamp="1710000000")
    assert outcomes(pull(ledger, export(file, known))) == {RowOutcome.CORRECTED: 1}
    assert the(ledger, TownSeized).by == (B,)
    assert the(ledger, ClashReported).sides == ((AZAWA,), (B,))
    (corrected,) = told(file)
    assert (
        "; Row AZW1 of ACLED reads otherwise now: ControlReportedUnknown is TownSeized"
        in (corrected["why"])
    )


# ---- the names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("A and/or B", ("A", "B")),
        ("A AND / OR B", ("A", "B")),
        ("A and/or B and/or a", ("A", "B")),
        ("A and/or", ("A",)),
        ("Landor Front", ()),
        ("Civilians (Mali and/or Niger)", ()),
        ("A (Mali and/or B", ("A (Mali", "B")),
        ("A (Mali) and/or B (Niger)", ("A (Mali)", "B (Niger)")),
        (
            "Military Forces of Mali (2020-2021) and/or Wagner Group",
            ("Military Forces of Mali (2020-2021)", "Wagner Group"),
        ),
        (
            "Military and/or Police Forces of Mali (2021-)",
            ("Military Forces of Mali (2021-)", "Police Forces of Mali (2021-)"),
        ),
        (
            "Wagner Group and/or Military Forces of Mali (2021-)",
            ("Wagner Group", "Military Forces of Mali (2021-)"),
        ),
        (
            "Katiba and/or Fulani Ethnic Militia (Mali)",
            ("Katiba", "Fulani Ethnic Militia (Mali)"),
        ),
    ],
)
def test_the_names_of_an_open_name(name: str, parts: tuple[str, ...]) -> None:
    assert alternatives(name) == parts
