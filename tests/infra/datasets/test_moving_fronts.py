"""The made-up war of the benchmarks is a real one to the importers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.datasets.report import RowOutcome
from infra.ledger.ledger import Ledger, open_ledger
from tests.infra.datasets.acled.exports import delete, outcomes, pull
from tests.moving_fronts import MovingFronts

ROWS = 300
WAR = MovingFronts(ROWS)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def test_a_second_edition_changes_and_leaves_out_some_rows() -> None:
    first, second = [*WAR.incidents()], [*WAR.incidents(2)]
    gone = {*WAR.deleted()}
    assert [each.number for each in first] == [*range(ROWS)]
    assert {each.number for each in second} == {*range(ROWS)} - gone
    changed = [each for each in second if each.edition == 2]
    assert 0 < len(changed) < ROWS // 10
    assert 0 < len(gone) < ROWS // 20


def test_the_front_moves() -> None:
    war = MovingFronts(4_000)
    by_year: dict[int, set[str]] = {}
    for each in war.incidents():
        if each.is_capture:
            by_year.setdefault(each.day.year, set()).add(each.town.region)
    assert len(by_year) == 10
    assert len({*map(frozenset, by_year.values())}) > 3


def test_an_export_its_second_edition_and_its_deletions(ledger: Ledger, tmp_path: Path) -> None:
    recorded = pull(ledger, WAR.acled(tmp_path / "1.csv"))
    assert outcomes(recorded) == {RowOutcome.RECORDED: ROWS}
    later = outcomes(pull(ledger, WAR.acled(tmp_path / "2.csv", 2)))
    assert later[RowOutcome.CORRECTED] > 0
    assert later[RowOutcome.UNCHANGED] > ROWS * 9 // 10
    gone = len([*WAR.deleted()])
    deletions = delete(ledger, WAR.acled_deletions(tmp_path / "deleted.csv"))
    assert outcomes(deletions) == {RowOutcome.RETRACTED: gone}
