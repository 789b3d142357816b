"""Whose word do we record, how far do we trust it, and what did they report?"""

from api.node import Node
from domain import events
from domain.values import Reliability, ReportId, SourceId
from projections.sources import Report, Source
from tests.domain.builders import event
from tests.nodes import WORLD, tell

RFI = SourceId("rfi")
FIRST = len(WORLD) + 1


def test_a_source_has_the_reliability_that_it_had_then(node: Node) -> None:
    regraded = [
        event(events.SourceRegraded, source="rfi", reliability=grade, reason="because")
        for grade in ("A", "F")
    ]
    tell(node, *regraded)
    told = [node.answers.sources.source(RFI, known=FIRST + step) for step in (-1, 0, 1)]
    assert [source and source.reliability for source in told] == [
        Reliability.B,
        Reliability.A,
        Reliability.F,
    ]


def test_a_source_is_not_known_before_it_was_registered(node: Node) -> None:
    assert node.answers.sources.source(RFI, known=0) is None
    assert node.answers.sources.source(RFI, known=1) == Source(
        RFI, "Radio France", Reliability.B, continuous=False, ended=None, url=None
    )


def test_a_source_ended_when_the_last_word_on_it_says(node: Node) -> None:
    dataset = event(
        events.SourceRegistered, source="ds", name="D", reliability="C", continuous=True
    )
    tell(
        node,
        dataset,
        *(event(events.SourceEnded, source="ds", ended=it) for it in ("2024", "2023")),
    )
    told = [node.answers.sources.source(SourceId("ds"), known=FIRST + step) for step in (0, 1, 2)]
    assert [source and source.ended for source in told] == [None, "2024", "2023"]


def test_a_report_tells_whose_voice_it_is_behind_its_copies(node: Node) -> None:
    copies = [
        event(
            events.ReportFiled,
            report=copy,
            source="csp-comms",
            published="2024-02-01T10:00:00+02:00",
            title="A copy",
            url="https://example.org/copy",
            content_hash=f"sha256:{'0' * 64}",
            syndicated_from=original,
        )
        for copy, original in (("report-3", "report-1"), ("report-4", "report-3"))
    ]
    tell(node, *copies)
    assert node.answers.sources.report(ReportId("report-4"), known=FIRST + 1) == Report(
        report=ReportId("report-4"),
        source=SourceId("csp-comms"),
        origin=RFI,
        published="2024-02-01T10:00:00[+02:00]",
        title="A copy",
        url="https://example.org/copy",
        content_hash=f"sha256:{'0' * 64}",
        syndicated_from=ReportId("report-3"),
    )
    assert node.answers.sources.report(ReportId("report-4"), known=FIRST) is None


def test_every_source_may_be_called_by_its_name(node: Node) -> None:
    assert node.answers.sources.names()["rfi"] == {"rfi", "Radio France"}
