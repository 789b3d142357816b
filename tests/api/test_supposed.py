"""Answers: what would the answer be if a statement were recorded, and does that record nothing?"""

from typing import Any

import pytest

from tests.api.server import RESULT, Server, server_at, slugs
from tests.api.test_mutations import COMMANDS
from tests.keys import token_of, write_keys

SUPPOSED = """
query ($input: StatementInput!, $at: Moment) {
  supposed(input: $input, at: $at) {
    __typename
    ... on Refused { code message field }
    ... on Supposition {
      at duplicate statement
      changes {
        differs location { slug }
        before { status holders { slug } explanation }
        after { status certain disputed corroboration holders { slug } contenders { slug }
                since { earliest latest } sinceIs explanation }
      }
    }
  }
}
"""
ALIKE = """
query ($location: ID!, $at: Moment!) {
  control(location: $location, at: $at) {
    status certain disputed corroboration holders { slug } contenders { slug }
    since { earliest latest } sinceIs explanation
  }
}
"""
RECORD = f"mutation ($input: StatementInput!) {{ recordStatement(input: $input) {RESULT} }}"
SAID = {"location": "kidal", "occurred": "2023-11-14", "report": "rfi-1", "credibility": 2}
NEW_REPORT: dict[str, Any] = {
    "source": {"source": "radio", "name": "A radio", "reliability": "B"},
    "report": {"report": "radio-1", "source": "radio", "published": "2023-11-16", "title": "News"},
}


def supposed(server: Server, statement: Any, *, at: str | None = None, **along: Any) -> Any:
    given = {"statement": statement, **along}
    return server.ask(SUPPOSED, input=given, at=at)["supposed"]


def record(server: Server, statement: Any, **along: Any) -> Any:
    return server.ask(RECORD, input={"statement": statement, **along})["recordStatement"]


def a_history(server: Server) -> str:
    """Kidal was the CSP's, the army took it; answers the id of the second event."""
    server.seen("csp", on="2023-10-31")
    event: str = server.seized("fama", on="2023-11-14")["eventId"]
    return event


STATEMENTS = [
    {"event": {"townSeized": {**SAID, "by": ["fama"]}}},
    {"event": {"controlReported": {**SAID, "holders": ["csp"], "occurred": "2023-11-15"}}},
    {"event": {"locationContested": {**SAID, "between": ["csp", "fama"]}}},
    {"event": {"positionAbandoned": {**SAID, "by": ["csp"], "occurred": "2023-11-01"}}},
    {"event": {"controlHandedOver": {**SAID, "handedFrom": ["csp"], "handedTo": ["fama"]}}},
    {"event": {"siegeLaid": {**SAID, "by": ["fama"]}}},
    {"retraction": {"event": "the event", "reason": "It was not so.", "report": "un-1"}},
    {
        "correction": {
            "event": "the event",
            "reason": "It was another day.",
            "report": "un-1",
            "corrected": {"townSeized": {**SAID, "by": ["fama"], "occurred": "2023-11-13"}},
        }
    },
]


@pytest.mark.parametrize(
    "statement", STATEMENTS, ids=lambda it: next(iter(next(iter(it.values()))))
)
@pytest.mark.parametrize("is_new", [False, True], ids=["a filed report", "a new report"])
def test_what_is_supposed_is_what_recording_it_brings(
    server: Server, statement: dict[str, Any], is_new: bool
) -> None:
    event = a_history(server)
    told = _filled(statement, event, "radio-1" if is_new else None)
    along = NEW_REPORT if is_new else {}
    before = server.head

    found = supposed(server, told, **along)
    assert server.head == before
    (change,) = found["changes"]
    assert change["before"]["explanation"] == server.control("kidal", found["at"])["explanation"]
    again = supposed(server, told, **along)
    assert again == found

    assert record(server, told, **along)["__typename"] == "Recorded"
    assert change["after"] == server.ask(ALIKE, location="kidal", at=found["at"])["control"]
    assert supposed(server, told, **along)["duplicate"] is True


def _filled(given: Any, event: str, report: str | None) -> Any:
    if not isinstance(given, dict):
        return event if given == "the event" else given
    told = {name: _filled(each, event, report) for name, each in given.items()}
    return told | {"report": report} if report and "report" in told else told


@pytest.mark.parametrize(
    "name", [name for name, (command, _) in COMMANDS.items() if command == f"record{name}"]
)
def test_every_event_can_be_supposed_and_recorded_by_the_same_input(
    server: Server, name: str
) -> None:
    told = {"event": {f"{name[0].lower()}{name[1:]}": COMMANDS[name][1]}}
    before = server.head
    assert supposed(server, told)["__typename"] == "Supposition"
    assert server.head == before
    recorded = record(server, told)
    assert (recorded["event"]["__typename"], recorded["position"]) == (name, before + 1)


