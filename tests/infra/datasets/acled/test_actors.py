"""Answers: which actor is meant by a name, and which names are one army through time?"""

from pathlib import Path

import pytest

from domain.events import ActorRegistered, ClashReported
from domain.registry import Statement
from domain.values import ActorKind
from infra.datasets.acled.actor_map import read_actor_map
from infra.datasets.acled.draft import drafted
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.names import last_year, without_regime
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
    return "".join(drafted(survey(file).names, KnownActors.of(ledger)))


def test_without_a_file_each_regime_is_an_actor_of_its_own_and_is_doubted_once(
    ledger: Ledger, file: Path
) -> None:
    of_two_regimes(file)
    pull(ledger, file)
    assert {"military-forces-of-azawa-2014-2015", "military-forces-of-azawa-2015"} <= set(
        actors(ledger)
    )
    assert [each["value"] for each in told(file)] == [BEFORE, SINCE]
    (note,) = survey(file).notes(None, {}, KnownActors.of(ledger))
    assert "for each government: 1, as Military Forces of Azawa" in note


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
    assert matching_form(ARMY) != matching_form(SINCE)


# ---- one army in two files --------------------------------------------------------------------


def test_an_army_that_the_ledger_has_under_another_government_is_doubted_and_noted(
    ledger: Ledger, file: Path
) -> None:
    pull(ledger, export(file, row(actor1=BEFORE)))
    later = export(file, row(event_id_cnty="AZW2", actor1=SINCE))
    (note,) = survey(later).notes(None, {}, KnownActors.of(ledger))
    assert note == (
        "Names of perhaps the same army as an actor of the ledger with other years: 1, as "
        f"{SINCE}; the ledger has {BEFORE} (military-forces-of-azawa-2014-2015). tenure import "
        "acled FILE --draft-actors actors.yaml writes a file that joins them; check it, then "
        "import with --actors actors.yaml."
    )
    pull(ledger, later)
    (doubt,) = told(file)
    assert doubt["value"] == SINCE
    assert doubt["why"].startswith(
        f"the ledger has {BEFORE} (military-forces-of-azawa-2014-2015), perhaps the same army"
    )
    assert [*survey(later).notes(None, {}, KnownActors.of(ledger))] == [note]


def test_the_draft_joins_an_army_with_its_name_in_the_ledger(
    ledger: Ledger, file: Path, tmp_path: Path
) -> None:
    pull(ledger, export(file, row(actor1=BEFORE)))
    later = export(file, row(event_id_cnty="AZW2", actor1=SINCE))
    text = draft(later, ledger)
    assert f'# The ledger has this actor as "{BEFORE}".\n' in text
    assert "- actor: military-forces-of-azawa-2014-2015\n" in text
    (tmp_path / "actors.yaml").write_text(text)
    mapped = read_actor_map(tmp_path / "actors.yaml")
    assert mapped[matching_form(BEFORE)] is mapped[matching_form(SINCE)]
    pull(ledger, later, actors=mapped)
    assert {each.sides[0][0] for each in standing(ledger) if isinstance(each, ClashReported)} == {
        "military-forces-of-azawa-2014-2015"
    }
    assert told(file) == []
    assert [*survey(later).notes(None, mapped, KnownActors.of(ledger))] == []


def test_the_draft_takes_the_latest_of_several_actors_and_names_them(
    ledger: Ledger, file: Path
) -> None:
    pull(ledger, of_two_regimes(file))
    text = draft(export(file, row(actor1="MILITARY FORCES OF AZAWA (1990-2014)")), ledger)
    assert f'military-forces-of-azawa-2015 ("{SINCE}"), military-forces-of-azawa-2014-2015 ' in text
    assert "- actor: military-forces-of-azawa-2015\n" in text
    assert text.count("    - ") == 3 + 1


def test_an_army_whose_years_are_joined_in_the_ledger_is_not_noted_again(
    ledger: Ledger, file: Path, tmp_path: Path
) -> None:
    of_two_regimes(file)
    (tmp_path / "actors.yaml").write_text(draft(file, ledger))
    pull(ledger, file, actors=read_actor_map(tmp_path / "actors.yaml"))
    export(file, row(actor1=SINCE))
    assert [*survey(file).notes(None, {}, KnownActors.of(ledger))] == []
    third = export(file, row(event_id_cnty="AZW3", actor1="Military Forces of Azawa (2024-)"))
    assert "Military Forces of Azawa (2024-)" in draft(third, ledger)
    assert "- actor: military-forces-of-azawa\n" in draft(third, ledger)
    (note,) = survey(third).notes(None, {}, KnownActors.of(ledger))
    assert "(military-forces-of-azawa)" in note


def test_a_regime_that_lasts_is_the_latest() -> None:
    assert [last_year(each) for each in (BEFORE, SINCE, "Front")] == [2015, 9999, 9999]
