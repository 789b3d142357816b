"""Do the parts of the console that need no browser keep their rules? Each file is run by Node."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import ROOT

APP = ROOT / "api" / "console" / "app"
FILES = sorted((APP / "tests").glob("*.test.ts"))
SECONDS = 60


def test_there_are_such_files() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_the_file_says_holds(path: Path) -> None:
    node = Path(sys.executable).parent / "node"
    done = subprocess.run(
        [node, "--test", path],
        cwd=APP,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout
