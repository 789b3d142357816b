"""Answers: is everything recorded that should be, and is every refusal an answer?"""

import json
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from api.http.auth.keys_file import BadKeys
from api.schema.events import event_objects
from domain.events import EVENT_TYPES
from tests.api.server import RESULT, Server, describe_the_world, input_of, server_at
from tests.keys import write_keys, write_private

TOLD = {"occurred": "2023-11-14", "report": "rfi-1", "credibility": 2, "location": "kidal"}
SAID = {"occurred": "2023-11-14", "report": "rfi-1", "credibility": 2}
CONCERNING = {**SAID, "locations": ["mali", "kidal"]}
PEOPLE = {"low": 1500, "best": 2000, "high": 12_000}
CONVOY = {**TOLD, "convoy": "convoy-1", "owners": ["minusma"]}
NOBODY = "00000000-0000-5000-8000-000000000000"

COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "SourceRegistered": (
        "registerSource",
        {
            "source": "acled",
            "name": "ACLED",
            "reliability": "B",
            "continuous": True,
            "url": "https://acleddata.com",
        },
    ),
    "SourceRegraded": (
        "regradeSource",
        {"source": "rumour", "reliability": "E", "reason": "Often wrong."},
    ),
    "SourceEnded": (
        "endSource",
        {"source": "deepstate", "ended": "2023-11-14", "reason": "It is kept no longer."},
    ),
    "ReportFiled": (
        "fileReport",
        {
            "report": "un-2",
            "source": "un",
            "published": "2023-11",
            "title": "A report",
            "url": "https://un.org/x",
            "contentHash": f"sha256:{'0' * 64}",
            "syndicatedFrom": "rfi-1",
        },
    ),
    "LocationRegistered": (
        "registerLocation",
        {
            "location": "tessalit",
            "name": "Tessalit",
            "kind": "BASE",
            "within": "mali",
            "coordinates": {
                "latitude": 20.2,
                "longitude": 1.01,
                "precision": {"scale": "acled", "code": 1},
            },
            "aliases": [{"text": "تساليت", "language": "ar", "script": "Arab"}],
            "codes": [{"scheme": "geonames", "code": "2449893"}],
        },
    ),
    "ActorRegistered": (
        "registerActor",
        {
            "actor": "jnim",
            "name": "JNIM",
            "kind": "ARMED_GROUP",
            "aliases": [{"text": "Support Group for Islam and Muslims"}],
            "codes": [{"scheme": "ucdp", "code": "6982"}],
        },
    ),
    "LocationAmended": (
        "amendLocation",
        {
            "location": "kidal-camp",
            "reason": "The gazetteer says so.",
            "name": "The camp",
            "kind": "SITE",
            "within": "gao",
            "aliases": [{"text": "تساليت", "language": "ar", "script": "Arab"}],
            "codes": [],
            "cleared": ["COORDINATES"],
        },
    ),
    "ActorAmended": (
        "amendActor",
        {
            "actor": "csp",
            "reason": "A slip.",
            "name": "CSP-PSD",
            "kind": "ARMED_GROUP",
            "aliases": [],
            "codes": [{"scheme": "ucdp", "code": "6982"}],
        },
    ),
    "SourceAmended": (
        "amendSource",
        {"source": "rumour", "reason": "A slip.", "name": "A neighbour", "continuous": False},
    ),
    "ReportAmended": (
        "amendReport",
        {"report": "un-1", "reason": "A slip.", "title": "A report", "cleared": ["URL"]},
    ),
    "BaseCaptured": ("recordBaseCaptured", {**TOLD, "by": ["fama"], "takenFrom": ["csp"]}),
    "TownSeized": (
        "recordTownSeized",
        {**TOLD, "by": ["fama"], "summary": "They did.", "passage": "line 1"},
    ),
    "ControlHandedOver": (
        "recordControlHandedOver",
        {**TOLD, "handedFrom": ["minusma"], "handedTo": ["fama"]},
    ),
    "PositionAbandoned": ("recordPositionAbandoned", {**TOLD, "by": ["csp"]}),
    "ControlReported": ("recordControlReported", {**TOLD, "holders": []}),
    "ControlReportedUnknown": ("recordControlReportedUnknown", TOLD),
    "LocationContested": ("recordLocationContested", {**TOLD, "between": ["csp", "fama"]}),
    "MissionDeployed": ("recordMissionDeployed", {**TOLD, "mission": "minusma"}),
    "MissionWithdrawn": (
        "recordMissionWithdrawn",
        {**TOLD, "mission": "minusma", "handedTo": ["fama"]},
    ),
    "ConvoyDeparted": ("recordConvoyDeparted", {**CONVOY, "boundFor": "gao"}),
    "ConvoyStalled": ("recordConvoyStalled", {**CONVOY, "haltedBy": ["csp"]}),
    "ConvoyResumed": ("recordConvoyResumed", CONVOY),
    "ConvoyArrived": ("recordConvoyArrived", {**CONVOY, "location": "gao"}),
    "SiegeLaid": ("recordSiegeLaid", {**TOLD, "by": ["csp", "wagner"]}),
    "SiegeLifted": ("recordSiegeLifted", {**TOLD, "by": ["csp"]}),
    "ClashReported": (
        "recordClashReported",
        {
            **TOLD,
            "sides": [["fama", "wagner"], ["csp"]],
            "tactic": "HIT_AND_RUN",
            "deaths": {"low": 0, "best": 12, "high": 40},
            "deathsBySide": {"sides": [7, None], "civilians": 3, "unknown": 2},
            "placePrecision": {"scale": "ucdp", "code": 2},
        },
    ),
    "PopulationDisplaced": (
        "recordPopulationDisplaced",
        {**TOLD, "people": PEOPLE, "displacedTo": "gao"},
    ),
    "NeedReported": (
        "recordNeedReported",
        {**TOLD, "sector": "WATER_SANITATION_HYGIENE", "people": PEOPLE},
    ),
    "LocationRenamed": ("recordLocationRenamed", {**TOLD, "name": "Kidal city"}),
    "MandateEnded": ("recordMandateEnded", {**CONCERNING, "mission": "minusma"}),
    "AllianceFormed": ("recordAllianceFormed", {**CONCERNING, "parties": ["fama", "wagner"]}),
    "AllianceEnded": ("recordAllianceEnded", {**CONCERNING, "parties": ["fama", "wagner"]}),
    "AlignmentShifted": (
        "recordAlignmentShifted",
        {**CONCERNING, "actor": "fama", "fromPatron": "minusma", "toPatron": "wagner"},
    ),
    "StatementIssued": (
        "recordStatementIssued",
        {**CONCERNING, "by": ["csp"], "stance": "REJECTION", "about": ["fama", "wagner"]},
    ),
    "ActorRenamed": ("recordActorRenamed", {**SAID, "actor": "csp", "name": "CSP-DPA"}),
    "ActorMerged": ("recordActorMerged", {**SAID, "merged": ["csp", "wagner"], "into": "fama"}),
    "ActorSplit": (
        "recordActorSplit",
        {**SAID, "actor": "csp", "into": ["wagner", "fama"]},
    ),
    "ActorDissolved": (
        "recordActorDissolved",
        {**SAID, "actor": "wagner", "succeededBy": ["fama"]},
    ),
    "CoalitionJoined": (
        "recordCoalitionJoined",
        {**SAID, "members": ["fama", "wagner"], "coalition": "csp"},
    ),
    "CoalitionLeft": ("recordCoalitionLeft", {**SAID, "members": ["fama"], "coalition": "csp"}),
    "AffiliationDeclared": (
        "recordAffiliationDeclared",
        {**SAID, "actor": "wagner", "parent": "fama"},
    ),
    "AffiliationEnded": ("recordAffiliationEnded", {**SAID, "actor": "wagner", "parent": "fama"}),
}
"""One command for each event but the record keeping, with every field that it has."""

