"""The progress bar of an import."""

import re
from io import StringIO

import pytest

from api.commands.environment import progress_with_rate


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress_with_rate("Importing a.csv", 1_000) as advance:
        advance(250, 500)
    assert re.search(r"Importing a.csv .* 25%.* [0-9,]+ rows/s", terminal.getvalue())


def test_nothing_is_shown_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    file = StringIO()
    monkeypatch.setattr("sys.stderr", file)
    with progress_with_rate("Importing a.csv", 1_000) as advance:
        advance(250, 500)
    assert file.getvalue() == ""
