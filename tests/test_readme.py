"""Does the README say what is true? Its snippets run, and nothing that exists goes unmentioned."""

import json
import re
import shlex
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from os import environ
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from api.cli import COMMANDS, main
from api.http.app import create_app
from domain.events import EVENT_TYPES
from infra.intake.situation_file import read_situation
from infra.log.tiles import LONGEST_LEAF
from infra.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
LONG_RECORD = json.dumps(
    {
        "type": "LocationRegistered",
        "location": "long-name",
        "name": "Long",
        "kind": "town",
        "aliases": [f"{number} {'𞤀' * 490}" for number in range(40)],
    },
    ensure_ascii=False,
)
"""An event whose entry is longer than a leaf may be: its letters have four bytes each."""
TABLE = README.partition("## The events")[2].partition("## ")[0]


def snippets(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENURE_LEDGER", f"sqlite:///{tmp_path}/ledger.db")
    monkeypatch.setenv("TENURE_VIEWS", str(tmp_path / "views.db"))
    run("tenure demo --no-serve")
    return Settings.of(environ)


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
    for shown in snippets("console"):
        question, _, expected = shown.removeprefix("$ ").partition("\n")
        printed = run(question)
        for part in expected.split("...\n"):  # where it leaves out some lines
            assert part in printed
            printed = printed[printed.index(part) + len(part) :]


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


def test_the_graphql_questions_are_answered(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as http:
        answers = [
            http.post("/graphql", json={"query": question}).json()
            for question in snippets("graphql")
        ]
    assert not any("errors" in answer for answer in answers)
    told = {name: found for answer in answers for name, found in answer["data"].items()}
    assert names(told["control"]["holders"]) == ["FAMa", "Wagner"]
    assert told["asPublished"]["basis"]["perspective"]["words"] == "as published by 2023-11-15"
    assert told["tooEarly"]["status"] == "UNKNOWN"
    assert told["tooEarly"]["available"]["leftOut"] > 0
    (convoy,) = told["situation"]["stalledConvoys"]
    assert (convoy["location"]["name"], names(convoy["haltedBy"])) == ("Anefis", ["MNLA"])
    kidal = next(each for each in told["compare"] if each["location"]["name"] == "Kidal")
    assert names(kidal["from"]["holders"]) == ["CSP"]
    assert names(kidal["to"]["holders"]) == ["FAMa", "Wagner"]
    assert names(told["actors"]["nodes"]) == ["MNLA"]
    assert told["events"]["nodes"]
    assert told["location"]["chronicle"]["nodes"]


def test_a_bundle_is_checked_without_our_code(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("long.jsonl").write_text(LONG_RECORD, encoding="utf-8")
    run("tenure record long.jsonl")
    run("tenure export mali-2024")
    entries = Path("mali-2024") / "entries.jsonl"
    assert max(map(len, entries.read_bytes().splitlines())) > LONGEST_LEAF
    found, signed = root_and_signed(capsys)
    assert found == signed
    for place in (500, entries.stat().st_size - 50_000):  # in a short entry, and in the long one
        whole = entries.read_bytes()
        entries.write_bytes(whole[:place] + b"X" + whole[place + 1 :])
        found, signed = root_and_signed(capsys)
        assert found != signed
        entries.write_bytes(whole)


def test_a_bundle_of_no_entries_is_checked_without_our_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENURE_LEDGER", f"sqlite:///{tmp_path}/ledger.db")
    monkeypatch.setenv("TENURE_VIEWS", str(tmp_path / "views.db"))
    run("tenure export mali-2024")
    found, signed = root_and_signed(capsys)
    assert found == signed == b64encode(sha256().digest()).decode()


def root_and_signed(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What the program of the README prints of the bundle."""
    (program,) = snippets("python")
    capsys.readouterr()
    exec(compile(program, "README.md", "exec"), {})
    found, signed = capsys.readouterr().out.split()
    return found, signed


def test_what_an_expert_runs_answers_as_the_node_does(settings: Settings) -> None:
    run("tenure export mali-2024")
    asked = "kidal --on 2023-11-14"
    offline = f"tenure verify-export mali-2024 --who {asked} --json"
    assert offline in README
    assert run(offline) == run(f"tenure who {asked} --json")


def test_the_situation_is_served_by_its_id_as_the_command_prints_it(settings: Settings) -> None:
    (url,) = re.findall(r"`GET (/graphql[^`]*)`", README)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as http:
        answer = http.get(url).json()
    printed = run("tenure situation --on 2024-03-20 --json")
    assert answer == {"data": {"situation": json.loads(printed)}}


def names(things: list[dict[str, Any]]) -> list[str]:
    return [thing["name"] for thing in things]


def test_the_situation_files_can_be_read(tmp_path: Path) -> None:
    first, correction, amendment, *_ = snippets("yaml")
    for text, wanted in ((first, 5), (correction, 2), (amendment, 1)):
        file = tmp_path / "situation.yaml"
        file.write_text(text, encoding="utf-8")
        assert len(read_situation(file).statements) == wanted


def test_a_local_day_is_answered_as_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENURE_LEDGER", f"sqlite:///{tmp_path / 'ledger.db'}")
    monkeypatch.setenv("TENURE_VIEWS", str(tmp_path / "views.db"))
    (told,) = (text for text in snippets("yaml") if "zone: Asia/Kabul" in text)
    (tmp_path / "kabul.yaml").write_text(told, encoding="utf-8")
    run(f"tenure record {tmp_path / 'kabul.yaml'}")
    asked, answer = re.findall("`((?:tenure who kabul|Kabul, at the close)[^`]*)`", README)
    assert run(asked).splitlines()[0] == answer


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
