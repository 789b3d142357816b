"""A small schema behind our HTTP view, and short ways to ask it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from httpx2 import Response
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient
from strawberry.schema.config import StrawberryConfig

from api.graphql.view import GraphQLView, Sharing
from domain.refusals import NotUnderstood, Refusal

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
FOR_EVER = "public, immutable, max-age=31536000"


class NoSuchDay(NotUnderstood):
    """A refusal whose words are meant for the client."""


class FileLost(Refusal):
    """A refusal whose words are meant for the operator."""


def day(text: str) -> str:
    if text == "2023-02-30":
        raise NoSuchDay("there is no 30 February")
    if text == "bug":
        raise RuntimeError("the password is swordfish")
    return text


Day = NewType("Day", str)


@dataclass
class Asking:
    who: str
    closed: bool = False


Info = strawberry.Info[Asking, None]


@strawberry.type
class Place:
    name: str


@strawberry.type
class Query:
    calls = 0

    @strawberry.field
    def hello(self, info: Info) -> str:
        return f"Hello {info.context.who}"

    @strawberry.field
    async def later(self) -> str:
        await asyncio.sleep(0)
        return "later"

    @strawberry.field
    def holder(self, info: Info, at: Day) -> str:
        Query.calls += 1
        info.context.closed = True
        return f"fama on {at}"

    @strawberry.field
    def place(self) -> Place:
        return Place(name="Kidal")

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("the password is swordfish")

    @strawberry.field
    def unplugged(self) -> str | None:
        raise FileLost("the file /home/swordfish is gone")

    @strawberry.field
    def broken_and_needed(self) -> str:
        raise RuntimeError("the password is swordfish")

    @strawberry.field
    def refused(self) -> str | None:
        raise GraphQLError("Not today.", extensions={"code": "CLOSED"})

    @strawberry.field
    def no_such_day(self) -> str | None:
        raise NoSuchDay("there is no 31 June")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def greet(self, name: str) -> str:
        return f"Hello {name}"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncGenerator[int, None]:
        yield 1


def who_asks(request: Request) -> Asking:
    if request.headers.get("authorization") == "Bearer wrong":
        raise HTTPException(401, "this token is not ours")
    return Asking(who="you")


def schema(**options: Any) -> strawberry.Schema:
    scalar = strawberry.scalar(name="Day", serialize=str, parse_value=day)
    config = StrawberryConfig(scalar_map={Day: scalar})
    return strawberry.Schema(Query, Mutation, Subscription, config=config, **options)


def view(**options: Any) -> GraphQLView[Asking]:
    return GraphQLView(
        schema(),
        context_of=who_asks,
        cache_control=lambda asking: FOR_EVER if asking.closed else None,
        sharing=Sharing(is_shared=lambda asking: asking.closed),
        documents={"hello": "{ hello }", "sha256:ab": 'mutation { greet(name: "x") }'},
        **options,
    )


def client(**options: Any) -> TestClient:
    app = Starlette(routes=[Route("/graphql", view(**options), methods=["GET", "POST"])])
    return TestClient(app, headers={"accept": GRAPHQL})


def post(query: str, *, accept: str = GRAPHQL, **more: Any) -> Response:
    return client().post("/graphql", json={"query": query, **more}, headers={"accept": accept})


def get(**parameters: str) -> Response:
    return client().get("/graphql", params=parameters)


def body(content: str | bytes, content_type: str = JSON) -> Response:
    return client().post("/graphql", content=content, headers={"content-type": content_type})
