"""Which maps can a node be given, and how are they served?"""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.commands.start_checks import CannotStart, checked_start
from infra.settings import Settings
from tests.api.server import server_at
from tests.keys import write_keys

ARCHIVE = b"PMTiles\x03" + bytes(range(200))


@pytest.mark.parametrize(
    "style",
    [
        "https://maps.example.org/style.json?key=a,b;c",
        "http://127.0.0.1:8081/styles/basic/style.json",
        "https://xn--80aa.example/@2x/style.json",
        "http://[::1]:8081/style.json",
    ],
)
def test_a_style_is_an_address_whose_server_can_stand_in_a_policy(style: str) -> None:
    assert Settings(map_style=style).map_style == style


@pytest.mark.parametrize(
    "style",
    [
        "style.json",
        "ftp://maps.example.org/style.json",
        "https://карта.example/style.json",
        "https://ana:secret@maps.example.org/style.json",
        "https://maps.example.org; script-src *",
        "https://maps.example.org/style.json\nX: y",
        "https://maps.example.org,evil.example/",
    ],
)
def test_what_could_change_the_policy_is_no_style(style: str) -> None:
    with pytest.raises(ValidationError):
        Settings(map_style=style)


def test_a_node_does_not_start_with_a_file_that_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "map.txt").write_bytes(b"PMTiles\x02 of long ago")
    (tmp_path / "map.pmtiles").write_bytes(ARCHIVE)

    def check(name: str) -> None:
        views, tiles = str(tmp_path / "views.db"), str(tmp_path / name)
        checked_start(
            {"TENURE_MAP_TILES": tiles, "TENURE_VIEWS": views, "TENURE_LEDGER": "memory:"},
            "127.0.0.1",
            0,
        )

    check("map.pmtiles")
    for name, why in (("map.txt", "this is no pmtiles archive"), ("none", "no such file")):
        with pytest.raises(CannotStart, match=f"TENURE_MAP_TILES: .*{name}: {why}"):
            check(name)


def test_tiles_are_sent_in_parts_and_without_a_token(tmp_path: Path) -> None:
    """The browser's library reads a part at a time, and knows of no token."""
    tiles = tmp_path / "map.pmtiles"
    tiles.write_bytes(ARCHIVE)
    keys = write_keys(tmp_path / "keys.json", {"reader": ["read"]})
    with server_at(tmp_path, ledger="memory:", keys=keys, read="keys", map_tiles=tiles) as server:
        ask = server.http.get
        part = ask("/console/map.pmtiles", headers={"Range": "bytes=8-17"})
        assert (part.status_code, part.content) == (206, ARCHIVE[8:18])
        assert part.headers["content-range"] == f"bytes 8-17/{len(ARCHIVE)}"
        tiles.unlink()
        assert ask("/console/map.pmtiles").status_code == 404


def test_without_tiles_there_are_none(tmp_path: Path) -> None:
    with server_at(tmp_path, ledger="memory:") as server:
        assert server.http.get("/console/map.pmtiles").status_code == 404
