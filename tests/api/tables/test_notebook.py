"""Does docs/tables.ipynb run, on the files that it names?"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate

from tests.command_line import CommandLine
from tests.pages import PAGES, ROOT

NOTEBOOK = json.loads((ROOT / "docs/tables.ipynb").read_text(encoding="utf-8"))
_CELL = {
    "type": "object",
    "required": ["id", "cell_type", "metadata", "source"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-zA-Z0-9-_]{1,64}$"},
        "cell_type": {"enum": ["markdown", "code"]},
        "metadata": {"type": "object"},
        "source": {"type": "array", "items": {"type": "string"}},
        "outputs": {"type": "array", "maxItems": 0},
        "execution_count": {"type": "null"},
    },
    "additionalProperties": False,
    "if": {"properties": {"cell_type": {"const": "code"}}},
    "then": {"required": ["outputs", "execution_count"]},
}
FORM = {
    "type": "object",
    "required": ["nbformat", "nbformat_minor", "metadata", "cells"],
    "properties": {
        "nbformat": {"const": 4},
        "nbformat_minor": {"const": 5},
        "cells": {"type": "array", "items": _CELL},
    },
}
"""What nbformat 4.5 asks of a notebook without outputs."""


def source(kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == kind]


def test_it_is_a_notebook_and_the_page_leads_to_it() -> None:
    validate(NOTEBOOK, FORM)
    ids = [cell["id"] for cell in NOTEBOOK["cells"]]
    assert len(set(ids)) == len(ids)
    assert "](tables.ipynb)" in PAGES["docs/tables.md"]


def test_it_runs_on_the_files_that_it_names(
    mali: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [line.split() for line in source("markdown")[0].splitlines() if "--output" in line]
    assert len(commands) == 3
    for words in commands:
        done = mali.run(*words[1:])
        assert done.code == 0, done.stderr
    found: dict[str, Any] = {}
    for cell in source("code"):
        exec(compile(cell, "docs/tables.ipynb", "exec"), found)
    assert found["then"].holders.item() == "csp"
    assert found["now"].holders.item() == "fama;wagner"
    assert found["basis"]["table"] == "control"
    assert "@SUM(A1)" in set(found["titles"])
    assert len(found["held"]) > 5
