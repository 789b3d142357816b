"""What a careful analyst answers in the cases beside the design, and what each of our ways does."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from domain.control.perspective import DEFAULT
from domain.control.verdict import SinceIs
from domain.location import fold
from domain.occurred import Instant, Occurred, parse_moment
from domain.registry import Entry
from domain.values import LocationId
from infra.intake.situation_file import read_situation
from tests.domain.control import oracle
from tests.domain.control.naive_place import admitted, kinship

CASES = Path(__file__).parents[4] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="../shared/cases is not here")


@dataclass(frozen=True)
class Answered:
    """The part of an answer on which the cases have an opinion."""

    status: str
    holders: frozenset[str]
    disputed: bool
    certain: bool
    since: tuple[int, int] | None
    is_seen: bool


def by_the_oracle(ledger: list[Entry], place: LocationId, at: Instant) -> Answered:
    claims, words = list(admitted(ledger, place, DEFAULT)), list(kinship(ledger, DEFAULT))
    answer = oracle.read(claims, at, words)
    window, how = oracle.since(claims, at, words)
    is_seen = how is SinceIs.SEEN
    shown = answer.status, frozenset[str](answer.holders), answer.disputed, answer.certain
    return Answered(*shown, window, is_seen)


def by_the_timeline(ledger: list[Entry], place: LocationId, at: Instant) -> Answered:
    period = fold(place, ledger).timeline().at(at)
    verdict, since = period.reading.verdict, period.since
    return Answered(
        status=verdict.status,
        holders=frozenset[str](verdict.holders),
        disputed=verdict.disputed,
        certain=period.reading.certain,
        since=(since.earliest, since.latest) if since else None,
        is_seen=period.since_is is SinceIs.SEEN,
    )


ANSWERING: list[Callable[[list[Entry], LocationId, Instant], Answered]] = [
    by_the_oracle,
    by_the_timeline,
]
"""Every way to an answer; each is held to the same table."""

_ROWS: list[dict[str, str]] = []
if CASES.exists():
    with (CASES / "expected.tsv").open(encoding="utf-8", newline="") as table:
        _ROWS = list(csv.DictReader(table, delimiter="\t"))


@cache
def _ledger(file: str) -> list[Entry]:
    # In successor.yaml a comma cuts a title in two, which is refused as an unknown field; the title
    # bears on nothing, and the case is read without the second half of it.
    text = (CASES / f"{file}.yaml").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        copy = Path(folder) / f"{file}.yaml"
        copy.write_text(text.replace(", the corps stays}", "}"), encoding="utf-8")
        said = read_situation(copy).statements
    return [Entry(number, each) for number, each in enumerate(said, 1)]


@pytest.mark.parametrize("answering", ANSWERING)
@pytest.mark.parametrize(
    "row", _ROWS, ids=lambda row: f"{row['file']}-{row['place']}-{row['date']}"
)
def test_an_analyst_answers_so(
    row: dict[str, str], answering: Callable[[list[Entry], LocationId, Instant], Answered]
) -> None:
    answer = answering(_ledger(row["file"]), LocationId(row["place"]), parse_moment(row["date"]))
    assert answer.status == row["status"]
    assert answer.holders == frozenset(filter(None, row["holders"].split("+")))
    assert answer.disputed is (row["disputed"] == "yes")
    assert answer.certain is (row["certain"] == "yes")
    if row["since"]:
        text, _, how = row["since"].partition(" ")
        window = Occurred.parse(text).window
        assert answer.since == (window.earliest, window.latest)
        assert answer.is_seen is (how == "SEEN")


def test_every_case_has_an_answer_in_the_table() -> None:
    assert {row["file"] for row in _ROWS} == {path.stem for path in CASES.glob("*.yaml")}
