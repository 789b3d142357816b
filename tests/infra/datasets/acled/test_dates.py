"""Answers: when did the event of a row happen, and in what order does the file write its dates?"""

from pathlib import Path

import pytest

from domain.events import ClashReported
from infra.datasets.acled.dates import DateOrder
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.survey import survey
from infra.datasets.report import RowOutcome
from infra.ledger.ledger import Ledger
from tests.infra.datasets.acled.exports import (
    export,
    outcomes,
    pull,
    row,
    standing,
    the,
    told,
)


def notes(file: Path, order: DateOrder | None = None) -> list[str]:
    return [*survey(file).notes(order, {}, KnownActors())]


def dated(*dates: str) -> list[dict[str, str]]:
    return [row(event_id_cnty=f"AZW{n}", event_date=day) for n, day in enumerate(dates, 1)]


def days(ledger: Ledger) -> list[str]:
    return [each.occurred.text for each in standing(ledger)]


@pytest.mark.parametrize(
    "written",
    [
        *("2023-07-31", "2023-7-31", "2023-07-31 00:00:00", "31 July 2023", "31-Jul-2023"),
        *("31-Jul-23", "July 31, 2023", "31/07/2023", "07/31/2023", "31.07.2023", "31/07/23"),
    ],
)
def test_a_date_is_read_as_it_is_written(written: str, ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, *dated(written)))
    assert days(ledger) == ["2023-07-31"]


@pytest.mark.parametrize(
    ("precision", "window"),
    [("1", "2023-07-31"), ("2", "2023-07-28/2023-08-03"), ("3", "2023-07")],
)
def test_time_precision_makes_a_day_a_week_or_a_month(
    precision: str, window: str, ledger: Ledger, file: Path
) -> None:
    pull(ledger, export(file, row(event_date="2023-07-31", time_precision=precision)))
    assert the(ledger, ClashReported).occurred.text == window


def test_one_date_decides_the_order_for_the_whole_file(ledger: Ledger, file: Path) -> None:
    export(file, *dated("02/03/2023", "05/04/2023", "31/07/2023"))
    pull(ledger, file)
    assert days(ledger) == ["2023-03-02", "2023-04-05", "2023-07-31"]
    assert notes(file) == ["Dates are read day first: 31/07/2023 on line 4 shows it."]


def test_a_file_may_write_the_month_first(ledger: Ledger, file: Path) -> None:
    export(file, *dated("07/31/2023", "02/03/2023"))
    pull(ledger, file)
    assert days(ledger) == ["2023-07-31", "2023-02-03"]
    assert notes(file) == ["Dates are read month first: 07/31/2023 on line 2 shows it."]


def test_where_nothing_decides_an_open_date_refuses_its_row(ledger: Ledger, file: Path) -> None:
    export(file, *dated("02/03/2023", "05/05/2023"))
    assert outcomes(pull(ledger, file)) == {RowOutcome.RECORDED: 1, RowOutcome.REFUSED: 1}
    assert days(ledger) == ["2023-05-05"]
    assert told(file)[0]["why"] == "it can be read in two orders, and the file does not decide it"
    assert notes(file)[0].endswith("--dayfirst or --monthfirst decides.")


def test_a_file_with_both_orders_decides_nothing(ledger: Ledger, file: Path) -> None:
    export(file, *dated("31/07/2023", "07/30/2023", "02/03/2023"))
    assert outcomes(pull(ledger, file)) == {RowOutcome.RECORDED: 2, RowOutcome.REFUSED: 1}
    assert days(ledger) == ["2023-07-31", "2023-07-30"]
    assert notes(file)[0].startswith(
        "Dates are written in both orders: 31/07/2023 on line 2 and 07/30/2023 on line 3."
    )


def test_an_option_decides_and_what_does_not_fit_is_refused(ledger: Ledger, file: Path) -> None:
    export(file, *dated("02/03/2023", "07/30/2023"))
    order = DateOrder.DAY_FIRST
    assert outcomes(pull(ledger, file, order=order)) == {
        RowOutcome.RECORDED: 1,
        RowOutcome.REFUSED: 1,
    }
    assert days(ledger) == ["2023-03-02"]
    assert told(file)[0]["why"] == "dates of this file are read day first, and no month is 30"
    assert notes(file, order) == ["Dates are read day first, as the option says."]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"event_date": "0025-01-14", "year": "25"}, "of the year 0025"),
        ({"event_date": "14 January 0025", "year": ""}, "of the year 0025"),
        ({"event_date": "2022-11-14"}, "the column year has 2023, and the date 2022"),
        ({"event_date": "14-Nov-22"}, "the column year has 2023, and the date 22"),
        ({"event_date": "14-Nov-23", "year": ""}, "its year has two digits"),
        ({"event_date": "2023-02-30"}, "day is out of range for month"),
        ({"event_date": "14 Nevember 2023"}, "no month is called Nevember"),
        ({"event_date": "last week"}, "it is not a date"),
        ({"event_date": ""}, "it is not a date"),
        ({"event_date": "2024-11-14", "year": "2024"}, "the row was published before"),
    ],
)
def test_a_date_that_cannot_be_refuses_its_row(
    changes: dict[str, str], why: str, ledger: Ledger, file: Path
) -> None:
    assert outcomes(pull(ledger, export(file, row(**changes)))) == {RowOutcome.REFUSED: 1}
    assert told(file)[0]["column"] == "event_date"
    assert why in told(file)[0]["why"]
