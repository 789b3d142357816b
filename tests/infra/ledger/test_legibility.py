"""A ledger that holds what can't be read: it is named by position, and everything else goes on."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from eventsourcing.dcb.popo import InMemoryDCBRecorder

from api.answers.replay import replay_basis, replay_from
from api.node import Node
from domain import events
from domain.events import Event
from domain.occurred import parse_moment
from domain.refusals import RestsOnUnreadable
from domain.values import LocationId
from infra.findings import Wrong
from infra.ledger import legibility as legible
from infra.ledger.codec import NewerEntry, UnreadableEntry, decode, encode, id_of, identify
from infra.ledger.dcb import Recorder, StoredEvent
from infra.ledger.index_check import IndexCheck
from infra.ledger.ledger import Ledger, StatementRefused
from infra.ledger.legibility import PassedOver
from tests.domain.builders import event
from tests.logs import put
from tests.nodes import NOW, WORLD, node_on, tell, ticking
from tests.poison import STORED, WRITTEN, poison

HEAD = len(WORLD)
KIDAL = LocationId("kidal")
SEIZED = event(events.TownSeized, by="fama", occurred="2023-11-14")
LONG_AGO = event(events.TownSeized, by="csp", occurred=WRITTEN)
SEEN = event(events.ControlReported, holders="csp", occurred="2023-11-20")
OF_OLD = event(events.TownSeized, by="fama", occurred="0999-05-01", report="report-3")
AT = parse_moment("2023-12-01")
REPORT = event(events.ReportFiled, report="report-3", source="rfi", published=WRITTEN, title="3")
COPY = event(
    events.ReportFiled,
    report="report-4",
    source="csp-comms",
    published="2023",
    title="4",
    syndicated_from="report-3",
)


@pytest.fixture
def node(recorder: Recorder, tmp_path: Path) -> Iterator[Node]:
    """A node on each engine in turn, whose ledger knows Kidal."""
    with node_on(recorder, tmp_path / "views.db") as node:
        node.ledger.record([identify(each) for each in WORLD], by="archivist")
        yield node


def holders(node: Node, known: int | None = None) -> tuple[str, ...]:
    answer = node.answers.control("kidal", node.answers.basis(AT, position=known))
    return tuple(answer.period.reading.verdict.holders)


def digests(node: Node) -> dict[str, str]:
    return {each.name: node.views.digest(each) for each in node.projector.projections}


def built_anew(recorder: Recorder, folder: Path) -> tuple[dict[str, str], list[PassedOver]]:
    """What another node at the same position has."""
    with node_on(recorder, folder / "another" / "views.db") as another:
        another.projector.fill()
        return digests(another), another.views.passed_over


def without_why(passed_over: list[PassedOver]) -> list[tuple[int, int | None]]:
    return [(each.position, each.rests_on) for each in passed_over]


@pytest.fixture(autouse=True)
def room_for_another(tmp_path: Path) -> None:
    (tmp_path / "another").mkdir()


# ---- A statement that can't be read ----------------------------------------------------------


def test_what_was_said_before_and_after_it_is_answered(
    node: Node, recorder: Recorder, tmp_path: Path
) -> None:
    tell(node, SEIZED)
    at = poison(recorder, LONG_AGO, occurred=STORED)
    assert node.projector.catch_up() == at == node.ledger.head
    assert holders(node) == ("fama",)
    tell(node, SEEN)
    assert holders(node) == ("csp",)
    assert holders(node, known=at) == ("fama",)
    (passed,) = node.views.passed_over
    assert (passed.position, passed.rests_on) == (at, None)
    assert passed.why == f"occurred: '{STORED}' is not a time"
    assert built_anew(recorder, tmp_path) == (digests(node), [passed])


def test_the_ledger_alone_gives_the_same_answer(node: Node, recorder: Recorder) -> None:
    tell(node, SEIZED)
    at = poison(recorder, LONG_AGO, occurred=STORED)
    tell(node, SEEN)
    ledger = Ledger(recorder, ticking())
    replayed = replay_from(ledger, "kidal", replay_basis(ledger, AT))
    assert tuple(replayed.replay.answer.reading.verdict.holders) == holders(node)
    assert [each.position for each in ledger.sieve.passed] == [at]
    assert [each.position for each in ledger.read()] == [*range(1, at), at + 1]
    assert [each.position for each in ledger.stored()] == [*range(1, at + 2)]


def test_it_counts_as_recorded_when_it_was(node: Node, recorder: Recorder) -> None:
    tell(node, SEIZED)
    at = poison(recorder, LONG_AGO, occurred=STORED)
    tell(node, SEEN)
    entries = node.answers.entries
    for position in (at - 1, at, at + 1):
        then = entries.recorded_at(position)
        assert then is not None
        assert entries.position_at(then) == node.ledger.position_at(then)
    assert entries.position_at(node.ledger.now) == at + 1


def test_it_is_a_finding_of_the_check_by_its_position(node: Node, recorder: Recorder) -> None:
    tell(node, SEIZED)
    at = poison(recorder, LONG_AGO, occurred=STORED)
    (found,) = IndexCheck(node.ledger, until=node.ledger.head).finish()
    assert (found.wrong, found.position) == (Wrong.UNREADABLE, at)
    assert f"position {at} can't be read: occurred: '{STORED}' is not a time" in found.message


def test_it_stays_a_leaf_of_the_log(node: Node, recorder: Recorder) -> None:
    at = poison(recorder, LONG_AGO, occurred=STORED)
    tell(node, SEEN)
    assert node.log.catch_up() == node.ledger.head == at + 1
    (leaf,) = node.log.log.leaves(at - 1, at)
    assert STORED.encode() in leaf.data


def test_the_same_can_be_recorded_as_it_was_meant(node: Node, recorder: Recorder) -> None:
    poison(recorder, LONG_AGO, occurred=STORED)
    (said,) = tell(node, LONG_AGO)
    assert [each.statement for each in node.ledger.read()][-1] == said
    first = node.answers.control("kidal", node.answers.basis(parse_moment("1000-01-01")))
    assert tuple(first.period.reading.verdict.holders) == ("csp",)


# ---- What rests on it ------------------------------------------------------------------------


def resting(node: Node, recorder: Recorder) -> int:
    """A report that can't be read, a copy of it, and what both are cited for, recorded while they
    could be; returns the position of the report."""
    statements = [
        COPY,
        OF_OLD,
        SEEN.model_copy(update={"report": "report-4"}),
    ]
    scratch = Ledger(InMemoryDCBRecorder(), ticking())
    world = [identify(each) for each in (*WORLD, REPORT, *statements)]
    scratch.record(world, by="archivist")
    taken_back = event(events.EventRetracted, event=world[-1].id, reason="wrong")
    scratch.record([identify(taken_back)], by="archivist")
    at = poison(recorder, REPORT, published=STORED)
    put(recorder, [each.event for each in scratch.stored(after=at)])
    return at


def test_what_cites_a_report_that_can_not_be_read_is_left_out_and_named(
    node: Node, recorder: Recorder, tmp_path: Path
) -> None:
    at = resting(node, recorder)
    node.projector.catch_up()
    assert holders(node) == ()
    passed = without_why(node.views.passed_over)
    assert passed == [(at, None), *((at + more, at) for more in (1, 2, 3, 4))]
    assert built_anew(recorder, tmp_path) == (digests(node), node.views.passed_over)
    said = event(events.TownSeized, by="fama", occurred="2023-11-15")
    tell(node, said)
    assert holders(node) == ("fama",)
    found = IndexCheck(node.ledger, until=node.ledger.head).finish()
    assert [(each.wrong, each.position) for each in found] == [
        (Wrong.UNREADABLE, at),
        *((Wrong.LEFT_OUT, at + more) for more in (1, 2, 3, 4)),
    ]


def test_the_ledger_alone_leaves_out_the_same(node: Node, recorder: Recorder) -> None:
    resting(node, recorder)
    tell(node, event(events.TownSeized, by="fama", occurred="2023-11-15"))
    ledger = Ledger(recorder, ticking())
    about = [each.position for each in ledger.about(KIDAL)]
    assert node.ledger.head in about
    assert {each.position for each in node.views.passed_over}.isdisjoint(about)
    ledger = Ledger(recorder, ticking())
    replayed = replay_from(ledger, "kidal", replay_basis(ledger, AT))
    assert tuple(replayed.replay.answer.reading.verdict.holders) == holders(node)


def test_after_a_restart_it_is_known_what_nothing_may_rest_on(
    recorder: Recorder, tmp_path: Path
) -> None:
    with node_on(recorder, tmp_path / "views.db") as node:
        node.ledger.record([identify(each) for each in WORLD], by="archivist")
        at = poison(recorder, REPORT, published=STORED)
        node.projector.catch_up()
    scratch = Ledger(InMemoryDCBRecorder(), ticking())
    late = OF_OLD
    scratch.record([identify(each) for each in (*WORLD, REPORT, late)], by="archivist")
    put(recorder, [each.event for each in scratch.stored(after=at)])
    with node_on(recorder, tmp_path / "views.db") as node:
        assert node.projector.catch_up() == at + 1
        assert without_why(node.views.passed_over) == [(at, None), (at + 1, at)]
        assert built_anew(recorder, tmp_path) == (digests(node), node.views.passed_over)


@pytest.mark.parametrize("said", [OF_OLD, REPORT, COPY])
def test_nothing_new_is_recorded_that_would_rest_on_it(
    node: Node, recorder: Recorder, said: Event
) -> None:
    at = poison(recorder, REPORT, published=STORED)
    with pytest.raises(StatementRefused) as refused:
        Ledger(recorder, ticking()).record([identify(said)], by="archivist")
    assert isinstance(refused.value.refusal, RestsOnUnreadable)
    assert f"'report-3' stands in the entry at position {at}" in str(refused.value)
    assert node.ledger.head == at


def test_a_place_or_an_actor_whose_registration_is_damaged_is_left_out(
    node: Node, recorder: Recorder, tmp_path: Path
) -> None:
    """Tenure never wrote such a thing; a disk may."""
    tell(node, SEIZED)
    gao = event(events.LocationRegistered, location="gao", name="Gao", kind="town")
    jnim = event(events.ActorRegistered, actor="jnim", name="JNIM", kind="armed-group")
    scratch = Ledger(InMemoryDCBRecorder(), ticking())
    said = [
        event(events.TownSeized, location="gao", by="fama", occurred="2023-11-15"),
        event(events.TownSeized, by="jnim", occurred="2023-11-16"),
    ]
    every = [*WORLD, SEIZED, gao, jnim, *said]
    scratch.record([identify(each) for each in every], by="archivist")
    at = poison(recorder, gao, name=7)
    poison(recorder, jnim, name=7)
    put(recorder, [each.event for each in scratch.stored(after=at + 1)])
    node.projector.catch_up()
    passed = without_why(node.views.passed_over)
    assert passed == [(at, None), (at + 1, None), (at + 2, at), (at + 3, at + 1)]
    assert holders(node) == ("fama",)
    ledger = Ledger(recorder, ticking())
    replayed = replay_from(ledger, "kidal", replay_basis(ledger, AT))
    assert tuple(replayed.replay.answer.reading.verdict.holders) == ("fama",)


def test_bytes_that_say_nothing_are_passed_over(node: Node, recorder: Recorder) -> None:
    put(recorder, [StoredEvent("TownSeized", b"\xff{", ["location:kidal", "event:none"])])
    tell(node, SEEN)
    assert holders(node) == ("csp",)
    assert [each.position for each in node.views.passed_over] == [HEAD + 1]
    tell(node, SEIZED)
    assert node.projector.catch_up() == HEAD + 3


# ---- Other versions of Tenure ----------------------------------------------------------------


@pytest.mark.parametrize(
    "newer",
    [
        {"type": "PlagueReported"},
        {"revision": 2},
        {"event": {"weather": "dry"}},
        {"event": {"by": ["csp"], "tactic": "siege"}},
    ],
    ids=["type", "revision", "field", "another field"],
)
def test_what_a_newer_version_recorded_is_never_passed_over(
    node: Node, recorder: Recorder, newer: dict[str, object]
) -> None:
    tell(node, SEIZED)
    (stored,) = node.ledger.stored(after=HEAD)
    entry = orjson.loads(stored.event.data)
    entry |= newer | {"event": entry["event"] | newer.get("event", {})}
    entry["id"] = id_of(orjson.dumps(entry))
    put(recorder, [StoredEvent(stored.event.type, orjson.dumps(entry), stored.event.tags)])
    with pytest.raises(NewerEntry, match="use that one: without this entry answers may be wrong"):
        node.projector.catch_up()
    assert node.answers.head == HEAD + 1


def test_a_word_that_a_newer_version_added_is_not_passed_over_either() -> None:
    clash = event(events.ClashReported, sides=[["fama"]], tactic="raid", occurred="2023-11-14")
    entry = orjson.loads(encode(identify(clash), recorded_at=NOW, recorded_by="archivist"))
    entry["event"]["tactic"] = "cyber-attack"
    entry["id"] = id_of(orjson.dumps(entry))
    with pytest.raises(NewerEntry, match="'cyber-attack' is not one of the words"):
        decode(1, orjson.dumps(entry))


@pytest.mark.parametrize("altered", [{"type": "TownSiezed"}, {"event": {"reliability": "Z"}}])
def test_what_looks_newer_and_has_not_the_id_of_its_content_was_altered_and_is_passed_over(
    node: Node, recorder: Recorder, altered: dict[str, object]
) -> None:
    tell(node, SEIZED)
    (stored,) = node.ledger.stored(after=HEAD)
    entry = orjson.loads(stored.event.data)
    entry |= altered | {"event": entry["event"] | altered.get("event", {})}
    put(recorder, [StoredEvent(stored.event.type, orjson.dumps(entry), stored.event.tags)])
    node.projector.catch_up()
    passed = node.projector.views.passed_over
    assert [each.position for each in passed] == [HEAD + 2]
    assert passed[0].why.endswith("its id is not that of what it says: it was altered")


def test_what_can_be_read_now_is_in_every_view_at_once(
    recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def older(position: int, data: bytes) -> object:
        if position == HEAD + 1:
            raise UnreadableEntry(position, "an older version didn't know how")
        return decode(position, data)

    with monkeypatch.context() as patched, node_on(recorder, tmp_path / "views.db") as node:
        patched.setattr(legible, "decode", older)
        node.ledger.record([identify(each) for each in WORLD], by="archivist")
        tell(node, SEEN, SEIZED)
        assert [each.position for each in node.views.passed_over] == [HEAD + 1]
        assert holders(node) == ("fama",)
    with node_on(recorder, tmp_path / "views.db") as node:
        assert node.projector.readable_now() == [HEAD + 1]
        node.projector.catch_up()
        assert node.views.passed_over == []
        assert holders(node) == ("csp",)
        assert built_anew(recorder, tmp_path) == (digests(node), [])
