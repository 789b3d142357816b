"""Answers: what does the server say to whoever asks, once it has been told?

Everything is recorded by mutations and asked over HTTP, as a frontend would.
"""

from typing import Any

import pytest
from graphql import is_non_null_type

from api.schema.contract import schema
from tests.api.server import Server, slugs

PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String, $filter: EventFilter) {
  events(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    position nodes { position __typename retracted }
    edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
MAP = """
query ($at: Moment!, $position: Int, $within: ID, $bbox: [Float!]) {
  controlMap(at: $at, position: $position, within: $within, bbox: $bbox) {
    status location { slug } holders { slug }
  }
}
"""
TIMELINE = """
query ($location: ID!, $from: Moment, $to: Moment, $position: Int,
       $perspective: PerspectiveInput) {
  controlTimeline(location: $location, from: $from, to: $to, position: $position,
                  perspective: $perspective) {
    from to control { status holders { slug } }
  }
}
"""
REVISIONS = """
query ($location: ID!, $at: Moment!) {
  revisions(location: $location, at: $at) {
    position recordedAt event { __typename position }
    before { status holders { slug } } control { status holders { slug } basis { position } }
  }
}
"""


# ---- Who controlled it? ----------------------------------------------------------------------


def test_a_seized_town_is_held_and_the_answer_says_why(server: Server) -> None:
    event = server.seized("fama", "wagner", on="2023-11-14", takenFrom=["csp"])
    answer = server.control("kidal", "2023-11-14")
    assert (answer["status"], slugs(answer["holders"])) == ("HELD", ["fama", "wagner"])
    assert (answer["certain"], answer["disputed"], answer["corroboration"]) == (True, False, 1)
    assert answer["since"]["day"] == "2023-11-14"
    assert answer["evidence"] == [
        {
            "__typename": "TownSeized",
            "position": event["position"],
            "retracted": False,
            "report": {"slug": "rfi-1", "source": {"slug": "rfi"}},
        }
    ]
    assert "Kidal was held by FAMa and Wagner" in answer["explanation"]
    assert "Radio France" in answer["explanation"]
    assert answer["basis"]["position"] == event["position"] == server.head
    assert answer["basis"]["recordedAt"] == event["recordedAt"]


def test_nobody_has_said_anything_before_the_first_word(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    answer = server.control("kidal", "2023-11-13")
    assert (answer["status"], answer["holders"], answer["since"]) == ("UNKNOWN", [], None)
    assert answer["until"]["day"] == "2023-11-14"


def test_an_abandoned_place_is_vacant(server: Server) -> None:
    common = {"location": "kidal", "report": "rfi-1", "credibility": 2}
    server.tell("recordPositionAbandoned", **common, occurred="2023-10-31", by=["csp"])
    assert server.control("kidal", "2023-11-01")["status"] == "VACANT"


def test_a_contested_place_names_who_contests_it(server: Server) -> None:
    common = {"location": "kidal", "report": "rfi-1", "credibility": 2}
    server.tell("recordLocationContested", **common, occurred="2023-11-02", between=["csp", "fama"])
    answer = server.control("kidal", "2023-11-03")
    assert (answer["status"], answer["holders"]) == ("CONTESTED", [])
    assert slugs(answer["contenders"]) == ["csp", "fama"]


def test_sources_that_disagree_are_all_listed(server: Server) -> None:
    server.seen("fama", on="2023-11-14", report="rfi-1", credibility=3)
    server.seen("csp", on="2023-11-14", report="csp-comms-1", credibility=2)
    answer = server.control("kidal", "2023-11-20")
    assert (answer["status"], answer["disputed"], answer["holders"]) == ("DISPUTED", True, [])
    assert sorted(slugs(side["holders"])[0] for side in answer["rivals"]) == ["csp", "fama"]


def test_a_better_graded_voice_prevails_over_its_rival(server: Server) -> None:
    server.seen("fama", on="2023-11-14", report="un-1", credibility=2)
    server.seen("csp", on="2023-11-14", report="csp-comms-1", credibility=3)
    answer = server.control("kidal", "2023-11-20")
    assert (answer["status"], answer["disputed"]) == ("HELD", True)
    assert slugs(answer["holders"]) == ["fama"]
    assert [slugs(side["holders"]) for side in answer["rivals"]] == [["csp"]]


def test_later_word_outweighs_earlier_word(server: Server) -> None:
    held = server.seen("csp", on="2023-11-01", report="csp-comms-1")
    taken = server.seized("fama", on="2023-11-14", report="rfi-1")
    answer = server.control("kidal", "2023-11-20")
    assert answer["outweighed"] == [
        {
            "because": "CHANGED_HANDS",
            "event": {"position": held["position"]},
            "by": {"position": taken["position"]},
        }
    ]


def test_within_its_window_a_change_is_uncertain(server: Server) -> None:
    server.seen("csp", on="2023-10-01", report="csp-comms-1")
    server.seized("fama", on="2023-11", takenFrom=["csp"])
    answer = server.control("kidal", "2023-11-10")
    assert (slugs(answer["holders"]), answer["certain"]) == (["csp"], False)
    assert [slugs(reading["holders"]) for reading in answer["possible"]] == [["fama"]]
    assert server.control("kidal", "2023-11-30")["certain"] is True


def test_agreeing_sources_corroborate_each_other_and_a_copy_does_not(server: Server) -> None:
    server.seized("fama", on="2023-11-14", report="rfi-1")
    copied = {"source": "rumour", "syndicatedFrom": "rfi-1", "published": "2023-11-16"}
    server.tell("fileReport", report="copy", title="Radio France says", **copied)
    server.seized("fama", on="2023-11-14", report="copy")
    assert server.control("kidal", "2023-11-20")["corroboration"] == 1
    server.seized("fama", on="2023-11-14", report="un-1")
    assert server.control("kidal", "2023-11-20")["corroboration"] == 2


def test_an_instant_is_asked_about_as_exactly_as_a_date(server: Server) -> None:
    server.seized("fama", on="2023-11-14T06:30:00Z")
    assert server.control("kidal", "2023-11-14T06:29:59.999999Z")["status"] == "UNKNOWN"
    assert server.control("kidal", "2023-11-14T07:30:00+01:00")["status"] == "HELD"


# ---- According to whom? ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("perspective", "holders"),
    [
        ({}, ["fama"]),
        ({"sources": ["csp-comms"]}, ["csp"]),
        ({"sources": ["rfi", "un"]}, ["fama"]),
        ({"sources": []}, []),
        ({"excludeSources": ["rfi"]}, ["csp"]),
        ({"excludeSources": ["rfi", "csp-comms"]}, []),
        ({"minReliability": "C"}, ["fama"]),
        ({"minReliability": "A"}, []),
        ({"minCredibility": 1}, ["csp"]),
        ({"minCredibility": 6, "minReliability": "F"}, ["fama"]),
        ({"publishedBy": "2023-11-14"}, []),
        ({"publishedBy": "2023-11-15"}, ["fama"]),
    ],
)
def test_a_perspective_says_whose_word_counts(
    server: Server, perspective: dict[str, Any], holders: list[str]
) -> None:
    server.seen("csp", on="2023-11-01", report="csp-comms-1", credibility=1)
    server.seized("fama", on="2023-11-14", report="rfi-1", credibility=2)
    assert server.holders("kidal", "2023-11-20", perspective=perspective) == holders
    asked = {"location": "kidal", "from": "2023-11-20", "to": "2023-11-20"}
    last = server.ask(TIMELINE, **asked, perspective=perspective)["controlTimeline"][-1]
    assert slugs(last["control"]["holders"]) == holders


@pytest.mark.parametrize(
    ("perspective", "code", "says"),
    [
        ({"excludeSources": ["rif"]}, "UnknownReference", "did you mean rfi"),
        ({"sources": ["nowhere-at-all"]}, "UnknownReference", "no source is registered"),
        ({"minCredibility": 7}, "BadPerspective", "1 to 6, not 7"),
        ({"publishedBy": "2023-02-30"}, "NotATime", "no day of 2023-02 is 30"),
    ],
)
def test_a_perspective_that_means_nothing_is_refused(
    server: Server, perspective: dict[str, Any], code: str, says: str
) -> None:
    query = """query ($whose: PerspectiveInput) {
      control(location: "kidal", at: "2023-11-20", perspective: $whose) { status } }"""
    found, message = server.error(query, whose=perspective)
    assert (found, says in message) == (code, True), message


def test_a_place_without_a_voice_may_inherit_the_answer_around_it(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    assert server.control("kidal-camp", "2023-11-20")["status"] == "UNKNOWN"
    inherited = server.control("kidal-camp", "2023-11-20", inherit=True)
    assert slugs(inherited["holders"]) == ["fama"]
    assert inherited["location"] == {"slug": "kidal-camp"}
    assert inherited["inheritedFrom"] == {"slug": "kidal"}
    assert server.control("kidal", "2023-11-20", inherit=True)["inheritedFrom"] is None
    assert server.control("gao", "2023-11-20", inherit=True)["status"] == "UNKNOWN"


# ---- As known when? --------------------------------------------------------------------------


def test_a_late_report_changes_what_is_known_now_and_not_what_was_known(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    then = server.control("kidal", "2023-11-13")
    late = server.seen("csp", on="2023-10-31", report="csp-comms-1")
    basis = then["basis"]
    assert server.holders("kidal", "2023-11-13") == ["csp"]
    by_position = server.control("kidal", "2023-11-13", position=basis["position"])
    by_instant = server.control("kidal", "2023-11-13", knownAt=basis["recordedAt"])
    assert by_position == by_instant == then
    assert server.holders("kidal", "2023-11-13", position=late["position"]) == ["csp"]
    assert server.holders("kidal", "2023-11-13", knownAt=late["recordedAt"]) == ["csp"]
    assert server.control("kidal", "2023-11-13", knownAt="2000-01-01")["basis"]["position"] == 0


def test_a_retraction_and_a_regrading_are_known_from_then_on(server: Server) -> None:
    event = server.seized("fama", on="2023-11-14")
    before = server.head
    common = {"report": "un-1", "reason": "It was another town."}
    server.tell("retractEvent", event=event["id"], **common)
    assert server.control("kidal", "2023-11-20")["status"] == "UNKNOWN"
    assert server.holders("kidal", "2023-11-20", position=before) == ["fama"]
    server.tell("reinstateEvent", event=event["eventId"], **common)
    assert server.holders("kidal", "2023-11-20") == ["fama"]
    server.tell("regradeSource", source="rfi", reliability="E", reason="It was wrong too often.")
    admitted = {"minReliability": "B"}
    assert server.holders("kidal", "2023-11-20", perspective=admitted) == []
    assert server.holders("kidal", "2023-11-20", perspective=admitted, position=before) == ["fama"]


@pytest.mark.parametrize(
    ("known", "code", "says"),
    [
        ('position: 1, knownAt: "2024-01-01"', "TwoKnowledges", "not both"),
        ("position: 99", "NotRecordedYet", "position 99 is not recorded yet; the last one is 16"),
        ("position: -1", "NotRecordedYet", "position -1 is not recorded yet"),
        ('knownAt: "yesterday"', "NotATime", "'yesterday' is not a time"),
        ('knownAt: "2023"', "NotATime", "a time that a question can be about; write a day"),
    ],
)
def test_what_was_known_is_asked_for_in_one_way(
    server: Server, known: str, code: str, says: str
) -> None:
    query = f'{{ control(location: "kidal", at: "2023-11-20", {known}) {{ status }} }}'
    found, message = server.error(query)
    assert (found, says in message) == (code, True), message


@pytest.mark.parametrize("at", ["2023-02-30", "2023-11", "14 November 2023", "", 20231114, True])
@pytest.mark.parametrize("by_variable", [True, False])
def test_a_moment_that_is_none_is_refused_in_public(
    server: Server, at: Any, by_variable: bool
) -> None:
    if by_variable:
        query = 'query ($at: Moment!) { control(location: "kidal", at: $at) { status } }'
        code, message = server.error(query, at=at)
    else:
        text = f'"{at}"' if isinstance(at, str) else str(at).lower()
        code, message = server.error(f'{{ control(location: "kidal", at: {text}) {{ status }} }}')
    assert code == "NotATime"
    assert "is not a time" in message
    assert "Internal" not in message


@pytest.mark.parametrize("at", ["0001-01-01", "2024-12-31", "0001-01-01T00:00:00Z"])
def test_the_calendar_is_asked_about_from_its_beginning(server: Server, at: str) -> None:
    server.seized("fama", on="0001")
    server.seized("csp", on="0001-01-01T00:00:00Z", report="un-1")
    answer = server.control("kidal", at)
    assert server.control("kidal", answer["at"]) == answer
    assert server.ask(REVISIONS, location="kidal", at=at)["revisions"]
    assert server.ask(MAP, at=at)["controlMap"]
    assert server.ask(TIMELINE, **{"location": "kidal", "from": at, "to": at})["controlTimeline"]


def test_nobody_is_asked_about_a_day_that_lies_ahead(server: Server) -> None:
    for question in (
        '{ control(location: "kidal", at: "9999-12-30") { status } }',
        '{ control(location: "kidal", at: "2024-01-01", knownAt: "9999-12-30") { status } }',
        '{ controlMap(at: "9999-12-30") { status } }',
        '{ revisions(location: "kidal", at: "9999-12-30") { position } }',
        '{ situation(at: "9999-12-30") { basis { position } } }',
        '{ compare(from: {at: "2024-01-01"}, to: {at: "9999-12-30"}) { location { slug } } }',
    ):
        code, message = server.error(question)
        assert code == "InTheFuture"
        assert "9999-12-30 lies in the future" in message


# ---- How did it change? ----------------------------------------------------------------------


def test_a_timeline_is_every_period_between_two_moments(server: Server) -> None:
    server.seen("csp", on="2023-10-01T00:00:00Z")
    server.seized("fama", on="2023-11-14T06:00:00Z")
    periods = server.ask(TIMELINE, location="kidal")["controlTimeline"]
    assert [slugs(each["control"]["holders"]) for each in periods] == [[], ["csp"], ["fama"]]
    assert (periods[0]["from"], periods[-1]["to"]) == (None, None)
    assert [each["to"] for each in periods[:-1]] == [each["from"] for each in periods[1:]]
    for begin, end, holders in (
        ("2023-12-01", None, [["fama"]]),
        (None, "2023-09-01", [[]]),
        ("2023-10-15", "2023-11-01", [["csp"]]),
        ("2023-10-15", "2023-11-20", [["csp"], ["fama"]]),
    ):
        some = server.ask(TIMELINE, **{"location": "kidal", "from": begin, "to": end})
        assert [slugs(each["control"]["holders"]) for each in some["controlTimeline"]] == holders


def test_a_timeline_is_as_it_was_known(server: Server) -> None:
    server.seized("fama", on="2023-11-14T06:00:00Z")
    before = server.head
    server.seen("csp", on="2023-10-01T00:00:00Z")
    periods = server.ask(TIMELINE, location="kidal", position=before)["controlTimeline"]
    assert [slugs(each["control"]["holders"]) for each in periods] == [[], ["fama"]]


def test_every_period_gives_the_answer_that_a_question_gives(server: Server) -> None:
    server.seen("csp", on="2023-10", report="csp-comms-1")
    server.seized("fama", on="2023-11-14")
    server.seen("csp", on="2023-11-16", report="csp-comms-1")
    query = '{ controlTimeline(location: "kidal") { from control { at status explanation } } }'
    for period in server.ask(query)["controlTimeline"]:
        control = period["control"]
        assert period["from"] in (None, control["at"])
        answer = server.control("kidal", control["at"])
        assert {name: answer[name] for name in control} == control


def test_revisions_tell_how_the_answer_changed_as_reports_came_in(server: Server) -> None:
    first = server.seen("csp", on="2023-11-01")
    server.seized("fama", on="2023-11-16")  # it happened later: no change of this answer
    late = server.seized("fama", on="2023-11-14", report="un-1")
    found = server.ask(REVISIONS, location="kidal", at="2023-11-15")["revisions"]
    assert [each["position"] for each in found] == [first["position"], late["position"]]
    assert [each["event"]["__typename"] for each in found] == ["ControlReported", "TownSeized"]
    assert [each["recordedAt"] for each in found] == [first["recordedAt"], late["recordedAt"]]
    assert found[0]["before"] is None
    assert slugs(found[1]["before"]["holders"]) == ["csp"]
    assert [slugs(each["control"]["holders"]) for each in found] == [["csp"], ["fama"]]
    assert found[1]["control"]["basis"]["position"] == late["position"]


# ---- Many places, many holdings --------------------------------------------------------------


def test_the_map_has_every_place_that_can_be_held(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    before = server.head
    server.seized("csp", on="2023-11-10", location="gao")
    everywhere = server.ask(MAP, at="2023-11-20")["controlMap"]
    assert {each["location"]["slug"]: each["status"] for each in everywhere} == {
        "gao": "HELD",
        "kidal": "HELD",
        "kidal-camp": "UNKNOWN",
    }
    known = server.ask(MAP, at="2023-11-20", position=before)["controlMap"]
    assert {each["location"]["slug"]: each["status"] for each in known}["gao"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("where", "places"),
    [
        ({"within": "mali"}, ["gao", "kidal", "kidal-camp"]),
        ({"within": "kidal"}, ["kidal-camp"]),
        ({"bbox": [1, 18, 2, 19]}, ["kidal", "kidal-camp"]),
        ({"bbox": [-1, 16, 2, 19], "within": "kidal"}, ["kidal-camp"]),
        ({"bbox": [170, -90, -0.01, 90]}, ["gao"]),
        ({"bbox": [10, 10, 20, 20]}, []),
    ],
)
def test_the_map_has_bounds(server: Server, where: dict[str, Any], places: list[str]) -> None:
    found = server.ask(MAP, at="2023-11-20", **where)["controlMap"]
    assert sorted(each["location"]["slug"] for each in found) == places


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"bbox": [1, 2, 3]}, "BadBox"),
        ({"bbox": [0, 50, 1, 40]}, "BadBox"),
        ({"bbox": [0, -91, 1, 40]}, "BadBox"),
        ({"bbox": []}, "BadBox"),
        ({"within": "moly"}, "UnknownReference"),
    ],
)
def test_bounds_that_mean_nothing_are_refused(
    server: Server, where: dict[str, Any], code: str
) -> None:
    assert server.error(MAP, at="2023-11-20", **where)[0] == code


def test_an_actor_tells_what_it_held(server: Server) -> None:
    server.seen("csp", on="2023-10-01")
    before = server.head
    server.seized("fama", on="2023-11-14")
    server.seized("fama", "wagner", on="2023-11-10", location="gao")
    query = """query ($id: ID!, $at: Moment!, $position: Int) {
      actor(id: $id) { holdings(at: $at, position: $position) {
        location { slug } holders { slug } evidence { position } basis { token } } } }"""

    def held(actor: str, at: str, position: int | None = None) -> list[str]:
        found = server.ask(query, id=actor, at=at, position=position)["actor"]["holdings"]
        return sorted(each["location"]["slug"] for each in found)

    assert held("fama", "2023-11-20") == ["gao", "kidal"]
    assert held("wagner", "2023-11-20") == ["gao"]
    assert held("csp", "2023-11-13") == ["kidal"]
    assert held("csp", "2023-11-20") == []
    assert held("csp", "2023-11-20", before) == ["kidal"]


# ---- Places, actors, sources, reports, events ------------------------------------------------


@pytest.mark.parametrize("kind", ["location", "actor", "source", "report", "event"])
def test_everything_has_a_slug_and_a_global_id(server: Server, kind: str) -> None:
    event = server.seized("fama", on="2023-11-14")
    slug = {
        "location": "kidal",
        "actor": "fama",
        "source": "rfi",
        "report": "rfi-1",
        "event": event["eventId"],
    }[kind]
    query = f"query ($id: ID!) {{ {kind}(id: $id) {{ __typename id }} }}"
    thing = server.ask(query, id=slug)[kind]
    assert server.ask(query, id=thing["id"])[kind] == thing
    node = "query ($id: ID!) { node(id: $id) { __typename id } }"
    assert server.ask(node, id=thing["id"])["node"] == thing
    unknown = "00000000-0000-5000-8000-000000000000" if kind == "event" else "no-such"
    assert server.ask(query, id=unknown)[kind] is None


def test_ids_of_the_wrong_kind_are_refused(server: Server) -> None:
    kidal = server.ask('{ location(id: "kidal") { id } }')["location"]["id"]
    for kind in ("actor", "source", "report", "event"):
        code, message = server.error(f"query ($id: ID!) {{ {kind}(id: $id) {{ id }} }}", id=kidal)
        assert code == "NotAnId"
        assert message.endswith("but of a location")
    actor = server.ask('{ actor(id: "fama") { id } }')["actor"]["id"]
    query = 'query ($id: ID!) { control(location: $id, at: "2023-11-20") { status } }'
    assert "is not the id of a location but of an actor" in server.error(query, id=actor)[1]
    assert server.holders(kidal, "2023-11-20") == []
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for nothing in ("kidal", "", "Kidal", "x" * 500, "\0", "🙂", "TG9jYXRpb246", "!!!!"):
        if nothing == "TG9jYXRpb246":  # a location without a slug
            assert server.ask(node, id=nothing)["node"] is None
        else:
            assert server.error(node, id=nothing)[0] == "NotAnId"


@pytest.mark.parametrize("asked", ["kidall", "Kidal", "KIDAL", "kídal"])
def test_an_unknown_location_names_the_nearest(server: Server, asked: str) -> None:
    query = """query ($location: ID!) {
      control(location: $location, at: "2023-11-20") { status } }"""
    code, message = server.error(query, location=asked)
    assert code == "UnknownReference"
    assert message.startswith(f"no location is registered as {asked!r}; did you mean kidal")


def test_places_and_actors_are_listed_page_by_page(server: Server) -> None:
    query = """query ($first: Int, $after: String) {
      locations(first: $first, after: $after) {
        nodes { slug } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
    first = server.ask(query, first=3)["locations"]
    assert slugs(first["nodes"]) == ["gao", "kidal", "kidal-camp"]
    assert first["pageInfo"]["hasNextPage"] is True
    server.tell("registerLocation", location="menaka", name="Ménaka", kind="TOWN")
    rest = server.ask(query, first=3, after=first["pageInfo"]["endCursor"])["locations"]
    assert slugs(rest["nodes"]) == ["mali"]  # Ménaka came after the list was begun
    assert rest["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "endCursor": rest["pageInfo"]["endCursor"],
    }
    found = server.ask(
        """{ places: locations(search: "menaka") { nodes { slug name } }
             bases: locations(kind: BASE, within: "mali") { nodes { slug within { slug } } }
             actors(search: "FAM", kind: STATE_FORCE) { nodes { slug name kind } } }"""
    )
    assert found == {
        "places": {"nodes": [{"slug": "menaka", "name": "Ménaka"}]},
        "bases": {"nodes": [{"slug": "kidal-camp", "within": {"slug": "kidal"}}]},
        "actors": {"nodes": [{"slug": "fama", "name": "FAMa", "kind": "STATE_FORCE"}]},
    }


def test_events_are_paged_forward_at_one_position_while_more_come_in(server: Server) -> None:
    for day in range(1, 8):
        server.seen("csp", on=f"2023-11-0{day}")
    head, found, after = server.head, [], None
    while True:
        page = server.ask(PAGE, first=5, after=after)["events"]
        assert page["position"] == head
        found += [each["position"] for each in page["nodes"]]
        server.seen("fama", on=f"2023-10-{len(found):02}", report="un-1")
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == list(range(1, head + 1))


def test_events_are_paged_backward_at_one_position_while_more_come_in(server: Server) -> None:
    head, found, before = server.head, list[int](), None
    while True:
        page = server.ask(PAGE, last=5, before=before)["events"]
        assert page["position"] == head
        found = [each["position"] for each in page["nodes"]] + found
        server.seen("fama", on=f"2023-11-{len(found):02}", report="un-1")
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert found == list(range(1, head + 1))


def test_a_page_shows_what_was_retracted_by_its_position(server: Server) -> None:
    event = server.seized("fama", on="2023-11-14")
    wanted = {"types": ["TownSeized"]}
    cursor = server.ask(PAGE, first=1, after=None)["events"]["pageInfo"]["endCursor"]
    server.tell("retractEvent", event=event["id"], report="un-1", reason="It was another town.")
    then = server.ask(PAGE, after=cursor, filter=wanted)["events"]["nodes"]
    now = server.ask(PAGE, filter=wanted)["events"]["nodes"]
    assert [each["retracted"] for each in (*then, *now)] == [False, True]


@pytest.mark.parametrize(
    ("wanted", "types"),
    [
        ({"location": "gao"}, {"LocationRegistered", "ControlReported"}),
        ({"actor": "csp"}, {"ActorRegistered", "ControlReported"}),
        ({"source": "un"}, {"SourceRegistered", "ReportFiled", "TownSeized"}),
        ({"report": "un-1"}, {"ReportFiled", "TownSeized"}),
        ({"types": ["TownSeized", "ActorRegistered"]}, {"TownSeized", "ActorRegistered"}),
        ({"location": "kidal", "actor": "fama"}, {"TownSeized"}),
        ({"occurredFrom": "2023-11-10"}, {"TownSeized"}),
        ({"occurredTo": "2023-11-10"}, {"ControlReported"}),
        ({"retracted": True}, set()),
        ({"convoy": "convoy-1"}, set()),
        ({"location": "gao", "types": []}, {"LocationRegistered", "ControlReported"}),
    ],
)
def test_events_are_filtered(server: Server, wanted: dict[str, Any], types: set[str]) -> None:
    server.seen("csp", on="2023-11-01", location="gao")
    server.seized("fama", on="2023-11-14", report="un-1")
    found = server.ask(PAGE, filter=wanted)["events"]["nodes"]
    assert {each["__typename"] for each in found} == types


@pytest.mark.parametrize(
    ("wanted", "code", "says"),
    [
        ({"types": ["TownSiezed"]}, "BadFilter", "no event is called 'TownSiezed'"),
        ({"location": "gau"}, "UnknownReference", "did you mean gao"),
        ({"actor": "fma"}, "UnknownReference", "did you mean fama"),
        ({"source": "rif"}, "UnknownReference", "did you mean rfi"),
        ({"report": "rfi-9"}, "UnknownReference", "no report is registered"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(
    server: Server, wanted: dict[str, Any], code: str, says: str
) -> None:
    found, message = server.error(PAGE, filter=wanted)
    assert (found, says in message) == (code, True), message


def test_pages_that_cannot_be_given_are_refused(server: Server) -> None:
    places = server.ask("{ locations(first: 1) { pageInfo { endCursor } } }")["locations"]
    elsewhere = places["pageInfo"]["endCursor"]
    older = server.ask(PAGE, first=1)["events"]["pageInfo"]["endCursor"]
    server.seen("csp", on="2023-11-01")
    newer = server.ask(PAGE, last=1)["events"]["pageInfo"]["endCursor"]
    for asked in (
        {"first": -1},
        {"last": 1_001},
        {"first": 1, "last": 1},
        {"after": ""},
        {"after": "nonsense"},
        {"after": "\0🙂"},
        {"after": elsewhere},
        {"before": elsewhere},
        {"after": older, "before": newer},
        {"after": "MTU6" + "OTk5" * 12},
        {"after": "MTU6LTE"},
    ):
        assert server.error(PAGE, **asked)[0] == "BadPage", asked
    assert server.error(PAGE, after="OTk5OToxMA")[0] == "NotRecordedYet"


def test_an_event_tells_its_story_whatever_its_type(server: Server) -> None:
    event = server.seized("fama", on="2023-11-14", summary="FAMa entered.", passage="line 3")
    query = """query ($id: ID!) { event(id: $id) {
      position recordedAt recordedBy retracted summary passage credibility statement
      occurred { earliest latest precision day } location { slug } actors { slug }
      report { slug title origin { slug } published { day } } source { slug reliability }
      ... on TownSeized { by { slug name } takenFrom { slug } } } }"""
    assert server.ask(query, id=event["id"])["event"] == {
        "position": event["position"],
        "recordedAt": event["recordedAt"],
        "recordedBy": "local",
        "retracted": False,
        "summary": "FAMa entered.",
        "passage": "line 3",
        "credibility": 2,
        "statement": "FAMa seized Kidal",
        "occurred": {
            "earliest": "2023-11-14T00:00:00Z",
            "latest": "2023-11-15T00:00:00Z",
            "precision": "DAY",
            "day": "2023-11-14",
        },
        "location": {"slug": "kidal"},
        "actors": [{"slug": "fama"}],
        "report": {
            "slug": "rfi-1",
            "title": "Radio France says",
            "origin": {"slug": "rfi"},
            "published": {"day": "2023-11-15"},
        },
        "source": {"slug": "rfi", "reliability": "B"},
        "by": [{"slug": "fama", "name": "FAMa"}],
        "takenFrom": [],
    }


# ---- One question of many is refused ---------------------------------------------------------


def test_a_refused_field_leaves_the_others_their_answers(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    query = """{
      good: control(location: "kidal", at: "2023-11-20") { holders { slug } }
      bad: control(location: "kidall", at: "2023-11-20") { holders { slug } }
      ahead: controlMap(at: "2023-11-20", position: 999) { status }
      ledger { position }
    }"""
    answer = server.post(query)
    assert answer.json()["data"] == {
        "good": {"holders": [{"slug": "fama"}]},
        "bad": None,
        "ahead": None,
        "ledger": {"position": server.head},
    }
    told = {each["path"][0]: each["extensions"]["code"] for each in answer.json()["errors"]}
    assert told == {"bad": "UnknownReference", "ahead": "NotRecordedYet"}
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_every_question_may_be_null() -> None:
    query = schema()._schema.query_type
    assert query is not None
    assert [name for name, field in query.fields.items() if is_non_null_type(field.type)] == []


# ---- For how long may an answer be kept? -----------------------------------------------------


CLOSED = "public, immutable, max-age=31536000"


@pytest.mark.parametrize(
    "query",
    [
        '{ control(location: "kidal", at: "2023-11-20", position: 17) { status } }',
        '{ control(location: "kidal", at: "2023-11-20", position: 18) { status } }',
        '{ control(location: "kidal", at: "2023-11-20", knownAt: "2020-01-01") { status } }',
        '{ controlTimeline(location: "kidal", position: 17) { from } }',
        '{ controlMap(at: "2023-11-20", position: 17) { status holders { name } } }',
    ],
)
def test_a_question_with_both_times_fixed_is_kept_for_ever(server: Server, query: str) -> None:
    server.seized("fama", on="2023-11-14")
    server.seized("csp", on="2023-11-15")
    first = server.get(query)
    assert first.headers["cache-control"] == CLOSED
    server.seized("csp", on="2023-11-16", report="un-1")
    again = server.get(query)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])


def test_what_was_known_before_the_last_entry_is_settled_and_at_it_is_not(server: Server) -> None:
    earlier = server.seized("fama", on="2023-11-14")["recordedAt"]
    later = server.seized("csp", on="2023-11-15")["recordedAt"]
    for known_at, kept in ((earlier, True), (later, False), ("2999-01-01", False)):
        query = (
            f'{{ control(location: "kidal", at: "2023-11-20", knownAt: "{known_at}") {{ at }} }}'
        )
        assert (server.get(query).headers["cache-control"] == CLOSED) is kept, known_at


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename }",
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Control") { name } }',
        "{ ledger { position } }",
        '{ control(location: "kidal", at: "2023-11-20") { status } }',
        '{ location(id: "kidal") { slug } }',
        '{ location(id: "kidal") { controlledBy(at: "2023-11-20", position: 3) { status } } }',
        '{ node(id: "TG9jYXRpb246a2lkYWw") { id } }',
        '{ revisions(location: "kidal", at: "2023-11-20") { position } }',
        "{ events(first: 1) { position } }",
        """{ a: control(location: "kidal", at: "2023-11-20", position: 3) { status }
             b: control(location: "kidal", at: "2023-11-20") { status } }""",
        '{ controlMap(at: "2023-11-20") { status } }',
    ],
)
def test_an_open_question_is_asked_again_each_time(server: Server, query: str) -> None:
    answer = server.get(query)
    assert answer.json().get("errors") is None
    assert answer.headers["cache-control"] == "no-cache"
    same = server.get(query, **{"if-none-match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_a_question_that_is_refused_is_not_kept(server: Server) -> None:
    answer = server.get('{ control(location: "nowhere", at: "2023-11-20", position: 3) { at } }')
    assert answer.json()["errors"][0]["extensions"]["code"] == "UnknownReference"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_an_open_answer_has_another_tag_once_it_has_changed(server: Server) -> None:
    query = '{ control(location: "kidal", at: "2023-11-20") { status } }'
    tag = server.get(query).headers["etag"]
    server.seized("fama", on="2023-11-14")
    changed = server.get(query, **{"if-none-match": tag})
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


def test_all_of_one_request_is_answered_at_one_position(server: Server) -> None:
    found = server.ask(
        """{ a: control(location: "kidal", at: "2023-11-20") { basis { position } }
             b: controlMap(at: "2023-11-20") { basis { position } } ledger { position } }"""
    )
    positions = {each["basis"]["position"] for each in (found["a"], *found["b"])}
    assert positions == {found["ledger"]["position"]} == {server.head}
