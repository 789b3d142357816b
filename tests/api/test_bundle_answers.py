"""Two ways to the same answer: a node with its views, and a bundle with nothing but itself."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers.answers import Answers
from api.answers.basis import Answer, NotRecordedYet
from api.answers.sources import Respondent
from api.audit.bundle_answers import BundleAnswers, OutsideBundle
from api.commands.print.answer_json import document
from api.commands.print.answer_text import answer_lines
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import Instant, parse_moment
from domain.refusals import DomainError
from infra.bundle.files import BundleFolder
from infra.bundle.layout import BadBundle
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger, StatementRefused
from infra.views.file import ViewFile
from infra.views.projector import Projector
from tests.bundles import (
    always,
    check,
    export,
    lines_of,
    numbered_anew,
    put_lines,
    redo_manifest,
    redo_tiles,
    tree,
)
from tests.domain.strategies import perspectives
from tests.logs import history, put, stored
from tests.nodes import ticking
from tests.projections.replay import edges
from tests.projections.strategies import Append, appends

PLACES = ["kidal", "tessalit", "gao"]
LATE = always(datetime(9000, 1, 1, tzinfo=UTC))
often = settings(max_examples=60, deadline=None)


@contextmanager
def both(
    told: list[Append], within: str | None = None
) -> Iterator[tuple[Answers, BundleFolder, list[Instant]]]:
    """The views of a ledger that was told all of it, a bundle of it, and when to ask about."""
    with TemporaryDirectory() as directory, open_recorder("memory:") as recorder:
        folder, ledger = Path(directory), Ledger(recorder, ticking())
        for append in told:
            with suppress(StatementRefused):
                ledger.record(append, by="archivist")
        with closing(ViewFile(folder / "views.db")) as views:
            answers = Answers(views, LATE)
            Projector(ledger, views, answers.projections).catch_up()
            export(recorder, folder / "bundle", log=folder / "log.db", within=within)
            assert check(folder / "bundle").findings == []
            yield answers, BundleFolder(folder / "bundle"), edges([e.entry for e in ledger.read()])


def said(
    asked: Respondent,
    place: str,
    at: Instant,
    position: int,
    perspective: Perspective = DEFAULT,
    *,
    inherit: bool,
) -> tuple[str, str, str] | str:
    """The answer to the letter, or why there is none."""
    try:
        basis = asked.basis(at, position=position, perspective=perspective)
        answer: Answer = asked.control(place, basis, inherit=inherit)
    except DomainError as refused:
        return str(refused)
    return "\n".join(answer_lines(asked, answer)), document(asked, answer), answer.token


@often
@given(appends(), st.data())
def test_a_bundle_answers_as_the_views_do(told: list[Append], data: st.DataObject) -> None:
    with both(told) as (views, bundle, moments):
        for place in PLACES:
            answers = BundleAnswers(bundle, place, now=LATE)
            for _ in range(5):
                compare(views, answers, place, moments, data)


@often
@given(appends(), st.sampled_from(PLACES), st.data())
def test_a_bundle_of_a_region_answers_as_the_whole_does(
    told: list[Append], region: str, data: st.DataObject
) -> None:
    with both(told, region) as (views, bundle, moments):
        if not views.places.names().get(region):
            return
        for place in [region, *inside(views, region)]:
            answers = BundleAnswers(bundle, place, now=LATE)
            for _ in range(5):
                compare(views, answers, place, moments, data)


def compare(
    views: Answers,
    bundle: BundleAnswers,
    place: str,
    moments: list[Instant],
    data: st.DataObject,
) -> None:
    """Asks both the same, at a moment, as known at a position or a time, from a perspective."""
    at = data.draw(st.sampled_from(moments))
    head = views.head
    position = data.draw(st.none() | st.integers(0, head))
    when = views.entries.recorded_at(data.draw(st.integers(1, head)))
    if position is None and when is not None and data.draw(st.booleans()):
        near = Instant(when + data.draw(st.sampled_from([-1, 0, 1])))
        knows, known = bundle.basis(known_at=near), views.basis(known_at=near)
    else:
        knows, known = bundle.basis(position=position), views.basis(position=position)
    assert knows.position == known.position
    perspective, inherit = data.draw(perspectives), data.draw(st.booleans())
    heard = said(bundle, place, at, knows.position, perspective, inherit=inherit)
    assert heard == said(views, place, at, known.position, perspective, inherit=inherit)


def test_what_was_recorded_later_than_a_bundle_tells_is_not_answered(tmp_path: Path) -> None:
    with open_recorder("memory:") as recorder:
        put(recorder, stored(history(60)))
        until = parse_moment("2024-06-01T00:29:00Z")
        export(recorder, tmp_path / "bundle", log=tmp_path / "log.db", until=until)
    answers = BundleAnswers(BundleFolder(tmp_path / "bundle"), "kidal", now=LATE)
    assert answers.basis().position == 30
    assert answers.basis(known_at=until).position == 30
    assert answers.basis(known_at=Instant(until - 1)).position == 29
    with pytest.raises(OutsideBundle, match="until 2024-06-01T00:29:00Z"):
        answers.basis(known_at=Instant(until + 1))
    with pytest.raises(OutsideBundle, match="ends with position 30, of 60"):
        answers.basis(position=31)
    with pytest.raises(NotRecordedYet, match="the last one is 60"):
        answers.basis(position=61)


FORGED: dict[str, tuple[Callable[[bytes], bool], int, str]] = {
    "a report": (lambda line: b'"title":"One"' in line, 0, "report report-1: .* nothing before it"),
    "an actor": (lambda line: b'"actor":"fama"' in line, 0, "actor fama: .* nothing before it"),
    "a place twice": (lambda line: b'"location":"mali"' in line, 2, "location mali: .* again"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_bundle_that_no_ledger_can_have_made_is_not_asked(name: str, tmp_path: Path) -> None:
    is_meant, times, says = FORGED[name]
    with open_recorder("memory:") as recorder:
        put(recorder, stored(history(20)))
        export(recorder, tmp_path / "bundle", log=tmp_path / "log.db", signer=None)
    lines = [
        line
        for each in lines_of(tmp_path / "bundle")
        for line in [each] * (times if is_meant(each) else 1)
    ]
    put_lines(tmp_path / "bundle", numbered_anew(lines))
    made = tree("unsigned", len(lines), redo_tiles(tmp_path / "bundle"))
    (tmp_path / "bundle" / "checkpoint").write_text("unsigned\n{size}\n{root}\n".format(**made))
    redo_manifest(tmp_path / "bundle", entries=len(lines), head=len(lines), tree=made)
    assert check(tmp_path / "bundle", []).findings == []
    with pytest.raises(BadBundle, match=says):
        BundleAnswers(BundleFolder(tmp_path / "bundle"), "kidal", now=LATE)


def inside(views: Answers, region: str) -> list[str]:
    return [place for place in PLACES if region in views.places.around(place)]  # type: ignore[arg-type]
