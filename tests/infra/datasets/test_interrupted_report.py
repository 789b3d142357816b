"""Does an import that was killed and run again report what an undisturbed import reports?"""

import csv
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest

from infra.datasets.importing import digest_of
from infra.datasets.recording import TOGETHER
from infra.datasets.report import Detail, ImportReport, RowOutcome, RowReport
from infra.datasets.report_file import ReportFile, ReportNotWritable
from infra.datasets.rows import RefusedRow, Remark, Row, RowLeftOut
from infra.ledger.ledger import Ledger, open_ledger
from tests.infra.datasets.test_recording import pull, report_of, row
from tests.infra.datasets.ucdp import CLASH, clash, ged

_BATCHES = 3


def rows(pulled: str) -> list[Row]:
    """Some batches of rows: with doubts, unlike those of the first pull, left out, refused. The
    first pull has a few of them."""
    report, is_first = report_of(pulled), pulled == "2024-01-01"
    found: list[Row] = []
    for number in range(51 if is_first else 2, _BATCHES * TOGETHER, 50 if is_first else 1):
        said = row(f"{number}", 3 if is_first else 4, pulled, line=number)
        match number % 50:
            case 0:
                found.append(RefusedRow(number, "", (Remark("deaths", "=many", "no number"),)))
            case 2:
                found.append(replace(said, doubts=(Remark("place", "Kaya\nor", "which?"),) * 2))
            case 3:
                why = Remark("kind", f"kind {number % 3}", "no event")
                left_out = (number, f"{number}", said.said_at, report.report, why)
                found.append(RowLeftOut(*left_out, said.registers[:2]))
            case 4:  # refused by the ledger
                found.append(row(f"{number}", 3, pulled, line=number, occurred="2025-01-05"))
            case _:
                found.append(said)
    return found


def imports(folder: Path, pulled: str = "2024-06-01", *, input: str = "the file") -> ImportReport:
    with open_ledger(f"sqlite:///{folder / 'ledger.db'}") as ledger:
        return pull(ledger, *rows(pulled), report=folder / "report.csv", input_of=lambda: input)


def killed_at(folder: Path, moment: int, *, is_after: bool) -> None:
    """Kills this process before or after an append."""
    record, seen = Ledger.record, 0

    def counted(ledger: Ledger, *given: object, **terms: object) -> object:
        nonlocal seen
        seen += 1
        if seen == moment and not is_after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = record(ledger, *given, **terms)  # type: ignore[arg-type]
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    Ledger.record = counted  # type: ignore[method-assign, assignment]
    imports(folder)


def killed_in(folder: Path, seconds: float) -> None:
    """Kills this process by a timer, wherever it is."""
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    imports(folder)


def dies(work: Callable[..., None], *given: object, **more: object) -> bool:
    child = get_context("fork").Process(target=work, args=given, kwargs=more)
    child.start()
    child.join()
    return child.exitcode == -signal.SIGKILL


