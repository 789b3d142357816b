"""Are dates, numbers and coordinates read as people write them?"""

from pathlib import Path

import pytest

from domain.occurred import NotATime
from infra.intake.problems import BadInput
from infra.intake.table_dates import DateCell, DateForms, DayOrder
from infra.intake.table_numbers import coordinate, count

FILE = Path("t.csv")


def forms(*texts: str, order: DayOrder | None = None) -> tuple[DateForms, list[str]]:
    found = DateForms(order)
    found.learn(DateCell(line, text) for line, text in enumerate(texts, 2))
    return found, found.decide(FILE)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023-11-14", "2023-11-14"),
        ("2023/11/4", "2023-11-04"),
        ("20231114", "2023-11-14"),
        ("14 Nov 2023", "2023-11-14"),
        ("14-Nov-23", "2023-11-14"),
        ("Nov 14, 2023", "2023-11-14"),
        ("14th November 2023", "2023-11-14"),
        ("1er août 2014", "2014-08-01"),
        ("1 de marzo de 2020", "2020-03-01"),
        ("November 2023", "2023-11"),
        ("11/2023", "2023-11"),
        ("2023", "2023"),
        ("45244", "2023-11-14"),
        ("45244.270833", "2023-11-14T06:30:00"),
        ("2023-11-14 00:00:00", "2023-11-14"),
        ("2023-11-14 6:30 pm", "2023-11-14T18:30:00"),
        ("2023-11-14T06:30:00Z", "2023-11-14T06:30:00Z"),
        ("2023-11-14 06:30 +0430", "2023-11-14T06:30:00+04:30"),
        ("2023-10-05/2023-10-06", "2023-10-05/2023-10-06"),
        ("5 Oct 2023 – 6 Oct 2023", "2023-10-05/2023-10-06"),
        ("2021-08-15[Asia/Kabul]", "2021-08-15[Asia/Kabul]"),
        ("last week", "last week"),
        ("14 Brumaire 1799", "14 Brumaire 1799"),
    ],
)
def test_a_time_is_read_in_every_plain_form(written: str, read: str) -> None:
    assert DateForms().text_of(written) == read


def test_one_date_decides_for_all_and_it_is_told() -> None:
    found, notes = forms("03/04/2023", "14.11.23")
    assert found.text_of("03/04/2023") == "2023-04-03"
    assert notes == [
        "Dates such as '03/04/2023' are read day first, since '14.11.23' on line 3 is."
    ]
    found, _ = forms("03/04/2023", "11/14/2023")
    assert found.text_of("03/04/2023") == "2023-03-04"


def test_a_file_that_does_not_decide_asks() -> None:
    with pytest.raises(BadInput) as refused:
        forms("05/05/2023", "03/04/2023")
    assert str(refused.value) == (
        "t.csv:3: no date of the file says whether '03/04/2023' has its day first, or its month; "
        "say --dayfirst or --monthfirst"
    )
    found, _ = forms("03/04/2023", order=DayOrder.MONTH_FIRST)
    assert found.text_of("03/04/2023") == "2023-03-04"
    forms("05/05/2023")


def test_a_file_that_contradicts_itself_asks_and_then_refuses_the_others() -> None:
    with pytest.raises(BadInput, match="'11/14/2023' has its month first, and '14/11/2023' on li"):
        forms("14/11/2023", "11/14/2023")
    found, _ = forms("14/11/2023", "11/14/2023", order=DayOrder.DAY_FIRST)
    with pytest.raises(NotATime, match="dates of this file are read day first"):
        found.text_of("11/14/2023")


@pytest.mark.parametrize(
    ("written", "halves", "read"),
    [
        ("17.5", "NS", "17.5"),
        ("17,5", "NS", "17.5"),
        ("17.5 N", "NS", "17.5"),
        ("17,5°S", "NS", "-17.5"),
        ("W 3,2", "EW", "-3.2"),
        ("3.2 O", "EW", "-3.2"),
        ("17°30'15\"N", "NS", "17.504167"),
        ("-3.2", "EW", "-3.2"),
        ("17.5 E", "NS", "17.5 E"),
        ("-17.5 S", "NS", "-17.5 S"),
        ("nan", "NS", "nan"),
        ("", "NS", ""),
    ],
)
def test_a_coordinate_is_read(written: str, halves: str, read: str) -> None:
    assert coordinate(written, halves) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("12", 12), ("300380.0", 300_380), ("1,234", 1_234), ("1 234", 1_234), ("1.5", None)],
)
def test_a_count_is_read(written: str, read: int | None) -> None:
    assert count(written) == read
