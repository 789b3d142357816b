"""Who controlled X on date Y, as known on date Z: what pins an answer, and why we say so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.answers.basis import LATEST, Answer, Basis, NotRecordedYet, TwoKnowledges
from api.answers.sources import explanation_of
from api.node import Node
from domain import events
from domain.control.claims import ControlStatus
from domain.control.perspective import DEFAULT, Perspective
from domain.control.timeline import BEGINNING
from domain.occurred import Instant, instant_of, parse_moment
from domain.refusals import UnknownReference
from domain.values import ActorId, LocationId, Reliability, SourceId
from projections.places import PlaceFilter
from tests.domain.builders import event
from tests.nodes import MINUTE, NOW, WORLD, node_at, tell

SEIZED = event(events.TownSeized, by=("fama", "wagner"), occurred="2023-11-14")
CLAIMED = event(
    events.ControlReported, holders="csp", occurred="2023-11-16", report="report-2", credibility=4
)
EARLIER = event(events.TownSeized, by="csp", occurred="2014-05-21")
RFI, CSP = SourceId("rfi"), SourceId("csp-comms")
HEAD = len(WORLD)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node that knows Kidal, and nothing about who controls it."""
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD)
        yield node


def ask(
    node: Node,
    day: str,
    *,
    location: str = "kidal",
    position: int | None = None,
    perspective: Perspective = DEFAULT,
    inherit: bool = False,
) -> Answer:
    basis = node.answers.basis(parse_moment(day), position=position, perspective=perspective)
    return node.answers.control(location, basis, inherit=inherit)


def recorded(position: int) -> Instant:
    """When the entry at that position was recorded."""
    return instant_of(NOW + (position - 1) * MINUTE)


# ---- As known when ---------------------------------------------------------------------------


def test_what_is_known_now_may_still_grow(node: Node) -> None:
    assert node.answers.basis() == Basis(LATEST, HEAD, closed=False)


def test_what_was_known_at_a_position_is_closed(node: Node) -> None:
    assert node.answers.basis(position=HEAD) == Basis(LATEST, HEAD, closed=True)
    assert node.answers.basis(position=0) == Basis(LATEST, 0, closed=True)


def test_what_was_known_before_the_last_entry_is_closed(node: Node) -> None:
    just_before = Instant(recorded(HEAD) - 1)
    assert node.answers.basis(known_at=just_before) == Basis(LATEST, HEAD - 1, closed=True)
    assert node.answers.basis(known_at=recorded(3)) == Basis(LATEST, 3, closed=True)
    assert node.answers.basis(known_at=Instant(recorded(1) - 1)) == Basis(LATEST, 0, closed=True)


def test_the_microsecond_of_the_last_entry_may_still_receive_more(node: Node) -> None:
    assert node.answers.basis(known_at=recorded(HEAD)) == Basis(LATEST, HEAD, closed=False)
    assert node.answers.basis(known_at=recorded(HEAD + 1)) == Basis(LATEST, HEAD, closed=False)


def test_nothing_is_closed_while_nothing_is_recorded(tmp_path: Path) -> None:
    with node_at(tmp_path / "empty.db") as node:
        assert node.answers.basis() == Basis(LATEST, 0, closed=False)
        assert node.answers.basis(known_at=recorded(1)) == Basis(LATEST, 0, closed=False)
        assert node.answers.basis(position=0) == Basis(LATEST, 0, closed=True)


@pytest.mark.parametrize("position", [-1, HEAD + 1, 2**63, -(2**70)])
def test_a_position_that_is_not_recorded_is_refused(node: Node, position: int) -> None:
    with pytest.raises(NotRecordedYet, match=f"position {position} is not recorded yet"):
        node.answers.basis(position=position)


def test_a_time_and_a_position_together_are_refused(node: Node) -> None:
    with pytest.raises(TwoKnowledges):
        node.answers.basis(known_at=recorded(1), position=1)


def test_a_late_report_changes_what_is_known_now_and_not_what_was_known(node: Node) -> None:
    tell(node, SEIZED)
    before = ask(node, "2023-11-13")
    tell(node, EARLIER)
    assert ask(node, "2023-11-13").verdict.holders == ("csp",)
    assert before.verdict.status is ControlStatus.UNKNOWN
    then = ask(node, "2023-11-13", position=HEAD + 1)
    assert (then.verdict, then.token) == (before.verdict, before.token)


def test_an_answer_tells_when_its_claims_came_in(node: Node) -> None:
    tell(node, SEIZED, EARLIER, CLAIMED)
    told = node.answers.revisions("kidal", Basis(parse_moment("2023-11-20"), 99))
    assert [(position, answer.verdict.holders) for position, answer in told] == [
        (HEAD + 1, ("fama", "wagner")),
        (HEAD + 3, ("fama", "wagner")),
    ]
    assert [answer.verdict.disputed for _, answer in told] == [False, True]
    assert all(answer.basis.position == position for position, answer in told)


# ---- What pins an answer ---------------------------------------------------------------------


