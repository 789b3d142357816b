"""Does the README say what is true? Its snippets run, and nothing that exists goes unmentioned."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import COMMANDS, main
from domain.events import EVENT_TYPES
from infra.settings import Settings
from infra.situation_files import read_situation

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
TABLE = README.partition("## The events")[2].partition("## ")[0]


def snippets(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENURE_LEDGER", f"sqlite:///{tmp_path}/ledger.db")
    monkeypatch.setenv("TENURE_VIEWS", str(tmp_path / "views.db"))
    run("tenure demo --no-serve")
    return Settings()


def run(line: str) -> str:
    words = shlex.split(line, comments=True)
    assert words[0] == "tenure"
    done = CliRunner().invoke(main, words[1:], prog_name="tenure", catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def questions() -> Iterator[str]:
    """The command lines that ask."""
    for snippet in snippets("sh"):
        for line in snippet.splitlines():
            if line.startswith("tenure who"):
                yield line.partition("#")[0].strip()


def test_what_the_readme_shows_is_what_the_command_prints(settings: Settings) -> None:
    (shown,) = snippets("console")[1:]
    command, *expected = shown.removeprefix("$ ").splitlines()
    printed = run(command)
    for line in expected:
        assert line in ("...", *printed.splitlines())


def test_every_question_to_try_is_answered_as_the_readme_says(settings: Settings) -> None:
    headlines = {question: run(question).splitlines()[0] for question in questions()}
    assert headlines == {
        "tenure who kidal --on 2023-11-13": "Kidal, at the close of 2023-11-13 (UTC): held by CSP",
        "tenure who kidal --on 2023-11-20": (
            "Kidal, at the close of 2023-11-20 (UTC): held by FAMa and Wagner, disputed"
        ),
        "tenure who minusma-camp-kidal --on 2023-10-31": (
            "Kidal UN camp, at the close of 2023-10-31 (UTC): held by CSP"
        ),
    }


def test_the_graphql_question_is_answered(settings: Settings) -> None:
    (question,) = snippets("graphql")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as http:
        answer = http.post("/graphql", json={"query": question}).json()
    assert "errors" not in answer
    assert [each["name"] for each in answer["data"]["control"]["holders"]] == ["FAMa", "Wagner"]


def test_the_situation_files_can_be_read(tmp_path: Path) -> None:
    first, correction = snippets("yaml")
    for text, wanted in ((first, 5), (correction, 2)):
        file = tmp_path / "situation.yaml"
        file.write_text(text, encoding="utf-8")
        assert len(read_situation(file).statements) == wanted


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_event_has_its_place_in_the_table(name: str) -> None:
    assert f"`{name}`" in TABLE


def test_no_event_in_the_table_is_made_up() -> None:
    named = re.findall(r"`([A-Z]\w+)`", TABLE)
    assert set(named) == set(EVENT_TYPES)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `TENURE_{name.upper()}` |" in README


def test_every_command_is_mentioned() -> None:
    for name in COMMANDS:
        assert f"tenure {name}" in README or f"make {name}" in README, name
