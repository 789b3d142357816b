"""Every version of a timeline: exactly one is the answer, for any instant as known at any position.

Stored rows and the history that is walked again from a perspective are two ways to the same answer.
"""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers.answers import Answers
from domain import events
from domain.control.claims import ControlStatus
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import DAY, Instant, parse_moment
from domain.values import LocationId, Reliability, SourceId
from infra.ledger.codec import identify
from infra.ledger.ledger import StatementRefused
from projections.control import UNKNOWN_FOR_EVER
from projections.control.versions import Version, versions_from
from tests.domain.builders import event
from tests.domain.strategies import windows
from tests.nodes import WORLD, node_at
from tests.projections.strategies import Append, appends

PLACES = [LocationId(place) for place in ("kidal", "tessalit", "gao")]
PERSPECTIVES = (
    DEFAULT,
    Perspective(exclude_sources=frozenset({SourceId("rfi")})),
    Perspective(min_reliability=Reliability.C),
    Perspective(published_by=Instant(1_700_000_000_000_000)),
)


def the_one(versions: list[Version], at: Instant, position: int) -> list[Version]:
    return [
        each
        for each in versions
        if each.period.start <= at < each.period.end
        and each.known_from <= position
        and (each.known_to is None or position < each.known_to)
    ]


def agrees(answers: Answers, place: LocationId, versions: list[Version], at: Instant) -> None:
    """With the answers of the stored rows, at every position."""
    view = answers.control_view
    for position in range(answers.head + 1):
        found = the_one(versions, at, position)
        expected = view.at(place, at=at, known=position)
        assert [each.period for each in found] == [expected] or (
            not found and expected == UNKNOWN_FOR_EVER
        )


@settings(max_examples=30, deadline=None)
@given(appends(), st.data())
def test_one_version_is_the_answer_for_any_instant_and_position(
    told: list[Append], data: st.DataObject
) -> None:
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        for append in told:
            with suppress(StatementRefused):
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        answers = node.answers
        at = Instant(data.draw(windows).latest - data.draw(st.sampled_from([0, 1, 2, DAY])))
        for place in PLACES:
            stored = [
                *answers.control_view.versions(place, DEFAULT, known=answers.head, superseded=True)
            ]
            agrees(answers, place, stored, at)
            walked = [*versions_from(node.views.reader, place, DEFAULT, known=answers.head)]
            agrees(answers, place, walked, at)
            now = answers.control_view.versions(
                place, DEFAULT, known=answers.head, superseded=False
            )
            assert [*now] == [each for each in stored if each.known_to is None]


@settings(max_examples=20, deadline=None)
@given(appends(), st.sampled_from(PERSPECTIVES[1:]), st.data())
def test_from_a_perspective_too(
    told: list[Append], perspective: Perspective, data: st.DataObject
) -> None:
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        for append in told:
            with suppress(StatementRefused):
                node.ledger.record(append, by="archivist")
        node.projector.catch_up()
        view, head = node.answers.control_view, node.answers.head
        at = Instant(data.draw(windows).latest - 1)
        for place in PLACES:
            versions = [*view.versions(place, perspective, known=head, superseded=True)]
            for position in range(head + 1):
                found = the_one(versions, at, position)
                expected = view.at_from(perspective, place, at=at, known=position)
                assert [each.period for each in found] == [expected] or (
                    not found and expected == UNKNOWN_FOR_EVER
                )


def test_a_grade_of_the_source_that_retracts_counts(tmp_path: Path) -> None:
    """The retraction is no longer admitted, and the claim speaks again."""
    with node_at(tmp_path / "views.db") as node:
        seized = identify(
            event(
                events.TownSeized,
                location="kidal",
                by=["fama"],
                occurred="2023-11-14",
                report="report-1",
                credibility=2,
            )
        )
        retracted = event(
            events.EventRetracted, event=seized.id, report="report-2", reason="It was elsewhere"
        )
        regraded = event(
            events.SourceRegraded, source="csp-comms", reliability="E", reason="Wrong again"
        )
        for said in (*map(identify, WORLD), seized, identify(retracted), identify(regraded)):
            node.ledger.record([said], by="archivist")
        node.projector.catch_up()
        answers, head = node.answers, node.answers.head
        whose = Perspective(min_reliability=Reliability.D)
        at = parse_moment("2023-11-20")
        versions = [*answers.control_view.versions(PLACES[0], whose, known=head, superseded=True)]
        statuses = []
        for position in range(head - 2, head + 1):
            (found,) = the_one(versions, at, position)
            assert found.period == answers.control_view.at_from(
                whose, PLACES[0], at=at, known=position
            )
            statuses.append(found.period.reading.verdict.status)
        assert statuses == [ControlStatus.HELD, ControlStatus.UNKNOWN, ControlStatus.HELD]
        basis = answers.basis(at, perspective=whose)
        revised = answers.revisions("kidal", basis)
        assert [position for position, _ in revised] == [head - 2, head - 1, head]


def test_a_claim_by_the_kind_that_a_place_had_was_an_answer(tmp_path: Path) -> None:
    """A mission that leaves a base leaves nobody there; of a town its leaving says nothing."""
    with node_at(tmp_path / "views.db") as node:
        camp = LocationId("kidal-camp")
        left = event(
            events.MissionWithdrawn,
            location=camp,
            mission="minusma",
            occurred="2023-10-31",
            report="report-1",
            credibility=2,
        )
        town = event(events.LocationAmended, location=camp, kind="town", reason="A slip")
        for said in (*WORLD, left, town):
            node.ledger.record([identify(said)], by="archivist")
        node.projector.catch_up()
        view, head = node.answers.control_view, node.answers.head
        whose = Perspective(exclude_sources=frozenset({SourceId("csp-comms")}))
        versions = [*view.versions(camp, whose, known=head, superseded=True)]
        at = parse_moment("2023-11-20")
        (found,) = the_one(versions, at, head - 1)
        assert found.period.reading.verdict.status is ControlStatus.VACANT
        assert found.known_to == head
