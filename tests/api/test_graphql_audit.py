"""Answers: does our HTTP view pass every audit of the npm package graphql-http?"""

import json
from pathlib import Path

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route

from api.graphql.view import GraphQLView
from tests.api.conftest import CLIENTS
from tests.api.serving import serving
from tests.node_js import run_node


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"Hello {name}"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def greet(self, name: str) -> str:
        return f"Hello {name}"


def test_every_audit_is_ok(clients: Path) -> None:
    schema = strawberry.Schema(Query, Mutation)
    view = GraphQLView(schema, context_of=lambda _: None, cache_control=lambda _: None)
    app = Starlette(routes=[Route("/graphql", view, methods=["GET", "POST"])])
    with serving(app, lifespan="off") as url:
        done = run_node("audit.mjs", f"{url}/graphql", folder=clients, seconds=60)
    summary = json.loads(done.stdout or "{}")
    assert summary.get("failed") == [], done.stderr
    assert (summary["ok"], summary["total"]) == (61, 61)
    assert done.returncode == 0


def test_the_lock_file_names_no_download_address() -> None:
    assert "resolved" not in (CLIENTS / "package-lock.json").read_text()
