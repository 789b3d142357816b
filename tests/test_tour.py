"""Is docs/tour.md an hour's reading? Each stop names code that exists, fewer than 3,000 lines."""

import ast
import re
from pathlib import Path

from tests.pages import PAGES, ROOT

LONGEST = 3_000
MINUTES = 60

TOUR = PAGES["docs/tour.md"]
STOPS = [
    re.findall(r"`([^`]+)`", read)
    for read in re.findall(r"^Read: (.*?)\n\n", TOUR, re.MULTILINE | re.DOTALL)
]


def lines_of(named: str) -> int:
    """The lines of a file, or of a class or function by its dotted name."""
    if "/" in named:
        return len((ROOT / named).read_text(encoding="utf-8").splitlines())
    file, inside = module_of(named)
    found: ast.AST = ast.parse(file.read_text(encoding="utf-8"))
    for name in inside:
        (found,) = [
            each
            for each in ast.iter_child_nodes(found)
            if isinstance(each, ast.ClassDef | ast.FunctionDef) and each.name == name
        ]
    assert isinstance(found, ast.ClassDef | ast.FunctionDef), named
    assert found.end_lineno is not None
    return found.end_lineno - found.lineno + 1


def module_of(named: str) -> tuple[Path, list[str]]:
    """The file of the module in a dotted name, and the names inside."""
    parts = named.split(".")
    for length in range(len(parts), 0, -1):
        file = ROOT.joinpath(*parts[:length]).with_suffix(".py")
        if file.is_file():
            return file, parts[length:]
    raise AssertionError(f"no module of the tree is in {named}")


def test_every_stop_has_something_to_read() -> None:
    assert len(STOPS) == len(re.findall(r"^## \d+\. ", TOUR, re.MULTILINE))
    assert all(STOPS)


def test_the_tour_is_read_in_an_hour() -> None:
    assert sum(lines_of(named) for stop in STOPS for named in stop) <= LONGEST
    minutes = re.findall(r"^## \d+\. .*\((\d+) minutes\)$", TOUR, re.MULTILINE)
    assert sum(map(int, minutes)) <= MINUTES
