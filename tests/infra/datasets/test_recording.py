"""Answers: what does a later pull of a dataset record?"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.events import (
    ActorRegistered,
    ClashReported,
    EventReinstated,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
    ReportFiled,
    SourceRegistered,
)
from domain.values import EventId, Reliability, SourceId
from infra.datasets.importing import ImportTerms, import_rows
from infra.datasets.report import ImportReport, RowOutcome
from infra.datasets.rows import RefusedRow, Remark, Row, RowDeleted, RowSaid
from infra.datasets.standing import passage_of, said_at_of
from infra.ledger.ledger import Ledger, open_ledger

SOURCE = SourceRegistered(source=SourceId("deaths"), name="Deaths", reliability=Reliability.B)
PLACE = LocationRegistered.model_validate({"location": "bamba", "name": "Bamba", "kind": "town"})
ACTORS = tuple(
    ActorRegistered.model_validate({"actor": actor, "name": actor, "kind": "armed-group"})
    for actor in ("north", "south")
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def report_of(day: str) -> ReportFiled:
    return ReportFiled.model_validate(
        {"report": f"deaths-{day}", "source": "deaths", "published": day, "title": f"Pull of {day}"}
    )


def row(key: str, deaths: int, pulled: str, line: int = 2, **fields: Any) -> RowSaid:
    report = report_of(pulled)
    said = {
        "location": "bamba",
        "occurred": "2023-01-05",
        "report": report.report,
        "credibility": 2,
        "passage": passage_of(key),
        "sides": [["north"], ["south"]],
        "deaths": {"best": deaths},
        **fields,
    }
    event = ClashReported.model_validate(said)
    registers = (SOURCE, report, PLACE, *ACTORS)
    return RowSaid(line, key, said_at_of(report.published), registers, events=(event,))


def pull(
    ledger: Ledger,
    *rows: Row,
    report: Path | None = None,
    input_of: Callable[[], str] = lambda: "",
    **terms: Any,
) -> ImportReport:
    given = ImportTerms("Deaths", SourceId("deaths"), by="a test", **terms)
    return import_rows(ledger, lambda: iter(rows), given, report, input_of=input_of)


def outcomes(report: ImportReport) -> dict[RowOutcome, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}


def deaths(ledger: Ledger) -> list[int | None]:
    """The best estimates of the clashes that stand."""
    standing: dict[EventId, ClashReported] = {}
    taken_back: dict[EventId, ClashReported] = {}
    for each in ledger.read():
        match each.event:
            case ClashReported() as clash:
                standing[each.statement.id] = clash
            case EventRetracted(event=event):
                taken_back[event] = standing.pop(event)
            case EventReinstated(event=event):
                standing[event] = taken_back.pop(event)
    return [each.deaths.best if each.deaths else None for each in standing.values()]


def test_a_new_row_is_recorded_and_an_unchanged_row_adds_nothing(ledger: Ledger) -> None:
    assert outcomes(pull(ledger, row("1", 3, "2024-01-01"))) == {RowOutcome.RECORDED: 1}
    head = ledger.head
    again = pull(ledger, row("1", 3, "2024-01-01"))
    later = pull(ledger, row("1", 3, "2024-06-01"))
    assert outcomes(again) == outcomes(later) == {RowOutcome.UNCHANGED: 1}
    assert ledger.head == head


def test_a_changed_row_corrects_its_event(ledger: Ledger) -> None:
    pull(ledger, row("1", 3, "2024-01-01"), row("2", 7, "2024-01-01", line=3))
    changed = pull(ledger, row("1", 4, "2024-06-01"))
    assert outcomes(changed) == {RowOutcome.CORRECTED: 1}
    assert deaths(ledger) == [7, 4]
    *_, retraction = (each.event for each in ledger.of_type(EventRetracted))
    assert isinstance(retraction, EventRetracted)
    assert retraction.report == "deaths-2024-06-01"
    assert retraction.reason == ("Row 1 of Deaths reads otherwise now: deaths best 3 is best 4")
    assert retraction.replaced_by is not None


def test_the_report_and_the_reason_show_a_long_text_where_it_differs(
    ledger: Ledger, tmp_path: Path
) -> None:
    same, file = "so many words " * 40, tmp_path / "report.csv"
    pull(ledger, row("1", 3, "2024-01-01", summary=f"{same}at dawn"))
    pull(ledger, row("1", 3, "2024-06-01", summary=f"{same}at noon"), report=file)
    (retraction,) = (each.event for each in ledger.of_type(EventRetracted))
    assert isinstance(retraction, EventRetracted)
    assert retraction.reason.startswith("Row 1 of Deaths reads otherwise now: summary ... ")
    assert " at dawn is ... " in retraction.reason
    assert retraction.reason.endswith(" at noon")
    assert file.read_text().splitlines()[1] == f"2,1,corrected,,,{retraction.reason}"


def test_a_change_of_many_numbers_is_told_in_words(ledger: Ledger) -> None:
    by_side = [{"sides": [1, count], "civilians": 0} for count in (2, 3)]
    for day, each in zip(("2024-01-01", "2024-06-01"), by_side, strict=True):
        pull(ledger, row("1", 3, day, deaths_by_side=each))
    (retraction,) = (each.event for each in ledger.of_type(EventRetracted))
    assert isinstance(retraction, EventRetracted)
    assert retraction.reason.endswith(
        "deaths_by_side sides (1, 2), civilians 0 is sides (1, 3), civilians 0"
    )


def test_an_older_pull_imported_later_does_not_win(ledger: Ledger) -> None:
    pull(ledger, row("1", 4, "2024-06-01"))
    assert outcomes(pull(ledger, row("1", 3, "2024-01-01"))) == {RowOutcome.OLDER: 1}
    assert deaths(ledger) == [4]


def test_what_the_dataset_says_again_stands_again(ledger: Ledger) -> None:
    for best in (3, 4, 3):
        pull(ledger, row("1", best, "2024-01-01"))
    assert deaths(ledger) == [3]


def test_a_deleted_row_is_retracted_and_a_missing_row_is_not(ledger: Ledger) -> None:
    pull(ledger, row("1", 3, "2024-01-01"), row("2", 7, "2024-01-01", line=3))
    pull(ledger, row("2", 7, "2024-06-01"))
    assert deaths(ledger) == [3, 7]
    report = report_of("2024-07-01")
    deleted = RowDeleted(
        2, "1", said_at_of(report.published), report.report, "Deaths deleted it.", (report,)
    )
    assert outcomes(pull(ledger, deleted)) == {RowOutcome.RETRACTED: 1}
    assert outcomes(pull(ledger, deleted)) == {RowOutcome.UNCHANGED: 1}
    assert outcomes(pull(ledger, row("1", 3, "2024-06-01"))) == {RowOutcome.OLDER: 1}
    assert deaths(ledger) == [7]


def test_a_refused_row_keeps_no_other_out(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    unfit = RefusedRow(3, "2", (Remark("deaths", "=many", "it is no number"),))
    ahead = row("3", 1, "2024-01-01", line=4, occurred="2999-01-01")
    done = pull(ledger, row("1", 3, "2024-01-01"), unfit, ahead, report=file)
    assert outcomes(done) == {RowOutcome.RECORDED: 1, RowOutcome.REFUSED: 2}
    assert deaths(ledger) == [3]
    header, *lines = file.read_text().splitlines()
    assert header == "line,row,outcome,column,value,why"
    assert lines[0] == "3,2,refused,deaths,'=many,it is no number"
    assert lines[1].startswith("4,3,refused,occurred,,")


def test_a_strict_import_records_all_or_nothing(ledger: Ledger) -> None:
    unfit = RefusedRow(3, "2", (Remark("deaths", "many", "it is no number"),))
    assert pull(ledger, row("1", 3, "2024-01-01"), unfit, is_strict=True).counts[RowOutcome.REFUSED]
    assert ledger.head == 0
    pull(ledger, row("1", 3, "2024-01-01"), is_strict=True)
    assert deaths(ledger) == [3]


def test_two_rows_with_one_key_are_named(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    twice = (row("1", 3, "2024-01-01"), row("1", 4, "2024-01-01", line=9))
    assert outcomes(pull(ledger, *twice, report=file)) == {
        RowOutcome.RECORDED: 1,
        RowOutcome.REFUSED: 1,
    }
    assert "9,1,refused,,1,the row 1 stands on line 2 already" in file.read_text()


def test_a_dry_run_tells_all_and_records_nothing(ledger: Ledger) -> None:
    pull(ledger, row("1", 3, "2024-01-01"), row("2", 7, "2024-01-01", line=3))
    head = ledger.head
    rows = (
        row("1", 4, "2024-06-01"),
        row("2", 7, "2024-06-01", line=3),
        row("3", 1, "2024-06-01", line=4),
        row("4", 1, "2024-06-01", line=5, occurred="2999-01-01"),
    )
    told = outcomes(pull(ledger, *rows, is_dry=True))
    assert ledger.head == head
    assert told == outcomes(pull(ledger, *rows))
    assert told == {
        RowOutcome.RECORDED: 1,
        RowOutcome.UNCHANGED: 1,
        RowOutcome.CORRECTED: 1,
        RowOutcome.REFUSED: 1,
    }


def test_a_registration_that_a_row_keeps_current_is_amended(ledger: Ledger) -> None:
    def gazetteer(**changes: Any) -> RowSaid:
        fields = {"location": "bamba", "name": "Bamba", "kind": "town", **changes}
        place = LocationRegistered.model_validate(fields)
        said_at = said_at_of(report_of("2024-01-01").published)
        return RowSaid(2, "1", said_at, keeps_current=(place,))

    assert outcomes(pull(ledger, gazetteer())) == {RowOutcome.RECORDED: 1}
    assert outcomes(pull(ledger, gazetteer())) == {RowOutcome.UNCHANGED: 1}
    moved = gazetteer(aliases=["Banba"], coordinates={"latitude": 17.0, "longitude": -1.4})
    assert outcomes(pull(ledger, moved)) == {RowOutcome.CORRECTED: 1}
    assert outcomes(pull(ledger, moved)) == {RowOutcome.UNCHANGED: 1}
    (amendment,) = (each.event for each in ledger.of_type(LocationAmended))
    assert isinstance(amendment, LocationAmended)
    assert [name.text for name in amendment.aliases or ()] == ["Banba"]


# ---- many refused rows ---------------------------------------------------------------------------


class Passes:
    """Counts how often a ledger decides on statements."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.decided = 0
        record, refusals = Ledger.record, Ledger.refusals

        def counted_record(ledger: Ledger, statements: Any, **terms: Any) -> Any:
            self.decided += 1
            return record(ledger, statements, **terms)

        def counted_refusals(ledger: Ledger, statements: Any, **terms: Any) -> Any:
            self.decided += 1
            return refusals(ledger, statements, **terms)

        monkeypatch.setattr(Ledger, "record", counted_record)
        monkeypatch.setattr(Ledger, "refusals", counted_refusals)


