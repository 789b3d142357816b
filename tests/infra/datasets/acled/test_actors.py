"""Answers: which actor is meant by a name, and which names are one army through time?"""

from pathlib import Path

import pytest

from domain.events import ActorRegistered, ClashReported, TownSeized
from domain.registry import Statement
from domain.values import ActorKind
from infra.datasets.acled.actor_map import drafted, read_actor_map
from infra.datasets.acled.actors import KnownActors
from infra.datasets.acled.names import is_either, without_regime
from infra.datasets.acled.survey import survey
from infra.datasets.report import RowOutcome
from infra.intake.problems import BadInput
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger
from infra.visible_text import matching_form
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

BEFORE, SINCE = "Military Forces of Azawa (2014-2015)", "Military Forces of Azawa (2015-)"
POLICE = "Police Forces of Azawa (2015-) Border Guard"


def of_two_regimes(file: Path) -> Path:
    return export(
        file,
        row(actor1=BEFORE),
        row(event_id_cnty="AZW2", actor1=SINCE, assoc_actor_1=POLICE),
    )


def registered(**fields: object) -> Statement:
    return identify(ActorRegistered.model_validate(fields))


def draft(file: Path, ledger: Ledger) -> str:
    return "".join(drafted(survey(file).names, KnownActors.of(ledger).by_name))


def test_without_a_file_each_regime_is_an_actor_of_its_own_and_is_doubted_once(
    ledger: Ledger, file: Path
) -> None:
    of_two_regimes(file)
    pull(ledger, file)
    assert {"military-forces-of-azawa-2014-2015", "military-forces-of-azawa-2015"} <= set(
        actors(ledger)
    )
    assert [each["value"] for each in told(file)] == [BEFORE, SINCE]
    notes = [*survey(file).notes(None, is_mapped=False)]
    assert "for each government: 1, as Military Forces of Azawa" in notes[0]


def test_the_drafted_file_joins_the_regimes_of_an_army(
    ledger: Ledger, file: Path, tmp_path: Path
) -> None:
    of_two_regimes(file)
    text = draft(file, ledger)
    assert "# One army under several governments?" in text
    (tmp_path / "actors.yaml").write_text(text)
    mapped = read_actor_map(tmp_path / "actors.yaml")
    pull(ledger, file, actors=mapped)
    assert {each.sides[0][0] for each in standing(ledger) if isinstance(each, ClashReported)} == {
        "military-forces-of-azawa"
    }
    army = actors(ledger)["military-forces-of-azawa"]
    assert (army.name, army.kind) == ("Military Forces of Azawa", ActorKind.STATE_FORCE)
    assert [code.code for code in army.codes] == [BEFORE, SINCE]
    assert "police-forces-of-azawa-border-guard" in actors(ledger)
    assert told(file) == []
    assert outcomes(pull(ledger, file)) == {RowOutcome.UNCHANGED: 2}


