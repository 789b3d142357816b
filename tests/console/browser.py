"""A real browser, a real server of the demo, and what a person does on the page.

Chromium is Debian's; where it is not installed and this may install it, it is. The page is built by
the same command as for a release.
"""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.command_line import ROOT

CACHE = ROOT / ".cache" / "console"
BUILD_SECONDS, START_SECONDS, INSTALL_SECONDS = 300, 60, 400
SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]
"""Draws without a graphics card. Root may run no browser with a sandbox of its own."""
_TENURE = (sys.executable, "-c", "from api.cli import main; main()")
CALM = 15_000
"""Milliseconds that a person would wait on a busy machine."""


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Tests run in several processes; what they install or build is made by one."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def built() -> None:
    with one_at_a_time("building"):
        build = [sys.executable, "-m", "api.console.build"]
        done = subprocess.run(
            build, cwd=ROOT, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
        )
    assert done.returncode == 0, done.stderr


def chromium() -> str:
    """The program; its tests are skipped where there is none and none can be installed."""
    with one_at_a_time("installing"):
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        if found is None and shutil.which("apt-get") and os.geteuid() == 0:
            for words in ("update", "install -y --no-install-recommends chromium"):
                command = ["apt-get", "-qq", *words.split()]
                subprocess.run(command, capture_output=True, timeout=INSTALL_SECONDS, check=False)
            found = shutil.which("chromium")
    if found is None:
        pytest.skip("this needs Chromium: apt-get install chromium")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    program = chromium()
    with sync_playwright() as playwright:
        expect.set_options(timeout=CALM)
        opened = playwright.chromium.launch(executable_path=program, args=SOFTWARE)
        yield opened
        opened.close()


@contextmanager
def served(
    folder: Path,
    *words: str,
    program: Sequence[str] = _TENURE,
    port: str = "",
    **settings: str,
) -> Iterator[str]:
    """The address of a server process with its files in that folder: `tenure WORDS --port …`."""
    number = int(port or _free_port())
    command = [*program, *words, "--port", str(number)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TENURE_LEDGER": f"sqlite:///{folder}/ledger.db",
        "TENURE_VIEWS": f"{folder}/views.db",
        **settings,
    }
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(server, number, folder / "server.log")
        yield f"http://127.0.0.1:{number}"
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


def _wait_for(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = monotonic() + START_SECONDS
    while monotonic() < until:
        assert server.poll() is None, log.read_text()
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=2)) as probe:
            probe.request("GET", "/readyz")
            if probe.getresponse().status == 200:
                return
        sleep(0.05)
    raise TimeoutError(log.read_text())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def asked(address: str, query: str, **variables: object) -> Any:
    """What the server answers to a question or a change over GraphQL."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=30)
    body = json.dumps({"query": query, "variables": variables})
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    reply = json.loads(connection.getresponse().read())
    connection.close()
    return reply["data"]


@dataclass
class Person:
    """Somebody in front of the page. What the page complains of is kept, and fails the test."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The addresses of all requests of the page."""

    @classmethod
    def before(cls, page: Page, address: str) -> "Person":
        person = cls(page, address)
        page.set_default_timeout(CALM)
        page.on("console", lambda message: person._hear(message.type, message.text))
        page.on("pageerror", lambda error: person.complaints.append(str(error)))
        page.on("request", lambda request: person.asked.append(request.url))
        return person

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def opens(self, address: str = "/") -> "Person":
        self.page.goto(self.address + address)
        self.page.locator("[data-ready]").wait_for()
        return self

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def evaluates(self, script: str) -> Any:
        return self.page.evaluate(script)
