"""Answers: do the stores of widely used clients keep apart what has one id and several names?"""

import json
from pathlib import Path

from api.schema import contract
from tests.api.server import Server
from tests.api.serving import serving
from tests.node_js import run_node


def test_the_stores_of_apollo_and_relay_show_the_names_of_each_year(
    clients: Path, server: Server
) -> None:
    server.seized("csp", on="2014-05-21")
    before = server.head
    common = {"report": "rfi-1", "credibility": 2}
    server.tell("recordActorRenamed", **common, actor="csp", name="CSP-PSD", occurred="2021-05-06")
    named = {"location": "kidal", "name": "Kidal-Ville", "occurred": "2022"}
    server.tell("recordLocationRenamed", **common, **named)
    with serving(server.http.app, lifespan="off") as url:
        asked = [f"{url}/graphql", str(contract.FILE), str(before)]
        done = run_node("stores.mjs", *asked, folder=clients, seconds=120)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["sent"] == {
        "early": ["Kidal", "CSP"],
        "late": ["Kidal-Ville", "CSP-PSD"],
        "before": ["Kidal", "CSP"],
        "now": "Kidal-Ville",
    }
    assert shown["apollo"] == shown["sent"]
    assert shown["relay"] == shown["sent"]