def test_equal_questions_have_equal_tokens(node: Node) -> None:
    tell(node, SEIZED)
    assert ask(node, "2023-11-14").token == ask(node, "2023-11-14T23:59:59.999999Z").token


def test_questions_that_differ_have_different_tokens(node: Node) -> None:
    tell(node, SEIZED, event(events.BaseCaptured, by="csp", occurred="2023"))
    answers = [
        ask(node, "2023-11-14"),
        ask(node, "2023-11-15"),
        ask(node, "2023-11-14", location="kidal-camp"),
        ask(node, "2023-11-14", location="kidal-camp", inherit=True),
        ask(node, "2023-11-14", position=HEAD),
        *(ask(node, "2023-11-14", perspective=each) for each in PERSPECTIVES),
    ]
    assert len({answer.token for answer in answers}) == len(answers)


PERSPECTIVES = [
    Perspective(sources=frozenset()),
    Perspective(sources=frozenset({RFI})),
    Perspective(sources=frozenset({RFI, CSP})),
    Perspective(exclude_sources=frozenset({RFI})),
    Perspective(min_reliability=Reliability.C),
    Perspective(min_credibility=3),
    Perspective(published_by=parse_moment("2023-12-31")),
]


def test_a_token_is_safe_in_an_address(node: Node) -> None:
    assert set(ask(node, "2023-11-14").token) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


# ---- Whose word counts -----------------------------------------------------------------------


def test_a_perspective_hears_only_whom_it_admits(node: Node) -> None:
    tell(node, EARLIER, SEIZED, CLAIMED)
    assert ask(node, "2023-11-20").verdict.holders == ("fama", "wagner")
    of_csp = Perspective(sources=frozenset({CSP}))
    assert ask(node, "2023-11-20", perspective=of_csp).verdict.holders == ("csp",)
    by_december = Perspective(published_by=parse_moment("2023-12-01"))
    heard = ask(node, "2023-11-20", perspective=by_december)
    assert heard.verdict.status is ControlStatus.UNKNOWN


def test_an_empty_perspective_is_everybodys(node: Node) -> None:
    tell(node, EARLIER, SEIZED, CLAIMED)
    plain, empty = ask(node, "2023-11-20"), ask(node, "2023-11-20", perspective=Perspective())
    assert (plain, plain.token) == (empty, empty.token)


def test_the_timeline_of_a_perspective_is_its_own(node: Node) -> None:
    tell(node, EARLIER, SEIZED, CLAIMED)
    of_csp = node.answers.basis(perspective=Perspective(sources=frozenset({CSP})))
    shown = node.answers.timeline("kidal", of_csp)
    assert [answer.verdict.holders for answer in shown] == [(), ("csp",), ("csp",)]
    assert [answer.certain for answer in shown] == [True, False, True]  # all day, or once in it
    everybodys = node.answers.timeline("kidal", node.answers.basis())
    assert [answer.verdict.holders for answer in everybodys][-1] == ("fama", "wagner")
    starts = [max(each.period.start, BEGINNING + 1) for each in everybodys]
    assert [answer.basis.at for answer in everybodys] == starts


# ---- Places within places --------------------------------------------------------------------


def test_a_place_without_a_voice_may_inherit_the_answer_around_it(node: Node) -> None:
    tell(node, SEIZED)
    alone = ask(node, "2023-11-20", location="kidal-camp")
    inherited = ask(node, "2023-11-20", location="kidal-camp", inherit=True)
    assert (alone.verdict.status, alone.inherited_from) == (ControlStatus.UNKNOWN, None)
    assert (inherited.verdict.holders, inherited.inherited_from) == (("fama", "wagner"), "kidal")
    assert inherited.location == "kidal-camp"


def test_a_place_with_a_voice_inherits_nothing(node: Node) -> None:
    left = event(
        events.MissionWithdrawn, location="kidal-camp", mission="minusma", occurred="2023-10-31"
    )
    tell(node, SEIZED, left)
    answer = ask(node, "2023-11-20", location="kidal-camp", inherit=True)
    assert (answer.verdict.status, answer.inherited_from) == (ControlStatus.VACANT, None)


def test_where_nobody_around_has_a_voice_nothing_is_inherited(node: Node) -> None:
    answer = ask(node, "2023-11-20", location="kidal-camp", inherit=True)
    assert (answer.verdict.status, answer.inherited_from) == (ControlStatus.UNKNOWN, None)


def test_a_perspective_inherits_what_it_hears(node: Node) -> None:
    tell(node, SEIZED, CLAIMED)
    of_csp = Perspective(sources=frozenset({CSP}))
    answer = ask(node, "2023-11-20", location="kidal-camp", perspective=of_csp, inherit=True)
    assert (answer.verdict.holders, answer.inherited_from) == (("csp",), "kidal")


# ---- Places in places that changed hands -----------------------------------------------------

DEPLOYED = event(
    events.MissionDeployed, location="kidal-camp", mission="minusma", occurred="2023-06-01"
)


