"""Answers: what becomes of a row of UCDP's Georeferenced Event Dataset?"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.events import (
    ActorRegistered,
    ClashReported,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
)
from domain.values import ActorKind, GeoPrecision, LocationKind, Tactic
from infra.datasets.report import RowOutcome
from infra.datasets.ucdp.ged import NEEDED, GedFile, kind_of
from infra.datasets.ucdp.releases import Release
from infra.intake.problems import BadInput
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger
from tests.infra.datasets.ucdp import GED_COLUMNS, SOURCE, clash, ged, outcomes, table

SHARED = Path(__file__).parents[4] / "shared" / "data" / "ucdp" / "ged-sample-1000.csv"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def clashes(ledger: Ledger) -> list[ClashReported]:
    return [each.event for each in ledger.read() if isinstance(each.event, ClashReported)]


def place_of(ledger: Ledger, event: ClashReported) -> LocationRegistered:
    (found,) = ledger.registrations("location", [event.location])
    assert isinstance(found.event, LocationRegistered)
    return found.event


def within(ledger: Ledger, event: ClashReported) -> list[str]:
    """The names of the place and of what it lies in, the smallest first."""
    names, place = [], place_of(ledger, event)
    while True:
        names.append(place.name)
        if place.within is None:
            return names
        (found,) = ledger.registrations("location", [place.within])
        assert isinstance(found.event, LocationRegistered)
        place = found.event


def said(ledger: Ledger, path: Path, **fields: str) -> ClashReported:
    """The event that a row becomes."""
    report = ged(ledger, path, clash(**fields))
    assert RowOutcome.REFUSED not in outcomes(report), (path / "ged.report.csv").read_text()
    return clashes(ledger)[-1]


def refusal(ledger: Ledger, path: Path, **fields: str) -> str:
    """Why a row is refused, while the row beside it is recorded."""
    assert outcomes(ged(ledger, path, clash(**fields), clash(id="9002")))[RowOutcome.REFUSED] == 1
    assert len(clashes(ledger)) == 1
    return (path / "ged.report.csv").read_text().splitlines()[1]


def test_a_row_is_a_clash_with_its_sides_its_day_and_its_dead(
    ledger: Ledger, tmp_path: Path
) -> None:
    event = said(ledger, tmp_path)
    assert event.sides == (("government-of-atlantis-ucdp-501",), ("reef-front-ucdp-502",))
    assert event.occurred.text == "2023-04-02"
    assert event.deaths and (event.deaths.low, event.deaths.best, event.deaths.high) == (5, 6, 9)
    assert event.deaths_by_side and event.deaths_by_side.model_dump() == {
        "sides": (1, 4),
        "civilians": 1,
        "unknown": 0,
    }
    assert event.passage == "row 9001"
    assert within(ledger, event) == ["Bamba", "Quay district", "North province", "Atlantis"]


def test_what_has_no_field_stands_in_the_summary(ledger: Ledger, tmp_path: Path) -> None:
    assert said(ledger, tmp_path).summary == (
        "State-based conflict: Atlantis: Government (UCDP 70), dyad Government of Atlantis - Reef "
        "Front (UCDP 77).\n"
        "Where: Bamba town; at the quay.\n"
        "First said by: harbour master.\n"
        "Cited (2 sources): Tide Post, 2023-04-03, Shots at the quay; Coral Wire, 2023-04-04, Six "
        "dead"
    )


def test_the_report_names_the_release_and_the_outlets_as_one_voice(
    ledger: Ledger, tmp_path: Path
) -> None:
    turned = {"source_office": "Coral Wire;Tide Post"}
    old = {"source_office": "", "source_article": "Reuters 1999-01-02\n'Calm'", "id": "9003"}
    ged(ledger, tmp_path, clash(), clash(id="9002", **turned), clash(**old))
    filed = [each.event for each in ledger.of_type(ReportFiled)]
    assert [each.title for each in filed if isinstance(each, ReportFiled)] == [
        "UCDP GED 24.1, citing Coral Wire; Tide Post",
        "UCDP GED 24.1, citing Reuters 1999-01-02 'Calm'",
    ]


@pytest.mark.parametrize(
    ("code", "fields", "names", "kind"),
    [
        ("1", {}, ["Bamba", "Quay district", "North province", "Atlantis"], "town"),
        ("2", {}, ["Bamba", "Quay district", "North province", "Atlantis"], "town"),
        ("3", {}, ["Quay district", "North province", "Atlantis"], "region"),
        ("4", {}, ["North province", "Atlantis"], "region"),
        (
            "5",
            {"where_coordinates": "Coast road"},
            ["Coast road", "Quay district", "North province", "Atlantis"],
            "region",
        ),
        ("6", {}, ["Atlantis"], "region"),
        ("7", {"where_coordinates": "Gulf of Reefs"}, ["Gulf of Reefs"], "region"),
    ],
)
def test_a_place_is_as_near_as_where_prec_says(
    ledger: Ledger,
    tmp_path: Path,
    code: str,
    fields: dict[str, str],
    names: list[str],
    kind: str,
) -> None:
    event = said(ledger, tmp_path, where_prec=code, **fields)
    assert within(ledger, event) == names
    assert place_of(ledger, event).kind == kind
    assert event.place_precision == GeoPrecision(scale="ucdp", code=int(code))


def test_an_area_is_never_the_nearest_town(ledger: Ledger, tmp_path: Path) -> None:
    ged(ledger, tmp_path, clash(), *(clash(id=f"91{code}", where_prec=code) for code in "34567"))
    town, *areas = clashes(ledger)
    assert place_of(ledger, town).kind is LocationKind.TOWN
    assert all(each.location != town.location for each in areas)
    assert {place_of(ledger, each).kind for each in areas} == {LocationKind.REGION}


@pytest.mark.parametrize(
    ("name", "kind", "its"),
    [
        ("Aguelhok village", LocationKind.TOWN, "Aguelhok"),
        ("Old Port suburb", LocationKind.TOWN, "Old Port"),
        ("Grozny", LocationKind.SITE, "Grozny"),
        ("Bagram airbase", LocationKind.BASE, "Bagram airbase"),
        ("Wazir Dand Area", LocationKind.REGION, "Wazir Dand Area"),
        ("Quay district", LocationKind.REGION, "Quay district"),
        ("Mount Vlasic", LocationKind.SITE, "Mount Vlasic"),
    ],
)
def test_the_last_word_of_a_name_says_what_sort_of_place_it_is(
    ledger: Ledger, tmp_path: Path, name: str, kind: LocationKind, its: str
) -> None:
    place = place_of(ledger, said(ledger, tmp_path, where_coordinates=name))
    assert (place.name, place.kind) == (its, kind)


def test_a_district_without_a_name_in_its_column_is_the_region_of_the_point(
    ledger: Ledger, tmp_path: Path
) -> None:
    event = said(ledger, tmp_path, where_prec="3", adm_2="", where_coordinates="Reef department")
    assert within(ledger, event) == ["Reef department", "North province", "Atlantis"]


@pytest.mark.parametrize(
    ("start", "end", "precision", "text"),
    [
        ("2023-04-02", "2023-04-02", "1", "2023-04-02"),
        ("2023-04-02", "2023-04-05", "2.0", "2023-04-02/2023-04-05"),
        ("2023-04-02 00:00:00.000", "2023-04-08 00:00:00.000", "3", "2023-04-02/2023-04-08"),
        ("2023-01-01", "2023-12-31", "5", "2023-01-01/2023-12-31"),
        ("2022-12-30", "2023-01-02", "2", "2022-12-30/2023-01-02"),
    ],
)
def test_the_dates_are_a_window(
    ledger: Ledger, tmp_path: Path, start: str, end: str, precision: str, text: str
) -> None:
    event = said(ledger, tmp_path, date_start=start, date_end=end, date_prec=precision)
    assert event.occurred.text == text


def test_a_day_that_is_said_to_be_a_range_is_doubtful(ledger: Ledger, tmp_path: Path) -> None:
    report = ged(ledger, tmp_path, clash(date_prec="4"))
    assert outcomes(report) == {RowOutcome.RECORDED: 1, RowOutcome.DOUBTFUL: 1}


def test_numbers_may_have_gone_through_pandas(ledger: Ledger, tmp_path: Path) -> None:
    plain = said(ledger, tmp_path)
    report = ged(
        ledger,
        tmp_path,
        clash(
            id="9001.0",
            year="2023.0",
            best="6.0",
            side_a_new_id="501.0",
            conflict_new_id="70.0",
            latitude="17.03200000000001",
            where_prec="1.0",
            date_start="2023-04-02",
        ),
    )
    assert outcomes(report) == {RowOutcome.UNCHANGED: 1}
    assert clashes(ledger) == [plain]


def test_minus_one_is_not_coded(ledger: Ledger, tmp_path: Path) -> None:
    numbers = dict.fromkeys(("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"), "-1")
    event = said(
        ledger,
        tmp_path,
        number_of_sources="-1",
        low="-1",
        high="-1.0",
        event_clarity="-1",
        **numbers,
    )
    assert event.summary and "Cited: Tide Post" in event.summary
    assert event.deaths and event.deaths.model_dump(exclude_none=True) == {"best": 6}
    assert event.deaths_by_side is None
    assert event.credibility == 6


@pytest.mark.parametrize(
    ("clarity", "status", "credibility"),
    [("1", "Clear", 2), ("2", "Clear", 3), ("1", "Check deaths", 3), ("2", "Check dyad", 4)],
)
def test_credibility_follows_the_clarity_and_what_ucdp_has_checked(
    ledger: Ledger, tmp_path: Path, clarity: str, status: str, credibility: int
) -> None:
    event = said(ledger, tmp_path, event_clarity=clarity, code_status=status)
    assert event.credibility == credibility
    assert (status in (event.summary or "")) is (status != "Clear")


# ---- Sides -------------------------------------------------------------------------------------


def kinds(ledger: Ledger) -> list[ActorKind]:
    found = [each.event for each in ledger.of_type(ActorRegistered)]
    return [each.kind for each in found if isinstance(each, ActorRegistered)]


def test_a_government_is_a_state_force_and_carries_its_ucdp_id(
    ledger: Ledger, tmp_path: Path
) -> None:
    said(ledger, tmp_path)
    assert kinds(ledger) == [ActorKind.STATE_FORCE, ActorKind.ARMED_GROUP]
    (found,) = ledger.registrations("actor", ["government-of-atlantis-ucdp-501"])
    assert isinstance(found.event, ActorRegistered)
    assert [(each.scheme, each.code) for each in found.event.codes] == [("ucdp", "501")]


def test_one_sided_violence_is_an_attack_on_civilians(ledger: Ledger, tmp_path: Path) -> None:
    one_sided = {"type_of_violence": "3", "side_b_new_id": "1.0", "side_b": "Civilians"}
    dead = {"deaths_a": "0", "deaths_b": "0", "deaths_civilians": "6"}
    event = said(ledger, tmp_path, **one_sided, **dead)
    assert event.tactic is Tactic.ATTACK_ON_CIVILIANS
    assert kinds(ledger) == [ActorKind.STATE_FORCE, ActorKind.CIVILIANS]
    assert event.deaths_by_side and event.deaths_by_side.sides == (0, None)
    assert event.deaths_by_side.civilians == 6


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Reef Front", ActorKind.ARMED_GROUP),
        ("APCLS, CMC", ActorKind.COALITION),
        ("Authenticity and Development Front, Islamic Front", ActorKind.COALITION),
        ("Junta for Democracy, Peace and Justice", ActorKind.ARMED_GROUP),
        ("Military faction (forces of Honasan, Zumel)", ActorKind.ARMED_GROUP),
    ],
)
def test_a_name_made_of_the_names_of_members_is_a_coalition(name: str, kind: ActorKind) -> None:
    assert kind_of(name, is_state=False) is kind


def test_an_actor_with_the_ucdp_id_in_the_ledger_is_that_actor(
    ledger: Ledger, tmp_path: Path
) -> None:
    from_hand = ActorRegistered.model_validate(
        {
            "actor": "reef",
            "name": "The Reef",
            "kind": "armed-group",
            "codes": [{"scheme": "ucdp", "code": "502"}],
        }
    )
    ledger.record([identify(from_hand)], by="a test")
    assert said(ledger, tmp_path).sides[1] == ("reef",)


def test_an_actor_with_two_names_in_one_file_is_one_actor_and_doubtful(
    ledger: Ledger, tmp_path: Path
) -> None:
    rows = clash(), clash(id="9002", side_b="Front of the Reef")
    assert outcomes(ged(ledger, tmp_path, *rows))[RowOutcome.DOUBTFUL] == 1
    assert {each.sides[1] for each in clashes(ledger)} == {("reef-front-ucdp-502",)}
    assert outcomes(ged(ledger, tmp_path, *rows)) == {RowOutcome.UNCHANGED: 2}


# ---- Deaths that contradict each other ---------------------------------------------------------


def test_best_above_high_is_recorded_where_best_is_the_sum_by_side(
    ledger: Ledger, tmp_path: Path
) -> None:
    event = said(ledger, tmp_path, high="5")
    assert event.deaths and event.deaths.model_dump(exclude_none=True) == {"low": 5, "best": 6}
    assert event.summary and "UCDP gives low 5, best 6, high 5" in event.summary
    assert "9001,doubtful,high,5," in (tmp_path / "ged.report.csv").read_text()


def test_low_above_best_is_left_out_alike(ledger: Ledger, tmp_path: Path) -> None:
    event = said(ledger, tmp_path, low="7")
    assert event.deaths and event.deaths.model_dump(exclude_none=True) == {"best": 6, "high": 9}


def test_deaths_that_nothing_explains_refuse_the_row_alone(ledger: Ledger, tmp_path: Path) -> None:
    line = refusal(ledger, tmp_path, best="12")
    assert line.startswith("2,9001,refused,best,12,")
    assert "not the sum of the deaths by side, 6" in line


def test_a_best_that_is_not_the_sum_is_doubtful(ledger: Ledger, tmp_path: Path) -> None:
    assert outcomes(ged(ledger, tmp_path, clash(best="7")))[RowOutcome.DOUBTFUL] == 1


# ---- Rows that can't be taken ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"id": ""}, "id"),
        ({"year": "2021"}, "year"),
        ({"date_start": "02/04/2023"}, "date_start"),
        ({"date_start": "0025-04-02"}, "date_start"),
        ({"date_start": "2021-04-02"}, "date_end"),
        ({"date_end": "2023-04-01"}, "date_end"),
        ({"date_start": "2023-02-30"}, "date_start"),
        ({"where_prec": "8"}, "where_prec"),
        ({"where_prec": ""}, "where_prec"),
        ({"latitude": "95"}, "latitude"),
        ({"longitude": "nan"}, "longitude"),
        ({"deaths_a": "many"}, "deaths_a"),
        ({"deaths_b": "-7"}, "deaths_b"),
        ({"best": "6.5"}, "best"),
        ({"type_of_violence": "4"}, "type_of_violence"),
        ({"side_b_new_id": "501"}, "side_b_new_id"),
        ({"side_a_new_id": "-1"}, "side_a_new_id"),
        ({"side_b": ""}, "side_b"),
        ({"event_clarity": "3"}, "event_clarity"),
        ({"where_coordinates": " "}, "where_coordinates"),
    ],
)
def test_a_row_is_refused_alone_with_its_line_column_and_value(
    ledger: Ledger, tmp_path: Path, fields: dict[str, str], column: str
) -> None:
    line, _, outcome, told, *_ = refusal(ledger, tmp_path, **fields).split(",")
    assert (line, outcome, told) == ("2", "refused", column)


def test_a_table_of_something_else_is_refused_whole(ledger: Ledger, tmp_path: Path) -> None:
    table(tmp_path / "other.csv", ("id", "name"), {"id": "1", "name": "x"})
    with pytest.raises(BadInput, match="no table of GED: it has no column year"):
        list(GedFile(tmp_path / "other.csv", ledger, SOURCE, Release.parse("24.1")).rows())
    assert ledger.head == 0


def test_every_needed_column_is_a_column_of_the_codebook() -> None:
    assert set(NEEDED) < set(GED_COLUMNS)
    assert len(GED_COLUMNS) == 49


def test_line_breaks_inside_quotes_and_hidden_characters_are_one_line(
    ledger: Ledger, tmp_path: Path
) -> None:
    event = said(ledger, tmp_path, where_description="at the\r\nquay\u200b", source_original="a\nb")
    assert event.summary and "at the quay." in event.summary
    assert "First said by: a b." in event.summary
    assert not any("\u200b" in (each.summary or "") for each in clashes(ledger))


def test_no_row_asserts_control(ledger: Ledger, tmp_path: Path) -> None:
    said(ledger, tmp_path)
    told = [each.event for each in ledger.read() if isinstance(each.event, SituationEvent)]
    assert [type(each) for each in told] == [ClashReported]


@pytest.mark.skipif(not SHARED.exists(), reason="the sample of GED in ../shared is not here")
def test_the_real_sample_is_taken_as_a_whole_in_any_order(tmp_path: Path) -> None:
    ids = []
    for turned in (False, True):
        with SHARED.open(encoding="utf-8-sig", newline="") as file:
            rows = [*csv.DictReader(file)][:150]
        with open_ledger(f"sqlite:///{tmp_path / f'{turned}.db'}") as ledger:
            report = ged(ledger, tmp_path, *(rows[::-1] if turned else rows))
            assert report.counts[RowOutcome.RECORDED] == 150
            ids.append({each.statement.id for each in ledger.read()})
            assert outcomes(ged(ledger, tmp_path, *rows)) == {RowOutcome.UNCHANGED: 150}
    assert ids[0] == ids[1]