def test_refused_rows_are_found_in_one_pass(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = Passes(monkeypatch)
    early = {"occurred": "2025-01-05"}
    rows = [
        row(f"{n}", n, "2024-01-01", line=n, **(early if n % 3 == 0 else {})) for n in range(90)
    ]
    assert outcomes(pull(ledger, *rows)) == {RowOutcome.RECORDED: 60, RowOutcome.REFUSED: 30}
    assert passes.decided == 3
    assert len(deaths(ledger)) == 60


def test_all_rows_of_a_refused_report_are_refused_for_it_in_one_pass(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = Passes(monkeypatch)
    told = tmp_path / "told.csv"
    rows = [row(f"{n}", n, "2199-01-01" if n % 2 else "2024-01-01", line=n) for n in range(40)]
    assert outcomes(pull(ledger, *rows, report=told)) == {
        RowOutcome.RECORDED: 20,
        RowOutcome.REFUSED: 20,
    }
    assert passes.decided == 3
    lines = told.read_text().splitlines()[1:]
    assert len(lines) == 20
    assert all("published" in line and "2199-01-01" in line for line in lines)


def test_a_registration_of_a_refused_row_is_recorded_with_the_next_row_that_needs_it(
    ledger: Ledger,
) -> None:
    refused = row("1", 1, "2024-01-01", line=2, occurred="2025-01-05")
    assert outcomes(pull(ledger, refused, row("2", 2, "2024-01-01", line=3))) == {
        RowOutcome.RECORDED: 1,
        RowOutcome.REFUSED: 1,
    }
    (place,) = ledger.of_type(LocationRegistered)
    assert place.event == PLACE


def test_a_rehearsal_refuses_the_same_rows(ledger: Ledger) -> None:
    rows = [row(f"{n}", n, "2024-01-01", line=n) for n in range(6)]
    rows[2] = row("2", 2, "2024-01-01", line=2, occurred="2025-01-05")
    rows[4] = row("4", 4, "2199-01-01", line=4)
    rehearsed = outcomes(pull(ledger, *rows, is_dry=True))
    assert rehearsed == outcomes(pull(ledger, *rows))
    assert rehearsed == {RowOutcome.RECORDED: 4, RowOutcome.REFUSED: 2}
