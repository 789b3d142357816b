"""Does one id mean one object, wherever a client that keeps objects by their ids meets it?"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from api.ids import LONGEST, GlobalId, NotAnId, global_id, parts_of, slug_of
from tests.api.server import Server

LOCATION = "__typename id ... on Location { slug name names aliases kind within { id name } }"
ACTOR = "__typename id ... on Actor { slug name names aliases kind }"
SOURCE = "__typename id ... on Source { slug name reliability }"
REPORT = f"__typename id ... on Report {{ slug title source {{ {SOURCE} }} }}"
EVENT = f"""__typename id ... on Event {{
  eventId retracted statement location {{ {LOCATION} }} actors {{ {ACTOR} }} report {{ {REPORT} }}
}}"""
NODE = f"""query ($id: ID!) {{
  location: node(id: $id) {{ {LOCATION} }} actor: node(id: $id) {{ {ACTOR} }}
  source: node(id: $id) {{ {SOURCE} }} report: node(id: $id) {{ {REPORT} }}
  event: node(id: $id) {{ {EVENT} }}
}}"""
SOME_NODE = """query ($id: ID!) { node(id: $id) {
  __typename id ... on Location { name } ... on Actor { name } } }"""
CONTROL = f"location {{ {LOCATION} }} holders {{ {ACTOR} }} evidence {{ {EVENT} }}"
AFTER = f"control {{ {CONTROL} }}"
STEPS = f"location {{ {LOCATION} }} steps {{ event {{ {EVENT} }} after {{ {CONTROL} }} }}"
DIFFERENCE = f"location {{ {LOCATION} }} to {{ {CONTROL} }} events {{ {EVENT} }}"
SITUATION = f"""within {{ {LOCATION} }} places {{ holders {{ {ACTOR} }} places {{ {CONTROL} }} }}
  changes(days: 4000) {{ location {{ {LOCATION} }} to {{ {CONTROL} }} events {{ {EVENT} }} }}
  reported(days: 4000) {{ {EVENT} }}"""
QUESTIONS = [
    f'{{ control(location: "kidal", at: "2015-01-01") {{ {CONTROL} }} }}',
    f'{{ control(location: "kidal", at: "2023-01-01") {{ {CONTROL} }} }}',
    f'{{ control(location: "kidal", at: "2023-01-01", position: 17) {{ {CONTROL} }} }}',
    f'{{ control(location: "kidal", at: "2023-01-01", position: 19) {{ {CONTROL} }} }}',
    f'{{ controlTimeline(location: "kidal") {{ control {{ {CONTROL} }} }} }}',
    f'{{ revisions(location: "kidal", at: "2023-01-01") {{ event {{ {EVENT} }} {AFTER} }} }}',
    f'{{ replay(location: "kidal", at: "2023-01-01") {{ {STEPS} }} }}',
    f'{{ location(id: "kidal") {{ {LOCATION} controlledBy(at: "2015-01-01") {{ {CONTROL} }} }} }}',
    f'{{ actor(id: "csp") {{ {ACTOR} holdings(at: "2015-01-01") {{ {CONTROL} }} }} }}',
    f"{{ events {{ nodes {{ {EVENT} }} }} }}",
    f'{{ location(id: "kidal") {{ chronicle {{ nodes {{ {EVENT} }} }} }} }}',
    f'{{ controlMap(at: "2022-06-02", position: 20) {{ {CONTROL} }} }}',
    f'{{ controlMap(at: "2022-06-02") {{ {CONTROL} rivals {{ holders {{ {ACTOR} }} }} }} }}',
    f'{{ situation(at: "2022-07-01") {{ {SITUATION} }} }}',
    f'{{ situation(at: "2022-07-01", position: 20) {{ {SITUATION} }} }}',
    f'{{ compare(from: {{at: "2014-01-01"}}, to: {{at: "2023-01-01"}}) {{ {DIFFERENCE} }} }}',
    f"{{ locations {{ nodes {{ {LOCATION} }} }} actors {{ nodes {{ {ACTOR} }} }} }}",
    f"{{ sources {{ nodes {{ {SOURCE} }} }} reports {{ nodes {{ {REPORT} }} }} }}",
    f'{{ source(id: "rfi") {{ {SOURCE} }} report(id: "rfi-1") {{ {REPORT} }} }}',
]


@pytest.fixture
def renamed(server: Server) -> Server:
    """The CSP took Kidal in 2014, both have other names since, and a report was taken back."""
    server.seized("csp", on="2014-05-21")
    common = {"report": "rfi-1", "credibility": 2}
    server.tell("recordActorRenamed", **common, actor="csp", name="CSP-PSD", occurred="2021-05-06")
    named = {"location": "kidal", "name": "Kidal-Ville", "occurred": "2022"}
    server.tell("recordLocationRenamed", **common, **named)
    wrong = server.seized("fama", on="2022-06-01", report="un-1")
    told = {"event": wrong["eventId"], "report": "un-1", "reason": "another town"}
    server.tell("retractEvent", **told)
    server.tell("regradeSource", source="rfi", reliability="C", reason="late")
    return server


def objects_in(answer: Any) -> Iterator[dict[str, Any]]:
    """Every object with an id, at any depth."""
    if isinstance(answer, list):
        for each in answer:
            yield from objects_in(each)
    elif isinstance(answer, dict):
        if "id" in answer:
            yield answer
        for each in answer.values():
            yield from objects_in(each)


def names_by_year(server: Server) -> dict[str, str]:
    query = """{ then: control(location: "kidal", at: "2015-01-01") { location { id name } }
                 now: location(id: "kidal") { id name } }"""
    answer = server.ask(query)
    return {each["id"]: each["name"] for each in objects_in(answer)}


def test_a_place_with_another_name_in_the_same_answer_is_another_object(renamed: Server) -> None:
    assert sorted(names_by_year(renamed).values()) == ["Kidal", "Kidal-Ville"]


def test_no_id_has_two_contents_whatever_is_asked(renamed: Server) -> None:
    seen: dict[str, dict[str, Any]] = {}
    for question in QUESTIONS:
        for each in objects_in(renamed.ask(question)):
            kept = seen.setdefault(each["id"], {})
            common = kept.keys() & each.keys()
            assert {name: kept[name] for name in common} == {name: each[name] for name in common}
            kept |= each
    assert {each["__typename"] for each in seen.values() if "__typename" in each} > {"Location"}
    for id, kept in seen.items():
        kind = parts_of(id)
        assert kind is not None
        again = renamed.ask(NODE, id=id)[kind.kind.lower()]
        assert {name: again[name] for name in again if name in kept} == {
            name: kept[name] for name in again if name in kept
        }


def test_a_later_page_has_the_ids_of_its_position(renamed: Server) -> None:
    query = """query ($after: String) {
      locations(first: 1, after: $after) { nodes { id name } pageInfo { endCursor } position } }"""
    first = renamed.ask(query)["locations"]
    second = renamed.ask(query, after=first["pageInfo"]["endCursor"])["locations"]
    ids = [parts_of(page["nodes"][0]["id"]) for page in (first, second)]
    assert [each and each.position for each in ids] == [None, first["position"]]


def test_an_object_whose_id_names_a_position_stays_as_it_was(renamed: Server) -> None:
    query = QUESTIONS[3]
    before = renamed.ask(query)
    ids = {each["id"] for each in objects_in(before)}
    shown = {id: renamed.ask(NODE, id=id) for id in ids}
    common = {"report": "rfi-1", "credibility": 2, "actor": "csp", "name": "CMA"}
    renamed.tell("recordActorRenamed", **common, occurred="2014-06-01")
    assert renamed.ask(query) == before
    assert {id: renamed.ask(NODE, id=id) for id in ids} == shown
    node = f'{{ node(id: "{next(iter(ids))}") {{ id }} }}'
    assert "immutable" in renamed.get(node).headers["cache-control"]


def test_a_correction_changes_what_an_id_of_a_moment_alone_means(renamed: Server) -> None:
    query = '{ control(location: "kidal", at: "2015-01-01") { holders { id name } } }'
    (before,) = renamed.ask(query)["control"]["holders"]
    common = {"report": "rfi-1", "credibility": 2, "actor": "csp", "name": "CMA"}
    renamed.tell("recordActorRenamed", **common, occurred="2014-06-01")
    (after,) = renamed.ask(query)["control"]["holders"]
    assert (after["id"], before["name"], after["name"]) == (before["id"], "CSP", "CMA")


def test_a_thing_without_pins_keeps_the_id_it_always_had(renamed: Server) -> None:
    query = '{ location(id: "kidal") { id } locations(search: "kidal", first: 1) { nodes { id } } }'
    answer = renamed.ask(query)
    assert {each["id"] for each in objects_in(answer)} == {global_id("Location", "kidal")}
    assert global_id("Location", "kidal") == "TG9jYXRpb246a2lkYWw"


def test_an_argument_takes_a_pinned_id_for_the_thing_itself(renamed: Server) -> None:
    pinned = next(id for id, name in names_by_year(renamed).items() if name == "Kidal")
    assert parts_of(pinned) != parts_of(global_id("Location", "kidal"))
    assert renamed.holders(pinned, "2023-01-01") == ["csp"]
    assert renamed.ask(f'{{ location(id: "{pinned}") {{ name }} }}') == {
        "location": {"name": "Kidal-Ville"}
    }
    first = renamed.seized("csp", on="2023-02-01")
    again = renamed.send(
        "recordTownSeized",
        location=pinned,
        by=["csp"],
        occurred="2023-02-01",
        report="rfi-1",
        credibility=2,
    )
    assert (again["duplicate"], again["event"]["eventId"]) == (True, first["eventId"])


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        *("Location:kidal@", "Location:kidal#", "Location:kidal@#1", "Location:kidal#1@1"),
        *("Location:kidal@1@1", "Location:kidal#01", "Location:kidal@-0", "Location:kidal#-1"),
        *("Location:kidal@+1", "Location:kidal@1.5", "Location:kidal# 1", "Location:kidal@١"),
        *(f"Location:kidal#{'9' * 5_000}", f"Location:kidal@{'9' * 19}", "Location:kidal@nan"),
        *("Control:kidal@1", "location:kidal@1", "Location", "Location:kidal@1#1\n"),
    ],
)
def test_an_id_of_another_form_is_refused(server: Server, text: str) -> None:
    assert parts_of(encoded(text)) is None
    assert server.error("query ($id: ID!) { node(id: $id) { id } }", id=encoded(text))[0] == (
        "NotAnId"
    )


def test_an_id_of_what_is_not_known_yet_is_refused(server: Server) -> None:
    def code(at: int | None, position: int | None) -> str:
        id = str(GlobalId("Location", "kidal", at, position))
        return server.error("query ($id: ID!) { node(id: $id) { id } }", id=id)[0]

    assert code(None, server.head + 1) == "NotRecordedYet"
    assert code(None, 10**18 - 1) == "NotRecordedYet"
    assert code(10**18 - 1, None) == "NotAnId"
    assert code(-(10**18) + 1, 3) == "NotAnId"


def test_the_names_at_the_end_of_a_window_that_has_not_ended_have_ids(server: Server) -> None:
    server.seized("csp", on="2023-11-14/2090-01-01")
    query = "{ events(last: 1) { nodes { actors { id name } } } }"
    (shown,) = server.ask(query)["events"]["nodes"][0]["actors"]
    named = parts_of(shown["id"])
    assert named is not None
    assert named.at == 3_786_998_399_999_999, "the last microsecond of 2090-01-01"
    assert server.ask(SOME_NODE, id=shown["id"]) == {"node": shown | {"__typename": "Actor"}}


def test_an_id_at_a_position_before_a_thing_was_recorded_is_answered_as_a_question_is(
    server: Server,
) -> None:
    told = server.seized("csp", on="2023-11-14")
    asked = 'control(location: "kidal", at: "2023-11-15", position: 2) { location { id name } }'
    place = server.ask(f"{{ {asked} }}")["control"]["location"]
    assert server.ask(SOME_NODE, id=place["id"])["node"] == place | {"__typename": "Location"}
    for kind, slug in (("Source", "rfi"), ("Report", "rfi-1"), ("Event", told["eventId"])):
        early, late = (str(GlobalId(kind, slug, None, each)) for each in (2, server.head))
        assert server.ask(SOME_NODE, id=early)["node"] is None
        assert server.ask(SOME_NODE, id=late)["node"]["id"] == late


def test_an_id_with_pins_that_no_answer_gives_is_refused(server: Server) -> None:
    told = server.seized("csp", on="2023-11-14")
    for kind, slug in (("Source", "rfi"), ("Report", "rfi-1"), ("Event", told["eventId"])):
        dated = str(GlobalId(kind, slug, 1_700_000_000_000_000, server.head))
        assert server.error(SOME_NODE, id=dated)[0] == "NotAnId"


def test_the_longest_slug_has_an_id_within_the_limit() -> None:
    longest = str(GlobalId("Location", "x" * 100, -(10**17), 10**18 - 1))
    assert len(longest) <= LONGEST
    assert slug_of(longest, "Location") == "x" * 100
    with pytest.raises(NotAnId):
        slug_of(longest, "Actor")
