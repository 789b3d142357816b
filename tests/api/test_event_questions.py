"""What was recorded of an event, how far is it trusted, and does it still stand?"""

import json

from tests.api.server import Server

SEIZED = """{ events(filter: {types: ["TownSeized"]}) { nodes {
    id content report { reliability } recordKeeping { position ... on EventRetracted { reason } }
} } }"""


def test_an_event_has_all_that_was_recorded_of_it(server: Server) -> None:
    server.seized("fama", on="2023-11-14", passage="paragraph 2")
    (seized,) = server.ask(SEIZED)["events"]["nodes"]
    assert json.loads(seized["content"]) == {
        "by": ["fama"],
        "credibility": 2,
        "location": "kidal",
        "occurred": "2023-11-14",
        "passage": "paragraph 2",
        "report": "rfi-1",
    }


def test_a_copy_is_trusted_as_the_worse_of_its_source_and_its_origin(server: Server) -> None:
    copy = {"report": "copy-1", "source": "rumour", "syndicatedFrom": "rfi-1"}
    server.tell("fileReport", **copy, published="2023-11-16", title="Copied")
    server.seized("fama", on="2023-11-14")
    server.seized("fama", on="2023-11-14", report="copy-1")
    own, copied = server.ask(SEIZED)["events"]["nodes"]
    assert (own["report"]["reliability"], copied["report"]["reliability"]) == ("B", "F")


def test_an_event_tells_what_took_it_back_and_reinstated_it(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    server.seized("csp", on="2014-05-21")
    seized, other = server.ask(SEIZED)["events"]["nodes"]
    assert seized["recordKeeping"] == []
    about = {"event": seized["id"], "report": "un-1"}
    head = server.head
    server.tell("retractEvent", **about, reason="it was wrong")
    server.tell("reinstateEvent", **about, reason="it was right")
    seized, other = server.ask(SEIZED)["events"]["nodes"]
    kept = [{"position": head + 1, "reason": "it was wrong"}, {"position": head + 2}]
    assert seized["recordKeeping"] == kept
    assert other["recordKeeping"] == []
