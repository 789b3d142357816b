"""A basis is a value: equal questions have equal tokens, and a part knows what its whole does."""

from pathlib import Path

import pytest

from api.answers.basis import LATEST, Basis
from domain.control.perspective import Perspective
from domain.occurred import Instant, parse_moment
from domain.refusals import InTheFuture
from domain.values import SourceId
from tests.nodes import WORLD, node_at, tell

DAY, NOW = parse_moment("2023-11-14"), parse_moment("2024-03-20")
ONLY_RFI = Perspective(sources=frozenset({SourceId("rfi")}))


def test_a_question_without_a_moment_counts_all_that_is_known() -> None:
    basis = Basis.asked(None, 7, True, ONLY_RFI, NOW)
    assert basis == Basis(LATEST, 7, perspective=ONLY_RFI)
    assert basis.on(DAY).on(None) == basis


def test_a_day_that_lies_ahead_has_no_basis() -> None:
    assert Basis.asked(NOW, 7, True, ONLY_RFI, NOW).at == NOW
    with pytest.raises(InTheFuture, match="2024-03-21 lies in the future"):
        Basis.asked(parse_moment("2024-03-21"), 7, True, ONLY_RFI, NOW)


def test_an_earlier_position_is_closed_and_keeps_day_and_perspective() -> None:
    now = Basis(DAY, 7, closed=False, perspective=ONLY_RFI)
    assert now.up_to(5) == Basis(DAY, 5, closed=True, perspective=ONLY_RFI)


def test_a_token_tells_bases_and_subjects_apart() -> None:
    bases = [
        Basis(DAY, 7),
        Basis(Instant(DAY + 1), 7),
        Basis(DAY, 8),
        Basis(DAY, 7, perspective=ONLY_RFI),
    ]
    subjects = ({"situation": None}, {"situation": "mali"}, {"location": "mali", "inherited": None})
    assert len({basis.token(**subject) for basis in bases for subject in subjects}) == 12
    assert Basis(DAY, 7, closed=False).token() == Basis(DAY, 7).token()


def test_a_part_of_an_answer_has_the_knowledge_of_the_answer(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD)
        whole = node.answers.basis(DAY, position=3, perspective=ONLY_RFI)
        assert node.answers.basis(of=whole) == Basis(LATEST, 3)
        assert node.answers.basis(DAY, position=4, of=whole) == Basis(DAY, 4)
