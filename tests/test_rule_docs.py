"""Does the rule answer as docs/rule.md tells an analyst? Every example there is asked."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.control.verdict import RULE, Period, Side, Silence, SinceIs, Verdict
from domain.location import fold
from domain.occurred import DAY, Instant, Window, parse_moment, rfc3339
from domain.references import Reference, references_of, subject_of
from domain.registry import Entry
from domain.values import EventId, LocationId
from infra.intake.situation_file import read_situation

TEXT = (Path(__file__).parent.parent / "docs" / "rule.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"```yaml\n([\s\S]*?)```\n+((?:\|.*\n)*)")
_NONE = "–"


@dataclass(frozen=True)
class Example:
    """A situation file of the page, with its section and the rows of the table below it."""

    heading: str
    file: str
    rows: list[dict[str, str]]


@dataclass(frozen=True)
class Row:
    """One question of an example, and the cells of its answer by the heading of their column."""

    heading: str
    """The section in which it stands."""
    file: str
    """The cast of all examples, and the records of this one."""
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.heading}: {self.cells['place']} on {self.cells['on']}"


def _examples() -> Iterator[Example]:
    for found in _BLOCK.finditer(TEXT):
        heading = re.findall(r"^## (.*)$", TEXT[: found.start()], re.MULTILINE)[-1]
        lines = [_cells(line) for line in found[2].splitlines()]
        rows = [_asked(zip(lines[0], line, strict=True)) for line in lines[2:]]
        yield Example(heading, found[1], rows)


def _asked(cells: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A row, without the cells that are left empty: of these the page says nothing."""
    return {name: cell for name, cell in cells if cell}


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]


FIRST, *EXAMPLES = _examples()
CAST = FIRST.file
"""The sources and actors of all examples."""
ROWS = [Row(each.heading, CAST + each.file, cells) for each in EXAMPLES for cells in each.rows]


def _told(row: Row, folder: Path) -> tuple[list[Entry], Period]:
    file = folder / "example.yaml"
    file.write_text(row.file, encoding="utf-8")
    said = read_situation(file).statements
    entries = [Entry(number, each) for number, each in enumerate(said, 1)]
    place = fold(LocationId(row.cells["place"]), entries)
    return entries, place.timeline().at(parse_moment(row.cells["on"]))


# ---- How an answer is written in the tables --------------------------------------------------


def _answer(period: Period) -> str:
    verdict = period.reading.verdict
    sides = " / ".join(sorted(map(_said, verdict.rivals)))
    return f"DISPUTED: {sides}" if verdict.status == "DISPUTED" else _said(verdict)


def _disputed(period: Period) -> str:
    verdict = period.reading.verdict
    if verdict.status == "DISPUTED":
        return "yes"
    rivals = sorted(_said(each) for each in verdict.rivals)
    return "; ".join(["yes", *rivals]) if rivals else "no"


def _certain(period: Period) -> str:
    possible = sorted(_said(each) for each in period.reading.possible)
    return "; ".join(["no", *possible]) if possible else "yes"


def _since(period: Period) -> str:
    if period.since is None or period.since_is is None:
        return _NONE
    return f"{_written(period.since)} {period.since_is.name}"


def _until(period: Period) -> str:
    return _written(period.until) if period.until else _NONE


def _last_heard(period: Period) -> str:
    return _written(period.last_heard) if period.last_heard else _NONE


def _each_since(period: Period) -> str:
    return ", ".join(f"{each.actor} {_written(each.since)}" for each in period.holding)


_COLUMNS: dict[str, Callable[[Period], str]] = {
    "answer": _answer,
    "disputed": _disputed,
    "certain": _certain,
    "since": _since,
    "until": _until,
    "lastHeard": _last_heard,
    "each holder since": _each_since,
}


def _silent(period: Period, entries: list[Entry]) -> str:
    reports: dict[EventId, str] = {
        each.statement.id: getattr(each.statement.event, "report", "") for each in entries
    }
    silent = (f"{reports[it.event]} {it.why.name}" for it in period.reading.verdict.outweighed)
    return ", ".join(sorted(silent)) or _NONE


def _said(said: Verdict | Side) -> str:
    return f"{said.status} {', '.join(said.holders)}".strip()


def _written(window: Window) -> str:
    """A window in days, as a situation file would have it."""
    assert window.earliest % DAY == window.latest % DAY == 0
    first, last = rfc3339(window.earliest)[:10], rfc3339(Instant(window.latest - 1))[:10]
    return first if first == last else f"{first}/{last}"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_rule_answers_as_the_page_says(row: Row, tmp_path: Path) -> None:
    entries, period = _told(row, tmp_path)
    shown = {name: _COLUMNS[name](period) for name in row.cells if name in _COLUMNS}
    if "silent" in row.cells:
        shown["silent"] = _silent(period, entries)
    asked = {name: row.cells[name] for name in ("place", "on")}
    assert asked | shown == row.cells


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.heading)
def test_an_example_names_only_what_it_registers(example: Example, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(CAST + example.file, encoding="utf-8")
    events = [each.event for each in read_situation(path).statements]
    registered = {_tag(subject_of(event)) for event in events}
    assert {_tag(each) for event in events for each in references_of(event)} <= registered


def _tag(reference: Reference | None) -> str | None:
    return reference.tag if reference else None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.heading)
def test_every_example_is_asked_something(example: Example) -> None:
    told = {"place", "on", "answer", "disputed", "certain"}
    assert example.rows
    assert all(told <= row.keys() <= told | {*_COLUMNS, "silent"} for row in example.rows)


@pytest.mark.parametrize("why", Silence)
def test_every_reason_for_silence_is_told_with_its_step(why: Silence) -> None:
    told = TEXT.partition("## Why a word does not speak")[2].partition("\n## ")[0]
    assert f"\n| {why.step} | `{why.name}` | " in told


def test_every_reason_for_silence_is_shown_by_an_example() -> None:
    shown = " ".join(row.cells.get("silent", "") for row in ROWS)
    assert [why.name for why in Silence if why.name not in shown] == []


@pytest.mark.parametrize("how", SinceIs)
def test_both_meanings_of_since_are_told(how: SinceIs) -> None:
    assert f"**`{how.name}`**" in TEXT


def test_the_page_tells_the_rule_that_answers_name() -> None:
    assert f"`{RULE}`" in TEXT