def test_a_place_may_have_changed_hands_with_the_place_around_it(node: Node) -> None:
    tell(node, DEPLOYED, SEIZED)
    before, after = (ask(node, day, location="kidal-camp") for day in ("2023-11-13", "2023-11-14"))
    assert (before.certain, before.possible) == (True, [])
    assert (after.verdict.holders, after.certain) == (("minusma",), False)
    ((possible, around),) = after.possible
    assert (possible.holders, around) == (("fama", "wagner"), "kidal")
    assert set(possible.evidence) <= set(after.events)
    assert "FAMa and Wagner" in explanation_of(node.answers, after)
    assert not after.says_the_same_as(after._replace(around=None))


def test_a_later_word_about_the_place_itself_makes_it_certain(node: Node) -> None:
    stayed = DEPLOYED.model_copy(update={"occurred": SEIZED.occurred})
    tell(node, DEPLOYED, SEIZED, stayed)
    assert ask(node, "2023-11-20", location="kidal-camp").certain


def test_a_place_whose_holder_took_the_place_around_it_is_certain(node: Node) -> None:
    moved_in = event(events.BaseCaptured, location="kidal-camp", by="wagner", occurred="2023-11-01")
    tell(node, moved_in, SEIZED)
    assert ask(node, "2023-11-20", location="kidal-camp").certain


# ---- Many places -----------------------------------------------------------------------------


def test_the_map_shows_every_place_that_can_be_held(node: Node) -> None:
    tell(node, SEIZED)
    shown = node.answers.map(PlaceFilter(), node.answers.basis(parse_moment("2023-11-20")))
    assert {each.location: each.verdict.status for each in shown} == {
        "kidal": ControlStatus.HELD,
        "kidal-camp": ControlStatus.UNKNOWN,
    }


def test_a_map_of_the_past_shows_the_places_known_then(node: Node) -> None:
    tell(node, event(events.LocationRegistered, location="gao", name="Gao", kind="town"))
    basis = node.answers.basis(parse_moment("2023-11-20"), position=HEAD)
    shown = node.answers.map(PlaceFilter(), basis)
    assert [each.location for each in shown] == ["kidal", "kidal-camp"]


def test_an_actor_holds_what_it_held_then(node: Node) -> None:
    tell(node, EARLIER, SEIZED)

    def held(actor: str, day: str) -> list[LocationId]:
        basis = node.answers.basis(parse_moment(day))
        found = node.answers.holdings(ActorId(actor), basis)
        return [answer.location for answer in found]

    assert (held("csp", "2023-11-13"), held("csp", "2023-11-14")) == (["kidal"], [])
    assert (held("wagner", "2023-11-13"), held("wagner", "2023-11-14")) == ([], ["kidal"])


def test_an_unknown_place_names_the_nearest(node: Node) -> None:
    with pytest.raises(UnknownReference, match="did you mean kidal"):
        ask(node, "2023-11-14", location="kidl")


# ---- Why we say so ---------------------------------------------------------------------------


def test_an_explanation_names_places_actors_sources_and_days(node: Node) -> None:
    tell(node, EARLIER, SEIZED, CLAIMED)
    said = explanation_of(node.answers, ask(node, "2023-11-20"))
    for words in (
        "Kidal was held by FAMa and Wagner at the close of 2023-11-20 (UTC).",
        "It began on 2023-11-14.",
        "One source says so: Radio France (B2, published on 2023-12-31)",
        "Against that, others say held by CSP: CSP (D4, published in 2024-01)",
        "By rule 3.",
    ):
        assert words in said


def test_an_explanation_says_where_its_answer_was_inherited_from(node: Node) -> None:
    tell(node, SEIZED)
    said = explanation_of(
        node.answers, ask(node, "2023-11-20", location="kidal-camp", inherit=True)
    )
    assert said.startswith("The camp at Kidal, as part of Kidal, was held by FAMa and Wagner")


def test_an_explanation_names_the_origin_behind_a_copy(node: Node) -> None:
    copy = event(
        events.ReportFiled,
        report="report-3",
        source="csp-comms",
        published="2024-02-01",
        title="A copy",
        syndicated_from="report-1",
    )
    tell(node, copy, SEIZED.model_copy(update={"report": "report-3"}))
    said = explanation_of(node.answers, ask(node, "2023-11-20"))
    assert "Radio France (D2, by way of CSP, published on 2024-02-01)" in said  # the worse grade


def test_an_explanation_of_the_past_has_the_grades_of_the_past(node: Node) -> None:
    tell(node, SEIZED)
    worse = event(events.SourceRegraded, source="rfi", reliability="E", reason="It was bought.")
    tell(node, worse)
    assert "Radio France (E2" in explanation_of(node.answers, ask(node, "2023-11-20"))
    then = ask(node, "2023-11-20", position=HEAD + 1)
    assert "Radio France (B2" in explanation_of(node.answers, then)


def test_where_nothing_is_known_the_explanation_says_so(node: Node) -> None:
    said = explanation_of(node.answers, ask(node, "2023-11-20"))
    assert said == (
        "Nothing that counts says who controlled Kidal at the close of 2023-11-20 (UTC). "
        "By rule 3. Up to position 11 nothing that says who holds it had been recorded."
    )