def told(folder: Path) -> list[list[str]]:
    with (folder / "report.csv").open(newline="") as file:
        return [*csv.reader(file)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    imports(folder, "2024-01-01", input="the first pull")
    imports(folder)
    return folder


def test_an_undisturbed_report_has_every_sort_of_line(undisturbed: Path) -> None:
    outcomes = {line[2] for line in told(undisturbed)[1:]}
    assert outcomes == {"refused", "doubtful", "left out", "corrected"}
    assert not [*undisturbed.glob("*part*")]


@pytest.mark.parametrize(("moment", "is_after"), [(2, True), (3, False), (4, True), (5, False)])
def test_an_import_killed_around_an_append_and_run_again_reports_all(
    moment: int, is_after: bool, tmp_path: Path, undisturbed: Path
) -> None:
    imports(tmp_path, "2024-01-01", input="the first pull")
    assert dies(killed_at, tmp_path, moment, is_after=is_after)
    assert (tmp_path / "report.csv.part").exists()
    report = imports(tmp_path)
    assert report.goes_on
    assert told(tmp_path) == told(undisturbed)
    assert not [*tmp_path.glob("*part*")]


def test_an_import_killed_again_and_again_at_random_reports_all(
    tmp_path: Path, undisturbed: Path
) -> None:
    began = time.monotonic()
    imports(tmp_path, "2024-01-01", input="the first pull")
    whole = time.monotonic() - began
    seed = Random().randrange(10**9)
    random, deaths = Random(seed), 0
    latest = 0.2 * whole  # so that the first one is killed, however quick this machine is
    while deaths < 6 and dies(killed_in, tmp_path, random.uniform(0.05 * whole, latest)):
        deaths, latest = deaths + 1, whole
    if deaths == 6:
        imports(tmp_path)
    assert deaths, "it was done before the first kill"
    assert told(tmp_path) == told(undisturbed), f"seed {seed}, {deaths} deaths"


def test_the_part_of_another_input_is_not_taken_over(tmp_path: Path, undisturbed: Path) -> None:
    imports(tmp_path, "2024-01-01", input="the first pull")
    assert dies(killed_at, tmp_path, 4, is_after=True)
    report = imports(tmp_path, input="another file")
    assert not report.goes_on
    assert len(told(tmp_path)) < len(told(undisturbed))


def test_candidates_taken_back_before_a_kill_are_reported_though_no_file_has_them(
    tmp_path: Path,
) -> None:
    """The rows of a final release come before the candidates that it leaves out."""
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        candidates = [clash(id=f"{number}") for number in range(9001, 9001 + TOGETHER + 50)]
        ged(ledger, tmp_path, *candidates, release="23.0.4")

    def final(kills: bool) -> None:
        with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
            if kills:
                record, seen = ledger.record, 0

                def counted(*given: object, **terms: object) -> object:
                    nonlocal seen
                    seen += 1
                    done = record(*given, **terms)  # type: ignore[arg-type]
                    if seen == 1:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return done

                ledger.record = counted  # type: ignore[method-assign, assignment]
            ged(ledger, tmp_path, CLASH)

    assert dies(final, True)
    final(False)
    with (tmp_path / "ged.report.csv").open(newline="") as file:
        taken_back = [line for line in csv.DictReader(file) if line["outcome"] == "retracted"]
    assert len(taken_back) == len({line["row"] for line in taken_back}) == TOGETHER + 49


def test_a_dry_run_leaves_the_part_of_an_interrupted_import(
    tmp_path: Path, undisturbed: Path
) -> None:
    imports(tmp_path, "2024-01-01", input="the first pull")
    assert dies(killed_at, tmp_path, 4, is_after=True)
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        pull(ledger, *rows("2024-06-01"), report=tmp_path / "report.csv", is_dry=True)
    imports(tmp_path)
    assert told(tmp_path) == told(undisturbed)


def test_a_report_cut_short_by_a_refusal_is_left_beside_its_part(tmp_path: Path) -> None:
    report = ImportReport(tmp_path / "report.csv", lambda: "x")
    unfit = Detail(2, "1", RowOutcome.REFUSED, "a", "b", "c")
    report.tell(RowReport(2, "1", RowOutcome.REFUSED, (unfit,)))
    report.stage([RowReport(3, "2", RowOutcome.REFUSED, (unfit._replace(line=3),))])
    report.interrupt()
    assert told(tmp_path)[1:] == [["2", "1", "refused", "a", "b", "c"]]
    assert (tmp_path / "report.csv.part").exists()


def test_a_report_that_can_not_be_written_refuses_before_anything_is_recorded(
    tmp_path: Path,
) -> None:
    with pytest.raises(ReportNotWritable, match=r"can't be written: .*; name another file with"):
        ReportFile(tmp_path / "nowhere" / "report.csv", lambda: "", is_dry=False)


def test_the_digest_of_an_input_is_that_of_its_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("a")
    other.write_text("a")
    assert digest_of([one]) == digest_of([other]) != digest_of([one, other])
    assert digest_of([Path("/dev/null")]) != digest_of([Path("/dev/null")])
