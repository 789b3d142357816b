"""Do the stories in this folder come true? The form of a story is told in stories.py."""

from pathlib import Path

import pytest

from api.node import open_node
from infra.settings import Settings
from tests.journeys.stories import Story

STORIES = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("file", STORIES, ids=lambda path: path.stem)
def test_a_story_comes_true(file: Path, tmp_path: Path) -> None:
    settings = Settings(ledger=f"sqlite:///{tmp_path}/ledger.db", views=tmp_path / "views.db")
    story = Story()
    with open_node(settings, now=story.now) as node:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if objection := story.tell(node, line):
                pytest.fail(f"{file.name}:{number}: {line}\n  {objection}", pytrace=False)


@pytest.mark.parametrize(
    ("line", "objection"),
    [
        ("2023-11-15 asked kidal on 2023-11-14 -> nobody", "but the answer is: csp"),
        ("2023-11-15 asked kidl on 2023-11-14 -> csp", "no location is registered as 'kidl'"),
        ("2023-11-15 asked kidal on 2023-11-31 -> csp", "'2023-11-31' is not a time"),
        ("2023-11-15 heard seized kidal by fama on 2023-11-14", "no line of a story reads so"),
        ("2023-11-15 heard seized kidal by fama on 2023-11-16 (afp, B2)", "lies in the future"),
        ("2023-11-15 heard not so: held kidal by fama on 2014 (afp, B2)", "nobody said so before"),
        ("2023-11-01 heard seized kidal by fama on 2014 (afp, B2)", "goes back in time"),
        ("2023-11-15 heard seized kidal by fama on 2014 (afp, C2)", "afp is graded B"),
        ("2023-11-15 heard held kidal from csp on 2014 (afp, B2)", "does not go with 'from'"),
        ("2023-11-15 heard merged into csp by csp on 2014 (afp, B2)", "can't merge into itself"),
        ("2023-11-15 asked what happened to csq in 2014 -> nothing", "no actor is called 'csq'"),
        ("2023-11-15 asked what happened to csp in 2014 -> nothing", "the answer is: town seized"),
        ("given base kidal", "kidal was named before"),
        ("Kidal falls.", "no line of a story reads so"),
    ],
)
def test_a_line_that_does_not_hold_is_told_why(line: str, objection: str, tmp_path: Path) -> None:
    story = Story()
    with open_node(Settings(ledger="memory:", views=tmp_path / "views.db"), story.now) as node:
        assert not story.tell(node, "2023-11-15 heard seized kidal by csp on 2014 (afp, B2)")
        assert objection in (story.tell(node, line) or "")
