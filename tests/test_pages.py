"""Do the README and docs/ say what is true? Each example is run, and nothing is left out.

Command lines that need a prepared folder are run by `tests.test_examples`, examples in JavaScript
by `tests.api.test_subscription_clients`, those of `docs/rule.md` by `tests.test_rule_docs`, and
names in the code are looked up by `tests.test_glossary`.
"""

import json
import re
import shlex
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from os import environ
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from api.cli import COMMANDS, main
from api.http.app import create_app
from domain.events import EVENT_TYPES
from infra.log.tiles import LONGEST_LEAF
from infra.settings import Settings
from tests.api.test_unreadable_answers import AT, NAMED
from tests.keys import write_private
from tests.pages import EVERYTHING, PAGES, ROOT, examples, languages, without_examples

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
RUN = {"sh", "console", "graphql", "js", "yaml", "json", "python", ""}
"""The languages of examples that a test runs or compares."""
REGISTER = """\
mutation {
  registerSource(input: {source: "press", name: "Press", reliability: B}) { __typename }
}
"""


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A folder with nothing in it yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENURE_LEDGER", f"sqlite:///{tmp_path}/ledger.db")
    monkeypatch.setenv("TENURE_VIEWS", str(tmp_path / "views.db"))
    return Settings.of(environ)


@pytest.fixture
def settings(empty: Settings) -> Settings:
    """A ledger with the demo."""
    run("tenure demo --no-serve")
    return empty


def run(line: str) -> str:
    words = shlex.split(line, comments=True)
    assert words[0] == "tenure"
    done = CliRunner().invoke(main, words[1:], prog_name="tenure", catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


# ---- The README ------------------------------------------------------------------------------


def test_the_readme_is_read_in_a_few_minutes() -> None:
    assert len(PAGES["README.md"].splitlines()) <= 150


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"README.md"}))
def test_the_readme_leads_to_every_page(page: str) -> None:
    assert f"]({page})" in PAGES["README.md"]


def test_the_readme_has_the_two_commands_to_start_with() -> None:
    (first, *_) = examples("sh", "README.md")
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make demo", "make test"]


def test_the_layers_are_the_folders() -> None:
    (drawn,) = examples("", "README.md")
    layers = [line.split()[0] for line in drawn.splitlines()]
    assert layers == ["api", "projections", "infra", "domain"]
    assert all((ROOT / layer).is_dir() for layer in layers)


# ---- Examples --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_every_example_is_in_a_language_that_is_run(page: str) -> None:
    assert languages(page) <= RUN


def test_what_a_page_shows_is_what_the_command_prints(settings: Settings) -> None:
    for shown in examples("console"):
        question, _, expected = shown.removeprefix("$ ").partition("\n")
        printed = run(question)
        for part in expected.split("...\n"):  # where the page leaves out some lines
            assert part in printed
            printed = printed[printed.index(part) + len(part) :]


def questions() -> Iterator[str]:
    """The command lines that ask who held a place, each once."""
    lines = (line for text in examples("sh") for line in text.splitlines())
    asked = (line.partition("#")[0].strip() for line in lines if line.startswith("tenure who"))
    yield from dict.fromkeys(line for line in asked if "TOKEN" not in line)


def test_every_question_to_try_is_answered_as_the_pages_say(settings: Settings) -> None:
    headlines = {question: run(question).splitlines()[0] for question in questions()}
    assert headlines == {
        "tenure who kidal --on 2023-11-13": "Kidal, at the close of 2023-11-13 (UTC): held by CSP",
        "tenure who kidal --on 2023-11-20": (
            "Kidal, at the close of 2023-11-20 (UTC): held by FAMa and Wagner, disputed"
        ),
        "tenure who minusma-camp-kidal --on 2023-10-31": (
            "Kidal UN camp, at the close of 2023-10-31 (UTC): held by CSP"
        ),
        "tenure who kidal --on 2023-11-14 --position 142": (
            "Kidal, at the close of 2023-11-14 (UTC): held by CSP"
        ),
        "tenure who kidal --on 2023-11-20 --published-by 2023-11-15": (
            "Kidal, at the close of 2023-11-20 (UTC), as published by 2023-11-15: "
            "held by FAMa and Wagner"
        ),
        "tenure who kidal --on 2023-11-20 --not-according-to csp-spokesman": (
            "Kidal, at the close of 2023-11-20 (UTC), "
            "without what Spokesman of the CSP said: held by FAMa and Wagner"
        ),
    }


