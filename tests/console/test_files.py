"""Is the page with its files served to browsers, and nothing else beside it?"""

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from api.console.build import CONSOLE, GRAPHIQL
from tests.api.server import Server, describe_the_world, server_at
from tests.api.test_metrics import samples
from tests.command_line import ROOT
from tests.console.browser import built, served
from tests.console.built_files import BROWSER, got, script
from tests.keys import write_keys

BUDGET = 600_000
"""Bytes with gzip of all that the console may load beside its map of countries."""
QUESTION = {"query": "{ __typename }"}


@pytest.fixture(scope="module", autouse=True)
def _the_console_is_built() -> None:
    built()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server_at(tmp_path_factory.mktemp("node"), ledger="memory:") as server:
        describe_the_world(server)
        yield server


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Server]:
    """A node whose answers are for bearers of tokens."""
    keys = write_keys(tmp_path / "keys.json", {"reader": ["read"]})
    with server_at(tmp_path, ledger="memory:", keys=keys, read="keys") as server:
        yield server


# ---- Files -----------------------------------------------------------------------------------


def test_every_built_file_is_served_and_kept_for_ever(server: Server) -> None:
    for project, folder in ((CONSOLE, "/console/"), (GRAPHIQL, "/console/graphiql/")):
        shown = [
            each
            for each in project.built.iterdir()
            if not each.name.startswith(".") and "-" in each.name
        ]
        assert len(shown) > 4
        for path in shown:
            answer = server.http.get(f"{folder}{path.name}")
            assert answer.content == path.read_bytes()
            assert answer.headers["cache-control"] == "public, immutable, max-age=31536000"
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_script_is_sent_compressed_to_who_takes_gzip(demo: str) -> None:
    path, whole = f"/console/{script().name}", script().read_bytes()
    smaller, told = got(demo, "GET", path, {"Accept-Encoding": "br, gzip;q=0.5"})
    assert told.getheader("Content-Encoding") == "gzip"
    assert told.getheader("Content-Type", "").startswith("text/javascript")
    assert gzip.decompress(smaller) == whole
    assert len(smaller) * 2 < len(whole)
    for refusing in ({}, {"Accept-Encoding": "gzip;q=0, br"}):
        plain, answer = got(demo, "GET", path, refusing)
        assert (plain, answer.getheader("Content-Encoding")) == (whole, None)
        assert answer.getheader("ETag") != told.getheader("ETag")


@pytest.mark.parametrize("path", ["/", "/graphql", "script"])
def test_the_head_of_a_file_is_that_of_the_file(demo: str, path: str) -> None:
    path = f"/console/{script().name}" if path == "script" else path
    body, told = got(demo, "GET", path, BROWSER)
    nothing, head = got(demo, "HEAD", path, BROWSER)
    assert (told.status, head.status, nothing) == (200, 200, b"")
    assert head.getheader("Content-Length") == str(len(body))
    assert head.getheader("ETag") == told.getheader("ETag")


@pytest.mark.parametrize("path", ["/", "/graphql", "script"])
def test_what_a_browser_has_is_not_sent_again(server: Server, path: str) -> None:
    path = f"/console/{script().name}" if path == "script" else path
    etag = server.http.get(path, headers=BROWSER).headers["etag"]
    for known in (etag, f'"other", W/{etag}'):
        again = server.http.get(path, headers={**BROWSER, "If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    changed = server.http.get(path, headers={**BROWSER, "If-None-Match": '"other"'})
    assert changed.status_code == 200


def test_nothing_else_of_the_folders_is_served(server: Server, demo: str) -> None:
    unknown = server.http.get("/nowhere")
    for path in (
        ".made-from",
        "documents.json",
        "index.html",
        "licenses.md",
        "graphiql",
        "graphiql/",
        "",
    ):
        answer = server.http.get(f"/console/{path}")
        assert (answer.status_code, answer.content) == (404, unknown.content), path
    outside = ("../files.py", "%2e%2e/files.py", "..%2ffiles.py", "//etc/passwd", "%00", "%ff")
    for path in outside:
        body, told = got(demo, "GET", f"/console/{path}", {})
        assert (told.status, body) == (404, unknown.content), path


def test_files_are_read_and_not_written(server: Server) -> None:
    for path in ("/", f"/console/{script().name}"):
        assert server.http.post(path, json=QUESTION).status_code == 405


# ---- Who gets them, and what operators see ---------------------------------------------------


def test_the_page_needs_no_token_and_its_answers_do(keyed: Server) -> None:
    for path in ("/", f"/console/{script().name}"):
        assert keyed.http.get(path).status_code == 200
    assert keyed.http.get("/graphql", params=QUESTION).status_code == 401
    assert keyed.http.get("/map/places").status_code == 401
    assert keyed.http.get("/console/nowhere").status_code == 401


def test_a_node_that_answers_its_documents_alone_answers_the_page(tmp_path: Path) -> None:
    ids = orjson.loads((CONSOLE.built / "documents.json").read_bytes())
    assert ids
    with server_at(tmp_path, ledger="memory:", documents_only=True) as server:
        for known in ids:
            told = server.http.get("/graphql", params={"documentId": known}).text
            assert "UntrustedDocument" not in told
            assert "UnknownDocument" not in told
        assert "UntrustedDocument" in server.http.get("/graphql", params=QUESTION).text


def test_metrics_know_the_files_by_one_name(server: Server) -> None:
    server.http.get("/")
    server.http.get(f"/console/{script().name}")
    server.http.get("/console/nowhere")
    counted = [each for each in samples(server.http.get("/metrics").text) if "requests_t" in each]
    assert any("route=/," in each for each in counted)
    assert any("route=/console," in each for each in counted)
    assert not any("index-" in each or "nowhere" in each for each in counted)


def test_a_node_whose_console_was_not_built_says_so_and_answers(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    without = shutil.ignore_patterns("node_modules", "built", "__pycache__")
    for layer in ("api", "projections", "infra", "domain"):
        shutil.copytree(ROOT / layer, copy / layer, ignore=without)
    with served(tmp_path, "serve", PYTHONPATH=str(copy)) as address:
        told, page = got(address, "GET", "/", BROWSER)
        assert page.status == 503
        assert b"make demo" in told
        _, graphiql = got(address, "GET", "/graphql", BROWSER)
        assert graphiql.status == 400
        answer, _ = got(address, "GET", "/graphql?query={__typename}", {})
        assert answer == b'{"data":{"__typename":"Query"}}'


# ---- Size ------------------------------------------------------------------------------------


def test_the_console_is_small_without_its_map_of_countries() -> None:
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), mtime=0))
        for path in CONSOLE.built.iterdir()
        if not path.name.startswith(("countries", "."))
        and path.name not in ("documents.json", "licenses.md")
    }
    assert sum(sizes.values()) < BUDGET, sizes
