"""The program from outside: command lines in a folder, under a stopped clock, and a served node.

Only the clock is taken from a module of the product, api.node; all else goes by the name of the
installed program, so that moved modules change nothing here.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from datetime import datetime
from functools import cache
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from api.node import open_node

ASKED = "2024-04-01T09:00:00Z"
"""The time by the stopped clock, where a session says nothing else."""
SETTINGS = (
    *("LEDGER", "VIEWS", "AUTHOR", "KEYS", "READ", "SIGNING_KEY", "WITNESSES"),
    *("JWT_KEYS", "JWT_ISSUER", "JWT_AUDIENCE"),
)
SURROUNDINGS = {f"TENURE_{name}": None for name in SETTINGS} | {"COLUMNS": "80"}
STARTED = (
    "from importlib.metadata import entry_points\n"
    "entry_points(group='console_scripts')['tenure'].load()(prog_name='tenure')"
)
VIEWS = re.compile(r"(^\w+ +[0-9a-f]{64}(  .*)?\n)+", re.MULTILINE)
"""The views in a certificate: their names, digests and rows are the product's own affair."""


@cache
def program() -> Any:
    """The command line, by the name under which it is installed."""
    return entry_points(group="console_scripts")["tenure"].load()


@contextmanager
def clock_stopped(now: str) -> Iterator[None]:
    """The product's only clock stands at that time."""

    def stopped(now: datetime) -> datetime:
        return now

    # A default argument of many functions: the function itself has to answer otherwise.
    clock = signature(open_node).parameters["now"].default
    before = clock.__code__, clock.__defaults__
    clock.__code__, clock.__defaults__ = stopped.__code__, (datetime.fromisoformat(now),)
    try:
        yield
    finally:
        clock.__code__, clock.__defaults__ = before


def run(folder: Path, line: str, now: str = ASKED) -> str:
    """The output of a command line in that folder, as a terminal shows it, with the exit code.

    Lines of stderr are marked with "! ".
    """
    words = shlex.split(line)
    given = dict(word.split("=", 1) for word in words[: words.index("tenure")])
    runner = CliRunner(env={**SURROUNDINGS, **given})
    with chdir(folder), clock_stopped(now):
        done = runner.invoke(program(), words[words.index("tenure") + 1 :], prog_name="tenure")
    if not isinstance(done.exception, SystemExit | None):
        raise done.exception
    stdout = VIEWS.sub("(a line for each view)\n", done.stdout)
    stderr = "".join(f"! {each}\n" for each in done.stderr.splitlines())
    shown = f"{stdout}{stderr}".replace(str(folder), "FOLDER")
    return f"{shown}[exit {done.exit_code}]\n"


def session(folder: Path, stored: str) -> str:
    """The stored session held again: the same command lines, with the output of today.

    A line "$ ..." is a command, "@ ..." sets the clock, "# ..." is a comment. All else is output.
    """
    told, now = [], ASKED
    for line in stored.splitlines():
        if line.startswith("@ "):
            now = line[2:]
        if line.startswith(("@ ", "# ")):
            told.append(f"{line}\n\n")
        if line.startswith("$ "):
            told.append(f"{line}\n{run(folder, line[2:], now)}\n")
    return "".join(told)


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """The URL of a node that serves the folder's ledger, in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS}
    with subprocess.Popen(
        [sys.executable, "-c", STARTED, "serve", "--port", "0"],
        cwd=folder,
        env={**clean, **settings},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        try:
            said = next((line for line in process.stderr if "serving" in line), "")
            found = re.search(r"http://[\d.]+:\d+", said)
            assert found, "the node did not start"
            yield found[0]
        finally:
            process.terminate()