KEEPING = {"EventRetracted", "EventReinstated"}
BECAUSE = {"report": "un-1", "reason": "It was another town."}


def prepare(server: Server, name: str) -> None:
    """Registers what the example of that event needs beyond the world."""
    if name == "SourceEnded":
        dataset = {"source": "deepstate", "name": "DeepState", "reliability": "C"}
        server.tell("registerSource", **dataset, continuous=True)


# ---- What is recorded ------------------------------------------------------------------------


def test_there_is_an_example_of_every_event() -> None:
    assert set(COMMANDS) == EVENT_TYPES.keys() - KEEPING


@pytest.mark.parametrize("name", COMMANDS)
def test_every_event_is_recorded_once_and_then_answered_as_a_duplicate(
    server: Server, name: str
) -> None:
    command, given = COMMANDS[name]
    prepare(server, name)
    head = server.head
    first = server.send(command, **given)
    assert (first["__typename"], first["position"], first["duplicate"]) == (
        "Recorded",
        head + 1,
        False,
    )
    assert (first["event"]["__typename"], first["event"]["recordedBy"]) == (name, "local")
    assert server.send(command, **given) == {**first, "duplicate": True}
    assert server.head == head + 1


@pytest.mark.parametrize("name", COMMANDS)
def test_what_was_given_is_shown(server: Server, name: str) -> None:
    command, given = COMMANDS[name]
    prepare(server, name)
    event = server.tell(command, **given)
    fields = " ".join(_selection(field, value) for field, value in given.items())
    query = f"query ($id: ID!) {{ event(id: $id) {{ ... on {name} {{ {fields} }} }} }}"
    shown = server.ask(query, id=event["id"])["event"]
    assert {field: _plain(field, value) for field, value in shown.items()} == given


