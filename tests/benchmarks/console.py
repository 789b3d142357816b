"""How soon does the console show the demo, and how many moments a second does it play?

A real Chromium without a graphics card draws on the processors that serve the answers too. The
first view counts from the start of the navigation to the first frame with places; the browser runs
already, with a new profile for each. What plays is a war of 10,000 towns, all on the map or some
hundreds of them; a moment counts when it is drawn, and a moment that is skipped doesn't.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from api.node import open_node
from infra.settings import Settings
from tests.benchmarks.front import told
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Measured, in_turns
from tests.console.browser import browser, built, served

SECONDS, WANTED_MOMENTS, WANTED_FIRST_VIEW = 6.0, 15.0, 1.0
SETTLED = 6_000
"""Milliseconds until the map below the places has come and nothing else is drawn."""
PATIENCE = 120_000
VIEWS = {"all on the map": "", "some hundreds on the map": "&map=8.00/14.0000/0.0000"}
COUNT_DRAWN = """() => {
  window.drawn = 0;
  const send = WebGL2RenderingContext.prototype.bufferData;
  let isCounted = false;
  WebGL2RenderingContext.prototype.bufferData = function (...said) {
    if (!isCounted) {
      drawn++;
      isCounted = true;
      requestAnimationFrame(() => (isCounted = false));
    }
    return send.apply(this, said);
  };
}"""
"""Counts the frames in which the page sends symbols to be drawn, as it does for another moment."""
FRAMES = """(seconds) => new Promise((tell) => {
  const [start, before] = [performance.now(), window.drawn];
  let frames = 0;
  const next = () => {
    const took = (performance.now() - start) / 1000;
    frames++;
    if (took < seconds) requestAnimationFrame(next);
    else tell([(window.drawn - before) / took, frames / took]);
  };
  requestAnimationFrame(next);
})"""


def measure(places: int, times: int) -> list[Figure]:
    built()
    with TemporaryDirectory() as directory, browser() as opened:
        demo, war = Path(directory) / "demo", Path(directory) / "war"
        demo.mkdir()
        war.mkdir()
        with served(demo, "demo") as address:
            first = partial(_first_view, opened, address)
            first()  # the browser's and the server's own first page
            figures = [_bounded("first view of the demo", in_turns({"": first}, times)[""])]
        _record(war, places)
        with served(war, "serve") as address:
            for name, view in VIEWS.items():
                runs = [_played(opened, f"{address}/?at=2014-06-01{view}") for _ in range(times)]
                figures += _figures(f"{places:,} places, {name}", runs)
    return figures


def _record(folder: Path, places: int) -> None:
    settings = Settings(ledger=f"sqlite:///{folder}/ledger.db", views=folder / "views.db")
    with open_node(settings) as node:
        record_all(node.ledger, told(places))
        node.projector.catch_up()
        print(f"{node.answers.head:,} events on {places:,} places", file=sys.stderr)


@contextmanager
def _page(opened: Browser, address: str) -> Iterator[Page]:
    context = opened.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.wait_for_function("() => performance.getEntriesByName('places drawn').length > 0")
    yield page
    context.close()


def _first_view(opened: Browser, address: str) -> float:
    with _page(opened, address) as page:
        drawn: float = page.evaluate("performance.getEntriesByName('places drawn')[0].startTime")
    return drawn / 1000


def _played(opened: Browser, address: str) -> tuple[float, float]:
    """Moments drawn a second, and frames a second."""
    with _page(opened, address) as page:
        page.wait_for_timeout(SETTLED)
        page.evaluate(COUNT_DRAWN)
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(1_000)
        moments, frames = page.evaluate(FRAMES, SECONDS)
    return moments, frames


def _figures(what: str, runs: list[tuple[float, float]]) -> list[Figure]:
    moments, frames = (Measured(tuple(each)) for each in zip(*runs, strict=True))
    wanted = Measured((WANTED_MOMENTS,))
    return [
        Figure(
            f"moments played, {what}",
            "/s",
            moments,
            "wanted",
            wanted,
            "at least 1x",
            lambda ratio: ratio >= 1,
        ),
        Figure(f"frames while it plays, {what}", "/s", frames),
    ]


def _bounded(what: str, measured: Measured) -> Figure:
    wanted = Measured((WANTED_FIRST_VIEW,))
    return Figure(what, "s", measured, "wanted", wanted, "at most 1x", lambda ratio: ratio <= 1)
