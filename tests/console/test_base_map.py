"""Whose map is below the places: the page's own, a style, or tiles, and who is asked for them?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser

from tests.console.browser import Person, built, served
from tests.console.test_map import FAR_OUT, LAND, shows, somebody
from tests.console.tiles import archive

SEA, GREEN = [0xDC, 0xE5, 0xEA], [0x00, 0xFF, 0x00]


class _Shared(SimpleHTTPRequestHandler):
    """Files for any page, and a list of the paths that were asked for."""

    asked: list[str]

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        self.asked.append(self.path)

    def log_error(self, *words: object) -> None:
        """Not to the screen."""


@contextmanager
def elsewhere(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Another server with the files of a folder: its address, and what it was asked for."""
    asked: list[str] = []
    handler = type("Handler", (_Shared,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def _folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


def _style(folder: Path, **sources: Any) -> None:
    layers = [
        {"id": "ground", "type": "background", "paint": {"background-color": "#00ff00"}},
        *(
            {"id": each, "type": "fill", "source": each, "source-layer": "water"}
            for each in sources
        ),
    ]
    style = {"version": 8, "sources": sources, "layers": layers}
    (folder / "style.json").write_text(json.dumps(style))


def test_tiles_that_the_node_names_are_below_the_places(
    chromium_browser: Browser, tmp_path: Path
) -> None:
    built()
    (tmp_path / "world.pmtiles").write_bytes(archive())
    with (
        served(tmp_path, "demo", TENURE_MAP_TILES=str(tmp_path / "world.pmtiles")) as address,
        somebody(chromium_browser, address) as person,
    ):
        person.opens(FAR_OUT)
        shows(person, SEA)  # land on the map of the page
        assert person.complaints == []
        assert [each for each in person.asked if not each.startswith((address, "blob:"))] == []


def test_a_style_of_another_server_is_below_the_places(
    chromium_browser: Browser, tmp_path: Path
) -> None:
    built()
    style = _folder(tmp_path, "style")
    _style(style)
    with (
        elsewhere(style) as (other, _),
        served(
            _folder(tmp_path, "node"), "demo", TENURE_MAP_STYLE=f"{other}/style.json"
        ) as address,
        somebody(chromium_browser, address) as person,
    ):
        person.opens(FAR_OUT)
        shows(person, GREEN)
        assert person.complaints == []


def test_a_third_server_is_not_asked_even_where_the_style_names_it(
    chromium_browser: Browser, tmp_path: Path
) -> None:
    """A worker reads the tiles, which has a policy of its own."""
    built()
    style = _folder(tmp_path, "style")
    with (
        elsewhere(_folder(tmp_path, "third")) as (third, was_asked),
        elsewhere(style) as (other, _),
    ):
        tiles = {"type": "vector", "tiles": [f"{third}/{{z}}/{{x}}/{{y}}.mvt"]}
        _style(style, tiles=tiles)
        with (
            served(
                _folder(tmp_path, "node"), "demo", TENURE_MAP_STYLE=f"{other}/style.json"
            ) as address,
            somebody(chromium_browser, address) as person,
        ):
            person.opens(FAR_OUT)
            shows(person, GREEN)
            person.page.wait_for_timeout(1_000)
            assert was_asked == []
            assert person.complaints  # the browser says what it blocked


def test_where_the_style_is_not_there_the_map_of_the_page_is(
    chromium_browser: Browser, tmp_path: Path
) -> None:
    built()
    with (
        elsewhere(_folder(tmp_path, "empty")) as (other, _),
        served(
            _folder(tmp_path, "node"), "demo", TENURE_MAP_STYLE=f"{other}/style.json"
        ) as address,
        somebody(chromium_browser, address) as person,
    ):
        person.opens(FAR_OUT)
        person.sees("The map below the places can't be read, so the shipped one is shown.")
        shows(person, LAND)


def test_no_request_leaves_the_server_where_nothing_else_is_set(person: Person) -> None:
    person.opens(FAR_OUT)
    shows(person, LAND)
    person.page.wait_for_timeout(1_000)
    assert [each for each in person.asked if not each.startswith((person.address, "blob:"))] == []