def test_ids_may_be_global_ids_and_make_the_same_event(server: Server) -> None:
    ids = server.ask(
        """{ location(id: "kidal") { id } report(id: "rfi-1") { id } actor(id: "fama") { id } }"""
    )
    by_slug = server.seized("fama", on="2023-11-14")
    by_id = server.send(
        "recordTownSeized",
        occurred="2023-11-14",
        credibility=2,
        location=ids["location"]["id"],
        report=ids["report"]["id"],
        by=[ids["actor"]["id"]],
        takenFrom=None,
    )
    assert (by_id["duplicate"], by_id["event"]) == (True, by_slug)


def test_a_command_that_is_not_answered_leaves_the_others_their_answers(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(context: Any, events: Any, basis: Any) -> Any:
        found = event_objects(context, events, basis)
        registered: Any = found[0].entry.event
        if registered.actor == "actor-b":
            raise OSError("the views are on a disk that is full")
        return found

    monkeypatch.setattr("api.schema.mutations.event_objects", failing)
    actors = {
        alias: {"actor": f"actor-{alias}", "name": f"Actor {alias}", "kind": "ARMED_GROUP"}
        for alias in "abc"
    }
    given = ", ".join(f"${alias}: ActorRegisteredInput!" for alias in actors)
    fields = " ".join(f"{alias}: registerActor(input: ${alias}) {RESULT}" for alias in actors)
    answer = server.post(f"mutation ({given}) {{ {fields} }}", **actors).json()
    told = {alias: each and each["__typename"] for alias, each in answer["data"].items()}
    assert told == {"a": "Recorded", "b": None, "c": "Recorded"}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["b"], "RecordedAhead")


def test_several_commands_in_one_request_see_each_other(server: Server) -> None:
    query = f"""mutation ($actor: ActorRegisteredInput!, $town: TownSeizedInput!) {{
      a: registerActor(input: $actor) {RESULT}
      b: recordTownSeized(input: $town) {RESULT}
      c: recordTownSeized(input: $town) {{
        ... on Recorded {{ duplicate event {{ location {{
          controlledBy(at: "2023-11-14") {{ holders {{ slug }} }} }} }} }} }} }}"""
    actor = {"actor": "jnim", "name": "JNIM", "kind": "ARMED_GROUP"}
    told = server.ask(query, actor=actor, town={**TOLD, "by": ["jnim"]})
    assert told["b"]["position"] == told["a"]["position"] + 1
    place = told["c"]["event"]["location"]
    assert told["c"]["duplicate"] is True
    assert place["controlledBy"]["holders"] == [{"slug": "jnim"}]


def test_a_retraction_is_undone_by_a_reinstatement(server: Server) -> None:
    event = server.seized("fama", on="2023-11-14")
    shown = "query ($id: ID!) { event(id: $id) { retracted } }"
    retracted = server.tell("retractEvent", event=event["id"], **BECAUSE)
    assert retracted["__typename"] == "EventRetracted"
    assert server.ask(shown, id=event["id"])["event"]["retracted"] is True
    assert server.tell("reinstateEvent", event=event["id"], **BECAUSE)
    assert server.ask(shown, id=event["id"])["event"]["retracted"] is False
    story = """query ($id: ID!) { event(id: $id) { ... on EventRetracted {
      event { eventId } reason report { slug } replacedBy { id } } } }"""
    assert server.ask(story, id=retracted["id"])["event"] == {
        "event": {"eventId": event["eventId"]},
        "reason": BECAUSE["reason"],
        "report": {"slug": "un-1"},
        "replacedBy": None,
    }


def test_a_correction_puts_the_right_event_in_place_of_the_wrong_one(server: Server) -> None:
    wrong = server.seized("fama", on="2023-11-14")
    corrected = {"townSeized": {**TOLD, "report": "un-1", "by": ["csp"]}}
    given = {"event": wrong["id"], "corrected": corrected, **BECAUSE}
    right = server.send("correctEvent", **given)
    assert (right["event"]["__typename"], right["duplicate"]) == ("TownSeized", False)
    assert server.holders("kidal", "2023-11-14") == ["csp"]
    assert server.head == right["position"] + 1
    assert server.send("correctEvent", **given) == {**right, "duplicate": True}
    query = """query ($filter: EventFilter) { events(filter: $filter) { nodes {
      ... on EventRetracted { replacedBy { eventId } } } } }"""
    kept = server.ask(query, filter={"types": ["EventRetracted"]})["events"]["nodes"]
    assert kept == [{"replacedBy": {"eventId": right["event"]["eventId"]}}]


# ---- What is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"location": "kidall"}, "location", "'kidall'; did you mean kidal"),
        ({"by": ["fama", "csq"]}, "by", "no actor is registered as 'csq'; did you mean csp"),
        ({"takenFrom": ["wagnr"]}, "takenFrom", "did you mean wagner"),
        ({"report": "rfi-2"}, "report", "no report is registered as 'rfi-2'; did you mean rfi-1"),
    ],
)
def test_an_unknown_reference_names_its_field_and_the_nearest(
    server: Server, changed: dict[str, Any], field: str, says: str
) -> None:
    code, where, message = server.refused("recordTownSeized", **{**TOLD, "by": ["fama"], **changed})
    assert (code, where) == ("UnknownReference", field)
    assert says in message