def test_the_graphql_questions_are_answered(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as http:
        answers = [
            http.post("/graphql", json={"query": question}).json()
            for question in examples("graphql")
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
    (change,) = told["supposed"]["changes"]
    assert names(change["after"]["holders"]) == ["CSP"]


def names(things: list[dict[str, Any]]) -> list[str]:
    return [thing["name"] for thing in things]


def test_the_situation_is_served_by_its_id_as_the_command_prints_it(settings: Settings) -> None:
    (url,) = re.findall(r"`GET (/graphql[^`]*)`", EVERYTHING)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as http:
        answer = http.get(url).json()
    printed = run("tenure situation --on 2024-03-20 --json")
    assert answer == {"data": {"situation": json.loads(printed)}}


RECORDED = [page for page in PAGES if "yaml" in languages(page) and page != "docs/rule.md"]
"""The pages whose examples follow each other; in `docs/rule.md` each stands alone."""


@pytest.mark.parametrize("page", RECORDED)
def test_the_records_of_a_page_are_recorded_one_after_the_other(page: str, empty: Settings) -> None:
    for text in examples("yaml", page):
        Path("situation.yaml").write_text(text, encoding="utf-8")
        run("tenure record situation.yaml")


def test_a_corrected_event_is_answered_by_the_right_one(empty: Settings) -> None:
    for text in examples("yaml", "docs/record.md")[:2]:
        Path("situation.yaml").write_text(text, encoding="utf-8")
        run("tenure record situation.yaml")
    assert "held by FAMa" in run("tenure who kidal --on 2023-11-13")
    assert "unknown" in run("tenure who kidal --on 2023-11-13 --position 5").splitlines()[0]


def test_a_local_day_is_answered_as_it_is_told(empty: Settings) -> None:
    (told,) = (text for text in examples("yaml") if "zone: Asia/Kabul" in text)
    Path("kabul.yaml").write_text(told, encoding="utf-8")
    run("tenure record kabul.yaml")
    asked, answer = re.findall("`((?:tenure who kabul|Kabul, at the close)[^`]*)`", EVERYTHING)
    assert run(asked).splitlines()[0] == answer


def test_the_file_of_keys_lets_somebody_record(empty: Settings) -> None:
    (shown,) = examples("json")
    keys = shown.replace("<sha256 of the token>", sha256(b"secret").hexdigest())
    write_private(Path("keys.json"), keys)
    settings = empty.model_copy(update={"keys": Path("keys.json")})
    said = {"query": REGISTER}
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as http:
        told = http.post("/graphql", json=said, headers={"Authorization": "Bearer secret"}).json()
        refused = http.post("/graphql", json=said).json()
    assert told == {"data": {"registerSource": {"__typename": "Recorded"}}}
    assert refused != told


def test_an_entry_that_cannot_be_read_is_named_as_the_page_shows() -> None:
    shown, _list_of_witnesses = examples("", "docs/audit.md")
    assert shown.strip().replace("412", str(AT)) == f"{NAMED}; no answer takes it into account"


# ---- A bundle without our code ---------------------------------------------------------------


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
    empty: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("ledger.db").touch()
    run("tenure export mali-2024")
    found, signed = root_and_signed(capsys)
    assert found == signed == b64encode(sha256().digest()).decode()


def root_and_signed(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Both lines that the program on the page prints of the bundle."""
    (program,) = examples("python")
    capsys.readouterr()
    exec(compile(program, "docs/bundles.md", "exec"), {})
    found, signed = capsys.readouterr().out.split()
    return found, signed


def test_what_an_expert_runs_answers_as_the_node_does(settings: Settings) -> None:
    run("tenure export mali-2024")
    asked = "kidal --on 2023-11-14"
    offline = f"tenure verify-export mali-2024 --who {asked} --json"
    assert offline in PAGES["docs/audit.md"]
    assert run(offline) == run(f"tenure who {asked} --json")


# ---- Nothing that exists is left out, and nothing is made up ---------------------------------


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_event_has_its_place_in_the_table(name: str) -> None:
    assert name in events_of_the_table()


def test_no_event_in_the_table_is_made_up() -> None:
    assert set(events_of_the_table()) == set(EVENT_TYPES)


def events_of_the_table() -> list[str]:
    rows = re.findall(r"^\| (`.*?) \|", PAGES["docs/events.md"], re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `TENURE_{name.upper()}` |" in PAGES["docs/run.md"]


def test_no_setting_is_made_up() -> None:
    named = set(re.findall(r"TENURE_(\w+)", EVERYTHING))
    assert named <= {name.upper() for name in Settings.model_fields}


def test_every_command_is_mentioned() -> None:
    for name in COMMANDS:
        assert f"tenure {name}" in EVERYTHING, name


def test_no_option_is_made_up() -> None:
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", EVERYTHING)) <= set(options())


def options(command: click.Command = main) -> Iterator[str]:
    """Every option of the command and of those below it."""
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, click.Group):
        for name in command.list_commands(context := click.Context(command)):
            below = command.get_command(context, name)
            assert below is not None
            yield from options(below)
    yield from ("--help",)


# ---- Links -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", without_examples(page)):
        path, _, heading = target.partition("#")
        found = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert found.exists(), target
        if heading:
            assert heading in anchors(found.relative_to(ROOT).as_posix()), target


def anchors(page: str) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.*)$", without_examples(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_exists(page: str) -> None:
    for path in re.findall(
        r"`((?:domain|infra|projections|api|tests|docs)/[\w./-]*)`", PAGES[page]
    ):
        assert (ROOT / path).exists(), path