def test_an_edited_file_names_an_actor_of_the_ledger(
    ledger: Ledger, file: Path, tmp_path: Path
) -> None:
    ledger.record([registered(actor="afa", name="AFA", kind="state-force")], by="a test")
    (tmp_path / "actors.yaml").write_text(f"- {{actor: afa, names: ['{BEFORE}']}}\n")
    pull(ledger, of_two_regimes(file), actors=read_actor_map(tmp_path / "actors.yaml"))
    first, second = standing(ledger)
    assert isinstance(first, ClashReported)
    assert isinstance(second, ClashReported)
    assert first.sides[0] == ("afa",)
    assert second.sides[0][0] == "military-forces-of-azawa-2015"
    assert actors(ledger)["afa"].name == "AFA"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {actor: a, names: [A]}\n- {actor: b, names: [' a']}\n", "2:22: names[0]: this name is"),
        ("- {actor: A B, names: [A]}\n", "1:11: actor: 'A B' is not an id"),
        ("- {actor: a}\n", "1:3: names: it is missing"),
        ("- {actor: a, names: [A], colour: red}\n", "colour: no field of MappedActor"),
        ("- {actor: a, names: [A], kind: army}\n", "kind: 'army' is not one of the words"),
        ("actor: a\n", "this is not a list"),
    ],
)
def test_an_unfit_file_of_actors_is_refused_with_the_place(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "actors.yaml"
    path.write_text(text)
    with pytest.raises(BadInput) as refused:
        read_actor_map(path)
    assert message in str(refused.value)


def test_a_missing_file_of_actors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read: no such file"):
        read_actor_map(tmp_path / "actors.yaml")


def test_one_or_the_other_stays_an_actor_of_its_own_and_is_doubted(
    ledger: Ledger, file: Path
) -> None:
    either = f"{FRONT} and/or Front of the South"
    export(
        file,
        row(sub_event_type="Non-state actor overtakes territory", actor2=either),
        row(event_id_cnty="AZW2"),
    )
    pull(ledger, file)
    seized = the(ledger, TownSeized)
    (taker,) = seized.by
    assert actors(ledger)[taker].name == either
    assert taker != "front-of-the-north"
    (doubt,) = told(file)
    assert (doubt["column"], doubt["value"]) == ("actor2", either)
    assert doubt["why"].startswith("which of the two it was, the dataset does not say")
    assert "# One of two, and ACLED does not say which" in draft(file, ledger)


def test_an_actor_with_a_code_of_acled_is_known(ledger: Ledger, file: Path) -> None:
    codes = [{"scheme": "acled", "code": FRONT}]
    fields = {"actor": "fn", "name": "FN", "kind": "armed-group", "codes": codes}
    ledger.record([registered(**fields)], by="a test")
    pull(ledger, export(file, row()))
    assert the(ledger, ClashReported).sides[1] == ("fn",)
    assert told(file) == []


def test_an_actor_of_the_same_name_is_taken_and_doubted(ledger: Ledger, file: Path) -> None:
    alias = {"actor": "fn", "name": "FN", "kind": "armed-group", "aliases": [FRONT]}
    ledger.record([registered(**alias)], by="a test")
    pull(ledger, export(file, row()))
    assert the(ledger, ClashReported).sides[1] == ("fn",)
    assert told(file)[0]["why"] == "taken for fn, which has the same name"


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("Military Forces of Guida (1999-)", "External/Other forces", ActorKind.STATE_FORCE),
        ("Police Forces of Azawa (2015-)", "1", ActorKind.STATE_FORCE),
        ("MINUSMA: United Nations Mission", "8", ActorKind.MISSION),
        ("Wagner Group", "8", ActorKind.PRIVATE_FORCE),
        ("Some Force", "8", ActorKind.ARMED_GROUP),
        ("Self-Defence", "Identity militia", ActorKind.ARMED_GROUP),
        ("Militia of the Mayor", "3", ActorKind.ARMED_GROUP),
        ("Rioters (Azawa)", "5", ActorKind.CIVILIANS),
        ("Civilians (Azawa)", "Civilians", ActorKind.CIVILIANS),
    ],
)
def test_the_type_of_an_actor_makes_its_kind(
    name: str, code: str, kind: ActorKind, ledger: Ledger, file: Path
) -> None:
    pull(ledger, export(file, row(actor2=name, inter2=code)))
    assert {each.name: each.kind for each in actors(ledger).values()}[name] is kind


def test_the_order_of_rows_changes_no_actor(tmp_path: Path) -> None:
    rows = [
        row(assoc_actor_1="Guild"),
        row(event_id_cnty="AZW2", actor1="Civilians (Azawa)", inter1="7", assoc_actor_1="Guild"),
        row(event_id_cnty="AZW3", actor2="Guild", inter2="4"),
    ]
    kinds = set()
    for number, ordered in enumerate((rows, rows[::-1])):
        path = export(tmp_path / f"{number}.csv", *ordered)
        kinds.add(survey(path).names.of("Guild").kind)
    assert kinds == {ActorKind.ARMED_GROUP}


def test_associated_actors_stand_beside_the_main_one(ledger: Ledger, file: Path) -> None:
    crowd = row(
        actor2="Civilians (Azawa)",
        inter2="Civilians",
        assoc_actor_2="Farmers (Azawa); Women (Azawa)",
        sub_event_type="Attack",
    )
    pull(ledger, export(file, crowd))
    assert the(ledger, ClashReported).sides == (
        ("military-forces-of-azawa-2019",),
        ("civilians-azawa", "farmers-azawa", "women-azawa"),
    )
    assert actors(ledger)["farmers-azawa"].kind is ActorKind.CIVILIANS


def test_names_are_read_without_the_years_of_a_regime() -> None:
    assert without_regime(BEFORE) == "Military Forces of Azawa"
    assert without_regime(POLICE) == "Police Forces of Azawa Border Guard"
    assert without_regime("Civilians (Azawa)") == "Civilians (Azawa)"
    assert is_either("A and/or B")
    assert not is_either("Landor Front")
    assert matching_form(ARMY) != matching_form(SINCE)
