"""The page that animates a year reads what the server sends, and loads nothing from elsewhere."""

import json
import re
from pathlib import Path

from tests.api.server import Server
from tests.node_js import run_node
from tests.pages import ROOT

PAGE = (ROOT / "docs" / "animated-map.html").read_text(encoding="utf-8")
SCRIPT = PAGE.partition("<script>")[2].partition("</script>")[0]
_RUN = """
const {{ readFileSync }} = require("fs");
{decode}
const file = readFileSync(process.argv[2]);
const told = decode(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
console.log(JSON.stringify({{ head: told.head, column: [...told.looks] }}));
"""


def function(name: str) -> str:
    """The function of the page."""
    found = re.search(rf"^(async )?function {name}\(.*?^}}$", SCRIPT, re.DOTALL | re.MULTILINE)
    assert found, name
    return found[0]


def test_the_page_reads_the_bytes_of_a_column(server: Server, tmp_path: Path) -> None:
    server.seized("fama", on="2023-11-14")
    asked = {"at": "2023-11-20"}
    bytes_wanted = {"Accept": "application/octet-stream"}
    column = server.http.get("/map/column", params=asked, headers=bytes_wanted)
    (tmp_path / "column").write_bytes(column.content)
    (tmp_path / "read.js").write_text(_RUN.format(decode=function("decode")), encoding="utf-8")
    read = json.loads(run_node("read.js", "column", folder=tmp_path, seconds=60).stdout)
    told = server.http.get("/map/column", params=asked).json()
    assert read["column"] == told["column"]
    assert read["head"] == {name: told[name] for name in read["head"]}


def test_the_script_of_the_page_is_sound(tmp_path: Path) -> None:
    (tmp_path / "page.js").write_text(SCRIPT, encoding="utf-8")
    checked = run_node("--check", "page.js", folder=tmp_path, seconds=60)
    assert checked.returncode == 0, checked.stderr


def test_the_page_asks_for_paths_that_the_server_has(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    paths = set(re.findall(r'"(/map/\w+)"', SCRIPT))
    assert paths == {"/map/column", "/map/places", "/map/dates"}
    given = {"/map/column": {"at": "2023-11-20"}, "/map/places": {}}
    dates = {"from": "2023-11-01", "to": "2023-11-30"}
    for path in paths:
        assert server.http.get(path, params=given.get(path, dates)).status_code == 200


def test_the_page_loads_nothing_from_elsewhere() -> None:
    assert not re.findall(r"<(?:link|img|iframe|script [^>]*src)", PAGE)
    assert re.findall(r"https?://[^\"'`]+", PAGE) == ["http://127.0.0.1:8000"]
    assert "default-src 'none'" in PAGE
    assert "innerHTML" not in PAGE
    assert "eval(" not in PAGE
