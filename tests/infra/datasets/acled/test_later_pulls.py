"""Answers: what do a later pull, an older pull and a list of deletions record?"""

from pathlib import Path

from domain.events import ClashReported, EventRetracted, TownSeized
from domain.values import Estimate
from infra.datasets.report import RowOutcome
from infra.ledger.ledger import Ledger, open_ledger
from tests.infra.datasets.acled.exports import (
    delete,
    export,
    gazetteer,
    outcomes,
    pull,
    report_of,
    reports,
    row,
    standing,
    the,
    told,
)

FIRST, LATER, LAST = "1700600000", "1710000000", "1720000000"


def rows(**changes: str) -> list[dict[str, str]]:
    return [row(**changes), row(event_id_cnty="AZW2", event_date="2023-11-15")]


def test_a_later_pull_records_only_what_changed(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, *rows()))
    head = ledger.head
    later = [*rows(fatalities="12", timestamp=LATER), row(event_id_cnty="AZW3")]
    report = pull(ledger, export(file, *later))
    assert outcomes(report) == {
        RowOutcome.RECORDED: 1,
        RowOutcome.UNCHANGED: 1,
        RowOutcome.CORRECTED: 1,
    }
    assert report.events == ledger.head - head == 4
    (retraction,) = (each.event for each in ledger.of_type(EventRetracted))
    assert isinstance(retraction, EventRetracted)
    assert "deaths best 3 is best 12" in retraction.reason
    published = {each.report: each.published.text for each in reports(ledger)}
    assert published[retraction.report] == "2024-03-09T16:00:00Z"
    assert [each.deaths for each in standing(ledger) if isinstance(each, ClashReported)] == [
        Estimate(best=3),
        Estimate(best=12),
        Estimate(best=3),
    ]


def test_a_new_timestamp_alone_changes_nothing(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, *rows()))
    head = ledger.head
    again = [each | {"timestamp": LATER, "longitude": "1.4080000000000001"} for each in rows()]
    assert outcomes(pull(ledger, export(file, *again))) == {RowOutcome.UNCHANGED: 2}
    assert ledger.head == head


def test_another_outlet_is_a_change(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row()))
    pull(ledger, export(file, row(source="Desert Post; Radio Sahel", timestamp=LATER)))
    assert "Radio Sahel" in (the(ledger, ClashReported).summary or "")


def test_a_missing_row_is_no_deletion(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, *rows()))
    assert outcomes(pull(ledger, export(file, rows()[1]))) == {RowOutcome.UNCHANGED: 1}
    assert len(standing(ledger)) == 2


def test_an_older_pull_imported_later_does_not_win(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(fatalities="12", timestamp=LATER)))
    report = pull(ledger, export(file, row()))
    assert outcomes(report) == {RowOutcome.OLDER: 1}
    assert the(ledger, ClashReported).deaths == Estimate(best=12)


def test_a_row_that_is_no_fight_any_more_is_taken_back(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row(sub_event_type="Government regains territory")))
    arrest = row(sub_event_type="Arrests", timestamp=LATER)
    assert outcomes(pull(ledger, export(file, arrest))) == {RowOutcome.RETRACTED: 1}
    assert standing(ledger) == []
    assert outcomes(pull(ledger, file)) == {RowOutcome.LEFT_OUT: 1}
    pull(ledger, export(file, row(sub_event_type="Armed clash", timestamp=LAST)))
    assert len(standing(ledger)) == 1


def test_a_row_may_gain_and_lose_its_seizure(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row()))
    won = row(sub_event_type="Government regains territory", timestamp=LATER)
    pull(ledger, export(file, won))
    assert the(ledger, TownSeized).by == ("military-forces-of-azawa-2019",)
    pull(ledger, export(file, row(timestamp=LAST)))
    assert [type(each) for each in standing(ledger)] == [ClashReported]


