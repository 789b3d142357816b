"""Answers: do the documents that real compilers ship, and real clients name, find their answers?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.schema import contract
from tests.api.server import Server, describe_the_world, server_at
from tests.api.serving import serving
from tests.node_js import run_node


def node(clients: Path, *command: str) -> str:
    done = run_node(*command, folder=clients, seconds=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def served(tmp_path: Path, **settings: Any) -> Iterator[tuple[Server, str]]:
    with server_at(tmp_path) as teller:
        describe_the_world(teller)
        teller.seized("fama", on="2023-11-14")
    with (
        server_at(tmp_path, **settings) as server,
        serving(server.http.app, lifespan="off") as url,
    ):
        yield server, f"{url}/graphql"


def test_manifests_of_graphql_codegen_and_relay_are_asked_by_their_ids(
    clients: Path, tmp_path: Path
) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    node(clients, "compile.mjs", str(contract.FILE), str(shipped))
    manifests = shipped / "manifests"
    with served(tmp_path, documents=manifests, documents_only=True) as (server, url):
        told = json.loads(node(clients, "persisted.mjs", url, str(shipped)))
        refused = server.post("{ ledger { position } }")
    assert refused.json()["errors"][0]["extensions"]["code"] == "UntrustedDocument"
    names = {name: each["name"] for name, each in told.items()}
    assert names == dict.fromkeys(("codegen", "relay", "byManifest"), "Kidal")
    for each in told.values():
        (sent,) = each["sent"]
        assert (sent["method"], sent["document"], sent["status"]) == ("POST", False, 200)


def test_apollo_sends_a_document_once_and_its_digest_from_then_on(
    clients: Path, tmp_path: Path
) -> None:
    with served(tmp_path) as (_, url):
        told = json.loads(node(clients, "persisted.mjs", url, str(tmp_path), "automatic"))
    assert [each["name"] for each in told.values()] == ["Kidal"] * 3
    documents = {name: [sent["document"] for sent in told[name]["sent"]] for name in told}
    assert documents == {"first": [False, True], "second": [False], "byUrl": [False]}
    assert told["first"]["sent"][0]["kept"] == "no-store"
    (by_url,) = told["byUrl"]["sent"]
    assert by_url["method"] == "GET"
    assert by_url["kept"] == "public, immutable, max-age=31536000"