@pytest.mark.parametrize(
    ("name", "changed", "field", "says"),
    [
        ("ClashReported", {"sides": [["fama"], ["csq", "csp"]]}, "sides", "did you mean csp"),
        ("PopulationDisplaced", {"displacedTo": "gap"}, "displacedTo", "did you mean gao"),
        ("StatementIssued", {"about": ["wagnr"]}, "about", "did you mean wagner"),
        ("MandateEnded", {"locations": ["kidal", "mail"]}, "locations", "did you mean mali"),
        ("AlignmentShifted", {"toPatron": "wagnr"}, "toPatron", "did you mean wagner"),
        ("ActorMerged", {"into": "fma"}, "into", "did you mean fama"),
        ("ActorDissolved", {"succeededBy": ["fma"]}, "succeededBy", "did you mean fama"),
        ("CoalitionJoined", {"coalition": "csq"}, "coalition", "did you mean csp"),
        ("AffiliationEnded", {"parent": "fma"}, "parent", "did you mean fama"),
    ],
)
def test_an_unknown_reference_is_found_wherever_an_event_makes_one(
    server: Server, name: str, changed: dict[str, Any], field: str, says: str
) -> None:
    command, given = COMMANDS[name]
    code, where, message = server.refused(command, **{**given, **changed})
    assert (code, where) == ("UnknownReference", field)
    assert says in message


@pytest.mark.parametrize(
    ("name", "changed", "field", "says"),
    [
        ("SiegeLaid", {"by": []}, "by", "at least 1"),
        ("ClashReported", {"sides": []}, "sides", "at least 1"),
        ("ClashReported", {"sides": [["fama"], []]}, "sides.1", "at least 1"),
        ("ClashReported", {"sides": [["fama"], ["?"]]}, "sides.1.0", "match"),
        ("ClashReported", {"sides": [["fama"], ["fama"]]}, "sides", "stands on one side only"),
        ("ClashReported", {"sides": [["x" * 300]]}, "sides", "is not the id of an actor"),
        ("ClashReported", {"deaths": {}}, "deaths", "give low, best or high"),
        ("ClashReported", {"deaths": {"low": 3, "best": 2}}, "deaths", "must not decrease"),
        ("ClashReported", {"deaths": {"best": -1}}, "deaths.best", "greater than or equal to 0"),
        ("PopulationDisplaced", {"people": {"high": -1}}, "people.high", "equal to 0"),
        ("AllianceFormed", {"parties": ["fama"]}, "parties", "at least 2"),
        ("AllianceEnded", {"parties": ["fama", "fama"]}, "parties", "the same actor is named"),
        ("MandateEnded", {"locations": ["mali", "mali"]}, "locations", "the same place is named"),
        ("AlignmentShifted", {"fromPatron": "wagner"}, None, "name from_patron, to_patron, or"),
        ("AlignmentShifted", {"fromPatron": None, "toPatron": None}, None, "name from_patron"),
        ("AlignmentShifted", {"toPatron": "fama"}, None, "is not its own patron"),
        ("ActorRenamed", {"name": " "}, "name", "at least 1"),
        ("ActorMerged", {"into": "csp"}, None, "an actor can't merge into itself"),
        ("ActorMerged", {"merged": []}, "merged", "at least 1"),
        ("ActorSplit", {"into": ["csp"]}, None, "an actor is no splinter of itself"),
        ("ActorDissolved", {"succeededBy": ["wagner"]}, None, "an actor can't succeed itself"),
        ("CoalitionJoined", {"members": ["csp"]}, None, "a coalition is not its own member"),
        ("CoalitionLeft", {"members": ["csp"]}, None, "a coalition is not its own member"),
        ("AffiliationDeclared", {"parent": "wagner"}, None, "an actor is not its own parent"),
        ("AffiliationEnded", {"parent": "wagner"}, None, "an actor is not its own parent"),
    ],
)
def test_what_makes_no_sense_names_its_field_unless_it_is_about_several(
    server: Server, name: str, changed: dict[str, Any], field: str | None, says: str
) -> None:
    command, given = COMMANDS[name]
    code, where, message = server.refused(command, **{**given, **changed})
    assert (code, where) == ("InvalidValue", field)
    assert says in message
    assert not message.startswith("Value error")


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("ClashReported", {"tactic": "SIEGE"}),
        ("ClashReported", {"tactic": "hit-and-run"}),
        ("ClashReported", {"deaths": {"best": "twelve"}}),
        ("ClashReported", {"deaths": {"most": 12}}),
        ("ClashReported", {"sides": [[["fama"]]]}),
        ("NeedReported", {"sector": "FOOD"}),
        ("StatementIssued", {"stance": "ANGER"}),
    ],
)
def test_what_the_schema_does_not_know_is_a_malformed_request_that_names_its_field(
    server: Server, name: str, changed: dict[str, Any]
) -> None:
    command, given = COMMANDS[name]
    query = f"mutation ($it: {input_of(command)}!) {{ {command}(input: $it) {RESULT} }}"
    head, answer = server.head, server.post(query, it={**given, **changed})
    (error,) = answer.json()["errors"]
    assert f"at .{next(iter(changed))}" in error["message"]
    assert server.head == head


