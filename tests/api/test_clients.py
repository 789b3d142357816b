"""Answers: do clients that others wrote understand our server?"""

import json
from pathlib import Path

from api.schema import contract
from tests.api.server import Server
from tests.api.serving import serving
from tests.node_js import run_node

CLIENTS = [
    *("graphql-request by POST", "graphql-request by GET"),
    *("@urql/core by POST", "@urql/core by GET"),
    *("@apollo/client by POST", "@apollo/client by GET"),
]


def test_every_client_gets_the_same_answer(clients: Path, server: Server) -> None:
    server.seized("fama", "wagner", on="2023-11-14")
    server.seen("csp", on="2023-11-14", report="csp-comms-1")
    wanted = server.control("kidal", "2023-11-20", perspective={"minReliability": "D"})
    with serving(server.http.app, lifespan="off") as url:
        done = run_node("ask.mjs", f"{url}/graphql", str(contract.FILE), folder=clients, seconds=60)
    found = json.loads(done.stdout or "{}")
    assert found.get("problems") == [], (done.stderr, found)
    assert found["clients"] == CLIENTS
    control = found["control"]
    assert [each["name"] for each in control["holders"]] == ["FAMa", "Wagner"]
    assert {name: control[name] for name in ("status", "disputed", "explanation")} == {
        name: wanted[name] for name in ("status", "disputed", "explanation")
    }
    assert control["basis"]["token"] == wanted["basis"]["token"]
    assert found["refusal"]["code"] == "UnknownReference"
    assert "did you mean kidal" in found["refusal"]["message"]
    assert done.returncode == 0
