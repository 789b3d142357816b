"""The map that moves, asked over HTTP as a page asks it."""

import json
import struct
import threading
from array import array
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.http.map_question import MapQuestion
from infra.views.file import ViewFile
from infra.views.projector import Projector
from tests.api.server import Server, describe_the_world, server_at

DAY = "2023-11-20"
HEADER = "<4sHHIIqq"
LISTED = ["gao", "kidal", "kidal-camp"]
"""Mali is a region, of which nobody says who holds it as a whole."""


@pytest.fixture
def war(server: Server) -> Server:
    server.seized("fama", on="2023-11-14")
    return server


def get(server: Server, path: str, **given: Any) -> Any:
    answer = server.http.get(f"/map/{path}", params=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(server: Server, path: str, status: int = 400, **given: Any) -> tuple[str, str | None]:
    """Code and field of the refusal, which no cache keeps."""
    answer = server.http.get(f"/map/{path}", params=given)
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
    told = answer.json()
    assert told["message"]
    return told["code"], told["field"]


def shown(server: Server, **given: Any) -> dict[str, dict[str, Any]]:
    """What the column says of each place."""
    region = {name: given[name] for name in ("within", "bbox") if name in given}
    column, places = get(server, "column", **given), get(server, "places", **region)
    looks = (column["looks"][number] for number in column["column"])
    return dict(zip(places["id"], looks, strict=True))


def test_the_places_come_once_as_columns(war: Server) -> None:
    answer = war.http.get("/map/places")
    places = answer.json()
    assert places["id"] == LISTED
    assert places["name"] == ["Gao", "Kidal", "Camp Kidal"]
    assert places["kind"] == ["town", "town", "base"]
    assert (places["latitude"][1], places["longitude"][1]) == (18.44, 1.41)
    assert places["within"] == ["mali", "mali", "kidal"]
    again = war.http.get("/map/places", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_column_lies_in_the_order_of_the_places(war: Server) -> None:
    column = get(war, "column", at=DAY)
    assert column["position"] == war.head
    assert column["at"] == "2023-11-20T23:59:59.999999Z"
    assert column["places"] == war.http.get("/map/places").headers["etag"].strip('"')
    told = shown(war, at=DAY)
    assert list(told) == LISTED
    assert told["kidal"] == {
        "status": "HELD",
        "holders": ["fama"],
        "certain": True,
        "disputed": False,
        "told": True,
        "siege": None,
    }
    assert told["gao"]["status"] == "UNKNOWN"
    heard = date(1970, 1, 1) + timedelta(days=column["lastHeard"][1])
    assert (heard, column["lastHeard"][0]) == (date(2023, 11, 14), None)
    assert shown(war, at="2023-11-13")["kidal"]["status"] == "UNKNOWN"


def test_the_bytes_say_what_the_json_says(war: Server) -> None:
    war.seen("csp", on="2023-11-16", location="gao")
    wanted = {"Accept": "application/octet-stream"}
    answer = war.http.get("/map/column", params={"at": DAY}, headers=wanted)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["vary"] == "Accept"
    content = answer.content
    magic, version, zero, count, length, position, at = struct.unpack_from(HEADER, content)
    assert (magic, version, zero, count, position) == (b"TNMC", 1, 0, 3, war.head)
    told = get(war, "column", at=DAY)
    head = json.loads(content[32 : 32 + length])
    assert head == {name: told[name] for name in head}
    assert head.keys() | {"column", "lastHeard"} == told.keys()
    assert length % 4 == 0
    assert (at + 1) % 86_400_000_000 == 0
    arrays = content[32 + length :]
    assert array("I", arrays[: 4 * count]).tolist() == told["column"]
    days = array("i", arrays[4 * count :]).tolist()
    assert [None if day == -(2**31) else day for day in days] == told["lastHeard"]


@pytest.mark.parametrize(
    ("accept", "is_bytes"),
    [
        ("*/*", False),
        ("application/json", False),
        ("application/octet-stream;q=0.5, application/json", False),
        ("application/json;q=0.5, application/octet-stream;q=0.9", True),
        ("application/octet-stream;q=0", False),
        ("application/octet-stream;q=x, ;;,", False),
        ("text/html", False),
    ],
)
def test_bytes_are_for_those_who_ask_by_name(war: Server, accept: str, is_bytes: bool) -> None:
    answer = war.http.get("/map/column", params={"at": DAY}, headers={"Accept": accept})
    assert answer.headers["content-type"] == (
        "application/octet-stream" if is_bytes else "application/json"
    )


def test_a_closed_answer_may_be_kept_for_ever_and_an_open_one_is_asked_again(war: Server) -> None:
    for path, given in (
        ("places", {}),
        ("column", {"at": DAY}),
        ("changes", {"from": "2023-11-01", "to": DAY}),
        ("dates", {"from": "2023-11-01", "to": DAY}),
    ):
        of_now = war.http.get(f"/map/{path}", params=given)
        pinned = war.http.get(f"/map/{path}", params=given | {"position": war.head})
        assert of_now.headers["cache-control"] == "no-cache"
        assert pinned.headers["cache-control"] == "public, immutable, max-age=31536000"
        assert of_now.headers["tenure-position"] == str(war.head)
        assert of_now.headers["etag"] == pinned.headers["etag"]
        etag = {"If-None-Match": f"W/{of_now.headers['etag']}"}
        assert war.http.get(f"/map/{path}", params=given, headers=etag).status_code == 304


def test_knowledge_region_and_perspective_narrow_the_column(war: Server) -> None:
    assert shown(war, at=DAY, position=war.head - 1)["kidal"]["status"] == "UNKNOWN"
    assert shown(war, at=DAY, excludeSources="rfi")["kidal"]["status"] == "UNKNOWN"
    assert shown(war, at=DAY, sources=["rfi", "un"])["kidal"]["status"] == "HELD"
    assert shown(war, at=DAY, minReliability="a")["kidal"]["status"] == "UNKNOWN"
    assert shown(war, at=DAY, minCredibility=1)["kidal"]["status"] == "UNKNOWN"
    assert shown(war, at=DAY, publishedBy="2023-11-14")["kidal"]["status"] == "UNKNOWN"
    assert shown(war, at=DAY, publishedBy="2023-11-15")["kidal"]["status"] == "HELD"
    assert list(shown(war, at=DAY, within="kidal")) == ["kidal-camp"]
    assert list(shown(war, at=DAY, bbox="-1,16,0,17")) == ["gao"]
    assert shown(war, at=DAY, bbox="20,0,30,1") == {}


def test_a_change_moves_the_map_on_and_is_told_as_a_change(war: Server) -> None:
    maps = war.http.app.state.node.maps  # type: ignore[attr-defined]
    before = get(war, "column", at=DAY)
    war.seen("csp", on="2023-11-16", location="gao")
    after = get(war, "column", at=DAY)
    assert before["position"] < after["position"]
    assert (maps.built, maps.moved) == (1, 1)
    told = get(war, "changes", **{"from": "2023-11-15", "to": DAY})
    assert told["changed"] == [LISTED.index("gao")]
    assert told["looks"][told["column"][0]]["holders"] == ["csp"]
    assert told["places"] == after["places"]


def test_the_dates_of_change_are_counted_by_the_unit_asked_for(war: Server) -> None:
    war.seized("csp", on="2023-11-16", location="gao")
    war.seized("wagner", on="2023-11-16", location="kidal-camp")
    asked = {"from": "2023-11-01", "to": DAY}
    days = get(war, "dates", **asked)
    assert dict(zip(days["dates"], days["changes"], strict=True))["2023-11-16"] >= 2
    for unit, dates in (("month", ["2023-11"]), ("year", ["2023"])):
        found = get(war, "dates", **asked, unit=unit)
        assert (found["dates"], found["changes"]) == (dates, [sum(days["changes"])])
    instants = get(war, "dates", **asked, unit="instant")
    assert sum(instants["changes"]) == sum(days["changes"])
    for at in instants["dates"]:
        assert "2023-11-01" < at < "2023-11-21"


def test_a_region_is_listed_once_somebody_says_who_holds_it(war: Server) -> None:
    before = war.head
    war.seen("fama", on="2023-11-16", location="mali")
    assert get(war, "places")["id"] == [*LISTED, "mali"]
    assert get(war, "places", position=before)["id"] == LISTED
    told = shown(war, at="2023-11-01")
    assert (told["mali"]["told"], told["gao"]["told"]) == (False, True)
    assert shown(war, at=DAY)["mali"]["told"]


def test_a_place_registered_later_is_in_later_lists_alone(war: Server) -> None:
    before, old = war.head, get(war, "column", at=DAY)["places"]
    place = {"location": "aguelhok", "name": "Aguelhok", "kind": "TOWN", "within": "mali"}
    war.tell("registerLocation", **place)
    assert get(war, "places")["id"] == ["aguelhok", *LISTED]
    assert shown(war, at=DAY)["kidal"]["holders"] == ["fama"]
    now = get(war, "column", at=DAY)["places"]
    assert (now != old, get(war, "column", at=DAY, position=before)["places"]) == (True, old)


def test_a_siege_is_seen_while_it_lasts(war: Server) -> None:
    common = {"location": "kidal", "by": ["csp"], "report": "rfi-1", "credibility": 2}
    war.tell("recordSiegeLaid", **common, occurred="2023-11-10")
    war.tell("recordSiegeLifted", **common, occurred="2023-11-12/2023-11-13")
    told = [shown(war, at=f"2023-11-{day}")["kidal"]["siege"] for day in ("09", 10, 11, 12, 13)]
    assert told == [None, "CERTAIN", "CERTAIN", "POSSIBLE", None]


def test_views_built_anew_make_maps_anew(war: Server) -> None:
    node = war.http.app.state.node  # type: ignore[attr-defined]
    before = get(war, "column", at=DAY)
    node.projector.rebuild()
    assert get(war, "column", at=DAY) == before
    assert node.maps.built == 2


def test_views_that_fall_behind_meanwhile_leave_no_map_of_a_position_that_they_lack(
    war: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = war.http.app.state.node  # type: ignore[attr-defined]
    before = shown(war, at=DAY)
    war.seized("csp", on="2023-11-15")
    found = MapQuestion.basis

    def overtaken(asked: MapQuestion, answers: Answers, moment: str | None) -> Basis:
        basis = found(asked, answers, moment)
        if threading.current_thread().name.startswith("helper"):
            with closing(ViewFile(tmp_path / "behind.db")) as behind:
                earlier = Projector(node.ledger, behind, node.projector.projections)
                earlier.catch_up(until=war_head - 1)
                node.views.replace_with(behind, node.projector.projections)
        return basis

    war_head = war.head
    with monkeypatch.context() as patched:
        patched.setattr(MapQuestion, "basis", overtaken)
        get(war, "column", at=DAY)
    node.projector.catch_up()
    assert war.head == war_head
    assert shown(war, at=DAY) != before
    assert shown(war, at=DAY)["kidal"]["holders"] == war.holders("kidal", DAY)


@pytest.mark.parametrize(
    ("path", "given", "code", "field"),
    [
        ("column", {}, "BadMapQuestion", "at"),
        ("column", {"at": "today"}, "NotATime", "at"),
        ("column", {"at": "\ud800".encode("utf-8", "replace").decode()}, "NotATime", "at"),
        ("column", {"at": "2023-11-20\0"}, "NotATime", "at"),
        ("column", {"at": "2100-01-01"}, "InTheFuture", "at"),
        ("column", {"at": DAY, "position": "9" * 5_000}, "BadMapQuestion", "position"),
        ("column", {"at": DAY, "position": "-1"}, "BadMapQuestion", "position"),
        ("column", {"at": DAY, "position": "٣"}, "BadMapQuestion", "position"),
        ("column", {"at": DAY, "position": "900000"}, "NotRecordedYet", "position"),
        ("column", {"at": DAY, "position": "1", "knownAt": DAY}, "TwoKnowledges", "position"),
        ("column", {"at": DAY, "within": "kidall"}, "UnknownReference", "within"),
        ("column", {"at": DAY, "within": "x" * 5_000}, "NotAnId", "within"),
        ("column", {"at": DAY, "sources": "nobody"}, "UnknownReference", "sources"),
        ("column", {"at": DAY, "excludeSources": "nobody"}, "UnknownReference", "excludeSources"),
        ("column", {"at": DAY, "minCredibility": "7"}, "BadMapQuestion", "minCredibility"),
        ("column", {"at": DAY, "minReliability": "AB"}, "BadMapQuestion", "minReliability"),
        ("column", {"at": DAY, "bbox": "nan,nan,nan,nan"}, "BadMapQuestion", "bbox"),
        ("column", {"at": DAY, "bbox": "1,2,3"}, "BadMapQuestion", "bbox"),
        ("column", {"at": DAY, "bbox": "1_0,2,20,3"}, "BadMapQuestion", "bbox"),
        ("column", {"at": DAY, "bbox": "0,20,1,10"}, "BadMapQuestion", "bbox"),
        ("column", {"at": DAY, "bbox": f"{'9' * 5_000},0,1,1"}, "BadMapQuestion", "bbox"),
        ("column", {"at": [DAY, DAY]}, "BadMapQuestion", "at"),
        ("column", {"at": DAY, "unit": "day"}, "BadMapQuestion", None),
        ("places", {"at": DAY}, "BadMapQuestion", None),
        ("changes", {"from": DAY, "to": "2023-11-01"}, "BadMapQuestion", "from"),
        ("changes", {"from": DAY, "to": "2100-01-01"}, "InTheFuture", "to"),
        ("dates", {"from": DAY, "to": DAY, "unit": "week"}, "BadMapQuestion", "unit"),
    ],
)
def test_a_bad_question_is_refused_with_its_place(
    war: Server, path: str, given: dict[str, Any], code: str, field: str | None
) -> None:
    assert refused(war, path, **given) == (code, field)


def test_the_map_as_geojson_says_what_the_answers_say(war: Server) -> None:
    war.seen("fama", on="2023-11-16", location="mali")
    answer = war.http.get("/map.geojson", params={"at": DAY})
    assert answer.headers["content-type"] == "application/geo+json"
    told = answer.json()
    assert (told["type"], told["tenure"]["position"]) == ("FeatureCollection", war.head)
    features = {each["id"]: each for each in told["features"]}
    assert list(features) == [*LISTED, "mali"]
    assert features["mali"]["geometry"] is None
    assert features["kidal"]["geometry"] == {"type": "Point", "coordinates": [1.41, 18.44]}
    shown = features["kidal"]["properties"]
    control = war.control("kidal", DAY)
    assert (shown["status"], shown["holders"]) == ("HELD", ["fama"])
    assert shown["token"] == control["basis"]["token"]
    assert shown["since"]["earliest"] == control["since"]["earliest"]
    assert shown["lastHeard"]["precision"] == "day"
    assert (shown["certain"], shown["disputed"]) == (True, False)


def test_geojson_is_narrowed_kept_and_refused_as_a_column_is(war: Server) -> None:
    pinned = war.http.get("/map.geojson", params={"at": DAY, "position": war.head})
    assert pinned.headers["cache-control"] == "public, immutable, max-age=31536000"
    etag = {"If-None-Match": pinned.headers["etag"]}
    asked: dict[str, Any] = {"at": DAY, "position": war.head}
    assert war.http.get("/map.geojson", params=asked, headers=etag).status_code == 304
    inside = war.http.get("/map.geojson", params={"at": DAY, "within": "kidal"}).json()
    assert [each["id"] for each in inside["features"]] == ["kidal-camp"]
    for given, code, field in (
        ({}, "BadMapQuestion", "at"),
        ({"at": DAY, "within": "kidall"}, "UnknownReference", "within"),
        ({"at": "2100-01-01"}, "InTheFuture", "at"),
        ({"at": DAY, "sources": "nobody"}, "UnknownReference", "sources"),
    ):
        answer = war.http.get("/map.geojson", params=given)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer.json()["field"] == field


def test_a_map_beyond_the_limit_of_the_node_is_refused_with_its_price(tmp_path: Path) -> None:
    with server_at(tmp_path, ledger="memory:", question_cost=0.05) as poor:
        describe_the_world(poor)
        poor.seized("fama", on="2023-11-14")
        node = poor.http.app.state.node  # type: ignore[attr-defined]
        node.answers.statistics._totals = None
        node.answers.statistics.refresh()
        assert get(poor, "column", at=DAY)["column"], "everybody's word has no price"
        for path, given in (
            ("/map/column", {"at": DAY, "excludeSources": "rfi"}),
            ("/map.geojson", {"at": DAY}),
        ):
            told = poor.http.get(path, params=given)
            assert (told.status_code, told.json()["code"]) == (400, "TooMuch")
            assert told.json()["cost"] >= 0 == told.json()["limit"]