@pytest.mark.parametrize(
    ("command", "given", "field", "says"),
    [
        ("recordTownSeized", {**TOLD, "by": []}, "by", "at least 1"),
        ("recordTownSeized", {**TOLD, "by": ["fama", "fama"]}, "by", "the same actor is named"),
        ("recordTownSeized", {**TOLD, "by": ["fama"], "credibility": 7}, "credibility", "6"),
        ("recordTownSeized", {**TOLD, "by": ["fama"], "credibility": 0}, "credibility", "1"),
        ("recordTownSeized", {**TOLD, "by": ["fama"], "summary": " "}, "summary", "at least 1"),
        (
            "recordTownSeized",
            {**TOLD, "by": ["fama"], "summary": "x" * 10_001},
            "summary",
            "at most 10000 characters",
        ),
        ("recordTownSeized", {**TOLD, "by": ["fama"], "takenFrom": ["?"]}, "takenFrom.0", "match"),
        ("recordTownSeized", {**TOLD, "by": ["Fama!"]}, "by.0", "match"),
        ("recordTownSeized", {**TOLD, "by": ["x" * 300]}, "by", "is not the id of an actor"),
        ("recordConvoyStalled", {**CONVOY, "haltedBy": ["A", "b"]}, "haltedBy.0", "match"),
        ("recordConvoyStalled", {**CONVOY, "convoy": "Convoy 1"}, "convoy", "match"),
        ("fileReport", {"contentHash": "md5:0"}, "contentHash", "sha256"),
        ("fileReport", {"title": "x" * 501}, "title", "at most 500 characters"),
        ("fileReport", {"url": "javascript:alert(1)"}, "url", "match"),
        ("registerLocation", {"coordinates": {"latitude": 91, "longitude": 0}}, None, "90"),
        ("registerLocation", {"aliases": [{"text": ""}]}, "aliases.0.text", "at least 1"),
        (
            "registerLocation",
            {"aliases": [{"text": "x", "script": "arab"}]},
            "aliases.0.script",
            "match",
        ),
        ("registerLocation", {"codes": [{"scheme": "x", "code": "1"}]}, "codes.0.scheme", "wiki"),
    ],
)
def test_a_value_that_cannot_be_names_its_field_as_the_input_does(
    server: Server, command: str, given: dict[str, Any], field: str | None, says: str
) -> None:
    if command == "fileReport":
        given = {"report": "un-2", "source": "un", "published": "2023", "title": "x", **given}
    if command == "registerLocation":
        given = {"location": "ber", "name": "Ber", "kind": "TOWN", **given}
    code, where, message = server.refused(command, **given)
    assert (code, where) == ("InvalidValue", field or "coordinates.latitude")
    assert says in message
    assert not message.startswith("Value error")


def test_an_id_of_another_kind_is_an_invalid_value(server: Server) -> None:
    kidal = server.ask('{ location(id: "kidal") { id } }')["location"]["id"]
    code, field, message = server.refused(
        "recordTownSeized", **TOLD, by=["fama"], takenFrom=[kidal]
    )
    assert (code, field) == ("InvalidValue", "takenFrom")
    assert message.endswith("is not the id of an actor but of a location")


def test_what_is_yet_to_come_is_refused(server: Server) -> None:
    told = {**TOLD, "by": ["fama"], "occurred": "2999-01-01"}
    code, field, message = server.refused("recordTownSeized", **told)
    assert (code, field) == ("InTheFuture", "occurred")
    assert message.startswith("2999-01-01 lies in the future")
    report = {"report": "un-2", "source": "un", "published": "2999", "title": "x"}
    assert server.refused("fileReport", **report)[:2] == ("InTheFuture", "published")


def test_an_event_that_begins_after_its_report_is_refused(server: Server) -> None:
    given = {**TOLD, "by": ["fama"], "occurred": "2023-11-20"}
    code, field, message = server.refused("recordTownSeized", **given)
    assert (code, field) == ("AfterItsReport", "occurred")
    assert "record a StatementIssued with stance 'announcement'" in message


def test_a_correction_to_a_time_after_its_report_is_refused(server: Server) -> None:
    wrong = server.seized("fama", on="2023-11-14")
    right = {"townSeized": {**TOLD, "by": ["fama"], "occurred": "2023-11-20"}}
    given = {"event": wrong["id"], **BECAUSE, "corrected": right}
    assert server.refused("correctEvent", **given)[:2] == (
        "AfterItsReport",
        "corrected.townSeized.occurred",
    )


