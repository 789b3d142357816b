"""The command line in tests: in this process for most, as a process of its own where that matters.

Each test has its own ledger and views in a folder of its own.
"""

import os
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from api.cli import main
from api.node import open_node
from infra.settings import Settings

ROOT = Path(__file__).parents[1]

KIDAL = """\
- {type: SourceRegistered, source: press, name: Press, reliability: B}
- {type: SourceRegistered, source: csp-comms, name: CSP spokesman, reliability: D}
- {type: ReportFiled, report: press-1, source: press, published: 2023-11-14, title: Kidal}
- {type: ReportFiled, report: csp-1, source: csp-comms, published: 2023-11-16, title: We hold}
- {type: LocationRegistered, location: kidal-region, name: Kidal region, kind: region}
- type: LocationRegistered
  location: kidal
  name: Kidal
  kind: town
  within: kidal-region
  coordinates: {latitude: 18.441, longitude: 1.408}
- {type: LocationRegistered, location: kidal-market, name: Market, kind: site, within: kidal}
- {type: ActorRegistered, actor: fama, name: FAMa, kind: state-force}
- {type: ActorRegistered, actor: wagner, name: Wagner, kind: private-force}
- {type: ActorRegistered, actor: csp, name: CSP, kind: coalition}
- type: TownSeized
  location: kidal
  by: csp
  occurred: 2014-05-21
  report: press-1
  credibility: 2
- type: TownSeized
  location: kidal
  by: [fama, wagner]
  occurred: 2023-11-14
  report: press-1
  credibility: 2
  summary: The army takes the town.
  passage: paragraph 3
- {type: ControlReported, location: kidal, holders: csp, occurred: 2023-11-15, report: csp-1,
   credibility: 4}
"""


@dataclass
class Outcome:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    def refused(self, *parts: str, code: int = 1) -> None:
        """It said in plain words what is wrong, and exited with that code."""
        assert self.code == code, self
        assert "Traceback" not in self.stderr
        assert "pydantic" not in self.stderr
        assert len(self.stderr) < 3_000
        for part in parts:
            assert part in self.stderr, self.stderr


@dataclass
class CommandLine:
    """A folder with a ledger, its views, and files to record."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TENURE_LEDGER": f"sqlite:///{self.folder / 'ledger.db'}",
            "TENURE_VIEWS": str(self.folder / "views.db"),
        }

    @property
    def settings(self) -> Settings:
        return Settings(ledger=self.environment["TENURE_LEDGER"], views=self.folder / "views.db")

    @property
    def head(self) -> int:
        with open_node(self.settings) as node:
            return node.ledger.head

    def write(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def run(self, *args: str | Path, **environment: str) -> Outcome:
        """The command, in this process."""
        runner = CliRunner(env=self.environment | environment)
        result = runner.invoke(main, [str(arg) for arg in args], prog_name="tenure")
        if result.exc_info and not isinstance(result.exception, SystemExit | None):
            traceback.print_exception(*result.exc_info)
            raise AssertionError("the command crashed")
        return Outcome(result.exit_code, result.stdout, result.stderr)

    def start(self, *args: str | Path, **environment: str) -> "subprocess.Popen[str]":
        """The command, as a process of its own."""
        code = "from api.cli import main; main(prog_name='tenure')"
        return subprocess.Popen(
            [sys.executable, "-c", code, *map(str, args)],
            cwd=self.folder,
            env={**os.environ, **self.environment, "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def process(self, *args: str | Path, **environment: str) -> Outcome:
        """The command, as a process of its own, once it has ended."""
        with self.start(*args, **environment) as process:
            stdout, stderr = process.communicate(timeout=120)
        return Outcome(process.returncode, stdout, stderr)
