"""A whole server, asked over HTTP only: `server.tell("fileReport", …)`, `server.ask("…")`."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from api.http.app import create_app
from api.schema.contract import schema
from infra.settings import Settings

CONTROL = """
query ($location: ID!, $at: Moment!, $knownAt: Moment, $position: Int,
       $perspective: PerspectiveInput, $inherit: Boolean = false) {
  control(location: $location, at: $at, knownAt: $knownAt, position: $position,
          perspective: $perspective, inherit: $inherit) {
    at status certain disputed corroboration explanation
    location { slug } holders { slug } contenders { slug } inheritedFrom { slug }
    since { earliest latest precision day } until { earliest latest precision day }
    possible { status holders { slug } corroboration evidence { position } lineage { position } }
    evidence { __typename position retracted report { slug source { slug } } }
    rivals { status holders { slug } corroboration evidence { position } }
    outweighed { because event { position } by { position } }
    basis { position recordedAt at rule token }
  }
}
"""
RESULT = """{
  __typename
  ... on Recorded { position duplicate event { __typename id eventId position recordedAt
                                               recordedBy retracted } }
  ... on Refused { code message field }
}"""


class Server:
    """A client of the server, with short ways to tell and to ask."""

    def __init__(self, http: TestClient) -> None:
        self.http = http

    def post(self, query: str, **variables: Any) -> Response:
        """One request, with whatever it is answered."""
        return self.http.post("/graphql", json={"query": query, "variables": variables})

    def get(self, query: str, **headers: str) -> Response:
        return self.http.get("/graphql", params={"query": query}, headers=headers)

    def ask(self, query: str, **variables: Any) -> Any:
        """The data; in normal life there are no errors."""
        answer = self.post(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def error(self, query: str, **variables: Any) -> tuple[str, str]:
        """Code and message of the one error that a malformed question is answered with."""
        answer = self.post(query, **variables).json()
        assert len(answer["errors"]) == 1, answer
        return answer["errors"][0]["extensions"]["code"], answer["errors"][0]["message"]

    def send(self, command: str, /, **given: Any) -> Any:
        """What a command is answered: Recorded or Refused."""
        query = f"mutation ($input: {input_of(command)}!) {{ {command}(input: $input) {RESULT} }}"
        return self.ask(query, input=given)[command]

    def tell(self, command: str, /, **given: Any) -> Any:
        """The event that is now recorded."""
        answer = self.send(command, **given)
        assert answer["__typename"] == "Recorded", answer
        return answer["event"]

    def refused(self, command: str, /, **given: Any) -> tuple[str, str | None, str]:
        """Code, field and message of the refusal; nothing was recorded."""
        before = self.head
        answer = self.send(command, **given)
        assert answer["__typename"] == "Refused", answer
        assert self.head == before
        return answer["code"], answer["field"], answer["message"]

    def later_report(self, on: str) -> str:
        """A report of that day by the source of rfi-1, filed where it is not yet."""
        filed = {"report": f"rfi-{on}", "source": "rfi", "published": on, "title": "Later"}
        self.tell("fileReport", **filed)
        return filed["report"]

    def control(self, location: str, at: str, **more: Any) -> Any:
        return self.ask(CONTROL, location=location, at=at, **more)["control"]

    def holders(self, location: str, at: str, **more: Any) -> list[str]:
        return slugs(self.control(location, at, **more)["holders"])

    @property
    def head(self) -> int:
        position: int = self.ask("{ ledger { position } }")["ledger"]["position"]
        return position

    def seized(self, *by: str, on: str, report: str = "rfi-1", **more: Any) -> Any:
        """Recorded that they took a town, Kidal if no other is named."""
        common = {"location": "kidal", "credibility": 2}
        return self.tell("recordTownSeized", **(common | more), by=by, occurred=on, report=report)

    def seen(self, *holders: str, on: str, report: str = "rfi-1", **more: Any) -> Any:
        """Recorded that they were seen to hold a place, or nobody was."""
        common = {"location": "kidal", "credibility": 2}
        given = common | more
        return self.tell(
            "recordControlReported", **given, holders=holders, occurred=on, report=report
        )


@contextmanager
def server_at(directory: Path, *, ledger: str = "", **settings: Any) -> Iterator[Server]:
    """An empty server with its files in that directory."""
    url = ledger or f"sqlite:///{directory / 'ledger.db'}"
    app = create_app(Settings(ledger=url, views=directory / "views.db", **settings))
    with TestClient(app, base_url="http://127.0.0.1") as http:
        yield Server(http)


def describe_the_world(server: Server) -> None:
    """Whom and what the tests speak of: sixteen registrations, in one request."""
    asked = [(f"_{number}", *each) for number, each in enumerate(WORLD)]
    given = ", ".join(f"${name}: {input_of(command)}!" for name, command, _ in asked)
    told = " ".join(f"{name}: {command}(input: ${name}) {RESULT}" for name, command, _ in asked)
    answers = server.ask(f"mutation ({given}) {{ {told} }}", **{name: it for name, _, it in asked})
    assert [each["position"] for each in answers.values()] == list(range(1, len(WORLD) + 1))


def _source(source: str, name: str, reliability: str) -> list[tuple[str, dict[str, Any]]]:
    report = {"report": f"{source}-1", "source": source, "title": f"{name} says"}
    return [
        ("registerSource", {"source": source, "name": name, "reliability": reliability}),
        ("fileReport", {**report, "published": "2023-11-15"}),
    ]


def _place(
    location: str, name: str, kind: str, within: str | None, *point: float
) -> tuple[str, dict[str, Any]]:
    where = {"latitude": point[0], "longitude": point[1]} if point else None
    place = {"location": location, "name": name, "kind": kind}
    return "registerLocation", {**place, "within": within, "coordinates": where}


def _actor(actor: str, name: str, kind: str) -> tuple[str, dict[str, Any]]:
    return "registerActor", {"actor": actor, "name": name, "kind": kind}


WORLD = [
    *_source("un", "United Nations", "A"),
    *_source("rfi", "Radio France", "B"),
    *_source("csp-comms", "CSP", "D"),
    *_source("rumour", "Somebody", "F"),
    _place("mali", "Mali", "REGION", None),
    _place("kidal", "Kidal", "TOWN", "mali", 18.44, 1.41),
    _place("kidal-camp", "Camp Kidal", "BASE", "kidal", 18.45, 1.42),
    _place("gao", "Gao", "TOWN", "mali", 16.27, -0.04),
    _actor("csp", "CSP", "COALITION"),
    _actor("fama", "FAMa", "STATE_FORCE"),
    _actor("wagner", "Wagner", "PRIVATE_FORCE"),
    _actor("minusma", "MINUSMA", "MISSION"),
]


def slugs(things: list[dict[str, Any]]) -> list[str]:
    return [thing["slug"] for thing in things]


@cache
def input_of(command: str) -> str:
    """The name of the input type of that mutation."""
    mutation = schema()._schema.mutation_type
    assert mutation is not None
    return str(mutation.fields[command].args["input"].type).rstrip("!")
