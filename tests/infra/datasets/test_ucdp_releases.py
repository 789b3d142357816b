"""Answers: what does a later release of GED record, and what does it take back?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.events import ClashReported, EventReinstated, EventRetracted
from domain.occurred import Occurred
from domain.values import EventId
from infra.datasets.report import RowOutcome
from infra.datasets.ucdp.releases import NotARelease, Release, release_in_name
from infra.datasets.ucdp.superseded import CompleteFor
from infra.ledger.ledger import Ledger, open_ledger
from tests.infra.datasets.ucdp import clash, ged, outcomes


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def standing(ledger: Ledger) -> dict[str, int | None]:
    """The best estimate of each row that stands."""
    live: dict[EventId, ClashReported] = {}
    gone: dict[EventId, ClashReported] = {}
    for each in ledger.read():
        match each.event:
            case ClashReported() as event:
                live[each.statement.id] = event
            case EventRetracted(event=id):
                gone[id] = live.pop(id)
            case EventReinstated(event=id):
                live[id] = gone.pop(id)
    return {str(each.passage): each.deaths.best for each in live.values() if each.deaths}


SIX = {"best": "6"}
SEVEN = {"best": "7", "deaths_b": "5"}
OTHER_COUNTRY = {"country": "Mu", "where_coordinates": "Lagoon town", "latitude": "3"}


def of_2022(id: str) -> dict[str, str]:
    return clash(id=id, year="2022", date_start="2022-04-02", date_end="2022-04-02")


# ---- What a number says ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "published", "candidate"),
    [
        ("24.1", "2024", False),
        ("24.0.3", "2024-04", True),
        ("24.0.12", "2025-01", True),
        ("24.01.24.06", "2024-07", True),
    ],
)
def test_the_number_of_a_release_says_when_it_came_out(
    number: str, published: str, candidate: bool
) -> None:
    release = Release.parse(number)
    assert (release.published.text, release.is_candidate) == (published, candidate)


@pytest.mark.parametrize(
    "number", ["24", "24.0", "24.0.13", "v24.1", "24.1.1", "24.13.24.14", "5.0", ""]
)
def test_other_numbers_are_refused(number: str) -> None:
    with pytest.raises(NotARelease, match=r"write 24\.1"):
        Release.parse(number)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("GEDEvent_v24_1.csv", "24.1"),
        ("GEDEvent_v24_0_3.csv", "24.0.3"),
        ("GEDEvent_v24_01_24_06.csv", "24.01.24.06"),
        ("ged241.csv", "24.1"),
        ("ucdp-actor-221.csv", "22.1"),
        ("ged-sample-1000.csv", None),
        ("GEDEvent_v24_0_99.csv", None),
        ("mali.csv", None),
    ],
)
def test_a_release_is_found_in_the_name_of_a_file(name: str, number: str | None) -> None:
    assert release_in_name(name) == number


def test_a_release_whose_number_says_no_year_needs_its_date() -> None:
    release = Release.parse("5.0", Occurred.parse("2016-06"))
    assert (release.published.text, release.is_candidate) == ("2016-06", False)


# ---- Living releases ---------------------------------------------------------------------------


def test_a_later_release_records_what_changed_alone(ledger: Ledger, tmp_path: Path) -> None:
    ged(ledger, tmp_path, clash(), clash(id="9002"), release="23.1")
    head = ledger.head
    report = ged(ledger, tmp_path, clash(), clash(id="9002", **SEVEN), release="24.1")
    assert outcomes(report) == {RowOutcome.UNCHANGED: 1, RowOutcome.CORRECTED: 1}
    assert standing(ledger) == {"row 9001": 6, "row 9002": 7}
    (retraction,) = (each.event for each in ledger.of_type(EventRetracted))
    assert isinstance(retraction, EventRetracted)
    assert retraction.report.startswith("ged-24-1-")
    assert "Row 9002 of UCDP GED 24.1 reads otherwise now: " in retraction.reason
    assert ledger.head == head + 3  # the report, the corrected event, the retraction


def test_a_row_missing_from_a_later_final_release_stays(ledger: Ledger, tmp_path: Path) -> None:
    ged(ledger, tmp_path, clash(), clash(id="9002"), release="23.1")
    assert outcomes(ged(ledger, tmp_path, clash(), release="24.1")) == {RowOutcome.UNCHANGED: 1}
    assert standing(ledger) == {"row 9001": 6, "row 9002": 6}


def test_an_older_release_imported_later_does_not_win(ledger: Ledger, tmp_path: Path) -> None:
    ged(ledger, tmp_path, clash(**SEVEN), release="24.1")
    assert outcomes(ged(ledger, tmp_path, clash(**SIX), release="23.1")) == {RowOutcome.OLDER: 1}
    assert standing(ledger) == {"row 9001": 7}


def test_a_candidate_that_the_final_release_leaves_out_is_taken_back_with_that_reason(
    ledger: Ledger, tmp_path: Path
) -> None:
    ged(ledger, tmp_path, clash(), clash(id="9002"), clash(id="9003"), release="23.0.4")
    report = ged(ledger, tmp_path, clash(), clash(id="9003", **SEVEN), release="24.1")
    told = {RowOutcome.UNCHANGED: 1, RowOutcome.CORRECTED: 1, RowOutcome.RETRACTED: 1}
    assert outcomes(report) == told
    assert report.read == 2  # the row that is gone is none of the file's
    assert standing(ledger) == {"row 9001": 6, "row 9003": 7}
    retracted = [each.event for each in ledger.of_type(EventRetracted)]
    assert [each.reason for each in retracted if isinstance(each, EventRetracted)][-1] == (
        "The final release 24.1 of UCDP GED no longer has this event. The candidate release 23.0.4 "
        "had it."
    )
    again = ged(ledger, tmp_path, clash(), clash(id="9003", **SEVEN), release="24.1")
    assert outcomes(again) == {RowOutcome.UNCHANGED: 2}


def test_a_dry_run_tells_the_same_and_records_nothing(ledger: Ledger, tmp_path: Path) -> None:
    ged(ledger, tmp_path, clash(), clash(id="9002"), release="23.0.4")
    head, pull = ledger.head, (clash(**SEVEN), clash(id="9004"))
    told = outcomes(ged(ledger, tmp_path, *pull, release="24.1", is_dry=True))
    assert ledger.head == head
    assert told == outcomes(ged(ledger, tmp_path, *pull, release="24.1"))
    assert told == {RowOutcome.CORRECTED: 1, RowOutcome.RECORDED: 1, RowOutcome.RETRACTED: 1}


def test_only_the_countries_and_years_of_the_file_are_spoken_for(
    ledger: Ledger, tmp_path: Path
) -> None:
    elsewhere = clash(id="9002", **OTHER_COUNTRY)
    ged(ledger, tmp_path, clash(id="9003"), elsewhere, of_2022("9004"), release="23.0.4")
    assert outcomes(ged(ledger, tmp_path, clash(), release="24.1"))[RowOutcome.RETRACTED] == 1
    assert set(standing(ledger)) == {"row 9001", "row 9002", "row 9004"}


@pytest.mark.parametrize(
    ("extent", "left"),
    [
        (CompleteFor.RELEASE, {"row 9001"}),
        (CompleteFor.EXCERPT, {"row 9001", "row 9002", "row 9003", "row 9004"}),
    ],
)
def test_a_user_says_that_a_file_is_the_whole_release_or_an_excerpt(
    ledger: Ledger, tmp_path: Path, extent: CompleteFor, left: set[str]
) -> None:
    elsewhere = clash(id="9002", **OTHER_COUNTRY)
    ged(ledger, tmp_path, clash(id="9003"), elsewhere, of_2022("9004"), release="23.0.4")
    ged(ledger, tmp_path, clash(), release="24.1", extent=extent)
    assert set(standing(ledger)) == left


def test_years_after_those_of_the_release_are_left_to_the_next(
    ledger: Ledger, tmp_path: Path
) -> None:
    late = {"year": "2024", "date_start": "2024-03-02", "date_end": "2024-03-02"}
    ged(ledger, tmp_path, clash(id="9002", **late), release="24.0.3")
    ged(ledger, tmp_path, clash(), release="24.1", extent=CompleteFor.RELEASE)
    assert set(standing(ledger)) == {"row 9001", "row 9002"}


def test_a_row_that_is_refused_has_not_vanished(ledger: Ledger, tmp_path: Path) -> None:
    ged(ledger, tmp_path, clash(), clash(id="9002"), release="23.0.4")
    report = ged(ledger, tmp_path, clash(), clash(id="9002", best="many"), release="24.1")
    assert outcomes(report) == {RowOutcome.UNCHANGED: 1, RowOutcome.REFUSED: 1}
    assert set(standing(ledger)) == {"row 9001", "row 9002"}


def test_candidates_imported_after_the_final_release_do_not_win(
    ledger: Ledger, tmp_path: Path
) -> None:
    ged(ledger, tmp_path, clash(), release="24.1")
    late = ged(ledger, tmp_path, clash(**SEVEN), clash(id="9002"), release="23.0.4")
    assert outcomes(late) == {RowOutcome.OLDER: 2}
    assert standing(ledger) == {"row 9001": 6}


def test_a_later_candidate_release_takes_nothing_back(ledger: Ledger, tmp_path: Path) -> None:
    ged(ledger, tmp_path, clash(), release="23.0.4")
    ged(ledger, tmp_path, clash(id="9002"), release="23.0.5")
    assert set(standing(ledger)) == {"row 9001", "row 9002"}


def test_a_candidate_taken_back_by_an_excerpt_stands_again_with_the_whole(
    ledger: Ledger, tmp_path: Path
) -> None:
    ged(ledger, tmp_path, clash(), clash(id="9002"), release="23.0.4")
    ged(ledger, tmp_path, clash(), release="24.1")
    assert set(standing(ledger)) == {"row 9001"}
    ged(ledger, tmp_path, clash(), clash(id="9002"), release="24.1")
    assert set(standing(ledger)) == {"row 9001", "row 9002"}