def test_ids_are_read_without_what_nobody_sees(server: Server) -> None:
    plain = server.seized("fama", on="2023-11-14")
    given = {**TOLD, "location": "kidal\u200b", "by": ["\u202afama\u202c"], "report": "rfi\u00ad-1"}
    again = server.send("recordTownSeized", **given)
    assert (again["duplicate"], again["event"]["id"]) == (True, plain["id"])
    assert server.holders("ki\u2060dal", "2023-11-20") == ["fama"]


def test_a_source_that_is_not_continuous_is_not_ended(server: Server) -> None:
    told = server.refused("endSource", source="un", ended="2023-11-14")
    assert told[:2] == ("NothingToEnd", "source")


def test_a_source_tells_when_it_ended_by_the_last_word_on_it(server: Server) -> None:
    prepare(server, "SourceEnded")
    asked = '{ source(id: "deepstate") { continuous ended { earliest latest } } }'
    assert server.ask(asked)["source"] == {"continuous": True, "ended": None}
    server.tell("endSource", source="deepstate", ended="2023-11-14")
    server.tell("endSource", source="deepstate", ended="2023-10")
    october = {"earliest": "2023-10-01T00:00:00Z", "latest": "2023-11-01T00:00:00Z"}
    assert server.ask(asked)["source"] == {"continuous": True, "ended": october}


@pytest.mark.parametrize("occurred", ["2023-02-30", "last week", "2023-11-14/2023-11-01", 2023])
def test_a_time_that_is_none_is_a_malformed_request_and_names_its_field(
    server: Server, occurred: Any
) -> None:
    query = f"mutation ($it: TownSeizedInput!) {{ recordTownSeized(input: $it) {RESULT} }}"
    given = {**TOLD, "by": ["fama"], "occurred": occurred}
    if occurred == 2023:  # a number is read as the text of it: that is a year
        assert server.ask(query, it=given)["recordTownSeized"]["__typename"] == "Recorded"
        return
    code, message = server.error(query, it=given)
    assert code == "NotATime"
    assert "at .occurred" in message


def test_an_id_that_is_taken_is_not_given_again(server: Server) -> None:
    place = {"location": "kidal", "name": "Another Kidal", "kind": "TOWN"}
    code, field, message = server.refused("registerLocation", **place)
    assert (code, field) == ("AlreadyRegistered", "location")
    assert "what is recorded is never edited" in message


def test_what_does_not_stand_cannot_be_retracted(server: Server) -> None:
    event = server.seized("fama", on="2023-11-14")
    registration = server.ask("{ events(first: 1) { nodes { id } } }")["events"]["nodes"][0]

    def refused(command: str, given: Any, **more: Any) -> tuple[str, str | None]:
        return server.refused(command, event=given, **{**BECAUSE, **more})[:2]

    nothing = ("NothingToRetract", "event")
    assert refused("retractEvent", NOBODY) == nothing
    assert refused("retractEvent", registration["id"]) == nothing
    assert refused("retractEvent", "kidal") == ("InvalidValue", "event")
    assert refused("retractEvent", event["id"], report="un-9") == ("UnknownReference", "report")
    assert refused("retractEvent", event["id"], reason="") == ("InvalidValue", "reason")
    assert refused("reinstateEvent", event["id"]) == ("NothingToReinstate", "event")
    server.tell("retractEvent", event=event["id"], **BECAUSE)
    assert refused("retractEvent", event["id"], reason="Once more.") == nothing
    server.tell("reinstateEvent", event=event["id"], **BECAUSE)
    assert refused("retractEvent", event["id"]) == ("AlreadySaid", "reason")


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"event": NOBODY}, "NothingToRetract", "event"),
        ({"event": "nonsense"}, "InvalidValue", "event"),
        ({"reason": " "}, "InvalidValue", "reason"),
        ({"report": "un-9"}, "UnknownReference", "report"),
        ({"report": "UN 9"}, "InvalidValue", "report"),
        ({"by": ["fma"]}, "UnknownReference", "corrected.townSeized.by"),
        ({"takenFrom": ["fma"]}, "UnknownReference", "corrected.townSeized.takenFrom"),
        ({"takenFrom": ["?"]}, "InvalidValue", "corrected.townSeized.takenFrom.0"),
        ({"location": "x" * 300}, "InvalidValue", "corrected.townSeized.location"),
        ({"occurred": "2999"}, "InTheFuture", "corrected.townSeized.occurred"),
        ({"by": ["fama"]}, "NothingToRetract", "event"),  # the same as before
    ],
)
def test_a_correction_is_refused_as_a_whole(
    server: Server, changed: dict[str, Any], code: str, field: str
) -> None:
    event = server.seized("fama", on="2023-11-14")
    keeping = {"event": event["id"], **BECAUSE}
    mine = {name: value for name, value in changed.items() if name in keeping}
    theirs = {name: value for name, value in changed.items() if name not in keeping}
    right = {**TOLD, "by": ["csp"], **theirs}
    answer = server.refused(
        "correctEvent", **{**keeping, **mine, "corrected": {"townSeized": right}}
    )
    assert answer[:2] == (code, field), answer
    assert server.holders("kidal", "2023-11-14") == ["fama"]


