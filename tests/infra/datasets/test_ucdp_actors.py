"""Answers: what becomes of a row of the UCDP Actor Dataset?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.events import ActorAmended, ActorRegistered, Event
from domain.values import ActorKind
from infra.datasets.report import RowOutcome
from infra.datasets.ucdp.actor_book import UcdpActors
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger
from tests.infra.datasets.ucdp import ACTOR, actors, clash, ged, outcomes


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def listed(ledger: Ledger, path: Path, **fields: str) -> ActorRegistered:
    """The actor as it reads after the import of a row."""
    assert RowOutcome.REFUSED not in outcomes(actors(ledger, path, ACTOR | fields))
    found = UcdpActors(ledger).find((ACTOR | fields)["ActorId"])
    assert found
    return found


def aliases(actor: ActorRegistered) -> list[tuple[str, str | None, str | None]]:
    return [(each.text, each.language, each.script) for each in actor.aliases]


def test_an_actor_has_its_names_in_their_languages_and_scripts(
    ledger: Ledger, tmp_path: Path
) -> None:
    native = "Фронт Рифа / Front Rifa"
    actor = listed(ledger, tmp_path, NameOrigFull=native)
    assert (actor.actor, actor.name) == ("reef-front-ucdp-502", "Reef Front")
    assert aliases(actor) == [
        ("Фронт Рифа", None, "Cyrl"),
        ("Front Rifa", None, None),
        ("Front of the Reef", "en", None),
    ]


def test_a_new_name_is_a_name_and_no_renaming_since_the_list_has_no_date(
    ledger: Ledger, tmp_path: Path
) -> None:
    names = {
        "NameChange": "1",
        "NewName": "RF, RFN",
        "NewNameFullMotherTongue": "Rifa, Rifa Nova",
        "NewNameFullEng": "Reef Front, New Reef Front",
    }
    told = [text for text, *_ in aliases(listed(ledger, tmp_path, **names))]
    assert told == ["Front of the Reef", "RF", "RFN", "Rifa", "Rifa Nova", "New Reef Front"]


def test_new_names_that_do_not_pair_are_kept_as_written(ledger: Ledger, tmp_path: Path) -> None:
    told = listed(ledger, tmp_path, NewName="Atlantis, Republic of", NewNameFullEng="Atlantis")
    assert [text for text, *_ in aliases(told)][1:] == ["Atlantis, Republic of", "Atlantis"]


@pytest.mark.parametrize(
    ("org", "kind"),
    [
        ("1", ActorKind.ARMED_GROUP),
        ("2", ActorKind.ARMED_GROUP),
        ("3.0", ActorKind.ARMED_GROUP),
        ("4", ActorKind.STATE_FORCE),
    ],
)
def test_the_organisation_says_the_kind(
    ledger: Ledger, tmp_path: Path, org: str, kind: ActorKind
) -> None:
    assert listed(ledger, tmp_path, Org=org).kind is kind


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Splinter": "1", "NamePrev": "RA", "ActorIdPrev": "77"}, "came out of RA (UCDP 77)"),
        ({"NameSplitTemp": "RA", "ActorIdSplitTemp": "77"}, "a part of RA (UCDP 77) for a time"),
        ({"NameAlliance": "U", "ActorIdAlliance": "78"}, "the alliance U (UCDP 78)"),
        ({"GroupName": "U", "ActorIdGroup": "78, 79"}, "it joined U (UCDP 78, 79)"),
        ({"NSCoalition": "1", "NSCoalitionID": "6040"}, "in the coalitions UCDP 6040"),
        ({"OSCoalition": "1", "OSCoalitionID": "6041"}, "in the coalitions UCDP 6041"),
    ],
)
def test_a_tie_without_a_date_is_told_and_never_dated(
    ledger: Ledger, tmp_path: Path, fields: dict[str, str], words: str
) -> None:
    report = actors(ledger, tmp_path, ACTOR | fields)
    assert outcomes(report) == {RowOutcome.RECORDED: 1, RowOutcome.DOUBTFUL: 1}
    told = (tmp_path / "actors.report.csv").read_text()
    assert words in told
    assert "gives no date" in told
    kinds = {type(each.event).__name__ for each in ledger.read()}
    assert kinds == {"SourceRegistered", "ReportFiled", "ActorRegistered"}


def test_the_list_twice_adds_nothing(ledger: Ledger, tmp_path: Path) -> None:
    listed(ledger, tmp_path)
    head = ledger.head
    assert outcomes(actors(ledger, tmp_path, ACTOR)) == {RowOutcome.UNCHANGED: 1}
    assert ledger.head == head


def test_a_later_list_amends_the_actor_and_an_older_one_does_not(
    ledger: Ledger, tmp_path: Path
) -> None:
    listed(ledger, tmp_path)
    renamed = ACTOR | {"NameData": "Reef Army"}
    assert outcomes(actors(ledger, tmp_path, renamed, release="25.1")) == {RowOutcome.CORRECTED: 1}
    actors(ledger, tmp_path, ACTOR, release="24.1")
    found = UcdpActors(ledger).find("502")
    assert found and found.name == "Reef Army"
    assert "Reef Front" in [each.text for each in found.aliases]


def by_hand(**fields: object) -> Event:
    told = {"actor": "reef", "name": "The Reef", "kind": "private-force", **fields}
    return ActorRegistered.model_validate(told)


def test_an_actor_registered_by_hand_with_the_ucdp_id_keeps_its_name_and_gets_the_others(
    ledger: Ledger, tmp_path: Path
) -> None:
    codes = [{"scheme": "ucdp", "code": "502"}, {"scheme": "acled", "code": "Reef"}]
    ledger.record([identify(by_hand(codes=codes))], by="a test")
    actor = listed(ledger, tmp_path)
    assert (actor.actor, actor.name, actor.kind) == ("reef", "The Reef", ActorKind.PRIVATE_FORCE)
    assert [text for text, *_ in aliases(actor)] == ["Reef Front", "Front of the Reef"]
    assert len(actor.codes) == 2


def test_an_actor_amended_by_hand_to_carry_the_ucdp_id_is_that_actor(
    ledger: Ledger, tmp_path: Path
) -> None:
    amended = {"actor": "reef", "codes": [{"scheme": "ucdp", "code": "502"}], "reason": "looked up"}
    statements = [by_hand(), ActorAmended.model_validate(amended)]
    ledger.record([identify(each) for each in statements], by="a test")
    assert listed(ledger, tmp_path).actor == "reef"


def test_events_name_the_actors_of_the_list(ledger: Ledger, tmp_path: Path) -> None:
    listed(ledger, tmp_path, NameData="RF")
    ged(ledger, tmp_path, clash())
    registered = [each.event for each in ledger.of_type(ActorRegistered)]
    assert [each.actor for each in registered if isinstance(each, ActorRegistered)] == [
        "rf-ucdp-502",
        "government-of-atlantis-ucdp-501",
    ]


@pytest.mark.parametrize(
    ("fields", "column"),
    [({"ActorId": "x"}, "actorid"), ({"Org": "5"}, "org"), ({"NameData": " "}, "namedata")],
)
def test_a_row_that_can_not_be_taken_is_refused_alone(
    ledger: Ledger, tmp_path: Path, fields: dict[str, str], column: str
) -> None:
    report = actors(ledger, tmp_path, ACTOR | fields, ACTOR | {"ActorId": "503"})
    assert outcomes(report) == {RowOutcome.RECORDED: 1, RowOutcome.REFUSED: 1}
    told = (tmp_path / "actors.report.csv").read_text().splitlines()[1].split(",")
    assert (told[0], told[2], told[3]) == ("2", "refused", column)