@pytest.mark.parametrize(
    ("statement", "along", "refused"),
    [
        (
            {"event": {"townSeized": {**SAID, "by": ["fama"], "credibility": 7}}},
            {},
            ("InvalidValue", "statement.event.townSeized.credibility"),
        ),
        (
            {"event": {"townSeized": {**SAID, "by": ["fama"], "location": "kidall"}}},
            {},
            ("UnknownReference", "statement.event.townSeized.location"),
        ),
        (
            {"event": {"townSeized": {**SAID, "by": ["fama"], "report": "radio-1"}}},
            {"report": NEW_REPORT["report"]},
            ("UnknownReference", "report.source"),
        ),
        (
            {"event": {"townSeized": {**SAID, "by": ["fama"], "occurred": "2123"}}},
            {},
            ("InTheFuture", "statement.event.townSeized.occurred"),
        ),
        (
            {"event": {"townSeized": {**SAID, "by": ["fama"], "report": "radio-1"}}},
            {**NEW_REPORT, "source": {**NEW_REPORT["source"], "name": ""}},
            ("InvalidValue", "source.name"),
        ),
        (
            {
                "correction": {
                    "event": "00000000-0000-5000-8000-000000000000",
                    "reason": "A slip.",
                    "report": "un-1",
                    "corrected": {"townSeized": {**SAID, "by": ["nobody-known"]}},
                }
            },
            {},
            ("UnknownReference", "statement.correction.corrected.townSeized.by"),
        ),
        (
            {"retraction": {"event": "no-event", "reason": "A slip.", "report": "un-1"}},
            {},
            ("InvalidValue", "statement.retraction.event"),
        ),
    ],
)
def test_a_refusal_is_told_before_and_after_alike_with_its_field(
    server: Server, statement: Any, along: Any, refused: tuple[str, str]
) -> None:
    before = server.head
    told = supposed(server, statement, **along)
    assert (told["code"], told["field"]) == refused, told["message"]
    again = record(server, statement, **along)
    assert (again["code"], again["field"]) == refused
    assert server.head == before


def test_a_report_filed_along_is_filed_only_with_its_statement(server: Server) -> None:
    wrong = {"event": {"townSeized": {**SAID, "by": ["nobody-known"], "report": "radio-1"}}}
    assert record(server, wrong, **NEW_REPORT)["__typename"] == "Refused"
    assert server.ask('{ report(id: "radio-1") { slug } }')["report"] is None
    right = {"event": {"townSeized": {**SAID, "by": ["fama"], "report": "radio-1"}}}
    first, second = (record(server, right, **NEW_REPORT) for _ in range(2))
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert first["event"]["eventId"] == second["event"]["eventId"]


def test_the_days_of_a_new_report_are_told_in_its_own_zone(server: Server) -> None:
    report = {**NEW_REPORT["report"], "zone": "Asia/Kabul"}
    told = {"event": {"townSeized": {**SAID, "by": ["fama"], "report": "radio-1"}}}
    found = supposed(server, told, **{**NEW_REPORT, "report": report})
    assert found["at"] == "2023-11-14T19:29:59.999999Z"


def test_an_answer_can_be_supposed_for_another_moment(server: Server) -> None:
    told = {"event": {"townSeized": {**SAID, "by": ["fama"]}}}
    (change,) = supposed(server, told, at="2023-11-13")["changes"]
    assert (change["differs"], change["after"]["status"]) == (False, "UNKNOWN")
    (change,) = supposed(server, told, at="2023-11-20")["changes"]
    assert (change["differs"], slugs(change["after"]["holders"])) == (True, ["fama"])


def test_only_who_may_record_may_suppose(tmp_path: Any) -> None:
    keys = write_keys(tmp_path / "keys", {"reader": ["read"], "desk": ["read", "record"]})
    with server_at(tmp_path, ledger="memory:", keys=keys) as server:
        server.http.headers["Authorization"] = f"Bearer {token_of('reader')}"
        told = supposed(server, {"event": {"townSeized": {**SAID, "by": ["fama"]}}})
        assert told["code"] == "NotPermitted"
        assert server.ask("{ scopes }")["scopes"] == ["read"]
        server.http.headers["Authorization"] = f"Bearer {token_of('desk')}"
        assert server.ask("{ scopes }")["scopes"] == ["read", "record"]