def test_a_list_of_deletions_takes_back(ledger: Ledger, file: Path, tmp_path: Path) -> None:
    pull(ledger, export(file, *rows()))
    listed = tmp_path / "deleted.csv"
    listed.write_text(f"event_id_cnty,deleted_timestamp\nAZW1,{LATER}\nAZW99,{LATER}\n,{LATER}\n")
    report = delete(ledger, listed)
    assert outcomes(report) == {
        RowOutcome.RETRACTED: 1,
        RowOutcome.NOT_HELD: 1,
        RowOutcome.REFUSED: 1,
    }
    assert next(report.summary()) == "3 rows: 1 retracted, 1 not in the ledger, 1 refused"
    assert [each.passage for each in standing(ledger)] == ["row AZW2"]
    (retraction,) = (each.event for each in ledger.of_type(EventRetracted))
    assert isinstance(retraction, EventRetracted)
    assert retraction.reason == "ACLED deleted the event."
    assert retraction.report == "acled-2024-03-09t160000z-deleted"
    again = outcomes(delete(ledger, listed))
    assert (again[RowOutcome.UNCHANGED], again[RowOutcome.NOT_HELD]) == (1, 1)
    assert outcomes(pull(ledger, file)) == {RowOutcome.OLDER: 1, RowOutcome.UNCHANGED: 1}
    assert outcomes(pull(ledger, export(file, row(timestamp=LAST)))) == {RowOutcome.CORRECTED: 1}
    assert len(standing(ledger)) == 2


def test_a_list_without_times_needs_a_date(ledger: Ledger, file: Path, tmp_path: Path) -> None:
    pull(ledger, export(file, row()))
    listed = tmp_path / "deleted.csv"
    listed.write_text("event_id_cnty\nAZW1\n")
    assert outcomes(delete(ledger, listed)) == {RowOutcome.REFUSED: 1}
    assert outcomes(delete(ledger, listed, published="2024-05-01")) == {RowOutcome.RETRACTED: 1}


def test_two_datasets_do_not_meet(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, row()))
    assert outcomes(pull(ledger, file, dataset="acled-2016")) == {RowOutcome.RECORDED: 1}


def test_a_homonym_registered_since_moves_no_row(ledger: Ledger, file: Path) -> None:
    near, nearer, far = (18.46, 1.408), (18.45, 1.408), (18.441, 1.548)
    gazetteer(ledger, kaya_1=near)
    pull(ledger, export(file, row()))
    gazetteer(ledger, kaya_2=nearer)
    assert outcomes(pull(ledger, file)) == {RowOutcome.UNCHANGED: 1}
    added = [row(fatalities="12", timestamp=LATER), row(event_id_cnty="AZW2")]
    pull(ledger, export(file, *added))
    first, second = [each for each in standing(ledger) if isinstance(each, ClashReported)]
    assert (first.location, first.deaths) == ("kaya-1", Estimate(best=12))
    assert second.location.startswith("kaya-acled-")
    assert outcomes(pull(ledger, file)) == {RowOutcome.UNCHANGED: 2}
    gazetteer(ledger, kaya_3=far)
    moved = row(latitude=str(far[0]), longitude=str(far[1]), timestamp=LAST)
    assert outcomes(pull(ledger, export(file, moved))) == {RowOutcome.CORRECTED: 1}
    assert "location kaya-1 is kaya-3" in told(file)[0]["why"]


def test_a_dry_run_tells_what_the_import_would(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, *rows()))
    changed = [
        row(sub_event_type="Arrests", timestamp=LATER),
        row(event_id_cnty="AZW2", fatalities="x"),
        row(event_id_cnty="AZW3", location="Other", latitude="17"),
        row(event_id_cnty="AZW4", sub_event_type="Other"),
    ]
    head = ledger.head
    dry = pull(ledger, export(file, *changed), is_dry=True)
    lines = report_of(file).read_text()
    assert ledger.head == head
    wet = pull(ledger, file)
    assert (dry.counts, dry.events) == (wet.counts, wet.events)
    assert lines == report_of(file).read_text()
    assert told(file)


def test_the_order_of_rows_changes_no_id(file: Path, tmp_path: Path) -> None:
    several = [
        row(event_id_cnty=f"AZW{number}", location=f"Place {number % 3}", latitude=f"1{number % 3}")
        for number in range(9)
    ]
    ids = []
    for number, ordered in enumerate((several, several[::-1])):
        with open_ledger(f"sqlite:///{tmp_path / f'{number}.db'}") as ledger:
            pull(ledger, export(file, *ordered))
            ids.append({each.statement.id for each in ledger.read()})
    assert ids[0] == ids[1]