def test_a_correction_that_makes_no_sense_names_the_event_that_it_puts_in(server: Server) -> None:
    event = server.seized("fama", on="2023-11-14")
    wrong = {"actorMerged": {**SAID, "merged": ["csp"], "into": "csp"}}
    code, field, _ = server.refused("correctEvent", event=event["id"], corrected=wrong, **BECAUSE)
    assert (code, field) == ("InvalidValue", "corrected.actorMerged")


# ---- What is hostile -------------------------------------------------------------------------


HOSTILE: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        2**31,
        -(2**63),
        2**64,
        1.5,
        1e308,
        "",
        " ",
        "\0",
        "kidal\0",
        "x" * 40_000,
    ),
    *("🙂" * 3000, "\u202e\ufeff", "'; DROP TABLE entry; --", "%_*[a-z]", "../../etc/passwd"),
    *([], {}, [None], [[]], ["fama"] * 3_000, [["fama"]], {"text": "x"}, {"__typename": "Actor"}),
    *("9999-12-31", "0000-00-00", "2023-11-14/2023-11-13", "-2023", "２０２３", "1e3", "NaN"),
]


@pytest.mark.parametrize("name", [*COMMANDS, "EventRetracted", "CorrectEvent"])
def test_hostile_values_are_never_a_breakdown(server: Server, name: str) -> None:
    commands = COMMANDS | {
        "EventRetracted": ("retractEvent", {"event": NOBODY, **BECAUSE}),
        "CorrectEvent": (
            "correctEvent",
            {"event": NOBODY, **BECAUSE, "corrected": {"townSeized": {**TOLD, "by": ["fama"]}}},
        ),
    }
    command, given = commands[name]
    prepare(server, name)
    for field in given:
        for hostile in HOSTILE:
            query = f"mutation ($it: {input_of(command)}!) {{ {command}(input: $it) {RESULT} }}"
            _is_sound(server.post(query, it={**given, field: hostile}))
    _is_sound(server.get("{ ledger { position } }"))


@pytest.mark.parametrize(
    "query",
    [
        "query ($it: ID!) { location(id: $it) { id } actor(id: $it) { id } }",
        "query ($it: ID!) { source(id: $it) { id } report(id: $it) { id } event(id: $it) { id } }",
        "query ($it: ID!) { node(id: $it) { id } }",
        'query ($it: ID!) { control(location: $it, at: "2023-11-14") { status } }',
        'query ($it: Moment!) { control(location: "kidal", at: $it) { status explanation } }',
        """query ($it: Int) {
          control(location: "kidal", at: "2023-11-14", position: $it) { status } }""",
        """query ($it: PerspectiveInput) {
          control(location: "kidal", at: "2023-11-14", perspective: $it) { status } }""",
        """query ($it: [ID!]) {
          control(location: "kidal", at: "2023-11-14", perspective: {sources: $it}) { status } }""",
        'query ($it: [Float!]) { controlMap(at: "2023-11-14", bbox: $it) { status } }',
        "query ($it: String) { locations(search: $it) { position } }",
        "query ($it: String) { actors(search: $it) { position } }",
        "query ($it: String) { locations(after: $it) { position } }",
        "query ($it: String) { events(after: $it) { position } }",
        "query ($it: String) { events(before: $it) { position } }",
        "query ($it: Int) { events(first: $it) { position } }",
        "query ($it: EventFilter) { events(filter: $it) { position } }",
        "query ($it: ID) { events(filter: {location: $it, convoy: $it}) { position } }",
        "query ($it: ID) { events(filter: {convoy: $it}) { position } }",
        "query ($it: [String!]) { events(filter: {types: $it}) { position } }",
    ],
)
def test_hostile_questions_are_never_a_breakdown(server: Server, query: str) -> None:
    for hostile in HOSTILE:
        _is_sound(server.post(query, it=hostile))


@pytest.mark.parametrize(
    "text", [r"\ud800", r"\udfff", r"a\ud83d", r"\u0000", r"\u0000\u0001", "\\\\ud800"]
)
def test_broken_characters_are_never_a_breakdown(server: Server, text: str) -> None:
    for name in ("name", "actor"):
        given = {"actor": "x", "name": "x", "kind": "STATE", name: "HERE"}
        query = f"mutation ($it: ActorRegisteredInput!) {{ registerActor(input: $it) {RESULT} }}"
        body = json.dumps({"query": query, "variables": {"it": given}}).replace("HERE", text)
        answer = server.http.post(
            "/graphql", content=body, headers={"content-type": "application/json"}
        )
        _is_sound(answer)
    in_the_text = f'{{ location(id: "{text}") {{ id }} }}'
    _is_sound(server.post(in_the_text))


def test_a_body_that_is_too_long_is_refused_before_it_is_read(server: Server) -> None:
    given = {**TOLD, "by": ["fama"], "summary": "x" * 10_000_000}
    query = f"mutation ($it: TownSeizedInput!) {{ recordTownSeized(input: $it) {RESULT} }}"
    answer = server.post(query, it=given)
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"]["code"] == "TooMuch"


