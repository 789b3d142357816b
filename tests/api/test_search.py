"""Who and where is meant, and what was said of it?"""

from typing import Any

import pytest

from tests.api.server import Server, slugs

PLACES = """
query ($search: String, $first: Int, $after: String, $within: ID, $kind: LocationKind) {
  locations(search: $search, first: $first, after: $after, within: $within, kind: $kind) {
    nodes { slug } pageInfo { hasNextPage endCursor }
  }
}
"""
EVENTS = """
query ($filter: EventFilter, $first: Int, $after: String) {
  events(filter: $filter, first: $first, after: $after) { nodes { position } }
}
"""


def registered(server: Server, slug: str, name: str, *aliases: str, **more: Any) -> None:
    named = {"location": slug, "name": name, "aliases": [{"text": each} for each in aliases]}
    server.tell("registerLocation", **{"kind": "TOWN", **named, **more})


@pytest.fixture
def sahel(server: Server) -> Server:
    registered(server, "aguelhok", "Aguelhok", "أگلهوك", within="mali")
    registered(server, "timbuktu", "Timbuktu", "Tombouctou", within="mali")
    registered(server, "ouagadougou", "Ouagadougou")
    code = [{"scheme": "pcode", "code": "ML08"}]
    registered(server, "kidal-region", "Région de Kidal", kind="REGION", codes=code)
    registered(server, "in-kidal", "In-Kidal", kind="SITE")
    registered(server, "akidal", "Akidal", kind="SITE")
    return server


def search(server: Server, text: str, **more: Any) -> list[str]:
    return slugs(server.ask(PLACES, search=text, **more)["locations"]["nodes"])


def test_places_are_found_best_first(sahel: Server) -> None:
    assert search(sahel, "KIDAL") == [
        *("kidal", "kidal-camp", "kidal-region", "in-kidal", "akidal")
    ]
    assert search(sahel, "ml08") == ["kidal-region"]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        *(("Aguel'hoc", "aguelhok"), ("أگلهوك", "aguelhok"), ("Tombouctou", "timbuktu")),
        *(("wagadugu", "ouagadougou"), ("Timbuktoo", "timbuktu"), ("Aguelhog", "aguelhok")),
    ],
)
def test_a_place_is_found_however_it_is_spelt(sahel: Server, text: str, slug: str) -> None:
    assert search(sahel, text) == [slug]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Артёмовск", ["Artyomovsk", "Artemovsk", "артемовск", "Арте\u0308мовск", "Artemivsk"]),
        ("Artyomovsk", ["Артёмовск", "Артемовск", "artemovsk"]),
        ("الفاشر", ["الـفاشر", "الفَاشِر", "فاشر"]),
        ("مدينة كسلا", ["مدينه كسلا", "مدینة", "كسلا", "کسلا"]),
        ("موقع ٣", ["موقع 3", "موقع ۳"]),
        ("Ménaka", ["Me\u0301naka", "Men\u00adaka", "Менака"]),
    ],
)
def test_a_place_is_found_in_whatever_script_it_is_written(
    server: Server, name: str, asked: list[str]
) -> None:
    registered(server, "sought", name)
    assert {text: search(server, text) for text in asked} == {text: ["sought"] for text in asked}


def test_a_search_may_be_narrowed(sahel: Server) -> None:
    assert search(sahel, "kidal", kind="REGION") == ["kidal-region"]
    assert search(sahel, "kidal", within="mali") == ["kidal", "kidal-camp"]
    assert search(sahel, "o", within="mali") == ["aguelhok", "gao", "timbuktu"]
    assert search(sahel, "nowhere") == []
    assert search(sahel, " ", within="mali") == search(sahel, "", within="mali")


def test_what_is_found_is_paged_best_first_while_more_is_registered(sahel: Server) -> None:
    found, after = [], None
    for number in range(5):
        page = sahel.ask(PLACES, search="kidal", first=1, after=after)["locations"]
        found += slugs(page["nodes"])
        after = page["pageInfo"]["endCursor"]
        registered(sahel, f"kidal-{number}", "Kidal")  # would come early in the list
        assert page["pageInfo"]["hasNextPage"] is (number < 4)
    assert found == ["kidal", "kidal-camp", "kidal-region", "in-kidal", "akidal"]
    assert sahel.ask(PLACES, search="kidal", first=9, after=after)["locations"]["nodes"] == []


@pytest.mark.parametrize("cursor", ["MTc6a2lkYWw", "MTc6OmtpZGFs", "MTc6wrI6a2lkYWw", "x"])
def test_a_cursor_that_nobody_gave_out_is_refused(server: Server, cursor: str) -> None:
    assert server.error(PLACES, after=cursor)[0] == "BadPage"


def test_an_actor_is_found_by_its_former_name(server: Server) -> None:
    common = {"actor": "csp", "report": "rfi-1", "credibility": 2, "occurred": "2023-04"}
    server.tell("recordActorRenamed", **common, name="Cadre pour la défense")
    for text in ("CSP", "cadre pour la defense", "défence"):
        found = server.ask(
            "query ($it: String) { actors(search: $it) { nodes { slug } } }", it=text
        )
        assert slugs(found["actors"]["nodes"]) == ["csp"]


# ---- Events ----------------------------------------------------------------------------------


@pytest.fixture
def told(server: Server) -> Server:
    server.seized("fama", on="2023-11-14", summary="The army’s convoy enters the town.")
    server.seen("csp", on="2023-11-15", location="kidal-camp", passage="Paragraph 2")
    server.seized("csp", on="2023-11-16", location="gao", summary="An ambush; nothing more.")
    return server


def found(server: Server, **wanted: Any) -> list[int]:
    """The numbers of the events that were told, from 0 on."""
    types = ["TownSeized", "ControlReported"]
    nodes = server.ask(EVENTS, filter={"types": types, **wanted})["events"]["nodes"]
    return [node["position"] - 17 for node in nodes]


def test_events_are_found_by_their_words(told: Server) -> None:
    assert found(told, text="convoy army's") == [0]
    assert found(told, text='"paragraph 2"') == [1]
    assert found(told, text="amb*") == [2]
    assert found(told, text='conv* AND "') == []
    assert found(told, text="") == [0, 1, 2]


def test_events_are_found_inside_a_place(told: Server) -> None:
    assert found(told, within="kidal") == [0, 1]
    assert found(told, within="mali", text="army*") == [0]
    assert found(told, within="kidal-camp", location="kidal-camp") == [1]
    code, message = told.error(EVENTS, filter={"within": "kidall"})
    assert (code, "did you mean kidal" in message) == ("UnknownReference", True)


def test_events_are_found_by_when_they_were_recorded(told: Server) -> None:
    query = '{ events(filter: {types: ["ControlReported"]}) { nodes { recordedAt } } }'
    (seen,) = told.ask(query)["events"]["nodes"]
    at = seen["recordedAt"]
    assert found(told, recordedFrom=at, recordedTo=at) == [1]
    assert found(told, recordedFrom=at[:10], recordedTo=at[:10]) == [0, 1, 2]
    assert found(told, recordedTo="2023") == []
    assert found(told, recordedFrom="2023") == [0, 1, 2]