# ---- Who may record --------------------------------------------------------------------------


TOKENS = {"archive": ["read", "record"], "reader": ["read"]}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A file of keys, whose tokens are the names of their subjects backwards."""
    return write_keys(tmp_path / "keys.json", TOKENS)


def test_with_keys_a_token_says_who_records_and_everybody_may_read(
    tmp_path: Path, keys: Path
) -> None:
    actor = {"actor": "fama", "name": "FAMa", "kind": "STATE_FORCE"}
    with server_at(tmp_path, ledger="memory:", keys=keys) as server:
        code, field, message = server.refused("registerActor", **actor)
        assert (code, field) == ("NotPermitted", None)
        assert "scopes include 'record'" in message
        server.http.headers["authorization"] = "Bearer redaer"
        assert server.refused("registerActor", **actor)[0] == "NotPermitted"
        server.http.headers["authorization"] = "bearer evihcra"
        assert server.tell("registerActor", **actor)["recordedBy"] is None
        (row,) = server.http.app.state.node.ledger.read()  # type: ignore[attr-defined]
        assert row.recorded_by == "archive"
        assert server.head == 1


@pytest.mark.parametrize(
    "given", ["Bearer wrong", "Bearer", "", "Basic evihcra", "evihcra", "Bearer \xff"]
)
def test_a_token_that_is_not_known_is_turned_away(tmp_path: Path, keys: Path, given: str) -> None:
    with server_at(tmp_path, ledger="memory:", keys=keys) as server:
        headers = [(b"authorization", given.encode("latin-1"))]
        answer = server.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert server.http.get("/healthz", headers=headers).status_code == 200


def test_without_keys_the_author_of_the_settings_records(tmp_path: Path) -> None:
    with server_at(tmp_path, ledger="memory:", author="server officer") as server:
        actor = {"actor": "fama", "name": "FAMa", "kind": "STATE_FORCE"}
        assert server.tell("registerActor", **actor)["recordedBy"] == "server officer"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "No such file"),
        ("", "Invalid JSON"),
        ("[]", "can't be used: Input should be an object"),
        ('{"x": {"subject": "a", "scopes": ["everything"]}}', "key 1, scopes, 0"),
        ('{"x": {"subject": "", "scopes": []}}', "key 1, subject"),
    ],
)
def test_keys_that_cannot_be_used_stop_the_server(
    tmp_path: Path, text: str | None, says: str
) -> None:
    path = tmp_path / "keys.json"
    if text is not None:
        write_private(path, text.replace('"x"', f'"{"0" * 64}"'))
    with pytest.raises(BadKeys, match=says), server_at(tmp_path, keys=path):
        pass


# ---- The same on a ledger that lasts ---------------------------------------------------------


def test_what_was_recorded_is_there_after_a_restart(tmp_path: Path) -> None:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        event = server.seized("fama", on="2023-11-14")
        answer = server.control("kidal", "2023-11-14")
    (tmp_path / "views.db").unlink()
    with server_at(tmp_path) as server:
        again = server.send("recordTownSeized", **TOLD, by=["fama"])
        assert (again["duplicate"], again["event"]) == (True, event)
        assert server.control("kidal", "2023-11-14") == answer


def _is_sound(answer: Response) -> None:
    assert answer.status_code in (200, 400, 413), answer.text
    for error in answer.json().get("errors", ()):
        assert "Internal error" not in error["message"], (error, answer.request.content[:500])


_SELECTIONS = {
    "occurred": "{ day }",
    "published": "{ earliest precision }",
    "ended": "{ day }",
    "coordinates": "{ latitude longitude precision { scale code } }",
    "aliases": "{ text language script }",
    "codes": "{ scheme code }",
    "people": "{ low best high }",
    "deaths": "{ low best high }",
    "deathsBySide": "{ sides civilians unknown }",
    "placePrecision": "{ scale code }",
}
_REFERENCES = {
    *("location", "report", "source", "actor", "within", "syndicatedFrom", "boundFor", "mission"),
    *("by", "takenFrom", "handedFrom", "handedTo", "holders", "between", "owners", "haltedBy"),
    *("locations", "displacedTo", "sides", "parties", "fromPatron", "toPatron", "about"),
    *("merged", "into", "succeededBy", "members", "coalition", "parent"),
}


def _selection(field: str, value: Any) -> str:
    return f"{field} {'{ slug }' if field in _REFERENCES else _SELECTIONS.get(field, '')}"


def _plain(field: str, value: Any) -> Any:
    """What is shown, as it was given."""
    if field in _REFERENCES:
        return [_plain(field, each) for each in value] if isinstance(value, list) else value["slug"]
    if field in {"occurred", "ended"}:
        return value["day"]
    if field == "published":
        return value["earliest"][:7]
    if field == "aliases":
        return [{name: part for name, part in each.items() if part} for each in value]
    return value
